//! The arithmetic of a whole game on the CPU, as a few fused loops over flat slices.
//!
//! The plain version over burn's tensors (`game`) is the reference; this one gives the same numbers to rounding, without graph, allocation or dispatch. No platform's
//! mathematics and no fused multiply-add is used and the order of every sum stands in the source, so natively and in wasm the bits agree.

mod adam;
mod conv;
mod forward;
mod loops;
mod loss;
mod mlp;
mod network;
mod penalty;
mod plan;
mod real;
mod step;
#[cfg(test)]
mod tests;
mod units;
mod wide;

pub use adam::Adam;
pub use conv::{Block, ConvPlan, Layer, Map, Shape, example};
pub use forward::forward;
pub use loss::knows;
pub use mlp::{BadSizes, Mlp};
pub use plan::Plan;
pub use real::Real;
pub use step::{Beside, CriticStats, Game, GeneratorStats, Outcome, Player, Settings, deviation};
pub use units::units;
