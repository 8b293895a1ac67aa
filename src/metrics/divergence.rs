//! Divergences between a known density and samples, over the cells of a grid.

use crate::data::{Density, Square};

/// Cells along each axis, as in GAN Lab.
const CELLS: usize = 30;

/// p over the cells of a grid on a square (or the first axis of it, on the line), and last the share of all that lies outside.
#[derive(Debug, Clone)]
pub struct Cells {
    square: Square,
    dim: usize,
    /// The exact masses.
    pub p: Vec<f64>,
}

impl Cells {
    /// The cells of a density.
    pub fn of(density: &Density, square: Square) -> Self {
        let dim = density.dim();
        let edge = |axis: usize, i: usize| square.centre[axis] + square.half * (2.0 * i as f64 / CELLS as f64 - 1.0);
        let cell = |index: usize| {
            let (i, j) = (index % CELLS, index / CELLS);
            density.mass([[edge(0, i), edge(1, j)], [edge(0, i + 1), edge(1, j + 1)]])
        };
        let mut p: Vec<f64> = (0..CELLS.pow(dim as u32)).map(cell).collect();
        p.push((1.0 - p.iter().sum::<f64>()).max(0.0));
        Self { square, dim, p }
    }

    /// The share of the samples in each cell. A sample that is not finite lies outside.
    pub fn shares(&self, samples: &[f32]) -> Vec<f64> {
        let mut counts = vec![0usize; self.p.len()];
        for sample in samples.chunks_exact(self.dim) {
            counts[self.cell(sample).unwrap_or(self.p.len() - 1)] += 1;
        }
        let count = (samples.len() / self.dim).max(1) as f64;
        counts.into_iter().map(|n| n as f64 / count).collect()
    }

    fn cell(&self, sample: &[f32]) -> Option<usize> {
        let along = |axis: usize| {
            let place = (f64::from(sample[axis]) - self.square.centre[axis]) / (2.0 * self.square.half) + 0.5;
            (0.0..1.0).contains(&place).then_some((place * CELLS as f64) as usize)
        };
        let column = along(0)?;
        let row = if self.dim > 1 { along(1)? } else { 0 };
        Some(row * CELLS + column)
    }
}

/// Half the KL of each to their middle, in bits; at most 1.
pub fn jensen_shannon(p: &[f64], q: &[f64]) -> f64 {
    let middle: Vec<f64> = p.iter().zip(q).map(|(p, q)| f64::midpoint(*p, *q)).collect();
    f64::midpoint(kullback_leibler(p, &middle), kullback_leibler(q, &middle)).clamp(0.0, 1.0)
}

/// Σ p log₂(p/q), in bits; infinite where q has nothing of p.
pub fn kullback_leibler(p: &[f64], q: &[f64]) -> f64 {
    let term = |(&p, &q): (&f64, &f64)| if p > 0.0 { p * (p / q).log2() } else { 0.0 };
    p.iter().zip(q).map(term).sum::<f64>().max(0.0)
}

/// Half the sum of the absolute differences; at most 1.
pub fn total_variation(p: &[f64], q: &[f64]) -> f64 {
    p.iter().zip(q).map(|(p, q)| (p - q).abs()).sum::<f64>() / 2.0
}

/// Shares of `count` samples with half a sample more in each cell (Krichevsky & Trofimov 1981), so that a KL is finite; p and q are smoothed alike.
pub fn smoothed(shares: &[f64], count: usize) -> Vec<f64> {
    let (count, cells) = (count as f64, shares.len() as f64);
    shares.iter().map(|share| (count * share + 0.5) / (count + 0.5 * cells)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataKind;

    const SQUARE: Square = Square { centre: [0.5, 0.5], half: 0.5 };

    #[test]
    fn the_masses_of_every_toy_sum_to_one_and_its_view_holds_nearly_all() {
        for kind in DataKind::toys() {
            let density = kind.density(&[]).expect("a toy");
            let cells = Cells::of(&density, density.view());
            let outside = cells.p.last().copied().expect("cells");
            assert!(outside < 1e-3, "{kind:?}: {outside}");
        }
    }

    #[test]
    fn a_distribution_against_itself_is_zero_and_against_a_disjoint_one_the_most_there_is() {
        let (p, q) = ([0.25, 0.75, 0.0], [0.0, 0.0, 1.0]);
        assert_eq!((jensen_shannon(&p, &p), kullback_leibler(&p, &p), total_variation(&p, &p)), (0.0, 0.0, 0.0));
        assert_eq!((jensen_shannon(&p, &q), kullback_leibler(&p, &q), total_variation(&p, &q)), (1.0, f64::INFINITY, 1.0));
        assert!(kullback_leibler(&smoothed(&p, 100), &smoothed(&q, 100)).is_finite());
    }

    #[test]
    fn a_collapsed_sampler_has_its_analytic_divergences() {
        let density = DataKind::TwoGaussians.density(&[]).expect("a toy");
        let cells = Cells::of(&density, SQUARE);
        let q = cells.shares(&[0.31f32, 0.71].repeat(50));
        let own = cells.p[cells.cell(&[0.31, 0.71]).expect("inside")];
        assert!((total_variation(&cells.p, &q) - (1.0 - own)).abs() < 1e-12);
        let middle = f64::midpoint(own, 1.0);
        let expected = 0.5 * (own * (own / middle).log2() + (1.0 - own)) + 0.5 * (1.0 / middle).log2();
        assert!((jensen_shannon(&cells.p, &q) - expected).abs() < 1e-12);
    }

    #[test]
    fn samples_anywhere_have_a_cell() {
        let cells = Cells::of(&DataKind::Ring.density(&[]).expect("a toy"), SQUARE);
        let shares = cells.shares(&[f32::NAN, 0.5, 0.5, f32::INFINITY, -1e30, 0.1, 1.0, 0.5]);
        assert_eq!(shares.last(), Some(&1.0));
        assert!(jensen_shannon(&cells.p, &shares).is_finite());
    }
}
