//! A session: data, game and their streams; the one training loop of browser and native program.
//!
//! The loop is pulled: `advance(n)` trains exactly n steps and returns; pause, single step and cancel are the caller's not calling again. Looking (sampling,
//! drawing, evaluating, saving) never moves a training stream.

mod batches;
mod look;
mod plain;
mod shared;
mod signs;
mod together;

use std::collections::BTreeMap;

use burn::tensor::Device;

use batches::{draw_reals, labelled_of};
use plain::Steps;

use crate::augment::Augmenter;
use crate::checkpoint::{Checkpoint, Header, not_finite};
use crate::config::TrainConfig;
use crate::data::{Batch, Cursor, Dataset};
use crate::device::{cpu_device, read, read_all, vector};
use crate::doctor::Doctor;
use crate::error::{Error, Result};
use crate::export::Weights;
use crate::game::{Fused, Gan, Room, StepStats, Turn, saved_lengths};
use crate::metrics::Yardstick;
use crate::model::Conditioning;
use crate::optim::{Decay, Learners};
use crate::protocol::StepReport;
use crate::rng::{Purpose, Stream};
use crate::team::{Part, WHOLE};

/// Steps whose statistics are gathered before one read: bounds what a GPU has queued.
const STEPS_PER_READ: u64 = 64;

/// A run in progress.
pub struct Session {
    config: TrainConfig,
    data: Dataset,
    /// Classes in the game; counted once, because a density has to be made for it.
    classes: usize,
    /// What points are measured with.
    yardstick: Option<Yardstick>,
    /// Where it trains.
    device: Device,
    /// Where burn's tensors of it are: there too, but on the CPU while shaders train it, so that looking costs the GPU nothing.
    home: Device,
    game: Gan,
    /// The game in the memory of the fused loops or shaders, while it trains there.
    fused: Option<Fused>,
    /// Whether it may.
    fuses: bool,
    cursor: Cursor,
    latents: Stream,
    noise: Stream,
    /// What changes the images that D sees, where anything does.
    augmenter: Option<Augmenter>,
    /// The samples whose class D is told in the semi-supervised game.
    labelled: Option<Batch>,
    /// What of every batch it learns from; the rest is learnt from by other processes.
    part: Part,
    /// What the run showed lately.
    doctor: Doctor,
    step: u64,
    images: u64,
}

impl Session {
    /// A new run.
    pub fn new(config: TrainConfig, data: Dataset, device: &Device) -> Result<Self> {
        check(&config, &data)?;
        let home = home_of(Fused::covers(&config, device, &WHOLE), device);
        let game = Gan::new(&config, &home)?;
        let cursor = Cursor::new(config.seed, Purpose::Data);
        let (latents, noise) = (Stream::new(config.seed, Purpose::Latent), Stream::new(config.seed, Purpose::Noise));
        let augmenter = Augmenter::new(config.augment, data.shape(), config.seed);
        let (labelled, yardstick) = (labelled_of(&config, &data), yardstick(&data));
        let classes = config.classes();
        Ok(Self {
            config,
            data,
            classes,
            yardstick,
            device: device.clone(),
            home,
            game,
            fused: None,
            fuses: true,
            cursor,
            latents,
            noise,
            augmenter,
            labelled,
            part: WHOLE.clone(),
            doctor: Doctor::default(),
            step: 0,
            images: 0,
        })
    }

    /// A run continued from where it was saved; on the CPU bit for bit.
    pub fn resume(checkpoint: Checkpoint, data: Dataset, device: &Device) -> Result<Self> {
        let Checkpoint { header, vectors } = checkpoint;
        let mut session = Self::new(header.config, data, device)?;
        session.restore(&vectors, [header.decay_g, header.decay_d]);
        session.cursor = Cursor::at(session.config.seed, header.data);
        (session.latents, session.noise) = (Stream::at(header.latent), Stream::at(header.noise));
        if let (Some(augmenter), Some(state)) = (&mut session.augmenter, header.augment) {
            augmenter.restore(state);
        }
        (session.step, session.images) = (header.step, header.images);
        Ok(session)
    }

    /// The run as it was when a checkpoint of it was saved, on the same data and device.
    pub fn rewound(&self, checkpoint: Checkpoint) -> Result<Self> {
        Self::resume(checkpoint, self.data.clone(), &self.device)?.shared(self.part.clone())
    }

    fn restore(&mut self, vectors: &BTreeMap<String, Vec<f32>>, [decay_g, decay_d]: [Decay; 2]) {
        self.game.g.restore("generator", vectors, decay_g, &self.home);
        self.game.d.restore("critic", vectors, decay_d, &self.home);
        self.game.ema = vector(vectors["ema"].clone(), &self.home);
    }

