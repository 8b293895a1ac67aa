//! Multilayer perceptron: the network of the 2-D toys, the same shape for G and D.

use super::NetworkConfig;
use crate::nn::activation::Activation;
use crate::nn::dual::Dual;
use crate::nn::linear::Linear;
use crate::nn::norm::{Norm, Normalise};
use crate::nn::params::{Layout, Weights};

/// `inputs` → (`width`, norm, activation) x `depth`. Parameters `layers.{i}.weight`, `layers.{i}.bias`, and `norms.{i}` where there is a norm.
#[derive(Debug, Clone)]
pub struct Hidden {
    layers: Vec<(Linear, Option<Normalise>)>,
    activation: Activation,
}

impl Hidden {
    /// Declares its parameters. `first` is the norm of the first layer.
    pub fn new(layout: &mut Layout, size: NetworkConfig, inputs: usize, first: Norm) -> Self {
        let layer = |i: usize| {
            let (inputs, norm) = if i == 0 { (inputs, first) } else { (size.width, size.norm) };
            let linear = Linear::new(layout, &format!("layers.{i}"), inputs, size.width, size.activation.gain());
            (linear, Normalise::new(layout, norm, &format!("norms.{i}"), size.width))
        };
        Self { layers: (0..size.depth).map(layer).collect(), activation: size.activation }
    }

    /// Its widths from the input on, and what follows each layer: what the fused loops need to know, where there is no norm.
    pub fn sizes(&self) -> (Vec<usize>, Activation) {
        let widths = self.layers.iter().map(|(linear, _)| linear.sizes());
        let inputs = widths.clone().take(1).map(|[_, inputs]| inputs);
        (inputs.chain(widths.map(|[outputs, _]| outputs)).collect(), self.activation)
    }

    /// `[batch, inputs]` → `[batch, width]`.
    pub fn forward(&self, weights: &Weights, x: Dual<2>) -> Dual<2> {
        self.layers.iter().fold(x, |x, (linear, norm)| {
            let h = linear.forward(weights, x);
            let h = match norm {
                Some(norm) => norm.points(weights, h),
                None => h,
            };
            self.activation.forward(h)
        })
    }
}

/// Hidden layers and a linear output `layers.{depth}`.
#[derive(Debug, Clone)]
pub struct Mlp {
    hidden: Hidden,
    output: Linear,
}

impl Mlp {
    /// Declares its parameters.
    pub fn new(layout: &mut Layout, size: NetworkConfig, inputs: usize, outputs: usize) -> Self {
        let hidden = Hidden::new(layout, size, inputs, size.norm);
        let output = Linear::new(layout, &format!("layers.{}", size.depth), size.width, outputs, 1.0);
        Self { hidden, output }
    }

    /// As [`Hidden::sizes`], with the output.
    pub fn sizes(&self) -> (Vec<usize>, Activation) {
        let (mut sizes, activation) = self.hidden.sizes();
        sizes.push(self.output.sizes()[0]);
        (sizes, activation)
    }

    /// `[batch, inputs]` → `[batch, outputs]`.
    pub fn forward(&self, weights: &Weights, x: Dual<2>) -> Dual<2> {
        self.output.forward(weights, self.hidden.forward(weights, x))
    }
}
