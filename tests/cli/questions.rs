//! `sample`, `evaluate`, `export`, `inspect`: questions asked of a trained run.

use std::fs;
use std::path::Path;

use crate::program::*;

/// A float32 array: shape and numbers.
fn read_npy(path: &Path) -> (Vec<u64>, Vec<f32>) {
    let array = npyz::NpyFile::new(fs::File::open(path).expect("an array")).expect("a NumPy header");
    (array.shape().to_vec(), array.into_vec().expect("float32"))
}

fn ask(dir: &Path, verb: &str, of: &Path, args: &[&str]) -> Ended {
    sparring(dir, &[&[verb, of.to_str().expect("a plain path")], args].concat())
}

#[test]
fn samples_repeat_with_the_seed_and_with_the_latents_they_came_from() {
    let dir = tempfile::tempdir().unwrap();
    let array = |name: &str| read_npy(&dir.path().join(name));
    ask(dir.path(), "sample", trained_ring(), &["--count", "300", "--seed", "5", "--save-latents", "z.npy", "--out", "a.npy"]).done();
    ask(dir.path(), "sample", trained_ring(), &["--latents", "z.npy", "--out", "b.npy"]).done();
    ask(dir.path(), "sample", trained_ring(), &["--count", "300", "--seed", "6", "--out", "c.npy"]).done();
    assert_eq!(array("a.npy").0, [300, 2]);
    assert_eq!(array("z.npy").0, [300, 2]);
    assert_eq!(array("a.npy"), array("b.npy"));
    assert_ne!(array("a.npy"), array("c.npy"));
}

#[test]
fn points_are_written_as_csv_and_as_a_scatter() {
    let dir = tempfile::tempdir().unwrap();
    for out in ["p.npy", "p.csv", "p.png"] {
        ask(dir.path(), "sample", trained_ring(), &["--count", "9", "--out", out]).done();
    }
    let text = fs::read_to_string(dir.path().join("p.csv")).unwrap();
    let numbers: Vec<f32> = text.lines().skip(1).flat_map(|line| line.split(',').map(|cell| cell.parse().unwrap())).collect();
    assert_eq!(numbers, read_npy(&dir.path().join("p.npy")).1);
    let picture = image::open(dir.path().join("p.png")).unwrap().to_rgb8();
    assert!(picture.pixels().any(|pixel| pixel.0 != [255; 3]));
}

#[test]
fn images_are_written_as_a_grid_and_as_an_array_but_not_as_csv() {
    let dir = tempfile::tempdir().unwrap();
    ask(dir.path(), "sample", trained_images(), &["--count", "5", "--out", "i.png"]).done();
    ask(dir.path(), "sample", trained_images(), &["--count", "5", "--out", "i.npy"]).done();
    let wall = image::open(dir.path().join("i.png")).unwrap();
    assert_eq!((wall.width(), wall.height()), (3 * 28, 2 * 28));
    assert_eq!(read_npy(&dir.path().join("i.npy")).0, [5, 1, 28, 28]);
    ask(dir.path(), "sample", trained_images(), &["--count", "5", "--out", "i.csv"]).refused(2, &["--out i.csv", ".csv is for points"]);
    ask(dir.path(), "sample", trained_images(), &["--count", "5", "--out", "i.jpg"]).refused(2, &["--out i.jpg", ".png"]);
}

#[test]
fn metrics_are_those_of_the_run_and_go_to_stdout_and_file_alike() {
    let dir = tempfile::tempdir().unwrap();
    let ended = ask(dir.path(), "evaluate", trained_ring(), &["--metric", "modes,hq,rkl", "--json", "m.json"]).done();
    let figures: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(figures, serde_json::from_str::<serde_json::Value>(&fs::read_to_string(dir.path().join("m.json")).unwrap()).unwrap());
    let last = record(trained_ring().join("metrics.jsonl")).pop().unwrap();
    for name in ["modes", "hq", "rkl"] {
        assert_eq!(figures[name], last[name], "{name}");
    }
    let one = ask(dir.path(), "evaluate", trained_ring(), &["--metric", "hq"]).done().stdout;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&one).unwrap(), serde_json::json!({ "hq": figures["hq"] }));
}

