//! The doctor: rules over exact measures of a run on points, each with its evidence and a remedy.
//!
//! The limits are those at which the runs of [`gallery`] fail for every seed that was tried, and healthy ones do not (`docs/doctor.md`).

mod gallery;
mod remedy;
mod rules;
#[cfg(test)]
mod tests;

pub use gallery::{Exhibit, gallery};
pub use remedy::of as remedy;
pub use rules::HUGE as HUGE_LOGIT;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::config::TrainConfig;
use crate::protocol::{Ailment, Finding, StepReport};

/// Steps that the rules over reports look back.
pub const WINDOW: usize = 200;
/// Looks that the rules over samples look back, at least so many steps apart.
pub const LOOKS: usize = 5;
const STEPS_APART: u64 = 200;

/// What one look at a run shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signs {
    /// Steps done.
    pub step: u64,
    /// The share of the fakes that are nearest to each mode; empty where the data are of one piece.
    pub shares: Vec<f64>,
    /// Each mode's share of the data.
    pub truth: Vec<f64>,
    /// Sliced W1 in standard deviations of the data.
    pub sliced_w1: f64,
    /// P(D(x) > D(g)).
    pub auc: f64,
    /// Share of the fakes at which the objective's slope in D(g) is below .01.
    pub saturated: f64,
    /// The share of dead units, of the player with more of them; none where no units can die.
    pub dead: Option<f64>,
}

/// What a run showed lately.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Doctor {
    reports: VecDeque<StepReport>,
    looks: VecDeque<Signs>,
    diverged: bool,
}

impl Doctor {
    /// Hears what a step measured.
    pub fn hear(&mut self, report: StepReport) {
        while self.reports.len() >= WINDOW {
            self.reports.pop_front();
        }
        self.reports.push_back(report);
    }

    /// What the steps after `step` measured, as far as it is remembered.
    pub fn since(&self, step: u64) -> Vec<StepReport> {
        self.reports.iter().filter(|report| report.step > step).copied().collect()
    }

    /// Hears that a number was not finite any more.
    pub fn hear_of_divergence(&mut self) {
        self.diverged = true;
    }

    /// Whether a look at this step would tell something new.
    pub fn wants(&self, step: u64) -> bool {
        self.looks.back().is_none_or(|last| step >= last.step + STEPS_APART)
    }

    /// Sees a run.
    pub fn see(&mut self, signs: Signs) {
        if self.wants(signs.step) {
            self.looks.push_back(signs);
            let past = self.looks.len().saturating_sub(LOOKS);
            self.looks.drain(..past);
        }
    }

    /// All that is wrong, what explains the rest first.
    pub fn findings(&self, config: &TrainConfig) -> Vec<Finding> {
        let reports: Vec<StepReport> = self.reports.iter().copied().collect();
        let looks: Vec<&Signs> = self.looks.iter().collect();
        let found = [
            (Ailment::Divergence, rules::divergence(&reports, self.diverged)),
            (Ailment::WeakCritic, rules::weak_critic(&reports)),
            (Ailment::DeadUnits, rules::dead_units(&looks)),
            (Ailment::VanishingGradient, rules::vanishing_gradient(&looks)),
            (Ailment::DisjointSupports, rules::disjoint_supports(&looks)),
            (Ailment::ModeHopping, rules::mode_hopping(&looks)),
            (Ailment::Oscillation, rules::oscillation(&reports)),
            (Ailment::ModeCollapse, rules::mode_collapse(&looks)),
        ];
        let with_remedy = |(ailment, evidence): (Ailment, Option<Vec<_>>)| {
            let evidence = evidence?;
            let (remedy, anew) = remedy::of(ailment, config);
            Some(Finding { ailment, evidence, remedy, anew })
        };
        found.into_iter().filter_map(with_remedy).collect()
    }
}
