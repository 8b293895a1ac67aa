//! Points that D judges in batches, because it looks at a batch as a whole.

use burn::tensor::Tensor;

/// Some points in batches of a size. Each batch has points from all over, so that neighbours do not seem to be copies of each other.
pub struct Batches {
    count: usize,
    size: usize,
    number: usize,
}

impl Batches {
    /// `count` points, `size` at a time.
    pub fn new(count: usize, size: usize) -> Self {
        Self { count, size, number: count.div_ceil(size) }
    }

    /// Rows that the points leave free.
    pub fn missing(&self) -> usize {
        self.number * self.size - self.count
    }

    /// `[count, width]` and `[missing, width]` → batches `[size, width]`; point i is in batch i modulo their number.
    pub fn split(&self, rows: &Tensor<2>, others: impl FnOnce() -> Tensor<2>) -> Vec<Tensor<2>> {
        let rows = if self.missing() == 0 { rows.clone() } else { Tensor::cat(vec![rows.clone(), others()], 0) };
        if self.number == 1 {
            return vec![rows];
        }
        let [_, width] = rows.dims();
        let apart: Tensor<3> = rows.reshape([self.size, self.number, width]).swap_dims(0, 1);
        apart.split(1, 0).into_iter().map(|batch| batch.reshape([self.size, width])).collect()
    }

    /// What was found of each, in the order of the points, `[count, width]`.
    pub fn join(&self, found: Vec<Tensor<2>>) -> Tensor<2> {
        let apart = Tensor::stack::<3>(found, 1); // [size, number, width]
        let [size, number, width] = apart.dims();
        apart.reshape([size * number, width]).slice(0..self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{cpu_device, read, rows};

    #[test]
    fn points_come_back_in_their_order_from_batches_that_reach_over_all_of_them() {
        let points = |from: usize, count: usize| rows((from..from + count).map(|x| x as f32).collect(), 1, &cpu_device());
        let batches = Batches::new(7, 3);
        let split = batches.split(&points(0, 7), || points(90, batches.missing()));
        let numbers = |tensor: &Tensor<2>| pollster::block_on(read(tensor.clone())).expect("numbers");
        assert_eq!(split.iter().map(numbers).collect::<Vec<_>>(), [[0.0, 3.0, 6.0], [1.0, 4.0, 90.0], [2.0, 5.0, 91.0]]);
        assert_eq!(numbers(&batches.join(split)), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let all = Batches::new(7, 7);
        assert_eq!(
            (all.missing(), numbers(&all.join(all.split(&points(0, 7), || unreachable!("all have a place"))))),
            (0, numbers(&points(0, 7)))
        );
    }
}
