//! Normalisation layers, for points `[batch, channels]` and images `[batch, channels, h, w]`.

use burn::tensor::Tensor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::dual::Dual;
use super::params::{Buffer, Init, Layout, Param, Weights};

/// Added to variances under the root (PyTorch's value).
const EPSILON: f64 = 1e-5;
/// Weight of the newest batch in running statistics (PyTorch's value).
const MOMENTUM: f64 = 0.1;
/// Groups of group normalisation.
pub const GROUPS: usize = 8;
/// Latents of the reference batch of virtual batch normalisation.
pub const REFERENCE: usize = 64;

/// What normalises each hidden layer before its activation; each has a learned scale and shift per channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// Nothing (R3GAN, WGAN-GP's critic).
    #[default]
    None,
    /// Over the batch (Ioffe & Szegedy 2015, DCGAN); samples use running statistics. In D it excludes gradient penalties, because it mixes samples.
    #[schemars(title = "Batch norm")]
    Batch,
    /// Over one sample's units (Ba 2016).
    #[schemars(title = "Layer norm")]
    Layer,
    /// Over one image's pixels, channel by channel (Ulyanov 2016); images only.
    #[schemars(title = "Instance norm")]
    Instance,
    /// Over 8 groups of one sample's channels (Wu & He 2018).
    #[schemars(title = "Group norm")]
    Group,
    /// Over a fixed reference batch of 64 latents and the sample itself (Salimans 2016); generator only.
    #[schemars(title = "Virtual batch norm")]
    VirtualBatch,
}

/// y = γ·(x − μ)/√(var + 1e-5) + β; which elements share μ and var is the kind's. Tangent: ẏ = γ·(ẋ − mean ẋ − x̂·mean(x̂ẋ))/√(var + 1e-5).
#[derive(Debug, Clone)]
pub struct Normalise {
    kind: Norm,
    gamma: Param<1>,
    beta: Param<1>,
    /// Running mean and variance of batch normalisation.
    running: Option<[Buffer; 2]>,
}

impl Normalise {
    /// Declares `{name}.weight` (γ = 1) and `{name}.bias` (β = 0), and for batch norm `running_mean` and `running_var`; nothing for [`Norm::None`].
    pub fn new(layout: &mut Layout, kind: Norm, name: &str, channels: usize) -> Option<Self> {
        if kind == Norm::None {
            return None;
        }
        let gamma = layout.param(format!("{name}.weight"), [channels], Init::Ones);
        let beta = layout.param(format!("{name}.bias"), [channels], Init::Zeros);
        let mut statistic = |what: &str, init| layout.buffer(format!("{name}.{what}"), [channels], init);
        let running = (kind == Norm::Batch).then(|| [statistic("running_mean", Init::Zeros), statistic("running_var", Init::Ones)]);
        Some(Self { kind, gamma, beta, running })
    }

    /// `[batch, channels]` → the same.
    pub fn points(&self, weights: &Weights, x: Dual<2>) -> Dual<2> {
        self.forward(weights, x.linear(|x| x.unsqueeze_dim(2))).linear(|y| y.squeeze_dim(2))
    }

    /// `[batch, channels, h, w]` → the same.
    pub fn images(&self, weights: &Weights, x: Dual<4>) -> Dual<4> {
        let dims = x.value.dims();
        self.forward(weights, x.linear(|x| x.flatten(2, 3))).linear(|y: Tensor<3>| y.reshape(dims))
    }

