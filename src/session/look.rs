//! What can be asked of a run without moving it: samples, D's opinion, the forces on the fakes, figures.

use burn::tensor::Tensor;

use super::Session;
use super::together::Batches;
use crate::data::{Cursor, Density, Grid};
use crate::device::{is_cpu, one_hot, read, rows};
use crate::error::{Error, Result};
use crate::game::{critic_plan, generator_plan};
use crate::kernel::{Plan, forward, units};
use crate::metrics::{Optimum, POINT_SAMPLES, Question, Score};
use crate::nn::minibatch::{GROUP, MinibatchFeature};
use crate::nn::params::Numbers;
use crate::protocol::PointMetrics;
use crate::rng::Purpose;
use crate::sample::Sampler;

/// Pairings of fakes with reals over which the force on a fake is averaged, where the objective compares the two.
const PAIRINGS: usize = 16;

/// Samples from which q is taken.
const OPTIMUM_SAMPLES: usize = 32_768;

/// σ of the smoothing of p and q, as a part of the data's view: one and a half of 128 cells.
const SMOOTHING: f64 = 1.5 / 128.0;

/// Parts in which D classifies the samples of its accuracy: images of all at once would take a gigabyte.
const ACCURACY_BATCHES: usize = 10;

impl Session {
    /// The moving-average generator of this moment.
    pub fn sampler(&self) -> Sampler {
        self.sampler_with(self.game.ema.clone())
    }

    /// The generator that is trained now, which is whom D plays.
    pub(super) fn trained(&self) -> Sampler {
        self.sampler_with(self.game.g.numbers.vector.clone())
    }

    fn sampler_with(&self, vector: Tensor<1>) -> Sampler {
        let numbers = Numbers { vector, state: self.game.g.numbers.state.clone() };
        Sampler::of(&self.config, self.data.frame(), self.game.generator().clone(), numbers, &self.home)
    }

    /// D's logits at points in data units, row after row; where D is told a class, the mean over all classes.
    pub async fn judge(&self, points: &[f32]) -> Result<Vec<f32>> {
        match critic_plan(&self.config, self.game.critic()).filter(|_| is_cpu(&self.home)) {
            Some(plan) => Ok(forward(&plan, &read(self.game.d.numbers.vector.clone()).await?, &self.network_units(points))),
            None => read(self.logits(&self.in_network_units(points))).await,
        }
    }

    /// ‖∇ₓD‖ at points in data units, in logits a data unit.
    pub async fn slopes(&self, points: &[f32]) -> Result<Vec<f32>> {
        let at = self.in_network_units(points);
        let ones = Tensor::ones([at.dims()[0]], &self.home);
        let norms = self.gradients(&at, ones).square().sum_dim(1).sqrt();
        read(norms.reshape([points.len() / self.features()]) / f64::from(self.data.frame().scale)).await
    }

    /// D* on a grid against the G that is trained now, not its average: that is whom D plays. None for images. Where D sees more than the point (a class, other samples),
    /// or noise, p and q are what it sees of it: noise widens both, and for the rest there is no D*.
    pub async fn optimum(&self, grid: &Grid) -> Result<Option<(Optimum, f64)>> {
        let Some(density) = self.yardstick.as_ref().map(|yardstick| yardstick.density()) else { return Ok(None) };
        let latents = self.config.latent.draw(self.config.seed, OPTIMUM_SAMPLES, self.config.latent_dim);
        let fakes = self.trained().generate(&latents).await?;
        let smoothing = self.smoothing(density);
        let question = Question { objective: self.config.objective, real_label: self.config.real_label, smoothing };
        let mut optimum = Optimum::of(density, grid, &fakes, &question);
        if !self.judges_points() {
            (optimum.critic, optimum.loss) = (Vec::new(), None);
        }
        Ok(Some((optimum, smoothing)))
    }

    /// Whether D's logit is a function of one point.
    fn judges_points(&self) -> bool {
        let config = &self.config;
        config.packing == 1 && config.minibatch == MinibatchFeature::None && !config.conditioning.tells_critic()
    }

    /// The least that can be told apart on the stage, and the noise on all that D sees.
    fn smoothing(&self, density: &Density) -> f64 {
        let noise = self.config.instance_noise.at(self.images) * f64::from(self.data.frame().scale);
        libm::hypot(2.0 * density.view().half * SMOOTHING, noise)
    }

    /// Where G's average takes a mesh of equally likely cells, see [`crate::latent::LatentKind::mesh`]; a G that is told classes is told the first.
    pub async fn mesh(&self, nodes: usize) -> Result<Vec<f32>> {
        let latents = self.config.latent.mesh(self.config.latent_dim, nodes);
        let classes = vec![0; latents.len() / self.config.latent_dim];
        self.sampler().generate_classes(&latents, &classes).await
    }

