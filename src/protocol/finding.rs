//! What the doctor finds.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::config::TrainConfig;

/// What can go wrong with a game, in the order in which the doctor speaks: what comes first explains what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Ailment {
    /// Numbers run off to infinity.
    Divergence,
    /// D is worse than a coin.
    WeakCritic,
    /// Hidden ReLUs that answer nothing any more.
    DeadUnits,
    /// D is so sure that the objective has no slope left for G.
    VanishingGradient,
    /// A perfect D exists, and its slope leads nowhere.
    DisjointSupports,
    /// G jumps from mode to mode.
    ModeHopping,
    /// Both turn about the equilibrium.
    Oscillation,
    /// G makes few of the modes.
    ModeCollapse,
}

impl std::fmt::Display for Ailment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Divergence => "divergence: numbers run off to infinity",
            Self::WeakCritic => "D is too weak: it ranks fakes above reals",
            Self::DeadUnits => "dead units: hidden ReLUs that answer nothing any more",
            Self::VanishingGradient => "vanishing gradient: D is so sure that the objective has no slope left for G",
            Self::DisjointSupports => "disjoint supports: a perfect D, whose slope leads nowhere",
            Self::ModeHopping => "mode hopping: G jumps from mode to mode",
            Self::Oscillation => "oscillation: both players turn about the equilibrium",
            Self::ModeCollapse => "mode collapse: G makes few of the modes",
        })
    }
}

/// Something that is wrong with a run, with its evidence and what to change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// What.
    pub ailment: Ailment,
    /// The measures that say so, each with the limit that it passed.
    pub evidence: Vec<Evidence>,
    /// The settings that should help.
    pub remedy: TrainConfig,
    /// Whether the run must begin anew with them: what is lost does not come back.
    pub anew: bool,
}

/// A measure and the limit that it passed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Evidence {
    /// Which.
    pub measure: Measure,
    /// Its value.
    pub value: f64,
    /// Where trouble begins.
    pub limit: f64,
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { measure, value, limit } = self;
        let measure = match measure {
            Measure::Logits => "largest mean logit",
            Measure::Gap => "median of D(x) − D(g)",
            Measure::DeadShare => "share of dead units",
            Measure::Saturated => "share of fakes without pull",
            Measure::Auc => "P(D(x) > D(g))",
            Measure::SlicedW1 => "sliced W1 in standard deviations",
            Measure::Basins => "modes that are made",
            Measure::Hops => "changes of the fullest mode",
            Measure::Swings => "swings of D(x) − D(g)",
        };
        write!(f, "{measure} {value:.3} (limit {limit})")
    }
}

/// What the doctor measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The largest of |E D(x)| and |E D(g)|; none of either any more is infinity.
    Logits,
    /// Median of E D(x) − E D(g) over 200 steps.
    Gap,
    /// Share of the hidden units of the player with more of them that are 0 on all samples.
    DeadShare,
    /// Share of the fakes at which the objective's slope in D(g) is below .01.
    Saturated,
    /// P(D(x) > D(g)).
    Auc,
    /// Sliced W1 in standard deviations of the data.
    SlicedW1,
    /// Modes that have at least a quarter of their share of the fakes nearest to them.
    Basins,
    /// How often another mode became the fullest, in five looks.
    Hops,
    /// How often the smoothed E D(x) − E D(g) changed its sign in 200 steps.
    Swings,
}
