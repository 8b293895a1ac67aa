//! What D makes of a sample's features: the logit, and where the game asks for it classes and an information bottleneck.

use burn::tensor::Tensor;
use burn::tensor::activation::{log_softmax, softmax};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::nn::dual::Dual;
use crate::nn::linear::Linear;
use crate::nn::minibatch::{Minibatch, MinibatchFeature};
use crate::nn::params::{Buffer, Init, Layout, Param, Weights};

/// How classes enter the game; any but "none" needs data with classes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Conditioning {
    /// Classes are not looked at.
    #[default]
    None,
    /// cGAN (Mirza & Osindero 2014): the class, one-hot, is joined to z and to D's input.
    #[schemars(title = "Joined (cGAN)")]
    Join,
    /// Projection (Miyato & Koyama 2018): D = ψ(φ(x)) + ⟨e_y, φ(x)⟩; joined to z.
    Projection,
    /// Auxiliary classifier (ACGAN: Odena 2017): both players also minimise the cross-entropy of the class; joined to z.
    #[schemars(title = "Auxiliary classifier (ACGAN)")]
    Acgan,
    /// Semi-supervised K + 1 classes (Salimans 2016): D classifies few labelled samples, its logit is log Σ exp of the class logits; G has no class.
    #[schemars(title = "Semi-supervised (K + 1)")]
    SemiSupervised,
}

impl Conditioning {
    /// Whether G is told a class.
    pub fn tells_generator(self) -> bool {
        matches!(self, Self::Join | Self::Projection | Self::Acgan)
    }

    /// Whether D says which class a sample has.
    pub fn classifies(self) -> bool {
        matches!(self, Self::Acgan | Self::SemiSupervised)
    }

    /// Whether D is told a class.
    pub fn tells_critic(self) -> bool {
        matches!(self, Self::Join | Self::Projection)
    }
}

/// What D says about a batch.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Logits `[batch]`, larger is more real.
    pub logits: Dual<1>,
    /// D's last hidden features `[batch, features]`, for feature matching.
    pub features: Tensor<2>,
    /// Class logits `[batch, classes]`, where D classifies.
    pub classes: Option<Tensor<2>>,
    /// KL(N(μ, σ²) ‖ N(0, 1)) of the bottleneck in nats, `[batch]`, where there is one.
    pub information: Option<Tensor<1>>,
}

impl Judgement {
    /// The rows `start..end`.
    pub fn rows(&self, start: usize, end: usize) -> Self {
        let logits = |t: &Tensor<1>| t.clone().slice(start..end);
        Self {
            logits: Dual { value: logits(&self.logits.value), tangent: self.logits.tangent.as_ref().map(logits) },
            features: self.features.clone().slice(start..end),
            classes: self.classes.as_ref().map(|classes| classes.clone().slice(start..end)),
            information: self.information.as_ref().map(logits),
        }
    }
}

/// What a pass through D is given beside the samples.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// Classes one-hot, `[batch, classes]`, where D is told them.
    pub classes: Option<Tensor<2>>,
    /// Standard normal noise of the bottleneck, `[batch, features]`; without it D sees the mean.
    pub noise: Option<Tensor<2>>,
}

/// What a head is built from.
#[derive(Debug, Clone, Copy)]
pub struct HeadPlan {
    /// Features that come in.
    pub features: usize,
    /// How classes enter.
    pub conditioning: Conditioning,
    /// How many there are.
    pub classes: usize,
    /// What looks at the batch as a whole.
    pub minibatch: MinibatchFeature,
    /// Whether there is an information bottleneck.
    pub bottleneck: bool,
}

/// μ and log σ² of D's features, and the multiplier β of their information (VDB: Peng 2019).
#[derive(Debug, Clone)]
struct Bottleneck {
    mean: Linear,
    log_variance: Linear,
    multiplier: Buffer,
}

impl Bottleneck {
    fn new(layout: &mut Layout, width: usize) -> Self {
        let mut linear = |part: &str| Linear::new(layout, &format!("bottleneck.{part}"), width, width, 1.0);
        let (mean, log_variance) = (linear("mean"), linear("log_variance"));
        Self { mean, log_variance, multiplier: layout.buffer("bottleneck.multiplier", [1], Init::Zeros) }
    }
}

/// features → minibatch features → bottleneck → linear.
#[derive(Debug, Clone)]
pub struct Head {
    minibatch: Option<Minibatch>,
    bottleneck: Option<Bottleneck>,
    logit: Linear,
    embedding: Option<Param<2>>,
    classifier: Option<Linear>,
    conditioning: Conditioning,
    width: usize,
}

