//! Activations with their first and second derivatives; what each is stands with [`Activation`]'s variants.

use super::super::real::Real;
use crate::nn::activation::{Activation, LEAKY_SLOPE};

/// Whether it has a second derivative. The others are linear in pieces; for them the second-order terms of a gradient penalty vanish.
pub const fn is_smooth(activation: Activation) -> bool {
    matches!(activation, Activation::Elu | Activation::Tanh | Activation::Swish)
}

/// y and dy/da.
#[inline(always)]
pub fn apply<T: Real, const CHUNK: usize>(activation: Activation, a: &[T; CHUNK], value: &mut [T; CHUNK], slope: &mut [T; CHUNK]) {
    let below = match activation {
        Activation::LeakyRelu => T::of(LEAKY_SLOPE),
        Activation::Relu => T::ZERO,
        _ => return smooth(activation, a, value, slope),
    };
    // One after the other: in one loop the choice becomes a branch for each number.
    for lane in 0..CHUNK {
        slope[lane] = if a[lane] > T::ZERO { T::ONE } else { below };
    }
    for lane in 0..CHUNK {
        value[lane] = a[lane] * slope[lane];
    }
}

/// y, dy/da and d²y/da² of a smooth one. Kept out of the products' loops, as `smooth` is.
#[inline(never)]
pub fn apply_bent<T: Real, const CHUNK: usize>(
    activation: Activation,
    a: &[T; CHUNK],
    value: &mut [T; CHUNK],
    slope: &mut [T; CHUNK],
    bend: &mut [T; CHUNK],
) {
    let two = T::of(2.0);
    smooth(activation, a, value, slope);
    match activation {
        Activation::LeakyRelu | Activation::Relu => *bend = [T::ZERO; CHUNK],
        Activation::Elu => {
            for lane in 0..CHUNK {
                bend[lane] = if a[lane] > T::ZERO { T::ZERO } else { slope[lane] };
            }
        }
        Activation::Tanh => {
            for lane in 0..CHUNK {
                bend[lane] = -two * value[lane] * slope[lane];
            }
        }
        Activation::Swish => {
            for lane in 0..CHUNK {
                let s = a[lane].sigmoid();
                bend[lane] = s * (T::ONE - s) * (two + a[lane] * (T::ONE - two * s));
            }
        }
    }
}

/// Kept out of the products' loops, which are compiled once for each place that uses them.
#[inline(never)]
fn smooth<T: Real, const CHUNK: usize>(activation: Activation, a: &[T; CHUNK], value: &mut [T; CHUNK], slope: &mut [T; CHUNK]) {
    match activation {
        Activation::LeakyRelu | Activation::Relu => apply(activation, a, value, slope),
        Activation::Elu => {
            for lane in 0..CHUNK {
                let above = a[lane] > T::ZERO;
                // Of min(a, 0) only: the exponential of a large a is infinite.
                let exp = if above { T::ONE } else { a[lane].exp() };
                value[lane] = if above { a[lane] } else { exp - T::ONE };
                slope[lane] = exp;
            }
        }
        Activation::Tanh => {
            for lane in 0..CHUNK {
                value[lane] = a[lane].tanh();
            }
            for lane in 0..CHUNK {
                slope[lane] = T::ONE - value[lane] * value[lane];
            }
        }
        Activation::Swish => {
            for lane in 0..CHUNK {
                let s = a[lane].sigmoid();
                value[lane] = a[lane] * s;
                slope[lane] = s + a[lane] * s * (T::ONE - s);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNK: usize = 16;

    #[test]
    fn slopes_and_bends_are_the_derivatives() {
        let a: [f64; CHUNK] = std::array::from_fn(|lane| (lane as f64 - 7.3) * 0.6);
        for activation in [Activation::Elu, Activation::Tanh, Activation::Swish] {
            let at = |shift: f64| {
                let (mut value, mut slope, mut bend) = ([0.0; CHUNK], [0.0; CHUNK], [0.0; CHUNK]);
                apply_bent(activation, &a.map(|a| a + shift), &mut value, &mut slope, &mut bend);
                (value, slope, bend)
            };
            let (low, here, high) = (at(-1e-5), at(0.0), at(1e-5));
            for (lane, a) in a.iter().enumerate() {
                assert!(((high.0[lane] - low.0[lane]) / 2e-5 - here.1[lane]).abs() < 1e-9, "{activation:?} slope at {a}");
                assert!(((high.1[lane] - low.1[lane]) / 2e-5 - here.2[lane]).abs() < 1e-9, "{activation:?} bend at {a}");
            }
        }
    }

    #[test]
    fn pieces_are_linear() {
        let a: [f32; CHUNK] = std::array::from_fn(|lane| lane as f32 - 7.0);
        let (mut value, mut slope) = ([0.0; CHUNK], [0.0; CHUNK]);
        apply(Activation::LeakyRelu, &a, &mut value, &mut slope);
        assert_eq!((value[0], slope[0], value[7], slope[7], value[9], slope[9]), (-7.0 * 0.2, 0.2, 0.0, 0.2, 2.0, 1.0));
        apply(Activation::Relu, &a, &mut value, &mut slope);
        assert_eq!((value[0].abs(), slope[0], slope[7], value[9], slope[9]), (0.0, 0.0, 0.0, 2.0, 1.0));
    }
}
