//! Metrics of images by the features of named networks, and the classifiers these come from.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use npyz::WriterBuilder;
use serde_json::Value;

use crate::images::{gzipped, records};
use crate::inception_weights;
use crate::program::*;

/// The folder of the images on which [`trained_images`] was trained: 64 of them.
fn data() -> &'static str {
    trained_images().parent().and_then(Path::to_str).expect("a plain path")
}

fn ask(dir: &Path, source: &str, args: &[&str]) -> Ended {
    sparring(dir, &[&["evaluate", source], args].concat())
}

fn figures(ended: Ended) -> Value {
    serde_json::from_str(&ended.done().stdout).expect("figures are JSON")
}

fn run() -> &'static str {
    trained_images().to_str().expect("a plain path")
}

fn near(a: &Value, b: &Value) -> bool {
    let [a, b] = [a, b].map(|value| value.as_f64().expect("a number"));
    (a - b).abs() <= 1e-6 * a.abs().max(1.0)
}

#[test]
fn a_generator_of_images_is_measured_beside_its_protocol_and_what_reals_score() {
    let dir = tempfile::tempdir().unwrap();
    let all = figures(ask(dir.path(), run(), &["--data", data(), "--metric", "all", "--samples", "20", "--json", "m.json"]));
    assert_eq!(all, serde_json::from_str::<Value>(&fs::read_to_string(dir.path().join("m.json")).unwrap()).unwrap());
    for name in ["fid", "kid", "is", "precision", "recall", "density", "coverage", "sliced_w1", "swd"] {
        let [low, high] = [0, 1].map(|end| all["noise_band"][name][end].as_f64().unwrap());
        assert!(all[name].is_number() && low <= high, "{name}: {all}");
    }
    // So few images are one subset, whose kernel distance has no deviation.
    assert!(all["deviation"]["is"].is_number() && all["deviation"].get("kid").is_none() && all.get("modes").is_none(), "{all}");
    // A run of three steps makes noise, which no digit resembles.
    assert!(all["fid"].as_f64().unwrap() > 2.0 * all["noise_band"]["fid"][1].as_f64().unwrap(), "{all}");
    let Value::Object(protocol) = &all["protocol"] else { panic!("{all}") };
    assert_eq!((&protocol["features"], &protocol["samples"]), (&Value::from("lenet-mnist"), &Value::from(20)));
    assert_eq!(all["swd_levels"].as_object().map(|levels| levels.len()), Some(1), "28 pixels are not halved");
    assert!(protocol["seed"].is_number() && protocol["reference"].as_str().unwrap().contains("64 images"), "{all}");
}

#[test]
fn the_fid_of_a_run_as_it_went_is_that_of_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let last = record(trained_images().join("metrics.jsonl")).pop().unwrap();
    assert_eq!((&last["fid_features"], &last["fid_samples"]), (&Value::from("lenet-mnist"), &Value::from(64)));
    let found = figures(ask(dir.path(), run(), &["--data", data(), "--metric", "fid"]));
    assert!(near(&found["fid"], &last["fid"]), "{found} and {last}");
    assert!(found["noise_band"].is_null(), "64 images do not hold two samples of 64: {found}");
}

