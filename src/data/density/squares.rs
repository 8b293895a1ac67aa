//! Uniform on squares.

use super::bounds_of;
use crate::rng::Stream;

/// Uniform on squares of one side that do not overlap.
#[derive(Debug, Clone, PartialEq)]
pub struct Squares {
    /// Their lower left corners.
    pub corners: Vec<[f64; 2]>,
    /// Their side.
    pub side: f64,
}

impl Squares {
    pub(super) fn draw(&self, stream: &mut Stream) -> ([f64; 2], usize) {
        let square = stream.below(self.corners.len());
        let [x, y] = self.corners[square];
        let a = stream.uniform();
        let b = stream.uniform();
        ([x + self.side * a, y + self.side * b], square)
    }

    /// 1/area inside, 0 outside.
    pub(super) fn density(&self, [x, y]: [f64; 2]) -> f64 {
        let inside = |[a, b]: &[f64; 2]| (0.0..self.side).contains(&(x - a)) && (0.0..self.side).contains(&(y - b));
        let covered = self.corners.iter().filter(|corner| inside(corner)).count();
        covered as f64 / (self.corners.len() as f64 * self.side * self.side)
    }

    pub(super) fn mass(&self, [low, high]: [[f64; 2]; 2]) -> f64 {
        let along = |corner: &[f64; 2], i: usize| (high[i].min(corner[i] + self.side) - low[i].max(corner[i])).max(0.0);
        self.corners.iter().map(|corner| along(corner, 0) * along(corner, 1)).sum::<f64>()
            / (self.corners.len() as f64 * self.side * self.side)
    }

    pub(super) fn moments(&self) -> ([f64; 2], f64) {
        let (count, half) = (self.corners.len() as f64, self.side / 2.0);
        let mean = [0, 1].map(|i| self.corners.iter().map(|corner| corner[i] + half).sum::<f64>() / count);
        let squares = self.corners.iter().map(|[x, y]| (x + half) * (x + half) + (y + half) * (y + half)).sum::<f64>() / count;
        (mean, squares + self.side * self.side / 6.0)
    }

    pub(super) fn bounds(&self) -> [[f64; 2]; 2] {
        let half = self.side / 2.0;
        bounds_of(self.corners.iter().map(|[x, y]| ([x + half, y + half], [half; 2])))
    }
}
