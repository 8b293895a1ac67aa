//! Parameters of a network: named tensors that lie one after another in a single flat vector.
//!
//! The optimiser, the moving average, the checkpoint and the check for NaN each handle one vector instead of dozens of tensors. A training step cuts
//! the vector into leaves; after backward their gradients are joined again. Between steps nothing is tracked, so no graph outlives a step.
//! What a network keeps without training it (running statistics, the vectors of spectral norm) lies in a second vector, its state.

use std::cell::RefCell;
use std::ops::Range;

use burn::tensor::{Device, Gradients, Shape, Tensor, TensorData};

use super::spectral;
use crate::rng::Stream;

/// How a parameter begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Init {
    /// All zero.
    Zeros,
    /// All one.
    Ones,
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

impl<const D: usize> Param<D> {
    /// Its shape.
    pub fn shape(&self) -> [usize; D] {
        self.shape
    }
}

/// A buffer's place in its network's state.
#[derive(Debug, Clone, Copy)]
pub struct Buffer(usize);

/// One parameter or buffer as it is listed: its PyTorch name, shape and beginning.
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

/// A linear map's weight, `[out, …]`: what spectral norm and orthogonal regularisation are about.
#[derive(Debug, Clone, Copy)]
struct Matrix {
    index: usize,
    /// The persistent u and v, where the weight is divided by its spectral norm.
    spectral: Option<[Buffer; 2]>,
}

/// The order of a network's parameters in its flat vector, and of its buffers in its state.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    entries: Vec<Entry>,
    buffers: Vec<Entry>,
    matrices: Vec<Matrix>,
    spectral_norm: bool,
}

impl Layout {
    /// A layout whose linear maps declared from now on are divided by their spectral norm, or not.
    pub fn with_spectral_norm(spectral_norm: bool) -> Self {
        Self { spectral_norm, ..Self::default() }
    }

    /// Appends a parameter.
    pub fn param<const D: usize>(&mut self, name: impl Into<String>, shape: [usize; D], init: Init) -> Param<D> {
        self.entries.push(Entry { name: name.into(), shape: shape.to_vec(), init });
        Param { index: self.entries.len() - 1, shape }
    }

    /// Appends the weight of a linear map, `[out, …]`.
    pub fn weight<const D: usize>(&mut self, name: impl Into<String>, shape: [usize; D], init: Init) -> Param<D> {
        let name = name.into();
        let columns = shape[1..].iter().product();
        let spectral = self
            .spectral_norm
            .then(|| [("u", shape[0]), ("v", columns)].map(|(side, len)| self.buffer(format!("{name}_{side}"), [len], Init::Normal(1.0))));
        let param = self.param(name, shape, init);
        self.matrices.push(Matrix { index: param.index, spectral });
        param
    }

    /// Appends a buffer: kept and saved, not trained.
    pub fn buffer<const D: usize>(&mut self, name: impl Into<String>, shape: [usize; D], init: Init) -> Buffer {
        self.buffers.push(Entry { name: name.into(), shape: shape.to_vec(), init });
        Buffer(self.buffers.len() - 1)
    }

    /// All parameters, in the order of the vector.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// All buffers, in the order of the state.
    pub fn buffers(&self) -> &[Entry] {
        &self.buffers
    }

    /// Where a parameter lies in the vector.
    pub fn place<const D: usize>(&self, param: &Param<D>) -> Range<usize> {
        let start = self.entries[..param.index].iter().map(Entry::len).sum();
        start..start + self.entries[param.index].len()
    }

    /// Length of the vector: the number of trainable numbers.
    pub fn len(&self) -> usize {
        self.entries.iter().map(Entry::len).sum()
    }

    /// Whether there is no parameter at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Length of the state.
    pub fn state_len(&self) -> usize {
        self.buffers.iter().map(Entry::len).sum()
    }

    /// A fresh vector and a fresh state.
    pub fn init(&self, stream: &mut Stream) -> (Vec<f32>, Vec<f32>) {
        let mut fresh = |entries: &[Entry]| entries.iter().flat_map(|entry| begin(entry, stream)).collect();
        (fresh(&self.entries), fresh(&self.buffers))
    }

    /// Fresh numbers on a device; spectral norms begin after 15 power iterations, as in PyTorch.
    pub fn fresh(&self, stream: &mut Stream, device: &Device) -> Numbers {
        let (vector, state) = self.init(stream);
        let numbers = Numbers::new(vector, state, device);
        (0..15).fold(numbers, |numbers, _| self.iterate_spectral_norms(&numbers))
    }

    /// The weights as constants of a training pass: nothing is recorded for them, normalisation uses the batch's own statistics.
    pub fn constants(&self, numbers: &Numbers) -> Weights {
        let leaves = cut(&self.entries, Some(&numbers.vector));
        self.weights(leaves, numbers, true)
    }

    /// The weights as constants of a look: normalisation uses what it kept.
    pub fn evaluating(&self, numbers: &Numbers) -> Weights {
        let leaves = cut(&self.entries, Some(&numbers.vector));
        self.weights(leaves, numbers, false)
    }

    /// The weights as leaves of a training pass, whose gradients [`Weights::gradient`] collects.
    pub fn leaves(&self, numbers: &Numbers) -> Weights {
        let track = |leaf: Tensor<1>| leaf.autodiff().require_grad();
        let leaves = cut(&self.entries, Some(&numbers.vector)).into_iter().map(track).collect();
        self.weights(leaves, numbers, true)
    }