#[test]
fn images_of_any_program_are_measured_against_images_and_against_statistics_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let reals = format!("{}/train-images-idx3-ubyte", data());
    let own = figures(ask(dir.path(), &reals, &[data(), "--features", "lenet-mnist", "--metric", "fid", "--save-statistics", "reals.npz"]));
    assert!(own["fid"].as_f64().unwrap().abs() < 1e-3, "{own}");
    let config: Value = serde_json::from_str(&fs::read_to_string(trained_images().join("config.json")).unwrap()).unwrap();
    sparring(dir.path(), &["sample", run(), "--count", "64", "--seed", &config["seed"].to_string(), "--out", "fakes.npy"]).done();
    let against = |reals: &str| figures(ask(dir.path(), "fakes.npy", &[reals, "--features", "lenet-mnist", "--metric", "fid"]));
    let of_generator = figures(ask(dir.path(), run(), &["--data", data(), "--metric", "fid"]));
    for found in [
        against(&reals),
        against("reals.npz"),
        figures(ask(dir.path(), run(), &["--data", "reals.npz", "--metric", "fid", "--samples", "64"])),
    ] {
        assert!(near(&found["fid"], &of_generator["fid"]), "{found} and {of_generator}");
    }
    let by_run = figures(ask(dir.path(), run(), &[&reals, "--metric", "fid"]));
    assert!(near(&by_run["fid"], &of_generator["fid"]) && by_run["protocol"]["reference"] == reals.as_str(), "{by_run}");
    let pictures = dir.path().join("pictures");
    fs::create_dir(&pictures).unwrap();
    for (number, pixels) in idx_images(64)[16..].chunks_exact(784).enumerate() {
        image::GrayImage::from_raw(28, 28, pixels.to_vec()).unwrap().save(pictures.join(format!("{number:02}.png"))).unwrap();
    }
    let by_pictures = figures(ask(dir.path(), run(), &["pictures", "--metric", "fid"]));
    assert!(near(&by_pictures["fid"], &of_generator["fid"]), "grey pictures are known to be grey once all are decoded: {by_pictures}");
    let newest = newest_checkpoint(Path::new(run())).unwrap().1;
    let by_file = figures(ask(dir.path(), newest.to_str().unwrap(), &["reals.npz", "--metric", "fid", "--samples", "64"]));
    assert!(near(&by_file["fid"], &of_generator["fid"]), "{by_file}");
    let names = names_in_archive(&dir.path().join("reals.npz"));
    assert_eq!(names, ["features.npy", "mu.npy", "sigma.npy"]);
}

#[test]
fn a_run_that_is_measured_against_other_data_than_its_own_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let mut other = idx_images(64);
    *other.last_mut().unwrap() ^= 1;
    fs::write(dir.path().join("train-images-idx3-ubyte"), other).unwrap();
    let asked = |data: &str| ask(dir.path(), run(), &["--data", data, "--metric", "fid"]).done();
    let own = asked(data());
    assert!(!own.stderr.contains("--data is not") && own.stdout.contains(data()), "{} {}", own.stderr, own.stdout);
    let found = asked(".");
    assert!(found.stderr.contains("note: --data is not what the run began with") && found.stderr.contains("others"), "{}", found.stderr);
}

#[test]
fn a_folder_and_a_zip_of_pictures_are_the_images_they_show() {
    let dir = tempfile::tempdir().unwrap();
    let pictures = dir.path().join("pictures");
    fs::create_dir(&pictures).unwrap();
    let mut archive = zip::ZipWriter::new(fs::File::create(dir.path().join("pictures.zip")).unwrap());
    for (number, pixels) in idx_images(64)[16..].chunks_exact(784).enumerate() {
        let (name, picture) = (format!("{number:02}.png"), image::GrayImage::from_raw(28, 28, pixels.to_vec()).unwrap());
        picture.save(pictures.join(&name)).unwrap();
        archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&fs::read(pictures.join(&name)).unwrap()).unwrap();
    }
    archive.finish().unwrap();
    let asked = |source: &str| ask(dir.path(), source, &[data(), "--features", "lenet-mnist", "--metric", "fid,sliced_w1"]);
    for source in ["pictures", "pictures.zip"] {
        let found = figures(asked(source));
        assert!(found["fid"].as_f64().unwrap().abs() < 1e-3 && found["sliced_w1"].as_f64().unwrap().abs() < 1e-6, "{source}: {found}");
    }
    image::GrayImage::new(30, 30).save(pictures.join("large.png")).unwrap();
    asked("pictures").refused(1, &["pictures", "large.png", "30x30", "28x28"]);
}

