//! The native program as people use it: the real binary, real files, real signals.
#![cfg(not(target_family = "wasm"))]

mod bad_input;
mod data_sets;
mod fidelity;
mod images;
mod operations;
mod program;
mod questions;
mod serving;
mod training;
