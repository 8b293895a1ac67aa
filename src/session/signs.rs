//! What the doctor looks at: fakes of the G that is trained now, and what its D thinks of them.

use super::Session;
use crate::data::Density;
use crate::device::{is_cpu, read};
use crate::doctor::Signs;
use crate::error::Result;
use crate::game::{critic_plan, generator_plan};
use crate::kernel::{Mlp, Plan, Real, units};
use crate::metrics::{Score, Yardstick};
use crate::model::NetworkConfig;
use crate::nn::activation::Activation;
use crate::objective::Objective;
use crate::protocol::Finding;

/// Samples of each kind, as sliced W1 takes them.
const SAMPLES: usize = 2_500;
/// Samples from the beginning and from the end on which a unit must be 0 to be dead.
const PROBES: usize = 512;
/// A slope of the objective below which a fake is not pulled.
const NO_PULL: f32 = 0.01;

impl Session {
    /// What is wrong with a run on points, after another look at it if the last is long enough ago. Always at the same samples of the seed; the run does not move.
    pub async fn examine(&mut self) -> Result<Vec<Finding>> {
        let signs = match &self.yardstick {
            Some(yardstick) if self.doctor.wants(self.step) => Some(self.signs(yardstick).await?),
            _ => None,
        };
        signs.into_iter().for_each(|signs| self.doctor.see(signs));
        Ok(self.doctor.findings(&self.config))
    }

    async fn signs(&self, yardstick: &Yardstick) -> Result<Signs> {
        let config = &self.config;
        let latents = config.latent.draw(config.seed, SAMPLES, config.latent_dim);
        let fakes = self.trained().generate(&latents).await?;
        let reals = self.data.reals(SAMPLES, config.seed);
        let (of_reals, of_fakes) = (self.judge(&reals).await?, self.judge(&fakes).await?);
        let density = yardstick.density();
        let (shares, truth) = nearest(&fakes, density);
        Ok(Signs {
            step: self.step,
            shares,
            truth,
            sliced_w1: yardstick.score(Score::SlicedW1, &fakes) / f64::from(self.data.frame().scale),
            auc: auc(&of_reals, &of_fakes),
            saturated: saturated(config.objective, &of_reals, &of_fakes),
            dead: self.dead_share(&latents, &[reals, fakes].concat()).await?,
        })
    }

    /// The share of hidden ReLUs that are 0 on all samples, of the player with more of them; none where there are no ReLUs that are known unit by unit.
    async fn dead_share(&self, latents: &[f32], points: &[f32]) -> Result<Option<f64>> {
        let config = &self.config;
        let can_die = |size: NetworkConfig| size.activation == Activation::Relu && is_cpu(&self.home);
        let generator = generator_plan(config, self.game.generator()).filter(|_| can_die(config.generator));
        let critic = critic_plan(config, self.game.critic()).filter(|_| can_die(config.critic));
        let mut shares = Vec::new();
        if let Some(Plan::Mlp(mlp)) = generator {
            shares.push(dead(&mlp, &read(self.game.g.numbers.vector.clone()).await?, latents));
        }
        if let Some(Plan::Mlp(mlp)) = critic {
            shares.push(dead(&mlp, &read(self.game.d.numbers.vector.clone()).await?, &self.network_units(points)));
        }
        Ok(shares.into_iter().reduce(f64::max))
    }
}

/// The share of the fakes to which each mode is the nearest, and of the data; both empty where the data are of one piece.
fn nearest(fakes: &[f32], density: &Density) -> (Vec<f64>, Vec<f64>) {
    let Some(modes) = density.modes().filter(|modes| modes.len() > 1) else { return (Vec::new(), Vec::new()) };
    let (mut shares, each) = (vec![0.0; modes.len()], density.dim() as f64 / fakes.len() as f64);
    for fake in fakes.chunks_exact(density.dim()) {
        if let Some((mode, _)) = density.nearest(fake) {
            shares[mode] += each;
        }
    }
    (shares, modes.iter().map(|mode| mode.weight).collect())
}

