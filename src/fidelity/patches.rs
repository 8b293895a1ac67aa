//! How near images are to images without the eyes of a network: the sliced Wasserstein distance of their patches at every level of a Laplacian pyramid (Karras 2018, section 5).

use rayon::prelude::*;

use super::pixels::Pixels;
use super::pyramid::{Plane, laplacian};
use super::rows::Rows;
use super::score::pairs;
use super::sliced::sliced_wasserstein;
use crate::metrics::band;
use crate::rng::{Purpose, Stream};

/// Pixels of a patch along a side.
const SIDE: usize = 7;
/// Patches of a level, spread over the images: time and memory do not grow with these, and patches of one image tell less than as many of several.
const PATCHES: usize = 64_000;
/// Patches of one image at most, as in the paper.
const MOST_OF_ONE: usize = 128;
/// The coarsest level has so many pixels along its shorter side, or up to twice as many.
const COARSEST: usize = 16;
/// Papers give the distance in thousandths.
const UNIT: f64 = 1e-3;
/// Seed of places and directions.
const SEED: u64 = 0;

/// How far patches of some images are from those of others, in thousandths of their standard deviation.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchDistance {
    /// Height and width of each level, the finest first, and its distance.
    pub levels: Vec<([usize; 2], f64)>,
}

impl PatchDistance {
    /// Of images of one shape, as many on both sides. Patches lie at the same places on both, so images are at distance 0 from themselves.
    pub fn between(a: &Pixels, b: &Pixels) -> Self {
        debug_assert!(a.shape == b.shape && a.len() == b.len());
        let (sizes, each) = (sizes(a.shape), (PATCHES / a.len().max(1)).clamp(1, MOST_OF_ONE));
        let distance = |level: usize| {
            let mut stream = Stream::new(SEED, Purpose::Reference);
            let places = places(sizes[level], each * a.len(), &mut stream);
            let [a, b] = [a, b].map(|images| patches(images, [level, sizes.len()], &places));
            sliced_wasserstein(&a, &b, &mut stream) / UNIT
        };
        Self { levels: (0..sizes.len()).map(|level| (sizes[level], distance(level))).collect() }
    }

    /// The mean over the levels: the figure that papers call SWD.
    pub fn mean(&self) -> f64 {
        self.levels.iter().map(|(_, distance)| distance).sum::<f64>() / self.levels.len() as f64
    }
}

/// Mean ± 2 standard deviations of the distances between 8 pairs of disjoint samples of `count` reals; none where there are not twice as many.
pub fn patch_band(reals: &Pixels, count: usize) -> Option<[f64; 2]> {
    let distance = |[a, b]: [Vec<u32>; 2]| PatchDistance::between(&reals.select(&a), &reals.select(&b)).mean();
    pairs(reals.len(), count).map(|pairs| band(&pairs.map(distance).collect::<Vec<f64>>()))
}

/// Height and width of each level.
fn sizes([_, height, width]: [usize; 3]) -> Vec<[usize; 2]> {
    let halved = |[height, width]: &[usize; 2]| Some([height.div_ceil(2), width.div_ceil(2)]);
    let sizes = std::iter::successors(Some([height, width]), halved);
    let (finest, coarser) = ([height, width], sizes.skip(1).take_while(|size| size.iter().all(|&pixels| pixels >= COARSEST)));
    std::iter::once(finest).chain(coarser).collect()
}

/// The upper left corners of so many patches of a level.
fn places([height, width]: [usize; 2], count: usize, stream: &mut Stream) -> Vec<[usize; 2]> {
    let room = |pixels: usize| pixels - SIDE.min(pixels) + 1;
    (0..count).map(|_| [stream.below(room(height)), stream.below(room(width))]).collect()
}

/// Patches of one level of as many, as many of each image: a row each, every channel with mean 0 and variance 1 over all of them.
pub(super) fn patches(images: &Pixels, [level, levels]: [usize; 2], places: &[[usize; 2]]) -> Rows {
    let [channels, height, width] = images.shape;
    let each = places.len() / images.len().max(1);
    let of_image = |(index, places): (usize, &[[usize; 2]])| {
        let planes = images.image(index).chunks_exact(height * width).map(|bytes| {
            let plane = Plane { height, width, pixels: bytes.iter().map(|&byte| f64::from(byte)).collect() };
            laplacian(plane, levels).swap_remove(level)
        });
        let planes: Vec<Plane> = planes.collect();
        places.iter().flat_map(|&place| planes.iter().flat_map(move |plane| patch(plane, place))).collect::<Vec<f64>>()
    };
    let mut numbers: Vec<f64> = places.par_chunks(each).enumerate().flat_map_iter(of_image).collect();
    let row = numbers.len() / places.len();
    for channel in 0..channels {
        standardise(&mut numbers, row, channel * row / channels..(channel + 1) * row / channels);
    }
    Rows::new(numbers, row)
}

