//! A person's own images, decoded once by all cores: into memory, or only to see whether they can be.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;

use super::decode::{Decoded, Form, attempt};
use super::listing::{Entry, Listing};
use super::place::DataArgs;
use super::stream::Streamed;
use crate::cli::error::{CliError, Result};
use crate::cli::terminal::{grouped, note};
use crate::config::TrainConfig;
use crate::data::{Dataset, ImageConfig, ImageSet};
use crate::model::Conditioning;

/// How many of the images that cannot be read are named one by one.
const NAMED: usize = 10;
/// Bytes of images that are measured at once.
const MOST_MEASURED: usize = 8 << 30;
/// Pieces of work for each core: so that none waits long for the others.
const PIECES: usize = 4;

/// All images of a folder or a zip, with their classes where a game wants them. What is larger than memory is read once all the same: a damaged file stops the run before it starts.
pub fn load(config: &TrainConfig, args: &DataArgs) -> Result<Dataset> {
    let listing = Listing::of(args.images()?)?;
    let (image, count) = (&config.image, listing.images.len());
    let features: usize = image.shape().iter().product();
    let gib = (count * features) as f64 / f64::from(1 << 30);
    let mut pixels = if gib > args.data_gib { None } else { Some(room(count * features, args)?) };
    if pixels.is_none() {
        let (count, place) = (grouped(count as u64), listing.place.display());
        note(format!(
            "{place}: {count} images take {gib:.3} GiB, more than --data-gib {}: they are decoded as they are needed",
            args.data_gib
        ));
    }
    let looks = match &mut pixels {
        Some(pixels) => into_memory(&listing, image, pixels.chunks_exact_mut(features))?,
        None => looked_through(&listing, image)?,
    };
    let problems: Vec<Option<String>> = looks.iter().map(|look| look.as_ref().err().cloned()).collect();
    refuse_bad(&listing, &problems, args)?;
    let good: Vec<u32> = (0..).zip(&problems).filter(|(_, problem)| problem.is_none()).map(|(index, _)| index).collect();
    let classes = if config.conditioning == Conditioning::None { None } else { listing.classes() };
    if let Some((names, of_images)) = &classes {
        let filled: BTreeSet<usize> = good.iter().map(|&index| of_images[index as usize]).collect();
        if let Some(empty) = (0..names.len()).find(|class| !filled.contains(class)) {
            let place = listing.place.display();
            return Err(CliError::Failed(format!("--data {place}: no image of the class `{}` can be read", names[empty])));
        }
    }
    note(summary(&listing, good.len(), classes.as_ref().map(|(names, _)| names.len())));
    let labels = classes.map(|(_, classes)| good.iter().map(|&index| classes[index as usize] as u16).collect());
    let images = match pixels {
        Some(pixels) => ImageSet::new(image.shape(), kept(pixels, features, &good)),
        None => {
            let checksums = looks.into_iter().flatten().collect();
            ImageSet::supplied(image.shape(), good.len(), Arc::new(Streamed::start(listing, good, checksums, *image)))
        }
    };
    Ok(Dataset::images(match labels {
        Some(labels) => images.labelled(labels),
        None => images,
    }))
}

/// The images of a folder or a zip as they are, to be measured: all of one size; grey where all are, otherwise RGB over the usual background. The first is shown to `suits`
/// before the others are decoded.
pub fn as_they_are(place: &Path, suits: impl Fn([usize; 3]) -> Result<()>) -> Result<ImageSet> {
    let listing = Listing::of(place)?;
    let form = Form::Whole(ImageConfig::default().background);
    let refuse = |problem: String| CliError::Failed(format!("{}: {problem}", place.display()));
    let first = &listing.images[0];
    let [width, height] =
        attempt(&mut listing.reader()?, first, form).map_err(|error| refuse(format!("{}: {error}", first.name)))?.facts.size;
    let [high, wide] = [height, width].map(|pixels| pixels as usize);
    suits([3, high, wide])?;
    if listing.images.len().saturating_mul(3 * high * wide) > MOST_MEASURED {
        return Err(refuse(format!(
            "{} images of {width}x{height} are more than can be measured at once",
            grouped(listing.images.len() as u64)
        )));
    }
    let mut slots: Vec<std::result::Result<(Vec<u8>, bool), String>> = vec![Ok((Vec::new(), false)); listing.images.len()];
    decode_all(&listing, form, &mut slots, |slot, decoded| {
        *slot = decoded.and_then(|Decoded { pixels, facts }| match facts.size {
            size if size == [width, height] => Ok((pixels, facts.colours.starts_with("grey"))),
            [w, h] => Err(format!("is {w}x{h}, and {} {width}x{height}", first.name)),
        });
    })?;
    let problems: Vec<Option<String>> = slots.iter().map(|slot| slot.as_ref().err().cloned()).collect();
    if let Some(bad) = told(&listing, &problems) {
        return Err(refuse(bad));
    }
    let decoded: Vec<(Vec<u8>, bool)> = slots.into_iter().flatten().collect();
    // The three planes of a grey image are alike.
    let channels = if decoded.iter().all(|(_, grey)| *grey) { 1 } else { 3 };
    let mut pixels = Vec::with_capacity(decoded.len() * channels * high * wide);
    decoded.into_iter().for_each(|(image, _)| pixels.extend(&image[..channels * high * wide]));
    Ok(ImageSet::new([channels, high, wide], pixels))
}

