//! `sparring data`: what a set holds, and downloads from a server on this machine.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;

use crate::images::*;
use crate::program::*;

#[test]
fn check_tells_counts_sizes_and_classes_and_shows_what_a_run_would_see() {
    let dir = tempfile::tempdir().unwrap();
    write_folder(&dir.path().join("photos"), &photos());
    let check = |args: &[&str]| sparring(dir.path(), &[&["data", "check"], args].concat());
    let ended = check(&["photos", "--sheet", "sheet.png", "--set", "image.resolution=20"]).done();
    for line in [
        "images: 12, and 2 other files",
        "formats: BMP (3), JPEG (3), PNG (3), WebP (3)",
        "colours: RGB (12)",
        "20x40 (1)",
        "classes: 2: cats (4), dogs (8)",
    ] {
        assert!(ended.stdout.contains(line), "no `{line}` in {}", ended.stdout);
    }
    let sheet = image::open(dir.path().join("sheet.png")).unwrap();
    assert_eq!((sheet.width(), sheet.height()), (4 * 20, 3 * 20));
    fs::write(dir.path().join("photos.zip"), zipped(&photos())).unwrap();
    assert_eq!(check(&["photos.zip"]).done().stdout, ended.stdout);

    fs::write(dir.path().join("photos/cats/bad.png"), "hello").unwrap();
    fs::write(dir.path().join("photos/dogs/bad.png"), "").unwrap();
    let ended = check(&["photos"]).refused(1, &["photos: 2 of 14 images cannot be read"]);
    assert!(
        ended.stdout.contains("bad: cats/bad.png: is no PNG") && ended.stdout.contains("bad: dogs/bad.png: is no PNG"),
        "{}",
        ended.stdout
    );
    check(&["photos/cats/bad.png"]).refused(2, &["bad.png", "one image"]);
    check(&["photos", "--sheet", "photos/cats/bad.png"]).refused(2, &["--sheet", "is read"]);
    check(&["photos", "--sheet", "photos/cats/none/s.png"]).refused(1, &["cannot write photos/cats/none/s.png"]);
    check(&["photos", "--sheet", "sheet.jpg"]).refused(2, &["--sheet sheet.jpg", ".png"]);
    check(&["photos", "--set", "image.resolution=3"]).refused(2, &["`image.resolution`"]);
    check(&["nowhere"]).refused(1, &["nowhere"]);
    assert!(!dir.path().join("sheet.jpg").exists());
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_bad_images_and_those_in_a_circle_show_nothing_new() {
    let dir = tempfile::tempdir().unwrap();
    let photos_dir = dir.path().join("photos");
    write_folder(&photos_dir, &photos());
    std::os::unix::fs::symlink("nowhere.png", photos_dir.join("cats/gone.png")).unwrap();
    std::os::unix::fs::symlink("..", photos_dir.join("cats/circle")).unwrap();
    let ended = sparring(dir.path(), &["data", "check", "photos"]).refused(1, &["1 of 13 images cannot be read"]);
    assert!(ended.stdout.contains("bad: cats/gone.png: cannot be read"), "{}", ended.stdout);
    let rehearsed = ["train", "images", "--data", "photos", "--device", "cpu", "--dry-run"];
    sparring(dir.path(), &rehearsed).refused(1, &["cats/gone.png"]);
    let ended = sparring(dir.path(), &[&rehearsed[..], &["--skip-bad-images"]].concat()).done();
    assert!(ended.stdout.contains("12 images"), "{}", ended.stdout);
    // A whole class may be behind a link: it is not left out.
    std::os::unix::fs::symlink("unmounted", photos_dir.join("birds")).unwrap();
    sparring(dir.path(), &["data", "check", "photos"]).refused(1, &["cannot read", "birds"]);
}

#[test]
fn check_knows_the_sets_that_have_a_name() {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["digits", "ten", "hundred"] {
        fs::create_dir(dir.path().join(folder)).unwrap();
    }
    fs::write(dir.path().join("digits/train-images-idx3-ubyte"), idx_images(64)).unwrap();
    fs::write(dir.path().join("digits/train-labels-idx1-ubyte"), idx_labels(64)).unwrap();
    fs::write(dir.path().join("ten/data_batch_2.bin.gz"), gzipped(&records(1, 20))).unwrap();
    fs::write(dir.path().join("hundred/train.bin"), records(2, 20)).unwrap();
    let told = |path: &str| sparring(dir.path(), &["data", "check", path, "--sheet", "sheet.png"]).done().stdout;
    assert_eq!(told("digits").lines().next(), Some("images: 64, 1x28x28"));
    assert!(told("digits").contains("classes: 10: 0 (7), 1 (7), 2 (7), 3 (7), 4 (6)"), "{}", told("digits"));
    for path in ["ten", "ten/data_batch_2.bin.gz", "hundred", "hundred/train.bin"] {
        assert!(told(path).starts_with("images: 20, 3x32x32\nclasses: 10: 0 (2)"), "{path}: {}", told(path));
    }
    // Of a file of test images the labels are those of the tests.
    fs::write(dir.path().join("digits/t10k-images-idx3-ubyte"), idx_images(9)).unwrap();
    fs::write(dir.path().join("digits/t10k-labels-idx1-ubyte"), idx_labels(9)).unwrap();
    assert!(told("digits/t10k-images-idx3-ubyte").starts_with("images: 9, 1x28x28\nclasses: 9: "));
    fs::write(dir.path().join("ten/test_batch_1000.bin.gz"), gzipped(&records(1, 20))).unwrap();
    assert!(told("ten/test_batch_1000.bin.gz").starts_with("images: 20, 3x32x32\nclasses: 10: 0 (2)"));
    fs::write(dir.path().join("ten/data_batch_3.bin"), "cut").unwrap();
    sparring(dir.path(), &["data", "check", "ten"]).refused(1, &["data_batch_3.bin: truncated"]);
}

/// A server that answers each connection with the next of these, and tells what was asked.
fn server(answers: Vec<Vec<u8>>) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}/mirror/", listener.local_addr().expect("an address"));
    let answer = move |bytes: Vec<u8>| {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("a request");
            asked.push(byte[0]);
        }
        stream.write_all(&bytes).expect("somebody listens");
        String::from_utf8(asked).expect("text").to_lowercase()
    };
    (base, std::thread::spawn(move || answers.into_iter().map(answer).collect()))
}

