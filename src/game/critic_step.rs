//! D's half of a step: its loss, its penalties, and their gradient.

use burn::tensor::Tensor;

use super::gan::{Gan, Turn};
use super::noise::Noise;
use super::sight::Sight;
use crate::config::TrainConfig;
use crate::model::{Conditioning, Judgement, Side, cross_entropy};
use crate::nn::dual::Dual;
use crate::nn::params::{Numbers, Weights};
use crate::penalty::{GradientPenalty, Rule, input_gradient};

/// What D learns from, in network units.
#[derive(Debug, Clone)]
pub struct CriticBatch {
    /// x, `[batch, features]`.
    pub reals: Tensor<2>,
    /// Classes of the reals, one-hot `[batch, classes]`, in a game with classes where the data know them.
    pub real_classes: Option<Tensor<2>>,
    /// z of the fakes, `[batch, latent_dim]`.
    pub latents: Tensor<2>,
    /// Classes of the fakes, one-hot, where G is told them.
    pub fake_classes: Option<Tensor<2>>,
    /// Labelled samples with their classes one-hot, in the semi-supervised game.
    pub labelled: Option<(Tensor<2>, Tensor<2>)>,
}

/// The gradient of D's loss, what was measured on the way, and the state that D's passes left.
pub(super) struct CriticOutcome {
    pub gradient: Tensor<1>,
    pub state: Option<Tensor<1>>,
    pub stats: CriticStats,
}

/// What D's half of a step measured, each of shape `[1]`.
pub(super) struct CriticStats {
    pub loss: Tensor<1>,
    pub r1: Tensor<1>,
    pub r2: Tensor<1>,
    pub slope: Tensor<1>,
    pub real: Tensor<1>,
    pub fake: Tensor<1>,
    pub accuracy: Tensor<1>,
    /// [`Objective::overfitting`](crate::objective::Objective::overfitting), where p follows it.
    pub sign: Option<Tensor<1>>,
    pub norm: Tensor<1>,
}

/// Points that D judges in this step, with the penalty on its slope there.
struct Set {
    points: Tensor<2>,
    sight: Sight,
    rule: Option<Rule>,
    /// v of the penalty, once it is known.
    direction: Option<Tensor<2>>,
    penalty: Option<Tensor<1>>,
}

impl Gan {
    /// D minimises its loss, the penalties on its slope, and what classes, bottleneck and regularisers add.
    pub(super) fn critic_gradient(&self, turn: Turn, batch: CriticBatch, noise: &mut Noise) -> CriticOutcome {
        let config = turn.config;
        let layout = self.critic.layout();
        let batch = CriticBatch { labelled: batch.labelled.map(|labelled| changed(labelled, noise)), ..batch };
        let numbers = layout.iterate_spectral_norms(&self.d.numbers);
        let mut sets = self.sets(turn, &batch, noise);
        self.penalise(&mut sets, &numbers);

        let leaves = layout.leaves(&numbers);
        let judgements = self.judge_all(&leaves, &sets);
        let (real, fake) = (&judgements[0], &judgements[1]);
        let weight = if config.conditioning == Conditioning::SemiSupervised { 0.5 } else { 1.0 };
        let (on_real, on_fake) = (real.logits.value.clone(), fake.logits.value.clone());
        let loss = config.objective.critic(on_real.clone(), on_fake.clone(), config.real_label) * weight;

        let mut total = loss.clone();
        for judgement in &judgements {
            if let Some(tangent) = &judgement.logits.tangent {
                total = total + tangent.clone().sum();
            }
        }
        total = self.add_classes(total, config, &batch, &leaves, real, fake);
        if config.orthogonal > 0.0 {
            total = total + layout.orthogonality(&leaves) * config.orthogonal;
        }
        if let (Some(a), Some(b)) = (&real.information, &fake.information) {
            let excess = (a.clone().mean() + b.clone().mean()) * 0.5 - config.bottleneck;
            total = total + self.critic.information_cost(&leaves, excess, config.bottleneck_rate);
        }
        let gradient = turn.part.averaged(leaves.gradient(&mut total.backward()));

        let loss = loss.inner();
        let penalty = |index: usize| sets.get(index).and_then(|set| set.penalty.clone()).unwrap_or_else(|| loss.zeros_like());
        let (r1, r2, slope) = (penalty(0), penalty(1), penalty(2));
        let (on_real, on_fake) = (on_real.inner(), on_fake.inner());
        let accuracy = config.objective.accuracy(on_real.clone(), on_fake.clone());
        let sign = config.augment.method.adapts().then(|| config.objective.overfitting(on_real.clone(), on_fake.clone()));
        let stats = CriticStats { r1, r2, slope, real: on_real.mean(), fake: on_fake.mean(), accuracy, sign, norm: norm(&gradient), loss };
        CriticOutcome { gradient, state: leaves.state(), stats }
    }

