//! MNIST and the sets made like it, found as they are distributed and as they are unpacked by hand.

use std::path::{Path, PathBuf};

use super::place::missing;
use crate::cli::error::{CliError, Result};
use crate::cli::files;
use crate::config::TrainConfig;
use crate::data::Dataset;
use crate::model::Conditioning;

/// What training images are called.
const IMAGES: [&str; 4] =
    ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "train-images.idx3-ubyte", "train-images.idx3-ubyte.gz"];
/// What their labels are called beside them.
const LABELS: [&str; 4] =
    ["train-labels-idx1-ubyte", "train-labels-idx1-ubyte.gz", "train-labels.idx1-ubyte", "train-labels.idx1-ubyte.gz"];

/// Images, from a folder or a file, with their labels where a game wants them and they lie beside the images.
pub fn load(config: &TrainConfig, place: &Path) -> Result<Dataset> {
    let path = find(place).ok_or_else(|| missing(config.data, place))?;
    let images = files::read(&path)?;
    let wants_labels = config.conditioning != Conditioning::None;
    let beside = path.parent().filter(|_| wants_labels).and_then(|folder| first(folder, LABELS));
    let labels = beside.map(|path| Ok::<_, CliError>((path.display().to_string(), files::read(&path)?))).transpose()?;
    let labels = labels.as_ref().map(|(name, bytes)| (name.as_str(), &bytes[..]));
    Ok(Dataset::idx(config.data, (&path.display().to_string(), &images), labels, config.seed)?)
}

/// The file of images in a folder, or the file itself.
pub fn find(place: &Path) -> Option<PathBuf> {
    if place.is_dir() { first(place, IMAGES) } else { Some(place.to_owned()).filter(|path| path.is_file()) }
}

fn first(folder: &Path, names: [&str; 4]) -> Option<PathBuf> {
    names.map(|name| folder.join(name)).into_iter().find(|path| path.is_file())
}
