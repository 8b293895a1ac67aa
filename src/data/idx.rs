//! IDX, the format of MNIST: a magic number, sizes, bytes; often gzipped.

use std::io::Read;

use super::ImageSet;
use crate::error::{Error, Result};

/// 0x08: unsigned bytes; 3: dimensions (images, rows, columns).
const IMAGES_MAGIC: u32 = 0x0803;
/// Most pixels a file may hold: 2³⁰, 1 GiB in memory. Checked before memory is taken.
const MAX_PIXELS: u64 = 1 << 30;
const HEADER: usize = 16;

/// Reads an IDX file of images, gzipped or not.
pub fn read_images(file: &str, bytes: &[u8]) -> Result<ImageSet> {
    let mut reader: Box<dyn Read + '_> =
        if bytes.starts_with(&[0x1f, 0x8b]) { Box::new(flate2::read::MultiGzDecoder::new(bytes)) } else { Box::new(bytes) };
    let mut header = [0; HEADER];
    reader.read_exact(&mut header).map_err(|error| Error::file(file, format!("too short for an IDX file, or damaged: {error}")))?;
    let number = |i: usize| u32::from_be_bytes([header[4 * i], header[4 * i + 1], header[4 * i + 2], header[4 * i + 3]]);
    if number(0) != IMAGES_MAGIC {
        return Err(Error::file(
            file,
            format!("not an IDX file of images: it begins with {:#010x} instead of {IMAGES_MAGIC:#010x}", number(0)),
        ));
    }
    let [count, height, width] = [number(1), number(2), number(3)];
    let pixels = u64::from(count).checked_mul(u64::from(height) * u64::from(width)).filter(|&n| n > 0 && n <= MAX_PIXELS);
    let pixels = pixels
        .ok_or_else(|| Error::file(file, format!("declares {count} images of {height}x{width}; between 1 and 2^30 pixels are read")))?;

    // The vector grows with what is really there, not with what the header claims.
    let mut data = Vec::new();
    reader.take(pixels + 1).read_to_end(&mut data).map_err(|error| Error::file(file, format!("damaged: {error}")))?;
    if data.len() as u64 != pixels {
        let found = if data.len() as u64 > pixels { "more".into() } else { format!("only {}", data.len()) };
        return Err(Error::file(
            file,
            format!("truncated or damaged: {count} images of {height}x{width} are {pixels} bytes; there are {found}"),
        ));
    }
    Ok(ImageSet::new([1, height as usize, width as usize], data))
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
            assert_eq!((images.len(), images.shape()), (3, [1, 4, 4]));
        }
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
