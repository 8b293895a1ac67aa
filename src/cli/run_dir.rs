//! A run's folder, which explains itself.
//!
//! ```text
//! runs/00007-ring8-mlp/
//!   config.json                     all settings
//!   data.json                       what images it learns from: number, shape, checksum
//!   stats.jsonl                     losses as they went
//!   metrics.jsonl                   modes, hq, rkl, sliced_w1 (points); fid or swd (images); modes, hq, rkl (shapes)
//!   warnings.jsonl                  what the guard and the doctor saw, with figures
//!   events.out.tfevents.sparring    the same figures for TensorBoard, with --tensorboard
//!   reals.png  fakes-000120k.png    the data; the generator on a fixed grid of latents
//!   interpolation-000120k.png       of images: eight ways from a latent to another, in eight steps each
//!   report.html                     all of it on one page, written when training ends
//!   checkpoints/000120k.sparring    the newest two, or --keep of them; the newest whole one is resumed
//!   checkpoints/.lock               held by the process that trains here
//!   checkpoints/best.sparring       as it was when "best" was last true in metrics.jsonl
//!   diverged/                       what was set aside by the one rollback of a run
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{CliError, Result};
use super::files;
use super::lock::Lock;
use super::terminal::note;
use crate::checkpoint::Checkpoint;

/// Where runs go without `--out`.
const RUNS: &str = "runs";
/// Checkpoints that are kept unless said otherwise: the newest, and one more should it be damaged.
pub const KEPT: usize = 2;
/// How checkpoints end.
pub const EXTENSION: &str = "sparring";
/// What a run's folder is known by: its settings, and the place of its checkpoints.
pub const CONFIG: &str = "config.json";
pub const CHECKPOINTS: &str = "checkpoints";
/// How pictures begin, before their thousands of images.
const FAKES: &str = "fakes-";
const INTERPOLATION: &str = "interpolation-";

/// The folder of one run.
#[derive(Debug, Clone)]
pub struct RunDir {
    root: PathBuf,
    /// Where this process trains in it.
    _lock: Option<Arc<Lock>>,
}

impl RunDir {
    /// A folder that exists.
    pub fn at(root: &Path) -> Self {
        Self { root: root.into(), _lock: None }
    }

    /// The same folder, in which no other process trains as long as this value or a copy of it is kept. A folder that is no run is left as it is.
    pub fn locked(self) -> Result<Self> {
        let dir = self.checkpoints_dir();
        let lock = if dir.is_dir() { Some(Arc::new(Lock::of(&self.root, &dir)?)) } else { None };
        Ok(Self { _lock: lock, ..self })
    }

    /// Refuses an `--out` that holds something already, before anything is written.
    pub fn check_free(out: &Path) -> Result<()> {
        match fs::read_dir(out).map(|mut entries| entries.next().is_none()) {
            Ok(false) => Err(CliError::Usage(format!(
                "--out {}: is not empty; add --resume to go on with the run there, or choose another folder",
                out.display()
            ))),
            Ok(true) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(CliError::io("use --out", out, error)),
        }
    }

    /// The folder that [`Self::create`] would make, if it could.
    pub fn planned(out: Option<&Path>, preset: &str, family: &str) -> Result<Self> {
        let root = match out {
            Some(out) => out.to_owned(),
            None => numbered_path(Path::new(RUNS), next_number(Path::new(RUNS))?, &name(preset, family)),
        };
        Ok(Self::at(&root))
    }

    /// Makes the folder of a new run: `out`, or the next free number below `runs/`.
    pub fn create(out: Option<&Path>, preset: &str, family: &str) -> Result<Self> {
        let root = match out {
            Some(out) => {
                files::create_dir_all(out)?;
                out.to_owned()
            }
            None => create_numbered(Path::new(RUNS), &name(preset, family))?,
        };
        let run = Self::at(&root);
        files::create_dir_all(&run.checkpoints_dir())?;
        Ok(run)
    }

