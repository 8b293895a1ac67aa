//! Images held in memory as bytes.

use std::sync::Arc;

use super::Cursor;

/// Images of one shape, shared between copies.
#[derive(Debug, Clone)]
pub struct ImageSet {
    shape: [usize; 3],
    pixels: Arc<[u8]>,
}

impl ImageSet {
    /// `pixels` holds whole images `[channels, height, width]`, one after another.
    pub fn new(shape: [usize; 3], pixels: Vec<u8>) -> Self {
        debug_assert!(pixels.len().is_multiple_of(shape.iter().product()));
        Self { shape, pixels: pixels.into() }
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

    /// The next `count` images of the shuffled epochs, bytes 0..255 mapped to −1..1.
    pub(super) fn batch(&self, count: usize, cursor: &mut Cursor) -> Vec<f32> {
        let features = self.features();
        let mut batch = Vec::with_capacity(count * features);
        for _ in 0..count {
            let start = cursor.next_index(self.len()) * features;
            batch.extend(self.pixels[start..start + features].iter().map(|&byte| f32::from(byte) / 127.5 - 1.0));
        }
        batch
    }
}
