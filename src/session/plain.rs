//! Steps over burn's tensors: what the fused loops do not cover.

use burn::tensor::Tensor;

use super::{STEPS_PER_READ, Session};
use crate::augment::Augmenter;
use crate::device::read;
use crate::error::Result;
use crate::game::{CriticBatch, Noise, StepStats, Turn};
use crate::team::Part;

/// What some steps measured.
pub(super) struct Steps {
    /// [`StepStats::LEN`] numbers a step.
    pub numbers: Vec<f32>,
    /// p of the changes of images in each step, where they have one.
    pub chances: Vec<f64>,
    /// How much D overfitted in each step, where p follows it.
    signs: Vec<f32>,
}

impl Steps {
    /// Replaces what was measured on a part of each batch by what all processes measured.
    pub fn average(&mut self, part: &Part) {
        part.average(&mut self.numbers);
        part.average(&mut self.signs);
    }
}

impl From<Vec<f32>> for Steps {
    /// Steps without changes of images.
    fn from(numbers: Vec<f32>) -> Self {
        Self { numbers, chances: Vec::new(), signs: Vec::new() }
    }
}

impl Session {
    /// Steps whose statistics are gathered before one read; where ADA's p follows them, none past its next move.
    pub(super) fn steps_per_read(&self) -> u64 {
        let until_move = self.augmenter.as_ref().and_then(|augmenter| augmenter.steps_left(self.config.n_critic as u64));
        until_move.map_or(STEPS_PER_READ, |steps| steps.min(STEPS_PER_READ))
    }

    /// Trains, and reads what was measured.
    pub(super) async fn train_plain(&mut self, steps: u64) -> Result<Steps> {
        let (mut stats, mut chances, mut signs) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..steps {
            let StepStats { numbers, sign } = self.queue_step();
            stats.push(numbers);
            signs.extend(sign);
            chances.extend(self.augmenter.as_ref().and_then(Augmenter::p));
        }
        let mut numbers = read(Tensor::cat([stats, signs].concat(), 0)).await?;
        let signs = numbers.split_off(steps as usize * StepStats::LEN);
        Ok(Steps { numbers, chances, signs })
    }

    /// Lets p follow what steps that went well have measured.
    pub(super) fn follow(&mut self, steps: &Steps) {
        let (minibatches, images) = (self.config.n_critic as u64, self.config.images_a_step());
        if let Some(augmenter) = &mut self.augmenter {
            steps.signs.iter().for_each(|&sign| augmenter.hear(f64::from(sign), minibatches, images));
        }
    }

    /// Queues one step on the device.
    fn queue_step(&mut self) -> StepStats {
        let num_critic = self.config.n_critic;
        let for_d: Vec<CriticBatch> = (0..num_critic).map(|_| self.critic_batch()).collect();
        let for_g = self.generator_batch(for_d.last().and_then(|batch| batch.real_classes.clone()));
        if let Some(augmenter) = &mut self.augmenter {
            augmenter.begin(self.images);
        }
        let turn = Turn { config: &self.config, step: self.step, images: self.images, part: &self.part };
        let mut noise = Noise::new(&mut self.noise, &self.home).with_augmenter(self.augmenter.as_mut()).for_part(&self.part);
        let stats = self.game.step(turn, for_d, for_g, &mut noise);
        self.step += 1;
        self.images += self.config.images_a_step();
        stats
    }
}
