//! The backends, named once: opening one, testing it, and reading from it.
//!
//! Nothing else in the crate knows whether it runs natively or in a page, on a CPU or a GPU; a new release of burn is ported here.

#[cfg(any(not(target_family = "wasm"), feature = "webgpu"))]
use std::sync::OnceLock;

#[cfg(any(not(target_family = "wasm"), feature = "webgpu"))]
use burn::tensor::wgpu::WgpuOptions;
use burn::tensor::{DType, Device, Tensor, TensorData, Transaction};
#[cfg(not(target_family = "wasm"))]
use burn::tensor::{DeviceKind, wgpu::WgpuBackend};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Error, Result};

#[cfg(all(not(target_family = "wasm"), feature = "cuda"))]
pub mod cuda;
#[cfg(not(all(not(target_family = "wasm"), feature = "cuda")))]
#[path = "device/cuda/absent.rs"]
pub mod cuda;
#[cfg(all(not(target_family = "wasm"), feature = "kernel-cache"))]
mod kernel_cache;
mod self_test;

pub use self_test::self_test;

/// Where to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeviceChoice {
    /// A GPU where there is one that passes the self-test, else the CPU.
    Auto,
    /// The CPU.
    Cpu,
    /// A GPU, or an error.
    Gpu,
    /// An NVIDIA GPU through CUDA, in a program that is built with it, or an error.
    Cuda,
}

/// A GPU's own handles, for shaders that do not go through burn.
#[cfg(any(not(target_family = "wasm"), feature = "webgpu"))]
#[derive(Debug, Clone)]
pub struct Gpu {
    /// burn's handle, by which it is known.
    burn: Device,
    /// What makes buffers and pipelines.
    pub device: wgpu::Device,
    /// What runs them.
    pub queue: wgpu::Queue,
}

/// There is none in this package.
#[cfg(all(target_family = "wasm", not(feature = "webgpu")))]
#[derive(Debug, Clone)]
pub enum Gpu {}

/// The one GPU of the process or worker; burn opens it once, too.
#[cfg(any(not(target_family = "wasm"), feature = "webgpu"))]
static GPU: OnceLock<Gpu> = OnceLock::new();

/// The GPU's own handles, where `device` is the one that has been opened; CUDA has none, nor has the CPU.
#[cfg(any(not(target_family = "wasm"), feature = "webgpu"))]
pub fn gpu_of(device: &Device) -> Option<&'static Gpu> {
    GPU.get().filter(|gpu| gpu.burn == *device)
}

/// There is none in this package.
#[cfg(all(target_family = "wasm", not(feature = "webgpu")))]
pub fn gpu_of(_device: &Device) -> Option<&'static Gpu> {
    None
}

/// A device ready for use.
#[derive(Debug, Clone)]
pub struct OpenDevice {
    /// burn's handle, without autodiff.
    pub device: Device,
    /// Whether it is a GPU.
    pub is_gpu: bool,
    /// Its name, for people.
    pub name: String,
    /// Why it is not the first choice; empty where it is.
    pub note: String,
}

/// Opens the chosen device; a GPU only after its self-test.
pub async fn open(choice: DeviceChoice) -> Result<OpenDevice> {
    opened(choice, gpu()).await
}

/// The same; the GPU is that of this number among [`adapters`] or CUDA's, or the system's choice where none is given.
#[cfg(not(target_family = "wasm"))]
pub async fn open_numbered(choice: DeviceChoice, number: Option<usize>) -> Result<OpenDevice> {
    match (choice, number) {
        (DeviceChoice::Cuda, Some(number)) => opened(DeviceChoice::Gpu, cuda::open(number)).await,
        (_, Some(number)) => opened(choice, numbered_gpu(number)).await,
        (_, None) => open(choice).await,
    }
}

/// The choice between the CPU and a GPU, which is opened only if it is wanted.
async fn opened(choice: DeviceChoice, gpu: impl Future<Output = Result<OpenDevice>>) -> Result<OpenDevice> {
    #[cfg(all(not(target_family = "wasm"), feature = "kernel-cache"))]
    kernel_cache::keep();
    match choice {
        DeviceChoice::Cpu => Ok(cpu(String::new())),
        DeviceChoice::Gpu => gpu.await,
        DeviceChoice::Cuda => cuda::open(0).await,
        DeviceChoice::Auto => Ok(gpu.await.unwrap_or_else(|error| cpu(format!("no GPU is used: {error}")))),
    }
}

fn cpu(note: String) -> OpenDevice {
    OpenDevice { device: Device::flex(), is_gpu: false, name: cpu_name(), note }
}

