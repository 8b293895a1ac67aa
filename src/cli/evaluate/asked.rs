//! Which metrics of images are asked for, and whose features they take.

use super::{EvaluateArgs, chosen};
use crate::cli::error::{CliError, Result};
use crate::cli::terminal::note;
use crate::fidelity::{Features, ImageScore, Network};

/// A metric of images by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageMetric {
    /// By what a network sees.
    Score(ImageScore),
    /// By patches, without a network.
    Patches,
}

impl ImageMetric {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        ImageScore::ALL.into_iter().map(Self::Score).chain([Self::Patches])
    }

    /// What the command line calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Score(score) => score.name(),
            Self::Patches => "swd",
        }
    }

    /// The score, where it is one by what a network sees.
    pub fn score(self) -> Option<ImageScore> {
        match self {
            Self::Score(score) => Some(score),
            Self::Patches => None,
        }
    }
}

/// Whose features are needed; none for patches alone, which are also all there is to measure where no features are named and none suit the data.
pub fn features(args: &EvaluateArgs, metric: &[String], suiting: Option<Network>, data: &str) -> Result<Option<Features>> {
    let named: Vec<String> = metric.iter().filter(|name| name.trim() != "all").cloned().collect();
    let is_patches = |metric: ImageMetric| metric == ImageMetric::Patches;
    let by_patches = chosen(&named, ImageMetric::all().collect(), ImageMetric::name, data)?.into_iter().all(is_patches);
    let asks_all = named.len() < metric.len();
    let flag = args.features.flag().or(args.save_statistics.as_ref().map(|_| "--save-statistics"));
    let needs_none = by_patches && (!asks_all || (suiting.is_none() && flag.is_none() && args.statistics().is_none()));
    match flag {
        _ if !needs_none => args.features.chosen(suiting, data).map(Some),
        Some(flag) => Err(CliError::Usage(format!("{flag}: is for metrics by a network's features; `swd` is by patches and needs none"))),
        None => {
            if asks_all {
                note(format!("note: --features names what images are measured by; without it there is `swd` alone for {data}"));
            }
            Ok(None)
        }
    }
}

/// The metrics that were asked for, of images with so many channels.
pub fn metrics(metric: &[String], features: Option<Features>, channels: usize, data: &str) -> Result<Vec<ImageMetric>> {
    let suits = |metric: &ImageMetric| match metric {
        ImageMetric::Score(score) => features.is_some_and(|features| score.suits(features, channels)),
        ImageMetric::Patches => true,
    };
    chosen(metric, ImageMetric::all().filter(suits).collect(), ImageMetric::name, data)
}
