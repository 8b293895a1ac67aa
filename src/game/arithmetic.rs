//! Who computes a fused game: loops on the CPU, or shaders on a GPU.

use std::sync::OnceLock;

use super::gan::StepStats;
use crate::device::Gpu;
use crate::error::Result;
use crate::kernel::{Beside, CriticStats, Game, GeneratorStats, Outcome, Plan, Player, Settings};
use crate::shaders::{ShaderGame, self_test};
use crate::team::Part;

/// Set once this process's GPU has been found to compute what the CPU computes, for MLPs and for convolutions.
static SOUND: [OnceLock<()>; 2] = [OnceLock::new(), OnceLock::new()];

/// A game in the memory of one of them.
#[derive(Debug)]
pub enum Arithmetic {
    /// The loops, with their reports since the last time somebody asked.
    Loops(Box<Game<f32>>, Vec<f32>, Option<CriticStats<f32>>),
    /// The shaders.
    Shaders(Box<ShaderGame>),
}

impl Arithmetic {
    /// On the CPU.
    pub fn loops(plans: [&Plan; 2], rows: usize, [g, d]: [Player<f32>; 2], ema: Vec<f32>) -> Self {
        Self::Loops(Box::new(Game::new(plans[0], plans[1], rows, g, d, ema)), Vec::new(), None)
    }

    /// On a GPU that has room for it; an error where the GPU computes something else than the CPU.
    pub async fn shaders(gpu: &Gpu, plans: [&Plan; 2], rows: usize, players: [&Player<f32>; 2], ema: &[f32]) -> Result<Self> {
        let sound = &SOUND[usize::from(matches!(plans[0], Plan::Conv(_)))];
        if sound.get().is_none() {
            self_test(gpu, plans[0]).await?;
            sound.get_or_init(|| ());
        }
        Ok(Self::Shaders(Box::new(ShaderGame::new(gpu, plans, rows, players, ema))))
    }

    /// Samples of a batch.
    pub fn rows(&self) -> usize {
        match self {
            Self::Loops(game, ..) => game.rows(),
            Self::Shaders(game) => game.rows(),
        }
    }

    /// D moves, by the mean gradient of all processes.
    pub fn critic_step(&mut self, settings: &Settings, reals: &[f32], latents: &[f32], beside: Option<Beside<f32>>, part: &Part) {
        match self {
            Self::Loops(game, _, stats) => {
                *stats = Some(game.critic_step(settings, reals, latents, beside, |gradient| part.average(gradient)));
            }
            Self::Shaders(game) => game.critic_step(settings, reals, latents, beside),
        }
    }

    /// G moves, and its average, of which `average` stays; this ends a step.
    pub fn generator_step(&mut self, settings: &Settings, reals: &[f32], latents: &[f32], average: f64, part: &Part) {
        match self {
            Self::Loops(game, reports, stats) => {
                let of_generator = game.generator_step(settings, reals, latents, |gradient| part.average(gradient));
                game.average(average);
                let of_critic = stats.take().expect("D has at least one batch");
                reports.extend(report(of_critic, of_generator));
            }
            Self::Shaders(game) => game.generator_step(settings, reals, latents, average),
        }
    }

    /// The reports since the last time, [`StepStats::LEN`] numbers a step, and the state.
    pub async fn take(&mut self) -> Result<Outcome<f32>> {
        match self {
            Self::Loops(game, reports, _) => {
                let (g, d, ema) = (game.g.clone(), game.d.clone(), game.ema.clone());
                let stats = reports.clone();
                reports.clear(); // and keeps its room
                Ok(Outcome { stats, g, d, ema })
            }
            Self::Shaders(game) => game.read().await,
        }
    }
}

/// In the order of [`StepStats`].
fn report(of_critic: CriticStats<f32>, of_generator: GeneratorStats<f32>) -> [f32; StepStats::LEN] {
    let CriticStats { loss, penalties: [r1, r2, slope], real, fake, accuracy, norm } = of_critic;
    [loss, of_generator.loss, r1, r2, slope, real, fake, accuracy, norm, of_generator.norm]
}
