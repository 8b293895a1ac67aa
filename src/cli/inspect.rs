//! `sparring inspect`: what a checkpoint or an export holds.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;

use super::error::Result;
use super::terminal::{self, grouped};
use super::trained::Trained;
use crate::config::TrainConfig;
use crate::game::networks;
use crate::nn::params::Layout;

/// The arguments.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// A checkpoint, exported weights, or a run directory (its newest checkpoint).
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Prints the description.
pub fn run(args: &InspectArgs) -> Result<()> {
    let trained = Trained::load(&args.file)?;
    let mut text = String::new();
    match &trained {
        Trained::Checkpoint(checkpoint) => {
            let header = &checkpoint.header;
            let (generator, critic) = networks(&header.config)?;
            head(&mut text, "checkpoint", &header.config, header.images, Some(header.step));
            tensors(&mut text, "generator", generator.layout());
            tensors(&mut text, "critic", critic.layout());
            let _ = writeln!(text, "\nvectors:");
            for (name, vector) in &checkpoint.vectors {
                let _ = writeln!(text, "  {name:<40} {}", grouped(vector.len() as u64));
            }
        }
        Trained::Weights(weights) => {
            head(&mut text, "exported generator", &weights.config, weights.images, None);
            tensors(&mut text, "generator", networks(&weights.config)?.0.layout());
        }
    }
    terminal::print(text.trim_end())
}

fn head(text: &mut String, kind: &str, config: &TrainConfig, images: u64, step: Option<u64>) {
    let line = |text: &mut String, name: &str, value: &str| _ = writeln!(text, "{name:<10} {value}");
    line(text, "kind", kind);
    line(text, "images", &grouped(images));
    if let Some(step) = step {
        line(text, "steps", &grouped(step));
    }
    line(text, "settings", &config.to_json().replace('\n', "\n           "));
}

fn tensors(text: &mut String, whose: &str, layout: &Layout) {
    let _ = writeln!(text, "\n{whose}: {} parameters", grouped(layout.len() as u64));
    for entry in layout.entries().iter().chain(layout.buffers()) {
        let _ = writeln!(text, "  {:<40} {:?}", entry.name, entry.shape);
    }
}
