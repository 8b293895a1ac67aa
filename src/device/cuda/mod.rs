//! NVIDIA's GPUs through CUDA. There are no shaders of our own there: every game goes through burn's tensors.

use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::tensor::{Device, DeviceType};

use super::{OpenDevice, no_such, tested};
use crate::error::{Error, Result};

/// Whether this program can use them.
pub const IS_BUILT: bool = true;

/// How many CUDA finds; none where its driver is not installed.
pub fn count() -> usize {
    Device::enumerate(DeviceType::Cuda).into_iter().count()
}

/// Opens that of a number, after its self-test.
pub async fn open(number: usize) -> Result<OpenDevice> {
    let (device, name) = match count() {
        0 => return Err(Error::device("CUDA", "there is no NVIDIA driver, or no GPU that it knows")),
        count if number >= count => return Err(no_such("cuda", number, count)),
        _ => named(number)?,
    };
    tested(device, name).await
}

/// CUDA's context and the card's own name. burn's runtime answers a driver that refuses, such as one that is too old, with a panic.
fn named(number: usize) -> Result<(Device, String)> {
    let open = || {
        let device = Device::cuda(number);
        let name = device.identity().map_or_else(|| "NVIDIA GPU".into(), |identity| identity.name);
        (device, format!("{name} (CUDA)"))
    };
    catch_unwind(AssertUnwindSafe(open))
        .map_err(|_| Error::device(format!("cuda:{number}"), "its driver refused; what it said stands above"))
}
