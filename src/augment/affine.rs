//! Affine maps of the plane, and bilinear resampling by them.

use super::Warps;

/// Where a pixel of the changed image comes from: (x, y) ↦ (ax + by + c, dx + ey + f), in pixels from the image's middle, x to the right and y down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine([[f64; 3]; 2]);

impl Affine {
    /// Nothing moves.
    pub const IDENTITY: Self = Self::scale(1.0, 1.0);

    /// x and y times factors.
    pub const fn scale(x: f64, y: f64) -> Self {
        Self([[x, 0.0, 0.0], [0.0, y, 0.0]])
    }

    /// By pixels.
    pub const fn translate(x: f64, y: f64) -> Self {
        Self([[1.0, 0.0, x], [0.0, 1.0, y]])
    }

    /// By an angle in radians.
    pub fn rotate(angle: f64) -> Self {
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        Self([[cos, -sin, 0.0], [sin, cos, 0.0]])
    }

    /// By quarters of a turn, without rounding.
    pub fn quarter_turns(quarters: u8) -> Self {
        let (sin, cos) = [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)][usize::from(quarters % 4)];
        Self([[cos, -sin, 0.0], [sin, cos, 0.0]])
    }

    /// First `inner`, then this.
    pub fn of(self, inner: Self) -> Self {
        let row = |[a, b, c]: [f64; 3]| {
            let [[p, q, r], [s, t, u]] = inner.0;
            [a * p + b * s, a * q + b * t, a * r + b * u + c]
        };
        Self(self.0.map(row))
    }

    /// Appends the image that it makes of one of `[_, height, width]`: at each pixel the bilinear interpolation where it comes from. Beyond its edges the image goes on
    /// reflected, the outermost pixels not repeated.
    pub fn resample(self, [_, height, width]: [usize; 3], warps: &mut Warps) {
        let (half_width, half_height) = ((width as f64 - 1.0) / 2.0, (height as f64 - 1.0) / 2.0);
        for place in 0..height * width {
            let (u, v) = ((place % width) as f64 - half_width, (place / width) as f64 - half_height);
            let [x, y] = self.0.map(|[a, b, c]| a * u + b * v + c);
            let ([left, right], across) = between(x + half_width, width);
            let ([upper, lower], down) = between(y + half_height, height);
            let taps = [(upper, 1.0 - down), (lower, down)]
                .map(|(row, rows)| [(left, 1.0 - across), (right, across)].map(|(column, columns)| (row * width + column, rows * columns)));
            warps.extend(taps.into_iter().flatten());
        }
    }
}

/// The pixels of a row of `size` between which a place lies, and how far on the way from the first to the second.
fn between(place: f64, size: usize) -> ([usize; 2], f64) {
    let floor = libm::floor(place);
    ([floor, floor + 1.0].map(|at| reflected(at, size)), place - floor)
}

fn reflected(at: f64, size: usize) -> usize {
    let last = size as i64 - 1;
    let folded = (at as i64).rem_euclid((2 * last).max(1)); // a float beyond i64 becomes its end: still a pixel
    (if folded > last { 2 * last - folded } else { folded }) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reflection_runs_through_the_pixels_and_back() {
        let found: Vec<usize> = (-5..9).map(|at| reflected(f64::from(at), 4)).collect();
        assert_eq!(found, [1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2]);
        assert_eq!(reflected(7.0, 1), 0);
    }

    #[test]
    fn four_quarter_turns_and_a_translation_with_its_inverse_change_nothing() {
        let quarter = Affine::quarter_turns(1);
        assert_eq!(quarter.of(quarter).of(quarter).of(quarter), Affine::IDENTITY);
        assert_eq!(Affine::translate(2.0, -3.0).of(Affine::translate(-2.0, 3.0)), Affine::IDENTITY);
        let turned = Affine::rotate(std::f64::consts::FRAC_PI_2);
        assert!(turned.0.iter().flatten().zip(quarter.0.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-15));
    }
}
