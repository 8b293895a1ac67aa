//! Adversarial objectives, as functions of critic logits.
//!
//! `real` and `fake` have shape `[batch]`; larger means "more real". Each loss is a mean over the batch, computed from logits with
//! sp(t) = softplus(t) = log(1 + eᵗ), never as log(sigmoid). A new objective is a variant here, its two formulas and a row of the test.

use burn::tensor::Tensor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the two networks play for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// Non-saturating (Goodfellow 2014). D: E sp(−D(x)) + E sp(D(g)). G: E sp(−D(g)).
    NonSaturating,
    /// Relativistic pairs, RpGAN (Jolicoeur-Martineau 2018): each fake is judged against a real, not against a constant.
    /// D: E sp(−(D(x) − D(g))). G: E sp(−(D(g) − D(x))).
    Rpgan,
}

impl Objective {
    /// The critic's loss, shape `[1]`.
    pub fn critic(self, real: Tensor<1>, fake: Tensor<1>) -> Tensor<1> {
        match self {
            Self::NonSaturating => softplus(-real).mean() + softplus(fake).mean(),
            Self::Rpgan => softplus(fake - real).mean(),
        }
    }

    /// The generator's loss, shape `[1]`. `real` is read only where [`Self::generator_needs_reals`].
    pub fn generator(self, real: Option<Tensor<1>>, fake: Tensor<1>) -> Tensor<1> {
        match (self, real) {
            (Self::NonSaturating, _) => softplus(-fake).mean(),
            (Self::Rpgan, Some(real)) => softplus(real - fake).mean(),
            (Self::Rpgan, None) => unreachable!("the game passes reals where generator_needs_reals says so"),
        }
    }

    /// Whether the generator's loss compares with a real batch.
    pub fn generator_needs_reals(self) -> bool {
        matches!(self, Self::Rpgan)
    }
}

/// sp(t) = (t + |t|)/2 + log(1 + e^(−|t|)): no overflow, and fewer operations than burn's thresholded composite.
///
/// Not max(t, 0) + …: at t = 0 automatic differentiation takes max' = 0 and |t|' = 0 and would give the slope 0 instead of ½, on which a critic that
/// begins at zero would never move.
pub fn softplus<const D: usize>(t: Tensor<D>) -> Tensor<D> {
    let size = t.clone().abs();
    (t + size.clone()) * 0.5 + (-size).exp().log1p()
}
