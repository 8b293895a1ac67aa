//! Sums over the lanes of an array, by halves.

use super::{LANES, Lane};
use crate::kernel::real::Real;

/// The sum of an array, by halves.
#[inline(always)]
pub fn tree<T: Real, const N: usize>(array: [T; N]) -> T {
    let [sum] = halved(array);
    sum
}

/// The steps of [`tree`] down to `LEFT` sums.
#[inline(always)]
fn halved<T: Real, const N: usize, const LEFT: usize>(mut sums: [T; N]) -> [T; LEFT] {
    let mut width = N;
    while width > LEFT {
        width /= 2;
        for lane in 0..width {
            let other = sums[lane + width];
            sums[lane] += other;
        }
    }
    *sums.first_chunk().expect("no more are left than there were")
}

/// The sum of each feature over all samples, added to `sums`: `x` is `[blocks, features]`.
#[inline(always)]
pub fn sum_lanes<T: Real>(x: &[Lane<T>], sums: &mut [T]) {
    let (fours, last) = sums.as_chunks_mut::<4>();
    for x in x.chunks_exact(4 * fours.len() + last.len()) {
        let (x, rest) = x.as_chunks::<4>();
        for (x, sums) in x.iter().zip(&mut *fours) {
            add_trees(x, sums);
        }
        for (x, sum) in rest.iter().zip(&mut *last) {
            *sum += tree(*x);
        }
    }
}

/// Σ ab over a block's samples.
pub fn dot<T: Real>(a: &Lane<T>, b: &Lane<T>) -> T {
    let mut products = [T::ZERO; LANES];
    for lane in 0..LANES {
        products[lane] = a[lane] * b[lane];
    }
    tree(products)
}

/// Adds the [`tree`]s of four arrays to four sums.
#[inline(always)]
pub(super) fn add_trees<T: Real, const N: usize>(arrays: &[[T; N]; 4], sums: &mut [T; 4]) {
    let mut quarters = [[T::ZERO; 4]; 4];
    for (array, quarter) in arrays.iter().zip(&mut quarters) {
        *quarter = halved(*array);
    }
    add_across(&quarters, sums);
}

/// The last two steps of four trees. A function of its own, or what comes before it is done one number at a time.
#[inline(never)]
fn add_across<T: Real>(quarters: &[[T; 4]; 4], sums: &mut [T; 4]) {
    for (quarter, sum) in quarters.iter().zip(sums) {
        *sum += (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
    }
}
