//! What a pass through a network leaves behind, and the passes: forward, backward, and both along a tangent.
//!
//! With a layer a = Wx + b, y = f(a), s = f'(a), a tangent moves as ȧ = Wẋ, ẏ = sȧ. Backward, with q = Wᵀδ from the layer above, the adjoint of a is δ = sq; that of ȧ is
//! δ̇ = sq̇, and because s depends on a, δ gains f''(a)·ȧ·q̇. The weight's gradient is Σ δxᵀ + δ̇ẋᵀ. The product f''·ȧ·q̇ is collected in one place, `bends`, as
//! its factors become known, in either order.
//!
//! The adjoints of the *tangent* for the output adjoint 1 are at the same time the ordinary backward pass of ΣD(x): its end is the input gradient ∇ₓD. So
//! a gradient penalty takes its input gradient and its tangent's backward from one pass.

use std::ops::Range;

use super::super::loops::{Gradient, LANES, Lane, dot, outer, part, part_mut, product, sum_lanes};
use super::super::network::{Ends, Of, Order, Pass, Until};
use super::super::real::Real;
use super::super::wide::{Loops, widest};
use super::activation::{apply, apply_bent, is_smooth};
use super::{Mlp, Weights};

/// Blocks of 32 samples; a level is the input (0), a hidden layer or the output (last); each level of each kind is `[blocks, features]` lanes.
#[derive(Debug, Clone)]
pub struct Tape<T> {
    /// x, the activations, the output.
    values: Vec<Vec<Lane<T>>>,
    /// f'(a) of the hidden levels; empty at the others.
    slopes: Vec<Vec<Lane<T>>>,
    /// f''(a), then times ȧ and q̇; allocated when first asked for.
    bends: Vec<Vec<Lane<T>>>,
    /// v, ẏ, the output's tangent; allocated when first asked for.
    tangents: Vec<Vec<Lane<T>>>,
    /// δ of the levels; at the input the gradient in x.
    adjoints: Vec<Vec<Lane<T>>>,
    /// δ̇ of the levels; at the input the gradient of the output's tangent in v. Allocated when first asked for.
    tangent_adjoints: Vec<Vec<Lane<T>>>,
}

impl<T: Real> Tape<T> {
    /// Without room.
    pub fn new(mlp: &Mlp) -> Self {
        let none = || vec![Vec::new(); mlp.sizes().len()];
        let [values, slopes, bends, tangents, adjoints, tangent_adjoints] = std::array::from_fn(|_| none());
        Self { values, slopes, bends, tangents, adjoints, tangent_adjoints }
    }

    /// Room for `blocks` blocks, and for their tangents.
    pub fn make_room(&mut self, mlp: &Mlp, blocks: usize, tangents: bool) {
        let Self { values, slopes, bends, tangents: along, adjoints, tangent_adjoints } = self;
        make_levels([values, slopes, adjoints], mlp.sizes(), blocks);
        if tangents {
            make_levels([along, tangent_adjoints], mlp.sizes(), blocks);
            if is_smooth(mlp.activation()) {
                make_levels([bends], mlp.sizes(), blocks);
            }
        }
    }

