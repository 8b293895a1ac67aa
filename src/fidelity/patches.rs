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
/// Patches of a level, spread over the images, one of each at least: patches of one image tell less than as many of several.
const PATCHES: usize = 1 << 15;
/// Patches of one image at most, as in the paper.
const MOST_OF_ONE: usize = 128;
/// The coarsest level has so many pixels along its shorter side, or up to twice as many.
const COARSEST: usize = 16;
/// Papers give the distance in thousandths.
const UNIT: f64 = 1e-3;
/// Seed of the places of the finest level, of the others the next ones, and of directions.
const SEED: u64 = 0;

/// Patches of images at every level.
#[derive(Debug)]
pub struct Patches {
    levels: Vec<Taken>,
}

/// Those of one level, a row each.
#[derive(Debug)]
struct Taken {
    /// Height and width of the level.
    size: [usize; 2],
    rows: Rows,
}

/// Takes patches of images that come piece by piece, so that they need not be kept.
#[derive(Debug)]
pub struct Collector {
    shape: [usize; 3],
    /// Patches of an image.
    each: usize,
    levels: Vec<Level>,
    /// Images that came.
    seen: usize,
}

#[derive(Debug)]
struct Level {
    /// Height and width.
    size: [usize; 2],
    /// The upper left corners of all patches.
    places: Vec<[usize; 2]>,
    /// The pixels of those that were taken.
    taken: Vec<f64>,
}

impl Collector {
    /// For so many images of a shape. Patches of as many other images will lie at the same places, so images are at distance 0 from themselves.
    pub fn new(shape: [usize; 3], count: usize) -> Self {
        let each = (PATCHES / count.max(1)).clamp(1, MOST_OF_ONE);
        let levels = sizes(shape).into_iter().enumerate();
        let places = levels.map(|(level, size)| places(size, each * count, &mut Stream::new(SEED + level as u64, Purpose::Evaluation)));
        Self::at(shape, each, places.collect())
    }

    /// At given places of each level.
    pub(super) fn at(shape: [usize; 3], each: usize, places: Vec<Vec<[usize; 2]>>) -> Self {
        let level = |(size, places): ([usize; 2], Vec<[usize; 2]>)| {
            let row = shape[0] * size.map(|pixels| SIDE.min(pixels)).iter().product::<usize>();
            Level { size, taken: Vec::with_capacity(row * places.len()), places }
        };
        Self { shape, each, levels: sizes(shape).into_iter().zip(places).map(level).collect(), seen: 0 }
    }

    /// Takes patches of the next images.
    pub fn see(&mut self, images: &Pixels) {
        debug_assert_eq!(images.shape, self.shape);
        let (first, each, levels) = (self.seen, self.each, &self.levels);
        let of_image = |index: usize| {
            let pyramid = pyramid(images.image(index), images.shape, levels.len());
            let of_level = |(planes, level): (Vec<Plane>, &Level)| {
                let places = &level.places[(first + index) * each..][..each];
                places.iter().flat_map(|&place| planes.iter().flat_map(move |plane| patch(plane, place))).collect::<Vec<f64>>()
            };
            pyramid.into_iter().zip(levels).map(of_level).collect::<Vec<_>>()
        };
        let taken: Vec<Vec<Vec<f64>>> = (0..images.len()).into_par_iter().map(of_image).collect();
        self.seen += images.len();
        for of_image in taken {
            self.levels.iter_mut().zip(of_image).for_each(|(level, patches)| level.taken.extend(patches));
        }
    }

    /// The patches, once all images came: at every level each channel with mean 0 and variance 1 over all of them.
    pub fn patches(self) -> Patches {
        let standard = |Level { size, places, mut taken }: Level| {
            let row = taken.len() / places.len().max(1);
            let plane = row / self.shape[0];
            (0..self.shape[0]).for_each(|channel| standardise(&mut taken, row, channel * plane..(channel + 1) * plane));
            Taken { size, rows: Rows::new(taken, row) }
        };
        Patches { levels: self.levels.into_iter().map(standard).collect() }
    }
}