#[cfg(not(target_family = "wasm"))]
fn cpu_name() -> String {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    format!("CPU, {threads} thread{}", if threads == 1 { "" } else { "s" })
}

#[cfg(target_family = "wasm")]
fn cpu_name() -> String {
    "CPU, WebAssembly SIMD".into()
}

#[cfg(any(not(target_family = "wasm"), feature = "webgpu"))]
async fn gpu() -> Result<OpenDevice> {
    gpu_by(Device::wgpu_options()).await
}

/// A native software rasteriser is refused, also where a GPU is asked for by name: it is slower than the CPU backend, and Mesa 22's crashes on the first
/// shader. In a page it is the browser's own, works, and lets tests run without a GPU.
#[cfg(any(not(target_family = "wasm"), feature = "webgpu"))]
async fn gpu_by(options: WgpuOptions) -> Result<OpenDevice> {
    let failed = |error: &dyn std::fmt::Display| Error::device("GPU", error);
    let (device, setup) = options.init_with_setup_async().await.map_err(|error| failed(&error))?;
    let info = setup.adapter.get_info();
    let name = name_of(&info);
    if cfg!(not(target_family = "wasm")) && is_software(&info) {
        return Err(Error::device(name, SOFTWARE));
    }
    GPU.get_or_init(|| Gpu { burn: device.clone(), device: setup.device, queue: setup.queue });
    tested(device, name).await
}

/// A GPU that computes what the CPU does.
#[cfg(any(not(target_family = "wasm"), feature = "webgpu"))]
async fn tested(device: Device, name: String) -> Result<OpenDevice> {
    self_test(&device).await.map_err(|problem| Error::device(&name, format!("failed its self-test: {problem}")))?;
    Ok(OpenDevice { device, is_gpu: true, name, note: String::new() })
}

#[cfg(any(not(target_family = "wasm"), feature = "webgpu"))]
fn name_of(info: &wgpu::AdapterInfo) -> String {
    format!("{} ({:?})", if info.name.is_empty() { "GPU" } else { &info.name }, info.backend)
}

#[cfg(any(not(target_family = "wasm"), feature = "webgpu"))]
fn is_software(info: &wgpu::AdapterInfo) -> bool {
    info.device_type == wgpu::DeviceType::Cpu
}

/// Why a software rasteriser is refused.
pub const SOFTWARE: &str = "is a software rasteriser, slower than the CPU engine";

#[cfg(not(target_family = "wasm"))]
async fn numbered_gpu(number: usize) -> Result<OpenDevice> {
    let infos = infos().await;
    let count = || infos.iter().filter(|info| !is_software(info)).count();
    let (kind, api) = selector(&infos, number).ok_or_else(|| no_such("gpu", number, count()))?;
    gpu_by(Device::wgpu_options().device_kind(kind).graphics_api(api)).await
}

/// That no GPU has a number among `count`, in the words of `--device`.
#[cfg(not(target_family = "wasm"))]
fn no_such(kind: &str, number: usize, count: usize) -> Error {
    let problem = match count {
        0 => "there is no GPU".into(),
        1 => format!("the only GPU is {kind}:0"),
        count => format!("the GPUs are {kind}:0 to {kind}:{}", count - 1),
    };
    Error::device(format!("{kind}:{number}"), problem)
}

/// How burn calls the GPU of a number: by its kind, counted among its like on its graphics interface.
#[cfg(not(target_family = "wasm"))]
fn selector(infos: &[wgpu::AdapterInfo], number: usize) -> Option<(DeviceKind, WgpuBackend)> {
    let (at, info) = infos.iter().enumerate().filter(|(_, info)| !is_software(info)).nth(number)?;
    let nth = infos[..at].iter().filter(|other| (other.device_type, other.backend) == (info.device_type, info.backend)).count();
    let kind = match info.device_type {
        wgpu::DeviceType::DiscreteGpu => DeviceKind::DiscreteGpu(nth),
        wgpu::DeviceType::IntegratedGpu => DeviceKind::IntegratedGpu(nth),
        wgpu::DeviceType::VirtualGpu => DeviceKind::VirtualGpu(nth),
        wgpu::DeviceType::Cpu | wgpu::DeviceType::Other => DeviceKind::DefaultDevice,
    };
    let api = match info.backend {
        wgpu::Backend::Vulkan => WgpuBackend::Vulkan,
        wgpu::Backend::Metal => WgpuBackend::Metal,
        wgpu::Backend::Dx12 => WgpuBackend::Dx12,
        _ => WgpuBackend::Auto,
    };
    Some((kind, api))
}

/// A GPU that the system offers.
#[derive(Debug, Clone)]
pub struct Adapter {
    /// What `--device gpu:N` calls it; none for a program on the CPU.
    pub number: Option<usize>,
    /// Its name, as [`OpenDevice::name`] has it.
    pub name: String,
}

