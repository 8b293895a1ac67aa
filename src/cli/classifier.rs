//! `sparring classifier`: the networks whose features images are measured by, trained and tested.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::data::{Split, labelled};
use super::device::{DeviceArg, FORMS};
use super::error::Result;
use super::terminal::{self, note};
use super::{files, targets, wait};
use crate::fidelity::{Card, Network, Recipe, Training, accuracy, parse, to_bytes};

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Classifier {
    /// Trains one as its weights here were trained, and says its accuracy on the test images.
    Train(TrainArgs),
    /// The accuracy of one on the test images.
    Test(TestArgs),
}

/// The arguments of `train`.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// lenet-mnist, lenet-fashion or resnet-cifar.
    #[arg(value_parser = network)]
    network: Network,
    /// The folder with the training and the test images and their labels: IDX files, or CIFAR-10's batches or archive.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// Where to; ends in .safetensors.
    #[arg(long, value_name = "FILE.safetensors")]
    out: PathBuf,
    /// Seed of the weights, the order and the shifts.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Times that each image is seen [default: as the weights here were trained].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1000))]
    epochs: Option<u64>,
    /// Where to compute; `sparring devices` shows what there is, and its numbers.
    #[arg(long, value_name = FORMS, default_value = "auto")]
    device: DeviceArg,
}

/// The arguments of `test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// A classifier that `train` wrote.
    #[arg(value_name = "FILE.safetensors")]
    file: PathBuf,
    /// The folder with the test images and their labels: IDX files, or CIFAR-10's batch or archive.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// Where to compute; `sparring devices` shows what there is, and its numbers.
    #[arg(long, value_name = FORMS, default_value = "auto")]
    device: DeviceArg,
}

/// Does it.
pub fn run(what: &Classifier) -> Result<()> {
    match what {
        Classifier::Train(args) => train(args),
        Classifier::Test(args) => test(args),
    }
}

fn train(args: &TrainArgs) -> Result<()> {
    targets::check_ending("--out", Some(&args.out), "safetensors")?;
    targets::check(&[("--out", Some(&args.out))], &[Some(&args.data)])?;
    let network = args.network;
    let [images, tests] = [Split::Train, Split::Test].map(|part| labelled(network, &args.data, part));
    let (images, tests) = (images?, tests?);
    let planned = network.recipe();
    let epochs = args.epochs.map_or(planned.epochs, |epochs| epochs as usize);
    let recipe = Recipe { seed: args.seed.unwrap_or(planned.seed), epochs, ..planned };
    let device = args.device.open()?.device;
    let mut training = Training::new(network, &images, recipe, &device);
    for epoch in 1..=epochs {
        let loss = wait(training.epoch())?;
        let found = wait(accuracy(network, &wait(training.learnt())?, &tests, &device))?;
        note(format!("epoch {epoch} of {epochs}: loss {loss:.4}, accuracy on the test images {:.2} %", 100.0 * found));
    }
    let draft = to_bytes(&Card { classifier: network, recipe, accuracy: 0.0 }, &wait(training.learnt())?)?;
    // What is said of it is true of what is written: 16-bit floats.
    let (card, kept) = parse(&draft, "the classifier")?;
    let accuracy = wait(accuracy(network, &kept, &tests, &device))?;
    let bytes = to_bytes(&Card { accuracy, ..card }, &kept)?;
    files::write(&args.out, &bytes)?;
    note(format!("wrote {} ({:.1} kB), accuracy {:.2} %", args.out.display(), bytes.len() as f64 / 1000.0, 100.0 * accuracy));
    Ok(())
}

fn test(args: &TestArgs) -> Result<()> {
    let (card, learnt) = parse(&files::read(&args.file)?, &args.file.display().to_string())?;
    let tests = labelled(card.classifier, &args.data, Split::Test)?;
    let found = wait(accuracy(card.classifier, &learnt, &tests, &args.device.open()?.device))?;
    terminal::print(format!("{}: {:.2} % of {} test images", card.classifier.name(), 100.0 * found, tests.labels.len()))
}

/// `lenet-mnist`.
fn network(text: &str) -> std::result::Result<Network, String> {
    let names = || Network::ALL.map(Network::name).join(", ");
    Network::ALL.into_iter().find(|network| network.name() == text).ok_or_else(|| format!("there are: {}", names()))
}
