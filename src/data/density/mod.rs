//! Exact distributions on the plane and on the line: each knows its density as well as how to sample it.

mod curve;
mod grid;
mod mixture;
mod pinwheel;
mod squares;
#[cfg(test)]
mod tests;

pub use curve::{Curve, Path};
pub use grid::Grid;
pub use mixture::{GaussianMixture, Mode};
pub use pinwheel::Pinwheel;
pub use squares::Squares;

use crate::rng::Stream;

/// A view reaches this much further than the data, so that no run starts outside it.
const PADDING: f64 = 1.35;

/// A distribution whose density is known.
#[derive(Debug, Clone)]
pub enum Density {
    /// Gaussians in the plane.
    Mixture(GaussianMixture),
    /// Gaussians on the line.
    Line(GaussianMixture),
    /// Gaussian noise around curves.
    Curve(Curve),
    /// Uniform on squares.
    Squares(Squares),
    /// Gaussian arms, twisted.
    Pinwheel(Pinwheel),
    /// A person's own points, each a Gaussian of the same small width: its modes are no modes to be counted.
    Points(GaussianMixture),
}

/// Where data lie: networks see (x − centre)/scale, at unit standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// The mean, in data units; the second number is 0 on the line.
    pub centre: [f32; 2],
    /// Data units per network unit: the root mean square deviation of a coordinate from the mean.
    pub scale: f32,
}

impl Frame {
    /// Data units are network units, as for pixels.
    pub const IDENTITY: Self = Self { centre: [0.0, 0.0], scale: 1.0 };

    /// Samples of `width` numbers, in place from data units to network units.
    pub fn to_network(&self, samples: &mut [f32], width: usize) {
        for (i, x) in samples.iter_mut().enumerate() {
            *x = (*x - self.centre_at(i % width)) / self.scale;
        }
    }

    /// Samples of `width` numbers, in place from network units to data units.
    pub fn to_data(&self, samples: &mut [f32], width: usize) {
        for (i, x) in samples.iter_mut().enumerate() {
            *x = *x * self.scale + self.centre_at(i % width);
        }
    }

    /// Images have the same centre everywhere.
    fn centre_at(&self, place: usize) -> f32 {
        self.centre.get(place).copied().unwrap_or(0.0)
    }
}

/// The square of the plane that shows a distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Square {
    /// Its centre, in data units.
    pub centre: [f64; 2],
    /// Half its side.
    pub half: f64,
}

impl Density {
    /// The same with some of its modes elsewhere: the number of each, and its new centre; without modes it stays as it is.
    pub fn with_modes_at(mut self, moved: &[(usize, f64, f64)]) -> Self {
        let dim = self.dim();
        if let Self::Mixture(mixture) | Self::Line(mixture) = &mut self {
            for &(mode, x, y) in moved {
                if let Some(mode) = mixture.modes.get_mut(mode) {
                    mode.centre = [x, if dim == 2 { y } else { 0.0 }];
                }
            }
        }
        self
    }

    /// Numbers in a sample: 1 or 2.
    pub fn dim(&self) -> usize {
        if matches!(self, Self::Line(_)) { 1 } else { 2 }
    }

    /// How many classes its samples fall into.
    pub fn classes(&self) -> usize {
        match self {
            Self::Mixture(mixture) | Self::Line(mixture) => mixture.modes.len(),
            Self::Curve(curve) => curve.paths.len(),
            Self::Pinwheel(pinwheel) => pinwheel.arms,
            Self::Squares(_) | Self::Points(_) => 1,
        }
    }

    /// `count` samples, row after row, and the class of each.
    pub fn sample(&self, count: usize, stream: &mut Stream) -> (Vec<f32>, Vec<u32>) {
        let (mut samples, mut labels) = (Vec::with_capacity(self.dim() * count), Vec::with_capacity(count));
        self.extend(&mut samples, &mut labels, count, stream);
        (samples, labels)
    }

    /// The same, after what `samples` and `labels` already hold.
    pub fn extend(&self, samples: &mut Vec<f32>, labels: &mut Vec<u32>, count: usize, stream: &mut Stream) {
        for _ in 0..count {
            let (point, label) = match self {
                Self::Mixture(mixture) | Self::Line(mixture) | Self::Points(mixture) => mixture.draw(stream),
                Self::Curve(curve) => curve.draw(stream),
                Self::Squares(squares) => squares.draw(stream),
                Self::Pinwheel(pinwheel) => pinwheel.draw(stream),
            };
            samples.extend(point[..self.dim()].iter().map(|&x| x as f32));
            labels.push(if self.classes() > 1 { label as u32 } else { 0 });
        }
    }

