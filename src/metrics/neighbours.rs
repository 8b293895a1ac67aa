//! Precision and recall, density and coverage, by nearest neighbours.

use rayon::prelude::*;

use super::sums::sum_pairs;

/// Neighbours that make a ball for precision and recall (Kynkäänniemi 2019), and for density and coverage (Naeem 2020).
const K_PRECISION: usize = 3;
const K_DENSITY: usize = 5;

/// The four together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Neighbours {
    /// Share of the fakes inside some real's ball.
    pub precision: f64,
    /// Share of the reals inside some fake's ball.
    pub recall: f64,
    /// How many reals' balls hold a fake, on average, over k: about 1 for a perfect sampler, and no more than that is asked.
    pub density: f64,
    /// Share of the reals whose ball holds a fake.
    pub coverage: f64,
}

/// Measures fakes against reals, points of any width. A point's ball reaches to its k-th neighbour of its own kind and holds its edge.
pub fn neighbours<P: AsRef<[f64]> + Sync>(reals: &[P], fakes: &[P]) -> Neighbours {
    let (of_reals, of_fakes) = (radii(reals), radii(fakes));
    let squares = |real: &P| fakes.iter().map(|fake| square(fake.as_ref(), real.as_ref())).collect::<Vec<f64>>();
    let begin = || Encounters::nothing(fakes.len());
    let add = |seen: Encounters, (real, radii): (&P, &Radii)| seen.with(&squares(real), *radii, &of_fakes);
    reals.par_iter().zip(&of_reals).fold(begin, add).reduce(begin, Encounters::and).shares(reals.len())
}

/// The squared distances from a point to its k-th neighbour of its own kind, for both k.
pub type Radii = [f64; 2];

/// Those of one point among the squared distances to all of its kind, itself at `own`; 0 where there are not so many.
pub fn radii_among(mut squares: Vec<f64>, own: usize) -> Radii {
    squares.swap_remove(own);
    [K_PRECISION, K_DENSITY].map(|k| if squares.len() < k { 0.0 } else { *squares.select_nth_unstable_by(k - 1, f64::total_cmp).1 })
}

/// What some of the reals see of the fakes, so that memory does not grow with the pairs.
#[derive(Debug, Clone)]
pub struct Encounters {
    /// Which fakes lie in the ball of a real.
    inside: Vec<bool>,
    /// Reals in the ball of a fake.
    recalled: usize,
    /// Fakes in the balls of reals, and reals whose ball holds one.
    held: usize,
    covered: usize,
}

impl Encounters {
    /// By no real.
    pub fn nothing(fakes: usize) -> Self {
        Self { inside: vec![false; fakes], recalled: 0, held: 0, covered: 0 }
    }

    /// And by one more real, by its squared distances to all fakes.
    pub fn with(mut self, squares: &[f64], [near, far]: Radii, of_fakes: &[Radii]) -> Self {
        self.inside.iter_mut().zip(squares).for_each(|(inside, &square)| *inside |= square <= near);
        let held = squares.iter().filter(|&&square| square <= far).count();
        self.recalled += usize::from(squares.iter().zip(of_fakes).any(|(square, [near, _])| square <= near));
        (self.held, self.covered) = (self.held + held, self.covered + usize::from(held > 0));
        self
    }

    /// And by other reals.
    pub fn and(mut self, others: Self) -> Self {
        self.inside.iter_mut().zip(&others.inside).for_each(|(inside, other)| *inside |= other);
        let Self { recalled, held, covered, .. } = others;
        Self { inside: self.inside, recalled: self.recalled + recalled, held: self.held + held, covered: self.covered + covered }
    }

    /// The four figures, where all reals are in.
    pub fn shares(&self, reals: usize) -> Neighbours {
        let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
        Neighbours {
            precision: share(self.inside.iter().filter(|&&inside| inside).count(), self.inside.len()),
            recall: share(self.recalled, reals),
            density: share(self.held, K_DENSITY * self.inside.len()),
            coverage: share(self.covered, reals),
        }
    }
}

/// ‖a − b‖².
fn square(a: &[f64], b: &[f64]) -> f64 {
    sum_pairs(a, b, |a, b| (a - b) * (a - b))
}

fn radii<P: AsRef<[f64]> + Sync>(points: &[P]) -> Vec<Radii> {
    let squares = |point: &P| points.iter().map(|other| square(point.as_ref(), other.as_ref())).collect();
    points.par_iter().enumerate().map(|(own, point)| radii_among(squares(point), own)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::clouds;

    fn cloud(seed: u64) -> Vec<[f64; 2]> {
        clouds::cloud(seed, 500)
    }

    #[test]
    fn wide_points_score_like_the_same_points_in_the_plane() {
        // The plane turned into twenty dimensions: no distance changes.
        let spread = |[x, y]: &[f64; 2]| [[x / 2.0; 4].as_slice(), &[0.0; 7], &[y / 3.0; 9]].concat();
        let wide = |seed: u64| cloud(seed).iter().map(spread).collect::<Vec<_>>();
        assert_eq!(neighbours(&wide(1), &wide(2)), neighbours(&cloud(1), &cloud(2)));
    }

    #[test]
    fn a_set_against_itself_is_perfect() {
        let a = cloud(1);
        let Neighbours { precision, recall, coverage, .. } = neighbours(&a, &a);
        assert_eq!((precision, recall, coverage), (1.0, 1.0, 1.0));
    }

    #[test]
    fn two_samples_of_one_distribution_score_what_theory_expects() {
        let Neighbours { precision, recall, density, coverage } = neighbours(&cloud(1), &cloud(2));
        // Naeem 2020: E density = 1, E coverage = 1 − 2⁻ᵏ for large samples.
        assert!((density - 1.0).abs() < 0.1, "{density}");
        assert!((coverage - (1.0 - 0.5f64.powi(5))).abs() < 0.03, "{coverage}");
        assert!(precision > 0.9 && recall > 0.9, "{precision} {recall}");
    }

    #[test]
    fn a_spot_inside_is_precise_without_recall_and_one_outside_is_neither() {
        let spot = neighbours(&cloud(1), &[[0.0, 0.0]; 500]);
        assert!(spot.precision == 1.0 && spot.recall == 0.0 && spot.coverage < 0.05, "{spot:?}");
        let far = neighbours(&cloud(1), &[[50.0, 0.0]; 500]);
        assert_eq!((far.precision, far.recall, far.density, far.coverage), (0.0, 0.0, 0.0, 0.0));
    }
}
