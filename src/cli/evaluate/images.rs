//! Metrics of images: by the features of a named network, and by patches.

use std::path::Path;

use burn::tensor::Device;
use serde_json::{Map, Value, json};

use super::asked::{ImageMetric, features, metrics};
use super::features::look;
use super::{EvaluateArgs, statistics};
use crate::cli::error::{CliError, Result};
use crate::cli::fingerprint::Fingerprint;
use crate::cli::run_dir::RunDir;
use crate::cli::terminal::note;
use crate::cli::{data, files, pixels, wait};
use crate::export::Weights;
use crate::fidelity::{
    Features, ImageScore, Looker, Network, PatchDistance, Patches, Pixels, Seen, Statistics, bands, figures, image_shape, patch_band,
};
use crate::sample::Sampler;

/// Images on either side without `--samples`.
const SAMPLES: usize = 10_000;
/// Seed of the choice among images.
const CHOICE_SEED: u64 = 0;
/// Reals that patches are taken of, as a multiple of the samples, where no network looks at them: the more, the less the pairs of the noise band have in common.
const PATCH_POOL: usize = 4;

/// What fakes are measured against.
enum Reals {
    Images(Pixels),
    Statistics(Statistics),
}

/// A network that looks, and what its features are called.
type Eyes = (Features, Looker);

/// Who asks what of whom.
struct Question<'a> {
    args: &'a EvaluateArgs,
    eyes: Option<Eyes>,
    metrics: Vec<ImageMetric>,
    samples: usize,
    /// Where the reals come from, in words.
    reference: String,
    /// Seed of the fakes.
    seed: u64,
}

/// Measures a generator, on a device, against its data.
pub fn of_generator(args: &EvaluateArgs, weights: &Weights, metric: &[String], device: &Device) -> Result<Map<String, Value>> {
    let (config, kind) = (&weights.config, weights.config.data);
    let features = features(args, metric, Network::of_data(kind), &kind.name())?;
    let sampler = Sampler::new(config, &weights.vector, &weights.state, device)?;
    let shape = image_shape(sampler.shape());
    let metrics = metrics(metric, features, shape[0], &kind.name())?;
    let eyes = open(args, features, device)?;
    check(eyes.as_ref(), shape, "the generator's images")?;
    let wanted = |all: usize| all.min(pool(features, args.samples.map_or(SAMPLES, |samples| samples as usize)));
    let (reals, all, reference) = match (args.statistics(), &args.reals) {
        (Some(path), _) => (known(path, features, shape[0])?, usize::MAX, path.display().to_string()),
        (None, Some(path)) => {
            // Whether pictures are grey is known once all are decoded.
            let images = pixels::read(path, |of| alike(&args.source, shape, path, [shape[0], of[1], of[2]]))?;
            alike(&args.source, shape, path, images.shape)?;
            (Reals::Images(images.shuffled(wanted(images.len()), CHOICE_SEED)), images.len(), path.display().to_string())
        }
        (None, None) => {
            let set = data::load(config, &args.data)?;
            if args.source.is_dir() {
                Fingerprint::difference(&RunDir::at(&args.source), &set)?.into_iter().for_each(|what| note(format!("note: {what}")));
            }
            let (all, place) = (set.count(), args.data.place(kind).map(|place| format!(", {}", place.display())).unwrap_or_default());
            (Reals::Images(Pixels::drawn(&set, wanted(all), CHOICE_SEED)), all, format!("{} ({all} images{place})", kind.name()))
        }
    };
    let samples = samples(args, all, "real images")?;
    let latents = config.latent.draw(config.seed, samples, config.latent_dim);
    let mut fakes = Pixels::new(shape, Vec::new());
    wait(sampler.generate_in_pieces(&latents, |piece| fakes.append(piece)))?;
    answer(&Question { args, eyes, metrics, samples, reference, seed: config.seed }, &fakes, &reals)
}

/// Measures images against images.
pub fn of_images(args: &EvaluateArgs) -> Result<Map<String, Value>> {
    let against = args.reals.as_deref().expect("without REALS it is a generator that is measured");
    let features = features(args, &args.metric, None, "images of any origin")?;
    let eyes = open(args, features, &args.device.open()?.device)?;
    let read = |path: &Path| {
        let check = |shape| check(eyes.as_ref(), shape, &path.display().to_string());
        let pixels = pixels::read(path, check)?;
        check(pixels.shape).map(|()| pixels)
    };
    let fakes = read(&args.source)?;
    let metrics = metrics(&args.metric, features, fakes.shape[0], &args.source.display().to_string())?;
    let reals = match args.statistics() {
        Some(path) => known(path, features, fakes.shape[0])?,
        None => Reals::Images(read(against)?),
    };
    let fewest = match &reals {
        Reals::Images(reals) => {
            alike(&args.source, fakes.shape, against, reals.shape)?;
            fakes.len().min(reals.len())
        }
        Reals::Statistics(_) => fakes.len(),
    };
    let samples = samples(args, fewest, "images on one side")?;
    let fakes = fakes.shuffled(samples, CHOICE_SEED);
    let reals = match reals {
        Reals::Images(reals) => Reals::Images(reals.shuffled(pool(features, samples), CHOICE_SEED)),
        known => known,
    };
    answer(&Question { args, eyes, metrics, samples, reference: against.display().to_string(), seed: CHOICE_SEED }, &fakes, &reals)
}

fn open(args: &EvaluateArgs, features: Option<Features>, device: &Device) -> Result<Option<Eyes>> {
    features.map(|features| Ok((features, args.features.open(features, device)?))).transpose()
}

