//! Weights in the order in which the loops read them.

use super::plan::{ConvPlan, Layer, Map, Shape};
use crate::kernel::real::Real;

/// Taps of a 3x3 kernel.
pub const TAPS: usize = 9;

/// A linear map with its weights at hand, forward or transposed: for each output a row of one weight an input in reach, pixel by pixel, then channel by channel.
#[derive(Debug, Clone)]
pub enum Weighted<T> {
    /// `[out, in]`.
    Pointwise(Vec<T>),
    /// `[out, 3, 3, in of the group]`.
    Grouped(Vec<T>),
    /// U along both axes, times a factor.
    Up(T),
    /// Uᵀ along both axes, times a factor.
    Down(T),
    /// `[groups, side, side, each]`.
    Spread(Vec<T>),
    /// The same.
    Gather(Vec<T>),
}

/// A layer's map, its transposed and its bias.
#[derive(Debug, Clone)]
pub struct Packed<T> {
    pub forward: Weighted<T>,
    pub backward: Weighted<T>,
    pub bias: Option<Vec<T>>,
}

impl<T: Real> Packed<T> {
    /// Room for all layers.
    pub fn all(plan: &ConvPlan) -> Vec<Self> {
        plan.layers.iter().map(Self::new).collect()
    }

    fn new(layer: &Layer) -> Self {
        let room = |len: usize| vec![T::ZERO; len];
        let quarter = T::of(0.25);
        let (forward, backward) = match &layer.map {
            Map::Pointwise(at) => (Weighted::Pointwise(room(at.len())), Weighted::Pointwise(room(at.len()))),
            Map::Grouped(at) => (Weighted::Grouped(room(at.len())), Weighted::Grouped(room(at.len()))),
            Map::Up => (Weighted::Up(T::ONE), Weighted::Down(T::ONE)),
            Map::Down => (Weighted::Down(quarter), Weighted::Up(quarter)),
            Map::Spread(at) => (Weighted::Spread(room(at.len())), Weighted::Gather(room(at.len()))),
            Map::Gather(at) => (Weighted::Gather(room(at.len())), Weighted::Spread(room(at.len()))),
        };
        Self { forward, backward, bias: layer.bias.as_ref().map(|at| room(at.len())) }
    }

    /// Takes a layer's weights from the flat vector.
    pub fn take(&mut self, layer: &Layer, [from, to]: [Shape; 2], vector: &[T]) {
        if let (Some(bias), Some(at)) = (&mut self.bias, &layer.bias) {
            bias.copy_from_slice(&vector[at.clone()]);
        }
        match (&layer.map, &mut self.forward, &mut self.backward) {
            (Map::Pointwise(at), Weighted::Pointwise(forward), Weighted::Pointwise(backward)) => {
                let (inputs, outputs) = (from.channels(), to.channels());
                forward.copy_from_slice(&vector[at.clone()]);
                for (k, &weight) in forward.iter().enumerate() {
                    let (o, i) = (k / inputs, k % inputs);
                    backward[i * outputs + o] = weight;
                }
            }
            (Map::Grouped(at), Weighted::Grouped(forward), Weighted::Grouped(backward)) => {
                for (k, &weight) in vector[at.clone()].iter().enumerate() {
                    let (o, i, tap) = (k / TAPS / to.each, k / TAPS % to.each, k % TAPS);
                    let group = o / to.each;
                    forward[(o * TAPS + tap) * to.each + i] = weight;
                    backward[((group * to.each + i) * TAPS + (TAPS - 1 - tap)) * to.each + o % to.each] = weight;
                }
            }
            (
                Map::Spread(at) | Map::Gather(at),
                Weighted::Spread(one) | Weighted::Gather(one),
                Weighted::Spread(two) | Weighted::Gather(two),
            ) => {
                let shape = if from.side > to.side { from } else { to };
                for (k, &weight) in vector[at.clone()].iter().enumerate() {
                    let place = lane_of(k, shape);
                    (one[place], two[place]) = (weight, weight);
                }
            }
            _ => {} // resampling has no weights
        }
    }
}

/// Where the k-th number of `[channels, side, side]` lies in a level of this shape.
pub const fn lane_of(k: usize, shape: Shape) -> usize {
    let (channel, pixel) = (k / shape.pixels(), k % shape.pixels());
    (channel / shape.each * shape.pixels() + pixel) * shape.each + channel % shape.each
}
