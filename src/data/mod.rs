//! What generators imitate: toy distributions with exact densities, and images.

pub mod density;
mod idx;
mod images;
mod points;
mod toy;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use density::{Density, Frame, Grid, Mode, Square};
pub use images::ImageSet;
pub use points::{MAX_POINTS, read_points};

use crate::error::{Error, Result};
use crate::rng::{Purpose, Stream, StreamState};

/// The data sets there are; `docs/data.md` has their formulas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum DataKind {
    /// 8 Gaussians on the unit circle, σ .01 (VEEGAN, PacGAN).
    #[schemars(title = "Ring of 8")]
    Ring8,
    /// 25 Gaussians on the grid {−4, −2, 0, 2, 4}², σ .05 (VEEGAN, PacGAN).
    #[schemars(title = "Grid of 25")]
    Grid25,
    /// A short line with noise of .01 (GAN Lab).
    #[schemars(title = "Line")]
    Line,
    /// Two Gaussians of different shape (GAN Lab).
    #[schemars(title = "Two Gaussians")]
    TwoGaussians,
    /// An ellipse with noise of .025 (GAN Lab).
    #[schemars(title = "Ring")]
    Ring,
    /// Three blobs far from one another (GAN Lab).
    #[schemars(title = "Disjoint")]
    Disjoint,
    /// Two half circles that reach into each other, noise of .05 (scikit-learn).
    #[schemars(title = "Moons")]
    Moons,
    /// Two arms of a spiral, noise of .02.
    #[schemars(title = "Spiral")]
    Spiral,
    /// The section of the Swiss roll, noise of .05 (scikit-learn).
    #[schemars(title = "Swiss roll")]
    SwissRoll,
    /// Uniform on the 8 dark squares of a 4x4 board.
    #[schemars(title = "Checkerboard")]
    Checkerboard,
    /// Five twisted arms (Johnson 2016).
    #[schemars(title = "Pinwheel")]
    Pinwheel,
    /// Half the samples wide, half on a spot: σ .5 and .05.
    #[schemars(title = "Two scales")]
    TwoScale,
    /// N(2, .5²) on the line: one number a sample.
    #[schemars(title = "Gaussian, 1-D")]
    Gaussian1d,
    /// .3 N(−1, .2²) + .7 N(1, .4²) on the line.
    #[schemars(title = "Two modes, 1-D")]
    Bimodal1d,
    /// Your own points, drawn or from a CSV file, each a small Gaussian.
    #[schemars(title = "Your points")]
    Points,
    /// Handwritten digits, 28x28 grey (LeCun 1998); needs its file.
    #[schemars(title = "MNIST")]
    Mnist,
}

impl DataKind {
    /// Whether a sample is an image; otherwise it is a point.
    pub fn is_images(self) -> bool {
        matches!(self, Self::Mnist)
    }

    /// Shape of one sample: `[1]` on the line, `[2]` in the plane, or `[channels, height, width]`.
    pub fn sample_shape(self) -> &'static [usize] {
        match self {
            Self::Mnist => &[1, 28, 28],
            Self::Gaussian1d | Self::Bimodal1d => &[1],
            _ => &[2],
        }
    }

    /// The exact distribution, where there is one; `points` are those of a person's own data and nothing to all others.
    pub fn density(self, points: &[[f32; 2]]) -> Option<Density> {
        Some(match self {
            Self::Ring8 => toy::ring8(),
            Self::Grid25 => toy::grid25(),
            Self::Line => toy::line(),
            Self::TwoGaussians => toy::two_gaussians(),
            Self::Ring => toy::ring(),
            Self::Disjoint => toy::disjoint(),
            Self::Moons => toy::moons(),
            Self::Spiral => toy::spiral(),
            Self::SwissRoll => toy::swiss_roll(),
            Self::Checkerboard => toy::checkerboard(),
            Self::Pinwheel => toy::pinwheel(),
            Self::TwoScale => toy::two_scale(),
            Self::Gaussian1d => toy::gaussian_1d(),
            Self::Bimodal1d => toy::bimodal_1d(),
            Self::Points => toy::points(points),
            Self::Mnist => return None,
        })
    }

    /// Classes of its samples; 1 where there is nothing to tell apart.
    pub fn classes(self) -> usize {
        match self {
            Self::Mnist => 10,
            _ => self.density(&[]).map_or(1, |density| density.classes()),
        }
    }

    /// The data sets that need nothing but their name, in the order of their declaration.
    pub fn toys() -> impl Iterator<Item = Self> {
        use DataKind::{
            Bimodal1d, Checkerboard, Disjoint, Gaussian1d, Grid25, Line, Moons, Pinwheel, Ring, Ring8, Spiral, SwissRoll, TwoGaussians,
            TwoScale,
        };
        [
            Ring8,
            Grid25,
            Line,
            TwoGaussians,
            Ring,
            Disjoint,
            Moons,
            Spiral,
            SwissRoll,
            Checkerboard,
            Pinwheel,
            TwoScale,
            Gaussian1d,
            Bimodal1d,
        ]
        .into_iter()
    }

    /// What the command line and files call it.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(String::from)).expect("a data kind's JSON is its name")
    }
}