#[test]
fn a_size_that_the_network_cannot_look_at_is_refused_before_the_other_pictures_are_decoded() {
    let dir = tempfile::tempdir().unwrap();
    let pictures = dir.path().join("pictures");
    fs::create_dir(&pictures).unwrap();
    image::GrayImage::new(30, 30).save(pictures.join("00.png")).unwrap();
    fs::write(pictures.join("01.png"), b"no picture").unwrap();
    let refused = ask(dir.path(), "pictures", &[data(), "--features", "lenet-mnist", "--metric", "fid"]);
    assert!(!refused.stderr.contains("01.png"), "{}", refused.stderr);
    refused.refused(1, &["pictures: these images are 30x30", "28x28"]);
}

fn names_in_archive(path: &Path) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).expect("an archive")).expect("a whole one");
    let mut names: Vec<String> = archive.file_names().map(|name| name.expect("plain names").into_owned()).collect();
    let mut mu = Vec::new();
    archive.by_name("mu.npy").expect("as pytorch-fid's").read_to_end(&mut mu).expect("readable");
    assert_eq!(npyz::NpyFile::new(&mu[..]).expect("a NumPy array").shape(), [84]);
    names.sort();
    names
}

#[test]
fn images_of_three_digits_are_counted_by_their_thousand_classes() {
    let dir = tempfile::tempdir().unwrap();
    let lit = |place: usize| if place / 784 % 7 == place % 784 / 28 % 7 { 255 } else { 0 };
    write_images(&dir.path().join("three.npy"), [40, 3, 28, 28], lit);
    let found = figures(ask(dir.path(), "three.npy", &["three.npy", "--features", "lenet-mnist", "--metric", "modes,kl"]));
    let (modes, kl) = (found["modes"].as_f64().unwrap(), found["kl"].as_f64().unwrap());
    // 40 images have 40 classes at most, and KL = log 1000 − entropy ≥ log(1000/40).
    assert!((1.0..=40.0).contains(&modes) && kl >= 25f64.ln() - 1e-9, "{found}");
    ask(dir.path(), "three.npy", &["three.npy", "--features", "lenet-mnist", "--metric", "is"]).refused(2, &["`is`", "modes"]);
}

/// Images of a shape as a NumPy array.
fn write_images(path: &Path, shape: [usize; 4], byte: impl Fn(usize) -> usize) {
    let mut file = Vec::new();
    let shape = shape.map(|n| n as u64);
    let mut writer = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut file).begin_nd().expect("memory takes it");
    writer.extend((0..shape.iter().product::<u64>() as usize).map(|place| byte(place) as u8)).expect("memory takes them");
    writer.finish().expect("as many as the shape says");
    fs::write(path, file).expect("the folder is there");
}

#[test]
fn inception_measures_images_of_any_size_and_the_statistics_of_them_with_weights_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("inception.safetensors"), inception_weights::file(&inception_weights::state())).unwrap();
    write_images(&dir.path().join("fakes.npy"), [2, 3, 20, 20], |place| place * 7 % 251);
    write_images(&dir.path().join("reals.npy"), [4, 3, 20, 20], |place| place * place / 5 % 256);
    let asked = |metric: &str, reals: &str, args: &[&str]| {
        let args = [&["evaluate", "fakes.npy", reals, "--features", "inception", "--metric", metric], args].concat();
        let mut command = command(dir.path(), &args);
        figures(ended_of(command.env("SPARRING_INCEPTION", "inception.safetensors")))
    };
    let all = asked("all", "reals.npy", &["--save-statistics", "reals.npz"]);
    for name in ["fid", "kid", "is", "precision", "recall", "density", "coverage", "sliced_w1"] {
        assert!(all[name].is_number() && all["noise_band"][name].is_array(), "{name}: {all}");
    }
    assert!(all.get("modes").is_none() && all["protocol"]["features"] == "inception", "{all}");
    // No image is as another: so many classes that no more can be told, and as far apart as the formula's features are.
    assert!(all["fid"].as_f64().unwrap() > 1.0 && all["is"].as_f64().unwrap() >= 1.0, "{all}");
    let against_statistics = asked("fid", "reals.npz", &[]);
    assert!(near(&against_statistics["fid"], &all["fid"]), "{against_statistics} and {all}");
    // A generator of grey images, by the flag.
    let flags = ["--features", "inception", "--inception-weights", "inception.safetensors", "--samples", "2", "--metric", "fid,is"];
    let mut command = command(dir.path(), &[&["evaluate", run(), "--data", data()], &flags[..]].concat());
    let found = figures(ended_of(&mut command));
    assert!(found["fid"].as_f64().unwrap() > found["noise_band"]["fid"][0].as_f64().unwrap() && found["is"].is_number(), "{found}");
    ask(dir.path(), "fakes.npy", &["reals.npz", "--features", "lenet-mnist", "--metric", "fid"]).refused(1, &["20x20", "`inception`"]);
}

