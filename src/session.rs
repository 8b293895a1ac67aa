//! A session: data, game and their streams; the one training loop of browser and native program.
//!
//! The loop is pulled: `advance(n)` trains exactly n steps and returns; pause, single step and cancel are the caller's not calling again. Looking (sampling,
//! drawing, evaluating, saving) never moves a training stream.

use burn::tensor::{Device, Tensor};

use crate::checkpoint::{Checkpoint, Header, Vectors};
use crate::config::TrainConfig;
use crate::data::{Cursor, Dataset};
use crate::device::{read, read_all, rows, vector};
use crate::error::{Error, Result};
use crate::export::Weights;
use crate::game::{CriticBatch, Gan, GeneratorBatch, Player, StepStats};
use crate::latent;
use crate::metrics::{POINT_SAMPLES, point_metrics};
use crate::optim::Adam;
use crate::protocol::{PointMetrics, StepReport};
use crate::rng::{Purpose, Stream};
use crate::sample::Sampler;

/// Steps whose statistics are gathered before one read: bounds what a GPU has queued.
const STEPS_PER_READ: u64 = 64;

/// A run in progress.
pub struct Session {
    config: TrainConfig,
    data: Dataset,
    device: Device,
    game: Gan,
    cursor: Cursor,
    latents: Stream,
    step: u64,
    images: u64,
}

impl Session {
    /// A new run.
    pub fn new(config: TrainConfig, data: Dataset, device: &Device) -> Result<Self> {
        check(&config, &data)?;
        let game = Gan::new(&config, device)?;
        let (cursor, latents) = (Cursor::new(config.seed, Purpose::Data), Stream::new(config.seed, Purpose::Latent));
        Ok(Self { config, data, device: device.clone(), game, cursor, latents, step: 0, images: 0 })
    }

    /// A run continued from where it was saved; on the CPU bit for bit.
    pub fn resume(checkpoint: Checkpoint, data: Dataset, device: &Device) -> Result<Self> {
        let Checkpoint { header, vectors } = checkpoint;
        let mut session = Self::new(header.config, data, device)?;
        let player = |weights, first, second, decay| Player {
            vector: vector(weights, device),
            adam: Adam { first: vector(first, device), second: vector(second, device), decay },
        };
        session.game.g = player(vectors.generator, vectors.first_g, vectors.second_g, header.decay_g);
        session.game.d = player(vectors.critic, vectors.first_d, vectors.second_d, header.decay_d);
        session.game.ema = vector(vectors.ema, device);
        session.cursor = Cursor::at(session.config.seed, header.data);
        session.latents = Stream::at(header.latent);
        (session.step, session.images) = (header.step, header.images);
        Ok(session)
    }

    /// The settings.
    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Real images seen.
    pub fn images(&self) -> u64 {
        self.images
    }

    /// Trainable numbers of G and of D.
    pub fn parameters(&self) -> (usize, usize) {
        self.game.parameters()
    }

    /// What is imitated.
    pub fn data(&self) -> &Dataset {
        &self.data
    }

    /// Changes live settings; others are refused by name and nothing is changed.
    pub fn tune(&mut self, config: TrainConfig) -> Result<()> {
        config.validate()?;
        if let Some(field) = self.config.fixed_differences(&config).into_iter().next() {
            return Err(Error::setting(field, "cannot change while a run goes on; it takes effect when the run starts anew"));
        }
        self.config = config;
        Ok(())
    }

    /// Trains exactly `steps` steps and reports each. A number that is not finite stops at the step where it appeared.
    pub async fn advance(&mut self, steps: u64) -> Result<Vec<StepReport>> {
        let mut reports = Vec::new();
        let mut left = steps;
        while left > 0 {
            let chunk = left.min(STEPS_PER_READ);
            self.train(chunk, &mut reports).await?;
            left -= chunk;
        }
        Ok(reports)
    }

    async fn train(&mut self, steps: u64, reports: &mut Vec<StepReport>) -> Result<()> {
        let mut stats = Vec::new();
        let mut moments = Vec::new();
        for _ in 0..steps {
            let StepStats(tensor) = self.queue_step();
            stats.push(tensor);
            moments.push((self.step, self.images));
        }
        let numbers = read(Tensor::cat(stats, 0)).await?;
        for ((step, images), numbers) in moments.into_iter().zip(numbers.chunks_exact(StepStats::LEN)) {
            let report = report(step, images, numbers);
            check_finite(&report)?;
            reports.push(report);
        }
        Ok(())
    }

