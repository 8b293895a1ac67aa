//! Every score by what a network sees in images, by its name, and how well the data themselves would do.

use super::Spread;
use super::classes::{STACKED_CLASSES, inception_score, modes, stacked_classes};
use super::features::Features;
use super::frechet::Statistics;
use super::kernel::kernel_distance;
use super::looker::Seen;
use super::near::near;
use super::sliced::sliced_wasserstein;
use crate::error::Result;
use crate::metrics::{Neighbours, band};
use crate::rng::{Purpose, Stream};

/// A measure of images by what a network sees in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageScore {
    /// Fréchet distance.
    Fid,
    /// Kernel distance, unbiased: 100 subsets of 1,000.
    Kid,
    /// Inception score of 10 parts.
    Is,
    /// Share of fakes within the balls of reals, k = 3 (Kynkäänniemi 2019).
    Precision,
    /// Share of reals within the balls of fakes.
    Recall,
    /// Balls of reals that hold a fake, over k = 5 (Naeem 2020).
    Density,
    /// Share of reals whose ball holds a fake.
    Coverage,
    /// W1 along 128 directions.
    SlicedW1,
    /// Of 1,000 triples of digits, how many there are.
    Modes,
    /// KL(triples ‖ uniform), nats.
    Kl,
}

/// Pairs of real samples from which a noise band is taken.
const BAND_PAIRS: u64 = 8;
/// Seed of what a score draws itself: subsets and directions.
const SEED: u64 = 0;
/// Channels of an image that is three digits.
const STACKED: usize = 3;

impl ImageScore {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Fid,
        Self::Kid,
        Self::Is,
        Self::Precision,
        Self::Recall,
        Self::Density,
        Self::Coverage,
        Self::SlicedW1,
        Self::Modes,
        Self::Kl,
    ];

    /// What the command line calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fid => "fid",
            Self::Kid => "kid",
            Self::Is => "is",
            Self::Precision => "precision",
            Self::Recall => "recall",
            Self::Density => "density",
            Self::Coverage => "coverage",
            Self::SlicedW1 => "sliced_w1",
            Self::Modes => "modes",
            Self::Kl => "kl",
        }
    }

    /// Whether it suits features of images of so many channels: the Inception score is of one class an image, modes and KL are of three digits.
    pub fn suits(self, features: Features, channels: usize) -> bool {
        match self {
            Self::Is => features.views(channels) == 1,
            Self::Modes | Self::Kl => features.views(channels) == STACKED,
            _ => true,
        }
    }

    /// Whether it is of neighbours, which are found for all such scores together.
    fn of_neighbours(self) -> bool {
        matches!(self, Self::Precision | Self::Recall | Self::Density | Self::Coverage)
    }
}

/// What a score came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ImageFigure {
    /// Which score.
    pub score: ImageScore,
    /// The figure.
    pub value: f64,
    /// Its deviation over subsets or parts, where it has some.
    pub deviation: Option<f64>,
}

/// Scores of fakes against reals, as many of each.
pub async fn figures(scores: &[ImageScore], fakes: &Seen, reals: &Seen) -> Result<Vec<ImageFigure>> {
    let (a, b) = (&reals.features, &fakes.features);
    let near = if scores.iter().any(|score| score.of_neighbours()) { near(a, b).await? } else { Neighbours::default() };
    let counts = |score: &ImageScore| matches!(score, ImageScore::Modes | ImageScore::Kl);
    let triples = if scores.iter().any(counts) { modes(&stacked_classes(&fakes.logits), STACKED_CLASSES) } else { (0, 0.0) };
    let mut found = Vec::with_capacity(scores.len());
    for &score in scores {
        let mut stream = Stream::new(SEED, Purpose::Reference);
        let of = |value| (value, None);
        let spread = |spread: Spread| (spread.mean, spread.deviation);
        let (value, deviation) = match score {
            ImageScore::Fid => of(Statistics::of(a).await?.distance(&Statistics::of(b).await?).await?),
            ImageScore::Kid => spread(kernel_distance(a, b, &mut stream).await?),
            ImageScore::Is => spread(inception_score(&fakes.logits)),
            ImageScore::Precision => of(near.precision),
            ImageScore::Recall => of(near.recall),
            ImageScore::Density => of(near.density),
            ImageScore::Coverage => of(near.coverage),
            ImageScore::SlicedW1 => of(sliced_wasserstein(a, b, &mut stream)),
            ImageScore::Modes => of(triples.0 as f64),
            ImageScore::Kl => of(triples.1),
        };
        found.push(ImageFigure { score, value, deviation });
    }
    Ok(found)
}

