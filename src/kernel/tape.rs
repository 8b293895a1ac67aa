//! What a pass through a network leaves behind, and the passes: forward, backward, and both along a tangent.
//!
//! With a layer a = Wx + b, y = f(a), s = f'(a), a tangent moves as ȧ = Wẋ, ẏ = sȧ. Backward, with q = Wᵀδ from the layer above, the adjoint of a is δ = sq; that of ȧ is
//! δ̇ = sq̇, and because s depends on a, δ gains f''(a)·ȧ·q̇. The weight's gradient is Σ δxᵀ + δ̇ẋᵀ. The product f''·ȧ·q̇ is collected in one place, `bends`, as
//! its factors become known, in either order.
//!
//! The adjoints of the *tangent* for the output adjoint 1 are at the same time the ordinary backward pass of ΣD(x): its end is the input gradient ∇ₓD. So
//! a gradient penalty takes its input gradient and its tangent's backward from one pass.

use std::ops::Range;

use super::activation::{apply, apply_bent, is_smooth};
use super::loops::{CHUNK, Chunk, LANES, Lane, outer, part, part_mut, product, sum_lanes};
use super::mlp::{Mlp, Network};
use super::real::Real;

/// Whether a forward pass prepares for a tangent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Values and slopes.
    First,
    /// Also the second derivatives of smooth activations.
    Second,
}

/// The two things that adjoints belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Of the value: an ordinary backward pass.
    Value,
    /// Of the tangent; before that of the value, where both are wanted.
    Tangent,
}

/// How far a backward pass goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// To the first layer, for the gradient in the parameters.
    Parameters,
    /// To the input.
    Input,
}

/// Blocks of 32 samples; a level is the input (0), a hidden layer or the output (last); each level of each kind is `[blocks, features]` lanes.
#[derive(Debug, Clone)]
pub struct Tape<T> {
    blocks: usize,
    /// x, the activations, the output.
    pub values: Vec<Vec<Lane<T>>>,
    /// f'(a) of the hidden levels; empty at the others.
    slopes: Vec<Vec<Lane<T>>>,
    /// f''(a), then times ȧ and q̇; allocated when first asked for.
    bends: Vec<Vec<Lane<T>>>,
    /// v, ẏ, the output's tangent; allocated when first asked for.
    pub tangents: Vec<Vec<Lane<T>>>,
    /// δ of the levels; at the input the gradient in x.
    pub adjoints: Vec<Vec<Lane<T>>>,
    /// δ̇ of the levels; at the input the gradient of the output's tangent in v. Allocated when first asked for.
    pub tangent_adjoints: Vec<Vec<Lane<T>>>,
}

impl<T: Real> Tape<T> {
    /// Room for `blocks` blocks of a network's passes.
    pub fn new(mlp: &Mlp, blocks: usize) -> Self {
        let full = || levels(mlp.sizes(), blocks);
        let none = || vec![Vec::new(); mlp.sizes().len()];
        Self { blocks, values: full(), slopes: full(), bends: none(), tangents: none(), adjoints: full(), tangent_adjoints: none() }
    }

    /// Room for tangents; only the first call allocates.
    pub fn make_room_for_tangents(&mut self, mlp: &Mlp) {
        if self.tangents[0].is_empty() {
            self.tangents = levels(mlp.sizes(), self.blocks);
            self.tangent_adjoints = levels(mlp.sizes(), self.blocks);
            if is_smooth(mlp.activation()) {
                self.bends = levels(mlp.sizes(), self.blocks);
            }
        }
    }

