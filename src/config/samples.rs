//! What the samples of a run are: a question of its data, and of what a person's own images become.

use super::TrainConfig;
use crate::data::DataKind;

impl TrainConfig {
    /// Shape of one sample: `[1]` on the line, `[2]` in the plane, or `[channels, height, width]`.
    pub fn sample_shape(&self) -> Vec<usize> {
        self.data.sample_shape(&self.image)
    }

    /// Classes that the data tell apart, whether the game uses them or not.
    pub fn data_classes(&self) -> usize {
        if self.data == DataKind::Images { self.image.classes } else { self.data.classes() }
    }
}
