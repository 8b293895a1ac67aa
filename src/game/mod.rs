//! Games, one a file: each to be compared with its paper line by line.

mod gan;

pub use gan::{CriticBatch, Gan, GeneratorBatch, Player, StepStats, networks};
