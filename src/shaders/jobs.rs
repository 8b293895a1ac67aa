//! What a convolutional network does layer by layer, as jobs for `conv.wgsl`.

use super::passes::{Dispatch, THREADS};
use super::turn::STRIDE;
use crate::kernel::{ConvPlan, Layer, Map, Shape};

/// Channels and columns of a workgroup of a product.
const TILE: usize = 16;
const COLUMNS: usize = 64;
const TAPS: usize = 9;
/// A job without a bias.
const NONE: usize = u32::MAX as usize;

/// The entry points of `conv.wgsl`, and those of `common.wgsl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    Begin,
    Present,
    Product,
    Resample,
    Spread,
    Gather,
    Penalise,
    PassBack,
    Differentiate,
    DifferentiateBasis,
    Reduce,
    Lose,
    MovePlayer,
}

impl Entry {
    /// In the order of the variants.
    pub const NAMES: [&str; 13] = [
        "begin",
        "present",
        "product",
        "resample",
        "spread",
        "gather",
        "penalise",
        "pass_back",
        "differentiate",
        "differentiate_basis",
        "reduce",
        "lose",
        "move_player",
    ];

    /// Columns of a workgroup.
    const fn width(self) -> usize {
        match self {
            Self::Product => COLUMNS,
            Self::Penalise | Self::Differentiate | Self::Lose => 1,
            _ => THREADS,
        }
    }
}

/// Which samples a job takes, as the shader's `span` counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// G's.
    Generator,
    /// Those on which D is asked.
    Judged,
    /// Those whose slope is penalised.
    Penalised,
    /// Those whose slope is not.
    Others,
    /// D's fakes.
    Fakes,
    /// All over which a gradient sums; the size of the job does not depend on them.
    Once,
}

/// The words of the shader's `Job`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Job {
    pub source: usize,
    pub goal: usize,
    pub other: usize,
    pub after: usize,
    pub weight: usize,
    pub transposed: bool,
    pub taps: usize,
    pub from: [usize; 2],
    pub to: [usize; 2],
    pub samples: usize,
    pub other_samples: usize,
    pub bias: Option<usize>,
    pub factor: f32,
    pub delta: usize,
    pub mixed_delta: usize,
    pub mixed_source: usize,
    pub partials: usize,
}

impl Job {
    /// From one shape to another.
    pub fn between(from: Shape, to: Shape) -> Self {
        Self { from: [from.channels(), from.side], to: [to.channels(), to.side], ..Self::default() }
    }

    fn words(&self, span: Span) -> [u32; STRIDE / 4] {
        let [from_channels, from_side] = self.from;
        let [to_channels, to_side] = self.to;
        let numbers = [
            [self.source, self.goal, self.other, self.after],
            [self.weight, usize::from(self.transposed), self.taps, span as usize],
            [from_channels, to_channels, from_side, to_side],
            [self.samples, self.other_samples, self.bias.unwrap_or(NONE), 0],
            [self.delta, self.mixed_delta, self.mixed_source, self.partials],
        ];
        let mut words = [0; STRIDE / 4];
        for (word, number) in words.iter_mut().zip(numbers.into_iter().flatten()) {
            *word = number as u32;
        }
        words[15] = self.factor.to_bits();
        words
    }
}

/// A job with the size of its dispatch.
#[derive(Debug, Clone, Copy)]
pub struct Planned {
    entry: Entry,
    /// Which samples it takes.
    pub span: Span,
    /// Columns of a sample, or of the whole where the samples do not matter; workgroups along the second axis.
    size: [usize; 2],
    place: usize,
}

impl Planned {
    /// The losses, which need no job.
    pub const LOSE: Self = Self { entry: Entry::Lose, span: Span::Once, size: [1, 1], place: 0 };

    /// Its dispatch for so many samples.
    pub fn dispatch(&self, samples: usize) -> Dispatch {
        Dispatch { entry: self.entry as usize, groups: self.groups(samples), job: self.place * STRIDE }
    }

