//! Adversarial objectives with their derivatives with respect to the logits; the formulas stand with [`Objective`]'s variants.
//!
//! Logits come as blocks of samples (`loops`) of which the first `rows` count. A loss is a mean over them, and so is its derivative: 1/rows is in it, and samples
//! beyond `rows` get 0.

use super::loops::{LANES, Lane, tree};
use super::real::Real;
use crate::objective::Objective;

/// Whether an objective is written here. A new one need not be: its games are then trained over burn's tensors.
pub const fn knows(objective: Objective) -> bool {
    use Objective::{Hinge, KlFgan, Lsgan, Minimax, NonSaturating, Ragan, Rpgan, Wgan};
    matches!(objective, Minimax | NonSaturating | Lsgan | Wgan | Hinge | Rpgan | Ragan | KlFgan)
}

/// The critic's loss; its derivatives go to `d_real` and `d_fake`. `real_label` is the target on reals.
pub fn critic<T: Real>(
    objective: Objective,
    real_label: f64,
    real: &[Lane<T>],
    fake: &[Lane<T>],
    rows: usize,
    d_real: &mut [Lane<T>],
    d_fake: &mut [Lane<T>],
) -> T {
    let (half, label) = (T::of(0.5), T::of(real_label));
    #[allow(unreachable_patterns, reason = "reached by an objective that stands in objective.rs alone")]
    match objective {
        Objective::Minimax | Objective::NonSaturating => {
            mean_of(real, rows, d_real, |t| towards(t, label)) + mean_of(fake, rows, d_fake, above)
        }
        Objective::Lsgan => {
            mean_of(real, rows, d_real, |t| (half * (t - label) * (t - label), t - label))
                + mean_of(fake, rows, d_fake, |t| (half * t * t, t))
        }
        Objective::Wgan => mean_of(fake, rows, d_fake, |t| (t, T::ONE)) + mean_of(real, rows, d_real, |t| (-t, -T::ONE)),
        Objective::Hinge => {
            mean_of(real, rows, d_real, |t| {
                let (value, slope) = relu(T::ONE - t);
                (value, -slope)
            }) + mean_of(fake, rows, d_fake, |t| relu(t + T::ONE))
        }
        Objective::Rpgan => {
            let loss = mean_of_pairs(fake, real, rows, d_fake, above);
            for (real, fake) in d_real.iter_mut().zip(d_fake) {
                *real = fake.map(|slope| -slope);
            }
            loss
        }
        Objective::Ragan => relativistic_average(real, fake, rows, d_real, d_fake),
        Objective::KlFgan => mean_of(fake, rows, d_fake, exp_minus_one) + mean_of(real, rows, d_real, |t| (-t, -T::ONE)),
        other => panic!("{other:?} is not written here: ask `knows` first"),
    }
}

/// The generator's loss; its derivatives go to `d_fake`. `real` is read, and `d_real` used as scratch, only where [`Objective::generator_needs_reals`].
pub fn generator<T: Real>(
    objective: Objective,
    real: &[Lane<T>],
    fake: &[Lane<T>],
    rows: usize,
    d_real: &mut [Lane<T>],
    d_fake: &mut [Lane<T>],
) -> T {
    let half = T::of(0.5);
    #[allow(unreachable_patterns, reason = "reached by an objective that stands in objective.rs alone")]
    match objective {
        Objective::Minimax => mean_of(fake, rows, d_fake, |t| negative(above(t))),
        Objective::NonSaturating => mean_of(fake, rows, d_fake, below),
        Objective::Lsgan => mean_of(fake, rows, d_fake, |t| (half * (t - T::ONE) * (t - T::ONE), t - T::ONE)),
        Objective::Wgan | Objective::Hinge => mean_of(fake, rows, d_fake, |t| (-t, -T::ONE)),
        Objective::Rpgan => mean_of_pairs(fake, real, rows, d_fake, below),
        Objective::Ragan => relativistic_average(fake, real, rows, d_fake, d_real),
        Objective::KlFgan => mean_of(fake, rows, d_fake, |t| negative(exp_minus_one(t))),
        other => panic!("{other:?} is not written here: ask `knows` first"),
    }
}

/// sp(t) and its slope.
#[inline(always)]
fn above<T: Real>(t: T) -> (T, T) {
    t.softplus_sigmoid()
}

/// sp(−t) and its slope.
#[inline(always)]
fn below<T: Real>(t: T) -> (T, T) {
    let (value, slope) = (-t).softplus_sigmoid();
    (value, -slope)
}

/// label·sp(−t) + (1 − label)·sp(t): the log-likelihood with one-sided smoothing (Salimans 2016).
#[inline(always)]
fn towards<T: Real>(t: T, label: T) -> (T, T) {
    let (value, slope) = below(t);
    // sp(t) = t + sp(−t): one exponential for both.
    let rest = T::ONE - label;
    (value + rest * t, slope + rest)
}