#[test]
fn what_cannot_be_measured_is_refused_by_flag_or_file() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("bad.npz"), "PK").unwrap();
    fs::write(dir.path().join("bad.npy"), "NUMPY").unwrap();
    let fid = ["--metric", "fid"];
    let refused = |source: &str, args: &[&str], code: i32, words: &[&str]| {
        ask(dir.path(), source, &[args, &fid[..]].concat()).refused(code, words);
    };
    refused(run(), &[], 2, &["--data is needed"]);
    refused(run(), &["--data", data(), "--samples", "65"], 2, &["--samples 65", "64"]);
    refused(
        run(),
        &["--data", data(), "--features", "resnet"],
        2,
        &["--features", "lenet-mnist", "lenet-fashion", "resnet-cifar", "inception"],
    );
    let inception = ["--data", data(), "--features", "inception"];
    refused(run(), &inception, 2, &["--inception-weights is needed", "pytorch-fid", "docs/metrics.md", "SPARRING_INCEPTION"]);
    refused(run(), &[&inception[..], &["--inception-weights", "nowhere"]].concat(), 1, &["nowhere"]);
    refused(run(), &[&inception[..], &["--inception-weights", "bad.npz"]].concat(), 1, &["bad.npz", "not a whole safetensors file"]);
    refused(run(), &["--data", data(), "--inception-weights", "bad.npz"], 2, &["--inception-weights", "`lenet-mnist`"]);
    refused(run(), &["--data", "bad.npz"], 1, &["bad.npz", "not a NumPy archive"]);
    refused("bad.npy", &[data(), "--features", "lenet-mnist"], 1, &["bad.npy", "not a NumPy array"]);
    refused(data(), &[data()], 2, &["--features is needed"]);
    refused(data(), &["nowhere", "--features", "lenet-mnist"], 1, &["nowhere"]);
    let ring = trained_ring().to_str().unwrap();
    ask(dir.path(), ring, &["--metric", "hq", "--samples", "50"]).refused(2, &["--samples", "points"]);
    ask(dir.path(), run(), &["--metric", "hq", "--data", data()]).refused(2, &["--metric", "`hq`", "fid, kid"]);
    // What is written is looked at before anything is computed.
    let measured = ["--data", data()];
    refused(run(), &[&measured[..], &["--json", "nowhere/m.json"]].concat(), 1, &["cannot write nowhere/m.json"]);
    refused(run(), &[&measured[..], &["--save-statistics", "s.txt"]].concat(), 2, &["--save-statistics s.txt", ".npz"]);
    refused(
        run(),
        &[&measured[..], &["--save-statistics", "s.npz", "--json", "s.npz"]].concat(),
        2,
        &["--json s.npz", "--save-statistics"],
    );
    let newest = newest_checkpoint(trained_images()).unwrap().1;
    refused(run(), &[&measured[..], &["--json", newest.to_str().unwrap()]].concat(), 2, &["--json", "is read"]);
    refused("bad.npy", &["bad.npz", "--features", "lenet-mnist", "--json", "bad.npy"], 2, &["--json bad.npy", "is read"]);
    ask(dir.path(), ring, &[data(), "--metric", "hq"]).refused(2, &[data(), "points"]);
    assert_eq!(names(dir.path()), ["bad.npy", "bad.npz"]);
}

