//! Losses, penalties, optimiser and generator against PyTorch's numbers (`tests/fixtures`), and penalties against finite differences in f64.

use burn::tensor::{DType, Device, Tensor, TensorData};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use sparring::device::{read, rows, vector};
use sparring::export::Weights;
use sparring::model::{Critic, Family, NetworkConfig};
use sparring::nn::dual::Dual;
use sparring::objective::Objective;
use sparring::optim::{Adam, AdamStep};
use sparring::penalty::{input_gradient, zero_centred};
use sparring::sample::Sampler;

fn fixture<T: DeserializeOwned>(name: &str) -> T {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).expect("the fixture is in the repository")).expect("the fixture has the documented fields")
}

/// A tensor in f64, the precision of all comparisons of gradients.
fn exact(numbers: &[f64]) -> Tensor<1> {
    Tensor::from_data(TensorData::new(numbers.to_vec(), [numbers.len()]), (&Device::flex(), DType::F64))
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    let data = pollster::block_on(tensor.into_data_async()).expect("the CPU gives its numbers");
    data.convert::<f64>().try_into_vec().expect("converted to f64")
}

/// Largest difference relative to the largest expected number.
fn difference(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1e-300f64, |scale, x| scale.max(x.abs()));
    let differences = found.iter().zip(expected).map(|(a, b)| (a - b).abs() / scale);
    differences.fold(0.0, |worst, d| if d > worst || d.is_nan() { d } else { worst })
}

#[derive(Deserialize)]
struct Objectives {
    real: Vec<f64>,
    fake: Vec<f64>,
    cases: Vec<ObjectiveCase>,
}

#[derive(Deserialize)]
struct ObjectiveCase {
    objective: Objective,
    critic_loss: f64,
    critic_grad_real: Vec<f64>,
    critic_grad_fake: Vec<f64>,
    generator_loss: f64,
    generator_grad_fake: Vec<f64>,
}

#[test]
fn losses_and_their_gradients_are_those_of_pytorch_even_at_logits_of_thirty() {
    let Objectives { real, fake, cases } = fixture("objectives.json");
    assert_eq!(cases.len(), 8, "one for each objective");
    for case in cases {
        let leaf = |x: &[f64]| exact(x).autodiff().require_grad();
        let (x, g) = (leaf(&real), leaf(&fake));
        let loss = case.objective.critic(x.clone(), g.clone());
        let gradients = loss.backward();
        let gradient = |t: &Tensor<1>| numbers(t.grad(&gradients).expect("the loss depends on it"));
        let found = numbers(loss.inner())[0];
        assert!((found / case.critic_loss - 1.0).abs() < 1e-12, "{:?}: {found} instead of {}", case.objective, case.critic_loss);
        assert!(difference(&gradient(&x), &case.critic_grad_real) < 1e-10, "{:?}", case.objective);
        assert!(difference(&gradient(&g), &case.critic_grad_fake) < 1e-10, "{:?}", case.objective);

        let g = leaf(&fake);
        let loss = case.objective.generator(case.objective.generator_needs_reals().then(|| exact(&real)), g.clone());
        let gradients = loss.backward();
        assert!(difference(&numbers(loss.inner()), &[case.generator_loss]) < 1e-12, "{:?}", case.objective);
        assert!(difference(&numbers(g.grad(&gradients).expect("depends on it")), &case.generator_grad_fake) < 1e-10);
    }
}

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
        let size = NetworkConfig { width: self.width, depth: self.depth };
        Critic::new(self.family, size, &self.input_shape[1..]).expect("the fixture's sizes are valid")
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
    let theta = exact(parameters);
    let batch = case.input_shape[0];
    let constants = critic.layout().constants(&theta);
    let penalty = zero_centred(input_gradient(|x| critic.forward(&constants, x), case.points()), case.gamma1, case.gamma2);
    let leaves = critic.layout().leaves(&theta);
    let logits = critic.forward(&leaves, Dual::with_tangent(case.points(), penalty.direction));
    let adversarial = objective.critic(logits.value.clone().slice(0..batch), logits.value.clone().slice(batch..2 * batch));
    let total = adversarial.clone() + logits.tangent.expect("a tangent went in").sum();
    let gradient = leaves.gradient(&mut total.backward());
    CriticLoss {
        logits: numbers(logits.value.inner()),
        adversarial: numbers(adversarial.inner())[0],
        r1: numbers(penalty.r1)[0],
        r2: numbers(penalty.r2)[0],
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
        let direction: Vec<f64> =
            (0..theta.len()).map(|i| ((i * 7919 % 1013) as f64 / 1013.0 - 0.5) / (theta.len() as f64).sqrt()).collect();
        let step = 1e-6;
        let at = |sign: f64| {
            let moved: Vec<f64> = theta.iter().zip(&direction).map(|(t, d)| t + sign * step * d).collect();
            let loss = critic_loss(&case, objective, &moved);
            loss.adversarial + loss.r1 + loss.r2
        };
        let slope = (at(1.0) - at(-1.0)) / (2.0 * step);
        let expected: f64 = gradient.iter().zip(&direction).map(|(g, d)| g * d).sum();
        assert!((slope - expected).abs() < 1e-6 * expected.abs().max(1e-3), "{}: {slope} against {expected}", case.name);
    }
}

