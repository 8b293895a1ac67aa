//! Runs the program and looks at what it leaves.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A run on points that takes a moment.
pub const TINY: [&str; 12] = [
    "--device",
    "cpu",
    "--set",
    "batch=32",
    "--set",
    "generator.width=8",
    "--set",
    "generator.depth=1",
    "--set",
    "critic.width=8",
    "--set",
    "critic.depth=1",
];

/// How one call of the program ended.
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        let ended = Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        ended
    }

    /// Asserts exit code 0.
    pub fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }

    /// Asserts an exit code and that the message holds all of these words.
    pub fn refused(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "no `{word}` in: {}", self.stderr);
        }
        self
    }
}

/// The program in a folder, not yet started.
pub fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sparring"));
    command.current_dir(dir).args(args).env_remove("SPARRING_DATA").env_remove("SPARRING_INCEPTION").stdin(Stdio::null());
    command
}

/// Runs the program in a folder to its end.
pub fn sparring(dir: &Path, args: &[&str]) -> Ended {
    ended_of(&mut command(dir, args))
}

/// Runs a program that was prepared to its end.
pub fn ended_of(command: &mut Command) -> Ended {
    Ended::of(command.output().expect("the program starts"))
}

/// Runs `sparring train ring8` with tiny networks.
pub fn train(dir: &Path, args: &[&str]) -> Ended {
    sparring(dir, &[&["train", "ring8"], &TINY[..], args].concat())
}

/// Starts `sparring train ring8` with tiny networks and leaves it running.
pub fn start_training(dir: &Path, args: &[&str]) -> Child {
    let args = [&["train", "ring8"], &TINY[..], args].concat();
    command(dir, &args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

/// Runs the program with no file allowed to grow beyond `blocks` of 512 bytes: a disk that fills up.
#[cfg(unix)]
pub fn sparring_on_a_full_disk(dir: &Path, blocks: u32, args: &[&str]) -> Ended {
    let script = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut shell = Command::new("sh");
    shell.current_dir(dir).args(["-c", &script, env!("CARGO_BIN_EXE_sparring")]).args(args).stdin(Stdio::null());
    Ended::of(shell.output().expect("sh starts"))
}

/// Sends a signal such as `INT` to a program that was started here.
#[cfg(unix)]
pub fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status().expect("kill starts");
    assert!(sent.success());
}

/// Waits for a program that was started here.
pub fn end_of(child: Child) -> Ended {
    Ended::of(child.wait_with_output().expect("the program ends"))
}

/// Waits until something is so.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what} did not happen within a minute");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The newest checkpoint of a run: its thousands of images and its path.
pub fn newest_checkpoint(run: &Path) -> Option<(u64, PathBuf)> {
    let entries = fs::read_dir(run.join("checkpoints")).ok()?;
    let kimg = |path: &Path| path.file_name()?.to_str()?.strip_suffix("k.sparring")?.parse::<u64>().ok();
    entries.flatten().filter_map(|entry| Some((kimg(&entry.path())?, entry.path()))).max()
}

/// The bytes of a run's newest checkpoint.
pub fn newest_bytes(run: &Path) -> Vec<u8> {
    fs::read(newest_checkpoint(run).expect("a checkpoint").1).expect("readable")
}

/// The lines of a record, without what a clock measured.
pub fn record(path: PathBuf) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(path).expect("a record");
    let line = |line: &str| {
        let mut line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        line.as_object_mut().expect("an object").remove("images_per_sec");
        line
    };
    text.lines().map(line).collect()
}

/// The names in a folder, sorted.
pub fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir).expect("a folder").flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A run of 4 kimg on the ring, trained once for all tests that only ask.
pub fn trained_ring() -> &'static Path {
    static RUN: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, run) = RUN.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let run = dir.path().join("ring");
        train(dir.path(), &["--kimg", "4", "--out", "ring"]).done();
        (dir, run)
    });
    run
}

/// An IDX file of `count` images, 28x28, of a diagonal that moves.
pub fn idx_images(count: u32) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 3];
    [count, 28, 28].iter().for_each(|n| bytes.extend(n.to_be_bytes()));
    bytes.extend((0..count).flat_map(|image| (0..784).map(move |place| if (place / 28 + place % 28 + image) % 28 < 4 { 255 } else { 0 })));
    bytes
}

/// A run of a few steps on such images.
pub fn trained_images() -> &'static Path {
    static RUN: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, run) = RUN.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::write(dir.path().join("train-images-idx3-ubyte"), idx_images(64)).expect("writable");
        let small = ["--set", "batch=4", "--set", "generator.width=8", "--set", "critic.width=8", "--kimg", "0.012"];
        let args = [&["train", "mnist", "--data", ".", "--device", "cpu", "--out", "digits"], &small[..]].concat();
        sparring(dir.path(), &args).done();
        let run = dir.path().join("digits");
        (dir, run)
    });
    run
}
