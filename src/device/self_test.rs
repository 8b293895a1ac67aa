//! Whether a GPU computes what the CPU computes.
//!
//! A shader that fails validation in a browser leaves stale numbers without an error (cubecl#1641), and drivers have produced NaN gradients where only
//! parameters are tracked (burn#5162). So before a GPU is used, one training step's worth of operations is compared with the CPU backend.

use burn::tensor::{Device, Tensor, TensorData};

use super::read;
use crate::nn::activation::leaky_relu;
use crate::nn::conv::Conv;
use crate::nn::dual::Dual;
use crate::nn::linear::Linear;
use crate::nn::params::{Layout, Numbers, Weights};
use crate::nn::resample::{downsample2, upsample2};
use crate::objective::softplus;
use crate::optim::{Adam, Rates};
use crate::penalty::{Rule, input_gradient};
use crate::rng::{Purpose, Stream};

/// Largest allowed difference, relative to the largest number compared.
const TOLERANCE: f32 = 1e-3;

/// Compares a step of a small convolutional critic on `device` with the CPU; the problem in words otherwise.
pub async fn self_test(device: &Device) -> std::result::Result<(), String> {
    let expected = probe(&Device::flex()).await?;
    let found = probe(device).await?;
    let scale = expected.iter().fold(1e-6f32, |scale, x| scale.max(x.abs()));
    let worst = expected
        .iter()
        .zip(&found)
        .map(|(a, b)| (a - b).abs() / scale)
        .fold(0.0, |worst: f32, d| if d > worst || d.is_nan() { d } else { worst });
    if worst <= TOLERANCE { Ok(()) } else { Err(format!("it differs from the CPU by {worst:.1e} (allowed {TOLERANCE:.0e})")) }
}

/// Penalties, loss and the weights after one Adam step, as one list of numbers.
async fn probe(device: &Device) -> std::result::Result<Vec<f32>, String> {
    let mut layout = Layout::default();
    let critic = Probe::new(&mut layout);
    let mut stream = Stream::new(1, Purpose::Evaluation);
    let tensor = |data: Vec<f32>| Tensor::<1>::from_data(TensorData::from(data.as_slice()), device);
    let vector = tensor(layout.init(&mut stream).0);
    let x = tensor(stream.normals(4 * 64)).reshape([4, 64]);

    let numbers = Numbers::from(vector.clone());
    let constants = layout.constants(&numbers);
    let gradient = input_gradient(|x| critic.forward(&constants, x), x.clone());
    let penalties =
        [Rule::ZeroCentred { gamma: 1.0 }, Rule::UnitSlope { lambda: 0.5, one_sided: false }].map(|rule| rule.apply(gradient.clone()));
    let [r1, slope] = penalties;
    let leaves = layout.leaves(&numbers);
    let out = critic.forward(&leaves, Dual::with_tangent(x, r1.direction + slope.direction));
    let loss = softplus(out.value).mean() + out.tangent.expect("a tangent went in").sum();
    let mut gradients = loss.backward();
    let gradient = leaves.gradient(&mut gradients);
    let mut adam = Adam::new(&vector);
    let stepped = vector - adam.step(gradient.clone(), Rates { lr: 0.1, beta1: 0.5, beta2: 0.9, weight_decay: 0.0 });
    let joined = Tensor::cat(vec![r1.value, slope.value, loss.inner(), gradient, stepped], 0);
    read(joined).await.map_err(|error| error.to_string())
}

/// Every kind of layer once: 1x1 and grouped 3x3 convolution, leaky ReLU, resampling, linear.
struct Probe {
    conv1: Conv,
    conv2: Conv,
    linear: Linear,
}

impl Probe {
    fn new(layout: &mut Layout) -> Self {
        Self {
            conv1: Conv::new(layout, "conv1", [1, 4], 1, 1, 1.0),
            conv2: Conv::new(layout, "conv2", [4, 4], 3, 2, 1.0),
            linear: Linear::new(layout, "linear", 4 * 64, 1, 1.0),
        }
    }

    /// `[4, 64]` → `[4]`.
    fn forward(&self, weights: &Weights, x: Dual<2>) -> Dual<1> {
        let pixels = x.linear(|x| x.reshape([4, 1, 8, 8]));
        let h = leaky_relu(self.conv1.forward(weights, pixels));
        let h = leaky_relu(self.conv2.forward(weights, upsample2(downsample2(h))));
        let flat = h.linear(|h| h.reshape([4, 4 * 64]));
        self.linear.forward(weights, flat).linear(|y| y.squeeze_dim(1))
    }
}
