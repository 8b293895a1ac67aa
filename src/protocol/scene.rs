//! What data look like before anything is trained.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::config::TrainConfig;
use crate::data::{Mode, Square};
use crate::rng::{Purpose, Stream};

/// Samples in the picture of a data set.
const THUMBNAIL_POINTS: usize = 128;

/// A rectangle of the plane, in data units.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct View {
    /// Left edge.
    pub x_min: f32,
    /// Right edge.
    pub x_max: f32,
    /// Lower edge.
    pub y_min: f32,
    /// Upper edge.
    pub y_max: f32,
}

/// What a data set of points looks like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Scene {
    /// A square that shows all of it with room around.
    pub view: View,
    /// Numbers in a sample: 1 or 2.
    pub dim: usize,
    /// Its modes, where it is made of some.
    pub modes: Option<Vec<Mode>>,
    /// Some of its samples, for a small picture; on the line y is 0.
    pub points: Vec<[f32; 2]>,
}

impl Scene {
    /// Of a config; none for images.
    pub fn of(config: &TrainConfig) -> Option<Self> {
        let density = config.density()?;
        let Square { centre: [x, y], half } = config.view()?;
        let view = View { x_min: (x - half) as f32, x_max: (x + half) as f32, y_min: (y - half) as f32, y_max: (y + half) as f32 };
        let (samples, _) = density.sample(THUMBNAIL_POINTS, &mut Stream::new(0, Purpose::Evaluation));
        // Rounded to what a picture shows, which makes them short as text.
        let digits = 10f32.powi(3 - half.log10().ceil() as i32);
        let short = |x: f32| (x * digits).round() / digits;
        let points =
            samples.chunks_exact(density.dim()).map(|sample| [short(sample[0]), sample.get(1).map_or(0.0, |&y| short(y))]).collect();
        Some(Self { view, dim: density.dim(), modes: density.modes().map(<[Mode]>::to_vec), points })
    }
}
