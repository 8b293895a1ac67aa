//! Kernel distance between features: KID (Bińkowski 2018).

use rayon::prelude::*;

use super::Spread;
use super::rows::{Rows, dot};
use crate::rng::Stream;

/// Subsets and their size, as torch-fidelity's.
const SUBSETS: usize = 100;
const SUBSET: usize = 1_000;

/// The unbiased MMD² under k(x, y) = (x·y/d + 1)³, mean and deviation over 100 random subsets of 1,000 rows (of all rows if there are fewer).
pub fn kernel_distance(a: &Rows, b: &Rows, stream: &mut Stream) -> Spread {
    let size = SUBSET.min(a.len()).min(b.len());
    let mut draw = |count: usize| stream.permutation(count)[..size].to_vec();
    let subsets: Vec<_> = (0..SUBSETS).map(|_| (draw(a.len()), draw(b.len()))).collect();
    of_subsets(a, b, &subsets)
}

/// The same over given pairs of subsets.
pub(super) fn of_subsets(a: &Rows, b: &Rows, subsets: &[(Vec<u32>, Vec<u32>)]) -> Spread {
    let each = |(of_a, of_b): &(Vec<u32>, Vec<u32>)| mmd_squared(&a.select(of_a), &b.select(of_b));
    Spread::of(&subsets.par_iter().map(each).collect::<Vec<_>>())
}

fn mmd_squared(a: &Rows, b: &Rows) -> f64 {
    within(a) + within(b) - 2.0 * across(a, b)
}

fn kernel(x: &[f64], y: &[f64]) -> f64 {
    (dot(x, y) / x.len() as f64 + 1.0).powi(3)
}

/// The mean of k over pairs of different rows.
fn within(rows: &Rows) -> f64 {
    let (list, count) = (rows.list(), rows.len() as f64);
    let sum: f64 = list.iter().enumerate().map(|(i, x)| list[..i].iter().map(|y| kernel(x, y)).sum::<f64>()).sum();
    2.0 * sum / (count * (count - 1.0)).max(1.0)
}

fn across(a: &Rows, b: &Rows) -> f64 {
    let sum: f64 = a.iter().map(|x| b.iter().map(|y| kernel(x, y)).sum::<f64>()).sum();
    sum / ((a.len() * b.len()) as f64).max(1.0)
}
