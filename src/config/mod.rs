//! The one description of a run: the command line, the JSON file, the checkpoint's header, the link and the page's form are all this.
//!
//! Every door calls [`TrainConfig::validate`]. Ranges are declared once, on the fields: garde checks them and schemars writes them, with the
//! doc comments, into the schema from which the page builds its form. A field marked `x-live` can change while a run goes on.

mod derived;
mod presets;
mod rules;
mod schema;
mod set;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use presets::{Preset, on_data, preset, preset_names, toy_methods};
pub use schema::schema;
pub use set::{changes, differences, set, value_at};

use crate::augment::AugmentConfig;
use crate::data::{DataKind, ImageConfig};
use crate::error::{Error, Result};
use crate::latent::LatentKind;
use crate::model::{Conditioning, Family, NetworkConfig};
use crate::nn::minibatch::MinibatchFeature;
use crate::objective::Objective;
use crate::optim::{Learners, OptimizerKind, Play};
use crate::penalty::GradientPenalty;
use crate::schedule::Schedule;

/// The largest seed that a JSON number carries exactly: 2⁵³ − 1.
pub const MAX_SEED: u64 = (1 << 53) - 1;

/// Everything that determines a run. The same config gives the same run.
///
/// The default is the preset `ring8`; a setting that a file does not name has its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS, Validate)]
#[serde(deny_unknown_fields, default)]
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
    /// The points of `data=points`, x and y of each: 1 to 4096; the program reads them from `--data FILE.csv`, the page from a file or your strokes.
    #[garde(skip)]
    pub points: Vec<[f32; 2]>,
    /// What a person's own images become.
    #[garde(dive)]
    pub image: ImageConfig,
    /// How what D sees of images is augmented, where there are few.
    #[garde(dive)]
    pub augment: AugmentConfig,
    /// Modes of the data that lie elsewhere: the number of each, counted from 0, with its new centre, as `mode:x:y,mode:x:y`; the networks' units stay those of the data.
    #[garde(skip)]
    #[schemars(extend("x-live" = true))]
    pub moved: Vec<(usize, f64, f64)>,
    /// Distribution of the latent z.
    #[garde(skip)]
    #[schemars(extend("x-section" = "Networks"))]
    pub latent: LatentKind,
    /// Dimensions of z.
    #[garde(range(min = 1, max = 512))]
    #[schemars(extend("x-section" = "Networks"))]
    pub latent_dim: usize,
    /// Architecture of both networks; D mirrors G.
    #[garde(skip)]
    #[schemars(extend("x-section" = "Networks"))]
    pub family: Family,
    /// The generator G.
    #[garde(dive)]
    #[schemars(extend("x-section" = "Networks"))]
    pub generator: NetworkConfig,
    /// The critic D (a discriminator that returns logits).
    #[garde(dive)]
    #[schemars(extend("x-section" = "Networks"))]
    pub critic: NetworkConfig,
    /// How classes enter the game.
    #[garde(skip)]
    #[schemars(extend("x-section" = "Classes"))]
    pub conditioning: Conditioning,
    /// Labelled samples of each class in the semi-supervised game; all others come without label.
    #[garde(range(min = 1, max = 1000))]
    #[schemars(extend("x-section" = "Classes"))]
    pub labelled: usize,
    /// The losses of the two players.
    #[garde(skip)]
    #[schemars(extend("x-live" = true, "x-section" = "Losses"))]
    pub objective: Objective,
    /// D's target on reals; below 1 it is one-sided label smoothing (Salimans 2016), with .9.
    #[garde(range(min = 0.5, max = 1.0))]
    #[schemars(extend("x-live" = true, "x-section" = "Losses"))]
    pub real_label: f64,
    /// Weight of the objective in G's loss; 0 leaves feature matching alone.
    #[garde(range(min = 0.0, max = 1e3))]
    #[schemars(extend("x-live" = true, "x-section" = "Losses"))]
    pub adversarial: f64,
    /// Weight of feature matching in G's loss: ‖E f(x) − E f(g)‖² on D's last hidden features (Salimans 2016).
    #[garde(range(min = 0.0, max = 1e3))]
    #[schemars(extend("x-live" = true, "x-section" = "Losses"))]
    pub feature_matching: f64,
    /// γ of R1: γ/2 · E‖∇ₓD(x)‖² on reals (Mescheder 2018).
    #[garde(dive)]
    #[schemars(extend("x-live" = true, "x-section" = "Slope of D"))]
    pub r1: Schedule,
    /// γ of R2: γ/2 · E‖∇D(g)‖² on fakes.
    #[garde(dive)]
    #[schemars(extend("x-live" = true, "x-section" = "Slope of D"))]
    pub r2: Schedule,
    /// A penalty that pulls D's slope to 1.
    #[garde(skip)]
    #[schemars(extend("x-live" = true, "x-section" = "Slope of D"))]
    pub gradient_penalty: GradientPenalty,
    /// λ of that penalty: 10 on images, .1 on toys (Gulrajani 2017).
    #[garde(dive)]
    #[schemars(extend("x-live" = true, "x-section" = "Slope of D"))]
    pub gp_weight: Schedule,
    /// D's weights are clipped to ± this after each of its steps (Arjovsky 2017, with .01); 0 leaves them.
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-live" = true, "x-section" = "Slope of D"))]
    pub weight_clip: f64,
    /// β of orthogonal regularisation of both networks, β‖W Wᵀ ⊙ (1 − I)‖² (BigGAN 2019, with 1e-4); 0 for none.
    #[garde(range(min = 0.0, max = 100.0))]
    #[schemars(extend("x-live" = true, "x-section" = "Slope of D"))]
    pub orthogonal: f64,
    /// Standard deviation of noise on all that D sees, in network units (Sønderby 2017, from .1 to 0); 0 for none.
    #[garde(dive)]
    #[schemars(extend("x-live" = true, "x-section" = "Stabilisers"))]
    pub instance_noise: Schedule,
    /// What D sees of the batch as a whole.
    #[garde(skip)]
    #[schemars(extend("x-section" = "Stabilisers"))]
    pub minibatch: MinibatchFeature,
    /// Samples that D judges together (PacGAN: Lin 2018, with 2 or 4); the batch must be a multiple.
    #[garde(range(min = 1, max = 16))]
    #[schemars(extend("x-section" = "Stabilisers"))]
    pub packing: usize,
    /// I_c of the variational discriminator bottleneck in nats (VDB: Peng 2019, with .1 to .2): D's features may carry so much; 0 for no bottleneck.
    #[garde(range(min = 0.0, max = 1e3))]
    #[schemars(extend("x-section" = "Stabilisers"))]
    pub bottleneck: f64,
    /// Step size α of the bottleneck's multiplier, β ← max(0, β + α(KL − I_c)).
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-live" = true, "x-section" = "Stabilisers"))]
    pub bottleneck_rate: f64,
    /// Weight of historical averaging, λ‖θ − mean of all past θ‖² for both players (Salimans 2016, with 1); 0 for none.
    #[garde(range(min = 0.0, max = 1e3))]
    #[schemars(extend("x-section" = "Stabilisers"))]
    pub historical_averaging: f64,
    /// What turns gradients into steps, for both players.
    #[garde(skip)]
    #[schemars(extend("x-section" = "Optimisers"))]
    pub optimizer: OptimizerKind,
    /// In which order the players move.
    #[garde(skip)]
    #[schemars(extend("x-live" = true, "x-section" = "Optimisers"))]
    pub play: Play,
    /// Who learns; the other stays as it is.
    #[garde(skip)]
    #[schemars(extend("x-live" = true, "x-section" = "Optimisers"))]
    pub learn: Learners,
    /// Steps of D for each step of G (WGAN: 5).
    #[garde(range(min = 1, max = 100))]
    #[schemars(extend("x-live" = true, "x-section" = "Optimisers"))]
    pub n_critic: usize,
    /// Learning rate.
    #[garde(dive)]
    #[schemars(extend("x-live" = true, "x-section" = "Optimisers"))]
    pub lr: Schedule,
    /// D's learning rate as a multiple of G's (two time scales, TTUR: Heusel 2017).
    #[garde(range(min = 0.001, max = 1000.0))]
    #[schemars(extend("x-live" = true, "x-section" = "Optimisers"))]
    pub ttur: f64,
    /// Decay of the first moment; of SGD the momentum, which may be negative.
    #[garde(range(min = -0.99, max = 0.9999))]
    #[schemars(extend("x-live" = true, "x-section" = "Optimisers"))]
    pub beta1: f64,
    /// Decay of the second moment.
    #[garde(dive)]
    #[schemars(extend("x-live" = true, "x-section" = "Optimisers"))]
    pub beta2: Schedule,
    /// Weight decay, of AdamW only.
    #[garde(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-live" = true, "x-section" = "Optimisers"))]
    pub weight_decay: f64,
    /// Half-life, in thousands of images, of the moving average of G's weights (EMA) that samples are drawn from; 0 takes the weights themselves.
    #[garde(dive)]
    #[schemars(extend("x-live" = true, "x-section" = "Optimisers"))]
    pub ema: Schedule,
}

