//! `sparring train` beyond training: what would run, what is kept.

use std::fs;
use std::path::Path;

use crate::program::*;

#[test]
fn a_dry_run_says_what_would_run_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let told = |args: &[&str], words: &[&str]| {
        let before = names(dir.path());
        let said = train(dir.path(), &[&["--dry-run"], args].concat()).done().stdout;
        words.iter().for_each(|word| assert!(said.contains(word), "no `{word}` in: {said}"));
        assert_eq!(names(dir.path()), before, "{args:?} left something");
        said
    };
    let run = Path::new("runs").join("00000-ring8-mlp").display().to_string();
    let said = told(&["--kimg", "3"], &[&run, "ring8: points", "batch=32", "3,008 images in 94 steps of 32 images", "metrics.jsonl"]);
    assert!(said.contains("kimg=3") && !said.contains("seed="), "only what differs from the preset: {said}");

    // What it says comes true: parameters, images, the size of checkpoints.
    let ended = train(dir.path(), &["--kimg", "3"]).done();
    assert!(ended.stderr.contains(&parameters(&said)), "{said} and {}", ended.stderr);
    let size = newest_bytes(&dir.path().join("runs/00000-ring8-mlp")).len();
    let digits: String = said.split(" bytes each").next().unwrap().rsplit(' ').next().unwrap().replace(',', "");
    assert_eq!(digits.parse::<usize>().unwrap().abs_diff(size) / 64, 0, "the header's counters alone may grow: {said}");
    told(&["--kimg", "3"], &["00001-ring8-mlp"]);
    told(&["--resume", "--kimg", "5"], &[&run, "resumed at 3,008 images", "2,016 images in 63 steps", "kimg=5"]);
}

/// `G 1,234, D 567` as the run itself says it.
fn parameters(said: &str) -> String {
    let line = said.lines().find(|line| line.starts_with("parameters")).expect("a line of parameters");
    let (g, d) = line.split_once(", D ").expect("both players");
    format!("({} + {d} parameters)", g.rsplit(' ').next().expect("a number"))
}

#[test]
fn a_dry_run_counts_images_and_refuses_what_a_run_would_refuse() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("train-images-idx3-ubyte"), idx_images(64)).unwrap();
    let mnist = |args: &[&str]| sparring(dir.path(), &[&["train", "mnist", "--device", "cpu", "--dry-run"], args].concat());
    let said = mnist(&["--data", "."]).done().stdout;
    assert!(said.contains("mnist: 64 images of 1x28x28, without classes") && said.contains("those of the preset\n"), "{said}");
    mnist(&["--data", "nowhere"]).refused(1, &["--data nowhere"]);
    mnist(&["--data", ".", "--set", "batch=0"]).refused(2, &["`batch`"]);
    mnist(&["--data", ".", "--out", "."]).refused(2, &["--out .", "not empty"]);
    mnist(&["--data", ".", "--out", "train-images-idx3-ubyte/run"]).refused(1, &["train-images-idx3-ubyte/run"]);
    assert_eq!(names(dir.path()), ["train-images-idx3-ubyte"]);
}
