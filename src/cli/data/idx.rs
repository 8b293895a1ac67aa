//! MNIST and the sets made like it, found as they are distributed and as they are unpacked by hand.

use std::path::{Path, PathBuf};

use super::Split;
use super::place::missing;
use crate::cli::error::{CliError, Result};
use crate::cli::files;
use crate::config::TrainConfig;
use crate::data::Dataset;
use crate::model::Conditioning;

/// Images, from a folder or a file, with their labels where a game wants them and they lie beside the images.
pub fn load(config: &TrainConfig, place: &Path) -> Result<Dataset> {
    let path = find(place).ok_or_else(|| missing(config.data, place))?;
    let images = files::read(&path)?;
    let wants_labels = config.conditioning != Conditioning::None;
    let is_test = path.file_name().is_some_and(|file| file.to_string_lossy().starts_with(name(Split::Test)));
    let split = if is_test { Split::Test } else { Split::Train };
    let beside = path.parent().filter(|_| wants_labels).and_then(|folder| part(folder, split, "labels", 1));
    let labels = beside.map(|path| Ok::<_, CliError>((path.display().to_string(), files::read(&path)?))).transpose()?;
    let labels = labels.as_ref().map(|(name, bytes)| (name.as_str(), &bytes[..]));
    Ok(Dataset::idx(config.data, (&path.display().to_string(), &images), labels, config.seed)?)
}

/// The file of images in a folder, or the file itself.
pub fn find(place: &Path) -> Option<PathBuf> {
    if place.is_dir() { part(place, Split::Train, "images", 3) } else { Some(place.to_owned()).filter(|path| path.is_file()) }
}

/// One file of a split in a folder: the images (of rank 3) or the labels (of rank 1) of `train` or `t10k`, as they are distributed or unpacked by hand.
pub fn part(folder: &Path, split: Split, what: &str, rank: usize) -> Option<PathBuf> {
    let split = name(split);
    let names = ["-", "."].map(|mark| format!("{split}-{what}{mark}idx{rank}-ubyte"));
    names.into_iter().flat_map(|name| [name.clone(), format!("{name}.gz")]).map(|name| folder.join(name)).find(|path| path.is_file())
}

/// What the names of a split's files begin with.
pub fn name(split: Split) -> &'static str {
    match split {
        Split::Train => "train",
        Split::Test => "t10k",
    }
}
