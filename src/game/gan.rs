//! The GAN game (Goodfellow 2014) with exact R1 and R2 at every step, the R3GAN way.
//!
//! One step: D learns to tell real from fake, then G learns to fool D. `step` only queues work on the device; nothing is read.

use burn::tensor::{Device, Tensor};

use crate::config::TrainConfig;
use crate::device::vector;
use crate::error::Result;
use crate::model::{Critic, Generator};
use crate::nn::dual::Dual;
use crate::optim::{Adam, AdamStep};
use crate::penalty::{input_gradient, zero_centred};
use crate::rng::{Purpose, Stream};

/// One network's state: its flat vector and its optimiser's moments.
#[derive(Debug, Clone)]
pub struct Player {
    /// All parameters, in the order of the network's layout.
    pub vector: Tensor<1>,
    /// Its optimiser.
    pub adam: Adam,
}

impl Player {
    fn new(vector: Tensor<1>) -> Self {
        let adam = Adam::new(&vector);
        Self { vector, adam }
    }

    fn learn(&mut self, gradient: Tensor<1>, step: AdamStep) {
        self.vector = self.adam.step(self.vector.clone(), gradient, step);
    }
}

/// The two players.
#[derive(Debug, Clone)]
pub struct Gan {
    generator: Generator,
    critic: Critic,
    /// G.
    pub g: Player,
    /// D.
    pub d: Player,
    /// The moving average of G's vector, from which samples are drawn.
    pub ema: Tensor<1>,
}

/// What D learns from, in network units.
#[derive(Debug, Clone)]
pub struct CriticBatch {
    /// x, `[batch, features]`.
    pub reals: Tensor<2>,
    /// z of the fakes, `[batch, latent_dim]`.
    pub latents: Tensor<2>,
}

/// What G learns from: latents and, for relativistic objectives, reals of its own.
#[derive(Debug, Clone)]
pub struct GeneratorBatch {
    /// x, `[batch, features]`.
    pub reals: Option<Tensor<2>>,
    /// z, `[batch, latent_dim]`.
    pub latents: Tensor<2>,
}

/// What a step measured, still on the device: `[loss_d, loss_g, r1, r2, d_real, d_fake]`.
#[derive(Debug, Clone)]
pub struct StepStats(pub Tensor<1>);

impl StepStats {
    /// How many numbers a step gives.
    pub const LEN: usize = 6;
}

impl Gan {
    /// Fresh players of a config, initialised from its seed.
    pub fn new(config: &TrainConfig, device: &Device) -> Result<Self> {
        let (generator, critic) = networks(config)?;
        let fresh = |layout: &crate::nn::params::Layout, purpose| vector(layout.init(&mut Stream::new(config.seed, purpose)), device);
        let g = Player::new(fresh(generator.layout(), Purpose::InitGenerator));
        let d = Player::new(fresh(critic.layout(), Purpose::InitCritic));
        Ok(Self { generator, critic, ema: g.vector.clone(), g, d })
    }

    /// Numbers that G and D train.
    pub fn parameters(&self) -> (usize, usize) {
        (self.generator.layout().len(), self.critic.layout().len())
    }

    /// The generator's description.
    pub fn generator(&self) -> &Generator {
        &self.generator
    }

    /// One step of both players after `images` images.
    pub fn step(&mut self, config: &TrainConfig, images: u64, for_d: CriticBatch, for_g: GeneratorBatch) -> StepStats {
        let adam = AdamStep { lr: config.lr.at(images), beta1: config.beta1, beta2: config.beta2.at(images) };
        let critic_stats = self.critic_step(config, images, adam, for_d);
        let loss_g = self.generator_step(config, adam, for_g);
        self.average(config, images);
        let CriticStats { loss, r1, r2, real, fake } = critic_stats;
        StepStats(Tensor::cat(vec![loss, loss_g, r1, r2, real, fake], 0))
    }

    /// D minimises its loss plus R1 on reals and R2 on fakes. Reals and fakes go through D as one batch, with or without tangent.
    fn critic_step(&mut self, config: &TrainConfig, images: u64, adam: AdamStep, batch: CriticBatch) -> CriticStats {
        let (reals, latents) = (batch.reals, batch.latents);
        let [count, _] = reals.dims();
        let fakes = self.generator.forward(&self.generator.layout().constants(&self.g.vector), latents);
        let both = Tensor::cat(vec![reals, fakes], 0); // [2 * batch, features]

        let (gamma1, gamma2) = (config.r1.at(images), config.r2.at(images));
        let penalty = (gamma1 > 0.0 || gamma2 > 0.0).then(|| {
            let constants = self.critic.layout().constants(&self.d.vector);
            zero_centred(input_gradient(|x| self.critic.forward(&constants, x), both.clone()), gamma1, gamma2)
        });
        let direction = penalty.as_ref().map(|penalty| penalty.direction.clone());

        let leaves = self.critic.layout().leaves(&self.d.vector);
        let logits = self.critic.forward(&leaves, Dual { value: both, tangent: direction });
        let (real, fake) = (logits.value.clone().slice(0..count), logits.value.slice(count..2 * count));
        let loss = config.objective.critic(real.clone(), fake.clone());
        let total = match logits.tangent {
            Some(tangent) => loss.clone() + tangent.sum(),
            None => loss.clone(),
        };
        let mut gradients = total.backward();
        self.d.learn(leaves.gradient(&mut gradients), adam);

        let loss = loss.inner();
        let (r1, r2) = penalty.map_or_else(|| (loss.zeros_like(), loss.zeros_like()), |penalty| (penalty.r1, penalty.r2));
        CriticStats { loss, r1, r2, real: real.inner().mean(), fake: fake.inner().mean() }
    }

