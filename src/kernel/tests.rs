//! The fused gradients are slopes, in double precision, of every objective with every penalty and activation.

use super::*;
use crate::nn::activation::Activation;
use crate::objective::Objective;
use crate::optim::{Decay, Rates};
use crate::penalty::Rule;
use crate::rng::{Purpose, Stream};

const OBJECTIVES: [Objective; 8] = [
    Objective::Minimax,
    Objective::NonSaturating,
    Objective::Lsgan,
    Objective::Wgan,
    Objective::Hinge,
    Objective::Rpgan,
    Objective::Ragan,
    Objective::KlFgan,
];
const ACTIVATIONS: [Activation; 5] = [Activation::LeakyRelu, Activation::Relu, Activation::Elu, Activation::Tanh, Activation::Swish];
/// More than a block and no multiple of one.
const ROWS: usize = 37;

struct Case {
    game: Game<f64>,
    settings: Settings,
    reals: Vec<f64>,
    latents: Vec<f64>,
    each: Vec<f64>,
    shares: Vec<f64>,
}

impl Case {
    fn new(objective: Objective, activation: Activation, rules: [Option<Rule>; 3]) -> Self {
        let mut stream = Stream::new(3, Purpose::Noise);
        let mut normals = |count: usize, scale: f64| -> Vec<f64> { (0..count).map(|_| scale * stream.normal()).collect() };
        let mlp = |inputs, outputs| Mlp::new(&[inputs, 5, 5, outputs], activation).expect("sizes");
        let (generator, critic) = (mlp(3, 2), mlp(2, 1));
        let mut player = |mlp: &Mlp| {
            let vector = normals(mlp.parameters(), 0.6);
            Player { adam: Adam { first: vec![0.0; vector.len()], second: vec![0.0; vector.len()], decay: Decay::START }, vector }
        };
        let (g, d) = (player(&generator), player(&critic));
        let ema = g.vector.clone();
        let (reals, latents) = (normals(2 * ROWS, 1.0), normals(3 * ROWS, 1.0));
        let mut uniform = |count: usize| -> Vec<f64> { (0..count).map(|_| stream.uniform()).collect() };
        let (each, shares) = (uniform(2 * ROWS), uniform(ROWS));
        let rates = Rates { lr: 0.01, beta1: 0.5, beta2: 0.9, weight_decay: 0.0 };
        let settings = Settings::plain(objective, rules, rates);
        Self { game: Game::new(&Plan::Mlp(generator), &Plan::Mlp(critic), ROWS, g, d, ema), settings, reals, latents, each, shares }
    }

    /// D's whole loss at its parameters.
    fn critic(&mut self, around: bool) -> f64 {
        let beside = if around { Beside::Around(&self.each, &self.shares) } else { Beside::Between(&self.shares) };
        let beside = self.settings.rules[2].map(|_| beside);
        let stats = self.game.critic_gradient(&self.settings, &self.reals, &self.latents, beside, |_| ());
        stats.loss + stats.penalties.iter().sum::<f64>()
    }

    fn generator(&mut self) -> f64 {
        self.game.generator_gradient(&self.settings, &self.reals, &self.latents, |_| ()).loss
    }
}

/// The slope of `loss` along each parameter that `vector` gives, against `found`.
fn are_slopes(case: &mut Case, found: &[f64], vector: fn(&mut Game<f64>) -> &mut Vec<f64>, loss: impl Fn(&mut Case) -> f64, what: &str) {
    let scale = found.iter().fold(1e-3, |most: f64, x| most.max(x.abs()));
    for (i, found) in found.iter().enumerate() {
        let mut at = |shift: f64| {
            vector(&mut case.game)[i] += shift;
            let value = loss(case);
            vector(&mut case.game)[i] -= shift;
            value
        };
        let slope = (at(1e-6) - at(-1e-6)) / 2e-6;
        assert!((slope - found).abs() < 2e-6 * scale, "{what}: parameter {i}: {found} where the slope is {slope}");
    }
}

#[test]
fn the_gradient_of_the_critics_loss_is_its_slope() {
    let zero = |gamma| Some(Rule::ZeroCentred { gamma });
    let unit = |one_sided| Some(Rule::UnitSlope { lambda: 0.7, one_sided });
    let rules = [
        [None, None, None],
        [zero(0.8), zero(0.3), None],
        [zero(0.8), None, None],
        [None, zero(0.3), None],
        [None, None, unit(false)],
        [zero(0.8), None, unit(true)],
    ];
    for objective in OBJECTIVES {
        for activation in ACTIVATIONS {
            for (i, rules) in rules.into_iter().enumerate() {
                let mut case = Case::new(objective, activation, rules);
                let around = i % 2 == 0;
                case.critic(around);
                let found = case.game.last_critic_gradient().to_vec();
                let what = format!("{objective:?}, {activation:?}, {rules:?}");
                // v of the penalties is not differentiated through; on pieces of lines it is constant, on smooth units the double backward is what counts.
                are_slopes(&mut case, &found, |game| &mut game.d.vector, |case| case.critic(around), &what);
            }
        }
    }
}

#[test]
fn the_gradient_of_the_generators_loss_is_its_slope() {
    for objective in OBJECTIVES {
        for activation in ACTIVATIONS {
            let mut case = Case::new(objective, activation, [None; 3]);
            case.generator();
            let found = case.game.last_generator_gradient().to_vec();
            are_slopes(&mut case, &found, |game| &mut game.g.vector, Case::generator, &format!("{objective:?}, {activation:?}"));
        }
    }
}

#[test]
fn smoothed_labels_move_the_loss_as_their_formula_says() {
    for objective in [Objective::Minimax, Objective::NonSaturating, Objective::Lsgan] {
        let mut case = Case::new(objective, Activation::Tanh, [None; 3]);
        case.settings.real_label = 0.9;
        case.critic(false);
        let found = case.game.last_critic_gradient().to_vec();
        are_slopes(&mut case, &found, |game| &mut game.d.vector, |case| case.critic(false), &format!("{objective:?}"));
    }
}

#[test]
fn a_step_of_one_player_leaves_the_other_untouched_and_clips_what_it_should() {
    let mut case = Case::new(Objective::Wgan, Activation::LeakyRelu, [None; 3]);
    case.settings.weight_clip = 0.05;
    let (g, d) = (case.game.g.clone(), case.game.d.clone());
    case.game.critic_step(&case.settings, &case.reals, &case.latents, None, |_| ());
    assert!(case.game.g == g && case.game.d != d && case.game.d.vector.iter().all(|weight| weight.abs() <= 0.05));
    let d = case.game.d.clone();
    case.game.generator_step(&case.settings, &case.reals, &case.latents, |_| ());
    assert!(case.game.d == d && case.game.g != g);
}
