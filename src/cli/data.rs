//! Where data sets come from: the toys make their own, images come from files.

use std::path::{Path, PathBuf};

use super::error::{CliError, Result};
use super::files;
use crate::data::{DataKind, Dataset};

/// What MNIST's training images are called, as distributed and as unpacked by hand.
const MNIST_FILES: [&str; 4] =
    ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "train-images.idx3-ubyte", "train-images.idx3-ubyte.gz"];

/// The folder that holds one folder per data set.
const DATA_VARIABLE: &str = "SPARRING_DATA";

/// Loads a data set from `--data`, where it needs one.
pub fn load(kind: DataKind, data: Option<&Path>) -> Result<Dataset> {
    match (Dataset::builtin(kind), data) {
        (Some(dataset), None) => Ok(dataset),
        (Some(_), Some(_)) => Err(CliError::Usage("--data: these are points that the program draws itself; leave the flag away".into())),
        (None, data) => {
            let path = find(data)?;
            Ok(Dataset::mnist(&path.display().to_string(), &files::read(&path)?)?)
        }
    }
}

fn find(data: Option<&Path>) -> Result<PathBuf> {
    let from_variable = || std::env::var_os(DATA_VARIABLE).map(|folder| Path::new(&folder).join("mnist"));
    let Some(place) = data.map(Path::to_owned).or_else(from_variable) else {
        return Err(CliError::Usage(format!(
            "--data is needed: the folder with MNIST's {} (or .gz), or that file; ${DATA_VARIABLE}/mnist is looked at without the flag",
            MNIST_FILES[0]
        )));
    };
    let candidates = if place.is_dir() { MNIST_FILES.map(|name| place.join(name)).to_vec() } else { vec![place.clone()] };
    let found = candidates.into_iter().find(|path| path.is_file());
    found.ok_or_else(|| CliError::Failed(format!("--data {}: there is no {} (or .gz) there", place.display(), MNIST_FILES[0])))
}
