//! `sparring evaluate`: metrics of a trained generator.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::error::{CliError, Result};
use super::trained::Trained;
use super::{DeviceArg, files, terminal, wait};
use crate::data::{DataKind, GaussianMixture};
use crate::export::Weights;
use crate::latent;
use crate::metrics::{POINT_SAMPLES, point_metrics};
use crate::protocol::PointMetrics;
use crate::sample::Sampler;

/// The arguments.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// A run directory (its newest checkpoint), a checkpoint, or exported weights.
    #[arg(value_name = "RUN|FILE")]
    source: PathBuf,
    /// Which metrics, with commas between; for points modes, hq and rkl (2,500 samples, 3σ).
    #[arg(long, value_name = "NAMES", required = true, value_delimiter = ',')]
    metric: Vec<String>,
    /// Also writes the figures to a file: metric name → value.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "cpu")]
    device: DeviceArg,
}

/// A metric of points: its name, and its value among all that were measured.
type PointMetric = (&'static str, fn(&PointMetrics) -> Value);

const POINT_METRICS: [PointMetric; 3] =
    [("modes", |metrics| json!(metrics.modes)), ("hq", |metrics| json!(metrics.hq)), ("rkl", |metrics| json!(metrics.rkl))];

/// Measures, prints and writes.
pub fn run(args: &EvaluateArgs) -> Result<()> {
    let weights = Trained::load(&args.source)?.into_weights();
    let data = weights.config.data;
    let chosen = args.metric.iter().map(|name| find(name.trim(), data)).collect::<Result<Vec<_>>>()?;
    let density = data.density().expect("metrics of points are only found for points");
    let measured = measure(&weights, &density, args.device)?;
    let figures: Map<String, Value> = chosen.into_iter().map(|(name, value)| (name.into(), value(&measured))).collect();
    let text = serde_json::to_string_pretty(&figures).expect("figures are plain data");
    if let Some(path) = &args.json {
        files::write(path, format!("{text}\n").as_bytes())?;
    }
    terminal::print(text)
}

fn find(name: &str, data: DataKind) -> Result<PointMetric> {
    let named: &[PointMetric] = if data.is_images() { &[] } else { &POINT_METRICS };
    named.iter().find(|metric| metric.0 == name).copied().ok_or_else(|| {
        let known: Vec<&str> = named.iter().map(|metric| metric.0).collect();
        let known = if known.is_empty() { "none".into() } else { known.join(", ") };
        CliError::Usage(format!("--metric: there is no `{name}` for {data:?}; there are: {known}"))
    })
}

/// The protocol of [`crate::session::Session::evaluate`]: the same latents, so that a run and its checkpoint give the same figures.
fn measure(weights: &Weights, density: &GaussianMixture, device: DeviceArg) -> Result<PointMetrics> {
    let config = &weights.config;
    let sampler = Sampler::new(config, &weights.vector, &weights.state, &device.open()?.device)?;
    let points = wait(sampler.generate(&latent::draw(config.seed, POINT_SAMPLES, config.latent_dim)))?;
    Ok(point_metrics(&points, density))
}
