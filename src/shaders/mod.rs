//! MLP games as a dozen compute shaders a step, for GPUs.
//!
//! Over burn's tensors a step of a toy game is many hundred dispatches, each of which costs more than its arithmetic. Here one workgroup takes a block of 32 samples through a whole
//! network, so a pass is one dispatch: generate, judge (with the input gradients and tangents of the penalties), lose, learn, differentiate, move – six a player's turn. The passes are those
//! of `kernel`, to which `probe` holds them before they are used. Nothing is read back before somebody asks.

mod layout;
mod probe;
mod turn;

use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use layout::{LANES, Layout};
use turn::{Ask, Inputs, STRIDE, Side, Turn};

use crate::device::Gpu;
use crate::error::{Error, Result};
use crate::kernel::{Adam, Beside, Outcome, Plan, Player, Settings, deviation};
use crate::optim::Decay;

pub use probe::self_test;

/// Numbers that a step reports.
pub const STATS: usize = 10;
/// Turns that are queued before they are sent.
const TURNS: usize = 256;
/// Steps whose reports fit.
const STEPS: usize = 128;
/// Threads of a workgroup.
const THREADS: usize = 256;
/// The entry points, in the order of a turn.
const PASSES: [&str; 6] = ["generate", "judge", "lose", "learn", "differentiate", "move_player"];

/// A game in the memory of a GPU.
#[derive(Debug)]
pub struct ShaderGame {
    gpu: Gpu,
    layout: Layout,
    rows: usize,
    decays: [Decay; 2],
    pipelines: Vec<wgpu::ComputePipeline>,
    bindings: wgpu::BindGroup,
    buffers: Buffers,
    turns: Vec<Turn>,
    inputs: Vec<f32>,
    steps: usize,
}

#[derive(Debug)]
struct Buffers {
    turns: wgpu::Buffer,
    numbers: wgpu::Buffer,
    inputs: wgpu::Buffer,
    stats: wgpu::Buffer,
    staging: wgpu::Buffer,
}

impl ShaderGame {
    /// Whether the networks are MLPs and the device has buffers of their size.
    pub fn fits(gpu: &Gpu, plans: [&Plan; 2], rows: usize) -> bool {
        let largest = gpu.device.limits().max_storage_buffer_binding_size;
        layout(plans, rows).is_some_and(|(_, lengths)| lengths.into_iter().all(|len| bytes(len) <= largest))
    }

    /// A game that fits, on batches of `rows`.
    ///
    /// # Panics
    /// Where the networks are no MLPs.
    pub fn new(gpu: &Gpu, plans: [&Plan; 2], rows: usize, players: [&Player<f32>; 2], ema: &[f32]) -> Self {
        let (layout, lengths) = layout(plans, rows).expect("a game that fits has been asked for");
        let (pipelines, bindings, buffers) = build(gpu, &layout, lengths);
        let game = Self {
            gpu: gpu.clone(),
            rows,
            decays: players.map(|player| player.adam.decay),
            pipelines,
            bindings,
            buffers,
            turns: Vec::new(),
            inputs: Vec::new(),
            steps: 0,
            layout,
        };
        game.write(players, ema);
        game
    }

    /// Samples of a batch.
    pub fn rows(&self) -> usize {
        self.rows
    }

    fn write(&self, players: [&Player<f32>; 2], ema: &[f32]) {
        let mut numbers = vec![0f32; self.layout.numbers];
        for (place, player) in self.layout.nets.iter().zip(players) {
            let parts = [&player.vector, &player.adam.first, &player.adam.second];
            for (part, at) in parts.into_iter().zip((place.vector..).step_by(place.parameters)) {
                numbers[at..at + place.parameters].copy_from_slice(part);
            }
        }
        numbers[self.layout.ema..].copy_from_slice(ema);
        self.gpu.queue.write_buffer(&self.buffers.numbers, 0, bytemuck::cast_slice(&numbers));
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
        if self.turns.len() == TURNS {
            self.send();
        }
    }

