//! What a pass through a convolutional network leaves behind, and the passes; the mathematics stand with the tape of `mlp`, here for the case that is linear in pieces.

use std::ops::Range;

use rayon::prelude::*;

use super::gradient::{Scratch, add_bias, add_weights};
use super::packed::Packed;
use super::plan::{ConvPlan, Map};
use super::rows::{After, apply};
use crate::kernel::loops::{LANES, Lane};
use crate::kernel::network::{Ends, Of, Pass, Until};
use crate::kernel::real::Real;

type Level<T> = Vec<Lane<T>>;

/// Levels of each kind. The two kinds of adjoints are never wanted of the same samples at a time and share their hidden levels.
#[derive(Debug)]
pub struct Tape<T> {
    values: Vec<Level<T>>,
    tangents: Vec<Level<T>>,
    /// δ or δ̇ of the hidden levels; empty at the ends.
    adjoints: Vec<Level<T>>,
    of_value: AdjointEnds<T>,
    of_tangent: AdjointEnds<T>,
    scratch: Scratch<T>,
}

/// The adjoints of the input and of the output.
#[derive(Debug, Default)]
struct AdjointEnds<T> {
    input: Level<T>,
    output: Level<T>,
}

/// The layers with their weights.
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a, T> {
    pub plan: &'a ConvPlan,
    pub packed: &'a [Packed<T>],
}

impl<T: Real> Tape<T> {
    /// Without room.
    pub fn new(plan: &ConvPlan) -> Self {
        let none = || vec![Vec::new(); plan.shapes.len()];
        let [of_value, of_tangent] = [0, 1].map(|_| AdjointEnds { input: Vec::new(), output: Vec::new() });
        Self { values: none(), tangents: none(), adjoints: none(), of_value, of_tangent, scratch: Vec::new() }
    }

    /// Room for `blocks` blocks, and for their tangents.
    pub fn make_room(&mut self, plan: &ConvPlan, blocks: usize, tangents: bool) {
        let make = |level: &mut Level<T>, features: usize| {
            if level.len() < features * blocks {
                // Not `resize`: fresh zeros cost nothing until they are touched.
                *level = vec![[T::ZERO; LANES]; features * blocks];
            }
        };
        let last = plan.layers.len();
        for (level, shape) in plan.shapes.iter().enumerate() {
            make(&mut self.values[level], shape.features());
            if level > 0 && level < last {
                make(&mut self.adjoints[level], shape.features());
            }
            if tangents {
                make(&mut self.tangents[level], shape.features());
            }
        }
        let [inputs, outputs] = [plan.input(), plan.output()].map(|shape| shape.features());
        for ends in [&mut self.of_value, &mut self.of_tangent] {
            make(&mut ends.input, inputs);
            make(&mut ends.output, outputs);
        }
    }

