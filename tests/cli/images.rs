//! Image data sets: those known by name, and a person's own.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::program::*;

/// Settings that make a step on images take a moment.
const SMALL: [&str; 10] =
    ["--device", "cpu", "--set", "batch=4", "--set", "generator.width=8", "--set", "critic.width=8", "--kimg", "0.008"];

fn train_images(dir: &Path, args: &[&str]) -> Ended {
    sparring(dir, &[&["train"], args, &SMALL].concat())
}

pub fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory does not fail");
    encoder.finish().expect("memory does not fail")
}

/// `count` records of CIFAR: labels, then planes that differ from image to image.
pub fn records(labels: usize, count: usize) -> Vec<u8> {
    let record = |image: usize| (0..labels).map(move |_| image as u8 % 10).chain((0..3072).map(move |place| (place * (image + 1)) as u8));
    (0..count).flat_map(record).collect()
}

pub fn idx_labels(count: u32) -> Vec<u8> {
    [0, 0, 8, 1].into_iter().chain(count.to_be_bytes()).chain((0..count).map(|image| image as u8 % 10)).collect()
}

#[test]
fn sets_made_like_mnist_are_found_in_the_folder_of_all_under_their_own_names() {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["mnist", "fashion-mnist", "kmnist"] {
        fs::create_dir(dir.path().join(folder)).unwrap();
        fs::write(dir.path().join(folder).join("train-images-idx3-ubyte.gz"), gzipped(&idx_images(64))).unwrap();
        fs::write(dir.path().join(folder).join("train-labels-idx1-ubyte.gz"), gzipped(&idx_labels(64))).unwrap();
    }
    for (preset, data) in [("fashion", "fashion_mnist"), ("mnist", "kmnist"), ("stacked_mnist", "stacked_mnist")] {
        let set = format!("data={data}");
        let run = format!("{preset}-run");
        let args = [&["train", preset, "--set", &set, "--out", &run][..], &SMALL].concat();
        let ended = command(dir.path(), &args).env("SPARRING_DATA", dir.path()).output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        assert!(dir.path().join(run).join("reals.png").exists());
    }
    let refused = |preset: &str, words: &[&str]| train_images(dir.path(), &[preset]).refused(2, words);
    refused("fashion", &["--data", "train-images-idx3-ubyte", "$SPARRING_DATA/fashion-mnist"]);
    refused("stacked_mnist", &["$SPARRING_DATA/mnist"]);
    // A thousand classes go through the game too.
    train_images(dir.path(), &["stacked_mnist", "--data", "mnist", "--set", "conditioning=projection", "--out", "told"]).done();
    sparring(dir.path(), &["sample", "told", "--class", "999", "--count", "2", "--out", "told.png"]).done();
}

#[test]
fn cifar_is_read_from_its_batches_however_many_and_from_the_archive_as_distributed() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("batches")).unwrap();
    fs::write(dir.path().join("batches/data_batch_1.bin.gz"), gzipped(&records(1, 40))).unwrap();
    fs::write(dir.path().join("batches/data_batch_4.bin"), records(1, 30)).unwrap();
    let ended = train_images(dir.path(), &["cifar10", "--data", "batches", "--set", "conditioning=acgan", "--out", "ten"]).done();
    assert!(ended.stderr.contains("batches: 70 images, 2 of 5 batches"), "{}", ended.stderr);
    let wall = image::open(dir.path().join("ten/reals.png")).unwrap();
    assert_eq!((wall.width(), wall.height()), (8 * 32, 8 * 32));
    let last = record(dir.path().join("ten/metrics.jsonl")).pop().unwrap();
    assert!(last["fid"].is_number() && last["fid_features"] == "resnet-cifar" && last["fid_samples"] == 70, "{last}");

    let mut archive = tar::Builder::new(Vec::new());
    let mut add = |name: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, bytes).unwrap();
    };
    add("cifar-10-batches-bin/data_batch_4.bin", &records(1, 30));
    add("cifar-10-batches-bin/readme.html", b"words");
    add("cifar-10-batches-bin/test_batch.bin", &records(1, 9));
    add("cifar-10-batches-bin/data_batch_1.bin", &records(1, 40));
    fs::write(dir.path().join("cifar-10-binary.tar.gz"), gzipped(&archive.into_inner().unwrap())).unwrap();
    train_images(dir.path(), &["cifar10", "--data", "cifar-10-binary.tar.gz", "--set", "conditioning=acgan", "--out", "packed"]).done();
    assert!(newest_bytes(&dir.path().join("ten")) == newest_bytes(&dir.path().join("packed")), "the same images gave other weights");

    fs::create_dir(dir.path().join("hundred")).unwrap();
    fs::write(dir.path().join("hundred/train.bin"), records(2, 20)).unwrap();
    let ended = train_images(dir.path(), &["cifar10", "--set", "data=cifar100", "--data", "hundred", "--out", "hundred-run"]).done();
    assert!(ended.stderr.contains("hundred: 20 images\n"), "{}", ended.stderr);
}

