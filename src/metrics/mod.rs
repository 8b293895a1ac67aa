//! Measures of a trained game, each with its protocol.

mod modes;

pub use modes::{POINT_SAMPLES, point_metrics};
