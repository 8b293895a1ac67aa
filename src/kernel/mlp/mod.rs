//! A multilayer perceptron as a description: sizes, activation, and where its parameters lie in one flat vector.

mod activation;
mod tape;

use std::fmt;
use std::ops::Range;

use super::network::{Ends, Network, Pass};
use super::real::Real;
use crate::nn::activation::Activation;

use tape::Tape;

/// `sizes[0]` → (`sizes[1]`, activation) → … → `sizes[last]`, linear at the end.
///
/// Parameters lie as in `nn::params`: layers.0.weight `[out, in]`, layers.0.bias `[out]`, layers.1.weight, …
#[derive(Debug, Clone, PartialEq)]
pub struct Mlp {
    sizes: Vec<usize>,
    activation: Activation,
    /// Where each layer's weight begins, and after the last the length of the vector.
    starts: Vec<usize>,
}

/// Sizes that are no network: fewer than two, or a zero among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSizes(pub Vec<usize>);

impl fmt::Display for BadSizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an MLP needs at least two sizes, none of them 0, but these are {:?}", self.0)
    }
}

impl std::error::Error for BadSizes {}

impl Mlp {
    /// `[inputs, width…, outputs]`; an error where there are fewer than two sizes or one is 0.
    pub fn new(sizes: &[usize], activation: Activation) -> Result<Self, BadSizes> {
        if sizes.len() < 2 || sizes.contains(&0) {
            return Err(BadSizes(sizes.to_vec()));
        }
        let mut starts = vec![0];
        let mut end = 0;
        for pair in sizes.windows(2) {
            end += pair[1] * (pair[0] + 1);
            starts.push(end);
        }
        Ok(Self { sizes: sizes.to_vec(), activation, starts })
    }

    /// Sizes of input, hidden layers and output.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// What follows every hidden layer.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// Linear layers.
    pub fn layers(&self) -> usize {
        self.sizes.len() - 1
    }

    /// Features of an input.
    pub fn inputs(&self) -> usize {
        self.sizes[0]
    }

    /// Features of an output.
    pub fn outputs(&self) -> usize {
        self.sizes[self.layers()]
    }

    /// Length of the vector.
    pub fn parameters(&self) -> usize {
        self.starts[self.layers()]
    }

    /// The place of a layer's weight, `[out, in]`.
    pub fn weight(&self, layer: usize) -> Range<usize> {
        self.starts[layer]..self.starts[layer] + self.sizes[layer] * self.sizes[layer + 1]
    }

    /// The place of a layer's bias, `[out]`.
    pub fn bias(&self, layer: usize) -> Range<usize> {
        self.weight(layer).end..self.starts[layer + 1]
    }
}

/// Weights in the order of the products.
#[derive(Debug, Clone)]
struct Packed<T> {
    vector: Vec<T>,
    /// Every weight transposed, `[in, out]`, at the place of the original: with it a backward pass is the same product as a forward one.
    transposed: Vec<T>,
}

impl<T: Real> Packed<T> {
    fn new(mlp: &Mlp) -> Self {
        Self { vector: vec![T::ZERO; mlp.parameters()], transposed: vec![T::ZERO; mlp.parameters()] }
    }

    fn take(&mut self, mlp: &Mlp, vector: &[T]) {
        self.vector.copy_from_slice(vector);
        for layer in 0..mlp.layers() {
            let (inputs, outputs) = (mlp.sizes[layer], mlp.sizes[layer + 1]);
            let transposed = &mut self.transposed[mlp.weight(layer)];
            for (j, row) in vector[mlp.weight(layer)].chunks_exact(inputs).enumerate() {
                for (i, &weight) in row.iter().enumerate() {
                    transposed[i * outputs + j] = weight;
                }
            }
        }
    }
}

/// The weights of a moment, as the loops read them.
#[derive(Debug, Clone, Copy)]
struct Weights<'a, T> {
    mlp: &'a Mlp,
    packed: &'a Packed<T>,
}

impl<'a, T> Weights<'a, T> {
    /// W of a layer, `[out, in]`.
    fn weight(&self, layer: usize) -> &'a [T] {
        &self.packed.vector[self.mlp.weight(layer)]
    }

    /// Wᵀ of a layer, `[in, out]`.
    fn transposed(&self, layer: usize) -> &'a [T] {
        &self.packed.transposed[self.mlp.weight(layer)]
    }

    /// b of a layer, `[out]`.
    fn bias(&self, layer: usize) -> &'a [T] {
        &self.packed.vector[self.mlp.bias(layer)]
    }
}

/// An MLP in the fused loops.
#[derive(Debug)]
pub struct MlpNetwork<T> {
    mlp: Mlp,
    packed: Packed<T>,
    tape: Tape<T>,
}

impl<T: Real> MlpNetwork<T> {
    /// Without room yet.
    pub fn new(mlp: Mlp) -> Self {
        Self { packed: Packed::new(&mlp), tape: Tape::new(&mlp), mlp }
    }
}

impl<T: Real> Network<T> for MlpNetwork<T> {
    fn parameters(&self) -> usize {
        self.mlp.parameters()
    }

    fn inputs(&self) -> usize {
        self.mlp.inputs()
    }

    fn outputs(&self) -> usize {
        self.mlp.outputs()
    }

    fn make_room(&mut self, blocks: usize, tangents: bool) {
        self.tape.make_room(&self.mlp, blocks, tangents);
    }

    fn pack(&mut self, vector: &[T]) {
        self.packed.take(&self.mlp, vector);
    }

    fn pass(&mut self, blocks: Range<usize>, pass: Pass<T>) {
        self.tape.pass(Weights { mlp: &self.mlp, packed: &self.packed }, blocks, pass);
    }

    fn ends(&mut self) -> Ends<'_, T> {
        self.tape.ends()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_lie_in_the_order_of_the_plain_network() {
        let mlp = Mlp::new(&[2, 14, 3], Activation::Relu).expect("sizes");
        assert_eq!(mlp.sizes(), [2, 14, 3]);
        assert_eq!((mlp.weight(0), mlp.bias(0), mlp.weight(1), mlp.bias(1)), (0..28, 28..42, 42..84, 84..87));
        assert_eq!(mlp.parameters(), 87);
    }

    #[test]
    fn sizes_that_are_no_network_are_refused() {
        for sizes in [&[][..], &[2], &[2, 0, 1]] {
            let refusal = Mlp::new(sizes, Activation::Relu).expect_err("no network");
            assert!(refusal.to_string().contains(&format!("{sizes:?}")), "{refusal}");
        }
    }

    #[test]
    fn packing_transposes_each_weight() {
        let mlp = Mlp::new(&[3, 2], Activation::Relu).expect("sizes");
        let mut packed = Packed::new(&mlp);
        packed.take(&mlp, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        assert_eq!((&packed.transposed[..6], &packed.vector[mlp.bias(0)]), (&[1.0, 4.0, 2.0, 5.0, 3.0, 6.0][..], &[7.0, 8.0][..]));
    }
}
