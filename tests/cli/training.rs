//! `sparring train`: run directories, resuming, stopping.

use std::fs;
use std::path::Path;

use crate::program::*;

#[test]
fn a_run_directory_explains_itself() {
    let dir = tempfile::tempdir().unwrap();
    let ended = train(dir.path(), &["--kimg", "3"]).done();
    assert_eq!(ended.stdout.trim(), Path::new("runs").join("00000-ring8-mlp").to_string_lossy());
    assert!(
        ended.stderr.contains("device: CPU") && ended.stderr.contains("images/s") && ended.stderr.contains("modes"),
        "{}",
        ended.stderr
    );
    let run = dir.path().join("runs/00000-ring8-mlp");
    let pictures = (0..4).map(|kimg| format!("fakes-{kimg:06}k.png"));
    let mut expected: Vec<String> =
        ["checkpoints", "config.json", "metrics.jsonl", "reals.png", "report.html", "stats.jsonl"].map(String::from).to_vec();
    expected.splice(2..2, pictures);
    assert_eq!(names(&run), expected);
    assert_eq!(names(&run.join("checkpoints")), [".lock", "000002k.sparring", "000003k.sparring", "best.sparring"]);
    let config = sparring::config::TrainConfig::from_json(&fs::read_to_string(run.join("config.json")).unwrap(), "config.json").unwrap();
    assert_eq!((config.kimg, config.batch, config.generator.width), (3.0, 32, 8));
    let images: Vec<_> = record(run.join("stats.jsonl")).iter().map(|line| line["images"].as_u64().unwrap()).collect();
    assert_eq!(images, [1024, 2016, 3008]);
    for name in ["loss_d", "loss_g", "r1", "r2", "d_real", "d_fake", "accuracy_d", "norm_d", "norm_g", "kimg", "step"] {
        assert!(record(run.join("stats.jsonl"))[0][name].is_number(), "{name}");
    }
    assert!(record(run.join("metrics.jsonl")).iter().all(|line| line["hq"].is_number() && line["modes"].is_number()));
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let dir = tempfile::tempdir().unwrap();
    for (out, seed) in [("a", "7"), ("b", "7"), ("c", "8")] {
        train(dir.path(), &["--kimg", "3", "--seed", seed, "--out", out]).done();
    }
    let run = |name: &str| dir.path().join(name);
    assert_eq!(newest_bytes(&run("a")), newest_bytes(&run("b")));
    assert_ne!(newest_bytes(&run("a")), newest_bytes(&run("c")));
    for name in ["stats.jsonl", "metrics.jsonl"] {
        assert_eq!(record(run("a").join(name)), record(run("b").join(name)), "{name}");
    }
    for name in ["config.json", "reals.png", "fakes-000003k.png"] {
        assert!(fs::read(run("a").join(name)).unwrap() == fs::read(run("b").join(name)).unwrap(), "{name}");
    }
}

/// Everything that two runs left must be the same, apart from what a clock measured.
pub fn assert_same_run(a: &Path, b: &Path) {
    assert_eq!(names(a), names(b));
    assert_eq!(newest_checkpoint(a).map(|newest| newest.0), newest_checkpoint(b).map(|newest| newest.0));
    assert!(newest_bytes(a) == newest_bytes(b), "the weights differ");
    for name in names(a) {
        match name.rsplit_once('.') {
            Some((_, "html" | "sparring")) => {} // tell of the same lines, and of the clock
            Some((_, "jsonl")) => assert_eq!(record(a.join(&name)), record(b.join(&name)), "{name}"),
            Some(_) => assert!(fs::read(a.join(&name)).expect("readable") == fs::read(b.join(&name)).expect("readable"), "{name}"),
            None => {}
        }
    }
}

#[test]
fn a_run_that_was_killed_ends_in_the_weights_of_the_run_that_was_never_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let length = ["--kimg", "60", "--checkpoint-kimg", "1", "--snapshot-kimg", "3", "--metrics-kimg", "2"];
    train(dir.path(), &[&length[..], &["--out", "whole"]].concat()).done();
    let run = dir.path().join("killed");
    let mut resume: &[&str] = &[];
    for kimg in [5, 15] {
        let mut child = start_training(dir.path(), &[&length[..], &["--out", "killed"], resume].concat());
        until("a checkpoint", || newest_checkpoint(&run).is_some_and(|newest| newest.0 >= kimg));
        child.kill().unwrap(); // -9
        assert!(!child.wait().unwrap().success());
        assert!(newest_checkpoint(&run).unwrap().0 < 60, "the run was over before it could be killed");
        resume = &["--resume"];
    }
    train(dir.path(), &[&length[..], &["--out", "killed", "--resume"]].concat()).done();
    assert_same_run(&dir.path().join("whole"), &run);
}