    /// Sends what is queued.
    fn send(&mut self) {
        let mut words = Vec::with_capacity(self.turns.len() * STRIDE / 4);
        self.turns.iter().for_each(|turn| words.extend(turn.words));
        self.gpu.queue.write_buffer(&self.buffers.turns, 0, bytemuck::cast_slice(&words));
        self.gpu.queue.write_buffer(&self.buffers.inputs, 0, bytemuck::cast_slice(&self.inputs));
        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            for (i, turn) in self.turns.iter().enumerate() {
                let net = self.layout.nets[turn.side as usize];
                let learned = if turn.side == Side::Critic { turn.blocks } else { turn.half };
                let groups = [turn.half, turn.judged, 1, learned, net.tiles, net.parameters.div_ceil(THREADS)];
                for (pipeline, groups) in self.pipelines.iter().zip(groups) {
                    pass.set_pipeline(pipeline);
                    pass.set_bind_group(0, &self.bindings, &[(i * STRIDE) as u32]);
                    pass.dispatch_workgroups(groups as u32, 1, 1);
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
        let Buffers { staging, .. } = &self.buffers;
        encoder.copy_buffer_to_buffer(&self.buffers.stats, 0, staging, 0, bytes(stats));
        encoder.copy_buffer_to_buffer(&self.buffers.numbers, 0, staging, bytes(STEPS * STATS), bytes(numbers));
        self.gpu.queue.submit([encoder.finish()]);
        self.steps = 0;
        let all = self.map().await?;
        let numbers = &all[STEPS * STATS..];
        let player = |side: Side| {
            let place = self.layout.nets[side as usize];
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
        self.buffers.staging.map_async(wgpu::MapMode::Read, .., move |result| {
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
        let range = self.buffers.staging.get_mapped_range(..).map_err(|error| lost(&error))?;
        let numbers = bytemuck::cast_slice(&range).to_vec();
        drop(range);
        self.buffers.staging.unmap();
        Ok(numbers)
    }
}

/// Where everything lies, and how many numbers there are of each kind: `numbers`, `levels`, `inputs`, `stats`.
fn layout(plans: [&Plan; 2], rows: usize) -> Option<(Layout, [usize; 4])> {
    let [Plan::Mlp(generator), Plan::Mlp(critic)] = plans else { return None };
    let layout = Layout::new(generator, critic, rows.div_ceil(LANES))?;
    let turn_inputs = rows * (generator.inputs() + 2 * critic.inputs() + 1);
    let lengths = [layout.numbers, layout.levels, TURNS * turn_inputs, STEPS * STATS];
    Some((layout, lengths))
}

fn bytes(numbers: usize) -> u64 {
    4 * numbers as u64
}

/// Pipelines, buffers and their bindings.
fn build(
    gpu: &Gpu,
    layout: &Layout,
    [numbers, levels, inputs, stats]: [usize; 4],
) -> (Vec<wgpu::ComputePipeline>, wgpu::BindGroup, Buffers) {
    use wgpu::BufferUsages as Usage;
    let device = &gpu.device;
    let buffer = |label, size: u64, usage| {
        device.create_buffer(&wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation: false })
    };
    let plan = buffer("plan", 4 * layout.plan.len() as u64, Usage::UNIFORM | Usage::COPY_DST);
    gpu.queue.write_buffer(&plan, 0, bytemuck::cast_slice(&layout.plan));
    let levels = buffer("levels", bytes(levels), Usage::STORAGE);
    let buffers = Buffers {
        turns: buffer("turns", (TURNS * STRIDE) as u64, Usage::UNIFORM | Usage::COPY_DST),
        numbers: buffer("numbers", bytes(numbers), Usage::STORAGE | Usage::COPY_DST | Usage::COPY_SRC),
        inputs: buffer("inputs", bytes(inputs), Usage::STORAGE | Usage::COPY_DST),
        stats: buffer("stats", bytes(stats), Usage::STORAGE | Usage::COPY_SRC),
        staging: buffer("staging", bytes(stats + numbers), Usage::MAP_READ | Usage::COPY_DST),
    };
    let kinds = [Kind::Turn, Kind::Plan, Kind::Written, Kind::Written, Kind::Read, Kind::Written];
    let entries: Vec<_> = kinds.into_iter().enumerate().map(|(binding, kind)| kind.entry(binding)).collect();
    let group_layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: None, entries: &entries });
    let turn = wgpu::BufferBinding { buffer: &buffers.turns, offset: 0, size: std::num::NonZeroU64::new(STRIDE as u64) };
    let whole = [&plan, &buffers.numbers, &levels, &buffers.inputs, &buffers.stats].map(wgpu::Buffer::as_entire_binding);
    let resources = [wgpu::BindingResource::Buffer(turn)].into_iter().chain(whole).enumerate();
    let bound: Vec<_> = resources.map(|(binding, resource)| wgpu::BindGroupEntry { binding: binding as u32, resource }).collect();
    let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor { label: None, layout: &group_layout, entries: &bound });
    (pipelines(device, &group_layout), bindings, buffers)
}

fn pipelines(device: &wgpu::Device, group: &wgpu::BindGroupLayout) -> Vec<wgpu::ComputePipeline> {
    let module = device.create_shader_module(wgpu::include_wgsl!("game.wgsl"));
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: None,
        bind_group_layouts: &[Some(group)],
        ..Default::default()
    });
    let pipeline = |entry| {
        device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(entry),
            layout: Some(&layout),
            module: &module,
            entry_point: Some(entry),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        })
    };
    PASSES.into_iter().map(pipeline).collect()
}

/// How the shaders use a binding.
#[derive(Clone, Copy)]
enum Kind {
    Turn,
    Plan,
    Written,
    Read,
}

impl Kind {
    fn entry(self, binding: usize) -> wgpu::BindGroupLayoutEntry {
        let ty = match self {
            Self::Turn | Self::Plan => wgpu::BufferBindingType::Uniform,
            Self::Written => wgpu::BufferBindingType::Storage { read_only: false },
            Self::Read => wgpu::BufferBindingType::Storage { read_only: true },
        };
        let has_dynamic_offset = matches!(self, Self::Turn);
        wgpu::BindGroupLayoutEntry {
            binding: binding as u32,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset, min_binding_size: None },
            count: None,
        }
    }
}
