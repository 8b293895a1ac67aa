//! What generators imitate: toy distributions with exact densities, and images.

mod cifar;
mod cursor;
pub mod density;
mod format;
mod idx;
mod images;
mod named;
pub mod pixel;
mod points;
pub mod shapes;
mod supply;
mod toy;

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use cursor::{Cursor, CursorState};
pub use density::{Density, Frame, Grid, Mode, Square};
pub use format::{Colour, Fit, ImageConfig, MAX_CLASSES};
pub use idx::{read_images, read_labels};
pub use images::ImageSet;
pub use points::{MAX_POINTS, read_points};
pub use supply::{BETWEEN_LOOKS, Supply};

use crate::error::Error;
use crate::rng::Purpose;

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
    /// Clothes, 28x28 grey (Xiao 2017); needs its file.
    #[schemars(title = "Fashion-MNIST")]
    FashionMnist,
    /// Cursive Japanese characters, 28x28 grey (Clanuwat 2018); needs its file.
    #[schemars(title = "KMNIST")]
    Kmnist,
    /// Three digits of MNIST, drawn by the seed, as the channels of one image: 1,000 modes (Metz 2017, VEEGAN); needs MNIST's file.
    #[schemars(title = "Stacked MNIST")]
    StackedMnist,
    /// Photographs of 10 things, 32x32 RGB (Krizhevsky 2009); needs its files.
    #[schemars(title = "CIFAR-10")]
    Cifar10,
    /// Photographs of 100 things, 32x32 RGB (Krizhevsky 2009); needs its file.
    #[schemars(title = "CIFAR-100")]
    Cifar100,
    /// Drawn figures, grey: 5 of them at 4 places, small or large, filled or not, a little turned; 80 modes.
    #[schemars(title = "Shapes")]
    Shapes,
    /// Your own images, from a folder or a zip.
    #[schemars(title = "Your images")]
    Images,
}

impl DataKind {
    /// Whether a sample is an image; otherwise it is a point.
    pub fn is_images(self) -> bool {
        use DataKind::{Cifar10, Cifar100, FashionMnist, Images, Kmnist, Mnist, Shapes, StackedMnist};
        matches!(self, Mnist | FashionMnist | Kmnist | StackedMnist | Cifar10 | Cifar100 | Shapes | Images)
    }

    /// Shape of one sample: `[1]` on the line, `[2]` in the plane, or `[channels, height, width]`; `image` says what a person's own images become.
    pub fn sample_shape(self, image: &ImageConfig) -> Vec<usize> {
        match self {
            Self::Mnist | Self::FashionMnist | Self::Kmnist => vec![1, 28, 28],
            Self::StackedMnist => vec![3, 28, 28],
            Self::Cifar10 | Self::Cifar100 => cifar::SHAPE.to_vec(),
            Self::Shapes => vec![1, image.resolution, image.resolution],
            Self::Images => image.shape().to_vec(),
            Self::Gaussian1d | Self::Bimodal1d => vec![1],
            _ => vec![2],
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
            Self::Mnist | Self::FashionMnist | Self::Kmnist | Self::StackedMnist => return None,
            Self::Cifar10 | Self::Cifar100 | Self::Shapes | Self::Images => return None,
        })
    }

    /// Classes of its samples; 1 where there is nothing to tell apart. Those of a person's own images stand in their config.
    pub fn classes(self) -> usize {
        match self {
            Self::Mnist | Self::FashionMnist | Self::Kmnist | Self::Cifar10 => 10,
            Self::Cifar100 => 100,
            Self::StackedMnist => 1000,
            Self::Shapes => shapes::Figure::ALL.len(),
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
    /// Images.
    Images(DataKind, ImageSet),
}

impl Dataset {
    /// Which data set it is.
    pub fn kind(&self) -> DataKind {
        match self {
            Self::Points(kind, ..) | Self::Images(kind, _) => *kind,
        }
    }

    /// Shape of one sample.
    pub fn shape(&self) -> &[usize] {
        match self {
            Self::Points(_, density, _) => &[1, 2][density.dim() - 1..density.dim()],
            Self::Images(_, images) => images.shape(),
        }
    }

    /// How many images there are; none of points.
    pub fn count(&self) -> usize {
        match self {
            Self::Points(..) => 0,
            Self::Images(_, images) => images.len(),
        }
    }

    /// Whether each sample comes with its class.
    pub fn has_labels(&self) -> bool {
        match self {
            Self::Points(..) => true,
            Self::Images(_, images) => images.has_labels(),
        }
    }

    /// What went wrong while samples were drawn: only with images that are too many for memory.
    pub fn failure(&self) -> Option<Error> {
        match self {
            Self::Points(..) => None,
            Self::Images(_, images) => images.failure(),
        }
    }

    /// What was lost of images that are too many for memory, before it is needed.
    pub fn lost(&self) -> Option<Error> {
        match self {
            Self::Points(..) => None,
            Self::Images(_, images) => images.lost(),
        }
    }

    /// How long images were waited for, in all, where they are made as they are needed.
    pub fn waited(&self) -> Duration {
        match self {
            Self::Points(..) => Duration::ZERO,
            Self::Images(_, images) => images.waited(),
        }
    }

    /// Whether its images are made by somebody else as they are needed.
    pub fn is_supplied(&self) -> bool {
        matches!(self, Self::Images(_, images) if images.is_supplied())
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

    /// Flips each image of a batch left to right with probability ½, by the cursor's stream; points stay as they are.
    pub fn mirror(&self, samples: &mut [f32], cursor: &mut Cursor) {
        if let Self::Images(_, images) = self {
            images.mirror(samples, cursor);
        }
    }

    /// Adds the next sample where its class is wanted; others cost no pixels.
    pub fn pick(&self, batch: &mut Batch, cursor: &mut Cursor, mut wanted: impl FnMut(u32) -> bool) {
        match self {
            Self::Points(..) => {
                let one = self.batch(1, cursor);
                if one.labels.first().is_some_and(|&label| wanted(label)) {
                    batch.samples.extend(one.samples);
                    batch.labels.extend(one.labels);
                }
            }
            Self::Images(_, images) => images.pick(batch, cursor, wanted),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toys_are_all_data_sets_that_need_nothing_but_their_name() {
        let schema = schemars::schema_for!(DataKind).to_value();
        let named: Vec<&str> =
            schema["oneOf"].as_array().expect("variants").iter().filter_map(|variant| variant["const"].as_str()).collect();
        let kind = |name: &str| serde_json::from_value::<DataKind>(name.into()).expect("a variant's name");
        let toys: Vec<String> = DataKind::toys().map(DataKind::name).collect();
        assert!(named.iter().filter(|name| **name != "points" && !kind(name).is_images()).eq(toys.iter()), "{named:?} and {toys:?}");
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
