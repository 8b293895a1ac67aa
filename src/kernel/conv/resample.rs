//! The taps of resampling by two along one axis, as `nn::resample` defines it.

/// What one output sums: places of inputs and their weights, the first `count` of them.
#[derive(Debug, Clone, Copy)]
pub struct Taps {
    pub places: [usize; 4],
    pub weights: [f64; 4],
    pub count: usize,
}

impl Taps {
    const NONE: Self = Self { places: [0; 4], weights: [0.0; 4], count: 0 };

    #[inline(always)]
    fn push(&mut self, place: usize, weight: f64) {
        (self.places[self.count], self.weights[self.count]) = (place, weight);
        self.count += 1;
    }
}

/// Row `i` of U for `n` inputs: ¼xᵢ₋₁ + ¾xᵢ or ¾xᵢ + ¼xᵢ₊₁, edges replicated.
#[inline(always)]
pub fn up(i: usize, n: usize) -> Taps {
    let (here, mut taps) = (i / 2, Taps::NONE);
    let other = if i.is_multiple_of(2) { here.saturating_sub(1) } else { (here + 1).min(n - 1) };
    taps.push(here, 0.75);
    taps.push(other, 0.25);
    taps
}

/// Row `i` of Uᵀ for `n` outputs.
#[inline(always)]
pub fn down(i: usize, n: usize) -> Taps {
    let mut taps = Taps::NONE;
    if i > 0 {
        taps.push(2 * i - 1, 0.25);
    }
    taps.push(2 * i, if i == 0 { 1.0 } else { 0.75 });
    taps.push(2 * i + 1, if i + 1 == n { 1.0 } else { 0.75 });
    if i + 1 < n {
        taps.push(2 * i + 2, 0.25);
    }
    taps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(taps: Taps, numbers: &mut [f64]) {
        (0..taps.count).for_each(|k| numbers[taps.places[k]] += taps.weights[k]);
    }

    #[test]
    fn going_down_is_the_adjoint_of_going_up_and_both_keep_a_constant() {
        for n in 1..6 {
            let mut matrix = vec![vec![0.0; n]; 2 * n];
            for (i, row) in matrix.iter_mut().enumerate() {
                add(up(i, n), row);
                assert_eq!(row.iter().sum::<f64>(), 1.0);
            }
            for j in 0..n {
                let mut column = vec![0.0; 2 * n];
                add(down(j, n), &mut column);
                assert_eq!(column, matrix.iter().map(|row| row[j]).collect::<Vec<_>>(), "column {j} of {n}");
            }
        }
    }
}