#[test]
fn cifar_that_is_missing_truncated_or_another_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("empty")).unwrap();
    fs::write(dir.path().join("cut.bin"), &records(1, 2)[..6000]).unwrap();
    fs::write(dir.path().join("cut.tar.gz"), &gzipped(&[7; 4096])[..20]).unwrap();
    fs::write(dir.path().join("empty.tar.gz"), gzipped(&[0; 1024])).unwrap();
    let refused = |data: &str, words: &[&str]| {
        let before = names(dir.path());
        train_images(dir.path(), &["cifar10", "--data", data]).refused(1, words);
        assert_eq!(names(dir.path()), before);
    };
    refused("empty", &["--data empty", "data_batch_1.bin"]);
    refused("nowhere", &["--data nowhere", "no such file or folder"]);
    refused("cut.bin", &["cut.bin: truncated"]);
    refused("cut.tar.gz", &["cut.tar.gz"]);
    refused("empty.tar.gz", &["empty.tar.gz", "no data_batch_1.bin"]);
}

#[test]
fn shapes_need_no_file_and_are_those_of_the_seed() {
    let dir = tempfile::tempdir().unwrap();
    train_images(dir.path(), &["shapes", "--out", "a"]).done();
    train_images(dir.path(), &["shapes", "--seed", "2", "--set", "image.resolution=32", "--set", "conditioning=acgan", "--out", "b"])
        .done();
    let picture = |run: &str| image::open(dir.path().join(run).join("reals.png")).unwrap().to_luma8();
    assert_eq!([picture("a").width(), picture("b").width()], [8 * 28, 8 * 32]);
    assert!(picture("a").pixels().any(|pixel| pixel.0 == [255]) && picture("a").pixels().any(|pixel| pixel.0 == [0]));
    train_images(dir.path(), &["shapes", "--data", "."]).refused(2, &["--data", "`shapes`"]);
    train_images(dir.path(), &["shapes", "--set", "image.resolution=30"]).refused(2, &["`image.resolution`", "28 or 32"]);
    train_images(dir.path(), &["shapes", "--set", "image.background=white"]).refused(2, &["`image.background`", "#rrggbb"]);
}

