//! The GAN game (Goodfellow 2014): two networks, their objective, and the order in which they move.
//!
//! `step` only queues work on the device; nothing is read, but for a gradient that several processes share.

use burn::tensor::{Device, Tensor};

use super::critic_step::{CriticBatch, CriticStats};
use super::generator_step::{GeneratorBatch, GeneratorStats};
use super::noise::Noise;
use super::player::{self, Player};
use crate::config::TrainConfig;
use crate::error::Result;
use crate::model::{Critic, CriticPlan, Generator, GeneratorPlan, Side};
use crate::nn::dual::Dual;
use crate::optim::Play;
use crate::rng::{Purpose, Stream};
use crate::team::Part;

/// The two players.
#[derive(Debug, Clone)]
pub struct Gan {
    pub(super) generator: Generator,
    pub(super) critic: Critic,
    /// G.
    pub g: Player,
    /// D.
    pub d: Player,
    /// The moving average of G's vector, from which samples are drawn.
    pub ema: Tensor<1>,
}

/// What a step measured, still on the device.
#[derive(Debug, Clone)]
pub struct StepStats {
    /// `[loss_d, loss_g, r1, r2, slope, d_real, d_fake, accuracy, norm_d, norm_g]`.
    pub numbers: Tensor<1>,
    /// How much D overfits, `[1]`, where ADA's p follows it.
    pub sign: Option<Tensor<1>>,
}

impl StepStats {
    /// How many of its numbers are reported.
    pub const LEN: usize = 10;
}

/// A step's settings, and where it stands in its run.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// The settings of this step.
    pub config: &'a TrainConfig,
    /// Steps done before it.
    pub step: u64,
    /// Images seen before it.
    pub images: u64,
    /// What of its batches this process learns from.
    pub part: &'a Part,
}

impl Gan {
    /// Fresh players of a config, initialised from its seed.
    pub fn new(config: &TrainConfig, device: &Device) -> Result<Self> {
        let (generator, critic) = networks(config)?;
        let g = generator.layout().fresh(&mut Stream::new(config.seed, Purpose::InitGenerator), device);
        let d = critic.layout().fresh(&mut Stream::new(config.seed, Purpose::InitCritic), device);
        let (g, d) = (Player::new(g, config), Player::new(d, config));
        Ok(Self { generator, critic, ema: g.numbers.vector.clone(), g, d })
    }

    /// Numbers that G and D train.
    pub fn parameters(&self) -> (usize, usize) {
        (self.generator.layout().len(), self.critic.layout().len())
    }

    /// The generator's description.
    pub fn generator(&self) -> &Generator {
        &self.generator
    }

    /// The critic's description.
    pub fn critic(&self) -> &Critic {
        &self.critic
    }

    /// One step: D on each of its batches, G on its own, in the order of play.
    pub fn step(&mut self, turn: Turn, for_d: Vec<CriticBatch>, for_g: GeneratorBatch, noise: &mut Noise) -> StepStats {
        let (of_critic, of_generator) = match turn.config.play {
            Play::Alternating => {
                let stats = for_d.into_iter().map(|batch| self.critic_step(turn, batch, noise)).last();
                (stats, self.generator_step(turn, for_g, noise))
            }
            Play::Simultaneous => self.both_step(turn, for_d, for_g, noise),
            Play::Extragradient => {
                let mut tried = self.clone();
                tried.both_step(turn, for_d.clone(), for_g.clone(), noise);
                self.step_by_gradients_of(&tried, turn, for_d, for_g, noise)
            }
        };
        self.g.remember(turn.step);
        self.d.remember(turn.step);
        self.average(turn);
        let CriticStats { loss, r1, r2, slope, real, fake, accuracy, sign, norm } = of_critic.expect("D has at least one batch");
        let numbers = vec![loss, of_generator.loss, r1, r2, slope, real, fake, accuracy, norm, of_generator.norm];
        StepStats { numbers: Tensor::cat(numbers, 0), sign }
    }

    /// D moves by its gradient at this place.
    fn critic_step(&mut self, turn: Turn, batch: CriticBatch, noise: &mut Noise) -> CriticStats {
        let outcome = self.critic_gradient(turn, batch, noise);
        self.move_critic(turn, outcome.gradient, outcome.state);
        outcome.stats
    }

    /// G moves by its gradient at this place.
    fn generator_step(&mut self, turn: Turn, batch: GeneratorBatch, noise: &mut Noise) -> GeneratorStats {
        let outcome = self.generator_gradient(turn, batch, noise);
        self.move_generator(turn, outcome.gradient, outcome.state);
        outcome.stats
    }

