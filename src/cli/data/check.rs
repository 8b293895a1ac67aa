//! `sparring data check`: what a folder, a zip or the files of a known data set hold, before a run is started on them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use super::decode::{Decoded, Facts, Form};
use super::listing::{Listing, is_image_file};
use super::{cifar, idx, images};
use crate::cli::error::{CliError, Result};
use crate::cli::terminal::{grouped, note, print};
use crate::cli::{files, output, targets};
use crate::config::{TrainConfig, preset, set};
use crate::data::{DataKind, Dataset, ImageSet, pixel};
use crate::model::Conditioning;

/// Images on a contact sheet, at most: 16 rows of 16; fewer of large ones, whose bytes would be too many.
const ON_SHEET: usize = 256;
const SHEET_BYTES: usize = 64 << 20;
/// How many different sizes, and classes, are told one by one.
const TOLD: usize = 20;

/// The arguments.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// A folder or a .zip of images, or the folder or file of MNIST, Fashion-MNIST, KMNIST, CIFAR-10 or CIFAR-100.
    path: PathBuf,
    /// Changes what images become, as in training, e.g. --set image.resolution=64 --set image.fit=letterbox.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Writes a PNG with up to 256 of the images (of 1024x1024 up to 21), from all over the set, as a run sees them.
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
}

/// Says what there is; every image that cannot be read is named, and is an error.
pub fn run(args: &CheckArgs) -> Result<()> {
    targets::check_ending("--sheet", args.sheet.as_deref(), "png")?;
    if args.path.is_file() && is_image_file(&args.path) {
        return Err(CliError::Usage(format!("{}: is one image; name its folder, or a zip of images", args.path.display())));
    }
    targets::check(&[("--sheet", args.sheet.as_deref())], &[Some(&args.path)])?;
    let own = args.set.iter().try_fold(preset("images")?.config, |config, assignment| set(&config, assignment))?;
    own.validate()?;
    match known(&args.path, &own)? {
        Some(dataset) => tell_known(&dataset, args),
        None => check_images(args, &own),
    }
}

/// The data set whose files are at a place, if they are those of one.
fn known(place: &Path, config: &TrainConfig) -> Result<Option<Dataset>> {
    if files::has_ending(place, "zip") || !place.exists() {
        return Ok(None);
    }
    let told = |data| TrainConfig { data, conditioning: Conditioning::Acgan, ..config.clone() };
    if place.is_dir() && idx::find(place).is_some() || place.is_file() && !cifar::is_named(place) {
        return idx::load(&told(DataKind::Mnist), place).map(Some);
    }
    cifar::known(place)
}

fn tell_known(dataset: &Dataset, args: &CheckArgs) -> Result<()> {
    let Dataset::Images(_, set) = dataset else { return Ok(()) };
    let [channels, height, width] = set.shape();
    print(format!("images: {}, {channels}x{height}x{width}", grouped(set.len() as u64)))?;
    let mut counts = BTreeMap::<String, usize>::new();
    (0..set.len()).filter_map(|index| set.label(index)).for_each(|label| *counts.entry(format!("{label:>3}")).or_default() += 1);
    tell_classes(&counts)?;
    let step = set.len().div_ceil(on_sheet(*set.shape()));
    let shown: Vec<u8> = (0..set.len()).step_by(step).flat_map(|index| set.pixels(index).into_owned()).collect();
    write_sheet(args, &ImageSet::new(*set.shape(), shown))
}

/// How many images of a shape a sheet has room for.
fn on_sheet(shape: [usize; 3]) -> usize {
    ON_SHEET.min(SHEET_BYTES / shape.iter().product::<usize>()).max(1)
}

/// What became of one image.
type Outcome = Option<std::result::Result<(Facts, Option<Vec<u8>>), String>>;

