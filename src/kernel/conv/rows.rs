//! A linear map applied to a level, one row of a group's pixels at a time; rows are shared out among the processor's cores.

use std::ops::Range;

use rayon::prelude::*;

use super::packed::{TAPS, Weighted};
use super::plan::Shape;
use super::resample::{Taps, down, up};
use crate::kernel::loops::{LANES, Lane, add_products, part, part_mut};
use crate::kernel::real::Real;
use crate::kernel::wide::{Loops, widest};
use crate::nn::activation::LEAKY_SLOPE;

/// What becomes of a map's results. Slices are whole levels, like the result.
#[derive(Debug, Clone, Copy)]
pub enum After<'a, T> {
    /// They stay.
    Nothing,
    /// leaky ReLU(a + b), b one for each channel.
    Activate(&'a [T]),
    /// a times the slope of the leaky ReLU that gave these values: they have the sign of its argument.
    Gate(&'a [Lane<T>]),
    /// a plus these.
    Plus(&'a [Lane<T>]),
}

/// Computes `blocks` of the level `to` from the level `from`.
pub fn apply<T: Real>(map: &Weighted<T>, [from, to]: [Shape; 2], x: &[Lane<T>], y: &mut [Lane<T>], blocks: Range<usize>, after: After<T>) {
    let (row, begin) = (to.side * to.each, blocks.start * to.features());
    y[begin..blocks.end * to.features()].par_chunks_mut(row).enumerate().for_each(|(task, out)| {
        let (block, of_block) = (blocks.start + task / (to.groups * to.side), task % (to.groups * to.side));
        let (group, y) = (of_block / to.side, of_block % to.side);
        let at = begin + task * row;
        let after = match after {
            After::Nothing => After::Nothing,
            After::Activate(bias) => After::Activate(&bias[group * to.each..(group + 1) * to.each]),
            After::Gate(values) => After::Gate(&values[at..at + row]),
            After::Plus(values) => After::Plus(&values[at..at + row]),
        };
        let x = &x[block * from.features()..(block + 1) * from.features()];
        widest(Row { map, from, to, x, group, y, after, out });
    });
}

/// One row of one group of a block.
struct Row<'a, T> {
    map: &'a Weighted<T>,
    from: Shape,
    to: Shape,
    /// The level below, of this block.
    x: &'a [Lane<T>],
    group: usize,
    y: usize,
    after: After<'a, T>,
    out: &'a mut [Lane<T>],
}

impl<T: Real> Loops for Row<'_, T> {
    #[inline(always)]
    fn run<const HELD: usize, const CHUNK: usize>(mut self) {
        let (side, map) = (self.to.side, self.map);
        match map {
            Weighted::Pointwise(weights) => {
                let fan = self.from.channels();
                for x in 0..side {
                    let window = Window::pointwise(self.from, self.y * side + x);
                    self.products::<HELD, CHUNK>(weights, fan, x, window);
                }
            }
            Weighted::Grouped(weights) => {
                for x in 0..side {
                    let window = Window::grouped(self.from, self.group, [self.y, x]);
                    self.products::<HELD, CHUNK>(weights, TAPS * self.from.each, x, window);
                }
            }
            Weighted::Up(factor) => {
                let coarse = self.from.side;
                self.resample::<CHUNK>(
                    *factor,
                    #[inline(always)]
                    |i| up(i, coarse),
                );
            }
            Weighted::Down(factor) => self.resample::<CHUNK>(
                *factor,
                #[inline(always)]
                |i| down(i, side),
            ),
            Weighted::Spread(basis) => self.spread::<CHUNK>(basis),
            Weighted::Gather(basis) => self.gather::<CHUNK>(basis),
        }
    }
}

