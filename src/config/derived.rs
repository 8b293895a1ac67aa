//! What follows from the settings: rates at a time, what the samples are, data that need no file, counts.

use super::TrainConfig;
use crate::data::{DataKind, Dataset, Density, Frame, Square};
use crate::model::Conditioning;
use crate::optim::Rates;

impl TrainConfig {
    /// The rates of G after `images` images; those of D differ by [`Self::ttur`].
    pub fn rates(&self, images: u64) -> Rates {
        Rates { lr: self.lr.at(images), beta1: self.beta1, beta2: self.beta2.at(images), weight_decay: self.weight_decay }
    }

    /// The exact distribution of the data, where there is one.
    pub fn density(&self) -> Option<Density> {
        Some(self.unmoved()?.with_modes_at(&self.moved))
    }

    /// That of the data set, before a mode was moved.
    fn unmoved(&self) -> Option<Density> {
        self.data.density(&self.points)
    }

    /// Where the data lie, and before a mode was moved: what the networks learnt keeps its units.
    pub fn frame(&self) -> Frame {
        self.unmoved().map_or(Frame::IDENTITY, |density| density.frame())
    }

    /// A square that shows the data, wherever a mode was moved to; none for images.
    pub fn view(&self) -> Option<Square> {
        Some(self.density()?.view_over(self.unmoved()?.view()))
    }

    /// The data, where they need no file.
    pub fn dataset(&self) -> Option<Dataset> {
        match self.density() {
            Some(density) => Some(Dataset::Points(self.data, density, self.frame())),
            None => (self.data == DataKind::Shapes).then(|| Dataset::shapes(self.seed, &self.image)),
        }
    }

    /// Real images that D sees in a step.
    pub fn images_a_step(&self) -> u64 {
        (self.batch * self.n_critic) as u64
    }

    /// Classes that G is told, and that D knows of; 0 in a game without classes.
    pub fn classes(&self) -> usize {
        if self.conditioning == Conditioning::None { 0 } else { self.data_classes() }
    }

    /// Whether G's loss looks at reals.
    pub fn generator_needs_reals(&self) -> bool {
        self.feature_matching > 0.0 || (self.adversarial > 0.0 && self.objective.generator_needs_reals())
    }

    /// The number of images of the whole run.
    pub fn total_images(&self) -> u64 {
        (self.kimg * 1000.0).round() as u64
    }

    /// Shape of one sample: `[1]` on the line, `[2]` in the plane, or `[channels, height, width]`.
    pub fn sample_shape(&self) -> Vec<usize> {
        self.data.sample_shape(&self.image)
    }

    /// Classes that the data tell apart, whether the game uses them or not.
    pub fn data_classes(&self) -> usize {
        if self.data == DataKind::Images { self.image.classes } else { self.data.classes() }
    }
}
