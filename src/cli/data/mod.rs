//! Where data sets come from: the toys and the shapes are made by the program, images come from files.

mod check;
mod cifar;
mod decode;
mod download;
mod fetch;
mod idx;
mod images;
mod labelled;
mod listing;
mod place;
mod sources;
mod stream;

use std::path::Path;

use clap::Subcommand;

pub use cifar::known as known_cifar;
pub use idx::find as idx_images;
pub use images::as_they_are;
pub use labelled::labelled;
pub use place::DataArgs;

use super::error::{CliError, Result};
use super::{files, terminal};
use crate::config::TrainConfig;
use crate::data::{DataKind, Dataset, MAX_POINTS, read_points};

/// `sparring data`.
#[derive(Debug, Subcommand)]
pub enum DataCommand {
    /// Says what images there are, names those that cannot be read, and shows some.
    Check(check::CheckArgs),
    /// Downloads a data set from where it is published.
    Fetch(fetch::FetchArgs),
}

/// The two splits of a known data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// What is learnt from.
    Train,
    /// What is tested by.
    Test,
}

/// Does what the arguments say.
pub fn run(command: &DataCommand) -> Result<()> {
    match command {
        DataCommand::Check(args) => check::run(args),
        DataCommand::Fetch(args) => fetch::run(args),
    }
}

/// Whether a file would be taken for data, or a part of them, by its name.
pub fn is_named_like_data(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    listing::is_image_file(path) || ["-ubyte", ".bin", ".zip", ".npy", ".tar.gz"].iter().any(|part| name.contains(part))
}

/// Puts into a config what it holds of the data themselves: a person's own points, or the number of classes of their images. All other configs stay as they are.
pub fn described(mut config: TrainConfig, args: &DataArgs) -> Result<TrainConfig> {
    match (config.data, &args.path) {
        (DataKind::Images, Some(_)) => images::with_classes(config, args),
        (DataKind::Points, Some(path)) => {
            let (points, dropped) = read_points(&path.display().to_string(), &files::read(path)?)?;
            let dropped =
                if dropped > 0 { format!(", {dropped} row{} dropped", if dropped == 1 { "" } else { "s" }) } else { String::new() };
            let most = if points.len() == MAX_POINTS { ", the most that a run takes, from all over the file" } else { "" };
            terminal::note(format!("{}: {} points{most}{dropped}", path.display(), points.len()));
            config.points = points;
            Ok(config)
        }
        _ => Ok(config),
    }
}

/// Loads a data set from `--data`, where it needs one.
pub fn load(config: &TrainConfig, args: &DataArgs) -> Result<Dataset> {
    match config.dataset() {
        Some(dataset) if args.path.is_none() || config.data == DataKind::Points => Ok(dataset),
        Some(_) => Err(CliError::Usage(format!(
            "--data: the program makes `{}` itself; leave the flag away, or name other data with --set data=…",
            config.data.name()
        ))),
        None => match config.data {
            DataKind::Images => images::load(config, args),
            DataKind::Cifar10 | DataKind::Cifar100 => cifar::load(config.data, &args.place(config.data)?),
            _ => idx::load(config, &args.place(config.data)?),
        },
    }
}