/// P(D(x) > D(g)), ties counted half (Mann & Whitney 1947).
fn auc(reals: &[f32], fakes: &[f32]) -> f64 {
    let mut fakes = fakes.to_vec();
    fakes.sort_by(f32::total_cmp);
    let above = |real: &f32| fakes.partition_point(|fake| fake < real) + fakes.partition_point(|fake| fake <= real);
    reals.iter().map(above).sum::<usize>() as f64 / (2 * reals.len() * fakes.len()) as f64
}

/// The share of the fakes at which |∂L_G/∂D(g)| is below .01, for the objectives whose slope is bounded by 1 and can vanish.
fn saturated(objective: Objective, reals: &[f32], fakes: &[f32]) -> f64 {
    let pull = |(real, fake): (&f32, &f32)| match objective {
        Objective::Minimax => fake.sigmoid(),
        Objective::NonSaturating => (-fake).sigmoid(),
        Objective::Rpgan => (real - fake).sigmoid(),
        Objective::Lsgan | Objective::Wgan | Objective::Hinge | Objective::Ragan | Objective::KlFgan => 1.0,
    };
    reals.iter().zip(fakes).filter(|pair| pull(*pair) < NO_PULL).count() as f64 / fakes.len() as f64
}

/// The share of an MLP's hidden units that are 0 on some samples from the beginning and some from the end.
fn dead(mlp: &Mlp, vector: &[f32], inputs: &[f32]) -> f64 {
    let some = inputs.len().min(PROBES * mlp.inputs());
    let probes = [&inputs[..some], &inputs[inputs.len() - some..]].concat();
    let rows = probes.len() / mlp.inputs();
    let answers = units(mlp, vector, &probes);
    let (count, dead) = (answers.len() / rows, answers.chunks_exact(rows).filter(|unit| unit.iter().all(|&answer| answer == 0.0)).count());
    dead as f64 / count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataKind;

    #[test]
    fn auc_is_the_chance_that_a_real_is_ranked_above_a_fake() {
        assert_eq!(auc(&[3.0, 4.0], &[1.0, 2.0]), 1.0);
        assert_eq!(auc(&[1.0, 2.0], &[1.0, 2.0]), 0.5);
        assert_eq!(auc(&[0.0, 5.0], &[1.0, 1.0]), 0.5);
        assert_eq!(auc(&[0.0], &[1.0]), 0.0);
    }

    #[test]
    fn every_fake_is_nearest_to_one_mode() {
        let density = DataKind::TwoGaussians.density(&[]).expect("a toy");
        let [a, b] = [0, 1].map(|i| density.modes().expect("two")[i].centre.map(|x| x as f32));
        let (shares, truth) = nearest(&[a, a, a, b].concat(), &density);
        assert_eq!(shares, [0.75, 0.25]);
        assert_eq!(truth.len(), 2);
        assert!(nearest(&[0.0, 0.0], &DataKind::Moons.density(&[]).expect("a toy")).0.is_empty());
    }

    #[test]
    fn a_sure_critic_takes_the_slope_from_minimax_and_a_fooled_one_from_the_others() {
        let (reals, sure, fooled) = ([10.0; 4], [-10.0; 4], [10.0; 4]);
        assert_eq!([saturated(Objective::Minimax, &reals, &sure), saturated(Objective::Minimax, &reals, &fooled)], [1.0, 0.0]);
        assert_eq!([saturated(Objective::NonSaturating, &reals, &sure), saturated(Objective::NonSaturating, &reals, &fooled)], [0.0, 1.0]);
        assert_eq!(saturated(Objective::Wgan, &reals, &sure), 0.0);
    }

    #[test]
    fn a_unit_that_answers_nothing_anywhere_is_dead() {
        let mlp = Mlp::new(&[1, 2, 1], Activation::Relu).expect("sizes");
        // relu(x) and relu(x − 9) on −1 to 1.
        let inputs: Vec<f32> = (0..100).map(|i| i as f32 / 50.0 - 1.0).collect();
        assert_eq!(dead(&mlp, &[1.0, 1.0, 0.0, -9.0, 1.0, 1.0, 0.0], &inputs), 0.5);
    }
}
