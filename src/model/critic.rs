//! The critic of each family: features of a sample, then the head.

use burn::tensor::Tensor;

use super::head::{Conditioning, Head, HeadPlan, Judgement, Side};
use super::{Family, NetworkConfig, dcgan, image_shape, mlp, r3gan};
use crate::error::Result;
use crate::kernel::{Plan, Shape};
use crate::nn::dual::Dual;
use crate::nn::minibatch::MinibatchFeature;
use crate::nn::norm::Norm;
use crate::nn::params::{Layout, Weights};

/// What a critic is built from.
#[derive(Debug, Clone, Copy)]
pub struct CriticPlan<'a> {
    /// Architecture.
    pub family: Family,
    /// Size and layers.
    pub size: NetworkConfig,
    /// Shape of a sample: `[features]` or `[channels, size, size]`.
    pub shape: &'a [usize],
    /// Samples judged together (PacGAN: Lin 2018).
    pub packing: usize,
    /// How classes enter.
    pub conditioning: Conditioning,
    /// How many classes there are.
    pub classes: usize,
    /// What looks at the batch as a whole.
    pub minibatch: MinibatchFeature,
    /// Whether there is an information bottleneck.
    pub bottleneck: bool,
}

impl<'a> CriticPlan<'a> {
    /// A critic that judges samples one by one.
    pub fn plain(family: Family, size: NetworkConfig, shape: &'a [usize]) -> Self {
        let (conditioning, minibatch) = (Conditioning::None, MinibatchFeature::None);
        Self { family, size, shape, packing: 1, conditioning, classes: 0, minibatch, bottleneck: false }
    }
}

/// The critic D: samples `[batch, features]` → logits `[batch / packing]`, both with or without tangent.
#[derive(Debug, Clone)]
pub struct Critic {
    layout: Layout,
    body: Body,
    head: Head,
    packing: usize,
    joins: bool,
    mixes: bool,
    /// Numbers over which a class's channel is constant; 1 where there are no channels.
    area: usize,
}

#[derive(Debug, Clone)]
enum Body {
    Mlp(mlp::Hidden),
    Dcgan(dcgan::Features),
    R3gan(r3gan::Features),
}

impl Critic {
    /// The critic of a plan.
    pub fn new(plan: CriticPlan) -> Result<Self> {
        plan.size.check(plan.family, "critic")?;
        let mut layout = Layout::with_spectral_norm(plan.size.spectral_norm);
        let joins = plan.conditioning == Conditioning::Join;
        let with_classes = |channels: usize| channels * plan.packing + if joins { plan.classes } else { 0 };
        let image = || image_shape(plan.shape).map(|[channels, size]| [with_classes(channels), size]);
        let (body, features, name, bias) = match plan.family {
            Family::Mlp => {
                let body = mlp::Hidden::new(&mut layout, plan.size, with_classes(plan.shape.iter().product()), at_input(plan.size.norm));
                (Body::Mlp(body), plan.size.width, format!("layers.{}", plan.size.depth), true)
            }
            Family::Dcgan => {
                let body = dcgan::Features::new(&mut layout, plan.size, image()?);
                let features = body.len(plan.size);
                (Body::Dcgan(body), features, "head.linear".into(), true)
            }
            Family::R3gan => {
                let body = r3gan::Features::new(&mut layout, plan.size, image()?);
                let features = body.len(plan.size);
                (Body::R3gan(body), features, "head.linear".into(), false)
            }
        };
        let CriticPlan { conditioning, classes, minibatch, bottleneck, .. } = plan;
        let head = Head::new(&mut layout, &name, bias, HeadPlan { features, conditioning, classes, minibatch, bottleneck });
        let mixes = minibatch != MinibatchFeature::None || plan.size.norm == Norm::Batch;
        let area = if plan.family == Family::Mlp { 1 } else { plan.shape[1..].iter().product() };
        Ok(Self { layout, body, head, packing: plan.packing, joins, mixes, area })
    }

    /// Its parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The same for the fused loops, where they know the family; norms, spectral norms, classes and all that looks at several samples are not theirs.
    pub fn plan(&self) -> Option<Plan> {
        match &self.body {
            Body::Mlp(body) => Some(Plan::Mlp(body.plan(1))),
            Body::R3gan(body) => {
                let mut plan = body.plan(&self.layout);
                plan.pointwise(self.head.logit().place(&self.layout), Shape::point(1));
                Some(Plan::Conv(plan))
            }
            Body::Dcgan(_) => None,
        }
    }

    /// Whether a logit depends on the other samples of its batch, so that reals and fakes must be judged apart.
    pub fn mixes(&self) -> bool {
        self.mixes
    }

    /// Samples judged together.
    pub fn packing(&self) -> usize {
        self.packing
    }

    /// Numbers of noise that a judgement needs, where there is a bottleneck.
    pub fn noise_width(&self) -> Option<usize> {
        self.head.noise_width()
    }

    /// `[batch, features]` → `[batch / packing, packing * features]`, channels beside channels.
    pub fn pack(&self, samples: Tensor<2>) -> Tensor<2> {
        let [batch, features] = samples.dims();
        if self.packing == 1 { samples } else { samples.reshape([batch / self.packing, self.packing * features]) }
    }

    /// D on packed samples.
    pub fn judge(&self, weights: &Weights, x: Dual<2>, side: &Side) -> Judgement {
        let x = match &side.classes {
            Some(classes) if self.joins => Dual::cat(vec![x, Dual::plain(self.planes(classes.clone()))], 1),
            _ => x,
        };
        let features = match &self.body {
            Body::Mlp(body) => body.forward(weights, x),
            Body::Dcgan(body) => body.forward(weights, x),
            Body::R3gan(body) => body.forward(weights, x),
        };
        self.head.forward(weights, features, side)
    }

    /// What the bottleneck's information costs in a training pass, see [`Head::information_cost`].
    pub fn information_cost(&self, weights: &Weights, excess: Tensor<1>, rate: f64) -> Tensor<1> {
        self.head.information_cost(weights, excess, rate)
    }

    /// The logits alone, of an unconditional critic.
    pub fn forward(&self, weights: &Weights, x: Dual<2>) -> Dual<1> {
        self.judge(weights, x, &Side::default()).logits
    }

    /// Classes one-hot as constant channels, `[batch, classes]` → `[batch, classes * area]`.
    fn planes(&self, classes: Tensor<2>) -> Tensor<2> {
        let [batch, count] = classes.dims();
        let planes: Tensor<3> = classes.unsqueeze_dim(2);
        planes.repeat_dim(2, self.area).reshape([batch, count * self.area])
    }
}

/// The norm of D's first layer: batch norm there would hide from D where a batch lies (DCGAN leaves it out).
pub(super) fn at_input(norm: Norm) -> Norm {
    if norm == Norm::Batch { Norm::None } else { norm }
}
