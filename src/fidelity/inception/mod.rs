//! Inception v3, whose features FID is of in papers; its weights (95 MB) are given by file.
//!
//! `blocks` is the network as a table, `layer` what its rows become. The same weights give the numbers of pytorch-fid (`tests/numerics/inception.rs`).

mod blocks;
mod layer;

use std::collections::HashSet;

use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};
use burn::tensor::{Device, Tensor};

use self::blocks::{COLOURS, Part, build, table};
use self::layer::{Layer, entries, through};
use crate::device::rows;
use crate::error::{Error, Result};
use crate::export::{Tensors, read_tensors, take_all};
use crate::nn::params::{Entry, Init};

/// Numbers that it sees in an image: the means of its last maps.
pub const FEATURES: usize = 2048;
/// Classes of its last layer: those of ImageNet, and eight that are never taken.
pub const CLASSES: usize = 1008;
/// Pixels along each side of what it sees; images are made so large.
const SIDE: usize = 299;
/// How PyTorch's own files begin, of today and of before 2020.
const PYTORCH: [&[u8]; 2] = [b"PK\x03\x04", b"\x80\x02\x8a\x0a"];

/// The network with its weights.
#[derive(Debug, Clone)]
pub struct Inception {
    parts: Vec<Part<Layer>>,
    /// `[classes, features]`, without the bias: so the Inception score has it.
    last: Tensor<2>,
}

impl Inception {
    /// Names and shapes of the tensors that a file must hold, as in PyTorch's `state_dict`.
    pub fn tensors() -> Vec<(String, Vec<usize>)> {
        let mut all = Vec::new();
        let listed = build(&table(), COLOURS, &mut |row, inputs| {
            all.extend(entries(row, inputs));
            Ok(())
        });
        debug_assert!(listed.is_ok_and(|(_, maps)| maps == FEATURES));
        all.push(last());
        all.into_iter().map(|entry| (entry.name, entry.shape)).collect()
    }

    /// Reads its weights out of a safetensors file with PyTorch's names; `file` names it in errors. Tensors that it does not know are left alone: counters of batches,
    /// the classifier on the side, the last bias.
    pub fn parse(bytes: &[u8], file: &str, device: &Device) -> Result<Self> {
        if PYTORCH.iter().any(|start| bytes.starts_with(start)) {
            let remedy = "docs/metrics.md has the line of PyTorch that makes a safetensors file of it";
            return Err(Error::file(file, format!("looks like PyTorch's own format, which may hold programs and is not read; {remedy}")));
        }
        let known: HashSet<String> = Self::tensors().into_iter().map(|(name, _)| name).collect();
        let mut tensors = read_tensors(bytes, file, |name| known.contains(name))?;
        Self::taken(&mut tensors, file, device).map_err(|error| match error {
            Error::File { file, problem } => {
                Error::File { file, problem: format!("{problem}: these are not the weights of FID's Inception v3") }
            }
            other => other,
        })
    }

    fn taken(tensors: &mut Tensors, file: &str, device: &Device) -> Result<Self> {
        let (parts, _) = build(&table(), COLOURS, &mut |row, inputs| Layer::taken(row, inputs, tensors, file, device))?;
        let last = rows(take_all(&[last()], tensors, file)?, FEATURES, device);
        Ok(Self { parts, last })
    }

    /// Images −1..1 `[batch, 1 or 3, h, w]` → features `[batch, 2048]` and logits `[batch, 1008]`.
    pub fn forward(&self, images: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
        let maps = self.after(self.parts.len(), images);
        let features: Tensor<2> = maps.mean_dim(3).mean_dim(2).flatten(1, 3);
        let logits = features.clone().matmul(self.last.clone().transpose());
        (features, logits)
    }

    /// The maps after so many of its parts: 4 end with 64 maps, 7 with 192, 15 with 768, all 18 with 2048.
    pub fn after(&self, parts: usize, images: Tensor<4>) -> Tensor<4> {
        through(&self.parts[..parts], as_seen(images))
    }
}

/// The last layer's weight.
fn last() -> Entry {
    Entry { name: "fc.weight".into(), shape: vec![CLASSES, FEATURES], init: Init::Zeros }
}

/// Images as it sees them, `[batch, 3, 299, 299]`: resized by the four nearest pixels, without a filter before it where they are larger, as pytorch-fid does; grey in all three colours.
fn as_seen(images: Tensor<4>) -> Tensor<4> {
    let options = InterpolateOptions::new(InterpolateMode::Bilinear).with_align_corners(false).with_output_size([SIDE, SIDE]);
    let [_, channels, _, _] = images.dims();
    let images = interpolate(images, options);
    if channels == 1 { images.repeat_dim(1, COLOURS) } else { images }
}
