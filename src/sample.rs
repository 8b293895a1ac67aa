//! Sampling a trained generator.

use burn::tensor::{Device, Tensor};

use crate::config::TrainConfig;
use crate::device::{read, rows, vector};
use crate::error::{Error, Result};
use crate::game::networks;
use crate::model::Generator;

/// Latents go through G in chunks of this many, so that a large request does not need a large GPU.
const CHUNK: usize = 256;

/// A generator with its weights on a device.
#[derive(Debug, Clone)]
pub struct Sampler {
    generator: Generator,
    weights: Tensor<1>,
    device: Device,
    latent_dim: usize,
    shape: &'static [usize],
    scale: f32,
}

impl Sampler {
    /// The generator of a config with the weights of `numbers`.
    pub fn new(config: &TrainConfig, numbers: &[f32], device: &Device) -> Result<Self> {
        let (generator, _) = networks(config)?;
        let expected = generator.layout().len();
        if numbers.len() != expected {
            return Err(Error::file("weights", format!("{} numbers do not fit a generator of {expected}", numbers.len())));
        }
        Ok(Self::of(config, generator, vector(numbers.to_vec(), device), device))
    }

    /// A generator whose weights are on the device already.
    pub(crate) fn of(config: &TrainConfig, generator: Generator, weights: Tensor<1>, device: &Device) -> Self {
        let (latent_dim, shape, scale) = (config.latent_dim, config.data.sample_shape(), config.data.scale());
        Self { generator, weights, device: device.clone(), latent_dim, shape, scale }
    }

    /// Dimensions of a latent.
    pub fn latent_dim(&self) -> usize {
        self.latent_dim
    }

    /// Shape of a sample.
    pub fn shape(&self) -> &'static [usize] {
        self.shape
    }

    /// Numbers that the generator trained.
    pub fn parameters(&self) -> usize {
        self.generator.layout().len()
    }

    /// G(z) for latents given row after row: points in data units, pixels in −1..1 (not clamped).
    pub async fn generate(&self, latents: &[f32]) -> Result<Vec<f32>> {
        if !latents.len().is_multiple_of(self.latent_dim) {
            let problem = format!("{} numbers are not a whole number of latents of {} dimensions", latents.len(), self.latent_dim);
            return Err(Error::setting("latents", problem));
        }
        if let Some(place) = latents.iter().position(|x| !x.is_finite()) {
            return Err(Error::setting("latents", format!("number {place} is not finite")));
        }
        let weights = self.generator.layout().constants(&self.weights);
        let mut samples = Vec::new();
        for chunk in latents.chunks(CHUNK * self.latent_dim) {
            let z = rows(chunk.to_vec(), self.latent_dim, &self.device);
            samples.extend(read(self.generator.forward(&weights, z)).await?.into_iter().map(|x| x * self.scale));
        }
        Ok(samples)
    }
}
