//! The game as a whole: gradients of both players are slopes of their costs, and each step moves what it should.

use burn::tensor::{DType, Device, Tensor, TensorData};

use super::*;
use crate::config::{TrainConfig, set};
use crate::device::{one_hot, read, rows};
use crate::rng::{Purpose, Stream};
use crate::team::WHOLE;

const BATCH: usize = 8;

/// Small networks, the given changes.
fn config(changes: &str) -> TrainConfig {
    let small = "generator.width=16 generator.depth=2 critic.width=16 critic.depth=2 batch=8";
    let changes = small.split(' ').chain(changes.split_whitespace());
    let config = changes.fold(TrainConfig::default(), |config, change| set(&config, change).expect(change));
    config.validate().expect("a game that is allowed");
    config
}

/// Every kind of game that is played differently.
const GAMES: &[&str] = &[
    "",
    "objective=non_saturating r1=0 r2=0",
    "objective=lsgan real_label=0.9 r2=0",
    "objective=minimax r1=0 r2=0 generator.norm=batch critic.norm=batch",
    "objective=wgan r1=0 r2=0 gradient_penalty=wgan_gp gp_weight=0.5",
    "objective=hinge r1=0 r2=0.3 gradient_penalty=wgan_gp_one_sided gp_weight=0.5",
    "objective=kl_fgan gradient_penalty=dragan gp_weight=0.5",
    "objective=ragan critic.spectral_norm=true generator.spectral_norm=true generator.activation=elu",
    "critic.activation=tanh critic.norm=layer generator.norm=layer generator.activation=swish",
    "critic.norm=group generator.norm=virtual_batch",
    "minibatch=stddev",
    "minibatch=discrimination gradient_penalty=wgan_gp",
    "packing=2 instance_noise=0.1",
    "feature_matching=0.7 adversarial=0.5",
    "conditioning=join",
    "conditioning=projection gradient_penalty=wgan_gp",
];

/// Games whose costs have parts beside loss and penalties.
const MORE_GAMES: &[&str] = &[
    "conditioning=acgan",
    "conditioning=semi_supervised objective=non_saturating adversarial=0 feature_matching=1",
    "bottleneck=0.2 bottleneck_rate=0.1 objective=non_saturating",
    "orthogonal=0.01 historical_averaging=0.5",
    "play=simultaneous",
    "play=extragradient optimizer=optimistic_adam",
    "n_critic=3 optimizer=rmsprop weight_clip=0.05",
];

pub(super) fn wide<const D: usize>(tensor: Tensor<D>) -> Tensor<D> {
    tensor.cast(DType::F64)
}

fn critic_batch(config: &TrainConfig, salt: u64) -> CriticBatch {
    let device = Device::flex();
    let mut stream = Stream::new(salt, Purpose::Data);
    let mut draw = |width| rows(stream.normals(BATCH * width), width, &device);
    let classes = one_hot(&[0, 1, 2, 3, 4, 5, 6, 7], config.classes(), &device);
    let fake_classes = classes.clone().filter(|_| config.conditioning.tells_generator());
    let (reals, latents, labelled) = (draw(2), draw(config.latent_dim), draw(2));
    CriticBatch { reals, real_classes: classes.clone(), latents, fake_classes, labelled: classes.map(|classes| (labelled, classes)) }
}

fn generator_batch(config: &TrainConfig) -> GeneratorBatch {
    let CriticBatch { reals, real_classes, latents, fake_classes, .. } = critic_batch(config, 77);
    let reals = config.generator_needs_reals().then_some((reals, real_classes));
    GeneratorBatch { reals, latents, classes: fake_classes }
}

/// Calls with a turn in the middle of a run and its noise, which is the same each time.
fn with_turn<T>(config: &TrainConfig, call: impl FnOnce(Turn, &mut Noise) -> T) -> T {
    let (mut stream, device) = (Stream::new(1, Purpose::Noise), Device::flex());
    call(Turn { config, step: 3, images: 100_000, part: &WHOLE }, &mut Noise::new(&mut stream, &device))
}

