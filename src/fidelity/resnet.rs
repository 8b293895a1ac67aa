//! A residual network (He 2015) for small photographs. The means of its last maps are what images are measured by.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module::{avg_pool2d, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, MaxPoolOptions};

use super::architecture::{Architecture, CLASSES};
use crate::nn::conv::Conv;
use crate::nn::dual::Dual;
use crate::nn::linear::Linear;
use crate::nn::norm::{Norm, Normalise};
use crate::nn::params::{Layout, Weights};

/// `[channels, height, width]` of what it sees: one photograph.
const SHAPE: [usize; 3] = [3, 32, 32];
/// Maps of the stages, of one block each, at 16x16, 8x8 and 4x4 pixels.
const MAPS: [usize; 3] = [32, 64, 128];
/// Width of the layer before the classes: the means of the last maps.
const FEATURES: usize = MAPS[2];

/// A convolution without bias and the batch norm after it, which sees with what it kept once it is trained.
#[derive(Debug, Clone)]
struct Layer {
    conv: Conv,
    norm: Normalise,
}

impl Layer {
    /// Declares `{conv}.weight` and batch norm's `{norm}.weight` and `.bias`, with `running_mean` and `running_var` beside them.
    fn new(layout: &mut Layout, [conv, norm]: [&str; 2], maps: [usize; 2], kernel: usize) -> Self {
        let conv = Conv::new(layout, conv, maps, kernel, 1, std::f64::consts::SQRT_2);
        let norm = Normalise::new(layout, Norm::Batch, norm, maps[1]).expect("batch norm has parameters");
        Self { conv, norm }
    }

    /// The same at every other pixel.
    fn halving(self) -> Self {
        Self { conv: self.conv.with_stride(2), ..self }
    }

    fn convolved(&self, weights: &Weights, x: Tensor<4>) -> Tensor<4> {
        self.conv.forward(weights, Dual::plain(x)).value
    }

    fn normalised(&self, weights: &Weights, x: Tensor<4>) -> Tensor<4> {
        self.norm.images(weights, Dual::plain(x)).value
    }

    fn forward(&self, weights: &Weights, x: Tensor<4>) -> Tensor<4> {
        self.normalised(weights, self.convolved(weights, x))
    }
}

/// relu(shortcut(x) + L2(relu(L1 x))): both 3x3; the first of a later stage halves the resolution and its shortcut is the mean of four pixels, 1x1.
#[derive(Debug, Clone)]
struct Block {
    layers: [Layer; 2],
    shortcut: Option<Layer>,
}

impl Block {
    /// Declares what PyTorch's `BasicBlock` has under this name.
    fn new(layout: &mut Layout, name: &str, [inputs, outputs]: [usize; 2]) -> Self {
        let halves = inputs != outputs;
        let mut layer = |number: usize, maps| Layer::new(layout, [&format!("{name}.conv{number}"), &format!("{name}.bn{number}")], maps, 3);
        let (first, second) = (layer(1, [inputs, outputs]), layer(2, [outputs, outputs]));
        let names = [1, 2].map(|place| format!("{name}.downsample.{place}"));
        let shortcut = halves.then(|| Layer::new(layout, [&names[0], &names[1]], [inputs, outputs], 1));
        Self { layers: [if halves { first.halving() } else { first }, second], shortcut }
    }

    /// `[batch, inputs, r, r]` → `[batch, outputs, r or r/2, the same]`.
    fn forward(&self, weights: &Weights, x: Tensor<4>) -> Tensor<4> {
        let [first, second] = &self.layers;
        let branch = second.forward(weights, relu(first.forward(weights, x.clone())));
        let short = match &self.shortcut {
            Some(layer) => layer.forward(weights, avg_pool2d(x, AvgPoolOptions::new([2, 2]))),
            None => x,
        };
        relu(short + branch)
    }
}

/// The network as a description: `conv1` 3x3 → pool → `bn1` → ReLU → `layer1`, `layer2`, `layer3` of blocks → means over the pixels (the features) → `fc` (the logits).
///
/// Names and shapes are those of torchvision's `ResNet` of `BasicBlock`s without a fourth stage, but that `conv1` is 3x3 of stride 1, its pool comes before `bn1`, and a shortcut is a mean of 2x2 before
/// its 1x1 (He 2019): so that is `downsample.1`, and its batch norm `downsample.2`.
#[derive(Debug, Clone)]
pub struct Resnet {
    layout: Layout,
    first: Layer,
    blocks: [Block; 3],
    last: Linear,
}

impl Resnet {
    /// Declares its 308,650 parameters, and 1,344 numbers that batch norm keeps.
    pub fn new() -> Self {
        let mut layout = Layout::default();
        let first = Layer::new(&mut layout, ["conv1", "bn1"], [SHAPE[0], MAPS[0]], 3);
        let blocks = [("layer1.0", [MAPS[0], MAPS[0]]), ("layer2.0", [MAPS[0], MAPS[1]]), ("layer3.0", [MAPS[1], MAPS[2]])];
        let blocks = blocks.map(|(name, maps)| Block::new(&mut layout, name, maps));
        let last = Linear::new(&mut layout, "fc", FEATURES, CLASSES, 1.0);
        Self { layout, first, blocks, last }
    }
}

impl Architecture for Resnet {
    fn shape(&self) -> [usize; 3] {
        SHAPE
    }

    fn features(&self) -> usize {
        FEATURES
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn forward(&self, weights: &Weights, pixels: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
        let pooled = max_pool2d(self.first.convolved(weights, pixels), MaxPoolOptions::new([2, 2]));
        let maps = relu(self.first.normalised(weights, pooled)); // after pooling, on a quarter of the numbers
        let maps = self.blocks.iter().fold(maps, |x, block| block.forward(weights, x));
        let features: Tensor<2> = maps.mean_dim(3).mean_dim(2).flatten(1, 3);
        let logits = self.last.forward(weights, Dual::plain(features.clone())).value;
        (features, logits)
    }
}
