//! G's half of a step: its loss against the D of this moment, whose weights are constants, and its gradient.

use burn::tensor::Tensor;

use super::critic_step::norm;
use super::gan::{Gan, Turn};
use super::noise::Noise;
use super::sight::Sight;
use crate::model::cross_entropy;
use crate::nn::dual::Dual;

/// What G learns from: latents and, where its loss compares with them, reals of its own.
#[derive(Debug, Clone)]
pub struct GeneratorBatch {
    /// x, `[batch, features]`, with their classes one-hot where D is told them.
    pub reals: Option<(Tensor<2>, Option<Tensor<2>>)>,
    /// z, `[batch, latent_dim]`.
    pub latents: Tensor<2>,
    /// Classes, one-hot, where G is told them.
    pub classes: Option<Tensor<2>>,
}

/// The gradient of G's loss, what was measured on the way, and the state that G's pass left.
pub(super) struct GeneratorOutcome {
    pub gradient: Tensor<1>,
    pub state: Option<Tensor<1>>,
    pub stats: GeneratorStats,
}

/// What G's half of a step measured, each of shape `[1]`.
pub(super) struct GeneratorStats {
    pub loss: Tensor<1>,
    pub norm: Tensor<1>,
}

impl Gan {
    /// G minimises the objective, feature matching and the class cost, each with its weight.
    pub(super) fn generator_gradient(&self, turn: Turn, batch: GeneratorBatch, noise: &mut Noise) -> GeneratorOutcome {
        let config = turn.config;
        let critic = self.critic.layout().constants(&self.d.numbers);
        let mut judge = |samples: Tensor<2>, classes: Option<Tensor<2>>| {
            let x = self.packed(turn, samples, noise);
            let sight = Sight::of(self, &x, classes.filter(|_| config.conditioning.tells_critic()), noise);
            self.judge_seen(&critic, Dual::plain(x), &sight)
        };
        let real = batch.reals.map(|(reals, classes)| judge(reals, classes));
        let layout = self.generator.layout();
        let leaves = layout.leaves(&layout.iterate_spectral_norms(&self.g.numbers));
        let fake = judge(self.generator.forward(&leaves, batch.latents, batch.classes.clone()), batch.classes.clone());

        let mut terms = Vec::new();
        if config.adversarial > 0.0 {
            let logits = real.as_ref().map(|real| real.logits.value.clone());
            terms.push(config.objective.generator(logits, fake.logits.value) * config.adversarial);
        }
        if let Some(real) = real.filter(|_| config.feature_matching > 0.0) {
            terms.push(feature_matching(real.features, fake.features) * config.feature_matching);
        }
        if let (Some(logits), Some(classes)) = (fake.classes, batch.classes) {
            terms.push(cross_entropy(logits, classes));
        }
        let loss = terms.into_iter().reduce(|sum, term| sum + term).expect("the config leaves G something to learn from");
        let total = if config.orthogonal > 0.0 { loss.clone() + layout.orthogonality(&leaves) * config.orthogonal } else { loss.clone() };
        let gradient = turn.part.averaged(leaves.gradient(&mut total.backward()));
        let stats = GeneratorStats { loss: loss.inner(), norm: norm(&gradient) };
        GeneratorOutcome { gradient, state: leaves.state(), stats }
    }
}

/// ‖E f(x) − E f(g)‖² (Salimans 2016) of features `[batch, features]`, shape `[1]`.
fn feature_matching(real: Tensor<2>, fake: Tensor<2>) -> Tensor<1> {
    (real.mean_dim(0) - fake.mean_dim(0)).square().sum()
}
