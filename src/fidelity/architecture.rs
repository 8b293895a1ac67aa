//! What all classifiers have in common, whatever their layers are.

use std::fmt::Debug;

use burn::tensor::Tensor;

use crate::nn::params::{Layout, Weights};

/// Classes that each of them tells apart.
pub const CLASSES: usize = 10;

/// A classifier as a description that holds no numbers: what it sees, what it makes of it, and the names of its parameters.
pub trait Architecture: Debug {
    /// `[channels, height, width]` of an image that it sees.
    fn shape(&self) -> [usize; 3];

    /// Width of the layer before the classes: what images are measured by.
    fn features(&self) -> usize;

    /// Names, shapes and order of its parameters and of what it keeps beside them.
    fn layout(&self) -> &Layout;

    /// Pixels −1..1 `[batch, channels, height, width]` → features `[batch, features]` and logits `[batch, 10]`.
    fn forward(&self, weights: &Weights, pixels: Tensor<4>) -> (Tensor<2>, Tensor<2>);
}
