//! Numbers the kernel computes with, and their transcendental functions.
//!
//! f32 trains; f64 is the oracle of the tests. exp, log1p and tanh are polynomials in plain operations, without branches, table or fused multiply-add:
//! a loop over a fixed array of them becomes vector instructions, and every platform gives the same bits. Errors, measured by the tests against f64, stand
//! with each function in units in the last place (ulp).

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub};

/// f32 or f64.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialEq
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + MulAssign
    + Send
    + Sync
    + 'static
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;

    /// The nearest number of this kind.
    fn of(number: f64) -> Self;
    /// √x, rounded correctly by IEEE 754.
    fn sqrt(self) -> Self;
    /// eˣ; 0 for results below 2⁻¹²⁵ (f64: 2⁻¹⁰²¹), +∞ beyond the largest. f32: 2 ulp at most.
    fn exp(self) -> Self;
    /// log(1 + u) for u in [0, 1]. f32: 3 ulp at most.
    fn log1p_unit(self) -> Self;
    /// tanh x for |x| < 0.625, where the quotient of exponentials would cancel.
    fn tanh_small(self) -> Self;

    /// The larger; `other` where `self` is NaN.
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        if self > other { self } else { other }
    }

    /// |x|.
    #[inline(always)]
    fn magnitude(self) -> Self {
        if self < Self::ZERO { -self } else { self }
    }

    /// Softplus log(1 + eᵗ) and its slope, the sigmoid 1/(1 + e⁻ᵗ), from one exponential that cannot overflow. f32: 3 ulp each.
    #[inline(always)]
    fn softplus_sigmoid(self) -> (Self, Self) {
        let small = (-self.magnitude()).exp();
        let part = Self::ONE / (Self::ONE + small);
        let sigmoid = if self < Self::ZERO { small * part } else { part };
        (self.larger(Self::ZERO) + small.log1p_unit(), sigmoid)
    }

    /// The sigmoid 1/(1 + e⁻ᵗ). f32: 3 ulp.
    #[inline(always)]
    fn sigmoid(self) -> Self {
        let small = (-self.magnitude()).exp();
        let part = Self::ONE / (Self::ONE + small);
        if self < Self::ZERO { small * part } else { part }
    }

    /// tanh x. f32: 3 ulp.
    #[inline(always)]
    fn tanh(self) -> Self {
        let size = self.magnitude();
        let small = (Self::of(-2.0) * size).exp();
        let far = (Self::ONE - small) / (Self::ONE + small);
        let far = if self < Self::ZERO { -far } else { far };
        if size < Self::of(0.625) { self.tanh_small() } else { far }
    }
}

/// c₀ + c₁x + c₂x² + …, by Horner's rule.
#[inline(always)]
fn polynomial<T: Real, const N: usize>(x: T, coefficients: [T; N]) -> T {
    coefficients.into_iter().rev().fold(T::ZERO, |sum, coefficient| sum * x + coefficient)
}

impl Real for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[inline(always)]
    fn of(number: f64) -> Self {
        number as Self
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        self.sqrt()
    }

    /// x = n log 2 + r with |r| ≤ ½ log 2; eʳ by the polynomial of Cephes' expf, 2ⁿ by its bits.
    #[inline(always)]
    fn exp(self) -> Self {
        const SHIFT: f32 = 12_582_912.0; // 1.5 · 2²³: adding it rounds to an integer, which then stands in the lowest bits
        const LOG2_HIGH: f32 = 0.693_359_4; // log 2 in two parts; the first has few bits, so n times it is exact
        const LOG2_LOW: f32 = -2.121_944_4e-4;
        const LEAST: f32 = -87.33; // here n is −126, whose bits below give 0
        const MOST: f32 = 89.0; // here n is 128 and the last product overflows
        let x = if self < LEAST { LEAST } else { self };
        let x = if x > MOST { MOST } else { x };
        let turns = x * std::f32::consts::LOG2_E + SHIFT;
        let n = turns - SHIFT;
        let r = x - n * LOG2_HIGH - n * LOG2_LOW;
        let tail = polynomial(r, [0.5, 1.666_666_5e-1, 4.166_579_6e-2, 8.333_452e-3, 1.398_2e-3, 1.987_569_2e-4]);
        let power = f32::from_bits((turns.to_bits() << 23).wrapping_add(126 << 23)); // 2ⁿ⁻¹, so that n = 128 has one
        (tail * r * r + r + 1.0) * power * 2.0
    }

    /// 2 artanh(s) with s = u/(2 + u) ≤ ⅓, by its series.
    #[inline(always)]
    fn log1p_unit(self) -> Self {
        let s = self / (2.0 + self);
        let odd = [2.0, 2.0 / 3.0, 2.0 / 5.0, 2.0 / 7.0, 2.0 / 9.0, 2.0 / 11.0, 2.0 / 13.0, 2.0 / 15.0];
        s * polynomial(s * s, odd)
    }

    /// The polynomial of Cephes' tanhf.
    #[inline(always)]
    fn tanh_small(self) -> Self {
        let z = self * self;
        let tail = polynomial(z, [-3.333_328e-1, 1.333_144_2e-1, -5.373_971_6e-2, 2.063_909e-2, -5.704_988_7e-3]);
        tail * z * self + self
    }
}

