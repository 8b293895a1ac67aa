//! Files that are whole or not there: written beside their name, synced, renamed. Errors name the file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::{CliError, Result};

/// What unfinished files are called, so that a later run can clear away those of one that was killed.
const UNFINISHED: &str = ".sparring-unfinished-";

/// Whether a file's name ends so, in capitals or not.
pub fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending))
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| CliError::io("read", path, error))
}

/// Creates a folder and those above it.
pub fn create_dir_all(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|error| CliError::io("create", path, error))
}

/// Whether a folder could be written into, or made: asked with a file that never has a name, in the nearest folder that there is.
pub fn check_writable(dir: &Path) -> Result<()> {
    let there = dir.ancestors().find(|path| path.as_os_str().is_empty() || path.exists()).unwrap_or(dir);
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    tempfile::tempfile_in(there).map(drop).map_err(|error| CliError::io("write to", dir, without_temporary_name(error)))
}

/// Whether a file could be written under its name, asked likewise.
pub fn check_target(path: &Path) -> Result<()> {
    let asked = match fs::metadata(path) {
        Ok(there) if there.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(there) if !there.is_file() => Ok(()), // a pipe or a device
        _ => tempfile::tempfile_in(folder_of(&resolved(path))).map(drop),
    };
    asked.map_err(|error| CliError::io("write", path, without_temporary_name(error)))
}

/// The paths in a folder, in no order.
pub fn list(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect());
    entries.map_err(|error| CliError::io("read", dir, error))
}

/// Writes a file so that its name only ever holds the old bytes or all of the new ones, whatever stops the program.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = match fs::metadata(path) {
        // A pipe or a device cannot be replaced, and must not be.
        Ok(there) if !there.is_file() && !there.is_dir() => {
            File::options().write(true).open(path).and_then(|mut file| file.write_all(bytes))
        }
        Ok(there) if there.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        _ => replace(path, bytes),
    };
    written.map_err(|error| CliError::io("write", path, without_temporary_name(error)))
}

/// Gives a file a second name, so that no byte is written twice; where there cannot be one, writes its bytes again.
///
/// The file must not have that name already: renaming one name of a file to another does nothing.
pub fn link(from: &Path, to: &Path, bytes: &[u8]) -> Result<()> {
    let dir = folder_of(to);
    let linked = tempfile::Builder::new().prefix(UNFINISHED).make_in(dir, |path| fs::hard_link(from, path));
    linked.and_then(|link| link.persist(to).map_err(|error| error.error)).or_else(|_| write(to, bytes))
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = &resolved(path);
    let dir = folder_of(target);
    // `create_new` gives the usual permissions; tempfile's own files are readable by their owner only.
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).make_in(dir, |path| File::create_new(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    // The rename outlives a power cut once the folder is synced, where the system lets a folder be opened.
    let _ = File::open(dir).and_then(|dir| dir.sync_all());
    Ok(())
}

/// The path by which a file is known, whether it is there or not: through links and not over them, but for a link that leads nowhere.
pub fn resolved(path: &Path) -> PathBuf {
    let beside = || Some(fs::canonicalize(folder_of(path)).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(beside).unwrap_or_else(|| path.into())
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The system's own error: tempfile adds the temporary file's name, which means nothing to the reader.
fn without_temporary_name(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|wrapper| wrapper.source()).and_then(|cause| cause.downcast_ref::<io::Error>());
    inner.and_then(io::Error::raw_os_error).map_or(error, io::Error::from_raw_os_error)
}

/// Clears away what a killed run had not finished writing in a folder.
pub fn remove_unfinished(dir: &Path) -> Result<()> {
    let unfinished = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(UNFINISHED));
    list(dir)?.into_iter().filter(unfinished).try_for_each(|path| remove(&path))
}

/// Removes a file.
pub fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path).map_err(|error| CliError::io("remove", path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_nothing_stays_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bin");
        write(&path, b"old").unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(read(&path).unwrap(), b"new");
        assert_eq!(list(dir.path()).unwrap(), [path]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_asked_about_and_written_through_to_where_it_leads() {
        let dir = tempfile::tempdir().unwrap();
        let (there, link, dead) = (dir.path().join("there"), dir.path().join("link"), dir.path().join("dead"));
        write(&there, b"old").unwrap();
        std::os::unix::fs::symlink(&there, &link).unwrap();
        std::os::unix::fs::symlink(dir.path().join("nowhere/file"), &dead).unwrap();
        check_target(&link).unwrap();
        write(&link, b"new").unwrap();
        assert!(link.is_symlink() && read(&there).unwrap() == b"new");
        check_target(&dead).unwrap(); // a link that leads nowhere is replaced
        write(&dead, b"file").unwrap();
        assert!(!dead.is_symlink());
    }

    #[test]
    fn a_second_name_keeps_its_bytes_when_the_first_gets_others() {
        let dir = tempfile::tempdir().unwrap();
        let (first, second) = (dir.path().join("first"), dir.path().join("second"));
        for bytes in [b"one", b"two"] {
            write(&first, bytes).unwrap();
            link(&first, &second, bytes).unwrap();
        }
        write(&first, b"new").unwrap();
        assert_eq!(read(&second).unwrap(), b"two");
        remove(&first).unwrap();
        link(&first, &second, b"anew").unwrap(); // no file to be named: its bytes are written
        assert_eq!((read(&second).unwrap(), list(dir.path()).unwrap().len()), (b"anew".to_vec(), 1));
    }

    #[test]
    fn a_path_that_cannot_be_written_is_named() {
        let dir = tempfile::tempdir().unwrap();
        write(&dir.path().join("file"), b"").unwrap();
        for path in [dir.path().join("file/below"), dir.path().join("missing/below"), dir.path().into()] {
            let error = write(&path, b"x").unwrap_err().to_string();
            assert!(error.starts_with(&format!("cannot write {}: ", path.display())), "{error}");
            assert!(!error.contains(UNFINISHED), "{error}");
        }
    }

    #[test]
    fn what_a_killed_run_left_unfinished_is_cleared_away() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(format!("{UNFINISHED}x")), b"half").unwrap();
        fs::write(dir.path().join("mine"), b"whole").unwrap();
        remove_unfinished(dir.path()).unwrap();
        assert_eq!(list(dir.path()).unwrap(), [dir.path().join("mine")]);
    }
}
