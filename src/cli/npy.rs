//! NumPy arrays: samples out, latents out and in, images and statistics of features.

use std::path::Path;

use npyz::{DType, NpyFile, Order, WriterBuilder};

use super::error::Result;
use super::files;
use crate::error::Error;

/// Rows of `shape` as a float32 array `[count, …shape]`.
pub fn encode(numbers: &[f32], shape: &[usize]) -> Vec<u8> {
    let count = numbers.len() / shape.iter().product::<usize>();
    encode_array(numbers, &std::iter::once(count).chain(shape.iter().copied()).map(|n| n as u64).collect::<Vec<_>>())
}

/// An array of a shape.
pub fn encode_array<T: npyz::AutoSerialize + Copy>(numbers: &[T], shape: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = npyz::WriteOptions::new().default_dtype().shape(shape).writer(&mut bytes).begin_nd().and_then(|mut writer| {
        writer.extend(numbers.iter().copied())?;
        writer.finish()
    });
    written.expect("memory takes any array");
    bytes
}

/// What an array's numbers are called, as in `u1` or `f4`.
pub fn kind(bytes: &[u8]) -> std::result::Result<String, String> {
    let array = NpyFile::new(bytes).map_err(|error| format!("not a NumPy array: {error}"))?;
    Ok(array.dtype().descr().trim_matches(['\'', '<', '>', '=', '|']).to_owned())
}

/// Shape and numbers of an array of `T`, the last dimension moving fastest.
pub fn decode_array<T: npyz::Deserialize>(bytes: &[u8]) -> std::result::Result<(Vec<usize>, Vec<T>), String> {
    let array = NpyFile::new(bytes).map_err(|error| format!("not a NumPy array: {error}"))?;
    if array.order() == Order::Fortran && array.shape().len() > 1 {
        return Err("lies column after column; save numpy.ascontiguousarray of it".into());
    }
    // What the header promises is compared with what there is before memory is asked for; a number takes a byte at least.
    let promised = array.shape().iter().try_fold(1, |product: u64, &side| product.checked_mul(side));
    if promised.is_none_or(|promised| promised > bytes.len() as u64) {
        return Err("truncated: it holds fewer numbers than its shape says".into());
    }
    let shape = array.shape().iter().map(|&side| side as usize).collect();
    Ok((shape, array.into_vec().map_err(|error| format!("truncated or damaged: {error}"))?))
}

/// The same of float32 or float64.
pub fn decode_floats(bytes: &[u8]) -> std::result::Result<(Vec<usize>, Vec<f64>), String> {
    match kind(bytes)?.as_str() {
        "f8" => decode_array(bytes),
        "f4" => decode_array::<f32>(bytes).map(|(shape, numbers)| (shape, numbers.into_iter().map(f64::from).collect())),
        other => Err(format!("holds numbers of type {other}; float32 and float64 are read")),
    }
}

/// Latents `[count, latent_dim]` of a file, float32 or float64, all finite.
pub fn read_latents(path: &Path, latent_dim: usize) -> Result<Vec<f32>> {
    let bytes = files::read(path)?;
    Ok(decode(&bytes, latent_dim).map_err(|problem| Error::file(path.display().to_string(), problem))?)
}

