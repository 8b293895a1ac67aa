//! Precision and recall, density and coverage, by nearest neighbours.

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

/// Measures fakes against reals. A point's ball reaches to its k-th neighbour of its own kind and holds its edge.
pub fn neighbours(reals: &[[f64; 2]], fakes: &[[f64; 2]]) -> Neighbours {
    let (of_reals, of_fakes) = (radii(reals, K_PRECISION), radii(fakes, K_PRECISION));
    let wide = radii(reals, K_DENSITY);
    let inside = |points: &[[f64; 2]], centres: &[[f64; 2]], radii: &[f64]| {
        let held = |point: &&[f64; 2]| centres.iter().zip(radii).any(|(centre, radius)| square(**point, *centre) <= *radius);
        points.iter().filter(held).count() as f64 / points.len().max(1) as f64
    };
    let held: Vec<usize> =
        reals.iter().zip(&wide).map(|(real, radius)| fakes.iter().filter(|fake| square(**fake, *real) <= *radius).count()).collect();
    Neighbours {
        precision: inside(fakes, reals, &of_reals),
        recall: inside(reals, fakes, &of_fakes),
        density: held.iter().sum::<usize>() as f64 / (K_DENSITY * fakes.len()).max(1) as f64,
        coverage: held.iter().filter(|&&count| count > 0).count() as f64 / reals.len().max(1) as f64,
    }
}

fn square(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)
}

/// The squared distance from each point to its k-th neighbour.
fn radii(points: &[[f64; 2]], k: usize) -> Vec<f64> {
    let radius = |(i, point): (usize, &[f64; 2])| {
        let mut squares: Vec<f64> = points.iter().enumerate().filter(|&(j, _)| j != i).map(|(_, other)| square(*point, *other)).collect();
        if squares.len() < k { 0.0 } else { *squares.select_nth_unstable_by(k - 1, f64::total_cmp).1 }
    };
    points.iter().enumerate().map(radius).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::clouds;

    fn cloud(seed: u64) -> Vec<[f64; 2]> {
        clouds::cloud(seed, 500)
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