#[test]
fn the_modes_of_shapes_are_counted_while_they_are_trained_and_by_evaluate_alike() {
    let dir = tempfile::tempdir().unwrap();
    train_images(dir.path(), &["shapes", "--out", "run"]).done();
    let counted = record(dir.path().join("run/metrics.jsonl")).pop().expect("a line");
    let figures = |metric: &str| sparring(dir.path(), &["evaluate", "run", "--metric", metric]);
    let evaluated: serde_json::Value = serde_json::from_str(&figures("all").done().stdout).unwrap();
    for name in ["modes", "hq", "rkl"] {
        assert_eq!(counted[name], evaluated[name], "{name}");
    }
    assert!(counted["modes"].is_u64() && evaluated.as_object().unwrap().len() == 3, "{evaluated}");
    let both = sparring(dir.path(), &["evaluate", "run", "--metric", "modes,kid", "--features", "lenet-mnist", "--samples", "64"]).done();
    let both_figures: serde_json::Value = serde_json::from_str(&both.stdout).unwrap();
    assert!(both_figures["modes"] == counted["modes"] && both_figures["kid"].is_f64(), "{both_figures}");
    assert_eq!(both.stderr.matches("device: ").count(), 1, "a GPU cannot be opened twice: {}", both.stderr);
    figures("fid").refused(2, &["--features is needed for shapes"]);
    figures("all,fid").refused(2, &["--features is needed for shapes"]);
    let patches = sparring(dir.path(), &["evaluate", "run", "--metric", "all,swd", "--samples", "16"]).done();
    let with_patches: serde_json::Value = serde_json::from_str(&patches.stdout).unwrap();
    assert!(with_patches["modes"] == counted["modes"] && with_patches["swd"].is_f64(), "{with_patches}");
    figures("mods").refused(2, &["no `mods` for shapes", "modes, hq, rkl, fid"]);
}

/// A picture of one colour with a dark left half, as the bytes of a file.
pub fn picture(width: u32, height: u32, colour: [u8; 3], format: image::ImageFormat) -> Vec<u8> {
    let image = image::RgbImage::from_fn(width, height, |x, _| image::Rgb(if x < width / 2 { [0; 3] } else { colour }));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("memory does not fail");
    bytes.into_inner()
}

/// Pictures in two folders, with two files that are none, by their names.
pub fn photos() -> Vec<(String, Vec<u8>)> {
    use image::ImageFormat::{Bmp, Jpeg, Png, WebP};
    let formats = [(Png, "png"), (Jpeg, "jpg"), (WebP, "webp"), (Bmp, "bmp")];
    let file = |i: usize| {
        let (format, ending) = formats[i % 4];
        let folder = ["cats", "dogs/big", "dogs/small"][i % 3];
        (format!("{folder}/{i:02}.{ending}"), picture(20 + i as u32, 40, [200, (10 * i) as u8, 90], format))
    };
    (0..12).map(file).chain([("readme.txt".into(), b"words".to_vec()), (".cats.png".into(), b"no image".to_vec())]).collect()
}

pub fn write_folder(folder: &Path, files: &[(String, Vec<u8>)]) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, bytes).expect("writable");
    }
}

pub fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("memory does not fail");
        zip.write_all(bytes).expect("memory does not fail");
    }
    zip.finish().expect("memory does not fail").into_inner()
}

/// The preset `images` with small networks and pictures.
fn own<'a>(data: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["images", "--data", data, "--set", "image.resolution=16"], more].concat()
}

#[test]
fn a_folder_of_images_and_the_same_in_a_zip_are_the_same_data_whatever_their_order() {
    let dir = tempfile::tempdir().unwrap();
    let mut files = photos();
    write_folder(&dir.path().join("photos"), &files);
    files.reverse();
    let packed: Vec<_> = files.into_iter().map(|(name, bytes)| (format!("photos/{name}"), bytes)).collect();
    fs::write(dir.path().join("photos.zip"), zipped(&packed)).unwrap();
    let told = ["--set", "conditioning=acgan"];
    let ended = train_images(dir.path(), &own("photos", &[&told[..], &["--out", "a"]].concat())).done();
    assert!(ended.stderr.contains("photos: 12 images in 2 classes, 2 other files left out"), "{}", ended.stderr);
    train_images(dir.path(), &own("photos.zip", &[&told[..], &["--out", "b"]].concat())).done();
    assert!(newest_bytes(&dir.path().join("a")) == newest_bytes(&dir.path().join("b")), "the same images gave other weights");
    let wall = image::open(dir.path().join("a/reals.png")).unwrap();
    assert_eq!((wall.width(), wall.height()), (8 * 16, 8 * 16));

    // Stopped and resumed it ends as if never stopped; another folder is another run.
    let to =
        |kimg, out| own("photos", &[&told[..], &["--out", out, "--kimg", kimg]].concat()).into_iter().map(String::from).collect::<Vec<_>>();
    let run = |args: Vec<String>, more: &[&str]| {
        let args: Vec<&str> = args.iter().map(String::as_str).chain(more.iter().copied()).collect();
        sparring(dir.path(), &[&["train"], &args[..], &SMALL[..8]].concat())
    };
    run(to("0.032", "whole"), &[]).done();
    run(to("0.016", "cut"), &[]).done();
    run(to("0.032", "cut"), &["--resume"]).done();
    assert!(newest_bytes(&dir.path().join("whole")) == newest_bytes(&dir.path().join("cut")));
    fs::create_dir(dir.path().join("photos/birds")).unwrap();
    fs::write(dir.path().join("photos/birds/0.png"), picture(9, 9, [1; 3], image::ImageFormat::Png)).unwrap();
    run(to("0.064", "cut"), &["--resume"]).refused(2, &["image.classes: 2 → 3"]);
}

