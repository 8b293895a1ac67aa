//! What generators imitate: toy distributions with exact densities, and images.

pub mod density;
mod idx;
mod images;
mod toy;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use density::GaussianMixture;
pub use images::ImageSet;

use crate::error::{Error, Result};
use crate::rng::{Purpose, Stream, StreamState};

/// The data sets there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum DataKind {
    /// 8 Gaussians on the unit circle, σ .01 (VEEGAN, PacGAN).
    Ring8,
    /// 25 Gaussians on the grid {−4, −2, 0, 2, 4}², σ .05 (VEEGAN, PacGAN).
    Grid25,
    /// Handwritten digits, 28x28 grey (LeCun 1998); needs its file.
    Mnist,
}

impl DataKind {
    /// Whether a sample is an image; otherwise it is a point.
    pub fn is_images(self) -> bool {
        matches!(self, Self::Mnist)
    }

    /// Shape of one sample: `[2]`, or `[channels, height, width]`.
    pub fn sample_shape(self) -> &'static [usize] {
        match self {
            Self::Ring8 | Self::Grid25 => &[2],
            Self::Mnist => &[1, 28, 28],
        }
    }

    /// Classes of the samples; 1 where there is nothing to tell apart.
    pub fn classes(self) -> usize {
        match self {
            Self::Ring8 | Self::Grid25 => self.density().map_or(1, |density| density.modes.len()),
            Self::Mnist => 10,
        }
    }

    /// The exact distribution, where there is one.
    pub fn density(self) -> Option<GaussianMixture> {
        match self {
            Self::Ring8 => Some(toy::ring8()),
            Self::Grid25 => Some(toy::grid25()),
            Self::Mnist => None,
        }
    }

    /// Data units per network unit. Networks see points at unit standard deviation, so one preset's rates fit every toy; pixels lie in −1..1 already.
    pub fn scale(self) -> f32 {
        self.density().map_or(1.0, |density| density.std() as f32)
    }
}

/// A data set, ready to give batches.
#[derive(Debug, Clone)]
pub enum Dataset {
    /// Points from an exact distribution.
    Points(DataKind, GaussianMixture),
    /// Images held in memory.
    Images(DataKind, ImageSet),
}

impl Dataset {
    /// A data set that needs no file.
    pub fn builtin(kind: DataKind) -> Option<Self> {
        kind.density().map(|density| Self::Points(kind, density))
    }

    /// MNIST from the bytes of `train-images-idx3-ubyte`, gzipped or not; `file` names it in errors.
    pub fn mnist(file: &str, bytes: &[u8]) -> Result<Self> {
        let images = idx::read_images(file, bytes)?;
        if images.shape() != DataKind::Mnist.sample_shape() {
            let [_, height, width] = images.shape();
            return Err(Error::file(file, format!("MNIST images are 28x28; these are {height}x{width}")));
        }
        Ok(Self::Images(DataKind::Mnist, images))
    }

    /// Which data set it is.
    pub fn kind(&self) -> DataKind {
        match self {
            Self::Points(kind, _) | Self::Images(kind, _) => *kind,
        }
    }

    /// Shape of one sample.
    pub fn shape(&self) -> &'static [usize] {
        self.kind().sample_shape()
    }

    /// Whether each sample comes with its class.
    pub fn has_labels(&self) -> bool {
        matches!(self, Self::Points(..))
    }

    /// The next `count` samples in network units.
    pub fn batch(&self, count: usize, cursor: &mut Cursor) -> Batch {
        match self {
            Self::Points(kind, density) => {
                let scale = kind.scale();
                let (points, labels) = density.sample(count, &mut cursor.stream);
                Batch { samples: points.into_iter().map(|x| x / scale).collect(), labels }
            }
            Self::Images(_, images) => Batch { samples: images.batch(count, cursor), labels: Vec::new() },
        }
    }

    /// `count` samples to look at, in data units: the same for the same seed, whatever is trained meanwhile.
    pub fn reals(&self, count: usize, seed: u64) -> Vec<f32> {
        let mut cursor = Cursor::new(seed, Purpose::Evaluation);
        let scale = self.kind().scale();
        self.batch(count, &mut cursor).samples.into_iter().map(|x| x * scale).collect()
    }
}

/// Samples with their classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Row after row, in network units.
    pub samples: Vec<f32>,
    /// The class of each; empty where the data do not know it.
    pub labels: Vec<u32>,
}

/// Where a reader stands in a data set: its random stream, and how many images of the shuffled epochs it has read.
#[derive(Debug, Clone)]
pub struct Cursor {
    seed: u64,
    stream: Stream,
    read: u64,
    /// The order of the epoch that is being read; made anew from its number when missing.
    epoch: Option<(u64, Vec<u32>)>,
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
        Self { seed, stream: Stream::new(seed, purpose), read: 0, epoch: None }
    }

    /// Its position as plain data.
    pub fn state(&self) -> CursorState {
        CursorState { stream: self.stream.state(self.seed), read: self.read }
    }

    /// At a saved position.
    pub fn at(seed: u64, state: CursorState) -> Self {
        Self { seed, stream: Stream::at(state.stream), read: state.read, epoch: None }
    }

    /// The index of the next of `count` items: each once per epoch, in an order that is a function of seed and epoch.
    fn next_index(&mut self, count: usize) -> usize {
        let (epoch, place) = (self.read / count as u64, (self.read % count as u64) as usize);
        self.read += 1;
        let current = self.epoch.take().filter(|(number, _)| *number == epoch);
        let (_, order) = self.epoch.insert(current.unwrap_or_else(|| {
            let seed_of_epoch = self.seed.wrapping_add(epoch.wrapping_mul(0x9E37_79B9_7F4A_7C15)); // 2⁶⁴/φ: epochs of near seeds do not meet
            (epoch, Stream::new(seed_of_epoch, Purpose::Data).permutation(count))
        }));
        order[place] as usize
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
    fn a_saved_cursor_reads_on_in_the_middle_of_an_epoch() {
        let mut cursor = Cursor::new(5, Purpose::Data);
        (0..150).for_each(|_| _ = cursor.next_index(100));
        let mut resumed = Cursor::at(5, cursor.state());
        assert!((0..120).all(|_| cursor.next_index(100) == resumed.next_index(100)));
    }

    #[test]
    fn points_reach_the_networks_at_unit_standard_deviation() {
        for kind in [DataKind::Ring8, DataKind::Grid25] {
            let data = Dataset::builtin(kind).expect("a toy");
            let batch = data.batch(20_000, &mut Cursor::new(1, Purpose::Data)).samples;
            let variance = batch.iter().map(|x| x * x).sum::<f32>() / batch.len() as f32;
            assert!((variance - 1.0).abs() < 0.02, "{kind:?}: {variance}");
        }
    }
}
