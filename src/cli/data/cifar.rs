//! CIFAR-10 and CIFAR-100 in their binary format: files plain or gzipped, or the archive as it is distributed.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use super::Split;
use super::place::missing;
use crate::cli::error::{CliError, Result};
use crate::cli::files;
use crate::cli::terminal::{grouped, note};
use crate::data::{DataKind, Dataset};

/// Most bytes read of an archive, after unzipping: ten times what there is in either.
const MAX_ARCHIVE: u64 = 2 << 30;

/// Both of them.
const KINDS: [DataKind; 2] = [DataKind::Cifar10, DataKind::Cifar100];

/// A file's bytes and its name in errors.
type Named = (String, Vec<u8>);

/// All training images that there are in a folder, in an archive or in one file.
pub fn load(kind: DataKind, place: &Path) -> Result<Dataset> {
    let files = read(kind, Split::Train, place)?.ok_or_else(|| missing(kind, place))?;
    let dataset = dataset(kind, &files)?;
    if let Dataset::Images(_, images) = &dataset {
        let (count, of) = (grouped(images.len() as u64), names(kind, Split::Train).len());
        let batches = if of > 1 && !is_named_like_tests(place) { format!(", {} of {of} batches", files.len()) } else { String::new() };
        note(format!("{}: {count} images{batches}", place.display()));
    }
    Ok(dataset)
}

/// CIFAR-10's test images in a folder or in an archive.
pub fn load_tests(place: &Path) -> Result<Dataset> {
    let missing = || CliError::Failed(format!("--data {}: there is no test_batch.bin (or .gz) there", place.display()));
    let files = read(DataKind::Cifar10, Split::Test, place)?.ok_or_else(missing)?;
    dataset(DataKind::Cifar10, &files)
}

/// The images at a place that holds those of either kind: those of training, or of a file of test images.
pub fn known(place: &Path) -> Result<Option<Dataset>> {
    let kind = KINDS.into_iter().find(|&kind| holds(kind, place));
    kind.map(|kind| load(kind, place)).transpose()
}

fn dataset(kind: DataKind, files: &[Named]) -> Result<Dataset> {
    Ok(Dataset::cifar(kind, files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])))?)
}

/// The files of a split; none where there is none.
fn read(kind: DataKind, split: Split, place: &Path) -> Result<Option<Vec<Named>>> {
    match &find(kind, split, place)[..] {
        [] => Ok(None),
        [archive] if is_archive(archive) => unpacked(kind, split, archive).map(Some),
        paths => paths.iter().map(|path| Ok((path.display().to_string(), files::read(path)?))).collect::<Result<_>>().map(Some),
    }
}

/// What the files of a split are called, inside an archive and out of it.
fn names(kind: DataKind, split: Split) -> Vec<String> {
    match (kind, split) {
        (DataKind::Cifar100, Split::Train) => vec!["train.bin".into()],
        (DataKind::Cifar100, Split::Test) => vec!["test.bin".into()],
        (_, Split::Train) => (1..=5).map(|batch| format!("data_batch_{batch}.bin")).collect(),
        (_, Split::Test) => vec!["test_batch.bin".into()],
    }
}

/// The archive as it is distributed, and the folder that it unpacks to.
fn distributed(kind: DataKind) -> [&'static str; 2] {
    if kind == DataKind::Cifar100 {
        ["cifar-100-binary.tar.gz", "cifar-100-binary"]
    } else {
        ["cifar-10-binary.tar.gz", "cifar-10-batches-bin"]
    }
}

fn is_archive(path: &Path) -> bool {
    path.to_str().is_some_and(|path| [".tar.gz", ".tgz", ".tar"].iter().any(|ending| path.ends_with(ending)))
}

/// Whether a folder holds files of this kind, or a file is called like one.
fn holds(kind: DataKind, place: &Path) -> bool {
    let named = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let name = name.trim_end_matches(".gz");
        let is_split = [Split::Train, Split::Test].into_iter().any(|split| names(kind, split).iter().any(|known| known == name));
        is_split || kind == DataKind::Cifar10 && is_named_like_tests(path) || distributed(kind)[0].trim_end_matches(".gz") == name
    };
    if place.is_dir() { !find(kind, Split::Train, place).is_empty() } else { named(place) }
}

/// Whether a file is called like one of either kind.
pub fn is_named(place: &Path) -> bool {
    KINDS.into_iter().any(|kind| holds(kind, place))
}

/// The files in a folder, unpacked or not; or the file itself, which holds both splits if it is an archive.
fn find(kind: DataKind, split: Split, place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        let holds_split = split == Split::Train || is_archive(place);
        return Some(place.to_owned()).filter(|_| holds_split).into_iter().collect();
    }
    let [archive, unpacked] = distributed(kind);
    let either = |folder: &Path, name: &str| {
        [name.to_string(), format!("{name}.gz")].map(|name| folder.join(name)).into_iter().find(|path| path.is_file())
    };
    let all = |folder: &Path| match split {
        Split::Train => names(kind, split).iter().filter_map(|name| either(folder, name)).collect::<Vec<_>>(),
        Split::Test => tests(folder).into_iter().collect(),
    };
    let whole = || [place.join(archive)].into_iter().filter(|path| path.is_file()).collect();
    [all(place), all(&place.join(unpacked))].into_iter().find(|found| !found.is_empty()).unwrap_or_else(whole)
}

/// The file of CIFAR-10's test images in a folder, or that of the first of them, like `test_batch_1000.bin`.
fn tests(folder: &Path) -> Option<PathBuf> {
    std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_named_like_tests(path)).min()
}

fn is_named_like_tests(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().trim_end_matches(".gz");
    name.starts_with("test_batch") && name.ends_with(".bin")
}

/// The files of a split in an archive; nothing is written.
fn unpacked(kind: DataKind, split: Split, path: &Path) -> Result<Vec<Named>> {
    let damaged = |error| CliError::io("read", path, error);
    let file = BufReader::new(File::open(path).map_err(damaged)?);
    let plain: Box<dyn Read> =
        if path.extension().is_some_and(|ending| ending == "tar") { Box::new(file) } else { Box::new(GzDecoder::new(file)) };
    let mut archive = tar::Archive::new(plain.take(MAX_ARCHIVE));
    let (names, mut found) = (names(kind, split), Vec::new());
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let member = entry.path().ok().and_then(|path| Some(path.file_name()?.to_str()?.to_owned()));
        let Some(member) = member.filter(|member| names.contains(member)) else { continue };
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(damaged)?;
        found.push((member.clone(), (format!("{} in {}", member, path.display()), bytes)));
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b)); // the order of an archive is chance
    if found.is_empty() {
        return Err(CliError::Failed(format!("{}: there is no {} in it", path.display(), names[0])));
    }
    Ok(found.into_iter().map(|(_, named)| named).collect())
}