/// Refuses images that the network, where one looks, cannot look at.
fn check(eyes: Option<&Eyes>, shape: [usize; 3], name: &str) -> Result<()> {
    eyes.map_or(Ok(()), |(_, looker)| Ok(looker.check(shape, name)?))
}

/// Refuses to compare images of one shape with images of another.
fn alike(a: &Path, shape: [usize; 3], b: &Path, other: [usize; 3]) -> Result<()> {
    if shape == other {
        return Ok(());
    }
    let (a, b) = (a.display(), b.display());
    Err(CliError::Failed(format!("{a} holds images of {shape:?}, {b} of {other:?}; only like can be compared")))
}

/// What is known of reals that are not at hand.
fn known(path: &Path, features: Option<Features>, channels: usize) -> Result<Reals> {
    let features = features.ok_or_else(|| needs_images(ImageMetric::Patches))?;
    Ok(Reals::Statistics(statistics::read(path, features, channels)?))
}

fn answer(question: &Question, fakes: &Pixels, reals: &Reals) -> Result<Map<String, Value>> {
    let Question { args, eyes, metrics, samples, reference, seed } = question;
    let mut told = Told::default();
    let scores: Vec<ImageScore> = metrics.iter().filter_map(|metric| metric.score()).collect();
    if let Some((features, looker)) = eyes {
        told.protocol.insert("features".into(), json!(features.name()));
        let fakes = look(looker, fakes, "the images")?;
        match reals {
            Reals::Statistics(known) => against_statistics(question, &fakes, known, &mut told)?,
            Reals::Images(reals) => {
                let seen = look(looker, reals, reference)?;
                if let Some(path) = &args.save_statistics {
                    let statistics = wait(Statistics::of(&seen.first(*samples).features))?;
                    files::write(path, &statistics::encode(&statistics, *features))?;
                }
                by_features(&scores, &fakes, &seen, *samples, &mut told)?;
            }
        }
    }
    if let (true, Reals::Images(reals)) = (metrics.contains(&ImageMetric::Patches), reals) {
        by_patches(fakes, reals, *samples, &mut told);
    }
    let origin = [("samples".into(), json!(samples)), ("seed".into(), json!(seed)), ("reference".into(), json!(reference))];
    told.protocol.extend(origin);
    Ok(told.into_map())
}

/// What has been found, by name.
#[derive(Default)]
struct Told {
    values: Map<String, Value>,
    bands: Map<String, Value>,
    protocol: Map<String, Value>,
}

impl Told {
    fn into_map(mut self) -> Map<String, Value> {
        let bands = if self.bands.is_empty() { Value::Null } else { self.bands.into() };
        self.values.extend([("noise_band".into(), bands), ("protocol".into(), self.protocol.into())]);
        self.values
    }
}

fn by_features(scores: &[ImageScore], fakes: &Seen, reals: &Seen, samples: usize, told: &mut Told) -> Result<()> {
    let found = wait(figures(scores, fakes, &reals.first(samples)))?;
    told.values.extend(found.iter().map(|figure| (figure.score.name().into(), json!(figure.value))));
    let deviations = found.iter().filter_map(|figure| Some((figure.score.name().into(), json!(figure.deviation?))));
    let deviations: Map<String, Value> = deviations.collect();
    if !deviations.is_empty() {
        told.values.insert("deviation".into(), deviations.into());
    }
    let bands = wait(bands(scores, reals, samples))?.into_iter().flatten();
    told.bands.extend(scores.iter().zip(bands).map(|(score, band)| (score.name().into(), json!(band))));
    Ok(())
}

fn by_patches(fakes: &Pixels, reals: &Pixels, samples: usize, told: &mut Told) {
    let name = ImageMetric::Patches.name();
    let found = PatchDistance::between(&Patches::of(fakes), &Patches::of(&reals.first(samples)));
    let levels = found.levels.iter().map(|([height, width], distance)| (format!("{height}x{width}"), json!(distance)));
    told.values.extend([(name.into(), json!(found.mean())), ("swd_levels".into(), Value::Object(levels.collect()))]);
    let band = patch_band(reals, samples);
    told.bands.extend(band.map(|band| (name.into(), json!(band))));
}

/// Mean and covariance tell the Fréchet distance alone.
fn against_statistics(question: &Question, fakes: &Seen, known: &Statistics, told: &mut Told) -> Result<()> {
    let is_fid = |metric: &&ImageMetric| **metric == ImageMetric::Score(ImageScore::Fid);
    if let Some(metric) = question.metrics.iter().find(|metric| !is_fid(metric)) {
        return Err(needs_images(*metric));
    }
    if question.args.save_statistics.is_some() {
        return Err(CliError::Usage("--save-statistics: the reals are statistics already; give their images".into()));
    }
    let value = wait(wait(Statistics::of(&fakes.features))?.distance(known))?;
    told.values.insert(ImageScore::Fid.name().into(), json!(value));
    Ok(())
}

fn needs_images(metric: ImageMetric) -> CliError {
    CliError::Usage(format!("--metric {}: needs the real images; statistics of their features tell `fid` alone", metric.name()))
}

/// `--samples`, of which there must be so many.
fn samples(args: &EvaluateArgs, there: usize, what: &str) -> Result<usize> {
    match args.samples.map(|samples| samples as usize) {
        Some(asked) if asked > there => Err(CliError::Usage(format!("--samples {asked}: there are only {there} {what}"))),
        Some(asked) => Ok(asked),
        None => Ok(SAMPLES.min(there)),
    }
}

/// Reals that so many samples and the pairs of the noise band are taken from.
fn pool(features: Option<Features>, samples: usize) -> usize {
    features.map_or(PATCH_POOL, Features::pool).saturating_mul(samples)
}
