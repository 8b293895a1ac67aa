//! Random numbers of a training step beside data and latents: instance noise, places of gradient penalties, the bottleneck's noise, changes of images.

use burn::tensor::{DType, Device, Tensor};

use crate::augment::{Augmenter, Transforms};
use crate::device::rows;
use crate::rng::Stream;
use crate::team::{Part, WHOLE};

/// A stream of random tensors on a device.
#[derive(Debug)]
pub struct Noise<'a> {
    stream: &'a mut Stream,
    device: &'a Device,
    augmenter: Option<&'a mut Augmenter>,
    part: &'a Part,
}

impl<'a> Noise<'a> {
    /// Draws from `stream`.
    pub fn new(stream: &'a mut Stream, device: &'a Device) -> Self {
        Self { stream, device, augmenter: None, part: &WHOLE }
    }

    /// The same, where D sees changed images.
    pub fn with_augmenter(self, augmenter: Option<&'a mut Augmenter>) -> Self {
        Self { augmenter, ..self }
    }

    /// The same for a part of each batch: numbers are drawn for all of it.
    pub fn for_part(self, part: &'a Part) -> Self {
        Self { part, ..self }
    }

    /// Changes for all images in some samples, `[n, features]` each; none where there are none, or for now.
    pub fn transforms(&mut self, samples: &Tensor<2>) -> Option<Transforms> {
        let augmenter = self.augmenter.as_mut()?;
        let [rows, features] = samples.dims();
        let images = self.part.size() * rows * features / augmenter.features();
        augmenter.draw(images, self.part.own(images), self.device, samples.dtype())
    }

    /// Standard normal numbers.
    pub fn normal(&mut self, [count, width]: [usize; 2], dtype: DType) -> Tensor<2> {
        let mut numbers = self.stream.normals(self.part.size() * count * width);
        self.part.keep(&mut numbers);
        rows(numbers, width, self.device).cast(dtype)
    }

    /// Numbers uniform in [0, 1).
    pub fn uniform(&mut self, [count, width]: [usize; 2], dtype: DType) -> Tensor<2> {
        let mut numbers = (0..self.part.size() * count * width).map(|_| self.stream.uniform() as f32).collect();
        self.part.keep(&mut numbers);
        rows(numbers, width, self.device).cast(dtype)
    }
}
