//! `sparring evaluate`: metrics of a trained generator, or of images that another program made.

mod asked;
mod features;
mod images;
mod points;
mod shapes;
mod statistics;

use std::path::{Path, PathBuf};

use clap::Args;

use self::features::FeaturesArgs;
use super::data::DataArgs;
use super::device::{DeviceArg, FORMS};
use super::error::{CliError, Result};
use super::trained::Trained;
use super::{files, targets, terminal};
use crate::data::DataKind;

/// The arguments.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// A run directory (its newest checkpoint), a checkpoint, or exported weights; or, with REALS, images: a folder or a zip of them, an IDX file or its folder, CIFAR's files or their folder, or a NumPy array.
    #[arg(value_name = "RUN|FILE|IMAGES")]
    source: PathBuf,
    /// Measures against these instead of the generator's data: images likewise, or statistics of features (.npz).
    #[arg(value_name = "REALS", conflicts_with_all = ["data", "skip_bad_images", "data_gib"])]
    reals: Option<PathBuf>,
    /// Which metrics, with commas between, or `all`: of points modes, hq and rkl (2,500 samples, 3σ) of data made of modes; js, kl, reverse_kl, tv, w1, sliced_w1, mmd2, precision,
    /// recall, density and coverage. Of images fid, kid, is, precision, recall, density, coverage and sliced_w1, and swd, which takes no network; modes and kl of images that are three digits; modes, hq and
    /// rkl of drawn shapes. Beside each, but modes, hq and rkl of points and of drawn shapes, stands the band that two real samples of the same size score.
    #[arg(long, value_name = "NAMES", required = true, value_delimiter = ',')]
    metric: Vec<String>,
    #[command(flatten)]
    features: FeaturesArgs,
    /// Of a generator `--data` is its data set, or statistics of the features of its images (.npz).
    #[command(flatten)]
    data: DataArgs,
    /// How many fakes, against as many reals [default: 10,000, or as many as there are].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
    samples: Option<u64>,
    /// Also writes mean and covariance of the reals' features, as pytorch-fid does: arrays mu and sigma.
    #[arg(long, value_name = "FILE.npz")]
    save_statistics: Option<PathBuf>,
    /// Also writes the figures to a file: metric name → value.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Where to compute; `sparring devices` shows what there is, and its numbers.
    #[arg(long, value_name = FORMS, default_value = "cpu")]
    device: DeviceArg,
}

impl EvaluateArgs {
    /// A flag that means something for images only, if one is there.
    fn image_flag(&self) -> Option<&'static str> {
        let flags = [
            ("--data", self.data.path.is_some()),
            ("--samples", self.samples.is_some()),
            ("--save-statistics", self.save_statistics.is_some()),
        ];
        self.features.flag().or_else(|| flags.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag))
    }

    /// Statistics of features that stand for the reals, if they do.
    fn statistics(&self) -> Option<&Path> {
        self.reals.as_deref().or(self.data.path.as_deref()).filter(|path| files::has_ending(path, "npz"))
    }
}

/// Measures, prints and writes.
pub fn run(args: &EvaluateArgs) -> Result<()> {
    let is_trained = Trained::is_at(&args.source) || args.reals.is_none();
    check_targets(args)?;
    let figures = if is_trained {
        let weights = Trained::load(&args.source)?.into_weights();
        match (weights.config.density(), &args.reals) {
            (Some(_), Some(reals)) => {
                let (source, reals) = (args.source.display(), reals.display());
                return Err(CliError::Usage(format!(
                    "{reals}: {source} makes points, which are measured against their data; leave it away"
                )));
            }
            (Some(density), None) => points::measured(args, &weights, density)?,
            (None, None) if weights.config.data == DataKind::Shapes => shapes::measured(args, &weights)?,
            (None, _) => images::of_generator(args, &weights, &args.metric, &args.device.open()?.device)?,
        }
    } else {
        images::of_images(args)?
    };
    let text = serde_json::to_string_pretty(&figures).expect("figures are plain data");
    terminal::print(&text)?;
    args.json.as_ref().map_or(Ok(()), |path| files::write(path, format!("{text}\n").as_bytes()))
}

/// Refuses `--json` and `--save-statistics` where they could not be written in the end.
fn check_targets(args: &EvaluateArgs) -> Result<()> {
    targets::check_ending("--save-statistics", args.save_statistics.as_deref(), "npz")?;
    targets::check(
        &[("--save-statistics", args.save_statistics.as_deref()), ("--json", args.json.as_deref())],
        &[Some(&args.source), args.reals.as_deref(), args.data.path.as_deref()],
    )
}

/// What `--metric` names among the known ones, all of them for `all`.
fn chosen<M: Copy>(metric: &[String], known: Vec<M>, name_of: fn(M) -> &'static str, data: &str) -> Result<Vec<M>> {
    if metric.iter().any(|name| name.trim() == "all") {
        return Ok(known);
    }
    let unknown = |name: &str| {
        let listed = known.iter().map(|&metric| name_of(metric)).collect::<Vec<_>>().join(", ");
        CliError::Usage(format!("--metric: there is no `{name}` for {data}; there are: {listed}"))
    };
    let find = |name: &str| known.iter().copied().find(|&metric| name_of(metric) == name).ok_or_else(|| unknown(name));
    metric.iter().map(|name| find(name.trim())).collect()
}
