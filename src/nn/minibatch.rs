//! Features by which D sees a batch as a whole, so that a collapsed batch can be told from a diverse one.

use burn::tensor::Tensor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::dual::Dual;
use super::params::{Init, Layout, Param, Weights};

/// Samples that minibatch standard deviation compares (ProGAN 2018).
pub const GROUP: usize = 4;
/// Under the root of the standard deviation (ProGAN).
const EPSILON: f64 = 1e-8;
/// Kernels and dimensions of a kernel in minibatch discrimination (Salimans 2016).
const KERNELS: usize = 100;
const KERNEL_DIM: usize = 5;

/// What is appended to the features of D.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum MinibatchFeature {
    /// Nothing.
    #[default]
    None,
    /// The standard deviation over groups of 4 samples, averaged over features to one number (ProGAN 2018).
    #[schemars(title = "Minibatch standard deviation")]
    Stddev,
    /// 100 closenesses to the other samples, Σ exp(−‖Mᵢ − Mⱼ‖₁) with 5 learned dimensions each (Salimans 2016); time and memory grow with batch².
    #[schemars(title = "Minibatch discrimination")]
    Discrimination,
}

/// The layer of a [`MinibatchFeature`].
#[derive(Debug, Clone)]
pub enum Minibatch {
    /// One number a group.
    Stddev,
    /// T of shape `[kernels * dims, features]`.
    Discrimination(Param<2>),
}

impl Minibatch {
    /// Declares `minibatch.weight` where it has one.
    pub fn new(layout: &mut Layout, kind: MinibatchFeature, features: usize) -> Option<Self> {
        match kind {
            MinibatchFeature::None => None,
            MinibatchFeature::Stddev => Some(Self::Stddev),
            MinibatchFeature::Discrimination => {
                let shape = [KERNELS * KERNEL_DIM, features];
                Some(Self::Discrimination(layout.weight("minibatch.weight", shape, Init::fan_in(1.0, features))))
            }
        }
    }

    /// Features that are appended.
    pub fn extra(&self) -> usize {
        match self {
            Self::Stddev => 1,
            Self::Discrimination(_) => KERNELS,
        }
    }

    /// `[batch, features]` → `[batch, features + extra]`.
    pub fn forward(&self, weights: &Weights, features: Dual<2>) -> Dual<2> {
        let extra = match self {
            Self::Stddev => stddev(features.clone()),
            Self::Discrimination(t) => {
                let transposed = weights.get(t).transpose();
                closeness(features.clone().linear(|f| f.matmul(transposed.clone())))
            }
        };
        Dual::cat(vec![features, extra], 1)
    }
}

/// s = mean over features of √(var over the group + 1e-8). Tangent: ṡ = mean_f(mean_b((x − μ)(ẋ − μ̇))/s_f).
fn stddev(x: Dual<2>) -> Dual<2> {
    let [batch, features] = x.value.dims();
    let groups = batch / GROUP;
    // Group k holds samples k, k + groups, …, as in ProGAN.
    let centred = x.linear(|x| {
        let x: Tensor<3> = x.reshape([GROUP, groups, features]);
        x.clone() - x.mean_dim(0)
    });
    let deviation = (centred.value.clone().square().mean_dim(0) + EPSILON).sqrt(); // [1, groups, features]
    let spread = |of_feature: Tensor<3>| of_feature.mean_dim(2).repeat_dim(0, GROUP).reshape([batch, 1]);
    let tangent = centred.tangent.map(|t| spread((centred.value * t).mean_dim(0) / deviation.clone()));
    Dual { value: spread(deviation), tangent }
}

/// o_ik = Σ_{j≠i} exp(−‖Mᵢₖ − Mⱼₖ‖₁) for M of shape `[batch, kernels * dims]`. Tangent: −Σ_j exp(−L)·Σ_c sign(ΔM)·ΔṀ.
fn closeness(m: Dual<2>) -> Dual<2> {
    let [batch, _] = m.value.dims();
    let pairs = |m: Tensor<2>| {
        let m: Tensor<4> = m.reshape([1, batch, KERNELS, KERNEL_DIM]);
        m.clone().swap_dims(0, 1) - m // [batch, batch, kernels, dims]
    };
    let difference = m.linear(pairs);
    let sign = difference.value.clone().inner().sign();
    let close = (-(difference.value * sign.clone()).sum_dim(3)).exp(); // [batch, batch, kernels, 1]
    let others = |t: Tensor<4>| t.sum_dim(1).reshape([batch, KERNELS]);
    let tangent = difference.tangent.map(|t| -others(close.clone() * (t * sign).sum_dim(3)));
    Dual { value: others(close) - 1.0, tangent } // a sample's closeness to itself is 1
}
