//! Mode coverage, high-quality share and reverse KL of 2-D toys (VEEGAN 2017, PacGAN 2018).

use crate::data::GaussianMixture;
use crate::protocol::PointMetrics;

/// Samples of the protocol.
pub const POINT_SAMPLES: usize = 2_500;
/// A sample is of high quality within this many σ of its nearest mode.
const SIGMAS: f64 = 3.0;

/// Measures points (x and y in turn, data units) against a mixture.
///
/// `hq` is the share within 3σ of a mode, `modes` the number of modes with at least one such sample, `rkl` = Σ hₖ log(hₖ n) for the histogram h of the high-quality samples over
/// the n modes. Points that are not finite are of no quality. A perfect sampler's expectations: hq = 1 − e^(−9/2) = .9889, rkl ≈ (n − 1) / (2 · samples · hq).
pub fn point_metrics(points: &[f32], density: &GaussianMixture) -> PointMetrics {
    let mut counts = vec![0usize; density.modes.len()];
    for point in points.chunks_exact(2) {
        let (mode, sigmas) = density.nearest(f64::from(point[0]), f64::from(point[1]));
        if sigmas <= SIGMAS {
            counts[mode] += 1;
        }
    }
    let samples = points.len() / 2;
    let good: usize = counts.iter().sum();
    let share = |count: usize| count as f64 / samples.max(1) as f64;
    PointMetrics {
        modes: counts.iter().filter(|&&count| count > 0).count(),
        modes_total: counts.len(),
        hq: share(good),
        rkl: (good > 0).then(|| kl_to_uniform(&counts, good)),
        mass: counts.iter().map(|&count| share(count)).collect(),
        samples,
    }
}

/// KL(histogram ‖ uniform) in nats.
fn kl_to_uniform(counts: &[usize], total: usize) -> f64 {
    let term = |&count: &usize| {
        let p = count as f64 / total as f64;
        if count == 0 { 0.0 } else { p * (p * counts.len() as f64).ln() }
    };
    counts.iter().map(term).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataKind;
    use crate::rng::{Purpose, Stream};

    fn ring() -> GaussianMixture {
        DataKind::Ring8.density().expect("a toy")
    }

    #[test]
    fn a_perfect_sampler_sits_at_its_computed_floor() {
        for kind in [DataKind::Ring8, DataKind::Grid25] {
            let density = kind.density().expect("a toy");
            let (points, _) = density.sample(400_000, &mut Stream::new(1, Purpose::Evaluation));
            let metrics = point_metrics(&points, &density);
            assert_eq!(metrics.modes, density.modes.len());
            assert!((metrics.hq - (1.0 - (-4.5f64).exp())).abs() < 1e-3, "{}", metrics.hq);
            let floor = (density.modes.len() - 1) as f64 / (2.0 * 400_000.0 * metrics.hq);
            assert!(metrics.rkl.is_some_and(|rkl| rkl > 0.0 && rkl < 3.0 * floor), "{:?}", metrics.rkl);
        }
    }

    #[test]
    fn a_collapsed_sampler_has_one_mode_and_the_analytic_divergence() {
        let metrics = point_metrics(&[1.0, 0.0].repeat(100), &ring());
        assert_eq!((metrics.modes, metrics.hq), (1, 1.0));
        assert!(metrics.rkl.is_some_and(|rkl| (rkl - 8f64.ln()).abs() < 1e-12));
    }

    #[test]
    fn points_anywhere_give_numbers() {
        let far = [f32::NAN, 0.0, f32::INFINITY, 1.0, 1e30, -1e30, 0.0, 0.0];
        let metrics = point_metrics(&far, &ring());
        assert_eq!((metrics.modes, metrics.hq, metrics.rkl, metrics.samples), (0, 0.0, None, 4));
        assert_eq!(point_metrics(&[], &ring()).hq, 0.0);
    }
}