/// The pixels of a patch, row after row.
fn patch(plane: &Plane, [top, left]: [usize; 2]) -> impl Iterator<Item = f64> + '_ {
    let (high, wide) = (SIDE.min(plane.height), SIDE.min(plane.width));
    (top..top + high).flat_map(move |row| plane.pixels[row * plane.width + left..][..wide].iter().copied())
}

/// Gives some columns of all rows mean 0 and variance 1 together; what does not vary stays 0.
fn standardise(numbers: &mut [f64], row: usize, columns: std::ops::Range<usize>) {
    let count = (numbers.len() / row * columns.len()) as f64;
    let sum = |of: &dyn Fn(f64) -> f64| numbers.chunks_exact(row).flat_map(|row| &row[columns.clone()]).map(|&x| of(x)).sum::<f64>();
    let mean = sum(&|x| x) / count;
    let deviation = (sum(&|x| (x - mean) * (x - mean)) / count).sqrt();
    let scale = if deviation > 0.0 { deviation.recip() } else { 0.0 };
    for row in numbers.chunks_exact_mut(row) {
        row[columns.clone()].iter_mut().for_each(|x| *x = (*x - mean) * scale);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Images of coloured noise, each brighter or darker by chance.
    fn noise(seed: u64, count: usize, shape: [usize; 3]) -> Pixels {
        let mut stream = Stream::new(seed, Purpose::Evaluation);
        let image = |stream: &mut Stream| {
            let bright = 90.0 + 70.0 * stream.uniform();
            (0..shape.iter().product()).map(|_| (bright + 30.0 * stream.normal()) as u8).collect::<Vec<u8>>()
        };
        Pixels::new(shape, (0..count).flat_map(|_| image(&mut stream)).collect())
    }

    #[test]
    fn images_are_at_no_distance_from_themselves_and_reals_within_their_band() {
        let (reals, fresh) = (noise(1, 64, [1, 16, 16]), noise(2, 16, [1, 16, 16]));
        assert_eq!(PatchDistance::between(&reals, &reals).mean(), 0.0);
        let [low, high] = patch_band(&reals, 16).expect("four times as many reals");
        let room = high - low;
        assert!((low - room..high + room).contains(&PatchDistance::between(&fresh, &reals.first(16)).mean()), "{low}..{high}");
        assert_eq!(patch_band(&reals, 33), None);
    }

    #[test]
    fn smears_copies_and_darkness_show() {
        let shape = [3, 32, 32];
        let (reals, fresh) = (noise(1, 24, shape), noise(2, 24, shape));
        let damaged = |change: &dyn Fn(&[u8], usize) -> u8| {
            let image = |index: usize| (0..shape.iter().product()).map(|place| change(fresh.image(index), place)).collect::<Vec<u8>>();
            PatchDistance::between(&Pixels::new(shape, (0..fresh.len()).flat_map(image).collect()), &reals)
        };
        let good = damaged(&|image, place| image[place]);
        let smeared = damaged(&|image, place| image[place - place % 8]);
        let (of_good, of_smeared) = (good.levels[0].1, smeared.levels[0].1);
        assert!(of_smeared > 2.0 * of_good, "{of_smeared} and {of_good}");
        let alike = damaged(&|_, place| fresh.image(0)[place]);
        assert!(alike.mean() > 2.0 * good.mean(), "{alike:?} and {good:?}");
        let dark = damaged(&|_, _| 0);
        assert!(dark.levels.iter().all(|(_, distance)| distance.is_finite()) && dark.mean() > 10.0 * good.mean(), "{dark:?}");
    }

    #[test]
    fn levels_are_halved_while_a_side_has_sixteen_pixels_and_the_finest_is_always_there() {
        assert_eq!(sizes([3, 64, 64]), [[64, 64], [32, 32], [16, 16]]);
        assert_eq!(sizes([1, 28, 28]), [[28, 28]]);
        assert_eq!(sizes([1, 33, 70]), [[33, 70], [17, 35]]);
        assert_eq!(sizes([4, 4, 8]), [[4, 8]]);
        let (reals, fresh) = (noise(1, 8, [4, 4, 8]), noise(2, 8, [4, 4, 8]));
        assert!(PatchDistance::between(&reals, &fresh).mean() > 0.0, "a patch is no larger than the image");
    }
}