    /// The first and the last level.
    pub fn ends(&mut self) -> Ends<'_, T> {
        let [input, output] = ends(&mut self.values);
        let [input_tangent, _] = ends(&mut self.tangents);
        let [input_adjoint, output_adjoint] = ends(&mut self.adjoints);
        let [input_tangent_adjoint, output_tangent_adjoint] = ends(&mut self.tangent_adjoints);
        Ends { input, output, input_tangent, output_adjoint, input_adjoint, output_tangent_adjoint, input_tangent_adjoint }
    }

    /// Takes `blocks` through the weights.
    pub fn pass(&mut self, weights: Weights<T>, blocks: Range<usize>, pass: Pass<T>) {
        widest(Run { tape: self, weights, blocks, pass });
    }

    #[inline(always)]
    fn forward<const HELD: usize, const CHUNK: usize>(&mut self, weights: Weights<T>, blocks: Range<usize>, order: Order) {
        let (mlp, layers) = (weights.mlp, weights.mlp.layers());
        let bent = order == Order::Second && is_smooth(mlp.activation());
        for block in blocks {
            for layer in 0..layers {
                let (below, above) = self.values.split_at_mut(layer + 1);
                let x = of_block(&below[layer], block, mlp.sizes()[layer]);
                let y = of_block_mut(&mut above[0], block, mlp.sizes()[layer + 1]);
                let bias = weights.bias(layer);
                if layer + 1 == layers {
                    product!(HELD, CHUNK, weights.weight(layer), x, |j, chunk, a| *part_mut(&mut y[j], chunk) = plus(&a, bias[j]));
                    continue;
                }
                let slopes = of_block_mut(&mut self.slopes[layer + 1], block, mlp.sizes()[layer + 1]);
                if bent {
                    let bends = of_block_mut(&mut self.bends[layer + 1], block, mlp.sizes()[layer + 1]);
                    product!(HELD, CHUNK, weights.weight(layer), x, |j, chunk, a| {
                        let (y, s, c) = (part_mut(&mut y[j], chunk), part_mut(&mut slopes[j], chunk), part_mut(&mut bends[j], chunk));
                        apply_bent(mlp.activation(), &plus(&a, bias[j]), y, s, c);
                    });
                } else {
                    product!(HELD, CHUNK, weights.weight(layer), x, |j, chunk, a| {
                        apply(mlp.activation(), &plus(&a, bias[j]), part_mut(&mut y[j], chunk), part_mut(&mut slopes[j], chunk));
                    });
                }
            }
        }
    }

    #[inline(always)]
    fn forward_tangent<const HELD: usize, const CHUNK: usize>(&mut self, weights: Weights<T>, blocks: Range<usize>) {
        let (mlp, layers) = (weights.mlp, weights.mlp.layers());
        for block in blocks {
            for layer in 0..layers {
                let (below, above) = self.tangents.split_at_mut(layer + 1);
                let x = of_block(&below[layer], block, mlp.sizes()[layer]);
                let outputs = mlp.sizes()[layer + 1];
                let y = of_block_mut(&mut above[0], block, outputs);
                if layer + 1 == layers {
                    product!(HELD, CHUNK, weights.weight(layer), x, |j, chunk, a| *part_mut(&mut y[j], chunk) = a);
                    continue;
                }
                let slopes = of_block(&self.slopes[layer + 1], block, outputs);
                if is_smooth(mlp.activation()) {
                    let bends = of_block_mut(&mut self.bends[layer + 1], block, outputs);
                    product!(HELD, CHUNK, weights.weight(layer), x, |j, chunk, a| {
                        *part_mut(&mut y[j], chunk) = times(&a, part(&slopes[j], chunk));
                        let bend = part_mut(&mut bends[j], chunk);
                        *bend = times(bend, &a);
                    });
                } else {
                    product!(HELD, CHUNK, weights.weight(layer), x, |j, chunk, a| *part_mut(&mut y[j], chunk) =
                        times(&a, part(&slopes[j], chunk)));
                }
            }
        }
    }

    #[inline(always)]
    fn backward<const HELD: usize, const CHUNK: usize>(
        &mut self,
        weights: Weights<T>,
        blocks: Range<usize>,
        of: Of,
        order: Order,
        until: Until,
    ) {
        let mlp = weights.mlp;
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
                        product!(HELD, CHUNK, weights.transposed(0), delta, |i, chunk, q| *part_mut(&mut own[i], chunk) = q);
                    }
                    continue;
                }
                let own = of_block_mut(&mut below[layer], block, inputs);
                let slopes = of_block(&self.slopes[layer], block, inputs);
                if !bent {
                    product!(HELD, CHUNK, weights.transposed(layer), delta, |i, chunk, q| {
                        *part_mut(&mut own[i], chunk) = times(&q, part(&slopes[i], chunk))
                    });
                    continue;
                }
                let bends = of_block_mut(&mut self.bends[layer], block, inputs);
                product!(HELD, CHUNK, weights.transposed(layer), delta, |i, chunk, q| {
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

    #[inline(always)]
    fn gradient<const HELD: usize>(&self, mlp: &Mlp, blocks: Range<usize>, of: Of, gradient: &mut [T]) {
        let (adjoints, inputs) = match of {
            Of::Value => (&self.adjoints, &self.values),
            Of::Tangent => (&self.tangent_adjoints, &self.tangents),
        };
        for layer in 0..mlp.layers() {
            let sizes = (mlp.sizes()[layer], mlp.sizes()[layer + 1]);
            let x = &inputs[layer][blocks.start * sizes.0..blocks.end * sizes.0];
            let delta = &adjoints[layer + 1][blocks.start * sizes.1..blocks.end * sizes.1];
            outer::<T, HELD>(delta, x, [sizes.1, sizes.0], &mut Gradient { numbers: &mut gradient[mlp.weight(layer)], inputs: sizes.0 });
            if of == Of::Value {
                sum_lanes(delta, &mut gradient[mlp.bias(layer)]);
            }
        }
    }

    /// Both gradients of a network that is linear in pieces and has one output: there a row's δ is δ̇ times the output's adjoint e, whatever the row, so that
    /// Σ δxᵀ + δ̇ẋᵀ = Σ δ̇(e·x + ẋ)ᵀ takes one product and δ no pass at all.
    #[inline(always)]
    fn gradient_in_pieces<const HELD: usize>(&mut self, mlp: &Mlp, blocks: Range<usize>, gradient: &mut [T]) {
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
            outer::<T, HELD>(
                delta,
                mixed,
                [sizes.1, sizes.0],
                &mut Gradient { numbers: &mut gradient[mlp.weight(layer)], inputs: sizes.0 },
            );
            for (delta, error) in delta.chunks_exact(sizes.1).zip(errors) {
                for (delta, gradient) in delta.iter().zip(&mut gradient[mlp.bias(layer)]) {
                    *gradient += dot(delta, error);
                }
            }
        }
    }
}

