//! The three products of a fully connected layer, over blocks of rows.
//!
//! A **block** holds 32 samples of a batch, one array of 32 numbers a feature: the samples are the lanes of the vector instructions, so a layer of width
//! 2 or 14 wastes none, and a loop over a fixed array needs no unsafe code to become vector instructions. The order of every sum is fixed by the source.

mod outer;
mod product;
mod trees;

use super::real::Real;
pub use outer::{ABREAST, Gradient, Sums, Tile, outer};
pub(super) use product::product;
pub use product::{add_products, sums};
pub use trees::{dot, sum_lanes, tree};

/// Samples of a block.
pub const LANES: usize = 32;
/// One feature of a block's samples.
pub type Lane<T> = [T; LANES];

/// Part `chunk` of a feature, of `CHUNK` samples.
#[inline(always)]
pub fn part<T: Real, const CHUNK: usize>(lane: &Lane<T>, chunk: usize) -> &[T; CHUNK] {
    lane.as_chunks().0[chunk..].first().expect("a block has LANES / CHUNK parts")
}

/// The same, to be written.
#[inline(always)]
pub fn part_mut<T: Real, const CHUNK: usize>(lane: &mut Lane<T>, chunk: usize) -> &mut [T; CHUNK] {
    &mut lane.as_chunks_mut().0[chunk]
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

/// `body` with `k` = 0, 1, … below `count`, which is 4 at most, written out as often. The compiler unrolls nested loops only up to a size; beyond it, what an array
/// of sums holds is no longer kept in registers.
macro_rules! written_out {
    ($count:expr, |$k:ident| $body:expr) => {{
        const { assert!($count <= 4, "written out up to four times") };
        $crate::kernel::loops::written_out!(0, $count, |$k| $body);
        $crate::kernel::loops::written_out!(1, $count, |$k| $body);
        $crate::kernel::loops::written_out!(2, $count, |$k| $body);
        $crate::kernel::loops::written_out!(3, $count, |$k| $body);
    }};
    ($number:literal, $count:expr, |$k:ident| $body:expr) => {
        if const { $number < $count } {
            let $k = $number;
            $body
        }
    };
}
pub(super) use written_out;
