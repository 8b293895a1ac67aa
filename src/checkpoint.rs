//! Checkpoints: the whole state of a run as device-free bytes.
//!
//! ```text
//! "SPARRING" | version u32 LE | CRC-32 of the rest u32 LE | safetensors: one metadata key "sparring" with the header as JSON, f32 vectors
//! ```
//! The header holds config, counters and the positions of all random streams; the vectors are both networks, the moving average and both optimisers' moments.
//! The same state gives the same bytes, and the browser and the native program read each other's files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::augment::AugmentState;
use crate::config::TrainConfig;
use crate::data::CursorState;
use crate::error::{Error, Result};
use crate::export::{Weights, read_container, write_container};
use crate::game::saved_lengths;
use crate::optim::Decay;
use crate::rng::StreamState;

const MAGIC: &[u8; 8] = b"SPARRING";
/// Version of the format; readers refuse any other.
const VERSION: u32 = 2;
const ENVELOPE: usize = 16;

/// The state of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// Settings, counters, streams.
    pub header: Header,
    /// All vectors, by name: `generator.parameters`, `generator.first` (moments), …, the same of `critic`, and `ema`.
    pub vectors: BTreeMap<String, Vec<f32>>,
}

/// What is not a vector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The run's settings.
    pub config: TrainConfig,
    /// Steps done.
    pub step: u64,
    /// Real images seen.
    pub images: u64,
    /// Where the data are read.
    pub data: CursorState,
    /// Where the latents stand.
    pub latent: StreamState,
    /// Where the noise of the steps stands.
    pub noise: StreamState,
    /// Where the changes of images stand, and their probability; none in a run without them, as in all files from before there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub augment: Option<AugmentState>,
    /// What those who watch a native run remember of it; training does not depend on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<serde_json::Value>,
    /// Products of G's optimiser's β.
    pub decay_g: Decay,
    /// Products of D's optimiser's β.
    pub decay_d: Decay,
}

impl Checkpoint {
    /// The bytes of the file.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let header = serde_json::to_string(&self.header).expect("a header is plain data");
        let tensors: Vec<_> = self.vectors.iter().map(|(name, vector)| (name.clone(), vec![vector.len()], vector.as_slice())).collect();
        let payload = write_container(&header, &tensors, false)?;
        let mut bytes = Vec::with_capacity(ENVELOPE + payload.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&crc32fast::hash(&payload).to_le_bytes());
        bytes.extend_from_slice(&payload);
        Ok(bytes)
    }

    /// The moving-average generator as weights that can be sampled or exported.
    pub fn weights(&self) -> Weights {
        let vector = |name: &str| self.vectors.get(name).cloned().unwrap_or_default();
        Weights { config: self.header.config.clone(), images: self.header.images, vector: vector("ema"), state: vector("generator.state") }
    }

    /// Names and shapes of all vectors.
    pub fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        self.vectors.iter().map(|(name, vector)| (name.clone(), vec![vector.len()])).collect()
    }

    /// Whether bytes begin like a checkpoint.
    pub fn recognises(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// Reads a checkpoint; `file` names it in errors. Everything is checked before anything is built from it.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self> {
        let payload = open_envelope(bytes, file)?;
        let (header, mut tensors) = read_container(payload, file)?;
        let header: Header =
            serde_json::from_str(&header).map_err(|error| Error::file(file, format!("its header is not that of a checkpoint: {error}")))?;
        header.config.validate().map_err(|error| Error::file(file, error.to_string()))?;
        if header.config.augment.is_on() && !header.augment.is_some_and(|state| state.is_whole()) {
            return Err(Error::file(
                file,
                "its header does not say where the changes of images stand, which its setting `augment.method` needs",
            ));
        }
        let expected = saved_lengths(&header.config).map_err(|error| Error::file(file, error.to_string()))?;
        let mut take = |(name, len): (String, usize)| {
            let vector = tensors.remove(&name).ok_or_else(|| Error::file(file, format!("has no tensor `{name}`")))?.numbers;
            if vector.len() == len {
                return Ok((name, vector));
            }
            Err(Error::file(file, format!("tensor `{name}` has {} numbers; the network of its settings has {len}", vector.len())))
        };
        let vectors = expected.into_iter().map(&mut take).collect::<Result<BTreeMap<_, _>>>()?;
        if let Some(name) = not_finite(&vectors) {
            return Err(Error::file(file, format!("tensor `{name}` holds a number that is not finite")));
        }
        Ok(Self { header, vectors })
    }
}

/// The first vector with a number that is not finite, by name.
pub fn not_finite(vectors: &BTreeMap<String, Vec<f32>>) -> Option<&str> {
    vectors.iter().find(|(_, vector)| vector.iter().any(|x| !x.is_finite())).map(|(name, _)| name.as_str())
}

/// Checks magic, version and checksum.
fn open_envelope<'a>(bytes: &'a [u8], file: &str) -> Result<&'a [u8]> {
    if !Checkpoint::recognises(bytes) {
        return Err(Error::file(file, "not a checkpoint of sparring"));
    }
    let number = |at: usize| bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
    let (Some(version), Some(checksum), Some(payload)) = (number(8), number(12), bytes.get(ENVELOPE..)) else {
        return Err(Error::file(file, "truncated: it ends within its first 16 bytes"));
    };
    if version != VERSION {
        return Err(Error::file(file, format!("a checkpoint of format {version}; this program reads format {VERSION}")));
    }
    if crc32fast::hash(payload) != checksum {
        return Err(Error::file(file, "truncated or damaged: its checksum does not fit its contents"));
    }
    Ok(payload)
}