/// A pass about to be made.
struct Run<'a, T> {
    tape: &'a mut Tape<T>,
    weights: Weights<'a, T>,
    blocks: Range<usize>,
    pass: Pass<'a, T>,
}

impl<T: Real> Loops for Run<'_, T> {
    #[inline(always)]
    fn run<const HELD: usize, const CHUNK: usize>(self) {
        let Run { tape, weights, blocks, pass } = self;
        let mlp = weights.mlp;
        match pass {
            Pass::Forward(order) => tape.forward::<HELD, CHUNK>(weights, blocks, order),
            Pass::ForwardTangent => tape.forward_tangent::<HELD, CHUNK>(weights, blocks),
            Pass::Backward(of, until) => {
                let order = if of == Of::Tangent { Order::Second } else { Order::First };
                tape.backward::<HELD, CHUNK>(weights, blocks, of, order, until);
            }
            Pass::Gradient(gradient) => tape.gradient::<HELD>(mlp, blocks, Of::Value, gradient),
            Pass::GradientWithTangent(gradient) if is_smooth(mlp.activation()) => {
                tape.backward::<HELD, CHUNK>(weights, blocks.clone(), Of::Value, Order::Second, Until::Parameters);
                tape.gradient::<HELD>(mlp, blocks.clone(), Of::Value, gradient);
                tape.gradient::<HELD>(mlp, blocks, Of::Tangent, gradient);
            }
            Pass::GradientWithTangent(gradient) => tape.gradient_in_pieces::<HELD>(mlp, blocks, gradient),
        }
    }
}

