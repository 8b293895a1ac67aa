//! What the table's rows become: layers with numbers, and how maps go through them.

use burn::tensor::activation::relu;
use burn::tensor::module::{avg_pool2d, conv2d, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor};

use super::blocks::{Part, Pool, Row};
use crate::device::{rows, vector};
use crate::error::{Error, Result};
use crate::export::{Tensors, split, take_all};
use crate::nn::params::{Entry, Init};

/// What batch norm adds to variances.
const EPSILON: f64 = 1e-3;

/// A convolution with the batch norm after it folded into its weight and bias, and ReLU.
#[derive(Debug, Clone)]
pub struct Layer {
    weight: Tensor<4>,
    bias: Tensor<1>,
    stride: usize,
    padding: [usize; 2],
}

/// Names and shapes of a row's tensors in PyTorch's `state_dict`.
pub fn entries(row: &Row, inputs: usize) -> Vec<Entry> {
    let entry = |name: &str, shape: Vec<usize>| Entry { name: format!("{}.{name}", row.name), shape, init: Init::Zeros };
    let [height, width] = row.kernel;
    let norm = ["bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"].map(|name| entry(name, vec![row.outputs]));
    std::iter::once(entry("conv.weight", vec![row.outputs, inputs, height, width])).chain(norm).collect()
}

impl Layer {
    /// Takes its numbers out of a file's tensors.
    ///
    /// γ(w∗x − μ)/√(σ² + ε) + β is a convolution with wγ/√(σ² + ε) and the bias β − μγ/√(σ² + ε).
    pub fn taken(row: &Row, inputs: usize, tensors: &mut Tensors, file: &str, device: &Device) -> Result<Self> {
        let entries = entries(row, inputs);
        let vector_of_all = take_all(&entries, tensors, file)?;
        let parts: Vec<&[f32]> = split(&entries, &vector_of_all).map(|(_, numbers)| numbers).collect();
        let [weight, scale, shift, mean, variance] = parts[..] else { unreachable!("a row has five tensors") };
        if let Some(below) = variance.iter().find(|&&x| x < 0.0) {
            return Err(Error::file(file, format!("tensor `{}.bn.running_var` holds the variance {below}", row.name)));
        }
        let factors: Vec<f64> =
            scale.iter().zip(variance).map(|(&scale, &variance)| f64::from(scale) / (f64::from(variance) + EPSILON).sqrt()).collect();
        let bias =
            shift.iter().zip(mean).zip(&factors).map(|((&shift, &mean), factor)| (f64::from(shift) - f64::from(mean) * factor) as f32);
        let width = weight.len() / row.outputs;
        let folded = weight.chunks_exact(width).zip(&factors);
        let folded = folded.flat_map(|(kernel, factor)| kernel.iter().map(move |&x| (f64::from(x) * factor) as f32)).collect();
        let [high, wide] = row.kernel;
        let weight = rows(folded, width, device).reshape([row.outputs, inputs, high, wide]);
        Ok(Self { weight, bias: vector(bias.collect(), device), stride: row.stride, padding: row.padding })
    }

    /// `[batch, inputs, h, w]` → `[batch, outputs, h', w']`.
    fn forward(&self, maps: Tensor<4>) -> Tensor<4> {
        let options = ConvOptions::new([self.stride; 2], self.padding, [1, 1], 1);
        relu(conv2d(maps, self.weight.clone(), Some(self.bias.clone()), options))
    }
}

/// Maps through a chain.
pub fn through(parts: &[Part<Layer>], maps: Tensor<4>) -> Tensor<4> {
    parts.iter().fold(maps, |maps, part| match part {
        Part::Conv(layer) => layer.forward(maps),
        Part::Pool(pool) => pooled(*pool, maps),
        Part::Branches(branches) => Tensor::cat(branches.iter().map(|branch| through(branch, maps.clone())).collect(), 1),
    })
}

fn pooled(pool: Pool, maps: Tensor<4>) -> Tensor<4> {
    let largest = MaxPoolOptions::new([3, 3]);
    match pool {
        Pool::Halve => max_pool2d(maps, largest.with_stride([2, 2])),
        Pool::Largest => max_pool2d(maps, largest.with_stride([1, 1]).with_padding([1, 1])),
        Pool::Average => {
            avg_pool2d(maps, AvgPoolOptions::new([3, 3]).with_stride([1, 1]).with_padding([1, 1]).with_count_include_pad(false))
        }
    }
}