    /// Queues one step on the device.
    fn queue_step(&mut self) -> StepStats {
        let (batch, features) = (self.config.batch, self.data.shape().iter().product());
        let reals = |data: &Dataset, cursor: &mut Cursor, device: &Device| rows(data.batch(batch, cursor), features, device);
        let mut latents = || rows(self.latents.normals(batch * self.config.latent_dim), self.config.latent_dim, &self.device);
        let for_d = CriticBatch { reals: reals(&self.data, &mut self.cursor, &self.device), latents: latents() };
        let needs_reals = self.config.objective.generator_needs_reals();
        let for_g = GeneratorBatch { reals: needs_reals.then(|| reals(&self.data, &mut self.cursor, &self.device)), latents: latents() };
        let stats = self.game.step(&self.config, self.images, for_d, for_g);
        self.step += 1;
        self.images += batch as u64;
        stats
    }

    /// The moving-average generator of this moment.
    pub fn sampler(&self) -> Sampler {
        Sampler::of(&self.config, self.game.generator().clone(), self.game.ema.clone(), &self.device)
    }

    /// D's logits at points in data units, `[n, 2]` row after row.
    pub async fn judge(&self, points: &[f32]) -> Result<Vec<f32>> {
        let scale = self.config.data.scale();
        let features = self.data.shape().iter().product();
        read(self.game.judge(rows(points.iter().map(|x| x / scale).collect(), features, &self.device))).await
    }

    /// Metrics of the moving-average generator on points with known modes; always on the same latents of the seed.
    pub async fn evaluate(&self) -> Result<PointMetrics> {
        let Dataset::Points(_, density) = &self.data else {
            return Err(Error::Unready("modes, hq and rkl are metrics of points; these data are images".into()));
        };
        let points = self.sampler().generate(&latent::draw(self.config.seed, POINT_SAMPLES, self.config.latent_dim)).await?;
        Ok(point_metrics(&points, density))
    }

    /// The whole state as a checkpoint.
    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        let (g, d) = (&self.game.g, &self.game.d);
        let tensors = [&g.vector, &d.vector, &self.game.ema, &g.adam.first, &g.adam.second, &d.adam.first, &d.adam.second];
        let read = read_all(tensors.map(Clone::clone).to_vec()).await?;
        let [generator, critic, ema, first_g, second_g, first_d, second_d] = read.try_into().expect("as many are read as were asked for");
        let vectors = Vectors { generator, critic, ema, first_g, second_g, first_d, second_d };
        if let Some(name) = vectors.not_finite() {
            return Err(Error::Diverged { images: self.images, step: self.step, what: name.into() });
        }
        let header = Header {
            config: self.config.clone(),
            step: self.step,
            images: self.images,
            data: self.cursor.state(),
            latent: self.latents.state(self.config.seed),
            decay_g: g.adam.decay,
            decay_d: d.adam.decay,
        };
        Ok(Checkpoint { header, vectors })
    }

    /// The whole state as the bytes of a checkpoint; the same state gives the same bytes.
    pub async fn save(&self) -> Result<Vec<u8>> {
        self.checkpoint().await?.to_bytes()
    }

    /// The moving-average generator as exported weights.
    pub async fn weights(&self) -> Result<Weights> {
        let vector = read(self.game.ema.clone()).await?;
        Ok(Weights { config: self.config.clone(), images: self.images, vector })
    }
}

fn check(config: &TrainConfig, data: &Dataset) -> Result<()> {
    config.validate()?;
    if config.data != data.kind() {
        return Err(Error::setting("data", format!("is {:?}, but the data given are {:?}", config.data, data.kind())));
    }
    Ok(())
}

fn report(step: u64, images: u64, numbers: &[f32]) -> StepReport {
    let [loss_d, loss_g, r1, r2, d_real, d_fake] = numbers.try_into().expect("a step gives StepStats::LEN numbers");
    StepReport { step, images, loss_d, loss_g, r1, r2, d_real, d_fake }
}

fn check_finite(report: &StepReport) -> Result<()> {
    let numbers = [("loss_d", report.loss_d), ("loss_g", report.loss_g), ("r1", report.r1), ("r2", report.r2)];
    match numbers.into_iter().find(|(_, x)| !x.is_finite()) {
        Some((what, _)) => Err(Error::Diverged { images: report.images, step: report.step, what: what.into() }),
        None => Ok(()),
    }
}
