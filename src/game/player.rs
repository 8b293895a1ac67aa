//! One player: a network's numbers with its optimiser and its past.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor};

use crate::config::TrainConfig;
use crate::device::vector;
use crate::nn::params::{Layout, Numbers};
use crate::optim::{Decay, Optimizer, OptimizerKind, Rates};

/// A network's state: its numbers, its optimiser, and the mean of its past where that is asked for.
#[derive(Debug, Clone)]
pub struct Player {
    /// Parameters, in the order of the network's layout, and buffers.
    pub numbers: Numbers,
    /// Its optimiser.
    pub optimizer: Optimizer,
    /// The mean of all past parameters, the initial ones among them; only with historical averaging (Salimans 2016).
    past: Option<Tensor<1>>,
}

impl Player {
    /// Before the first step.
    pub fn new(numbers: Numbers, config: &TrainConfig) -> Self {
        let past = (config.historical_averaging > 0.0).then(|| numbers.vector.clone());
        Self { optimizer: Optimizer::new(config.optimizer, &numbers.vector), past, numbers }
    }

    /// Moves against a gradient, to which historical averaging adds that of λ‖θ − mean of the past‖².
    pub fn learn(&mut self, gradient: Tensor<1>, rates: Rates, historical_averaging: f64) {
        let theta = self.numbers.vector.clone();
        let gradient = match &self.past {
            Some(past) => gradient + (theta.clone() - past.clone()) * (2.0 * historical_averaging),
            None => gradient,
        };
        self.numbers.vector = self.optimizer.step(theta, gradient, rates);
    }

    /// Counts the parameters after step `step` (from 0) into the mean of the past.
    pub fn remember(&mut self, step: u64) {
        let now = &self.numbers.vector;
        self.past = self.past.take().map(|past| past.clone() + (now.clone() - past) / (step + 2) as f64);
    }

    /// Everything to be saved, by the names and in the order of [`saved_lengths`].
    pub fn tensors(&self) -> Vec<Tensor<1>> {
        let Optimizer { moments, previous, .. } = &self.optimizer;
        let always = [&self.numbers.vector, &moments.first, &moments.second];
        let sometimes = [previous.as_ref(), self.past.as_ref(), self.numbers.state.as_ref()];
        always.into_iter().chain(sometimes.into_iter().flatten()).cloned().collect()
    }

    /// Takes up what was saved; `player` is its name in the checkpoint, whose vectors have the right names and lengths.
    pub fn restore(&mut self, player: &str, saved: &BTreeMap<String, Vec<f32>>, decay: Decay, device: &Device) {
        let take = |name: &str| saved.get(&format!("{player}.{name}")).map(|numbers| vector(numbers.clone(), device));
        let whole = |name: &str| take(name).expect("a checkpoint is checked when it is read");
        self.numbers = Numbers { vector: whole("parameters"), state: take("state") };
        let moments = &mut self.optimizer.moments;
        (moments.first, moments.second, moments.decay) = (whole("first"), whole("second"), decay);
        self.optimizer.previous = take("previous");
        self.past = take("past");
    }
}

/// Names and lengths of a player's saved vectors, by its settings.
pub fn saved_lengths(config: &TrainConfig, layout: &Layout) -> Vec<(&'static str, usize)> {
    let sometimes = |name, is: bool, len: usize| is.then_some((name, len));
    let len = layout.len();
    [
        Some(("parameters", len)),
        Some(("first", len)),
        Some(("second", len)),
        sometimes("previous", config.optimizer == OptimizerKind::OptimisticAdam, len),
        sometimes("past", config.historical_averaging > 0.0, len),
        sometimes("state", layout.state_len() > 0, layout.state_len()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