fn decode(bytes: &[u8], latent_dim: usize) -> std::result::Result<Vec<f32>, String> {
    let array = NpyFile::new(bytes).map_err(|error| format!("not a NumPy array: {error}"))?;
    let (kind, item_size) = match array.dtype() {
        DType::Plain(kind) => (kind.to_string(), kind.num_bytes().unwrap_or(0)),
        other => (other.descr(), 0),
    };
    if !matches!(kind.trim_start_matches(['<', '>', '=']), "f4" | "f8") {
        return Err(format!("holds numbers of type {kind}; latents are float32 or float64"));
    }
    let &[count, columns] = array.shape() else {
        return Err(format!("has shape {:?}; latents have shape [count, {latent_dim}]", array.shape()));
    };
    if columns != latent_dim as u64 || count == 0 {
        return Err(format!("has shape [{count}, {columns}]; latents of this generator have shape [count, {latent_dim}]"));
    }
    // What the header promises is compared with what there is before memory is asked for.
    let promised = count.checked_mul(columns).and_then(|numbers| numbers.checked_mul(item_size as u64));
    if promised.is_none_or(|promised| promised > bytes.len() as u64) {
        return Err("truncated: it holds fewer numbers than its shape says".into());
    }
    let order = array.order();
    let stored: std::io::Result<Vec<f32>> = if item_size == 4 {
        array.into_vec::<f32>()
    } else {
        array.into_vec::<f64>().map(|numbers| numbers.into_iter().map(|x| x as f32).collect())
    };
    let stored = stored.map_err(|error| format!("truncated or damaged: {error}"))?;
    let (rows, columns) = (count as usize, columns as usize);
    let numbers = match order {
        Order::C => stored,
        Order::Fortran => (0..rows * columns).map(|i| stored[i % columns * rows + i / columns]).collect(),
    };
    match numbers.iter().position(|x| !x.is_finite()) {
        Some(place) => Err(format!("row {}, column {} is not finite", place / columns, place % columns)),
        None => Ok(numbers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array<T: npyz::AutoSerialize>(numbers: &[T], shape: &[u64], order: Order) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = npyz::WriteOptions::new().default_dtype().shape(shape).order(order).writer(&mut bytes).begin_nd().unwrap();
        writer.extend(numbers).unwrap();
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn latents_written_are_latents_read() {
        let z = [0.5, -1.25, 3e-9, 7.0, 0.0, 1.0];
        assert_eq!(decode(&encode(&z, &[2]), 2), Ok(z.to_vec()));
    }

    #[test]
    fn numpys_default_type_and_column_order_are_read() {
        assert_eq!(decode(&array(&[1.0f64, 2.0, 3.0, 4.0], &[2, 2], Order::C), 2), Ok(vec![1.0, 2.0, 3.0, 4.0]));
        assert_eq!(decode(&array(&[1.0f32, 4.0, 2.0, 5.0, 3.0, 6.0], &[2, 3], Order::Fortran), 3), Ok(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    }

    #[test]
    fn arrays_that_are_no_latents_say_why() {
        let refused = |bytes: &[u8], why: &str| {
            let problem = decode(bytes, 2).expect_err(why);
            assert!(problem.contains(why), "{problem}");
        };
        let good = encode(&[1.0, 2.0, 3.0, 4.0], &[2]);
        refused(&encode(&[1.0, 2.0, 3.0], &[3]), "[count, 2]");
        refused(&encode(&[1.0, 2.0], &[1]), "[count, 2]");
        refused(&array(&[1.0f32, 2.0], &[2], Order::C), "[count, 2]");
        refused(&array(&[1i64, 2], &[1, 2], Order::C), "<i8");
        refused(&encode(&[1.0, 2.0, 3.0, f32::NAN], &[2]), "row 1, column 1 is not finite");
        refused(&array(&[1e300f64, 0.0], &[1, 2], Order::C), "not finite");
        refused(&array::<f32>(&[], &[0, 2], Order::C), "[0, 2]");
        refused(b"PNG", "not a NumPy array");
        for len in 0..good.len() {
            assert!(decode(&good[..len], 2).is_err(), "{len} bytes");
        }
    }

    #[test]
    fn a_shape_larger_than_the_file_is_refused_before_memory_is_asked_for() {
        let good = encode(&[1.0, 2.0], &[2]);
        for rows in ["999999999999999999", "9223372036854775808"] {
            let header = String::from_utf8_lossy(&good[10..good.len() - 8]).replace("(1, 2, )", &format!("({rows}, 2, )"));
            let mut bytes = good[..8].to_vec();
            bytes.extend((header.len() as u16).to_le_bytes());
            bytes.extend(header.as_bytes());
            bytes.extend(&good[good.len() - 8..]);
            assert!(decode(&bytes, 2).is_err_and(|problem| problem.contains("truncated")), "{header}");
        }
    }
}
