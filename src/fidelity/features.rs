//! Whose features images are measured by: a name that stands beside every figure.

use super::network::Network;
use super::{inception, lenet};

/// Features by their name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Features {
    /// The last hidden layer of a classifier that comes with the program, of each channel of an image.
    Classifier(Network),
    /// The last average pool of Inception v3, whose weights are given by file: FID as it stands in papers.
    Inception,
}

impl Features {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Classifier(Network::LenetMnist), Self::Classifier(Network::LenetFashion), Self::Inception];

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
            Self::Classifier(_) => lenet::FEATURES * channels,
            Self::Inception => inception::FEATURES,
        }
    }

    /// Reals that are looked at, as a multiple of the samples: for the reference, and for the pairs of the noise band. Inception takes a thousand times as long for an image as a
    /// LeNet, so its pairs are taken from as few as can be.
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
