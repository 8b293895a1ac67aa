//! Procedural images: one figure on a black ground, of which every factor is known.
//!
//! A figure (5) stands at one of four places, small or large, filled or as an outline: these 80 combinations are the modes, all equally likely, and
//! a sample turns its figure by a further angle within ±20°. So coverage can be counted exactly, as with the Gaussians of the plane, and an image's
//! mode is told by the nearest of a few templates ([`Templates`]).

use super::pixel;
use crate::rng::{Purpose, Stream};

/// Images of one seed.
pub const COUNT: usize = 1 << 16;
/// Combinations of figure, place, size and stroke.
pub const MODES: usize = 5 * PLACES * 2 * 2;

const PLACES: usize = 4;
/// How far a figure may be turned, in radians: 20°.
const MAX_ANGLE: f64 = 0.349;
/// From the middle to a place along each axis, in sides of the image.
const AWAY: f64 = 0.2;
/// Radii of the circle, small and large.
const RADII: [f64; 2] = [0.14, 0.21];
/// Thickness of an outline.
const STROKE: f64 = 0.045;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Of the radius of its size.
    Circle,
    /// Of about the circle's area, as are the others.
    Square,
    /// Equilateral, a corner upwards.
    Triangle,
    /// Two bars.
    Cross,
    /// Five points.
    Star,
}

impl Figure {
    /// All, in the order of their classes.
    pub const ALL: [Self; 5] = [Self::Circle, Self::Square, Self::Triangle, Self::Cross, Self::Star];

    /// Signed distance of a point from the outline in the figure's own frame, y downwards, for the circle's radius; exact near the edges, which is all that drawing needs.
    fn distance(self, [x, y]: [f64; 2], radius: f64) -> f64 {
        match self {
            Self::Circle => (x * x + y * y).sqrt() - radius,
            Self::Square => bar([x, y], 0.89 * radius, 0.89 * radius),
            Self::Triangle => pointed([x, y], 3.0, 1.25 * radius, 0.5),
            Self::Cross => bar([x, y], 1.1 * radius, 0.45 * radius).min(bar([y, x], 1.1 * radius, 0.45 * radius)),
            Self::Star => pointed([x, y], 5.0, 1.25 * radius, 0.45),
        }
    }
}

/// A rectangle of half width and half height.
fn bar([x, y]: [f64; 2], width: f64, height: f64) -> f64 {
    (x.abs() - width).max(y.abs() - height)
}

/// A star of `points` at distance `outer`, one of them upwards, with the notches between them at `inner · outer`; a triangle is one with inner ½.
fn pointed([x, y]: [f64; 2], points: f64, outer: f64, inner: f64) -> f64 {
    let sector = std::f64::consts::TAU / points;
    let angle = libm::atan2(x, -y); // from upwards
    let folded = (angle - sector * libm::round(angle / sector)).abs();
    let length = (x * x + y * y).sqrt();
    let (along, across) = (length * libm::cos(folded) - outer, length * libm::sin(folded));
    let edge = [inner * outer * libm::cos(sector / 2.0) - outer, inner * outer * libm::sin(sector / 2.0)];
    (along * edge[1] - across * edge[0]) / (edge[0] * edge[0] + edge[1] * edge[1]).sqrt()
}

/// All that an image of this data set is made from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factors {
    /// Its class.
    pub figure: Figure,
    /// Above left, above right, below left, below right.
    pub place: usize,
    /// Whether it is the larger of two sizes.
    pub large: bool,
    /// Whether it is filled; otherwise it is an outline.
    pub filled: bool,
    /// By how much it is turned, in radians, clockwise.
    pub angle: f64,
}

impl Factors {
    /// Those of one image: a function of seed and number alone.
    pub fn of(seed: u64, index: usize) -> Self {
        let own = seed.wrapping_add((index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)); // 2⁶⁴/φ: images of near seeds do not meet
        let mut stream = Stream::new(own, Purpose::Shapes);
        let mode = stream.below(MODES);
        Self { angle: MAX_ANGLE * (2.0 * stream.uniform() - 1.0), ..Self::of_mode(mode) }
    }

    /// Those of a mode, upright.
    pub fn of_mode(mode: usize) -> Self {
        let (filled, rest) = (mode % 2 == 1, mode / 2);
        let (large, rest) = (rest % 2 == 1, rest / 2);
        Self { figure: Figure::ALL[rest / PLACES % Figure::ALL.len()], place: rest % PLACES, large, filled, angle: 0.0 }
    }

    /// Which of the [`MODES`] it belongs to.
    pub fn mode(&self) -> usize {
        ((self.figure as usize * PLACES + self.place) * 2 + usize::from(self.large)) * 2 + usize::from(self.filled)
    }