    /// The settings.
    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    /// Where it trains.
    pub fn device(&self) -> &Device {
        &self.device
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
        let moved = self.config.moved != config.moved;
        self.config = config;
        if let Some(data) = self.config.dataset().filter(|_| moved) {
            (self.yardstick, self.labelled) = (yardstick(&data), labelled_of(&self.config, &data));
            self.data = data;
        }
        Ok(())
    }

    /// The same, but who learns may be said for these steps alone.
    pub async fn advance_with(&mut self, steps: u64, learn: Option<Learners>) -> Result<Vec<StepReport>> {
        let own = self.config.learn;
        self.config.learn = learn.unwrap_or(own);
        let reports = self.advance(steps).await;
        self.config.learn = own;
        reports
    }

    /// Trains exactly `steps` steps and reports each. A number that is not finite stops at the step where it appeared.
    pub async fn advance(&mut self, steps: u64) -> Result<Vec<StepReport>> {
        let mut reports = Vec::new();
        let mut left = steps;
        while left > 0 {
            let chunk = left.min(self.steps_per_read());
            self.train(chunk, &mut reports).await?;
            left -= chunk;
        }
        Ok(reports)
    }

    async fn train(&mut self, steps: u64, reports: &mut Vec<StepReport>) -> Result<()> {
        let (step, images) = (self.step, self.images);
        let done = match self.fuse().await {
            Ok(Some(fused)) => self.train_fused(fused, steps).await.map(Into::into),
            Ok(None) => self.train_plain(steps).await,
            Err(error) => Err(error),
        };
        let mut steps: Steps = done.map_err(|error| self.part.broken(error))?;
        steps.average(&self.part);
        // What was learnt from images that could not be read is not reported, and never saved.
        let failure = self.data.failure();
        let anywhere = self.part.any(failure.is_some());
        if let Some(error) =
            failure.or_else(|| anywhere.then(|| Error::file("the data of another process", "could not be read; it says which")))
        {
            return Err(error);
        }
        for (i, numbers) in (1..).zip(steps.numbers.chunks_exact(StepStats::LEN)) {
            let augment_p = steps.chances.get(i as usize - 1).map(|&p| p as f32);
            let report = StepReport { augment_p, ..report(step + i, images + i * self.config.images_a_step(), numbers) };
            if let Err(error) = check_finite(&report) {
                self.doctor.hear_of_divergence();
                return Err(error);
            }
            self.doctor.hear(report);
            reports.push(report);
        }
        self.follow(&steps);
        Ok(())
    }

    /// What the doctor remembers of the run.
    pub fn doctor(&self) -> &Doctor {
        &self.doctor
    }

    /// Gives the doctor a memory of the run as it is now.
    pub fn remember(&mut self, doctor: Doctor) {
        self.doctor = doctor;
    }

    /// What the steps after `step` measured, up to two hundred of the last: also those that [`Self::advance`] does not report, because it failed at a later one.
    pub fn reports_since(&self, step: u64) -> Vec<StepReport> {
        self.doctor.since(step)
    }

    /// Prepares what the first step would wait for: memory, and on a GPU pipelines.
    pub async fn warm(&mut self) -> Result<()> {
        self.fused = self.fuse().await?;
        Ok(())
    }

    /// The game in fused memory, where it is covered there.
    async fn fuse(&mut self) -> Result<Option<Fused>> {
        let fused = self.fused.take().filter(|fused| fused.fits(&self.config, &self.part));
        if !self.fuses {
            return Ok(None);
        }
        let covered = Fused::covers(&self.config, &self.device, &self.part);
        self.settle(home_of(covered, &self.device)).await?;
        match fused {
            _ if !covered => Ok(None),
            Some(fused) => Ok(Some(fused)),
            None => Fused::load(&self.game, &self.config, &self.device, &self.part).await.map(Some),
        }
    }

    /// Moves burn's tensors where they belong, after a live setting has changed who trains.
    async fn settle(&mut self, home: Device) -> Result<()> {
        if home != self.home {
            let (vectors, decays) = (self.vectors().await?, [&self.game.g, &self.game.d].map(|player| player.optimizer.moments.decay));
            self.home = home;
            self.game = Gan::new(&self.config, &self.home)?;
            self.restore(&vectors, decays);
        }
        Ok(())
    }

