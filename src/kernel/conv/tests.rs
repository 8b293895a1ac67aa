//! The gradients of a small convolutional game are slopes, in double precision; its values agree with sums written out.

use super::example::{Builder, critic, generator};
use super::*;
use crate::kernel::loops::{LANES, load};
use crate::kernel::network::Order;
use crate::kernel::{Adam, Beside, Game, Plan, Player, Settings};
use crate::objective::Objective;
use crate::optim::{Decay, Rates};
use crate::penalty::Rule;
use crate::rng::{Purpose, Stream};

/// More than a block and no multiple of one.
const ROWS: usize = 35;

fn normals(count: usize, scale: f64, stream: &mut Stream) -> Vec<f64> {
    (0..count).map(|_| scale * stream.normal()).collect()
}

struct Case {
    game: Game<f64>,
    settings: Settings,
    reals: Vec<f64>,
    latents: Vec<f64>,
    shares: Vec<f64>,
}

impl Case {
    fn new(rules: [Option<Rule>; 3]) -> Self {
        let mut stream = Stream::new(4, Purpose::Noise);
        let mut player = |plan: &ConvPlan| {
            let vector = normals(plan.parameters(), 0.25, &mut stream);
            Player { adam: Adam { first: vec![0.0; vector.len()], second: vec![0.0; vector.len()], decay: Decay::START }, vector }
        };
        let (g, d) = (player(&generator()), player(&critic()));
        let ema = g.vector.clone();
        let (reals, latents) = (normals(32 * ROWS, 1.0, &mut stream), normals(3 * ROWS, 1.0, &mut stream));
        let shares = (0..ROWS).map(|_| stream.uniform()).collect();
        let rates = Rates { lr: 0.01, beta1: 0.5, beta2: 0.9, weight_decay: 0.0 };
        let settings = Settings::plain(Objective::Rpgan, rules, rates);
        let game = Game::new(&Plan::Conv(generator()), &Plan::Conv(critic()), ROWS, g, d, ema);
        Self { game, settings, reals, latents, shares }
    }

    fn critic(&mut self) -> f64 {
        let beside = self.settings.rules[2].map(|_| Beside::Between(&self.shares[..]));
        let stats = self.game.critic_gradient(&self.settings, &self.reals, &self.latents, beside, |_| ());
        stats.loss + stats.penalties.iter().sum::<f64>()
    }

    fn generator(&mut self) -> f64 {
        self.game.generator_gradient(&self.settings, &self.reals, &self.latents, |_| ()).loss
    }

    /// `found` against the loss's differences: along directions that mix all parameters, and along some parameters of every layer alone.
    fn are_slopes(&mut self, found: &[f64], vector: fn(&mut Game<f64>) -> &mut Vec<f64>, loss: fn(&mut Self) -> f64, plan: &ConvPlan) {
        let mut stream = Stream::new(9, Purpose::Noise);
        let mixed = (0..3).map(|_| normals(found.len(), (found.len() as f64).powf(-0.5), &mut stream));
        let places = plan.layers.iter().flat_map(|layer| {
            let map = match &layer.map {
                plan::Map::Pointwise(at) | plan::Map::Grouped(at) | plan::Map::Spread(at) | plan::Map::Gather(at) => at.clone(),
                plan::Map::Up | plan::Map::Down => 0..0,
            };
            [map, layer.bias.clone().unwrap_or_default()]
        });
        let single = places
            .filter(|place| !place.is_empty())
            .flat_map(|place| [place.start, usize::midpoint(place.start, place.end), place.end - 1]);
        let single = single.map(|i| (0..found.len()).map(|k| f64::from(u8::from(k == i))).collect());
        for direction in mixed.chain(single.collect::<Vec<Vec<f64>>>()) {
            let start = vector(&mut self.game).clone();
            let mut at = |shift: f64| {
                *vector(&mut self.game) = start.iter().zip(&direction).map(|(w, d)| w + shift * d).collect();
                let value = loss(self);
                vector(&mut self.game).clone_from(&start);
                value
            };
            let slope = (at(1e-7) - at(-1e-7)) / 2e-7;
            let along: f64 = found.iter().zip(&direction).map(|(g, d)| g * d).sum();
            assert!((slope - along).abs() < 1e-5 * slope.abs().max(0.1), "{along} where the slope is {slope}");
        }
    }
}

