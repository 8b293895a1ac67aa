//! The page's door: a [`Command`] in, exactly one [`Event`] out; the worker that calls it knows nothing.
//!
//! The engine holds at most one run and one set of loaded weights. It has no clock of its own: [`Engine::tick`] is told the time and sizes its chunk so that
//! commands are answered promptly.

use crate::checkpoint::Checkpoint;
use crate::config::{Preset, TrainConfig, on_data, preset, set};
use crate::data::{Dataset, read_points};
use crate::device::{DeviceChoice, OpenDevice, cpu_device, open};
use crate::error::{Error, Result};
use crate::export::Weights;
use crate::protocol::{Command, DeviceInfo, Event, Failure, Latents, PROTOCOL_VERSION, Scene, StepReport};
use crate::sample::Sampler;
use crate::session::Session;

mod look;

use look::{Ask, look};

/// Milliseconds that one tick aims to train for on the CPU: short, so that the page's looks are answered at display rate.
const TICK_MS_CPU: f64 = 15.0;
/// The same on a GPU, where a read costs more than a step.
const TICK_MS_GPU: f64 = 120.0;
/// Largest number of steps that are tried beside the run: the run waits for them.
const MOST_TRIED: u32 = 64;
/// Largest number of samples generated at once.
const MAX_GENERATED: usize = 1_024;

/// Bulk numbers beside an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Buffer {
    /// 32-bit floats.
    F32(Vec<f32>),
    /// A file's bytes.
    Bytes(Vec<u8>),
}

/// An event with its buffers, in the order that the event documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// What happened.
    pub event: Event,
    /// The bulk.
    pub buffers: Vec<Buffer>,
}

impl From<Event> for Reply {
    fn from(event: Event) -> Self {
        Self { event, buffers: Vec::new() }
    }
}

impl From<&Error> for Reply {
    fn from(error: &Error) -> Self {
        Event::Failed { failure: Failure::from(error) }.into()
    }
}

/// One worker's engine.
#[derive(Default)]
pub struct Engine {
    device: Option<OpenDevice>,
    session: Option<Session>,
    weights: Option<(Weights, Sampler)>,
    playing: bool,
    pace: Pace,
}

impl Engine {
    /// Answers a command; `bytes` is the file that came with it.
    pub async fn handle(&mut self, command: Command, bytes: Option<&[u8]>) -> Reply {
        let answer = self.answer(command, bytes).await;
        self.told(answer)
    }

    /// Whether the engine wants to be ticked.
    pub fn playing(&self) -> bool {
        self.playing
    }

    /// Trains a little, if playing; `now` tells milliseconds.
    pub async fn tick(&mut self, now: impl Fn() -> f64) -> Reply {
        let begun = now();
        let steps = self.pace.steps();
        let answer = match self.session.as_mut().filter(|_| self.playing) {
            Some(session) => session.advance(steps).await,
            None => Ok(Vec::new()),
        };
        let budget = if self.device.as_ref().is_some_and(|device| device.is_gpu) { TICK_MS_GPU } else { TICK_MS_CPU };
        self.pace.trained(answer.as_ref().map_or(0, Vec::len), begun, now(), budget);
        let answer = answer.and_then(|history| self.progress(history));
        self.told(answer)
    }

    /// The one place where an error becomes an event. A run that diverged stops.
    fn told(&mut self, answer: Result<Reply>) -> Reply {
        answer.unwrap_or_else(|error| {
            if matches!(error, Error::Diverged { .. } | Error::Device { .. }) {
                self.playing = false;
            }
            Reply::from(&error)
        })
    }

