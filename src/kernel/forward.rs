//! A network's outputs, for those who look at a game.

use super::loops::{LANES, blocks_of, load};
use super::network::{Order, Pass};
use super::plan::Plan;
use super::real::Real;

/// Blocks that go through at a time: few enough to stay in the cache.
const BLOCKS: usize = 8;

/// The outputs `[rows, outputs]` of a network with the parameters `vector` for `inputs` `[rows, inputs]`, row after row.
///
/// # Panics
/// Where `vector` is not of the network's length, or `inputs` are no whole rows.
pub fn forward<T: Real>(plan: &Plan, vector: &[T], inputs: &[T]) -> Vec<T> {
    let mut network = plan.network::<T>();
    let (width, outputs) = (network.inputs(), network.outputs());
    assert!(vector.len() == network.parameters() && inputs.len().is_multiple_of(width), "a vector and rows of the network's lengths");
    let rows = inputs.len() / width;
    network.make_room(blocks_of(rows).min(BLOCKS), false);
    network.pack(vector);
    let mut results = Vec::with_capacity(rows * outputs);
    for rows in inputs.chunks(BLOCKS * LANES * width) {
        let (count, blocks) = (rows.len() / width, blocks_of(rows.len() / width));
        load(rows, width, &mut network.ends().input[..blocks * width]);
        network.pass(0..blocks, Pass::Forward(Order::First));
        let output = network.ends().output;
        results.extend((0..count).flat_map(|row| output[row / LANES * outputs..][..outputs].iter().map(move |lane| lane[row % LANES])));
    }
    results
}
