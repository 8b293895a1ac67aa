//! The two standard toys of the mode-collapse literature (VEEGAN 2017, PacGAN 2018).

use super::GaussianMixture;

/// 8 Gaussians on the unit circle, σ .01.
pub fn ring8() -> GaussianMixture {
    let at = |k: usize| {
        let turn = std::f64::consts::TAU * k as f64 / 8.0;
        [libm::cos(turn), libm::sin(turn)]
    };
    GaussianMixture { modes: (0..8).map(at).collect(), sigma: 0.01 }
}

/// 25 Gaussians on {−4, −2, 0, 2, 4}², σ .05.
pub fn grid25() -> GaussianMixture {
    let at = |k: i32| [f64::from(k % 5 - 2) * 2.0, f64::from(k / 5 - 2) * 2.0];
    GaussianMixture { modes: (0..25).map(at).collect(), sigma: 0.05 }
}
