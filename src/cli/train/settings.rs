//! The settings that the arguments ask for: those of the preset, then `--config`, then `--set`, then the flags of their own.

use super::TrainArgs;
use super::config_file;
use crate::cli::data;
use crate::cli::error::{CliError, Result};
use crate::config::{Preset, TrainConfig, differences, on_data, preset, set};
use crate::data::DataKind;

impl TrainArgs {
    /// What the file and `--set` change: the preset, or a method as it is on the data asked for; without a preset the defaults.
    pub(super) fn base(&self) -> Result<TrainConfig> {
        let Some(name) = &self.preset else { return Ok(TrainConfig::default()) };
        let Preset { config, method, .. } = preset(name)?;
        let data = self.over(&config)?.data;
        if method && data != config.data { Ok(on_data(name, data)?) } else { Ok(config) }
    }

    /// A base with what was asked for in its place.
    pub(super) fn over(&self, base: &TrainConfig) -> Result<TrainConfig> {
        self.with_flags(self.with_file(base)?)
    }

    /// A config with what `--set` and the flags change.
    fn with_flags(&self, config: TrainConfig) -> Result<TrainConfig> {
        let mut config = self.set.iter().try_fold(config, |config, assignment| set(&config, assignment))?;
        config.seed = self.seed.unwrap_or(config.seed);
        config.kimg = self.kimg.unwrap_or(config.kimg);
        Ok(config)
    }

    /// A base with the settings of the file, which may be a run's own: it holds those that do nothing, too.
    fn with_file(&self, base: &TrainConfig) -> Result<TrainConfig> {
        self.config.as_deref().map_or_else(|| Ok(base.clone()), |path| config_file::over(base, path))
    }

    /// The same with what the data themselves say, valid as a whole.
    pub(super) fn asked(&self, base: &TrainConfig) -> Result<TrainConfig> {
        let from = self.with_file(base)?;
        let config = data::described(self.with_flags(from.clone())?, &self.data)?;
        refuse_idle(&from, &config)?;
        config.validate()?;
        Ok(config)
    }

    /// What the run is called: after its preset, or after its data.
    pub(super) fn name(&self, config: &TrainConfig) -> String {
        self.preset.clone().unwrap_or_else(|| config.data.name())
    }
}

/// Refuses to change what becomes of a person's own images where the data are others, which come as they are: it would do nothing.
fn refuse_idle(base: &TrainConfig, config: &TrainConfig) -> Result<()> {
    let used: &[&str] = match config.data {
        DataKind::Images => return Ok(()),
        DataKind::Shapes => &["image.resolution", "image.mirror"],
        _ => &["image.mirror"],
    };
    let idle = differences(base, config).into_iter().find(|key| key.starts_with("image.") && !used.contains(&key.as_str()));
    let data = config.data.name();
    let refused = |key| Err(CliError::Usage(format!("`{key}` does nothing to `{data}`; it is for a person's own images, data=images")));
    idle.map_or(Ok(()), refused)
}
