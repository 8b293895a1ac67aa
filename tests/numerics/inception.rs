//! Inception v3 against pytorch-fid's with the same weights (`tests/fixtures/fixture_inception.py`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use burn::tensor::{Device, Tensor, TensorData};
use serde::Deserialize;
use sparring::fidelity::{Inception, Looker, Pixels, Rows};

use crate::inception_weights::{State, file, state};
use crate::{difference, fixture, numbers};

#[derive(Deserialize)]
struct Stage {
    shape: [usize; 4],
    sum: f64,
    squares: f64,
    corner: Vec<f64>,
}

#[derive(Deserialize)]
struct Look {
    shape: [usize; 4],
    /// Every 16th.
    features: Vec<f64>,
    logits: Vec<f64>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    shape: Vec<usize>,
}

#[derive(Deserialize)]
struct Fixture {
    images: Vec<u8>,
    grey_images: Vec<u8>,
    stages: BTreeMap<String, Stage>,
    seen: Vec<Look>,
    tensors: Vec<Named>,
}

static FIXTURE: LazyLock<Fixture> = LazyLock::new(|| fixture("inception.json"));
static STATE: LazyLock<State> = LazyLock::new(state);

/// The image that is larger than what the network sees: stripes, by formula.
fn large() -> Vec<u8> {
    let byte = |place: usize| (7 * (place / 331 % 331) + 3 * (place % 331) + 85 * (place / (331 * 331))) % 256;
    (0..3 * 331 * 331).map(|place| byte(place) as u8).collect()
}

fn every_16th(rows: &Rows) -> Vec<f64> {
    rows.iter().flat_map(|row| row.iter().step_by(16).copied()).collect()
}

#[test]
fn a_file_holds_the_tensors_of_pytorch_fids_network() {
    let expected: BTreeMap<_, _> = FIXTURE.tensors.iter().map(|named| (named.name.clone(), named.shape.clone())).collect();
    let mut found: BTreeMap<_, _> = Inception::tensors().into_iter().collect();
    found.insert("fc.bias".into(), vec![1008]); // the Inception score is without it
    assert_eq!(found, expected);
}

#[test]
fn inception_sees_what_pytorch_fids_sees_in_colour_grey_small_and_large_images() {
    let looker = Looker::inception(&file(&STATE), "the formula", &Device::flex()).expect("whole weights");
    let images = [FIXTURE.images.clone(), FIXTURE.grey_images.clone(), large()];
    for (Look { shape: [_, channels, height, width], features, logits }, bytes) in FIXTURE.seen.iter().zip(images) {
        let seen = pollster::block_on(looker.look(&Pixels::new([*channels, *height, *width], bytes), "the fixture")).expect("any size");
        let worst = difference(&every_16th(&seen.features), features).max(difference(&every_16th(&seen.logits), logits));
        assert!(worst < 1e-5, "{channels} channels, {height}x{width}: {worst:e}");
    }
}

#[test]
fn the_maps_on_the_way_are_pytorch_fids() {
    let inception = Inception::parse(&file(&STATE), "the formula", &Device::flex()).expect("whole weights");
    let pixels: Vec<f32> = FIXTURE.images.iter().map(|&byte| f32::from(byte) / 127.5 - 1.0).collect();
    let images: Tensor<4> = Tensor::<1>::from_data(TensorData::new(pixels, [2 * 3 * 32 * 32]), &Device::flex()).reshape([2, 3, 32, 32]);
    for (parts, name) in [(3, "Conv2d_2b_3x3"), (10, "Mixed_5d"), (15, "Mixed_6e"), (17, "Mixed_7b")] {
        let (maps, expected) = (inception.after(parts, images.clone()), &FIXTURE.stages[name]);
        assert_eq!(maps.dims(), expected.shape, "{name}");
        let found = numbers(maps.clone());
        let sums = [found.iter().sum(), found.iter().map(|x| x * x).sum()];
        assert!(difference(&sums, &[expected.sum, expected.squares]) < 1e-5, "{name}: {sums:?}");
        let plane = expected.shape[2] * expected.shape[3];
        let corner: Vec<f64> = (0..4).map(|map| found[map * plane]).collect();
        assert!(difference(&corner, &expected.corner) < 1e-4, "{name}: {corner:?}");
    }
}

#[test]
fn a_wrong_or_damaged_file_is_refused_by_file_and_tensor() {
    let refused = |bytes: &[u8], words: &[&str]| {
        let problem = Inception::parse(bytes, "mine.safetensors", &Device::flex()).expect_err("not the weights").to_string();
        assert!(words.iter().all(|word| problem.contains(word)) && problem.starts_with("mine.safetensors"), "{problem}");
    };
    // Tensors are taken in the order of the table, so few of them tell.
    let first: State = STATE.iter().filter(|(name, _)| name.starts_with("Conv2d_1a")).map(|(k, v)| (k.clone(), v.clone())).collect();
    let changed = |change: fn(&mut (Vec<usize>, Vec<f32>)), name: &str| {
        let mut state = first.clone();
        change(state.get_mut(name).expect("one of the first"));
        file(&state)
    };
    refused(&file(&first), &["no tensor `Conv2d_2a_3x3.conv.weight`", "FID's Inception v3"]);
    refused(&changed(|(_, numbers)| numbers[5] = f32::NAN, "Conv2d_1a_3x3.conv.weight"), &["`Conv2d_1a_3x3.conv.weight`", "not finite"]);
    refused(&changed(|(_, numbers)| numbers[5] = -0.1, "Conv2d_1a_3x3.bn.running_var"), &["`Conv2d_1a_3x3.bn.running_var`", "-0.1"]);
    refused(&changed(|(shape, _)| *shape = vec![32, 27], "Conv2d_1a_3x3.conv.weight"), &["[32, 27]", "[32, 3, 3, 3] is asked for"]);
    let whole = file(&first);
    refused(&whole[..whole.len() - 1], &["not a whole safetensors file"]);
    refused(b"PK\x03\x04 and so on", &["PyTorch's own format", "docs/metrics.md"]);
}

#[test]
fn images_with_alpha_are_refused_by_name() {
    let looker = Looker::inception(&file(&STATE), "the formula", &Device::flex()).expect("whole weights");
    let problem = pollster::block_on(looker.look(&Pixels::new([4, 2, 2], vec![0; 16]), "mine.npy")).expect_err("four channels").to_string();
    assert!(problem.contains("mine.npy") && problem.contains("4 channels"), "{problem}");
}