    /// From `values[0]` to the output.
    pub fn forward(&mut self, network: Network<T>, blocks: Range<usize>, order: Order) {
        let (mlp, layers) = (network.mlp, network.mlp.layers());
        let bent = order == Order::Second && is_smooth(mlp.activation());
        for block in blocks {
            for layer in 0..layers {
                let (below, above) = self.values.split_at_mut(layer + 1);
                let x = of_block(&below[layer], block, mlp.sizes()[layer]);
                let y = of_block_mut(&mut above[0], block, mlp.sizes()[layer + 1]);
                let bias = network.bias(layer);
                let shifted = |j: usize, a: Chunk<T>| a.map(|a| a + bias[j]);
                if layer + 1 == layers {
                    product(network.weight(layer), x, |j, chunk, a| *part_mut(&mut y[j], chunk) = shifted(j, a));
                    continue;
                }
                let slopes = of_block_mut(&mut self.slopes[layer + 1], block, mlp.sizes()[layer + 1]);
                if bent {
                    let bends = of_block_mut(&mut self.bends[layer + 1], block, mlp.sizes()[layer + 1]);
                    product(network.weight(layer), x, |j, chunk, a| {
                        let (y, s, c) = (part_mut(&mut y[j], chunk), part_mut(&mut slopes[j], chunk), part_mut(&mut bends[j], chunk));
                        apply_bent(mlp.activation(), &shifted(j, a), y, s, c);
                    });
                } else {
                    product(network.weight(layer), x, |j, chunk, a| {
                        apply(mlp.activation(), &shifted(j, a), part_mut(&mut y[j], chunk), part_mut(&mut slopes[j], chunk));
                    });
                }
            }
        }
    }

    /// From `tangents[0]` to the output's tangent, after a forward pass of second order; once after each.
    pub fn forward_tangent(&mut self, network: Network<T>, blocks: Range<usize>) {
        let (mlp, layers) = (network.mlp, network.mlp.layers());
        for block in blocks {
            for layer in 0..layers {
                let (below, above) = self.tangents.split_at_mut(layer + 1);
                let x = of_block(&below[layer], block, mlp.sizes()[layer]);
                let outputs = mlp.sizes()[layer + 1];
                let y = of_block_mut(&mut above[0], block, outputs);
                if layer + 1 == layers {
                    product(network.weight(layer), x, |j, chunk, a| *part_mut(&mut y[j], chunk) = a);
                    continue;
                }
                let slopes = of_block(&self.slopes[layer + 1], block, outputs);
                if is_smooth(mlp.activation()) {
                    let bends = of_block_mut(&mut self.bends[layer + 1], block, outputs);
                    product(network.weight(layer), x, |j, chunk, a| {
                        *part_mut(&mut y[j], chunk) = times(&a, part(&slopes[j], chunk));
                        let bend = part_mut(&mut bends[j], chunk);
                        *bend = times(bend, &a);
                    });
                } else {
                    product(network.weight(layer), x, |j, chunk, a| *part_mut(&mut y[j], chunk) = times(&a, part(&slopes[j], chunk)));
                }
            }
        }
    }

    /// From the adjoint of the output, which the caller has written, down. `second` says that the adjoints of the value gain what [`Of::Tangent`] left.
    pub fn backward(&mut self, network: Network<T>, blocks: Range<usize>, of: Of, order: Order, until: Until) {
        let mlp = network.mlp;
        let bent = order == Order::Second && is_smooth(mlp.activation());
        let adjoints = if of == Of::Value { &mut self.adjoints } else { &mut self.tangent_adjoints };
        for block in blocks {
            for layer in (0..mlp.layers()).rev() {
                let inputs = mlp.sizes()[layer];
                let (below, above) = adjoints.split_at_mut(layer + 1);
                let delta = of_block(&above[0], block, mlp.sizes()[layer + 1]);
                if layer == 0 {
                    if until == Until::Input {
                        let own = of_block_mut(&mut below[0], block, inputs);
                        product(network.transposed(0), delta, |i, chunk, q| *part_mut(&mut own[i], chunk) = q);
                    }
                    continue;
                }
                let own = of_block_mut(&mut below[layer], block, inputs);
                let slopes = of_block(&self.slopes[layer], block, inputs);
                if !bent {
                    product(network.transposed(layer), delta, |i, chunk, q| {
                        *part_mut(&mut own[i], chunk) = times(&q, part(&slopes[i], chunk))
                    });
                    continue;
                }
                let bends = of_block_mut(&mut self.bends[layer], block, inputs);
                product(network.transposed(layer), delta, |i, chunk, q| {
                    let (own, bend) = (part_mut(&mut own[i], chunk), part_mut(&mut bends[i], chunk));
                    *own = times(&q, part(&slopes[i], chunk));
                    match of {
                        Of::Tangent => *bend = times(bend, &q),
                        Of::Value => (0..CHUNK).for_each(|lane| own[lane] += bend[lane]),
                    }
                });
            }
        }
    }

