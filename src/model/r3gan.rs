//! A small convolutional family in the manner of R3GAN ("The GAN is dead; long live the GAN!", NeurIPS 2024), written from the paper's formulae.
//!
//! No normalisation, no tanh. With w channels at full resolution s and stages at s, s/2, … down to a base of 4 to 7 pixels, a stage at
//! resolution r has w·s/r channels. D mirrors G.

use burn::tensor::Tensor;

use super::{NetworkConfig, resolutions};
use crate::kernel::{self, ConvPlan, Shape};
use crate::nn::activation::{leaky_relu, leaky_relu_gain};
use crate::nn::conv::Conv;
use crate::nn::dual::Dual;
use crate::nn::linear::Linear;
use crate::nn::params::{Init, Layout, Param, Weights};
use crate::nn::resample::{downsample2, upsample2};

/// Channels per group of the 3x3 convolutions.
const GROUP_SIZE: usize = 16;

/// x + C3(act(C2(act(C1 x)))): C1 1x1 to twice the channels, C2 3x3 in groups of 16, C3 1x1 back, begun at zero; act(x) = leaky ReLU(x + bias).
#[derive(Debug, Clone)]
struct Block {
    conv1: Conv,
    bias1: Param<1>,
    conv2: Conv,
    bias2: Param<1>,
    conv3: Conv,
}

impl Block {
    /// `blocks` is L, the number of residual blocks in the network: gain √(2/1.04) · L^(−1/4) for C1 and C2.
    fn new(layout: &mut Layout, name: &str, channels: usize, blocks: usize) -> Self {
        let inner = 2 * channels;
        let gain = leaky_relu_gain() * (blocks as f64).powf(-0.25);
        Self {
            conv1: Conv::new(layout, &format!("{name}.conv1"), [channels, inner], 1, 1, gain),
            bias1: layout.param(format!("{name}.bias1"), [inner], Init::Zeros),
            conv2: Conv::new(layout, &format!("{name}.conv2"), [inner, inner], 3, inner / GROUP_SIZE, gain),
            bias2: layout.param(format!("{name}.bias2"), [inner], Init::Zeros),
            conv3: Conv::new(layout, &format!("{name}.conv3"), [inner, channels], 1, 1, 0.0),
        }
    }

    /// `[batch, c, r, r]` → the same.
    fn forward(&self, weights: &Weights, x: Dual<4>) -> Dual<4> {
        let h = activate(weights, &self.bias1, self.conv1.forward(weights, x.clone()));
        let h = activate(weights, &self.bias2, self.conv2.forward(weights, h));
        x + self.conv3.forward(weights, h)
    }
}

/// Adds blocks to a plan of the fused loops.
fn plan_blocks(plan: &mut ConvPlan, blocks: &[Block], layout: &Layout) {
    for Block { conv1, bias1, conv2, bias2, conv3 } in blocks {
        let [conv1, conv2, conv3] = [conv1, conv2, conv3].map(|conv| conv.place(layout));
        plan.block(kernel::Block { conv1, bias1: layout.place(bias1), conv2, bias2: layout.place(bias2), conv3 });
    }
}

/// leaky ReLU(x + bias), bias per channel.
fn activate(weights: &Weights, bias: &Param<1>, x: Dual<4>) -> Dual<4> {
    leaky_relu(x.offset(weights.get(bias).unsqueeze_dims(&[0, 2, 3])))
}

/// z → basis x linear(z) at the base resolution → stages of [1x1, up x2] and blocks → 1x1 to pixels, linear output.
#[derive(Debug, Clone)]
pub struct Generator {
    basis: Param<3>,
    linear: Linear,
    /// From base to full resolution; the first has no transition.
    stages: Vec<(Option<Conv>, Vec<Block>)>,
    to_pixels: Conv,
}

impl Generator {
    /// Declares its parameters.
    pub fn new(
        layout: &mut Layout,
        NetworkConfig { width, depth, .. }: NetworkConfig,
        latent_dim: usize,
        [channels, size]: [usize; 2],
    ) -> Self {
        let resolutions: Vec<usize> = resolutions(size).into_iter().rev().collect();
        let channels_at = |r: usize| width * size / r;
        let base = resolutions[0];
        let basis = layout.param("basis", [channels_at(base), base, base], Init::Normal(1.0));
        let linear = Linear::without_bias(layout, "linear", latent_dim, channels_at(base), 1.0);
        let num_blocks = depth * resolutions.len();
        let stage = |(i, &r): (usize, &usize)| {
            let transition = (i > 0).then(|| {
                Conv::new(layout, &format!("stages.{i}.transition"), [channels_at(resolutions[i - 1]), channels_at(r)], 1, 1, 1.0)
            });
            let blocks = (0..depth).map(|j| Block::new(layout, &format!("stages.{i}.blocks.{j}"), channels_at(r), num_blocks));
            (transition, blocks.collect())
        };
        let stages = resolutions.iter().enumerate().map(stage).collect();
        let to_pixels = Conv::new(layout, "to_pixels", [width, channels], 1, 1, 1.0);
        Self { basis, linear, stages, to_pixels }
    }

