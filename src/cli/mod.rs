//! The command line: arguments in, files and words out.

mod benchmark;
mod best;
mod cadence;
mod classifier;
mod data;
mod device;
mod devices;
mod error;
mod evaluate;
mod events;
mod export;
mod files;
mod fingerprint;
mod guard;
mod inspect;
mod lines;
mod lock;
mod memory;
mod npy;
mod output;
mod pictures;
mod pixels;
mod presets;
mod processes;
mod progress;
mod records;
mod report;
mod rollback;
mod run_dir;
mod sample;
mod serve;
mod targets;
mod terminal;
mod train;
mod trained;
mod trainer;
mod warnings;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use terminal::note;

/// A GAN playground: trains, samples, measures and exports generative adversarial networks.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped (Ctrl-C and the like) before a run's end.
#[derive(Debug, Parser)]
#[command(name = "sparring", version, disable_help_subcommand = false)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Trains a preset and leaves a run directory.
    #[command(allow_negative_numbers = true)]
    Train(train::TrainArgs),
    /// Lists the presets with what they need.
    Presets,
    /// Lists the CPU and the GPUs, and says which are used and why others are not.
    Devices,
    /// Looks at image data sets, and downloads those that are known by name.
    #[command(subcommand)]
    Data(data::DataCommand),
    /// Draws samples from a trained generator.
    #[command(allow_negative_numbers = true)]
    Sample(sample::SampleArgs),
    /// Measures a trained generator, or images against images.
    #[command(allow_negative_numbers = true)]
    Evaluate(evaluate::EvaluateArgs),
    /// Studies: trains many runs and prints a table.
    #[command(subcommand)]
    Benchmark(benchmark::Benchmark),
    /// Trains and tests the classifiers whose features images are measured by.
    #[command(subcommand)]
    Classifier(classifier::Classifier),
    /// Exports a generator as safetensors, for PyTorch and for the page.
    Export(export::ExportArgs),
    /// Puts a run on one page, report.html in its folder: curves, samples, settings.
    Report(report::ReportArgs),
    /// Says what a checkpoint or an export holds.
    Inspect(inspect::InspectArgs),
    /// Serves the built page on this machine only.
    #[command(allow_negative_numbers = true)]
    Serve(serve::ServeArgs),
}

/// Does what the arguments say; an error is told here, once.
pub fn run(cli: &Cli) -> ExitCode {
    let done = match &cli.command {
        Command::Train(args) => train::run(args),
        Command::Presets => presets::run(),
        Command::Devices => devices::run(),
        Command::Data(command) => data::run(command),
        Command::Sample(args) => sample::run(args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Benchmark(study) => benchmark::run(study),
        Command::Classifier(what) => classifier::run(what),
        Command::Export(args) => export::run(args),
        Command::Report(args) => report::run(args),
        Command::Inspect(args) => inspect::run(args),
        Command::Serve(args) => serve::run(args),
    };
    let Err(error) = done else { return ExitCode::SUCCESS };
    let said = error.to_string();
    note(if matches!(error, error::CliError::Stopped(_)) { said } else { format!("error: {said}") });
    if let Some(hint) = error.hint() {
        note(format!("hint: {hint}"));
    }
    ExitCode::from(error.exit_code())
}

/// Waits for the device: the one place where a native thread blocks on it, beside a gradient that several processes share (`mpi`).
fn wait<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_declared_without_contradiction() {
        <Cli as clap::CommandFactory>::command().debug_assert();
        let _: Cli = Parser::parse_from(["sparring", "presets"]);
    }
}
