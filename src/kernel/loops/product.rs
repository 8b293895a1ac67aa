//! Products of a layer's weights with a block.

use super::{Lane, part, written_out};
use crate::kernel::real::Real;

/// yⱼ = Σᵢ Wⱼᵢ xᵢ for a block: `weights` is `[outputs, inputs]`, `x` has `inputs` features; `HELD` outputs are summed at a time, `CHUNK` samples of each.
/// `|j, chunk, y| …` takes each part of the result while it is in registers, and adds the bias, applies the activation and stores it.
macro_rules! product {
    ($held:ident, $size:ident, $weights:expr, $x:expr, |$j:ident, $chunk:ident, $y:ident| $finish:expr) => {{
        let (weights, x) = ($weights, $x);
        let fan = x.len();
        let (tiles, rest) = weights.split_at(weights.len() / ($held * fan) * ($held * fan));
        let (pairs, last) = rest.split_at(if $held > 2 { rest.len() / (2 * fan) * (2 * fan) } else { 0 });
        let mut done = 0;
        $crate::kernel::loops::product!(of $held, $size, tiles, x, done, |$j, $chunk, $y| $finish);
        if const { $held > 2 } {
            $crate::kernel::loops::product!(of 2, $size, pairs, x, done, |$j, $chunk, $y| $finish);
        }
        $crate::kernel::loops::product!(of 1, $size, last, x, done, |$j, $chunk, $y| $finish);
        debug_assert_eq!(done * fan, weights.len(), "whole rows");
    }};
    (of $held:tt, $size:ident, $weights:ident, $x:ident, $done:ident, |$j:ident, $chunk:ident, $y:ident| $finish:expr) => {
        for tile in $weights.chunks_exact($held * $x.len()) {
            for $chunk in 0..LANES / $size {
                // A slice, whose length the compiler does not hold against the rows that are not written out.
                let sums: &[[_; $size]] = &$crate::kernel::loops::sums::<_, { $held }, $size>(tile, $x, $chunk);
                $crate::kernel::loops::written_out!($held, |row| {
                    let ($j, $y) = ($done + row, sums[row]);
                    $finish;
                });
            }
            $done += $held;
        }
    };
}
pub(in crate::kernel) use product;

/// The products of `HELD` rows of a weight with a part of a block.
#[inline(always)]
pub fn sums<T: Real, const HELD: usize, const CHUNK: usize>(weights: &[T], x: &[Lane<T>], chunk: usize) -> [[T; CHUNK]; HELD] {
    // Filled in a loop, the slices lie in memory and the sums wait for them: the middle toy is a third slower.
    let rows: [&[T]; HELD] = std::array::from_fn(|row| &weights[row * x.len()..(row + 1) * x.len()]);
    add_products([[T::ZERO; CHUNK]; HELD], rows, x, chunk)
}

/// The sums with the products of as many rows of weights, each as long as `x`, added.
#[inline(always)]
pub fn add_products<T: Real, const HELD: usize, const CHUNK: usize>(
    mut sums: [[T; CHUNK]; HELD],
    rows: [&[T]; HELD],
    x: &[Lane<T>],
    chunk: usize,
) -> [[T; CHUNK]; HELD] {
    for (i, x) in x.iter().enumerate() {
        let x: &[T; CHUNK] = part(x, chunk);
        written_out!(HELD, |row| {
            let weight = rows[row][i];
            for lane in 0..CHUNK {
                sums[row][lane] += weight * x[lane];
            }
        });
    }
    sums
}
