//! The masses of many small cells at once: what is far from a cell is not asked for it.

use super::{Density, Mode, normal_mass};

/// A Gaussian farther from a cell than this many σ adds less than 1e-9 to it.
const REACH: f64 = 6.0;

/// Cells of one size, in rows from the lower left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// The lower left corner.
    pub low: [f64; 2],
    /// Width and height of a cell.
    pub cell: [f64; 2],
    /// Cells along either axis; on the line one row.
    pub counts: [usize; 2],
}

impl Grid {
    /// The cell of a point; none outside.
    pub fn find(&self, point: [f64; 2]) -> Option<usize> {
        let along = |axis: usize| {
            let place = (point[axis] - self.low[axis]) / self.cell[axis];
            (0.0..self.counts[axis] as f64).contains(&place).then_some(place as usize)
        };
        Some(along(1)? * self.counts[0] + along(0)?)
    }

    /// How many cells.
    pub fn cells(&self) -> usize {
        self.counts[0] * self.counts[1]
    }

    fn edge(&self, axis: usize, i: usize) -> f64 {
        self.low[axis] + i as f64 * self.cell[axis]
    }

    /// The first cell that a Gaussian reaches along an axis, and its masses from there on.
    fn along(&self, axis: usize, centre: f64, sigma: f64) -> (usize, Vec<f64>) {
        let place = |x: f64| ((x - self.low[axis]) / self.cell[axis]).clamp(0.0, self.counts[axis] as f64);
        let first = place(centre - REACH * sigma).floor() as usize;
        let end = place(centre + REACH * sigma).ceil() as usize;
        (first, (first..end).map(|i| normal_mass(centre, sigma, self.edge(axis, i), self.edge(axis, i + 1))).collect())
    }
}

impl Density {
    /// ∫ p over each cell of a grid, row after row. The pinwheel's by the midpoint rule on 2x2 parts: for cells smaller than what can be seen in it.
    pub fn masses(&self, grid: &Grid) -> Vec<f64> {
        match self {
            Self::Mixture(mixture) | Self::Points(mixture) => {
                gathered(grid, mixture.modes.iter().map(|&Mode { centre, sigma, weight }| (centre, sigma, weight)))
            }
            Self::Line(mixture) => {
                let mut masses = vec![0.0; grid.cells()];
                for Mode { centre, sigma, weight } in &mixture.modes {
                    let (first, along) = grid.along(0, centre[0], sigma[0]);
                    masses[first..].iter_mut().zip(along).for_each(|(mass, share)| *mass += weight * share);
                }
                masses
            }
            Self::Curve(curve) => gathered(grid, curve.nodes().map(|(centre, weight)| (centre, [curve.sigma(); 2], weight))),
            Self::Squares(squares) => {
                let edges = |i: usize, j: usize| [grid.edge(0, i), grid.edge(1, j)];
                cells(grid, |i, j| squares.mass([edges(i, j), edges(i + 1, j + 1)]))
            }
            Self::Pinwheel(pinwheel) => {
                let quarter = grid.cell[0] * grid.cell[1] / 4.0;
                let at = |axis: usize, i: usize, part: f64| grid.edge(axis, i) + part * grid.cell[axis];
                let parts = [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]];
                cells(grid, |i, j| parts.iter().map(|[a, b]| pinwheel.density([at(0, i, *a), at(1, j, *b)])).sum::<f64>() * quarter)
            }
        }
    }
}

fn cells(grid: &Grid, mass: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    (0..grid.cells()).map(|index| mass(index % grid.counts[0], index / grid.counts[0])).collect()
}

/// The masses of Gaussians along the axes, given by centre, σ and weight.
fn gathered(grid: &Grid, gaussians: impl Iterator<Item = ([f64; 2], [f64; 2], f64)>) -> Vec<f64> {
    let mut masses = vec![0.0; grid.cells()];
    for (centre, sigma, weight) in gaussians {
        let (left, across) = grid.along(0, centre[0], sigma[0]);
        let (bottom, up) = grid.along(1, centre[1], sigma[1]);
        for (row, share) in (bottom..).zip(up) {
            let cells = masses[row * grid.counts[0] + left..].iter_mut();
            cells.zip(&across).for_each(|(mass, part)| *mass += weight * share * part);
        }
    }
    masses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataKind, Square};

    #[test]
    fn the_masses_of_a_grid_are_those_of_its_cells() {
        for kind in DataKind::toys() {
            let density = kind.density(&[]).expect("a toy");
            let Square { centre, half } = density.view();
            let (across, rows) = (64, if density.dim() == 1 { 1 } else { 64 });
            let cell = [2.0 * half / 64.0, 2.0 * half / rows as f64];
            let grid = Grid { low: [centre[0] - half, centre[1] - half], cell, counts: [across, rows] };
            let masses = density.masses(&grid);
            assert!((masses.iter().sum::<f64>() - 1.0).abs() < 1e-3, "{kind:?}");
            for index in (0..grid.cells()).step_by(37) {
                let (i, j) = (index % across, index / across);
                let exact = density.mass([[grid.edge(0, i), grid.edge(1, j)], [grid.edge(0, i + 1), grid.edge(1, j + 1)]]);
                assert!((masses[index] - exact).abs() < 1e-4 + 0.02 * exact, "{kind:?}, cell {index}: {} of {exact}", masses[index]);
            }
        }
    }

    #[test]
    fn a_point_has_the_cell_that_holds_it() {
        let grid = Grid { low: [0.0, -1.0], cell: [0.5, 1.0], counts: [4, 2] };
        assert_eq!(grid.find([0.6, -0.5]), Some(1));
        assert_eq!(grid.find([1.9, 0.5]), Some(7));
        assert_eq!([grid.find([2.0, 0.0]), grid.find([0.0, -1.1]), grid.find([f64::NAN, 0.0])], [None; 3]);
    }
}
