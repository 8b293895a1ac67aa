//! What a run does when it goes wrong, and when the world changes under it.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::images::{photos, write_folder};
use crate::program::*;
use crate::training::assert_same_run;

/// Plain gradient steps on WGAN whose D is clipped at 100: the doctor's exhibit of divergence, on which its remedy is tested to heal.
const DIVERGING: [&str; 22] = [
    "--device",
    "cpu",
    "--set",
    "generator.width=32",
    "--set",
    "generator.depth=3",
    "--set",
    "critic.width=32",
    "--set",
    "critic.depth=3",
    "--set",
    "batch=128",
    "--set",
    "ema=0",
    "--set",
    "objective=wgan",
    "--set",
    "optimizer=sgd",
    "--set",
    "lr=0.05",
    "--set",
    "weight_clip=100",
];
const UNPENALISED: [&str; 4] = ["--set", "r1=0", "--set", "r2=0"];

fn diverging(dir: &Path, args: &[&str]) -> Ended {
    sparring(dir, &[&["train", "ring8"], &DIVERGING[..], &UNPENALISED, args].concat())
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(path).expect("readable")).expect("JSON")
}

#[test]
fn a_run_that_diverges_is_warned_of_rolled_back_once_with_the_remedy_and_comes_to_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["--kimg", "60", "--checkpoint-kimg", "1", "--stats-kimg", "0.128", "--out", "run"];
    let ended = diverging(dir.path(), &args).done();
    for words in
        ["warning, step ", "explode", "training diverged at image ", "rolled back to image ", "gradient_penalty=wgan_gp", "run/diverged"]
    {
        assert!(ended.stderr.contains(words), "no `{words}` in: {}", ended.stderr);
    }
    assert_eq!(ended.stderr.matches("training diverged").count(), 1);
    let run = dir.path().join("run");
    let mark = json(&run.join("diverged/rollback.json"));
    assert_eq!(
        (&mark["since"], &mark["before"]),
        (&serde_json::json!(["gradient_penalty=wgan_gp"]), &serde_json::json!(["gradient_penalty=none"]))
    );
    assert_eq!(json(&run.join("config.json"))["gradient_penalty"], "wgan_gp");
    // The lines of what diverged are kept beside, and those of the run go on without a gap or a repetition.
    let to = mark["to_images"].as_u64().unwrap();
    let aside = record(run.join("diverged/stats.jsonl"));
    assert!(!aside.is_empty() && aside.iter().all(|line| line["images"].as_u64().unwrap() > to));
    let steps: Vec<u64> = record(run.join("stats.jsonl")).iter().map(|line| line["step"].as_u64().unwrap()).collect();
    assert!(steps.iter().copied().eq(1..=steps.len() as u64), "{steps:?}");
    let evidence = record(run.join("diverged/warnings.jsonl"));
    assert!(evidence.iter().all(|line| line["evidence"][0]["value"].as_f64() > line["evidence"][0]["limit"].as_f64()), "{evidence:?}");

    // It may be asked for as it was begun, and as it is now; both go on with the remedy.
    let longer = |more: &[&str]| {
        let args = ["train", "ring8", "--device", "cpu", "--out", "run", "--resume"];
        sparring(dir.path(), &[&args[..], more].concat())
    };
    let said = diverging(dir.path(), &["--kimg", "61", "--out", "run", "--resume"]).done().stderr;
    assert!(said.contains("was rolled back to image"), "{said}");
    longer(&["--kimg", "62", "--set", "gradient_penalty=wgan_gp"]).done();
    longer(&["--kimg", "63", "--set", "gradient_penalty=dragan"]).refused(2, &["gradient_penalty", "dragan"]);
    assert_eq!(json(&run.join("config.json"))["gradient_penalty"], "wgan_gp");
}

/// Adam at a rate of 1 through 16 layers: a tenth of it diverges as well.
const HOPELESS: [&str; 8] = ["--set", "lr=1", "--set", "critic.depth=16", "--set", "generator.depth=16", "--kimg", "2000"];