fn answer(head: &str, length: usize, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n").as_bytes(), body].concat()
}

#[test]
fn fetch_keeps_what_came_goes_on_with_it_and_takes_nothing_for_the_data_that_is_not_them() {
    let dir = tempfile::tempdir().unwrap();
    let other = [answer("200 OK", 99, b"half of "), answer("206 Partial Content\r\nContent-Range: bytes 8-19/20", 12, b"another file")];
    let (base, asked) = server([&other[..], &[answer("404 Not Found", 0, b"")]].concat());
    let fetch = || sparring(dir.path(), &["data", "fetch", "cifar10", "--out", "ten", "--url", &base]);
    fetch().refused(1, &[&base, "cifar-10-binary.tar.gz", "broke off", "run this again"]);
    assert_eq!(names(&dir.path().join("ten")), ["cifar-10-binary.tar.gz.part"]);
    fetch().refused(1, &["has the MD5", "c32a1d4ab5d03f1284b67883e8d87530", "removed"]);
    fetch().refused(1, &["404"]);
    assert_eq!(names(&dir.path().join("ten")), [""; 0]);
    let asked = asked.join().unwrap();
    assert!(asked[0].starts_with("get /mirror/cifar-10-binary.tar.gz "), "{asked:?}");
    assert!(asked[1].contains("range: bytes=8-"), "{asked:?}");
    fetch().refused(1, &[&base]); // nobody listens any more

    fs::write(dir.path().join("ten/cifar-10-binary.tar.gz"), "mine").unwrap();
    fetch().refused(1, &["ten/cifar-10-binary.tar.gz", "move it away"]);
    assert_eq!(fs::read(dir.path().join("ten/cifar-10-binary.tar.gz")).unwrap(), b"mine");
    sparring(dir.path(), &["data", "fetch", "ring8"]).refused(2, &["ring8", "fashion_mnist"]);
    sparring(dir.path(), &["data", "fetch", "mnist", "--url", "nonsense"]).refused(1, &["nonsense"]);
}