    async fn answer(&mut self, command: Command, bytes: Option<&[u8]>) -> Result<Reply> {
        match command {
            Command::Open { device } => self.open(device).await,
            Command::Preset { method, data, settings } => {
                if data.is_images() {
                    return Err(not_shown());
                }
                let config = settings.iter().try_fold(on_data(&method, data)?, |config, setting| set(&config, setting))?;
                Ok(Event::Preset { preset: Preset { config, ..preset(&method)? } }.into())
            }
            Command::ReadPoints { name } => {
                let (points, dropped) = read_points(&name, file(bytes, &name)?)?;
                Ok(Event::Points { points, dropped }.into())
            }
            Command::Reset { config } => self.reset(config).await,
            Command::Tune { config } => {
                self.session_mut()?.tune(config)?;
                self.started()
            }
            Command::Play => self.switch(true),
            Command::Pause => self.switch(false),
            Command::Step { steps, learn } => {
                let history = self.session_mut()?.advance_with(u64::from(steps), learn).await?;
                self.progress(history)
            }
            Command::Try { steps, learn } => {
                let mut beside = revisited(file(bytes, "the checkpoint to train")?)?;
                let history = beside.advance_with(u64::from(steps.min(MOST_TRIED)), learn).await?;
                Ok(Reply { event: Event::Tried { history }, buffers: vec![Buffer::Bytes(beside.save().await?)] })
            }
            Command::Look { view, samples, grid, extras } => {
                let ask = Ask { view, samples, grid, extras };
                match bytes {
                    Some(bytes) => look(&revisited(bytes)?, ask).await,
                    None => look(self.session()?, ask).await,
                }
            }
            Command::Evaluate { scores } => {
                let session = self.session_mut()?;
                let (metrics, accuracy) = (session.evaluate(&scores).await?, session.accuracy().await?);
                let findings = session.examine().await?;
                Ok(Event::Evaluated { step: session.step(), metrics, accuracy, findings }.into())
            }
            Command::Save => {
                let session = self.session()?;
                Ok(Reply { event: Event::Checkpoint { images: session.images() }, buffers: vec![Buffer::Bytes(session.save().await?)] })
            }
            Command::Load { name } => self.load(&name, file(bytes, &name)?).await,
            Command::Export { half } => {
                let weights = self.session()?.weights().await?;
                Ok(Reply { event: Event::Exported { images: weights.images }, buffers: vec![Buffer::Bytes(weights.to_bytes(half)?)] })
            }
            Command::LoadWeights { name } => self.load_weights(&name, file(bytes, &name)?),
            Command::Generate { latents } => self.generate(latents).await,
        }
    }

    async fn open(&mut self, choice: DeviceChoice) -> Result<Reply> {
        let device = open(choice).await?;
        let kind = if device.is_gpu { DeviceChoice::Gpu } else { DeviceChoice::Cpu };
        let info = DeviceInfo { kind, name: device.name.clone(), note: device.note.clone() };
        self.device = Some(device);
        Ok(Event::Opened { device: info, protocol: PROTOCOL_VERSION }.into())
    }

    async fn reset(&mut self, config: TrainConfig) -> Result<Reply> {
        config.validate()?;
        let session = Session::new(config.clone(), made(&config)?, &self.device()?.device)?;
        self.begin(session).await
    }

    async fn load(&mut self, name: &str, bytes: &[u8]) -> Result<Reply> {
        let checkpoint = Checkpoint::parse(bytes, name)?;
        let data = builtin(&checkpoint.header.config)?;
        let session = Session::resume(checkpoint, data, &self.device()?.device)?;
        self.begin(session).await
    }

    async fn begin(&mut self, mut session: Session) -> Result<Reply> {
        session.warm().await?;
        self.session = Some(session);
        self.playing = false;
        self.started()
    }

    fn started(&self) -> Result<Reply> {
        let session = self.session()?;
        let (parameters_g, parameters_d) = session.parameters();
        let (step, images) = (session.step(), session.images());
        let (config, scene) = (session.config().clone(), Scene::of(session.config()));
        Ok(Event::Started { config, scene, step, images, parameters_g, parameters_d }.into())
    }

    fn switch(&mut self, playing: bool) -> Result<Reply> {
        self.session()?;
        self.playing = playing;
        self.progress(Vec::new())
    }

    fn progress(&self, history: Vec<StepReport>) -> Result<Reply> {
        let session = self.session()?;
        let (playing, step, images, steps_per_sec) = (self.playing, session.step(), session.images(), self.pace.steps_per_sec);
        Ok(Event::Progress { playing, step, images, steps_per_sec, history }.into())
    }

    fn load_weights(&mut self, name: &str, bytes: &[u8]) -> Result<Reply> {
        let weights = Weights::parse(bytes, name)?;
        let sampler = Sampler::new(&weights.config, &weights.vector, &weights.state, &self.device()?.device)?;
        let (config, images, shape) = (weights.config.clone(), weights.images, sampler.shape().to_vec());
        let scene = Scene::of(&config);
        let event = Event::Weights { config, scene, images, parameters: sampler.parameters(), shape };
        self.weights = Some((weights, sampler));
        Ok(event.into())
    }