#[test]
fn a_run_that_diverges_again_stops_and_no_resume_rolls_it_back_a_second_time() {
    let dir = tempfile::tempdir().unwrap();
    let again = |more: &[&str]| {
        let ended = train(dir.path(), &[&HOPELESS[..], &["--out", "run"], more].concat());
        ended.refused(
            1,
            &[
                "training diverged at image ",
                "; not for the first time: the one rollback, to image ",
                "run/diverged",
                "last good checkpoint: run/checkpoints/",
            ],
        )
    };
    let ended = again(&[]);
    assert_eq!(ended.stderr.matches("rolled back to image").count(), 1, "{}", ended.stderr);
    let mark = fs::read(dir.path().join("run/diverged/rollback.json")).unwrap();
    for _ in 0..2 {
        let ended = again(&["--resume"]);
        assert_eq!(ended.stderr.matches("; this is done once a run").count(), 0, "{}", ended.stderr);
    }
    assert!(fs::read(dir.path().join("run/diverged/rollback.json")).unwrap() == mark);
    let (_, newest) = newest_checkpoint(&dir.path().join("run")).unwrap();
    sparring(dir.path(), &["sample", newest.to_str().unwrap(), "--count", "4", "--out", "x.npy"]).done();
}

/// A run's records and checkpoints in another folder.
fn copy_run(from: &Path, to: &Path) {
    for below in ["", "checkpoints"] {
        fs::create_dir_all(to.join(below)).expect("writable");
        for name in names(&from.join(below)).into_iter().filter(|name| from.join(below).join(name).is_file()) {
            fs::copy(from.join(below).join(&name), to.join(below).join(&name)).expect("writable");
        }
    }
}

#[test]
fn a_rollback_that_was_cut_off_before_its_mark_is_done_again_and_after_it_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let run = |out: &str, more: &[&str]| diverging(dir.path(), &[&["--kimg", "40", "--checkpoint-kimg", "1", "--out", out], more].concat());
    let [rolled, before, after] = ["rolled", "before", "after"].map(|name| dir.path().join(name));
    run("rolled", &[]).done();
    run("before", &["--no-rollback"]).refused(1, &["training diverged at image ", "last good checkpoint: before/checkpoints/"]);
    copy_run(&before, &after);

    // Killed before the mark: it diverges once more, and is rolled back now.
    let ended = run("before", &["--resume"]).done();
    assert_eq!(ended.stderr.matches("; this is done once a run").count(), 1, "{}", ended.stderr);

    // Killed right after it: the checkpoint has the settings of then, and the run ends as the one that was not killed.
    let mark = Path::new("diverged/rollback.json");
    let to = json(&rolled.join(mark))["to_images"].as_u64().unwrap();
    while newest_checkpoint(&after).is_some_and(|(kimg, _)| kimg > to / 1000) {
        fs::remove_file(newest_checkpoint(&after).unwrap().1).unwrap();
    }
    fs::create_dir(after.join("diverged")).unwrap();
    fs::copy(rolled.join(mark), after.join(mark)).unwrap();
    let ended = run("after", &["--resume"]).done();
    assert!(!ended.stderr.contains("training diverged"), "{}", ended.stderr);
    assert!(newest_bytes(&rolled) == newest_bytes(&after), "the weights differ");
    assert_eq!(record(rolled.join("stats.jsonl")), record(after.join("stats.jsonl")));

    fs::write(after.join(mark), "{}").unwrap();
    run("after", &["--resume"]).refused(1, &["rollback.json", "is no record of a rollback"]);
}

#[test]
fn an_image_game_that_diverges_is_rolled_back_too() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("train-images-idx3-ubyte"), idx_images(64)).unwrap();
    let wild =
        ["lr=1", "batch=4", "generator.width=8", "critic.width=8", "r1=0", "r2=0", "beta1=0.9"].map(|setting| ["--set", setting]).concat();
    let args = ["train", "mnist", "--data", ".", "--device", "cpu", "--kimg", "4", "--out", "digits"];
    let ended = sparring(dir.path(), &[&args[..], &wild].concat());
    assert!(
        ended.stderr.contains("training diverged at image ") && ended.stderr.contains("rolled back to image 0 with lr."),
        "{}",
        ended.stderr
    );
    let config = json(&dir.path().join("digits/config.json"));
    assert_eq!(config["lr"]["start"], 0.1);
}