    /// p at a point; on the line the second number does not matter.
    pub fn density(&self, point: [f64; 2]) -> f64 {
        match self {
            Self::Mixture(mixture) | Self::Line(mixture) | Self::Points(mixture) => mixture.density(point),
            Self::Curve(curve) => curve.density(point),
            Self::Squares(squares) => squares.density(point),
            Self::Pinwheel(pinwheel) => pinwheel.density(point),
        }
    }

    /// ∫ p over a rectangle given by its lower left and its upper right corner; on the line over the interval of the first numbers.
    pub fn mass(&self, rectangle: [[f64; 2]; 2]) -> f64 {
        match self {
            Self::Mixture(mixture) | Self::Line(mixture) | Self::Points(mixture) => mixture.mass(rectangle),
            Self::Curve(curve) => curve.mass(rectangle),
            Self::Squares(squares) => squares.mass(rectangle),
            Self::Pinwheel(pinwheel) => pinwheel.mass(rectangle),
        }
    }

    /// Its modes, where it is made of some.
    pub fn modes(&self) -> Option<&[Mode]> {
        match self {
            Self::Mixture(mixture) | Self::Line(mixture) => Some(&mixture.modes),
            _ => None,
        }
    }

    /// The mode nearest to a sample and its distance in σ (Mahalanobis), where there are modes.
    pub fn nearest(&self, sample: &[f32]) -> Option<(usize, f64)> {
        let at = |i: usize| sample.get(i).map_or(0.0, |&x| f64::from(x));
        let distances = self.modes()?.iter().map(|mode| mode.sigmas([at(0), at(1)])).enumerate();
        distances.min_by(|(_, a), (_, b)| a.total_cmp(b))
    }

    /// Where it lies.
    pub fn frame(&self) -> Frame {
        let (mean, mean_square) = match self {
            Self::Mixture(mixture) | Self::Line(mixture) | Self::Points(mixture) => mixture.moments(),
            Self::Curve(curve) => curve.moments(),
            Self::Squares(squares) => squares.moments(),
            Self::Pinwheel(pinwheel) => pinwheel.moments(),
        };
        let spread = mean_square - mean[0] * mean[0] - mean[1] * mean[1];
        let scale = (spread / self.dim() as f64).sqrt();
        // A centre that is rounding error is none: data that lie around the origin keep their bits.
        let centre = mean.map(|m| if m.abs() < 1e-9 * scale { 0.0 } else { m as f32 });
        Frame { centre, scale: scale as f32 }
    }

    /// A square that shows all of it with room around.
    pub fn view(&self) -> Square {
        let Square { centre, half } = square(self.bounds());
        Square { centre, half: PADDING * half }
    }

    /// A square that shows all of it and all that another shows.
    pub fn view_over(&self, Square { centre, half }: Square) -> Square {
        let [low, high] = self.bounds();
        let shown = [centre.map(|x| x - half), centre.map(|x| x + half)];
        if (0..2).all(|i| shown[0][i] <= low[i] && high[i] <= shown[1][i]) {
            return Square { centre, half };
        }
        square([[0, 1].map(|i| low[i].min(shown[0][i])), [0, 1].map(|i| high[i].max(shown[1][i]))])
    }

    /// The lower left and the upper right corner of what holds nearly all of it.
    fn bounds(&self) -> [[f64; 2]; 2] {
        match self {
            Self::Mixture(mixture) | Self::Line(mixture) | Self::Points(mixture) => mixture.bounds(),
            Self::Curve(curve) => curve.bounds(),
            Self::Squares(squares) => squares.bounds(),
            Self::Pinwheel(pinwheel) => pinwheel.bounds(),
        }
    }
}

/// The smallest square around a box, of the same centre.
fn square([low, high]: [[f64; 2]; 2]) -> Square {
    Square { centre: [0, 1].map(|i| f64::midpoint(low[i], high[i])), half: (high[0] - low[0]).max(high[1] - low[1]) / 2.0 }
}

/// The smallest box around points, each with a margin in either direction.
fn bounds_of(points: impl Iterator<Item = ([f64; 2], [f64; 2])>) -> [[f64; 2]; 2] {
    let start = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
    points.fold(start, |[low, high], (point, margin)| {
        [[0, 1].map(|i| low[i].min(point[i] - margin[i])), [0, 1].map(|i| high[i].max(point[i] + margin[i]))]
    })
}

/// The share of N(mean, sigma²) between two numbers.
fn normal_mass(mean: f64, sigma: f64, low: f64, high: f64) -> f64 {
    let root = sigma * std::f64::consts::SQRT_2;
    let (a, b) = ((low - mean) / root, (high - mean) / root);
    // On either side of the mean by what is left beyond, which keeps its digits where erf has come to 1.
    if a > 0.0 { (libm::erfc(a) - libm::erfc(b)) / 2.0 } else { (libm::erfc(-b) - libm::erfc(-a)) / 2.0 }
}
