//! Bad input: one clear message that names the flag, key or file; nothing written; no panic.

use std::fs;
use std::path::Path;

use crate::program::*;

/// A `train` that must be refused, and must leave its folder as it was.
fn refuse(dir: &Path, args: &[&str], code: i32, words: &[&str]) {
    let before = names(dir);
    sparring(dir, &[&["train"], args].concat()).refused(code, words);
    assert_eq!(names(dir), before, "{args:?} left something");
}

#[test]
fn wrong_arguments_are_named_before_anything_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let refuse = |args: &[&str], words: &[&str]| refuse(dir.path(), args, 2, words);
    refuse(&["ring9"], &["unknown preset `ring9`", "ring8, grid25, mnist"]);
    refuse(&["ring8", "--set", "wdth=3"], &["`wdth`: there is no such setting", "generator.width"]);
    refuse(&["ring8", "--set", "batch"], &["`batch`", "key=value"]);
    refuse(&["ring8", "--set", "batch=0"], &["`batch`"]);
    refuse(&["ring8", "--set", "batch=many"], &["`batch`", "many"]);
    refuse(&["ring8", "--set", "lr=nan"], &["`lr`"]);
    refuse(&["ring8", "--set", "family=r3gan"], &["`family`"]);
    refuse(&["ring8", "--kimg", "0"], &["`kimg`"]);
    refuse(&["ring8", "--kimg", "nan"], &["`kimg`"]);
    refuse(&["ring8", "--kimg", "inf"], &["`kimg`: greater than 1000000000\n"]);
    refuse(&["ring8", "--seed", "18446744073709551615"], &["`seed`"]);
    refuse(&["ring8", "--seed", "-1"], &["-1"]);
    refuse(&["ring8", "--device", "tpu"], &["--device", "tpu", "auto, cpu, gpu or cuda, or gpu:N or cuda:N"]);
    refuse(&["ring8", "--device", "gpu:first"], &["--device", "gpu:first", "`sparring devices`"]);
    refuse(&["ring8", "--snapshot-kimg", "0.5"], &["--snapshot-kimg", "1 to"]);
    refuse(&["ring8", "--data", "."], &["--data"]);
    refuse(&["ring8", "--resume"], &["--resume", "no run", "ring8"]);
    refuse(&["ring8", "--resume", "--out", "nowhere"], &["--resume", "nowhere"]);
}

#[test]
fn a_gpu_that_there_is_not_is_named_by_its_number() {
    let dir = tempfile::tempdir().unwrap();
    refuse(dir.path(), &["ring8", "--device", "gpu:99"], 1, &["gpu:99: ", "GPU"]);
}

#[test]
fn a_folder_with_something_in_it_is_not_written_into() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("mine.txt"), "precious").unwrap();
    refuse(dir.path(), &["ring8", "--out", "."], 2, &["--out .", "--resume"]);
    refuse(dir.path(), &["ring8", "--out", ".", "--resume"], 1, &["no checkpoint"]);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    refuse(dir.path(), &["ring8", "--device", "cpu", "--out", "file/run"], 1, &["file/run"]);
    refuse(dir.path(), &["ring8", "--device", "cpu", "--out", "file"], 1, &["file"]);
}

#[test]
fn missing_foreign_and_truncated_image_files_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let whole = idx_images(3);
    let mut labels = vec![0, 0, 8, 1, 0, 0, 0, 3];
    labels.extend([1, 2, 3]);
    let mut wide = whole.clone();
    wide[11] = 14; // 14x28, twice too many bytes
    for (name, bytes) in [
        ("cut", &whole[..500]),
        ("head", &whole[..9]),
        ("labels", &labels),
        ("text", b"hello, world, this is text"),
        ("empty", b""),
        ("wide", &wide),
    ] {
        fs::write(dir.path().join(name), bytes).unwrap();
        refuse(dir.path(), &["mnist", "--device", "cpu", "--data", name], 1, &[name]);
    }
    refuse(dir.path(), &["mnist"], 2, &["--data", "train-images-idx3-ubyte"]);
    refuse(dir.path(), &["mnist", "--data", "nowhere"], 1, &["--data nowhere", "no such file or folder"]);
    refuse(dir.path(), &["mnist", "--data", "."], 1, &["--data .", "train-images-idx3-ubyte"]);
}

