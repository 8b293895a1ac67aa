//! Images held in memory as bytes.

use std::sync::Arc;

use super::{Batch, Cursor};

/// Images of one shape, shared between copies.
#[derive(Debug, Clone)]
pub struct ImageSet {
    shape: [usize; 3],
    pixels: Arc<[u8]>,
    /// The class of each image; empty where it is not known.
    labels: Arc<[u8]>,
}

impl ImageSet {
    /// `pixels` holds whole images `[channels, height, width]`, one after another.
    pub fn new(shape: [usize; 3], pixels: Vec<u8>) -> Self {
        debug_assert!(pixels.len().is_multiple_of(shape.iter().product()));
        Self { shape, pixels: pixels.into(), labels: Arc::new([]) }
    }

    /// The same images with the class of each.
    pub fn labelled(self, labels: Vec<u8>) -> Self {
        debug_assert_eq!(labels.len(), self.len());
        Self { labels: labels.into(), ..self }
    }

    /// Whether each image comes with its class.
    pub fn has_labels(&self) -> bool {
        !self.labels.is_empty()
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.pixels.len() / self.features()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// `[channels, height, width]`.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    fn features(&self) -> usize {
        self.shape.iter().product()
    }

    /// Adds the next `count` images of the shuffled epochs, bytes 0..255 mapped to −1..1, with their classes.
    pub(super) fn extend(&self, batch: &mut Batch, count: usize, cursor: &mut Cursor) {
        let features = self.features();
        for _ in 0..count {
            let index = cursor.next_index(self.len());
            let pixels = &self.pixels[index * features..(index + 1) * features];
            batch.samples.extend(pixels.iter().map(|&byte| f32::from(byte) / 127.5 - 1.0));
            batch.labels.extend(self.labels.get(index).map(|&label| u32::from(label)));
        }
    }
}
