//! Points for the tests.

use crate::rng::{Purpose, Stream};

/// `count` points of N(0, I), the same for the same seed.
pub fn cloud(seed: u64, count: usize) -> Vec<[f64; 2]> {
    let mut stream = Stream::new(seed, Purpose::Evaluation);
    (0..count).map(|_| [stream.normal(), stream.normal()]).collect()
}
