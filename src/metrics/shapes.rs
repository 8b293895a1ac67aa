//! Mode coverage of drawn figures, counted as that of the toys of the plane.

use rayon::prelude::*;

use super::modes::ModeMetrics;
use crate::data::shapes::{MODES, Templates};

/// An image is of high quality within this root mean square difference, of pixels in −1..1, of its nearest template. Every drawn image is; a black one is not.
const FARTHEST: f32 = 0.2;
/// Larger images are compared at half their side, or a quarter …: the 720 templates would take gigabytes.
const LARGEST: usize = 64;

/// Measures grey images `[n, side, side]` in −1..1: `hq` is the share that looks like a figure of some mode, `modes` how many of the 80 have one, `rkl` = Σ hₖ log 80·hₖ of those
/// images' histogram h.
pub fn shape_metrics(images: &[f32], side: usize) -> ModeMetrics {
    if side > LARGEST && side.is_multiple_of(2) {
        return shape_metrics(&halved(images, side), side / 2);
    }
    let templates = Templates::new(side);
    let good = |image: &[f32]| Some(templates.nearest(image)).filter(|nearest| nearest.distance <= FARTHEST).map(|nearest| nearest.mode);
    let seen: Vec<Option<usize>> = images.par_chunks_exact(side * side).map(good).collect();
    ModeMetrics::of(seen.into_iter(), vec![1.0 / MODES as f64; MODES])
}

/// Each pixel the mean of four.
fn halved(images: &[f32], side: usize) -> Vec<f32> {
    let pairs = |row: &[f32]| row.chunks_exact(2).map(|pair| pair[0] + pair[1]).collect::<Vec<_>>();
    let rows = images.chunks_exact(2 * side).map(|rows| (pairs(&rows[..side]), pairs(&rows[side..])));
    rows.flat_map(|(upper, lower)| upper.into_iter().zip(lower).map(|(a, b)| (a + b) / 4.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::shapes::Factors;

    fn drawn(side: usize, numbers: impl Iterator<Item = usize>) -> Vec<f32> {
        let pixels = |index| Factors::of(5, index).draw(side).into_iter().map(|byte| f32::from(byte) / 127.5 - 1.0).collect::<Vec<_>>();
        numbers.flat_map(pixels).collect()
    }

    #[test]
    fn the_data_themselves_have_all_modes_and_nothing_else() {
        for side in [16, 28, 64, 128] {
            let found = shape_metrics(&drawn(side, 0..800), side);
            assert_eq!((found.modes, found.hq, found.samples), (80, 1.0, 800), "{side}");
            // Of a perfect sampler (modes − 1) / (2 · samples) is expected.
            assert!(found.rkl.is_some_and(|rkl| rkl > 0.02 && rkl < 0.1), "{side}: {:?}", found.rkl);
        }
    }

    #[test]
    fn one_image_again_and_again_is_one_mode_and_a_black_or_grey_one_is_none() {
        let found = shape_metrics(&drawn(28, [3].into_iter().cycle().take(20)), 28);
        assert_eq!((found.modes, found.hq), (1, 1.0));
        assert!(found.rkl.is_some_and(|rkl| (rkl - 80f64.ln()).abs() < 1e-12));
        for level in [-1.0, 0.0, f32::NAN] {
            let found = shape_metrics(&[level; 28 * 28], 28);
            assert_eq!((found.modes, found.hq, found.rkl), (0, 0.0, None), "{level}");
        }
    }
}
