//! Activations.

use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::dual::Dual;

/// The negative slope of leaky ReLU in every network here (StyleGAN, R3GAN).
pub const LEAKY_SLOPE: f64 = 0.2;

/// What follows each hidden layer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// x where x > 0, else x/5 (DCGAN, StyleGAN, R3GAN).
    #[default]
    #[schemars(title = "Leaky ReLU")]
    LeakyRelu,
    /// x where x > 0, else 0.
    #[schemars(title = "ReLU")]
    Relu,
    /// x where x > 0, else eˣ − 1 (Clevert 2016): smooth slope.
    #[schemars(title = "ELU")]
    Elu,
    /// tanh(x): smooth, saturates on both sides.
    #[schemars(title = "tanh")]
    Tanh,
    /// x·σ(x) (Ramachandran 2017): smooth.
    #[schemars(title = "Swish")]
    Swish,
}

impl Activation {
    /// The gain that keeps the variance of activations: √(2/1.04), √2, and 5/3 for tanh (PyTorch's table; √2 also for ELU and swish).
    pub fn gain(self) -> f64 {
        match self {
            Self::LeakyRelu => leaky_relu_gain(),
            Self::Relu | Self::Elu | Self::Swish => std::f64::consts::SQRT_2,
            Self::Tanh => 5.0 / 3.0,
        }
    }

    /// y = f(x), ẏ = f'(x)·ẋ.
    pub fn forward<const D: usize>(self, x: Dual<D>) -> Dual<D> {
        match self {
            Self::LeakyRelu => leaky_relu(x),
            Self::Relu => rectified(x, 0.0),
            Self::Elu => elu(x),
            Self::Tanh => {
                let y = x.value.clone().tanh();
                x.chain(|_| y.clone(), || -y.clone().square() + 1.0)
            }
            Self::Swish => {
                let s = sigmoid(x.value.clone());
                let y = x.value.clone() * s.clone();
                x.chain(|_| y.clone(), || s.clone() + y.clone() * (-s + 1.0))
            }
        }
    }
}

/// The gain that keeps the variance through a leaky ReLU: √(2 / (1 + slope²)).
pub fn leaky_relu_gain() -> f64 {
    (2.0 / (1.0 + LEAKY_SLOPE * LEAKY_SLOPE)).sqrt()
}

/// y = x where x > 0, else slope·x. Tangent: ẏ = ẋ times the same factor, exact but at 0.
pub fn leaky_relu<const D: usize>(x: Dual<D>) -> Dual<D> {
    rectified(x, LEAKY_SLOPE)
}

/// The factor is a constant of the graph, so value, tangent and both backwards are one multiplication each; burn's own leaky ReLU records a mask
/// and would have to compute it a second time for the tangent.
fn rectified<const D: usize>(x: Dual<D>, slope: f64) -> Dual<D> {
    let factor = positive(x.value.clone()) * (1.0 - slope) + slope;
    x.linear(|x| x * factor.clone())
}

/// eˣ − 1 is taken of min(x, 0) only: eˣ of a large x would be infinite, and its slope, though masked, NaN.
fn elu<const D: usize>(x: Dual<D>) -> Dual<D> {
    let above = positive(x.value.clone());
    let below = -above.clone() + 1.0;
    let exp = (x.value.clone() * below.clone()).exp(); // 1 where x > 0
    x.chain(|x| x * above.clone() + (exp.clone() - 1.0), || exp.clone() * below + above.clone())
}

/// 1 where x > 0, else 0; a constant.
fn positive<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let x = x.inner();
    let dtype = x.dtype();
    x.greater_elem(0.0).float().cast(dtype)
}
