//! How a run is told: a bar and the newest figures on a terminal, a line now and then elsewhere.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::best::Measure;
use super::terminal::{grouped, note};
use crate::metrics::{Measured, ModeMetrics};
use crate::protocol::StepReport;

/// Without a terminal a line comes after so long, or after so large a share of the run.
const LINE_SECS: u64 = 5;
const LINES_A_RUN: u64 = 20;
/// A terminal is drawn so many times a second, at most: text that nobody can read is not made either.
const DRAWS_A_SECOND: u8 = 4;

/// What was measured, and when.
pub struct Seen<'a> {
    /// Images that had been seen.
    pub images: u64,
    /// Of data that are made of modes.
    pub coverage: Option<&'a ModeMetrics>,
    /// Of points.
    pub scores: &'a [Measured],
    /// Of images.
    pub fidelity: Option<(Measure, f64)>,
    /// Share of reals whose class D finds.
    pub accuracy: Option<f64>,
}

/// The progress of one run, on stderr.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    is_terminal: bool,
    total: u64,
    /// Images per second of training, smoothed.
    rate: f64,
    metrics: String,
    /// When it began, and where: time left is that of the whole work, pictures and metrics included.
    begun: (Instant, u64),
    told: (Instant, u64),
}

impl Progress {
    /// Of a run of `total` images that stands at `images`.
    pub fn new(images: u64, total: u64) -> Self {
        let target = ProgressDrawTarget::stderr_with_hz(DRAWS_A_SECOND);
        let bar = ProgressBar::with_draw_target(Some(total), target).with_position(images);
        bar.set_style(ProgressStyle::with_template("{bar:24} {prefix}\n{msg}").expect("the template is valid"));
        let begun = (Instant::now(), images);
        let is_terminal = !bar.is_hidden(); // asked once, because it asks the system
        Self { bar, is_terminal, total, rate: 0.0, metrics: String::new(), begun, told: begun }
    }

    /// Remembers the newest metrics.
    pub fn measured(&mut self, seen: &Seen) {
        self.metrics = metrics(seen);
    }

    /// Tells what has to be told, above the bar.
    pub fn tell(&self, texts: &[String]) {
        texts.iter().for_each(|text| self.bar.suspend(|| note(text)));
    }

    /// Tells how far the run is, after `trained` more images that took `elapsed`.
    pub fn update(&mut self, report: &StepReport, trained: u64, elapsed: Duration) {
        let rate = trained as f64 / elapsed.as_secs_f64().max(1e-9);
        self.rate = if self.rate == 0.0 { rate } else { 0.8 * self.rate + 0.2 * rate };
        let (when, images) = self.told;
        let enough = if self.is_terminal {
            when.elapsed().as_secs_f64() * f64::from(DRAWS_A_SECOND) >= 1.0
        } else {
            report.images >= images + self.total / LINES_A_RUN || when.elapsed() >= Duration::from_secs(LINE_SECS)
        };
        if !enough && report.images < self.total {
            return;
        }
        self.told = (Instant::now(), report.images);
        if self.is_terminal {
            self.bar.set_prefix(format!("{:.0} % · {}", 100.0 * report.images as f64 / self.total as f64, self.how_far(report.images)));
            self.bar.set_message(format!("{}\n{}", figures(report), self.metrics));
            self.bar.set_position(report.images.min(self.total));
        } else {
            let parts = [self.how_far(report.images), figures(report), self.metrics.clone()];
            note(parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" · "));
        }
    }

    fn how_far(&self, images: u64) -> String {
        let (begun, from) = self.begun;
        let done = images.saturating_sub(from).max(1) as f64;
        let left = self.total.saturating_sub(images) as f64 * begun.elapsed().as_secs_f64() / done;
        let [seen, total] = [images, self.total].map(|images| images as f64 / 1000.0);
        format!("{seen:.1}/{total} kimg · {} images/s · {} left", grouped(self.rate as u64), clock(left))
    }
}

fn figures(StepReport { loss_d, loss_g, accuracy, .. }: &StepReport) -> String {
    format!("loss D {loss_d:.3} G {loss_g:.3} · D right {:.0} %", 100.0 * accuracy)
}

/// The newest metrics, with the place they were measured at: they are older than the losses beside them.
fn metrics(Seen { images, coverage, scores, fidelity, accuracy }: &Seen) -> String {
    let modes = coverage.map(|found| format!("{}/{} modes, HQ {:.0} %", found.modes, found.modes_total, 100.0 * found.hq));
    let scores = scores.iter().map(|measured| format!("{} {:.3}", measured.score.name(), measured.value));
    let fidelity = fidelity.map(|(measure, value)| format!("{measure} {value:.2}"));
    let accuracy = accuracy.map(|share| format!("D names {:.1} % of the reals", 100.0 * share));
    let told: Vec<String> = modes.into_iter().chain(scores).chain(fidelity).chain(accuracy).collect();
    if told.is_empty() { String::new() } else { format!("{} at {:.1} kimg", told.join(" · "), *images as f64 / 1000.0) }
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

    #[test]
    fn metrics_are_told_with_the_place_they_were_measured_at() {
        let seen = Seen { images: 30_016, coverage: None, scores: &[], fidelity: Some((Measure::Fid, 12.346)), accuracy: None };
        assert_eq!(metrics(&seen), "FID 12.35 at 30.0 kimg");
        assert_eq!(metrics(&Seen { fidelity: None, ..seen }), "");
    }
}
