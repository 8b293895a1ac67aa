//! `sparring devices`: where runs can be computed, and why a GPU is refused.

use super::error::Result;
use super::{terminal, wait};
use crate::device::{self, Adapter, DeviceChoice, OpenDevice, cuda};
use crate::error::{Error, Result as Opened};

/// Prints the table.
pub fn run() -> Result<()> {
    let cpu = wait(device::open(DeviceChoice::Cpu))?;
    let adapters = wait(device::adapters());
    let gpu = wait(device::open(DeviceChoice::Gpu));
    let auto = if gpu.is_ok() { "" } else { ", and by --device auto" };
    let mut rows = vec![["cpu".into(), cpu.name, format!("taken by --device cpu{auto}")]];
    rows.extend(states(&adapters, &gpu).into_iter().zip(&adapters).map(|(state, adapter)| [kind(adapter), adapter.name.clone(), state]));
    if let (Err(error), true) = (&gpu, adapters.is_empty()) {
        rows.push(unlisted(error));
    }
    if cuda::IS_BUILT {
        rows.extend(by_cuda(cuda::count(), || wait(device::open(DeviceChoice::Cuda))));
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (kind, name) = (width(0), width(1));
    let lines: Vec<String> = rows.iter().map(|[what, device, state]| format!("{what:<kind$}  {device:<name$}  {state}")).collect();
    terminal::print(lines.join("\n"))
}

/// As `--device` calls it.
fn kind(adapter: &Adapter) -> String {
    adapter.number.map_or_else(|| "gpu".into(), |number| format!("gpu:{number}"))
}

/// Where nothing is listed: what was tried all the same, such as a rasteriser for OpenGL, or that there is nothing.
fn unlisted(error: &Error) -> [String; 3] {
    match error {
        Error::Device { device, problem } if device != "GPU" => ["gpu".into(), device.clone(), format!("refused: {problem}")],
        _ => ["gpu".into(), "none".into(), error.to_string()],
    }
}

/// The GPUs that CUDA numbers, of which the first is tried.
fn by_cuda(count: usize, first: impl FnOnce() -> Opened<OpenDevice>) -> Vec<[String; 3]> {
    let row = |number: usize, name: &str, state: String| [format!("cuda:{number}"), name.into(), state];
    let untried = |number| row(number, "NVIDIA GPU", format!("not tried; taken by --device cuda:{number} if it passes the self-test"));
    let tried = match first() {
        Ok(opened) => row(0, &opened.name, "passes the self-test; taken by --device cuda".into()),
        Err(error) if count == 0 => ["cuda".into(), "none".into(), error.to_string()],
        Err(Error::Device { device, problem }) => row(0, &device, format!("refused: {problem}")),
        Err(error) => row(0, "NVIDIA GPU", format!("refused: {error}")),
    };
    std::iter::once(tried).chain((1..count).map(untried)).collect()
}

/// What becomes of each: one is tried, the one that `--device gpu` takes.
fn states(adapters: &[Adapter], gpu: &Opened<OpenDevice>) -> Vec<String> {
    let tried = match gpu {
        Ok(opened) => Some((&opened.name, "passes the self-test; taken by --device gpu and auto".to_owned())),
        Err(Error::Device { device, problem }) => Some((device, format!("refused: {problem}"))),
        Err(_) => None,
    };
    let tried = tried.and_then(|(name, state)| Some((adapters.iter().position(|adapter| adapter.name == *name)?, state)));
    let state = |(place, adapter): (usize, &Adapter)| match (&tried, adapter.number, gpu) {
        (Some((at, state)), ..) if *at == place => state.clone(),
        (_, None, _) => format!("refused: {}", device::SOFTWARE),
        (None, _, Err(error)) => format!("refused: {error}"),
        (_, Some(number), _) => format!("not tried; taken by --device gpu:{number} if it passes the self-test"),
    };
    adapters.iter().enumerate().map(state).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapter(name: &str, number: Option<usize>) -> Adapter {
        Adapter { name: name.into(), number }
    }

    #[test]
    fn of_several_gpus_one_is_tried_and_the_others_say_why_not() {
        let adapters = [adapter("A (Vulkan)", Some(0)), adapter("A (Vulkan)", Some(1)), adapter("llvmpipe (Vulkan)", None)];
        let failed = states(&adapters, &Err(Error::device("A (Vulkan)", "failed its self-test: matmul")));
        let untried = "not tried; taken by --device gpu:1 if it passes the self-test";
        assert_eq!(failed, ["refused: failed its self-test: matmul", untried, &format!("refused: {}", device::SOFTWARE)]);
        assert_eq!(adapters.each_ref().map(kind), ["gpu:0", "gpu:1", "gpu"]);
        let none = states(&adapters[..1], &Err(Error::device("GPU", "could not be opened")));
        assert_eq!(none, ["refused: GPU: could not be opened"]);
    }

    #[test]
    fn of_cudas_gpus_the_first_is_tried_and_where_it_finds_none_the_driver_is_asked_for() {
        let rows = |count, problem: &str| {
            by_cuda(count, || Err(Error::device("H200 (CUDA)", problem))).iter().map(|row| row.join(" | ")).collect::<Vec<_>>()
        };
        assert_eq!(rows(0, "there is no NVIDIA driver"), ["cuda | none | H200 (CUDA): there is no NVIDIA driver"]);
        let untried = "cuda:1 | NVIDIA GPU | not tried; taken by --device cuda:1 if it passes the self-test";
        assert_eq!(rows(2, "failed its self-test"), ["cuda:0 | H200 (CUDA) | refused: failed its self-test", untried]);
    }

    #[test]
    fn what_is_tried_without_being_listed_is_named_as_what_it_is() {
        let row = |device: &str, problem: &str| unlisted(&Error::device(device, problem)).join(" | ");
        assert_eq!(row("llvmpipe (Gl)", device::SOFTWARE), format!("gpu | llvmpipe (Gl) | refused: {}", device::SOFTWARE));
        assert_eq!(row("GPU", "no adapter"), "gpu | none | GPU: no adapter");
    }
}
