//! Sums that several measures share.

/// Σ term(aᵢ, bᵢ) in eight sums side by side, which become vector instructions; the order is fixed.
pub fn sum_pairs(a: &[f64], b: &[f64], term: impl Fn(f64, f64) -> f64) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (&a, &b))| *sum += term(a, b));
    }
    sums.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(&a, &b)| term(a, b)).sum::<f64>()
}

/// A noise band: mean ± 2 standard deviations, unbiased, of what pairs of real samples score.
pub fn band(scores: &[f64]) -> [f64; 2] {
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    let deviation = (scores.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (scores.len() - 1) as f64).sqrt();
    [mean - 2.0 * deviation, mean + 2.0 * deviation]
}
