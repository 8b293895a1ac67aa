//! `--data` and what goes with it: where a data set lies.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::error::{CliError, Result};
use crate::data::DataKind;

/// The folder that holds one folder per data set.
const DATA_VARIABLE: &str = "SPARRING_DATA";

/// Gibibytes that a person's own images may take, unless said otherwise.
const GIB: f64 = 4.0;

/// Where the data are, and how they are read.
#[derive(Debug, Clone, Args)]
pub struct DataArgs {
    /// The data's folder or file, for presets that need one (else its folder in $SPARRING_DATA, as in $SPARRING_DATA/mnist).
    #[arg(id = "data", long, value_name = "PATH")]
    pub path: Option<PathBuf>,
    /// Leaves out those of your images that cannot be read; otherwise they are named and nothing starts.
    #[arg(long)]
    pub skip_bad_images: bool,
    /// Most memory, in GiB, that your images may take; larger sets are decoded as they are needed.
    #[arg(long, value_name = "N", default_value_t = GIB, value_parser = gib)]
    pub data_gib: f64,
}

impl DataArgs {
    /// `--data-gib`, where it is another than without the flag.
    pub fn other_gib(&self) -> Option<String> {
        (self.data_gib != GIB).then(|| self.data_gib.to_string())
    }

    /// Where a person's own images are.
    pub fn images(&self) -> Result<&Path> {
        self.path
            .as_deref()
            .ok_or_else(|| CliError::Usage("--data is needed: a folder, or a .zip, of PNG, JPEG, WebP or BMP images".into()))
    }

    /// Where a data set that is known by name is said to lie: `--data`, or its folder in the folder of all.
    pub fn place(&self, kind: DataKind) -> Result<PathBuf> {
        self.path.clone().or_else(|| usual(kind)).ok_or_else(|| {
            let (folder, file) = (folder(kind), file(kind));
            CliError::Usage(format!(
                "--data is needed: the folder with {file} (or .gz), or that file; ${DATA_VARIABLE}/{folder} is looked at without the flag, and `sparring data fetch` downloads it"
            ))
        })
    }
}

/// The folder of a data set in the folder of all, where there is one.
pub fn usual(kind: DataKind) -> Option<PathBuf> {
    std::env::var_os(DATA_VARIABLE).map(|all| Path::new(&all).join(folder(kind)))
}

/// What the folder of a data set is called.
pub fn folder(kind: DataKind) -> &'static str {
    match kind {
        DataKind::FashionMnist => "fashion-mnist",
        DataKind::Kmnist => "kmnist",
        DataKind::Cifar10 => "cifar10",
        DataKind::Cifar100 => "cifar100",
        _ => "mnist",
    }
}

/// The file that a data set is known by, as its makers call it.
fn file(kind: DataKind) -> &'static str {
    match kind {
        DataKind::Cifar10 => "data_batch_1.bin",
        DataKind::Cifar100 => "train.bin",
        _ => "train-images-idx3-ubyte",
    }
}

/// Said where a place holds no such data.
pub fn missing(kind: DataKind, place: &Path) -> CliError {
    let (by_variable, path) = (usual(kind).as_deref() == Some(place), place.display());
    let said = if by_variable { format!("{path} (for want of --data, by ${DATA_VARIABLE})") } else { format!("--data {path}") };
    let problem =
        if place.exists() { format!("there is no {} (or .gz) there", file(kind)) } else { "there is no such file or folder".into() };
    CliError::Failed(format!("{said}: {problem}"))
}

fn gib(text: &str) -> std::result::Result<f64, String> {
    text.parse().ok().filter(|gib| (0.0001..=4096.0).contains(gib)).ok_or_else(|| "must be a number from 0.0001 to 4096".into())
}
