//! Sums over samples of the products of two features: a weight's gradient.

use super::trees::{add_trees, tree};
use super::{LANES, Lane, part, written_out};
use crate::kernel::real::Real;

/// Samples over which a weight's gradient is summed side by side, before the sums are added up.
pub const ABREAST: usize = 8;

/// The sums of a tile: `J` outputs with `V` vectors of inputs, each of `W` / [`ABREAST`] inputs side by side.
pub type Tile<T, const J: usize, const V: usize, const W: usize> = [[[T; W]; V]; J];

/// Where the sums of the weights' gradients come from, and what becomes of them; `at` is the first output and the first input of a tile.
pub trait Sums<T: Real> {
    /// The sums so far.
    fn begin<const J: usize, const V: usize, const W: usize>(&self, at: [usize; 2]) -> Tile<T, J, V, W>;
    /// Takes the sums.
    fn end<const J: usize, const V: usize, const W: usize>(&mut self, at: [usize; 2], tile: &Tile<T, J, V, W>);
}

/// Σ δⱼ xᵢ over all samples, for all pairs: `delta` is `[blocks, outputs]`, `x` is `[blocks, inputs]`. Tiles are as large as the registers allow that hold `HELD`
/// sums of a product (`wide`).
#[inline(always)]
pub fn outer<T: Real, const HELD: usize>(delta: &[Lane<T>], x: &[Lane<T>], sizes: [usize; 2], sums: &mut impl Sums<T>) {
    match HELD {
        2 => rows::<T, 2, 2, ABREAST>(delta, x, sizes, sums), // 128 bits
        3 => rows::<T, 2, 4, ABREAST>(delta, x, sizes, sums), // 256 bits
        _ => rows::<T, 4, 4, { 2 * ABREAST }>(delta, x, sizes, sums),
    }
}

#[inline(always)]
fn rows<T: Real, const J: usize, const V: usize, const W: usize>(
    delta: &[Lane<T>],
    x: &[Lane<T>],
    sizes: [usize; 2],
    sums: &mut impl Sums<T>,
) {
    let mut j = 0;
    while j < sizes[0] {
        match sizes[0] - j {
            rest if rest >= J => {
                columns::<T, J, V, W>(delta, x, sizes, j, sums);
                j += J;
            }
            2.. => {
                columns::<T, 2, V, W>(delta, x, sizes, j, sums);
                j += 2;
            }
            _ => {
                columns::<T, 1, 4, W>(delta, x, sizes, j, sums);
                j += 1;
            }
        }
    }
}

#[inline(always)]
fn columns<T: Real, const J: usize, const V: usize, const W: usize>(
    delta: &[Lane<T>],
    x: &[Lane<T>],
    sizes: [usize; 2],
    j: usize,
    sums: &mut impl Sums<T>,
) {
    let each = W / ABREAST;
    let mut i = 0;
    while i < sizes[1] {
        match sizes[1] - i {
            rest if rest >= V * each => {
                tile::<T, J, V, W>(delta, x, sizes, [j, i], sums);
                i += V * each;
            }
            rest if rest >= 2 * each => {
                tile::<T, J, 2, W>(delta, x, sizes, [j, i], sums);
                i += 2 * each;
            }
            rest if rest >= each => {
                tile::<T, J, 1, W>(delta, x, sizes, [j, i], sums);
                i += each;
            }
            _ => {
                tile::<T, J, 1, ABREAST>(delta, x, sizes, [j, i], sums);
                i += 1;
            }
        }
    }
}

#[inline(always)]
fn tile<T: Real, const J: usize, const V: usize, const W: usize>(
    delta: &[Lane<T>],
    x: &[Lane<T>],
    sizes: [usize; 2],
    at: [usize; 2],
    sums: &mut impl Sums<T>,
) {
    // A value of its own: one that others see is written to memory with every sum.
    let all = add_outer::<T, J, V, W>(sums.begin(at), delta, x, sizes, at);
    sums.end(at, &all);
}

/// The sums with the products of all samples added.
#[inline(always)]
fn add_outer<T: Real, const J: usize, const V: usize, const W: usize>(
    mut sums: Tile<T, J, V, W>,
    delta: &[Lane<T>],
    x: &[Lane<T>],
    [outputs, inputs]: [usize; 2],
    [j, i]: [usize; 2],
) -> Tile<T, J, V, W> {
    let each = W / ABREAST;
    for (delta, x) in delta.chunks_exact(outputs).zip(x.chunks_exact(inputs)) {
        let delta: &[Lane<T>; J] = delta[j..].first_chunk().expect("in range");
        let x: &[Lane<T>] = &x[i..][..V * each];
        for c in 0..LANES / ABREAST {
            let mut of_x = [[T::ZERO; W]; V];
            written_out!(V, |v| of_x[v] = beside::<T, W>(|k| part(&x[v * each + k], c)));
            written_out!(J, |jj| {
                let of_delta = beside::<T, W>(|_| part(&delta[jj], c));
                written_out!(V, |v| {
                    for lane in 0..W {
                        sums[jj][v][lane] += of_delta[lane] * of_x[v][lane];
                    }
                });
            });
        }
    }
    sums
}

/// `part(0)`, `part(1)`, … one after the other.
#[inline(always)]
fn beside<'a, T: Real, const W: usize>(part: impl Fn(usize) -> &'a [T; ABREAST]) -> [T; W] {
    let mut all = [T::ZERO; W];
    for (k, all) in all.as_chunks_mut::<ABREAST>().0.iter_mut().enumerate() {
        *all = *part(k);
    }
    all
}

/// A weight's gradient `[outputs, inputs]`, to which the sums over all samples are added.
pub struct Gradient<'a, T> {
    /// The numbers.
    pub numbers: &'a mut [T],
    /// Inputs of the layer.
    pub inputs: usize,
}

impl<T: Real> Sums<T> for Gradient<'_, T> {
    #[inline(always)]
    fn begin<const J: usize, const V: usize, const W: usize>(&self, _: [usize; 2]) -> Tile<T, J, V, W> {
        [[[T::ZERO; W]; V]; J]
    }

    #[inline(always)]
    fn end<const J: usize, const V: usize, const W: usize>(&mut self, [j, i]: [usize; 2], tile: &Tile<T, J, V, W>) {
        for (row, sums) in tile.iter().enumerate() {
            let sums = sums.as_flattened().as_chunks().0;
            settle(sums, &mut self.numbers[(j + row) * self.inputs + i..][..sums.len()]);
        }
    }
}

/// Adds up the sums of some weights. A function of its own, so that they stay in registers until it is called.
#[inline(never)]
fn settle<T: Real>(sums: &[[T; ABREAST]], gradient: &mut [T]) {
    let (fours, rest) = sums.as_chunks::<4>();
    let (gradients, last) = gradient.as_chunks_mut::<4>();
    for (sums, gradient) in fours.iter().zip(gradients) {
        add_trees(sums, gradient);
    }
    for (sums, gradient) in rest.iter().zip(last) {
        *gradient += tree(*sums);
    }
}
