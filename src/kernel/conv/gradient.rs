//! The gradients of a layer's parameters, Σ δxᵀ over samples and pixels.
//!
//! The sum of a weight is shared out by bands of rows, whose number depends on the side alone: so its order, and with it every bit, is the same however many cores
//! there are.

use std::ops::Range;

use rayon::prelude::*;

use super::packed::{TAPS, lane_of};
use super::plan::{Map, Shape};
use crate::kernel::loops::{ABREAST, LANES, Lane, Sums, Tile, dot, outer, tree};
use crate::kernel::real::Real;
use crate::kernel::wide::{Loops, widest};

/// Rows of a band, at most.
const BAND: usize = 8;
/// Pixels whose numbers stay in the first cache while all weights of a task are summed over them.
const STRIP: usize = 8;

/// Sums side by side, before they are added up; memory that every call uses again.
pub type Scratch<T> = Vec<[T; ABREAST]>;

/// Adds the gradient of a map's weights: `delta` is the adjoint of the level `to`, `x` the level `from`.
pub fn add_weights<T: Real>(
    map: &Map,
    [from, to]: [Shape; 2],
    delta: &[Lane<T>],
    x: &[Lane<T>],
    blocks: Range<usize>,
    scratch: &mut Scratch<T>,
    gradient: &mut [T],
) {
    match map {
        Map::Pointwise(at) => {
            sum_products(from.groups, [from, to], false, delta, x, blocks, scratch);
            let inputs = from.channels();
            for_each_sum(scratch, [from, to], from.groups, |[o, i, group], sum| {
                gradient[at.start + o * inputs + group * from.each + i] += sum;
            });
        }
        Map::Grouped(at) => {
            sum_products(TAPS, [from, to], true, delta, x, blocks, scratch);
            for_each_sum(scratch, [from, to], TAPS, |[o, i, tap], sum| {
                gradient[at.start + (o * from.each + i) * TAPS + tap] += sum;
            });
        }
        Map::Spread(at) => add_basis(to, [delta, x], blocks, &mut gradient[at.clone()]),
        Map::Gather(at) => add_basis(from, [x, delta], blocks, &mut gradient[at.clone()]),
        Map::Up | Map::Down => {}
    }
}

/// Adds Σ δ of each channel, or Σ δe where e has one lane a block.
pub fn add_bias<T: Real>(shape: Shape, delta: &[Lane<T>], weight: Option<&[Lane<T>]>, blocks: Range<usize>, gradient: &mut [T]) {
    let plane = shape.pixels() * shape.each;
    gradient.par_chunks_mut(shape.each).enumerate().for_each(|(group, gradient)| {
        for block in blocks.clone() {
            let numbers = &delta[block * shape.features() + group * plane..][..plane];
            for (channel, gradient) in gradient.iter_mut().enumerate() {
                let mut sum = [T::ZERO; LANES];
                for number in numbers[channel..].iter().step_by(shape.each) {
                    for lane in 0..LANES {
                        sum[lane] += number[lane];
                    }
                }
                *gradient += weight.map_or_else(|| tree(sum), |weight| dot(&sum, &weight[block]));
            }
        }
    });
}

/// Each channel's plane of a basis: `many` lies in the shape of the planes, `one` has one pixel.
fn add_basis<T: Real>(planes: Shape, [many, one]: [&[Lane<T>]; 2], blocks: Range<usize>, gradient: &mut [T]) {
    for block in blocks {
        let (many, one) = (&many[block * planes.features()..], &one[block * planes.channels()..]);
        for (k, gradient) in gradient.iter_mut().enumerate() {
            *gradient += dot(&many[lane_of(k, planes)], &one[k / planes.pixels()]);
        }
    }
}

/// Bands of a plane.
const fn bands(side: usize) -> usize {
    side.div_ceil(BAND)
}

/// Fills `scratch` with `[bands, groups, sources, out, in]`: a source is a group of inputs, or a tap of a kernel within the same group.
fn sum_products<T: Real>(
    sources: usize,
    [from, to]: [Shape; 2],
    taps: bool,
    delta: &[Lane<T>],
    x: &[Lane<T>],
    blocks: Range<usize>,
    scratch: &mut Scratch<T>,
) {
    let each = to.each * from.each;
    let len = bands(to.side) * to.groups * sources * each;
    if scratch.len() < len {
        scratch.resize(len, [T::ZERO; ABREAST]);
    }
    scratch[..len].par_chunks_mut(each).enumerate().for_each(|(task, sums)| {
        let (band, group, source) = (task / sources / to.groups, task / sources % to.groups, task % sources);
        let (x_group, shift) = if taps { (group, [source / 3, source % 3]) } else { (source, [1, 1]) };
        sums.fill([T::ZERO; ABREAST]);
        for block in blocks.clone() {
            let delta = &delta[block * to.features() + group * to.pixels() * to.each..][..to.pixels() * to.each];
            let x = &x[block * from.features() + x_group * from.pixels() * from.each..][..from.pixels() * from.each];
            widest(Band { delta, x, channels: [to.each, from.each], side: to.side, band, shift, sums });
        }
    });
}