#[test]
fn latents_that_do_not_fit_the_generator_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, shape: &[u64], numbers: &[f32]| {
        use npyz::WriterBuilder;
        let file = fs::File::create(dir.path().join(name)).unwrap();
        let mut writer = npyz::WriteOptions::new().default_dtype().shape(shape).writer(file).begin_nd().unwrap();
        writer.extend(numbers).unwrap();
        writer.finish().unwrap();
    };
    write("wide.npy", &[1, 3], &[0.0; 3]);
    write("flat.npy", &[2], &[0.0; 2]);
    write("nan.npy", &[1, 2], &[0.0, f32::NAN]);
    write("good.npy", &[2, 2], &[0.5; 4]);
    let good = fs::read(dir.path().join("good.npy")).unwrap();
    fs::write(dir.path().join("cut.npy"), &good[..good.len() - 3]).unwrap();
    fs::write(dir.path().join("text.npy"), "hello").unwrap();
    fs::write(dir.path().join("bytes.npy"), String::from_utf8_lossy(&good).replace("<f4", "|u1").replace('\u{FFFD}', "")).unwrap();
    let run = trained_ring().to_str().unwrap();
    let sample =
        |latents: &str, more: &[&str]| sparring(dir.path(), &[&["sample", run, "--latents", latents, "--out", "x.npy"], more].concat());
    sample("wide.npy", &[]).refused(1, &["wide.npy", "[count, 2]"]);
    sample("flat.npy", &[]).refused(1, &["flat.npy", "[count, 2]"]);
    sample("nan.npy", &[]).refused(1, &["nan.npy", "row 0, column 1", "not finite"]);
    for name in ["cut.npy", "text.npy", "bytes.npy", "nowhere.npy"] {
        sample(name, &[]).refused(1, &[name]);
    }
    sample("good.npy", &["--count", "3"]).refused(2, &["--count 3", "good.npy has 2 rows"]);
    sample("good.npy", &["--seed", "3"]).refused(2, &["--seed", "--latents"]);
    assert!(!dir.path().join("x.npy").exists());
    sample("good.npy", &["--count", "2"]).done();
    sparring(dir.path(), &["sample", run, "--out", "x.npy"]).refused(2, &["--count"]);
    sparring(dir.path(), &["sample", run, "--count", "0", "--out", "x.npy"]).refused(2, &["--count"]);
}

