//! Normalisation, spectral norm and orthogonality.

use burn::tensor::{Gradients, Tensor};
use serde::Deserialize;
use sparring::nn::dual::Dual;
use sparring::nn::linear::Linear;
use sparring::nn::norm::{Norm, Normalise, REFERENCE};
use sparring::nn::params::{Layout, Numbers, Weights};

use crate::{difference, exact, fixture, network, numbers, scattered, slope_along};

#[derive(Deserialize)]
struct Layers {
    norms: Vec<NormCase>,
    spectral: SpectralCase,
    orthogonal: OrthogonalCase,
}

#[derive(Deserialize)]
struct NormCase {
    kind: Norm,
    images: bool,
    parameters: Vec<f64>,
    x: Vec<f64>,
    /// What the outputs are weighed with in the scalar whose gradient is stored.
    cost: Vec<f64>,
    y: Vec<f64>,
    /// Of γ, β and x.
    gradient: Vec<f64>,
    #[serde(default)]
    running: Vec<f64>,
    #[serde(default)]
    evaluated: Vec<f64>,
}

const CHANNELS: usize = 8;
const BATCH: usize = 6;

impl NormCase {
    fn layer(&self) -> (Layout, Normalise) {
        let mut layout = Layout::default();
        let layer = Normalise::new(&mut layout, self.kind, "norm", CHANNELS).expect("a kind of norm");
        (layout, layer)
    }

    /// γ = 1, β = 0 stand in the fixture; running statistics begin at 0 and 1.
    fn numbers(&self) -> Numbers {
        let fresh = [vec![0.0; CHANNELS], vec![1.0; CHANNELS]].concat();
        network(&self.parameters, if self.kind == Norm::Batch { &fresh } else { &[] })
    }

    fn forward(&self, layer: &Normalise, weights: &Weights, x: Tensor<1>, tangent: Option<Tensor<1>>) -> Dual<1> {
        if self.images {
            let shaped = |t: Tensor<1>| t.reshape([BATCH, CHANNELS, 3, 3]);
            layer.images(weights, Dual { value: shaped(x), tangent: tangent.map(shaped) }).linear(|y| y.flatten(0, 3))
        } else {
            let shaped = |t: Tensor<1>| t.reshape([BATCH, CHANNELS]);
            layer.points(weights, Dual { value: shaped(x), tangent: tangent.map(shaped) }).linear(|y| y.flatten(0, 1))
        }
    }
}

fn gradient_of(leaf: &Tensor<1>, gradients: &Gradients) -> Vec<f64> {
    numbers(leaf.grad(gradients).expect("the cost depends on it"))
}

#[test]
fn normalisation_has_the_values_gradients_and_running_statistics_of_pytorch() {
    let Layers { norms, .. } = fixture("layers.json");
    assert_eq!(norms.len(), 6);
    for case in norms {
        let (what, (layout, layer)) = (format!("{:?}, images: {}", case.kind, case.images), case.layer());
        let weights = layout.leaves(&case.numbers());
        let x = exact(&case.x).autodiff().require_grad();
        let y = case.forward(&layer, &weights, x.clone(), None).value;
        assert!(difference(&numbers(y.clone().inner()), &case.y) < 1e-12, "{what}: values");
        let mut gradients = (y * exact(&case.cost)).sum().backward();
        let of_x = gradient_of(&x, &gradients);
        let found = [numbers(weights.gradient(&mut gradients)), of_x].concat();
        assert!(difference(&found, &case.gradient) < 1e-10, "{what}: gradients");
        if case.kind == Norm::Batch {
            let kept = weights.state().expect("running statistics");
            assert!(difference(&numbers(kept.clone()), &case.running) < 1e-12, "{what}: running statistics");
            let later = Numbers { vector: exact(&case.parameters), state: Some(kept) };
            let evaluated = case.forward(&layer, &layout.evaluating(&later), exact(&case.x), None).value;
            assert!(difference(&numbers(evaluated), &case.evaluated) < 1e-12, "{what}: evaluation");
        }
    }
}

#[test]
fn the_tangent_of_every_norm_is_the_slope_of_its_output() {
    let Layers { norms, .. } = fixture("layers.json");
    for case in norms {
        let (layout, layer) = case.layer();
        for weights in [layout.constants(&case.numbers()), layout.evaluating(&case.numbers())] {
            let direction = scattered(case.x.len(), 5);
            let tangent = case.forward(&layer, &weights, exact(&case.x), Some(exact(&direction))).tangent.expect("a tangent went in");
            let weighed = |y: Tensor<1>| numbers((y * exact(&case.cost)).sum())[0];
            let slope = slope_along(&case.x, &direction, |x| weighed(case.forward(&layer, &weights, exact(x), None).value));
            let found = weighed(tangent);
            assert!((found - slope).abs() < 1e-6 * slope.abs().max(1.0), "{:?}: {found} against {slope}", case.kind);
        }
    }
}

