//! The one description of a run: the command line, the JSON file, the checkpoint's header, the link and the page's form are all this.
//!
//! Every door calls [`TrainConfig::validate`]. Ranges are declared once, on the fields: garde checks them and schemars writes them, with the
//! doc comments, into the schema from which the page builds its form. A field marked `x-live` can change while a run goes on.

mod presets;
mod set;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use presets::{PRESETS, Preset, preset};
pub use set::{differences, set};

use crate::data::DataKind;
use crate::error::{Error, Result};
use crate::model::{Family, NetworkConfig};
use crate::objective::Objective;
use crate::schedule::Schedule;

/// The largest seed that a JSON number carries exactly: 2⁵³ − 1.
pub const MAX_SEED: u64 = (1 << 53) - 1;

/// Everything that determines a run. The same config gives the same run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS, Validate)]
#[serde(deny_unknown_fields)]
pub struct TrainConfig {
    /// Seed of all random streams.
    #[garde(range(min = 0, max = MAX_SEED))]
    #[ts(type = "number")]
    pub seed: u64,
    /// Length of the run in thousands of images; the page trains on beyond it.
    #[garde(range(min = 0.001, max = 1e9))]
    #[schemars(extend("x-live" = true))]
    pub kimg: f64,
    /// Images per step, for each player.
    #[garde(range(min = 1, max = 4096))]
    #[schemars(extend("x-live" = true))]
    pub batch: usize,
    /// What the generator imitates.
    #[garde(skip)]
    pub data: DataKind,
    /// Dimensions of the latent z, which is standard normal.
    #[garde(range(min = 1, max = 512))]
    pub latent_dim: usize,
    /// Architecture of both networks; D mirrors G.
    #[garde(skip)]
    pub family: Family,
    /// The generator G.
    #[garde(dive)]
    pub generator: NetworkConfig,
    /// The critic D (a discriminator that returns logits).
    #[garde(dive)]
    pub critic: NetworkConfig,
    /// The losses of the two players.
    #[garde(skip)]
    #[schemars(extend("x-live" = true))]
    pub objective: Objective,
    /// γ of R1: γ/2 · E‖∇ₓD(x)‖² on reals (Mescheder 2018).
    #[garde(dive)]
    #[schemars(extend("x-live" = true))]
    pub r1: Schedule,
    /// γ of R2: γ/2 · E‖∇D(g)‖² on fakes.
    #[garde(dive)]
    #[schemars(extend("x-live" = true))]
    pub r2: Schedule,
    /// Adam's learning rate, of both players.
    #[garde(dive)]
    #[schemars(extend("x-live" = true))]
    pub lr: Schedule,
    /// Adam's decay of the first moment.
    #[garde(range(min = 0.0, max = 0.9999))]
    #[schemars(extend("x-live" = true))]
    pub beta1: f64,
    /// Adam's decay of the second moment.
    #[garde(dive)]
    #[schemars(extend("x-live" = true))]
    pub beta2: Schedule,
    /// Half-life, in thousands of images, of the moving average of G's weights (EMA) that samples are drawn from; 0 takes the weights themselves.
    #[garde(dive)]
    #[schemars(extend("x-live" = true))]
    pub ema: Schedule,
}

impl TrainConfig {
    /// Refuses a config that cannot be run, naming the setting.
    pub fn validate(&self) -> Result<()> {
        if let Err(report) = Validate::validate(self) {
            let (path, error) = report.iter().next().expect("a failed validation reports at least one field");
            let field = path.to_string();
            let value = set::value_at(self, &field).map(|v| format!(" (it is {v})")).unwrap_or_default();
            return Err(Error::setting(field, format!("{error}{value}")));
        }
        if let Some(field) = set::not_finite(self) {
            return Err(Error::setting(field, "must be a finite number"));
        }
        if self.beta2.max() >= 1.0 {
            return Err(Error::setting("beta2", format!("must stay below 1 (it reaches {})", self.beta2.max())));
        }
        if self.lr.max() > 1.0 {
            return Err(Error::setting("lr", format!("must not exceed 1 (it reaches {})", self.lr.max())));
        }
        if self.family == Family::R3gan && !self.data.is_images() {
            return Err(Error::setting("family", "`r3gan` makes images; the data are points, which take `mlp`"));
        }
        Ok(())
    }

    /// The number of images of the whole run.
    pub fn total_images(&self) -> u64 {
        (self.kimg * 1000.0).round() as u64
    }

    /// The settings in which `other` differs and that cannot change while a run goes on, by name.
    pub fn fixed_differences(&self, other: &Self) -> Vec<String> {
        let live = live_fields();
        differences(self, other).into_iter().filter(|path| !live.iter().any(|l| path == l || path.starts_with(&format!("{l}.")))).collect()
    }

    /// The config as pretty JSON, the form of `config.json`.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a config is plain data")
    }

    /// Reads and validates a config.
    pub fn from_json(text: &str, file: &str) -> Result<Self> {
        let config: Self = serde_json::from_str(text).map_err(|error| Error::file(file, format!("not a config: {error}")))?;
        config.validate()?;
        Ok(config)
    }
}

/// The JSON schema of [`TrainConfig`], from which the page builds its form.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(TrainConfig).to_value()
}

/// The names of the top-level settings marked `x-live`, read from the schema so that the mark stands in one place.
fn live_fields() -> Vec<String> {
    let schema = schema();
    let properties = schema["properties"].as_object().expect("a struct's schema has properties");
    properties.iter().filter(|(_, field)| field["x-live"] == true).map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring8() -> TrainConfig {
        preset("ring8").expect("ring8 is a preset").config
    }

    #[test]
    fn every_preset_is_valid_and_survives_json() {
        for name in PRESETS {
            let config = preset(name).expect("listed presets exist").config;
            config.validate().unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(TrainConfig::from_json(&config.to_json(), "config.json"), Ok(config));
        }
    }

    #[test]
    fn a_value_out_of_range_is_refused_by_name() {
        let refused = |edit: fn(&mut TrainConfig), field: &str| {
            let mut config = ring8();
            edit(&mut config);
            let error = config.validate().expect_err(field).to_string();
            assert!(error.contains(&format!("`{field}`")), "{error}");
        };
        refused(|c| c.batch = 0, "batch");
        refused(|c| c.lr.start = f64::NAN, "lr.start");
        refused(|c| c.lr = Schedule::constant(2.0), "lr");
        refused(|c| c.beta2 = Schedule::constant(1.0), "beta2");
        refused(|c| c.generator.width = 1_000_000, "generator.width");
        refused(|c| c.seed = u64::MAX, "seed");
        refused(|c| c.family = Family::R3gan, "family");
    }

    #[test]
    fn an_unknown_setting_in_a_config_file_is_named() {
        let text = ring8().to_json().replacen("\"batch\"", "\"bach\"", 1);
        let error = TrainConfig::from_json(&text, "mine.json").expect_err("misspelt").to_string();
        assert!(error.starts_with("mine.json") && error.contains("bach"), "{error}");
    }

    #[test]
    fn learning_rate_is_live_and_width_is_not() {
        let mut other = ring8();
        other.lr.end = 0.5;
        assert!(ring8().fixed_differences(&other).is_empty());
        other.generator.width = 17;
        assert_eq!(ring8().fixed_differences(&other), ["generator.width"]);
    }

    #[test]
    fn the_schema_carries_help_and_ranges() {
        let schema = schema();
        assert_eq!(schema["properties"]["batch"]["maximum"], 4096);
        assert!(schema["properties"]["batch"]["description"].as_str().is_some_and(|text| text.contains("Images per step")));
    }
}
