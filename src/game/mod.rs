//! Games, one a file: each to be compared with its paper line by line.

mod arithmetic;
#[cfg(test)]
mod augmented;
mod critic_step;
mod fused;
mod gan;
mod generator_step;
mod noise;
mod player;
mod sight;
#[cfg(test)]
mod tests;

pub use critic_step::CriticBatch;
pub use fused::{Fused, Room, critic_plan, generator_plan};
pub use gan::{Gan, StepStats, Turn, networks, saved_lengths};
pub use generator_step::GeneratorBatch;
pub use noise::Noise;
pub use player::Player;
