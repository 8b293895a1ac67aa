//! `--device`: where to compute.

use std::fmt;
use std::str::FromStr;

use super::error::Result;
use super::terminal::note;
use super::wait;
use crate::device::{self, DeviceChoice, OpenDevice, cuda};
use crate::team::Part;

/// How it is written.
pub const FORMS: &str = "auto|cpu|gpu|gpu:N|cuda|cuda:N";

/// `auto`, `cpu`, `gpu` or `cuda`, or `gpu:1` or `cuda:1` for the GPU of that number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceArg {
    choice: DeviceChoice,
    /// Which GPU, as `sparring devices` numbers them; the system's choice where none is named.
    number: Option<usize>,
}

impl FromStr for DeviceArg {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let refused = || "it can be auto, cpu, gpu or cuda, or gpu:N or cuda:N with a number that `sparring devices` shows".to_owned();
        let (word, number) = match text.split_once(':') {
            Some((word, number)) => (word, Some(number.parse().map_err(|_| refused())?)),
            None => (text, None),
        };
        let choice = match (word, number) {
            ("auto", None) => DeviceChoice::Auto,
            ("cpu", None) => DeviceChoice::Cpu,
            ("gpu", _) => DeviceChoice::Gpu,
            ("cuda", _) => DeviceChoice::Cuda,
            _ => return Err(refused()),
        };
        Ok(Self { choice, number })
    }
}

impl fmt::Display for DeviceArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.choice {
            DeviceChoice::Auto => "auto",
            DeviceChoice::Cpu => "cpu",
            DeviceChoice::Gpu => "gpu",
            DeviceChoice::Cuda => "cuda",
        })?;
        self.number.map_or(Ok(()), |number| write!(f, ":{number}"))
    }
}

impl DeviceArg {
    /// Opens the device and says which it became.
    pub fn open(self) -> Result<OpenDevice> {
        let opened = wait(device::open_numbered(self.choice, self.number))?;
        let why = if opened.note.is_empty() { String::new() } else { format!(" ({})", opened.note) };
        note(format!("device: {}{why}", opened.name));
        Ok(opened)
    }

    /// The same for one of several processes: those of a machine take its GPUs in turn, unless one is named.
    pub fn open_for(self, part: &Part) -> Result<OpenDevice> {
        let gpus = || match self.choice {
            DeviceChoice::Cuda => cuda::count(),
            _ => wait(device::adapters()).iter().filter(|adapter| adapter.number.is_some()).count(),
        };
        self.in_turn(part.place(), gpus).open()
    }

    fn in_turn(self, place: Option<usize>, gpus: impl FnOnce() -> usize) -> Self {
        match place {
            Some(place) if self.choice != DeviceChoice::Cpu && self.number.is_none() => Self { number: place.checked_rem(gpus()), ..self },
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arg(text: &str) -> DeviceArg {
        text.parse().expect("a device")
    }

    #[test]
    fn a_device_is_written_as_it_is_read_and_anything_else_is_refused() {
        for text in ["auto", "cpu", "gpu", "gpu:0", "gpu:12", "cuda", "cuda:3"] {
            assert_eq!(arg(text).to_string(), text);
        }
        for text in ["", "GPU", "gpu:", "gpu:-1", "gpu:x", "cpu:1", "auto:0", "cuda:", "1"] {
            assert!(text.parse::<DeviceArg>().expect_err("it is refused").contains("gpu:N"), "{text}");
        }
    }

    #[test]
    fn processes_of_a_machine_take_its_gpus_in_turn_unless_one_is_named() {
        let turns = |text: &str, gpus| [Some(0), Some(1), Some(2), None].map(|place| arg(text).in_turn(place, || gpus).to_string());
        assert_eq!(turns("gpu", 2), ["gpu:0", "gpu:1", "gpu:0", "gpu"]);
        assert_eq!(turns("auto", 2), ["auto:0", "auto:1", "auto:0", "auto"]);
        assert_eq!(turns("cuda", 2), ["cuda:0", "cuda:1", "cuda:0", "cuda"]);
        assert_eq!(turns("auto", 0), ["auto"; 4]);
        assert_eq!(turns("cpu", 2), ["cpu"; 4]);
        assert_eq!(turns("gpu:1", 2), ["gpu:1"; 4]);
    }
}