    fn groups(&self, samples: usize) -> [usize; 2] {
        [(samples * self.size[0]).div_ceil(self.entry.width()), self.size[1]]
    }
}

/// All jobs of a game.
#[derive(Debug, Default)]
pub struct Jobs {
    words: Vec<u32>,
    planned: Vec<Planned>,
}

impl Jobs {
    /// One more.
    pub fn add(&mut self, entry: Entry, span: Span, size: [usize; 2], job: Job) -> Planned {
        let planned = Planned { entry, span, size, place: self.planned.len() };
        self.words.extend(job.words(span));
        self.planned.push(planned);
        planned
    }

    /// Workgroups along an axis, at most, where no job takes more than so many samples.
    pub fn most_groups(&self, samples: usize) -> usize {
        let of = |planned: &Planned| planned.groups(if planned.span == Span::Once { 1 } else { samples }).into_iter().max();
        self.planned.iter().filter_map(of).max().unwrap_or(0)
    }

    /// As binding 1 holds them.
    pub fn into_words(self) -> Vec<u32> {
        self.words
    }
}

/// A network and where its levels lie.
#[derive(Debug)]
pub struct Net<'a> {
    plan: &'a ConvPlan,
    vector: usize,
    /// Room for so many samples.
    pub samples: usize,
    /// x of each level.
    pub values: Vec<usize>,
    /// ẋ; none without room for them.
    pub tangents: Vec<usize>,
    /// δ, and of samples with a penalty δ̇, of each level.
    pub adjoints: Vec<usize>,
    /// δ̇ of the last level, apart from its δ.
    pub tangent_output: usize,
}

impl<'a> Net<'a> {
    /// Takes room for its levels; its parameters begin at `vector`.
    pub fn new(plan: &'a ConvPlan, vector: usize, samples: usize, tangents: bool, mut take: impl FnMut(usize) -> usize) -> Self {
        let mut levels = || plan.shapes().iter().map(|shape| take(samples * shape.features())).collect::<Vec<_>>();
        let (values, adjoints, tangents) = (levels(), levels(), if tangents { levels() } else { Vec::new() });
        let tangent_output = take(if tangents.is_empty() { 0 } else { samples });
        Self { plan, vector, samples, values, tangents, adjoints, tangent_output }
    }

    /// x upwards.
    pub fn forward(&self, jobs: &mut Jobs, span: Span) -> Vec<Planned> {
        let after = |_: usize, layer: &Layer| match (&layer.bias, layer.plus) {
            (Some(bias), _) => (1, self.vector + bias.start),
            (None, Some(level)) => (3, self.values[level]),
            (None, None) => (0, 0),
        };
        self.upwards(jobs, span, &self.values, after)
    }

    /// ẋ upwards.
    pub fn forward_tangent(&self, jobs: &mut Jobs) -> Vec<Planned> {
        let after = |i: usize, layer: &Layer| match (&layer.bias, layer.plus) {
            (Some(_), _) => (2, self.values[i + 1]),
            (None, Some(level)) => (3, self.tangents[level]),
            (None, None) => (0, 0),
        };
        self.upwards(jobs, Span::Penalised, &self.tangents, after)
    }

    fn upwards(&self, jobs: &mut Jobs, span: Span, levels: &[usize], after: impl Fn(usize, &Layer) -> (usize, usize)) -> Vec<Planned> {
        let layers = self.plan.layers().iter().enumerate();
        layers.map(|(i, layer)| self.apply(jobs, i, false, span, [levels[i], levels[i + 1]], after(i, layer))).collect()
    }

    /// δ downwards to a level.
    pub fn backward(&self, jobs: &mut Jobs, span: Span, until: usize) -> Vec<Planned> {
        self.downwards(jobs, span, until, self.adjoints[self.plan.layers().len()])
    }

