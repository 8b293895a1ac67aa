//! One step of the game: D learns to tell real from fake, then G learns to fool D.
//!
//! The same numbers as `game`, in passes of `network`. D has room for three sets of samples, each padded to whole blocks: reals, fakes, and where there is a penalty beside
//! the data its points.

use std::ops::Range;

use super::adam::{Adam, move_average};
use super::loops::{LANES, Lane, blocks_of, load, tree};
use super::loss::{self, mean};
use super::network::{Ends, Network, Of, Order, Pass, Until};
use super::penalty::penalise;
use super::plan::Plan;
use super::real::Real;
use crate::objective::Objective;
use crate::optim::{Learners, Rates};
use crate::penalty::Rule;

/// The plain numbers of one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// What the networks play for.
    pub objective: Objective,
    /// D's target on reals.
    pub real_label: f64,
    /// The penalties on D's slope at reals, at fakes, and beside the data.
    pub rules: [Option<Rule>; 3],
    /// G's optimiser.
    pub generator: Rates,
    /// D's optimiser.
    pub critic: Rates,
    /// D's weights are clipped to ± this; 0 leaves them.
    pub weight_clip: f64,
    /// Who learns.
    pub learn: Learners,
}

impl Settings {
    /// Both players learn at the same rates; labels are not smoothed and weights not clipped.
    pub fn plain(objective: Objective, rules: [Option<Rule>; 3], rates: Rates) -> Self {
        Self { objective, real_label: 1.0, rules, generator: rates, critic: rates, weight_clip: 0.0, learn: Learners::Both }
    }

    /// Blocks of D's sets from the first with a rule to the last; a set has `half`.
    pub fn penalised(&self, half: usize) -> Range<usize> {
        let first = self.rules.iter().position(Option::is_some).unwrap_or(0);
        let end = self.rules.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        first * half..end * half
    }

    /// Blocks of reals and fakes that have no penalty.
    pub fn others(&self, half: usize) -> Range<usize> {
        let penalised = self.penalised(half);
        if penalised.is_empty() || penalised.start >= 2 * half {
            0..2 * half
        } else if penalised.start > 0 {
            0..penalised.start
        } else {
            penalised.end.min(2 * half)..2 * half
        }
    }
}

/// Where the third set of points lies; numbers are uniform in [0, 1).
#[derive(Debug, Clone, Copy)]
pub enum Beside<'a, T> {
    /// x̂ = g + ε(x − g), ε one for each row.
    Between(&'a [T]),
    /// x + αδ, δ = ½·std(X)·u: u for each number of a row, α one for each row.
    Around(&'a [T], &'a [T]),
}

/// What D's half of a step measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CriticStats<T> {
    /// D's loss, without penalties.
    pub loss: T,
    /// The penalties at reals, at fakes, and beside the data.
    pub penalties: [T; 3],
    /// E D(x).
    pub real: T,
    /// E D(g).
    pub fake: T,
    /// [`Objective::accuracy`].
    pub accuracy: T,
    /// ‖∂L_D/∂θ_D‖ over all of D's parameters, penalties included.
    pub norm: T,
}

/// What G's half of a step measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeneratorStats<T> {
    /// G's loss.
    pub loss: T,
    /// ‖∂L_G/∂θ_G‖ over all of G's parameters.
    pub norm: T,
}

/// One network's state.
#[derive(Debug, Clone, PartialEq)]
pub struct Player<T> {
    /// All parameters.
    pub vector: Vec<T>,
    /// Its optimiser.
    pub adam: Adam<T>,
}

/// What has been made of a game: reports and state.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome<T> {
    /// The numbers of every step since the last time somebody asked.
    pub stats: Vec<T>,
    /// G.
    pub g: Player<T>,
    /// D.
    pub d: Player<T>,
    /// The moving average of G's vector.
    pub ema: Vec<T>,
}

