//! One process at a time trains in a run's folder: two would write their lines into each other's.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

use super::error::{CliError, Result};

/// The file that is locked; it holds the number of the process, which Windows lets nobody read, and stays behind, unlocked.
const FILE: &str = ".lock";

/// The right to write into a run's folder, until it is dropped or the process ends, however that may be.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// Takes that of a run, by a file in one of its folders, or says who has it. A file system that knows no locks is trusted.
    pub fn of(run: &Path, dir: &Path) -> Result<Self> {
        let path = dir.join(FILE);
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = opened.map_err(|error| CliError::io("write", &path, error))?;
        match file.try_lock() {
            Ok(()) => {
                // The number is for people; without it the lock is as good.
                let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
                Ok(Self { _file: Some(file) })
            }
            Err(TryLockError::WouldBlock) => {
                let mut process = String::new();
                let _ = file.read_to_string(&mut process);
                let who = if process.is_empty() { "another process".into() } else { format!("process {process}") };
                Err(CliError::Failed(format!("--out {}: {who} is training there; stop it, or wait for its end", run.display())))
            }
            Err(TryLockError::Error(_)) => Ok(Self { _file: None }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_locked_once_and_free_again_when_the_lock_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let take = || Lock::of(dir.path(), dir.path());
        let lock = take().unwrap();
        let refused = take().expect_err("it is taken").to_string();
        assert!(refused.contains("is training there"), "{refused}");
        drop(lock);
        take().unwrap();
    }
}
