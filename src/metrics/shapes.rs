//! Mode coverage of drawn figures, counted as that of the toys of the plane.

use rayon::prelude::*;

use super::modes::ModeMetrics;
use crate::data::shapes::{MODES, Templates};

/// An image is of high quality within this root mean square difference, of pixels in −1..1, of its nearest template. Every drawn image is; a black one is not.
const FARTHEST: f32 = 0.2;
/// Larger images are compared at half their side, or a quarter …, each pixel a mean: the 720 templates would take gigabytes.
const LARGEST: usize = 64;

/// Counts the modes of grey images `[n, side, side]` in −1..1, some after others: `hq` is the share that looks like a figure of some mode, `modes` how many of the 80 have one,
/// `rkl` = Σ hₖ log 80·hₖ of those images' histogram h.
#[derive(Debug)]
pub struct ShapeModes {
    side: usize,
    templates: Templates,
    seen: Vec<Option<usize>>,
}

impl ShapeModes {
    /// Of images with `side` pixels along each side.
    pub fn new(side: usize) -> Self {
        let mut compared = side;
        while compared > LARGEST {
            compared /= 2;
        }
        Self { side, templates: Templates::new(compared), seen: Vec::new() }
    }

    /// Sees some images.
    pub fn see(&mut self, images: &[f32]) {
        let mode = |image: &[f32]| {
            let (mut image, mut side) = (image.to_vec(), self.side);
            while side > LARGEST {
                (image, side) = (halved(&image, side), side / 2);
            }
            Some(self.templates.nearest(&image)).filter(|nearest| nearest.distance <= FARTHEST).map(|nearest| nearest.mode)
        };
        let seen: Vec<_> = images.par_chunks_exact(self.side * self.side).map(mode).collect();
        self.seen.extend(seen);
    }

    /// What was found in all of them.
    pub fn found(self) -> ModeMetrics {
        ModeMetrics::of(self.seen.into_iter(), vec![1.0 / MODES as f64; MODES])
    }
}

/// Each pixel the mean of four; of an odd side the last row and column are left out.
fn halved(image: &[f32], side: usize) -> Vec<f32> {
    let half = side / 2;
    let sum = |y: usize, x: usize| image[y * side + x] + image[y * side + x + 1];
    let mean = |i: usize| {
        let (y, x) = (i / half * 2, i % half * 2);
        (sum(y, x) + sum(y + 1, x)) / 4.0
    };
    (0..half * half).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::shapes::Factors;

    fn found(images: &[f32], side: usize) -> ModeMetrics {
        let mut modes = ShapeModes::new(side);
        images.chunks(7 * side * side).for_each(|images| modes.see(images));
        modes.found()
    }

    fn drawn(side: usize, numbers: impl Iterator<Item = usize>) -> Vec<f32> {
        let pixels = |index| Factors::of(5, index).draw(side).into_iter().map(|byte| f32::from(byte) / 127.5 - 1.0).collect::<Vec<_>>();
        numbers.flat_map(pixels).collect()
    }

    #[test]
    fn the_data_themselves_have_all_modes_and_nothing_else() {
        for side in [16, 28, 64, 99, 128] {
            let found = found(&drawn(side, 0..800), side);
            assert_eq!((found.modes, found.hq, found.samples), (80, 1.0, 800), "{side}");
            // Of a perfect sampler (modes − 1) / (2 · samples) is expected.
            assert!(found.rkl.is_some_and(|rkl| rkl > 0.02 && rkl < 0.1), "{side}: {:?}", found.rkl);
        }
    }

    #[test]
    fn one_image_again_and_again_is_one_mode_and_a_black_or_grey_one_is_none() {
        let alike = found(&drawn(28, [3].into_iter().cycle().take(20)), 28);
        assert_eq!((alike.modes, alike.hq), (1, 1.0));
        assert!(alike.rkl.is_some_and(|rkl| (rkl - 80f64.ln()).abs() < 1e-12));
        for level in [-1.0, 0.0, f32::NAN] {
            let empty = found(&[level; 28 * 28], 28);
            assert_eq!((empty.modes, empty.hq, empty.rkl), (0, 0.0, None), "{level}");
        }
    }
}
