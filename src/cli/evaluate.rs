//! `sparring evaluate`: metrics of a trained generator.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::error::{CliError, Result};
use super::trained::Trained;
use super::{DeviceArg, files, terminal, wait};
use crate::data::Density;
use crate::export::Weights;
use crate::metrics::{ModeMetrics, Score, Yardstick};
use crate::protocol::PointMetrics;
use crate::sample::Sampler;

/// The arguments.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// A run directory (its newest checkpoint), a checkpoint, or exported weights.
    #[arg(value_name = "RUN|FILE")]
    source: PathBuf,
    /// Which metrics, with commas between, or `all`: modes, hq and rkl (2,500 samples, 3σ) of data made of modes; js, kl, reverse_kl, tv, w1, sliced_w1, mmd2, precision, recall, density
    /// and coverage of all points, each with the band that two real samples of the same size score.
    #[arg(long, value_name = "NAMES", required = true, value_delimiter = ',')]
    metric: Vec<String>,
    /// Also writes the figures to a file: metric name → value.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "cpu")]
    device: DeviceArg,
}

/// A metric of modes: its name, and its value among all that were measured.
type ModeMetric = (&'static str, fn(&ModeMetrics) -> Value);

const MODE_METRICS: [ModeMetric; 3] =
    [("modes", |found| json!(found.modes)), ("hq", |found| json!(found.hq)), ("rkl", |found| json!(found.rkl))];

/// What was asked for.
#[derive(Debug, Clone, Copy)]
enum Metric {
    Mode(ModeMetric),
    Score(Score),
}

impl Metric {
    fn name(self) -> &'static str {
        match self {
            Self::Mode((name, _)) => name,
            Self::Score(score) => score.name(),
        }
    }
}

/// Measures, prints and writes.
pub fn run(args: &EvaluateArgs) -> Result<()> {
    let weights = Trained::load(&args.source)?.into_weights();
    let data = weights.config.data;
    let Some(density) = weights.config.density() else {
        return Err(unknown(&args.metric[0], &data.name(), "none, since these are images"));
    };
    let chosen = chosen(&args.metric, &density, &data.name())?;
    let measured = measure(&weights, Yardstick::new(data, density), &chosen, args.device)?;
    let text = serde_json::to_string_pretty(&figures(&chosen, &measured)).expect("figures are plain data");
    if let Some(path) = &args.json {
        files::write(path, format!("{text}\n").as_bytes())?;
    }
    terminal::print(text)
}

fn chosen(names: &[String], density: &Density, data: &str) -> Result<Vec<Metric>> {
    let of_modes = MODE_METRICS.into_iter().filter(|_| density.modes().is_some()).map(Metric::Mode);
    let known: Vec<Metric> = of_modes.chain(Score::ALL.into_iter().map(Metric::Score)).collect();
    if names.iter().any(|name| name.trim() == "all") {
        return Ok(known);
    }
    let find = |name: &String| {
        let found = known.iter().find(|metric| metric.name() == name.trim()).copied();
        let listed = || known.iter().map(|metric| metric.name()).collect::<Vec<_>>().join(", ");
        found.ok_or_else(|| unknown(name, data, &listed()))
    };
    names.iter().map(find).collect()
}

fn unknown(name: &str, data: &str, known: &str) -> CliError {
    CliError::Usage(format!("--metric: there is no `{}` for {data}; there are: {known}", name.trim()))
}

/// Name → value, and under `noise_band` name → what two real samples score.
fn figures(chosen: &[Metric], measured: &PointMetrics) -> Map<String, Value> {
    let mut scores = measured.scores.iter();
    let mut figures = Map::new();
    let mut bands = Map::new();
    for metric in chosen {
        let value = match metric {
            Metric::Mode((_, value)) => measured.coverage.as_ref().map_or(Value::Null, value),
            Metric::Score(_) => scores.next().map_or(Value::Null, |score| {
                bands.insert(metric.name().into(), json!(score.band));
                json!(score.value)
            }),
        };
        figures.insert(metric.name().into(), value);
    }
    if !bands.is_empty() {
        figures.insert("noise_band".into(), bands.into());
    }
    figures
}

fn measure(weights: &Weights, yardstick: Yardstick, chosen: &[Metric], device: DeviceArg) -> Result<PointMetrics> {
    let sampler = Sampler::new(&weights.config, &weights.vector, &weights.state, &device.open()?.device)?;
    let scores: Vec<Score> =
        chosen.iter().filter_map(|metric| if let Metric::Score(score) = metric { Some(*score) } else { None }).collect();
    Ok(wait(sampler.measure(&weights.config, &yardstick, &scores))?)
}
