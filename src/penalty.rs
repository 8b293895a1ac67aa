//! Gradient penalties, exact with first-order autodiff.
//!
//! For P = Σ φ(‖gᵢ‖²) with gᵢ = ∇ₓD(xᵢ), the gradient in D's parameters is that of Σ⟨∇ₓD(xᵢ), vᵢ⟩ with vᵢ = 2φ'(‖gᵢ‖²)·gᵢ held constant, and
//! ⟨∇ₓD, v⟩ is the tangent that comes out of D when (x, v) goes in. So: one backward to the inputs gives g, its multiple v goes in as tangent, the
//! sum of tangents joins the loss, and one ordinary backward does the rest. Derivation and tangent rules: `docs/penalties.md`.

use burn::tensor::Tensor;

use crate::nn::dual::Dual;

/// R1 and R2 at a joined batch: what they are worth, and the direction whose tangent carries their gradient.
#[derive(Debug, Clone)]
pub struct ZeroCentred {
    /// γ₁/2 · E‖∇D(x)‖², shape `[1]`.
    pub r1: Tensor<1>,
    /// γ₂/2 · E‖∇D(g)‖², shape `[1]`.
    pub r2: Tensor<1>,
    /// v, shape `[2 * batch, features]`; the sum of D's tangents along it has the gradient of R1 + R2.
    pub direction: Tensor<2>,
}

/// ∇ₓ D(x) for each row of `x`, untracked; `critic` must hold constants only.
pub fn input_gradient(critic: impl Fn(Dual<2>) -> Dual<1>, x: Tensor<2>) -> Tensor<2> {
    let x = x.autodiff().require_grad();
    let mut gradients = critic(Dual::plain(x.clone())).value.sum().backward();
    x.grad_remove(&mut gradients).expect("the critic's logits depend on its input")
}

/// R1 (Mescheder 2018) on the first half of the rows, the reals, and R2 on the second half, the fakes.
///
/// γ/2 · E‖g‖²: the squared norm is the **sum** over a sample's elements, the mean is over the batch. v = γ/B · g.
pub fn zero_centred(gradient: Tensor<2>, gamma1: f64, gamma2: f64) -> ZeroCentred {
    let batch = gradient.dims()[0] / 2;
    let (real, fake) = (gradient.clone().slice(0..batch), gradient.slice(batch..2 * batch));
    let scale = |gamma: f64| gamma / batch as f64;
    let value = |gradient: &Tensor<2>, gamma: f64| gradient.clone().square().sum() * (0.5 * scale(gamma));
    ZeroCentred {
        r1: value(&real, gamma1),
        r2: value(&fake, gamma2),
        direction: Tensor::cat(vec![real * scale(gamma1), fake * scale(gamma2)], 0),
    }
}
