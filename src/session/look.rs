//! What can be asked of a run without moving it: samples, D's opinion, the forces on the fakes, figures.

use burn::tensor::Tensor;

use super::Session;
use crate::data::Cursor;
use crate::device::{one_hot, read, rows};
use crate::error::{Error, Result};
use crate::metrics::{POINT_SAMPLES, Score};
use crate::nn::params::Numbers;
use crate::protocol::PointMetrics;
use crate::rng::Purpose;
use crate::sample::Sampler;

/// Pairings of fakes with reals over which the force on a fake is averaged, where the objective compares the two.
const PAIRINGS: usize = 16;

/// Parts in which D classifies the samples of its accuracy: images of all at once would take a gigabyte.
const ACCURACY_BATCHES: usize = 10;

impl Session {
    /// The moving-average generator of this moment.
    pub fn sampler(&self) -> Sampler {
        let numbers = Numbers { vector: self.game.ema.clone(), state: self.game.g.numbers.state.clone() };
        Sampler::of(&self.config, self.data.frame(), self.game.generator().clone(), numbers, &self.home)
    }

    /// D's logits at points in data units, row after row; where D is told a class, the mean over all classes.
    pub async fn judge(&self, points: &[f32]) -> Result<Vec<f32>> {
        read(self.logits(self.in_network_units(points))).await
    }

    /// −∇ₓL_G at each of some fakes: the negative gradient of the objective, of which each fake is a term, in data units, row after row. Where the objective compares
    /// with reals it is the mean over 16 pairings with as many `reals`, or over all if there are fewer.
    pub async fn forces(&self, fakes: &[f32], reals: &[f32]) -> Result<Vec<f32>> {
        let objective = self.config.objective;
        let at = self.in_network_units(fakes).autodiff().require_grad();
        let (count, fake) = (at.dims()[0], self.logits(at.clone()));
        let loss = if objective.generator_needs_reals() {
            let (real, pairings) = (self.logits(self.in_network_units(reals)), PAIRINGS.min(count));
            let paired = |k: usize| objective.generator(Some(rolled(real.clone(), k * count / pairings)), fake.clone());
            (0..pairings).map(paired).reduce(|sum, loss| sum + loss).expect("there is a pairing") / pairings as f64
        } else {
            objective.generator(None, fake)
        };
        let mut gradients = (loss * (count as f64 * self.config.adversarial)).backward();
        let gradient = at.grad_remove(&mut gradients).expect("logits depend on their points");
        read(gradient * (-1.0 / f64::from(self.data.frame().scale))).await
    }

    fn in_network_units(&self, points: &[f32]) -> Tensor<2> {
        let features = self.data.shape().iter().product();
        let mut points = points.to_vec();
        self.data.frame().to_network(&mut points, features);
        rows(points, features, &self.home)
    }

    /// D at points in network units; where D is told a class, the mean over all classes.
    fn logits(&self, points: Tensor<2>) -> Tensor<1> {
        if !self.config.conditioning.tells_critic() {
            return self.game.judge(points, None);
        }
        let (count, classes) = (points.dims()[0], self.classes);
        let of_class = |class: usize| self.game.judge(points.clone(), one_hot(&vec![class as u32; count], classes, &self.home));
        let sum = (0..classes).map(of_class).reduce(|sum, logits| sum + logits).expect("a game with classes has some");
        sum / classes as f64
    }

    /// The share of real samples whose class D finds, where D classifies; always on the same samples of the seed.
    pub async fn accuracy(&self) -> Result<Option<f64>> {
        if !self.config.conditioning.classifies() {
            return Ok(None);
        }
        let mut cursor = Cursor::new(self.config.seed, Purpose::Evaluation);
        let mut right = 0;
        for _ in 0..ACCURACY_BATCHES {
            let batch = self.data.batch(POINT_SAMPLES / ACCURACY_BATCHES, &mut cursor);
            let labels = batch.labels.clone();
            let (reals, _) = self.on_device(batch);
            let Some(classes) = self.game.classify(reals) else { return Ok(None) };
            let found = read(classes.argmax(1).float()).await?;
            right += found.iter().zip(&labels).filter(|&(&found, &label)| found as u32 == label).count();
        }
        Ok(Some(right as f64 / POINT_SAMPLES as f64))
    }

    /// Metrics of the moving-average generator on points: the coverage of modes and the scores asked for; always on the same latents of the seed.
    pub async fn evaluate(&self, scores: &[Score]) -> Result<PointMetrics> {
        let Some(yardstick) = &self.yardstick else {
            return Err(Error::Unready("these are metrics of points, and the data are images".into()));
        };
        self.sampler().measure(&self.config, yardstick, scores).await
    }
}

/// The numbers from the `start`-th on, then those before it.
fn rolled(numbers: Tensor<1>, start: usize) -> Tensor<1> {
    if start == 0 {
        return numbers;
    }
    let [count] = numbers.dims();
    Tensor::cat(vec![numbers.clone().slice(start..count), numbers.slice(0..start)], 0)
}
