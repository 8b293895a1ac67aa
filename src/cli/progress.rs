//! How a run is told: a bar on a terminal, a line now and then elsewhere.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::note;
use crate::config::{TrainConfig, changes};
use crate::protocol::{Ailment, Finding, PointMetrics, StepReport};

/// Without a terminal a line comes after so long, or after so large a share of the run.
const LINE_SECS: u64 = 5;
const LINES_A_RUN: u64 = 20;

/// The progress of one run, on stderr.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    total: u64,
    /// Images per second, smoothed.
    rate: f64,
    metrics: String,
    /// What was found last.
    ailment: Option<Ailment>,
    told: (Instant, u64),
}

impl Progress {
    /// Of a run of `total` images that stands at `images`.
    pub fn new(images: u64, total: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()).with_position(images);
        bar.set_style(ProgressStyle::with_template("{bar:24} {msg}").expect("the template is valid"));
        Self { bar, total, rate: 0.0, metrics: String::new(), ailment: None, told: (Instant::now(), images) }
    }

    /// Remembers the newest metrics.
    pub fn measured(&mut self, metrics: Option<&PointMetrics>, fid: Option<f64>, accuracy: Option<f64>) {
        let coverage = metrics.and_then(|metrics| metrics.coverage.as_ref());
        let modes = coverage.map(|found| format!(" · {}/{} modes, HQ {:.0} %", found.modes, found.modes_total, 100.0 * found.hq));
        let scores = metrics.into_iter().flat_map(|metrics| &metrics.scores);
        let scores = scores.map(|measured| format!(" · {} {:.3}", measured.score.name(), measured.value));
        let fid = fid.map(|fid| format!(" · FID {fid:.2}"));
        let accuracy = accuracy.map(|share| format!(" · D names {:.1} % of the reals", 100.0 * share));
        self.metrics = modes.into_iter().chain(scores).chain(fid).chain(accuracy).collect();
    }

    /// Tells what is wrong, once until something else is.
    pub fn found(&mut self, findings: &[Finding], config: &TrainConfig, step: u64) {
        let first = findings.first();
        if let Some(Finding { ailment, evidence, remedy, anew }) = first.filter(|finding| self.ailment != Some(finding.ailment)) {
            let evidence: Vec<String> = evidence.iter().map(ToString::to_string).collect();
            let remedy: Vec<String> = changes(config, remedy).into_iter().map(|change| format!("--set {change}")).collect();
            let when = if *anew { ", from the start" } else { "" };
            let text = format!("step {step}: {ailment} ({}); try {}{when}", evidence.join("; "), remedy.join(" "));
            self.bar.suspend(|| note(text));
        }
        self.ailment = first.map(|finding| finding.ailment);
    }

    /// Tells how far the run is, after `trained` more images that took `elapsed`.
    pub fn update(&mut self, report: &StepReport, trained: u64, elapsed: Duration) {
        let rate = trained as f64 / elapsed.as_secs_f64().max(1e-9);
        self.rate = if self.rate == 0.0 { rate } else { 0.8 * self.rate + 0.2 * rate };
        let text = self.text(report);
        if self.bar.is_hidden() {
            let (when, images) = self.told;
            let enough = report.images >= images + self.total / LINES_A_RUN || when.elapsed() >= Duration::from_secs(LINE_SECS);
            if enough || report.images >= self.total {
                note(text);
                self.told = (Instant::now(), report.images);
            }
        } else {
            self.bar.set_message(text);
            self.bar.set_position(report.images.min(self.total));
        }
    }

    fn text(&self, report: &StepReport) -> String {
        let left = self.total.saturating_sub(report.images) as f64 / self.rate;
        format!(
            "{:.1}/{} kimg · {:.0} images/s · {} left · loss D {:.3} G {:.3}{}",
            report.images as f64 / 1000.0,
            self.total as f64 / 1000.0,
            self.rate,
            clock(left),
            report.loss_d,
            report.loss_g,
            self.metrics
        )
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.abandon();
    }
}

/// Seconds as `m:ss` or `h:mm:ss`.
fn clock(secs: f64) -> String {
    let secs = secs.round() as u64;
    let (hours, minutes, secs) = (secs / 3600, secs / 60 % 60, secs % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{secs:02}") } else { format!("{minutes}:{secs:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_reads_like_a_clock() {
        assert_eq!([0.0, 61.4, 3599.6].map(clock), ["0:00", "1:01", "1:00:00"]);
    }
}
