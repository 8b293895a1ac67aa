//! What the guard and the doctor saw of a run, as it is written down: `warnings.jsonl`. There is no file while there is nothing to tell.

use std::path::PathBuf;
use std::time::Duration;

use super::error::Result;
use super::guard::{Guard, Warning, When, variance};
use super::records::Records;
use super::run_dir::RunDir;
use crate::config::TrainConfig;
use crate::protocol::{Finding, StepReport};
use crate::session::Session;

/// Training between two looks at what it waited for.
const WHILE: Duration = Duration::from_secs(20);

/// The guard with its record.
#[derive(Debug)]
pub struct Warnings {
    guard: Guard,
    path: PathBuf,
    lines: Option<Records>,
    /// How long was trained, and thereof waited for images, since that was looked at.
    trained: Duration,
    waited: Duration,
    /// The variance of the data, and how many numbers a sample has.
    data: (f64, usize),
}

impl Warnings {
    /// Of a run that goes on where its session is, with what the guard remembers of it; `reals` are as many as there are samples in a picture.
    pub fn open(run: &RunDir, session: &Session, guard: Guard, reals: &[f32]) -> Result<Self> {
        let path = run.file("warnings.jsonl");
        let lines = path.exists().then(|| Records::open(&path, session.images())).transpose()?;
        let guard = guard.of_run(session.config().total_images(), &Records::read(&path)?);
        let features = session.data().shape().iter().product();
        Ok(Self { guard, path, lines, trained: Duration::ZERO, waited: Duration::ZERO, data: (variance(reals, features), features) })
    }

    /// The guard.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Whether numbers were running away lately.
    pub fn is_alarmed(&self) -> bool {
        self.guard.is_alarmed()
    }

    /// Hears what steps measured; gives what is to be told.
    pub fn hear(&mut self, reports: &[StepReport]) -> Result<Vec<String>> {
        let warnings = self.guard.hear(reports);
        self.write(warnings)
    }

    /// Hears how long steps took, and how long they waited for images.
    pub fn wait(&mut self, when: When, trained: Duration, waited: Duration) -> Result<Vec<String>> {
        self.trained += trained;
        self.waited += waited;
        if self.trained < WHILE {
            return Ok(Vec::new());
        }
        let share = self.waited.as_secs_f64() / self.trained.as_secs_f64();
        (self.trained, self.waited) = (Duration::ZERO, Duration::ZERO);
        let warning = self.guard.wait(when, share);
        self.write(warning.into_iter().collect())
    }

    /// Sees the samples of a picture.
    pub fn see(&mut self, when: When, samples: &[f32]) -> Result<Vec<String>> {
        let (of_data, features) = self.data;
        let share = if of_data > 0.0 { variance(samples, features) / of_data } else { 1.0 };
        let warning = self.guard.see(when, share);
        self.write(warning.into_iter().collect())
    }

    /// Hears what the doctor found.
    pub fn find(&mut self, when: When, findings: &[Finding], config: &TrainConfig) -> Result<Vec<String>> {
        let warnings = self.guard.find(when, findings, config);
        self.write(warnings)
    }

    fn write(&mut self, warnings: Vec<Warning>) -> Result<Vec<String>> {
        for warning in &warnings {
            if self.lines.is_none() {
                self.lines = Some(Records::open(&self.path, u64::MAX)?);
            }
            self.lines.as_mut().map_or(Ok(()), |lines| lines.append(warning))?;
        }
        Ok(warnings.into_iter().map(|warning| warning.told()).collect())
    }

    /// Waits until all lines are on the disk.
    pub fn sync(&self) -> Result<()> {
        self.lines.as_ref().map_or(Ok(()), Records::sync)
    }
}