    /// Trains in fused memory, and gives the game its state back so that every look finds it there.
    async fn train_fused(&mut self, mut fused: Fused, steps: u64) -> Result<Vec<f32>> {
        for _ in 0..steps {
            let Self { config, data, cursor, latents, noise, part, .. } = self;
            let draw = |batch: &mut Room, with_reals: bool| {
                if with_reals {
                    draw_reals(config, data, cursor, &mut batch.reals);
                    part.keep(&mut batch.reals.samples);
                }
                batch.latents.clear();
                config.latent.extend(&mut batch.latents, config.batch * config.latent_dim, latents);
                part.keep(&mut batch.latents);
            };
            let turn = Turn { config, step: self.step, images: self.images, part };
            fused.step(turn, draw, noise);
            self.step += 1;
            self.images += self.config.images_a_step();
        }
        let numbers = fused.store(&mut self.game, &self.home).await?;
        self.fused = Some(fused);
        Ok(numbers)
    }

    /// Trains by burn's tensors alone from now on: the reference that the fused loops are held to.
    pub fn train_plainly(&mut self) {
        self.fuses = false;
    }

    /// The whole state as a checkpoint.
    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        let (g, d) = (&self.game.g, &self.game.d);
        let vectors = self.vectors().await?;
        if let Some(name) = not_finite(&vectors) {
            return Err(Error::Diverged { images: self.images, step: self.step, what: name.into() });
        }
        let header = Header {
            config: self.config.clone(),
            step: self.step,
            images: self.images,
            data: self.cursor.state(),
            latent: self.latents.state(self.config.seed),
            noise: self.noise.state(self.config.seed),
            augment: self.augmenter.as_ref().map(Augmenter::state),
            memory: None,
            decay_g: g.optimizer.moments.decay,
            decay_d: d.optimizer.moments.decay,
        };
        Ok(Checkpoint { header, vectors })
    }

    /// The whole state as the bytes of a checkpoint; the same state gives the same bytes.
    pub async fn save(&self) -> Result<Vec<u8>> {
        self.checkpoint().await?.to_bytes()
    }

    /// All vectors by their names.
    async fn vectors(&self) -> Result<BTreeMap<String, Vec<f32>>> {
        let (g, d) = (&self.game.g, &self.game.d);
        let tensors = g.tensors().into_iter().chain(d.tensors()).chain([self.game.ema.clone()]).collect();
        let names = saved_lengths(&self.config)?.into_iter().map(|(name, _)| name);
        Ok(names.zip(read_all(tensors).await?).collect())
    }

    /// The moving-average generator as exported weights.
    pub async fn weights(&self) -> Result<Weights> {
        let vector = read(self.game.ema.clone()).await?;
        let state = match self.game.g.numbers.state.clone() {
            Some(state) => read(state).await?,
            None => Vec::new(),
        };
        Ok(Weights { config: self.config.clone(), images: self.images, vector, state })
    }
}

/// Where burn's tensors of a game are, see [`Session`].
fn home_of(fused: bool, device: &Device) -> Device {
    if fused { cpu_device() } else { device.clone() }
}

fn check(config: &TrainConfig, data: &Dataset) -> Result<()> {
    config.validate()?;
    if config.data != data.kind() {
        return Err(Error::setting("data", format!("is {:?}, but the data given are {:?}", config.data, data.kind())));
    }
    if config.sample_shape() != data.shape() {
        return Err(Error::setting(
            "data",
            format!("are samples of shape {:?}, but those given have {:?}", config.sample_shape(), data.shape()),
        ));
    }
    if config.conditioning != Conditioning::None && !data.has_labels() {
        return Err(Error::setting("conditioning", "needs the classes of the samples, and these data come without labels"));
    }
    Ok(())
}

/// What points are measured by.
fn yardstick(data: &Dataset) -> Option<Yardstick> {
    match data {
        Dataset::Points(kind, density, _) => Some(Yardstick::new(*kind, density.clone())),
        Dataset::Images(..) => None,
    }
}

fn report(step: u64, images: u64, numbers: &[f32]) -> StepReport {
    let [loss_d, loss_g, r1, r2, slope, d_real, d_fake, accuracy, norm_d, norm_g] =
        numbers.try_into().expect("a step gives StepStats::LEN numbers");
    StepReport { step, images, loss_d, loss_g, r1, r2, slope, d_real, d_fake, accuracy, norm_d, norm_g, augment_p: None }
}

fn check_finite(report: &StepReport) -> Result<()> {
    let losses = [("loss_d", report.loss_d), ("loss_g", report.loss_g), ("r1", report.r1), ("r2", report.r2), ("slope", report.slope)];
    // A gradient that is not finite leaves weights that are not.
    let numbers = losses.into_iter().chain([("norm_d", report.norm_d), ("norm_g", report.norm_g)]);
    match numbers.into_iter().find(|(_, x)| !x.is_finite()) {
        Some((what, _)) => Err(Error::Diverged { images: report.images, step: report.step, what: what.into() }),
        None => Ok(()),
    }
}
