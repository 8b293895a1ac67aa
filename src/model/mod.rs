//! Networks, one family a file: G and D mirror each other.
//!
//! A network is a description that holds no numbers: it declares its parameters in a [`Layout`](crate::nn::params::Layout) and its forward pass
//! takes the weights cut from the flat vector. G maps latents `[batch, latent_dim]` to samples `[batch, features]` in network units; D maps such
//! samples, with or without tangent, to logits `[batch]`.

mod mlp;
mod r3gan;

use burn::tensor::Tensor;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, Result};
use crate::nn::dual::Dual;
use crate::nn::params::{Layout, Weights};

/// The architecture of a pair of networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Fully connected layers with leaky ReLU (slope .2); `width` units in each of `depth` hidden layers.
    Mlp,
    /// A small convolutional R3GAN (2024) for images: no normalisation, residual blocks with grouped convolutions; `width` channels at full
    /// resolution, twice as many each time it halves, `depth` blocks per resolution.
    R3gan,
}

/// The size of one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS, Validate)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// Units per hidden layer, or channels at full resolution (then a multiple of 8).
    #[garde(range(min = 1, max = 1024))]
    pub width: usize,
    /// Hidden layers, or residual blocks per resolution.
    #[garde(range(min = 1, max = 16))]
    pub depth: usize,
}

/// The generator G: latents `[batch, latent_dim]` → samples `[batch, features]`.
#[derive(Debug, Clone)]
pub struct Generator {
    layout: Layout,
    body: GeneratorBody,
}

#[derive(Debug, Clone)]
enum GeneratorBody {
    Mlp(mlp::Mlp),
    R3gan(r3gan::Generator),
}

impl Generator {
    /// The generator of a family for samples of `shape` (`[features]` or `[channels, size, size]`).
    pub fn new(family: Family, size: NetworkConfig, latent_dim: usize, shape: &[usize]) -> Result<Self> {
        let mut layout = Layout::default();
        let body = match family {
            Family::Mlp => GeneratorBody::Mlp(mlp::Mlp::new(&mut layout, size, latent_dim, shape.iter().product())),
            Family::R3gan => {
                let image = image_shape(shape, size, "generator.width")?;
                GeneratorBody::R3gan(r3gan::Generator::new(&mut layout, size, latent_dim, image))
            }
        };
        Ok(Self { layout, body })
    }

    /// Its parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// G(z).
    pub fn forward(&self, weights: &Weights, z: Tensor<2>) -> Tensor<2> {
        match &self.body {
            GeneratorBody::Mlp(body) => body.forward(weights, Dual::plain(z)).value,
            GeneratorBody::R3gan(body) => body.forward(weights, z),
        }
    }
}

/// The critic D: samples `[batch, features]` → logits `[batch]`, both with or without tangent.
#[derive(Debug, Clone)]
pub struct Critic {
    layout: Layout,
    body: CriticBody,
}

#[derive(Debug, Clone)]
enum CriticBody {
    Mlp(mlp::Mlp),
    R3gan(r3gan::Critic),
}

impl Critic {
    /// The critic of a family for samples of `shape`.
    pub fn new(family: Family, size: NetworkConfig, shape: &[usize]) -> Result<Self> {
        let mut layout = Layout::default();
        let body = match family {
            Family::Mlp => CriticBody::Mlp(mlp::Mlp::new(&mut layout, size, shape.iter().product(), 1)),
            Family::R3gan => {
                let image = image_shape(shape, size, "critic.width")?;
                CriticBody::R3gan(r3gan::Critic::new(&mut layout, size, image))
            }
        };
        Ok(Self { layout, body })
    }

    /// Its parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// D(x).
    pub fn forward(&self, weights: &Weights, x: Dual<2>) -> Dual<1> {
        let logits = match &self.body {
            CriticBody::Mlp(body) => body.forward(weights, x), // [batch, 1]
            CriticBody::R3gan(body) => body.forward(weights, x),
        };
        logits.linear(|t| t.squeeze_dim(1))
    }
}

/// `[channels, size]` of square images that the convolutional family can make.
fn image_shape(shape: &[usize], network: NetworkConfig, field: &str) -> Result<[usize; 2]> {
    let &[channels, height, width] = shape else {
        return Err(Error::setting("family", "`r3gan` makes images; the data are points, which take `mlp`"));
    };
    if height != width || height < 4 {
        return Err(Error::setting("data", format!("`r3gan` needs square images of at least 4 pixels; these are {height}x{width}")));
    }
    if !network.width.is_multiple_of(8) {
        return Err(Error::setting(
            field,
            format!("must be a multiple of 8 for `r3gan`, whose convolutions have groups of 16 (it is {})", network.width),
        ));
    }
    Ok([channels, height])
}
