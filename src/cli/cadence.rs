//! When things are due, in images seen, and how many steps to train at a time.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

/// Something that happens each time another `every` images have been seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cadence {
    every: u64,
}

impl Cadence {
    /// Every so many thousand images, at least every single one.
    pub fn kimg(kimg: f64) -> Self {
        Self { every: ((kimg * 1000.0).round() as u64).max(1) }
    }

    /// About `times` a run, at a round number of thousand images.
    pub fn times_a_run(times: u64, total_images: u64) -> Self {
        let wanted = (total_images / times / 1000).max(1);
        let power = 10_u64.pow(wanted.ilog10());
        let round = [5, 2, 1].into_iter().map(|digit| digit * power).find(|&kimg| kimg <= wanted).expect("1 times the power is not above");
        Self { every: round * 1000 }
    }

    /// Whether it is due at `after` images, having stood at `before`.
    pub fn is_due(self, before: u64, after: u64) -> bool {
        before / self.every != after / self.every
    }

    /// Steps of `batch` images until it is due.
    pub fn steps_left(self, images: u64, batch: u64) -> u64 {
        (self.every - images % self.every).div_ceil(batch)
    }
}

/// In thousands of images.
impl Display for Cadence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} kimg", self.every as f64 / 1000.0)
    }
}

/// Chooses how many steps to train before looking at the clock and the keyboard again, from how long the last ones took.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    steps: u64,
}

/// Long enough to keep a device busy, short enough for Ctrl-C.
const CHUNK_SECS: f64 = 0.3;

impl Pace {
    /// Begins with a single step.
    pub fn new() -> Self {
        Self { steps: 1 }
    }

    /// How many steps now.
    pub fn steps(self) -> u64 {
        self.steps
    }

    /// Learns from `steps` that took `elapsed`.
    pub fn learn(&mut self, steps: u64, elapsed: Duration) {
        let wanted = steps as f64 * CHUNK_SECS / elapsed.as_secs_f64().max(1e-6);
        self.steps = (wanted as u64).clamp(1, 2 * self.steps);
    }
}

/// What is due when, and what is kept.
#[derive(Debug, Clone, Copy)]
pub struct Cadences {
    /// A line of stats.jsonl.
    pub stats: Cadence,
    /// A line of metrics.jsonl.
    pub metrics: Cadence,
    /// A picture.
    pub snapshot: Cadence,
    /// A checkpoint; whatever is the best so far has one, too.
    pub checkpoint: Cadence,
    /// How many checkpoints stay, the newest.
    pub keep: usize,
    /// Whether TensorBoard's event file is written from the start; one that is there is always gone on with.
    pub tensorboard: bool,
    /// Whether a run that diverges is rolled back, once.
    pub rollback: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cadence_is_due_at_the_first_step_that_reaches_it() {
        let cadence = Cadence::kimg(1.0);
        assert_eq!(cadence.steps_left(0, 256), 4);
        assert_eq!(cadence.steps_left(1024, 256), 4); // to 2048
        assert!(!cadence.is_due(512, 768) && cadence.is_due(768, 1024) && cadence.is_due(900, 5000));
        assert_eq!(Cadence::kimg(1.0).steps_left(1000, 1), 1000);
    }

    #[test]
    fn about_twenty_a_run_falls_on_round_numbers() {
        for (kimg, every) in [(2048, 100), (4096, 200), (600, 20), (25_000, 1000), (3, 1)] {
            assert_eq!(Cadence::times_a_run(20, kimg * 1000), Cadence::kimg(every as f64), "{kimg}");
        }
    }

    #[test]
    fn the_pace_settles_at_a_third_of_a_second() {
        let mut pace = Pace::new();
        for _ in 0..12 {
            pace.learn(pace.steps(), Duration::from_millis(2 * pace.steps()));
        }
        assert_eq!(pace.steps(), 150);
        pace.learn(150, Duration::from_secs(60));
        assert_eq!(pace.steps(), 1);
    }
}
