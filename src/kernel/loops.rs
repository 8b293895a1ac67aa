//! The three products of a fully connected layer, over blocks of rows.
//!
//! A **block** holds 32 samples of a batch, one array of 32 numbers a feature: the samples are the lanes of the vector instructions, so a layer of width
//! 2 or 14 wastes none, and a loop over a fixed array needs no unsafe code to become vector instructions. The order of every sum is fixed by the source.

use super::real::Real;

/// Samples of a block.
pub const LANES: usize = 32;
/// Samples whose sums are held in registers at a time.
pub const CHUNK: usize = 16;
/// One feature of a block's samples.
pub type Lane<T> = [T; LANES];
/// One feature of a part of a block's samples.
pub type Chunk<T> = [T; CHUNK];

/// Part `chunk` of a feature.
#[inline(always)]
pub fn part<T: Real>(lane: &Lane<T>, chunk: usize) -> &Chunk<T> {
    lane.as_chunks::<CHUNK>().0[chunk..].first().expect("a block has LANES / CHUNK parts")
}

/// The same, to be written.
#[inline(always)]
pub fn part_mut<T: Real>(lane: &mut Lane<T>, chunk: usize) -> &mut Chunk<T> {
    &mut lane.as_chunks_mut::<CHUNK>().0[chunk]
}

/// yⱼ = Σᵢ Wⱼᵢ xᵢ for a block: `weights` is `[outputs, inputs]`, `x` has `inputs` features; `HELD` outputs are summed at a time. `|j, chunk, y| …` takes each
/// part of the result while it is in registers, and adds the bias, applies the activation and stores it.
macro_rules! product {
    ($held:ident, $weights:expr, $x:expr, |$j:ident, $chunk:ident, $y:ident| $finish:expr) => {{
        let (weights, x) = ($weights, $x);
        let mut tiles = weights.chunks_exact($held * x.len());
        let mut done = 0;
        for tile in tiles.by_ref() {
            for $chunk in 0..LANES / CHUNK {
                for (row, $y) in $crate::kernel::loops::sums::<_, $held>(tile, x, $chunk).into_iter().enumerate() {
                    let $j = done + row;
                    $finish;
                }
            }
            done += $held;
        }
        for ($j, row) in (done..).zip(tiles.remainder().chunks_exact(x.len())) {
            for $chunk in 0..LANES / CHUNK {
                let [$y] = $crate::kernel::loops::sums::<_, 1>(row, x, $chunk);
                $finish;
            }
        }
    }};
}
pub(super) use product;

/// The products of `HELD` rows of a weight with a part of a block.
#[inline(always)]
pub fn sums<T: Real, const HELD: usize>(weights: &[T], x: &[Lane<T>], chunk: usize) -> [Chunk<T>; HELD] {
    let rows: [&[T]; HELD] = std::array::from_fn(|row| &weights[row * x.len()..(row + 1) * x.len()]);
    add_products([[T::ZERO; CHUNK]; HELD], rows, x, chunk)
}

/// The sums with the products of as many rows of weights, each as long as `x`, added.
#[inline(always)]
pub fn add_products<T: Real, const HELD: usize>(
    mut sums: [Chunk<T>; HELD],
    rows: [&[T]; HELD],
    x: &[Lane<T>],
    chunk: usize,
) -> [Chunk<T>; HELD] {
    for (i, x) in x.iter().enumerate() {
        let x = part(x, chunk);
        for row in 0..HELD {
            let weight = rows[row][i];
            for lane in 0..CHUNK {
                sums[row][lane] += weight * x[lane];
            }
        }
    }
    sums
}

/// Samples over which a weight's gradient is summed side by side, before the sums are added up.
pub const ABREAST: usize = 8;

