//! One seed, named streams of random numbers.
//!
//! Each purpose draws from a ChaCha8 stream of its own, so drawing a picture never moves the minibatch that comes next. The numbers are
//! the same on every platform: normal deviates use `libm`, not the system's mathematics.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde::{Deserialize, Serialize};

/// What a stream is for; the number is its ChaCha stream id and must never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Initial weights of the generator.
    InitGenerator = 1,
    /// Initial weights of the critic.
    InitCritic = 2,
    /// Minibatches of real samples.
    Data = 3,
    /// Latents of training.
    Latent = 4,
    /// Samples drawn to look or to measure; made anew for each look.
    Evaluation = 5,
    /// Noise of training steps beside latents: instance noise, places of penalties, classes of fakes.
    Noise = 6,
    /// The labelled samples of the semi-supervised game; drawn once.
    Labelled = 7,
    /// Real samples that metrics compare with.
    Reference = 8,
    /// Which digits are stacked in Stacked MNIST.
    Stacked = 9,
    /// The factors of one drawn shape.
    Shapes = 10,
    /// How what D sees of images is changed.
    Augment = 11,
}

/// A seeded stream of random numbers whose position can be saved.
#[derive(Debug, Clone)]
pub struct Stream(ChaCha8Rng);

/// A stream's position as plain data: the seed and id it was made from, and how many 32-bit words it has given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamState {
    seed: u64,
    stream: u64,
    words: u64,
}

impl Stream {
    /// The stream of `seed` for `purpose`, at its beginning.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        Self::numbered(seed, purpose as u64)
    }

    fn numbered(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// Standard normal deviates.
    pub fn normals(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.normal() as f32).collect()
    }

    /// One standard normal deviate.
    pub fn normal(&mut self) -> f64 {
        self.0.sample(StandardNormal)
    }

    /// A number uniform in 0..bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0.random_range(0..bound as u64) as usize
    }

    /// A number uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        self.0.random()
    }

    /// The numbers 0..count in random order (Fisher–Yates).
    pub fn permutation(&mut self, count: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0..count as u32).collect();
        for last in (1..count).rev() {
            order.swap(last, self.below(last + 1));
        }
        order
    }

    /// Where the stream stands, given the seed it was made from.
    pub fn state(&self, seed: u64) -> StreamState {
        StreamState { seed, stream: self.0.get_stream(), words: self.0.get_word_pos() as u64 }
    }

    /// The stream at a saved position.
    pub fn at(state: StreamState) -> Self {
        let mut stream = Self::numbered(state.seed, state.stream);
        stream.0.set_word_pos(u128::from(state.words));
        stream
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_one_seed_differ_and_repeat() {
        let draw = |purpose| Stream::new(7, purpose).normals(8);
        assert_eq!(draw(Purpose::Data), draw(Purpose::Data));
        assert_ne!(draw(Purpose::Data), draw(Purpose::Latent));
        assert_ne!(draw(Purpose::Data), Stream::new(7 + (1 << 40), Purpose::Data).normals(8));
    }

    #[test]
    fn a_saved_position_continues_with_the_next_number() {
        let mut stream = Stream::new(3, Purpose::Latent);
        stream.normals(101);
        let state = stream.state(3);
        assert_eq!(Stream::at(state).normals(50), stream.normals(50));
    }

    #[test]
    fn normal_deviates_have_mean_zero_and_variance_one() {
        let draws = Stream::new(1, Purpose::Evaluation).normals(100_000);
        let mean = draws.iter().sum::<f32>() / 1e5;
        let variance = draws.iter().map(|x| x * x).sum::<f32>() / 1e5;
        assert!(mean.abs() < 0.015 && (variance - 1.0).abs() < 0.02, "mean {mean}, variance {variance}");
    }

    #[test]
    fn a_permutation_holds_every_number_once() {
        let mut order = Stream::new(1, Purpose::Data).permutation(1000);
        order.sort_unstable();
        assert!(order.iter().enumerate().all(|(i, &n)| i == n as usize));
    }
}