/// All GPUs that the system offers to this program; none is opened.
#[cfg(not(target_family = "wasm"))]
pub async fn adapters() -> Vec<Adapter> {
    let mut numbers = 0..;
    let adapter = |info: &wgpu::AdapterInfo| Adapter { name: name_of(info), number: if is_software(info) { None } else { numbers.next() } };
    infos().await.iter().map(adapter).collect()
}

#[cfg(not(target_family = "wasm"))]
async fn infos() -> Vec<wgpu::AdapterInfo> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    instance.enumerate_adapters(wgpu::Backends::PRIMARY).await.iter().map(wgpu::Adapter::get_info).collect()
}

#[cfg(all(target_family = "wasm", not(feature = "webgpu")))]
async fn gpu() -> Result<OpenDevice> {
    Err(Error::device("GPU", "this package of the engine computes on the CPU only"))
}

/// The CPU backend.
pub fn cpu_device() -> Device {
    Device::flex()
}

/// Whether it is the CPU backend.
pub fn is_cpu(device: &Device) -> bool {
    *device == Device::flex()
}

/// A flat vector on a device.
pub fn vector(numbers: Vec<f32>, device: &Device) -> Tensor<1> {
    let len = numbers.len();
    Tensor::from_data(TensorData::new(numbers, [len]), device)
}

/// Rows of `width` numbers on a device, `[numbers / width, width]`.
pub fn rows(numbers: Vec<f32>, width: usize, device: &Device) -> Tensor<2> {
    let count = numbers.len() / width;
    Tensor::from_data(TensorData::new(numbers, [count, width]), device)
}

/// Rows in 64 bits, for sums over many of them; on the CPU, where alone there are such numbers.
pub fn exact_rows(numbers: Vec<f64>, width: usize) -> Tensor<2> {
    let count = numbers.len() / width;
    Tensor::from_data(TensorData::new(numbers, [count, width]), (&cpu_device(), DType::F64))
}

/// Classes as rows of one 1 among zeros, `[count, classes]`; none where there are no classes.
pub fn one_hot(labels: &[u32], classes: usize, device: &Device) -> Option<Tensor<2>> {
    let one = |&label: &u32| (0..classes).map(move |class| f32::from(u8::from(class == label as usize)));
    (classes > 0 && !labels.is_empty()).then(|| rows(labels.iter().flat_map(one).collect(), classes, device))
}

/// Reads a tensor's numbers, row after row.
pub async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor.into_data_async().await.map_err(|error| lost(&error))?;
    data.convert::<f32>().try_into_vec().map_err(|error| lost(&error))
}

/// Reads numbers of 64 bits, row after row.
pub async fn read_exact<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f64>> {
    let data = tensor.into_data_async().await.map_err(|error| lost(&error))?;
    data.convert::<f64>().try_into_vec().map_err(|error| lost(&error))
}

/// Reads several vectors with one wait.
pub async fn read_all(tensors: Vec<Tensor<1>>) -> Result<Vec<Vec<f32>>> {
    let transaction = tensors.into_iter().fold(Transaction::default(), Transaction::register);
    let data = transaction.execute_async().await.map_err(|error| lost(&error))?;
    data.into_iter().map(|data| data.convert::<f32>().try_into_vec().map_err(|error| lost(&error))).collect()
}

fn lost(error: &dyn std::fmt::Debug) -> Error {
    Error::device("the device", format!("a result could not be read: {error:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gpus_are_numbered_as_they_are_listed_and_chosen_by_kind_and_interface() {
        use wgpu::{AdapterInfo, Backend, DeviceType};
        let infos = [
            (DeviceType::IntegratedGpu, Backend::Vulkan),
            (DeviceType::DiscreteGpu, Backend::Vulkan),
            (DeviceType::Cpu, Backend::Vulkan),
            (DeviceType::DiscreteGpu, Backend::Vulkan),
            (DeviceType::DiscreteGpu, Backend::Dx12),
        ]
        .map(|(kind, backend)| AdapterInfo::new(kind, backend));
        let chosen = [
            Some((DeviceKind::IntegratedGpu(0), WgpuBackend::Vulkan)),
            Some((DeviceKind::DiscreteGpu(0), WgpuBackend::Vulkan)),
            Some((DeviceKind::DiscreteGpu(1), WgpuBackend::Vulkan)),
            Some((DeviceKind::DiscreteGpu(0), WgpuBackend::Dx12)),
            None,
        ];
        assert_eq!([0, 1, 2, 3, 4].map(|number| selector(&infos, number)), chosen);
    }
}