/// relu(t) and its slope, 0 at 0.
#[inline(always)]
fn relu<T: Real>(t: T) -> (T, T) {
    if t > T::ZERO { (t, T::ONE) } else { (T::ZERO, T::ZERO) }
}

#[inline(always)]
fn exp_minus_one<T: Real>(t: T) -> (T, T) {
    let e = (t - T::ONE).exp();
    (e, e)
}

#[inline(always)]
fn negative<T: Real>((value, slope): (T, T)) -> (T, T) {
    (-value, -slope)
}

/// E φ(t) over logits, with φ'(t)/rows in `slopes`.
#[inline(always)]
fn mean_of<T: Real>(logits: &[Lane<T>], rows: usize, slopes: &mut [Lane<T>], term: impl Fn(T) -> (T, T)) -> T {
    slopes.copy_from_slice(logits);
    mean_in_place(rows, slopes, term)
}

/// E φ(a − b) over pairs, with the derivative in a.
#[inline(always)]
fn mean_of_pairs<T: Real>(a: &[Lane<T>], b: &[Lane<T>], rows: usize, slopes: &mut [Lane<T>], term: impl Fn(T) -> (T, T)) -> T {
    for ((slopes, a), b) in slopes.iter_mut().zip(a).zip(b) {
        *slopes = std::array::from_fn(|lane| a[lane] - b[lane]);
    }
    mean_in_place(rows, slopes, term)
}

/// E φ(t) over arguments that give way to φ'(t)/rows.
#[inline(always)]
fn mean_in_place<T: Real>(rows: usize, slopes: &mut [Lane<T>], term: impl Fn(T) -> (T, T)) -> T {
    let share = T::ONE / T::of(rows as f64);
    let mut sums = [T::ZERO; LANES];
    for (block, slopes) in slopes.iter_mut().enumerate() {
        let mut terms = [T::ZERO; LANES];
        for lane in 0..LANES {
            let (value, slope) = term(slopes[lane]);
            terms[lane] = value;
            slopes[lane] = slope * share;
        }
        let live = (rows - block * LANES).min(LANES);
        terms[live..].fill(T::ZERO);
        slopes[live..].fill(T::ZERO);
        for lane in 0..LANES {
            sums[lane] += terms[lane];
        }
    }
    tree(sums) * share
}

/// [`Objective::accuracy`] of D's answers.
pub fn accuracy<T: Real>(objective: Objective, real: &[Lane<T>], fake: &[Lane<T>], rows: usize) -> T {
    let each = |k: usize| (real[k / LANES][k % LANES], fake[k / LANES][k % LANES]);
    let right = match objective.neutral().map(T::of) {
        Some(c) => (0..rows).map(each).map(|(real, fake)| order(real, c) + order(c, fake)).sum::<f64>() / 2.0,
        None => (0..rows).map(each).map(|(real, fake)| order(real, fake)).sum(),
    };
    T::of(right / rows as f64)
}

/// 1 where a > b, ½ where they are equal.
#[inline(always)]
fn order<T: Real>(a: T, b: T) -> f64 {
    f64::from(u8::from(a > b)) + 0.5 * f64::from(u8::from(a == b))
}

/// E over the first `rows` samples.
pub fn mean<T: Real>(logits: &[Lane<T>], rows: usize) -> T {
    total(logits, rows) / T::of(rows as f64)
}

fn total<T: Real>(numbers: &[Lane<T>], rows: usize) -> T {
    let mut sums = [T::ZERO; LANES];
    for (block, numbers) in numbers.iter().enumerate() {
        for (sum, &number) in sums.iter_mut().zip(&numbers[..(rows - block * LANES).min(LANES)]) {
            *sum += number;
        }
    }
    tree(sums)
}

/// E sp(−(a − E b)) + E sp(b − E a). Each sample also moves the mean that the other side is judged against.
fn relativistic_average<T: Real>(a: &[Lane<T>], b: &[Lane<T>], rows: usize, d_a: &mut [Lane<T>], d_b: &mut [Lane<T>]) -> T {
    let (mean_a, mean_b) = (mean(a, rows), mean(b, rows));
    let loss = mean_of(a, rows, d_a, |t| below(t - mean_b)) + mean_of(b, rows, d_b, |t| above(t - mean_a));
    let (through_a, through_b) = (mean(d_b, rows), mean(d_a, rows));
    for (slopes, through) in [(d_a, through_a), (d_b, through_b)] {
        for (block, slopes) in slopes.iter_mut().enumerate() {
            for slope in &mut slopes[..(rows - block * LANES).min(LANES)] {
                *slope += -through;
            }
        }
    }
    loss
}