#[derive(Deserialize)]
struct AdamFixture {
    lr: f64,
    start: Vec<f64>,
    gradients: Vec<Vec<f64>>,
    cases: Vec<AdamCase>,
}

#[derive(Deserialize)]
struct AdamCase {
    source: String,
    beta1: f64,
    beta2: Vec<f64>,
    positions: Vec<Vec<f64>>,
}

#[test]
fn adam_walks_where_pytorchs_adam_walks() {
    let AdamFixture { lr, start, gradients, cases } = fixture("adam.json");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let mut position = exact(&start);
        let mut adam = Adam::new(&position);
        for ((gradient, &beta2), expected) in gradients.iter().zip(&case.beta2).zip(&case.positions) {
            position = adam.step(position, exact(gradient), AdamStep { lr, beta1: case.beta1, beta2 });
            let worst = difference(&numbers(position.clone()), expected);
            assert!(worst < 1e-12, "{}: {worst:e}", case.source);
        }
    }
}

#[derive(Deserialize)]
struct GeneratorFixture {
    latents: Vec<f32>,
    images: Vec<f64>,
}

#[test]
fn exported_weights_make_the_same_images_here_and_in_pytorch() {
    let GeneratorFixture { latents, images } = fixture("generator.json");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/generator.safetensors");
    let weights = Weights::parse(&std::fs::read(file).expect("in the repository"), "generator.safetensors").expect("a whole export");
    assert_eq!(weights.images, 1234);
    let sampler = Sampler::new(&weights.config, &weights.vector, &Device::flex()).expect("the config is valid");
    let found = pollster::block_on(sampler.generate(&latents)).expect("the CPU generates");
    let worst = found.iter().zip(&images).map(|(&a, b)| (f64::from(a) - b).abs()).fold(0.0, f64::max);
    assert!(found.len() == images.len() && worst <= 1e-4, "{worst:e}");
}

#[test]
fn an_export_read_back_is_the_same_and_half_precision_is_close() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/generator.safetensors");
    let weights = Weights::parse(&std::fs::read(file).expect("in the repository"), "generator.safetensors").expect("a whole export");
    let whole = weights.to_bytes(false).expect("it can be written");
    assert_eq!(Weights::parse(&whole, "copy"), Ok(weights.clone()));
    let thirds = Weights { vector: weights.vector.iter().map(|w| w / 3.0).collect(), ..weights };
    let bytes = thirds.to_bytes(true).expect("it can be written");
    assert!(bytes.len() < whole.len() * 2 / 3);
    let half = Weights::parse(&bytes, "half").expect("a whole export");
    // 16-bit floats carry 11 bits, and fixed steps of 2⁻²⁴ near zero.
    let worst = half.vector.iter().zip(&thirds.vector).map(|(a, b)| (a - b).abs() / b.abs().max(1e-4)).fold(0.0, f32::max);
    assert!(worst > 0.0 && worst <= 1.0 / 2048.0, "{worst:e}");
}

#[test]
fn reading_gives_rows_in_order() {
    let tensor = rows(vec![1.0, 2.0, 3.0, 4.0], 2, &Device::flex());
    assert_eq!(pollster::block_on(read(tensor.transpose())), Ok(vec![1.0, 3.0, 2.0, 4.0]));
    assert_eq!(pollster::block_on(read(vector(vec![5.0], &Device::flex()))), Ok(vec![5.0]));
}
