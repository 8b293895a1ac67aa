//! What a run learns from, in a few numbers: `data.json`. A data set that is another one when the run goes on is known by them.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::{CliError, Result};
use super::files;
use super::run_dir::RunDir;
use super::terminal::grouped;
use crate::data::Dataset;
use crate::error::Error;

/// Where it stands in a run's folder.
pub const FILE: &str = "data.json";

/// Images as the run sees them, so that a folder and a zip of it, plain or packed files, are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fingerprint {
    images: usize,
    /// `[channels, height, width]`.
    shape: Vec<usize>,
    /// CRC-32 of the checksums of all images in their order.
    pixels: u32,
    /// CRC-32 of their classes, where the game wants them.
    classes: Option<u32>,
}

impl Fingerprint {
    /// Of images from files; points, and shapes that are drawn from the seed, stand in the config.
    pub fn of(data: &Dataset) -> Option<Self> {
        let Dataset::Images(kind, images) = data else { return None };
        if *kind == crate::data::DataKind::Shapes {
            return None;
        }
        let checksums: Vec<u32> = (0..images.len()).into_par_iter().map(|index| images.checksum(index)).collect();
        let labels = images.has_labels().then(|| (0..images.len()).map(|index| images.label(index).unwrap_or_default()));
        Some(Self { images: images.len(), shape: images.shape().to_vec(), pixels: combined(checksums), classes: labels.map(combined) })
    }

    /// Writes down what a run learns from, once.
    pub fn write(run: &RunDir, data: &Dataset) -> Result<()> {
        let path = run.file(FILE);
        if path.exists() {
            return Ok(());
        }
        let Some(print) = Self::of(data) else { return Ok(()) };
        let text = serde_json::to_string_pretty(&print).expect("a fingerprint is plain data");
        files::write(&path, format!("{text}\n").as_bytes())
    }

    /// Refuses data other than those that a run began with, in words.
    pub fn check(run: &RunDir, data: &Dataset) -> Result<()> {
        Self::difference(run, data)?.map_or(Ok(()), |what| {
            Err(CliError::Failed(format!("{what}\nnothing was changed; resume with the data of then, or start a new run")))
        })
    }

    /// How data are other than those that a run began with, if they are. A run from before there were fingerprints is taken at its word.
    pub fn difference(run: &RunDir, data: &Dataset) -> Result<Option<String>> {
        let path = run.file(FILE);
        let Some(now) = Self::of(data).filter(|_| path.exists()) else { return Ok(None) };
        let name = path.display().to_string();
        let began: Self = serde_json::from_slice(&files::read(&path)?)
            .map_err(|error| Error::file(name.as_str(), format!("is no fingerprint of data: {error}")))?;
        Ok(began.changed(&now).map(|what| format!("--data is not what the run began with ({name}): {what}")))
    }

    /// What is different, the plainest first.
    pub fn changed(&self, now: &Self) -> Option<String> {
        if self.images != now.images {
            return Some(format!("{} images then, {} now", grouped(self.images as u64), grouped(now.images as u64)));
        }
        if self.shape != now.shape {
            return Some(format!("images of shape {:?} then, {:?} now", self.shape, now.shape));
        }
        if self.pixels != now.pixels {
            let count = grouped(now.images as u64);
            return Some(format!(
                "{count} images as then, but others, or in another order (checksum {:08x} then, {:08x} now)",
                self.pixels, now.pixels
            ));
        }
        (self.classes != now.classes).then(|| "the same images, but their classes are others".into())
    }
}

fn combined(numbers: impl IntoIterator<Item = u32>) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    numbers.into_iter().for_each(|number| hasher.update(&number.to_le_bytes()));
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ImageSet;

    fn print(pixels: &[u8], labels: &[u16]) -> Fingerprint {
        Fingerprint::of(&Dataset::images(ImageSet::new([1, 1, 2], pixels.to_vec()).labelled(labels.to_vec()))).unwrap()
    }

    #[test]
    fn what_changed_is_said_in_words() {
        let began = print(&[1, 2, 3, 4], &[0, 1]);
        assert_eq!(began.changed(&print(&[1, 2, 3, 4], &[0, 1])), None);
        let said = |pixels: &[u8], labels: &[u16]| began.changed(&print(pixels, labels)).expect("a change");
        assert_eq!(said(&[1, 2], &[0]), "2 images then, 1 now");
        assert!(said(&[3, 4, 1, 2], &[0, 1]).contains("another order"));
        assert!(said(&[1, 2, 3, 5], &[0, 1]).contains("checksum"));
        assert!(said(&[1, 2, 3, 4], &[1, 1]).contains("classes"));
        assert!(Fingerprint::of(&crate::config::TrainConfig::default().dataset().unwrap()).is_none());
    }
}
