//! sparring: two networks spar, and people watch, learn and measure.
//!
//! One training loop serves the browser and the native program: [`session::Session`] pulls [`game`] steps on any device. `docs/architecture.md` is
//! the map of the house; imports only point down its ranks.

pub mod augment;
pub mod checkpoint;
#[cfg(not(target_family = "wasm"))]
pub mod cli;
pub mod config;
pub mod data;
pub mod device;
pub mod doctor;
pub mod engine;
pub mod error;
pub mod export;
#[cfg(not(target_family = "wasm"))]
pub mod fidelity;
pub mod game;
pub mod kernel;
pub mod latent;
pub mod metrics;
pub mod model;
#[cfg(all(not(target_family = "wasm"), feature = "mpi"))]
mod mpi;
#[cfg(all(not(target_family = "wasm"), not(feature = "mpi")))]
#[path = "mpi/absent.rs"]
mod mpi;
pub mod nn;
pub mod objective;
pub mod optim;
pub mod penalty;
pub mod protocol;
pub mod rng;
pub mod sample;
pub mod schedule;
pub mod session;
#[cfg(any(not(target_family = "wasm"), feature = "webgpu"))]
pub mod shaders;
#[cfg(all(target_family = "wasm", not(feature = "webgpu")))]
#[path = "shaders/absent.rs"]
pub mod shaders;
pub mod team;
#[cfg(target_family = "wasm")]
mod web;