    /// Adds Σ δxᵀ and Σ δ of the value, or Σ δ̇ẋᵀ of the tangent, to the flat gradient.
    pub fn gradient(&self, mlp: &Mlp, blocks: Range<usize>, of: Of, gradient: &mut [T]) {
        let (adjoints, inputs) = match of {
            Of::Value => (&self.adjoints, &self.values),
            Of::Tangent => (&self.tangent_adjoints, &self.tangents),
        };
        for layer in 0..mlp.layers() {
            let sizes = (mlp.sizes()[layer], mlp.sizes()[layer + 1]);
            let x = &inputs[layer][blocks.start * sizes.0..blocks.end * sizes.0];
            let delta = &adjoints[layer + 1][blocks.start * sizes.1..blocks.end * sizes.1];
            outer(delta, x, sizes.1, sizes.0, &mut gradient[mlp.weight(layer)]);
            if of == Of::Value {
                sum_lanes(delta, &mut gradient[mlp.bias(layer)]);
            }
        }
    }

    /// Both gradients at once, of a network that is linear in pieces and has one output: there a row's δ is δ̇ times the output's adjoint e, whatever the row, so that
    /// Σ δxᵀ + δ̇ẋᵀ = Σ δ̇(e·x + ẋ)ᵀ takes one product and δ no pass at all. Reads e from the output's adjoint; overwrites the tangents.
    pub fn gradient_of_both(&mut self, mlp: &Mlp, blocks: Range<usize>, gradient: &mut [T]) {
        let errors = &self.adjoints[mlp.layers()][blocks.clone()];
        for layer in 0..mlp.layers() {
            let sizes = (mlp.sizes()[layer], mlp.sizes()[layer + 1]);
            let x = &self.values[layer][blocks.start * sizes.0..blocks.end * sizes.0];
            let mixed = &mut self.tangents[layer][blocks.start * sizes.0..blocks.end * sizes.0];
            for ((x, mixed), error) in x.chunks_exact(sizes.0).zip(mixed.chunks_exact_mut(sizes.0)).zip(errors) {
                for (x, mixed) in x.iter().zip(mixed) {
                    for lane in 0..LANES {
                        mixed[lane] += error[lane] * x[lane];
                    }
                }
            }
            let delta = &self.tangent_adjoints[layer + 1][blocks.start * sizes.1..blocks.end * sizes.1];
            outer(delta, mixed, sizes.1, sizes.0, &mut gradient[mlp.weight(layer)]);
            for (delta, error) in delta.chunks_exact(sizes.1).zip(errors) {
                for (delta, gradient) in delta.iter().zip(&mut gradient[mlp.bias(layer)]) {
                    *gradient += super::loops::dot(delta, error);
                }
            }
        }
    }
}

fn levels<T: Real>(sizes: &[usize], blocks: usize) -> Vec<Vec<Lane<T>>> {
    sizes.iter().map(|size| vec![[T::ZERO; LANES]; size * blocks]).collect()
}

#[inline(always)]
fn of_block<T>(level: &[Lane<T>], block: usize, features: usize) -> &[Lane<T>] {
    &level[block * features..(block + 1) * features]
}

#[inline(always)]
fn of_block_mut<T>(level: &mut [Lane<T>], block: usize, features: usize) -> &mut [Lane<T>] {
    &mut level[block * features..(block + 1) * features]
}

#[inline(always)]
fn times<T: Real>(a: &Chunk<T>, b: &Chunk<T>) -> Chunk<T> {
    std::array::from_fn(|lane| a[lane] * b[lane])
}
