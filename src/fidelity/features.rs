//! Whose features images are measured by: a name that stands beside every figure.

use super::inception;
use super::network::Network;

/// Features by their name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Features {
    /// The last hidden layer of a classifier that comes with the program; of a LeNet, of each channel of an image.
    Classifier(Network),
    /// The last average pool of Inception v3, whose weights are given by file: FID as it stands in papers.
    Inception,
}

impl Features {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Classifier(Network::LenetMnist),
        Self::Classifier(Network::LenetFashion),
        Self::Classifier(Network::ResnetCifar),
        Self::Inception,
    ];

    /// What files and the command line call them.
    pub fn name(self) -> &'static str {
        match self {
            Self::Classifier(network) => network.name(),
            Self::Inception => "inception",
        }
    }

    /// How many numbers they are of an image with so many channels.
    pub fn width(self, channels: usize) -> usize {
        match self {
            Self::Classifier(network) => network.architecture().features() * self.views(channels),
            Self::Inception => inception::FEATURES,
        }
    }

    /// How many images it takes one with so many channels for: a LeNet, which sees grey, takes each channel for one.
    pub fn views(self, channels: usize) -> usize {
        match self {
            Self::Classifier(network) => channels / network.architecture().shape()[0],
            Self::Inception => 1,
        }
    }

    /// Reals that are looked at, as a multiple of the samples: for the reference, and for the pairs of the noise band. Inception takes a hundred times as long for an image as a
    /// classifier at least, so its pairs are taken from as few as can be.
    pub fn pool(self) -> usize {
        match self {
            Self::Classifier(_) => 4,
            Self::Inception => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_classifier_has_features_and_no_two_features_share_a_name() {
        let names: std::collections::BTreeSet<&str> = Features::ALL.into_iter().map(Features::name).collect();
        assert_eq!(names.len(), Features::ALL.len());
        assert!(Network::ALL.iter().all(|network| names.contains(network.name())));
    }
}