/// The game in f64: parameters, state and batches.
fn exact(config: &TrainConfig) -> (Gan, CriticBatch, GeneratorBatch) {
    let mut gan = Gan::new(config, &Device::flex()).expect("a valid config");
    for player in [&mut gan.g, &mut gan.d] {
        // Away from zero, where biases begin and nothing would be tested.
        let vector = wide(player.numbers.vector.clone());
        let len = vector.dims()[0];
        let nudge: Vec<f64> = (0..len).map(|i| ((i * 7919 % 101) as f64 / 101.0 - 0.5) * 0.2).collect();
        player.numbers.vector = vector + doubles(&nudge);
        player.numbers.state = player.numbers.state.take().map(wide);
    }
    let (d, g) = (critic_batch(config, 5), generator_batch(config));
    let d = CriticBatch {
        reals: wide(d.reals),
        real_classes: d.real_classes.map(wide),
        latents: wide(d.latents),
        fake_classes: d.fake_classes.map(wide),
        labelled: d.labelled.map(|(samples, classes)| (wide(samples), wide(classes))),
    };
    let reals = g.reals.map(|(reals, classes)| (wide(reals), classes.map(wide)));
    (gan, d, GeneratorBatch { reals, latents: wide(g.latents), classes: g.classes.map(wide) })
}

pub(super) fn doubles(numbers: &[f64]) -> Tensor<1> {
    Tensor::from_data(TensorData::new(numbers.to_vec(), [numbers.len()]), (&Device::flex(), DType::F64))
}

pub(super) fn numbers(tensor: Tensor<1>) -> Vec<f64> {
    let data = pollster::block_on(tensor.into_data_async()).expect("the CPU gives its numbers");
    data.convert::<f64>().try_into_vec().expect("converted to f64")
}

fn bytes(vector: &Tensor<1>) -> Vec<u32> {
    pollster::block_on(read(vector.clone())).expect("the CPU gives its numbers").into_iter().map(f32::to_bits).collect()
}

/// Compares a gradient with the central difference of a cost along a direction that moves every parameter.
pub(super) fn assert_slope(what: &str, start: &Tensor<1>, gradient: Tensor<1>, cost: impl Fn(Tensor<1>) -> f64) {
    const STEP: f64 = 1e-6;
    let len = start.dims()[0];
    let direction: Vec<f64> = (0..len).map(|i| (i * 104_729 % 1_009) as f64 / 504.5 - 1.0).collect();
    let at = |sign: f64| cost(start.clone() + doubles(&direction) * (sign * STEP));
    let slope = (at(1.0) - at(-1.0)) / (2.0 * STEP);
    let found: f64 = numbers(gradient).iter().zip(&direction).map(|(g, d)| g * d).sum();
    assert!((found - slope).abs() < 2e-5 * slope.abs().max(1e-2), "{what}: {found} against {slope}");
}

#[test]
fn the_critics_gradient_is_the_slope_of_its_loss_and_penalties_in_every_game() {
    for changes in GAMES {
        let config = config(changes);
        let (gan, batch, _) = exact(&config);
        let step = |vector: Tensor<1>| {
            let mut gan = gan.clone();
            gan.d.numbers.vector = vector;
            // The power iteration belongs to the step, not to the cost: u and v are constants of the gradient.
            with_turn(&config, |turn, noise| gan.critic_gradient(turn, batch.clone(), noise))
        };
        if config.critic.spectral_norm {
            continue; // its gradient is compared with PyTorch's, where u and v stand still
        }
        let cost = |vector| {
            let stats = step(vector).stats;
            numbers(stats.loss + stats.r1 + stats.r2 + stats.slope)[0]
        };
        assert_slope(changes, &gan.d.numbers.vector, step(gan.d.numbers.vector.clone()).gradient, cost);
    }
}