#[test]
fn settings_come_from_the_preset_then_the_file_then_the_flags() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("mine.json"), r#"{"batch": 16, "kimg": 0.5, "lr": 0.002, "generator": {"width": 9}}"#).unwrap();
    let config = |run: &str| json(&dir.path().join(run).join("config.json"));
    let args =
        ["train", "grid25", "--device", "cpu", "--config", "mine.json", "--set", "batch=8", "--kimg", "0.3", "--seed", "5", "--out", "a"];
    sparring(dir.path(), &args).done();
    let a = config("a");
    assert_eq!([&a["data"], &a["batch"], &a["kimg"], &a["seed"]], [&"grid25".into(), &8.into(), &0.3.into(), &serde_json::json!(5)]);
    assert_eq!([&a["generator"]["width"], &a["lr"]["start"], &a["lr"]["end"]], [&9.into(), &0.002.into(), &serde_json::json!(0.002)]);

    // A run's own config.json gives the same run, without a preset; and the file it began with may be said again.
    sparring(dir.path(), &["train", "--device", "cpu", "--config", "a/config.json"]).done();
    let again = dir.path().join("runs/00000-grid25-mlp");
    assert!(newest_bytes(&again) == newest_bytes(&dir.path().join("a")));
    let resume =
        ["train", "grid25", "--device", "cpu", "--config", "mine.json", "--set", "batch=8", "--seed", "5", "--out", "a", "--resume"];
    sparring(dir.path(), &[&resume[..], &["--kimg", "0.4"]].concat()).done();
    fs::write(dir.path().join("other.json"), r#"{"latent_dim": 3}"#).unwrap();
    let other = ["train", "grid25", "--device", "cpu", "--config", "other.json", "--out", "a", "--resume"];
    sparring(dir.path(), &other).refused(2, &["latent_dim: 2 → 3"]);

    fs::write(dir.path().join("wrong.json"), r#"{"critic": {"wdth": 3}}"#).unwrap();
    let before = names(dir.path());
    let refused =
        |args: &[&str], code, words: &[&str]| sparring(dir.path(), &[&["train", "--device", "cpu"], args].concat()).refused(code, words);
    refused(&["--config", "wrong.json"], 1, &["wrong.json", "`critic.wdth`: there is no such setting"]);
    refused(&["--config", "nowhere.json"], 1, &["cannot read nowhere.json"]);
    refused(&[], 2, &["PRESET"]);
    assert_eq!(names(dir.path()), before);
    let help = sparring(dir.path(), &["help", "train"]).done().stdout;
    assert!(help.contains("preset, --config, --set") && help.contains("--no-rollback"), "{help}");
}

#[test]
fn data_that_are_others_when_a_run_goes_on_are_refused_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("photos");
    write_folder(&folder, &photos());
    let run = |kimg: &str, data: &str, more: &[&str]| {
        let set = ["image.resolution=16", "batch=4", "generator.width=8", "critic.width=8", "latent_dim=4"].map(|s| ["--set", s]).concat();
        let args = ["train", "images", "--device", "cpu", "--out", "run", "--kimg", kimg, "--data", data];
        sparring(dir.path(), &[&args[..], &set, more].concat())
    };
    run("0.012", "photos", &[]).done();
    let saved = newest_bytes(&dir.path().join("run"));
    let refused = |words: &[&str]| {
        run("0.02", "photos", &["--resume"]).refused(1, &[&["--data", "run/data.json", "nothing was changed"], words].concat());
        assert!(newest_bytes(&dir.path().join("run")) == saved);
    };
    fs::rename(folder.join("cats/00.png"), dir.path().join("00.png")).unwrap();
    refused(&["12 images then, 11 now"]);
    fs::copy(folder.join("cats/03.bmp"), folder.join("cats/00.bmp")).unwrap();
    refused(&["12 images as then, but others", "checksum"]);
    fs::remove_file(folder.join("cats/00.bmp")).unwrap();
    fs::rename(dir.path().join("00.png"), folder.join("cats/00.png")).unwrap();
    // Moved elsewhere and decoded as it is needed it is still the same.
    fs::rename(&folder, dir.path().join("moved")).unwrap();
    run("0.02", "moved", &["--resume", "--data-gib", "0.0001"]).done();
}

#[test]
fn an_image_that_vanishes_under_a_run_is_named_and_nothing_is_learnt_from_its_absence() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("photos");
    write_folder(&folder, &photos());
    let set = ["image.resolution=128", "family=mlp", "batch=4", "generator.width=8", "critic.width=8"].map(|s| ["--set", s]).concat();
    let args = ["train", "images", "--data", "photos", "--data-gib", "0.0005", "--device", "cpu", "--out", "run", "--kimg", "5000"];
    let mut child = command(dir.path(), &[&args[..], &set, &["--stats-kimg", "0.004"]].concat());
    let child = child.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let stats = dir.path().join("run/stats.jsonl");
    until("training", || fs::metadata(&stats).is_ok_and(|file| file.len() > 2000));
    let hidden = dir.path().join("05.webp");
    let (name, _) = photos().into_iter().find(|(name, _)| name.contains("06.")).unwrap();
    fs::rename(folder.join(&name), &hidden).unwrap();
    let ended = end_of(child).refused(1, &[&name, "could be read when the run began, and now cannot be read", "last good checkpoint"]);
    // Where decoding kept ahead the checkpoint is that of the last line; in any case the image, come back, leads to the weights of a run that never missed it.
    let seen = record(stats).last().expect("a line")["images"].as_u64().expect("a number");
    let checkpoint = sparring::checkpoint::Checkpoint::parse(&newest_bytes(&dir.path().join("run")), "newest").unwrap();
    assert!(checkpoint.header.images <= seen, "{}", ended.stderr);
    fs::rename(&hidden, folder.join(&name)).unwrap();
    let kimg = format!("{}", (seen + 8) as f64 / 1000.0);
    sparring(dir.path(), &[&args[..11], &[&kimg, "--resume"], &set].concat()).done();
    let whole = [&args[..8], &set, &["--out", "whole", "--kimg", &kimg]].concat();
    sparring(dir.path(), &whole).done();
    assert!(newest_bytes(&dir.path().join("run")) == newest_bytes(&dir.path().join("whole")), "the weights differ");
}

