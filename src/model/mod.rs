//! Networks, one family a file: G and D mirror each other.
//!
//! A network is a description that holds no numbers: it declares its parameters in a [`Layout`](crate::nn::params::Layout) and its forward pass
//! takes the weights cut from the flat vector. G maps latents `[batch, latent_dim]` to samples `[batch, features]` in network units; D maps such
//! samples, with or without tangent, to logits `[batch]`.

mod critic;
mod dcgan;
mod generator;
mod head;
mod mlp;
mod r3gan;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use critic::{Critic, CriticPlan};
pub use generator::{Generator, GeneratorPlan};
pub use head::{Conditioning, Judgement, Side, cross_entropy};

use crate::error::{Error, Result};
use crate::nn::activation::Activation;
use crate::nn::norm::{GROUPS, Norm};

/// The architecture of a pair of networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Fully connected layers; `width` units in each of `depth` hidden layers.
    #[schemars(title = "MLP")]
    Mlp,
    /// DCGAN (Radford 2016) for images: strided and transposed 4x4 convolutions; `width` channels at full resolution, twice as many each time it halves.
    #[schemars(title = "DCGAN")]
    Dcgan,
    /// A small convolutional R3GAN (2024) for images: no normalisation, residual blocks with grouped convolutions; `width` channels at full
    /// resolution, twice as many each time it halves, `depth` blocks per resolution.
    #[schemars(title = "R3GAN")]
    R3gan,
}

/// The size and the layers of one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS, Validate)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// Units per hidden layer, or channels at full resolution.
    #[garde(range(min = 1, max = 1024))]
    pub width: usize,
    /// Hidden layers, or residual blocks per resolution; `dcgan` has one layer per resolution whatever this says.
    #[garde(range(min = 1, max = 16))]
    pub depth: usize,
    /// What follows each hidden layer.
    #[garde(skip)]
    #[serde(default)]
    pub activation: Activation,
    /// What normalises each hidden layer.
    #[garde(skip)]
    #[serde(default)]
    pub norm: Norm,
    /// Whether each weight is divided by its largest singular value (SNGAN: Miyato 2018).
    #[garde(skip)]
    #[serde(default)]
    pub spectral_norm: bool,
}

impl NetworkConfig {
    /// Plain layers with leaky ReLU.
    pub const fn plain(width: usize, depth: usize) -> Self {
        Self { width, depth, activation: Activation::LeakyRelu, norm: Norm::None, spectral_norm: false }
    }

    /// Refuses layers that the family does not have, naming the setting of `player`.
    pub fn check(self, family: Family, player: &str) -> Result<()> {
        let refuse = |field: &str, problem: String| Err(Error::setting(format!("{player}.{field}"), problem));
        match family {
            Family::R3gan if self.norm != Norm::None => {
                refuse("norm", "must be `none` for `r3gan`, whose residual blocks have no normalisation".into())
            }
            Family::R3gan if self.activation != Activation::LeakyRelu => refuse("activation", "must be `leaky_relu` for `r3gan`".into()),
            Family::R3gan if self.spectral_norm => refuse(
                "spectral_norm",
                "must be false for `r3gan`, whose residual branches begin at zero: they have no singular value to be divided by".into(),
            ),
            Family::R3gan if !self.width.is_multiple_of(8) => {
                refuse("width", format!("must be a multiple of 8 for `r3gan`, whose convolutions have groups of 16 (it is {})", self.width))
            }
            Family::Mlp if self.norm == Norm::Instance => {
                refuse("norm", "`instance` normalises over pixels; the units of `mlp` have none, and each would become 0".into())
            }
            // The layers of `dcgan` have at least twice its width; a group of one unit of `mlp` would become 0.
            Family::Dcgan if self.norm == Norm::Group && !(2 * self.width).is_multiple_of(GROUPS) => {
                refuse("width", format!("must be a multiple of {} for group norm (it is {})", GROUPS / 2, self.width))
            }
            Family::Mlp if self.norm == Norm::Group && (!self.width.is_multiple_of(GROUPS) || self.width == GROUPS) => {
                refuse("width", format!("must be a larger multiple of {GROUPS} for group norm (it is {})", self.width))
            }
            _ => Ok(()),
        }
    }
}

/// `[channels, size]` of square images that the convolutional families can make.
fn image_shape(shape: &[usize]) -> Result<[usize; 2]> {
    let &[channels, height, width] = shape else {
        return Err(Error::setting("family", "makes images; the data are points, which take `mlp`"));
    };
    if height != width || !halves_to_base(height) {
        return Err(Error::setting(
            "data",
            format!("this family needs square images of 4, 5, 6 or 7 times a power of two pixels; these are {height}x{width}"),
        ));
    }
    Ok([channels, height])
}

/// Whether images of this size halve down to a base of 4 to 7 pixels, as the convolutional families need it: 4, 5, 6 or 7 times a power of two from 8 on.
pub fn halves_to_base(size: usize) -> bool {
    size >= 8 && resolutions(size).last().is_some_and(|base| (4..8).contains(base))
}

/// Resolutions of the stages from full to base: halved while even and at least 8.
fn resolutions(size: usize) -> Vec<usize> {
    let mut stages = vec![size];
    while let Some(&r) = stages.last().filter(|&&r| r.is_multiple_of(2) && r / 2 >= 4) {
        stages.push(r / 2);
    }
    stages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_halve_down_to_a_base_of_four_to_seven_pixels() {
        assert_eq!(resolutions(28), [28, 14, 7]);
        assert_eq!(resolutions(32), [32, 16, 8, 4]);
        assert_eq!(resolutions(12), [12, 6]);
    }

    #[test]
    fn layers_that_a_family_does_not_have_are_refused_by_name() {
        let refused = |network: NetworkConfig, family| network.check(family, "critic").expect_err("refused").to_string();
        let plain = NetworkConfig::plain(16, 1);
        assert!(refused(NetworkConfig { norm: Norm::Batch, ..plain }, Family::R3gan).contains("`critic.norm`"));
        assert!(refused(NetworkConfig { norm: Norm::Instance, ..plain }, Family::Mlp).contains("`critic.norm`"));
        assert!(refused(NetworkConfig { norm: Norm::Group, width: 13, ..plain }, Family::Dcgan).contains("`critic.width`"));
        assert_eq!(NetworkConfig { norm: Norm::Instance, ..plain }.check(Family::Dcgan, "critic"), Ok(()));
    }
}
