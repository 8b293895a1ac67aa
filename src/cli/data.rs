//! Where data sets come from: the toys make their own, images come from files.

use std::path::{Path, PathBuf};

use super::error::{CliError, Result};
use super::{files, terminal};
use crate::config::TrainConfig;
use crate::data::{DataKind, Dataset, read_points};
use crate::model::Conditioning;

/// What MNIST's training images are called, as distributed and as unpacked by hand.
const MNIST_FILES: [&str; 4] =
    ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "train-images.idx3-ubyte", "train-images.idx3-ubyte.gz"];

/// The folder that holds one folder per data set.
const DATA_VARIABLE: &str = "SPARRING_DATA";

/// What labels are called beside images.
const MNIST_LABELS: [&str; 4] =
    ["train-labels-idx1-ubyte", "train-labels-idx1-ubyte.gz", "train-labels.idx1-ubyte", "train-labels.idx1-ubyte.gz"];

/// Puts a person's own points from `--data` into their config; all other configs stay as they are.
pub fn with_points(mut config: TrainConfig, data: Option<&Path>) -> Result<TrainConfig> {
    if let (DataKind::Points, Some(path)) = (config.data, data) {
        let (points, dropped) = read_points(&path.display().to_string(), &files::read(path)?)?;
        let kept = points.len();
        terminal::note(format!(
            "{}: {kept} points{}",
            path.display(),
            if dropped > 0 { format!(", {dropped} row{} dropped", if dropped == 1 { "" } else { "s" }) } else { String::new() }
        ));
        config.points = points;
    }
    Ok(config)
}

/// Loads a data set from `--data`, where it needs one.
pub fn load(config: &TrainConfig, data: Option<&Path>) -> Result<Dataset> {
    match (config.dataset(), data) {
        (Some(dataset), data) if data.is_none() || config.data == DataKind::Points => Ok(dataset),
        (Some(_), _) => Err(CliError::Usage("--data: these are points that the program draws itself; leave the flag away".into())),
        (None, data) => mnist(&find(data)?, config.conditioning != Conditioning::None),
    }
}

/// MNIST with its labels, where a game wants them and they lie beside the images.
fn mnist(path: &Path, wants_labels: bool) -> Result<Dataset> {
    let images = files::read(path)?;
    let beside = path
        .parent()
        .filter(|_| wants_labels)
        .and_then(|folder| MNIST_LABELS.map(|name| folder.join(name)).into_iter().find(|path| path.is_file()));
    let labels = beside.map(|path| Ok::<_, CliError>((path.display().to_string(), files::read(&path)?))).transpose()?;
    let labels = labels.as_ref().map(|(name, bytes)| (name.as_str(), &bytes[..]));
    Ok(Dataset::mnist((&path.display().to_string(), &images), labels)?)
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