    /// The image, `[side, side]`: white on black, each pixel as bright as it is covered.
    pub fn draw(&self, side: usize) -> Vec<u8> {
        let scale = side as f64;
        let (sin, cos) = (libm::sin(self.angle), libm::cos(self.angle));
        let place = |far: bool| 0.5 + if far { AWAY } else { -AWAY };
        let centre = [place(self.place % 2 == 1), place(self.place / 2 == 1)];
        let radius = RADII[usize::from(self.large)];
        let pixel = |i: usize| {
            let [x, y] = [(i % side, 0), (i / side, 1)].map(|(at, axis)| (at as f64 + 0.5) / scale - centre[axis]);
            let distance = self.figure.distance([cos * x + sin * y, cos * y - sin * x], radius);
            let distance = if self.filled { distance } else { (distance + STROKE / 2.0).abs() - STROKE / 2.0 };
            (255.0 * (0.5 - scale * distance).clamp(0.0, 1.0)).round() as u8
        };
        (0..side * side).map(pixel).collect()
    }
}

/// Angles at which a mode has a template, so close that an image is always nearest to one of its own.
const ANGLES: usize = 9;

/// What each mode looks like, to name the modes of images.
#[derive(Debug, Clone)]
pub struct Templates {
    side: usize,
    /// [`ANGLES`] of the first mode, of the second …, in −1..1.
    pixels: Vec<f32>,
}

/// The mode that an image is nearest to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearest {
    /// Which.
    pub mode: usize,
    /// Root mean square difference of the pixels, in −1..1, to its nearest template.
    pub distance: f32,
}

impl Templates {
    /// Those of images with `side` pixels along each side.
    pub fn new(side: usize) -> Self {
        let angle = |i: usize| MAX_ANGLE * (2.0 * i as f64 / (ANGLES - 1) as f64 - 1.0);
        let all = (0..MODES).flat_map(|mode| (0..ANGLES).map(move |i| Factors { angle: angle(i), ..Factors::of_mode(mode) }));
        Self { side, pixels: all.flat_map(|factors| factors.draw(side)).map(pixel::from_byte).collect() }
    }

    /// The mode of an image `[side, side]` in −1..1.
    pub fn nearest(&self, image: &[f32]) -> Nearest {
        let area = self.side * self.side;
        let square = |template: &[f32]| template.iter().zip(image).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
        let all = self.pixels.chunks_exact(area).map(square).enumerate();
        let (place, square) = all.min_by(|(_, a), (_, b)| a.total_cmp(b)).expect("there are modes");
        Nearest { mode: place / ANGLES, distance: (square / area as f32).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn modes_are_numbered_without_gaps_and_all_are_drawn_about_equally_often() {
        for mode in 0..MODES {
            assert_eq!(Factors::of_mode(mode).mode(), mode);
        }
        let mut counts = [0usize; MODES];
        (0..COUNT).for_each(|index| counts[Factors::of(3, index).mode()] += 1);
        let expected = COUNT / MODES; // 819, with a standard deviation of 28
        assert!(counts.iter().all(|count| count.abs_diff(expected) < 140), "{counts:?}");
    }

    #[test]
    fn an_image_is_a_function_of_seed_and_number_and_others_differ() {
        let draw = |seed, index| Factors::of(seed, index).draw(28);
        assert_eq!(draw(1, 5), draw(1, 5));
        let distinct: BTreeSet<Vec<u8>> = (0..4).flat_map(|seed| (0..50).map(move |index| draw(seed, index))).collect();
        assert!(distinct.len() > 165, "{} of 200 differ; circles are the same at every angle", distinct.len());
    }

    #[test]
    fn figures_stay_inside_and_have_about_the_area_that_mathematics_gives_them() {
        for mode in 0..MODES {
            let factors = Factors { angle: 0.3, ..Factors::of_mode(mode) };
            let image = factors.draw(64);
            let edge = (0..64).flat_map(|i| [image[i], image[63 * 64 + i], image[64 * i], image[64 * i + 63]]);
            assert!(edge.into_iter().all(|byte| byte == 0), "{factors:?} reaches the edge");
            let area = image.iter().map(|&byte| f64::from(byte) / 255.0).sum::<f64>() / 4096.0;
            let radius = RADII[usize::from(factors.large)];
            let circle = std::f64::consts::PI * radius * radius;
            if factors.figure == Figure::Circle && factors.filled {
                assert!((area / circle - 1.0).abs() < 0.01, "{factors:?}: {area} instead of {circle}");
            }
            assert!(area < 1.1 * circle && area > 0.25 * circle, "{factors:?}: {area} beside {circle}");
        }
    }

    #[test]
    fn the_mode_of_every_image_is_named_and_noise_is_far_from_all() {
        for side in [28, 32] {
            let templates = Templates::new(side);
            let seen = |bytes: Vec<u8>| templates.nearest(&bytes.into_iter().map(pixel::from_byte).collect::<Vec<_>>());
            let mut farthest = 0.0f32;
            for index in 0..400 {
                let factors = Factors::of(7, index);
                let Nearest { mode, distance } = seen(factors.draw(side));
                assert_eq!(mode, factors.mode(), "{factors:?}");
                farthest = farthest.max(distance);
            }
            let mut stream = Stream::new(1, Purpose::Shapes);
            let noise = seen((0..side * side).map(|_| stream.below(256) as u8).collect());
            assert!(farthest < 0.15 && noise.distance > 0.5, "{side}: {farthest} and {}", noise.distance);
        }
    }
}
