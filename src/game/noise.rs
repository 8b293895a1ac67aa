//! Random numbers of a training step beside data and latents: instance noise, places of gradient penalties, the bottleneck's noise.

use burn::tensor::{DType, Device, Tensor};

use crate::device::rows;
use crate::rng::Stream;

/// A stream of random tensors on a device.
#[derive(Debug)]
pub struct Noise<'a> {
    stream: &'a mut Stream,
    device: &'a Device,
}

impl<'a> Noise<'a> {
    /// Draws from `stream`.
    pub fn new(stream: &'a mut Stream, device: &'a Device) -> Self {
        Self { stream, device }
    }

    /// Standard normal numbers.
    pub fn normal(&mut self, [count, width]: [usize; 2], dtype: DType) -> Tensor<2> {
        rows(self.stream.normals(count * width), width, self.device).cast(dtype)
    }

    /// Numbers uniform in [0, 1).
    pub fn uniform(&mut self, [count, width]: [usize; 2], dtype: DType) -> Tensor<2> {
        rows((0..count * width).map(|_| self.stream.uniform() as f32).collect(), width, self.device).cast(dtype)
    }
}
