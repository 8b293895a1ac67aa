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
    /// Data units per unit that the networks see: the root mean square deviation of a coordinate, before a mode was moved.
    pub unit: f32,
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
        let modes = density.modes().map(<[Mode]>::to_vec);
        Some(Self { view, dim: density.dim(), modes, unit: config.frame().scale, points })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataKind;

    fn unit(config: &TrainConfig) -> f64 {
        Scene::of(config).expect("points").unit.into()
    }

    #[test]
    fn the_unit_is_the_spread_of_the_data_wherever_modes_were_moved_since() {
        let toy = |data: DataKind| TrainConfig { data, ..TrainConfig::default() };
        let own = |points: &[[f32; 2]]| TrainConfig { points: points.to_vec(), ..toy(DataKind::Points) };
        let moved = TrainConfig { moved: vec![(0, 3.0, 3.0)], ..toy(DataKind::Ring8) };
        let ring = ((1.0f64 + 2.0 * 0.01 * 0.01) / 2.0).sqrt();
        let cases = [
            (toy(DataKind::Ring8), ring),
            (moved, ring),
            (toy(DataKind::Grid25), (8.0f64 + 0.05 * 0.05).sqrt()),
            // On the line one coordinate: .3 at −1 ± .2 and .7 at 1 ± .4, around the mean .4.
            (toy(DataKind::Bimodal1d), (0.3f64 * (1.96 + 0.04) + 0.7 * (0.36 + 0.16)).sqrt()),
            (own(&[[-3.0, 0.0], [3.0, 0.0], [0.0, 3.0], [0.0, -3.0]]), (4.5f64 * (1.0 + 0.03 * 0.03)).sqrt()),
            (own(&[[5.0, 5.0]]), 0.03),
        ];
        for (config, expected) in cases {
            assert!((unit(&config) / expected - 1.0).abs() < 1e-6, "{}: {} for {expected}", config.data.name(), unit(&config));
        }
    }
}