impl Default for TrainConfig {
    /// RpGAN with R1 and R2 on 8 Gaussians: the R3GAN recipe for toys.
    fn default() -> Self {
        let kimg = 2048.0;
        Self {
            seed: 1,
            kimg,
            batch: 256,
            data: DataKind::Ring8,
            points: Vec::new(),
            image: ImageConfig::default(),
            augment: AugmentConfig::default(),
            moved: Vec::new(),
            latent: LatentKind::Normal,
            latent_dim: 2,
            family: Family::Mlp,
            generator: NetworkConfig::plain(64, 6),
            critic: NetworkConfig::plain(64, 6),
            conditioning: Conditioning::None,
            labelled: 5,
            objective: Objective::Rpgan,
            real_label: 1.0,
            adversarial: 1.0,
            feature_matching: 0.0,
            r1: Schedule::cosine(0.1, 0.001, kimg / 2.0),
            r2: Schedule::cosine(0.1, 0.001, kimg / 2.0),
            gradient_penalty: GradientPenalty::None,
            gp_weight: Schedule::constant(0.1),
            weight_clip: 0.0,
            orthogonal: 0.0,
            instance_noise: Schedule::constant(0.0),
            minibatch: MinibatchFeature::None,
            packing: 1,
            bottleneck: 0.0,
            bottleneck_rate: 1e-5,
            historical_averaging: 0.0,
            optimizer: OptimizerKind::Adam,
            play: Play::Alternating,
            learn: Learners::Both,
            n_critic: 1,
            lr: Schedule::cosine(3e-3, 1e-4, kimg),
            ttur: 1.0,
            beta1: 0.0,
            beta2: Schedule::cosine(0.9, 0.99, kimg / 2.0),
            weight_decay: 0.0,
            ema: Schedule::cosine(0.0, 10.0, kimg / 2.0),
        }
    }
}

impl TrainConfig {
    /// Refuses a config that cannot be run, naming the setting.
    pub fn validate(&self) -> Result<()> {
        if let Err(report) = Validate::validate(self) {
            let (path, error) = report.iter().next().expect("a failed validation reports at least one field");
            let field = path.to_string();
            let value = set::value_at(self, &field).filter(|v| !v.is_null()).map(|v| format!(" (it is {v})")).unwrap_or_default();
            return Err(Error::setting(field, format!("{error}{value}")));
        }
        if let Some(field) = set::not_finite(self) {
            return Err(Error::setting(field, "must be a finite number"));
        }
        rules::check(self)
    }

    /// The settings in which `other` differs and that cannot change while a run goes on, by name.
    pub fn fixed_differences(&self, other: &Self) -> Vec<String> {
        let live = schema::live_fields();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn ring8() -> TrainConfig {
        preset("ring8").expect("ring8 is a preset").config
    }

    #[test]
    fn every_preset_is_valid_and_survives_json() {
        for name in preset_names() {
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
}