    /// δ̇ downwards to the input.
    pub fn backward_of_tangent(&self, jobs: &mut Jobs) -> Vec<Planned> {
        self.downwards(jobs, Span::Penalised, 0, self.tangent_output)
    }

    fn downwards(&self, jobs: &mut Jobs, span: Span, until: usize, output: usize) -> Vec<Planned> {
        let layers = self.plan.layers();
        let adjoint = |level: usize| if level == layers.len() { output } else { self.adjoints[level] };
        let step = |i: usize| {
            let added = layers[i..].iter().position(|layer| layer.plus == Some(i));
            let after = match (self.plan.is_activated(i), added) {
                (true, _) => (2, self.values[i]),
                (false, Some(layer)) => (3, adjoint(i + layer + 1)),
                (false, None) => (0, 0),
            };
            self.apply(jobs, i, true, span, [adjoint(i + 1), self.adjoints[i]], after)
        };
        (until..layers.len()).rev().map(step).collect()
    }

    /// Layer `i` or its adjoint, from a level to another.
    fn apply(
        &self,
        jobs: &mut Jobs,
        i: usize,
        transposed: bool,
        span: Span,
        [source, goal]: [usize; 2],
        (after, other): (usize, usize),
    ) -> Planned {
        let (below, above) = (self.plan.shapes()[i], self.plan.shapes()[i + 1]);
        let (from, to) = if transposed { (above, below) } else { (below, above) };
        let tiles = to.channels().div_ceil(TILE);
        let (entry, weight, taps, factor, rows) = match (&self.plan.layers()[i].map, transposed) {
            (Map::Pointwise(at), _) => (Entry::Product, at.start, 1, 1.0, tiles),
            (Map::Grouped(at), _) => (Entry::Product, at.start, TAPS, 1.0, tiles),
            (Map::Up, _) => (Entry::Resample, 0, 1, 1.0, to.channels()),
            (Map::Down, _) => (Entry::Resample, 0, 1, 0.25, to.channels()),
            (Map::Spread(at), false) | (Map::Gather(at), true) => (Entry::Spread, at.start, 1, 1.0, to.channels()),
            (Map::Gather(at), false) | (Map::Spread(at), true) => (Entry::Gather, at.start, 1, 1.0, to.channels()),
        };
        let weight = self.vector + weight;
        let job = Job { source, goal, other, after, weight, transposed, taps, factor, samples: self.samples, ..Job::between(from, to) };
        jobs.add(entry, span, [to.pixels(), rows], job)
    }

    /// Σ δxᵀ of each layer, in chunks.
    pub fn differentiate(&self, jobs: &mut Jobs, partials: usize, chunks: usize) -> Vec<Planned> {
        let last = self.plan.layers().len();
        let mut planned = Vec::new();
        for (i, layer) in self.plan.layers().iter().enumerate() {
            let (from, to) = (self.plan.shapes()[i], self.plan.shapes()[i + 1]);
            let tiles = |channels: usize| channels.div_ceil(TILE);
            let (entry, at, taps, columns) = match &layer.map {
                Map::Pointwise(at) => (Entry::Differentiate, at, 1, tiles(to.channels()) * tiles(from.channels())),
                Map::Grouped(at) => (Entry::Differentiate, at, TAPS, tiles(to.channels()) * TAPS),
                Map::Spread(at) | Map::Gather(at) => (Entry::DifferentiateBasis, at, 1, at.len()),
                Map::Up | Map::Down => continue,
            };
            let delta = self.adjoints[i + 1];
            let job = Job {
                source: self.values[i],
                mixed_source: self.tangents.get(i).copied().unwrap_or(0),
                delta,
                mixed_delta: if i + 1 == last { self.tangent_output } else { delta },
                weight: self.vector + at.start,
                bias: layer.bias.as_ref().map(|at| self.vector + at.start),
                taps,
                samples: self.samples,
                partials,
                ..Job::between(from, to)
            };
            planned.push(jobs.add(entry, Span::Once, [columns, chunks], job));
        }
        planned
    }
}
