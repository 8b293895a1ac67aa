//! What the named networks see: the same here and in PyTorch, or in NumPy.

use burn::tensor::Device;
use serde::Deserialize;
use sparring::fidelity::{Looker, Network, Pixels, Rows};

use crate::{difference, fixture};

#[derive(Deserialize)]
struct Case {
    network: Network,
    shape: [usize; 3],
    images: Vec<u8>,
    features: Vec<f64>,
    logits: Vec<f64>,
}

#[derive(Deserialize)]
struct Classifiers {
    cases: Vec<Case>,
}

fn case(network: Network) -> Case {
    let Classifiers { cases } = fixture("classifiers.json");
    cases.into_iter().find(|case| case.network == network).expect("every network has its case")
}

fn looker(network: Network) -> Looker {
    Looker::named(network, &Device::flex()).expect("its weights come with the program")
}

fn flat(rows: &Rows) -> Vec<f64> {
    rows.iter().flatten().copied().collect()
}

#[test]
fn the_named_networks_see_what_a_second_program_sees_with_their_weights() {
    for network in Network::ALL {
        let Case { shape, images, features, logits, .. } = case(network);
        let looker = looker(network);
        let look = || pollster::block_on(looker.look(&Pixels::new(shape, images.clone()), "the fixture")).expect("of its size");
        let seen = look();
        let worst = difference(&flat(&seen.features), &features).max(difference(&flat(&seen.logits), &logits));
        assert!(worst < 1e-5, "{}: {worst:e}", network.name());
        assert_eq!(seen, look(), "{}", network.name());
    }
}

#[test]
fn channels_are_looked_at_one_by_one_and_other_sizes_are_refused() {
    let (Case { images, .. }, looker) = (case(Network::LenetMnist), looker(Network::LenetMnist));
    let look = |shape, bytes: &[u8]| pollster::block_on(looker.look(&Pixels::new(shape, bytes.to_vec()), "mine.npy"));
    let (grey, coloured) = (look([1, 28, 28], &images).expect("28x28"), look([3, 28, 28], &images).expect("28x28"));
    assert_eq!((coloured.features.len(), coloured.features.width()), (1, 3 * 84));
    assert_eq!((flat(&grey.features), grey.logits), (flat(&coloured.features), coloured.logits));
    let refused = look([1, 14, 14], &images[..196]).expect_err("too small").to_string();
    assert!(refused.contains("mine.npy") && refused.contains("28x28"), "{refused}");
}

#[test]
fn photographs_are_looked_at_whole_and_grey_or_larger_ones_are_refused() {
    let (Case { images, .. }, looker) = (case(Network::ResnetCifar), looker(Network::ResnetCifar));
    let look = |shape, bytes: &[u8]| pollster::block_on(looker.look(&Pixels::new(shape, bytes.to_vec()), "mine.npy"));
    let seen = look([3, 32, 32], &images).expect("32x32");
    let widths = [&seen.features, &seen.logits].map(|rows| (rows.len(), rows.width()));
    assert_eq!(widths, [(2, 128), (2, 10)]);
    for (shape, why) in [([1, 32, 32], "are grey"), ([4, 32, 32], "have 4 channels"), ([3, 16, 16], "are 16x16")] {
        let refused = look(shape, &images[..shape.iter().product()]).expect_err("not its images").to_string();
        assert!(["mine.npy", why, "resnet-cifar", "RGB", "32x32", "`inception`"].iter().all(|word| refused.contains(word)), "{refused}");
    }
}