    /// Reals with R1, fakes with R2, and where there is a penalty beside the data its points.
    fn sets(&self, turn: Turn, batch: &CriticBatch, noise: &mut Noise) -> Vec<Set> {
        let Turn { config, images, .. } = turn;
        let weights = self.generator.layout().constants(&self.g.numbers);
        let fakes = self.generator.forward(&weights, batch.latents.clone(), batch.fake_classes.clone());
        let (reals, fakes) = (self.packed(turn, batch.reals.clone(), noise), self.packed(turn, fakes, noise));
        let zero_centred = |gamma| Some(Rule::ZeroCentred { gamma });
        let (r1, r2) = (zero_centred(config.r1.at(images)), zero_centred(config.r2.at(images)));

        let lambda = config.gp_weight.at(images);
        let between = |noise: &mut Noise| match config.gradient_penalty {
            GradientPenalty::None => None,
            GradientPenalty::WganGp | GradientPenalty::WganGpOneSided => Some(interpolated(&reals, &fakes, noise)),
            GradientPenalty::Dragan => Some(perturbed(&reals, noise)),
        };
        let unit_slope = Rule::UnitSlope { lambda, one_sided: config.gradient_penalty == GradientPenalty::WganGpOneSided };
        let beside = if lambda > 0.0 { between(noise) } else { None };

        let told = |classes: &Option<Tensor<2>>| classes.clone().filter(|_| config.conditioning.tells_critic());
        let mut set = |points: Tensor<2>, classes: Option<Tensor<2>>, rule: Option<Rule>| {
            let sight = Sight::of(self, &points, classes, noise);
            Set { points, sight, rule: rule.filter(|rule| rule.is_on()), direction: None, penalty: None }
        };
        // A point between a real and a fake has the real's class.
        let mut sets = vec![set(reals.clone(), told(&batch.real_classes), r1), set(fakes.clone(), told(&batch.fake_classes), r2)];
        sets.extend(beside.map(|points| set(points, told(&batch.real_classes), Some(unit_slope))));
        sets
    }

    /// Values and directions of all penalties: one backward to the inputs.
    fn penalise(&self, sets: &mut [Set], numbers: &Numbers) {
        let constants = self.critic.layout().constants(numbers);
        let judge = |points: Dual<2>, sight: &Sight| self.judge_seen(&constants, points, sight).logits;
        let with_rule: Vec<usize> = (0..sets.len()).filter(|&i| sets[i].rule.is_some()).collect();
        let gradients: Vec<Tensor<2>> = if self.critic.mixes() {
            let gradient = |&i: &usize| input_gradient(|x| judge(x, &sets[i].sight), sets[i].points.clone());
            with_rule.iter().map(gradient).collect()
        } else if with_rule.is_empty() {
            Vec::new()
        } else {
            let chosen: Vec<&Set> = with_rule.iter().map(|&i| &sets[i]).collect();
            let sight = joined(&chosen);
            let points = Tensor::cat(chosen.iter().map(|set| set.points.clone()).collect(), 0);
            let gradient = input_gradient(|x| judge(x, &sight), points);
            ranges(&chosen).into_iter().map(|(start, end)| gradient.clone().slice(start..end)).collect()
        };
        for (i, gradient) in with_rule.into_iter().zip(gradients) {
            let Some(rule) = sets[i].rule else { continue };
            let penalised = rule.apply(gradient);
            sets[i].direction = Some(penalised.direction);
            sets[i].penalty = Some(penalised.value);
        }
    }