/// Two networks, their state, and the room in which they are trained.
#[derive(Debug)]
pub struct Game<T: Real> {
    /// G.
    pub g: Player<T>,
    /// D.
    pub d: Player<T>,
    /// The moving average of G's vector.
    pub ema: Vec<T>,
    generator: Box<dyn Network<T>>,
    critic: Box<dyn Network<T>>,
    rows: usize,
    g_gradient: Vec<T>,
    d_gradient: Vec<T>,
}

impl<T: Real> Game<T> {
    /// A game on batches of `rows` samples, from the players' state and G's moving average.
    ///
    /// # Panics
    /// Where a vector is not of its network's length, G's outputs are not D's inputs, D has more than one output, or `rows` is 0.
    pub fn new(generator: &Plan, critic: &Plan, rows: usize, g: Player<T>, d: Player<T>, ema: Vec<T>) -> Self {
        let (mut generator, mut critic) = (generator.network(), critic.network());
        assert_eq!((g.vector.len(), d.vector.len()), (generator.parameters(), critic.parameters()), "vectors of the networks' lengths");
        assert_eq!((generator.outputs(), critic.outputs()), (critic.inputs(), 1), "D judges what G makes with one logit");
        assert!(rows > 0, "a batch has a sample");
        generator.make_room(blocks_of(rows), false);
        critic.make_room(2 * blocks_of(rows), false);
        let [g_gradient, d_gradient] = [&g, &d].map(|player| vec![T::ZERO; player.vector.len()]);
        Self { g, d, ema, generator, critic, rows, g_gradient, d_gradient }
    }

    /// Samples of a batch.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// D moves, if it learns: `reals` are `[rows, features]`, `latents` `[rows, latent_dim]`; `beside` is needed where the third rule is set.
    /// `share` may replace the gradient before it is measured and moved by, as by the mean of several processes.
    pub fn critic_step(
        &mut self,
        settings: &Settings,
        reals: &[T],
        latents: &[T],
        beside: Option<Beside<T>>,
        share: impl FnOnce(&mut [T]),
    ) -> CriticStats<T> {
        let stats = self.critic_gradient(settings, reals, latents, beside, share);
        if !settings.learn.critic() {
            return stats;
        }
        self.d.adam.step(&mut self.d.vector, &self.d_gradient, settings.critic);
        if settings.weight_clip > 0.0 {
            let (low, high) = (T::of(-settings.weight_clip), T::of(settings.weight_clip));
            for weight in &mut self.d.vector {
                *weight = if *weight < low {
                    low
                } else if *weight > high {
                    high
                } else {
                    *weight
                };
            }
        }
        stats
    }

    /// G moves, if it learns; `reals` are read only where the objective compares with them.
    pub fn generator_step(&mut self, settings: &Settings, reals: &[T], latents: &[T], share: impl FnOnce(&mut [T])) -> GeneratorStats<T> {
        let stats = self.generator_gradient(settings, reals, latents, share);
        if settings.learn.generator() {
            self.g.adam.step(&mut self.g.vector, &self.g_gradient, settings.generator);
        }
        stats
    }

    /// ema ← β·ema + (1 − β)·θ.
    pub fn average(&mut self, beta: f64) {
        move_average(&mut self.ema, &self.g.vector, beta);
    }

