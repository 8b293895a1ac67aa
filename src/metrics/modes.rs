//! Mode coverage, high-quality share and reverse KL of data made of modes (VEEGAN 2017, PacGAN 2018): toys here, drawn figures in `shapes`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::data::Density;

/// Samples of the protocol.
pub const POINT_SAMPLES: usize = 2_500;
/// A sample is of high quality within this many σ of its nearest mode.
const SIGMAS: f64 = 3.0;

/// Metrics on data with known modes (protocol: 2,500 samples; a point is of high quality within 3σ of a mode, a figure within .2 of a template).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ModeMetrics {
    /// Modes with at least one high-quality sample.
    pub modes: usize,
    /// Modes there are.
    pub modes_total: usize,
    /// Share of samples of high quality. Of points, those within 3σ of a mode: a perfect sampler scores .9889 in the plane, .9973 on the line.
    pub hq: f64,
    /// KL(histogram of high-quality samples over modes ‖ their true shares), in nats; infinite (null in JSON) without any.
    pub rkl: Option<f64>,
    /// Share of all samples that is of high quality at each mode.
    pub mass: Vec<f64>,
    /// The data's share at each mode.
    pub truth: Vec<f64>,
    /// Number of samples.
    pub samples: usize,
}

/// Measures samples (row after row, data units) against a density; none where it is not made of modes.
///
/// `hq` is the share within 3σ of a mode, `modes` the number of modes with at least one such sample, `rkl` = Σ hₖ log(hₖ/wₖ) for the histogram h of the high-quality samples over
/// the modes and their true shares w. Samples that are not finite are of no quality. A perfect sampler's expectations in the plane: hq = 1 − e^(−9/2) = .9889 (on the line
/// .9973), rkl ≈ (modes − 1) / (2 · samples · hq).
pub fn mode_metrics(samples: &[f32], density: &Density) -> Option<ModeMetrics> {
    let truth = density.modes()?.iter().map(|mode| mode.weight).collect();
    let good = |sample| density.nearest(sample).filter(|(_, sigmas)| *sigmas <= SIGMAS).map(|(mode, _)| mode);
    Some(ModeMetrics::of(samples.chunks_exact(density.dim()).map(good), truth))
}

impl ModeMetrics {
    /// Of the modes of some samples, where they are of high quality; `truth` are the modes' true shares.
    pub(super) fn of(seen: impl ExactSizeIterator<Item = Option<usize>>, truth: Vec<f64>) -> Self {
        let samples = seen.len();
        let mut counts = vec![0usize; truth.len()];
        seen.flatten().for_each(|mode| counts[mode] += 1);
        let good: usize = counts.iter().sum();
        let share = |count: usize| count as f64 / samples.max(1) as f64;
        Self {
            modes: counts.iter().filter(|&&count| count > 0).count(),
            modes_total: counts.len(),
            hq: share(good),
            rkl: (good > 0).then(|| kl(&counts, good, &truth)),
            mass: counts.iter().map(|&count| share(count)).collect(),
            truth,
            samples,
        }
    }
}

/// KL(histogram ‖ truth) in nats.
fn kl(counts: &[usize], total: usize, truth: &[f64]) -> f64 {
    let term = |(&count, &truth): (&usize, &f64)| {
        let p = count as f64 / total as f64;
        if count == 0 { 0.0 } else { p * (p / truth).ln() }
    };
    counts.iter().zip(truth).map(term).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataKind;
    use crate::rng::{Purpose, Stream};

    fn measured(kind: DataKind, samples: &[f32]) -> ModeMetrics {
        mode_metrics(samples, &kind.density(&[]).expect("a toy")).expect("made of modes")
    }

    #[test]
    fn a_perfect_sampler_sits_at_its_computed_floor() {
        let within = [libm::erf(3.0 / std::f64::consts::SQRT_2), 1.0 - (-4.5f64).exp()];
        for kind in [DataKind::Ring8, DataKind::Grid25, DataKind::Disjoint] {
            let density = kind.density(&[]).expect("a toy");
            let metrics = measured(kind, &density.sample(400_000, &mut Stream::new(1, Purpose::Evaluation)).0);
            assert_eq!(metrics.modes, metrics.modes_total);
            assert!((metrics.hq - within[density.dim() - 1]).abs() < 1e-3, "{kind:?}: {}", metrics.hq);
            let floor = (metrics.modes_total - 1) as f64 / (2.0 * 400_000.0 * metrics.hq);
            assert!(metrics.rkl.is_some_and(|rkl| rkl > 0.0 && rkl < 10.0 * floor), "{kind:?}: {:?}", metrics.rkl);
        }
    }

    #[test]
    fn a_collapsed_sampler_has_one_mode_and_the_analytic_divergence() {
        let metrics = measured(DataKind::Ring8, &[1.0, 0.0].repeat(100));
        assert_eq!((metrics.modes, metrics.hq), (1, 1.0));
        assert!(metrics.rkl.is_some_and(|rkl| (rkl - 8f64.ln()).abs() < 1e-12));
        let rare = measured(DataKind::Bimodal1d, &[-1.0; 10]);
        assert!(rare.rkl.is_some_and(|rkl| (rkl - (1.0 / 0.3f64).ln()).abs() < 1e-12));
    }

    #[test]
    fn points_anywhere_give_numbers() {
        let far = [f32::NAN, 0.0, f32::INFINITY, 1.0, 1e30, -1e30, 0.0, 0.0];
        let metrics = measured(DataKind::Ring8, &far);
        assert_eq!((metrics.modes, metrics.hq, metrics.rkl, metrics.samples), (0, 0.0, None, 4));
        assert_eq!(measured(DataKind::Ring8, &[]).hq, 0.0);
    }

    #[test]
    fn what_is_not_made_of_modes_has_none_to_count() {
        assert_eq!(mode_metrics(&[0.0, 0.0], &DataKind::Spiral.density(&[]).expect("a toy")), None);
    }
}
