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

/// yⱼ = Σᵢ Wⱼᵢ xᵢ for a block: `weights` is `[outputs, inputs]`, `x` has `inputs` features. `finish(j, chunk, y)` takes each part of the result while it is
/// in registers, and adds the bias, applies the activation and stores it.
#[inline(always)]
pub fn product<T: Real>(weights: &[T], x: &[Lane<T>], mut finish: impl FnMut(usize, usize, Chunk<T>)) {
    let inputs = x.len();
    let mut tiles = weights.chunks_exact(2 * inputs);
    let mut j = 0;
    for pair in tiles.by_ref() {
        let (first, second) = pair.split_at(inputs);
        for chunk in 0..LANES / CHUNK {
            let mut sums = [[T::ZERO; CHUNK]; 2];
            for ((&a, &b), x) in first.iter().zip(second).zip(x) {
                let x = part(x, chunk);
                for lane in 0..CHUNK {
                    sums[0][lane] += a * x[lane];
                    sums[1][lane] += b * x[lane];
                }
            }
            finish(j, chunk, sums[0]);
            finish(j + 1, chunk, sums[1]);
        }
        j += 2;
    }
    if !tiles.remainder().is_empty() {
        for chunk in 0..LANES / CHUNK {
            let mut sum = [T::ZERO; CHUNK];
            for (&a, x) in tiles.remainder().iter().zip(x) {
                let x = part(x, chunk);
                for lane in 0..CHUNK {
                    sum[lane] += a * x[lane];
                }
            }
            finish(j, chunk, sum);
        }
    }
}

/// Wⱼᵢ += Σ δⱼ xᵢ over all samples: `delta` is `[blocks, outputs]`, `x` is `[blocks, inputs]`, `gradient` is `[outputs, inputs]`.
pub fn outer<T: Real>(delta: &[Lane<T>], x: &[Lane<T>], outputs: usize, inputs: usize, gradient: &mut [T]) {
    let mut j = 0;
    while j < outputs {
        let rows = if outputs - j >= 2 { 2 } else { 1 };
        let mut i = 0;
        while i < inputs {
            let columns = if inputs - i >= 4 {
                4
            } else if inputs - i >= 2 {
                2
            } else {
                1
            };
            match (rows, columns) {
                (2, 4) => tile::<T, 2, 4, 4>(delta, x, outputs, inputs, j, i, gradient),
                (2, 2) => tile::<T, 2, 2, 8>(delta, x, outputs, inputs, j, i, gradient),
                (2, _) => tile::<T, 2, 1, 16>(delta, x, outputs, inputs, j, i, gradient),
                (_, 4) => tile::<T, 1, 4, 8>(delta, x, outputs, inputs, j, i, gradient),
                (_, 2) => tile::<T, 1, 2, 16>(delta, x, outputs, inputs, j, i, gradient),
                _ => tile::<T, 1, 1, 16>(delta, x, outputs, inputs, j, i, gradient),
            }
            i += columns;
        }
        j += rows;
    }
}

#[inline(always)]
fn tile<T: Real, const J: usize, const I: usize, const W: usize>(
    delta: &[Lane<T>],
    x: &[Lane<T>],
    outputs: usize,
    inputs: usize,
    j: usize,
    i: usize,
    gradient: &mut [T],
) {
    let mut sums = [[[T::ZERO; W]; I]; J];
    for (delta, x) in delta.chunks_exact(outputs).zip(x.chunks_exact(inputs)) {
        let delta: &[Lane<T>; J] = delta[j..].first_chunk().expect("in range");
        let x: &[Lane<T>; I] = x[i..].first_chunk().expect("in range");
        for c in 0..LANES / W {
            for jj in 0..J {
                for ii in 0..I {
                    for l in 0..W {
                        sums[jj][ii][l] += delta[jj][c * W + l] * x[ii][c * W + l];
                    }
                }
            }
        }
    }
    let settled = sums;
    settle(&settled, &mut gradient[j * inputs + i..], inputs);
}

#[inline(never)]
fn settle<T: Real, const J: usize, const I: usize, const W: usize>(sums: &[[[T; W]; I]; J], gradient: &mut [T], inputs: usize) {
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