    /// The gradient of D's loss plus the penalties, as the vector of D's parameters, and what `share` makes of it.
    pub fn critic_gradient(
        &mut self,
        settings: &Settings,
        reals: &[T],
        latents: &[T],
        beside: Option<Beside<T>>,
        share: impl FnOnce(&mut [T]),
    ) -> CriticStats<T> {
        let Self { g, d, generator, critic, rows, d_gradient, .. } = self;
        let (half, rows, features) = (blocks_of(*rows), *rows, critic.inputs());
        assert_eq!((reals.len(), latents.len()), (rows * features, rows * generator.inputs()), "D's batch");
        let penalised = settings.penalised(half);
        let others = settings.others(half);
        critic.make_room(penalised.end.max(2 * half), !penalised.is_empty());
        generator.pack(&g.vector);
        make_fakes(&mut **generator, latents, half);
        let input = critic.ends().input;
        load(reals, features, &mut input[..half * features]);
        input[half * features..2 * half * features].copy_from_slice(&generator.ends().output[..half * features]);
        if let Some(beside) = beside {
            place(beside, input, reals, rows, features);
        }

        critic.pack(&d.vector);
        critic.pass(others.clone(), Pass::Forward(Order::First));
        let mut penalties = [T::ZERO; 3];
        if !penalised.is_empty() {
            critic.pass(penalised.clone(), Pass::Forward(Order::Second));
            penalties = slopes(&mut **critic, settings, rows, penalised.clone());
        }

        let Ends { output, output_adjoint, .. } = critic.ends();
        let (real, fake) = (&output[..half], &output[half..2 * half]);
        let (d_real, d_rest) = output_adjoint.split_at_mut(half);
        let (d_fake, d_beside) = d_rest.split_at_mut(half);
        let loss = loss::critic(settings.objective, settings.real_label, real, fake, rows, d_real, d_fake);
        d_beside.fill([T::ZERO; LANES]); // its logits have no part in the loss
        let (real, fake, accuracy) = (mean(real, rows), mean(fake, rows), loss::accuracy(settings.objective, real, fake, rows));

        d_gradient.fill(T::ZERO);
        if !others.is_empty() {
            critic.pass(others.clone(), Pass::Backward(Of::Value, Until::Parameters));
            critic.pass(others, Pass::Gradient(d_gradient));
        }
        if !penalised.is_empty() {
            critic.pass(penalised, Pass::GradientWithTangent(d_gradient));
        }
        share(d_gradient);
        CriticStats { loss, penalties, real, fake, accuracy, norm: norm(d_gradient) }
    }

    /// The gradient of G's loss against the D of this moment.
    pub fn generator_gradient(
        &mut self,
        settings: &Settings,
        reals: &[T],
        latents: &[T],
        share: impl FnOnce(&mut [T]),
    ) -> GeneratorStats<T> {
        let Self { g, d, generator, critic, rows, g_gradient, .. } = self;
        let (half, rows, features) = (blocks_of(*rows), *rows, critic.inputs());
        assert_eq!(latents.len(), rows * generator.inputs(), "G's batch");
        generator.pack(&g.vector);
        make_fakes(&mut **generator, latents, half);
        let fakes = half * features..2 * half * features;
        let input = critic.ends().input;
        input[fakes.clone()].copy_from_slice(&generator.ends().output[..half * features]);
        let compares = settings.objective.generator_needs_reals();
        if compares {
            assert_eq!(reals.len(), rows * features, "this objective compares with reals in G's step too");
            load(reals, features, &mut input[..half * features]);
        }
        critic.pack(&d.vector);
        critic.pass(if compares { 0..2 * half } else { half..2 * half }, Pass::Forward(Order::First));

        let Ends { output, output_adjoint, .. } = critic.ends();
        let (d_real, d_rest) = output_adjoint.split_at_mut(half);
        let loss = loss::generator(settings.objective, &output[..half], &output[half..2 * half], rows, d_real, &mut d_rest[..half]);
        critic.pass(half..2 * half, Pass::Backward(Of::Value, Until::Input));

        generator.ends().output_adjoint[..half * features].copy_from_slice(&critic.ends().input_adjoint[fakes]);
        generator.pass(0..half, Pass::Backward(Of::Value, Until::Parameters));
        g_gradient.fill(T::ZERO);
        generator.pass(0..half, Pass::Gradient(g_gradient));
        share(g_gradient);
        GeneratorStats { loss, norm: norm(g_gradient) }
    }

    /// What the last call of [`Self::critic_gradient`] found.
    pub fn last_critic_gradient(&self) -> &[T] {
        &self.d_gradient
    }