#[cfg(unix)]
#[test]
fn ctrl_c_saves_and_says_how_to_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let seldom = ["--kimg", "150", "--checkpoint-kimg", "200", "--snapshot-kimg", "50", "--metrics-kimg", "2"];
    train(dir.path(), &[&seldom[..], &["--out", "whole"]].concat()).done();
    let child = start_training(dir.path(), &[&seldom[..], &["--out", "stopped"]].concat());
    let run = dir.path().join("stopped");
    until("a measurement", || fs::metadata(run.join("metrics.jsonl")).is_ok_and(|file| file.len() > 0));
    signal(&child, "INT");
    let ended =
        end_of(child).refused(130, &["stopped at", "--snapshot-kimg 50 --checkpoint-kimg 200 --metrics-kimg 2 --out stopped --resume"]);
    assert!(!ended.stderr.contains("error"), "{}", ended.stderr);
    let at = newest_checkpoint(&run).unwrap().0;
    assert!((1..150).contains(&at), "{at}");
    // Neither the settings nor the length need to be said again.
    let cadences = &seldom[2..];
    sparring(dir.path(), &[&["train", "ring8", "--device", "cpu", "--out", "stopped", "--resume"], cadences].concat()).done();
    assert_same_run(&dir.path().join("whole"), &run);
}

#[cfg(unix)]
#[test]
fn the_command_that_goes_on_holds_what_was_asked_for_beside_a_file_of_settings() {
    let dir = tempfile::tempdir().unwrap();
    train(dir.path(), &["--kimg", "1", "--seed", "3", "--out", "first"]).done();
    let args = ["train", "--device", "cpu", "--config", "first/config.json", "--seed", "7", "--kimg", "100000", "--out", "a run"];
    let child = command(dir.path(), &args).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    until("a line", || fs::metadata(dir.path().join("a run/stats.jsonl")).is_ok_and(|file| file.len() > 0));
    signal(&child, "INT");
    let told = end_of(child).refused(130, &["to go on:"]).stderr;
    let line = told.lines().last().unwrap().trim().strip_prefix("sparring ").expect("a command");
    let resumed = format!("{} {}", env!("CARGO_BIN_EXE_sparring"), line.replace("100000", "1"));
    let shell = |line: &str| std::process::Command::new("sh").current_dir(dir.path()).args(["-c", line]).output().unwrap();
    let refused = String::from_utf8(shell(&resumed).stderr).unwrap();
    assert!(refused.contains("--kimg 1: the run has seen"), "{refused}"); // the seed and all else agree
    assert!(shell(&format!("{} --dry-run", resumed.replace("--kimg 1 ", "--kimg 100000 "))).status.success());
}

#[cfg(unix)]
#[test]
fn two_processes_do_not_train_in_one_folder() {
    let dir = tempfile::tempdir().unwrap();
    let child = start_training(dir.path(), &["--kimg", "100000", "--checkpoint-kimg", "1", "--out", "my run"]);
    until("a checkpoint", || newest_checkpoint(&dir.path().join("my run")).is_some_and(|(kimg, _)| kimg > 0));
    let who = format!("process {} is training there", child.id());
    train(dir.path(), &["--out", "my run", "--resume"]).refused(1, &["--out my run", &who]);
    signal(&child, "TERM");
    end_of(child).refused(130, &["--checkpoint-kimg 1 --out 'my run' --resume"]);
    let (at, path) = newest_checkpoint(&dir.path().join("my run")).unwrap();
    let saved = fs::read(&path).unwrap();
    train(dir.path(), &["--out", "my run", "--resume", "--kimg", "0.1"]).refused(2, &["--kimg 0.1", "images"]);
    assert!(fs::read(&path).unwrap() == saved, "a length that the run is beyond changes nothing");
    train(dir.path(), &["--out", "my run", "--resume", "--kimg", &(at + 2).to_string()]).done();
}

