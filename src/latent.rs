//! Latents: drawing them and walking between them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::rng::{Purpose, Stream};

/// The distribution of each number of z; both have mean 0 and variance 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum LatentKind {
    /// N(0, 1).
    #[default]
    Normal,
    /// Uniform on −√3 to √3: has no tails, so the outermost modes are made from as large a part of it as the inner ones.
    Uniform,
}

impl LatentKind {
    /// The next `count` numbers.
    pub fn numbers(self, count: usize, stream: &mut Stream) -> Vec<f32> {
        let mut numbers = Vec::with_capacity(count);
        self.extend(&mut numbers, count, stream);
        numbers
    }

    /// The same, after what `numbers` already holds.
    pub fn extend(self, numbers: &mut Vec<f32>, count: usize, stream: &mut Stream) {
        let side = 12f64.sqrt();
        match self {
            Self::Normal => numbers.extend((0..count).map(|_| stream.normal() as f32)),
            Self::Uniform => numbers.extend((0..count).map(|_| (side * (stream.uniform() - 0.5)) as f32)),
        }
    }

    /// `count` latents of a seed to look at, row after row.
    pub fn draw(self, seed: u64, count: usize, latent_dim: usize) -> Vec<f32> {
        self.numbers(count * latent_dim, &mut Stream::new(seed, Purpose::Evaluation))
    }

    /// The number below which the share `u` of all lies, 0 < u < 1.
    fn quantile(self, u: f64) -> f64 {
        match self {
            Self::Uniform => 12f64.sqrt() * (u - 0.5),
            // Halving is slow and needs no formula to be trusted: some dozens of numbers are asked for.
            Self::Normal => {
                let (mut low, mut high) = (-40.0, 40.0);
                for _ in 0..64 {
                    let middle = f64::midpoint(low, high);
                    let below = libm::erfc(-middle / std::f64::consts::SQRT_2) / 2.0;
                    if below < u { low = middle } else { high = middle }
                }
                f64::midpoint(low, high)
            }
        }
    }

    /// A mesh of latents whose cells are equally likely: `nodes` along each of the first two numbers, the first running fastest; other numbers are 0. Along the only
    /// number where there is one.
    pub fn mesh(self, latent_dim: usize, nodes: usize) -> Vec<f32> {
        let along: Vec<f32> = (0..nodes).map(|i| self.quantile((i as f64 + 0.5) / nodes as f64) as f32).collect();
        let rows: &[f32] = if latent_dim > 1 { &along } else { &[0.0] };
        let mut latents = Vec::with_capacity(rows.len() * nodes * latent_dim);
        for &second in rows {
            for &first in &along {
                let numbers = [first, second].into_iter().chain(std::iter::repeat(0.0));
                latents.extend(numbers.take(latent_dim));
            }
        }
        latents
    }

    /// The point at `t` on the way between two latents: on the great circle for normal ones ([`slerp`]), straight for uniform ones.
    pub fn between(self, from: &[f32], to: &[f32], t: f32) -> Vec<f32> {
        match self {
            Self::Normal => slerp(from, to, t),
            Self::Uniform => from.iter().zip(to).map(|(a, b)| a + (b - a) * t).collect(),
        }
    }
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
    fn latents_of_either_kind_have_mean_0_and_variance_1_and_uniform_ones_a_bound() {
        for kind in [LatentKind::Normal, LatentKind::Uniform] {
            let z = kind.draw(1, 50_000, 2);
            let mean = z.iter().sum::<f32>() / 1e5;
            let variance = z.iter().map(|x| x * x).sum::<f32>() / 1e5;
            assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.02, "{kind:?}: {mean} {variance}");
            assert_eq!(z.iter().any(|x| x.abs() > 1.7321), kind == LatentKind::Normal);
        }
        assert_eq!(LatentKind::Uniform.between(&[1.0, 0.0], &[0.0, 1.0], 0.25), [0.75, 0.25]);
    }

    #[test]
    fn the_cells_of_a_mesh_are_equally_likely() {
        for kind in [LatentKind::Normal, LatentKind::Uniform] {
            let mesh = kind.mesh(3, 5);
            assert!(mesh.len() == 75 && mesh[6].abs() < 1e-6 && mesh[7] == mesh[1] && mesh[8] == 0.0, "{mesh:?}");
            let z = kind.draw(2, 100_000, 1);
            for pair in kind.mesh(1, 5).windows(2) {
                let share = z.iter().filter(|z| (pair[0]..pair[1]).contains(*z)).count() as f32 / 1e5;
                assert!((share - 0.2).abs() < 0.01, "{kind:?}: {share}");
            }
        }
    }

    #[test]
    fn parallel_opposite_and_zero_latents_give_numbers() {
        for (a, b) in [([1.0, 0.0], [2.0, 0.0]), ([1.0, 0.0], [-1.0, 0.0]), ([0.0, 0.0], [0.0, 0.0])] {
            assert!(slerp(&a, &b, 0.3).iter().all(|x| x.is_finite()));
        }
        assert_eq!(slerp(&[1.0, 0.0], &[2.0, 0.0], 0.5), [1.5, 0.0]);
    }
}
