//! The guard of a native run: what shows early that a game goes wrong, with its figures. It reads only what training, pictures and metrics give anyway, so a guarded run
//! is the same run.
//!
//! Five things are watched: gradients that grow beyond what the run knew, logits beyond any that a game with a future has, a D that is never wrong, samples that are
//! all alike, and a run that waits for its images. What the doctor finds goes the same way. A cause is told once, and again at the earliest a tenth of the run later; all of it stands in `warnings.jsonl`.
//! What is not finite is no warning but the end, see `rollback.rs`.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lines::kimg;
use crate::config::{TrainConfig, changes};
use crate::doctor::HUGE_LOGIT;
use crate::protocol::{Ailment, Finding, StepReport};

/// Steps that are remembered, and the last of them, which are held against those before.
const WINDOW: usize = 200;
const LATELY: usize = 8;
/// Fewer steps are no measure of anything.
const ENOUGH: usize = 64;
/// Growth of a gradient's norm: healthy runs of the presets stay below 5, the first steps of wgan below 20.
const GROWTH: f64 = 50.0;
/// The same of a single step: a healthy one reaches 17 on digits (small networks).
const LEAP: f64 = 500.0;
/// Norms below are as good as none: growing from there is beginning to learn.
const SMALL: f64 = 1e-2;
/// D is right so often at the median of 200 steps.
const SURE: f32 = 0.99;
/// Any game may begin so, and for a tenth of its run: on digits (the small networks that the preset had) D was sure until 20 of 300 thousand images, and right on 70 % later.
const BEGINNING: u64 = 500;
/// The variance of samples as a share of that of the data, below which they are all alike.
const ALIKE: f64 = 0.05;
/// The share of the time in which a run may wait for its data.
const WAITING: f64 = 0.1;
/// So long after the last sign of an explosion a run counts as calm again.
const CALM: u64 = 1000;
/// Parts of a run within which a cause is told once.
const TIMES_A_RUN: u64 = 10;

/// A line of warnings.jsonl.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Warning {
    step: u64,
    images: u64,
    kimg: f64,
    cause: String,
    evidence: Vec<Figure>,
    text: String,
}

impl Warning {
    /// For people.
    pub fn told(&self) -> String {
        format!("warning, step {}: {}", self.step, self.text)
    }
}

/// A measure and the limit that it passed.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Figure {
    measure: String,
    value: f64,
    limit: f64,
}

/// When something was seen.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// Steps done.
    pub step: u64,
    /// Images seen.
    pub images: u64,
}

/// What a run showed lately.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Guard {
    /// Norms of the gradients of D and of G.
    norms: [VecDeque<f64>; 2],
    /// The median of each before the last eight steps, once there are enough.
    usual: [Option<f64>; 2],
    accuracies: VecDeque<f32>,
    /// The widest that samples ever were, as a share of the data's variance.
    widest: f64,
    /// The step until which the run is not trusted.
    alarmed_until: u64,
    step: u64,
    /// Images of the whole run.
    #[serde(skip)]
    total: u64,
    /// When each cause was told last.
    #[serde(skip)]
    told: BTreeMap<String, u64>,
}

impl Guard {
    /// Of a run of `total` images with the lines that its warnings.jsonl has.
    pub fn of_run(self, total: u64, lines: &[Value]) -> Self {
        let told = lines.iter().filter_map(|line| Some((line["cause"].as_str()?.to_owned(), line["images"].as_u64()?))).collect();
        Self { total, told, ..self }
    }

    /// Whether numbers were running away lately: a state that is saved now may be lost already.
    pub fn is_alarmed(&self) -> bool {
        self.step < self.alarmed_until
    }

