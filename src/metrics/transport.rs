//! Wasserstein distances between samples of equal number: the mean way of the cheapest transport.

use pathfinding::kuhn_munkres::kuhn_munkres_min;
use pathfinding::matrix::Matrix;

/// Directions of sliced W1.
const DIRECTIONS: usize = 64;
/// Distances become whole numbers of this part, since the assignment compares exactly.
const UNIT: f64 = 1e-9;

/// W1 in one dimension: both sorted, the mean distance of the i-th to the i-th.
pub fn wasserstein_line(mut a: Vec<f64>, mut b: Vec<f64>) -> f64 {
    a.sort_unstable_by(f64::total_cmp);
    b.sort_unstable_by(f64::total_cmp);
    a.iter().zip(&b).map(|(a, b)| (a - b).abs()).sum::<f64>() / a.len().max(1) as f64
}

/// W1 in the plane: the mean distance under the best assignment of one sample's points to the other's (Hungarian method, cubic in their number).
pub fn wasserstein_plane(a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
    let count = a.len().min(b.len());
    if count == 0 {
        return 0.0;
    }
    let cost = |(i, j): (usize, usize)| ((a[i][0] - b[j][0]).hypot(a[i][1] - b[j][1]) / UNIT) as i64;
    let (total, _) = kuhn_munkres_min(&Matrix::from_fn(count, count, cost));
    total as f64 * UNIT / count as f64
}

/// The mean over 64 directions of W1 along each (Bonneel 2015). On the line it is W1 itself.
pub fn sliced_wasserstein(a: &[[f64; 2]], b: &[[f64; 2]], dim: usize) -> f64 {
    let directions = if dim == 1 { 1 } else { DIRECTIONS };
    let along = |k: usize| {
        let angle = std::f64::consts::PI * k as f64 / directions as f64;
        let (x, y) = (libm::cos(angle), libm::sin(angle));
        let onto = |points: &[[f64; 2]]| points.iter().map(|point| x * point[0] + y * point[1]).collect();
        wasserstein_line(onto(a), onto(b))
    };
    (0..directions).map(along).sum::<f64>() / directions as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::clouds::cloud;

    #[test]
    fn a_set_against_itself_in_any_order_is_zero() {
        let a = cloud(1, 60);
        let reversed: Vec<_> = a.iter().rev().copied().collect();
        assert_eq!(wasserstein_plane(&a, &reversed), 0.0);
        assert!(sliced_wasserstein(&a, &reversed, 2) < 1e-12);
        assert_eq!(wasserstein_line(vec![3.0, 1.0, 2.0], vec![1.0, 2.0, 3.0]), 0.0);
    }

    #[test]
    fn a_shifted_set_is_as_far_as_the_shift() {
        let a = cloud(1, 60);
        let b: Vec<_> = a.iter().map(|[x, y]| [x + 3.0, y - 4.0]).collect();
        assert!((wasserstein_plane(&a, &b) - 5.0).abs() < 1e-6);
        // The mean of |cos| over all directions is 2/π.
        assert!((sliced_wasserstein(&a, &b, 2) - 5.0 * std::f64::consts::FRAC_2_PI).abs() < 1e-2);
        assert_eq!(sliced_wasserstein(&[[1.0, 0.0]], &[[3.5, 0.0]], 1), 2.5);
    }

    #[test]
    fn the_assignment_is_the_cheapest_of_all() {
        let (a, b) = (cloud(1, 6), cloud(2, 6));
        let mut best = f64::INFINITY;
        let mut order: Vec<usize> = (0..6).collect();
        permutations(&mut order, 0, &mut |order| {
            let cost = order.iter().enumerate().map(|(i, &j)| (a[i][0] - b[j][0]).hypot(a[i][1] - b[j][1])).sum::<f64>() / 6.0;
            best = best.min(cost);
        });
        assert!((wasserstein_plane(&a, &b) - best).abs() < 1e-8);
    }

    fn permutations(order: &mut Vec<usize>, from: usize, visit: &mut impl FnMut(&[usize])) {
        if from == order.len() {
            return visit(order);
        }
        for i in from..order.len() {
            order.swap(from, i);
            permutations(order, from + 1, visit);
            order.swap(from, i);
        }
    }

    #[test]
    fn a_collapsed_set_is_as_far_as_the_mean_distance_to_its_point() {
        let a = cloud(3, 80);
        let mean = a.iter().map(|[x, y]| (x - 1.0).hypot(*y)).sum::<f64>() / 80.0;
        assert!((wasserstein_plane(&a, &[[1.0, 0.0]; 80]) - mean).abs() < 1e-6);
    }
}
