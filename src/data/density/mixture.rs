//! Mixtures of Gaussians in the plane and on the line.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{bounds_of, normal_mass};
use crate::rng::Stream;

/// One Gaussian along the axes: N(centre, diag(sigma²)), with its share of the samples. On the line both second numbers are 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct Mode {
    /// Its mean.
    pub centre: [f64; 2],
    /// Its standard deviations.
    pub sigma: [f64; 2],
    /// Its share; those of a mixture sum to 1.
    pub weight: f64,
}

impl Mode {
    /// A round mode.
    pub fn round(centre: [f64; 2], sigma: f64, weight: f64) -> Self {
        Self { centre, sigma: [sigma, sigma], weight }
    }

    /// A mode of the line.
    pub fn on_line(mean: f64, sigma: f64, weight: f64) -> Self {
        Self { centre: [mean, 0.0], sigma: [sigma, 0.0], weight }
    }

    /// The distance of a point from the centre in σ (Mahalanobis).
    pub fn sigmas(&self, point: [f64; 2]) -> f64 {
        let along = |i: usize| if self.sigma[i] > 0.0 { (point[i] - self.centre[i]) / self.sigma[i] } else { 0.0 };
        libm::hypot(along(0), along(1))
    }

    fn density(&self, point: [f64; 2]) -> f64 {
        let distance = self.sigmas(point);
        let root = std::f64::consts::TAU.sqrt();
        let volume: f64 = self.sigma.iter().filter(|&&sigma| sigma > 0.0).map(|sigma| root * sigma).product();
        libm::exp(-distance * distance / 2.0) / volume
    }

    fn mass(&self, [low, high]: [[f64; 2]; 2]) -> f64 {
        let along = |i: usize| if self.sigma[i] > 0.0 { normal_mass(self.centre[i], self.sigma[i], low[i], high[i]) } else { 1.0 };
        along(0) * along(1)
    }

    /// E‖x‖².
    fn mean_square(&self) -> f64 {
        self.centre.iter().chain(&self.sigma).map(|x| x * x).sum()
    }
}

/// Σ wₖ N(μₖ, diag(σₖ²)).
#[derive(Debug, Clone, PartialEq)]
pub struct GaussianMixture {
    /// Its Gaussians.
    pub modes: Vec<Mode>,
}

impl GaussianMixture {
    /// Round modes of one width and equal weights.
    pub fn equal(centres: impl ExactSizeIterator<Item = [f64; 2]>, sigma: f64) -> Self {
        let weight = 1.0 / centres.len() as f64;
        Self { modes: centres.map(|centre| Mode::round(centre, sigma, weight)).collect() }
    }

    pub(super) fn draw(&self, stream: &mut Stream) -> ([f64; 2], usize) {
        let mode = self.choose(stream);
        let Mode { centre, sigma, .. } = self.modes[mode];
        // A direction without width takes no random number.
        let mut along = |i: usize| if sigma[i] > 0.0 { centre[i] + sigma[i] * stream.normal() } else { centre[i] };
        let x = along(0);
        ([x, along(1)], mode)
    }

    fn choose(&self, stream: &mut Stream) -> usize {
        let count = self.modes.len();
        if self.modes.iter().all(|mode| mode.weight == self.modes[0].weight) {
            return stream.below(count);
        }
        let mut place = stream.uniform();
        let passes = |mode: &Mode| {
            place -= mode.weight;
            place < 0.0
        };
        self.modes.iter().position(passes).unwrap_or(count - 1)
    }

    pub(super) fn density(&self, point: [f64; 2]) -> f64 {
        self.modes.iter().map(|mode| mode.weight * mode.density(point)).sum()
    }

    pub(super) fn mass(&self, rectangle: [[f64; 2]; 2]) -> f64 {
        self.modes.iter().map(|mode| mode.weight * mode.mass(rectangle)).sum()
    }

    pub(super) fn moments(&self) -> ([f64; 2], f64) {
        let mean = [0, 1].map(|i| self.modes.iter().map(|mode| mode.weight * mode.centre[i]).sum());
        (mean, self.modes.iter().map(|mode| mode.weight * mode.mean_square()).sum())
    }

    pub(super) fn bounds(&self) -> [[f64; 2]; 2] {
        bounds_of(self.modes.iter().map(|mode| (mode.centre, mode.sigma.map(|sigma| 4.0 * sigma))))
    }
}
