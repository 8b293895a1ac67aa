//! The Laplacian pyramid of a plane of pixels (Burt and Adelson 1983): what every resolution adds to the next coarser one.

/// Weights of a blur along one axis: those of Burt and Adelson, a binomial.
const BLUR: [f64; 5] = [1.0 / 16.0, 4.0 / 16.0, 6.0 / 16.0, 4.0 / 16.0, 1.0 / 16.0];

/// One channel of an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// Pixels from top to bottom.
    pub height: usize,
    /// Pixels from left to right.
    pub width: usize,
    /// Row after row.
    pub pixels: Vec<f64>,
}

/// The levels from the finest to the coarsest, of half as many pixels a side each: all but the last are what the blurred plane lacks.
pub fn laplacian(plane: Plane, levels: usize) -> Vec<Plane> {
    let mut pyramid = vec![plane];
    for level in 1..levels {
        let finer = &mut pyramid[level - 1];
        let coarser = finer.halved();
        let known = coarser.doubled(finer.height, finer.width);
        finer.pixels.iter_mut().zip(known.pixels).for_each(|(pixel, known)| *pixel -= known);
        pyramid.push(coarser);
    }
    pyramid
}

impl Plane {
    /// Every second pixel along both axes of the blurred plane.
    fn halved(&self) -> Self {
        let blurred = self.blurred();
        let rows = blurred.pixels.chunks_exact(self.width).step_by(2);
        let pixels = rows.flat_map(|row| row.iter().step_by(2)).copied().collect();
        Self { height: self.height.div_ceil(2), width: self.width.div_ceil(2), pixels }
    }

    /// Its pixels at every second place of a larger plane, blurred; four times as bright, since the places between were dark.
    fn doubled(&self, height: usize, width: usize) -> Self {
        let mut apart = Self { height, width, pixels: vec![0.0; height * width] };
        for (row, pixels) in self.pixels.chunks_exact(self.width).enumerate() {
            pixels.iter().enumerate().for_each(|(column, pixel)| apart.pixels[2 * row * width + 2 * column] = 4.0 * pixel);
        }
        apart.blurred()
    }

    /// Blurred along both axes, as if mirrored at the pixels of its border.
    fn blurred(&self) -> Self {
        let [height, width] = [self.height, self.width];
        let along = |from: &[f64], at: &dyn Fn(usize, usize, usize) -> usize| -> Vec<f64> {
            let sum = |row, column| BLUR.iter().enumerate().map(|(tap, weight)| weight * from[at(row, column, tap)]).sum();
            (0..height).flat_map(|row| (0..width).map(move |column| (row, column))).map(|(row, column)| sum(row, column)).collect()
        };
        let rows = along(&self.pixels, &|row, column, tap| row * width + mirrored(column, tap, width));
        Self { height, width, pixels: along(&rows, &|row, column, tap| mirrored(row, tap, height) * width + column) }
    }
}

/// The pixel that a tap of the blur falls on, of so many.
fn mirrored(place: usize, tap: usize, count: usize) -> usize {
    let last = count as isize - 1;
    let place = (place as isize + tap as isize - BLUR.len() as isize / 2).abs();
    (last - (last - place).abs()).max(0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(height: usize, width: usize) -> Plane {
        let pixels = (0..height * width).map(|place| (place * place % 31) as f64).collect();
        Plane { height, width, pixels }
    }

    #[test]
    fn levels_added_up_from_the_coarsest_are_the_plane_again() {
        for (height, width) in [(32, 32), (28, 17), (9, 40)] {
            let whole = plane(height, width);
            let mut levels = laplacian(whole.clone(), 3);
            let coarsest = levels.pop().expect("three levels");
            assert_eq!([coarsest.height, coarsest.width], [height.div_ceil(4), width.div_ceil(4)]);
            let again = levels.into_iter().rev().fold(coarsest, |coarser, mut finer| {
                let known = coarser.doubled(finer.height, finer.width);
                finer.pixels.iter_mut().zip(known.pixels).for_each(|(pixel, known)| *pixel += known);
                finer
            });
            assert!(again.pixels.iter().zip(&whole.pixels).all(|(again, pixel)| (again - pixel).abs() < 1e-12));
        }
    }

    #[test]
    fn a_plane_of_one_colour_has_it_in_the_coarsest_level_alone() {
        let levels = laplacian(Plane { height: 20, width: 24, pixels: vec![7.0; 480] }, 2);
        assert!(levels[0].pixels.iter().all(|pixel| pixel.abs() < 1e-12));
        assert!(levels[1].pixels.iter().all(|pixel| (pixel - 7.0).abs() < 1e-12));
    }

    #[test]
    fn the_border_is_mirrored_and_not_repeated() {
        let row: Vec<usize> = [0, 1, 4, 5].into_iter().flat_map(|place| [0, 4].map(|tap| mirrored(place, tap, 6))).collect();
        assert_eq!(row, [2, 2, 1, 3, 2, 4, 3, 3]);
    }
}
