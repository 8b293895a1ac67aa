//! Several processes that train one game together (data parallel): each learns from its part of every batch, and all move by the mean of their gradients.
//!
//! With N processes of batch B/N each, (1/N) Σₖ ∇L(part k) = ∇L(whole batch) wherever L is a mean over samples. All of them draw the same numbers from the same streams and
//! keep their own rows, so that together they see what one process sees; and as the mean has the same bits everywhere, so have the players after every step.

#[cfg(test)]
pub mod threads;

use std::fmt::{Debug, Display};
use std::ops::Range;
use std::sync::Arc;

use burn::tensor::Tensor;

use crate::device::vector;
use crate::error::Error;

/// The processes. Each calls the same methods in the same order.
pub trait Team: Debug + Send + Sync {
    /// This process, from 0; the first is the one that writes files.
    fn rank(&self) -> usize;

    /// How many there are.
    fn size(&self) -> usize;

    /// This process among those of its machine, from 0.
    fn place(&self) -> usize;

    /// Replaces numbers by their mean over all processes: as many in each, and the same bits in each.
    fn average(&self, numbers: &mut [f32]);

    /// Replaces a message by that of the first process.
    fn broadcast(&self, message: &mut Vec<u8>);

    /// The numbers of a tensor, for which this thread waits: where gradients are shared, a step reads.
    fn read(&self, numbers: Tensor<1>) -> Vec<f32>;

    /// Says why this process cannot go on, and ends all: the others would wait for it in vain.
    fn give_up(&self, why: &dyn Display) -> !;
}

/// The part of every batch that a process learns from.
#[derive(Debug, Clone)]
pub struct Part(Option<Arc<dyn Team>>);

/// All of it: a process that trains alone.
pub static WHOLE: Part = Part(None);

impl Part {
    /// That of this process in a team.
    pub fn of(team: Arc<dyn Team>) -> Self {
        Self(Some(team))
    }

    /// Whether it is the whole batch.
    pub fn is_whole(&self) -> bool {
        self.size() == 1
    }

    /// Processes that share a batch.
    pub fn size(&self) -> usize {
        self.0.as_ref().map_or(1, |team| team.size())
    }

    /// Which of the processes of its machine this is, from 0; none where it trains alone.
    pub fn place(&self) -> Option<usize> {
        self.0.as_ref().map(|team| team.place())
    }

    /// Samples of it, of a whole batch of so many.
    pub fn rows(&self, batch: usize) -> usize {
        batch / self.size()
    }

    /// Which of so many things that were drawn for a whole batch are its own.
    pub fn own(&self, count: usize) -> Range<usize> {
        let (rank, own) = (self.0.as_ref().map_or(0, |team| team.rank()), self.rows(count));
        rank * own..(rank + 1) * own
    }

    /// Keeps the own rows of what was drawn for a whole batch, row after row.
    pub fn keep<T>(&self, numbers: &mut Vec<T>) {
        let Range { start, end } = self.own(numbers.len());
        numbers.truncate(end);
        numbers.drain(..start);
    }

    /// Replaces numbers by their mean over all processes.
    pub fn average(&self, numbers: &mut [f32]) {
        if let Some(team) = &self.0 {
            team.average(numbers);
        }
    }

    /// Whether something is so in any process.
    pub fn any(&self, is_so: bool) -> bool {
        let mut share = [f32::from(u8::from(is_so))];
        self.average(&mut share);
        share[0] > 0.0
    }

    /// An error in the middle of a step, where the others cannot follow: it ends all processes.
    pub fn broken(&self, error: Error) -> Error {
        match &self.0 {
            Some(team) => team.give_up(&error),
            None => error,
        }
    }

    /// The mean of a gradient over all processes; alone nothing is read.
    pub fn averaged(&self, gradient: Tensor<1>) -> Tensor<1> {
        let Some(team) = &self.0 else { return gradient };
        let device = gradient.device();
        let mut numbers = team.read(gradient);
        team.average(&mut numbers);
        vector(numbers, &device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_keeps_its_own_rows_and_all_have_the_mean() {
        let kept = threads::together(3, |team| {
            let part = Part::of(team);
            let mut rows: Vec<u32> = (0..12).collect(); // six rows of two
            part.keep(&mut rows);
            let mut numbers = [rows[0] as f32, 1.0];
            part.average(&mut numbers);
            (rows, numbers, part.rows(6), [part.any(part.own(3).contains(&1)), part.any(false)])
        });
        let expected = |rows: [u32; 4]| (rows.to_vec(), [4.0, 1.0], 2, [true, false]);
        assert_eq!(kept, [expected([0, 1, 2, 3]), expected([4, 5, 6, 7]), expected([8, 9, 10, 11])]);
    }

    #[test]
    fn alone_everything_stays_as_it_is() {
        let (mut rows, mut numbers) = (vec![1, 2, 3], [1.5]);
        WHOLE.keep(&mut rows);
        WHOLE.average(&mut numbers);
        assert_eq!((rows, numbers, WHOLE.rows(3), WHOLE.is_whole()), (vec![1, 2, 3], [1.5], 3, true));
    }
}
