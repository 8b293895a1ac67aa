//! Exported weights: safetensors in PyTorch layout and naming, with the config in the metadata.
//!
//! They load in PyTorch without us (`tests/fixtures/mnist_generator.py`), and in the page.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use serde::{Deserialize, Serialize};

use crate::config::TrainConfig;
use crate::error::{Error, Result};
use crate::game::networks;
use crate::nn::params::Entry;

/// The one metadata key; a single one, so that the file's bytes do not depend on the order of a map.
const METADATA_KEY: &str = "sparring";

/// A trained generator as it stands in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// The settings it was trained with.
    pub config: TrainConfig,
    /// Real images seen in training.
    pub images: u64,
    /// Its parameters as a flat vector.
    pub vector: Vec<f32>,
    /// Its buffers, as running statistics; empty where it has none.
    pub state: Vec<f32>,
}

#[derive(Serialize, Deserialize)]
struct Metadata {
    config: TrainConfig,
    images: u64,
}

/// A file's tensors by their names.
pub(crate) type Tensors = HashMap<String, ReadTensor>;

/// A tensor as read from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadTensor {
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its numbers, widened to 32 bits.
    pub numbers: Vec<f32>,
}

impl Weights {
    /// The file's bytes; `half` stores 16-bit floats.
    pub fn to_bytes(&self, half: bool) -> Result<Vec<u8>> {
        let (generator, _) = networks(&self.config)?;
        let metadata =
            serde_json::to_string(&Metadata { config: self.config.clone(), images: self.images }).expect("metadata is plain data");
        let layout = generator.layout();
        let parts = split(layout.entries(), &self.vector).chain(split(layout.buffers(), &self.state));
        let tensors: Vec<_> = parts.map(|(entry, numbers)| (entry.name.clone(), entry.shape.clone(), numbers)).collect();
        write_container(&metadata, &tensors, half)
    }

    /// Names and shapes of the parameters and buffers.
    pub fn tensors(&self) -> Result<Vec<(String, Vec<usize>)>> {
        let (generator, _) = networks(&self.config)?;
        let layout = generator.layout();
        Ok(layout.entries().iter().chain(layout.buffers()).map(|entry| (entry.name.clone(), entry.shape.clone())).collect())
    }

    /// Reads an export; `file` names it in errors.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self> {
        let (metadata, mut tensors) = read_container(bytes, file)?;
        let Metadata { config, images } = serde_json::from_str(&metadata)
            .map_err(|error| Error::file(file, format!("its metadata is not that of an export: {error}")))?;
        config.validate().map_err(|error| Error::file(file, error.to_string()))?;
        let (generator, _) = networks(&config).map_err(|error| Error::file(file, error.to_string()))?;
        let layout = generator.layout();
        let mut take = |entries| take_all(entries, &mut tensors, file);
        let (vector, state) = (take(layout.entries())?, take(layout.buffers())?);
        match tensors.keys().min() {
            Some(name) => Err(Error::file(file, format!("has a tensor `{name}` that its settings do not know"))),
            None => Ok(Self { config, images, vector, state }),
        }
    }
}

/// Each entry's numbers.
pub(crate) fn split<'a>(entries: &'a [Entry], vector: &'a [f32]) -> impl Iterator<Item = (&'a Entry, &'a [f32])> {
    let mut rest = vector;
    entries.iter().map(move |entry| {
        let (own, after) = rest.split_at(entry.len());
        rest = after;
        (entry, own)
    })
}

/// The numbers of all entries, taken out of a file's tensors.
pub(crate) fn take_all(entries: &[Entry], tensors: &mut Tensors, file: &str) -> Result<Vec<f32>> {
    let mut vector = Vec::new();
    for Entry { name, shape, .. } in entries {
        let tensor = tensors.remove(name).ok_or_else(|| Error::file(file, format!("has no tensor `{name}`")))?;
        if tensor.shape != *shape {
            return Err(Error::file(file, format!("tensor `{name}` has shape {:?}; {shape:?} is asked for", tensor.shape)));
        }
        if tensor.numbers.iter().any(|x| !x.is_finite()) {
            return Err(Error::file(file, format!("tensor `{name}` holds a number that is not finite")));
        }
        vector.extend(tensor.numbers);
    }
    Ok(vector)
}

/// Safetensors bytes of named f32 tensors with one metadata text.
pub(crate) fn write_container(metadata: &str, tensors: &[(String, Vec<usize>, &[f32])], half: bool) -> Result<Vec<u8>> {
    let encode = |numbers: &[f32]| -> Vec<u8> {
        if half {
            numbers.iter().flat_map(|&x| half::f16::from_f32(x).to_le_bytes()).collect()
        } else {
            numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
        }
    };
    let encoded: Vec<_> = tensors.iter().map(|(name, shape, numbers)| (name, shape, encode(numbers))).collect();
    let dtype = if half { Dtype::F16 } else { Dtype::F32 };
    let views = encoded.iter().map(|(name, shape, bytes)| {
        let view = TensorView::new(dtype, shape.to_vec(), bytes).expect("a tensor has as many bytes as its shape says");
        (name.as_str(), view)
    });
    let metadata = HashMap::from([(METADATA_KEY.to_owned(), metadata.to_owned())]);
    serialize(views, Some(metadata)).map_err(|error| Error::file("export", error.to_string()))
}

/// The metadata text and the tensors of a safetensors file that was written here.
pub(crate) fn read_container(bytes: &[u8], file: &str) -> Result<(String, Tensors)> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| not_whole(file, &error))?;
    let text = header.metadata().as_ref().and_then(|map| map.get(METADATA_KEY)).cloned();
    let text =
        text.ok_or_else(|| Error::file(file, "a safetensors file, but not one that sparring exported (no `sparring` in its metadata)"))?;
    Ok((text, read_tensors(bytes, file, |_| true)?))
}

/// The wanted tensors of any safetensors file. The library checks every length against the bytes there are before it is used.
pub(crate) fn read_tensors(bytes: &[u8], file: &str, wanted: impl Fn(&str) -> bool) -> Result<Tensors> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| not_whole(file, &error))?;
    let decode = |(name, view): (String, TensorView)| match decode(view.dtype(), view.data()) {
        Some(numbers) => Ok((name, ReadTensor { shape: view.shape().to_vec(), numbers })),
        None => Err(Error::file(file, format!("tensor `{name}` is of type {:?}; 32- and 16-bit floats are read", view.dtype()))),
    };
    tensors.tensors().into_iter().filter(|(name, _)| wanted(name)).map(decode).collect()
}

fn not_whole(file: &str, error: &dyn std::fmt::Display) -> Error {
    Error::file(file, format!("not a whole safetensors file: {error}"))
}

fn decode(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f32>> {
    match dtype {
        Dtype::F32 => Some(bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect()),
        Dtype::F16 => Some(bytes.as_chunks::<2>().0.iter().map(|two| half::f16::from_le_bytes(*two).to_f32()).collect()),
        _ => None,
    }
}
