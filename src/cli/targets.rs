//! The files that a command will write, looked at before its work begins: none of the work shall be lost at its end, and nothing that is read.

use std::path::Path;

use super::error::{CliError, Result};
use super::fingerprint::FILE as FINGERPRINT;
use super::run_dir::{CONFIG, EXTENSION};
use super::{data, files};

/// Refuses a file that cannot be written, that two flags name, or that is read: itself, or, in a folder, as what is read there.
pub fn check(outputs: &[(&str, Option<&Path>)], inputs: &[Option<&Path>]) -> Result<()> {
    let outputs: Vec<(&str, &Path)> = outputs.iter().filter_map(|&(flag, path)| Some((flag, path?))).collect();
    for (place, &(flag, path)) in outputs.iter().enumerate() {
        let refuse = |why: String| Err(CliError::Usage(format!("{flag} {}: {why}", path.display())));
        if let Some((other, _)) = outputs[..place].iter().find(|(_, other)| files::resolved(other) == files::resolved(path)) {
            return refuse(format!("{other} is written there, too"));
        }
        if inputs.iter().flatten().any(|input| is_read(input, path)) {
            return refuse("is read, or would be; name another file".into());
        }
        files::check_target(path)?;
    }
    Ok(())
}

/// Whether a file is an input, or lies in a folder that is one and has the name of what is read there: data, or the parts of a run.
fn is_read(input: &Path, path: &Path) -> bool {
    let (input, path) = (files::resolved(input), files::resolved(path));
    let of_a_run = || files::has_ending(&path, EXTENSION) || [CONFIG, FINGERPRINT].iter().any(|name| path.ends_with(name));
    path == input || path.starts_with(&input) && (data::is_named_like_data(&path) || of_a_run())
}

/// Refuses a file whose name does not say what it will be.
pub fn check_ending(flag: &str, path: Option<&Path>, ending: &str) -> Result<()> {
    let other = path.filter(|path| !files::has_ending(path, ending));
    other.map_or(Ok(()), |path| Err(CliError::Usage(format!("{flag} {}: must end in .{ending}", path.display()))))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_that_is_read_or_written_twice_or_cannot_be_written_is_refused_by_its_flag() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("photos")).unwrap();
        fs::write(at("photos/0.png"), "an image").unwrap();
        fs::write(at("old.json"), "{}").unwrap();
        let asked = |outputs: &[(&str, &str)], input: &str| {
            let paths: Vec<_> = outputs.iter().map(|(flag, name)| (*flag, at(name))).collect();
            let outputs: Vec<_> = paths.iter().map(|(flag, path)| (*flag, Some(path.as_path()))).collect();
            check(&outputs, &[None, Some(&at(input))]).map_err(|error| error.to_string())
        };
        for free in ["new.json", "old.json", "sheet.png", "photos/figures.json"] {
            assert_eq!(asked(&[("--json", free)], "photos"), Ok(()), "{free}");
        }
        let refused = |outputs: &[(&str, &str)], input: &str| asked(outputs, input).expect_err("it is refused");
        for read in [
            "photos/0.png",
            "photos/new.png",
            "photos/train-images-idx3-ubyte",
            "photos/checkpoints/000001k.sparring",
            "photos/config.json",
        ] {
            let said = asked(&[("--sheet", read)], "photos").expect_err(read);
            assert!(said.contains("is read"), "{said}");
        }
        assert!(refused(&[("--json", "old.json")], "old.json").contains("is read"));
        let twice = refused(&[("--out", "a"), ("--json", "photos/../a")], "photos");
        assert!(twice.starts_with("--json") && twice.ends_with("--out is written there, too"), "{twice}");
        assert!(refused(&[("--json", "nowhere/a.json")], "photos").contains("cannot write"));
        assert!(refused(&[("--json", "photos")], "old.json").contains("cannot write"));
    }
}
