//! Maximum mean discrepancy.

/// Bandwidths of the Gaussian kernel k(x, y) = mean exp(−‖x − y‖²/2s²), in units of the data's standard deviation.
const BANDWIDTHS: [f64; 5] = [0.1, 0.2, 0.5, 1.0, 2.0];

/// MMD² between samples (Gretton 2012), unbiased: it may fall below 0. Points in units of the data's standard deviation.
pub fn mmd_squared(a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
    within(a) + within(b) - 2.0 * across(a, b)
}

fn kernel(a: [f64; 2], b: [f64; 2]) -> f64 {
    let square = (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2);
    BANDWIDTHS.iter().map(|s| libm::exp(-square / (2.0 * s * s))).sum::<f64>() / BANDWIDTHS.len() as f64
}

/// The mean of k over pairs of different points.
fn within(points: &[[f64; 2]]) -> f64 {
    let pairs = points.iter().enumerate().flat_map(|(i, a)| points[..i].iter().map(move |b| (a, b)));
    let count = points.len() as f64;
    2.0 * pairs.map(|(a, b)| kernel(*a, *b)).sum::<f64>() / (count * (count - 1.0)).max(1.0)
}

fn across(a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
    let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
    pairs.map(|(a, b)| kernel(*a, *b)).sum::<f64>() / ((a.len() * b.len()) as f64).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::clouds::cloud;

    #[test]
    fn two_samples_of_one_distribution_are_near_zero_on_either_side_of_it() {
        let scores: Vec<f64> = (0..20).map(|seed| mmd_squared(&cloud(2 * seed, 200), &cloud(2 * seed + 1, 200))).collect();
        assert!(scores.iter().all(|score| score.abs() < 0.02), "{scores:?}");
        assert!(scores.iter().any(|&score| score < 0.0) && scores.iter().any(|&score| score > 0.0), "{scores:?}");
    }

    #[test]
    fn against_a_far_spot_it_is_the_sum_of_both_closenesses() {
        // Within the spot k = 1, across it is 0, within N(0, I) E k = mean s²/(s² + 2).
        let own = BANDWIDTHS.iter().map(|s| s * s / (s * s + 2.0)).sum::<f64>() / 5.0;
        let score = mmd_squared(&cloud(1, 1000), &[[100.0, 0.0]; 1000]);
        assert!((score - (1.0 + own)).abs() < 0.01, "{score} against {}", 1.0 + own);
    }
}
