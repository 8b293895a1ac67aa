//! Adam and the moving average, each one pass over a flat vector.

use super::real::Real;
use crate::optim::{Decay, EPSILON, Rates};

/// Adam (Kingma & Ba 2015) whose β may change from step to step: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − lr · m̂ / (√v̂ + ε), with
/// m̂ = m / (1 − Πβ₁), v̂ = v / (1 − Πβ₂).
#[derive(Debug, Clone, PartialEq)]
pub struct Adam<T> {
    /// m.
    pub first: Vec<T>,
    /// v.
    pub second: Vec<T>,
    /// Πβ₁ and Πβ₂.
    pub decay: Decay,
}

impl<T: Real> Adam<T> {
    /// For so many parameters.
    pub fn new(parameters: usize) -> Self {
        Self { first: vec![T::ZERO; parameters], second: vec![T::ZERO; parameters], decay: Decay::START }
    }

    /// Moves `vector` against `gradient`; operations in the order of `crate::optim`.
    pub fn step(&mut self, vector: &mut [T], gradient: &[T], Rates { lr, beta1, beta2, .. }: Rates) {
        self.decay = self.decay.after(beta1, beta2);
        let (correction1, correction2) = self.decay.corrections();
        let root = correction2.sqrt();
        let (epsilon, rate) = (T::of(EPSILON * root), T::of(lr * root / correction1));
        let (keep1, take1, keep2, take2) = (T::of(beta1), T::of(1.0 - beta1), T::of(beta2), T::of(1.0 - beta2));
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((value, &slope), (first, second)) in vector.iter_mut().zip(gradient).zip(moments) {
            *first = *first * keep1 + slope * take1;
            *second = *second * keep2 + slope * slope * take2;
            *value = *value - *first / (second.sqrt() + epsilon) * rate;
        }
    }
}

/// average ← β·average + (1 − β)·vector.
pub fn move_average<T: Real>(average: &mut [T], vector: &[T], beta: f64) {
    if beta == 0.0 {
        average.copy_from_slice(vector);
        return;
    }
    let (keep, take) = (T::of(beta), T::of(1.0 - beta));
    for (average, &value) in average.iter_mut().zip(vector) {
        *average = *average * keep + value * take;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adam_follows_its_formula_while_beta_changes() {
        let mut adam = Adam::<f64>::new(1);
        let mut vector = [0.5];
        let (mut m, mut v, mut theta) = (0.0, 0.0, 0.5);
        let (mut product1, mut product2) = (1.0, 1.0);
        for step in 0..20 {
            let (slope, lr) = ((step as f64 * 1.7).sin(), 0.01 / (step + 1) as f64);
            let (beta1, beta2) = (0.05 * step as f64, 0.9 + 0.004 * step as f64);
            adam.step(&mut vector, &[slope], Rates { lr, beta1, beta2, weight_decay: 0.0 });
            product1 *= beta1;
            product2 *= beta2;
            m = beta1 * m + (1.0 - beta1) * slope;
            v = beta2 * v + (1.0 - beta2) * slope * slope;
            theta -= lr * (m / (1.0 - product1)) / ((v / (1.0 - product2)).sqrt() + 1e-8);
            assert!((vector[0] - theta).abs() < 1e-14, "step {step}: {} against {theta}", vector[0]);
        }
    }

    #[test]
    fn a_moving_average_keeps_beta_and_takes_the_rest() {
        let mut average = [1.0, 2.0];
        move_average(&mut average, &[3.0, -2.0], 0.75);
        assert_eq!(average, [1.5, 1.0]);
        move_average(&mut average, &[3.0, -2.0], 0.0);
        assert_eq!(average, [3.0, -2.0]);
    }
}
