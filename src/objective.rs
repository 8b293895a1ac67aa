//! Adversarial objectives, as functions of critic logits.
//!
//! `real` and `fake` have shape `[batch]`; larger means "more real". Each loss is a mean over the batch, computed from logits with
//! sp(t) = softplus(t) = log(1 + eᵗ), never as log(sigmoid). A new objective is a variant here, its two formulas and a row of the test;
//! page and command line then show it by themselves. Its games are trained over burn's tensors until `kernel/loss.rs` knows its derivatives too.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the two networks play for.
///
/// In the schema each variant carries its `title`, and as `x-neutral` the logit at which the optimal critic calls real and fake equally likely; a critic without
/// one is known up to a constant only, and the page draws it relative to its mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// The game as first written (Goodfellow 2014); G's gradient vanishes where D is sure. D: E sp(−D(x)) + E sp(D(g)). G: −E sp(D(g)) = E log(1 − σ(D(g))).
    #[schemars(title = "Minimax (saturating)", extend("x-neutral" = 0.0))]
    Minimax,
    /// Non-saturating (Goodfellow 2014). D: E sp(−D(x)) + E sp(D(g)). G: E sp(−D(g)).
    #[schemars(title = "Non-saturating", extend("x-neutral" = 0.0))]
    NonSaturating,
    /// Least squares (Mao 2017) with a = 0, b = c = 1 on the raw output. D: ½E(D(x) − 1)² + ½E D(g)². G: ½E(D(g) − 1)².
    #[schemars(title = "Least squares (LSGAN)", extend("x-neutral" = 0.5))]
    Lsgan,
    /// Wasserstein (Arjovsky 2017); only with a critic whose slope is bounded, by a gradient penalty say. D: E D(g) − E D(x). G: −E D(g).
    #[schemars(title = "Wasserstein (WGAN)")]
    Wgan,
    /// Hinge (Lim & Ye 2017; SAGAN, BigGAN). D: E relu(1 − D(x)) + E relu(1 + D(g)). G: −E D(g).
    #[schemars(title = "Hinge", extend("x-neutral" = 0.0))]
    Hinge,
    /// Relativistic pairs, RpGAN (Jolicoeur-Martineau 2018): each fake is judged against a real, not against a constant.
    /// D: E sp(−(D(x) − D(g))). G: E sp(−(D(g) − D(x))).
    #[schemars(title = "Relativistic (RpGAN)")]
    Rpgan,
    /// Relativistic average, RaGAN (Jolicoeur-Martineau 2018): each sample is judged against the mean of the other side.
    /// D: E sp(−(D(x) − E D(g))) + E sp(D(g) − E D(x)). G: E sp(D(x) − E D(g)) + E sp(−(D(g) − E D(x))).
    #[schemars(title = "Relativistic average (RaGAN)")]
    Ragan,
    /// Kullback-Leibler f-GAN (Nowozin 2016); the optimal critic is 1 + log(p/q). D: E exp(D(g) − 1) − E D(x). G: −E exp(D(g) − 1).
    #[schemars(title = "KL f-GAN", extend("x-neutral" = 1.0))]
    KlFgan,
}

impl Objective {
    /// The critic's loss, shape `[1]`. `real_label` is the target on reals, 1 unless labels are smoothed ([`Self::smooths_labels`]).
    pub fn critic(self, real: Tensor<1>, fake: Tensor<1>, real_label: f64) -> Tensor<1> {
        match self {
            Self::Minimax | Self::NonSaturating => likelihood(real, real_label) + softplus(fake).mean(),
            Self::Lsgan => ((real - real_label).square().mean() + fake.square().mean()) * 0.5,
            Self::Wgan => fake.mean() - real.mean(),
            Self::Hinge => relu(-real + 1.0).mean() + relu(fake + 1.0).mean(),
            Self::Rpgan => softplus(fake - real).mean(),
            Self::Ragan => relativistic_average(real, fake),
            Self::KlFgan => (fake - 1.0).exp().mean() - real.mean(),
        }
    }

    /// The generator's loss, shape `[1]`. `real` is read only where [`Self::generator_needs_reals`].
    pub fn generator(self, real: Option<Tensor<1>>, fake: Tensor<1>) -> Tensor<1> {
        match (self, real) {
            (Self::Minimax, _) => -softplus(fake).mean(),
            (Self::NonSaturating, _) => softplus(-fake).mean(),
            (Self::Lsgan, _) => (fake - 1.0).square().mean() * 0.5,
            (Self::Wgan | Self::Hinge, _) => -fake.mean(),
            (Self::KlFgan, _) => -(fake - 1.0).exp().mean(),
            (Self::Rpgan, Some(real)) => softplus(real - fake).mean(),
            (Self::Ragan, Some(real)) => relativistic_average(fake, real),
            (Self::Rpgan | Self::Ragan, None) => unreachable!("the game passes reals where generator_needs_reals says so"),
        }
    }

