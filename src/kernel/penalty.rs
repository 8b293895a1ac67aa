//! Gradient penalties over blocks of samples: their values and the directions whose tangents carry their gradients (`crate::penalty`).

use super::loops::{LANES, Lane, blocks_of, tree};
use super::real::Real;
use crate::penalty::{EPSILON, Rule};

/// The penalty of input gradients, and its direction v, which is 0 beyond the samples. No rule gives 0 and no direction.
pub fn penalise<T: Real>(rule: Option<Rule>, gradient: &[Lane<T>], rows: usize, v: &mut [Lane<T>]) -> T {
    match rule {
        None => {
            v.fill([T::ZERO; LANES]);
            T::ZERO
        }
        Some(Rule::ZeroCentred { gamma }) => {
            let scale = T::of(gamma / rows as f64);
            let half = T::of(0.5) * scale;
            over_samples(gradient, rows, v, |square| (square * half, scale))
        }
        Some(Rule::UnitSlope { lambda, one_sided }) => {
            let weight = T::of(lambda / rows as f64);
            let two = T::of(2.0);
            over_samples(gradient, rows, v, |square| {
                let norm = (square + T::of(EPSILON)).sqrt();
                let excess = norm - T::ONE;
                let excess = if one_sided && excess < T::ZERO { T::ZERO } else { excess };
                (excess * excess * weight, two * weight * excess / norm)
            })
        }
    }
}

/// Σ over samples of a term of ‖g‖², with v = factor · g.
fn over_samples<T: Real>(gradient: &[Lane<T>], rows: usize, v: &mut [Lane<T>], term: impl Fn(T) -> (T, T)) -> T {
    let features = gradient.len() / blocks_of(rows);
    let mut sums = [T::ZERO; LANES];
    for (block, (gradient, v)) in gradient.chunks_exact(features).zip(v.chunks_exact_mut(features)).enumerate() {
        let live = (rows - block * LANES).min(LANES);
        let mut factors = [T::ZERO; LANES];
        for lane in 0..live {
            let square = gradient.iter().fold(T::ZERO, |sum, g| sum + g[lane] * g[lane]);
            let (value, factor) = term(square);
            sums[lane] += value;
            factors[lane] = factor;
        }
        for (gradient, v) in gradient.iter().zip(v) {
            *v = std::array::from_fn(|lane| gradient[lane] * factors[lane]);
        }
    }
    tree(sums)
}
