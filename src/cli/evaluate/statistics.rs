//! Mean and covariance of features as NumPy archives, as pytorch-fid writes and reads them: arrays `mu` and `sigma`.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::cli::error::Result;
use crate::cli::{files, npy};
use crate::error::Error;
use crate::fidelity::{Features, Statistics};

/// Most bytes of an array: a covariance of 4,096 features. Checked while it is unpacked, since an archive may lie about it.
const MAX_BYTES: u64 = 1 << 27;
/// A third array beside pytorch-fid's two: the features' name, so that they are never compared with another network's.
const NAME: &str = "features";

/// The archive's bytes.
pub fn encode(statistics: &Statistics, features: Features) -> Vec<u8> {
    let width = statistics.mean.len() as u64;
    let arrays = [
        ("mu", npy::encode_array(&statistics.mean, &[width])),
        ("sigma", npy::encode_array(&statistics.covariance, &[width, width])),
        (NAME, npy::encode_array(features.name().as_bytes(), &[features.name().len() as u64])),
    ];
    archive(&arrays)
}

fn archive(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in arrays {
        archive.start_file(format!("{name}.npy"), plain).expect("memory takes any file");
        archive.write_all(bytes).expect("memory takes any file");
    }
    archive.finish().expect("memory takes any archive").into_inner()
}

/// Reads an archive for images of so many channels. One that names its features must name these; pytorch-fid's own names none, and is known by its width.
pub fn read(path: &Path, features: Features, channels: usize) -> Result<Statistics> {
    let bytes = files::read(path)?;
    Ok(decode(&bytes, features, channels).map_err(|problem| Error::file(path.display().to_string(), problem))?)
}

fn decode(bytes: &[u8], features: Features, channels: usize) -> std::result::Result<Statistics, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("not a NumPy archive: {error}"))?;
    if let Some(name) = array(&mut archive, NAME)? {
        let name = String::from_utf8_lossy(&npy::decode_array::<u8>(&name)?.1).into_owned();
        if name != features.name() {
            return Err(format!("holds statistics of the features `{name}`, not of `{}`; --features names them", features.name()));
        }
    }
    let mut numbers = |name: &str| {
        let bytes =
            array(&mut archive, name)?.ok_or_else(|| format!("has no array `{name}`; statistics of features are `mu` and `sigma`"))?;
        let (shape, numbers) = npy::decode_floats(&bytes).map_err(|problem| format!("array `{name}`: {problem}"))?;
        match numbers.iter().all(|x| x.is_finite()) {
            true => Ok((shape, numbers)),
            false => Err(format!("array `{name}` holds a number that is not finite")),
        }
    };
    let ((mean_shape, mean), (shape, covariance)) = (numbers("mu")?, numbers("sigma")?);
    let width = mean.len();
    if mean_shape != [width] || shape != [width, width] || width == 0 {
        return Err(format!("`mu` has shape {mean_shape:?} and `sigma` {shape:?}; they are [n] and [n, n]"));
    }
    let expected = features.width(channels);
    if width != expected {
        return Err(format!("holds statistics of {width} features; `{}` has {expected} of these images", features.name()));
    }
    Ok(Statistics { mean, covariance })
}

/// The bytes of an array in an archive, if it is there.
fn array(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> std::result::Result<Option<Vec<u8>>, String> {
    let file = match archive.by_name(&format!("{name}.npy")) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(format!("array `{name}`: {error}")),
    };
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| format!("array `{name}` is damaged: {error}"))?;
    if bytes.len() as u64 > MAX_BYTES { Err(format!("array `{name}` has more than 2^27 bytes")) } else { Ok(Some(bytes)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::fidelity::Network;

    const DIGITS: Features = Features::Classifier(Network::LenetMnist);
    const CLOTHES: Features = Features::Classifier(Network::LenetFashion);

    fn some() -> Statistics {
        let width = DIGITS.width(1);
        let covariance = (0..width * width).map(|place| f64::from(u8::from(place % (width + 1) == 0))).collect();
        Statistics { mean: (0..width).map(|place| place as f64).collect(), covariance }
    }

    #[test]
    fn statistics_written_are_statistics_read() {
        assert_eq!(decode(&encode(&some(), DIGITS), DIGITS, 1), Ok(some()));
    }

    #[test]
    fn statistics_of_pytorch_fid_name_no_features_and_are_known_by_their_width() {
        let of_width = |width: usize| {
            let (mean, covariance) = (vec![0.5; width], vec![0.25; width * width]);
            let shape = width as u64;
            archive(&[("mu", npy::encode_array(&mean, &[shape])), ("sigma", npy::encode_array(&covariance, &[shape, shape]))])
        };
        let read = decode(&of_width(2048), Features::Inception, 3).expect("Inception's width");
        assert_eq!((read.mean.len(), read.covariance.len()), (2048, 2048 * 2048));
        let problem = decode(&of_width(768), Features::Inception, 3).expect_err("another layer's");
        assert!(problem.contains("768") && problem.contains("`inception` has 2048"), "{problem}");
    }

    #[test]
    fn another_networks_statistics_and_damaged_ones_are_refused() {
        let bytes = encode(&some(), CLOTHES);
        let refused = |bytes: &[u8], why: &str| {
            let problem = decode(bytes, DIGITS, 1).expect_err(why);
            assert!(problem.contains(why), "{problem}");
        };
        refused(&bytes, "lenet-fashion");
        refused(b"PNG", "not a NumPy archive");
        let mean = ("mu", npy::encode_array(&[1.0], &[1]));
        refused(&archive(&[mean.clone(), ("sigma", npy::encode_array(&[1.0, 2.0, 3.0, 4.0], &[2, 2]))]), "[n, n]");
        refused(&archive(&[mean]), "no array `sigma`");
        refused(&encode(&Statistics { mean: vec![f64::NAN; 84], ..some() }, DIGITS), "not finite");
        for len in (0..bytes.len()).step_by(97).chain(bytes.len() - 300..bytes.len()) {
            assert!(decode(&bytes[..len], CLOTHES, 1).is_err(), "{len} bytes");
        }
    }
}
