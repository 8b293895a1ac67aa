//! How the cost of an image game grows with the resolution: JSON lines of the side and of images a second.
//!
//! `cargo run --release --example growth`: the small R3GAN family, G of width 16 and D of width 8, batch 32, RpGAN with R1 and R2, random images.

use std::time::{Duration, Instant};

use sparring::kernel::{Adam, Game, Player, Settings};
use sparring::model::{Critic, CriticPlan, Family, Generator, GeneratorPlan, NetworkConfig};
use sparring::nn::params::Layout;
use sparring::objective::Objective;
use sparring::optim::{Decay, Rates};
use sparring::penalty::Rule;
use sparring::rng::{Purpose, Stream};

const SIDES: [usize; 5] = [16, 28, 32, 64, 128];
const BATCH: usize = 32;
const LATENT_DIM: usize = 32;
const MEASURED: Duration = Duration::from_secs(2);

fn main() {
    for side in SIDES {
        println!("{}", serde_json::json!({ "side": side, "images_per_second": images_per_second(side) }));
    }
}

fn images_per_second(side: usize) -> f64 {
    let shape = [1, side, side];
    let (size, critic) = (NetworkConfig::plain(16, 1), NetworkConfig::plain(8, 1));
    let generator = Generator::new(GeneratorPlan { family: Family::R3gan, size, latent_dim: LATENT_DIM, classes: 0, shape: &shape });
    let (generator, critic) = (
        generator.expect("a size of this family"),
        Critic::new(CriticPlan::plain(Family::R3gan, critic, &shape)).expect("a size of this family"),
    );
    let mut stream = Stream::new(1, Purpose::Evaluation);
    let mut player = |layout: &Layout| {
        let (vector, _) = layout.init(&mut stream);
        let moments = vec![0.0; vector.len()];
        Player { vector, adam: Adam { first: moments.clone(), second: moments, decay: Decay::START } }
    };
    let (g, d) = (player(generator.layout()), player(critic.layout()));
    let plans = [generator.plan(), critic.plan()].map(|plan| plan.expect("this family has a plan"));
    let ema = g.vector.clone();
    let mut game = Game::new(&plans[0], &plans[1], BATCH, g, d, ema);
    let rates = Rates { lr: 1e-4, beta1: 0.0, beta2: 0.9, weight_decay: 0.0 };
    let gamma = Some(Rule::ZeroCentred { gamma: 0.1 });
    let rules = [gamma, gamma, None];
    let settings = Settings::plain(Objective::Rpgan, rules, rates);
    let (reals, latents) = (stream.normals(BATCH * side * side), stream.normals(BATCH * LATENT_DIM));
    let mut step = || {
        game.critic_step(&settings, &reals, &latents, None, |_| ());
        game.generator_step(&settings, &reals, &latents, |_| ());
    };
    step(); // makes the room
    let (begin, mut steps) = (Instant::now(), 0);
    while begin.elapsed() < MEASURED {
        step();
        steps += 1;
    }
    f64::from(steps) * BATCH as f64 / begin.elapsed().as_secs_f64()
}
