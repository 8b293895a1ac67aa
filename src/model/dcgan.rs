//! The convolutional family of DCGAN (Radford 2016): strided convolutions in D, transposed ones in G; norm and activation are chosen.
//!
//! With w channels at full resolution s and stages at s, s/2, … down to a base of 4 to 7 pixels, a stage at resolution r has w·s/r channels. The paper has
//! batch norm everywhere but at G's output and D's input, ReLU in G, leaky ReLU in D, and tanh at the output.

use burn::tensor::Tensor;

use super::critic::at_input;
use super::{NetworkConfig, resolutions};
use crate::nn::activation::Activation;
use crate::nn::conv::{Double, Halve};
use crate::nn::dual::Dual;
use crate::nn::linear::Linear;
use crate::nn::norm::{Norm, Normalise};
use crate::nn::params::{Init, Layout, Param, Weights};

/// What follows a convolution: a norm, which has a shift of its own, or a bias; then the activation.
#[derive(Debug, Clone)]
struct Finish {
    norm: Option<Normalise>,
    bias: Option<Param<1>>,
    activation: Activation,
}

impl Finish {
    fn new(layout: &mut Layout, kind: Norm, name: &str, channels: usize, activation: Activation) -> Self {
        let norm = Normalise::new(layout, kind, &format!("{name}.norm"), channels);
        let bias = norm.is_none().then(|| layout.param(format!("{name}.bias"), [channels], Init::Zeros));
        Self { norm, bias, activation }
    }

    fn forward(&self, weights: &Weights, x: Dual<4>) -> Dual<4> {
        let x = match &self.bias {
            Some(bias) => x.offset(weights.get(bias).unsqueeze_dims(&[0, 2, 3])),
            None => x,
        };
        let x = match &self.norm {
            Some(norm) => norm.images(weights, x),
            None => x,
        };
        self.activation.forward(x)
    }
}

/// z → linear to the base → (norm, activation, transposed convolution) per doubling → tanh.
#[derive(Debug, Clone)]
pub struct Generator {
    base: [usize; 2],
    linear: Linear,
    stages: Vec<(Finish, Double)>,
    bias: Param<1>,
}

impl Generator {
    /// Declares its parameters.
    pub fn new(layout: &mut Layout, size: NetworkConfig, inputs: usize, [channels, pixels]: [usize; 2]) -> Self {
        let resolutions: Vec<usize> = resolutions(pixels).into_iter().rev().collect();
        let channels_at = |r: usize| size.width * pixels / r;
        let base = [channels_at(resolutions[0]), resolutions[0]];
        let linear = Linear::without_bias(layout, "linear", inputs, base[0] * base[1] * base[1], 1.0);
        let stage = |(i, pair): (usize, &[usize])| {
            let (from, last) = (channels_at(pair[0]), i + 2 == resolutions.len());
            let (to, gain) = if last { (channels, 1.0) } else { (channels_at(pair[1]), size.activation.gain()) };
            let finish = Finish::new(layout, size.norm, &format!("stages.{i}"), from, size.activation);
            (finish, Double::new(layout, &format!("stages.{i}.up"), [from, to], gain))
        };
        let stages = resolutions.windows(2).enumerate().map(stage).collect();
        let bias = layout.param("bias", [channels], Init::Zeros);
        Self { base, linear, stages, bias }
    }

    /// `[batch, inputs]` → `[batch, channels * size * size]`.
    pub fn forward(&self, weights: &Weights, z: Tensor<2>) -> Tensor<2> {
        let [batch, _] = z.dims();
        let [channels, pixels] = self.base;
        let h = self.linear.forward(weights, Dual::plain(z)).linear(|h| h.reshape([batch, channels, pixels, pixels]));
        let h = self.stages.iter().fold(h, |h, (finish, up)| up.forward(weights, finish.forward(weights, h)));
        h.offset(weights.get(&self.bias).unsqueeze_dims(&[0, 2, 3])).value.tanh().flatten(1, 3)
    }
}

/// Pixels → (halving convolution, norm, activation) per halving → flattened features.
#[derive(Debug, Clone)]
pub struct Features {
    image: [usize; 2],
    stages: Vec<(Halve, Finish)>,
}

impl Features {
    /// Declares its parameters.
    pub fn new(layout: &mut Layout, size: NetworkConfig, image: [usize; 2]) -> Self {
        let [channels, pixels] = image;
        let channels_at = |r: usize| size.width * pixels / r;
        let stage = |(i, pair): (usize, &[usize])| {
            let (from, norm) = if i == 0 { (channels, at_input(size.norm)) } else { (channels_at(pair[0]), size.norm) };
            let to = channels_at(pair[1]);
            let down = Halve::new(layout, &format!("stages.{i}.down"), [from, to], size.activation.gain());
            (down, Finish::new(layout, norm, &format!("stages.{i}"), to, size.activation))
        };
        Self { image, stages: resolutions(pixels).windows(2).enumerate().map(stage).collect() }
    }

    /// Features of a sample.
    pub fn len(&self, size: NetworkConfig) -> usize {
        let base = *resolutions(self.image[1]).last().expect("there is a full resolution");
        size.width * self.image[1] / base * base * base
    }

    /// `[batch, channels * size * size]` → `[batch, features]`.
    pub fn forward(&self, weights: &Weights, x: Dual<2>) -> Dual<2> {
        let [channels, pixels] = self.image;
        let [batch, _] = x.value.dims();
        let h = x.linear(|x| x.reshape([batch, channels, pixels, pixels]));
        let h = self.stages.iter().fold(h, |h, (down, finish)| finish.forward(weights, down.forward(weights, h)));
        h.linear(|h| h.flatten(1, 3))
    }
}
