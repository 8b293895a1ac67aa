//! Images as bytes, whoever made them.

use super::architecture::CLASSES;
use crate::data::{Cursor, Dataset, ImageSet, pixel};
use crate::error::{Error, Result};
use crate::rng::{Purpose, Stream};

/// Images that are drawn at a time, and pixels of large ones, to bound memory.
const CHUNK: usize = 256;
const PIXELS: usize = 1 << 20;

/// Images of one shape, 0 to 255.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    /// `[channels, height, width]`.
    pub shape: [usize; 3],
    /// Image after image.
    bytes: Vec<u8>,
}

impl Pixels {
    /// Whole images of a shape.
    pub fn new(shape: [usize; 3], bytes: Vec<u8>) -> Self {
        debug_assert!(bytes.len().is_multiple_of(shape.iter().product()));
        Self { shape, bytes }
    }

    /// Images −1..1 as the bytes they are saved as: what is measured is what is seen.
    pub fn quantised(shape: [usize; 3], samples: &[f32]) -> Self {
        let mut images = Self::new(shape, Vec::with_capacity(samples.len()));
        images.append(samples);
        images
    }

    /// All images of a data set.
    pub fn of(images: &ImageSet) -> Self {
        Self::new(image_shape(images.shape()), (0..images.len()).flat_map(|index| images.pixels(index).into_owned()).collect())
    }

    /// So many images of a data set, in the order in which a run of this seed reads them.
    pub fn drawn(data: &Dataset, count: usize, seed: u64) -> Self {
        let mut drawn = Self::new(image_shape(data.shape()), Vec::new());
        Self::draw_in_pieces(data, count, seed, |piece| drawn.bytes.extend(piece.bytes));
        drawn
    }

    /// The same, piece by piece, so that memory does not grow with their number.
    pub fn draw_in_pieces(data: &Dataset, count: usize, seed: u64, mut see: impl FnMut(Self)) {
        let shape = image_shape(data.shape());
        let mut cursor = Cursor::new(seed, Purpose::Reference);
        let piece = (PIXELS / data.shape().iter().product::<usize>()).clamp(1, CHUNK);
        for start in (0..count).step_by(piece) {
            see(Self::quantised(shape, &data.batch(piece.min(count - start), &mut cursor).samples));
        }
    }

    /// More images −1..1, as the bytes they are saved as.
    pub fn append(&mut self, samples: &[f32]) {
        self.bytes.extend(samples.iter().map(|&pixel| pixel::to_byte(pixel)));
    }

    /// So many of the images, or all, in a random order of this seed.
    pub fn shuffled(&self, count: usize, seed: u64) -> Self {
        let order = Stream::new(seed, Purpose::Reference).permutation(self.len());
        self.select(&order[..count.min(order.len())])
    }

    /// The first `count`, or all if there are fewer.
    pub fn first(&self, count: usize) -> Self {
        Self::new(self.shape, self.bytes[..self.bytes.len().min(count.saturating_mul(self.features()))].to_vec())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.features()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes of one.
    pub fn image(&self, index: usize) -> &[u8] {
        &self.bytes[index * self.features()..(index + 1) * self.features()]
    }

    /// Those of some indices, in their order.
    pub fn select(&self, indices: &[u32]) -> Self {
        Self::new(self.shape, indices.iter().flat_map(|&index| self.image(index as usize)).copied().collect())
    }

    /// −1..1, so many images at a time.
    pub(super) fn chunks(&self, count: usize) -> impl Iterator<Item = Vec<f32>> {
        let signed = |bytes: &[u8]| bytes.iter().map(|&byte| pixel::from_byte(byte)).collect();
        self.bytes.chunks(count * self.features()).map(signed)
    }

    fn features(&self) -> usize {
        self.shape.iter().product()
    }
}

/// `[channels, height, width]` of a data set or a generator of images.
pub fn image_shape(of: &[usize]) -> [usize; 3] {
    of.try_into().expect("images have channels, height and width")
}

/// Images with a class 0 to 9 each: what a classifier learns from.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// The images.
    pub pixels: Pixels,
    /// The class of each.
    pub labels: Vec<u8>,
}

impl Labelled {
    /// Images of the shape that a classifier sees, and labels that fit them; the names are those of their files in errors.
    pub fn new(shape: [usize; 3], pixels: Pixels, images: &str, labels: Vec<u8>, file: &str) -> Result<Self> {
        if pixels.shape != shape {
            return Err(Error::file(images, format!("holds images of {:?}; this classifier learns from {shape:?}", pixels.shape)));
        }
        if labels.len() != pixels.len() {
            return Err(Error::file(file, format!("holds {} labels for {} images", labels.len(), pixels.len())));
        }
        if let Some(label) = labels.iter().find(|&&label| usize::from(label) >= CLASSES) {
            return Err(Error::file(file, format!("holds the label {label}; the classifiers tell 0 to {} apart", CLASSES - 1)));
        }
        Ok(Self { pixels, labels })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_become_the_bytes_they_are_saved_as() {
        let pixels = Pixels::quantised([1, 1, 3], &[-1.0, 1.0, 0.0, -7.0, 7.0, f32::NAN]);
        assert_eq!(pixels, Pixels::new([1, 1, 3], vec![0, 255, 128, 0, 255, 0]));
        let back: Vec<Vec<f32>> = pixels.chunks(1).collect();
        assert!(back.len() == 2 && back[0][..2] == [-1.0, 1.0]);
    }

    #[test]
    fn a_choice_among_images_repeats_with_its_seed_and_holds_none_twice() {
        let pixels = Pixels::new([1, 1, 1], (0..100).collect());
        let chosen = pixels.shuffled(60, 3);
        assert_eq!(chosen, pixels.shuffled(60, 3));
        assert_ne!(chosen, pixels.shuffled(60, 4));
        let mut bytes: Vec<&[u8]> = (0..60).map(|index| chosen.image(index)).collect();
        bytes.sort_unstable();
        bytes.dedup();
        assert_eq!((bytes.len(), pixels.shuffled(1000, 3).len()), (60, 100));
    }

    #[test]
    fn images_that_a_classifier_does_not_learn_from_are_refused_by_file() {
        let refused = |shape: [usize; 3], labels: Vec<u8>| {
            let pixels = Pixels::new(shape, vec![0; 2 * shape.iter().product::<usize>()]);
            Labelled::new([1, 28, 28], pixels, "images.gz", labels, "labels.gz").unwrap_err().to_string()
        };
        assert!(refused([1, 14, 14], vec![0, 1]).starts_with("images.gz"));
        assert!(refused([1, 28, 28], vec![0]).contains("1 labels for 2 images"));
        assert!(refused([1, 28, 28], vec![0, 10]).contains("label 10"));
    }
}
