//! One player's turn as the shaders read it.

use std::ops::Range;

use super::passes::{LANES, Layout};
use crate::kernel::Settings;
use crate::objective::Objective;
use crate::optim::{Decay, EPSILON, Rates};
use crate::penalty::Rule;

/// Bytes between turns in their buffer: the largest alignment of offsets that WebGPU may ask for.
pub const STRIDE: usize = 256;

/// Whose turn it is; the numbers are the shaders'.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// G.
    Generator = 0,
    /// D.
    Critic = 1,
}

/// Where a turn's inputs begin.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inputs {
    /// x, `[rows, features]`.
    pub reals: usize,
    /// z, `[rows, latent_dim]`.
    pub latents: usize,
    /// u of DRAGAN, `[rows, features]`.
    pub each: usize,
    /// One number a row of the set beside the data.
    pub shares: usize,
    /// How that set is placed: 0 there is none, 1 between reals and fakes, 2 around the reals.
    pub place: u32,
    /// ½·std(X) of DRAGAN.
    pub half_deviation: f32,
}

/// What a turn is made of.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Whose.
    pub side: Side,
    /// What they play.
    pub settings: &'a Settings,
    /// Samples of a batch.
    pub rows: usize,
    /// Where they lie.
    pub inputs: Inputs,
    /// How much of G's moving average stays.
    pub average: f64,
    /// Counted from the last read.
    pub step: usize,
}

/// A turn with its dispatches' sizes.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Whose.
    pub side: Side,
    /// Blocks of a batch.
    pub half: usize,
    /// Blocks on which D is asked.
    pub judged: Range<usize>,
    /// Of these, those whose slope is penalised, and those without; both empty in G's turn.
    pub penalised: Range<usize>,
    /// See [`Self::penalised`].
    pub others: Range<usize>,
    /// Blocks over which the gradient sums.
    pub blocks: usize,
    /// The shaders' `Turn`.
    pub words: [u32; STRIDE / 4],
}

impl Turn {
    /// In words; `decay` is that of the player's optimiser and goes one step on.
    pub fn new(Ask { side, settings, rows, inputs, average, step }: Ask, decay: &mut Decay, layout: &Layout) -> Self {
        let half = rows.div_ceil(LANES);
        let compares = settings.objective.generator_needs_reals();
        let (penalised, others) = match side {
            Side::Critic => (settings.penalised(half), settings.others(half)),
            Side::Generator => (0..0, 0..0),
        };
        let (judged, blocks) = match side {
            Side::Critic => (0..penalised.end.max(2 * half), penalised.end.max(2 * half)),
            Side::Generator => (if compares { 0 } else { half }..2 * half, half),
        };
        let player = layout.players[side as usize];
        let (rates, learns) = match side {
            Side::Critic => (settings.critic, settings.learn.critic()),
            Side::Generator => (settings.generator, settings.learn.generator()),
        };
        let mut words = Words { words: [0; STRIDE / 4], len: 0 };
        words.push([side as usize, rows, half, usize::from(compares), penalised.start, penalised.end, code(settings.objective)]);
        words.push_f([settings.real_label]);
        words.push([inputs.reals, inputs.latents, inputs.each, inputs.shares, inputs.place as usize]);
        words.push_f([f64::from(inputs.half_deviation)]);
        words.push([step * crate::shaders::STATS, layout.ema]);
        words.push(settings.rules.map(kind));
        words.push([usize::from(settings.objective.neutral().is_none())]);
        words.push_f(settings.rules.map(|rule| weight(rule, rows)));
        words.push_f([settings.objective.neutral().unwrap_or(0.0)]);
        words.push_f(if learns { adam(rates, decay) } else { STILL });
        words.push_f([if learns { settings.weight_clip } else { 0.0 }, average]);
        words.push([layout.penalties, blocks, layout.squares, player.parts]);
        words.push([0, 1, 2, 3].map(|part| if part == 0 { player.parameters } else { player.vector + (part - 1) * player.parameters }));
        words.push([player.vector + 3 * player.parameters, layout.logits, layout.logit_adjoints, judged.start]);
        words.push([judged.len(), others.start, others.end, 0]);
        Self { side, half, judged, penalised, others, blocks, words: words.words }
    }
}

struct Words {
    words: [u32; STRIDE / 4],
    len: usize,
}

impl Words {
    fn push<const N: usize>(&mut self, numbers: [usize; N]) {
        self.extend(numbers.map(|number| number as u32));
    }

    fn push_f<const N: usize>(&mut self, numbers: [f64; N]) {
        self.extend(numbers.map(|number| (number as f32).to_bits()));
    }

    fn extend<const N: usize>(&mut self, words: [u32; N]) {
        self.words[self.len..self.len + N].copy_from_slice(&words);
        self.len += N;
    }
}

/// What leaves a player and its moments as they are.
const STILL: [f64; 6] = [0.0, EPSILON, 1.0, 1.0, 0.0, 0.0];

/// Rate, ε, β₁, β₂, 1 − β₁, 1 − β₂ of `kernel::Adam`'s step.
fn adam(Rates { lr, beta1, beta2, .. }: Rates, decay: &mut Decay) -> [f64; 6] {
    *decay = decay.after(beta1, beta2);
    let (correction1, correction2) = decay.corrections();
    let root = correction2.sqrt();
    [lr * root / correction1, EPSILON * root, beta1, beta2, 1.0 - beta1, 1.0 - beta2]
}

fn kind(rule: Option<Rule>) -> usize {
    match rule {
        None => 0,
        Some(Rule::ZeroCentred { .. }) => 1,
        Some(Rule::UnitSlope { one_sided: false, .. }) => 2,
        Some(Rule::UnitSlope { one_sided: true, .. }) => 3,
    }
}

fn weight(rule: Option<Rule>, rows: usize) -> f64 {
    match rule {
        None => 0.0,
        Some(Rule::ZeroCentred { gamma: weight } | Rule::UnitSlope { lambda: weight, .. }) => weight / rows as f64,
    }
}

/// As the shader's `pair` counts them; which there are says `kernel::knows`.
fn code(objective: Objective) -> usize {
    #[allow(unreachable_patterns, reason = "reached by an objective that stands in objective.rs alone")]
    match objective {
        Objective::Minimax => 0,
        Objective::NonSaturating => 1,
        Objective::Lsgan => 2,
        Objective::Wgan => 3,
        Objective::Hinge => 4,
        Objective::Rpgan => 5,
        Objective::Ragan => 6,
        Objective::KlFgan => 7,
        other => panic!("{other:?} is not written here: ask `kernel::knows` first"),
    }
}
