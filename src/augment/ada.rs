//! The pipeline of adaptive discriminator augmentation (Karras et al. 2020), each change with probability p.
//!
//! | part | change | drawn |
//! |---|---|---|
//! | blit | flip left to right | with probability ½ |
//! | | quarter turns | 0, 1, 2 or 3 |
//! | | translation by whole pixels | uniform within ±⅛ of the size |
//! | geom | scaling by 2^n, n of deviation .2 | normal |
//! | | turn, before and after stretching, each with 1 − √(1 − p) | uniform over the circle |
//! | | stretching by 2^n across and 2^−n down, n of deviation .2 | normal |
//! | | translation by ⅛n of the size | normal |
//! | color | brightness + n, n of deviation .2 | normal |
//! | | contrast times 2^n, n of deviation ½ | normal |
//! | | luma flipped, x ↦ x − 2vvᵀx with v = (1, 1, 1)/√3 | with probability ½ |
//! | | hue turned about v, of RGB | uniform over the circle |
//! | | saturation times 2^n, of RGB | normal |
//!
//! All of the geometry is one affine map and one bilinear resampling; StyleGAN2-ADA resamples at twice the size between two low-pass filters, which we leave out. Grey takes
//! the mean of the three colours that its matrix gives; of four channels the last, alpha, keeps its values.

use std::f64::consts::PI;

use burn::tensor::{DType, Device};
use serde::Deserialize;

use super::{Affine, Colours, Pipeline, Transforms, Warps};
use crate::rng::Stream;

/// What happens to one image; the default changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Params {
    /// Left to right.
    pub flip: bool,
    /// Quarter turns.
    pub quarter_turns: u8,
    /// Whole pixels, to the right and down.
    pub shift: [f64; 2],
    /// Factor of the size.
    pub scale: f64,
    /// Radians, before stretching.
    pub turn_before: f64,
    /// Factor of the width, and divisor of the height.
    pub stretch: f64,
    /// Radians, after stretching.
    pub turn_after: f64,
    /// Pixels, to the right and down.
    pub translation: [f64; 2],
    /// Added to every colour.
    pub brightness: f64,
    /// Factor of every colour.
    pub contrast: f64,
    /// Whether light is dark.
    pub luma_flip: bool,
    /// Radians.
    pub hue: f64,
    /// Factor of the distance to grey.
    pub saturation: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            flip: false,
            quarter_turns: 0,
            shift: [0.0; 2],
            scale: 1.0,
            turn_before: 0.0,
            stretch: 1.0,
            turn_after: 0.0,
            translation: [0.0; 2],
            brightness: 0.0,
            contrast: 1.0,
            luma_flip: false,
            hue: 0.0,
            saturation: 1.0,
        }
    }
}

/// 2 to a normal number of this deviation.
fn power(stream: &mut Stream, deviation: f64) -> f64 {
    libm::exp2(stream.normal() * deviation)
}

/// An angle uniform over the circle.
fn angle(stream: &mut Stream) -> f64 {
    (stream.uniform() * 2.0 - 1.0) * PI
}

impl Params {
    /// Draws the changes of an image.
    pub fn draw(stream: &mut Stream, pipeline: Pipeline, p: f64, [channels, height, width]: [usize; 3]) -> Self {
        let mut drawn = Self::default();
        let sizes = [width, height].map(|size| size as f64);
        let chance = |stream: &mut Stream, p: f64| stream.uniform() < p;
        if pipeline.blits() {
            drawn.flip = chance(stream, p) && stream.below(2) == 1;
            if chance(stream, p) {
                drawn.quarter_turns = stream.below(4) as u8;
            }
            if chance(stream, p) {
                drawn.shift = sizes.map(|size| libm::rint((stream.uniform() * 2.0 - 1.0) * size / 8.0));
            }
        }
        if pipeline.bends() {
            let either = 1.0 - libm::sqrt(1.0 - p); // P(before or after) = p
            if chance(stream, p) {
                drawn.scale = power(stream, 0.2);
            }
            if chance(stream, either) {
                drawn.turn_before = angle(stream);
            }
            if chance(stream, p) {
                drawn.stretch = power(stream, 0.2);
            }
            if chance(stream, either) {
                drawn.turn_after = angle(stream);
            }
            if chance(stream, p) {
                drawn.translation = sizes.map(|size| stream.normal() * size / 8.0);
            }
        }
        if pipeline.colours() {
            drawn.draw_colours(stream, p, channels);
        }
        drawn
    }

