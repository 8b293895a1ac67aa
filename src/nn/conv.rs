//! Convolutions without bias.

use std::ops::Range;

use burn::tensor::Tensor;
use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};

use super::dual::Dual;
use super::params::{Init, Layout, Param, Weights};

/// A k x k convolution that keeps the resolution, or halves it with stride 2. Tangent: the same convolution.
#[derive(Debug, Clone)]
pub struct Conv {
    weight: Param<4>,
    kernel: usize,
    groups: usize,
    stride: usize,
}

impl Conv {
    /// Declares `{name}.weight` of shape `[out, in / groups, k, k]` with N(0, gain²/fan_in); gain 0 begins at zero.
    pub fn new(layout: &mut Layout, name: &str, [inputs, outputs]: [usize; 2], kernel: usize, groups: usize, gain: f64) -> Self {
        let fan_in = inputs / groups * kernel * kernel;
        let init = if gain == 0.0 { Init::Zeros } else { Init::fan_in(gain, fan_in) };
        let weight = layout.weight(format!("{name}.weight"), [outputs, inputs / groups, kernel, kernel], init);
        Self { weight, kernel, groups, stride: 1 }
    }

    /// The same at every so many pixels only.
    pub fn with_stride(self, stride: usize) -> Self {
        Self { stride, ..self }
    }

    /// Channels that come out.
    pub fn outputs(&self) -> usize {
        self.weight.shape()[0]
    }

    /// Where its weight lies in the network's vector.
    pub fn place(&self, layout: &Layout) -> Range<usize> {
        layout.place(&self.weight)
    }

    /// `[batch, in, h, w]` → `[batch, out, h/stride, w/stride]`.
    pub fn forward(&self, weights: &Weights, x: Dual<4>) -> Dual<4> {
        let weight = weights.get(&self.weight);
        if self.kernel == 1 && self.groups == 1 && self.stride == 1 {
            return x.linear(|x| pointwise(weight.clone(), x));
        }
        let pad = self.kernel / 2;
        x.linear(|x| conv2d(x, weight.clone(), None, ConvOptions::new([self.stride; 2], [pad, pad], [1, 1], self.groups)))
    }
}

/// A 1x1 convolution as a product with each image's `[in, h·w]`: no unfolding, and both gradients are products again.
fn pointwise(weight: Tensor<4>, x: Tensor<4>) -> Tensor<4> {
    let ([outputs, inputs, _, _], [batch, _, height, width]) = (weight.dims(), x.dims());
    let weight: Tensor<3> = weight.reshape([1, outputs, inputs]);
    weight.matmul(x.reshape([batch, inputs, height * width])).reshape([batch, outputs, height, width])
}

/// A 4x4 convolution of stride 2 that halves the resolution (DCGAN's D). Tangent: the same convolution.
#[derive(Debug, Clone)]
pub struct Halve(Param<4>);

impl Halve {
    /// Declares `{name}.weight` of shape `[out, in, 4, 4]` with N(0, gain²/fan_in).
    pub fn new(layout: &mut Layout, name: &str, [inputs, outputs]: [usize; 2], gain: f64) -> Self {
        Self(layout.weight(format!("{name}.weight"), [outputs, inputs, 4, 4], Init::fan_in(gain, inputs * 16)))
    }

    /// `[batch, in, 2h, 2w]` → `[batch, out, h, w]`.
    pub fn forward(&self, weights: &Weights, x: Dual<4>) -> Dual<4> {
        let weight = weights.get(&self.0);
        x.linear(|x| conv2d(x, weight.clone(), None, ConvOptions::new([2, 2], [1, 1], [1, 1], 1)))
    }
}

/// A transposed 4x4 convolution of stride 2 that doubles the resolution (DCGAN's G).
#[derive(Debug, Clone)]
pub struct Double(Param<4>);

impl Double {
    /// Declares `{name}.weight` of shape `[in, out, 4, 4]`; each output sums a quarter of the kernel over `in` channels, so N(0, gain²/4in).
    pub fn new(layout: &mut Layout, name: &str, [inputs, outputs]: [usize; 2], gain: f64) -> Self {
        Self(layout.weight(format!("{name}.weight"), [inputs, outputs, 4, 4], Init::fan_in(gain, inputs * 4)))
    }

    /// `[batch, in, h, w]` → `[batch, out, 2h, 2w]`.
    pub fn forward(&self, weights: &Weights, x: Dual<4>) -> Dual<4> {
        let weight = weights.get(&self.0);
        let options = ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1);
        x.linear(|x| conv_transpose2d(x, weight.clone(), None, options.clone()))
    }
}