    /// `[batch, channels, space]` → the same.
    fn forward(&self, weights: &Weights, x: Dual<3>) -> Dual<3> {
        let [batch, channels, space] = x.value.dims();
        let shared = |x: Dual<3>, rows: usize| {
            let flat = x.linear(|x| x.reshape([rows, batch * channels * space / rows]));
            standardise(flat).linear(|y| y.reshape([batch, channels, space]))
        };
        let standard = match (self.kind, self.running) {
            (Norm::None, _) => x,
            (Norm::Layer, _) => shared(x, batch),
            (Norm::Instance, _) => shared(x, batch * channels),
            (Norm::Group, _) => shared(x, batch * GROUPS),
            (Norm::VirtualBatch, _) => against_reference(x),
            (Norm::Batch, Some(running)) if !weights.training() => by_running_statistics(weights, running, x),
            (Norm::Batch, running) => {
                if let Some(running) = running {
                    observe(weights, running, x.value.clone().inner());
                }
                let by_channel = x.linear(|x| x.swap_dims(0, 1).reshape([channels, batch * space]));
                standardise(by_channel).linear(|y| y.reshape([channels, batch, space]).swap_dims(0, 1))
            }
        };
        let per_channel = |param| weights.get(param).unsqueeze_dims::<3>(&[0, 2]); // [1, channels, 1]
        let gamma = per_channel(&self.gamma);
        standard.linear(|x| x * gamma.clone()).offset(per_channel(&self.beta))
    }
}

/// (x − mean)/√(var + ε) along dimension 1.
fn standardise(x: Dual<2>) -> Dual<2> {
    let centred = x.linear(|x| x.clone() - x.mean_dim(1));
    let deviation = (centred.value.clone().square().mean_dim(1) + EPSILON).sqrt(); // [rows, 1]
    let standard = centred.value / deviation.clone();
    let tangent = centred.tangent.map(|t| {
        let along = (standard.clone() * t.clone()).mean_dim(1);
        (t - standard.clone() * along) / deviation
    });
    Dual { value: standard, tangent }
}

fn by_running_statistics(weights: &Weights, [mean, variance]: [Buffer; 2], x: Dual<3>) -> Dual<3> {
    let per_channel = |buffer| weights.buffer(buffer).unsqueeze_dims::<3>(&[0, 2]);
    let factor = (per_channel(variance) + EPSILON).sqrt().recip();
    let mean = per_channel(mean);
    Dual { value: (x.value - mean) * factor.clone(), tangent: x.tangent.map(|t| t * factor) }
}

/// running ← 0.9·running + 0.1·batch, with the unbiased variance as in PyTorch.
fn observe(weights: &Weights, [mean, variance]: [Buffer; 2], x: Tensor<3>) {
    let [batch, channels, space] = x.dims();
    let count = batch * space;
    let flat: Tensor<2> = x.swap_dims(0, 1).reshape([channels, count]);
    let batch_mean = flat.clone().mean_dim(1);
    let unbiased = (flat - batch_mean.clone()).square().sum_dim(1) / (count.max(2) - 1) as f64;
    for (buffer, new) in [(mean, batch_mean), (variance, unbiased)] {
        let kept = weights.buffer(buffer) * (1.0 - MOMENTUM) + new.flatten(0, 1) * MOMENTUM;
        weights.keep(buffer, kept);
    }
}

/// The first [`REFERENCE`] rows are normalised by their own statistics, each other row by theirs and its own, it counting as one more.
fn against_reference(x: Dual<3>) -> Dual<3> {
    debug_assert!(x.tangent.is_none(), "the config refuses virtual batch norm in D");
    let x = x.value;
    let [batch, _, _] = x.dims();
    let own_mean = x.clone().mean_dim(2); // [batch, channels, 1]
    let own_square = x.clone().square().mean_dim(2);
    let of_reference = |t: &Tensor<3>| t.clone().slice(0..REFERENCE).mean_dim(0); // [1, channels, 1]
    let (mean, square) = (of_reference(&own_mean), of_reference(&own_square));
    let apply = |x: Tensor<3>, mean: Tensor<3>, square: Tensor<3>| {
        let deviation = (square - mean.clone().square() + EPSILON).clamp_min(EPSILON).sqrt();
        (x - mean) / deviation
    };
    let reference = apply(x.clone().slice(0..REFERENCE), mean.clone(), square.clone());
    if batch == REFERENCE {
        return Dual::plain(reference);
    }
    let weight = 1.0 / (REFERENCE as f64 + 1.0);
    let joined = |own: Tensor<3>, reference: Tensor<3>| own.slice(REFERENCE..batch) * weight + reference * (1.0 - weight);
    let rest = apply(x.slice(REFERENCE..batch), joined(own_mean, mean), joined(own_square, square));
    Dual::plain(Tensor::cat(vec![reference, rest], 0))
}