impl Real for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[inline(always)]
    fn of(number: f64) -> Self {
        number
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        self.sqrt()
    }

    /// As in f32, with the Taylor series to r¹³.
    #[inline(always)]
    fn exp(self) -> Self {
        const SHIFT: f64 = 6_755_399_441_055_744.0; // 1.5 · 2⁵²
        const LOG2_HIGH: f64 = 6.931_457_519_531_25e-1;
        const LOG2_LOW: f64 = 1.428_606_820_309_417_2e-6;
        let x = if self < -708.0 { -708.0 } else { self };
        let x = if x > 710.0 { 710.0 } else { x };
        let turns = x * std::f64::consts::LOG2_E + SHIFT;
        let n = turns - SHIFT;
        let r = x - n * LOG2_HIGH - n * LOG2_LOW;
        let factorials: [f64; 12] =
            [2.0, 6.0, 24.0, 120.0, 720.0, 5_040.0, 40_320.0, 362_880.0, 3_628_800.0, 39_916_800.0, 479_001_600.0, 6_227_020_800.0];
        let tail = polynomial(r, factorials.map(|factorial| 1.0 / factorial));
        let power = f64::from_bits((turns.to_bits() << 52).wrapping_add(1022 << 52));
        (tail * r * r + r + 1.0) * power * 2.0
    }

    /// As in f32, with more terms.
    #[inline(always)]
    fn log1p_unit(self) -> Self {
        let s = self / (2.0 + self);
        let odd: [f64; 17] = std::array::from_fn(|k| 2.0 / (2 * k + 1) as f64);
        s * polynomial(s * s, odd)
    }

    /// The rational function of Cephes' tanh.
    #[inline(always)]
    fn tanh_small(self) -> Self {
        let z = self * self;
        let p = polynomial(z, [-1.614_687_684_417_084_5e3, -9.928_772_310_019_185e1, -9.643_991_794_250_523e-1]);
        let q = polynomial(z, [4.844_063_053_251_255e3, 2.235_488_390_601_004_5e3, 1.128_116_784_916_329_3e2, 1.0]);
        self + self * z * p / q
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest error of an f32 function against its f64 value over numbers evenly spread, in units in the last place of the result.
    fn worst(low: f32, high: f32, of: impl Fn(f32) -> f32, truth: impl Fn(f64) -> f64) -> f64 {
        let error = |i: u32| {
            let x = low + (high - low) * (i as f32 / 100_000.0);
            let (found, exact) = (of(x), truth(f64::from(x)));
            let ulp = f64::from((exact as f32).abs().next_up()) - f64::from((exact as f32).abs());
            (f64::from(found) - exact).abs() / ulp
        };
        (0..=100_000).map(error).fold(0.0, f64::max)
    }

    #[test]
    fn single_precision_is_as_exact_as_documented() {
        let errors = [
            ("exp", 2.0, worst(-86.5, 88.0, Real::exp, f64::exp)),
            ("log1p", 3.0, worst(0.0, 1.0, Real::log1p_unit, f64::ln_1p)),
            ("tanh", 3.0, worst(-9.0, 9.0, Real::tanh, f64::tanh)),
            ("sigmoid", 3.0, worst(-80.0, 80.0, Real::sigmoid, |x| 1.0 / (1.0 + (-x).exp()))),
            ("softplus", 3.0, worst(-80.0, 80.0, |x: f32| x.softplus_sigmoid().0, |x| x.max(0.0) + (-x.abs()).exp().ln_1p())),
        ];
        for (name, most, error) in errors {
            assert!(error <= most, "{name}: {error} ulp");
        }
    }

    #[test]
    fn double_precision_is_fit_for_an_oracle() {
        for i in -4000..=4000 {
            let x = f64::from(i) * 0.01;
            assert!((Real::exp(x) / x.exp() - 1.0).abs() < 1e-14 && (Real::tanh(x) - x.tanh()).abs() < 1e-14, "{x}");
            let (softplus, sigmoid) = x.softplus_sigmoid();
            let exact = x.max(0.0) + (-x.abs()).exp().ln_1p();
            assert!((softplus / exact - 1.0).abs() < 1e-14 && (sigmoid * (1.0 + (-x).exp()) - 1.0).abs() < 1e-14, "{x}");
        }
    }

    #[test]
    fn the_ends_are_zero_infinity_and_one() {
        assert_eq!((Real::exp(-1e4f32), Real::exp(1e4f32), Real::tanh(50f32), Real::tanh(-50f32)), (0.0, f32::INFINITY, 1.0, -1.0));
        assert!(Real::exp(f32::NAN).is_nan() && (100f32).softplus_sigmoid() == (100.0, 1.0));
    }
}
