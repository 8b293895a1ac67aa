//! How near images are to images: statistics on what a trained network sees in them, and the distance of patches, which takes no network. `docs/metrics.md` has each with its protocol.

mod architecture;
mod classes;
mod features;
mod frechet;
mod inception;
mod kernel;
mod lenet;
mod looker;
mod near;
mod network;
mod patches;
mod pixels;
mod pyramid;
mod resnet;
mod rows;
mod score;
mod sliced;
mod training;

#[cfg(test)]
mod tests;

pub use architecture::Architecture;
pub use classes::{STACKED_CLASSES, inception_score, modes, stacked_classes};
pub use features::Features;
pub use frechet::Statistics;
pub use inception::Inception;
pub use kernel::kernel_distance;
pub use looker::{Looker, Seen};
pub use near::near;
pub use network::{Card, Learnt, Network, parse, to_bytes};
pub use patches::{Collector, PatchDistance, Patches, patch_band};
pub use pixels::{Labelled, Pixels, image_shape};
pub use rows::Rows;
pub use score::{ImageFigure, ImageScore, bands, figures};
pub use sliced::sliced_wasserstein;
pub use training::{Recipe, Training, accuracy};

/// A figure that was taken several times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation, divided by the number of times, as numpy's `std`; none where it could be taken once only.
    pub deviation: Option<f64>,
}

impl Spread {
    /// Of some figures.
    pub fn of(figures: &[f64]) -> Self {
        let count = figures.len().max(1) as f64;
        let mean = figures.iter().sum::<f64>() / count;
        let deviation = (figures.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count).sqrt();
        Self { mean, deviation: (figures.len() > 1).then_some(deviation) }
    }
}
