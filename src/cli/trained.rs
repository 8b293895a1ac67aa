//! A trained generator, wherever it stands: a run directory, a checkpoint, an export.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::error::Result;
use super::files;
use super::run_dir::{CHECKPOINTS, CONFIG, EXTENSION, RunDir};
use crate::checkpoint::Checkpoint;
use crate::export::Weights;

/// Bytes by which a file is known, and the longest header of safetensors.
const HEAD: u64 = 16;
const MOST_JSON: u64 = 100 << 20;

/// What a path holds.
#[derive(Debug)]
pub enum Trained {
    /// The whole state of a run.
    Checkpoint(Box<Checkpoint>),
    /// A generator alone.
    Weights(Box<Weights>),
}

impl Trained {
    /// Whether a path is one of them rather than images: by what a run's folder holds, by a file's ending, or by how it begins.
    pub fn is_at(path: &Path) -> bool {
        let named = || [EXTENSION, "safetensors"].iter().any(|ending| files::has_ending(path, ending));
        let begins = || fs::File::open(path).and_then(|mut file| read_head(&mut file)).is_ok_and(|head| is_head(&head));
        if path.is_dir() { path.join(CONFIG).is_file() && path.join(CHECKPOINTS).is_dir() } else { named() || begins() }
    }

    /// Reads a run directory's newest checkpoint, a checkpoint, or an export.
    pub fn load(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Ok(Self::Checkpoint(Box::new(RunDir::at(path).newest()?.1)));
        }
        let (bytes, file) = (files::read(path)?, path.display().to_string());
        if files::has_ending(path, EXTENSION) || Checkpoint::recognises(&bytes) {
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

/// The first bytes of a file.
fn read_head(file: &mut fs::File) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head).map(|_| head)
}

/// Whether a file that begins so is a checkpoint or safetensors: the length of its JSON, then that.
fn is_head(head: &[u8]) -> bool {
    let length = head.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
    Checkpoint::recognises(head) || length.is_some_and(|length| length < MOST_JSON) && head.get(8) == Some(&b'{')
}
