//! `sparring benchmark`: whole studies, as tables.

mod cell;
mod table;
mod target;
mod toys;

use clap::Subcommand;

use super::error::Result;

/// The studies.
#[derive(Debug, Subcommand)]
pub enum Benchmark {
    /// Trains methods on toy data over seeds, in parallel on the cores, and prints mean and standard error of their metrics.
    Toys(toys::ToysArgs),
}

/// Runs a study.
pub fn run(study: &Benchmark) -> Result<()> {
    match study {
        Benchmark::Toys(args) => toys::run(args),
    }
}
