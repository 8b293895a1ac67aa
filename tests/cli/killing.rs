//! A run that is killed at any moment goes on, and ends as the run that never was.

use std::fs;
use std::path::Path;
use std::process::Child;
use std::time::Instant;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::program::*;
use crate::training::assert_same_run;

/// Something is always being written: a line each step, a picture, a measurement and a checkpoint each thousand images.
const BUSY: [&str; 12] = [
    "--kimg",
    "40",
    "--stats-kimg",
    "0.032",
    "--checkpoint-kimg",
    "1",
    "--snapshot-kimg",
    "1",
    "--metrics-kimg",
    "1",
    "--tensorboard",
    "--no-rollback",
];

/// The lines of a record are whole, and their steps increase; those of warnings, of which one step may give two, do not decrease.
fn assert_records_are_whole(run: &Path) {
    for name in names(run).into_iter().filter(|name| name.ends_with(".jsonl")) {
        let text = fs::read_to_string(run.join(&name)).expect("readable");
        assert!(text.is_empty() || text.ends_with('\n'), "{name}: half a line");
        let steps: Vec<u64> = record(run.join(&name)).iter().map(|line| line["step"].as_u64().expect("a step")).collect();
        let equal = name == "warnings.jsonl";
        assert!(steps.windows(2).all(|pair| pair[0] < pair[1] || equal && pair[0] == pair[1]), "{name}: {steps:?}");
    }
}

/// Starts a run, or goes on with it; before there is a folder there is nothing to go on with.
fn going_on(dir: &Path) -> Child {
    let resume: &[&str] = if dir.join("killed").exists() { &["--resume"] } else { &[] };
    start_training(dir, &[&BUSY[..], &["--out", "killed"], resume].concat())
}

/// A run that was killed on its way, at its end.
fn assert_came_through(dir: &Path, ended: &Ended) {
    let run = dir.join("killed");
    assert!(!ended.stderr.contains("skipped"), "{}", ended.stderr);
    assert_same_run(&dir.join("whole"), &run);
    assert_records_are_whole(&run);
    assert!(!names(&run.join("checkpoints")).iter().any(|name| name.contains("unfinished") || name.contains("damaged")));
}

/// Kills a run so many times, each time after a delay of the seed. When it ends in spite of it, it is compared with the run that was not killed, and begun anew.
fn killed(times: usize, seed: u64) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let begun = Instant::now();
    train(dir.path(), &[&BUSY[..], &["--out", "whole"]].concat()).done();
    let length = begun.elapsed();
    let run = dir.path().join("killed");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut kills = 0;
    while kills < times {
        let mut child = going_on(dir.path());
        let delay = length.mul_f64(random.random_range(0.0..0.25));
        std::thread::sleep(delay);
        if child.try_wait().expect("a child").is_some() {
            assert_came_through(dir.path(), &end_of(child).done());
            fs::remove_dir_all(&run).expect("writable");
            continue;
        }
        child.kill().expect("it runs"); // -9
        assert!(!child.wait().expect("it ends").success());
        kills += 1;
        if let Some((_, newest)) = newest_checkpoint(&run) {
            let bytes = fs::read(&newest).expect("readable");
            sparring::checkpoint::Checkpoint::parse(&bytes, "newest").unwrap_or_else(|error| panic!("kill {kills}, {delay:?}: {error}"));
        }
    }
    assert_came_through(dir.path(), &end_of(going_on(dir.path())).done());
}

#[test]
fn a_run_killed_a_dozen_times_at_random_moments_ends_as_the_run_that_was_not() {
    killed(12, 1);
}

#[test]
fn a_run_killed_right_after_its_first_checkpoint_still_gets_its_first_picture_and_its_fingerprint() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let data = dir.path().join("images");
    fs::create_dir(&data).expect("writable");
    for name in ["a.png", "b.png"] {
        image::GrayImage::from_fn(16, 16, |x, y| image::Luma([(x * 13 + y) as u8])).save(data.join(name)).expect("writable");
    }
    let train = |args: &[&str]| {
        let small = ["--set", "image.resolution=16", "--set", "batch=4", "--set", "generator.width=8", "--set", "critic.width=8"];
        let cadences = ["--data", "images", "--device", "cpu", "--kimg", "1", "--checkpoint-kimg", "1", "--keep", "9"];
        sparring(dir.path(), &[&["train", "images"], &small[..], &cadences, args].concat()).done()
    };
    train(&["--out", "whole"]);
    let [first, place] = ["whole/checkpoints/000000k.sparring", "killed/checkpoints"].map(|path| dir.path().join(path));
    fs::create_dir_all(&place).expect("writable");
    fs::copy(&first, place.join("000000k.sparring")).expect("writable");
    train(&["--out", "killed", "--resume"]);
    assert_same_run(&dir.path().join("whole"), &dir.path().join("killed"));
    assert!(names(&dir.path().join("killed")).contains(&"data.json".into()));
}

/// `cargo test --release --test cli killed_fifty -- --ignored`
#[test]
#[ignore = "takes a minute; the dozen above is always run"]
fn a_run_killed_fifty_times_at_random_moments_ends_as_the_run_that_was_not() {
    killed(50, 2);
}
