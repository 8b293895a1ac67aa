//! Optimisers over flat parameter vectors, and the order in which players move.

mod adam;

use burn::tensor::Tensor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use adam::{Adam, Decay, EPSILON};

/// What turns a gradient g into a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum OptimizerKind {
    /// Adam (Kingma & Ba 2015): θ ← θ − lr·m̂/(√v̂ + 1e-8).
    #[default]
    #[schemars(title = "Adam")]
    Adam,
    /// AdamW (Loshchilov & Hutter 2019): first θ ← (1 − lr·decay)·θ, then Adam.
    #[schemars(title = "AdamW")]
    Adamw,
    /// Optimistic Adam (Daskalakis 2018): θ ← θ − 2·dₜ + dₜ₋₁ with Adam's step d; damps the rotation of games.
    #[schemars(title = "Optimistic Adam")]
    OptimisticAdam,
    /// RMSprop: v ← β₂v + (1 − β₂)g², θ ← θ − lr·g/(√v + 1e-8).
    #[schemars(title = "RMSprop")]
    Rmsprop,
    /// Gradient descent with momentum β₁, which may be negative (Gidel 2019): m ← β₁m + g, θ ← θ − lr·m.
    #[schemars(title = "SGD")]
    Sgd,
}

/// In which order the players move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Play {
    /// D moves, then G against the new D (Goodfellow 2014).
    #[default]
    Alternating,
    /// Both gradients are taken at the same place, then both move.
    Simultaneous,
    /// Extragradient (Korpelevich 1976, Gidel 2019): both try a step, and move from where they were by the gradients found there, on the same batch.
    Extragradient,
}

/// Who learns in a step; the other's loss is measured, and it stays as it is. The random numbers are the same whoever learns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Learners {
    /// D and G.
    #[default]
    Both,
    /// D alone: it comes to its best against a G that stands still.
    #[schemars(title = "D only")]
    Critic,
    /// G alone: it follows a D that stands still.
    #[schemars(title = "G only")]
    Generator,
}

impl Learners {
    /// Whether D learns.
    pub fn critic(self) -> bool {
        self != Self::Generator
    }

    /// Whether G learns.
    pub fn generator(self) -> bool {
        self != Self::Critic
    }
}

/// One step's rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Learning rate.
    pub lr: f64,
    /// Decay of the first moment, or momentum.
    pub beta1: f64,
    /// Decay of the second moment.
    pub beta2: f64,
    /// Weight decay of AdamW.
    pub weight_decay: f64,
}

/// An optimiser's state; each kind uses the part it needs.
#[derive(Debug, Clone)]
pub struct Optimizer {
    kind: OptimizerKind,
    /// Moments: m and v of Adam; v of RMSprop; m of SGD.
    pub moments: Adam,
    /// dₜ₋₁ of optimistic Adam.
    pub previous: Option<Tensor<1>>,
}

impl Optimizer {
    /// For parameters like `vector`.
    pub fn new(kind: OptimizerKind, vector: &Tensor<1>) -> Self {
        let previous = (kind == OptimizerKind::OptimisticAdam).then(|| vector.zeros_like());
        Self { kind, moments: Adam::new(vector), previous }
    }

    /// Moves `vector` against `gradient`.
    pub fn step(&mut self, vector: Tensor<1>, gradient: Tensor<1>, rates: Rates) -> Tensor<1> {
        let Rates { lr, beta1, beta2, weight_decay } = rates;
        match self.kind {
            OptimizerKind::Adam => vector - self.moments.step(gradient, rates),
            OptimizerKind::Adamw => vector * (1.0 - lr * weight_decay) - self.moments.step(gradient, rates),
            OptimizerKind::OptimisticAdam => {
                let step = self.moments.step(gradient, rates);
                let ahead = vector - step.clone() * 2.0;
                match self.previous.replace(step) {
                    Some(before) => ahead + before,
                    None => ahead,
                }
            }
            OptimizerKind::Rmsprop => {
                let moments = &mut self.moments;
                moments.second = moments.second.clone() * beta2 + gradient.clone().square() * (1.0 - beta2);
                vector - gradient / (moments.second.clone().sqrt() + EPSILON) * lr
            }
            OptimizerKind::Sgd => {
                self.moments.first = self.moments.first.clone() * beta1 + gradient;
                vector - self.moments.first.clone() * lr
            }
        }
    }
}