#[test]
fn what_images_become_is_as_the_settings_say() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("wide")).unwrap();
    fs::write(dir.path().join("wide/a.png"), picture(32, 16, [250, 10, 10], image::ImageFormat::Png)).unwrap();
    let first = |out: &str, more: &[&str]| {
        train_images(dir.path(), &own("wide", &[more, &["--out", out]].concat())).done();
        let wall = image::open(dir.path().join(out).join("reals.png")).unwrap().to_rgb8();
        move |x: u32, y: u32| wall.get_pixel(x, y).0
    };
    let crop = first("crop", &[]);
    assert_eq!([crop(1, 1), crop(14, 1)], [[0; 3], [250, 10, 10]]);
    let letterbox = first("letterbox", &["--set", "image.fit=letterbox", "--set", "image.background=#0000ff"]);
    assert_eq!([letterbox(8, 1), letterbox(1, 8), letterbox(14, 8)], [[0, 0, 255], [0; 3], [250, 10, 10]]);
    let grey = first("grey", &["--set", "image.channels=1"]);
    assert!(grey(14, 1)[0] == grey(14, 1)[1] && (50..80).contains(&grey(14, 1)[0]), "{:?}", grey(14, 1));
    assert_eq!(first("alpha", &["--set", "image.channels=4"])(14, 1), [250, 10, 10]);
    sparring(dir.path(), &["sample", "alpha", "--count", "2", "--out", "alpha.npy"]).done();
    sparring(dir.path(), &["sample", "alpha", "--count", "2", "--out", "alpha.png"]).done();
    assert_eq!(image::open(dir.path().join("alpha.png")).unwrap().color(), image::ColorType::Rgba8);
    let npy = fs::read(dir.path().join("alpha.npy")).unwrap();
    assert_eq!(npyz::NpyFile::new(&npy[..]).unwrap().shape(), [2, 4, 16, 16]);
}