    /// G minimises its loss against the D of this moment, whose weights are constants.
    fn generator_step(&mut self, config: &TrainConfig, adam: AdamStep, batch: GeneratorBatch) -> Tensor<1> {
        let critic = self.critic.layout().constants(&self.d.vector);
        let judge = |x| self.critic.forward(&critic, Dual::plain(x)).value;
        let reals = batch.reals.map(judge);
        let leaves = self.generator.layout().leaves(&self.g.vector);
        let fakes = self.generator.forward(&leaves, batch.latents);
        let loss = config.objective.generator(reals, judge(fakes));
        let mut gradients = loss.backward();
        self.g.learn(leaves.gradient(&mut gradients), adam);
        loss.inner()
    }

    /// ema ← β·ema + (1 − β)·θ with β = ½^(batch / half-life).
    fn average(&mut self, config: &TrainConfig, images: u64) {
        let half_life = config.ema.at(images) * 1000.0;
        let beta = if half_life > 0.0 { libm::exp2(-(config.batch as f64) / half_life) } else { 0.0 };
        self.ema = if beta == 0.0 { self.g.vector.clone() } else { self.ema.clone() * beta + self.g.vector.clone() * (1.0 - beta) };
    }

    /// D's logits at points in network units, `[n, features]` → `[n]`; nothing is trained.
    pub fn judge(&self, points: Tensor<2>) -> Tensor<1> {
        self.critic.forward(&self.critic.layout().constants(&self.d.vector), Dual::plain(points)).value
    }
}

/// What D's half of a step measured, each of shape `[1]`.
struct CriticStats {
    loss: Tensor<1>,
    r1: Tensor<1>,
    r2: Tensor<1>,
    real: Tensor<1>,
    fake: Tensor<1>,
}

/// The two networks of a config.
pub fn networks(config: &TrainConfig) -> Result<(Generator, Critic)> {
    let shape = config.data.sample_shape();
    let generator = Generator::new(config.family, config.generator, config.latent_dim, shape)?;
    let critic = Critic::new(config.family, config.critic, shape)?;
    Ok((generator, critic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::preset;
    use crate::device::{read, rows};

    /// A small game with one batch for each player.
    fn game() -> (TrainConfig, Gan, CriticBatch, GeneratorBatch) {
        let config = preset("ring8").expect("a preset").config;
        let device = Device::flex();
        let game = Gan::new(&config, &device).expect("a valid config");
        let mut stream = Stream::new(9, Purpose::Data);
        let mut draw = || rows(stream.normals(32), 2, &device);
        let for_d = CriticBatch { reals: draw(), latents: draw() };
        let for_g = GeneratorBatch { reals: Some(draw()), latents: draw() };
        (config, game, for_d, for_g)
    }

    fn bytes(vector: &Tensor<1>) -> Vec<u32> {
        let numbers = pollster::block_on(read(vector.clone())).expect("the CPU gives its numbers");
        numbers.into_iter().map(f32::to_bits).collect()
    }

    const ADAM: AdamStep = AdamStep { lr: 0.01, beta1: 0.0, beta2: 0.9 };

    #[test]
    fn the_critics_step_moves_d_and_leaves_g_untouched() {
        let (config, mut game, for_d, _) = game();
        let (g, d) = (bytes(&game.g.vector), bytes(&game.d.vector));
        game.critic_step(&config, 0, ADAM, for_d);
        assert_eq!(bytes(&game.g.vector), g);
        assert_ne!(bytes(&game.d.vector), d);
    }

    #[test]
    fn the_generators_step_moves_g_and_leaves_d_untouched() {
        let (config, mut game, _, for_g) = game();
        let (g, d) = (bytes(&game.g.vector), bytes(&game.d.vector));
        game.generator_step(&config, ADAM, for_g);
        assert_ne!(bytes(&game.g.vector), g);
        assert_eq!(bytes(&game.d.vector), d);
    }

    #[test]
    fn the_moving_average_halves_its_distance_in_a_half_life() {
        let (mut config, mut game, _, _) = game();
        (config.batch, config.ema) = (250, crate::schedule::Schedule::constant(0.5));
        let start = pollster::block_on(read(game.ema.clone())).expect("read");
        game.g.vector = game.g.vector.clone() + 1.0;
        game.average(&config, 0);
        game.average(&config, 0);
        let moved = pollster::block_on(read(game.ema.clone())).expect("read");
        assert!(start.iter().zip(&moved).all(|(a, b)| (b - a - 0.5).abs() < 1e-6), "500 images at a half-life of 500");
    }
}