    /// The first and the last level.
    pub fn ends(&mut self) -> Ends<'_, T> {
        let [input, .., output] = &mut self.values[..] else { unreachable!("a network has two levels") };
        Ends {
            input,
            output,
            input_tangent: &mut self.tangents[0],
            output_adjoint: &mut self.of_value.output,
            input_adjoint: &mut self.of_value.input,
            output_tangent_adjoint: &mut self.of_tangent.output,
            input_tangent_adjoint: &mut self.of_tangent.input,
        }
    }

    /// Takes `blocks` through the network.
    pub fn pass(&mut self, weights: Weights<T>, blocks: Range<usize>, pass: Pass<T>) {
        match pass {
            Pass::Forward(_) => self.forward(weights, blocks),
            Pass::ForwardTangent => self.forward_tangent(weights, blocks),
            Pass::Backward(of, until) => self.backward(weights, blocks, of, until),
            Pass::Gradient(gradient) => self.gradient(weights.plan, blocks, gradient),
            Pass::GradientWithTangent(gradient) => {
                self.mix(weights.plan, blocks.clone());
                self.gradient_of_mixed(weights.plan, blocks, gradient);
            }
        }
    }

    fn forward(&mut self, Weights { plan, packed }: Weights<T>, blocks: Range<usize>) {
        for (i, (layer, packed)) in plan.layers.iter().zip(packed).enumerate() {
            let (below, above) = self.values.split_at_mut(i + 1);
            let after = match (&packed.bias, layer.plus) {
                (Some(bias), _) => After::Activate(bias),
                (None, Some(level)) => After::Plus(&below[level]),
                (None, None) => After::Nothing,
            };
            apply(&packed.forward, [plan.shapes[i], plan.shapes[i + 1]], &below[i], &mut above[0], blocks.clone(), after);
        }
    }

    fn forward_tangent(&mut self, Weights { plan, packed }: Weights<T>, blocks: Range<usize>) {
        for (i, (layer, packed)) in plan.layers.iter().zip(packed).enumerate() {
            let (below, above) = self.tangents.split_at_mut(i + 1);
            let after = match (&packed.bias, layer.plus) {
                (Some(_), _) => After::Gate(&self.values[i + 1]),
                (None, Some(level)) => After::Plus(&below[level]),
                (None, None) => After::Nothing,
            };
            apply(&packed.forward, [plan.shapes[i], plan.shapes[i + 1]], &below[i], &mut above[0], blocks.clone(), after);
        }
    }

    fn backward(&mut self, Weights { plan, packed }: Weights<T>, blocks: Range<usize>, of: Of, until: Until) {
        let ends = if of == Of::Value { &mut self.of_value } else { &mut self.of_tangent };
        for i in (0..plan.layers.len()).rev() {
            let (below, above) = self.adjoints.split_at_mut(i + 1);
            let adjoint = |level: usize| if level == plan.layers.len() { &ends.output } else { &above[level - i - 1] };
            let added = plan.layers[i..].iter().position(|layer| layer.plus == Some(i));
            let after = match (plan.is_activated(i), added) {
                (true, _) => After::Gate(&self.values[i]),
                (false, Some(layer)) => After::Plus(adjoint(i + layer + 1)),
                (false, None) => After::Nothing,
            };
            let shapes = [plan.shapes[i + 1], plan.shapes[i]];
            if i > 0 {
                apply(&packed[i].backward, shapes, adjoint(i + 1), &mut below[i], blocks.clone(), after);
            } else if until == Until::Input {
                apply(&packed[i].backward, shapes, adjoint(1), &mut ends.input, blocks.clone(), after);
            }
        }
    }

    fn gradient(&mut self, plan: &ConvPlan, blocks: Range<usize>, gradient: &mut [T]) {
        for (i, layer) in plan.layers.iter().enumerate() {
            let delta = if i + 1 == plan.layers.len() { &self.of_value.output } else { &self.adjoints[i + 1] };
            let shapes = [plan.shapes[i], plan.shapes[i + 1]];
            add_weights(&layer.map, shapes, delta, &self.values[i], blocks.clone(), &mut self.scratch, gradient);
            if let Some(at) = &layer.bias {
                add_bias(shapes[1], delta, None, blocks.clone(), &mut gradient[at.clone()]);
            }
        }
    }

    /// ẋ ← e·x + ẋ at every level that meets weights, with e the output's adjoint of a sample: see `mlp`'s gradient in pieces.
    fn mix(&mut self, plan: &ConvPlan, blocks: Range<usize>) {
        let errors = &self.of_value.output;
        for (i, layer) in plan.layers.iter().enumerate() {
            if matches!(layer.map, Map::Up | Map::Down) {
                continue;
            }
            let shape = plan.shapes[i];
            let row = shape.side * shape.each;
            let numbers = blocks.start * shape.features()..blocks.end * shape.features();
            let values = self.values[i][numbers.clone()].par_chunks(row);
            self.tangents[i][numbers].par_chunks_mut(row).zip(values).enumerate().for_each(|(task, (tangents, values))| {
                let error = errors[blocks.start + task / (shape.groups * shape.side)];
                for (tangent, value) in tangents.iter_mut().zip(values) {
                    for lane in 0..LANES {
                        tangent[lane] += error[lane] * value[lane];
                    }
                }
            });
        }
    }

    fn gradient_of_mixed(&mut self, plan: &ConvPlan, blocks: Range<usize>, gradient: &mut [T]) {
        let errors = &self.of_value.output;
        for (i, layer) in plan.layers.iter().enumerate() {
            let delta = if i + 1 == plan.layers.len() { &self.of_tangent.output } else { &self.adjoints[i + 1] };
            let shapes = [plan.shapes[i], plan.shapes[i + 1]];
            add_weights(&layer.map, shapes, delta, &self.tangents[i], blocks.clone(), &mut self.scratch, gradient);
            if let Some(at) = &layer.bias {
                add_bias(shapes[1], delta, Some(errors), blocks.clone(), &mut gradient[at.clone()]);
            }
        }
    }
}