    /// Both move by their gradients at this place.
    fn both_step(
        &mut self,
        turn: Turn,
        for_d: Vec<CriticBatch>,
        for_g: GeneratorBatch,
        noise: &mut Noise,
    ) -> (Option<CriticStats>, GeneratorStats) {
        let here = self.clone();
        self.step_by_gradients_of(&here, turn, for_d, for_g, noise)
    }

    /// Both move by the gradients found at `place`.
    fn step_by_gradients_of(
        &mut self,
        place: &Self,
        turn: Turn,
        for_d: Vec<CriticBatch>,
        for_g: GeneratorBatch,
        noise: &mut Noise,
    ) -> (Option<CriticStats>, GeneratorStats) {
        let critic = for_d.into_iter().last().map(|batch| place.critic_gradient(turn, batch, noise));
        let generator = place.generator_gradient(turn, for_g, noise);
        let stats = critic.map(|outcome| {
            self.move_critic(turn, outcome.gradient, outcome.state);
            outcome.stats
        });
        self.move_generator(turn, generator.gradient, generator.state);
        (stats, generator.stats)
    }

    pub(super) fn move_critic(&mut self, turn: Turn, gradient: Tensor<1>, state: Option<Tensor<1>>) {
        if !turn.config.learn.critic() {
            return;
        }
        let mut rates = turn.config.rates(turn.images);
        rates.lr *= turn.config.ttur;
        self.d.learn(gradient, rates, turn.config.historical_averaging);
        self.d.numbers.state = state;
        let clip = turn.config.weight_clip;
        if clip > 0.0 {
            self.d.numbers.vector = self.d.numbers.vector.clone().clamp(-clip, clip);
        }
    }

    pub(super) fn move_generator(&mut self, turn: Turn, gradient: Tensor<1>, state: Option<Tensor<1>>) {
        if !turn.config.learn.generator() {
            return;
        }
        self.g.learn(gradient, turn.config.rates(turn.images), turn.config.historical_averaging);
        self.g.numbers.state = state;
    }

    /// ema ← β·ema + (1 − β)·θ.
    pub(super) fn average(&mut self, turn: Turn) {
        let beta = average_beta(turn);
        let theta = self.g.numbers.vector.clone();
        self.ema = if beta == 0.0 { theta } else { self.ema.clone() * beta + theta * (1.0 - beta) };
    }

    /// D's logits at points in network units, `[n, features]` → `[n]`; nothing is trained. Where D judges packs, each point is packed with itself.
    pub fn judge(&self, points: Tensor<2>, classes: Option<Tensor<2>>) -> Tensor<1> {
        self.look(points, classes).logits.value
    }

    /// D's class logits at points, `[n, classes]`, where D classifies.
    pub fn classify(&self, points: Tensor<2>) -> Option<Tensor<2>> {
        self.look(points, None).classes
    }

    fn look(&self, points: Tensor<2>, classes: Option<Tensor<2>>) -> crate::model::Judgement {
        let weights = self.critic.layout().evaluating(&self.d.numbers);
        let packed = points.repeat_dim(1, self.critic.packing());
        self.critic.judge(&weights, Dual::plain(packed), &Side { classes, noise: None })
    }
}

/// How much of the moving average stays in a step: β = ½^(batch / half-life).
pub(super) fn average_beta(Turn { config, images, .. }: Turn) -> f64 {
    let half_life = config.ema.at(images) * 1000.0;
    if half_life > 0.0 { libm::exp2(-(config.batch as f64) / half_life) } else { 0.0 }
}

/// The two networks of a config.
pub fn networks(config: &TrainConfig) -> Result<(Generator, Critic)> {
    let (shape, classes) = (&config.sample_shape()[..], config.classes());
    let (family, latent_dim) = (config.family, config.latent_dim);
    let told = if config.conditioning.tells_generator() { classes } else { 0 };
    let generator = Generator::new(GeneratorPlan { family, size: config.generator, latent_dim, classes: told, shape })?;
    let critic = Critic::new(CriticPlan {
        family,
        size: config.critic,
        shape,
        packing: config.packing,
        conditioning: config.conditioning,
        classes,
        minibatch: config.minibatch,
        bottleneck: config.bottleneck > 0.0,
    })?;
    Ok((generator, critic))
}

/// Names and lengths of all vectors that a run saves.
pub fn saved_lengths(config: &TrainConfig) -> Result<Vec<(String, usize)>> {
    let (generator, critic) = networks(config)?;
    let of = |player: &'static str, layout| {
        player::saved_lengths(config, layout).into_iter().map(move |(name, len)| (format!("{player}.{name}"), len))
    };
    let mut lengths: Vec<_> = of("generator", generator.layout()).chain(of("critic", critic.layout())).collect();
    lengths.push(("ema".into(), generator.layout().len()));
    Ok(lengths)
}
