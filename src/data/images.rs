//! Images of one shape: held in memory as bytes, made from their number, or supplied as they are needed.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::shapes::{self, Factors};
use super::supply::{Supply, window};
use super::{Batch, Cursor, pixel};
use crate::error::Error;

/// Images of one shape, shared between copies.
#[derive(Debug, Clone)]
pub struct ImageSet {
    shape: [usize; 3],
    source: Source,
    /// The class of each image; empty where it is not known.
    labels: Arc<Vec<u16>>,
}

/// Where pixels come from. The bytes stay in the vectors they were read into: sets of many gigabytes are never copied.
#[derive(Debug, Clone)]
enum Source {
    /// Whole images, one after another.
    Stored(Arc<Vec<u8>>),
    /// Images whose channels are three of the grey images that are stored.
    Stacked(Arc<Vec<u8>>, Arc<Vec<[u32; 3]>>),
    /// Shapes, drawn from the seed and their number.
    Drawn(u64),
    /// So many images that are not in memory.
    Supplied(Arc<dyn Supply>, usize),
}

impl ImageSet {
    /// `pixels` holds whole images `[channels, height, width]`, one after another.
    pub fn new(shape: [usize; 3], pixels: Vec<u8>) -> Self {
        debug_assert!(pixels.len().is_multiple_of(shape.iter().product()));
        Self { shape, source: Source::Stored(Arc::new(pixels)), labels: Arc::default() }
    }

    /// `count` images that are made as they are needed.
    pub fn supplied(shape: [usize; 3], count: usize, supply: Arc<dyn Supply>) -> Self {
        Self { shape, source: Source::Supplied(supply, count), labels: Arc::default() }
    }

    /// The shapes of a seed, `side` pixels along each side.
    pub(super) fn shapes(seed: u64, side: usize) -> Self {
        let labels = (0..shapes::COUNT).map(|index| Factors::of(seed, index).figure as u16).collect();
        Self { shape: [1, side, side], source: Source::Drawn(seed), labels: Arc::new(labels) }
    }

    /// Images with three of these grey ones as their channels; a class is three classes read as digits, of which there are `classes`.
    pub(super) fn stacked(&self, picks: Vec<[u32; 3]>, classes: u16) -> Self {
        let Source::Stored(pixels) = &self.source else { unreachable!("only files are stacked") };
        let class = |pick: &[u32; 3]| pick.iter().fold(0, |class, &index| class * classes + self.labels[index as usize]);
        let labels = if self.has_labels() { picks.iter().map(class).collect() } else { Vec::new() };
        let [_, height, width] = self.shape;
        let source = Source::Stacked(Arc::clone(pixels), Arc::new(picks));
        Self { shape: [3, height, width], source, labels: Arc::new(labels) }
    }

    /// The same images with the class of each.
    pub fn labelled(self, labels: Vec<u16>) -> Self {
        debug_assert_eq!(labels.len(), self.len());
        Self { labels: Arc::new(labels), ..self }
    }

    /// Whether each image comes with its class.
    pub fn has_labels(&self) -> bool {
        !self.labels.is_empty()
    }

