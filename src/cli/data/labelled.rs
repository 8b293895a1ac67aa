//! One split of a known data set with the class of each image: what a classifier is trained or tested by.

use std::path::Path;

use super::{Split, cifar, idx};
use crate::cli::error::{CliError, Result};
use crate::cli::files;
use crate::data::{DataKind, Dataset, read_images, read_labels};
use crate::fidelity::{Labelled, Network, Pixels};

/// A split of the data that a network is trained on, from their folder; CIFAR also from its archive.
pub fn labelled(network: Network, place: &Path, split: Split) -> Result<Labelled> {
    match network.data() {
        DataKind::Cifar10 => of_cifar(network, place, split),
        _ => of_idx(network, place, split),
    }
}

/// By the usual names of the files.
fn of_idx(network: Network, folder: &Path, split: Split) -> Result<Labelled> {
    let find = |what: &str, rank| {
        let name = idx::name(split);
        let missing = || format!("--data {}: there is no {name}-{what}-idx{rank}-ubyte (or .gz) there", folder.display());
        idx::part(folder, split, what, rank).ok_or_else(|| CliError::Failed(missing()))
    };
    let (images, labels) = (find("images", 3)?, find("labels", 1)?);
    let name = images.display().to_string();
    let pixels = Pixels::of(&read_images(&name, &files::read(&images)?)?);
    let file = labels.display().to_string();
    let labels = read_labels(&file, &files::read(&labels)?)?;
    Ok(Labelled::new(network.architecture().shape(), pixels, &name, labels, &file)?)
}

fn of_cifar(network: Network, place: &Path, split: Split) -> Result<Labelled> {
    let name = place.display().to_string();
    let dataset = match split {
        Split::Train => cifar::load(DataKind::Cifar10, place)?,
        Split::Test => cifar::load_tests(place)?,
    };
    let Dataset::Images(_, images) = dataset else { unreachable!("CIFAR is images") };
    let labels = (0..images.len()).filter_map(|index| images.label(index)).map(|label| label as u8).collect();
    Ok(Labelled::new(network.architecture().shape(), Pixels::of(&images), &name, labels, &name)?)
}