impl Head {
    /// Declares its parameters; the linear layer is called `name`.
    pub fn new(layout: &mut Layout, name: &str, bias: bool, plan: HeadPlan) -> Self {
        let minibatch = Minibatch::new(layout, plan.minibatch, plan.features);
        let width = plan.features + minibatch.as_ref().map_or(0, Minibatch::extra);
        let bottleneck = plan.bottleneck.then(|| Bottleneck::new(layout, width));
        let outputs = if plan.conditioning == Conditioning::SemiSupervised { plan.classes } else { 1 };
        let linear = if bias { Linear::new } else { Linear::without_bias };
        let logit = linear(layout, name, width, outputs, 1.0);
        let embedding = (plan.conditioning == Conditioning::Projection)
            .then(|| layout.weight("embedding.weight", [plan.classes, width], Init::fan_in(1.0, width)));
        let classifier = (plan.conditioning == Conditioning::Acgan).then(|| Linear::new(layout, "classifier", width, plan.classes, 1.0));
        Self { minibatch, bottleneck, logit, embedding, classifier, conditioning: plan.conditioning, width }
    }

    /// The layer that gives the logit.
    pub fn logit(&self) -> &Linear {
        &self.logit
    }

    /// Numbers of noise a sample needs: the width of the bottleneck.
    pub fn noise_width(&self) -> Option<usize> {
        self.bottleneck.as_ref().map(|_| self.width)
    }

    /// β(KL − I_c) for the excess KL − I_c, both of shape `[1]`; afterwards β ← max(0, β + α·excess) for α = `rate` (dual ascent).
    pub fn information_cost(&self, weights: &Weights, excess: Tensor<1>, rate: f64) -> Tensor<1> {
        let Some(Bottleneck { multiplier, .. }) = self.bottleneck else { return excess.zeros_like() };
        let beta = weights.buffer(multiplier);
        weights.keep(multiplier, (beta.clone() + excess.clone().inner() * rate).clamp_min(0.0));
        excess * beta
    }

    /// `[batch, features]` → a judgement.
    pub fn forward(&self, weights: &Weights, features: Dual<2>, side: &Side) -> Judgement {
        let seen = features.value.clone();
        let h = match &self.minibatch {
            Some(minibatch) => minibatch.forward(weights, features),
            None => features,
        };
        let (h, information) = self.squeeze(weights, h, side);
        let out = self.logit.forward(weights, h.clone()); // [batch, 1] or [batch, classes]
        let classes = match (&self.classifier, self.conditioning) {
            (Some(classifier), _) => Some(classifier.forward(weights, Dual::plain(h.value.clone())).value),
            (None, Conditioning::SemiSupervised) => Some(out.value.clone()),
            _ => None,
        };
        let mut logits =
            if self.conditioning == Conditioning::SemiSupervised { log_sum_exp(out) } else { out.linear(|t| t.squeeze_dim(1)) };
        if let (Some(embedding), Some(classes)) = (&self.embedding, &side.classes) {
            let chosen = classes.clone().matmul(weights.get(embedding)); // e_y, [batch, width]
            logits = logits + h.linear(|h| (h * chosen.clone()).sum_dim(1).squeeze_dim(1));
        }
        Judgement { logits, features: seen, classes, information }
    }

    /// VDB (Peng 2019): D sees μ + σ·ε; ε = 0 without noise.
    fn squeeze(&self, weights: &Weights, h: Dual<2>, side: &Side) -> (Dual<2>, Option<Tensor<1>>) {
        let Some(Bottleneck { mean, log_variance, .. }) = &self.bottleneck else { return (h, None) };
        let (mean, log_variance) = (mean.forward(weights, h.clone()), log_variance.forward(weights, h));
        let terms = mean.value.clone().square() + log_variance.value.clone().exp() - log_variance.value.clone() - 1.0;
        let information = terms.sum_dim(1).squeeze_dim(1) * 0.5;
        let seen = match &side.noise {
            None => mean,
            Some(noise) => {
                let sigma = (log_variance.value.clone() * 0.5).exp();
                let scaled = sigma * noise.clone();
                mean + log_variance.chain(|_| scaled.clone(), || scaled.clone() * 0.5)
            }
        };
        (seen, Some(information))
    }
}

/// Z = log Σ exp lₖ. Tangent: Σ softmaxₖ·l̇ₖ.
fn log_sum_exp(l: Dual<2>) -> Dual<1> {
    let largest = l.value.clone().inner().max_dim(1); // a constant, so that no exponential overflows
    let value = ((l.value.clone() - largest.clone()).exp().sum_dim(1).log() + largest).squeeze_dim(1);
    let weights = l.value;
    let tangent = l.tangent.map(|t| (softmax(weights, 1) * t).sum_dim(1).squeeze_dim(1));
    Dual { value, tangent }
}

/// Mean cross-entropy in nats of class logits `[batch, classes]` against one-hot classes, shape `[1]`.
pub fn cross_entropy(logits: Tensor<2>, one_hot: Tensor<2>) -> Tensor<1> {
    let [batch, _] = logits.dims();
    -(log_softmax(logits, 1) * one_hot).sum() / batch as f64
}