/// For each score mean ± 2 standard deviations of what 8 pairs of disjoint samples of `count` reals score: within it nothing can be told from the data. None where there are not twice as many reals.
pub async fn bands(scores: &[ImageScore], reals: &Seen, count: usize) -> Result<Option<Vec<[f64; 2]>>> {
    let Some(chosen) = pairs(reals.features.len(), count) else { return Ok(None) };
    let mut found = Vec::new();
    for [a, b] in chosen {
        found.push(figures(scores, &reals.select(&a), &reals.select(&b)).await?);
    }
    let of_score = |place: usize| band(&found.iter().map(|figures: &Vec<ImageFigure>| figures[place].value).collect::<Vec<f64>>());
    Ok(Some((0..scores.len()).map(of_score).collect()))
}

/// The pairs of disjoint samples of `count` that a noise band is taken from; none where there are not twice as many.
pub(super) fn pairs(all: usize, count: usize) -> Option<impl Iterator<Item = [Vec<u32>; 2]>> {
    let pair = move |pair| {
        let order = Stream::new(1 + pair, Purpose::Reference).permutation(all);
        [order[..count].to_vec(), order[count..2 * count].to_vec()]
    };
    (2 * count <= all).then(|| (0..BAND_PAIRS).map(pair))
}

impl Seen {
    /// What was seen in some of the images.
    pub fn select(&self, images: &[u32]) -> Self {
        let channels = self.logits.len() / self.features.len().max(1);
        let rows: Vec<u32> = images.iter().flat_map(|&image| (0..channels as u32).map(move |c| image * channels as u32 + c)).collect();
        Self { features: self.features.select(images), logits: self.logits.select(&rows) }
    }

    /// What was seen in the first `count` images.
    pub fn first(&self, count: usize) -> Self {
        let count = count.min(self.features.len()) as u32;
        self.select(&(0..count).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::fidelity::{Network, Rows};

    /// Rows that a network might have seen: features of a normal distribution, logits that vary.
    fn seen(seed: u64, count: usize, channels: usize, shift: f64) -> Seen {
        let mut stream = Stream::new(seed, Purpose::Evaluation);
        let mut rows = |count: usize, width: usize| Rows::new((0..count * width).map(|_| stream.normal() + shift).collect(), width);
        Seen { features: rows(count, 6), logits: rows(count * channels, 10) }
    }

    #[test]
    fn reals_score_within_their_band_and_what_is_shifted_outside() {
        let scores: Vec<ImageScore> =
            ImageScore::ALL.into_iter().filter(|score| score.suits(Features::Classifier(Network::LenetMnist), 1)).collect();
        let (reals, fresh, shifted) = (seen(1, 800, 1, 0.0), seen(2, 200, 1, 0.0), seen(3, 200, 1, 1.5));
        let bands = block_on(bands(&scores, &reals, 200)).unwrap().expect("four times as many reals");
        let against = |fakes: &Seen| block_on(figures(&scores, fakes, &reals.first(200))).unwrap();
        for ((own, far), [low, high]) in against(&fresh).into_iter().zip(against(&shifted)).zip(bands) {
            let room = high - low;
            assert!((low - room..high + room).contains(&own.value), "{own:?} of {low}..{high}");
            // Logits that all move alike say the same of classes.
            assert!(own.score == ImageScore::Is || far.value < low - room || far.value > high + room, "{far:?} of {low}..{high}");
        }
    }

    #[test]
    fn there_is_no_band_without_twice_as_many_reals() {
        assert_eq!(block_on(bands(&[ImageScore::Fid], &seen(1, 30, 1, 0.0), 16)), Ok(None));
    }

    #[test]
    fn the_channels_of_an_image_stay_together() {
        let seen = seen(1, 5, 3, 0.0);
        let part = seen.select(&[4, 0]);
        assert_eq!(part.features.list(), [seen.features.list()[4], seen.features.list()[0]]);
        assert_eq!(part.logits.list()[..3], seen.logits.list()[12..15]);
        assert_eq!(part.logits.list()[3..], seen.logits.list()[..3]);
    }
}