fn check_images(args: &CheckArgs, config: &TrainConfig) -> Result<()> {
    let listing = Listing::of(&args.path)?;
    let step = listing.images.len().div_ceil(on_sheet(config.image.shape()));
    // Only what is shown on the sheet is kept: the set may be larger than memory.
    let mut slots: Vec<(bool, Outcome)> =
        (0..listing.images.len()).map(|index| (args.sheet.is_some() && index.is_multiple_of(step), None)).collect();
    images::decode_all(&listing, Form::Square(&config.image), &mut slots, |(shown, outcome), decoded| {
        *outcome = Some(decoded.map(|Decoded { pixels, facts }| (facts, shown.then_some(pixels))));
    })?;
    let outcomes: Vec<_> = slots.into_iter().filter_map(|(_, outcome)| outcome).collect();
    let good: Vec<&Facts> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).map(|(facts, _)| facts).collect();
    let others = if listing.others > 0 { format!(", and {} other files", grouped(listing.others as u64)) } else { String::new() };
    print(format!("images: {}{others}", grouped(listing.images.len() as u64)))?;
    tell("formats", counted(good.iter().map(|facts| facts.format.to_string())))?;
    tell("colours", counted(good.iter().map(|facts| facts.colours.to_string())))?;
    tell("sizes", counted(good.iter().map(|Facts { size: [width, height], .. }| format!("{width}x{height}"))))?;
    if let Some((names, classes)) = listing.classes() {
        tell_classes(&counted(classes.into_iter().map(|class| names[class].to_string())))?;
    } else {
        print("classes: none; images in folders have theirs")?;
    }
    let shown = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()?.1.as_deref()).collect::<Vec<_>>().concat();
    if !shown.is_empty() {
        write_sheet(args, &ImageSet::new(config.image.shape(), shown))?;
    }
    let bad: Vec<_> =
        listing.images.iter().zip(&outcomes).filter_map(|(entry, outcome)| Some((&entry.name, outcome.as_ref().err()?))).collect();
    bad.iter().try_for_each(|(name, problem)| print(format!("bad: {name}: {problem}")))?;
    match bad.len() {
        0 => Ok(()),
        count => Err(CliError::Failed(format!(
            "{}: {} of {} images cannot be read",
            args.path.display(),
            grouped(count as u64),
            grouped(outcomes.len() as u64)
        ))),
    }
}

fn counted(names: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    names.for_each(|name| *counts.entry(name).or_default() += 1);
    counts
}

/// A line of what is most frequent.
fn tell(what: &str, counts: BTreeMap<String, usize>) -> Result<()> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let more = counts.len().saturating_sub(TOLD);
    let said: Vec<String> = counts.iter().take(TOLD).map(|(name, count)| format!("{name} ({})", grouped(*count as u64))).collect();
    let more = if more > 0 { format!(" and {} more", grouped(more as u64)) } else { String::new() };
    if said.is_empty() { Ok(()) } else { print(format!("{what}: {}{more}", said.join(", "))) }
}

/// The classes in the order of their numbers.
fn tell_classes(counts: &BTreeMap<String, usize>) -> Result<()> {
    let line = |(name, count): (&String, &usize)| format!("{} ({})", name.trim_start(), grouped(*count as u64));
    let said: Vec<String> = counts.iter().take(TOLD).map(line).collect();
    let more = counts.len().saturating_sub(TOLD);
    let more = if more > 0 { format!(" and {} more", grouped(more as u64)) } else { String::new() };
    if said.is_empty() { print("classes: no labels") } else { print(format!("classes: {}: {}{more}", counts.len(), said.join(", "))) }
}

fn write_sheet(args: &CheckArgs, images: &ImageSet) -> Result<()> {
    let Some(path) = &args.sheet else { return Ok(()) };
    let samples: Vec<f32> = (0..images.len()).flat_map(|index| images.pixels(index).into_owned()).map(pixel::from_byte).collect();
    files::write(path, &output::wall(&samples, images.shape()))?;
    note(format!("wrote {}", path.display()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_has_fewer_of_large_images() {
        assert_eq!([[1, 28, 28], [3, 64, 64], [3, 1024, 1024], [4, 1024, 1024]].map(on_sheet), [256, 256, 21, 16]);
    }
}
