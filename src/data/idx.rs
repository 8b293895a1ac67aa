//! IDX, the format of MNIST: a magic number, sizes, bytes; often gzipped.

use std::io::Read;

use super::ImageSet;
use crate::error::{Error, Result};

/// 0x08: unsigned bytes; 3: dimensions (images, rows, columns).
const IMAGES_MAGIC: u32 = 0x0803;
/// The same with 1 dimension.
const LABELS_MAGIC: u32 = 0x0801;
/// Most bytes of data a file may hold: 2³⁰, 1 GiB in memory. Checked before memory is taken.
const MAX_BYTES: u64 = 1 << 30;

/// Reads an IDX file of images, gzipped or not.
pub fn read_images(file: &str, bytes: &[u8]) -> Result<ImageSet> {
    let mut reader = unzipped(bytes);
    let [magic, count, height, width] = header(file, &mut reader)?;
    if magic != IMAGES_MAGIC {
        return Err(Error::file(file, format!("not an IDX file of images: it begins with {magic:#010x} instead of {IMAGES_MAGIC:#010x}")));
    }
    let what = format!("{count} images of {height}x{width}");
    let pixels = u64::from(count).saturating_mul(u64::from(height) * u64::from(width));
    Ok(ImageSet::new([1, height as usize, width as usize], data(file, reader, pixels, &what)?))
}

/// Reads an IDX file of labels, gzipped or not.
pub fn read_labels(file: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    let mut reader = unzipped(bytes);
    let [magic, count] = header(file, &mut reader)?;
    if magic != LABELS_MAGIC {
        return Err(Error::file(file, format!("not an IDX file of labels: it begins with {magic:#010x} instead of {LABELS_MAGIC:#010x}")));
    }
    data(file, reader, u64::from(count), &format!("{count} labels"))
}

/// The bytes, unzipped where they are gzipped.
pub fn unzipped(bytes: &[u8]) -> Box<dyn Read + '_> {
    if bytes.starts_with(&[0x1f, 0x8b]) { Box::new(flate2::read::MultiGzDecoder::new(bytes)) } else { Box::new(bytes) }
}

/// The magic number and the sizes.
fn header<const N: usize>(file: &str, reader: &mut impl Read) -> Result<[u32; N]> {
    let mut numbers = [0; N];
    for number in &mut numbers {
        let mut bytes = [0; 4];
        reader.read_exact(&mut bytes).map_err(|error| Error::file(file, format!("too short for an IDX file, or damaged: {error}")))?;
        *number = u32::from_be_bytes(bytes);
    }
    Ok(numbers)
}

/// The `length` bytes that the header declares as `what`.
fn data(file: &str, reader: impl Read, length: u64, what: &str) -> Result<Vec<u8>> {
    if length == 0 || length > MAX_BYTES {
        return Err(Error::file(file, format!("declares {what}; between 1 and 2^30 bytes are read")));
    }
    // The vector grows with what is really there, not with what the header claims.
    let mut data = Vec::new();
    reader.take(length + 1).read_to_end(&mut data).map_err(|error| Error::file(file, format!("damaged: {error}")))?;
    if data.len() as u64 != length {
        let found = if data.len() as u64 > length { "more".into() } else { format!("only {}", data.len()) };
        return Err(Error::file(file, format!("truncated or damaged: {what} are {length} bytes; there are {found}")));
    }
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn idx(count: u32, size: u32, pixels: usize) -> Vec<u8> {
        let header = [IMAGES_MAGIC, count, size, size].into_iter().flat_map(u32::to_be_bytes);
        header.chain((0..pixels).map(|i| i as u8)).collect()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("memory does not fail");
        encoder.finish().expect("memory does not fail")
    }

    fn refusal(bytes: &[u8]) -> String {
        read_images("digits.gz", bytes).expect_err("bad bytes").to_string()
    }

    #[test]
    fn images_are_read_plain_and_gzipped() {
        let plain = idx(3, 4, 48);
        for bytes in [plain.clone(), gzip(&plain)] {
            let images = read_images("digits", &bytes).expect("a whole file");
            assert_eq!((images.len(), *images.shape()), (3, [1, 4, 4]));
        }
    }

    #[test]
    fn labels_are_read_plain_and_gzipped_and_images_are_not_taken_for_them() {
        let plain: Vec<u8> = [LABELS_MAGIC, 3].into_iter().flat_map(u32::to_be_bytes).chain([7, 0, 9]).collect();
        for bytes in [plain.clone(), gzip(&plain)] {
            assert_eq!(read_labels("labels", &bytes), Ok(vec![7, 0, 9]));
        }
        let message = |bytes: &[u8]| read_labels("labels.gz", bytes).expect_err("bad bytes").to_string();
        assert!(message(&idx(1, 2, 4)).contains("not an IDX file of labels"));
        assert!(message(&plain[..10]).contains("only 2"));
    }

    #[test]
    fn truncated_foreign_and_oversized_files_are_refused_by_name() {
        let whole = idx(3, 4, 48);
        let zipped = gzip(&whole);
        assert!(refusal(&whole[..40]).contains("only 24"));
        assert!(refusal(&idx(3, 4, 49)).contains("there are more"));
        assert!(refusal(&zipped[..zipped.len() - 12]).starts_with("digits.gz: "));
        assert!(refusal(b"PNG").contains("too short"));
        assert!(refusal(&[7; 100]).contains("not an IDX file of images"));
        assert!(refusal(&idx(u32::MAX, 65_535, 0)).contains("2^30"));
        assert!(refusal(&idx(0, 4, 0)).contains("0 images"));
    }
}
