//! The best critic D* against the fakes of a moment (Goodfellow 2014, proposition 1), on a grid, and the loss it would have.
//!
//! p is exact, q is a share of samples, and both are smoothed by the same Gaussian: without it D* would only tell where samples happened to fall. D's loss can come no
//! lower than that of D* on the distributions so smoothed; for the log-losses that is 2 log 2 − 2 JS(p, q).

use crate::data::{Density, Grid};
use crate::kernel::Real;
use crate::objective::Objective;

/// A Gaussian is cut off at this many σ.
const REACH: f64 = 4.0;
/// Outputs of D* beyond ± this are drawn as this; a loss on them is zero to 5 digits.
const MOST: f64 = 12.0;
/// Steps of D* in the loss of pairs.
const STEPS: usize = 1024;

/// p, q and D* over the cells of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimum {
    /// Density of the data, smoothed.
    pub p: Vec<f32>,
    /// Density of the fakes, smoothed alike.
    pub q: Vec<f32>,
    /// D*, between −12 and 12; NaN where neither has any mass. Empty where the objective has no such critic.
    pub critic: Vec<f32>,
    /// The least that D's loss can be, where there is D*.
    pub loss: Option<f64>,
}

/// What D is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// What it plays for.
    pub objective: Objective,
    /// Its target on reals.
    pub real_label: f64,
    /// σ of the smoothing, in data units.
    pub smoothing: f64,
}

impl Optimum {
    /// Over a grid, against `fakes` in data units, row after row.
    pub fn of(density: &Density, grid: &Grid, fakes: &[f32], question: &Question) -> Self {
        let dim = density.dim();
        let margins = [0, 1].map(|axis| if axis < dim { (REACH * question.smoothing / grid.cell[axis]).ceil() as usize } else { 0 });
        let wide = widened(grid, margins);
        let smooth = |masses: Vec<f64>| cropped(&blurred(masses, &wide, question.smoothing, dim), &wide, margins);
        let (p, q) = (smooth(density.masses(&wide)), smooth(shares(&wide, fakes, dim)));
        let best = |p: f64, q: f64| question.objective.optimum(p, q, question.real_label);
        let drawn = |(&p, &q): (&f64, &f64)| if p + q > 0.0 { best(p, q).map(|d| d.clamp(-MOST, MOST)) } else { Some(f64::NAN) };
        let critic: Vec<f64> = if best(1.0, 1.0).is_some() { p.iter().zip(&q).map_while(drawn).collect() } else { Vec::new() };
        let loss = (!critic.is_empty()).then(|| least_loss(question, &p, &q, &critic));
        let area: f64 = grid.cell[..dim].iter().product();
        let density = |masses: Vec<f64>| masses.into_iter().map(|mass| (mass / area) as f32).collect();
        Self { p: density(p), q: density(q), critic: critic.into_iter().map(|d| d as f32).collect(), loss }
    }
}

/// D's loss where its output is `critic` over cells with masses `p` and `q`; what lies outside is known for fake, which costs nothing.
fn least_loss(question: &Question, p: &[f64], q: &[f64], critic: &[f64]) -> f64 {
    let label = question.real_label;
    let on_cell = |p: f64, q: f64, d: f64| match question.objective {
        Objective::Minimax | Objective::NonSaturating => p * (label * softplus(-d) + (1.0 - label) * softplus(d)) + q * softplus(d),
        Objective::Lsgan => (p * (d - label) * (d - label) + q * d * d) / 2.0,
        Objective::Hinge => p * (1.0 - d).max(0.0) + q * (1.0 + d).max(0.0),
        Objective::KlFgan => q * libm::exp(d - 1.0) - p * d,
        Objective::Rpgan | Objective::Wgan | Objective::Ragan => 0.0,
    };
    let cells = || p.iter().zip(q).zip(critic).filter(|(_, d)| d.is_finite());
    if question.objective == Objective::Rpgan {
        return loss_of_pairs(cells().map(|((&p, &q), &d)| (p, q, d)));
    }
    cells().map(|((&p, &q), &d)| on_cell(p, q, d)).sum()
}

/// E sp(−(D(x) − D(g))) over independent x and g: by the distributions of D(x) and of D(g), on 1,024 steps.
fn loss_of_pairs(cells: impl Iterator<Item = (f64, f64, f64)>) -> f64 {
    let (mut reals, mut fakes) = (vec![0.0; STEPS + 1], vec![0.0; STEPS + 1]);
    for (p, q, d) in cells {
        // Shared between the two nearest steps, which keeps the mean.
        let place = (d + MOST) / (2.0 * MOST) * STEPS as f64;
        let low = (place as usize).min(STEPS - 1);
        let part = place - low as f64;
        for (masses, mass) in [(&mut reals, p), (&mut fakes, q)] {
            masses[low] += mass * (1.0 - part);
            masses[low + 1] += mass * part;
        }
    }
    let loss = |difference: isize| softplus(-(difference as f64) * 2.0 * MOST / STEPS as f64);
    let of_difference: Vec<f64> = (-(STEPS as isize)..=STEPS as isize).map(loss).collect();
    let of_real = |(i, mass): (usize, &f64)| mass * fakes.iter().enumerate().map(|(j, q)| q * of_difference[STEPS + i - j]).sum::<f64>();
    reals.iter().enumerate().filter(|(_, mass)| **mass > 0.0).map(of_real).sum()
}