fn make_levels<T: Real, const N: usize>(kinds: [&mut Vec<Vec<Lane<T>>>; N], sizes: &[usize], blocks: usize) {
    for (level, size) in kinds.into_iter().flat_map(|levels| levels.iter_mut().zip(sizes)) {
        if level.len() < size * blocks {
            level.resize(size * blocks, [T::ZERO; LANES]);
        }
    }
}

fn ends<T>(levels: &mut [Vec<Lane<T>>]) -> [&mut [Lane<T>]; 2] {
    let [first, .., last] = levels else { unreachable!("a network has two levels") };
    [first, last]
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
fn times<T: Real, const CHUNK: usize>(a: &[T; CHUNK], b: &[T; CHUNK]) -> [T; CHUNK] {
    let mut products = [T::ZERO; CHUNK];
    for lane in 0..CHUNK {
        products[lane] = a[lane] * b[lane];
    }
    products
}

#[inline(always)]
fn plus<T: Real, const CHUNK: usize>(a: &[T; CHUNK], number: T) -> [T; CHUNK] {
    let mut sums = *a;
    for sum in &mut sums {
        *sum += number;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::Packed;
    use super::*;
    use crate::nn::activation::Activation;
    use crate::rng::{Purpose, Stream};

    /// What every pass leaves, with `run` making each.
    fn after_all_passes(mlp: &Mlp, run: impl Fn(Run<f32>)) -> (Tape<f32>, Vec<f32>) {
        let mut stream = Stream::new(5, Purpose::Noise);
        let mut normals = |count: usize| -> Vec<f32> { (0..count).map(|_| stream.normal() as f32).collect() };
        let (vector, mut gradient) = (normals(mlp.parameters()), vec![0.0; mlp.parameters()]);
        let mut packed = Packed::new(mlp);
        packed.take(mlp, &vector);
        let weights = Weights { mlp, packed: &packed };
        let mut tape = Tape::new(mlp);
        tape.make_room(mlp, 2, true);
        let Ends { input, input_tangent, output_adjoint, output_tangent_adjoint, .. } = tape.ends();
        for level in [input, input_tangent, output_adjoint, output_tangent_adjoint] {
            let numbers = level.as_flattened_mut();
            numbers.copy_from_slice(&normals(numbers.len()));
        }
        let mut pass = |pass: Pass<f32>| run(Run { tape: &mut tape, weights, blocks: 0..2, pass });
        pass(Pass::Forward(Order::Second));
        pass(Pass::Backward(Of::Tangent, Until::Input));
        pass(Pass::ForwardTangent);
        pass(Pass::GradientWithTangent(&mut gradient));
        pass(Pass::Backward(Of::Value, Until::Input));
        pass(Pass::Gradient(&mut gradient));
        (tape, gradient)
    }

    #[test]
    fn wide_registers_give_the_same_bits() {
        for activation in [Activation::LeakyRelu, Activation::Tanh] {
            let mlp = Mlp::new(&[3, 14, 9, 1], activation).expect("sizes");
            let bits = |(tape, gradient): (Tape<f32>, Vec<f32>)| -> Vec<u32> {
                let levels = [tape.values, tape.tangents, tape.adjoints, tape.tangent_adjoints].concat().concat();
                levels.as_flattened().iter().chain(&gradient).map(|number| number.to_bits()).collect()
            };
            let narrow = bits(after_all_passes(&mlp, |run| run.run::<2, 16>()));
            assert!(bits(after_all_passes(&mlp, |run| run.run::<3, 16>())) == narrow, "{activation:?} in 256 bits");
            assert!(bits(after_all_passes(&mlp, |run| run.run::<4, 32>())) == narrow, "{activation:?} in 512 bits");
            assert!(bits(after_all_passes(&mlp, |run| widest(run))) == narrow, "{activation:?} in the widest");
        }
    }
}
