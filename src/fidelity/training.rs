//! How the classifiers are trained whose features images are measured by.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::lenet::{CLASSES, Lenet, SIDE};
use super::pixels::Labelled;
use crate::data::pixel;
use crate::device::{one_hot, read, rows};
use crate::error::{Error, Result};
use crate::nn::params::Numbers;
use crate::optim::{Optimizer, OptimizerKind, Rates};
use crate::rng::{Purpose, Stream};
use crate::schedule::Schedule;

/// Images of a step.
const BATCH: usize = 128;
/// Images classified at a time, to bound memory.
const CHUNK: usize = 500;
const PIXELS: usize = SIDE * SIDE;

/// How a classifier was trained: AdamW on the cross-entropy, the rate falling to 0 on a half cosine.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Seed of all it draws.
    pub seed: u64,
    /// Times that each image is seen.
    pub epochs: usize,
    /// First learning rate.
    pub lr: f64,
    /// Decay of the weights.
    pub weight_decay: f64,
    /// Each image is moved by up to so many pixels along both axes, the gap black.
    pub shift: usize,
    /// Whether each is mirrored every other time; digits must not be.
    pub mirror: bool,
}

/// A classifier on its way.
#[derive(Debug)]
pub struct Training<'a> {
    network: Lenet,
    numbers: Numbers,
    optimizer: Optimizer,
    images: &'a Labelled,
    recipe: Recipe,
    order: Stream,
    noise: Stream,
    seen: u64,
    device: Device,
}

impl<'a> Training<'a> {
    /// Before the first step; the images are grey, 28x28, and labelled 0 to 9.
    pub fn new(images: &'a Labelled, recipe: Recipe, device: &Device) -> Self {
        let network = Lenet::new();
        // Its weights begin as a critic's do, from the stream of theirs.
        let numbers = network.layout().fresh(&mut Stream::new(recipe.seed, Purpose::InitCritic), device);
        let optimizer = Optimizer::new(OptimizerKind::Adamw, &numbers.vector);
        let [order, noise] = [Purpose::Data, Purpose::Noise].map(|purpose| Stream::new(recipe.seed, purpose));
        Self { network, numbers, optimizer, images, recipe, order, noise, seen: 0, device: device.clone() }
    }

    /// One pass over all images in a new order; gives the mean loss, in nats.
    pub async fn epoch(&mut self) -> Result<f64> {
        let order = self.order.permutation(self.images.labels.len());
        let losses: Vec<Tensor<1>> = order.chunks(BATCH).map(|batch| self.step(batch)).collect();
        let steps = losses.len();
        let loss = read(Tensor::cat(losses, 0)).await?.into_iter().map(f64::from).sum::<f64>() / steps as f64;
        if !loss.is_finite() {
            return Err(Error::Diverged { images: self.seen, step: self.seen / BATCH as u64, what: "the classifier's loss".into() });
        }
        Ok(loss)
    }

    /// Its parameters now.
    pub async fn parameters(&self) -> Result<Vec<f32>> {
        read(self.numbers.vector.clone()).await
    }

    /// A step on the images of these indices; gives its loss, `[1]`.
    fn step(&mut self, batch: &[u32]) -> Tensor<1> {
        let weights = self.network.layout().leaves(&self.numbers);
        let pixels: Vec<f32> = batch.iter().flat_map(|&index| self.seen_image(index as usize)).collect();
        let labels: Vec<u32> = batch.iter().map(|&index| u32::from(self.images.labels[index as usize])).collect();
        let truth = one_hot(&labels, CLASSES, &self.device).expect("a batch has labels");
        let (_, logits) = self.network.forward(&weights, square(pixels, &self.device));
        let loss = (log_softmax(logits, 1) * truth).sum() / -(batch.len() as f64);
        let gradient = weights.gradient(&mut loss.clone().backward());
        let total = (self.recipe.epochs * self.images.labels.len()) as f64 / 1000.0;
        let lr = Schedule::cosine(self.recipe.lr, 0.0, total).at(self.seen);
        let rates = Rates { lr, beta1: 0.9, beta2: 0.999, weight_decay: self.recipe.weight_decay };
        self.numbers.vector = self.optimizer.step(self.numbers.vector.clone(), gradient, rates);
        self.seen += batch.len() as u64;
        loss.inner()
    }

    /// An image as this step sees it: moved a little, perhaps mirrored.
    fn seen_image(&mut self, index: usize) -> Vec<f32> {
        let Recipe { shift, mirror, .. } = self.recipe;
        let [down, right] = [0; 2].map(|_: i32| self.noise.below(2 * shift + 1));
        let mirrored = mirror && self.noise.below(2) == 1;
        let image = self.images.pixels.image(index);
        let at = |place: usize| {
            let (row, column) = (place / SIDE + down, place % SIDE + right);
            let inside = (shift..SIDE + shift).contains(&row) && (shift..SIDE + shift).contains(&column);
            if !inside {
                return -1.0;
            }
            let (row, column) = (row - shift, column - shift);
            let column = if mirrored { SIDE - 1 - column } else { column };
            pixel::from_byte(image[row * SIDE + column])
        };
        (0..PIXELS).map(at).collect()
    }
}

/// The share of labelled images whose class a network finds.
pub async fn accuracy(parameters: &[f32], images: &Labelled, device: &Device) -> Result<f64> {
    let network = Lenet::new();
    let numbers = Numbers::new(parameters.to_vec(), Vec::new(), device);
    let weights = network.layout().evaluating(&numbers);
    let mut right = 0;
    for (pixels, labels) in images.pixels.chunks(CHUNK).zip(images.labels.chunks(CHUNK)) {
        let (_, logits) = network.forward(&weights, square(pixels, device));
        let found = read(logits.argmax(1).float()).await?;
        right += found.iter().zip(labels).filter(|&(&found, &label)| found as u8 == label).count();
    }
    Ok(right as f64 / images.labels.len() as f64)
}

/// Pixels −1..1 of grey images, `[batch, 1, 28, 28]`.
fn square(pixels: Vec<f32>, device: &Device) -> Tensor<4> {
    let count = pixels.len() / PIXELS;
    rows(pixels, PIXELS, device).reshape([count, 1, SIDE, SIDE])
}