    /// Hears what steps measured. Medians are taken every eight steps, so that it does not matter how many come at once.
    pub fn hear(&mut self, reports: &[StepReport]) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for report in reports {
            self.step = report.step;
            remember(&mut self.accuracies, report.accuracy);
            let looks = report.step.is_multiple_of(LATELY as u64);
            let found = [self.gradients(0, report.norm_d, looks), self.gradients(1, report.norm_g, looks), logits(report)];
            if found.iter().any(Option::is_some) {
                self.alarmed_until = report.step + CALM;
            }
            let when = When { step: report.step, images: report.images };
            let sure = if looks { self.sure_critic(when) } else { None };
            warnings
                .extend(found.into_iter().flatten().chain(sure).collect::<Vec<_>>().into_iter().filter_map(|sign| self.tell(when, sign)));
        }
        warnings
    }

    /// Sees how wide the samples of a picture are: their variance as a share of that of the data. Samples that were wide before are all alike now; or still, after a tenth of the run.
    pub fn see(&mut self, when: When, share: f64) -> Option<Warning> {
        self.widest = self.widest.max(share);
        let has_begun = self.widest >= 2.0 * ALIKE || when.images * TIMES_A_RUN >= self.total;
        if share >= ALIKE || !has_begun {
            return None;
        }
        let text =
            format!("the samples collapse: their variance is {:.2} % of that of the data (limit {:.0} %)", 100.0 * share, 100.0 * ALIKE);
        self.tell(when, Sign { cause: "samples_collapse".into(), measure: "variance_share", value: share, limit: ALIKE, text })
    }

    /// Hears what share of the last while the run waited for images to be decoded.
    pub fn wait(&mut self, when: When, share: f64) -> Option<Warning> {
        if share <= WAITING {
            return None;
        }
        let text = format!(
            "decoding does not keep up: the run waited {:.0} % of the time for images (limit {:.0} %); smaller files help, or --data-gib, if all fit",
            100.0 * share,
            100.0 * WAITING
        );
        self.tell(when, Sign { cause: "data_behind".into(), measure: "waiting_share", value: share, limit: WAITING, text })
    }

    /// What the doctor found, with what should help. Divergence is left out: it is the rule on logits, which is asked here more often.
    pub fn find(&mut self, when: When, findings: &[Finding], config: &TrainConfig) -> Vec<Warning> {
        let others = findings.iter().filter(|finding| finding.ailment != Ailment::Divergence);
        others.filter_map(|finding| self.tell_finding(when, finding, config)).collect()
    }

    fn tell_finding(&mut self, when: When, Finding { ailment, evidence, remedy, anew }: &Finding, config: &TrainConfig) -> Option<Warning> {
        let told: Vec<String> = evidence.iter().map(ToString::to_string).collect();
        let remedy: Vec<String> = changes(config, remedy).into_iter().map(|change| format!("--set {change}")).collect();
        let from = if *anew { ", from the start" } else { "" };
        let text = format!("{ailment} ({}); try {}{from}", told.join("; "), remedy.join(" "));
        let figure = |e: &crate::protocol::Evidence| Figure { measure: name(&e.measure), value: e.value, limit: e.limit };
        self.line(when, name(ailment), evidence.iter().map(figure).collect(), text)
    }

    /// The norm of a player's gradient: of late by its median, and of this step, against the steps before.
    fn gradients(&mut self, player: usize, norm: f32, looks: bool) -> Option<Sign> {
        let norms = &mut self.norms[player];
        remember(norms, f64::from(norm));
        let mut signs = [(f64::from(norm), LEAP), (0.0, GROWTH)];
        if let Some(before) = norms.len().checked_sub(LATELY).filter(|&before| looks && before >= ENOUGH) {
            self.usual[player] = Some(median(norms.iter().take(before)).max(SMALL));
            signs[1].0 = median(norms.iter().skip(before));
        }
        let usual = self.usual[player]?;
        let (value, limit) = signs.into_iter().find(|(value, limit)| *value > limit * usual)?;
        let (name, growth) = (["D", "G"][player], value / usual);
        Some(Sign {
            cause: format!("exploding_gradients_{}", name.to_lowercase()),
            measure: ["norm_d_growth", "norm_g_growth"][player],
            value: growth,
            limit,
            text: format!(
                "the gradients of {name} explode: their norm, {value:.3e}, is {growth:.0} times what was usual, {usual:.3e} (limit {limit} times)"
            ),
        })
    }

    /// D is right on nearly every sample: G learns little from that.
    fn sure_critic(&self, when: When) -> Option<Sign> {
        let sure = self.accuracies.iter().filter(|&&accuracy| accuracy >= SURE).count();
        let has_begun = when.step >= BEGINNING && when.images * TIMES_A_RUN >= self.total;
        if !has_begun || self.accuracies.len() < WINDOW || 2 * sure <= WINDOW {
            return None;
        }
        let value = median(self.accuracies.iter().map(|&accuracy| f64::from(accuracy)).collect::<Vec<_>>().iter());
        let text = format!(
            "D is far ahead: it is right on {:.1} % of the samples at the median of {WINDOW} steps (limit {:.0} %)",
            100.0 * value,
            100.0 * SURE
        );
        Some(Sign { cause: "critic_far_ahead".into(), measure: "accuracy_d", value, limit: f64::from(SURE), text })
    }

    fn tell(&mut self, when: When, Sign { cause, measure, value, limit, text }: Sign) -> Option<Warning> {
        self.line(when, cause, vec![Figure { measure: measure.into(), value, limit }], text)
    }

    /// A line, unless the same was told a short while ago.
    fn line(&mut self, When { step, images }: When, cause: String, evidence: Vec<Figure>, text: String) -> Option<Warning> {
        if self.told.get(&cause).is_some_and(|told| images < told + self.total / TIMES_A_RUN) {
            return None;
        }
        self.told.insert(cause.clone(), images);
        Some(Warning { step, images, kimg: kimg(images), cause, evidence, text })
    }
}

