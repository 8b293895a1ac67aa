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
        let mut wide = vec![0.0; width + BLUR.len() - 1];
        let mut rows = Vec::with_capacity(height * width);
        for row in self.pixels.chunks_exact(width) {
            wide.iter_mut().enumerate().for_each(|(place, pixel)| *pixel = row[mirrored(place, width)]);
            rows.extend(wide.windows(BLUR.len()).map(|taps| taps.iter().zip(BLUR).map(|(pixel, weight)| weight * pixel).sum::<f64>()));
        }
        let mut pixels = vec![0.0; height * width];
        for (row, sums) in pixels.chunks_exact_mut(width).enumerate() {
            for (tap, weight) in BLUR.into_iter().enumerate() {
                let from = &rows[mirrored(row + tap, height) * width..][..width];
                sums.iter_mut().zip(from).for_each(|(sum, pixel)| *sum += weight * pixel);
            }
        }
        Self { height, width, pixels }
    }
}

/// Which of `count` pixels is seen at a place, counted from two before the first.
fn mirrored(place: usize, count: usize) -> usize {
    let (place, last) = (place as isize - BLUR.len() as isize / 2, count as isize - 1);
    (last - (last - place.abs()).abs()).max(0) as usize
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
        let seen: Vec<usize> = (0..10).map(|place| mirrored(place, 6)).collect();
        assert_eq!(seen, [2, 1, 0, 1, 2, 3, 4, 5, 4, 3]);
    }
}
