//! What the named networks see: the same here and in PyTorch.

use burn::tensor::Device;
use serde::Deserialize;
use sparring::fidelity::{Looker, Network, Pixels, Rows};

use crate::{difference, fixture};

#[derive(Deserialize)]
struct Case {
    network: Network,
    features: Vec<f64>,
    logits: Vec<f64>,
}

#[derive(Deserialize)]
struct Classifiers {
    images: Vec<u8>,
    cases: Vec<Case>,
}

fn flat(rows: &Rows) -> Vec<f64> {
    rows.iter().flatten().copied().collect()
}

#[test]
fn the_named_networks_see_what_pytorch_sees_with_their_weights() {
    let Classifiers { images, cases } = fixture("classifiers.json");
    assert_eq!(cases.len(), Network::ALL.len());
    for Case { network, features, logits } in cases {
        let looker = Looker::named(network, &Device::flex()).expect("its weights come with the program");
        let seen = pollster::block_on(looker.look(&Pixels::new([1, 28, 28], images.clone()), "the fixture")).expect("28x28");
        let worst = difference(&flat(&seen.features), &features).max(difference(&flat(&seen.logits), &logits));
        assert!(worst < 1e-5, "{}: {worst:e}", network.name());
    }
}

#[test]
fn channels_are_looked_at_one_by_one_and_other_sizes_are_refused() {
    let Classifiers { images, .. } = fixture("classifiers.json");
    let looker = Looker::named(Network::LenetMnist, &Device::flex()).expect("its weights come with the program");
    let look = |shape, bytes: &[u8]| pollster::block_on(looker.look(&Pixels::new(shape, bytes.to_vec()), "mine.npy"));
    let (grey, coloured) = (look([1, 28, 28], &images).expect("28x28"), look([3, 28, 28], &images).expect("28x28"));
    assert_eq!((coloured.features.len(), coloured.features.width()), (1, 3 * 84));
    assert_eq!((flat(&grey.features), grey.logits), (flat(&coloured.features), coloured.logits));
    let refused = look([1, 14, 14], &images[..196]).expect_err("too small").to_string();
    assert!(refused.contains("mine.npy") && refused.contains("28x28"), "{refused}");
}