    /// The same for the fused loops.
    pub fn plan(&self, layout: &Layout) -> ConvPlan {
        let [channels, inputs] = self.linear.sizes();
        let [.., base] = self.basis.shape();
        let mut plan = ConvPlan::new(Shape::point(inputs), layout.len());
        plan.pointwise(self.linear.place(layout), Shape::hidden(channels, 1));
        plan.spread(layout.place(&self.basis), base);
        for (transition, blocks) in &self.stages {
            if let Some(transition) = transition {
                let side = plan.output().side;
                plan.pointwise(transition.place(layout), Shape::hidden(transition.outputs(), side));
                plan.up();
            }
            plan_blocks(&mut plan, blocks, layout);
        }
        let side = plan.output().side;
        plan.pointwise(self.to_pixels.place(layout), Shape::image([self.to_pixels.outputs(), side]));
        plan
    }

    /// `[batch, latent_dim]` → `[batch, channels * size * size]`.
    pub fn forward(&self, weights: &Weights, z: Tensor<2>) -> Tensor<2> {
        let modulation: Tensor<4> = self.linear.forward(weights, Dual::plain(z)).value.unsqueeze_dims(&[2, 3]); // [batch, c, 1, 1]
        let basis: Tensor<4> = weights.get(&self.basis).unsqueeze_dim(0); // [1, c, base, base]
        let mut x = Dual::plain(basis * modulation);
        for (transition, blocks) in &self.stages {
            if let Some(transition) = transition {
                x = upsample2(transition.forward(weights, x));
            }
            x = blocks.iter().fold(x, |x, block| block.forward(weights, x));
        }
        self.to_pixels.forward(weights, x).value.flatten(1, 3)
    }
}

/// Pixels → 1x1 to w channels → stages of blocks and [down x2, 1x1] → depthwise product with a basis, summed over space: D without its linear layer.
#[derive(Debug, Clone)]
pub struct Features {
    image: [usize; 2],
    from_pixels: Conv,
    /// From full to base resolution; the last has no transition.
    stages: Vec<(Vec<Block>, Option<Conv>)>,
    basis: Param<3>,
}

impl Features {
    /// Declares its parameters.
    pub fn new(layout: &mut Layout, NetworkConfig { width, depth, .. }: NetworkConfig, image: [usize; 2]) -> Self {
        let [channels, size] = image;
        let resolutions = resolutions(size);
        let channels_at = |r: usize| width * size / r;
        let from_pixels = Conv::new(layout, "from_pixels", [channels, width], 1, 1, 1.0);
        let num_blocks = depth * resolutions.len();
        let stage = |(i, &r): (usize, &usize)| {
            let blocks = (0..depth).map(|j| Block::new(layout, &format!("stages.{i}.blocks.{j}"), channels_at(r), num_blocks)).collect();
            let transition = resolutions
                .get(i + 1)
                .map(|&next| Conv::new(layout, &format!("stages.{i}.transition"), [channels_at(r), channels_at(next)], 1, 1, 1.0));
            (blocks, transition)
        };
        let stages = resolutions.iter().enumerate().map(stage).collect();
        let base = resolutions[resolutions.len() - 1];
        let basis = layout.param("head.basis", [channels_at(base), base, base], Init::fan_in(1.0, base * base));
        Self { image, from_pixels, stages, basis }
    }

    /// Features of a sample: the channels at the base.
    pub fn len(&self, size: NetworkConfig) -> usize {
        let base = *resolutions(self.image[1]).last().expect("there is a full resolution");
        size.width * self.image[1] / base
    }

    /// The same for the fused loops.
    pub fn plan(&self, layout: &Layout) -> ConvPlan {
        let mut plan = ConvPlan::new(Shape::image(self.image), layout.len());
        plan.pointwise(self.from_pixels.place(layout), Shape::hidden(self.from_pixels.outputs(), self.image[1]));
        for (blocks, transition) in &self.stages {
            plan_blocks(&mut plan, blocks, layout);
            if let Some(transition) = transition {
                plan.down();
                let side = plan.output().side;
                plan.pointwise(transition.place(layout), Shape::hidden(transition.outputs(), side));
            }
        }
        plan.gather(layout.place(&self.basis));
        plan
    }

    /// `[batch, channels * size * size]` → `[batch, features]`.
    pub fn forward(&self, weights: &Weights, x: Dual<2>) -> Dual<2> {
        let [channels, size] = self.image;
        let pixels = x.linear(|x| {
            let [batch, _] = x.dims();
            x.reshape([batch, channels, size, size])
        });
        let mut h = self.from_pixels.forward(weights, pixels);
        for (blocks, transition) in &self.stages {
            h = blocks.iter().fold(h, |h, block| block.forward(weights, h));
            if let Some(transition) = transition {
                h = transition.forward(weights, downsample2(h));
            }
        }
        let basis: Tensor<4> = weights.get(&self.basis).unsqueeze_dim(0);
        h.linear(|h| {
            let [batch, channels, _, _] = h.dims();
            (h * basis.clone()).sum_dims(&[2, 3]).reshape([batch, channels])
        })
    }
}