/// Something that was seen, before it is decided whether to tell it.
struct Sign {
    cause: String,
    measure: &'static str,
    value: f64,
    limit: f64,
    text: String,
}

fn logits(report: &StepReport) -> Option<Sign> {
    let value = f64::from(report.d_real.abs().max(report.d_fake.abs()));
    let text = || format!("the logits of D explode: their mean is {value:.3e} (limit {HUGE_LOGIT:.0e})");
    (value > HUGE_LOGIT).then(|| Sign { cause: "exploding_logits".into(), measure: "logits", value, limit: HUGE_LOGIT, text: text() })
}

fn remember<T>(window: &mut VecDeque<T>, value: T) {
    while window.len() >= WINDOW {
        window.pop_front();
    }
    window.push_back(value);
}

fn median<'a>(values: impl Iterator<Item = &'a f64>) -> f64 {
    let mut sorted: Vec<f64> = values.copied().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// What a plain variant is called in JSON.
fn name(variant: &impl Serialize) -> String {
    serde_json::to_value(variant).ok().and_then(|name| name.as_str().map(String::from)).unwrap_or_default()
}

/// The variance of samples, row after row, averaged over their features.
pub fn variance(samples: &[f32], features: usize) -> f64 {
    let rows = (samples.len() / features).max(1) as f64;
    let (mut sums, mut squares) = (vec![0.0; features], vec![0.0; features]);
    for row in samples.chunks_exact(features) {
        for ((sum, square), &x) in sums.iter_mut().zip(&mut squares).zip(row) {
            *sum += f64::from(x);
            *square += f64::from(x) * f64::from(x);
        }
    }
    let of = |(sum, square): (&f64, &f64)| (square / rows - (sum / rows).powi(2)).max(0.0);
    sums.iter().zip(&squares).map(of).sum::<f64>() / features as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(step: u64, norm: f32, accuracy: f32, logit: f32) -> StepReport {
        StepReport {
            step,
            images: 100 * step,
            loss_d: 0.0,
            loss_g: 0.0,
            r1: 0.0,
            r2: 0.0,
            slope: 0.0,
            d_real: logit,
            d_fake: -logit,
            accuracy,
            norm_d: 1.0,
            norm_g: norm,
            augment_p: None,
        }
    }

    fn heard(guard: &mut Guard, steps: std::ops::Range<u64>, of: impl Fn(u64) -> StepReport) -> Vec<String> {
        let reports: Vec<_> = steps.map(of).collect();
        guard.hear(&reports).into_iter().map(|warning| warning.cause).collect()
    }

    #[test]
    fn gradients_that_explode_are_told_once_and_the_run_is_not_trusted_until_it_is_calm() {
        let mut guard = Guard::default().of_run(1_000_000, &[]);
        assert!(heard(&mut guard, 1..300, |step| report(step, 1.0 + (step % 7) as f32, 0.6, 0.1)).is_empty());
        assert!(heard(&mut guard, 300..310, |step| report(step, 100.0, 0.6, 0.1)).is_empty() && !guard.is_alarmed());
        assert_eq!(heard(&mut guard, 310..400, |step| report(step, 1e3, 0.6, 0.1)), ["exploding_gradients_g"]);
        assert!(guard.is_alarmed());
        assert!(heard(&mut guard, 400..2000, |step| report(step, 1e3, 0.6, 0.1)).is_empty(), "it is the usual by now");
        assert!(!guard.is_alarmed());
        // Again no sooner than a tenth of the run later, also by a guard that only read of it.
        let line = serde_json::json!({ "cause": "exploding_logits", "images": 250_000 });
        let mut guard = Guard::default().of_run(1_000_000, &[line]);
        assert!(heard(&mut guard, 2501..3000, |step| report(step, 1.0, 0.6, 2e4)).is_empty() && guard.is_alarmed());
        assert_eq!(heard(&mut guard, 3500..3600, |step| report(step, 1.0, 0.6, 2e4)), ["exploding_logits"]);
    }

    #[test]
    fn how_many_steps_come_at_once_does_not_matter() {
        let wild = |step: u64| report(step, 1.01f32.powi(step as i32 / 2), 0.995, 30.0 * step as f32);
        let (mut whole, mut pieces) = (Guard::default().of_run(100_000, &[]), Guard::default().of_run(100_000, &[]));
        let at_once = heard(&mut whole, 1..2000, wild);
        let one_by_one: Vec<_> = (1..2000).flat_map(|step| heard(&mut pieces, step..step + 1, wild)).collect();
        assert!(at_once == one_by_one && at_once.len() > 2, "{at_once:?}");
    }

    #[test]
    fn a_critic_that_is_never_wrong_is_told_after_the_beginning() {
        // A tenth of the run is 1,000 steps, or fewer than are always let be.
        for (total, begun) in [(1_000_000, 1_000), (100_000, 500)] {
            let mut guard = Guard::default().of_run(total, &[]);
            assert!(heard(&mut guard, 1..begun - 1, |step| report(step, 1.0, 1.0, 0.1)).is_empty());
            assert_eq!(heard(&mut guard, begun - 1..begun + 20, |step| report(step, 1.0, 1.0, 0.1)), ["critic_far_ahead"]);
        }
        let mut guard = Guard::default().of_run(1_000_000, &[]);
        assert!(heard(&mut guard, 1..2000, |step| report(step, 1.0, 0.97, 0.1)).is_empty());
    }

    #[test]
    fn a_run_that_waits_for_its_data_is_told_so() {
        let mut guard = Guard::default().of_run(100_000, &[]);
        let mut wait = |images, share| guard.wait(When { step: 1, images }, share).map(|warning| warning.text);
        assert_eq!([wait(1000, 0.0), wait(2000, 0.1)], [None, None]);
        assert!(wait(3000, 0.4).is_some_and(|text| text.contains("waited 40 % of the time")));
        assert_eq!(wait(4000, 0.5), None);
    }

    #[test]
    fn samples_that_were_wide_and_are_all_alike_are_told() {
        let mut guard = Guard::default().of_run(100_000, &[]);
        let mut see = |images, share| guard.see(When { step: images, images }, share).map(|warning| warning.text);
        assert_eq!([see(0, 0.001), see(1000, 0.01), see(2000, 0.9)], [None, None, None]);
        assert!(see(3000, 0.02).is_some_and(|text| text.contains("2.00 % of that of the data")));
        assert_eq!(see(4000, 0.02), None);
        let mut guard = Guard::default().of_run(100_000, &[]);
        assert!(guard.see(When { step: 1, images: 10_000 }, 0.0).is_some(), "and what never became wide");
    }

    #[test]
    fn variance_is_that_of_each_feature() {
        assert_eq!(variance(&[1.0, 5.0, 3.0, 5.0], 2), 0.5);
        assert_eq!(variance(&[7.0; 12], 3), 0.0);
    }
}
