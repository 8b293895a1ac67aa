//! Sampling a trained generator.

use burn::tensor::Device;

use crate::config::TrainConfig;
use crate::device::{one_hot, read, rows};
use crate::error::{Error, Result};
use crate::game::networks;
use crate::model::Generator;
use crate::nn::params::Numbers;

/// Latents go through G in chunks of this many, so that a large request does not need a large GPU.
const CHUNK: usize = 256;

/// A generator with its weights on a device.
#[derive(Debug, Clone)]
pub struct Sampler {
    generator: Generator,
    numbers: Numbers,
    device: Device,
    latent_dim: usize,
    shape: &'static [usize],
    scale: f32,
}

impl Sampler {
    /// The generator of a config with its parameters and its buffers.
    pub fn new(config: &TrainConfig, parameters: &[f32], buffers: &[f32], device: &Device) -> Result<Self> {
        let (generator, _) = networks(config)?;
        let expected = (generator.layout().len(), generator.layout().state_len());
        if (parameters.len(), buffers.len()) != expected {
            let found = (parameters.len(), buffers.len());
            return Err(Error::file("weights", format!("{found:?} parameters and buffers do not fit a generator of {expected:?}")));
        }
        Ok(Self::of(config, generator, Numbers::new(parameters.to_vec(), buffers.to_vec(), device), device))
    }

    /// A generator whose weights are on the device already.
    pub(crate) fn of(config: &TrainConfig, generator: Generator, numbers: Numbers, device: &Device) -> Self {
        let (latent_dim, shape, scale) = (config.latent_dim, config.data.sample_shape(), config.data.scale());
        Self { generator, numbers, device: device.clone(), latent_dim, shape, scale }
    }

    /// Dimensions of a latent.
    pub fn latent_dim(&self) -> usize {
        self.latent_dim
    }

    /// Classes that it can be asked for; 0 where it makes all without being told.
    pub fn classes(&self) -> usize {
        self.generator.classes()
    }

    /// Shape of a sample.
    pub fn shape(&self) -> &'static [usize] {
        self.shape
    }

    /// Numbers that the generator trained.
    pub fn parameters(&self) -> usize {
        self.generator.layout().len()
    }

    /// G(z) for latents given row after row: points in data units, pixels in −1..1 (not clamped). A generator that is told classes makes one after another.
    pub async fn generate(&self, latents: &[f32]) -> Result<Vec<f32>> {
        let count = latents.len() / self.latent_dim;
        let classes: Vec<u32> = (0..count).map(|i| (i % self.classes().max(1)) as u32).collect();
        self.generate_classes(latents, &classes).await
    }

    /// G(z, y) for latents given row after row, each with its class; without classes, those given do not matter.
    pub async fn generate_classes(&self, latents: &[f32], classes: &[u32]) -> Result<Vec<f32>> {
        self.check(latents, classes)?;
        let weights = self.generator.layout().evaluating(&self.numbers);
        let mut samples = Vec::new();
        for (latents, classes) in latents.chunks(CHUNK * self.latent_dim).zip(classes.chunks(CHUNK)) {
            let z = rows(latents.to_vec(), self.latent_dim, &self.device);
            let classes = one_hot(classes, self.classes(), &self.device);
            samples.extend(read(self.generator.forward(&weights, z, classes)).await?.into_iter().map(|x| x * self.scale));
        }
        Ok(samples)
    }

    fn check(&self, latents: &[f32], classes: &[u32]) -> Result<()> {
        if !latents.len().is_multiple_of(self.latent_dim) {
            let problem = format!("{} numbers are not a whole number of latents of {} dimensions", latents.len(), self.latent_dim);
            return Err(Error::setting("latents", problem));
        }
        if let Some(place) = latents.iter().position(|x| !x.is_finite()) {
            return Err(Error::setting("latents", format!("number {place} is not finite")));
        }
        let (count, known) = (latents.len() / self.latent_dim, self.classes());
        if known > 0 && (classes.len() != count || classes.iter().any(|&class| class as usize >= known)) {
            return Err(Error::setting("class", format!("must be one of 0 to {} for each of the {count} latents", known - 1)));
        }
        Ok(())
    }
}