#[test]
fn a_run_that_was_killed_before_its_first_checkpoint_begins_anew_and_what_is_no_run_does_not() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("run/checkpoints")).unwrap();
    fs::write(dir.path().join("run/stats.jsonl"), "").unwrap();
    fs::write(dir.path().join("run/checkpoints/.sparring-unfinished-x"), "half").unwrap();
    let ended = train(dir.path(), &["--kimg", "1", "--out", "run", "--resume"]).done();
    assert!(ended.stderr.contains("it begins anew"), "{}", ended.stderr);
    train(dir.path(), &["--kimg", "1", "--out", "whole"]).done();
    crate::training::assert_same_run(&dir.path().join("whole"), &dir.path().join("run"));
    fs::remove_dir_all(dir.path().join("run/checkpoints")).unwrap();
    fs::create_dir(dir.path().join("run/checkpoints")).unwrap();
    train(dir.path(), &["--kimg", "1", "--out", "run", "--resume"]).refused(1, &["no checkpoint"]);
}

/// A good checkpoint is not given up for one whose numbers run away, and what the guard saw is known after the stop.
#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_while_its_numbers_run_away_keeps_its_good_checkpoint_and_ends_as_without_the_stop() {
    let dir = tempfile::tempdir().unwrap();
    let wild = ["lr=0.1", "r1=0", "r2=0", "batch=8", "image.resolution=16"].map(|set| ["--set", set]).concat();
    let length = ["--device", "cpu", "--kimg", "1.2", "--stats-kimg", "0.008", "--metrics-kimg", "50", "--snapshot-kimg", "1"];
    let args = |out: &'static str| [&["train", "shapes", "--out", out], &length[..], &wild].concat();
    sparring(dir.path(), &args("whole")).done();
    let child = command(dir.path(), &args("stopped")).stderr(Stdio::piped()).spawn().unwrap();
    let run = dir.path().join("stopped");
    let lines = || fs::read_to_string(run.join("stats.jsonl")).map_or(0, |text| text.lines().count());
    until("steps after the first alarm", || lines() >= 10);
    signal(&child, "INT");
    end_of(child).refused(130, &["stopped at", "numbers ran away", "the good checkpoint at image 0 was not overwritten"]);
    assert_eq!(newest_checkpoint(&run).map(|newest| newest.0), Some(0));
    sparring(dir.path(), &[&args("stopped")[..], &["--resume"]].concat()).done();
    assert!(!record(run.join("warnings.jsonl")).is_empty());
    let mark = |run: &str| json(&dir.path().join(run).join("diverged/rollback.json"));
    assert_eq!(mark("stopped"), mark("whole"));
    assert_same_run(&dir.path().join("whole"), &run);
}

/// Oscillation shows over two hundred steps: the doctor must remember those of before the stop.
#[test]
fn a_run_that_goes_on_is_warned_of_what_began_before_it_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let [whole, killed] = ["whole", "killed"].map(|name| dir.path().join(name));
    let often = ["--metrics-kimg", "0.5", "--checkpoint-kimg", "1", "--snapshot-kimg", "5", "--keep", "99"];
    let ragan = |out: &'static str, more: &[&str]| {
        let args = ["train", "ragan", "--device", "cpu", "--kimg", "10", "--set", "batch=32", "--out", out];
        sparring(dir.path(), &[&args, &often[..], more].concat()).done();
    };
    ragan("whole", &[]);
    assert!(!record(whole.join("warnings.jsonl")).is_empty());
    copy_run(&whole, &killed);
    fs::remove_file(killed.join("warnings.jsonl")).unwrap();
    for kimg in 8..=10 {
        fs::remove_file(killed.join(format!("checkpoints/{kimg:06}k.sparring"))).unwrap();
    }
    ragan("killed", &["--resume"]);
    assert_same_run(&whole, &killed);
}
