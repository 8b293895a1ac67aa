//! The native program as people use it: the real binary, real files, real signals.
#![cfg(not(target_family = "wasm"))]

mod bad_input;
mod data_sets;
mod fidelity;
mod images;
mod killing;
mod operations;
mod processes;
mod program;
mod questions;
mod safety;
mod serving;
mod training;

#[path = "../shared/inception.rs"]
mod inception_weights;
