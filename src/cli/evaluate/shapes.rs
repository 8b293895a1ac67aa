//! Metrics of a generator of drawn shapes: their modes are counted without a network, all else is as of other images.

use serde_json::{Map, Value};

use super::asked::ImageMetric;
use super::points::MODE_METRICS;
use super::{EvaluateArgs, chosen, images};
use crate::cli::error::{CliError, Result};
use crate::cli::wait;
use crate::export::Weights;
use crate::sample::Sampler;

/// Name → value. `all` is of the modes, and with `--features` of images, too.
pub fn measured(args: &EvaluateArgs, weights: &Weights) -> Result<Map<String, Value>> {
    let is_mode = |name: &&str| MODE_METRICS.iter().any(|(known, _)| known == name);
    let of_images = ImageMetric::all().map(ImageMetric::name).filter(|name| !is_mode(name));
    let known = MODE_METRICS.map(|(name, _)| name).into_iter().chain(of_images).collect();
    let names: Vec<&str> = chosen(&args.metric, known, |name| name, &weights.config.data.name())?;
    let all = args.metric.iter().any(|name| name.trim() == "all");
    let (modes, others): (Vec<&str>, Vec<&str>) = names.into_iter().partition(is_mode);
    let others: Vec<String> = match all {
        true if args.features.features.is_some() => vec!["all".into()], // as many as suit the features
        true => args.metric.iter().filter(|name| name.trim() != "all" && !is_mode(&name.trim())).cloned().collect(),
        false => others.into_iter().map(String::from).collect(),
    };
    let mut figures = Map::new();
    if let Some(flag) = args.image_flag().filter(|_| others.is_empty()) {
        return Err(CliError::Usage(format!(
            "{flag}: is for metrics of images against images; modes, hq and rkl are of 2,500 samples and need no network"
        )));
    }
    let device = args.device.open()?.device; // once: a GPU that is open is not opened again
    if !modes.is_empty() {
        let sampler = Sampler::new(&weights.config, &weights.vector, &weights.state, &device)?;
        let found = wait(sampler.cover_shapes(&weights.config))?;
        let asked = MODE_METRICS.into_iter().filter(|(name, _)| modes.contains(name));
        figures.extend(asked.map(|(name, value)| (name.into(), value(&found))));
    }
    if !others.is_empty() {
        figures.extend(images::of_generator(args, weights, &others, &device)?);
    }
    Ok(figures)
}
