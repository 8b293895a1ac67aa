//! ADA's controller (Karras 2020): p follows how sure D is of its reals.

use serde::{Deserialize, Serialize};

use super::AugmentConfig;

/// Minibatches of D after which p is moved.
const INTERVAL: u64 = 4;

/// p, and what was heard since it last moved.
///
/// Every 4 minibatches of D: r = E sign D(x), p ← p + sign(r − target) · images / (1000 · ramp), with the images that D saw in them, held within 0 … 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Controller {
    p: f64,
    /// Sum of the signs that were heard, and their number.
    signs: f64,
    heard: u64,
    /// Minibatches of D since p moved, and their images.
    minibatches: u64,
    images: u64,
}

impl Controller {
    /// The probability of each change.
    pub fn p(&self) -> f64 {
        self.p
    }

    /// Hears of a step: E sign D(x) of its last minibatch, how many minibatches D had, and how many images were in them.
    pub fn hear(&mut self, sign: f64, minibatches: u64, images: u64, config: &AugmentConfig) {
        self.signs += sign;
        self.heard += 1;
        self.minibatches += minibatches;
        self.images += images;
        if self.minibatches >= INTERVAL {
            let excess = self.signs / self.heard as f64 - config.target;
            let direction = if excess == 0.0 { 0.0 } else { excess.signum() };
            let p = self.p + direction * self.images as f64 / (1000.0 * config.ramp);
            *self = Self { p: p.clamp(0.0, 1.0), ..Self::default() };
        }
    }

    /// Steps until p moves, at so many minibatches a step.
    pub fn steps_left(&self, minibatches: u64) -> u64 {
        INTERVAL.saturating_sub(self.minibatches).div_ceil(minibatches).max(1)
    }

    /// Whether its numbers are ones that a run can come to.
    pub(super) fn is_whole(&self) -> bool {
        (0.0..=1.0).contains(&self.p)
            && self.signs.abs() <= self.heard as f64
            && self.heard <= self.minibatches
            && self.minibatches < INTERVAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_moves_every_four_minibatches_by_their_images_over_the_ramp() {
        let config = AugmentConfig { target: 0.6, ramp: 500.0, ..AugmentConfig::default() };
        let mut controller = Controller::default();
        for step in 1..=8 {
            assert_eq!(controller.steps_left(1), 4 - (step - 1) % 4);
            controller.hear(0.75, 1, 64, &config);
            let expected = [0.0, 256.0 / 500_000.0, 512.0 / 500_000.0][step as usize / 4];
            assert!((controller.p() - expected).abs() < 1e-15, "{step}: {}", controller.p());
        }
        // The mean counts: three sure minibatches and one that is not.
        for sign in [0.9, 0.9, 0.9, -0.5] {
            controller.hear(sign, 1, 64, &config);
        }
        assert!((controller.p() - 256.0 / 500_000.0).abs() < 1e-15);
    }

    #[test]
    fn p_goes_from_0_to_1_in_the_ramp_and_stays_within() {
        let config = AugmentConfig { ramp: 10.0, ..AugmentConfig::default() };
        let mut controller = Controller::default();
        // Of 400 images each, .04 of the ramp.
        let mut after = |sign: f64, moves: u64| {
            (0..4 * moves).for_each(|_| controller.hear(sign, 1, 100, &config));
            controller.p()
        };
        assert_eq!(after(-1.0, 3), 0.0);
        assert!((after(1.0, 10) - 0.4).abs() < 1e-12);
        assert_eq!(after(1.0, 20), 1.0);
        assert!((after(-1.0, 10) - 0.6).abs() < 1e-12);
        assert_eq!(after(-1.0, 20), 0.0);
    }

    #[test]
    fn steps_with_several_minibatches_of_d_count_as_many() {
        let config = AugmentConfig::default();
        let mut controller = Controller::default();
        assert_eq!((controller.steps_left(5), controller.steps_left(3)), (1, 2));
        controller.hear(1.0, 3, 192, &config);
        assert_eq!((controller.p(), controller.steps_left(3)), (0.0, 1));
        controller.hear(1.0, 3, 192, &config);
        assert!((controller.p() - 384.0 / 500_000.0).abs() < 1e-15);
    }
}
