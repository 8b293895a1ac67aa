//! Images that any program made, as they are measured: folders and zips of them, IDX files, CIFAR's batches and NumPy arrays.

use std::path::Path;

use super::error::Result;
use super::{data, files, npy};
use crate::data::{Dataset, read_images};
use crate::error::Error;
use crate::fidelity::Pixels;

/// Most channels; what is larger is a height.
const MAX_CHANNELS: usize = 4;

/// The images of a file, of a folder that holds an IDX file or CIFAR's, or of a folder or a zip of images, of which the first is shown to `suits` before the others are decoded.
pub fn read(path: &Path, suits: impl Fn([usize; 3]) -> Result<()>) -> Result<Pixels> {
    if let Some(Dataset::Images(_, images)) = data::known_cifar(path)? {
        return Ok(Pixels::of(&images));
    }
    let is_folder_of_images = path.is_dir() && data::idx_images(path).is_none();
    if is_folder_of_images || files::has_ending(path, "zip") {
        return Ok(Pixels::of(&data::as_they_are(path, suits)?));
    }
    let path = data::idx_images(path).unwrap_or_else(|| path.to_owned());
    let (bytes, name) = (files::read(&path)?, path.display().to_string());
    if files::has_ending(&path, "npy") {
        return Ok(of_array(&bytes).map_err(|problem| Error::file(name, problem))?);
    }
    Ok(Pixels::of(&read_images(&name, &bytes)?))
}

/// Bytes `[count, height, width]`, `[count, channels, height, width]` or `[count, height, width, channels]`; or −1..1 in float32, as `sparring sample` writes them.
fn of_array(bytes: &[u8]) -> std::result::Result<Pixels, String> {
    match npy::kind(bytes)?.as_str() {
        "u1" => {
            let (shape, numbers) = npy::decode_array::<u8>(bytes)?;
            let (order, shape) = order(&shape)?;
            Ok(Pixels::new(shape, channels_first(numbers, order, shape)))
        }
        "f4" => {
            let (shape, numbers) = npy::decode_array::<f32>(bytes)?;
            let (order, shape) = order(&shape)?;
            if let Some(place) = numbers.iter().position(|x| !x.is_finite()) {
                return Err(format!("number {place} is not finite"));
            }
            // A generator may leave −1..1, on both sides; what is never negative is 0..1, or bytes as floats.
            if numbers.iter().all(|&x| x >= 0.0) {
                return Err("holds float32 numbers of which none is negative; images are −1..1 in float32, or 0..255 in uint8".into());
            }
            Ok(Pixels::quantised(shape, &channels_first(numbers, order, shape)))
        }
        other => Err(format!("holds numbers of type {other}; images are uint8 0..255, or float32 −1..1")),
    }
}

/// Where the channels stand.
#[derive(Clone, Copy, PartialEq)]
enum Channels {
    First,
    Last,
}

/// `[channels, height, width]` of an array's shape.
fn order(shape: &[usize]) -> std::result::Result<(Channels, [usize; 3]), String> {
    let refuse = || {
        format!(
            "has shape {shape:?}; images are [count, height, width], [count, channels, height, width] or [count, height, width, channels]"
        )
    };
    let found = match *shape {
        [_, height, width] => (Channels::First, [1, height, width]),
        [_, channels, height, width] if channels <= MAX_CHANNELS => (Channels::First, [channels, height, width]),
        [_, height, width, channels] if channels <= MAX_CHANNELS => (Channels::Last, [channels, height, width]),
        _ => return Err(refuse()),
    };
    if shape.contains(&0) { Err(refuse()) } else { Ok(found) }
}

fn channels_first<T: Copy>(numbers: Vec<T>, order: Channels, [channels, height, width]: [usize; 3]) -> Vec<T> {
    if order == Channels::First || channels == 1 {
        return numbers;
    }
    let area = height * width;
    let image = |pixels: &[T]| (0..channels * area).map(|place| pixels[place % area * channels + place / area]).collect::<Vec<_>>();
    numbers.chunks_exact(channels * area).flat_map(image).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_with_channels_first_or_last_and_floats_as_they_are_saved() {
        let first: Vec<u8> = (0..2 * 3 * 5 * 6).map(|i| i as u8).collect();
        let planes = of_array(&npy::encode_array(&first, &[2, 3, 5, 6])).unwrap();
        let last: Vec<u8> = (0..2 * 5 * 6 * 3).map(|i| (i / 90 * 90 + i % 3 * 30 + i % 90 / 3) as u8).collect();
        assert_eq!(of_array(&npy::encode_array(&last, &[2, 5, 6, 3])), Ok(planes.clone()));
        let floats: Vec<f32> = first.iter().map(|&byte| f32::from(byte) / 127.5 - 1.0).collect();
        assert_eq!(of_array(&npy::encode_array(&floats, &[2, 3, 5, 6])), Ok(planes));
        assert_eq!(of_array(&npy::encode_array(&first, &[6, 5, 6])).unwrap().shape, [1, 5, 6]);
    }

    #[test]
    fn arrays_that_are_no_images_say_why() {
        let refused = |bytes: &[u8], why: &str| {
            let problem = of_array(bytes).expect_err(why);
            assert!(problem.contains(why), "{problem}");
        };
        refused(&npy::encode_array(&[0u8; 12], &[12]), "[count, height, width]");
        refused(&npy::encode_array(&[0u8; 0], &[0, 5, 5]), "[0, 5, 5]");
        refused(&npy::encode_array(&[0i32; 4], &[1, 2, 2]), "i4");
        refused(&npy::encode_array(&[0.0f32, 1.0, f32::NAN, 0.0], &[1, 2, 2]), "number 2 is not finite");
        refused(&npy::encode_array(&[255.0f32; 4], &[1, 2, 2]), "uint8");
        refused(&npy::encode_array(&[0.0f32, 1.0, 0.5, 0.0], &[1, 2, 2]), "none is negative");
        refused(b"PNG", "not a NumPy array");
        let whole = npy::encode_array(&[7u8; 16], &[1, 4, 4]);
        for len in 0..whole.len() {
            assert!(of_array(&whole[..len]).is_err(), "{len} bytes");
        }
    }
}
