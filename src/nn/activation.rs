//! Activations.

use burn::tensor::Tensor;

use super::dual::Dual;

/// The negative slope of leaky ReLU in every network here (StyleGAN, R3GAN).
pub const LEAKY_SLOPE: f64 = 0.2;

/// The gain that keeps the variance through a leaky ReLU: √(2 / (1 + slope²)).
pub fn leaky_relu_gain() -> f64 {
    (2.0 / (1.0 + LEAKY_SLOPE * LEAKY_SLOPE)).sqrt()
}

/// y = x where x > 0, else slope·x. Tangent: ẏ = ẋ times the same factor, exact but at 0.
///
/// The factor is a constant of the graph, so value, tangent and both backwards are one multiplication each; burn's own leaky ReLU records a mask
/// and would have to compute it a second time for the tangent.
pub fn leaky_relu<const D: usize>(x: Dual<D>) -> Dual<D> {
    let slope = slope_at(x.value.clone().inner());
    Dual { value: x.value * slope.clone(), tangent: x.tangent.map(|t| t * slope) }
}

fn slope_at<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let dtype = x.dtype();
    x.greater_elem(0.0).float().cast(dtype) * (1.0 - LEAKY_SLOPE) + LEAKY_SLOPE
}
