//! Images that are too many for memory: they are made as they are needed, by somebody who is told in time which ones will be.

use std::fmt::Debug;

use crate::error::Error;

/// Bytes of images that are wanted ahead of their use: so many that a supply with several workers never waits for the one who says it.
const AHEAD_BYTES: usize = 256 << 20;
/// Images that are wanted ahead, at most: beyond, saying so costs more than it brings.
const MOST_AHEAD: usize = 1024;

/// Where such images come from.
pub trait Supply: Debug + Send + Sync {
    /// These are wanted next, in this order; all others may be forgotten.
    fn expect(&self, next: &[u32]);

    /// The bytes of an image, `[channels, height, width]`; blank ones where it cannot be had any more, and [`Supply::failure`] says why.
    fn pixels(&self, index: usize) -> Vec<u8>;

    /// What went wrong; a run that has learnt from blank images must not go on.
    fn failure(&self) -> Option<Error>;
}

/// How many images of so many bytes are wanted ahead of the next `count`.
pub(super) fn window(count: usize, bytes: usize) -> usize {
    count + (AHEAD_BYTES / bytes).clamp(1, MOST_AHEAD)
}