    /// −∇ₓL_G at each of some fakes: the negative gradient of the objective, of which each fake is a term, in data units, row after row. Where the objective compares
    /// with reals it is the mean over 16 pairings with as many `reals`, or over all if there are fewer.
    pub async fn forces(&self, fakes: &[f32], reals: &[f32]) -> Result<Vec<f32>> {
        let objective = self.config.objective;
        let at = self.in_network_units(fakes);
        let fake = self.logits(&at).autodiff().require_grad();
        let [count] = fake.dims();
        let loss = if objective.generator_needs_reals() {
            let (real, pairings) = (self.logits(&self.in_network_units(reals)).autodiff(), PAIRINGS.min(count));
            let paired = |k: usize| objective.generator(Some(rolled(real.clone(), k * count / pairings)), fake.clone());
            (0..pairings).map(paired).reduce(|sum, loss| sum + loss).expect("there is a pairing") / pairings as f64
        } else {
            objective.generator(None, fake.clone())
        };
        let mut gradients = (loss * (count as f64 * self.config.adversarial)).backward();
        let of_logits = fake.grad_remove(&mut gradients).expect("the loss depends on the logits");
        read(self.gradients(&at, of_logits) * (-1.0 / f64::from(self.data.frame().scale))).await
    }

    /// What every hidden unit answers: those of G over a mesh of latents of `cells` along each, those of D at `points` in data units. Empty where they are no plain MLPs.
    pub async fn units(&self, points: &[f32], cells: usize) -> Result<[Vec<f32>; 2]> {
        let config = &self.config;
        let (generator, critic) = (generator_plan(config, self.game.generator()), critic_plan(config, self.game.critic()));
        let answers = |plan: Option<Plan>, vector: &[f32], inputs: &[f32]| match plan {
            Some(Plan::Mlp(mlp)) => units(&mlp, vector, inputs),
            Some(Plan::Conv(_)) | None => Vec::new(),
        };
        let (ema, d) = (read(self.game.ema.clone()).await?, read(self.game.d.numbers.vector.clone()).await?);
        let latents = config.latent.mesh(config.latent_dim, cells);
        Ok([answers(generator, &ema, &latents), answers(critic, &d, &self.network_units(points))])
    }

    pub(super) fn features(&self) -> usize {
        self.data.shape().iter().product()
    }

    pub(super) fn network_units(&self, points: &[f32]) -> Vec<f32> {
        let mut points = points.to_vec();
        self.data.frame().to_network(&mut points, self.features());
        points
    }

    fn in_network_units(&self, points: &[f32]) -> Tensor<2> {
        rows(self.network_units(points), self.features(), &self.home)
    }

    /// D at points in network units.
    fn logits(&self, points: &Tensor<2>) -> Tensor<1> {
        let [count, _] = points.dims();
        let batches = self.batches(count);
        let of_batch = |batch: Tensor<2>| self.logits_together(batch).unsqueeze_dim(1);
        let logits = batches.join(batches.split(points, || self.others(&batches)).into_iter().map(of_batch).collect());
        logits.reshape([count])
    }

    /// ∇ₓ Σ w·D(x) at points in network units.
    fn gradients(&self, points: &Tensor<2>, weights: Tensor<1>) -> Tensor<2> {
        let batches = self.batches(points.dims()[0]);
        let weights = batches.split(&weights.unsqueeze_dim(1), || Tensor::zeros([batches.missing(), 1], &self.home));
        let of_batch = |(batch, weights): (Tensor<2>, Tensor<2>)| {
            let at = batch.autodiff().require_grad();
            let weighed = self.logits_together(at.clone()).unsqueeze_dim::<2>(1) * weights.autodiff();
            at.grad_remove(&mut weighed.sum().backward()).expect("logits depend on their points")
        };
        batches.join(batches.split(points, || self.others(&batches)).into_iter().zip(weights).map(of_batch).collect())
    }

    /// How points are judged: all at once, or, where D looks at several samples, as many together as in training.
    fn batches(&self, count: usize) -> Batches {
        match self.config.minibatch {
            MinibatchFeature::None => Batches::new(count, count),
            MinibatchFeature::Stddev => Batches::new(count, count.next_multiple_of(GROUP)),
            MinibatchFeature::Discrimination => Batches::new(count, self.config.batch / self.config.packing),
        }
    }

    /// Reals that fill the last batch.
    fn others(&self, batches: &Batches) -> Tensor<2> {
        self.in_network_units(&self.data.reals(batches.missing(), self.config.seed))
    }

    /// D at points that it sees together; where D is told a class, the mean over all classes.
    fn logits_together(&self, points: Tensor<2>) -> Tensor<1> {
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