#[test]
fn a_classifier_is_trained_and_tested_by_the_same_images() {
    let dir = tempfile::tempdir().unwrap();
    for part in ["train", "t10k"] {
        fs::write(dir.path().join(format!("{part}-images-idx3-ubyte")), idx_images(64)).unwrap();
        let labels: Vec<u8> = [0, 0, 8, 1, 0, 0, 0, 64].into_iter().chain((0..64).map(|image| image % 28 / 3)).collect();
        fs::write(dir.path().join(format!("{part}-labels-idx1-ubyte")), labels).unwrap();
    }
    let train =
        |args: &[&str]| sparring(dir.path(), &[&["classifier", "train", "lenet-mnist", "--data", ".", "--device", "cpu"], args].concat());
    let trained = train(&["--epochs", "2", "--out", "c.safetensors"]).done();
    assert!(trained.stderr.contains("epoch 2 of 2"), "{}", trained.stderr);
    train(&["--epochs", "2", "--out", "again.safetensors"]).done();
    assert_eq!(fs::read(dir.path().join("c.safetensors")).unwrap(), fs::read(dir.path().join("again.safetensors")).unwrap());
    let tested = sparring(dir.path(), &["classifier", "test", "c.safetensors", "--data", ".", "--device", "cpu"]).done().stdout;
    let accuracy = trained.stderr.rsplit("accuracy ").next().unwrap().split(' ').next().unwrap();
    assert!(tested.contains("lenet-mnist") && tested.contains(accuracy), "{tested} and {accuracy}");
    train(&["--out", "c.pt"]).refused(2, &["--out c.pt", ".safetensors"]);
    fs::remove_file(dir.path().join("t10k-labels-idx1-ubyte")).unwrap();
    train(&["--out", "d.safetensors"]).refused(1, &["--data .", "t10k-labels-idx1-ubyte"]);
    assert!(!dir.path().join("d.safetensors").exists());
}

#[test]
fn a_classifier_of_photographs_learns_from_cifars_batches_and_is_tested_by_its_test_images() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("ten")).unwrap();
    fs::write(dir.path().join("ten/data_batch_3.bin.gz"), gzipped(&records(1, 40))).unwrap();
    let train = |out: &str| {
        let args = ["classifier", "train", "resnet-cifar", "--data", "ten", "--device", "cpu", "--epochs", "2", "--out", out];
        sparring(dir.path(), &args)
    };
    train("c.safetensors").refused(1, &["--data ten", "test_batch.bin"]);
    fs::write(dir.path().join("ten/test_batch.bin"), records(1, 20)).unwrap();
    let trained = train("c.safetensors").done();
    assert!(trained.stderr.contains("40 images, 1 of 5 batches") && trained.stderr.contains("epoch 2 of 2"), "{}", trained.stderr);
    train("again.safetensors").done();
    assert_eq!(fs::read(dir.path().join("c.safetensors")).unwrap(), fs::read(dir.path().join("again.safetensors")).unwrap());
    let tested = sparring(dir.path(), &["classifier", "test", "c.safetensors", "--data", "ten", "--device", "cpu"]).done().stdout;
    assert!(tested.starts_with("resnet-cifar: ") && tested.contains("20 test images"), "{tested}");
}

#[test]
fn images_are_measured_against_cifars_batches_as_they_are_distributed() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("ten")).unwrap();
    fs::write(dir.path().join("ten/data_batch_1.bin"), records(1, 40)).unwrap();
    let asked = |reals: &str| ask(dir.path(), "ten/data_batch_1.bin", &[reals, "--features", "resnet-cifar", "--metric", "all"]);
    let found = figures(asked("ten"));
    assert!(found["fid"].as_f64().unwrap().abs() < 1e-3 && found["is"].as_f64().unwrap() >= 1.0, "{found}");
    assert!(found.get("modes").is_none() && found["protocol"]["features"] == "resnet-cifar", "{found}");
    asked(data()).refused(1, &["these images are 28x28", "`resnet-cifar`", "32x32"]);
}

