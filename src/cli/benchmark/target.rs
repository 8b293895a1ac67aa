//! What a toy run must reach to count as a success; the figures are those of the field's tables and of GAN Lab's data.

use crate::data::DataKind;
use crate::metrics::Score;
use crate::protocol::PointMetrics;

/// The demands in words, for the head of a column; none for data that nobody has set one for.
pub fn words(data: DataKind) -> Option<String> {
    match data {
        DataKind::Ring8 | DataKind::Grid25 => Some(format!("all modes, HQ ≥ {:.0} %, rKL ≤ {LARGEST_RKL}", 100.0 * LEAST_HQ)),
        _ => largest_js(data).map(|js| format!("JS ≤ {js}")),
    }
}

const LEAST_HQ: f64 = 0.95;
const LARGEST_RKL: f64 = 0.02;

fn largest_js(data: DataKind) -> Option<f64> {
    match data {
        // Its noise of .01 is a third of a cell wide.
        DataKind::Line => Some(0.15),
        DataKind::TwoGaussians | DataKind::Ring | DataKind::Disjoint => Some(0.05),
        _ => None,
    }
}

/// Whether the figures satisfy them.
pub fn reached(data: DataKind, metrics: &PointMetrics) -> Option<bool> {
    if let Some(largest) = largest_js(data) {
        return Some(metrics.scores.iter().any(|measured| measured.score == Score::Js && measured.value <= largest));
    }
    words(data)?;
    let found = metrics.coverage.as_ref()?;
    Some(found.modes == found.modes_total && found.hq >= LEAST_HQ && found.rkl.is_some_and(|rkl| rkl <= LARGEST_RKL))
}