    fn draw_colours(&mut self, stream: &mut Stream, p: f64, channels: usize) {
        let chance = |stream: &mut Stream| stream.uniform() < p;
        if chance(stream) {
            self.brightness = stream.normal() * 0.2;
        }
        if chance(stream) {
            self.contrast = power(stream, 0.5);
        }
        self.luma_flip = chance(stream) && stream.below(2) == 1;
        if channels > 1 {
            if chance(stream) {
                self.hue = angle(stream);
            }
            if chance(stream) {
                self.saturation = power(stream, 1.0);
            }
        }
    }

    /// Where each pixel comes from: the inverses of the changes, the first change outermost.
    fn geometry(&self) -> Affine {
        let ([x, y], [right, down]) = (self.translation, self.shift);
        Affine::scale(if self.flip { -1.0 } else { 1.0 }, 1.0)
            .of(Affine::quarter_turns(self.quarter_turns))
            .of(Affine::translate(-right, -down))
            .of(Affine::scale(1.0 / self.scale, 1.0 / self.scale))
            .of(Affine::rotate(self.turn_before))
            .of(Affine::scale(1.0 / self.stretch, self.stretch))
            .of(Affine::rotate(self.turn_after))
            .of(Affine::translate(-x, -y))
    }

    /// What becomes of red, green and blue: a matrix and an offset.
    fn colour(&self) -> ([[f64; 3]; 3], f64) {
        let luma = if self.luma_flip { -1.0 } else { 1.0 };
        let (sin, cos) = (libm::sin(self.hue) / 3f64.sqrt(), libm::cos(self.hue));
        // c(±vvᵀ + sR(I − vvᵀ)): grey lies along v; what lies across turns by the hue and grows by the saturation.
        let entry = |row: usize, column: usize| {
            let (same, cross) = (f64::from(u8::from(row == column)), [0.0, 1.0, -1.0][(row + 3 - column) % 3]);
            let across = cos * (same - 1.0 / 3.0) + sin * cross;
            self.contrast * (luma / 3.0 + self.saturation * across)
        };
        ([0, 1, 2].map(|row| [0, 1, 2].map(|column| entry(row, column))), self.brightness * self.contrast * luma)
    }

    /// The same for so many channels.
    fn colour_of(&self, channels: usize, colours: &mut Colours) {
        let (matrix, offset) = self.colour();
        if channels == 1 {
            colours.of_pixel.push(matrix.iter().flatten().sum::<f64>() / 3.0);
            colours.offset.push(offset);
            return;
        }
        for row in 0..channels {
            let entry = |column: usize| {
                let tone = matrix.get(row).and_then(|row| row.get(column)).copied();
                tone.unwrap_or(f64::from(u8::from(row == column)))
            };
            colours.of_pixel.extend((0..channels).map(entry));
            colours.offset.push(if row < 3 { offset } else { 0.0 });
        }
    }
}

/// The changes of some images of a shape `[channels, height, width]`.
pub fn transforms(drawn: &[Params], shape: [usize; 3], device: &Device, dtype: DType) -> Transforms {
    let (mut colours, mut warps) = (Colours::default(), Warps::default());
    for params in drawn {
        params.geometry().resample(shape, &mut warps);
        params.colour_of(shape[0], &mut colours);
    }
    Transforms::new(drawn.len(), shape, device, dtype).warp(warps).colour(colours)
}
