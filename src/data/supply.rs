//! Images that are too many for memory: they are made as they are needed, by somebody who is told in time which ones will be.

use std::fmt::Debug;
use std::time::Duration;

use crate::error::Error;

/// Bytes of images that are wanted ahead of their use: so many that a supply with several workers never waits for the one who says it.
const AHEAD_BYTES: usize = 256 << 20;
/// Images that are wanted ahead, at most: beyond, saying so costs more than it brings.
const MOST_AHEAD: usize = 1024;

/// Images that may be taken between two looks at what was lost, so that most losses are met before a blank image is.
pub const BETWEEN_LOOKS: u64 = (MOST_AHEAD / 2) as u64;

/// Where such images come from.
pub trait Supply: Debug + Send + Sync {
    /// These are wanted next, in this order; all others may be forgotten.
    fn expect(&self, next: &[u32]);

    /// The bytes of an image, `[channels, height, width]`; blank ones where it cannot be had any more, and [`Supply::failure`] says why.
    fn pixels(&self, index: usize) -> Vec<u8>;

    /// What went wrong, once a blank image was given; a run that has learnt from one must not go on.
    fn failure(&self) -> Option<Error>;

    /// What went wrong with an image that may not have been needed yet: while [`Supply::failure`] has nothing, all that was learnt is whole.
    fn lost(&self) -> Option<Error>;

    /// How long images were waited for, in all.
    fn waited(&self) -> Duration {
        Duration::ZERO
    }

    /// The checksum of an image's bytes, as it was when the run began.
    fn checksum(&self, index: usize) -> u32;
}

/// How many images of so many bytes are wanted ahead of the next `count`.
pub(super) fn window(count: usize, bytes: usize) -> usize {
    count + (AHEAD_BYTES / bytes).clamp(1, MOST_AHEAD)
}
