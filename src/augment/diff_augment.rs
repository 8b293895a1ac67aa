//! DiffAugment (Zhao et al. 2020): every image's colours change, then its place, then a square of it is blank.
//!
//! On pixels −1 … 1 of an image x, u uniform on [0, 1):
//! brightness x + u − ½; saturation 2u(x − m) + m, m the mean over a pixel's channels; contrast (u + ½)(x − m) + m, m the mean over the image;
//! translation by whole pixels uniform within ±⅛ of the size, 0 coming in; cutout: 0 on a square of half the size, its middle uniform over the image.
//! A grey image has no saturation, and of four channels the last, alpha, keeps its values.

use burn::tensor::{DType, Device};
use serde::Deserialize;

use super::{AugmentConfig, Colours, Transforms, Warps};
use crate::rng::Stream;

/// What happens to one image; the default changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Params {
    /// Added to every pixel.
    pub brightness: f64,
    /// Factor of a pixel's distance to its own grey.
    pub saturation: f64,
    /// Factor of a pixel's distance to the image's mean.
    pub contrast: f64,
    /// How many pixels to the right, and how many down, a pixel of the new image comes from.
    pub translation: [i64; 2],
    /// Column and row of the middle of the square that is blank.
    pub cutout: Option<[i64; 2]>,
}

impl Default for Params {
    fn default() -> Self {
        Self { brightness: 0.0, saturation: 1.0, contrast: 1.0, translation: [0, 0], cutout: None }
    }
}

/// A part of a length, to the nearest pixel.
fn part(size: usize, of: usize) -> i64 {
    ((size + of / 2) / of) as i64
}

impl Params {
    /// Draws what the settings ask for.
    pub fn draw(stream: &mut Stream, config: &AugmentConfig, [channels, height, width]: [usize; 3]) -> Self {
        let mut drawn = Self::default();
        let mut within = |first: i64, last: i64| first + stream.below((last - first + 1) as usize) as i64;
        if config.translation {
            drawn.translation = [width, height].map(|size| within(-part(size, 8), part(size, 8)));
        }
        if config.cutout {
            // A square of even size has its middle between two pixels, so one more place.
            drawn.cutout = Some([width, height].map(|size| within(0, size as i64 - part(size, 2) % 2)));
        }
        if config.color {
            drawn.brightness = stream.uniform() - 0.5;
            drawn.contrast = stream.uniform() + 0.5;
            if channels > 1 {
                drawn.saturation = stream.uniform() * 2.0;
            }
        }
        drawn
    }

    /// Both mixes of channels: contrast after saturation after brightness is k(Sx + b) + (1 − k)(x̄ + b) with x̄ the mean over pixels and colours.
    fn colour(&self, channels: usize, colours: &mut Colours) {
        let tones = channels.min(3);
        let share = 1.0 / tones as f64;
        for (row, column) in (0..channels).flat_map(|row| (0..channels).map(move |column| (row, column))) {
            let same = f64::from(u8::from(row == column));
            let (of_pixel, of_mean) = if row.max(column) >= tones {
                (same, 0.0)
            } else {
                let saturated = self.saturation * same + (1.0 - self.saturation) * share;
                (self.contrast * saturated, (1.0 - self.contrast) * share)
            };
            colours.of_pixel.push(of_pixel);
            colours.of_mean.push(of_mean);
        }
        colours.offset.extend((0..channels).map(|channel| if channel < tones { self.brightness } else { 0.0 }));
    }

    /// Each pixel comes from one, or is 0.
    fn warp(&self, [_, height, width]: [usize; 3], warps: &mut Warps) {
        let sizes = [width, height];
        for place in 0..height * width {
            let at = [place % width, place / width].map(|at| at as i64);
            let from = [0, 1].map(|axis| at[axis] + self.translation[axis]);
            let blank = self.cutout.is_some_and(|middle| {
                let begins = [0, 1].map(|axis| middle[axis] - part(sizes[axis], 2) / 2);
                (0..2).all(|axis| (begins[axis]..begins[axis] + part(sizes[axis], 2)).contains(&at[axis]))
            });
            let inside = (0..2).all(|axis| (0..sizes[axis] as i64).contains(&from[axis]));
            warps.extend([if inside && !blank { (from[1] as usize * width + from[0] as usize, 1.0) } else { (0, 0.0) }]);
        }
    }
}

/// The changes of some images of a shape `[channels, height, width]`.
pub fn transforms(drawn: &[Params], shape: [usize; 3], device: &Device, dtype: DType) -> Transforms {
    let (mut colours, mut warps) = (Colours::default(), Warps::default());
    for params in drawn {
        params.colour(shape[0], &mut colours);
        params.warp(shape, &mut warps);
    }
    Transforms::new(drawn.len(), shape, device, dtype).colour(colours).warp(warps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    #[test]
    fn what_is_drawn_stays_within_the_papers_ranges_and_reaches_their_ends() {
        let (mut stream, config) = (Stream::new(1, Purpose::Augment), AugmentConfig::default());
        let drawn: Vec<Params> = (0..5000).map(|_| Params::draw(&mut stream, &config, [3, 28, 32])).collect();
        let ends = |of: fn(&Params) -> f64| drawn.iter().map(of).fold((f64::MAX, f64::MIN), |(a, b), x| (a.min(x), b.max(x)));
        assert_eq!(ends(|d| d.translation[0] as f64), (-4.0, 4.0));
        assert_eq!(ends(|d| d.cutout.expect("on")[0] as f64), (0.0, 32.0));
        assert_eq!(ends(|d| d.cutout.expect("on")[1] as f64), (0.0, 28.0));
        for (of, low, high) in [(ends(|d| d.brightness), -0.5, 0.5), (ends(|d| d.saturation), 0.0, 2.0), (ends(|d| d.contrast), 0.5, 1.5)] {
            assert!(of.0 >= low && of.1 < high && of.0 < low + 0.01 && of.1 > high - 0.01, "{of:?} within {low}..{high}");
        }
    }

    #[test]
    fn parts_of_the_policy_that_are_off_change_nothing() {
        let config = AugmentConfig { color: false, translation: false, cutout: false, ..AugmentConfig::default() };
        assert_eq!(Params::draw(&mut Stream::new(1, Purpose::Augment), &config, [1, 28, 28]), Params::default());
    }
}