#[test]
fn virtual_batch_norm_counts_each_sample_as_one_more_beside_the_reference_batch() {
    let mut layout = Layout::default();
    let layer = Normalise::new(&mut layout, Norm::VirtualBatch, "norm", 1).expect("a kind of norm");
    let x = scattered(REFERENCE + 2, 7);
    let weights = layout.constants(&network(&[1.0, 0.0], &[]));
    let y = numbers(layer.points(&weights, Dual::plain(exact(&x).reshape([x.len(), 1]))).value);
    let standard = |x: f64, batch: &[f64]| {
        let mean = batch.iter().sum::<f64>() / batch.len() as f64;
        let square = batch.iter().map(|x| x * x).sum::<f64>() / batch.len() as f64;
        (x - mean) / (square - mean * mean + 1e-5).sqrt()
    };
    let reference = &x[..REFERENCE];
    let of_reference: Vec<f64> = reference.iter().map(|&x| standard(x, reference)).collect();
    let of_rest = x[REFERENCE..].iter().map(|&x| standard(x, &[reference, &[x]].concat()));
    let expected: Vec<f64> = of_reference.into_iter().chain(of_rest).collect();
    assert!(difference(&y, &expected) < 1e-12);
}

#[derive(Deserialize)]
struct SpectralCase {
    weight: Vec<f64>,
    u: Vec<f64>,
    normalised: Vec<Vec<f64>>,
    largest: f64,
    cost: Vec<f64>,
    gradient: Vec<f64>,
}

/// A 5 → 4 linear map without bias under spectral norm, and its numbers with u as given and v from it.
fn spectral_linear(case: &SpectralCase) -> (Layout, Linear, Numbers) {
    let mut layout = Layout::with_spectral_norm(true);
    let linear = Linear::without_bias(&mut layout, "linear", 5, 4, 1.0);
    let numbers = network(&case.weight, &[case.u.clone(), vec![0.0; 5]].concat());
    (layout, linear, numbers)
}

/// The normalised weight, seen through the identity.
fn seen(linear: &Linear, weights: &Weights) -> Tensor<2> {
    let identity = Tensor::<2>::eye(5, &burn::tensor::Device::flex()).cast(burn::tensor::DType::F64);
    linear.forward(weights, Dual::plain(identity)).value.transpose()
}

#[test]
fn spectral_norm_iterates_with_pytorch_and_ends_at_the_largest_singular_value() {
    let Layers { spectral: case, .. } = fixture("layers.json");
    let (layout, linear, mut now) = spectral_linear(&case);
    for expected in &case.normalised {
        now = layout.iterate_spectral_norms(&now);
        let found = numbers(seen(&linear, &layout.constants(&now)));
        assert!(difference(&found, expected) < 1e-12);
    }
    let weights = layout.leaves(&now);
    let cost = seen(&linear, &weights) * exact(&case.cost).reshape([4, 5]);
    let gradient = weights.gradient(&mut cost.sum().backward());
    assert!(difference(&numbers(gradient), &case.gradient) < 1e-11, "u and v are constants of the gradient");
    for _ in 0..200 {
        now = layout.iterate_spectral_norms(&now);
    }
    let normalised = numbers(seen(&linear, &layout.constants(&now)));
    let ratio: Vec<f64> = case.weight.iter().map(|w| w / case.largest).collect();
    assert!(difference(&normalised, &ratio) < 1e-9, "σ̂ is the largest singular value");
}

#[derive(Deserialize)]
struct OrthogonalCase {
    weight: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
}

#[test]
fn orthogonality_has_the_value_and_gradient_of_pytorch() {
    let Layers { orthogonal: case, .. } = fixture("layers.json");
    let mut layout = Layout::default();
    Linear::without_bias(&mut layout, "linear", 6, 4, 1.0);
    let weights = layout.leaves(&network(&case.weight, &[]));
    let value = layout.orthogonality(&weights);
    let gradient = weights.gradient(&mut value.backward());
    assert!(difference(&numbers(value.inner()), &[case.value]) < 1e-12);
    assert!(difference(&numbers(gradient), &case.gradient) < 1e-12);
}