fn softplus(t: f64) -> f64 {
    t.softplus_sigmoid().0
}

/// The share of samples in each cell.
fn shares(grid: &Grid, samples: &[f32], dim: usize) -> Vec<f64> {
    let mut shares = vec![0.0; grid.cells()];
    let each = dim as f64 / samples.len().max(1) as f64;
    let middle = grid.low[1] + grid.cell[1] / 2.0;
    for sample in samples.chunks_exact(dim) {
        let point = [f64::from(sample[0]), sample.get(1).map_or(middle, |&y| f64::from(y))];
        if let Some(cell) = grid.find(point) {
            shares[cell] += each;
        }
    }
    shares
}

fn widened(grid: &Grid, margins: [usize; 2]) -> Grid {
    Grid {
        low: [0, 1].map(|axis| grid.low[axis] - margins[axis] as f64 * grid.cell[axis]),
        counts: [0, 1].map(|axis| grid.counts[axis] + 2 * margins[axis]),
        ..*grid
    }
}

/// What lies within the margins.
fn cropped(masses: &[f64], wide: &Grid, margins: [usize; 2]) -> Vec<f64> {
    let rows = masses.chunks_exact(wide.counts[0]).skip(margins[1]).take(wide.counts[1] - 2 * margins[1]);
    rows.flat_map(|row| row[margins[0]..row.len() - margins[0]].iter().copied()).collect()
}

/// Masses with a Gaussian on them, along one axis after the other.
fn blurred(mut masses: Vec<f64>, grid: &Grid, sigma: f64, dim: usize) -> Vec<f64> {
    for axis in 0..dim {
        let weights = bell(sigma / grid.cell[axis]);
        let [columns, rows] = grid.counts;
        let (length, stride) = if axis == 0 { (columns, 1) } else { (rows, columns) };
        let reach = weights.len() - 1;
        let mut smooth = vec![0.0; masses.len()];
        for (index, &mass) in masses.iter().enumerate().filter(|(_, mass)| **mass > 0.0) {
            let place = if axis == 0 { index % columns } else { index / columns };
            for to in place.saturating_sub(reach)..=(place + reach).min(length - 1) {
                smooth[index + to * stride - place * stride] += mass * weights[to.abs_diff(place)];
            }
        }
        masses = smooth;
    }
    masses
}