    /// What the last call of [`Self::generator_gradient`] found.
    pub fn last_generator_gradient(&self) -> &[T] {
        &self.g_gradient
    }
}

fn make_fakes<T: Real>(generator: &mut dyn Network<T>, latents: &[T], blocks: usize) {
    let inputs = generator.inputs();
    load(latents, inputs, &mut generator.ends().input[..blocks * inputs]);
    generator.pass(0..blocks, Pass::Forward(Order::First));
}

/// The penalties, and D's tangents along their directions, whose adjoints are those of the pass that gave ∇ₓD.
fn slopes<T: Real>(critic: &mut dyn Network<T>, settings: &Settings, rows: usize, blocks: Range<usize>) -> [T; 3] {
    let (half, features) = (blocks_of(rows), critic.inputs());
    critic.ends().output_tangent_adjoint[blocks.clone()].fill([T::ONE; LANES]);
    critic.pass(blocks.clone(), Pass::Backward(Of::Tangent, Until::Input));
    let Ends { input_tangent, input_tangent_adjoint, .. } = critic.ends();
    let mut values = [T::ZERO; 3];
    for (set, value) in values.iter_mut().enumerate().take(blocks.end / half).skip(blocks.start / half) {
        let lanes = set * half * features..(set + 1) * half * features;
        *value = penalise(settings.rules[set], &input_tangent_adjoint[lanes.clone()], rows, &mut input_tangent[lanes]);
    }
    critic.pass(blocks, Pass::ForwardTangent);
    values
}

/// Fills the third set; `points` hold reals, fakes and room for it.
fn place<T: Real>(beside: Beside<T>, points: &mut [Lane<T>], reals: &[T], rows: usize, features: usize) {
    let lanes = blocks_of(rows) * features;
    let (reals_and_fakes, third) = points.split_at_mut(2 * lanes);
    let (real, fake) = reals_and_fakes.split_at(lanes);
    let numbers = third.iter_mut().zip(real.iter().zip(fake)).enumerate();
    match beside {
        Beside::Between(shares) => {
            for (k, (third, (real, fake))) in numbers {
                let share = row_numbers(shares, k / features, rows);
                *third = std::array::from_fn(|lane| fake[lane] + (real[lane] - fake[lane]) * share[lane]);
            }
        }
        Beside::Around(each, shares) => {
            let half_deviation = deviation(reals) * T::of(0.5);
            for (k, (third, (real, _))) in numbers {
                let (block, feature) = (k / features, k % features);
                let share = row_numbers(shares, block, rows);
                for lane in 0..LANES {
                    let row = block * LANES + lane;
                    let delta = if row < rows { each[row * features + feature] * half_deviation } else { T::ZERO };
                    third[lane] = real[lane] + delta * share[lane];
                }
            }
        }
    }
}

/// One number for each row of a block; 0 beyond the rows.
fn row_numbers<T: Real>(numbers: &[T], block: usize, rows: usize) -> Lane<T> {
    std::array::from_fn(|lane| if block * LANES + lane < rows { numbers[block * LANES + lane] } else { T::ZERO })
}

/// The standard deviation over all numbers.
pub fn deviation<T: Real>(numbers: &[T]) -> T {
    let count = T::of(numbers.len() as f64);
    let mean = sum(numbers, |x| x) / count;
    (sum(numbers, |x| (x - mean) * (x - mean)) / count).sqrt()
}

/// √Σx².
fn norm<T: Real>(numbers: &[T]) -> T {
    sum(numbers, |x| x * x).sqrt()
}

#[inline(always)]
fn sum<T: Real>(numbers: &[T], term: impl Fn(T) -> T) -> T {
    let mut sums = [T::ZERO; LANES];
    for chunk in numbers.chunks(LANES) {
        for (sum, &x) in sums.iter_mut().zip(chunk) {
            *sum += term(x);
        }
    }
    tree(sums)
}
