//! The arithmetic of a whole MLP game on the CPU, as a few fused loops over flat slices.
//!
//! The plain version over burn's tensors (`game`) is the reference; this one gives the same numbers to rounding, without graph, allocation or dispatch. No platform's
//! mathematics and no fused multiply-add is used and the order of every sum stands in the source, so natively and in wasm the bits agree.

mod activation;
mod adam;
mod loops;
mod loss;
mod mlp;
mod penalty;
mod real;
mod step;
mod tape;
#[cfg(test)]
mod tests;
mod wide;

pub use adam::Adam;
pub use loss::knows;
pub use mlp::{BadSizes, Mlp};
pub use real::Real;
pub use step::{Beside, CriticStats, Game, Player, Settings};
