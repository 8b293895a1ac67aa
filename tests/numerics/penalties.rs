//! Gradient penalties: values and gradients in D's parameters.

use burn::tensor::Tensor;
use serde::Deserialize;
use sparring::model::{Conditioning, Critic, CriticPlan, Family, NetworkConfig, Side};
use sparring::nn::activation::Activation;
use sparring::nn::dual::Dual;
use sparring::nn::minibatch::MinibatchFeature;
use sparring::nn::norm::Norm;
use sparring::objective::Objective;
use sparring::penalty::{Rule, input_gradient};

use crate::{difference, dot, exact, fixture, network, numbers, scattered, slope_along};

#[derive(Deserialize)]
struct Penalties {
    objective: Objective,
    cases: Vec<PenaltyCase>,
}

#[derive(Deserialize)]
struct PenaltyCase {
    name: String,
    family: Family,
    width: usize,
    depth: usize,
    weight_unit: f64,
    weights: Vec<f64>,
    input_shape: Vec<usize>,
    input_unit: f64,
    reals: Vec<f64>,
    fakes: Vec<f64>,
    gamma1: f64,
    gamma2: f64,
    logits_real: Vec<f64>,
    logits_fake: Vec<f64>,
    adversarial: f64,
    r1: f64,
    r2: f64,
    total: f64,
    gradient: Vec<f64>,
}

impl PenaltyCase {
    fn critic(&self) -> Critic {
        let size = NetworkConfig::plain(self.width, self.depth);
        Critic::new(CriticPlan::plain(self.family, size, &self.input_shape[1..])).expect("the fixture's sizes are valid")
    }

    /// Reals, then fakes: `[2 * batch, features]`.
    fn points(&self) -> Tensor<2> {
        let scaled: Vec<f64> = self.reals.iter().chain(&self.fakes).map(|x| x * self.input_unit).collect();
        exact(&scaled).reshape([2 * self.input_shape[0], self.input_shape[1..].iter().product()])
    }

    fn parameters(&self) -> Vec<f64> {
        self.weights.iter().map(|w| w * self.weight_unit).collect()
    }
}

/// What one critic step computes, without its optimiser.
struct CriticLoss {
    logits: Vec<f64>,
    adversarial: f64,
    r1: f64,
    r2: f64,
    gradient: Vec<f64>,
}

fn critic_loss(case: &PenaltyCase, objective: Objective, parameters: &[f64]) -> CriticLoss {
    let critic = case.critic();
    let numbers_of_d = network(parameters, &[]);
    let batch = case.input_shape[0];
    let constants = critic.layout().constants(&numbers_of_d);
    let slope = input_gradient(|x| critic.forward(&constants, x), case.points());
    let r1 = Rule::ZeroCentred { gamma: case.gamma1 }.apply(slope.clone().slice(0..batch));
    let r2 = Rule::ZeroCentred { gamma: case.gamma2 }.apply(slope.slice(batch..2 * batch));
    let leaves = critic.layout().leaves(&numbers_of_d);
    let direction = Tensor::cat(vec![r1.direction, r2.direction], 0);
    let logits = critic.forward(&leaves, Dual::with_tangent(case.points(), direction));
    let adversarial = objective.critic(logits.value.clone().slice(0..batch), logits.value.clone().slice(batch..2 * batch), 1.0);
    let total = adversarial.clone() + logits.tangent.expect("a tangent went in").sum();
    let gradient = leaves.gradient(&mut total.backward());
    CriticLoss {
        logits: numbers(logits.value.inner()),
        adversarial: numbers(adversarial.inner())[0],
        r1: numbers(r1.value)[0],
        r2: numbers(r2.value)[0],
        gradient: numbers(gradient),
    }
}

#[test]
fn r1_and_r2_have_the_values_and_gradients_of_pytorchs_double_backward() {
    let Penalties { objective, cases } = fixture("penalties.json");
    assert_eq!(cases.len(), 2);
    for case in cases {
        let found = critic_loss(&case, objective, &case.parameters());
        let logits: Vec<f64> = case.logits_real.iter().chain(&case.logits_fake).copied().collect();
        // The convolutional case is stored with 7 digits.
        let tolerance = if case.family == Family::Mlp { 1e-9 } else { 2e-6 };
        assert!(difference(&found.logits, &logits) < tolerance, "{}: logits", case.name);
        assert!(
            difference(&[found.adversarial, found.r1, found.r2], &[case.adversarial, case.r1, case.r2]) < tolerance,
            "{}: values",
            case.name
        );
        assert!((found.adversarial + found.r1 + found.r2 - case.total).abs() < tolerance * case.total.abs(), "{}: total", case.name);
        let worst = difference(&found.gradient, &case.gradient);
        assert!(worst < tolerance, "{}: the gradient differs by {worst:e}", case.name);
    }
}

