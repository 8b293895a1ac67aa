//! Metrics of a generator of points.

use serde_json::{Map, Value, json};

use super::{EvaluateArgs, chosen};
use crate::cli::device::DeviceArg;
use crate::cli::error::{CliError, Result};
use crate::cli::wait;
use crate::data::Density;
use crate::export::Weights;
use crate::metrics::{ModeMetrics, Score, Yardstick};
use crate::protocol::PointMetrics;
use crate::sample::Sampler;

/// A metric of modes: its name, and its value among all that were measured.
pub type ModeMetric = (&'static str, fn(&ModeMetrics) -> Value);

/// All of them.
pub const MODE_METRICS: [ModeMetric; 3] =
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

/// Name → value, and under `noise_band` name → what two real samples score.
pub fn measured(args: &EvaluateArgs, weights: &Weights, density: Density) -> Result<Map<String, Value>> {
    if let Some(flag) = args.image_flag() {
        return Err(CliError::Usage(format!("{flag}: is for images; these are points, whose metrics have protocols of their own")));
    }
    let data = weights.config.data;
    let of_modes = MODE_METRICS.into_iter().filter(|_| density.modes().is_some()).map(Metric::Mode);
    let known = of_modes.chain(Score::ALL.into_iter().map(Metric::Score)).collect();
    let chosen = chosen(&args.metric, known, Metric::name, &data.name())?;
    let measured = measure(weights, Yardstick::new(data, density), &chosen, args.device)?;
    Ok(figures(&chosen, &measured))
}

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