    /// D*: the output of the best critic where the data have density `p` and the fakes `q`, not both 0; ±∞ where it is sure. Of RpGAN, whose critic is known up to a
    /// constant, the one that is 0 where both are equally dense. None where D* does not follow from p and q at the point alone.
    pub fn optimum(self, p: f64, q: f64, real_label: f64) -> Option<f64> {
        match self {
            Self::Minimax | Self::NonSaturating => Some(libm::log(real_label * p / ((1.0 - real_label) * p + q))),
            Self::Lsgan => Some(real_label * p / (p + q)),
            Self::Hinge => Some(if p > q { 1.0 } else { -1.0 }),
            Self::Rpgan => Some(libm::log(p / q)),
            Self::KlFgan => Some(1.0 + libm::log(p / q)),
            Self::Wgan | Self::Ragan => None,
        }
    }

    /// The logit at which the best critic calls real and fake equally likely; none where a critic is known up to a constant only. The schema's `x-neutral` is the same.
    pub fn neutral(self) -> Option<f64> {
        match self {
            Self::Minimax | Self::NonSaturating | Self::Hinge => Some(0.0),
            Self::Lsgan => Some(0.5),
            Self::KlFgan => Some(1.0),
            Self::Wgan | Self::Rpgan | Self::Ragan => None,
        }
    }

    /// How often D is right, shape `[1]`: ½P(D(x) > c) + ½P(D(g) < c) with c = [`Self::neutral`], and P(D(x) > D(g)) over pairs where there is none; ties count half.
    pub fn accuracy(self, real: Tensor<1>, fake: Tensor<1>) -> Tensor<1> {
        let signs = match self.neutral() {
            Some(c) => (real - c).sign().mean() + (-fake + c).sign().mean(),
            None => (real - fake).sign().mean() * 2.0,
        };
        signs * 0.25 + 0.5
    }

    /// E sign(D(x) − c) on reals, shape `[1]`, with c = [`Self::neutral`], and of D(x) − D(g) over pairs where there is none: ADA's measure of overfitting (Karras 2020).
    pub fn overfitting(self, real: Tensor<1>, fake: Tensor<1>) -> Tensor<1> {
        match self.neutral() {
            Some(c) => (real - c).sign().mean(),
            None => (real - fake).sign().mean(),
        }
    }

    /// Whether the loss has a target on reals that one-sided label smoothing (Salimans 2016) can lower.
    pub fn smooths_labels(self) -> bool {
        matches!(self, Self::Minimax | Self::NonSaturating | Self::Lsgan)
    }

    /// Whether D's loss has no lower bound unless D's slope is bounded.
    pub fn needs_bounded_slope(self) -> bool {
        matches!(self, Self::Wgan)
    }

    /// Whether the generator's loss compares with a real batch.
    pub fn generator_needs_reals(self) -> bool {
        matches!(self, Self::Rpgan | Self::Ragan)
    }
}

/// −E[t·log σ(D) + (1 − t)·log(1 − σ(D))] = E[t·sp(−D) + (1 − t)·sp(D)]: the fakes keep the target 0, which is what makes smoothing one-sided.
fn likelihood(real: Tensor<1>, target: f64) -> Tensor<1> {
    if target == 1.0 {
        return softplus(-real).mean();
    }
    softplus(-real.clone()).mean() * target + softplus(real).mean() * (1.0 - target)
}

/// E sp(−(a − E b)) + E sp(b − E a): small where every `a` lies above the mean of `b`, and every `b` below that of `a`.
fn relativistic_average(a: Tensor<1>, b: Tensor<1>) -> Tensor<1> {
    let (mean_a, mean_b) = (a.clone().mean(), b.clone().mean());
    softplus(mean_b - a).mean() + softplus(b - mean_a).mean()
}

/// sp(t) = (t + |t|)/2 + log(1 + e^(−|t|)): no overflow, and fewer operations than burn's thresholded composite.
///
/// Not max(t, 0) + …: at t = 0 automatic differentiation takes max' = 0 and |t|' = 0 and would give the slope 0 instead of ½, on which a critic that
/// begins at zero would never move.
pub fn softplus<const D: usize>(t: Tensor<D>) -> Tensor<D> {
    let size = t.clone().abs();
    (t + size.clone()) * 0.5 + (-size).exp().log1p()
}
