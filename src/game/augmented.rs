//! Games in which D sees changed images: gradients and penalties are still slopes, now of D∘T.

use burn::tensor::{Device, Tensor};

use super::tests::{assert_slope, doubles, numbers, wide};
use super::*;
use crate::augment::Augmenter;
use crate::config::{TrainConfig, set};
use crate::device::rows;
use crate::rng::{Purpose, Stream};
use crate::team::WHOLE;

const BATCH: usize = 4;
const FEATURES: usize = 64;

/// Small networks on images of 8x8, changed with certainty.
fn config(changes: &str) -> TrainConfig {
    let small = "data=shapes image.resolution=8 generator.width=8 generator.depth=1 critic.width=8 critic.depth=2 critic.activation=tanh batch=4 augment.p=1";
    let changes = small.split(' ').chain(changes.split_whitespace());
    let config = changes.fold(TrainConfig::default(), |config, change| set(&config, change).expect(change));
    config.validate().expect("a game that is allowed");
    config
}

const GAMES: &[&str] = &[
    "augment.method=scheduled",
    "augment.method=diff_augment",
    "augment.method=scheduled objective=hinge r1=0 gradient_penalty=wgan_gp gp_weight=0.5",
    "augment.method=diff_augment packing=2 minibatch=stddev batch=8 instance_noise=0.1",
    "augment.method=scheduled family=dcgan generator.activation=tanh",
];

fn draw(width: usize, rows_of: usize, salt: u64) -> Tensor<2> {
    wide(rows(Stream::new(salt, Purpose::Data).normals(rows_of * width), width, &Device::flex()))
}

fn exact(config: &TrainConfig) -> Gan {
    let mut gan = Gan::new(config, &Device::flex()).expect("a valid config");
    for player in [&mut gan.g, &mut gan.d] {
        let vector = wide(player.numbers.vector.clone());
        let nudge: Vec<f64> = (0..vector.dims()[0]).map(|i| ((i * 7919 % 101) as f64 / 101.0 - 0.5) * 0.2).collect();
        player.numbers.vector = vector + doubles(&nudge);
    }
    gan
}

/// The same noise and the same changes of images at every call.
fn with_turn<T>(config: &TrainConfig, call: impl FnOnce(Turn, &mut Noise) -> T) -> T {
    let (mut stream, device) = (Stream::new(1, Purpose::Noise), Device::flex());
    let mut augmenter = Augmenter::new(config.augment, &config.sample_shape(), 1).expect("images are changed");
    augmenter.begin(0);
    call(
        Turn { config, step: 3, images: 100_000, part: &WHOLE },
        &mut Noise::new(&mut stream, &device).with_augmenter(Some(&mut augmenter)),
    )
}

fn critic_batch(config: &TrainConfig, reals: Tensor<2>) -> CriticBatch {
    let latents = draw(config.latent_dim, config.batch, 6);
    CriticBatch { reals, real_classes: None, latents, fake_classes: None, labelled: None }
}

#[test]
fn gradients_of_both_players_are_slopes_through_the_changes() {
    for changes in GAMES {
        let config = config(changes);
        let gan = exact(&config);
        let reals = draw(FEATURES, config.batch, 5);
        let d_step = |vector: Tensor<1>| {
            let mut gan = gan.clone();
            gan.d.numbers.vector = vector;
            with_turn(&config, |turn, noise| gan.critic_gradient(turn, critic_batch(&config, reals.clone()), noise))
        };
        let cost = |vector| {
            let stats = d_step(vector).stats;
            numbers(stats.loss + stats.r1 + stats.r2 + stats.slope)[0]
        };
        let d = gan.d.numbers.vector.clone();
        assert_slope(changes, &d, d_step(d.clone()).gradient, cost);

        let g_step = |vector: Tensor<1>| {
            let mut gan = gan.clone();
            gan.g.numbers.vector = vector;
            let batch =
                GeneratorBatch { reals: Some((reals.clone(), None)), latents: draw(config.latent_dim, config.batch, 8), classes: None };
            with_turn(&config, |turn, noise| gan.generator_gradient(turn, batch, noise))
        };
        let g = gan.g.numbers.vector.clone();
        assert_slope(changes, &g, g_step(g.clone()).gradient, |vector| numbers(g_step(vector).stats.loss)[0]);
    }
}

#[test]
fn r1_is_that_of_d_after_the_changes_by_finite_differences() {
    const STEP: f64 = 1e-5;
    for changes in &GAMES[..2] {
        let config = config(&format!("{changes} r1=0.7 r2=0"));
        let gan = exact(&config);
        let reals = draw(FEATURES, BATCH, 5);
        let step =
            |reals: Tensor<2>| with_turn(&config, |turn, noise| gan.critic_gradient(turn, critic_batch(&config, reals), noise).stats);
        // E D(T(x)) of the batch, one number of one image moved at a time.
        let start = numbers(reals.clone().reshape([BATCH * FEATURES]));
        let at = |place: usize, sign: f64| {
            let mut moved = start.clone();
            moved[place] += sign * STEP;
            numbers(step(doubles(&moved).reshape([BATCH, FEATURES])).real)[0]
        };
        let slope = |place| (at(place, 1.0) - at(place, -1.0)) / (2.0 * STEP) * BATCH as f64;
        let expected = 0.35 / BATCH as f64 * (0..BATCH * FEATURES).map(|place| f64::powi(slope(place), 2)).sum::<f64>();
        let found = numbers(step(reals).r1)[0];
        assert!((found - expected).abs() < 1e-6 * expected && expected > 1e-4, "{changes}: {found} against {expected}");
    }
}

#[test]
fn d_of_a_step_sees_other_images_than_were_given_and_a_look_sees_them_as_they_are() {
    let config = config(GAMES[0]);
    let gan = exact(&config);
    let reals = draw(FEATURES, BATCH, 5);
    let of_step =
        numbers(with_turn(&config, |turn, noise| gan.critic_gradient(turn, critic_batch(&config, reals.clone()), noise)).stats.real);
    let plain = set(&config, "augment.method=none").expect("a setting");
    let (mut stream, device) = (Stream::new(1, Purpose::Noise), Device::flex());
    let turn = Turn { config: &plain, step: 3, images: 100_000, part: &WHOLE };
    let of_plain =
        numbers(gan.critic_gradient(turn, critic_batch(&plain, reals.clone()), &mut Noise::new(&mut stream, &device)).stats.real);
    let looked = numbers(gan.judge(reals, None).mean());
    assert!((looked[0] - of_plain[0]).abs() < 1e-12 && (looked[0] - of_step[0]).abs() > 1e-6, "{looked:?} {of_plain:?} {of_step:?}");
}
