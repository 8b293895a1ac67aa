//! Losses, penalties, layers, optimisers and generators against PyTorch's numbers (`tests/fixtures`), and slopes against finite differences in f64.

mod augment;
mod exports;
mod features;
mod games;
mod inception;
mod layers;
mod objectives;
mod optimizers;
mod penalties;

#[path = "../shared/inception.rs"]
mod inception_weights;

use burn::tensor::{DType, Device, Tensor, TensorData};
use serde::de::DeserializeOwned;
use sparring::nn::params::Numbers;

fn fixture<T: DeserializeOwned>(name: &str) -> T {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).expect("the fixture is in the repository")).expect("the fixture has the documented fields")
}

/// A tensor in f64, the precision of all comparisons of gradients.
fn exact(numbers: &[f64]) -> Tensor<1> {
    Tensor::from_data(TensorData::new(numbers.to_vec(), [numbers.len()]), (&Device::flex(), DType::F64))
}

/// A network's parameters and state in f64.
fn network(parameters: &[f64], state: &[f64]) -> Numbers {
    Numbers { vector: exact(parameters), state: (!state.is_empty()).then(|| exact(state)) }
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    let data = pollster::block_on(tensor.into_data_async()).expect("the CPU gives its numbers");
    data.convert::<f64>().try_into_vec().expect("converted to f64")
}

/// Largest difference relative to the largest expected number.
fn difference(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1e-300f64, |scale, x| scale.max(x.abs()));
    let differences = found.iter().zip(expected).map(|(a, b)| (a - b).abs() / scale);
    differences.fold(0.0, |worst, d| if d > worst || d.is_nan() { d } else { worst })
}

/// Numbers that look random and are the same everywhere, in −1..1.
fn scattered(count: usize, salt: usize) -> Vec<f64> {
    (0..count).map(|i| ((i * 7919 + salt * 104_729 + 13) % 10_007) as f64 / 5_003.5 - 1.0).collect()
}

/// The central difference of `f` at `x` along `direction`.
fn slope_along(x: &[f64], direction: &[f64], f: impl Fn(&[f64]) -> f64) -> f64 {
    const STEP: f64 = 1e-6;
    let at = |sign: f64| f(&x.iter().zip(direction).map(|(x, d)| x + sign * STEP * d).collect::<Vec<_>>());
    (at(1.0) - at(-1.0)) / (2.0 * STEP)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