    fn weights(&self, leaves: Vec<Tensor<1>>, numbers: &Numbers, training: bool) -> Weights {
        let buffers = cut(&self.buffers, numbers.state.as_ref());
        let mut effective = leaves.clone();
        for matrix in &self.matrices {
            let Some([u, v]) = matrix.spectral else { continue };
            let shape = &self.entries[matrix.index].shape;
            let weight = as_matrix(leaves[matrix.index].clone(), shape);
            effective[matrix.index] = spectral::normalised(weight, buffers[u.0].clone(), buffers[v.0].clone()).flatten(0, 1);
        }
        Weights { leaves, effective, buffers: RefCell::new(buffers), training }
    }

    /// One power iteration of every spectrally normalised weight, once before a training step.
    pub fn iterate_spectral_norms(&self, numbers: &Numbers) -> Numbers {
        if self.matrices.iter().all(|matrix| matrix.spectral.is_none()) {
            return numbers.clone();
        }
        let leaves = cut(&self.entries, Some(&numbers.vector));
        let mut buffers = cut(&self.buffers, numbers.state.as_ref());
        for matrix in &self.matrices {
            let Some([u, v]) = matrix.spectral else { continue };
            let weight = as_matrix(leaves[matrix.index].clone(), &self.entries[matrix.index].shape);
            [buffers[u.0], buffers[v.0]] = spectral::power_iteration(weight, buffers[u.0].clone());
        }
        Numbers { vector: numbers.vector.clone(), state: Some(Tensor::cat(buffers, 0)) }
    }

    /// Σ‖W Wᵀ ⊙ (1 − I)‖²_F over the linear maps (BigGAN 2019), shape `[1]`: zero where the rows of every W are orthogonal.
    pub fn orthogonality(&self, weights: &Weights) -> Tensor<1> {
        let penalty = |matrix: &Matrix| {
            let w = as_matrix(weights.leaves[matrix.index].clone(), &self.entries[matrix.index].shape);
            let gram = w.clone().matmul(w.transpose()); // [out, out]
            let [rows, _] = gram.dims();
            let others = Tensor::<2>::eye(rows, &gram.device().inner()).cast(gram.dtype()) * -1.0 + 1.0;
            (gram * others).square().sum()
        };
        self.matrices.iter().map(penalty).reduce(|sum, one| sum + one).expect("every network has a linear map")
    }
}

fn begin(entry: &Entry, stream: &mut Stream) -> Vec<f32> {
    match entry.init {
        Init::Zeros => vec![0.0; entry.len()],
        Init::Ones => vec![1.0; entry.len()],
        Init::Normal(std) => (0..entry.len()).map(|_| (stream.normal() * std) as f32).collect(),
    }
}

/// Cuts a flat vector into its entries.
fn cut(entries: &[Entry], vector: Option<&Tensor<1>>) -> Vec<Tensor<1>> {
    let Some(vector) = vector else { return Vec::new() };
    let mut start = 0;
    let cut = |entry: &Entry| {
        let end = start + entry.len();
        let leaf = vector.clone().slice(start..end);
        start = end;
        leaf
    };
    entries.iter().map(cut).collect()
}

/// A weight `[out, …]` as the matrix `[out, in]` of its linear map.
fn as_matrix(flat: Tensor<1>, shape: &[usize]) -> Tensor<2> {
    flat.reshape([shape[0], shape[1..].iter().product()])
}

/// A network's numbers on a device: what is trained, and what is only kept.
#[derive(Debug, Clone)]
pub struct Numbers {
    /// All parameters.
    pub vector: Tensor<1>,
    /// All buffers; none where the network has none.
    pub state: Option<Tensor<1>>,
}

impl Numbers {
    /// Puts numbers on a device.
    pub fn new(vector: Vec<f32>, state: Vec<f32>, device: &Device) -> Self {
        let tensor = |numbers: Vec<f32>| {
            let len = numbers.len();
            Tensor::from_data(TensorData::new(numbers, [len]), device)
        };
        Self { state: (!state.is_empty()).then(|| tensor(state)), vector: tensor(vector) }
    }
}

impl From<Tensor<1>> for Numbers {
    /// The numbers of a network without buffers.
    fn from(vector: Tensor<1>) -> Self {
        Self { vector, state: None }
    }
}

/// Weights cut from a flat vector, ready for a forward pass.
#[derive(Debug, Clone)]
pub struct Weights {
    leaves: Vec<Tensor<1>>,
    /// What the layers see: the leaves, or their spectrally normalised forms.
    effective: Vec<Tensor<1>>,
    /// The state; a training pass leaves what it observed.
    buffers: RefCell<Vec<Tensor<1>>>,
    training: bool,
}

impl Weights {
    /// One parameter in its shape.
    pub fn get<const D: usize>(&self, param: &Param<D>) -> Tensor<D> {
        self.effective[param.index].clone().reshape(Shape::from(param.shape.to_vec()))
    }

    /// One buffer, flat.
    pub fn buffer(&self, Buffer(index): Buffer) -> Tensor<1> {
        self.buffers.borrow()[index].clone()
    }

    /// Replaces a buffer by what this pass observed.
    pub fn keep(&self, Buffer(index): Buffer, value: Tensor<1>) {
        self.buffers.borrow_mut()[index] = value;
    }

    /// Whether this is a training pass.
    pub fn training(&self) -> bool {
        self.training
    }

    /// The state after the passes made with these weights.
    pub fn state(&self) -> Option<Tensor<1>> {
        let buffers = self.buffers.borrow();
        (!buffers.is_empty()).then(|| Tensor::cat(buffers.clone(), 0))
    }

    /// The gradients of all leaves as one vector; zero where the loss does not depend on a parameter.
    pub fn gradient(&self, gradients: &mut Gradients) -> Tensor<1> {
        let collect = |leaf: &Tensor<1>| leaf.grad_remove(gradients).unwrap_or_else(|| leaf.clone().inner().zeros_like());
        Tensor::cat(self.leaves.iter().map(collect).collect(), 0)
    }
}
