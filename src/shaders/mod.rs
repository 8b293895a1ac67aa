//! The games of the fused loops as compute shaders, for GPUs.
//!
//! Over burn's tensors a step is hundreds or thousands of dispatches, each of which costs more than its arithmetic where networks are small. Of MLPs one workgroup takes a block of 32
//! samples through a whole network, so a pass is one dispatch: generate, judge (with the input gradients and tangents of the penalties), lose, learn, differentiate, move – six a player's
//! turn. Of convolutional networks it is one a layer. The passes are those of `kernel`, to which `probe` holds them before they are used. Nothing is read back before somebody asks.

mod conv;
mod jobs;
mod mlp;
mod passes;
mod pipelines;
mod probe;
mod turn;

use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use passes::{Dispatch, LANES, Layout, Passes};
use pipelines::{Buffers, Lengths, Pipelines, bytes};
use turn::{Ask, Inputs, STRIDE, Side, Turn};

use crate::device::Gpu;
use crate::error::{Error, Result};
use crate::kernel::{Adam, Beside, Outcome, Plan, Player, Settings, deviation};
use crate::optim::Decay;

pub use probe::self_test;

/// Numbers that a step reports.
pub const STATS: usize = 10;
/// Steps whose reports fit.
const STEPS: usize = 128;
/// Workgroups that WebGPU lets an axis have.
const MOST_GROUPS: usize = 65_535;

/// A game in the memory of a GPU.
#[derive(Debug)]
pub struct ShaderGame {
    gpu: Gpu,
    layout: Layout,
    rows: usize,
    decays: [Decay; 2],
    passes: Box<dyn Passes>,
    lengths: Lengths,
    pipelines: Pipelines,
    turns: Vec<Turn>,
    inputs: Vec<f32>,
    steps: usize,
}

impl ShaderGame {
    /// Whether the device has buffers of the game's size.
    pub fn fits(gpu: &Gpu, plans: [&Plan; 2], rows: usize) -> bool {
        let largest = gpu.device.limits().max_storage_buffer_binding_size;
        prepare(plans, rows)
            .is_some_and(|(layout, passes)| Lengths::new(&layout, rows).largest() <= largest && passes.most_groups() <= MOST_GROUPS)
    }

    /// A game that fits, on batches of `rows`.
    ///
    /// # Panics
    /// Where the networks are not of one family, or deeper than the shaders allow.
    pub fn new(gpu: &Gpu, plans: [&Plan; 2], rows: usize, players: [&Player<f32>; 2], ema: &[f32]) -> Self {
        let (layout, passes) = prepare(plans, rows).expect("a game that fits has been asked for");
        let lengths = Lengths::new(&layout, rows);
        let pipelines = Pipelines::new(gpu, &layout, lengths, &*passes);
        let decays = players.map(|player| player.adam.decay);
        let game =
            Self { gpu: gpu.clone(), layout, rows, decays, passes, lengths, pipelines, turns: Vec::new(), inputs: Vec::new(), steps: 0 };
        game.write(players, ema);
        game
    }

    /// Samples of a batch.
    pub fn rows(&self) -> usize {
        self.rows
    }

    fn write(&self, players: [&Player<f32>; 2], ema: &[f32]) {
        let mut numbers = vec![0f32; self.layout.numbers];
        for (place, player) in self.layout.players.iter().zip(players) {
            let parts = [&player.vector, &player.adam.first, &player.adam.second];
            for (part, at) in parts.into_iter().zip((place.vector..).step_by(place.parameters)) {
                numbers[at..at + place.parameters].copy_from_slice(part);
            }
        }
        numbers[self.layout.ema..].copy_from_slice(ema);
        self.gpu.queue.write_buffer(&self.pipelines.buffers.numbers, 0, bytemuck::cast_slice(&numbers));
    }

    /// Queues D's turn, as [`crate::kernel::Game::critic_step`].
    pub fn critic_step(&mut self, settings: &Settings, reals: &[f32], latents: &[f32], beside: Option<Beside<f32>>) {
        let mut inputs = Inputs { reals: self.put(reals), latents: self.put(latents), ..Inputs::default() };
        match beside {
            None => {}
            Some(Beside::Between(shares)) => (inputs.place, inputs.shares) = (1, self.put(shares)),
            Some(Beside::Around(each, shares)) => {
                (inputs.place, inputs.each, inputs.shares) = (2, self.put(each), self.put(shares));
                inputs.half_deviation = deviation(reals) * 0.5;
            }
        }
        self.queue(Side::Critic, settings, inputs, 0.0);
    }

    /// Queues G's turn and the moving average, of which `average` stays. It ends a step.
    pub fn generator_step(&mut self, settings: &Settings, reals: &[f32], latents: &[f32], average: f64) {
        let compares = settings.objective.generator_needs_reals();
        let reals = if compares { self.put(reals) } else { 0 };
        let inputs = Inputs { reals, latents: self.put(latents), ..Inputs::default() };
        self.queue(Side::Generator, settings, inputs, average);
        self.steps += 1;
    }

    fn put(&mut self, numbers: &[f32]) -> usize {
        self.inputs.extend_from_slice(numbers);
        self.inputs.len() - numbers.len()
    }

