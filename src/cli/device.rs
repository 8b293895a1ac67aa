//! `--device`: where to compute.

use std::fmt;
use std::str::FromStr;

use super::error::Result;
use super::terminal::note;
use super::wait;
use crate::device::{self, DeviceChoice, OpenDevice};
use crate::team::Part;

/// How it is written.
pub const FORMS: &str = "auto|cpu|gpu|gpu:N";

/// `auto`, `cpu`, `gpu`, or `gpu:1` for the GPU of that number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceArg {
    choice: DeviceChoice,
    /// Which GPU, as `sparring devices` numbers them; the system's choice where none is named.
    number: Option<usize>,
}

impl FromStr for DeviceArg {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let any = |choice| Ok(Self { choice, number: None });
        match text {
            "auto" => any(DeviceChoice::Auto),
            "cpu" => any(DeviceChoice::Cpu),
            "gpu" => any(DeviceChoice::Gpu),
            _ => {
                let number = text.strip_prefix("gpu:").and_then(|number| number.parse().ok());
                let named = number.map(|number| Self { choice: DeviceChoice::Gpu, number: Some(number) });
                named.ok_or_else(|| "it can be auto, cpu, gpu, or gpu:N with a number that `sparring devices` shows".into())
            }
        }
    }
}

impl fmt::Display for DeviceArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.choice {
            DeviceChoice::Auto => "auto",
            DeviceChoice::Cpu => "cpu",
            DeviceChoice::Gpu => "gpu",
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
        let gpus = || wait(device::adapters()).iter().filter(|adapter| adapter.number.is_some()).count();
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
        for text in ["auto", "cpu", "gpu", "gpu:0", "gpu:12"] {
            assert_eq!(arg(text).to_string(), text);
        }
        for text in ["", "GPU", "gpu:", "gpu:-1", "gpu:x", "cpu:1", "1"] {
            assert!(text.parse::<DeviceArg>().expect_err("it is refused").contains("gpu:N"), "{text}");
        }
    }

    #[test]
    fn processes_of_a_machine_take_its_gpus_in_turn_unless_one_is_named() {
        let turns = |text: &str, gpus| [Some(0), Some(1), Some(2), None].map(|place| arg(text).in_turn(place, || gpus).to_string());
        assert_eq!(turns("gpu", 2), ["gpu:0", "gpu:1", "gpu:0", "gpu"]);
        assert_eq!(turns("auto", 2), ["auto:0", "auto:1", "auto:0", "auto"]);
        assert_eq!(turns("auto", 0), ["auto"; 4]);
        assert_eq!(turns("cpu", 2), ["cpu"; 4]);
        assert_eq!(turns("gpu:1", 2), ["gpu:1"; 4]);
    }
}