    async fn generate(&self, latents: Latents) -> Result<Reply> {
        let (weights, sampler) = self.weights.as_ref().ok_or_else(|| Error::Unready("no weights are loaded".into()))?;
        let z = resolve(latents, &weights.config)?;
        let samples = sampler.generate(&z).await?;
        let event = Event::Generated { count: z.len() / sampler.latent_dim(), shape: sampler.shape().to_vec() };
        Ok(Reply { event, buffers: vec![Buffer::F32(samples), Buffer::F32(z)] })
    }

    fn device(&self) -> Result<&OpenDevice> {
        self.device.as_ref().ok_or_else(|| Error::Unready("no device is open".into()))
    }

    fn session(&self) -> Result<&Session> {
        self.session.as_ref().ok_or_else(no_run)
    }

    fn session_mut(&mut self) -> Result<&mut Session> {
        self.session.as_mut().ok_or_else(no_run)
    }
}

/// A moment of a run, to be looked at: on the CPU, where starting costs nothing.
fn revisited(bytes: &[u8]) -> Result<Session> {
    let checkpoint = Checkpoint::parse(bytes, "the checkpoint")?;
    let data = builtin(&checkpoint.header.config)?;
    Session::resume(checkpoint, data, &cpu_device())
}

fn no_run() -> Error {
    Error::Unready("there is no run yet".into())
}

fn file<'a>(bytes: Option<&'a [u8]>, name: &str) -> Result<&'a [u8]> {
    bytes.ok_or_else(|| Error::file(name, "no bytes came with the command"))
}

/// Data that need no file: points, and images for those who ask by commands.
fn made(config: &TrainConfig) -> Result<Dataset> {
    config.dataset().ok_or_else(|| Error::setting("data", "these data need a file, and the page has none"))
}

/// What the lab can show.
fn builtin(config: &TrainConfig) -> Result<Dataset> {
    config.dataset().filter(|_| !config.data.is_images()).ok_or_else(not_shown)
}

fn not_shown() -> Error {
    Error::setting("data", "these data are images, and the lab shows points")
}

/// The latents meant, as rows.
fn resolve(latents: Latents, config: &TrainConfig) -> Result<Vec<f32>> {
    let latent_dim = config.latent_dim;
    let z = match latents {
        Latents::Given { z } => z,
        Latents::Drawn { seed, count } => config.latent.draw(seed, count.min(MAX_GENERATED), latent_dim),
        Latents::Between { from, to, t } => {
            if from.len() != latent_dim || to.len() != latent_dim || !t.is_finite() {
                return Err(Error::setting("latents", format!("`from` and `to` need {latent_dim} numbers each, `t` must be finite")));
            }
            config.latent.between(&from, &to, t)
        }
    };
    if z.len() > MAX_GENERATED * latent_dim {
        return Err(Error::setting("latents", format!("at most {MAX_GENERATED} at once")));
    }
    Ok(z)
}

/// How many steps make a tick, learnt from the ticks before.
struct Pace {
    ms_per_step: f64,
    budget_ms: f64,
    steps_per_sec: f64,
    /// Begin of the current second of training and the steps trained in it.
    second: Option<(f64, usize)>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { ms_per_step: TICK_MS_CPU, budget_ms: TICK_MS_CPU, steps_per_sec: 0.0, second: None }
    }
}

impl Pace {
    fn steps(&self) -> u64 {
        (self.budget_ms / self.ms_per_step).floor().clamp(1.0, 512.0) as u64
    }

    fn trained(&mut self, steps: usize, begun: f64, ended: f64, budget_ms: f64) {
        self.budget_ms = budget_ms;
        if steps == 0 {
            return;
        }
        let sample = (ended - begun).max(0.01) / steps as f64;
        self.ms_per_step = if sample < self.ms_per_step { sample } else { 0.7 * self.ms_per_step + 0.3 * sample };
        let (since, count) = self.second.filter(|(since, _)| ended - since < 2_000.0).unwrap_or((begun, 0));
        let (count, elapsed) = (count + steps, ended - since);
        if elapsed >= 500.0 {
            self.steps_per_sec = count as f64 * 1_000.0 / elapsed;
            self.second = None;
        } else {
            self.second = Some((since, count));
        }
    }
}
