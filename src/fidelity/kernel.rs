//! Kernel distance between features: KID (Bińkowski 2018).

use burn::tensor::Tensor;

use super::Spread;
use super::rows::Rows;
use crate::device::read_exact;
use crate::error::Result;
use crate::rng::Stream;

/// Subsets and their size, as torch-fidelity's.
const SUBSETS: usize = 100;
const SUBSET: usize = 1_000;

/// The unbiased MMD² under k(x, y) = (x·y/d + 1)³, mean and deviation over 100 random subsets of 1,000 rows; once of all rows, without a deviation, if there are no more.
pub async fn kernel_distance(a: &Rows, b: &Rows, stream: &mut Stream) -> Result<Spread> {
    let size = SUBSET.min(a.len()).min(b.len());
    let mut draw = |count: usize| stream.permutation(count)[..size].to_vec();
    let times = if size < a.len().max(b.len()) { SUBSETS } else { 1 }; // all subsets would be the same
    let subsets: Vec<_> = (0..times).map(|_| (draw(a.len()), draw(b.len()))).collect();
    of_subsets(a, b, &subsets).await
}

/// The same over given pairs of subsets.
pub(super) async fn of_subsets(a: &Rows, b: &Rows, subsets: &[(Vec<u32>, Vec<u32>)]) -> Result<Spread> {
    let mut figures = Vec::with_capacity(subsets.len());
    for (of_a, of_b) in subsets {
        let ([a, b], width) = ([a.select(of_a), b.select(of_b)].map(|rows| rows.exact()), a.width() as f64);
        let sums = Tensor::cat(vec![within(&a, width), within(&b, width), across(&a, &b, width).mean() * -2.0], 0);
        figures.push(read_exact(sums).await?.iter().sum());
    }
    Ok(Spread::of(&figures))
}

/// The mean of k over pairs of different rows, `[1]`.
fn within(rows: &Tensor<2>, width: f64) -> Tensor<1> {
    let [count, _] = rows.dims();
    let own = kernel((rows.clone() * rows.clone()).sum_dim(1), width).sum();
    (across(rows, rows, width).sum() - own) / (count * (count - 1)).max(1) as f64
}

/// k of every row of one and every row of the other, `[rows, rows]`.
fn across(a: &Tensor<2>, b: &Tensor<2>, width: f64) -> Tensor<2> {
    kernel(a.clone().matmul(b.clone().transpose()), width)
}

fn kernel(products: Tensor<2>, width: f64) -> Tensor<2> {
    let base = products / width + 1.0;
    base.clone() * base.clone() * base
}
