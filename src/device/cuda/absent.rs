//! A program that was built without CUDA.

use super::OpenDevice;
use crate::error::{Error, Result};

/// Whether this program can use NVIDIA's GPUs through CUDA.
pub const IS_BUILT: bool = false;

/// None.
pub fn count() -> usize {
    0
}

/// An error that says how to get it.
pub async fn open(_number: usize) -> Result<OpenDevice> {
    Err(Error::device("CUDA", "this program was built without it: `cargo build --release --features cuda` (docs/building.md)"))
}
