//! The same game by the fused arithmetic of `kernel`: on the CPU, where burn's dispatch costs more than the numbers of an MLP, and its convolutions more than these.
//!
//! [`Gan`] stays the owner of the state and the reference; what is not covered here is trained by it. Streams are read in the same order, so both see the same numbers.

use burn::tensor::Device;

use super::arithmetic::Arithmetic;
use super::gan::{Gan, Turn, average_beta, networks};
use crate::config::TrainConfig;
use crate::data::Batch;
use crate::device::{Gpu, gpu_of, is_cpu, read_all, vector};
use crate::error::Result;
use crate::kernel::{self, Adam, Beside, Outcome, Plan, Player, Settings};
use crate::model::{Conditioning, Critic, Family, Generator, NetworkConfig};
use crate::nn::minibatch::MinibatchFeature;
use crate::nn::norm::Norm;
use crate::optim::{OptimizerKind, Play};
use crate::penalty::{GradientPenalty, Rule};
use crate::rng::Stream;
use crate::shaders::ShaderGame;
use crate::team::Part;

/// What a player learns from, in network units; the memory is used again at every step.
#[derive(Debug, Clone, Default)]
pub struct Room {
    /// x.
    pub reals: Batch,
    /// z, `[batch, latent_dim]`, row after row.
    pub latents: Vec<f32>,
    /// The uniform numbers of a penalty beside the data.
    uniforms: Vec<f32>,
}

/// A game in the memory of the fused loops or shaders.
#[derive(Debug)]
pub struct Fused {
    game: Arithmetic,
    room: Room,
}

impl Fused {
    /// Whether a config is one of those that are written here: MLPs and R3GAN, on the CPU, or by shaders as far as the GPU has room for them, and alone: they do not wait for others' gradients.
    pub fn covers(config: &TrainConfig, device: &Device, part: &Part) -> bool {
        let networks = plain_generator(config) && plain_critic(config);
        let losses = kernel::knows(config.objective)
            && config.conditioning == Conditioning::None
            && config.feature_matching == 0.0
            && config.adversarial == 1.0;
        let regularised = config.orthogonal > 0.0 || config.historical_averaging > 0.0 || config.instance_noise.max() > 0.0;
        let moves = config.optimizer == OptimizerKind::Adam && config.play == Play::Alternating;
        let fits = || gpu_of(device).map_or_else(|| is_cpu(device), |gpu| part.is_whole() && fit(gpu, config));
        networks && losses && !regularised && moves && !config.augment.is_on() && fits()
    }

    /// Takes up the state of a game whose config is covered; an error where the GPU computes something else than the CPU.
    pub async fn load(gan: &Gan, config: &TrainConfig, device: &Device, part: &Part) -> Result<Self> {
        let [generator, critic] =
            [gan.generator().plan(), gan.critic.plan()].map(|plan| plan.expect("a config that is covered has networks that are"));
        let (g, d) = (&gan.g.optimizer.moments, &gan.d.optimizer.moments);
        let of = |player: &super::player::Player| {
            [player.numbers.vector.clone(), player.optimizer.moments.first.clone(), player.optimizer.moments.second.clone()]
        };
        let tensors = of(&gan.g).into_iter().chain(of(&gan.d)).chain([gan.ema.clone()]).collect();
        let mut read = read_all(tensors).await?.into_iter();
        let mut next = || read.next().expect("as many as were asked for");
        let mut player = |decay| Player { vector: next(), adam: Adam { first: next(), second: next(), decay } };
        let (g, d) = (player(g.decay), player(d.decay));
        let (plans, rows, ema) = ([&generator, &critic], part.rows(config.batch), next());
        let game = match gpu_of(device) {
            None => Arithmetic::loops(plans, rows, [g, d], ema),
            Some(gpu) => Arithmetic::shaders(gpu, plans, rows, [&g, &d], &ema).await?,
        };
        Ok(Self { game, room: Room::default() })
    }

    /// Whether it has the room for a part of a config's batches.
    pub fn fits(&self, config: &TrainConfig, part: &Part) -> bool {
        self.game.rows() == part.rows(config.batch)
    }