/// Memory for all images.
fn room(bytes: usize, args: &DataArgs) -> Result<Vec<u8>> {
    let mut pixels = Vec::new();
    pixels.try_reserve_exact(bytes).map_err(|error| CliError::Failed(format!("--data-gib {}: {error}", args.data_gib)))?;
    pixels.resize(bytes, 0);
    Ok(pixels)
}

/// A checksum of each image's bytes, or what is wrong with it.
type Looks = Vec<std::result::Result<u32, String>>;

/// Decodes every image to its place, and says what is wrong with those that cannot be.
fn into_memory<'a>(listing: &Listing, image: &ImageConfig, places: impl Iterator<Item = &'a mut [u8]>) -> Result<Looks> {
    let mut slots: Vec<(&mut [u8], std::result::Result<u32, String>)> = places.map(|place| (place, Ok(0))).collect();
    decode_all(listing, Form::Square(image), &mut slots, |(place, look), decoded| {
        *look = decoded.map(|Decoded { pixels, .. }| {
            place.copy_from_slice(&pixels);
            0 // they stay in memory, where their checksums can be had at any time
        });
    })?;
    Ok(slots.into_iter().map(|(_, look)| look).collect())
}

/// The same without keeping anything but checksums.
fn looked_through(listing: &Listing, image: &ImageConfig) -> Result<Looks> {
    let mut looks = vec![Ok(0); listing.images.len()];
    decode_all(listing, Form::Square(image), &mut looks, |look, decoded| {
        *look = decoded.map(|Decoded { pixels, .. }| crc32fast::hash(&pixels))
    })?;
    Ok(looks)
}

/// Names the images that cannot be read; they are an error unless they are to be left out, and there are others.
fn refuse_bad(listing: &Listing, problems: &[Option<String>], args: &DataArgs) -> Result<()> {
    let Some(bad) = told(listing, problems) else { return Ok(()) };
    let place = listing.place.display();
    if problems.iter().all(Option::is_some) {
        return Err(CliError::Failed(format!("--data {place}: {bad}")));
    }
    if !args.skip_bad_images {
        return Err(CliError::Failed(format!("--data {place}: {bad}\n--skip-bad-images leaves them out")));
    }
    note(format!("{place}: {bad}\n  left out"));
    Ok(())
}

/// Decodes every image on some core and gives it to its slot.
pub fn decode_all<T: Send>(
    listing: &Listing,
    form: Form,
    slots: &mut [T],
    fill: impl Fn(&mut T, std::result::Result<Decoded, String>) + Sync,
) -> Result<()> {
    let bar = ProgressBar::with_draw_target(Some(slots.len() as u64), ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template("{bar:24} {pos}/{len} images, {eta} left").expect("the template is valid"));
    let piece = slots.len().div_ceil(PIECES * rayon::current_num_threads()).max(1);
    let work = |(entries, slots): (&[Entry], &mut [T])| {
        let mut reader = listing.reader()?;
        for (entry, slot) in entries.iter().zip(slots) {
            fill(slot, attempt(&mut reader, entry, form));
            bar.inc(1);
        }
        Ok(())
    };
    let done = listing.images.par_chunks(piece).zip(slots.par_chunks_mut(piece)).map(work).collect();
    bar.finish_and_clear();
    done
}

/// What cannot be read, by name: the first few, then how many more.
fn told(listing: &Listing, problems: &[Option<String>]) -> Option<String> {
    let all = listing.images.iter().zip(problems).filter_map(|(entry, problem)| Some(format!("\n  {}: {}", entry.name, problem.as_ref()?)));
    let bad: Vec<String> = all.collect();
    let more = bad.len().saturating_sub(NAMED);
    let more = if more > 0 { format!("\n  and {} more", grouped(more as u64)) } else { String::new() };
    let named: String = bad.iter().take(NAMED).map(String::as_str).collect();
    let (count, all) = (grouped(bad.len() as u64), grouped(problems.len() as u64));
    (!bad.is_empty()).then(|| format!("{count} of {all} images cannot be read:{named}{more}"))
}

/// The good images without the gaps that bad ones left.
fn kept(mut pixels: Vec<u8>, features: usize, good: &[u32]) -> Vec<u8> {
    for (place, &index) in good.iter().enumerate().filter(|(place, index)| *place != **index as usize) {
        let from = index as usize * features;
        pixels.copy_within(from..from + features, place * features);
    }
    pixels.truncate(good.len() * features);
    pixels
}

/// What was found, in a line.
fn summary(listing: &Listing, count: usize, classes: Option<usize>) -> String {
    let classes = classes.map_or_else(String::new, |classes| format!(" in {classes} classes"));
    let others = if listing.others > 0 { format!(", {} other files left out", grouped(listing.others as u64)) } else { String::new() };
    format!("{}: {} images{classes}{others}", listing.place.display(), grouped(count as u64))
}

/// The config with the number of its classes, for a game that wants them.
pub fn with_classes(mut config: TrainConfig, args: &DataArgs) -> Result<TrainConfig> {
    if config.conditioning != Conditioning::None {
        config.image.classes = Listing::of(args.images()?)?.classes().map_or(0, |(names, _)| names.len());
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_closed_in_order() {
        assert_eq!(kept((0..10).collect(), 2, &[0, 2, 4]), [0, 1, 4, 5, 8, 9]);
        assert_eq!(kept((0..4).collect(), 2, &[0, 1]), [0, 1, 2, 3]);
    }
}
