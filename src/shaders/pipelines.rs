//! The shaders of a family on a device, with their buffers.

use std::num::NonZeroU64;

use super::passes::{Layout, Passes};
use super::turn::STRIDE;
use super::{STATS, STEPS};
use crate::device::Gpu;

/// Inputs that are queued before they are sent, in numbers, and turns, at most.
const QUEUED: usize = 8 << 20;
const TURNS: usize = 256;

/// Numbers of each buffer.
#[derive(Debug, Clone, Copy)]
pub struct Lengths {
    /// Turns that are queued before they are sent.
    pub turns: usize,
    /// Weights, moments, gradients, average.
    pub numbers: usize,
    /// What the passes leave behind.
    pub levels: usize,
    /// Samples, latents and noise of the queued turns.
    pub inputs: usize,
    /// Reports.
    pub stats: usize,
}

impl Lengths {
    /// For batches of `rows`.
    pub fn new(layout: &Layout, rows: usize) -> Self {
        let of_turn = layout.inputs(rows);
        let turns = (QUEUED / of_turn).clamp(2, TURNS);
        Self { turns, numbers: layout.numbers, levels: layout.levels, inputs: turns * of_turn, stats: STEPS * STATS }
    }

    /// Bytes of the largest buffer.
    pub fn largest(&self) -> u64 {
        [self.numbers, self.levels, self.inputs, self.stats].into_iter().map(bytes).max().unwrap_or(0)
    }
}

/// Bytes of so many numbers.
pub fn bytes(numbers: usize) -> u64 {
    4 * numbers as u64
}

/// What is read and written from here.
#[derive(Debug)]
pub struct Buffers {
    /// One [`STRIDE`] a turn.
    pub turns: wgpu::Buffer,
    /// See [`Lengths`].
    pub numbers: wgpu::Buffer,
    /// See [`Lengths`].
    pub inputs: wgpu::Buffer,
    /// See [`Lengths`].
    pub stats: wgpu::Buffer,
    /// Reports and numbers, on their way back.
    pub staging: wgpu::Buffer,
}

/// Pipelines, buffers and their bindings.
#[derive(Debug)]
pub struct Pipelines {
    /// In the order of [`Passes::entries`].
    pub entries: Vec<wgpu::ComputePipeline>,
    /// All buffers, as the shaders count them.
    pub bindings: wgpu::BindGroup,
    /// See [`Buffers`].
    pub buffers: Buffers,
}

impl Pipelines {
    /// On a device.
    pub fn new(gpu: &Gpu, layout: &Layout, lengths: Lengths, passes: &dyn Passes) -> Self {
        use wgpu::BufferUsages as Usage;
        let device = &gpu.device;
        let buffer = |label, size: u64, usage| {
            device.create_buffer(&wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation: false })
        };
        let table = buffer("table", bytes(passes.table().len()), Usage::UNIFORM | Usage::COPY_DST);
        gpu.queue.write_buffer(&table, 0, bytemuck::cast_slice(passes.table()));
        let levels = buffer("levels", bytes(lengths.levels), Usage::STORAGE | Usage::COPY_DST);
        let ones = vec![1f32; layout.ones.len()];
        gpu.queue.write_buffer(&levels, bytes(layout.ones.start), bytemuck::cast_slice(&ones));
        let buffers = Buffers {
            turns: buffer("turns", (lengths.turns * STRIDE) as u64, Usage::UNIFORM | Usage::COPY_DST),
            numbers: buffer("numbers", bytes(lengths.numbers), Usage::STORAGE | Usage::COPY_DST | Usage::COPY_SRC),
            inputs: buffer("inputs", bytes(lengths.inputs), Usage::STORAGE | Usage::COPY_DST),
            stats: buffer("stats", bytes(lengths.stats), Usage::STORAGE | Usage::COPY_SRC),
            staging: buffer("staging", bytes(lengths.stats + lengths.numbers), Usage::MAP_READ | Usage::COPY_DST),
        };
        let kinds = [Kind::Part, Kind::Part, Kind::Written, Kind::Written, Kind::Read, Kind::Written];
        let described: Vec<_> = kinds.into_iter().enumerate().map(|(binding, kind)| kind.entry(binding)).collect();
        let group = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: None, entries: &described });
        let part = |buffer, size: usize| {
            wgpu::BindingResource::Buffer(wgpu::BufferBinding { buffer, offset: 0, size: NonZeroU64::new(size as u64) })
        };
        let whole = [&buffers.numbers, &levels, &buffers.inputs, &buffers.stats].map(wgpu::Buffer::as_entire_binding);
        let resources = [part(&buffers.turns, STRIDE), part(&table, passes.seen())].into_iter().chain(whole).enumerate();
        let bound: Vec<_> = resources.map(|(binding, resource)| wgpu::BindGroupEntry { binding: binding as u32, resource }).collect();
        let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor { label: None, layout: &group, entries: &bound });
        Self { entries: compile(device, &group, passes), bindings, buffers }
    }
}

fn compile(device: &wgpu::Device, group: &wgpu::BindGroupLayout, passes: &dyn Passes) -> Vec<wgpu::ComputePipeline> {
    let source = [include_str!("common.wgsl"), passes.source()].join("\n");
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor { label: None, source: wgpu::ShaderSource::Wgsl(source.into()) });
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: None,
        bind_group_layouts: &[Some(group)],
        ..Default::default()
    });
    let pipeline = |entry: &&str| {
        device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(entry),
            layout: Some(&layout),
            module: &module,
            entry_point: Some(entry),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        })
    };
    passes.entries().iter().map(pipeline).collect()
}

/// How the shaders use a binding.
#[derive(Clone, Copy)]
enum Kind {
    /// A part of a uniform buffer, another for each dispatch.
    Part,
    Written,
    Read,
}

impl Kind {
    fn entry(self, binding: usize) -> wgpu::BindGroupLayoutEntry {
        let ty = match self {
            Self::Part => wgpu::BufferBindingType::Uniform,
            Self::Written => wgpu::BufferBindingType::Storage { read_only: false },
            Self::Read => wgpu::BufferBindingType::Storage { read_only: true },
        };
        let has_dynamic_offset = matches!(self, Self::Part);
        wgpu::BindGroupLayoutEntry {
            binding: binding as u32,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset, min_binding_size: None },
            count: None,
        }
    }
}
