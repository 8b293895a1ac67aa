//! `sparring report`: a run on one page, `report.html`, that needs nothing but itself: curves, samples over time, settings.

mod chart;
mod page;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::best::Best;
use super::error::{CliError, Result};
use super::records::Records;
use super::rollback::Rollback;
use super::run_dir::{CONFIG, RunDir};
use super::{files, terminal};
use crate::config::TrainConfig;

/// Pictures of samples on a page, spread evenly over the run.
const PICTURES: usize = 12;

/// The arguments.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The run's folder.
    #[arg(value_name = "RUN")]
    run: PathBuf,
}

/// What a run's folder tells.
struct Told {
    name: String,
    config: TrainConfig,
    stats: Vec<Value>,
    metrics: Vec<Value>,
    best: Option<Best>,
    /// What went wrong, and when: what the guard saw, and the rollback.
    warnings: Vec<(String, String)>,
    /// Pictures as PNG, with what they are called.
    pictures: Vec<(String, Vec<u8>)>,
}

/// Writes the page of a run as it is now.
pub fn run(args: &ReportArgs) -> Result<()> {
    if !args.run.join(CONFIG).is_file() {
        return Err(CliError::Failed(format!("{}: is no run's folder; there is no config.json there", args.run.display())));
    }
    terminal::print(write(&RunDir::at(&args.run))?.display())
}

/// Writes the page beside what it tells of.
pub fn write(run: &RunDir) -> Result<PathBuf> {
    let path = run.file("report.html");
    files::write(&path, page::html(&read(run)?).as_bytes())?;
    Ok(path)
}

fn read(run: &RunDir) -> Result<Told> {
    let path = run.file(CONFIG);
    let text = String::from_utf8_lossy(&files::read(&path)?).into_owned();
    let config = TrainConfig::from_json(&text, &path.display().to_string())?;
    let stats = Records::read(&run.file("stats.jsonl"))?;
    let metrics = Records::read(&run.file("metrics.jsonl"))?;
    let rollback = Rollback::read(run)?;
    let best = Best::of(&metrics, rollback.as_ref().and_then(|rollback| rollback.best));
    let warnings = warnings(&Records::read(&run.file("warnings.jsonl"))?, rollback.as_ref());
    let name = run.root().file_name().map_or_else(|| run.root().display().to_string(), |name| name.to_string_lossy().into_owned());
    Ok(Told { name, config, stats, metrics, best, warnings, pictures: pictures(run)? })
}

/// When, and what.
fn warnings(lines: &[Value], rollback: Option<&Rollback>) -> Vec<(String, String)> {
    let told = lines.iter().filter_map(|line| Some((format!("{} kimg", line["kimg"].as_f64()?), line["text"].as_str()?.to_owned())));
    let rolled = rollback.map(|rollback| ("diverged".into(), format!("{}; rolled back {rollback}", rollback.cause())));
    rolled.into_iter().chain(told).collect()
}

/// The data, and samples from the first to the last.
fn pictures(run: &RunDir) -> Result<Vec<(String, Vec<u8>)>> {
    let kimg = |path: &Path| path.file_name()?.to_str()?.strip_prefix("fakes-")?.strip_suffix("k.png")?.parse::<u64>().ok();
    let mut fakes: Vec<_> = files::list(run.root())?.into_iter().filter_map(|path| Some((kimg(&path)?, path))).collect();
    fakes.sort();
    let reals = run.file("reals.png");
    let reals = reals.is_file().then(|| ("reals".into(), reals));
    let last = fakes.last().map(|(kimg, _)| (format!("from latent to latent at {kimg} kimg"), run.interpolation(kimg * 1000)));
    let last = last.filter(|(_, path)| path.is_file());
    let fakes = spread(fakes.len(), PICTURES).into_iter().map(|i| (format!("{} kimg", fakes[i].0), fakes[i].1.clone()));
    reals.into_iter().chain(fakes).chain(last).map(|(name, path)| Ok((name, files::read(&path)?))).collect()
}

/// At most `most` of `count` places, the first and the last among them.
fn spread(count: usize, most: usize) -> Vec<usize> {
    if count <= most { (0..count).collect() } else { (0..most).map(|i| i * (count - 1) / (most - 1)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_spread_from_the_first_to_the_last() {
        assert_eq!(spread(3, 12), [0, 1, 2]);
        assert_eq!(spread(21, 5), [0, 5, 10, 15, 20]);
        assert!(spread(0, 12).is_empty());
    }
}
