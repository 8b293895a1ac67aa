//! Fréchet distance between features taken as normal distributions: FID (Heusel 2017), with the network that made the features in its name.

use nalgebra::{DMatrix, SymmetricEigen};

use super::rows::Rows;
use crate::error::{Error, Result};

/// Rows that are centred at a time, to bound memory.
const BLOCK: usize = 1_000;
/// Far more than any matrix takes.
const ITERATIONS: usize = 1_000_000;

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
    pub fn of(features: &Rows) -> Result<Self> {
        let (count, width) = (features.len(), features.width());
        if count < 2 {
            return Err(Error::Unready(format!("a covariance needs at least 2 images; there is {count}")));
        }
        let mut mean = vec![0.0; width];
        for row in features.iter() {
            mean.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
        mean.iter_mut().for_each(|sum| *sum /= count as f64);
        let mut sums = DMatrix::zeros(width, width);
        for block in features.list().chunks(BLOCK) {
            let centred = block.iter().flat_map(|row| row.iter().zip(&mean).map(|(x, mean)| x - mean));
            let centred = DMatrix::from_row_iterator(block.len(), width, centred);
            sums += centred.tr_mul(&centred);
        }
        let covariance = (sums / (count - 1) as f64).as_slice().to_vec(); // symmetric: rows are columns
        Ok(Self { mean, covariance })
    }

    /// ‖μ₁ − μ₂‖² + Tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½).
    ///
    /// Tr (Σ₁Σ₂)^½ is the sum of the roots of the eigenvalues of Σ₁^½ Σ₂ Σ₁^½, which has those of Σ₁Σ₂ and is symmetric: no root of a matrix that is none, and no
    /// complex numbers to be dropped, also where there are fewer images than features. pytorch-fid's `sqrtm` of Σ₁Σ₂ has the same trace.
    pub fn distance(&self, other: &Self) -> Result<f64> {
        let width = self.mean.len();
        if other.mean.len() != width {
            return Err(Error::Unready(format!("features of {width} numbers cannot be compared with features of {}", other.mean.len())));
        }
        let between: f64 = self.mean.iter().zip(&other.mean).map(|(a, b)| (a - b) * (a - b)).sum();
        let trace = |covariance: &[f64]| covariance.iter().step_by(width + 1).sum::<f64>();
        let matrix = |covariance: &[f64]| DMatrix::from_row_slice(width, width, covariance);
        let root = root(matrix(&self.covariance))?;
        let values = eigen(&root * matrix(&other.covariance) * &root)?.eigenvalues;
        let roots: f64 = values.iter().map(|value| value.max(0.0).sqrt()).sum();
        Ok(between + trace(&self.covariance) + trace(&other.covariance) - 2.0 * roots)
    }
}

/// Σ^½ = V Λ^½ Vᵀ; rounding may leave eigenvalues a little below 0.
fn root(covariance: DMatrix<f64>) -> Result<DMatrix<f64>> {
    let SymmetricEigen { eigenvectors, eigenvalues } = eigen(covariance)?;
    let scaled = &eigenvectors * DMatrix::from_diagonal(&eigenvalues.map(|value| value.max(0.0).sqrt()));
    Ok(scaled * eigenvectors.transpose())
}

fn eigen(matrix: DMatrix<f64>) -> Result<SymmetricEigen<f64, nalgebra::Dyn>> {
    let finite = matrix.iter().all(|x| x.is_finite()); // of others there are none, and the search would not end
    let found = finite.then(|| SymmetricEigen::try_new(matrix, f64::EPSILON, ITERATIONS)).flatten();
    found.ok_or_else(|| Error::Unready("the eigenvalues of the features' covariance were not found; are all features finite?".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    fn normal(seed: u64, count: usize, scale: [f64; 3], shift: f64) -> Rows {
        let mut stream = Stream::new(seed, Purpose::Evaluation);
        Rows::new((0..count).flat_map(|_| scale.map(|scale| scale * stream.normal() + shift)).collect(), 3)
    }

    #[test]
    fn normal_distributions_are_as_far_apart_as_their_means_and_deviations() {
        let of = |seed, scale, shift| Statistics::of(&normal(seed, 200_000, scale, shift)).unwrap();
        let found = of(1, [1.0, 2.0, 3.0], 0.0).distance(&of(2, [2.0, 2.0, 1.0], 2.0)).unwrap();
        // Independent coordinates: Σ (μ₁ − μ₂)² + (σ₁ − σ₂)².
        assert!((found - (12.0 + 1.0 + 0.0 + 4.0)).abs() < 0.1, "{found}");
    }

    #[test]
    fn a_set_is_at_no_distance_from_itself_also_with_fewer_images_than_features() {
        for count in [2, 3, 500] {
            let own = Statistics::of(&normal(3, count, [1.0; 3], 1.0)).unwrap();
            assert!(own.distance(&own).unwrap().abs() < 1e-7, "{count}");
        }
    }

    #[test]
    fn too_few_images_and_features_of_another_width_are_refused() {
        assert!(Statistics::of(&normal(1, 1, [1.0; 3], 0.0)).unwrap_err().to_string().contains("at least 2"));
        let narrow = Statistics::of(&Rows::new(vec![1.0, 2.0], 1)).unwrap();
        assert!(narrow.distance(&Statistics::of(&normal(1, 9, [1.0; 3], 0.0)).unwrap()).is_err());
    }
}
