//! How the classifiers are trained whose features images are measured by.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::architecture::{Architecture, CLASSES};
use super::network::{Learnt, Network};
use super::pixels::Labelled;
use crate::data::pixel;
use crate::device::{one_hot, read, vector};
use crate::error::{Error, Result};
use crate::nn::params::Numbers;
use crate::optim::{Optimizer, OptimizerKind, Rates};
use crate::rng::{Purpose, Stream};
use crate::schedule::Schedule;

/// Images of a step.
const BATCH: usize = 128;
/// Images classified at a time, to bound memory.
const CHUNK: usize = 500;

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
    architecture: Box<dyn Architecture>,
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
    /// Before the first step; the images are of the shape that the network sees.
    pub fn new(network: Network, images: &'a Labelled, recipe: Recipe, device: &Device) -> Self {
        let architecture = network.architecture();
        // Its weights begin as a critic's do, from the stream of theirs.
        let numbers = architecture.layout().fresh(&mut Stream::new(recipe.seed, Purpose::InitCritic), device);
        let optimizer = Optimizer::new(OptimizerKind::Adamw, &numbers.vector);
        let [order, noise] = [Purpose::Data, Purpose::Noise].map(|purpose| Stream::new(recipe.seed, purpose));
        Self { architecture, numbers, optimizer, images, recipe, order, noise, seen: 0, device: device.clone() }
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

    /// What it has learnt by now.
    pub async fn learnt(&self) -> Result<Learnt> {
        let state = match &self.numbers.state {
            Some(state) => read(state.clone()).await?,
            None => Vec::new(),
        };
        Ok(Learnt { vector: read(self.numbers.vector.clone()).await?, state })
    }

    /// A step on the images of these indices; gives its loss, `[1]`.
    fn step(&mut self, batch: &[u32]) -> Tensor<1> {
        let weights = self.architecture.layout().leaves(&self.numbers);
        let pixels: Vec<f32> = batch.iter().flat_map(|&index| self.seen_image(index as usize)).collect();
        let labels: Vec<u32> = batch.iter().map(|&index| u32::from(self.images.labels[index as usize])).collect();
        let truth = one_hot(&labels, CLASSES, &self.device).expect("a batch has labels");
        let (_, logits) = self.architecture.forward(&weights, shaped(pixels, self.images.pixels.shape, &self.device));
        let loss = (log_softmax(logits, 1) * truth).sum() / -(batch.len() as f64);
        let gradient = weights.gradient(&mut loss.clone().backward());
        let total = (self.recipe.epochs * self.images.labels.len()) as f64 / 1000.0;
        let lr = Schedule::cosine(self.recipe.lr, 0.0, total).at(self.seen);
        let rates = Rates { lr, beta1: 0.9, beta2: 0.999, weight_decay: self.recipe.weight_decay };
        self.numbers.vector = self.optimizer.step(self.numbers.vector.clone(), gradient, rates);
        self.numbers.state = weights.state();
        self.seen += batch.len() as u64;
        loss.inner()
    }

    /// An image as this step sees it: moved a little, perhaps mirrored.
    fn seen_image(&mut self, index: usize) -> Vec<f32> {
        let Recipe { shift, mirror, .. } = self.recipe;
        let [_, height, width] = self.images.pixels.shape;
        let [down, right] = [0; 2].map(|_: i32| self.noise.below(2 * shift + 1));
        let mirrored = mirror && self.noise.below(2) == 1;
        let image = self.images.pixels.image(index);
        let at = |place: usize| {
            let (plane, row, column) = (place / (width * height), place / width % height + down, place % width + right);
            let inside = (shift..height + shift).contains(&row) && (shift..width + shift).contains(&column);
            if !inside {
                return -1.0;
            }
            let (row, column) = (row - shift, column - shift);
            let column = if mirrored { width - 1 - column } else { column };
            pixel::from_byte(image[(plane * height + row) * width + column])
        };
        (0..image.len()).map(at).collect()
    }
}

/// The share of labelled images whose class a network finds.
pub async fn accuracy(network: Network, learnt: &Learnt, images: &Labelled, device: &Device) -> Result<f64> {
    let architecture = network.architecture();
    let weights = architecture.layout().evaluating(&learnt.clone().numbers(device));
    let mut right = 0;
    for (pixels, labels) in images.pixels.chunks(CHUNK).zip(images.labels.chunks(CHUNK)) {
        let (_, logits) = architecture.forward(&weights, shaped(pixels, images.pixels.shape, device));
        let found = read(logits.argmax(1).float()).await?;
        right += found.iter().zip(labels).filter(|&(&found, &label)| found as u8 == label).count();
    }
    Ok(right as f64 / images.labels.len() as f64)
}

/// Pixels −1..1 of images of a shape, `[batch, channels, height, width]`.
fn shaped(pixels: Vec<f32>, [channels, height, width]: [usize; 3], device: &Device) -> Tensor<4> {
    let count = pixels.len() / (channels * height * width);
    vector(pixels, device).reshape([count, channels, height, width])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::device::cpu_device;
    use crate::fidelity::Pixels;

    const SIDE: usize = 32;

    /// An image that says of each pixel where it is: its row in red, its column in green, and blue all over.
    fn map() -> Labelled {
        let (row, column) = (|place: usize| 4 * (place / SIDE) as u8, |place: usize| 4 * (place % SIDE) as u8);
        let planes = (0..SIDE * SIDE).map(row).chain((0..SIDE * SIDE).map(column)).chain([255; SIDE * SIDE]);
        let shape = [3, SIDE, SIDE];
        Labelled::new(shape, Pixels::new(shape, planes.collect()), "images", vec![0], "labels").expect("a label for the image")
    }

    #[test]
    fn the_planes_of_an_image_move_together_by_up_to_the_shift_and_are_mirrored_together() {
        let (images, recipe) = (map(), Network::ResnetCifar.recipe());
        let mut training = Training::new(Network::ResnetCifar, &images, recipe, &cpu_device());
        let mut ways = BTreeSet::new();
        for _ in 0..200 {
            let seen: Vec<i32> = training.seen_image(0).into_iter().map(|pixel| i32::from(pixel::to_byte(pixel)) / 4).collect();
            let [red, green, blue] = [0, 1, 2].map(|plane| &seen[plane * SIDE * SIDE..(plane + 1) * SIDE * SIDE]);
            let inside: Vec<usize> = (0..SIDE * SIDE).filter(|&place| blue[place] > 0).collect();
            let same = |of: &dyn Fn(usize) -> i32| inside.iter().map(|&place| of(place)).collect::<BTreeSet<i32>>();
            let (row, column) = (|place: usize| (place / SIDE) as i32, |place: usize| (place % SIDE) as i32);
            let down = same(&|place| red[place] - row(place));
            let (plain, mirrored) = (same(&|place| green[place] - column(place)), same(&|place| green[place] + column(place)));
            let straight = plain.len() == 1;
            let right = if straight { *plain.first().expect("one") } else { *mirrored.first().expect("one") - SIDE as i32 + 1 };
            assert!(down.len() == 1 && (straight || mirrored.len() == 1), "the planes lie apart");
            let down = *down.first().expect("one");
            assert_eq!(inside.len() as i32, (SIDE as i32 - down.abs()) * (SIDE as i32 - right.abs()));
            ways.insert((straight, down));
        }
        let downs: Vec<i32> = (-4..=4).collect();
        let expected = [false, true].into_iter().flat_map(|straight| downs.iter().map(move |&down| (straight, down)));
        assert_eq!(ways, expected.collect());
    }
}
