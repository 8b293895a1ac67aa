//! The classifiers that come with the program, and their files.

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use super::architecture::Architecture;
use super::lenet::Lenet;
use super::resnet::Resnet;
use super::training::Recipe;
use crate::data::DataKind;
use crate::error::{Error, Result};
use crate::export::{read_container, split, take_all, write_container};
use crate::nn::params::Numbers;

/// A classifier by its name: the name says architecture and training data, and stands beside every figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// LeNet-5 trained on MNIST's 60,000 training images.
    LenetMnist,
    /// The same on Fashion-MNIST's.
    LenetFashion,
    /// A residual network trained on 10,000 of CIFAR-10's training images.
    ResnetCifar,
}

impl Network {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::LenetMnist, Self::LenetFashion, Self::ResnetCifar];

    /// What files and the command line call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::LenetMnist => "lenet-mnist",
            Self::LenetFashion => "lenet-fashion",
            Self::ResnetCifar => "resnet-cifar",
        }
    }

    /// Its layers.
    pub fn architecture(self) -> Box<dyn Architecture> {
        match self {
            Self::LenetMnist | Self::LenetFashion => Box::new(Lenet::new()),
            Self::ResnetCifar => Box::new(Resnet::new()),
        }
    }

    /// The data set on which it was trained.
    pub fn data(self) -> DataKind {
        match self {
            Self::LenetMnist => DataKind::Mnist,
            Self::LenetFashion => DataKind::FashionMnist,
            Self::ResnetCifar => DataKind::Cifar10,
        }
    }

    /// The one whose features suit a data set, where there is one.
    pub fn of_data(kind: DataKind) -> Option<Self> {
        match kind {
            DataKind::Mnist | DataKind::StackedMnist => Some(Self::LenetMnist),
            DataKind::FashionMnist => Some(Self::LenetFashion),
            DataKind::Cifar10 => Some(Self::ResnetCifar),
            _ => None,
        }
    }

    /// Its weights' file: it comes with the program.
    pub(super) fn file(self) -> &'static [u8] {
        match self {
            Self::LenetMnist => include_bytes!("../../weights/lenet-mnist.safetensors"),
            Self::LenetFashion => include_bytes!("../../weights/lenet-fashion.safetensors"),
            Self::ResnetCifar => include_bytes!("../../weights/resnet-cifar.safetensors"),
        }
    }

    /// How its weights were trained.
    pub fn recipe(self) -> Recipe {
        let digits = Recipe { seed: 0, epochs: 5, lr: 2e-3, weight_decay: 0.05, shift: 1, mirror: false };
        match self {
            Self::LenetMnist => digits,
            Self::LenetFashion => Recipe { epochs: 8, shift: 0, mirror: true, ..digits },
            Self::ResnetCifar => Recipe { epochs: 40, shift: 4, mirror: true, ..digits },
        }
    }
}

/// A trained classifier as it stands in a file: safetensors with PyTorch's names and layouts, this as JSON in its metadata.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Which network it is.
    pub classifier: Network,
    /// How it was trained.
    pub recipe: Recipe,
    /// The share of the test images whose class it finds.
    pub accuracy: f64,
}

/// What training leaves of a classifier.
#[derive(Debug, Clone, PartialEq)]
pub struct Learnt {
    /// Its parameters, one after another.
    pub vector: Vec<f32>,
    /// What it keeps beside them, as running statistics; empty where that is nothing.
    pub state: Vec<f32>,
}

impl Learnt {
    /// The numbers on a device.
    pub(super) fn numbers(self, device: &Device) -> Numbers {
        Numbers::new(self.vector, self.state, device)
    }
}

/// The file's bytes, in 16-bit floats.
pub fn to_bytes(card: &Card, learnt: &Learnt) -> Result<Vec<u8>> {
    let architecture = card.classifier.architecture();
    let layout = architecture.layout();
    let parts = split(layout.entries(), &learnt.vector).chain(split(layout.buffers(), &learnt.state));
    let tensors: Vec<_> = parts.map(|(entry, numbers)| (entry.name.clone(), entry.shape.clone(), numbers)).collect();
    write_container(&serde_json::to_string(card).expect("a card is plain data"), &tensors, true)
}

/// Reads a file; `file` names it in errors.
pub fn parse(bytes: &[u8], file: &str) -> Result<(Card, Learnt)> {
    let (metadata, mut tensors) = read_container(bytes, file)?;
    let card: Card =
        serde_json::from_str(&metadata).map_err(|error| Error::file(file, format!("its metadata is not that of a classifier: {error}")))?;
    let architecture = card.classifier.architecture();
    let mut take = |entries| take_all(entries, &mut tensors, file);
    let (vector, state) = (take(architecture.layout().entries())?, take(architecture.layout().buffers())?);
    Ok((card, Learnt { vector, state }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    #[test]
    fn a_classifier_written_is_the_one_read_and_others_are_refused_by_name() {
        for classifier in Network::ALL {
            let (vector, state) = classifier.architecture().layout().init(&mut Stream::new(1, Purpose::InitCritic));
            let rounded = |numbers: &[f32]| numbers.iter().map(|&x| half::f16::from_f32(x).to_f32()).collect();
            let kept = Learnt { vector: rounded(&vector), state: rounded(&state) };
            let card = Card { classifier, recipe: classifier.recipe(), accuracy: 0.5 };
            let bytes = to_bytes(&card, &Learnt { vector, state }).unwrap();
            assert_eq!(parse(&bytes, "c"), Ok((card, kept)));
            assert!(parse(&bytes[..bytes.len() - 1], "c").is_err());
        }
        let generator = include_bytes!("../../tests/fixtures/generator.safetensors");
        let refused = parse(generator, "mine.safetensors").unwrap_err().to_string();
        assert!(refused.contains("mine.safetensors") && refused.contains("not that of a classifier"), "{refused}");
    }

    #[test]
    fn every_network_comes_with_its_own_weights_of_the_recipe_it_names() {
        for network in Network::ALL {
            let (card, _) = parse(network.file(), network.name()).unwrap();
            assert_eq!((card.classifier, card.recipe), (network, network.recipe()));
            assert!(network.file().len() < 1_000_000);
            assert_eq!(serde_json::to_value(network).unwrap(), network.name());
        }
    }
}
