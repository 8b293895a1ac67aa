//! Several processes that train one run; what needs MPI is built by `cargo test --release --features mpi --test cli processes`.

#[cfg(feature = "mpi")]
mod by_mpi {
    use std::path::Path;
    use std::process::{Command, Stdio};

    use crate::program::*;

    /// What one process is called with.
    fn tiny<'a>(preset: &'a str, args: &[&'a str]) -> Vec<&'a str> {
        [&["train", preset], &TINY[..], args].concat()
    }

    /// Launches what stands between `:`, each as so many processes.
    fn launched(dir: &Path, groups: &[(usize, &[&str])]) -> Ended {
        let mut command = Command::new("mpirun");
        command.current_dir(dir).env_remove("SPARRING_DATA").stdin(Stdio::null());
        // Also as root, and on fewer cores than processes; who waits for another in vain is ended.
        command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1").args(["--oversubscribe", "--timeout", "300"]);
        for (index, (processes, args)) in groups.iter().enumerate() {
            command.args((index > 0).then_some(":")).args(["-n", &processes.to_string(), env!("CARGO_BIN_EXE_sparring")]).args(*args);
        }
        ended_of(&mut command)
    }

    fn two(dir: &Path, args: &[&str]) -> Ended {
        launched(dir, &[(2, &tiny("ring8", args))])
    }

    #[test]
    fn two_processes_train_as_one_does_and_one_of_them_writes() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        train(dir.path(), &["--kimg", "3", "--out", "one"]).done();
        let ended = two(dir.path(), &["--kimg", "3", "--out", "two"]).done();
        assert!(ended.stderr.contains("processes: 2, each learns from 16 of the 32 samples"), "{}", ended.stderr);
        assert_eq!(ended.stderr.matches("device: ").count(), 1, "one speaks: {}", ended.stderr);
        assert_eq!(ended.stdout.trim(), "two");
        let [one, two] = ["one", "two"].map(|name| dir.path().join(name));
        assert_eq!(names(&one), names(&two));
        let lines = [&one, &two].map(|run| record(run.join("stats.jsonl")));
        assert_eq!(lines[0].len(), lines[1].len());
        for (one, two) in lines[0].iter().zip(&lines[1]) {
            assert_eq!(one["images"], two["images"]);
            for name in ["loss_d", "loss_g", "r1", "r2", "d_real", "d_fake", "norm_d", "norm_g"] {
                let (a, b) = (one[name].as_f64().expect("a number"), two[name].as_f64().expect("a number"));
                assert!((a - b).abs() <= 1e-3 * (1.0 + a.abs()), "{name}: {one} {two}");
            }
        }
    }

    #[test]
    fn a_run_of_two_processes_that_was_stopped_goes_on_to_the_same_bits() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let cadences = ["--checkpoint-kimg", "1", "--snapshot-kimg", "1", "--metrics-kimg", "1"];
        two(dir.path(), &[&cadences[..], &["--kimg", "4", "--out", "whole"]].concat()).done();
        two(dir.path(), &[&cadences[..], &["--kimg", "2", "--out", "parts"]].concat()).done();
        two(dir.path(), &[&cadences[..], &["--kimg", "4", "--out", "parts", "--resume"]].concat()).done();
        assert!(newest_bytes(&dir.path().join("whole")) == newest_bytes(&dir.path().join("parts")), "the weights differ");
        // And what two began one may go on with, in the same folder.
        train(dir.path(), &["--kimg", "5", "--out", "parts", "--resume"]).done();
    }

    #[test]
    fn a_run_that_two_processes_cannot_share_is_refused_by_its_setting() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let ended = two(dir.path(), &["--kimg", "1", "--set", "batch=33", "--out", "odd"]);
        assert!(ended.code != Some(0) && ended.stderr.contains("setting `batch`: is 33"), "{}", ended.stderr);
        assert!(!dir.path().join("odd").exists());
    }

    #[test]
    fn a_process_that_cannot_follow_ends_all() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (some, others) = (pictures(dir.path(), "some", 6), pictures(dir.path(), "others", 5));
        let first = of_images(&some, &["--kimg", "1000", "--out", "run"]);
        for (data, why) in [("missing", "missing"), (&others, "--data is not what the first process has: 6 images")] {
            let ended = launched(dir.path(), &[(1, &first), (1, &of_images(data, &[]))]);
            assert!(ended.code != Some(0) && ended.stderr.contains("error: process 1 of 2: "), "{}", ended.stderr);
            assert!(ended.stderr.contains(why), "{}", ended.stderr);
            std::fs::remove_dir_all(dir.path().join("run")).expect("it had begun");
        }
    }

    #[test]
    fn a_run_of_two_processes_that_diverges_is_rolled_back_in_both() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let wild = ["--set", "lr=1", "--set", "critic.depth=16", "--set", "generator.depth=16", "--kimg", "2000", "--out", "wild"];
        let ended = two(dir.path(), &wild);
        assert!(ended.stderr.contains("rolled back to image "), "{}", ended.stderr);
        let again = ended.stderr.contains("not for the first time");
        assert!(again || ended.code == Some(0) && ended.stderr.contains("done: "), "{}", ended.stderr);
    }

    #[test]
    fn two_processes_train_images() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let data = pictures(dir.path(), "images", 6);
        launched(dir.path(), &[(2, &of_images(&data, &["--kimg", "1", "--out", "run"]))]).done();
        assert_eq!(newest_checkpoint(&dir.path().join("run")).expect("a checkpoint").0, 1);
    }

    /// A folder of small pictures, each its own.
    fn pictures(dir: &Path, name: &str, count: u8) -> String {
        std::fs::create_dir(dir.join(name)).expect("writable");
        for i in 0..count {
            let picture = image::GrayImage::from_fn(16, 16, |x, y| image::Luma([(x * 13 + y) as u8 + i]));
            picture.save(dir.join(name).join(format!("{i}.png"))).expect("writable");
        }
        name.into()
    }

    /// What one process is called with to train a small game on them.
    fn of_images<'a>(data: &'a str, args: &[&'a str]) -> Vec<&'a str> {
        let small = ["--set", "image.resolution=16", "--set", "batch=4", "--set", "generator.width=8", "--set", "critic.width=8"];
        [&["train", "images", "--data", data, "--device", "cpu"], &small[..], args].concat()
    }
}

#[cfg(not(feature = "mpi"))]
#[test]
fn several_processes_without_mpi_are_refused_before_they_overwrite_each_other() {
    use crate::program::*;
    let dir = tempfile::tempdir().expect("a temporary folder");
    let args = [&["train", "ring8"], &TINY[..], &["--out", "run"]].concat();
    ended_of(command(dir.path(), &args).env("OMPI_COMM_WORLD_SIZE", "2")).refused(2, &["2 processes", "--features mpi"]);
    assert!(!dir.path().join("run").exists());
    let alone = [&args[..], &["--kimg", "1"]].concat();
    ended_of(command(dir.path(), &alone).env("OMPI_COMM_WORLD_SIZE", "1")).done();
}
