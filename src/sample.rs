//! Sampling a trained generator.

use burn::tensor::Device;

use crate::config::TrainConfig;
use crate::data::Frame;
use crate::device::{is_cpu, one_hot, read, rows};
use crate::error::{Error, Result};
use crate::game::{generator_plan, networks};
use crate::kernel::{Plan, forward};
use crate::metrics::{ModeMetrics, POINT_SAMPLES, Score, ShapeModes, Yardstick, mode_metrics};
use crate::model::Generator;
use crate::nn::params::Numbers;
use crate::protocol::PointMetrics;
use crate::rng::{Purpose, Stream};

/// Latents go through G in chunks of this many, so that a large request does not need a large GPU.
const CHUNK: usize = 256;
/// Pixels that G makes at a time where all are not kept: of large images a block of the fused loops, which has room for 32, is the least.
const PIXELS: usize = 1 << 20;
const FEWEST: usize = 32;
/// Fewer images go through tensors: a block of the fused loops has room for 32 and costs as much for one (in the page, from slider to digit, 27 ms instead of 11 to 15).
const FEW_IMAGES: usize = 8;

/// A generator with its weights on a device.
#[derive(Debug, Clone)]
pub struct Sampler {
    generator: Generator,
    /// The same in the fused loops, where they know it.
    plan: Option<Plan>,
    numbers: Numbers,
    device: Device,
    latent_dim: usize,
    shape: Vec<usize>,
    frame: Frame,
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
        Ok(Self::of(config, config.frame(), generator, Numbers::new(parameters.to_vec(), buffers.to_vec(), device), device))
    }

    /// A generator whose weights are on the device already; `frame` is that of the config's data.
    pub(crate) fn of(config: &TrainConfig, frame: Frame, generator: Generator, numbers: Numbers, device: &Device) -> Self {
        let (latent_dim, shape) = (config.latent_dim, config.sample_shape());
        let plan = generator_plan(config, &generator).filter(|_| is_cpu(device));
        Self { generator, plan, numbers, device: device.clone(), latent_dim, shape, frame }
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
    pub fn shape(&self) -> &[usize] {
        &self.shape
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

    /// What `generate` gives, piece by piece, so that memory does not grow with the number of latents.
    pub async fn generate_in_pieces(&self, latents: &[f32], mut see: impl FnMut(&[f32])) -> Result<()> {
        let piece = (PIXELS / self.shape.iter().product::<usize>().max(1)).clamp(FEWEST, CHUNK);
        let mut classes = (0..self.classes().max(1) as u32).cycle();
        for latents in latents.chunks(piece * self.latent_dim) {
            let classes: Vec<u32> = classes.by_ref().take(latents.len() / self.latent_dim).collect();
            see(&self.generate_classes(latents, &classes).await?);
        }
        Ok(())
    }

    /// G(z, y) for latents given row after row, each with its class; without classes, those given do not matter.
    pub async fn generate_classes(&self, latents: &[f32], classes: &[u32]) -> Result<Vec<f32>> {
        self.check(latents, classes)?;
        let few = |plan: &&Plan| matches!(plan, Plan::Conv(_)) && classes.len() < FEW_IMAGES;
        let mut samples = match self.plan.as_ref().filter(|plan| !few(plan)) {
            Some(plan) => forward(plan, &read(self.numbers.vector.clone()).await?, latents),
            None => self.by_tensors(latents, classes).await?,
        };
        self.frame.to_data(&mut samples, self.shape.iter().product());
        Ok(samples)
    }

    async fn by_tensors(&self, latents: &[f32], classes: &[u32]) -> Result<Vec<f32>> {
        let weights = self.generator.layout().evaluating(&self.numbers);
        let mut samples = Vec::new();
        for (latents, classes) in latents.chunks(CHUNK * self.latent_dim).zip(classes.chunks(CHUNK)) {
            let z = rows(latents.to_vec(), self.latent_dim, &self.device);
            let classes = one_hot(classes, self.classes(), &self.device);
            samples.extend(read(self.generator.forward(&weights, z, classes)).await?);
        }
        Ok(samples)
    }

    /// Metrics of a generator of points. Its latents, and the classes it is told, are always the same of the seed, so that a run and its checkpoint give the same figures.
    pub async fn measure(&self, config: &TrainConfig, yardstick: &Yardstick, scores: &[Score]) -> Result<PointMetrics> {
        let density = yardstick.density();
        let counts = scores.iter().map(|score| score.samples(density.dim()));
        let count = counts.fold(POINT_SAMPLES, usize::max);
        // Classes as often as in the data: one after another would hide what is drawn too rarely.
        let (_, classes) = density.sample(count, &mut Stream::new(config.seed, Purpose::Evaluation));
        let fakes = self.generate_classes(&config.latent.draw(config.seed, count, config.latent_dim), &classes).await?;
        let coverage = mode_metrics(&fakes[..POINT_SAMPLES * density.dim()], density);
        Ok(PointMetrics { coverage, scores: scores.iter().map(|&score| yardstick.measure(score, &fakes)).collect() })
    }

    /// Coverage of the modes of drawn figures, of whose images it is a generator; always on the same latents of the seed.
    pub async fn cover_shapes(&self, config: &TrainConfig) -> Result<ModeMetrics> {
        let latents = config.latent.draw(config.seed, POINT_SAMPLES, config.latent_dim);
        let mut modes = ShapeModes::new(config.image.resolution);
        self.generate_in_pieces(&latents, |fakes| modes.see(fakes)).await?;
        Ok(modes.found())
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
