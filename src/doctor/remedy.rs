//! What to change, for any settings: the cause where it can be seen in them, else the usual next thing to try.

use crate::config::TrainConfig;
use crate::nn::norm::Norm;
use crate::objective::Objective;
use crate::penalty::GradientPenalty;
use crate::protocol::Ailment;
use crate::schedule::Schedule;

/// γ of R1 and R2 on toys.
const GAMMA: f64 = 0.1;
/// σ of instance noise, in network units.
const NOISE: f64 = 0.3;
/// A learning rate at which Adam trains toys without accidents.
const SAFE_RATE: f64 = 0.003;

/// The settings that should help, and whether the run must begin anew.
pub fn of(ailment: Ailment, config: &TrainConfig) -> (TrainConfig, bool) {
    let mut config = config.clone();
    match ailment {
        Ailment::Divergence if is_unbounded(&config) => config.gradient_penalty = GradientPenalty::WganGp,
        Ailment::Divergence => slow_down(&mut config, 0.1),
        Ailment::WeakCritic | Ailment::ModeHopping => config.ttur = (4.0 * config.ttur).clamp(1.0, 1000.0),
        Ailment::DeadUnits => {
            let rate = config.lr.start.max(config.lr.end);
            slow_down(&mut config, if rate > SAFE_RATE { SAFE_RATE / rate } else { 0.1 });
            return (config, true);
        }
        Ailment::VanishingGradient if config.objective == Objective::Minimax => config.objective = Objective::NonSaturating,
        Ailment::VanishingGradient => penalise(&mut config),
        Ailment::DisjointSupports if config.instance_noise.start == 0.0 => config.instance_noise = Schedule::constant(NOISE),
        Ailment::DisjointSupports => penalise(&mut config),
        Ailment::Oscillation if config.beta1 > 0.0 => config.beta1 = 0.0,
        Ailment::Oscillation if unpenalised(&config) => penalise(&mut config),
        Ailment::Oscillation => slow_down(&mut config, 0.25),
        Ailment::ModeCollapse if unpenalised(&config) => penalise(&mut config),
        Ailment::ModeCollapse if config.objective != Objective::Rpgan => config.objective = Objective::Rpgan,
        Ailment::ModeCollapse => slow_down(&mut config, 0.25),
    }
    (config, false)
}

/// WGAN whose D could have a gradient penalty, and has none.
fn is_unbounded(config: &TrainConfig) -> bool {
    config.objective == Objective::Wgan && config.gradient_penalty == GradientPenalty::None && config.critic.norm != Norm::Batch
}

fn unpenalised(config: &TrainConfig) -> bool {
    config.r1.start == 0.0 && config.r2.start == 0.0
}

fn penalise(config: &mut TrainConfig) {
    (config.r1, config.r2) = (Schedule::constant(GAMMA), Schedule::constant(GAMMA));
}

fn slow_down(config: &mut TrainConfig, factor: f64) {
    (config.lr.start, config.lr.end) = (rounded(config.lr.start * factor), rounded(config.lr.end * factor));
}

/// To six digits: a rate that is told reads like one that somebody chose, and comes out of JSON as it went in.
fn rounded(rate: f64) -> f64 {
    format!("{rate:.5e}").parse().expect("it was written as a number")
}
