//! `sparring train --dry-run`: what a run would be, told once everything that can refuse it has been asked. Nothing is written.

use std::path::Path;

use crate::cli::cadence::Cadences;
use crate::cli::error::Result;
use crate::cli::memory::MOST_BYTES;
use crate::cli::terminal::{self, grouped, shortened};
use crate::cli::trainer::{EVENTS, has_metrics};
use crate::cli::wait;
use crate::config::{TrainConfig, changes};
use crate::data::DataKind;
use crate::session::Session;

/// A setting's text that is longer is a list of a person's own points.
const LONGEST: usize = 60;

/// A run that could begin now.
pub struct Plan<'a> {
    /// What would be trained, from where it stands.
    pub session: &'a Session,
    /// The run's folder.
    pub root: &'a Path,
    /// The settings without those of the command line.
    pub preset: &'a TrainConfig,
    /// What would be due when.
    pub cadences: Cadences,
}

impl Plan<'_> {
    /// Prints it.
    pub fn print(&self) -> Result<()> {
        let Self { session, root, preset, .. } = self;
        let (g, d) = session.parameters();
        let state = if session.images() == 0 { "new".into() } else { format!("resumed at {} images", grouped(session.images())) };
        let rows = [
            ("run", format!("{}, {state}", root.display())),
            ("data", data(session)),
            ("settings", settings(preset, session.config())),
            ("parameters", format!("G {}, D {}", grouped(g as u64), grouped(d as u64))),
            ("length", length(session)),
        ];
        let rows = rows.into_iter().chain(self.files()?.into_iter().enumerate().map(|(i, file)| (if i == 0 { "files" } else { "" }, file)));
        let lines: Vec<String> = rows.map(|(name, text)| format!("{name:<11} {text}")).collect();
        terminal::print(lines.join("\n"))
    }

    /// What would lie in the run's folder.
    fn files(&self) -> Result<Vec<String>> {
        let Cadences { stats, metrics, snapshot, checkpoint, keep, tensorboard, .. } = self.cadences;
        let size = grouped((wait(self.session.save())?.len() + MOST_BYTES) as u64);
        let metrics = has_metrics(self.session).then(|| format!("metrics.jsonl, a line every {metrics}"));
        let events = (tensorboard || self.root.join(EVENTS).exists()).then(|| EVENTS.into());
        let first = ["config.json, reals.png, at the end report.html".into(), format!("stats.jsonl, a line every {stats}")];
        let last = [
            format!(
                "{}, at the start, every {snapshot} and at the end",
                if self.session.config().data.is_images() { "fakes-…k.png and interpolation-…k.png" } else { "fakes-…k.png" }
            ),
            format!(
                "checkpoints/…k.sparring, every {checkpoint}, each minute and at the end; up to {size} bytes each, the newest {keep} stay"
            ),
        ];
        Ok(first.into_iter().chain(metrics).chain(events).chain(last).collect())
    }
}

fn data(session: &Session) -> String {
    let (config, data) = (session.config(), session.data());
    let name = config.data.name();
    match config.data {
        DataKind::Points => format!("{name}: {} of your own", grouped(config.points.len() as u64)),
        _ if data.count() == 0 => format!("{name}: points, drawn from their formula"),
        _ => {
            let shape: Vec<String> = data.shape().iter().map(usize::to_string).collect();
            let labels = if data.has_labels() { "with" } else { "without" };
            format!("{name}: {} images of {}, {labels} classes", grouped(data.count() as u64), shape.join("x"))
        }
    }
}

/// What the command line changes.
fn settings(preset: &TrainConfig, config: &TrainConfig) -> String {
    let said = |change: String| change.split_once('=').map(|(key, value)| format!("{key}={}", shortened(value, LONGEST)));
    let changed: Vec<String> = changes(preset, config).into_iter().filter_map(said).collect();
    if changed.is_empty() { "those of the preset".into() } else { format!("those of the preset, but {}", changed.join(" ")) }
}

fn length(session: &Session) -> String {
    let config = session.config();
    let batch = config.images_a_step();
    let steps = config.total_images().saturating_sub(session.images()).div_ceil(batch);
    let told = |count: u64, one: &str| format!("{} {one}{}", grouped(count), if count == 1 { "" } else { "s" });
    format!("{} in {} of {}", told(steps * batch, "image"), told(steps, "step"), told(batch, "image"))
}
