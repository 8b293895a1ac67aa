//! Fréchet distance between features taken as normal distributions: FID (Heusel 2017), with the network that made the features in its name.

use burn::tensor::Tensor;
use nalgebra::DMatrix;
use rayon::prelude::*;

use super::rows::{Rows, dot};
use crate::device::{exact_rows, read_exact};
use crate::error::{Error, Result};

/// Rows that are centred at a time, to bound memory.
const BLOCK: usize = 1_000;

/// Mean and covariance of features.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// μ, one number a feature.
    pub mean: Vec<f64>,
    /// Σ, row after row, `[width, width]`: Σ (x − μ)(x − μ)ᵀ / (n − 1), as numpy's `cov`.
    pub covariance: Vec<f64>,
}

impl Statistics {
    /// Of at least two rows; fewer have no covariance.
    pub async fn of(features: &Rows) -> Result<Self> {
        let (count, width) = (features.len(), features.width());
        if count < 2 {
            return Err(Error::Unready(format!("a covariance needs at least 2 images; there is {count}")));
        }
        let mut mean = vec![0.0; width];
        for row in features.iter() {
            mean.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
        mean.iter_mut().for_each(|sum| *sum /= count as f64);
        let list = features.list();
        let products = list.chunks(BLOCK).map(|block| {
            let centred = block.iter().flat_map(|row| row.iter().zip(&mean).map(|(x, mean)| x - mean)).collect();
            let centred = exact_rows(centred, width);
            centred.clone().transpose().matmul(centred)
        });
        let sums: Tensor<2> = products.reduce(|sums, block| sums + block).expect("there are rows");
        let covariance = read_exact(sums / (count - 1) as f64).await?;
        Ok(Self { mean, covariance })
    }

    /// ‖μ₁ − μ₂‖² + Tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½).
    ///
    /// With any factors Σ = L Lᵀ, Tr (Σ₁Σ₂)^½ is the sum of the singular values of L₁ᵀL₂: no root of a matrix that has none, and no complex numbers to be dropped, also
    /// where there are fewer images than features. There the factors are narrow, and all is faster. pytorch-fid's `sqrtm` of Σ₁Σ₂ has the same trace.
    pub async fn distance(&self, other: &Self) -> Result<f64> {
        let width = self.mean.len();
        if other.mean.len() != width {
            return Err(Error::Unready(format!("features of {width} numbers cannot be compared with features of {}", other.mean.len())));
        }
        if !self.covariance.iter().chain(&other.covariance).all(|x| x.is_finite()) {
            return Err(Error::Unready("the features' covariance holds numbers that are not finite; are all features finite?".into()));
        }
        let between: f64 = self.mean.iter().zip(&other.mean).map(|(a, b)| (a - b) * (a - b)).sum();
        let trace = |covariance: &[f64]| covariance.iter().step_by(width + 1).sum::<f64>();
        let roots = match (factor(&self.covariance, width), factor(&other.covariance, width)) {
            (Some(own), Some(other)) => singular_values(own, other).await?.iter().sum(),
            _ => 0.0, // one of the two does not vary at all
        };
        Ok(between + trace(&self.covariance) + trace(&other.covariance) - 2.0 * roots)
    }
}

/// L `[width, rank]` with Σ = L Lᵀ by Cholesky's method, the largest of what is left next, up to rounding; none of a Σ that is 0.
///
/// A root by eigenvectors is symmetric, too, and takes five times as long.
fn factor(covariance: &[f64], width: usize) -> Option<Tensor<2>> {
    let mut left: Vec<f64> = covariance.iter().step_by(width + 1).copied().collect();
    let least = left.iter().copied().fold(0.0, f64::max) * width as f64 * f64::EPSILON;
    let mut rows: Vec<(bool, Vec<f64>)> = vec![(true, Vec::new()); width];
    let mut rank = 0;
    while let Some(pivot) = (0..width).filter(|&row| rows[row].0 && left[row] > least).max_by(|&a, &b| left[a].total_cmp(&left[b])) {
        let root = left[pivot].sqrt();
        let own = std::mem::take(&mut rows[pivot].1);
        let column = &covariance[pivot * width..(pivot + 1) * width]; // symmetric: a row is a column
        rows[pivot].0 = false;
        let open = rows.par_iter_mut().zip(&mut left).zip(column).filter(|(((open, _), _), _)| *open);
        open.for_each(|(((_, row), left), covariance)| {
            let entry = (covariance - dot(row, &own)) / root;
            row.push(entry);
            *left -= entry * entry;
        });
        rows[pivot].1 = own;
        rows[pivot].1.push(root);
        rank += 1;
    }
    rows.iter_mut().for_each(|(_, row)| row.resize(rank, 0.0));
    (rank > 0).then(|| exact_rows(rows.into_iter().flat_map(|(_, row)| row).collect(), rank))
}

/// Those of AᵀB, as roots of the eigenvalues of whichever of its two squares is smaller.
async fn singular_values(a: Tensor<2>, b: Tensor<2>) -> Result<Vec<f64>> {
    let product = a.transpose().matmul(b);
    let [high, wide] = product.dims();
    let product = if high <= wide { product } else { product.transpose() };
    let square = read_exact(product.clone().matmul(product.transpose())).await?;
    let rank = high.min(wide);
    let values = DMatrix::from_vec(rank, rank, square).symmetric_eigenvalues(); // symmetric: rows are columns
    Ok(values.iter().map(|value| value.max(0.0).sqrt()).collect()) // rounding may leave some a little below 0
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::rng::{Purpose, Stream};

    fn normal(seed: u64, count: usize, scale: [f64; 3], shift: f64) -> Rows {
        let mut stream = Stream::new(seed, Purpose::Evaluation);
        Rows::new((0..count).flat_map(|_| scale.map(|scale| scale * stream.normal() + shift)).collect(), 3)
    }

    #[test]
    fn normal_distributions_are_as_far_apart_as_their_means_and_deviations() {
        let of = |seed, scale, shift| block_on(Statistics::of(&normal(seed, 200_000, scale, shift))).unwrap();
        let found = block_on(of(1, [1.0, 2.0, 3.0], 0.0).distance(&of(2, [2.0, 2.0, 1.0], 2.0))).unwrap();
        // Independent coordinates: Σ (μ₁ − μ₂)² + (σ₁ − σ₂)².
        assert!((found - (12.0 + 1.0 + 0.0 + 4.0)).abs() < 0.1, "{found}");
    }

    #[test]
    fn a_set_is_at_no_distance_from_itself_also_with_fewer_images_than_features() {
        for count in [2, 3, 500] {
            let own = block_on(Statistics::of(&normal(3, count, [1.0; 3], 1.0))).unwrap();
            assert!(block_on(own.distance(&own)).unwrap().abs() < 1e-7, "{count}");
        }
    }

    #[test]
    fn too_few_images_and_features_of_another_width_are_refused() {
        assert!(block_on(Statistics::of(&normal(1, 1, [1.0; 3], 0.0))).unwrap_err().to_string().contains("at least 2"));
        let narrow = block_on(Statistics::of(&Rows::new(vec![1.0, 2.0], 1))).unwrap();
        assert!(block_on(narrow.distance(&block_on(Statistics::of(&normal(1, 9, [1.0; 3], 0.0))).unwrap())).is_err());
    }

    #[test]
    fn features_that_never_vary_are_as_far_apart_as_their_means_and_what_is_not_finite_is_refused() {
        let same = |x: f64| block_on(Statistics::of(&Rows::new(vec![x; 6], 3))).unwrap();
        assert_eq!(block_on(same(1.0).distance(&same(3.0))), Ok(12.0));
        let broken = Statistics { covariance: vec![f64::NAN; 9], ..same(1.0) };
        assert!(block_on(broken.distance(&same(1.0))).unwrap_err().to_string().contains("not finite"));
    }
}
