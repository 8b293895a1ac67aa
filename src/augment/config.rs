//! The settings `augment.…`.

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::schedule::Schedule;

/// How the images that D sees are changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Augment {
    /// Not at all.
    #[default]
    None,
    /// DiffAugment (Zhao 2020): every image, by `color`, `translation` and `cutout`.
    #[schemars(title = "DiffAugment")]
    DiffAugment,
    /// Adaptive discriminator augmentation (Karras 2020): each change of `pipeline` with a probability p that rises while D is surer of its reals than `target`.
    #[schemars(title = "ADA")]
    Ada,
    /// The same pipeline with the p of the schedule `p`.
    Scheduled,
}

impl Augment {
    /// Whether its p follows D.
    pub fn adapts(self) -> bool {
        self == Self::Ada
    }
}

/// Which changes ADA chooses from, by StyleGAN2-ADA's names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Pipeline {
    /// Pixels change their places: flips left to right, quarter turns, whole pixels of translation.
    Blit,
    /// General geometry: scaling, stretching, turning, fractions of pixels of translation.
    Geom,
    /// Brightness, contrast, inverted luma; of RGB also hue and saturation.
    Color,
    /// `blit` and `geom`.
    Bg,
    /// `blit`, `geom` and `color`.
    #[default]
    Bgc,
}

impl Pipeline {
    /// Whether pixels change their places by flips, quarter turns and whole pixels.
    pub fn blits(self) -> bool {
        matches!(self, Self::Blit | Self::Bg | Self::Bgc)
    }

    /// Whether images are scaled, turned and moved by fractions of pixels.
    pub fn bends(self) -> bool {
        matches!(self, Self::Geom | Self::Bg | Self::Bgc)
    }

    /// Whether colours change.
    pub fn colours(self) -> bool {
        matches!(self, Self::Color | Self::Bgc)
    }
}

/// Augmentation of what D sees of images, reals and fakes alike; samples stay as G makes them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, TS, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct AugmentConfig {
    /// How images are changed.
    #[garde(skip)]
    pub method: Augment,
    /// Whether DiffAugment changes brightness, saturation and contrast.
    #[garde(skip)]
    pub color: bool,
    /// Whether DiffAugment moves images by up to an eighth of their size; what comes in is 0, mid grey.
    #[garde(skip)]
    pub translation: bool,
    /// Whether DiffAugment blanks a square of half their size.
    #[garde(skip)]
    pub cutout: bool,
    /// Which changes `ada` and `scheduled` choose from.
    #[garde(skip)]
    pub pipeline: Pipeline,
    /// E sign D(x) on reals that `ada` holds; above it D is held to overfit (Karras 2020, with .6).
    #[garde(range(min = 0.0, max = 1.0))]
    pub target: f64,
    /// Thousands of images in which the p of `ada` can go from 0 to 1 (Karras 2020, with 500).
    #[garde(range(min = 1.0, max = 1e6))]
    pub ramp: f64,
    /// p of `scheduled`, at most 1; beyond .8 changes leak into samples.
    #[garde(dive)]
    pub p: Schedule,
}

impl Default for AugmentConfig {
    fn default() -> Self {
        Self {
            method: Augment::None,
            color: true,
            translation: true,
            cutout: true,
            pipeline: Pipeline::Bgc,
            target: 0.6,
            ramp: 500.0,
            p: Schedule::constant(0.2),
        }
    }
}

impl AugmentConfig {
    /// Whether anything is augmented.
    pub fn is_on(&self) -> bool {
        self.method != Augment::None
    }
}
