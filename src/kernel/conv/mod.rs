//! Convolutional networks in the fused loops, as far as they are linear in pieces: the R3GAN family.
//!
//! Blocks of 32 samples, like those of `mlp`, with planes of pixels: a 1x1 convolution is a fully connected layer at each pixel, a 3x3 one the same over its nine
//! neighbours, so both are the products of `loops` without copies. Rows of pixels are shared out among the cores; no sum depends on their number.

pub mod example;
mod gradient;
mod packed;
mod plan;
mod resample;
mod rows;
mod tape;
#[cfg(test)]
mod tests;

use std::ops::Range;

use packed::Packed;
use tape::{Tape, Weights};

use super::network::{Ends, Network, Pass};
use super::real::Real;

pub use plan::{Block, ConvPlan, Layer, Map, Shape};

/// A convolutional network in the fused loops.
#[derive(Debug)]
pub struct ConvNetwork<T> {
    plan: ConvPlan,
    packed: Vec<Packed<T>>,
    tape: Tape<T>,
}

impl<T: Real> ConvNetwork<T> {
    /// Without room yet.
    pub fn new(plan: ConvPlan) -> Self {
        Self { packed: Packed::all(&plan), tape: Tape::new(&plan), plan }
    }
}

impl<T: Real> Network<T> for ConvNetwork<T> {
    fn parameters(&self) -> usize {
        self.plan.parameters()
    }

    fn inputs(&self) -> usize {
        self.plan.input().features()
    }

    fn outputs(&self) -> usize {
        self.plan.output().features()
    }

    fn make_room(&mut self, blocks: usize, tangents: bool) {
        self.tape.make_room(&self.plan, blocks, tangents);
    }

    fn pack(&mut self, vector: &[T]) {
        for (i, (layer, packed)) in self.plan.layers.iter().zip(&mut self.packed).enumerate() {
            packed.take(layer, [self.plan.shapes[i], self.plan.shapes[i + 1]], vector);
        }
    }

    fn pass(&mut self, blocks: Range<usize>, pass: Pass<T>) {
        self.tape.pass(Weights { plan: &self.plan, packed: &self.packed }, blocks, pass);
    }

    fn ends(&mut self) -> Ends<'_, T> {
        self.tape.ends()
    }
}