    /// Gives the state back to the game it was taken from, and the numbers of [`super::StepStats`] of every step since the last time.
    pub async fn store(&mut self, gan: &mut Gan, device: &Device) -> Result<Vec<f32>> {
        let Outcome { stats, g, d, ema } = self.game.take().await?;
        for (player, from) in [(&mut gan.g, g), (&mut gan.d, d)] {
            player.numbers.vector = vector(from.vector, device);
            let moments = &mut player.optimizer.moments;
            (moments.first, moments.second) = (vector(from.adam.first, device), vector(from.adam.second, device));
            moments.decay = from.adam.decay;
        }
        gan.ema = vector(ema, device);
        Ok(stats)
    }

    /// One step: D on each of its batches, G on its own. `draw` makes the part of the next batch that is learnt from here, with reals where it is told so.
    pub fn step(&mut self, turn: Turn, mut draw: impl FnMut(&mut Room, bool), noise: &mut Stream) {
        let settings = settings(turn);
        for _ in 0..turn.config.n_critic {
            draw(&mut self.room, true);
            self.critic_step(turn, &settings, noise);
        }
        draw(&mut self.room, turn.config.generator_needs_reals());
        self.game.generator_step(&settings, &self.room.reals.samples, &self.room.latents, average_beta(turn), turn.part);
    }

    fn critic_step(&mut self, Turn { config, part, .. }: Turn, settings: &Settings, noise: &mut Stream) {
        let Self { game, room: Room { reals: Batch { samples: reals, .. }, latents, uniforms } } = self;
        let dragan = config.gradient_penalty == GradientPenalty::Dragan;
        let each = if dragan { reals.len() } else { 0 }; // it is not shared: its noise is of the deviation in the whole batch
        let beside = settings.rules[2].map(|_| {
            uniforms.clear();
            uniforms.extend((0..each + config.batch).map(|_| noise.uniform() as f32));
            part.keep(uniforms);
            let (each, shares) = uniforms.split_at(each);
            if dragan { Beside::Around(each, shares) } else { Beside::Between(shares) }
        });
        game.critic_step(settings, reals, latents, beside, part);
    }
}

/// G in the fused loops, where they know it.
pub fn generator_plan(config: &TrainConfig, generator: &Generator) -> Option<Plan> {
    plain_generator(config).then(|| generator.plan()).flatten()
}

/// D in the fused loops, where they know it.
pub fn critic_plan(config: &TrainConfig, critic: &Critic) -> Option<Plan> {
    plain_critic(config).then(|| critic.plan()).flatten()
}

fn plain_generator(config: &TrainConfig) -> bool {
    plain(config.family, &config.generator) && !config.conditioning.tells_generator()
}

fn plain_critic(config: &TrainConfig) -> bool {
    let alone = config.minibatch == MinibatchFeature::None && config.packing == 1 && config.bottleneck == 0.0;
    plain(config.family, &config.critic) && alone && config.conditioning == Conditioning::None
}

fn plain(family: Family, size: &NetworkConfig) -> bool {
    matches!(family, Family::Mlp | Family::R3gan) && size.norm == Norm::None && !size.spectral_norm
}

/// Whether a GPU has room for a config's game.
fn fit(gpu: &Gpu, config: &TrainConfig) -> bool {
    let plans = networks(config).ok().and_then(|(generator, critic)| generator.plan().zip(critic.plan()));
    plans.is_some_and(|(generator, critic)| ShaderGame::fits(gpu, [&generator, &critic], config.batch))
}

fn settings(Turn { config, images, .. }: Turn) -> Settings {
    let generator = config.rates(images);
    let mut critic = generator;
    critic.lr *= config.ttur;
    let on = |rule: Rule| Some(rule).filter(|rule| rule.is_on());
    let zero_centred = |gamma| on(Rule::ZeroCentred { gamma });
    let one_sided = config.gradient_penalty == GradientPenalty::WganGpOneSided;
    let unit_slope = on(Rule::UnitSlope { lambda: config.gp_weight.at(images), one_sided });
    let beside = unit_slope.filter(|_| config.gradient_penalty != GradientPenalty::None);
    Settings {
        objective: config.objective,
        real_label: config.real_label,
        rules: [zero_centred(config.r1.at(images)), zero_centred(config.r2.at(images)), beside],
        generator,
        critic,
        weight_clip: config.weight_clip,
        learn: config.learn,
    }
}
