//! Where there is no GPU to compute on, there are no shaders.

use crate::device::Gpu;
use crate::error::Result;
use crate::kernel::{Beside, Outcome, Plan, Player, Settings};

/// Never made.
#[derive(Debug)]
pub enum ShaderGame {}

impl ShaderGame {
    /// Never asked.
    pub fn fits(gpu: &Gpu, _: [&Plan; 2], _: usize) -> bool {
        match *gpu {}
    }

    /// Never made.
    pub fn new(gpu: &Gpu, _: [&Plan; 2], _: usize, _: [&Player<f32>; 2], _: &[f32]) -> Self {
        match *gpu {}
    }

    /// Samples of a batch.
    pub fn rows(&self) -> usize {
        match *self {}
    }

    /// D's turn.
    pub fn critic_step(&mut self, _: &Settings, _: &[f32], _: &[f32], _: Option<Beside<f32>>) {
        match *self {}
    }

    /// G's turn.
    pub fn generator_step(&mut self, _: &Settings, _: &[f32], _: &[f32], _: f64) {
        match *self {}
    }

    /// What it has made.
    pub async fn read(&mut self) -> Result<Outcome<f32>> {
        match *self {}
    }
}

/// Never asked.
pub async fn self_test(gpu: &Gpu, _: &Plan) -> Result<()> {
    match *gpu {}
}
