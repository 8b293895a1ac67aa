//! Vectors of one width: a row an image.

use burn::tensor::Tensor;

use crate::device::exact_rows;
use crate::metrics::sum_pairs;

/// Numbers row after row, `[rows, width]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    width: usize,
    numbers: Vec<f64>,
}

impl Rows {
    /// Whole rows of `width` numbers.
    pub fn new(numbers: Vec<f64>, width: usize) -> Self {
        debug_assert!(width > 0 && numbers.len().is_multiple_of(width));
        Self { width, numbers }
    }

    /// Numbers in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.numbers.len() / self.width
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// One after another.
    pub fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.numbers.chunks_exact(self.width)
    }

    /// All rows by their index.
    pub fn list(&self) -> Vec<&[f64]> {
        self.iter().collect()
    }

    /// As a tensor of 64 bits, `[rows, width]`.
    pub(super) fn exact(&self) -> Tensor<2> {
        exact_rows(self.numbers.clone(), self.width)
    }

    /// Those of some indices, in their order.
    pub fn select(&self, indices: &[u32]) -> Self {
        let row = |&index: &u32| &self.numbers[index as usize * self.width..(index as usize + 1) * self.width];
        Self { width: self.width, numbers: indices.iter().flat_map(row).copied().collect() }
    }

    /// The first `count`, or all if there are fewer.
    pub fn first(&self, count: usize) -> Self {
        let end = self.numbers.len().min(count * self.width);
        Self { width: self.width, numbers: self.numbers[..end].to_vec() }
    }
}

/// x·y.
pub(super) fn dot(x: &[f64], y: &[f64]) -> f64 {
    sum_pairs(x, y, |x, y| x * y)
}