    fn queue(&mut self, side: Side, settings: &Settings, inputs: Inputs, average: f64) {
        let decay = &mut self.decays[side as usize];
        let ask = Ask { side, settings, rows: self.rows, inputs, average, step: self.steps };
        self.turns.push(Turn::new(ask, decay, &self.layout));
        if self.turns.len() == self.lengths.turns {
            self.send();
        }
    }

    /// Sends what is queued.
    fn send(&mut self) {
        let mut words = Vec::with_capacity(self.turns.len() * STRIDE / 4);
        self.turns.iter().for_each(|turn| words.extend(turn.words));
        let Pipelines { entries, bindings, buffers } = &self.pipelines;
        self.gpu.queue.write_buffer(&buffers.turns, 0, bytemuck::cast_slice(&words));
        self.gpu.queue.write_buffer(&buffers.inputs, 0, bytemuck::cast_slice(&self.inputs));
        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            for (i, turn) in self.turns.iter().enumerate() {
                for Dispatch { entry, groups: [x, y], job } in self.passes.dispatches(turn) {
                    pass.set_pipeline(&entries[entry]);
                    pass.set_bind_group(0, bindings, &[(i * STRIDE) as u32, job as u32]);
                    pass.dispatch_workgroups(x as u32, y as u32, 1);
                }
            }
        }
        self.gpu.queue.submit([encoder.finish()]);
        self.turns.clear();
        self.inputs.clear();
    }

    /// The [`STATS`] numbers of each step since the last read, and the state; the one wait.
    pub async fn read(&mut self) -> Result<Outcome<f32>> {
        if !self.turns.is_empty() {
            self.send();
        }
        let (stats, numbers) = (self.steps * STATS, self.layout.numbers);
        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let Buffers { stats: reports, numbers: state, staging, .. } = &self.pipelines.buffers;
        encoder.copy_buffer_to_buffer(reports, 0, staging, 0, bytes(stats));
        encoder.copy_buffer_to_buffer(state, 0, staging, bytes(STEPS * STATS), bytes(numbers));
        self.gpu.queue.submit([encoder.finish()]);
        self.steps = 0;
        let all = self.map().await?;
        let numbers = &all[STEPS * STATS..];
        let player = |side: Side| {
            let place = self.layout.players[side as usize];
            let part = |k: usize| numbers[place.vector + k * place.parameters..][..place.parameters].to_vec();
            Player { vector: part(0), adam: Adam { first: part(1), second: part(2), decay: self.decays[side as usize] } }
        };
        let ema = numbers[self.layout.ema..].to_vec();
        Ok(Outcome { stats: all[..stats].to_vec(), g: player(Side::Generator), d: player(Side::Critic), ema })
    }

    /// The staging buffer's numbers.
    async fn map(&self) -> Result<Vec<f32>> {
        type Answer = (Option<std::result::Result<(), wgpu::BufferAsyncError>>, Option<Waker>);
        let lost = |error: &dyn std::fmt::Display| Error::device("the device", format!("a result could not be read: {error}"));
        let answer = Arc::new(Mutex::new(Answer::default()));
        let shared = answer.clone();
        self.pipelines.buffers.staging.map_async(wgpu::MapMode::Read, .., move |result| {
            let mut answer = shared.lock().expect("nobody panics while holding it");
            answer.0 = Some(result);
            if let Some(waker) = answer.1.take() {
                waker.wake();
            }
        });
        // Natively the callback runs in here; in a browser this returns at once and the browser calls back.
        self.gpu.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|error| lost(&error))?;
        let mapped = std::future::poll_fn(|context| {
            let mut answer = answer.lock().expect("nobody panics while holding it");
            answer.1 = Some(context.waker().clone());
            answer.0.take().map_or(Poll::Pending, Poll::Ready)
        });
        mapped.await.map_err(|error| lost(&error))?;
        let range = self.pipelines.buffers.staging.get_mapped_range(..).map_err(|error| lost(&error))?;
        let numbers = bytemuck::cast_slice(&range).to_vec();
        drop(range);
        self.pipelines.buffers.staging.unmap();
        Ok(numbers)
    }
}

/// Dispatches of D's turn and of G's; none where there are no such shaders.
pub fn dispatches(plans: [&Plan; 2], rows: usize, settings: &Settings) -> Option<[usize; 2]> {
    let (layout, passes) = prepare(plans, rows)?;
    Some([Side::Critic, Side::Generator].map(|side| {
        let ask = Ask { side, settings, rows, inputs: Inputs::default(), average: 0.0, step: 0 };
        passes.dispatches(&Turn::new(ask, &mut Decay::START.clone(), &layout)).len()
    }))
}

/// What the networks' family brings along, for batches of `rows`; none where there are no such shaders.
fn prepare(plans: [&Plan; 2], rows: usize) -> Option<(Layout, Box<dyn Passes>)> {
    let blocks = rows.div_ceil(LANES);
    match plans {
        [Plan::Mlp(generator), Plan::Mlp(critic)] => {
            let (layout, passes) = mlp::prepare([generator, critic], blocks)?;
            Some((layout, Box::new(passes)))
        }
        [Plan::Conv(generator), Plan::Conv(critic)] => {
            let (layout, passes) = conv::prepare([generator, critic], blocks);
            Some((layout, Box::new(passes)))
        }
        _ => None,
    }
}