impl<T: Real> Row<'_, T> {
    /// The outputs of a group at a pixel.
    #[inline(always)]
    fn products<const HELD: usize, const CHUNK: usize>(&mut self, weights: &[T], fan: usize, x: usize, window: Window) {
        let each = self.to.each;
        let weights = &weights[self.group * each * fan..(self.group + 1) * each * fan];
        let mut j = 0;
        while j < each {
            let (place, rows, rest) = (x * each + j, &weights[j * fan..], each - j);
            // Of four, two and two rather than three and one.
            if rest >= HELD && !(HELD == 3 && rest == 4) {
                self.held::<HELD, CHUNK>(rows, fan, place, window);
                j += HELD;
            } else if rest >= 2 {
                self.held::<2, CHUNK>(rows, fan, place, window);
                j += 2;
            } else {
                self.held::<1, CHUNK>(rows, fan, place, window);
                j += 1;
            }
        }
    }

    #[inline(always)]
    fn held<const HELD: usize, const CHUNK: usize>(&mut self, rows: &[T], fan: usize, place: usize, window: Window) {
        for chunk in 0..LANES / CHUNK {
            let sums = sums::<T, HELD, CHUNK>(rows, fan, self.x, window, chunk);
            for (row, a) in sums.into_iter().enumerate() {
                self.finish(place + row, chunk, &a);
            }
        }
    }

    #[inline(always)]
    fn finish<const CHUNK: usize>(&mut self, place: usize, chunk: usize, a: &[T; CHUNK]) {
        let out = part_mut(&mut self.out[place], chunk);
        match self.after {
            After::Nothing => *out = *a,
            After::Activate(bias) => {
                let bias = bias[place % self.to.each];
                for lane in 0..CHUNK {
                    let a = a[lane] + bias;
                    out[lane] = a * slope(a);
                }
            }
            After::Gate(values) => {
                let values: &[T; CHUNK] = part(&values[place], chunk);
                for lane in 0..CHUNK {
                    out[lane] = a[lane] * slope(values[lane]);
                }
            }
            After::Plus(others) => {
                let others: &[T; CHUNK] = part(&others[place], chunk);
                for lane in 0..CHUNK {
                    out[lane] = a[lane] + others[lane];
                }
            }
        }
    }

    #[inline(always)]
    fn resample<const CHUNK: usize>(&mut self, factor: T, taps: impl Fn(usize) -> Taps) {
        let (from, each) = (self.from, self.to.each);
        let plane = &self.x[self.group * from.pixels() * each..(self.group + 1) * from.pixels() * each];
        let rows = taps(self.y);
        for x in 0..self.to.side {
            let columns = taps(x);
            for channel in 0..each {
                for chunk in 0..LANES / CHUNK {
                    let mut sum = [T::ZERO; CHUNK];
                    for row in 0..rows.count {
                        for column in 0..columns.count {
                            let place = rows.places[row] * from.side + columns.places[column];
                            let weight = T::of(rows.weights[row] * columns.weights[column]) * factor;
                            let number: &[T; CHUNK] = part(&plane[place * each + channel], chunk);
                            for lane in 0..CHUNK {
                                sum[lane] += weight * number[lane];
                            }
                        }
                    }
                    self.finish(x * each + channel, chunk, &sum);
                }
            }
        }
    }

    #[inline(always)]
    fn spread<const CHUNK: usize>(&mut self, basis: &[T]) {
        let (each, row) = (self.to.each, self.to.side * self.to.each);
        let basis = &basis[(self.group * self.to.side + self.y) * row..][..row];
        for (place, &weight) in basis.iter().enumerate() {
            for chunk in 0..LANES / CHUNK {
                let number: &[T; CHUNK] = part(&self.x[self.group * each + place % each], chunk);
                let mut product = [T::ZERO; CHUNK];
                for lane in 0..CHUNK {
                    product[lane] = weight * number[lane];
                }
                self.finish(place, chunk, &product);
            }
        }
    }

    #[inline(always)]
    fn gather<const CHUNK: usize>(&mut self, basis: &[T]) {
        let (each, plane) = (self.to.each, self.from.pixels() * self.to.each);
        let (basis, numbers) = (&basis[self.group * plane..][..plane], &self.x[self.group * plane..][..plane]);
        for channel in 0..each {
            for chunk in 0..LANES / CHUNK {
                let mut sum = [T::ZERO; CHUNK];
                let mut place = channel;
                while place < plane {
                    let (number, weight): (&[T; CHUNK], T) = (part(&numbers[place], chunk), basis[place]);
                    for lane in 0..CHUNK {
                        sum[lane] += weight * number[lane];
                    }
                    place += each;
                }
                self.finish(channel, chunk, &sum);
            }
        }
    }
}

