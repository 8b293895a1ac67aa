//! Precision and recall, density and coverage, by nearest neighbours.

use rayon::prelude::*;

use super::sums::sum_pairs;

/// Neighbours that make a ball for precision and recall (Kynkäänniemi 2019), and for density and coverage (Naeem 2020).
const K_PRECISION: usize = 3;
const K_DENSITY: usize = 5;

/// The four together.
#[derive(Debug, Clone, Copy, PartialEq)]
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

/// Measures fakes against reals, points or features of any width. A point's ball reaches to its k-th neighbour of its own kind and holds its edge.
pub fn neighbours<P: AsRef<[f64]> + Sync>(reals: &[P], fakes: &[P]) -> Neighbours {
    let (of_reals, of_fakes) = (radii(reals), radii(fakes));
    // What each real sees of the fakes; then which fakes some real sees: apart, so that memory does not grow with the pairs.
    let seen: Vec<(bool, usize)> = reals
        .par_iter()
        .zip(&of_reals)
        .map(|(real, &[_, far])| {
            let squares: Vec<f64> = fakes.iter().map(|fake| square(fake.as_ref(), real.as_ref())).collect();
            let recalled = squares.iter().zip(&of_fakes).any(|(square, [near, _])| square <= near);
            (recalled, squares.iter().filter(|&&square| square <= far).count())
        })
        .collect();
    let is_inside = |fake: &&P| reals.iter().zip(&of_reals).any(|(real, &[near, _])| square(fake.as_ref(), real.as_ref()) <= near);
    let inside = fakes.par_iter().filter(is_inside).count();
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    Neighbours {
        precision: share(inside, fakes.len()),
        recall: share(seen.iter().filter(|(recalled, _)| *recalled).count(), reals.len()),
        density: share(seen.iter().map(|(_, held)| held).sum(), K_DENSITY * fakes.len()),
        coverage: share(seen.iter().filter(|(_, held)| *held > 0).count(), reals.len()),
    }
}

/// ‖a − b‖².
fn square(a: &[f64], b: &[f64]) -> f64 {
    sum_pairs(a, b, |a, b| (a - b) * (a - b))
}

/// The squared distances from each point to its k-th neighbour, for both k; 0 where there are not so many.
fn radii<P: AsRef<[f64]> + Sync>(points: &[P]) -> Vec<[f64; 2]> {
    let radius = |(i, point): (usize, &P)| {
        let others = points.iter().enumerate().filter(|&(j, _)| j != i);
        let mut squares: Vec<f64> = others.map(|(_, other)| square(point.as_ref(), other.as_ref())).collect();
        [K_PRECISION, K_DENSITY].map(|k| if squares.len() < k { 0.0 } else { *squares.select_nth_unstable_by(k - 1, f64::total_cmp).1 })
    };
    points.par_iter().enumerate().map(radius).collect()
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
