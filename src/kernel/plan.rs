//! The architectures of the fused loops.

use super::conv::{ConvNetwork, ConvPlan};
use super::mlp::{Mlp, MlpNetwork};
use super::network::Network;
use super::real::Real;

/// A network as a description: where its parameters lie in one flat vector, and what is computed with them.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// Fully connected layers.
    Mlp(Mlp),
    /// Convolutions, linear in pieces.
    Conv(ConvPlan),
}

impl Plan {
    /// Length of the flat vector.
    pub fn parameters(&self) -> usize {
        match self {
            Self::Mlp(mlp) => mlp.parameters(),
            Self::Conv(plan) => plan.parameters(),
        }
    }

    /// Features of an input.
    pub fn inputs(&self) -> usize {
        match self {
            Self::Mlp(mlp) => mlp.inputs(),
            Self::Conv(plan) => plan.input().features(),
        }
    }

    /// The network in the fused loops.
    pub(super) fn network<T: Real>(&self) -> Box<dyn Network<T>> {
        match self {
            Self::Mlp(mlp) => Box::new(MlpNetwork::new(mlp.clone())),
            Self::Conv(plan) => Box::new(ConvNetwork::new(plan.clone())),
        }
    }
}