#[test]
fn bad_images_are_named_and_stop_the_run_unless_they_are_to_be_left_out() {
    let dir = tempfile::tempdir().unwrap();
    let mut files = photos();
    let png = picture(30, 30, [1, 2, 3], image::ImageFormat::Png);
    files.push(("cats/cut.png".into(), png[..png.len() / 2].to_vec()));
    files.extend((0..11).map(|i| (format!("dogs/text{i:02}.jpg"), b"hello".to_vec())));
    write_folder(&dir.path().join("photos"), &files);
    let before = names(dir.path());
    let ended = train_images(dir.path(), &own("photos", &[])).refused(
        1,
        &[
            "--data photos: 12 of 24 images",
            "cats/cut.png: cannot be decoded",
            "dogs/text00.jpg: is no PNG",
            "and 2 more",
            "--skip-bad-images",
        ],
    );
    assert!(!ended.stderr.contains("text09.jpg"), "{}", ended.stderr);
    assert_eq!(names(dir.path()), before);
    let ended = train_images(dir.path(), &own("photos", &["--skip-bad-images", "--out", "good"])).done();
    assert!(ended.stderr.contains("photos: 12 images, 2 other files"), "{}", ended.stderr);

    fs::create_dir(dir.path().join("empty")).unwrap();
    fs::write(dir.path().join("text.zip"), "no zip").unwrap();
    fs::write(dir.path().join("cut.zip"), &zipped(&photos())[..200]).unwrap();
    fs::write(dir.path().join("words.zip"), zipped(&[("a.txt".into(), b"words".to_vec())])).unwrap();
    let refused = |args: &[&str], code, words: &[&str]| train_images(dir.path(), args).refused(code, words);
    refused(&own("empty", &[]), 1, &["empty: holds no images"]);
    refused(&own("words.zip", &[]), 1, &["words.zip: holds no images (1 files"]);
    refused(&own("text.zip", &[]), 1, &["text.zip", "neither a folder of images nor a zip"]);
    refused(&own("cut.zip", &[]), 1, &["cut.zip"]);
    refused(&own("nowhere", &[]), 1, &["nowhere"]);
    refused(&own("photos", &["--data-gib", "0"]), 2, &["--data-gib", "0.0001"]);
    refused(&own("photos", &["--set", "image.resolution=50"]), 2, &["`image.resolution`", "48 or 56"]);
    refused(&["images"], 2, &["--data is needed", ".zip"]);
    refused(&["mnist", "--set", "image.resolution=64"], 2, &["`image.resolution` does nothing to `mnist`"]);
    refused(&["shapes", "--set", "image.fit=letterbox"], 2, &["`image.fit` does nothing to `shapes`"]);
    // A run's own file has them all.
    let shapes = sparring::config::preset("shapes").unwrap().config;
    let other = sparring::config::set(&shapes, "image.fit=letterbox").unwrap();
    fs::write(dir.path().join("config.json"), other.to_json()).unwrap();
    sparring(dir.path(), &["train", "--config", "config.json", "--device", "cpu", "--dry-run"]).done();
}

#[test]
fn a_zip_that_unpacks_to_far_more_than_it_says_is_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let bomb = vec![0; 257 << 20];
    fs::write(dir.path().join("bomb.zip"), zipped(&[("a.png".into(), bomb)])).unwrap();
    train_images(dir.path(), &own("bomb.zip", &[])).refused(1, &["a.png: is larger than 256 MiB"]);
}

#[test]
fn a_set_larger_than_memory_gives_the_weights_of_one_that_fits_also_when_it_is_resumed() {
    let dir = tempfile::tempdir().unwrap();
    write_folder(&dir.path().join("photos"), &photos());
    fs::write(dir.path().join("photos/cats/bad.png"), "hello").unwrap();
    let run = |out: &str, kimg: &str, more: &[&str]| {
        // 13 images of 49,152 bytes are more than 0.0005 GiB, or less than the usual 4.
        let set = ["--set", "image.resolution=128", "--set", "family=mlp", "--set", "batch=5", "--set", "conditioning=acgan"];
        let args = ["train", "images", "--data", "photos", "--skip-bad-images", "--device", "cpu", "--out", out, "--kimg", kimg];
        let small = ["--set", "generator.width=8", "--set", "critic.width=8"];
        sparring(dir.path(), &[&args[..], &set, &small, more].concat()).done()
    };
    run("stored", "0.06", &[]);
    let ended = run("streamed", "0.03", &["--data-gib", "0.0005"]);
    assert!(ended.stderr.contains("they are decoded as they are needed") && ended.stderr.contains("bad.png"), "{}", ended.stderr);
    run("streamed", "0.06", &["--data-gib", "0.0005", "--resume"]);
    assert!(newest_bytes(&dir.path().join("stored")) == newest_bytes(&dir.path().join("streamed")));
}