#[test]
fn without_out_the_newest_run_of_the_preset_is_resumed_and_may_be_extended() {
    let dir = tempfile::tempdir().unwrap();
    train(dir.path(), &["--kimg", "1"]).done();
    train(dir.path(), &["--kimg", "1", "--seed", "2"]).done();
    let again = train(dir.path(), &["--resume"]).done();
    assert!(again.stderr.contains("the run is complete"), "{}", again.stderr);
    train(dir.path(), &["--resume", "--kimg", "2"]).done();
    let newest = |run: &str| newest_checkpoint(&dir.path().join("runs").join(run)).unwrap().0;
    assert_eq!((newest("00000-ring8-mlp"), newest("00001-ring8-mlp")), (1, 2));
}

#[test]
fn a_damaged_checkpoint_is_set_aside_and_the_one_before_it_resumed() {
    let dir = tempfile::tempdir().unwrap();
    train(dir.path(), &["--kimg", "6", "--out", "run"]).done();
    let whole = newest_bytes(&dir.path().join("run"));
    let (_, newest) = newest_checkpoint(&dir.path().join("run")).unwrap();
    fs::write(&newest, &whole[..whole.len() / 2]).unwrap();
    let ended = train(dir.path(), &["--out", "run", "--resume"]).done();
    assert!(
        ended.stderr.contains("skipped: run/checkpoints/000006k.sparring") && ended.stderr.contains("resumed at 5,024 images"),
        "{}",
        ended.stderr
    );
    assert!(newest_bytes(&dir.path().join("run")) == whole, "the weights differ");
    assert!(newest.with_extension("sparring.damaged").is_file());
    // Where all are damaged the best may be left, and takes the name that belongs to its images.
    let checkpoints = dir.path().join("run/checkpoints");
    for name in names(&checkpoints).iter().filter(|name| name.ends_with("k.sparring")) {
        fs::write(checkpoints.join(name), "cut").unwrap();
    }
    let said = train(dir.path(), &["--out", "run", "--resume"]).refused(1, &["best.sparring is whole; copied to run/checkpoints/0"]).stderr;
    let name = said.split("copied to ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    fs::copy(checkpoints.join("best.sparring"), dir.path().join(name)).unwrap();
    train(dir.path(), &["--out", "run", "--resume"]).done();
    assert!(newest_bytes(&dir.path().join("run")) == whole, "the weights differ");
}

#[test]
fn a_changed_setting_is_refused_on_resume_with_the_difference() {
    let dir = tempfile::tempdir().unwrap();
    train(dir.path(), &["--kimg", "1", "--out", "run"]).done();
    let before = newest_bytes(&dir.path().join("run"));
    let resume = |preset: &str, change: &[&str]| sparring(dir.path(), &[&["train", preset, "--out", "run", "--resume"], change].concat());
    resume("ring8", &["--set", "batch=64"]).refused(2, &["batch: 32 → 64"]);
    resume("ring8", &["--seed", "5", "--kimg", "9"]).refused(2, &["seed: 1 → 5"]);
    resume("grid25", &[]).refused(2, &["data: \"ring8\" → \"grid25\""]);
    assert!(newest_bytes(&dir.path().join("run")) == before);
    assert_eq!(names(&dir.path().join("run/checkpoints")), [".lock", "000000k.sparring", "000001k.sparring", "best.sparring"]);
}

#[test]
fn a_run_that_diverges_stops_says_where_and_keeps_its_last_good_checkpoint() {
    let dir = tempfile::tempdir().unwrap();
    // Weights that grow by 1 a step overflow in 16 layers.
    let wild =
        ["--set", "lr=1", "--set", "critic.depth=16", "--set", "generator.depth=16", "--kimg", "2000", "--out", "wild", "--no-rollback"];
    let ended =
        train(dir.path(), &wild).refused(1, &["training diverged at image ", "is not finite", "last good checkpoint: wild/checkpoints/"]);
    let checkpoint = ended.stderr.split("last good checkpoint: ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    sparring(dir.path(), &["sample", checkpoint, "--count", "4", "--out", "wild.npy"]).done();
}

#[test]
fn images_are_trained_from_an_idx_file_plain_or_zipped() {
    let run = trained_images();
    assert_eq!(
        names(run),
        [
            "checkpoints",
            "config.json",
            "data.json",
            "fakes-000000k.png",
            "interpolation-000000k.png",
            "metrics.jsonl",
            "reals.png",
            "report.html",
            "stats.jsonl"
        ]
    );
    let wall = image::open(run.join("reals.png")).unwrap();
    assert_eq!((wall.width(), wall.height()), (8 * 28, 8 * 28));

    // The ways lead from the first sample of each row of the picture to the last.
    let [fakes, ways] = ["fakes-000000k.png", "interpolation-000000k.png"].map(|name| image::open(run.join(name)).unwrap());
    for column in [0, 7 * 28] {
        assert!(fakes.crop_imm(column, 0, 28, 8 * 28) == ways.crop_imm(column, 0, 28, 8 * 28), "column {column}");
    }
    assert!(fakes != ways);

    let dir = tempfile::tempdir().unwrap();
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut zipped, &idx_images(64)).unwrap();
    fs::create_dir(dir.path().join("mnist")).unwrap();
    fs::write(dir.path().join("mnist/train-images-idx3-ubyte.gz"), zipped.finish().unwrap()).unwrap();
    let args = [
        "train",
        "mnist",
        "--device",
        "cpu",
        "--set",
        "batch=4",
        "--set",
        "generator.width=8",
        "--set",
        "critic.width=8",
        "--kimg",
        "0.012",
        "--out",
        "z",
    ];
    assert!(command(dir.path(), &args).env("SPARRING_DATA", dir.path()).output().unwrap().status.success());
    assert!(newest_bytes(&dir.path().join("z")) == newest_bytes(run), "the same images gave other weights");
}

#[test]
fn presets_lists_every_preset_with_what_it_needs() {
    let table = sparring(Path::new("."), &["presets"]).done().stdout;
    for name in sparring::config::preset_names() {
        assert!(table.lines().any(|line| line.starts_with(name)), "{table}");
    }
    assert!(table.contains("--data"), "{table}");
}

#[test]
fn a_persons_own_points_train_from_a_csv_file_and_travel_with_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let rows: String = (0..50).map(|i| format!("{},{}\n", 100 + i % 5, i % 3)).collect();
    fs::write(dir.path().join("mine.csv"), format!("x,y\n{rows}not,a point\n")).unwrap();
    let points = ["--set", "data=points", "--out", "run"];
    train(dir.path(), &points).refused(2, &["`points`", "--data FILE.csv"]);
    let ended = train(dir.path(), &[&points[..], &["--data", "mine.csv", "--kimg", "3"]].concat()).done();
    assert!(ended.stderr.contains("mine.csv: 50 points, 1 row dropped"), "{}", ended.stderr);
    // The checkpoint holds the points: nothing is asked for again, and other points are another run.
    let longer = ["--set", "data=points", "--out", "run", "--resume", "--kimg", "4"];
    train(dir.path(), &longer).done();
    fs::write(dir.path().join("other.csv"), "1,2\n3,4\n").unwrap();
    train(dir.path(), &[&longer[..], &["--data", "other.csv"]].concat()).refused(2, &["points: a list of 50 → a list of 2"]);
    sparring(dir.path(), &["sample", "run", "--count", "5", "--out", "p.csv"]).done();
    sparring(dir.path(), &["evaluate", "run", "--metric", "modes"]).refused(2, &["no `modes` for points", "js"]);
    fs::write(dir.path().join("bad.csv"), "a,b\n").unwrap();
    train(dir.path(), &["--set", "data=points", "--data", "bad.csv"]).refused(1, &["bad.csv: holds no points"]);
}