#[test]
fn the_generators_gradient_is_the_slope_of_its_loss_in_every_game() {
    for changes in GAMES.iter().chain(&MORE_GAMES[..2]) {
        let config = config(changes);
        if config.generator.spectral_norm {
            continue;
        }
        let (gan, _, batch) = exact(&config);
        let step = |vector: Tensor<1>| {
            let mut gan = gan.clone();
            gan.g.numbers.vector = vector;
            with_turn(&config, |turn, noise| gan.generator_gradient(turn, batch.clone(), noise))
        };
        let gradient = step(gan.g.numbers.vector.clone()).gradient;
        assert_slope(changes, &gan.g.numbers.vector, gradient, |vector| numbers(step(vector).stats.loss)[0]);
    }
}

#[test]
fn each_players_step_moves_it_and_leaves_the_other_untouched() {
    for changes in GAMES.iter().chain(MORE_GAMES) {
        let config = config(changes);
        let mut gan = Gan::new(&config, &Device::flex()).expect("a valid config");
        let (g, d) = (bytes(&gan.g.numbers.vector), bytes(&gan.d.numbers.vector));
        let outcome = with_turn(&config, |turn, noise| gan.critic_gradient(turn, critic_batch(&config, 5), noise));
        with_turn(&config, |turn, _| gan.move_critic(turn, outcome.gradient, outcome.state));
        assert_eq!(bytes(&gan.g.numbers.vector), g, "{changes}: D's step");
        assert_ne!(bytes(&gan.d.numbers.vector), d, "{changes}: D's step");

        let d = bytes(&gan.d.numbers.vector);
        let outcome = with_turn(&config, |turn, noise| gan.generator_gradient(turn, generator_batch(&config), noise));
        with_turn(&config, |turn, _| gan.move_generator(turn, outcome.gradient, outcome.state));
        assert_ne!(bytes(&gan.g.numbers.vector), g, "{changes}: G's step");
        assert_eq!(bytes(&gan.d.numbers.vector), d, "{changes}: G's step");
    }
}

#[test]
fn players_move_in_the_order_of_play() {
    let moved = |changes: &str| {
        let config = config(&format!("{changes} optimizer=sgd lr=0.01 ema=0 r1=0 r2=0"));
        let mut gan = Gan::new(&config, &Device::flex()).expect("a valid config");
        let before = gan.clone();
        with_turn(&config, |turn, noise| gan.step(turn, vec![critic_batch(&config, 5)], generator_batch(&config), noise));
        (config, before, gan)
    };
    // Simultaneous: G moves by its gradient against the D of before; alternating: against the D of after.
    for (play, against_new_d) in [("alternating", true), ("simultaneous", false)] {
        let (config, before, after) = moved(&format!("play={play}"));
        let judge = if against_new_d { &after } else { &before };
        let place = Gan { d: judge.d.clone(), ..before.clone() };
        let gradient = with_turn(&config, |turn, noise| place.generator_gradient(turn, generator_batch(&config), noise)).gradient;
        assert_eq!(bytes(&after.g.numbers.vector), bytes(&(before.g.numbers.vector.clone() - gradient * 0.01)), "{play}");
    }
    // Extragradient: D moves from where it was, by its gradient against the G that tried a step.
    let (config, before, after) = moved("play=extragradient");
    let (_, _, tried) = moved("play=simultaneous");
    let gradient = with_turn(&config, |turn, noise| tried.critic_gradient(turn, critic_batch(&config, 5), noise)).gradient;
    assert_eq!(bytes(&after.d.numbers.vector), bytes(&(before.d.numbers.vector.clone() - gradient * 0.01)));
}

