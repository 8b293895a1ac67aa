//! Multilayer perceptron: the network of the 2-D toys, the same shape for G and D.

use super::NetworkConfig;
use crate::nn::activation::{leaky_relu, leaky_relu_gain};
use crate::nn::dual::Dual;
use crate::nn::linear::Linear;
use crate::nn::params::{Layout, Weights};

/// `inputs` → (`width`, leaky ReLU) x `depth` → `outputs`. Parameters `layers.{i}.weight`, `layers.{i}.bias`.
#[derive(Debug, Clone)]
pub struct Mlp {
    hidden: Vec<Linear>,
    output: Linear,
}

impl Mlp {
    /// Declares its parameters.
    pub fn new(layout: &mut Layout, NetworkConfig { width, depth }: NetworkConfig, inputs: usize, outputs: usize) -> Self {
        let inputs_of = |layer: usize| if layer == 0 { inputs } else { width };
        let hidden = (0..depth).map(|i| Linear::new(layout, &format!("layers.{i}"), inputs_of(i), width, leaky_relu_gain())).collect();
        let output = Linear::new(layout, &format!("layers.{depth}"), width, outputs, 1.0);
        Self { hidden, output }
    }

    /// `[batch, inputs]` → `[batch, outputs]`.
    pub fn forward(&self, weights: &Weights, x: Dual<2>) -> Dual<2> {
        let last = self.hidden.iter().fold(x, |x, layer| leaky_relu(layer.forward(weights, x)));
        self.output.forward(weights, last)
    }
}