/// Half of a Gaussian of σ cells, normalised over both halves.
fn bell(sigma: f64) -> Vec<f64> {
    let reach = (REACH * sigma).ceil() as usize;
    let at = |i: usize| if sigma > 0.0 { libm::exp(-((i * i) as f64) / (2.0 * sigma * sigma)) } else { 1.0 };
    let sum = at(0) + 2.0 * (1..=reach).map(at).sum::<f64>();
    (0..=reach).map(|i| at(i) / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataKind, Square};
    use crate::rng::{Purpose, Stream};

    const SQUARE: usize = 96;

    fn setting(kind: DataKind) -> (Density, Grid, f64) {
        let density = kind.density(&[]).expect("a toy");
        let Square { centre, half } = density.view();
        let (side, rows) = (2.0 * half / SQUARE as f64, if density.dim() == 1 { 1 } else { SQUARE });
        let grid = Grid { low: [centre[0] - half, centre[1] - half], cell: [side, side], counts: [SQUARE, rows] };
        (density, grid, 1.5 * side)
    }

    fn optimum(kind: DataKind, objective: Objective, fakes: &[f32]) -> Optimum {
        let (density, grid, smoothing) = setting(kind);
        Optimum::of(&density, &grid, fakes, &Question { objective, real_label: 1.0, smoothing })
    }

    const PLAYED: [(Objective, f64, f64); 6] = [
        // What D* loses against the data themselves, and against fakes that lie nowhere near them.
        (Objective::Minimax, 2.0 * std::f64::consts::LN_2, 0.0),
        (Objective::NonSaturating, 2.0 * std::f64::consts::LN_2, 0.0),
        (Objective::Lsgan, 0.25, 0.0),
        (Objective::Hinge, 2.0, 0.0),
        (Objective::Rpgan, std::f64::consts::LN_2, 0.0),
        (Objective::KlFgan, 0.0, -MOST),
    ];

    #[test]
    fn against_the_data_themselves_the_best_critic_is_undecided_and_against_distant_fakes_sure() {
        for kind in [DataKind::Ring8, DataKind::Moons, DataKind::Bimodal1d] {
            let (density, ..) = setting(kind);
            let own = density.sample(200_000, &mut Stream::new(3, Purpose::Reference)).0;
            let far = vec![1e6f32; 2_000];
            for (objective, undecided, sure) in PLAYED {
                let loss = |fakes: &[f32]| optimum(kind, objective, fakes).loss.expect("has a best critic");
                assert!((loss(&own) - undecided).abs() < 0.02, "{kind:?} {objective:?}: {}", loss(&own));
                assert!((loss(&far) - sure).abs() < 0.01, "{kind:?} {objective:?}: {}", loss(&far));
            }
        }
    }

    #[test]
    fn an_objective_without_a_best_critic_at_the_point_has_densities_alone() {
        for objective in [Objective::Wgan, Objective::Ragan] {
            let found = optimum(DataKind::Ring8, objective, &[5.0; 64]);
            assert!(found.critic.is_empty() && found.loss.is_none() && found.p.len() == SQUARE * SQUARE, "{objective:?}");
        }
    }

    #[test]
    fn no_other_critic_has_a_smaller_loss() {
        let (density, ..) = setting(DataKind::TwoGaussians);
        let fakes: Vec<f32> = density.sample(50_000, &mut Stream::new(4, Purpose::Reference)).0.iter().map(|x| x + 0.05).collect();
        for (objective, ..) in PLAYED {
            let (density, grid, smoothing) = setting(DataKind::TwoGaussians);
            let question = Question { objective, real_label: if objective.smooths_labels() { 0.9 } else { 1.0 }, smoothing };
            let best = Optimum::of(&density, &grid, &fakes, &question);
            let area = grid.cell[0] * grid.cell[1];
            let masses = |x: &[f32]| x.iter().map(|&x| f64::from(x) * area).collect::<Vec<_>>();
            let (p, q) = (masses(&best.p), masses(&best.q));
            let loss = best.loss.expect("has a best critic");
            for bend in [-0.3, -0.05, 0.05, 0.3] {
                for wave in [1.0, 7.0] {
                    let other: Vec<f64> =
                        best.critic.iter().enumerate().map(|(i, &d)| f64::from(d) + bend * libm::sin(wave * i as f64)).collect();
                    assert!(least_loss(&question, &p, &q, &other) > loss - 1e-6, "{objective:?}, {bend}");
                }
            }
        }
    }

    #[test]
    fn the_loss_over_cells_is_the_objective_over_samples() {
        let (p, q, critic) = ([0.5, 0.25, 0.25], [0.25, 0.0, 0.75], [0.3, 2.0, -1.25]);
        let device = crate::device::cpu_device();
        let drawn = |masses: [f64; 3]| {
            let all = (0..64).map(|i| {
                critic[if i < (masses[0] * 64.0) as i32 { 0 } else { usize::from(i >= ((masses[0] + masses[1]) * 64.0) as i32) + 1 }] as f32
            });
            all.collect::<Vec<f32>>()
        };
        for (objective, ..) in PLAYED {
            let question = Question { objective, real_label: 1.0, smoothing: 0.0 };
            // Every real meets every fake once.
            let reals: Vec<f32> = drawn(p).into_iter().flat_map(|d| [d; 64]).collect();
            let fakes = drawn(q).repeat(64);
            let [reals, fakes] = [reals, fakes].map(|logits| crate::device::vector(logits, &device));
            let exact = pollster::block_on(crate::device::read(objective.critic(reals, fakes, 1.0))).expect("a number")[0];
            let found = least_loss(&question, &p, &q, &critic);
            assert!((f64::from(exact) - found).abs() < 1e-4, "{objective:?}: {exact} and {found}");
        }
    }

    #[test]
    fn smoothing_keeps_mass_and_a_part_of_the_grid_sees_what_the_whole_sees() {
        let (density, grid, smoothing) = setting(DataKind::Ring8);
        let fakes = density.sample(20_000, &mut Stream::new(5, Purpose::Reference)).0;
        let question = Question { objective: Objective::NonSaturating, real_label: 1.0, smoothing };
        let whole = Optimum::of(&density, &grid, &fakes, &question);
        let area = (grid.cell[0] * grid.cell[1]) as f32;
        assert!((whole.p.iter().sum::<f32>() * area - 1.0).abs() < 1e-3 && (whole.q.iter().sum::<f32>() * area - 1.0).abs() < 1e-3);
        let low = [0, 1].map(|axis| grid.low[axis] + 20.0 * grid.cell[axis]);
        let part = Optimum::of(&density, &Grid { low, counts: [30, 30], ..grid }, &fakes, &question);
        for (i, q) in part.q.iter().enumerate() {
            let same = whole.q[(i / 30 + 20) * SQUARE + i % 30 + 20];
            assert!((q - same).abs() < 1e-3 * (1.0 + same), "{q} and {same}");
        }
    }
}
