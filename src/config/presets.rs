//! Presets: whole configs by name.

use serde::Serialize;
use ts_rs::TS;

use super::TrainConfig;
use crate::data::DataKind;
use crate::error::{Error, Result};
use crate::model::{Family, NetworkConfig};
use crate::objective::Objective;
use crate::schedule::Schedule;

/// The names of all presets, in the order in which they are listed.
pub const PRESETS: [&str; 3] = ["ring8", "grid25", "mnist"];

/// A config with a name and a word about it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Preset {
    /// What `sparring train` takes.
    pub name: String,
    /// What it is, in one line.
    pub summary: String,
    /// What must be given with it, as flags; empty where nothing is needed.
    pub needs: String,
    /// The settings.
    pub config: TrainConfig,
}

/// The preset called `name`.
pub fn preset(name: &str) -> Result<Preset> {
    let (summary, needs, config) = match name {
        "ring8" => ("8 Gaussians on a ring (2-D): RpGAN with R1 and R2", "", ring8()),
        "grid25" => ("25 Gaussians on a grid (2-D): RpGAN with R1 and R2", "", grid25()),
        "mnist" => ("handwritten digits, 28x28: a small convolutional R3GAN", "--data FOLDER with train-images-idx3-ubyte(.gz)", mnist()),
        _ => return Err(Error::UnknownPreset { name: name.into(), known: PRESETS.join(", ") }),
    };
    Ok(Preset { name: name.into(), summary: summary.into(), needs: needs.into(), config })
}

fn ring8() -> TrainConfig {
    let kimg = 2048.0;
    TrainConfig {
        seed: 1,
        kimg,
        batch: 256,
        data: DataKind::Ring8,
        latent_dim: 2,
        family: Family::Mlp,
        generator: NetworkConfig { width: 64, depth: 4 },
        critic: NetworkConfig { width: 64, depth: 4 },
        objective: Objective::Rpgan,
        r1: Schedule::cosine(0.1, 0.001, kimg / 2.0),
        r2: Schedule::cosine(0.1, 0.001, kimg / 2.0),
        lr: Schedule::cosine(3e-3, 1e-4, kimg),
        beta1: 0.0,
        beta2: Schedule::cosine(0.9, 0.99, kimg / 2.0),
        ema: Schedule::cosine(0.0, 10.0, kimg / 2.0),
    }
}

fn grid25() -> TrainConfig {
    let kimg = 4096.0;
    TrainConfig {
        kimg,
        data: DataKind::Grid25,
        r1: Schedule::cosine(0.02, 0.0002, kimg / 2.0),
        r2: Schedule::cosine(0.02, 0.0002, kimg / 2.0),
        lr: Schedule::cosine(3e-3, 1e-4, kimg),
        beta2: Schedule::cosine(0.9, 0.99, kimg / 2.0),
        ema: Schedule::cosine(0.0, 10.0, kimg / 2.0),
        ..ring8()
    }
}

fn mnist() -> TrainConfig {
    let kimg = 300.0;
    TrainConfig {
        seed: 1,
        kimg,
        batch: 32,
        data: DataKind::Mnist,
        latent_dim: 32,
        family: Family::R3gan,
        // D costs five times what G costs in a step with penalties, so G is the wider one.
        generator: NetworkConfig { width: 16, depth: 1 },
        critic: NetworkConfig { width: 8, depth: 1 },
        objective: Objective::Rpgan,
        r1: Schedule::cosine(1.0, 0.1, kimg / 2.0),
        r2: Schedule::cosine(1.0, 0.1, kimg / 2.0),
        lr: Schedule::cosine(1e-3, 1e-4, kimg),
        beta1: 0.0,
        beta2: Schedule::cosine(0.9, 0.99, kimg / 2.0),
        ema: Schedule::cosine(0.0, 5.0, kimg / 2.0),
    }
}