#[test]
fn clipped_weights_stay_in_their_box_and_several_critic_steps_all_count() {
    let config = config("n_critic=3 weight_clip=0.05 objective=wgan r1=0 r2=0");
    let mut gan = Gan::new(&config, &Device::flex()).expect("a valid config");
    let batches: Vec<CriticBatch> = (0..3).map(|salt| critic_batch(&config, salt)).collect();
    let mut by_hand = gan.clone();
    let (mut stream, device) = (Stream::new(1, Purpose::Noise), Device::flex());
    let mut noise = Noise::new(&mut stream, &device);
    let turn = Turn { config: &config, step: 0, images: 0, part: &WHOLE };
    for batch in batches.clone() {
        let outcome = by_hand.critic_gradient(turn, batch, &mut noise);
        by_hand.move_critic(turn, outcome.gradient, outcome.state);
    }
    with_turn(&config, |_, noise| gan.step(turn, batches, generator_batch(&config), noise));
    assert_eq!(bytes(&gan.d.numbers.vector), bytes(&by_hand.d.numbers.vector));
    assert!(numbers(gan.d.numbers.vector).iter().all(|w| w.abs() <= 0.050_000_1));
}

#[test]
fn historical_averaging_pulls_towards_the_mean_of_all_past_parameters() {
    let config = config("historical_averaging=0.5 optimizer=sgd lr=0.1");
    let mut player = Player::new(crate::nn::params::Numbers::from(doubles(&[1.0, 2.0])), &config);
    let rates = config.rates(0);
    let (mut theta, mut past) = (vec![1.0, 2.0], vec![vec![1.0, 2.0]]);
    for step in 0..4 {
        let gradient = [0.5 - step as f64, 1.0];
        player.learn(doubles(&gradient), rates, 0.5);
        player.remember(step);
        for i in 0..2 {
            let mean = past.iter().map(|p| p[i]).sum::<f64>() / past.len() as f64;
            theta[i] -= 0.1 * (gradient[i] + 2.0 * 0.5 * (theta[i] - mean));
        }
        past.push(theta.clone());
        let found = numbers(player.numbers.vector.clone());
        assert!(found.iter().zip(&theta).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?} instead of {theta:?}");
    }
}

#[test]
fn packs_lay_samples_beside_each_other_and_a_look_packs_each_point_with_itself() {
    let config = config("packing=2");
    let (_, critic) = networks(&config).expect("a valid config");
    let packed = critic.pack(rows((0..8).map(|x| x as f32).collect(), 2, &Device::flex()));
    assert_eq!(packed.dims(), [2, 4]);
    assert_eq!(pollster::block_on(read(packed)), Ok((0..8).map(|x| x as f32).collect()));
    let gan = Gan::new(&config, &Device::flex()).expect("a valid config");
    assert_eq!(gan.judge(rows(vec![0.5; 6], 2, &Device::flex()), None).dims(), [3]);
}

#[test]
fn the_moving_average_halves_its_distance_in_a_half_life() {
    let mut config = config("batch=250 ema=0.5 lr=0");
    config.batch = 250;
    let mut gan = Gan::new(&config, &Device::flex()).expect("a valid config");
    let start = numbers(gan.ema.clone());
    gan.g.numbers.vector = gan.g.numbers.vector.clone() + 1.0;
    for _ in 0..2 {
        with_turn(&config, |turn, _| gan.average(turn));
    }
    let moved = numbers(gan.ema.clone());
    assert!(start.iter().zip(&moved).all(|(a, b)| (b - a - 0.5).abs() < 1e-6), "500 images at a half-life of 500");
}

#[test]
fn every_saved_vector_has_the_name_and_length_that_a_checkpoint_expects() {
    for changes in GAMES.iter().chain(MORE_GAMES) {
        let config = config(changes);
        let gan = Gan::new(&config, &Device::flex()).expect("a valid config");
        let found: Vec<usize> = gan.g.tensors().into_iter().chain(gan.d.tensors()).chain([gan.ema.clone()]).map(|t| t.dims()[0]).collect();
        let expected: Vec<usize> = saved_lengths(&config).expect("a valid config").into_iter().map(|(_, len)| len).collect();
        assert_eq!(found, expected, "{changes}");
    }
}
