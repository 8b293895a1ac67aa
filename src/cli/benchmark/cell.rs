//! One training run of a study: a method on data with a seed.

use std::time::Instant;

use burn::tensor::Device;
use serde::Serialize;

use super::target;
use crate::cli::error::Result;
use crate::cli::wait;
use crate::config::{TrainConfig, on_data};
use crate::data::DataKind;
use crate::error::Error;
use crate::metrics::{ModeMetrics, Score};
use crate::protocol::PointMetrics;
use crate::session::Session;

/// Steps between two looks at whether the study was given up.
const STEPS: u64 = 250;

/// What is measured beside the coverage of modes.
const SCORES: [Score; 2] = [Score::Js, Score::SlicedW1];

/// What is trained.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// The preset.
    pub method: String,
    /// What it imitates.
    pub data: DataKind,
    /// The seed.
    pub seed: u64,
    /// Its settings.
    #[serde(skip)]
    pub config: TrainConfig,
}

/// What came out.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// What was trained.
    #[serde(flatten)]
    pub cell: Cell,
    /// The figures at the end; none where training diverged.
    pub metrics: Option<PointMetrics>,
    /// Whether they are as good as this project asks of its defaults, where it asks.
    pub reached: Option<bool>,
    /// Where training diverged, in words.
    pub diverged: Option<String>,
    /// Steps done.
    pub steps: u64,
    /// Seconds it took, beside the others.
    pub secs: f64,
}

impl Cell {
    /// A method on data with a seed; `kimg` shortens or lengthens the run.
    pub fn new(method: &str, data: DataKind, seed: u64, kimg: Option<f64>) -> Result<Self> {
        let mut config = TrainConfig { seed, ..on_data(method, data)? };
        config.kimg = kimg.unwrap_or(config.kimg);
        config.validate()?;
        Ok(Self { method: method.into(), data, seed, config })
    }

    /// Trains to the end and measures. Divergence is an outcome, not an error.
    pub fn run(self, trained: impl Fn(u64)) -> Result<Outcome> {
        let begun = Instant::now();
        let data = self.config.dataset().ok_or_else(|| Error::setting("data", "is not a toy"))?;
        let mut session = Session::new(self.config.clone(), data, &Device::flex())?;
        let mut diverged = None;
        while session.images() < self.config.total_images() {
            let before = session.images();
            match wait(session.advance(STEPS.min(steps_left(&session)))) {
                Ok(_) => trained(session.images() - before),
                Err(error @ Error::Diverged { .. }) => {
                    trained(self.config.total_images().saturating_sub(before));
                    diverged = Some(error.to_string());
                    break;
                }
                Err(error) => return Err(error.into()),
            }
        }
        let metrics = if diverged.is_none() { Some(wait(session.evaluate(&SCORES))?) } else { None };
        let reached = metrics.as_ref().and_then(|metrics| target::reached(self.data, metrics));
        Ok(Outcome { metrics, reached, diverged, steps: session.step(), secs: begun.elapsed().as_secs_f64(), cell: self })
    }
}

fn steps_left(session: &Session) -> u64 {
    let config = session.config();
    config.total_images().saturating_sub(session.images()).div_ceil(config.images_a_step()).max(1)
}

impl Outcome {
    /// Coverage of modes, where there are modes and training did not diverge.
    pub fn coverage(&self) -> Option<&ModeMetrics> {
        self.metrics.as_ref()?.coverage.as_ref()
    }

    /// A score that was measured.
    pub fn score(&self, score: Score) -> Option<f64> {
        self.metrics.as_ref()?.scores.iter().find(|measured| measured.score == score).map(|measured| measured.value)
    }
}
