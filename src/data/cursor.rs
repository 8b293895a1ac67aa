//! Where a reader stands in a data set.

use serde::{Deserialize, Serialize};

use crate::rng::{Purpose, Stream, StreamState};

/// Where a reader stands in a data set: its random stream, and how many images of the shuffled epochs it has read.
#[derive(Debug, Clone)]
pub struct Cursor {
    seed: u64,
    pub(super) stream: Stream,
    read: u64,
    /// The order of the epoch that is being read, and of the next one where images are wanted ahead; made anew from their numbers when missing.
    orders: Vec<(u64, Vec<u32>)>,
}

/// A cursor as plain data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CursorState {
    stream: StreamState,
    read: u64,
}

impl Cursor {
    /// At the beginning.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        Self { seed, stream: Stream::new(seed, purpose), read: 0, orders: Vec::new() }
    }

    /// Its position as plain data.
    pub fn state(&self) -> CursorState {
        CursorState { stream: self.stream.state(self.seed), read: self.read }
    }

    /// At a saved position.
    pub fn at(seed: u64, state: CursorState) -> Self {
        Self { seed, stream: Stream::at(state.stream), read: state.read, orders: Vec::new() }
    }

    /// The index of the next of `count` items: each once per epoch, in an order that is a function of seed and epoch.
    pub(super) fn next_index(&mut self, count: usize) -> usize {
        self.read += 1;
        self.index_at(self.read - 1, count)
    }

    /// The indices that come next, beyond the end of the epoch if need be.
    pub(super) fn ahead(&mut self, count: usize, most: usize) -> Vec<u32> {
        (self.read..self.read + most as u64).map(|read| self.index_at(read, count) as u32).collect()
    }

    /// The index that is read when so many have been.
    fn index_at(&mut self, read: u64, count: usize) -> usize {
        let (epoch, place) = (read / count as u64, (read % count as u64) as usize);
        let known = self.orders.iter().position(|(number, _)| *number == epoch);
        let known = known.unwrap_or_else(|| {
            let seed_of_epoch = self.seed.wrapping_add(epoch.wrapping_mul(0x9E37_79B9_7F4A_7C15)); // 2⁶⁴/φ: epochs of near seeds do not meet
            self.orders.retain(|(number, _)| number + 1 == epoch);
            self.orders.push((epoch, Stream::new(seed_of_epoch, Purpose::Data).permutation(count)));
            self.orders.len() - 1
        });
        self.orders[known].1[place] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_reads_every_image_once_and_the_next_one_in_another_order() {
        let mut cursor = Cursor::new(5, Purpose::Data);
        let mut epoch = || (0..100).map(|_| cursor.next_index(100)).collect::<Vec<_>>();
        let (first, second) = (epoch(), epoch());
        assert_ne!(first, second);
        for mut order in [first, second] {
            order.sort_unstable();
            assert!(order.into_iter().eq(0..100));
        }
    }

    #[test]
    fn what_comes_next_is_known_across_epochs_and_looking_ahead_moves_nothing() {
        let mut cursor = Cursor::new(5, Purpose::Data);
        let mut looking = cursor.clone();
        for _ in 0..25 {
            let ahead: Vec<usize> = looking.ahead(10, 24).into_iter().map(|index| index as usize).collect();
            let next: Vec<usize> = (0..24).map(|_| cursor.next_index(10)).collect();
            assert_eq!(ahead, next);
            (0..24).for_each(|_| _ = looking.next_index(10));
        }
    }

    #[test]
    fn a_saved_cursor_reads_on_in_the_middle_of_an_epoch() {
        let mut cursor = Cursor::new(5, Purpose::Data);
        (0..150).for_each(|_| _ = cursor.next_index(100));
        let mut resumed = Cursor::at(5, cursor.state());
        assert!((0..120).all(|_| cursor.next_index(100) == resumed.next_index(100)));
    }
}
