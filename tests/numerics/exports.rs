//! Exported generators: the same images here and in PyTorch.

use burn::tensor::Device;
use serde::Deserialize;
use sparring::device::{read, rows, vector};
use sparring::export::Weights;
use sparring::sample::Sampler;

use crate::fixture;

#[derive(Deserialize)]
struct GeneratorFixture {
    latents: Vec<f32>,
    images: Vec<f64>,
}

#[test]
fn exported_weights_make_the_same_images_here_and_in_pytorch() {
    let GeneratorFixture { latents, images } = fixture("generator.json");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/generator.safetensors");
    let weights = Weights::parse(&std::fs::read(file).expect("in the repository"), "generator.safetensors").expect("a whole export");
    assert_eq!(weights.images, 1234);
    let sampler = Sampler::new(&weights.config, &weights.vector, &weights.state, &Device::flex()).expect("the config is valid");
    let found = pollster::block_on(sampler.generate(&latents)).expect("the CPU generates");
    let worst = found.iter().zip(&images).map(|(&a, b)| (f64::from(a) - b).abs()).fold(0.0, f64::max);
    assert!(found.len() == images.len() && worst <= 1e-4, "{worst:e}");
}

#[test]
fn an_export_read_back_is_the_same_and_half_precision_is_close() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/generator.safetensors");
    let weights = Weights::parse(&std::fs::read(file).expect("in the repository"), "generator.safetensors").expect("a whole export");
    let whole = weights.to_bytes(false).expect("it can be written");
    assert_eq!(Weights::parse(&whole, "copy"), Ok(weights.clone()));
    let thirds = Weights { vector: weights.vector.iter().map(|w| w / 3.0).collect(), ..weights };
    let bytes = thirds.to_bytes(true).expect("it can be written");
    assert!(bytes.len() < whole.len() * 2 / 3);
    let half = Weights::parse(&bytes, "half").expect("a whole export");
    // 16-bit floats carry 11 bits, and fixed steps of 2⁻²⁴ near zero.
    let worst = half.vector.iter().zip(&thirds.vector).map(|(a, b)| (a - b).abs() / b.abs().max(1e-4)).fold(0.0, f32::max);
    assert!(worst > 0.0 && worst <= 1.0 / 2048.0, "{worst:e}");
}

#[test]
fn reading_gives_rows_in_order() {
    let tensor = rows(vec![1.0, 2.0, 3.0, 4.0], 2, &Device::flex());
    assert_eq!(pollster::block_on(read(tensor.transpose())), Ok(vec![1.0, 3.0, 2.0, 4.0]));
    assert_eq!(pollster::block_on(read(vector(vec![5.0], &Device::flex()))), Ok(vec![5.0]));
}
