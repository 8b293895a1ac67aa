//! When something is wrong: each rule gives its evidence, or nothing.

use super::{LOOKS, Signs, WINDOW};
use crate::protocol::{Evidence, Measure, StepReport};

type Verdict = Option<Vec<Evidence>>;

fn evidence(measure: Measure, value: f64, limit: f64) -> Evidence {
    Evidence { measure, value, limit }
}

/// A logit beyond any that a game with a future has.
pub const HUGE: f64 = 1e4;

pub fn divergence(reports: &[StepReport], diverged: bool) -> Verdict {
    let largest = reports.last().map_or(0.0, |report| f64::from(report.d_real.abs().max(report.d_fake.abs())));
    let value = if diverged { f64::INFINITY } else { largest };
    (value > HUGE).then(|| vec![evidence(Measure::Logits, value, HUGE)])
}

/// D ranks fakes above reals for 200 steps: at the optimum the gap's sign is chance, so its size counts too.
pub fn weak_critic(reports: &[StepReport]) -> Verdict {
    const LIMIT: f64 = -0.1;
    let mut gaps: Vec<f64> = reports.iter().map(gap).collect();
    gaps.sort_by(f64::total_cmp);
    let below = gaps.iter().filter(|&&gap| gap < 0.0).count();
    let median = *gaps.get(gaps.len() / 2)?;
    (gaps.len() == WINDOW && below * 10 >= gaps.len() * 9 && median <= LIMIT).then(|| vec![evidence(Measure::Gap, median, LIMIT)])
}

pub fn dead_units(looks: &[&Signs]) -> Verdict {
    const LIMIT: f64 = 0.5;
    let dead = looks.last()?.dead?;
    (dead >= LIMIT).then(|| vec![evidence(Measure::DeadShare, dead, LIMIT)])
}

/// D is sure, and rightly: where it is fooled the slope is small as well.
pub fn vanishing_gradient(looks: &[&Signs]) -> Verdict {
    const SATURATED: f64 = 0.5;
    const AUC: f64 = 0.95;
    let last = lately(looks, 2, |signs| signs.saturated >= SATURATED && signs.auc >= AUC)?;
    Some(vec![evidence(Measure::Saturated, last.saturated, SATURATED), evidence(Measure::Auc, last.auc, AUC)])
}

/// D is sure and the objective still pulls, but G does not arrive.
pub fn disjoint_supports(looks: &[&Signs]) -> Verdict {
    const AUC: f64 = 0.96;
    const FAR: f64 = 0.35;
    let last = lately(looks, 2, |signs| signs.auc >= AUC && signs.sliced_w1 >= FAR && signs.saturated < 0.5)?;
    Some(vec![evidence(Measure::Auc, last.auc, AUC), evidence(Measure::SlicedW1, last.sliced_w1, FAR)])
}

/// Few modes, and each time others. With all modes filled alike the fullest is chance.
pub fn mode_hopping(looks: &[&Signs]) -> Verdict {
    const HOPS: usize = 3;
    if looks.len() < LOOKS || looks.iter().filter(|signs| few(signs)).count() < 3 {
        return None;
    }
    let hops = looks.windows(2).filter(|pair| fullest(pair[0]) != fullest(pair[1])).count();
    (hops >= HOPS).then(|| vec![evidence(Measure::Hops, hops as f64, HOPS as f64), basins_of(looks[looks.len() - 1])])
}

/// The gap swings from one side to the other and back.
pub fn oscillation(reports: &[StepReport]) -> Verdict {
    const SWINGS: usize = 4;
    const SMALL: f64 = 0.25;
    const SMOOTH: usize = 8;
    // The first steps of any game may swing.
    const FROM: u64 = 300;
    let begun = reports.len() == WINDOW && reports.last()?.step >= FROM;
    let gaps: Vec<f64> = reports.iter().map(gap).collect();
    let smoothed = gaps.windows(SMOOTH).map(|gaps| gaps.iter().sum::<f64>() / SMOOTH as f64);
    let sides: Vec<bool> = smoothed.filter(|gap| gap.abs() > SMALL).map(|gap| gap > 0.0).collect();
    let swings = sides.windows(2).filter(|pair| pair[0] != pair[1]).count();
    (begun && swings >= SWINGS).then(|| vec![evidence(Measure::Swings, swings as f64, SWINGS as f64)])
}

/// Few modes, and each time the same.
pub fn mode_collapse(looks: &[&Signs]) -> Verdict {
    let last = lately(looks, 3, few)?;
    let same = looks[looks.len() - 3..].iter().all(|signs| fullest(signs) == fullest(last));
    same.then(|| vec![basins_of(last)])
}

/// The last look, where it and those before it, `count` in all, are all so.
fn lately<'a>(looks: &[&'a Signs], count: usize, so: impl Fn(&Signs) -> bool) -> Option<&'a Signs> {
    let lately = &looks[looks.len().checked_sub(count)?..];
    lately.iter().all(|signs| so(signs)).then(|| lately[count - 1])
}

fn gap(report: &StepReport) -> f64 {
    f64::from(report.d_real) - f64::from(report.d_fake)
}

/// Modes that have at least a quarter of their share.
pub fn basins(signs: &Signs) -> usize {
    signs.shares.iter().zip(&signs.truth).filter(|(share, truth)| **share >= **truth / 4.0).count()
}

/// At most half of the modes.
fn few(signs: &Signs) -> bool {
    signs.shares.len() > 1 && 2 * basins(signs) <= signs.shares.len()
}

fn basins_of(signs: &Signs) -> Evidence {
    evidence(Measure::Basins, basins(signs) as f64, (signs.shares.len() / 2) as f64)
}

fn fullest(signs: &Signs) -> Option<usize> {
    let place = signs.shares.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
    place.map(|(mode, _)| mode)
}
