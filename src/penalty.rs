//! Gradient penalties, exact with first-order autodiff.
//!
//! For P = Σ φ(‖gᵢ‖²) with gᵢ = ∇ₓD(xᵢ), the gradient in D's parameters is that of Σ⟨∇ₓD(xᵢ), vᵢ⟩ with vᵢ = 2φ'(‖gᵢ‖²)·gᵢ held constant, and
//! ⟨∇ₓD, v⟩ is the tangent that comes out of D when (x, v) goes in. So: one backward to the inputs gives g, its multiple v goes in as tangent, the
//! sum of tangents joins the loss, and one ordinary backward does the rest. Derivation and tangent rules: `docs/penalties.md`.

use burn::tensor::Tensor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::nn::dual::Dual;

/// Under the root of a norm, so that its slope is finite where the gradient is zero.
pub const EPSILON: f64 = 1e-12;

/// A penalty that pulls ‖∇D‖ to 1 beside the data; R1 and R2 have weights of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum GradientPenalty {
    /// None.
    #[default]
    None,
    /// WGAN-GP (Gulrajani 2017): λE(‖∇D(x̂)‖ − 1)² at x̂ = εx + (1 − ε)g, ε uniform for each pair.
    #[schemars(title = "WGAN-GP")]
    WganGp,
    /// WGAN-LP (Petzka 2018), one-sided: λE relu(‖∇D(x̂)‖ − 1)² at the same points; slopes below 1 are free.
    #[schemars(title = "WGAN-GP, one-sided")]
    WganGpOneSided,
    /// DRAGAN (Kodali 2017): λE(‖∇D(x + αδ)‖ − 1)² around the data, δ = ½·std(X)·U[0, 1] per element, α uniform per sample.
    #[schemars(title = "DRAGAN")]
    Dragan,
}

/// How the slope of D at a point is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// γ/2 · E‖g‖² (Mescheder 2018).
    ZeroCentred {
        /// γ.
        gamma: f64,
    },
    /// λ · E(‖g‖ − 1)², or of relu(‖g‖ − 1) alone.
    UnitSlope {
        /// λ.
        lambda: f64,
        /// Whether slopes below 1 are free.
        one_sided: bool,
    },
}

/// A penalty's value, and the direction whose tangent carries its gradient.
#[derive(Debug, Clone)]
pub struct Penalised {
    /// The penalty, shape `[1]`.
    pub value: Tensor<1>,
    /// v, of the gradient's shape: the sum of D's tangents along it has the gradient of the penalty.
    pub direction: Tensor<2>,
}

/// ∇ₓ ΣD(x) for each row of `x`, untracked; `critic` must hold constants only.
pub fn input_gradient(critic: impl Fn(Dual<2>) -> Dual<1>, x: Tensor<2>) -> Tensor<2> {
    let x = x.autodiff().require_grad();
    let mut gradients = critic(Dual::plain(x.clone())).value.sum().backward();
    x.grad_remove(&mut gradients).expect("the critic's logits depend on its input")
}

impl Rule {
    /// The penalty of gradients `[batch, features]`: the norm is over a sample's elements, the mean over the batch.
    pub fn apply(self, gradient: Tensor<2>) -> Penalised {
        let batch = gradient.dims()[0] as f64;
        match self {
            Self::ZeroCentred { gamma } => {
                Penalised { value: gradient.clone().square().sum() * (0.5 * gamma / batch), direction: gradient * (gamma / batch) }
            }
            Self::UnitSlope { lambda, one_sided } => {
                let norm = (gradient.clone().square().sum_dim(1) + EPSILON).sqrt(); // [batch, 1]
                let excess = norm.clone() - 1.0;
                let excess = if one_sided { excess.clamp_min(0.0) } else { excess };
                let value = excess.clone().square().sum() * (lambda / batch);
                Penalised { value, direction: gradient * (excess / norm) * (2.0 * lambda / batch) }
            }
        }
    }

    /// Whether it weighs anything.
    pub fn is_on(self) -> bool {
        match self {
            Self::ZeroCentred { gamma: weight } | Self::UnitSlope { lambda: weight, .. } => weight > 0.0,
        }
    }
}
