//! Gaussian arms around the origin, twisted.

use super::bounds_of;
use crate::rng::Stream;

/// Each arm is N((1, 0), diag(radial², across²)), turned by its share of the circle plus `twist`·exp(radius).
///
/// The pinwheel of Johnson (2016) twists by exp of the first coordinate; here it is the radius, a turn of each circle in itself that keeps areas, so that the density
/// is that of the untwisted arm, exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pinwheel {
    /// How many arms; each is a class.
    pub arms: usize,
    /// Standard deviation along an arm.
    pub radial: f64,
    /// Standard deviation across it.
    pub across: f64,
    /// How strongly it is twisted.
    pub twist: f64,
}

impl Pinwheel {
    fn angle(&self, arm: usize, radius: f64) -> f64 {
        std::f64::consts::TAU * arm as f64 / self.arms as f64 + self.twist * libm::exp(radius)
    }

    pub(super) fn draw(&self, stream: &mut Stream) -> ([f64; 2], usize) {
        let arm = stream.below(self.arms);
        let a = 1.0 + self.radial * stream.normal();
        let b = self.across * stream.normal();
        (turned([a, b], self.angle(arm, libm::hypot(a, b))), arm)
    }

    pub(super) fn density(&self, [x, y]: [f64; 2]) -> f64 {
        let radius = libm::hypot(x, y);
        let of_arm = |arm: usize| {
            let [a, b] = turned([x, y], -self.angle(arm, radius));
            let (u, v) = ((a - 1.0) / self.radial, b / self.across);
            libm::exp(-(u * u + v * v) / 2.0)
        };
        (0..self.arms).map(of_arm).sum::<f64>() / (self.arms as f64 * std::f64::consts::TAU * self.radial * self.across)
    }

    /// By the midpoint rule on 24x24 parts: the arms have no simpler form once they are twisted.
    pub(super) fn mass(&self, [low, high]: [[f64; 2]; 2]) -> f64 {
        const PARTS: usize = 24;
        let step = [0, 1].map(|i| (high[i] - low[i]) / PARTS as f64);
        let at = |i: usize, part: usize| low[i] + (part as f64 + 0.5) * step[i];
        let row = |j: usize| (0..PARTS).map(|i| self.density([at(0, i), at(1, j)])).sum::<f64>();
        (0..PARTS).map(row).sum::<f64>() * step[0] * step[1]
    }

    /// The arms cancel: the mean is the origin. Turning keeps the radius.
    pub(super) fn moments(&self) -> ([f64; 2], f64) {
        ([0.0, 0.0], 1.0 + self.radial * self.radial + self.across * self.across)
    }

    pub(super) fn bounds(&self) -> [[f64; 2]; 2] {
        bounds_of([([0.0, 0.0], [1.0 + 3.0 * self.radial; 2])].into_iter())
    }
}

fn turned([x, y]: [f64; 2], angle: f64) -> [f64; 2] {
    let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
    [cosine * x - sine * y, sine * x + cosine * y]
}