/// Wⱼᵢ += Σ δⱼ xᵢ over all samples: `delta` is `[blocks, outputs]`, `x` is `[blocks, inputs]`, `gradient` is `[outputs, inputs]`. 2 `HELD` weights are summed at a
/// time.
#[inline(always)]
pub fn outer<T: Real, const HELD: usize>(delta: &[Lane<T>], x: &[Lane<T>], outputs: usize, inputs: usize, gradient: &mut [T]) {
    let sizes = [outputs, inputs];
    let mut j = 0;
    while j < outputs {
        let rows = (outputs - j).min(2);
        let mut i = 0;
        while i < inputs {
            let columns = (inputs - i).min(if rows == 2 { HELD } else { 4 });
            match (rows, columns) {
                (2, 3) => tile::<T, 2, 3>(delta, x, sizes, [j, i], gradient),
                (2, 2) => tile::<T, 2, 2>(delta, x, sizes, [j, i], gradient),
                (2, _) => tile::<T, 2, 1>(delta, x, sizes, [j, i], gradient),
                (_, 4) => tile::<T, 1, 4>(delta, x, sizes, [j, i], gradient),
                (_, 3) => tile::<T, 1, 3>(delta, x, sizes, [j, i], gradient),
                (_, 2) => tile::<T, 1, 2>(delta, x, sizes, [j, i], gradient),
                _ => tile::<T, 1, 1>(delta, x, sizes, [j, i], gradient),
            }
            i += columns;
        }
        j += rows;
    }
}

#[inline(always)]
fn tile<T: Real, const J: usize, const I: usize>(
    delta: &[Lane<T>],
    x: &[Lane<T>],
    [outputs, inputs]: [usize; 2],
    [j, i]: [usize; 2],
    gradient: &mut [T],
) {
    let settled = add_outer([[[T::ZERO; ABREAST]; I]; J], delta, x, [outputs, inputs], [j, i]);
    settle(&settled, &mut gradient[j * inputs + i..], inputs);
}

/// The sums with δⱼxᵢ of all samples added, for `J` outputs from `j` on and `I` inputs from `i` on.
#[inline(always)]
pub fn add_outer<T: Real, const J: usize, const I: usize>(
    mut sums: [[[T; ABREAST]; I]; J],
    delta: &[Lane<T>],
    x: &[Lane<T>],
    [outputs, inputs]: [usize; 2],
    [j, i]: [usize; 2],
) -> [[[T; ABREAST]; I]; J] {
    for (delta, x) in delta.chunks_exact(outputs).zip(x.chunks_exact(inputs)) {
        let delta: &[Lane<T>; J] = delta[j..].first_chunk().expect("in range");
        let x: &[Lane<T>; I] = x[i..].first_chunk().expect("in range");
        for c in 0..LANES / ABREAST {
            for jj in 0..J {
                for ii in 0..I {
                    for l in 0..ABREAST {
                        sums[jj][ii][l] += delta[jj][c * ABREAST + l] * x[ii][c * ABREAST + l];
                    }
                }
            }
        }
    }
    sums
}

/// A function of its own, so that the sums above stay in registers until it is called.
#[inline(never)]
fn settle<T: Real, const J: usize, const I: usize>(sums: &[[[T; ABREAST]; I]; J], gradient: &mut [T], inputs: usize) {
    for (sums, gradient) in sums.iter().zip(gradient.chunks_mut(inputs)) {
        for (sums, gradient) in sums.iter().zip(gradient) {
            *gradient += tree(*sums);
        }
    }
}

/// The sum of each feature over all samples, added to `sums`: `x` is `[blocks, features]`.
pub fn sum_lanes<T: Real>(x: &[Lane<T>], sums: &mut [T]) {
    for x in x.chunks_exact(sums.len()) {
        for (x, sum) in x.iter().zip(&mut *sums) {
            *sum += tree(*x);
        }
    }
}

/// Σ ab over a block's samples.
pub fn dot<T: Real>(a: &Lane<T>, b: &Lane<T>) -> T {
    tree(std::array::from_fn::<T, LANES, _>(|lane| a[lane] * b[lane]))
}

/// Rows `[batch, features]` as blocks; what the last block has beyond them becomes 0.
pub fn load<T: Real>(rows: &[T], features: usize, blocks: &mut [Lane<T>]) {
    for (rows, block) in rows.chunks(LANES * features).zip(blocks.chunks_exact_mut(features)) {
        if rows.len() < LANES * features {
            block.fill([T::ZERO; LANES]);
        }
        for (lane, row) in rows.chunks_exact(features).enumerate() {
            for (feature, &number) in row.iter().enumerate() {
                block[feature][lane] = number;
            }
        }
    }
}

/// Blocks that hold `rows` samples.
pub const fn blocks_of(rows: usize) -> usize {
    rows.div_ceil(LANES)
}

/// The sum of an array, by halves.
#[inline(always)]
pub fn tree<T: Real, const W: usize>(mut sums: [T; W]) -> T {
    let mut width = W;
    while width > 1 {
        width /= 2;
        for lane in 0..width {
            let other = sums[lane + width];
            sums[lane] += other;
        }
    }
    sums[0]
}
