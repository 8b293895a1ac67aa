//! Parameters of a network: named tensors that lie one after another in a single flat vector.
//!
//! The optimiser, the moving average, the checkpoint and the check for NaN each handle one vector instead of dozens of tensors. A training step cuts
//! the vector into leaves; after backward their gradients are joined again. Between steps nothing is tracked, so no graph outlives a step.

use burn::tensor::{Gradients, Shape, Tensor};

use crate::rng::Stream;

/// How a parameter begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Init {
    /// All zero.
    Zeros,
    /// Normal with mean 0 and this standard deviation.
    Normal(f64),
}

impl Init {
    /// N(0, gain/√fan_in), which keeps the variance of activations (He 2015).
    pub fn fan_in(gain: f64, fan_in: usize) -> Self {
        Self::Normal(gain / (fan_in as f64).sqrt())
    }
}

/// A parameter's place in its network's vector, with its shape.
#[derive(Debug, Clone, Copy)]
pub struct Param<const D: usize> {
    index: usize,
    shape: [usize; D],
}

/// One parameter as it is listed: its PyTorch name, shape and beginning.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// PyTorch name, like `layers.0.weight`.
    pub name: String,
    /// PyTorch layout.
    pub shape: Vec<usize>,
    /// How it begins.
    pub init: Init,
}

impl Entry {
    /// Number of elements.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it has no element; a parameter always has some.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The order of a network's parameters in its flat vector.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    entries: Vec<Entry>,
}

impl Layout {
    /// Appends a parameter.
    pub fn param<const D: usize>(&mut self, name: impl Into<String>, shape: [usize; D], init: Init) -> Param<D> {
        self.entries.push(Entry { name: name.into(), shape: shape.to_vec(), init });
        Param { index: self.entries.len() - 1, shape }
    }

    /// All parameters, in the order of the vector.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Length of the vector: the number of trainable numbers.
    pub fn len(&self) -> usize {
        self.entries.iter().map(Entry::len).sum()
    }

    /// Whether there is no parameter at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// A fresh vector.
    pub fn init(&self, stream: &mut Stream) -> Vec<f32> {
        let mut vector = Vec::with_capacity(self.len());
        for entry in &self.entries {
            match entry.init {
                Init::Zeros => vector.resize(vector.len() + entry.len(), 0.0),
                Init::Normal(std) => vector.extend((0..entry.len()).map(|_| (stream.normal() * std) as f32)),
            }
        }
        vector
    }

    /// Each parameter's numbers, with its entry.
    pub fn split<'a>(&'a self, vector: &'a [f32]) -> impl Iterator<Item = (&'a Entry, &'a [f32])> {
        let mut rest = vector;
        self.entries.iter().map(move |entry| {
            let (own, after) = rest.split_at(entry.len());
            rest = after;
            (entry, own)
        })
    }

    /// The weights of `vector` as constants: nothing is recorded for them.
    pub fn constants(&self, vector: &Tensor<1>) -> Weights {
        let mut start = 0;
        let cut = |entry: &Entry| {
            let end = start + entry.len();
            let leaf = vector.clone().slice(start..end);
            start = end;
            leaf
        };
        Weights { leaves: self.entries.iter().map(cut).collect() }
    }

    /// The weights of `vector` as leaves whose gradients [`Weights::gradient`] collects.
    pub fn leaves(&self, vector: &Tensor<1>) -> Weights {
        let constants = self.constants(vector);
        Weights { leaves: constants.leaves.into_iter().map(|leaf| leaf.autodiff().require_grad()).collect() }
    }
}

/// Weights cut from a flat vector, ready for a forward pass.
#[derive(Debug, Clone)]
pub struct Weights {
    leaves: Vec<Tensor<1>>,
}

impl Weights {
    /// One parameter in its shape.
    pub fn get<const D: usize>(&self, param: &Param<D>) -> Tensor<D> {
        self.leaves[param.index].clone().reshape(Shape::from(param.shape.to_vec()))
    }

    /// The gradients of all leaves as one vector; zero where the loss does not depend on a parameter.
    pub fn gradient(&self, gradients: &mut Gradients) -> Tensor<1> {
        let collect = |leaf: &Tensor<1>| leaf.grad_remove(gradients).unwrap_or_else(|| leaf.clone().inner().zeros_like());
        Tensor::cat(self.leaves.iter().map(collect).collect(), 0)
    }
}
