//! Whether the shaders compute what the fused loops compute, asked before they are used.

use std::mem::discriminant;

use super::{STATS, ShaderGame};
use crate::device::Gpu;
use crate::error::{Error, Result};
use crate::kernel::{Adam, Beside, Game, Mlp, Plan, Player, Settings, example};
use crate::nn::activation::Activation;
use crate::objective::Objective;
use crate::optim::{Decay, Rates};
use crate::penalty::Rule;
use crate::rng::{Purpose, Stream};

/// Largest allowed difference of a parameter or a report after three steps.
const TOLERANCE: f32 = 1e-3;
/// More than a block and no multiple of one.
const ROWS: usize = 37;
const STEPS: usize = 3;

/// Two networks with what they play.
struct Trial {
    plans: [Plan; 2],
    /// Standard deviation of their weights.
    scale: f32,
    objective: Objective,
    rules: [Option<Rule>; 3],
    name: &'static str,
}

/// An error where a GPU does not compute games of a family of networks as the CPU does.
pub async fn self_test(gpu: &Gpu, family: &Plan) -> Result<()> {
    for trial in trials().into_iter().filter(|trial| discriminant(&trial.plans[0]) == discriminant(family)) {
        let worst = difference(gpu, &trial).await?;
        if worst > TOLERANCE || worst.is_nan() {
            let problem =
                format!("failed the self-test of its shaders: {} differ from the CPU by {worst:.1e} (allowed {TOLERANCE:.0e})", trial.name);
            return Err(Error::device("the GPU", problem));
        }
    }
    Ok(())
}

fn trials() -> [Trial; 5] {
    let zero = |gamma| Some(Rule::ZeroCentred { gamma });
    let unit = Some(Rule::UnitSlope { lambda: 0.7, one_sided: false });
    let mlp = |sizes: &[usize], activation| Plan::Mlp(Mlp::new(sizes, activation).expect("sizes"));
    let mlps = |[g, d]: [Activation; 2]| [mlp(&[3, 9, 18, 2], g), mlp(&[2, 17, 8, 1], d)];
    let convolutions = || [Plan::Conv(example::generator()), Plan::Conv(example::critic())];
    let trial = |plans, scale, objective, rules, name| Trial { plans, scale, objective, rules, name };
    // With units that are linear in pieces an objective that is blind to a constant has gradients that are nothing but rounding, of which Adam would make steps.
    [
        trial(mlps([Activation::Elu, Activation::Tanh]), 0.5, Objective::Rpgan, [zero(0.8), zero(0.3), None], "smooth MLPs"),
        trial(mlps([Activation::LeakyRelu; 2]), 0.5, Objective::NonSaturating, [zero(0.8), None, unit], "MLPs that are linear in pieces"),
        trial(mlps([Activation::Relu, Activation::Swish]), 0.5, Objective::NonSaturating, [None, None, unit], "MLPs with swish"),
        trial(convolutions(), 0.25, Objective::NonSaturating, [zero(0.8), zero(0.3), None], "convolutions with R1 and R2"),
        trial(convolutions(), 0.25, Objective::NonSaturating, [None, None, unit], "convolutions with a penalty beside the data"),
    ]
}

/// The largest difference between shaders and loops over a few steps.
async fn difference(gpu: &Gpu, Trial { plans, scale, objective, rules, .. }: &Trial) -> Result<f32> {
    let mut stream = Stream::new(2, Purpose::Evaluation);
    let mut player = |plan: &Plan| {
        let numbers = plan.parameters();
        let vector = (0..numbers).map(|_| scale * stream.normal() as f32).collect();
        Player { vector, adam: Adam { first: vec![0.0; numbers], second: vec![0.0; numbers], decay: Decay::START } }
    };
    let (g, d) = (player(&plans[0]), player(&plans[1]));
    let rates = Rates { lr: 0.003, beta1: 0.5, beta2: 0.9, weight_decay: 0.0 };
    let settings = Settings { weight_clip: 0.9, ..Settings::plain(*objective, *rules, rates) };
    let [latent_dim, features] = [plans[0].inputs(), plans[1].inputs()];
    let mut shaders = ShaderGame::new(gpu, [&plans[0], &plans[1]], ROWS, [&g, &d], &g.vector);
    let mut loops = Game::new(&plans[0], &plans[1], ROWS, g.clone(), d, g.vector);
    let mut reports = Vec::new();
    for step in 0..STEPS {
        let mut normals = |count: usize| -> Vec<f32> { (0..count).map(|_| stream.normal() as f32).collect() };
        let (reals, latents) = (normals(features * ROWS), normals(latent_dim * ROWS));
        let uniforms: Vec<f32> = (0..(features + 1) * ROWS).map(|_| stream.uniform() as f32).collect();
        let (each, shares) = uniforms.split_at(features * ROWS);
        let beside = rules[2].map(|_| if step % 2 == 0 { Beside::Between(shares) } else { Beside::Around(each, shares) });
        let stats = loops.critic_step(&settings, &reals, &latents, beside, |_| ());
        let of_generator = loops.generator_step(&settings, &reals, &latents, |_| ());
        loops.average(0.5);
        let [r1, r2, slope] = stats.penalties;
        reports.extend([
            stats.loss,
            of_generator.loss,
            r1,
            r2,
            slope,
            stats.real,
            stats.fake,
            stats.accuracy,
            stats.norm,
            of_generator.norm,
        ]);
        shaders.critic_step(&settings, &reals, &latents, beside);
        shaders.generator_step(&settings, &reals, &latents, 0.5);
    }
    let found = shaders.read().await?;
    // Of a critic known up to a constant only differences mean anything: the gradient of its last bias is rounding, which Adam makes a step of.
    let last = loops.d.vector.len() - 1;
    let between = |reports: &[f32]| -> Vec<f32> {
        reports
            .chunks_exact(STATS)
            .flat_map(|report| [report[0], report[1], report[2], report[3], report[4], report[5] - report[6], report[8], report[9]])
            .collect()
    };
    let (a, b) = (between(&found.stats), between(&reports));
    let pairs = [
        (&a[..], &b[..]),
        (&found.g.vector, &loops.g.vector),
        (&found.d.vector[..last], &loops.d.vector[..last]),
        (&found.ema, &loops.ema),
    ];
    let differences = pairs.into_iter().flat_map(|(a, b)| a.iter().zip(b)).map(|(a, b)| (a - b).abs());
    Ok(differences.fold(0.0, |worst: f32, d| if d > worst || d.is_nan() { d } else { worst }))
}