    /// The class of an image, where it is known.
    pub fn label(&self, index: usize) -> Option<u32> {
        self.labels.get(index).map(|&label| u32::from(label))
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        match &self.source {
            Source::Stored(pixels) => pixels.len() / self.features(),
            Source::Stacked(_, picks) => picks.len(),
            Source::Drawn(_) => shapes::COUNT,
            Source::Supplied(_, count) => *count,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `[channels, height, width]`.
    pub fn shape(&self) -> &[usize; 3] {
        &self.shape
    }

    fn features(&self) -> usize {
        self.shape.iter().product()
    }

    /// The bytes of an image, `[channels, height, width]`.
    pub fn pixels(&self, index: usize) -> Cow<'_, [u8]> {
        match &self.source {
            Source::Stored(pixels) => Cow::Borrowed(nth(pixels, index, self.features())),
            Source::Stacked(planes, picks) => {
                let area = self.features() / 3;
                picks[index].iter().flat_map(|&plane| nth(planes, plane as usize, area)).copied().collect()
            }
            Source::Supplied(supply, _) => Cow::Owned(supply.pixels(index)),
            Source::Drawn(seed) => Cow::Owned(Factors::of(*seed, index).draw(self.shape[2])),
        }
    }

    /// A checksum of an image's bytes, CRC-32; of one that is not in memory as it was when the run began.
    pub fn checksum(&self, index: usize) -> u32 {
        match &self.source {
            Source::Supplied(supply, _) => supply.checksum(index),
            _ => crc32fast::hash(&self.pixels(index)),
        }
    }

    /// Whether they are supplied as they are needed.
    pub(super) fn is_supplied(&self) -> bool {
        matches!(self.source, Source::Supplied(..))
    }

    /// What went wrong while images were made.
    pub(super) fn failure(&self) -> Option<Error> {
        if let Source::Supplied(supply, _) = &self.source { supply.failure() } else { None }
    }

    /// What will go wrong.
    pub(super) fn lost(&self) -> Option<Error> {
        if let Source::Supplied(supply, _) = &self.source { supply.lost() } else { None }
    }

    /// How long they were waited for.
    pub(super) fn waited(&self) -> Duration {
        if let Source::Supplied(supply, _) = &self.source { supply.waited() } else { Duration::ZERO }
    }

    /// Adds the next `count` images of the shuffled epochs, bytes 0..255 mapped to −1..1, with their classes.
    pub(super) fn extend(&self, batch: &mut Batch, count: usize, cursor: &mut Cursor) {
        if let Source::Supplied(supply, all) = &self.source {
            supply.expect(&cursor.ahead(*all, window(count, self.features())));
        }
        for _ in 0..count {
            self.put(batch, cursor.next_index(self.len()));
        }
    }

    /// Adds the next image where its class is wanted; the pixels of others are not made.
    pub(super) fn pick(&self, batch: &mut Batch, cursor: &mut Cursor, mut wanted: impl FnMut(u32) -> bool) {
        let index = cursor.next_index(self.len());
        if self.label(index).is_some_and(&mut wanted) {
            self.put(batch, index);
        }
    }

    /// Flips each of some images left to right with probability ½.
    pub(super) fn mirror(&self, samples: &mut [f32], cursor: &mut Cursor) {
        let [.., width] = self.shape;
        for image in samples.chunks_exact_mut(self.features()) {
            if cursor.stream.uniform() < 0.5 {
                image.chunks_exact_mut(width).for_each(<[f32]>::reverse);
            }
        }
    }

    fn put(&self, batch: &mut Batch, index: usize) {
        batch.samples.extend(self.pixels(index).iter().map(|&byte| pixel::from_byte(byte)));
        batch.labels.extend(self.label(index));
    }
}

fn nth(pixels: &[u8], index: usize, length: usize) -> &[u8] {
    &pixels[index * length..(index + 1) * length]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    #[test]
    fn stacked_images_are_three_grey_ones_and_their_class_is_read_in_digits() {
        let grey = ImageSet::new([1, 1, 2], vec![0, 1, 10, 11, 20, 21]).labelled(vec![7, 0, 9]);
        let stacked = grey.stacked(vec![[2, 0, 1], [0, 0, 0]], 10);
        assert_eq!((stacked.len(), *stacked.shape(), stacked.label(0), stacked.label(1)), (2, [3, 1, 2], Some(970), Some(777)));
        assert_eq!(*stacked.pixels(0), [20, 21, 0, 1, 10, 11]);
    }

    #[test]
    fn mirrored_images_are_flipped_left_to_right_or_not_half_of_them_each() {
        let images = ImageSet::new([2, 1, 3], vec![0; 6]);
        let (image, flipped) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
        let mut samples = image.repeat(1000);
        images.mirror(&mut samples, &mut Cursor::new(1, Purpose::Data));
        let count = samples.chunks(6).filter(|found| *found == flipped).count();
        assert!(samples.chunks(6).all(|found| found == image || found == flipped) && (450..550).contains(&count), "{count}");
    }

    #[test]
    fn batches_hold_bytes_from_minus_one_to_one_with_their_labels() {
        let images = ImageSet::new([1, 1, 2], vec![0, 255, 255, 0]).labelled(vec![4, 5]);
        let (mut batch, mut cursor) = (Batch::default(), Cursor::new(1, Purpose::Data));
        images.extend(&mut batch, 2, &mut cursor);
        let first = if batch.labels == [4, 5] { [-1.0, 1.0] } else { [1.0, -1.0] };
        assert_eq!(batch.samples, [first[0], first[1], first[1], first[0]]);
    }
}