/// The real data lie beside the repository for those who have them; without them there is nothing to test here.
#[test]
fn the_weights_that_come_with_the_program_find_the_classes_of_the_test_images() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = std::env::var_os("SPARRING_DATA").map_or_else(|| root.join("../shared/data"), Into::into);
    for (network, folder, least) in
        [("lenet-mnist", "mnist", 99.0), ("lenet-fashion", "fashion-mnist", 91.0), ("resnet-cifar", "cifar10", 70.0)]
    {
        let data = place.join(folder);
        if !data.is_dir() {
            eprintln!("skipped: there is no {}", data.display());
            continue;
        }
        let (weights, data) = (root.join(format!("weights/{network}.safetensors")), data.display().to_string());
        let tested = sparring(root, &["classifier", "test", weights.to_str().unwrap(), "--data", &data, "--device", "cpu"]).done().stdout;
        let accuracy: f64 = tested.split(": ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        assert!(tested.starts_with(network) && accuracy >= least, "{tested}");
    }
}

#[test]
fn images_that_no_network_suits_are_measured_by_their_patches() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("reals");
    fs::create_dir(&folder).unwrap();
    for index in 0..12_u32 {
        let pixels = image::RgbImage::from_fn(32, 32, |x, y| image::Rgb([(x * index) as u8, (y * (index + 3)) as u8, (x * y) as u8]));
        pixels.save(folder.join(format!("{index}.png"))).unwrap();
    }
    let own = ["train", "images", "--data", "reals", "--set", "image.resolution=32", "--out", "run", "--device", "cpu"];
    let small = ["--set", "batch=4", "--set", "generator.width=8", "--set", "critic.width=8", "--kimg", "0.016", "--metrics-kimg", "0.008"];
    sparring(dir.path(), &[&own[..], &small].concat()).done();

    // Stopped and resumed it measures what it would have measured, and keeps the same best.
    let cut: Vec<&str> = own.iter().chain(&small).map(|&arg| if arg == "run" { "cut" } else { arg }).collect();
    let half: Vec<&str> = cut.iter().map(|&arg| if arg == "0.016" { "0.008" } else { arg }).collect();
    sparring(dir.path(), &half).done();
    sparring(dir.path(), &[&cut[..], &["--resume"]].concat()).done();
    for file in ["metrics.jsonl", "checkpoints/best.sparring"] {
        let [whole, cut] = ["run", "cut"].map(|run| fs::read(dir.path().join(run).join(file)).unwrap());
        assert!(whole == cut, "{file}");
    }

    // As it went, and the best of it; the same asked later.
    let lines = record(dir.path().join("run/metrics.jsonl"));
    assert!(lines.len() == 2 && lines.iter().all(|line| line["swd"].as_f64().unwrap() > 0.0 && line["swd_samples"] == 12), "{lines:?}");
    assert!(lines[0]["best"] == true && dir.path().join("run/checkpoints/best.sparring").exists());
    let asked = ask(dir.path(), "run", &["--data", "reals", "--metric", "swd", "--json", "m.json"]);
    assert!(!asked.done().stdout.contains("features"));
    let found: Value = serde_json::from_str(&fs::read_to_string(dir.path().join("m.json")).unwrap()).unwrap();
    assert!(near(&found["swd"], &lines[1]["swd"]), "{found} and {lines:?}");
    let levels = found["swd_levels"].as_object().unwrap();
    assert_eq!(levels.keys().collect::<Vec<_>>(), ["16x16", "32x32"]);
    let mean = levels.values().map(|level| level.as_f64().unwrap()).sum::<f64>() / 2.0;
    assert!((mean - found["swd"].as_f64().unwrap()).abs() < 1e-9 && found["noise_band"].is_null(), "{found}");
    sparring(dir.path(), &["report", "run"]).done();
    let page = fs::read_to_string(dir.path().join("run/report.html")).unwrap();
    assert!(page.contains(">SWD<") && page.contains("SWD "), "no curve of it");

    // Two folders, without a network and, where one is named, beside it; `all` says what is left out.
    let both = |more: &[&str]| ask(dir.path(), "reals", &[&["reals", "--samples", "6"], more].concat());
    let same = figures(both(&["--metric", "swd"]));
    assert!(same["swd"] == 0.0 && same["noise_band"]["swd"][0].is_number(), "{same}");
    let all = both(&["--metric", "all"]);
    assert!(all.stderr.contains("note: --features") && figures(all)["swd"] == 0.0);
    assert_eq!(figures(both(&["--metric", "all,swd"]))["swd"], 0.0);
    // Who asks for more than patches is told what is missing.
    both(&["--metric", "all", "--save-statistics", "reals.npz"]).refused(2, &["--features is needed"]);
    ask(dir.path(), "reals", &["known.npz", "--metric", "all"]).refused(2, &["--features is needed"]);
    both(&["--metric", "swdd"]).refused(2, &["no `swdd`", "fid", "swd"]);
    both(&["--metric", "swd", "--device", "gpu:99"]).refused(1, &["gpu:99"]);
    let seen = figures(both(&["--metric", "fid,swd", "--features", "resnet-cifar"]));
    assert!(seen["swd"] == same["swd"] && seen["fid"].is_number() && seen["noise_band"]["fid"].is_array(), "{seen}");
    assert_eq!((&seen["protocol"]["samples"], &seen["protocol"]["features"]), (&Value::from(6), &Value::from("resnet-cifar")));
}

