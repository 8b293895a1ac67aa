//! CIFAR's binary format: records of labels, then the red, green and blue plane of 32x32 pixels.

use std::io::Read;

use super::idx::unzipped;
use super::{DataKind, ImageSet};
use crate::error::{Error, Result};

/// `[channels, height, width]`.
pub const SHAPE: [usize; 3] = [3, 32, 32];
const PIXELS: usize = 3 * 32 * 32;
/// Most bytes of one file after unzipping, six times the largest one there is: checked before memory is taken.
const MAX_BYTES: u64 = 1 << 30;

/// Images with their classes from files plain or gzipped, one after another: the ten of CIFAR-10, the hundred fine ones of CIFAR-100, whose records begin with a coarse one.
pub fn read_cifar<'a>(kind: DataKind, files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<ImageSet> {
    let labels_a_record = if kind == DataKind::Cifar100 { 2 } else { 1 };
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for (file, bytes) in files {
        let mut data = Vec::new();
        unzipped(bytes).take(MAX_BYTES).read_to_end(&mut data).map_err(|error| Error::file(file, format!("damaged: {error}")))?;
        let record = labels_a_record + PIXELS;
        if data.is_empty() || !data.len().is_multiple_of(record) {
            let problem = format!("truncated or no CIFAR file: its {} bytes are not a whole number of records of {record}", data.len());
            return Err(Error::file(file, problem));
        }
        for (number, record) in data.chunks_exact(record).enumerate() {
            let (told, image) = record.split_at(labels_a_record);
            let label = told[labels_a_record - 1];
            if usize::from(label) >= kind.classes() {
                return Err(Error::file(
                    file,
                    format!("no CIFAR file: record {number} has the label {label}; there are {}", kind.classes()),
                ));
            }
            labels.push(u16::from(label));
            pixels.extend_from_slice(image);
        }
    }
    Ok(ImageSet::new(SHAPE, pixels).labelled(labels))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(labels: &[u8], red: u8) -> Vec<u8> {
        let planes = [red, 20, 30].into_iter().flat_map(|byte| [byte; 1024]);
        labels.iter().copied().chain(planes).collect()
    }

    #[test]
    fn records_of_both_kinds_are_read_from_several_files_in_their_order() {
        let ten = [record(&[3], 1), record(&[9], 2)].concat();
        let more = record(&[0], 3);
        let images = read_cifar(DataKind::Cifar10, [("a", &ten[..]), ("b", &more[..])]).expect("whole files");
        assert_eq!((images.len(), *images.shape()), (3, SHAPE));
        assert_eq!([0, 1, 2].map(|i| (images.label(i), images.pixels(i)[1023])), [(Some(3), 1), (Some(9), 2), (Some(0), 3)]);
        assert_eq!([1024, 2048].map(|place| images.pixels(0)[place]), [20, 30]);
        let fine = read_cifar(DataKind::Cifar100, [("c", &record(&[19, 99], 1)[..])]).expect("a whole file");
        assert_eq!(fine.label(0), Some(99));
    }

    #[test]
    fn truncated_and_foreign_files_are_refused_by_name() {
        let whole = record(&[3], 1);
        let refusal = |kind, bytes: &[u8]| read_cifar(kind, [("b.bin", bytes)]).expect_err("bad bytes").to_string();
        assert!(refusal(DataKind::Cifar10, &whole[..3000]).starts_with("b.bin: truncated"));
        assert!(refusal(DataKind::Cifar10, &[]).contains("truncated"));
        assert!(refusal(DataKind::Cifar100, &whole).contains("3074"));
        assert!(refusal(DataKind::Cifar10, &record(&[10], 1)).contains("label 10"));
        assert!(refusal(DataKind::Cifar10, &[0x1f, 0x8b, 1, 2]).contains("damaged"));
    }
}
