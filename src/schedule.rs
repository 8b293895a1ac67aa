//! Schedules: hyperparameters as pure functions of the images seen.

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A value that moves from `start` to `end` on a half cosine over the first `kimg` thousand images and then stays.
///
/// v(t) = end + (start − end) · ½(1 + cos(π · min(t / kimg, 1)))
///
/// `kimg = 0` means `end` from the first image on. R3GAN (2024) moves γ, β₂ and the EMA half-life this way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, TS, Validate)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Value at the first image.
    #[garde(range(min = 0.0, max = 1e6))]
    pub start: f64,
    /// Value from `kimg` on.
    #[garde(range(min = 0.0, max = 1e6))]
    pub end: f64,
    /// Thousands of images over which the value moves; 0 holds `end` throughout.
    #[garde(range(min = 0.0, max = 1e9))]
    pub kimg: f64,
}

impl Schedule {
    /// The same value throughout.
    pub const fn constant(value: f64) -> Self {
        Self { start: value, end: value, kimg: 0.0 }
    }

    /// From `start` to `end` on a half cosine over `kimg` thousand images.
    pub const fn cosine(start: f64, end: f64, kimg: f64) -> Self {
        Self { start, end, kimg }
    }

    /// The value after `images` images.
    pub fn at(&self, images: u64) -> f64 {
        let seen_kimg = images as f64 / 1000.0;
        if self.start == self.end || seen_kimg >= self.kimg {
            return self.end;
        }
        let turn = std::f64::consts::PI * seen_kimg / self.kimg;
        self.end + (self.start - self.end) * 0.5 * (1.0 + libm::cos(turn))
    }

    /// The larger of the two ends.
    pub fn max(&self) -> f64 {
        self.start.max(self.end)
    }

    /// Whether the value is zero throughout.
    pub fn is_off(&self) -> bool {
        self.max() == 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cosine_schedule_starts_at_start_passes_the_middle_and_stays_at_end() {
        let gamma = Schedule::cosine(1.0, 0.1, 10.0);
        assert_eq!(gamma.at(0), 1.0);
        assert!((gamma.at(5_000) - 0.55).abs() < 1e-12);
        assert!((gamma.at(2_500) - (0.1 + 0.9 * 0.5 * (1.0 + (std::f64::consts::PI / 4.0).cos()))).abs() < 1e-12);
        assert_eq!(gamma.at(10_000), 0.1);
        assert_eq!(gamma.at(u64::MAX), 0.1);
    }

    #[test]
    fn a_schedule_over_no_images_holds_its_end() {
        assert_eq!(Schedule::cosine(1.0, 0.1, 0.0).at(0), 0.1);
        assert_eq!(Schedule::constant(0.3).at(7), 0.3);
    }
}