/// One band of one group's planes, with the inputs that lie `shift` − 1 away.
struct Band<'a, T> {
    delta: &'a [Lane<T>],
    x: &'a [Lane<T>],
    channels: [usize; 2],
    side: usize,
    band: usize,
    shift: [usize; 2],
    sums: &'a mut [[T; ABREAST]],
}

impl<T: Real> Loops for Band<'_, T> {
    #[inline(always)]
    fn run<const HELD: usize, const CHUNK: usize>(self) {
        let Self { delta, x, channels, side, band, shift: [down, along], sums } = self;
        let (top, left) = (1usize.saturating_sub(down), 1usize.saturating_sub(along));
        let (bottom, right) = ((side + 1 - down).min(side), (side + 1 - along).min(side));
        for y in (band * BAND).max(top)..((band + 1) * BAND).min(bottom) {
            let mut begin = left;
            while begin < right {
                let end = (begin + STRIP).min(right);
                let delta = &delta[(y * side + begin) * channels[0]..(y * side + end) * channels[0]];
                let row = (y + down - 1) * side + along;
                let x = &x[(row + begin - 1) * channels[1]..(row + end - 1) * channels[1]];
                outer::<T, HELD>(delta, x, channels, &mut Kept { sums, inputs: channels[1] });
                begin = end;
            }
        }
    }
}

/// Sums `[outputs, inputs]` that go on from band to band and block to block.
struct Kept<'a, T> {
    sums: &'a mut [[T; ABREAST]],
    inputs: usize,
}

impl<T: Real> Sums<T> for Kept<'_, T> {
    #[inline(always)]
    fn begin<const J: usize, const V: usize, const W: usize>(&self, [j, i]: [usize; 2]) -> Tile<T, J, V, W> {
        let mut tile = [[[T::ZERO; W]; V]; J];
        for (row, tile) in tile.iter_mut().enumerate() {
            let place = (j + row) * self.inputs + i;
            tile.as_flattened_mut().copy_from_slice(self.sums[place..place + V * W / ABREAST].as_flattened());
        }
        tile
    }

    #[inline(always)]
    fn end<const J: usize, const V: usize, const W: usize>(&mut self, [j, i]: [usize; 2], tile: &Tile<T, J, V, W>) {
        for (row, tile) in tile.iter().enumerate() {
            let place = (j + row) * self.inputs + i;
            self.sums[place..place + V * W / ABREAST].as_flattened_mut().copy_from_slice(tile.as_flattened());
        }
    }
}

/// Gives each sum with its output channel, its input channel within the group, and its source.
fn for_each_sum<T: Real>(scratch: &Scratch<T>, [from, to]: [Shape; 2], sources: usize, mut give: impl FnMut([usize; 3], T)) {
    let each = to.each * from.each;
    let len = bands(to.side) * to.groups * sources * each;
    for (task, sums) in scratch[..len].chunks_exact(each).enumerate() {
        let (group, source) = (task / sources % to.groups, task % sources);
        for (k, sum) in sums.iter().enumerate() {
            give([group * to.each + k / from.each, k % from.each, source], tree(*sum));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    #[test]
    fn sums_in_registers_of_every_width_are_the_same_bits() {
        let mut stream = Stream::new(7, Purpose::Noise);
        let mut lanes = |count: usize| -> Vec<Lane<f32>> { (0..count).map(|_| std::array::from_fn(|_| stream.normal() as f32)).collect() };
        for channels in [[16, 16], [5, 3], [1, 11]] {
            let (delta, x, begun) = (lanes(16 * channels[0]), lanes(16 * channels[1]), lanes(channels[0] * channels[1]));
            let band = |run: fn(Band<f32>)| {
                let mut sums: Vec<[f32; ABREAST]> = begun.iter().map(|lane| *lane.first_chunk().expect("eight")).collect();
                run(Band { delta: &delta, x: &x, channels, side: 4, band: 0, shift: [0, 1], sums: &mut sums });
                sums.as_flattened().iter().map(|number| number.to_bits()).collect::<Vec<_>>()
            };
            let narrow = band(|band| band.run::<2, 16>());
            assert!(band(|band| band.run::<3, 16>()) == narrow, "{channels:?} in 256 bits");
            assert!(band(|band| band.run::<4, 32>()) == narrow, "{channels:?} in 512 bits");
        }
    }
}
