//! Metrics of images, by the features of a named network.

use std::path::Path;

use burn::tensor::Device;
use serde_json::{Map, Value, json};

use super::features::look;
use super::{EvaluateArgs, chosen, statistics};
use crate::cli::error::{CliError, Result};
use crate::cli::fingerprint::Fingerprint;
use crate::cli::run_dir::RunDir;
use crate::cli::terminal::note;
use crate::cli::{data, files, pixels, wait};
use crate::export::Weights;
use crate::fidelity::{Features, ImageScore, Looker, Network, Pixels, Seen, Statistics, bands, figures};
use crate::sample::Sampler;

/// Images on either side without `--samples`.
const SAMPLES: usize = 10_000;
/// Seed of the choice among images.
const CHOICE_SEED: u64 = 0;

/// What fakes are measured against.
enum Reals {
    Images(Pixels),
    Statistics(Statistics),
}

/// Who asks what of whom.
struct Question<'a> {
    args: &'a EvaluateArgs,
    features: Features,
    scores: Vec<ImageScore>,
    samples: usize,
    /// Where the reals come from, in words.
    reference: String,
    /// Seed of the fakes.
    seed: u64,
}

/// Measures a generator, on a device, against its data.
pub fn of_generator(args: &EvaluateArgs, weights: &Weights, metric: &[String], device: &Device) -> Result<Map<String, Value>> {
    let (config, kind) = (&weights.config, weights.config.data);
    let features = args.features.chosen(Network::of_data(kind), &kind.name())?;
    let sampler = Sampler::new(config, &weights.vector, &weights.state, device)?;
    let shape: [usize; 3] = sampler.shape().to_vec().try_into().expect("images have channels, height and width");
    let scores = scores(metric, features, shape[0], &kind.name())?;
    let looker = args.features.open(features, device)?;
    looker.check(shape, "the generator's images")?;
    let wanted = |all: usize| all.min(features.pool().saturating_mul(args.samples.map_or(SAMPLES, |samples| samples as usize)));
    let (reals, all, reference) = match (archive(args.reals.as_deref().or(args.data.path.as_deref())), &args.reals) {
        (Some(path), _) => (Reals::Statistics(statistics::read(path, features, shape[0])?), usize::MAX, path.display().to_string()),
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
    let fakes = Pixels::quantised(shape, &wait(sampler.generate(&latents))?);
    let question = Question { args, features, scores, samples, reference, seed: config.seed };
    answer(&question, &fakes, &reals, &looker)
}

/// Refuses to compare images of one shape with images of another.
fn alike(a: &Path, shape: [usize; 3], b: &Path, other: [usize; 3]) -> Result<()> {
    if shape == other {
        return Ok(());
    }
    let (a, b) = (a.display(), b.display());
    Err(CliError::Failed(format!("{a} holds images of {shape:?}, {b} of {other:?}; only like can be compared")))
}

/// Measures images against images.
pub fn of_images(args: &EvaluateArgs) -> Result<Map<String, Value>> {
    let against = args.reals.as_deref().expect("without REALS it is a generator that is measured");
    let features = args.features.chosen(None, "images of any origin")?;
    let looker = args.features.open(features, &args.device.open()?.device)?;
    let read = |path: &Path| {
        let check = |shape| Ok(looker.check(shape, &path.display().to_string())?);
        let pixels = pixels::read(path, check)?;
        check(pixels.shape).map(|()| pixels)
    };
    let fakes = read(&args.source)?;
    let name = args.source.display().to_string();
    let scores = scores(&args.metric, features, fakes.shape[0], &name)?;
    let reals = match archive(Some(against)) {
        Some(path) => Reals::Statistics(statistics::read(path, features, fakes.shape[0])?),
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
        Reals::Images(reals) => Reals::Images(reals.shuffled(features.pool() * samples, CHOICE_SEED)),
        known => known,
    };
    let question = Question { args, features, scores, samples, reference: against.display().to_string(), seed: CHOICE_SEED };
    answer(&question, &fakes, &reals, &looker)
}

fn answer(question: &Question, fakes: &Pixels, reals: &Reals, looker: &Looker) -> Result<Map<String, Value>> {
    let Question { args, features, scores, samples, reference, seed } = question;
    let fakes = look(looker, fakes, "the images")?;
    let protocol = json!({ "features": features.name(), "samples": samples, "seed": seed, "reference": reference });
    let seen = match reals {
        Reals::Images(reals) => look(looker, reals, reference)?,
        Reals::Statistics(known) => return against_statistics(question, &fakes, known, protocol),
    };
    let sample = seen.first(*samples);
    if let Some(path) = &args.save_statistics {
        files::write(path, &statistics::encode(&wait(Statistics::of(&sample.features))?, *features))?;
    }
    let found = wait(figures(scores, &fakes, &sample))?;
    let values = found.iter().map(|figure| (figure.score.name().into(), json!(figure.value)));
    let mut answer: Map<String, Value> = values.collect();
    let deviations = found.iter().filter_map(|figure| Some((figure.score.name().into(), json!(figure.deviation?))));
    let deviations: Map<String, Value> = deviations.collect();
    if !deviations.is_empty() {
        answer.insert("deviation".into(), deviations.into());
    }
    let bands = wait(bands(scores, &seen, *samples))?.map(|bands| {
        let named = scores.iter().zip(bands).map(|(score, band)| (score.name().into(), json!(band)));
        named.collect::<Map<String, Value>>()
    });
    answer.insert("noise_band".into(), json!(bands));
    answer.insert("protocol".into(), protocol);
    Ok(answer)
}

/// Mean and covariance tell the Fréchet distance alone.
fn against_statistics(question: &Question, fakes: &Seen, known: &Statistics, protocol: Value) -> Result<Map<String, Value>> {
    if let Some(score) = question.scores.iter().find(|score| **score != ImageScore::Fid) {
        return Err(CliError::Usage(format!(
            "--metric {}: needs the real images; statistics of their features tell `fid` alone",
            score.name()
        )));
    }
    if question.args.save_statistics.is_some() {
        return Err(CliError::Usage("--save-statistics: the reals are statistics already; give their images".into()));
    }
    let value = wait(wait(Statistics::of(&fakes.features))?.distance(known))?;
    Ok(Map::from_iter([("fid".into(), json!(value)), ("noise_band".into(), Value::Null), ("protocol".into(), protocol)]))
}

/// The scores that were asked for, of images with so many channels.
fn scores(metric: &[String], features: Features, channels: usize, data: &str) -> Result<Vec<ImageScore>> {
    let known = ImageScore::ALL.into_iter().filter(|score| score.suits(features, channels)).collect();
    chosen(metric, known, ImageScore::name, data)
}

/// `--samples`, of which there must be so many.
fn samples(args: &EvaluateArgs, there: usize, what: &str) -> Result<usize> {
    match args.samples.map(|samples| samples as usize) {
        Some(asked) if asked > there => Err(CliError::Usage(format!("--samples {asked}: there are only {there} {what}"))),
        Some(asked) => Ok(asked),
        None => Ok(SAMPLES.min(there)),
    }
}

fn archive(path: Option<&Path>) -> Option<&Path> {
    path.filter(|path| files::has_ending(path, "npz"))
}
