//! Samples as files: PNG (a grid of images, a scatter of points), NumPy arrays, CSV.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::error::{CliError, Result};
use super::npy;
use crate::config::TrainConfig;
use crate::data::{DataKind, Square, pixel};

/// How samples are written, by the ending of the file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A grid of images or a scatter of points.
    Png,
    /// `[count, …shape]`, float32.
    Npy,
    /// `x,y`, a point a line.
    Csv,
}

impl Format {
    /// The format of `--out`, where it suits the data.
    pub fn of(out: &Path, data: DataKind) -> Result<Self> {
        match out.extension().and_then(|extension| extension.to_str()) {
            Some("png") => Ok(Self::Png),
            Some("npy") => Ok(Self::Npy),
            Some("csv") if !data.is_images() => Ok(Self::Csv),
            Some("csv") => {
                Err(CliError::Usage(format!("--out {}: .csv is for points, and these are images; take .png or .npy", out.display())))
            }
            _ => Err(CliError::Usage(format!("--out {}: must end in .png, .npy or, for points, .csv", out.display()))),
        }
    }

    /// Samples, row after row, as the bytes of a file.
    pub fn encode(self, samples: &[f32], config: &TrainConfig) -> Vec<u8> {
        let shape = &config.sample_shape()[..];
        match self {
            Self::Png if shape[0] == 4 => encoded(with_alpha(samples, shape)),
            Self::Png => png(samples, config),
            Self::Npy => npy::encode(samples, shape),
            Self::Csv => csv(samples, shape.iter().product()),
        }
    }
}

/// Samples as a picture.
pub fn png(samples: &[f32], config: &TrainConfig) -> Vec<u8> {
    let picture = match (config.density(), config.view()) {
        (Some(density), Some(view)) => scatter(&in_the_plane(samples, density.dim(), view), view),
        _ => grid(samples, &config.sample_shape()),
    };
    encoded(picture)
}

/// Images side by side as a picture, `shape` being that of each.
pub fn wall(images: &[f32], shape: &[usize]) -> Vec<u8> {
    encoded(grid(images, shape))
}

fn encoded(picture: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, ImageFormat::Png).expect("a picture fits into memory");
    bytes.into_inner()
}

/// Images `[count, channels, height, width]` in −1..1 side by side, as nearly square as they go. Not stretched: a grey sample stays grey.
fn grid(samples: &[f32], shape: &[usize]) -> RgbImage {
    let tiles = Tiles::of(samples, shape);
    let mut picture = RgbImage::new(tiles.size[0], tiles.size[1]);
    tiles.paint(|[x, y], value| {
        // With alpha, on white.
        let cover = if tiles.channels == 4 { ((value(3) + 1.0) / 2.0).clamp(0.0, 1.0) } else { 1.0 };
        picture.put_pixel(x, y, Rgb([0, 1, 2].map(|c| pixel::to_byte(1.0 + cover * (value(c) - 1.0)))));
    });
    picture
}

/// The same of images with alpha, which they keep.
fn with_alpha(samples: &[f32], shape: &[usize]) -> RgbaImage {
    let tiles = Tiles::of(samples, shape);
    let mut picture = RgbaImage::new(tiles.size[0], tiles.size[1]);
    tiles.paint(|[x, y], value| picture.put_pixel(x, y, Rgba([0, 1, 2, 3].map(|c| pixel::to_byte(value(c))))));
    picture
}

/// Images side by side.
struct Tiles<'a> {
    samples: &'a [f32],
    channels: usize,
    height: usize,
    width: usize,
    columns: usize,
    /// Width and height of them all.
    size: [u32; 2],
}

impl<'a> Tiles<'a> {
    fn of(samples: &'a [f32], shape: &[usize]) -> Self {
        let [channels, height, width] = shape.try_into().expect("an image has channels, height and width");
        let count = samples.len() / (channels * height * width);
        let columns = (1..).find(|side| side * side >= count).expect("some square is large enough").max(1);
        let size = [columns * width, count.div_ceil(columns).max(1) * height].map(|side| side as u32);
        Self { samples, channels, height, width, columns, size }
    }

    /// Hands over each pixel with its channels; a grey one's are alike.
    fn paint(&self, mut paint: impl FnMut([u32; 2], &dyn Fn(usize) -> f32)) {
        let Self { channels, height, width, columns, .. } = *self;
        for (index, sample) in self.samples.chunks_exact(channels * height * width).enumerate() {
            let (left, top) = (index % columns * width, index / columns * height);
            for place in 0..height * width {
                let value = |c: usize| sample[c.min(channels - 1) * height * width + place];
                paint([left + place % width, top + place / width].map(|at| at as u32), &value);
            }
        }
    }
}

/// Pixels along each side of a scatter.
const SIDE: i64 = 512;
/// Columns of the histogram that shows points of the line.
const COLUMNS: f64 = 100.0;
const INK: [f32; 3] = [30.0, 80.0, 160.0];
/// How much of the ink one point lays on.
const OPACITY: f32 = 0.4;

