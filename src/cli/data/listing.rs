//! What images there are in a folder or a zip, by name and without decoding them.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;
use zip::ZipArchive;

use crate::cli::error::{CliError, Result};

/// The endings that images have.
const ENDINGS: [&str; 5] = ["png", "jpg", "jpeg", "webp", "bmp"];
/// Most images of a set.
const MAX_IMAGES: usize = 10_000_000;
/// Most bytes of one file as it is stored, after a zip has unpacked it: checked while it is read, whatever a zip declares.
const MAX_FILE: u64 = 256 << 20;

/// The images of a folder or of a zip in the order of their names, so that the same files are the same set on every system, packed or not.
#[derive(Debug)]
pub struct Listing {
    /// Where they are.
    pub place: PathBuf,
    /// The images.
    pub images: Vec<Entry>,
    /// How many files are no images by their names.
    pub others: usize,
}

/// An image that was not opened yet.
#[derive(Debug)]
pub struct Entry {
    /// Its path from the folder or in the zip, with slashes.
    pub name: String,
    at: At,
}

#[derive(Debug)]
enum At {
    File(PathBuf),
    Packed(usize),
}

/// Reads images one after another; each thread has its own.
#[derive(Debug)]
pub struct Reader(Option<ZipArchive<BufReader<File>>>);

impl Listing {
    /// Of a folder of any depth or of a zip.
    pub fn of(place: &Path) -> Result<Self> {
        let found = if place.is_dir() { in_folder(place)? } else { in_zip(&mut open_zip(place)?) };
        let count = found.len();
        let mut images: Vec<Entry> = found.into_iter().filter(|entry| is_image(&entry.name)).collect();
        images.sort_by(|a, b| a.name.split('/').cmp(b.name.split('/')));
        if images.is_empty() || images.len() > MAX_IMAGES {
            let problem = if images.is_empty() { "holds no images" } else { "holds more than ten million images" };
            return Err(CliError::Failed(format!("{}: {problem} ({count} files; .{} are read)", place.display(), ENDINGS.join(", ."))));
        }
        Ok(Self { place: place.to_owned(), others: count - images.len(), images })
    }

    /// A reader of these images.
    pub fn reader(&self) -> Result<Reader> {
        let packed = matches!(self.images.first(), Some(Entry { at: At::Packed(_), .. }));
        Ok(Reader(packed.then(|| open_zip(&self.place)).transpose()?))
    }

    /// The names of the classes and the class of each image: the first folder of its path, beyond those that all images share. None where an image lies beside these folders.
    pub fn classes(&self) -> Option<(Vec<&str>, Vec<usize>)> {
        let folders: Vec<Vec<&str>> = self.images.iter().map(|image| folders_of(&image.name)).collect();
        let first = folders.first()?;
        let shared = (0..first.len()).take_while(|&depth| folders.iter().all(|path| path.get(depth) == first.get(depth))).count();
        let own: Vec<&str> = folders.iter().map(|path| path.get(shared).copied()).collect::<Option<_>>()?;
        let mut names = own.clone();
        names.sort_unstable();
        names.dedup();
        let classes = own.iter().map(|name| names.binary_search(name).expect("it is one of them")).collect();
        Some((names, classes))
    }
}

impl Reader {
    /// The bytes of an image's file, or what is wrong with it.
    pub fn read(&mut self, entry: &Entry) -> std::result::Result<Vec<u8>, String> {
        let read = |reader: &mut dyn Read| {
            let mut bytes = Vec::new();
            reader.take(MAX_FILE + 1).read_to_end(&mut bytes).map(|_| bytes)
        };
        let bytes = match (&entry.at, &mut self.0) {
            (At::File(path), _) => File::open(path).and_then(|mut file| read(&mut file)),
            (At::Packed(index), Some(zip)) => zip.by_index(*index).map_err(io::Error::other).and_then(|mut file| read(&mut file)),
            (At::Packed(_), None) => unreachable!("the reader of a zip has it open"),
        };
        let bytes = bytes.map_err(|error| format!("cannot be read: {error}"))?;
        if bytes.len() as u64 > MAX_FILE { Err(format!("is larger than {} MiB", MAX_FILE >> 20)) } else { Ok(bytes) }
    }
}

