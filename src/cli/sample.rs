//! `sparring sample`: samples of a trained generator, from a seed or from given latents.

use std::path::PathBuf;

use clap::Args;

use super::device::{DeviceArg, FORMS};
use super::error::{CliError, Result};
use super::output::Format;
use super::terminal::note;
use super::trained::Trained;
use super::{files, npy, targets, wait};
use crate::config::TrainConfig;
use crate::sample::Sampler;

/// More at once would not fit into memory as images.
const MAX_COUNT: u64 = 1_000_000;

/// The arguments.
#[derive(Debug, Args)]
pub struct SampleArgs {
    /// A run directory (its newest checkpoint), a checkpoint, or exported weights.
    #[arg(value_name = "RUN|FILE")]
    source: PathBuf,
    /// How many samples; with --latents as many as it has rows.
    #[arg(long, value_name = "N", required_unless_present = "latents", value_parser = clap::value_parser!(u64).range(1..=MAX_COUNT))]
    count: Option<u64>,
    /// Seed of the latents.
    #[arg(long, value_name = "S", default_value_t = 0, conflicts_with = "latents")]
    seed: u64,
    /// Latents to use: a NumPy array [count, latent_dim].
    #[arg(long, value_name = "Z.npy")]
    latents: Option<PathBuf>,
    /// The class of all samples, for a generator that was trained with classes [default: one class after another].
    #[arg(long, value_name = "K")]
    class: Option<u32>,
    /// Also writes the latents that were used.
    #[arg(long, value_name = "Z.npy")]
    save_latents: Option<PathBuf>,
    /// Where to: .png (grid of images, scatter of points), .npy (float32), .csv (points).
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Where to compute; `sparring devices` shows what there is, and its numbers.
    #[arg(long, value_name = FORMS, default_value = "cpu")]
    device: DeviceArg,
}

/// Draws the samples and writes them.
pub fn run(args: &SampleArgs) -> Result<()> {
    let weights = Trained::load(&args.source)?.into_weights();
    let config = &weights.config;
    let format = Format::of(&args.out, config.data)?;
    let weights_file = Some(args.source.as_path()).filter(|path| path.is_file());
    targets::check(
        &[("--out", Some(&args.out)), ("--save-latents", args.save_latents.as_deref())],
        &[weights_file, args.latents.as_deref()],
    )?;
    let latents = latents(args, config)?;
    let opened = args.device.open()?;
    let sampler = Sampler::new(config, &weights.vector, &weights.state, &opened.device)?;
    let samples = match args.class {
        None => wait(sampler.generate(&latents))?,
        Some(_) if sampler.classes() == 0 => {
            return Err(CliError::Usage("--class: this generator was trained without classes; leave the flag away".into()));
        }
        Some(class) => wait(sampler.generate_classes(&latents, &vec![class; latents.len() / config.latent_dim]))?,
    };
    if let Some(path) = &args.save_latents {
        files::write(path, &npy::encode(&latents, &[config.latent_dim]))?;
        note(format!("wrote {}", path.display()));
    }
    files::write(&args.out, &format.encode(&samples, config))?;
    note(format!("wrote {}", args.out.display()));
    Ok(())
}

fn latents(args: &SampleArgs, config: &TrainConfig) -> Result<Vec<f32>> {
    let latent_dim = config.latent_dim;
    let Some(path) = &args.latents else {
        let count = args.count.expect("clap requires --count where --latents is missing");
        return Ok(config.latent.draw(args.seed, count as usize, latent_dim));
    };
    let latents = npy::read_latents(path, latent_dim)?;
    let rows = (latents.len() / latent_dim) as u64;
    match args.count {
        Some(count) if count != rows => Err(CliError::Usage(format!("--count {count}: {} has {rows} rows", path.display()))),
        _ => Ok(latents),
    }
}
