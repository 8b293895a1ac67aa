//! Games of convolutional networks, as `conv.wgsl` reads them: a dispatch a layer and pass.

use std::ops::Range;

use super::jobs::{Entry, Job, Jobs, Net, Planned, Span};
use super::passes::{Dispatch, LANES, Layout, Passes, THREADS};
use super::turn::{STRIDE, Side, Turn};
use crate::kernel::ConvPlan;

/// Parts in which a gradient is summed side by side.
pub const CHUNKS: usize = 16;

/// The passes of two convolutional networks: what each layer does in each of them.
#[derive(Debug)]
pub struct ConvPasses {
    jobs: Vec<u32>,
    begin: Planned,
    present: Planned,
    penalise: Planned,
    pass_back: Planned,
    generator: Player,
    critic: Player,
    /// D's adjoints of the tangent, then its tangents.
    slopes: [Vec<Planned>; 2],
    /// D's adjoints of the fakes, down to the samples.
    to_fakes: Vec<Planned>,
    most_groups: usize,
}

#[derive(Debug)]
struct Player {
    forward: Vec<Planned>,
    /// Adjoints down to the lowest weights.
    backward: Vec<Planned>,
    differentiate: Vec<Planned>,
    reduce: Planned,
    parameters: usize,
}

/// For batches of `blocks` blocks.
pub fn prepare([generator, critic]: [&ConvPlan; 2], blocks: usize) -> (Layout, ConvPasses) {
    let plans = [generator, critic];
    let parameters = plans.map(ConvPlan::parameters);
    let parts = parameters.map(|count| count.div_ceil(THREADS));
    let mut layout = Layout::new(parameters, parts, plans.map(|plan| plan.input().features()));
    let partials = layout.take(CHUNKS * parameters[0].max(parameters[1]));
    let mut net =
        |plan, player: usize, samples, tangents| Net::new(plan, layout.players[player].vector, samples, tangents, |len| layout.take(len));
    let (g, d) = (net(generator, 0, blocks * LANES, false), net(critic, 1, 3 * blocks * LANES, true));
    let last = critic.layers().len();
    (layout.logits, layout.logit_adjoints) = (d.values[last], d.adjoints[last]);
    layout.ones = d.tangent_output..d.tangent_output + 3 * blocks * LANES;
    layout.take_common(blocks);

    let mut jobs = Jobs::default();
    let player = |jobs: &mut Jobs, net: &Net, forward, backward, parameters: usize| Player {
        forward: net.forward(jobs, forward),
        backward: net.backward(jobs, backward, 1),
        differentiate: net.differentiate(jobs, partials, CHUNKS),
        reduce: jobs.add(Entry::Reduce, Span::Once, [parameters, 1], Job { partials, ..Job::default() }),
        parameters,
    };
    let between = |source: usize, goal: usize, samples: usize, other_samples: usize| Job {
        source,
        goal,
        samples,
        other_samples,
        ..Job::between(critic.input(), critic.input())
    };
    let (image, top) = (critic.input(), generator.layers().len());
    let passes = ConvPasses {
        begin: jobs.add(
            Entry::Begin,
            Span::Generator,
            [1, generator.input().channels()],
            Job { goal: g.values[0], samples: g.samples, ..Job::between(generator.input(), generator.input()) },
        ),
        present: jobs.add(
            Entry::Present,
            Span::Judged,
            [image.pixels(), image.channels()],
            between(g.values[top], d.values[0], d.samples, g.samples),
        ),
        penalise: jobs.add(Entry::Penalise, Span::Penalised, [1, 1], between(d.adjoints[0], d.tangents[0], d.samples, 0)),
        pass_back: jobs.add(
            Entry::PassBack,
            Span::Generator,
            [image.pixels(), image.channels()],
            between(d.adjoints[0], g.adjoints[top], g.samples, d.samples),
        ),
        generator: player(&mut jobs, &g, Span::Generator, Span::Generator, parameters[0]),
        critic: player(&mut jobs, &d, Span::Judged, Span::Others, parameters[1]),
        slopes: [d.backward_of_tangent(&mut jobs), d.forward_tangent(&mut jobs)],
        to_fakes: d.backward(&mut jobs, Span::Fakes, 0),
        most_groups: jobs.most_groups(3 * blocks * LANES),
        jobs: jobs.into_words(),
    };
    (layout, passes)
}

impl ConvPasses {
    fn critics_turn<'a>(&'a self, turn: &Turn) -> Vec<&'a [Planned]> {
        let one = std::slice::from_ref;
        let mut passes: Vec<&[Planned]> = vec![one(&self.begin), &self.generator.forward, one(&self.present), &self.critic.forward];
        if !turn.penalised.is_empty() {
            passes.extend([&self.slopes[0][..], one(&self.penalise), &self.slopes[1]]);
        }
        passes.push(&[Planned::LOSE]);
        if !turn.others.is_empty() {
            passes.push(&self.critic.backward);
        }
        passes
    }

    fn generators_turn(&self) -> Vec<&[Planned]> {
        let one = std::slice::from_ref;
        vec![
            one(&self.begin),
            &self.generator.forward,
            one(&self.present),
            &self.critic.forward,
            &[Planned::LOSE],
            &self.to_fakes,
            one(&self.pass_back),
            &self.generator.backward,
        ]
    }
}

/// The samples of a span in a turn.
fn samples(span: Span, turn: &Turn) -> usize {
    let blocks = |range: &Range<usize>| range.len() * LANES;
    match span {
        Span::Generator | Span::Fakes => turn.half * LANES,
        Span::Judged => blocks(&turn.judged),
        Span::Penalised => blocks(&turn.penalised),
        Span::Others => blocks(&turn.others),
        Span::Once => 1,
    }
}

impl Passes for ConvPasses {
    fn source(&self) -> &'static str {
        include_str!("conv.wgsl")
    }

    fn entries(&self) -> &'static [&'static str] {
        &Entry::NAMES
    }

    fn table(&self) -> &[u32] {
        &self.jobs
    }

    fn seen(&self) -> usize {
        STRIDE
    }

    fn dispatches(&self, turn: &Turn) -> Vec<Dispatch> {
        let (player, passes) = match turn.side {
            Side::Critic => (&self.critic, self.critics_turn(turn)),
            Side::Generator => (&self.generator, self.generators_turn()),
        };
        let mut dispatches: Vec<Dispatch> = passes
            .into_iter()
            .chain([&player.differentiate[..], std::slice::from_ref(&player.reduce)])
            .flatten()
            .map(|planned| planned.dispatch(samples(planned.span, turn)))
            .collect();
        let groups = [player.parameters.div_ceil(THREADS), 1];
        dispatches.push(Dispatch { entry: Entry::MovePlayer as usize, groups, job: 0 });
        dispatches
    }

    fn most_groups(&self) -> usize {
        self.most_groups
    }
}
