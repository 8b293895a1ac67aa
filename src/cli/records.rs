//! Records of a run, one JSON object a line: `stats.jsonl`, `metrics.jsonl`.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::error::{CliError, Result};
use super::files;

/// A file of lines that grows, and never holds half a line for longer than a write takes.
#[derive(Debug)]
pub struct Records {
    path: PathBuf,
    file: File,
    len: u64,
}

impl Records {
    /// Opens (or begins) a file and drops the lines of after `images` images, which the run that goes on from there writes again, and a last
    /// line that a killed run left incomplete.
    pub fn open(path: &Path, images: u64) -> Result<Self> {
        let failed = |error| CliError::io("write", path, error);
        let mut file = File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(failed)?;
        let len =
            text.split_inclusive(|&byte| byte == b'\n').take_while(|line| is_at_most(line, images)).map(|line| line.len() as u64).sum();
        file.set_len(len).and_then(|()| file.seek(std::io::SeekFrom::End(0))).map_err(failed)?;
        Ok(Self { path: path.into(), file, len })
    }

    /// The lines of a file; none where there is no file.
    pub fn read(path: &Path) -> Result<Vec<Value>> {
        let text = if path.exists() { files::read(path)? } else { Vec::new() };
        Ok(text.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect())
    }

    /// Adds a line; when it does not fit on the disk, what was written of it is taken back.
    pub fn append(&mut self, record: &impl Serialize) -> Result<()> {
        let mut line = serde_json::to_vec(record).expect("a record is plain data");
        line.push(b'\n');
        if let Err(error) = self.file.write_all(&line) {
            let _ = self.file.set_len(self.len);
            return Err(CliError::io("write", &self.path, error));
        }
        self.len += line.len() as u64;
        Ok(())
    }

    /// Waits until all lines are on the disk, so that no checkpoint is ahead of them.
    pub fn sync(&self) -> Result<()> {
        self.file.sync_data().map_err(|error| CliError::io("write", &self.path, error))
    }
}

fn is_at_most(line: &[u8], images: u64) -> bool {
    let record = line.strip_suffix(b"\n").and_then(|line| serde_json::from_slice::<Value>(line).ok());
    record.is_some_and(|record| record["images"].as_u64().is_some_and(|seen| seen <= images))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_after_the_checkpoint_and_a_half_line_are_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("stats.jsonl");
        std::fs::write(&path, "{\"images\":1}\n{\"images\":2}\n{\"images\":3}\n{\"ima").unwrap();
        Records::open(&path, 2).unwrap().append(&serde_json::json!({ "images": 9 })).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"images\":1}\n{\"images\":2}\n{\"images\":9}\n");
        Records::open(&path, 9).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 3);
    }
}