    /// D on every set: as one batch, or apart where a logit depends on its batch.
    fn judge_all(&self, weights: &Weights, sets: &[Set]) -> Vec<Judgement> {
        let dual = |set: &Set| Dual { value: set.points.clone(), tangent: set.direction.clone() };
        if self.critic.mixes() {
            return sets.iter().map(|set| self.judge_seen(weights, dual(set), &set.sight)).collect();
        }
        let all: Vec<&Set> = sets.iter().collect();
        let points = Dual::cat(sets.iter().map(dual).collect(), 0);
        let judgement = self.judge_seen(weights, points, &joined(&all));
        ranges(&all).into_iter().map(|(start, end)| judgement.rows(start, end)).collect()
    }

    /// Adds what the classes cost D: their cross-entropy on reals and fakes (ACGAN), or on the labelled samples (K + 1).
    fn add_classes(
        &self,
        total: Tensor<1>,
        config: &TrainConfig,
        batch: &CriticBatch,
        weights: &Weights,
        real: &Judgement,
        fake: &Judgement,
    ) -> Tensor<1> {
        let cost = |judgement: &Judgement, classes: &Option<Tensor<2>>| {
            judgement.classes.clone().zip(classes.clone()).map(|(logits, classes)| cross_entropy(logits, classes))
        };
        let costs = match (config.conditioning, &batch.labelled) {
            (Conditioning::Acgan, _) => [cost(real, &batch.real_classes), cost(fake, &batch.fake_classes)],
            (Conditioning::SemiSupervised, Some((samples, classes))) => {
                let judgement = self.critic.judge(weights, Dual::plain(samples.clone()), &Side::default());
                [cost(&judgement, &Some(classes.clone())), None]
            }
            _ => [None, None],
        };
        costs.into_iter().flatten().fold(total, |total, cost| total + cost)
    }
}

/// √Σx², shape `[1]`.
pub(super) fn norm(gradient: &Tensor<1>) -> Tensor<1> {
    gradient.clone().square().sum().sqrt()
}

/// Rows of each set in the joined batch.
fn ranges(sets: &[&Set]) -> Vec<(usize, usize)> {
    let mut start = 0;
    let range = |set: &&Set| {
        let begin = start;
        start += set.points.dims()[0];
        (begin, start)
    };
    sets.iter().map(range).collect()
}

fn joined(sets: &[&Set]) -> Sight {
    Sight::join(&sets.iter().map(|set| &set.sight).collect::<Vec<_>>())
}

/// Labelled samples as D sees them.
fn changed((samples, classes): (Tensor<2>, Tensor<2>), noise: &mut Noise) -> (Tensor<2>, Tensor<2>) {
    let transforms = noise.transforms(&samples);
    let samples = transforms.map_or(samples.clone(), |transforms| transforms.apply(Dual::plain(samples)).value);
    (samples, classes)
}

/// x̂ = εx + (1 − ε)g, ε uniform for each pair.
fn interpolated(reals: &Tensor<2>, fakes: &Tensor<2>, noise: &mut Noise) -> Tensor<2> {
    let share = noise.uniform([reals.dims()[0], 1], reals.dtype());
    fakes.clone() + (reals.clone() - fakes.clone()) * share
}

/// x + αδ, δ = ½·std(X)·U[0, 1] per element, α uniform per sample; std over all elements of the batch.
fn perturbed(reals: &Tensor<2>, noise: &mut Noise) -> Tensor<2> {
    let [rows, features] = reals.dims();
    let centred = reals.clone() - reals.clone().mean().unsqueeze_dim(0);
    let deviation = centred.square().mean().sqrt().unsqueeze_dim::<2>(0);
    let delta = noise.uniform([rows, features], reals.dtype()) * deviation * 0.5;
    reals.clone() + delta * noise.uniform([rows, 1], reals.dtype())
}
