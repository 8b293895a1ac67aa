//! Latents: drawing them and walking between them.

use crate::rng::{Purpose, Stream};

/// `count` standard normal latents of a seed, row after row.
pub fn draw(seed: u64, count: usize, latent_dim: usize) -> Vec<f32> {
    Stream::new(seed, Purpose::Evaluation).normals(count * latent_dim)
}

/// Spherical interpolation (Shoemake 1985; White 2016): the point at `t` on the great circle from `from` to `to`.
///
/// slerp(a, b; t) = sin((1−t)Ω)/sin Ω · a + sin(tΩ)/sin Ω · b, with Ω the angle between a and b. Normal latents live near a sphere, so the straight line between
/// two of them passes through norms that G never saw in training. Where a and b are parallel, opposite or zero the great circle is not defined and the
/// straight line is taken.
pub fn slerp(from: &[f32], to: &[f32], t: f32) -> Vec<f32> {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum::<f64>();
    let norms = (dot(from, from) * dot(to, to)).sqrt();
    let cosine = if norms > 0.0 { (dot(from, to) / norms).clamp(-1.0, 1.0) } else { 1.0 };
    let (omega, t) = (libm::acos(cosine), f64::from(t));
    let sine = libm::sin(omega);
    let (a, b) = if sine < 1e-6 { (1.0 - t, t) } else { (libm::sin((1.0 - t) * omega) / sine, libm::sin(t * omega) / sine) };
    from.iter().zip(to).map(|(&x, &y)| (a * f64::from(x) + b * f64::from(y)) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolation_begins_and_ends_at_its_ends_and_keeps_the_norm() {
        let (a, b) = (vec![3.0, 0.0, 0.0], vec![0.0, 0.0, 3.0]);
        assert_eq!(slerp(&a, &b, 0.0), a);
        assert_eq!(slerp(&a, &b, 1.0), b);
        let half = slerp(&a, &b, 0.5);
        let expected = 3.0 / 2f32.sqrt();
        assert!((half[0] - expected).abs() < 1e-6 && half[1] == 0.0 && (half[2] - expected).abs() < 1e-6, "{half:?}");
    }

    #[test]
    fn parallel_opposite_and_zero_latents_give_numbers() {
        for (a, b) in [([1.0, 0.0], [2.0, 0.0]), ([1.0, 0.0], [-1.0, 0.0]), ([0.0, 0.0], [0.0, 0.0])] {
            assert!(slerp(&a, &b, 0.3).iter().all(|x| x.is_finite()));
        }
        assert_eq!(slerp(&[1.0, 0.0], &[2.0, 0.0], 0.5), [1.5, 0.0]);
    }
}
