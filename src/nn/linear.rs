//! Fully connected layer.

use std::ops::Range;

use super::dual::Dual;
use super::params::{Init, Layout, Param, Weights};

/// y = x Wᵀ + b, with W of shape `[out, in]` as in PyTorch. Tangent: ẏ = ẋ Wᵀ.
#[derive(Debug, Clone)]
pub struct Linear {
    weight: Param<2>,
    bias: Option<Param<1>>,
}

impl Linear {
    /// Declares `{name}.weight` and `{name}.bias`; W ~ N(0, gain²/in), b = 0.
    pub fn new(layout: &mut Layout, name: &str, inputs: usize, outputs: usize, gain: f64) -> Self {
        let mut linear = Self::without_bias(layout, name, inputs, outputs, gain);
        linear.bias = Some(layout.param(format!("{name}.bias"), [outputs], Init::Zeros));
        linear
    }

    /// Declares `{name}.weight` alone.
    pub fn without_bias(layout: &mut Layout, name: &str, inputs: usize, outputs: usize, gain: f64) -> Self {
        let weight = layout.weight(format!("{name}.weight"), [outputs, inputs], Init::fan_in(gain, inputs));
        Self { weight, bias: None }
    }

    /// Outputs and inputs.
    pub fn sizes(&self) -> [usize; 2] {
        self.weight.shape()
    }

    /// Where its weight lies in the network's vector.
    pub fn place(&self, layout: &Layout) -> Range<usize> {
        layout.place(&self.weight)
    }

    /// `[batch, in]` → `[batch, out]`.
    pub fn forward(&self, weights: &Weights, x: Dual<2>) -> Dual<2> {
        let transposed = weights.get(&self.weight).transpose(); // [in, out]
        let y = x.linear(|x| x.matmul(transposed.clone()));
        match &self.bias {
            Some(bias) => y.offset(weights.get(bias).unsqueeze_dim(0)), // [1, out]
            None => y,
        }
    }
}