#[test]
fn points_of_the_line_train_and_are_shown_and_written_with_one_column() {
    let dir = tempfile::tempdir().unwrap();
    sparring(dir.path(), &[&["train", "bimodal1d", "--kimg", "3", "--out", "run"], &TINY[..]].concat()).done();
    assert!(record(dir.path().join("run/metrics.jsonl")).iter().all(|line| line["modes"].is_number() && line["sliced_w1"].is_number()));
    sparring(dir.path(), &["sample", "run", "--count", "4", "--out", "p.csv"]).done();
    let text = fs::read_to_string(dir.path().join("p.csv")).unwrap();
    assert!(text.starts_with("x\n") && text.lines().count() == 5, "{text}");
    let picture = image::open(dir.path().join("run/reals.png")).unwrap().to_rgb8();
    assert!(picture.pixels().any(|pixel| pixel.0 != [255; 3]));
}

#[test]
fn a_study_trains_methods_on_data_over_seeds_and_writes_table_and_figures() {
    let dir = tempfile::tempdir().unwrap();
    let study = ["benchmark", "toys", "--methods", "r3gan,gan-2014,wgan-gp", "--data", "ring8,line", "--seeds", "2", "--kimg", "2"];
    let ended = sparring(dir.path(), &[&study[..], &["--json", "s.json", "--markdown", "s.md"]].concat()).done();
    assert!(
        ended.stdout.contains("| r3gan |") && ended.stdout.contains("ring8 modes/8") && ended.stdout.contains("98.89"),
        "{}",
        ended.stdout
    );
    let table = fs::read_to_string(dir.path().join("s.md")).unwrap();
    assert!(table.starts_with("`sparring benchmark toys") && table.contains(ended.stdout.trim_end()), "{table}");
    let figures: serde_json::Value = serde_json::from_str(&fs::read_to_string(dir.path().join("s.json")).unwrap()).unwrap();
    let runs = figures["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 3 * 2 * 2);
    for run in runs {
        assert_eq!((run["reached"].as_bool(), run["diverged"].is_null()), (Some(false), true), "{run}");
        assert!(run["metrics"]["scores"][0]["value"].as_f64().is_some_and(|js| js > 0.05), "{run}");
    }
    let refused = |args: &[&str], words: &[&str]| sparring(dir.path(), &[&["benchmark", "toys"], args].concat()).refused(2, words);
    refused(&["--data", "ring9"], &["--data", "`ring9`", "checkerboard"]);
    sparring(dir.path(), &["benchmark", "toys", "--methods", "wgan-pg"]).refused(2, &["`wgan-pg`", "wgan-gp"]);
}

#[test]
fn a_method_on_other_data_has_their_latents_and_length_as_in_the_page() {
    let dir = tempfile::tempdir().unwrap();
    for (method, data) in [("wgan-gp", "moons"), ("r3gan", "grid25")] {
        let set = format!("data={data}");
        sparring(dir.path(), &["train", method, "--set", &set, "--device", "cpu", "--kimg", "0.3", "--out", data]).done();
        let config = fs::read_to_string(dir.path().join(data).join("config.json")).unwrap();
        let config = sparring::config::TrainConfig::from_json(&config, "config.json").unwrap();
        let made_for = sparring::config::on_data(method, config.data).unwrap();
        assert_eq!(config, sparring::config::TrainConfig { kimg: 0.3, ..made_for });
        sparring(dir.path(), &["train", method, "--set", &set, "--device", "cpu", "--kimg", "0.4", "--out", data, "--resume"]).done();
    }
}

#[test]
fn a_game_in_which_d_classifies_images_reports_its_accuracy() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("train-images-idx3-ubyte"), idx_images(64)).unwrap();
    let labels: Vec<u8> = [0, 0, 8, 1, 0, 0, 0, 64].into_iter().chain((0..64).map(|image| image % 10)).collect();
    fs::write(dir.path().join("train-labels-idx1-ubyte"), labels).unwrap();
    let small = ["batch=4", "conditioning=acgan", "generator.width=8", "critic.width=8"].map(|setting| ["--set", setting]).concat();
    let args = ["train", "mnist", "--data", ".", "--device", "cpu", "--kimg", "0.008", "--metrics-kimg", "0.004", "--out", "digits"];
    let ended = sparring(dir.path(), &[&args[..], &small].concat()).done();
    let lines = record(dir.path().join("digits/metrics.jsonl"));
    let accuracy = lines[0]["accuracy"].as_f64().expect("a number");
    assert!((0.0..=1.0).contains(&accuracy) && lines[0].get("sliced_w1").is_none(), "{lines:?}");
    assert!(ended.stderr.contains(&format!("D names {:.1} % of the reals", 100.0 * accuracy)), "{}", ended.stderr);
}
