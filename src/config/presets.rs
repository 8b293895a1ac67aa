//! Presets: configs by name, each what it changes in the defaults.

use serde::Serialize;
use ts_rs::TS;

use super::{TrainConfig, set};
use crate::data::DataKind;
use crate::error::{Error, Result};

/// A config with a name and a word about it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Preset {
    /// What `sparring train` takes.
    pub name: String,
    /// What it is, in one line.
    pub summary: String,
    /// What must be given with it, as flags; empty where nothing is needed.
    pub needs: String,
    /// What it changes in the defaults, as `--set` takes it.
    pub changes: Vec<String>,
    /// The settings.
    pub config: TrainConfig,
}

/// How a preset is written down: name, summary, needs, changes; in the order in which they are listed.
type Recipe = (&'static str, &'static str, &'static str, &'static [&'static str]);

const RECIPES: &[Recipe] = &[
    ("ring8", "8 Gaussians on a ring (2-D): RpGAN with R1 and R2", "", &[]),
    (
        "grid25",
        "25 Gaussians on a grid (2-D): RpGAN with R1 and R2",
        "",
        &[
            "data=grid25",
            "kimg=4096",
            "r1=0.02:0.0002:2048",
            "r2=0.02:0.0002:2048",
            "lr=0.003:0.0001:4096",
            "beta2=0.9:0.99:2048",
            "ema=0:10:2048",
        ],
    ),
    (
        "mnist",
        "handwritten digits, 28x28: a small convolutional R3GAN",
        "--data FOLDER with train-images-idx3-ubyte(.gz)",
        &[
            "data=mnist",
            "family=r3gan",
            "kimg=300",
            "batch=32",
            "latent_dim=32",
            // D costs five times what G costs in a step with penalties, so G is the wider one.
            "generator.width=16",
            "generator.depth=1",
            "critic.width=8",
            "critic.depth=1",
            "r1=1:0.1:150",
            "r2=1:0.1:150",
            "lr=0.001:0.0001:300",
            "beta2=0.9:0.99:150",
            "ema=0:5:150",
        ],
    ),
];

/// The names of all presets.
pub fn preset_names() -> impl Iterator<Item = &'static str> {
    RECIPES.iter().map(|(name, ..)| *name)
}

/// The preset called `name`.
pub fn preset(name: &str) -> Result<Preset> {
    let recipe = RECIPES.iter().find(|(known, ..)| *known == name);
    let Some((_, summary, needs, changes)) = recipe else {
        return Err(Error::UnknownPreset { name: name.into(), known: preset_names().collect::<Vec<_>>().join(", ") });
    };
    let config = changes.iter().try_fold(TrainConfig::default(), |config, change| set(&config, change))?;
    let changes = changes.iter().map(|&change| change.into()).collect();
    Ok(Preset { name: name.into(), summary: (*summary).into(), needs: (*needs).into(), changes, config })
}

/// The names of the presets that are methods rather than data: those that leave the data alone.
pub fn toy_methods() -> Vec<String> {
    RECIPES.iter().filter(|recipe| !names_data(recipe)).map(|(name, ..)| (*name).into()).collect()
}

/// A method on other data: the changes of its preset on top of those of the preset made for the data, where there is one.
pub fn on_data(method: &str, data: DataKind) -> Result<TrainConfig> {
    let own = preset(method)?;
    if own.config.data == data {
        return Ok(own.config);
    }
    let made_for =
        RECIPES.iter().filter(|recipe| names_data(recipe)).filter_map(|(name, ..)| preset(name).ok()).find(|p| p.config.data == data);
    let base = made_for.map_or_else(|| TrainConfig { data, ..TrainConfig::default() }, |preset| preset.config);
    let config = own.changes.iter().try_fold(base, |config, change| set(&config, change))?;
    Ok(TrainConfig { data, ..config })
}

fn names_data((_, _, _, changes): &Recipe) -> bool {
    changes.iter().any(|change| change.starts_with("data="))
}