    /// The run to resume: `out`, or the newest of a preset below `runs/`.
    pub fn find(out: Option<&Path>, preset: &str) -> Result<Self> {
        let root = match out {
            Some(out) => Some(out.to_owned()),
            None => {
                numbered(Path::new(RUNS))?.into_iter().filter(|(_, name, _)| name.starts_with(&format!("{preset}-"))).max().map(|run| run.2)
            }
        };
        let nothing = |place: String| CliError::Usage(format!("--resume: there is no run in {place}; leave --resume away to start one"));
        match root {
            Some(root) if root.is_dir() => Ok(Self::at(&root)),
            Some(root) => Err(nothing(root.display().to_string())),
            None => Err(nothing(format!("{RUNS}/ of the preset `{preset}`"))),
        }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The picture of samples at `images` images.
    pub fn fakes(&self, images: u64) -> PathBuf {
        self.root.join(format!("{FAKES}{}.png", kimg_name(images)))
    }

    /// The picture of the ways between latents at `images` images.
    pub fn interpolation(&self, images: u64) -> PathBuf {
        self.root.join(format!("{INTERPOLATION}{}.png", kimg_name(images)))
    }

    fn checkpoints_dir(&self) -> PathBuf {
        self.root.join(CHECKPOINTS)
    }

    /// All checkpoints, the newest first.
    fn checkpoints(&self) -> Result<Vec<PathBuf>> {
        let dir = self.checkpoints_dir();
        let paths = if dir.is_dir() { files::list(&dir)? } else { Vec::new() };
        let paths = paths.into_iter().filter(|path| files::has_ending(path, EXTENSION));
        let mut found: Vec<_> = paths.filter_map(|path| Some((kimg_of(&path)?, path))).collect();
        found.sort_unstable_by(|a, b| b.cmp(a));
        Ok(found.into_iter().map(|(_, path)| path).collect())
    }

    /// The checkpoint of the best that was measured.
    pub fn best(&self) -> PathBuf {
        self.checkpoints_dir().join(format!("best.{EXTENSION}"))
    }

    /// The checkpoint at `images` images.
    pub fn checkpoint(&self, images: u64) -> PathBuf {
        self.checkpoints_dir().join(format!("{}.{EXTENSION}", kimg_name(images)))
    }

    /// Writes a checkpoint and removes all but the newest `keep` and the one at `spared` images.
    pub fn save(&self, images: u64, bytes: &[u8], keep: usize, spared: Option<u64>) -> Result<PathBuf> {
        let (path, spared) = (self.checkpoint(images), spared.map(|images| self.checkpoint(images)));
        files::write(&path, bytes)?;
        let old = self.checkpoints()?.into_iter().skip(keep).filter(|old| spared.as_ref() != Some(old));
        old.into_iter().try_for_each(|old| files::remove(&old))?;
        Ok(path)
    }

    /// Where a rollback puts what diverged.
    pub fn diverged(&self) -> PathBuf {
        self.root.join("diverged")
    }

    /// Moves the checkpoints and pictures of after `images` images to [`Self::diverged`].
    pub fn set_aside_after(&self, images: u64) -> Result<()> {
        let pictures = files::list(&self.root)?.into_iter().filter(|path| files::has_ending(path, "png"));
        let after = |path: &PathBuf| kimg_of(path).is_some_and(|kimg| kimg > images / 1000);
        for path in self.checkpoints()?.into_iter().chain(pictures).filter(after) {
            let aside = self.diverged().join(path.file_name().expect("files in a folder have names"));
            fs::rename(&path, &aside).map_err(|error| CliError::io("move", &path, error))?;
        }
        Ok(())
    }

    /// Whether a folder is that of a run which was killed before its first checkpoint: there is nothing in it, or a place for checkpoints without any and nothing that was recorded.
    pub fn has_not_begun(&self) -> Result<bool> {
        let dir = self.checkpoints_dir();
        let is_empty = files::list(&self.root)?.is_empty();
        let recorded = fs::metadata(self.file("stats.jsonl")).is_ok_and(|file| file.len() > 0);
        Ok(is_empty || dir.is_dir() && !recorded && !files::list(&dir)?.iter().any(|path| files::has_ending(path, EXTENSION)))
    }

    /// The images of the oldest checkpoint.
    pub fn oldest(&self) -> Result<Option<u64>> {
        Ok(self.checkpoints()?.last().and_then(|path| kimg_of(path)).map(|kimg| kimg * 1000))
    }

    /// The newest checkpoint that is whole, and its path; of damaged ones on the way the person is told.
    pub fn newest(&self) -> Result<(PathBuf, Checkpoint)> {
        self.newest_until(u64::MAX)
    }

    /// The same of those at no more than `images` images, or fewer than a thousand more.
    pub fn newest_until(&self, images: u64) -> Result<(PathBuf, Checkpoint)> {
        let mut refused = None;
        for path in self.checkpoints()?.into_iter().filter(|path| kimg_of(path).is_some_and(|kimg| kimg <= images / 1000)) {
            match Checkpoint::parse(&files::read(&path)?, &path.display().to_string()) {
                Ok(checkpoint) => return Ok((path, checkpoint)),
                Err(error) => {
                    note(format!("skipped: {error}"));
                    refused.get_or_insert(error);
                }
            }
        }
        if refused.is_some() {
            self.tell_of_best();
        }
        Err(refused.map_or_else(|| CliError::Failed(format!("{}: there is no checkpoint there", self.root.display())), CliError::from))
    }

    /// Where no other checkpoint is whole, the best may be.
    fn tell_of_best(&self) {
        let best = self.best();
        let whole = files::read(&best).ok().and_then(|bytes| Checkpoint::parse(&bytes, "").ok());
        if let Some(Checkpoint { header, .. }) = whole {
            let name = self.checkpoint(header.images);
            note(format!("{} is whole; copied to {} it can be resumed", best.display(), name.display()));
        }
    }

    /// Makes ready to go on from one checkpoint: newer ones, which are damaged, are set aside under another name, and unfinished files removed.
    pub fn clear_after(&self, resumed: &Path) -> Result<()> {
        for damaged in self.checkpoints()?.iter().take_while(|path| *path != resumed) {
            let aside = damaged.with_extension(format!("{EXTENSION}.damaged"));
            fs::rename(damaged, &aside).map_err(|error| CliError::io("rename", damaged, error))?;
        }
        self.clear_unfinished()
    }

    /// Removes what a killed run had not finished writing.
    pub fn clear_unfinished(&self) -> Result<()> {
        files::remove_unfinished(&self.root)?;
        files::remove_unfinished(&self.checkpoints_dir())
    }
}

/// `000120k`: whole thousands of images, so that names sort by time.
fn kimg_name(images: u64) -> String {
    format!("{:06}k", images / 1000)
}

/// The thousands of images in the name of a checkpoint or a picture.
fn kimg_of(path: &Path) -> Option<u64> {
    let name = path.file_stem()?.to_str()?;
    let bare = [FAKES, INTERPOLATION].into_iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    bare.strip_suffix('k')?.parse().ok()
}

/// The numbered folders below `runs`: number, rest of the name, path.
fn numbered(runs: &Path) -> Result<Vec<(u64, String, PathBuf)>> {
    let parse = |path: PathBuf| {
        let (number, rest) = path.file_name()?.to_str()?.split_once('-')?;
        Some((number.parse().ok()?, rest.to_owned(), path))
    };
    let paths = if runs.is_dir() { files::list(runs)? } else { Vec::new() };
    Ok(paths.into_iter().filter_map(parse).collect())
}

/// What a run is called after its number.
fn name(preset: &str, family: &str) -> String {
    format!("{preset}-{family}")
}

fn next_number(runs: &Path) -> Result<u64> {
    Ok(numbered(runs)?.into_iter().map(|run| run.0 + 1).max().unwrap_or(0))
}

fn numbered_path(runs: &Path, number: u64, name: &str) -> PathBuf {
    runs.join(format!("{number:05}-{name}"))
}

fn create_numbered(runs: &Path, name: &str) -> Result<PathBuf> {
    files::create_dir_all(runs)?;
    let mut number = next_number(runs)?;
    loop {
        let path = numbered_path(runs, number, name);
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1, // another run was quicker
            Err(error) => return Err(CliError::io("create", &path, error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_numbered_on() {
        let dir = tempfile::tempdir().unwrap();
        let runs = dir.path().join("runs");
        let names = ["ring8-mlp", "mnist-r3gan", "ring8-mlp"].map(|name| create_numbered(&runs, name).unwrap());
        assert_eq!(names.map(|path| path.file_name().unwrap().to_owned()), ["00000-ring8-mlp", "00001-mnist-r3gan", "00002-ring8-mlp"]);
    }

    #[test]
    fn the_newest_two_checkpoints_are_kept_in_order_of_images() {
        let dir = tempfile::tempdir().unwrap();
        let run = RunDir::create(Some(&dir.path().join("run")), "ring8", "mlp").unwrap();
        for kimg in [0, 999, 1000, 1_000_000] {
            run.save(kimg * 1000, b"x", 2, None).unwrap();
        }
        let names: Vec<_> = run.checkpoints().unwrap().iter().map(|path| path.file_name().unwrap().to_owned()).collect();
        assert_eq!(names, ["1000000k.sparring", "001000k.sparring"]);
        run.save(2_000_000_000, b"x", 1, Some(1_000_000)).unwrap();
        assert_eq!((run.checkpoints().unwrap().len(), run.oldest().unwrap()), (2, Some(1_000_000)), "one is spared");
    }
}
