//! How D sees samples: with instance noise, packed, and each image changed at random; beside them classes, and the bottleneck's noise.

use burn::tensor::Tensor;

use super::gan::{Gan, Turn};
use super::noise::Noise;
use crate::augment::Transforms;
use crate::model::{Judgement, Side};
use crate::nn::dual::Dual;
use crate::nn::params::Weights;

/// What D is told beside some points, and what is done to them before it sees them.
///
/// The changes are a part of D: a penalty is on its slope at the points themselves, so their tangents go through the changes, too.
#[derive(Default)]
pub(super) struct Sight {
    side: Side,
    transforms: Option<Transforms>,
}

impl Sight {
    /// That of some points, `[n, packing * features]`, with the classes that D is told of them.
    pub fn of(gan: &Gan, points: &Tensor<2>, classes: Option<Tensor<2>>, noise: &mut Noise) -> Self {
        let transforms = noise.transforms(points);
        let noise = gan.critic.noise_width().map(|width| noise.normal([points.dims()[0], width], points.dtype()));
        Self { side: Side { classes, noise }, transforms }
    }

    /// Those of several batches as one.
    pub fn join(parts: &[&Self]) -> Self {
        let cat = |part: fn(&Side) -> &Option<Tensor<2>>| {
            let parts: Option<Vec<Tensor<2>>> = parts.iter().map(|sight| part(&sight.side).clone()).collect();
            parts.map(|parts| Tensor::cat(parts, 0))
        };
        let side = Side { classes: cat(|side| &side.classes), noise: cat(|side| &side.noise) };
        Self { side, transforms: Transforms::join(&parts.iter().map(|sight| &sight.transforms).collect::<Vec<_>>()) }
    }

    /// The points as D sees them.
    pub fn changed(&self, points: Dual<2>) -> Dual<2> {
        match &self.transforms {
            Some(transforms) => transforms.apply(points),
            None => points,
        }
    }
}

impl Gan {
    /// Samples with instance noise (Sønderby 2017), packed.
    pub(super) fn packed(&self, Turn { config, images, .. }: Turn, samples: Tensor<2>, noise: &mut Noise) -> Tensor<2> {
        let sigma = config.instance_noise.at(images);
        let samples = if sigma > 0.0 { samples.clone() + noise.normal(samples.dims(), samples.dtype()) * sigma } else { samples };
        self.critic.pack(samples)
    }

    /// D on points as it sees them.
    pub(super) fn judge_seen(&self, weights: &Weights, points: Dual<2>, sight: &Sight) -> Judgement {
        self.critic.judge(weights, sight.changed(points), &sight.side)
    }
}