#[test]
fn damaged_and_foreign_checkpoints_and_exports_are_named_whatever_is_asked_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let run = trained_ring().to_str().unwrap();
    sparring(dir.path(), &["export", run, "--out", "good.safetensors"]).done();
    let checkpoint = newest_bytes(trained_ring());
    let export = fs::read(dir.path().join("good.safetensors")).unwrap();
    let flipped = |bytes: &[u8], place: usize| {
        let mut bytes = bytes.to_vec();
        bytes[place] ^= 0x40;
        bytes
    };
    let mut not_finite = export.clone();
    let end = not_finite.len();
    not_finite[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    let files: [(&str, Vec<u8>); 10] = [
        ("cut.sparring", checkpoint[..checkpoint.len() - 1].to_vec()),
        ("head.sparring", checkpoint[..7].to_vec()),
        ("version.sparring", flipped(&checkpoint, 8)),
        ("flipped.sparring", flipped(&checkpoint, checkpoint.len() / 2)),
        ("renamed.sparring", export.clone()),
        ("cut.safetensors", export[..export.len() - 1].to_vec()),
        ("huge.safetensors", flipped(&export, 6)),
        ("nan.safetensors", not_finite),
        ("text.safetensors", b"hello, world".to_vec()),
        ("empty", Vec::new()),
    ];
    for (name, bytes) in files {
        fs::write(dir.path().join(name), bytes).unwrap();
        for args in [
            &["inspect", name][..],
            &["sample", name, "--count", "1", "--out", "x.npy"],
            &["evaluate", name, "--metric", "hq", "--json", "x.json"],
            &["export", name, "--out", "x.safetensors"],
        ] {
            sparring(dir.path(), args).refused(1, &[name]);
        }
    }
    sparring(dir.path(), &["inspect", "version.sparring"]).refused(1, &["version"]);
    sparring(dir.path(), &["inspect", "nowhere"]).refused(1, &["cannot read nowhere"]);
    sparring(dir.path(), &["inspect", "."]).refused(1, &["no checkpoint"]);
    assert!(!names(dir.path()).iter().any(|name| name.starts_with('x')));
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_named_and_leaves_the_old_file_whole_and_nothing_half_written() {
    let dir = tempfile::tempdir().unwrap();
    let run = trained_ring().to_str().unwrap();
    fs::write(dir.path().join("x.npy"), "old").unwrap();
    let sample = ["sample", run, "--count", "5000", "--out", "x.npy"];
    sparring_on_a_full_disk(dir.path(), 8, &sample).refused(1, &["cannot write x.npy: File too large"]);
    assert_eq!(names(dir.path()), ["x.npy"]);
    assert_eq!(fs::read(dir.path().join("x.npy")).unwrap(), b"old");
    sparring(dir.path(), &["evaluate", run, "--metric", "hq", "--json", "/dev/full"]).refused(1, &["cannot write /dev/full"]);
    assert!(!fs::metadata("/dev/full").unwrap().is_file(), "the device was replaced by a file");
}

#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_in_training_loses_nothing_that_was_saved() {
    let dir = tempfile::tempdir().unwrap();
    let args = [&["train", "ring8"], &TINY[..], &["--kimg", "200", "--stats-kimg", "0.032", "--out", "run"]].concat();
    // 200 kB are enough for checkpoint and pictures; the lines of stats.jsonl grow beyond them.
    let ended = sparring_on_a_full_disk(dir.path(), 400, &args)
        .refused(1, &["cannot write run/stats.jsonl", "last good checkpoint: run/checkpoints/"]);
    assert!(newest_checkpoint(&dir.path().join("run")).is_some(), "{}", ended.stderr);
    assert!(fs::read(dir.path().join("run/stats.jsonl")).unwrap().ends_with(b"}\n"), "a line is half written");
    let at = newest_checkpoint(&dir.path().join("run")).unwrap().0;
    sparring(
        dir.path(),
        &["train", "ring8", "--device", "cpu", "--out", "run", "--resume", "--kimg", &(at + 1).to_string(), "--stats-kimg", "1"],
    )
    .done();
}

#[cfg(unix)]
#[test]
fn a_disk_too_full_for_the_first_checkpoint_is_met_before_training() {
    let dir = tempfile::tempdir().unwrap();
    let args = [&["train", "ring8"], &TINY[..], &["--kimg", "4", "--out", "run"]].concat();
    sparring_on_a_full_disk(dir.path(), 1, &args).refused(1, &["cannot write run/checkpoints/000000k.sparring"]);
    assert_eq!(names(&dir.path().join("run/checkpoints")), [".lock"]);
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_early_is_no_error_and_a_full_stdout_is() {
    use std::process::{Command, Stdio};
    let program = env!("CARGO_BIN_EXE_sparring");
    let piped = Command::new("sh").args(["-c", "\"$0\" presets | true", program]).output().unwrap();
    assert!(piped.stderr.is_empty(), "{}", String::from_utf8_lossy(&piped.stderr));
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let ended = Command::new(program).arg("presets").stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert!(ended.status.code() == Some(1) && String::from_utf8_lossy(&ended.stderr).contains("stdout"));
}