/// The slope of the leaky ReLU, also at its result.
#[inline(always)]
fn slope<T: Real>(a: T) -> T {
    if a > T::ZERO { T::ONE } else { T::of(LEAKY_SLOPE) }
}

/// The inputs in reach of an output: `count` stretches of `len` lanes, and the weights that belong to them.
#[derive(Clone, Copy)]
struct Window {
    start: usize,
    stride: usize,
    weight: usize,
    weight_stride: usize,
    count: usize,
    len: usize,
}

impl Window {
    /// A pixel's channels, group after group.
    #[inline(always)]
    fn pointwise(from: Shape, pixel: usize) -> Self {
        let Shape { groups, each, .. } = from;
        Self { start: pixel * each, stride: from.pixels() * each, weight: 0, weight_stride: each, count: groups, len: each }
    }

    /// A group's channels at up to 3x3 pixels, row after row; beyond the edges there is nothing.
    #[inline(always)]
    fn grouped(from: Shape, group: usize, [y, x]: [usize; 2]) -> Self {
        let Shape { side, each, .. } = from;
        let (top, left) = (y.saturating_sub(1), x.saturating_sub(1));
        let (bottom, right) = ((y + 2).min(side), (x + 2).min(side));
        Self {
            start: (group * from.pixels() + top * side + left) * each,
            stride: side * each,
            weight: ((top + 1 - y) * 3 + left + 1 - x) * each,
            weight_stride: 3 * each,
            count: bottom - top,
            len: (right - left) * each,
        }
    }
}

/// The products of `HELD` rows of `fan` weights with a part of the lanes in a window.
#[inline(always)]
fn sums<T: Real, const HELD: usize, const CHUNK: usize>(
    weights: &[T],
    fan: usize,
    x: &[Lane<T>],
    window: Window,
    chunk: usize,
) -> [[T; CHUNK]; HELD] {
    let mut sums = [[T::ZERO; CHUNK]; HELD];
    for stretch in 0..window.count {
        let x = &x[window.start + stretch * window.stride..][..window.len];
        let begin = window.weight + stretch * window.weight_stride;
        let mut rows = [&weights[..0]; HELD]; // not `from_fn`, whose closure is not inlined here
        for (row, weights_of_row) in rows.iter_mut().enumerate() {
            *weights_of_row = &weights[row * fan + begin..][..window.len];
        }
        sums = add_products(sums, rows, x, chunk);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    #[test]
    fn rows_in_registers_of_every_width_are_the_same_bits() {
        let mut stream = Stream::new(6, Purpose::Noise);
        let mut normals = |count: usize| -> Vec<f32> { (0..count).map(|_| stream.normal() as f32).collect() };
        for channels in [16, 5, 3] {
            let shape = Shape::hidden(channels, 4);
            let maps = [
                Weighted::Pointwise(normals(channels * channels)),
                Weighted::Grouped(normals(channels * channels * TAPS)),
                Weighted::Spread(normals(shape.features())),
            ];
            let mut lanes = |count: usize| normals(count * LANES).as_chunks().0.to_vec();
            let (x, gate) = (lanes(shape.features()), lanes(4 * channels));
            for map in &maps {
                let row = |run: fn(Row<f32>)| {
                    let mut out = vec![[0.0; LANES]; 4 * channels];
                    run(Row { map, from: shape, to: shape, x: &x, group: 0, y: 1, after: After::Gate(&gate), out: &mut out });
                    out.as_flattened().iter().map(|number| number.to_bits()).collect::<Vec<_>>()
                };
                let narrow = row(|row| row.run::<2, 16>());
                assert!(row(|row| row.run::<3, 16>()) == narrow, "{channels} channels in 256 bits");
                assert!(row(|row| row.run::<4, 32>()) == narrow, "{channels} channels in 512 bits");
            }
        }
    }
}