#[test]
fn the_gradient_of_the_critics_loss_is_its_slope() {
    let zero = |gamma| Some(Rule::ZeroCentred { gamma });
    let unit = Some(Rule::UnitSlope { lambda: 0.7, one_sided: false });
    for rules in [[None, None, None], [zero(0.8), zero(0.3), None], [None, zero(0.3), None], [zero(0.5), None, unit]] {
        let mut case = Case::new(rules);
        case.critic();
        let found = case.game.last_critic_gradient().to_vec();
        case.are_slopes(&found, |game| &mut game.d.vector, Case::critic, &critic());
    }
}

#[test]
fn the_gradient_of_the_generators_loss_is_its_slope() {
    let mut case = Case::new([None; 3]);
    case.generator();
    let found = case.game.last_generator_gradient().to_vec();
    case.are_slopes(&found, |game| &mut game.g.vector, Case::generator, &generator());
}

#[test]
fn a_grouped_convolution_sums_what_its_formula_says() {
    let mut net = Builder::new(Shape::point(1));
    net.plan = ConvPlan::new(Shape::hidden(32, 3), 0);
    let weight = net.next(32 * 16 * 9);
    net.plan.shapes.push(Shape::hidden(32, 3));
    net.plan.layers.push(plan::Layer { map: plan::Map::Grouped(weight), bias: None, plus: None });
    let plan = net.finish();
    let mut stream = Stream::new(1, Purpose::Noise);
    let (vector, image) = (normals(plan.parameters(), 1.0, &mut stream), normals(32 * 9, 1.0, &mut stream));
    let mut network = ConvNetwork::new(plan);
    network.make_room(1, false);
    network.pack(&vector);
    // The level has its channels in groups of 16 beside each other.
    let shuffled: Vec<f64> = (0..2 * 9 * 16).map(|k| image[(k / 144 * 16 + k % 16) * 9 + k / 16 % 9]).collect();
    load(&shuffled, 32 * 9, network.ends().input);
    network.pass(0..1, Pass::Forward(Order::First));
    let output = &network.ends().output;
    for (o, y, x) in (0..32).flat_map(|o| (0..3).flat_map(move |y| (0..3).map(move |x| (o, y, x)))) {
        let mut expected = 0.0;
        for (i, dy, dx) in (0..16).flat_map(|i| (0..3).flat_map(move |dy| (0..3).map(move |dx| (i, dy, dx)))) {
            let (yy, xx) = (y + dy, x + dx);
            if (1..4).contains(&yy) && (1..4).contains(&xx) {
                expected += vector[((o * 16 + i) * 3 + dy) * 3 + dx] * image[(o / 16 * 16 + i) * 9 + (yy - 1) * 3 + xx - 1];
            }
        }
        let found = output[(o / 16 * 9 + y * 3 + x) * 16 + o % 16];
        assert!((found[0] - expected).abs() < 1e-12 && found[1..] == [0.0; LANES - 1], "{o} {y} {x}: {} and {expected}", found[0]);
    }
}

#[test]
fn the_number_of_cores_changes_no_bit() {
    let zero = Some(Rule::ZeroCentred { gamma: 0.8 });
    let gradients = [1, 3].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be made");
        pool.install(|| {
            let mut case = Case::new([zero, zero, None]);
            let losses = [case.critic().to_bits(), case.generator().to_bits()];
            (losses, case.game.last_critic_gradient().to_vec(), case.game.last_generator_gradient().to_vec())
        })
    });
    assert!(gradients[0] == gradients[1]);
}
