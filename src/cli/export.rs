//! `sparring export`: the moving-average generator as safetensors.

use std::path::PathBuf;

use clap::Args;

use super::error::Result;
use super::terminal::note;
use super::trained::Trained;
use super::{files, targets};

/// The arguments.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// A run directory (its newest checkpoint) or a checkpoint.
    #[arg(value_name = "RUN|FILE")]
    source: PathBuf,
    /// Where to; ends in .safetensors.
    #[arg(long, value_name = "FILE.safetensors")]
    out: PathBuf,
    /// Stores 16-bit floats: half the size.
    #[arg(long)]
    half: bool,
}

/// Writes the export.
pub fn run(args: &ExportArgs) -> Result<()> {
    targets::check_ending("--out", Some(&args.out), "safetensors")?;
    targets::check(&[("--out", Some(&args.out))], &[Some(args.source.as_path()).filter(|path| path.is_file())])?;
    let bytes = Trained::load(&args.source)?.into_weights().to_bytes(args.half)?;
    files::write(&args.out, &bytes)?;
    note(format!("wrote {} ({:.1} kB)", args.out.display(), bytes.len() as f64 / 1000.0));
    Ok(())
}
