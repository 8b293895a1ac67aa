//! Measures of points, and of drawn figures, against a known distribution, each with its protocol; `docs/metrics.md` has them in one table.

mod divergence;
mod kernel;
mod modes;
mod neighbours;
mod optimum;
mod score;
mod shapes;
mod sums;
mod transport;

#[cfg(test)]
mod clouds;

pub use modes::{ModeMetrics, POINT_SAMPLES, mode_metrics};
pub use neighbours::{Encounters, Neighbours, Radii, neighbours, radii_among};
pub use optimum::{Optimum, Question};
pub use score::{Measured, Score, Yardstick};
pub use shapes::ShapeModes;
pub use sums::{band, sum_pairs};
pub use transport::wasserstein_line;