/// A data set, ready to give batches.
#[derive(Debug, Clone)]
pub enum Dataset {
    /// Points from an exact distribution, and where it lies.
    Points(DataKind, Density, Frame),
    /// Images held in memory.
    Images(DataKind, ImageSet),
}

impl Dataset {
    /// MNIST from the bytes of `train-images-idx3-ubyte` and, if there are any, of `train-labels-idx1-ubyte`, gzipped or not; each comes with the name it has in errors.
    pub fn mnist((file, bytes): (&str, &[u8]), labels: Option<(&str, &[u8])>) -> Result<Self> {
        let images = idx::read_images(file, bytes)?;
        if images.shape() != DataKind::Mnist.sample_shape() {
            let [_, height, width] = images.shape();
            return Err(Error::file(file, format!("MNIST images are 28x28; these are {height}x{width}")));
        }
        let Some((file, bytes)) = labels else { return Ok(Self::Images(DataKind::Mnist, images)) };
        let labels = idx::read_labels(file, bytes)?;
        if labels.len() != images.len() {
            return Err(Error::file(file, format!("holds {} labels for {} images", labels.len(), images.len())));
        }
        if let Some(label) = labels.iter().find(|&&label| usize::from(label) >= DataKind::Mnist.classes()) {
            return Err(Error::file(file, format!("holds the label {label}; MNIST has 0 to 9")));
        }
        Ok(Self::Images(DataKind::Mnist, images.labelled(labels)))
    }

    /// Which data set it is.
    pub fn kind(&self) -> DataKind {
        match self {
            Self::Points(kind, ..) | Self::Images(kind, _) => *kind,
        }
    }

    /// Shape of one sample.
    pub fn shape(&self) -> &'static [usize] {
        self.kind().sample_shape()
    }

    /// Whether each sample comes with its class.
    pub fn has_labels(&self) -> bool {
        match self {
            Self::Points(..) => true,
            Self::Images(_, images) => images.has_labels(),
        }
    }

    /// Where the samples lie.
    pub fn frame(&self) -> Frame {
        match self {
            Self::Points(.., frame) => *frame,
            Self::Images(..) => Frame::IDENTITY,
        }
    }

    /// The next `count` samples in network units.
    pub fn batch(&self, count: usize, cursor: &mut Cursor) -> Batch {
        let mut batch = Batch::default();
        self.fill(&mut batch, count, cursor);
        batch
    }

    /// The same in the memory of an earlier batch.
    pub fn fill(&self, batch: &mut Batch, count: usize, cursor: &mut Cursor) {
        batch.samples.clear();
        batch.labels.clear();
        match self {
            Self::Points(_, density, frame) => {
                density.extend(&mut batch.samples, &mut batch.labels, count, &mut cursor.stream);
                frame.to_network(&mut batch.samples, density.dim());
            }
            Self::Images(_, images) => images.extend(batch, count, cursor),
        }
    }

    /// `count` samples to look at, in data units: the same for the same seed, whatever is trained meanwhile.
    pub fn reals(&self, count: usize, seed: u64) -> Vec<f32> {
        let mut samples = self.batch(count, &mut Cursor::new(seed, Purpose::Evaluation)).samples;
        self.frame().to_data(&mut samples, self.shape().iter().product());
        samples
    }
}

/// Samples with their classes.
#[derive(Debug, Clone, Default, PartialEq)]
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
    fn the_toys_are_all_data_sets_that_need_nothing_but_their_name() {
        let schema = schemars::schema_for!(DataKind).to_value();
        let named: Vec<&str> =
            schema["oneOf"].as_array().expect("variants").iter().filter_map(|variant| variant["const"].as_str()).collect();
        let toys: Vec<String> = DataKind::toys().map(DataKind::name).collect();
        assert!(named.iter().filter(|name| !["points", "mnist"].contains(name)).eq(toys.iter()), "{named:?} and {toys:?}");
    }

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
            let density = kind.density(&[]).expect("a toy");
            let data = Dataset::Points(kind, density.clone(), density.frame());
            let batch = data.batch(20_000, &mut Cursor::new(1, Purpose::Data)).samples;
            let variance = batch.iter().map(|x| x * x).sum::<f32>() / batch.len() as f32;
            assert!((variance - 1.0).abs() < 0.02, "{kind:?}: {variance}");
        }
    }
}