/// All files below a folder. Links are followed: one of an image that leads nowhere is an image that cannot be read, one that leads in a circle shows nothing new.
fn in_folder(folder: &Path) -> Result<Vec<Entry>> {
    let entry = |path: PathBuf| {
        let below = path.strip_prefix(folder).unwrap_or(&path);
        let name = below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        Entry { name, at: At::File(path) }
    };
    let file = |found: walkdir::Result<walkdir::DirEntry>| match found {
        Ok(found) => found.file_type().is_file().then(|| Ok(entry(found.into_path()))),
        Err(error) if error.loop_ancestor().is_some() => None,
        Err(error) => {
            let path = error.path().unwrap_or(folder).to_owned();
            let source = error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
            let is_dead_link = source.kind() == io::ErrorKind::NotFound && path.is_symlink() && is_image_file(&path);
            Some(if is_dead_link && path != folder { Ok(entry(path)) } else { Err(CliError::io("read", &path, source)) })
        }
    };
    WalkDir::new(folder).follow_links(true).into_iter().filter_map(file).collect()
}

fn open_zip(path: &Path) -> Result<ZipArchive<BufReader<File>>> {
    let file = File::open(path).map_err(|error| CliError::io("read", path, error))?;
    ZipArchive::new(BufReader::new(file))
        .map_err(|error| CliError::Failed(format!("{}: is neither a folder of images nor a zip of them: {error}", path.display())))
}

/// All files of a zip; the names are only told, never written to.
fn in_zip(zip: &mut ZipArchive<BufReader<File>>) -> Vec<Entry> {
    let named = |index| Some(Entry { name: zip.name_for_index(index)?.ok()?.replace('\\', "/"), at: At::Packed(index) });
    (0..zip.len()).filter_map(named).filter(|entry| !entry.name.ends_with('/')).collect()
}

/// Whether a file is meant to be an image by its name; hidden files and what macOS puts beside files are not.
fn is_image(name: &str) -> bool {
    let hidden = name.split('/').any(|part| part.starts_with('.') && part != "." && part != ".." || part == "__MACOSX");
    !hidden && name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// The same of a file, wherever it lies.
pub fn is_image_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| is_image(&name.to_string_lossy()))
}

fn folders_of(name: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = name.split('/').collect();
    parts.pop();
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(names: &[&str]) -> Listing {
        let images = names.iter().map(|name| Entry { name: name.to_string(), at: At::Packed(0) }).collect();
        Listing { place: PathBuf::new(), images, others: 0 }
    }

    #[test]
    fn classes_are_the_first_folders_that_not_all_images_share() {
        assert_eq!(listing(&["b/1.png", "a/x/2.png", "b/3.png"]).classes(), Some((vec!["a", "b"], vec![1, 0, 1])));
        assert_eq!(listing(&["all/train/b/1.png", "all/train/a/2.png"]).classes(), Some((vec!["a", "b"], vec![1, 0])));
        assert_eq!(listing(&["1.png", "a/2.png"]).classes(), None);
        assert_eq!(listing(&["photos/1.png", "photos/2.png"]).classes(), None);
    }

    #[test]
    fn images_are_known_by_their_endings_and_hidden_files_are_none() {
        assert!(["a.png", "x/y.JPEG", "1.b.webp", "a.bmp", "./a.png"].iter().all(|name| is_image(name)));
        assert!(["png", "a.txt", ".a.png", ".git/a.png", "__MACOSX/a.png", "a.png.zip"].iter().all(|name| !is_image(name)));
    }
}
