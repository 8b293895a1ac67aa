//! What a family of networks brings along: its shaders, where its numbers lie, and which dispatches make a turn.

use std::fmt::Debug;
use std::ops::Range;

use super::turn::Turn;

/// Samples of a block.
pub const LANES: usize = 32;
/// Threads of most workgroups.
pub const THREADS: usize = 256;

/// One player's places in `numbers`.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    /// The flat vector's length.
    pub parameters: usize,
    /// Where it begins; Adam's two moments and the gradient follow it, each as long.
    pub vector: usize,
    /// Workgroups that each leave the sum of squares of a part of the gradient.
    pub parts: usize,
}

/// Offsets and lengths, in numbers.
#[derive(Debug, Clone)]
pub struct Layout {
    /// G's and D's.
    pub players: [Numbers; 2],
    /// G's moving average in `numbers`.
    pub ema: usize,
    /// Length of `numbers`.
    pub numbers: usize,
    /// A number for each sample of D's sets, in `levels`.
    pub penalties: usize,
    /// A number for each part of a gradient, in `levels`.
    pub squares: usize,
    /// D's logits, of all its sets, in `levels`.
    pub logits: usize,
    /// The loss's derivatives in them.
    pub logit_adjoints: usize,
    /// What is 1 from the beginning, in `levels`.
    pub ones: Range<usize>,
    /// Length of `levels`.
    pub levels: usize,
    /// Latents of a sample.
    pub latent_dim: usize,
    /// Features of a sample.
    pub features: usize,
}

impl Layout {
    /// Where the numbers of both players lie; nothing of `levels` is given away yet.
    pub fn new(parameters: [usize; 2], parts: [usize; 2], [latent_dim, features]: [usize; 2]) -> Self {
        let at = |player: usize| Numbers { parameters: parameters[player], vector: player * 4 * parameters[0], parts: parts[player] };
        let ema = 4 * (parameters[0] + parameters[1]);
        Self {
            players: [at(0), at(1)],
            ema,
            numbers: ema + parameters[0],
            penalties: 0,
            squares: 0,
            logits: 0,
            logit_adjoints: 0,
            ones: 0..0,
            levels: 0,
            latent_dim,
            features,
        }
    }

    /// The next `count` of `levels`.
    pub fn take(&mut self, count: usize) -> usize {
        self.levels += count;
        self.levels - count
    }

    /// What every family needs beside its levels: for D's three sets of `blocks` blocks.
    pub fn take_common(&mut self, blocks: usize) {
        self.penalties = self.take(3 * blocks * LANES);
        self.squares = self.take(self.players[0].parts.max(self.players[1].parts));
    }

    /// Inputs of a turn with `rows` samples, at most.
    pub fn inputs(&self, rows: usize) -> usize {
        rows * (self.latent_dim + 2 * self.features + 1)
    }
}

/// One dispatch.
#[derive(Debug, Clone, Copy)]
pub struct Dispatch {
    /// Its place among [`Passes::entries`].
    pub entry: usize,
    /// Workgroups along both axes.
    pub groups: [usize; 2],
    /// Where its part of the table begins, in bytes.
    pub job: usize,
}

/// The passes of a family.
pub trait Passes: Debug + Send + Sync {
    /// Its shaders, which follow the common ones.
    fn source(&self) -> &'static str;

    /// All entry points it uses.
    fn entries(&self) -> &'static [&'static str];

    /// What binding 1 holds.
    fn table(&self) -> &[u32];

    /// Bytes of the table that a dispatch sees.
    fn seen(&self) -> usize;

    /// A turn, in order.
    fn dispatches(&self, turn: &Turn) -> Vec<Dispatch>;

    /// Workgroups along an axis, at most.
    fn most_groups(&self) -> usize;
}