#[test]
fn every_score_comes_with_the_band_that_real_samples_score() {
    let dir = tempfile::tempdir().unwrap();
    let all = ask(dir.path(), "evaluate", trained_ring(), &["--metric", "all"]).done().stdout;
    let figures: serde_json::Value = serde_json::from_str(&all).unwrap();
    for name in ["js", "kl", "reverse_kl", "tv", "w1", "sliced_w1", "mmd2", "precision", "recall", "density", "coverage"] {
        let [low, high] = [0, 1].map(|end| figures["noise_band"][name][end].as_f64().unwrap());
        assert!(figures[name].is_number() && low < high, "{name}");
    }
    // A run of 3 kimg with tiny networks is far from the data.
    assert!(figures["js"].as_f64().unwrap() > 0.5 && figures["modes"].is_number());
    let last = record(trained_ring().join("metrics.jsonl")).pop().unwrap();
    assert_eq!(figures["sliced_w1"], last["sliced_w1"]);
}

#[test]
fn a_metric_that_does_not_exist_or_does_not_suit_is_named_with_those_that_do() {
    let dir = tempfile::tempdir().unwrap();
    ask(dir.path(), "evaluate", trained_ring(), &["--metric", "modes,fid"]).refused(2, &["--metric", "`fid`", "modes, hq, rkl"]);
    ask(dir.path(), "evaluate", trained_images(), &["--metric", "modes"]).refused(2, &["--metric", "`modes`", "fid, kid"]);
    ask(dir.path(), "evaluate", trained_ring(), &[]).refused(2, &["--metric"]);
}

#[test]
fn an_export_samples_and_measures_like_the_run_it_came_from() {
    let dir = tempfile::tempdir().unwrap();
    ask(dir.path(), "export", trained_ring(), &["--out", "g.safetensors"]).done();
    ask(dir.path(), "export", trained_ring(), &["--out", "h.safetensors", "--half"]).done();
    let (full, half) = (dir.path().join("g.safetensors"), dir.path().join("h.safetensors"));
    for (of, out) in [(trained_ring(), "run.npy"), (&full, "full.npy"), (&half, "half.npy")] {
        ask(dir.path(), "sample", of, &["--count", "64", "--out", out]).done();
    }
    let array = |name: &str| read_npy(&dir.path().join(name)).1;
    assert_eq!(array("run.npy"), array("full.npy"));
    let farthest = array("run.npy").iter().zip(array("half.npy")).fold(0.0, |far: f32, (a, b)| far.max((a - b).abs()));
    assert!(farthest > 0.0 && farthest < 0.02, "{farthest}");
    let measured = |of: &Path| ask(dir.path(), "evaluate", of, &["--metric", "hq,rkl"]).done().stdout;
    assert_eq!(measured(trained_ring()), measured(&full));
    ask(dir.path(), "export", trained_ring(), &["--out", "g.pt"]).refused(2, &["--out g.pt", ".safetensors"]);
}

#[test]
fn inspect_names_kind_settings_images_tensors_and_parameters() {
    let dir = tempfile::tempdir().unwrap();
    ask(dir.path(), "export", trained_ring(), &["--out", "g.safetensors"]).done();
    let run = ask(dir.path(), "inspect", trained_ring(), &[]).done().stdout;
    let checkpoint = ask(dir.path(), "inspect", &newest_checkpoint(trained_ring()).unwrap().1, &[]).done().stdout;
    let export = ask(dir.path(), "inspect", &dir.path().join("g.safetensors"), &[]).done().stdout;
    assert_eq!(run, checkpoint);
    // A hidden layer of 8: 2·8 + 8 and 8·2 + 2 numbers in G, 2·8 + 8 and 8·1 + 1 in D.
    for word in ["checkpoint", "4,000", "\"batch\": 32", "42 parameters", "33 parameters", "[8, 2]"] {
        assert!(checkpoint.contains(word), "no `{word}` in {checkpoint}");
    }
    assert!(export.contains("exported generator") && export.contains("42 parameters") && !export.contains("critic and"), "{export}");
}
