//! Multilayer perceptron: the network of the 2-D toys, the same shape for G and D.

use super::NetworkConfig;
use crate::kernel;
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

    /// The same for the fused loops with a linear layer to `outputs`, where there is no norm.
    pub fn plan(&self, outputs: usize) -> kernel::Mlp {
        let widths = self.layers.iter().map(|(linear, _)| linear.sizes());
        let inputs = widths.clone().take(1).map(|[_, inputs]| inputs);
        let sizes: Vec<usize> = inputs.chain(widths.map(|[outputs, _]| outputs)).chain([outputs]).collect();
        kernel::Mlp::new(&sizes, self.activation).expect("a valid config has no empty layer")
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

    /// The same for the fused loops, where there is no norm.
    pub fn plan(&self) -> kernel::Mlp {
        let [outputs, _] = self.output.sizes();
        self.hidden.plan(outputs)
    }

    /// `[batch, inputs]` → `[batch, outputs]`.
    pub fn forward(&self, weights: &Weights, x: Dual<2>) -> Dual<2> {
        self.output.forward(weights, self.hidden.forward(weights, x))
    }
}
