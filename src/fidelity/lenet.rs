//! LeNet-5 (LeCun 1998) as it is drawn today: ReLU, max pooling, more maps. Its last hidden layer is what images are measured by.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;

use super::architecture::{Architecture, CLASSES};
use crate::nn::conv::Conv;
use crate::nn::dual::Dual;
use crate::nn::linear::Linear;
use crate::nn::params::{Init, Layout, Param, Weights};

/// Pixels along each side of what it sees: one grey image.
const SIDE: usize = 28;
/// Width of the layer before the classes.
const FEATURES: usize = 84;

/// Maps of the two convolutions, and units of the first full layer.
const MAPS: [usize; 2] = [16, 32];
const UNITS: usize = 120;
/// Kernels of the two: the second sees 10x10 pixels with 3, and 5 would cost as much again as all the rest.
const KERNELS: [usize; 2] = [5, 3];

/// The network as a description: `conv1` → pool → `conv2` → pool → `fc1` → `fc2` (the features) → `fc3` (the logits), ReLU after each but the last.
///
/// In PyTorch: `Conv2d(1, 16, 5, padding=2)`, `Conv2d(16, 32, 3, padding=1)`, `max_pool2d(…, 2)`, `Linear`; names, shapes and order of the parameters are those of its `state_dict`.
#[derive(Debug, Clone)]
pub struct Lenet {
    layout: Layout,
    convs: [(Conv, Param<1>); 2],
    hidden: [Linear; 2],
    last: Linear,
}

impl Lenet {
    /// Declares its 204,350 parameters.
    pub fn new() -> Self {
        let (mut layout, gain) = (Layout::default(), std::f64::consts::SQRT_2);
        let conv = |layout: &mut Layout, name: &str, sizes: [usize; 2], kernel: usize| {
            let weight = Conv::new(layout, name, sizes, kernel, 1, gain);
            (weight, layout.param(format!("{name}.bias"), [sizes[1]], Init::Zeros))
        };
        let convs = [conv(&mut layout, "conv1", [1, MAPS[0]], KERNELS[0]), conv(&mut layout, "conv2", MAPS, KERNELS[1])];
        let pixels = (SIDE / 4) * (SIDE / 4);
        let hidden =
            [Linear::new(&mut layout, "fc1", MAPS[1] * pixels, UNITS, gain), Linear::new(&mut layout, "fc2", UNITS, FEATURES, gain)];
        let last = Linear::new(&mut layout, "fc3", FEATURES, CLASSES, 1.0);
        Self { layout, convs, hidden, last }
    }
}

impl Architecture for Lenet {
    fn shape(&self) -> [usize; 3] {
        [1, SIDE, SIDE]
    }

    fn features(&self) -> usize {
        FEATURES
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn forward(&self, weights: &Weights, pixels: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
        let maps = self.convs.iter().fold(pixels, |x, (conv, bias)| {
            let bias: Tensor<4> = weights.get(bias).reshape([1, conv.outputs(), 1, 1]);
            let y = conv.forward(weights, Dual::plain(x)).value + bias;
            relu(max_pool2d(y, MaxPoolOptions::new([2, 2]))) // the same as pooling after ReLU, on a quarter of the numbers
        });
        let features = self.hidden.iter().fold(maps.flatten(1, 3), |x, layer| relu(layer.forward(weights, Dual::plain(x)).value));
        let logits = self.last.forward(weights, Dual::plain(features.clone())).value;
        (features, logits)
    }
}
