//! Every score of points by its name: on how many samples, and how well the data themselves would do.

use std::cell::OnceCell;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::divergence::{Cells, jensen_shannon, kullback_leibler, smoothed, total_variation};
use super::kernel::mmd_squared;
use super::neighbours::{Neighbours, neighbours};
use super::sums::band;
use super::transport::{sliced_wasserstein, wasserstein_line, wasserstein_plane};
use crate::data::{DataKind, Density, Frame, Square};
use crate::rng::{Purpose, Stream};

/// A measure of how far fakes are from the data, over samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Score {
    /// Jensen-Shannon divergence in bits on 30x30 cells (30 on the line) of the view, on the unit square for GAN Lab's data; exact p, 60,000 fakes.
    Js,
    /// KL(p ‖ q) in bits on the same cells, half a sample more in each.
    Kl,
    /// KL(q ‖ p), likewise.
    ReverseKl,
    /// Total variation on the same cells.
    Tv,
    /// Exact Wasserstein distance in data units: by assignment of 512 points, on the line by sorting 2,500.
    W1,
    /// W1 along 64 directions, 2,500 samples.
    SlicedW1,
    /// Unbiased MMD² with Gaussian kernels of .1, .2, .5, 1 and 2 standard deviations of the data, 1,000 samples.
    Mmd2,
    /// Share of fakes within the balls of reals, k = 3, 1,000 samples (Kynkäänniemi 2019).
    Precision,
    /// Share of reals within the balls of fakes.
    Recall,
    /// Balls of reals that hold a fake, over k = 5, 1,000 samples (Naeem 2020).
    Density,
    /// Share of reals whose ball holds a fake.
    Coverage,
}

/// Pairs of real samples from which a noise band is taken.
const BAND_PAIRS: u64 = 8;
/// Seed of the reals that fakes are measured against.
const REFERENCE_SEED: u64 = 0;
/// Fakes farther away, in standard deviations, or not finite, are counted as this far: every score stays a number.
const FARTHEST: f64 = 1e3;
/// Where GAN Lab's data are measured.
const UNIT_SQUARE: Square = Square { centre: [0.5, 0.5], half: 0.5 };

impl Score {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Js,
        Self::Kl,
        Self::ReverseKl,
        Self::Tv,
        Self::W1,
        Self::SlicedW1,
        Self::Mmd2,
        Self::Precision,
        Self::Recall,
        Self::Density,
        Self::Coverage,
    ];

    /// What the command line calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Js => "js",
            Self::Kl => "kl",
            Self::ReverseKl => "reverse_kl",
            Self::Tv => "tv",
            Self::W1 => "w1",
            Self::SlicedW1 => "sliced_w1",
            Self::Mmd2 => "mmd2",
            Self::Precision => "precision",
            Self::Recall => "recall",
            Self::Density => "density",
            Self::Coverage => "coverage",
        }
    }

    /// Samples that it takes.
    pub fn samples(self, dim: usize) -> usize {
        match self {
            Self::Js | Self::Kl | Self::ReverseKl | Self::Tv => 60_000,
            Self::W1 if dim > 1 => 512,
            Self::W1 | Self::SlicedW1 => 2_500,
            Self::Mmd2 | Self::Precision | Self::Recall | Self::Density | Self::Coverage => 1_000,
        }
    }
}

/// What a sampler scored.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct Measured {
    /// Which score.
    pub score: Score,
    /// The figure.
    pub value: f64,
    /// Mean ± 2 standard deviations of what pairs of real samples of the same size score: within it nothing can be told from the data.
    pub band: [f64; 2],
}

/// A distribution to measure fakes against. What is costly is computed when it is first asked for.
#[derive(Debug)]
pub struct Yardstick {
    density: Density,
    frame: Frame,
    square: Square,
    cells: OnceCell<Cells>,
    bands: [OnceCell<[f64; 2]>; Score::ALL.len()],
}

impl Yardstick {
    /// The measure of a data set.
    pub fn new(kind: DataKind, density: Density) -> Self {
        let square = match kind {
            DataKind::Line | DataKind::TwoGaussians | DataKind::Ring | DataKind::Disjoint => UNIT_SQUARE,
            _ => density.view(),
        };
        Self { frame: density.frame(), square, density, cells: OnceCell::new(), bands: Default::default() }
    }

    /// The distribution.
    pub fn density(&self) -> &Density {
        &self.density
    }

    /// A score with its noise band.
    pub fn measure(&self, score: Score, fakes: &[f32]) -> Measured {
        Measured { score, value: self.score(score, fakes), band: self.band(score) }
    }

    /// The score of samples in data units; of more than it takes, the first.
    pub fn score(&self, score: Score, fakes: &[f32]) -> f64 {
        self.against(score, fakes, REFERENCE_SEED)
    }

    /// Mean ± 2 standard deviations of what pairs of real samples of the same number score: within this, nothing can be said.
    pub fn band(&self, score: Score) -> [f64; 2] {
        *self.bands[score as usize].get_or_init(|| self.fresh_band(score))
    }

