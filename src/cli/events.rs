//! A run's scalars for TensorBoard: an event file, <https://www.tensorflow.org/tensorboard>.
//!
//! A file is a sequence of records: the length of the message as 8 bytes, their masked CRC-32C, the message, its masked CRC-32C. A message is an `Event` of
//! protocol buffers: `wall_time` (1), `step` (2), `file_version` (3), `summary` (5) of values (1) with `tag` (1) and `simple_value` (2). Written by hand, because the
//! crates that do it bring a compiler of protocol buffers for two messages. What TensorBoard calls the step is the number of images seen.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;

use super::error::{CliError, Result};

/// What the first record of a file says.
const VERSION: &str = "brain.Event:2";
/// Bytes of a record before its message and after it.
const HEAD: usize = 12;
const TAIL: usize = 4;
/// Columns of a line that say when it was, not what.
const WHEN: [&str; 3] = ["step", "images", "kimg"];

/// An event file that grows.
#[derive(Debug)]
pub struct Events {
    path: PathBuf,
    file: File,
    len: u64,
}

impl Events {
    /// Opens (or begins) a file and drops the records of after `images` images, which the run that goes on from there writes again, and whatever is no whole record.
    pub fn open(path: &Path, images: u64) -> Result<Self> {
        let failed = |error| CliError::io("write", path, error);
        let mut file = File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let len =
            records(&bytes).take_while(|message| step(message) <= images).map(|message| HEAD + message.len() + TAIL).sum::<usize>() as u64;
        file.set_len(len).and_then(|()| file.seek(SeekFrom::Start(len))).map_err(failed)?;
        let mut events = Self { path: path.into(), file, len };
        if len == 0 {
            events.write(&record(&version(now())))?;
        }
        Ok(events)
    }

    /// Adds the numbers of a line of stats.jsonl or metrics.jsonl, as `group/name`.
    pub fn append(&mut self, group: &str, images: u64, line: &impl Serialize) -> Result<()> {
        let line = serde_json::to_value(line).expect("a line is plain data");
        let columns = line.as_object().into_iter().flatten().filter(|(name, _)| !WHEN.contains(&name.as_str()));
        let scalars: Vec<_> = columns.filter_map(|(name, value)| Some((format!("{group}/{name}"), value.as_f64()? as f32))).collect();
        self.write(&record(&summary(now(), images, &scalars)))
    }

    /// A record that does not fit on the disk is taken back.
    fn write(&mut self, record: &[u8]) -> Result<()> {
        if let Err(error) = self.file.write_all(record) {
            let _ = self.file.set_len(self.len);
            return Err(CliError::io("write", &self.path, error));
        }
        self.len += record.len() as u64;
        Ok(())
    }

    /// Waits until all records are on the disk, so that no checkpoint is ahead of them.
    pub fn sync(&self) -> Result<()> {
        self.file.sync_data().map_err(|error| CliError::io("write", &self.path, error))
    }
}

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

fn version(wall_time: f64) -> Vec<u8> {
    [&event(wall_time, 0)[..], &field(3, VERSION.as_bytes())].concat()
}

fn summary(wall_time: f64, step: u64, scalars: &[(String, f32)]) -> Vec<u8> {
    let value = |(tag, number): &(String, f32)| field(1, &[&field(1, tag.as_bytes())[..], &[2 << 3 | 5], &number.to_le_bytes()].concat());
    [event(wall_time, step), field(5, &scalars.iter().flat_map(value).collect::<Vec<u8>>())].concat()
}

/// How every event begins; a step of 0 is not written, as protocol buffers have it.
fn event(wall_time: f64, step: u64) -> Vec<u8> {
    let step = if step == 0 { Vec::new() } else { [&[2 << 3][..], &varint(step)].concat() };
    [&[1 << 3 | 1][..], &wall_time.to_le_bytes(), &step].concat()
}

/// A field of bytes, text or a message.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2][..], &varint(bytes.len() as u64), bytes].concat()
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 128 {
        bytes.push(number as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// The step of an event that was written here.
fn step(message: &[u8]) -> u64 {
    match message.get(9..) {
        Some([tag, rest @ ..]) if *tag == 2 << 3 => {
            let end = rest.iter().position(|byte| byte & 128 == 0).map_or(rest.len(), |last| last + 1).min(9);
            rest[..end].iter().rev().fold(0, |number, byte| number << 7 | u64::from(byte & 127))
        }
        _ => 0,
    }
}

fn record(message: &[u8]) -> Vec<u8> {
    let len = (message.len() as u64).to_le_bytes();
    [&len[..], &masked_crc(&len), message, &masked_crc(message)].concat()
}

/// The messages of a file, up to the first that is not whole.
fn records(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (len, crc) = bytes.get(..HEAD)?.split_at(8);
        let size = u64::from_le_bytes(len.try_into().expect("eight bytes"));
        let end = usize::try_from(size).ok()?.checked_add(HEAD)?;
        let message = bytes.get(HEAD..end)?;
        let whole = crc == masked_crc(len) && bytes.get(end..end + TAIL)? == masked_crc(message);
        bytes = &bytes[end + TAIL..];
        whole.then_some(message)
    })
}

/// Turned and shifted, because a checksum of bytes that hold checksums says little.
fn masked_crc(bytes: &[u8]) -> [u8; 4] {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by TensorBoard; the script stands beside it.
    const BY_TENSORBOARD: &[u8] = include_bytes!("../../tests/fixtures/events.tfevents");

    #[test]
    fn the_bytes_are_those_of_tensorboards_own_writer() {
        let losses = [("stats/loss_d".into(), std::f32::consts::LN_2), ("stats/r1".into(), 0.0)];
        let messages = [
            version(1_700_000_000.25),
            summary(1_700_000_001.5, 300, &losses),
            summary(1_700_000_002.5, 123_456_789_012, &[("metrics/fid".into(), -1.5e-3)]),
        ];
        assert!(messages.iter().flat_map(|message| record(message)).eq(BY_TENSORBOARD.iter().copied()));
        assert!(records(BY_TENSORBOARD).eq(messages.iter().map(Vec::as_slice)));
        assert_eq!(messages.map(|message| step(&message)), [0, 300, 123_456_789_012]);
    }

    #[test]
    fn what_follows_the_checkpoint_and_what_is_damaged_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("events");
        let whole = BY_TENSORBOARD.len();
        let left = |bytes: &[u8], images| {
            std::fs::write(&path, bytes).unwrap();
            Events::open(&path, images).unwrap();
            std::fs::read(&path).unwrap().len()
        };
        assert_eq!(left(BY_TENSORBOARD, u64::MAX), whole);
        let to_300 = left(BY_TENSORBOARD, 300);
        assert!(to_300 < whole && left(BY_TENSORBOARD, 299) < to_300);
        assert_eq!(left(&BY_TENSORBOARD[..whole - 1], u64::MAX), to_300);
        assert_eq!(left(&[BY_TENSORBOARD, &[255; 40]].concat(), u64::MAX), whole);
        assert_eq!(left(b"hello, this is text and no event", 9), record(&version(0.0)).len());
    }
}
