//! Mixtures of Gaussians: sampler and exact density of the 2-D toys.

use serde::Serialize;
use ts_rs::TS;

use crate::rng::Stream;

/// Σ wₖ N(μₖ, σ²I) in the plane, with equal weights wₖ = 1/n and one σ.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct GaussianMixture {
    /// Centres μₖ.
    pub modes: Vec<[f64; 2]>,
    /// σ, of both coordinates.
    pub sigma: f64,
}

impl GaussianMixture {
    /// `count` points, x and y in turn, and the mode of each.
    pub fn sample(&self, count: usize, stream: &mut Stream) -> (Vec<f32>, Vec<u32>) {
        let (mut points, mut labels) = (Vec::with_capacity(2 * count), Vec::with_capacity(count));
        for _ in 0..count {
            let mode = stream.below(self.modes.len());
            let [x, y] = self.modes[mode];
            labels.push(mode as u32);
            points.push((x + self.sigma * stream.normal()) as f32);
            points.push((y + self.sigma * stream.normal()) as f32);
        }
        (points, labels)
    }

    /// p(x, y).
    pub fn density(&self, x: f64, y: f64) -> f64 {
        let variance = self.sigma * self.sigma;
        let peak = 1.0 / (std::f64::consts::TAU * variance * self.modes.len() as f64);
        self.modes.iter().map(|[a, b]| peak * libm::exp(-((x - a) * (x - a) + (y - b) * (y - b)) / (2.0 * variance))).sum()
    }

    /// Root mean square coordinate: the standard deviation of a mixture centred at the origin.
    pub fn std(&self) -> f64 {
        let spread = self.modes.iter().map(|[x, y]| x * x + y * y).sum::<f64>() / (2.0 * self.modes.len() as f64);
        (spread + self.sigma * self.sigma).sqrt()
    }

    /// The mode nearest to a point, and its distance in σ.
    pub fn nearest(&self, x: f64, y: f64) -> (usize, f64) {
        let distance = |[a, b]: &[f64; 2]| ((x - a) * (x - a) + (y - b) * (y - b)).sqrt() / self.sigma;
        let distances = self.modes.iter().map(distance).enumerate();
        distances.min_by(|(_, a), (_, b)| a.total_cmp(b)).expect("a mixture has modes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::toy;
    use crate::rng::Purpose;

    #[test]
    fn densities_integrate_to_one() {
        for (density, reach) in [(toy::ring8(), 1.1), (toy::grid25(), 4.3)] {
            let step = density.sigma / 3.0;
            let cells = (reach / step) as i64;
            let total: f64 = (-cells..=cells)
                .flat_map(|i| (-cells..=cells).map(move |j| (i, j)))
                .map(|(i, j)| density.density(i as f64 * step, j as f64 * step))
                .sum();
            assert!((total * step * step - 1.0).abs() < 1e-6, "{}", total * step * step);
        }
    }

    #[test]
    fn samples_fall_on_the_modes_in_equal_shares() {
        let density = toy::ring8();
        let (points, _) = density.sample(16_000, &mut Stream::new(1, Purpose::Data));
        let mut counts = [0; 8];
        for point in points.chunks_exact(2) {
            let (mode, sigmas) = density.nearest(f64::from(point[0]), f64::from(point[1]));
            assert!(sigmas < 6.0);
            counts[mode] += 1;
        }
        assert!(counts.iter().all(|&n| (1_800..2_200).contains(&n)), "{counts:?}");
    }
}