    fn fresh_band(&self, score: Score) -> [f64; 2] {
        let of_pair = |pair: u64| self.against(score, &self.reals(score, 1 + 2 * pair), 2 + 2 * pair);
        band(&(0..BAND_PAIRS).map(of_pair).collect::<Vec<f64>>())
    }

    fn against(&self, score: Score, fakes: &[f32], seed: u64) -> f64 {
        let dim = self.density.dim();
        let fakes = &fakes[..fakes.len().min(dim * score.samples(dim))];
        if matches!(score, Score::Js | Score::Kl | Score::ReverseKl | Score::Tv) {
            return self.divergence(score, fakes);
        }
        let (a, b) = (self.standard(&self.reals(score, seed)), self.standard(fakes));
        let a = &a[..a.len().min(b.len())];
        let near = |of: fn(Neighbours) -> f64| of(neighbours(a, &b));
        let scale = f64::from(self.frame.scale);
        match score {
            Score::W1 if dim == 1 => scale * wasserstein_line(first(a), first(&b)),
            Score::W1 => scale * wasserstein_plane(a, &b),
            Score::SlicedW1 => scale * sliced_wasserstein(a, &b, dim),
            Score::Mmd2 => mmd_squared(a, &b),
            Score::Precision => near(|n| n.precision),
            Score::Recall => near(|n| n.recall),
            Score::Density => near(|n| n.density),
            Score::Coverage => near(|n| n.coverage),
            Score::Js | Score::Kl | Score::ReverseKl | Score::Tv => unreachable!("divergences need no reals"),
        }
    }

    fn divergence(&self, score: Score, fakes: &[f32]) -> f64 {
        let cells = self.cells.get_or_init(|| Cells::of(&self.density, self.square));
        let (p, q) = (&cells.p, cells.shares(fakes));
        let count = fakes.len() / self.density.dim();
        match score {
            Score::Js => jensen_shannon(p, &q),
            Score::Tv => total_variation(p, &q),
            Score::Kl => kullback_leibler(&smoothed(p, count), &smoothed(&q, count)),
            _ => kullback_leibler(&smoothed(&q, count), &smoothed(p, count)),
        }
    }

    fn reals(&self, score: Score, seed: u64) -> Vec<f32> {
        self.density.sample(score.samples(self.density.dim()), &mut Stream::new(seed, Purpose::Reference)).0
    }

    /// Samples as points of the plane in network units, tamed.
    fn standard(&self, samples: &[f32]) -> Vec<[f64; 2]> {
        let dim = self.density.dim();
        let mut samples = samples.to_vec();
        self.frame.to_network(&mut samples, dim);
        let tame = |x: f32| if x.is_finite() { f64::from(x).clamp(-FARTHEST, FARTHEST) } else { FARTHEST };
        samples.chunks_exact(dim).map(|sample| [tame(sample[0]), sample.get(1).map_or(0.0, |&y| tame(y))]).collect()
    }
}

fn first(points: &[[f64; 2]]) -> Vec<f64> {
    points.iter().map(|point| point[0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a spot among the data scores as well as the data do.
    fn of_one_piece(score: Score) -> bool {
        matches!(score, Score::Precision | Score::Density)
    }

    #[test]
    fn the_data_themselves_score_near_the_band_and_a_spot_far_from_it() {
        for kind in [DataKind::Ring8, DataKind::Line, DataKind::Checkerboard, DataKind::Bimodal1d] {
            let density = kind.density(&[]).expect("a toy");
            let dim = density.dim();
            let yardstick = Yardstick::new(kind, density.clone());
            let spot: Vec<f32> = density.sample(1, &mut Stream::new(9, Purpose::Evaluation)).0.repeat(2_500);
            for score in Score::ALL {
                let (reals, _) = density.sample(score.samples(dim), &mut Stream::new(9, Purpose::Evaluation));
                let [low, high] = yardstick.band(score);
                let (own, room) = (yardstick.score(score, &reals), high - low);
                assert!(own >= low - room && own <= high + room, "{kind:?} {score:?}: {own} of {low}..{high}");
                let of_spot = yardstick.score(score, &spot);
                assert!(
                    of_one_piece(score) || of_spot < low - room || of_spot > high + room,
                    "{kind:?} {score:?}: {of_spot} of {low}..{high}"
                );
            }
        }
    }

    #[test]
    fn samples_anywhere_give_numbers() {
        let yardstick = Yardstick::new(DataKind::Ring8, DataKind::Ring8.density(&[]).expect("a toy"));
        let wild = [f32::NAN, 0.0, f32::INFINITY, f32::NEG_INFINITY, 1e38, -1e38, 0.5, 0.5].repeat(4);
        for score in Score::ALL {
            assert!(yardstick.score(score, &wild).is_finite(), "{score:?}");
            assert!(yardstick.score(score, &[]).is_finite(), "{score:?} of nothing");
        }
    }

    #[test]
    fn names_are_those_of_the_files() {
        for score in Score::ALL {
            assert_eq!(serde_json::to_value(score).expect("a name"), score.name());
        }
    }
}
