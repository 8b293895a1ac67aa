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
    let bytes = newest_bytes(&dir.path().join("runs/00000-ring8-mlp"));
    let mut checkpoint = sparring::checkpoint::Checkpoint::parse(&bytes, "newest").expect("a whole checkpoint");
    checkpoint.header.memory = None;
    let state = checkpoint.to_bytes().expect("a whole checkpoint").len();
    let digits: String = said.split(" bytes each").next().unwrap().rsplit(' ').next().unwrap().replace(',', "");
    let most = digits.parse::<usize>().unwrap();
    assert!(bytes.len() <= most, "{} bytes, and: {said}", bytes.len());
    // What is remembered of a run may take 100 kB beside its state, of which the header's counters alone grow.
    assert_eq!((most - 100_000).abs_diff(state) / 64, 0, "{state} bytes without memory, and: {said}");
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

/// The last line of metrics.jsonl that says it is the best, and the images that its checkpoint had seen.
fn best_of(run: &Path) -> (serde_json::Value, u64) {
    let lines = record(run.join("metrics.jsonl"));
    let told = lines.iter().rfind(|line| line["best"] == true).expect("a best line").clone();
    let bytes = fs::read(run.join("checkpoints/best.sparring")).expect("the best checkpoint");
    let checkpoint = sparring::checkpoint::Checkpoint::parse(&bytes, "best.sparring").expect("a whole checkpoint");
    (told, checkpoint.header.images)
}

#[test]
fn the_newest_checkpoints_and_the_best_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let cadence = ["--checkpoint-kimg", "2", "--metrics-kimg", "1", "--keep", "3", "--out", "run"];
    let ended = train(dir.path(), &[&["--kimg", "12"], &cadence[..]].concat()).done();
    let run = dir.path().join("run");
    assert_eq!(names(&run.join("checkpoints")).len(), 5); // its lock, too
    let check = || {
        let (told, images) = best_of(&run);
        let least = record(run.join("metrics.jsonl")).iter().map(|line| line["sliced_w1"].as_f64().unwrap()).fold(f64::MAX, f64::min);
        assert_eq!((told["sliced_w1"].as_f64(), told["images"].as_u64()), (Some(least), Some(images)));
        format!("sliced W1 {least:.3}")
    };
    assert!(ended.stderr.contains(&format!("best: {}", check())), "{}", ended.stderr);
    assert_eq!(record(run.join("metrics.jsonl")).len(), 12);

    // What the best was is known after a resume, and its checkpoint answers questions.
    train(dir.path(), &[&["--kimg", "20", "--resume"], &cadence[..]].concat()).done();
    check();
    assert_eq!(names(&run.join("checkpoints")).len(), 5); // its lock, too
    sparring(dir.path(), &["sample", "run/checkpoints/best.sparring", "--count", "4", "--out", "best.csv"]).done();
    train(dir.path(), &["--keep", "0"]).refused(2, &["--keep", "from 1"]);
}

#[test]
fn a_best_checkpoint_that_was_not_yet_written_is_made_good_on_resume() {
    let dir = tempfile::tempdir().unwrap();
    train(dir.path(), &["--kimg", "1", "--out", "run"]).done();
    let run = dir.path().join("run");
    let whole = fs::read(run.join("checkpoints/best.sparring")).unwrap();
    fs::remove_file(run.join("checkpoints/best.sparring")).unwrap();
    train(dir.path(), &["--resume", "--kimg", "1", "--out", "run"]).done();
    assert!(fs::read(run.join("checkpoints/best.sparring")).unwrap() == whole);
}

#[test]
fn of_images_the_best_is_the_least_fid() {
    let (told, images) = best_of(trained_images());
    assert!(told["fid"].is_number() && told["images"] == images, "{told}");
}

