//! Sliced Wasserstein distance between rows (Bonneel 2015).

use rayon::prelude::*;

use super::rows::{Rows, dot};
use crate::metrics::wasserstein_line;
use crate::rng::Stream;

/// Directions onto which rows are thrown.
const DIRECTIONS: usize = 128;

/// The mean of W1 along 128 random directions; both have as many rows.
pub fn sliced_wasserstein(a: &Rows, b: &Rows, stream: &mut Stream) -> f64 {
    let width = a.width();
    let directions: Vec<Vec<f64>> = (0..DIRECTIONS).map(|_| (0..width).map(|_| stream.normal()).collect()).collect();
    along(a, b, &directions)
}

/// The same along given directions of any length.
pub(super) fn along(a: &Rows, b: &Rows, directions: &[Vec<f64>]) -> f64 {
    let one = |direction: &Vec<f64>| {
        let length = dot(direction, direction).sqrt();
        let onto = |rows: &Rows| rows.iter().map(|row| dot(row, direction) / length).collect();
        wasserstein_line(onto(a), onto(b))
    };
    directions.par_iter().map(one).collect::<Vec<_>>().iter().sum::<f64>() / directions.len() as f64
}
