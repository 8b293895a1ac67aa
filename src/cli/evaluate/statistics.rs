//! Mean and covariance of features as NumPy archives, as pytorch-fid writes and reads them: arrays `mu` and `sigma`.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::cli::error::Result;
use crate::cli::{files, npy};
use crate::error::Error;
use crate::fidelity::{Network, Statistics};

/// Most bytes of an array: a covariance of 4,096 features. Checked while it is unpacked, since an archive may lie about it.
const MAX_BYTES: u64 = 1 << 27;
/// A third array beside pytorch-fid's two: the name of the network, so that features are never compared with another network's.
const NETWORK: &str = "features";

/// The archive's bytes.
pub fn encode(statistics: &Statistics, network: Network) -> Vec<u8> {
    let width = statistics.mean.len() as u64;
    let arrays = [
        ("mu", npy::encode_array(&statistics.mean, &[width])),
        ("sigma", npy::encode_array(&statistics.covariance, &[width, width])),
        (NETWORK, npy::encode_array(network.name().as_bytes(), &[network.name().len() as u64])),
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

/// Reads an archive; one that names its network must name this one.
pub fn read(path: &Path, network: Network) -> Result<Statistics> {
    let bytes = files::read(path)?;
    Ok(decode(&bytes, network).map_err(|problem| Error::file(path.display().to_string(), problem))?)
}

fn decode(bytes: &[u8], network: Network) -> std::result::Result<Statistics, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("not a NumPy archive: {error}"))?;
    if let Some(name) = array(&mut archive, NETWORK)? {
        let name = String::from_utf8_lossy(&npy::decode_array::<u8>(&name)?.1).into_owned();
        if name != network.name() {
            return Err(format!("holds statistics of the features `{name}`, not of `{}`; --features names them", network.name()));
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

    fn some() -> Statistics {
        Statistics { mean: vec![1.5, -2.0], covariance: vec![1.0, 0.25, 0.25, 3.0] }
    }

    #[test]
    fn statistics_written_are_statistics_read() {
        assert_eq!(decode(&encode(&some(), Network::LenetMnist), Network::LenetMnist), Ok(some()));
    }

    #[test]
    fn another_networks_statistics_and_damaged_ones_are_refused() {
        let bytes = encode(&some(), Network::LenetFashion);
        let refused = |bytes: &[u8], why: &str| {
            let problem = decode(bytes, Network::LenetMnist).expect_err(why);
            assert!(problem.contains(why), "{problem}");
        };
        refused(&bytes, "lenet-fashion");
        refused(b"PNG", "not a NumPy archive");
        let mean = ("mu", npy::encode_array(&[1.0], &[1]));
        refused(&archive(&[mean.clone(), ("sigma", npy::encode_array(&[1.0, 2.0, 3.0, 4.0], &[2, 2]))]), "[n, n]");
        refused(&archive(&[mean]), "no array `sigma`");
        refused(&encode(&Statistics { mean: vec![f64::NAN, 0.0], ..some() }, Network::LenetMnist), "not finite");
        for len in 0..bytes.len() {
            assert!(decode(&bytes[..len], Network::LenetFashion).is_err(), "{len} bytes");
        }
    }
}
