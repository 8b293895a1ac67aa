//! The image data sets that are known by name, from the bytes of their files.

use super::{DataKind, Dataset, ImageConfig, ImageSet, cifar, idx};
use crate::error::{Error, Result};
use crate::rng::{Purpose, Stream};

/// Images of Stacked MNIST: 128 of each mode, in the mean.
const STACKED: usize = 128_000;

impl Dataset {
    /// MNIST or a set made like it, and Stacked MNIST, from the bytes of `train-images-idx3-ubyte` and, if there are any, of `train-labels-idx1-ubyte`, gzipped or not; each comes with
    /// the name it has in errors. Which digits are stacked depends on the seed.
    pub fn idx(kind: DataKind, (file, bytes): (&str, &[u8]), labels: Option<(&str, &[u8])>, seed: u64) -> Result<Self> {
        let images = idx::read_images(file, bytes)?;
        if *images.shape() != [1, 28, 28] {
            let [_, height, width] = images.shape();
            return Err(Error::file(file, format!("images of {} are 28x28; these are {height}x{width}", kind.name())));
        }
        let images = match labels {
            Some(labels) => with_labels(images, kind, labels)?,
            None => images,
        };
        if kind != DataKind::StackedMnist {
            return Ok(Self::Images(kind, images));
        }
        let mut stream = Stream::new(seed, Purpose::Stacked);
        let picks = (0..STACKED).map(|_| [(); 3].map(|()| stream.below(images.len()) as u32)).collect();
        Ok(Self::Images(kind, images.stacked(picks, 10)))
    }

    /// CIFAR-10 or CIFAR-100 from the bytes of its files, each with its name.
    pub fn cifar<'a>(kind: DataKind, files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Self> {
        Ok(Self::Images(kind, cifar::read_cifar(kind, files)?))
    }

    /// The shapes of a seed.
    pub fn shapes(seed: u64, image: &ImageConfig) -> Self {
        Self::Images(DataKind::Shapes, ImageSet::shapes(seed, image.resolution))
    }

    /// A person's own images.
    pub fn images(images: ImageSet) -> Self {
        Self::Images(DataKind::Images, images)
    }
}

fn with_labels(images: ImageSet, kind: DataKind, (file, bytes): (&str, &[u8])) -> Result<ImageSet> {
    let labels = idx::read_labels(file, bytes)?;
    if labels.len() != images.len() {
        return Err(Error::file(file, format!("holds {} labels for {} images", labels.len(), images.len())));
    }
    if let Some(label) = labels.iter().find(|&&label| label > 9) {
        return Err(Error::file(file, format!("holds the label {label}; {} has 0 to 9", kind.name())));
    }
    Ok(images.labelled(labels.into_iter().map(u16::from).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Cursor;

    fn digits(count: u32) -> (Vec<u8>, Vec<u8>) {
        let images = [0x0803, count, 28, 28].into_iter().flat_map(u32::to_be_bytes);
        let images = images.chain((0..count).flat_map(|image| [image as u8; 784])).collect();
        let labels = [0x0801, count].into_iter().flat_map(u32::to_be_bytes).chain((0..count).map(|image| image as u8 % 10)).collect();
        (images, labels)
    }

    #[test]
    fn stacked_digits_are_those_of_the_seed_and_their_class_is_their_number() {
        let (images, labels) = digits(200);
        let stacked = |seed| Dataset::idx(DataKind::StackedMnist, ("i", &images), Some(("l", &labels)), seed).expect("whole files");
        let batch = |seed| stacked(seed).batch(500, &mut Cursor::new(1, Purpose::Data));
        assert_eq!(batch(3), batch(3));
        assert_ne!(batch(3), batch(4));
        let drawn = batch(3);
        for (sample, label) in drawn.samples.chunks_exact(3 * 784).zip(&drawn.labels) {
            let digit = |channel: usize| ((sample[784 * channel] + 1.0) * 127.5).round() as u32 % 10;
            assert_eq!(*label, 100 * digit(0) + 10 * digit(1) + digit(2));
        }
        assert!(drawn.labels.iter().collect::<std::collections::BTreeSet<_>>().len() > 300);
    }

    #[test]
    fn labels_that_do_not_fit_are_refused_by_the_name_of_their_file() {
        let (images, mut labels) = digits(3);
        let refusal =
            |labels: &[u8]| Dataset::idx(DataKind::Kmnist, ("i", &images), Some(("l", labels)), 1).expect_err("bad labels").to_string();
        labels[9] = 10;
        assert!(refusal(&labels).contains("l: holds the label 10; kmnist has 0 to 9"));
        assert!(refusal(&digits(4).1).contains("4 labels for 3 images"));
    }
}