#[test]
fn tensorboard_is_told_each_line_once_however_often_a_run_is_resumed() {
    let dir = tempfile::tempdir().unwrap();
    train(dir.path(), &["--kimg", "3", "--out", "run", "--tensorboard"]).done();
    let path = dir.path().join("run/events.out.tfevents.sparring");
    let bytes = || fs::read(&path).unwrap();
    let count = |tag: &str| bytes().windows(tag.len()).filter(|window| *window == tag.as_bytes()).count();
    let check = |lines: usize| {
        assert_eq!([count("brain.Event:2"), count("stats/loss_d"), count("metrics/sliced_w1")], [1, lines, lines]);
        assert_eq!(record(dir.path().join("run/stats.jsonl")).len(), lines);
        assert_eq!([count("stats/step"), count("stats/kimg"), count("/best")], [0; 3]);
    };
    check(3);
    let whole = bytes().len();

    // From a damaged newest checkpoint the last line is told anew, not twice; the flag need not be repeated.
    let (_, newest) = newest_checkpoint(&dir.path().join("run")).unwrap();
    fs::write(newest, "damaged").unwrap();
    train(dir.path(), &["--kimg", "3", "--out", "run", "--resume"]).done();
    check(3);
    assert_eq!(bytes().len(), whole);
    train(dir.path(), &["--kimg", "5", "--out", "run", "--resume"]).done();
    check(5);
}

#[test]
fn a_report_shows_the_run_on_one_page_that_needs_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    train(dir.path(), &["--kimg", "20", "--out", "<run>"]).done();
    let path = dir.path().join("<run>/report.html");
    let page = fs::read_to_string(&path).unwrap();
    for word in
        ["Losses", "Accuracy of D", "Norms of the gradients", "Modes", "Sliced W1", "kimg=20", "20,000 images in 625 steps", "&lt;run&gt;"]
    {
        assert!(page.contains(word), "no `{word}`");
    }
    assert!(page.contains("--set batch=32") && page.contains("generator.width"));
    assert!(page.split("<svg").skip(1).all(|svg| !svg.split("</svg>").next().expect("a part").contains("NaN")));
    assert_eq!(page.matches("data:image/png;base64,").count(), 13, "the data and a dozen of 21 pictures");
    for outside in ["http:", "https:", "src=\"/", "<script", "@import", "url(", "<run>"] {
        assert!(!page.contains(outside), "{outside}");
    }

    fs::remove_file(&path).unwrap();
    let told = sparring(dir.path(), &["report", "<run>"]).done().stdout;
    assert_eq!(dir.path().join(told.trim()), path);
    assert!(fs::read_to_string(&path).unwrap() == page, "the same run gives the same page");
    sparring(dir.path(), &["report", "nowhere"]).refused(1, &["nowhere", "no run's folder"]);
    sparring(dir.path(), &["report", "<run>/checkpoints"]).refused(1, &["checkpoints", "config.json"]);
}

/// The command on the page of a run of another preset gives that run.
#[test]
fn the_command_of_a_report_gives_the_same_run() {
    let dir = tempfile::tempdir().unwrap();
    sparring(dir.path(), &["train", "wgan-gp", "--set", "data=moons", "--device", "cpu", "--kimg", "1", "--out", "first"]).done();
    let page = fs::read_to_string(dir.path().join("first/report.html")).unwrap();
    let command = page.split("<pre>sparring ").nth(1).and_then(|rest| rest.split("</pre>").next()).expect("a command");
    let words: Vec<&str> = command.split(' ').chain(["--device", "cpu", "--out", "second"]).collect();
    sparring(dir.path(), &words).done();
    assert!(newest_bytes(&dir.path().join("first")) == newest_bytes(&dir.path().join("second")));
}

#[test]
fn devices_lists_the_cpu_and_says_of_each_gpu_what_becomes_of_it() {
    let table = sparring(Path::new("."), &["devices"]).done().stdout;
    let (cpu, gpus) = table.split_once('\n').expect("the CPU, and a GPU or that there is none");
    assert!(cpu.starts_with("cpu  CPU, ") && cpu.contains("--device cpu"), "{table}");
    let told = |line: &str| line.starts_with("gpu") && ["passes", "refused: ", "not tried", "GPU: "].iter().any(|word| line.contains(word));
    assert!(gpus.lines().all(told), "{table}");
    assert_eq!(table.matches("--device gpu and auto").count() + usize::from(cpu.contains("--device auto")), 1, "{table}");
}