#[test]
fn the_penalties_gradient_is_the_slope_of_their_value() {
    let Penalties { objective, cases } = fixture("penalties.json");
    for case in cases {
        let theta = case.parameters();
        let gradient = critic_loss(&case, objective, &theta).gradient;
        // Along a direction that moves every parameter, so that one central difference tests them all.
        let direction = scattered(theta.len(), 1);
        let slope = slope_along(&theta, &direction, |moved| {
            let loss = critic_loss(&case, objective, moved);
            loss.adversarial + loss.r1 + loss.r2
        });
        let expected = dot(&gradient, &direction);
        assert!((slope - expected).abs() < 1e-6 * expected.abs().max(1e-3), "{}: {slope} against {expected}", case.name);
    }
}

/// A critic of any kind under one rule, as `fixture_critics.py` writes it.
#[derive(Deserialize)]
struct CriticCase {
    plan: PlanFixture,
    rule: String,
    parameters: Vec<f64>,
    state: Vec<f64>,
    x: Vec<f64>,
    logits: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
}

#[derive(Debug, Deserialize)]
struct PlanFixture {
    family: Family,
    width: usize,
    depth: usize,
    activation: Activation,
    norm: Norm,
    spectral_norm: bool,
    minibatch: MinibatchFeature,
    conditioning: Conditioning,
}

const CLASSES: usize = 3;

impl CriticCase {
    fn critic(&self) -> Critic {
        let PlanFixture { family, width, depth, activation, norm, spectral_norm, minibatch, conditioning } = self.plan;
        let shape: &[usize] = if family == Family::Mlp { &[2] } else { &[1, 8, 8] };
        let size = NetworkConfig { width, depth, activation, norm, spectral_norm };
        let classes = if conditioning == Conditioning::None { 0 } else { CLASSES };
        Critic::new(CriticPlan { minibatch, conditioning, classes, ..CriticPlan::plain(family, size, shape) }).expect("a valid plan")
    }

    fn rule(&self) -> Rule {
        match self.rule.as_str() {
            "zero_centred" => Rule::ZeroCentred { gamma: 0.75 },
            kind => Rule::UnitSlope { lambda: 0.5, one_sided: kind == "one_sided" },
        }
    }

    fn points(&self) -> Tensor<2> {
        let batch = self.logits.len();
        exact(&self.x).reshape([batch, self.x.len() / batch])
    }

    fn side(&self) -> Side {
        let one_hot = |i: usize| (0..CLASSES).map(move |class| f64::from(u8::from(class == i % CLASSES)));
        let rows: Vec<f64> = (0..self.logits.len()).flat_map(one_hot).collect();
        let conditional = self.plan.conditioning != Conditioning::None;
        Side { classes: conditional.then(|| exact(&rows).reshape([self.logits.len(), CLASSES])), noise: None }
    }

    /// Logits, the penalty's value, and its gradient through the tangent.
    fn measure(&self, parameters: &[f64]) -> (Vec<f64>, f64, Vec<f64>) {
        let (critic, side) = (self.critic(), self.side());
        let of_d = network(parameters, &self.state);
        let constants = critic.layout().constants(&of_d);
        let penalised = self.rule().apply(input_gradient(|x| critic.judge(&constants, x, &side).logits, self.points()));
        let leaves = critic.layout().leaves(&of_d);
        let logits = critic.judge(&leaves, Dual::with_tangent(self.points(), penalised.direction), &side).logits;
        let gradient = leaves.gradient(&mut logits.tangent.expect("a tangent went in").sum().backward());
        (numbers(logits.value.inner()), numbers(penalised.value)[0], numbers(gradient))
    }
}

#[test]
fn every_penalty_on_every_kind_of_critic_is_that_of_pytorchs_double_backward() {
    let cases: Vec<CriticCase> = fixture("critics.json");
    assert_eq!(cases.len(), 21);
    for case in cases {
        let (logits, value, gradient) = case.measure(&case.parameters);
        let what = format!("{:?}, {}", case.plan, case.rule);
        assert!(difference(&logits, &case.logits) < 1e-10, "{what}: logits");
        assert!(difference(&[value], &[case.value]) < 1e-10, "{what}: {value} instead of {}", case.value);
        let worst = difference(&gradient, &case.gradient);
        assert!(worst < 1e-9, "{what}: the gradient differs by {worst:e}");
    }
}

#[test]
fn the_tangent_of_every_kind_of_critic_is_the_slope_of_its_logits() {
    let cases: Vec<CriticCase> = fixture("critics.json");
    for case in cases {
        let (critic, side) = (case.critic(), case.side());
        let constants = critic.layout().constants(&network(&case.parameters, &case.state));
        let direction = scattered(case.x.len(), 3);
        let points = |x: &[f64]| exact(x).reshape(case.points().dims());
        let judged = critic.judge(&constants, Dual::with_tangent(case.points(), points(&direction)), &side).logits;
        let tangent: f64 = numbers(judged.tangent.expect("a tangent went in")).iter().sum();
        let slope = slope_along(&case.x, &direction, |x| {
            numbers(critic.judge(&constants, Dual::plain(points(x)), &side).logits.value).iter().sum()
        });
        assert!((tangent - slope).abs() < 1e-6 * slope.abs().max(1.0), "{:?}: {tangent} against {slope}", case.plan);
    }
}