impl Patches {
    /// Of images.
    pub fn of(images: &Pixels) -> Self {
        let mut collector = Collector::new(images.shape, images.len());
        collector.see(images);
        collector.patches()
    }

    /// One level's.
    #[cfg(test)]
    pub(super) fn level(&self, level: usize) -> &Rows {
        &self.levels[level].rows
    }
}

/// How far patches of some images are from those of others, in thousandths of their standard deviation.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchDistance {
    /// Height and width of each level, the finest first, and its distance.
    pub levels: Vec<([usize; 2], f64)>,
}

impl PatchDistance {
    /// Of as many images of one shape on both sides.
    pub fn between(a: &Patches, b: &Patches) -> Self {
        let distance =
            |(a, b): (&Taken, &Taken)| (a.size, sliced_wasserstein(&a.rows, &b.rows, &mut Stream::new(SEED, Purpose::Reference)) / UNIT);
        Self { levels: a.levels.iter().zip(&b.levels).map(distance).collect() }
    }

    /// The mean over the levels: the figure that papers call SWD.
    pub fn mean(&self) -> f64 {
        self.levels.iter().map(|(_, distance)| distance).sum::<f64>() / self.levels.len() as f64
    }
}

/// Mean ± 2 standard deviations of the distances between 8 pairs of disjoint samples of `count` reals; none where there are not twice as many.
pub fn patch_band(reals: &Pixels, count: usize) -> Option<[f64; 2]> {
    let distance = |pair: [Vec<u32>; 2]| {
        let [a, b] = pair.map(|chosen| Patches::of(&reals.select(&chosen)));
        PatchDistance::between(&a, &b).mean()
    };
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

/// The channels of every level of an image.
fn pyramid(image: &[u8], [_, height, width]: [usize; 3], levels: usize) -> Vec<Vec<Plane>> {
    let mut pyramid = vec![Vec::new(); levels];
    for bytes in image.chunks_exact(height * width) {
        let plane = Plane { height, width, pixels: bytes.iter().map(|&byte| f64::from(byte)).collect() };
        pyramid.iter_mut().zip(laplacian(plane, levels)).for_each(|(level, plane)| level.push(plane));
    }
    pyramid
}

/// The pixels of a patch, row after row.
fn patch(plane: &Plane, [top, left]: [usize; 2]) -> impl Iterator<Item = f64> + '_ {
    let (high, wide) = (SIDE.min(plane.height), SIDE.min(plane.width));
    (top..top + high).flat_map(move |row| plane.pixels[row * plane.width + left..][..wide].iter().copied())
}

/// Gives some columns of all rows mean 0 and variance 1 together; what does not vary becomes 0.
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

    fn distance(a: &Pixels, b: &Pixels) -> PatchDistance {
        PatchDistance::between(&Patches::of(a), &Patches::of(b))
    }

    #[test]
    fn images_are_at_no_distance_from_themselves_and_reals_within_their_band() {
        let (reals, fresh) = (noise(1, 64, [1, 16, 16]), noise(2, 16, [1, 16, 16]));
        assert_eq!(distance(&reals, &reals).mean(), 0.0);
        let [low, high] = patch_band(&reals, 16).expect("four times as many reals");
        let room = high - low;
        assert!((low - room..high + room).contains(&distance(&fresh, &reals.first(16)).mean()), "{low}..{high}");
        assert_eq!(patch_band(&reals, 33), None);
    }

    #[test]
    fn smears_copies_and_darkness_show() {
        let shape = [3, 32, 32];
        let (reals, fresh) = (noise(1, 24, shape), noise(2, 24, shape));
        let damaged = |change: &dyn Fn(&[u8], usize) -> u8| {
            let image = |index: usize| (0..shape.iter().product()).map(|place| change(fresh.image(index), place)).collect::<Vec<u8>>();
            distance(&Pixels::new(shape, (0..fresh.len()).flat_map(image).collect()), &reals)
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
        assert!(distance(&reals, &fresh).mean() > 0.0, "a patch is no larger than the image");
    }
}