#[test]
fn patches_need_images_and_no_network() {
    let dir = tempfile::tempdir().unwrap();
    let swd = |more: &[&str]| ask(dir.path(), run(), &[&["--data", data(), "--metric", "swd"], more].concat());
    swd(&["--features", "lenet-mnist"]).refused(2, &["--features", "`swd` is by patches"]);
    swd(&["--save-statistics", "reals.npz"]).refused(2, &["--save-statistics", "`swd` is by patches"]);
    swd(&["--samples", "65"]).refused(2, &["--samples 65: there are only 64 real images"]);
    figures(ask(dir.path(), run(), &["--data", data(), "--metric", "fid", "--save-statistics", "reals.npz"]));
    for metric in ["swd", "fid,swd"] {
        ask(dir.path(), run(), &["--data", "reals.npz", "--metric", metric]).refused(2, &["--metric swd: needs the real images"]);
    }
    ask(dir.path(), run(), &["--metric", "swt"]).refused(2, &["no `swt`", "swd"]);
}

#[test]
fn pictures_need_not_be_squares_to_be_measured_but_of_one_size() {
    let dir = tempfile::tempdir().unwrap();
    let write = |folder: &str, count: u32, [width, height]: [u32; 2]| {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
        for index in 0..count {
            let pixels =
                image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x * (index + 2)) as u8, (y * 9) as u8, (x + y) as u8]));
            pixels.save(dir.path().join(folder).join(format!("{width}x{height}-{index}.png"))).unwrap();
        }
    };
    write("wide", 8, [40, 32]);
    write("tall", 8, [32, 40]);
    let swd = |a: &str, b: &str| ask(dir.path(), a, &[b, "--metric", "swd"]);
    let same = figures(swd("wide", "wide"));
    assert_eq!(same["swd"], 0.0);
    assert_eq!(same["swd_levels"].as_object().unwrap().keys().collect::<Vec<_>>(), ["16x20", "32x40"]);
    swd("wide", "tall").refused(1, &["wide holds images of [3, 32, 40], tall of [3, 40, 32]"]);
    ask(dir.path(), "wide", &["wide", "--metric", "fid", "--features", "resnet-cifar"])
        .refused(1, &["these images are 32x40", "`inception`"]);
    write("wide", 1, [41, 32]);
    swd("wide", "tall").refused(1, &["1 of 9 images cannot be read", "41x32-0.png: is 41x32, and 40x32-0.png 40x32"]);
}
