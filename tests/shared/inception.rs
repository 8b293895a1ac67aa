//! Weights for Inception v3 that a formula gives, as a safetensors file: the same numbers as `tests/fixtures/fixture_inception.py` makes.

use std::collections::BTreeMap;

use safetensors::tensor::{Dtype, TensorView, serialize};
use sparring::fidelity::Inception;

/// Tensors by name: shape and numbers.
pub type State = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

/// All that a file must hold.
pub fn state() -> State {
    let filled = |(name, shape): (String, Vec<usize>)| {
        let numbers = weight(&name, &shape);
        (name, (shape, numbers))
    };
    Inception::tensors().into_iter().map(filled).collect()
}

/// A file of such tensors, and of one that counts batches, as PyTorch writes it.
pub fn file(state: &State) -> Vec<u8> {
    let bytes = |numbers: &Vec<f32>| numbers.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
    let encoded: Vec<_> = state.iter().map(|(name, (shape, numbers))| (name.clone(), shape.clone(), bytes(numbers))).collect();
    let view = |shape: &[usize], dtype, bytes| TensorView::new(dtype, shape.to_vec(), bytes).expect("as many bytes as the shape says");
    let counter = 7i64.to_le_bytes();
    let counter = ("Mixed_5b.branch1x1.bn.num_batches_tracked".to_owned(), view(&[], Dtype::I64, &counter));
    let views = encoded.iter().map(|(name, shape, bytes)| (name.clone(), view(shape, Dtype::F32, bytes)));
    serialize(views.chain([counter]), None).expect("plain tensors")
}

fn weight(name: &str, shape: &[usize]) -> Vec<f32> {
    let fan_in: usize = shape[1..].iter().product();
    let (offset, scale) = if name.ends_with("conv.weight") {
        (0.0, (6.0 / fan_in as f64).sqrt() as f32)
    } else if name == "fc.weight" {
        (0.0, (3.0 / fan_in as f64).sqrt() as f32)
    } else if name.ends_with("bn.weight") {
        (1.0, 0.25)
    } else if name.ends_with("running_var") {
        (1.0, 0.5)
    } else {
        (0.0, 0.25)
    };
    scattered(name, shape.iter().product()).map(|x| offset + scale * x).collect()
}

/// Numbers in −1..1 that look random: murmur3's last steps on crc32(name) + i · 2654435761.
fn scattered(name: &str, count: usize) -> impl Iterator<Item = f32> {
    let seed = crc32fast::hash(name.as_bytes());
    (0..count as u32).map(move |i| {
        let x = i.wrapping_mul(2_654_435_761).wrapping_add(seed);
        let x = (x ^ (x >> 16)).wrapping_mul(0x85eb_ca6b);
        let x = (x ^ (x >> 13)).wrapping_mul(0xc2b2_ae35);
        let x = x ^ (x >> 16);
        (x >> 8) as f32 / 8_388_608.0 - 1.0
    })
}