/// Points of the plane. Those of the line are stacked into a histogram whose highest column is half as high as the picture.
fn in_the_plane(samples: &[f32], dim: usize, Square { centre, half }: Square) -> Vec<f32> {
    if dim == 2 {
        return samples.to_vec();
    }
    let column = |x: f32| ((f64::from(x) - centre[0]) / half * COLUMNS / 2.0).floor() as i64;
    let mut heights = BTreeMap::<i64, usize>::new();
    samples.iter().for_each(|&x| *heights.entry(column(x)).or_default() += 1);
    let step = half / heights.values().max().copied().unwrap_or(1) as f64;
    let mut stacked = BTreeMap::<i64, usize>::new();
    let place = |&x: &f32| {
        let level = stacked.entry(column(x)).or_default();
        *level += 1;
        [x, (centre[1] - half / 2.0 + *level as f64 * step) as f32]
    };
    samples.iter().flat_map(place).collect()
}

/// Points on a square, y upwards; where many lie it is darker.
fn scatter(points: &[f32], square: Square) -> RgbImage {
    let mut picture = RgbImage::from_pixel(SIDE as u32, SIDE as u32, Rgb([255; 3]));
    let pixels = |x: f64| ((x / square.half + 1.0) * 0.5 * SIDE as f64) as f32;
    let from_centre = |point: &[f32]| [0, 1].map(|i| f64::from(point[i]) - square.centre[i]);
    for [x, y] in points.chunks_exact(2).map(from_centre).filter(|point| point.iter().all(|x| x.abs() <= square.half)) {
        let (x, y) = (pixels(x), pixels(-y));
        for (dx, dy) in (-2..=2).flat_map(|dx| (-2..=2).map(move |dy| (dx, dy))) {
            let (column, row) = (x as i64 + dx, y as i64 + dy);
            let distance = (column as f32 + 0.5 - x).hypot(row as f32 + 0.5 - y);
            let cover = OPACITY * (2.0 - distance).clamp(0.0, 1.0);
            if (0..SIDE).contains(&column) && (0..SIDE).contains(&row) {
                let pixel = picture.get_pixel_mut(column as u32, row as u32);
                pixel.0 = std::array::from_fn(|c| (f32::from(pixel.0[c]) * (1.0 - cover) + INK[c] * cover).round() as u8);
            }
        }
    }
    picture
}

/// Points of one number have the column x, others x and y.
fn csv(points: &[f32], dim: usize) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&["x", "y"][..dim]).expect("memory takes any row");
    let row = |point: &[f32]| writer.write_record(point.iter().map(f32::to_string)).expect("memory takes any row");
    points.chunks_exact(dim).for_each(row);
    writer.into_inner().expect("memory takes any row")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_is_as_square_as_it_goes_and_pixels_keep_their_place() {
        let mut samples = vec![-1.0; 5 * 4];
        samples[4 * 4 + 1] = 1.0; // fifth image, row 0, column 1
        let picture = grid(&samples, &[1, 2, 2]);
        assert_eq!(picture.dimensions(), (6, 4));
        let white: Vec<_> = picture.enumerate_pixels().filter(|(.., pixel)| pixel.0 == [255; 3]).map(|(x, y, _)| (x, y)).collect();
        assert_eq!(white, [(3, 2)]);
    }

    #[test]
    fn transparent_pixels_are_shown_on_white_or_kept() {
        let colours = [[-1.0, -1.0, -1.0, -1.0], [-1.0, -1.0, -1.0, 1.0]]; // RGBA of two images of one pixel, not seen and black
        let picture = grid(&colours.concat(), &[4, 1, 1]);
        assert_eq!([picture.get_pixel(0, 0).0, picture.get_pixel(1, 0).0], [[255; 3], [0; 3]]);
        let kept = with_alpha(&colours.concat(), &[4, 1, 1]);
        assert_eq!([kept.get_pixel(0, 0).0, kept.get_pixel(1, 0).0], [[0; 4], [0, 0, 0, 255]]);
    }

    #[test]
    fn a_scatter_has_y_upwards_and_leaves_out_what_is_outside_or_no_number() {
        let dark = |points: &[f32]| -> Vec<(u32, u32)> {
            scatter(points, Square { centre: [0.0, 0.0], half: 1.0 })
                .enumerate_pixels()
                .filter(|(.., pixel)| pixel.0[0] < 170)
                .map(|(x, y, _)| (x, y))
                .collect()
        };
        assert!(
            dark(&[0.5, 0.5]).iter().all(|&(x, y)| (382..387).contains(&x) && (126..131).contains(&y)) && !dark(&[0.5, 0.5]).is_empty()
        );
        assert!(dark(&[7.0, 0.0, f32::NAN, 0.0]).is_empty());
    }

    #[test]
    fn csv_reads_back_to_the_last_bit() {
        let text = String::from_utf8(csv(&[0.1, -1e-8, f32::MAX, 3.0], 2)).unwrap();
        let numbers: Vec<f32> = text.lines().skip(1).flat_map(|line| line.split(',').map(|cell| cell.parse().unwrap())).collect();
        assert!(text.starts_with("x,y\n") && numbers == [0.1, -1e-8, f32::MAX, 3.0], "{text}");
    }
}
