//! A trained generator, wherever it stands: a run directory, a checkpoint, an export.

use std::path::Path;

use super::error::Result;
use super::files;
use super::run_dir::{CHECKPOINTS, CONFIG, RunDir};
use crate::checkpoint::Checkpoint;
use crate::export::Weights;

/// What a path holds.
#[derive(Debug)]
pub enum Trained {
    /// The whole state of a run.
    Checkpoint(Box<Checkpoint>),
    /// A generator alone.
    Weights(Box<Weights>),
}

impl Trained {
    /// Whether a path is one of them, by its name or by what a run's folder holds, rather than images.
    pub fn is_at(path: &Path) -> bool {
        let named = ["sparring", "safetensors"].iter().any(|ending| files::has_ending(path, ending));
        if path.is_dir() { path.join(CONFIG).is_file() && path.join(CHECKPOINTS).is_dir() } else { named }
    }

    /// Reads a run directory's newest checkpoint, a checkpoint, or an export.
    pub fn load(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Ok(Self::Checkpoint(Box::new(RunDir::at(path).newest()?.1)));
        }
        let (bytes, file) = (files::read(path)?, path.display().to_string());
        let named_checkpoint = path.extension().is_some_and(|extension| extension == "sparring");
        if named_checkpoint || Checkpoint::recognises(&bytes) {
            return Ok(Self::Checkpoint(Box::new(Checkpoint::parse(&bytes, &file)?)));
        }
        Ok(Self::Weights(Box::new(Weights::parse(&bytes, &file)?)))
    }

    /// The moving-average generator.
    pub fn into_weights(self) -> Weights {
        match self {
            Self::Checkpoint(checkpoint) => checkpoint.weights(),
            Self::Weights(weights) => *weights,
        }
    }
}
