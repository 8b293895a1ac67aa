//! Augmentation for little data: D never sees an image itself, only images that were changed at random, reals and fakes alike.
//!
//! D judges T(x), with a T of its own for every image, in its own step and in G's. T is affine in the image given its random numbers, so G's gradient goes back
//! through it, and a penalty on the slope is that of D∘T at x: the tangent goes through T's linear part ([`Transforms`]). Samples, pictures and metrics never pass here.

pub mod ada;
mod affine;
mod config;
mod controller;
pub mod diff_augment;
mod transforms;

use std::ops::Range;

use burn::tensor::{DType, Device};
use serde::{Deserialize, Serialize};

pub use affine::Affine;
pub use config::{Augment, AugmentConfig, Pipeline};
pub use controller::Controller;
pub use transforms::{Colours, Transforms, Warps};

use crate::rng::{Purpose, Stream, StreamState};

/// What draws the changes of a run's images.
#[derive(Debug, Clone)]
pub struct Augmenter {
    config: AugmentConfig,
    /// `[channels, height, width]` of an image.
    shape: [usize; 3],
    seed: u64,
    stream: Stream,
    controller: Controller,
    /// Probability of each of the pipeline's changes in the step that is played.
    p: f64,
}

/// An augmenter as plain data.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AugmentState {
    stream: StreamState,
    controller: Controller,
}

impl AugmentState {
    /// Whether its numbers are ones that a run can come to.
    pub fn is_whole(&self) -> bool {
        self.controller.is_whole()
    }
}

impl Augmenter {
    /// At the beginning of a run; none where nothing is augmented. `shape` is that of an image.
    pub fn new(config: AugmentConfig, shape: &[usize], seed: u64) -> Option<Self> {
        let shape = <[usize; 3]>::try_from(shape).ok().filter(|_| config.is_on())?;
        Some(Self { config, shape, seed, stream: Stream::new(seed, Purpose::Augment), controller: Controller::default(), p: 0.0 })
    }

    /// Goes on where it was saved.
    pub fn restore(&mut self, state: AugmentState) {
        (self.stream, self.controller) = (Stream::at(state.stream), state.controller);
    }

    /// Where it stands.
    pub fn state(&self) -> AugmentState {
        AugmentState { stream: self.stream.state(self.seed), controller: self.controller }
    }

    /// Begins a step after `images` images.
    pub fn begin(&mut self, images: u64) {
        self.p = match self.config.method {
            Augment::None | Augment::DiffAugment => 1.0,
            Augment::Ada => self.controller.p(),
            Augment::Scheduled => self.config.p.at(images),
        };
    }

    /// p of the step, where the method has one.
    pub fn p(&self) -> Option<f64> {
        matches!(self.config.method, Augment::Ada | Augment::Scheduled).then_some(self.p)
    }

    /// Hears after a step how sure D was of its reals; see [`Controller::hear`].
    pub fn hear(&mut self, sign: f64, minibatches: u64, images: u64) {
        self.controller.hear(sign, minibatches, images, &self.config);
    }

    /// Steps until p may change by what is measured meanwhile, at `minibatches` of D a step; none where nothing is measured.
    pub fn steps_left(&self, minibatches: u64) -> Option<u64> {
        self.config.method.adapts().then(|| self.controller.steps_left(minibatches))
    }

    /// Numbers of one image.
    pub fn features(&self) -> usize {
        self.shape.iter().product()
    }

    /// Changes for those images that are one's own, of so many; none while nothing is changed.
    pub fn draw(&mut self, count: usize, own: Range<usize>, device: &Device, dtype: DType) -> Option<Transforms> {
        if self.p == 0.0 {
            return None;
        }
        let Self { config, shape, stream, p, .. } = self;
        Some(if config.method == Augment::DiffAugment {
            let drawn: Vec<_> = (0..count).map(|_| diff_augment::Params::draw(stream, config, *shape)).collect();
            diff_augment::transforms(&drawn[own], *shape, device, dtype)
        } else {
            let drawn: Vec<_> = (0..count).map(|_| ada::Params::draw(stream, config.pipeline, *p, *shape)).collect();
            ada::transforms(&drawn[own], *shape, device, dtype)
        })
    }
}
