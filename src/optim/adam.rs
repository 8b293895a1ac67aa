//! Adam over a flat parameter vector, and the direction it shares with its relatives.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::Rates;

/// Adam's ε (PyTorch's value; burn's own default is 1e-5).
pub const EPSILON: f64 = 1e-8;

/// Adam (Kingma & Ba 2015) whose β may change from step to step.
///
/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − lr · m̂ / (√v̂ + ε), with m̂ = m / (1 − Πβ₁), v̂ = v / (1 − Πβ₂). The products over all steps equal the usual powers
/// where β is constant and stay unbiased where it is scheduled; burn's Adam knows constant β only.
#[derive(Debug, Clone)]
pub struct Adam {
    /// m, of the parameters' shape.
    pub first: Tensor<1>,
    /// v, of the parameters' shape.
    pub second: Tensor<1>,
    /// Πβ₁ and Πβ₂.
    pub decay: Decay,
}

/// The products of all β so far; saved as bits, because JSON readers may round.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "[u64; 2]", into = "[u64; 2]")]
pub struct Decay {
    first: f64,
    second: f64,
}

impl From<[u64; 2]> for Decay {
    fn from([first, second]: [u64; 2]) -> Self {
        Self { first: f64::from_bits(first), second: f64::from_bits(second) }
    }
}

impl From<Decay> for [u64; 2] {
    fn from(decay: Decay) -> Self {
        [decay.first.to_bits(), decay.second.to_bits()]
    }
}

impl Decay {
    /// Before the first step.
    pub const START: Self = Self { first: 1.0, second: 1.0 };

    /// After one more step.
    pub fn after(self, beta1: f64, beta2: f64) -> Self {
        Self { first: self.first * beta1, second: self.second * beta2 }
    }

    /// 1 − Πβ₁ and 1 − Πβ₂.
    pub fn corrections(self) -> (f64, f64) {
        (1.0 - self.first, 1.0 - self.second)
    }
}

impl Adam {
    /// For parameters like `vector`.
    pub fn new(vector: &Tensor<1>) -> Self {
        Self { first: vector.zeros_like(), second: vector.zeros_like(), decay: Decay::START }
    }

    /// The step lr · m̂ / (√v̂ + ε), to be taken from the vector.
    pub fn step(&mut self, gradient: Tensor<1>, Rates { lr, beta1, beta2, .. }: Rates) -> Tensor<1> {
        self.decay = self.decay.after(beta1, beta2);
        let squared = gradient.clone().square();
        self.first = if beta1 == 0.0 { gradient } else { self.first.clone() * beta1 + gradient * (1.0 - beta1) };
        self.second = self.second.clone() * beta2 + squared * (1.0 - beta2);
        // lr·m̂/(√v̂ + ε) with the corrections drawn out: √v̂ + ε = (√v + ε√c₂)/√c₂ for c = 1 − Πβ. Fewer passes over the vector.
        let (correction1, correction2) = self.decay.corrections();
        let root = correction2.sqrt();
        let denominator = self.second.clone().sqrt() + EPSILON * root;
        self.first.clone() / denominator * (lr * root / correction1)
    }
}
