//! A run that is trained: advances the session and keeps the run directory up with it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::best::{Best, Measure};
use super::cadence::{Cadence, Cadences, Pace};
use super::error::{CliError, Result};
use super::events::Events;
use super::fingerprint::Fingerprint;
use super::guard::{Guard, When};
use super::lines::{CoverageColumns, FidelityColumns, MetricsLine, StatsLine, kimg};
use super::memory::Memory;
use super::processes::Followers;
use super::progress::{Progress, Seen};
use super::records::Records;
use super::rollback::Rollback;
use super::run_dir::{CONFIG, RunDir};
use super::warnings::Warnings;
use super::watch::Watch;
use super::{files, output, pictures, wait};
use crate::data::{BETWEEN_LOOKS, DataKind};
use crate::doctor;
use crate::error::Error;
use crate::metrics::Score;
use crate::protocol::{Ailment, PointMetrics, StepReport};
use crate::session::Session;

/// However slow the run, so much work at most is lost to a power cut.
const CHECKPOINT_SECS: Duration = Duration::from_secs(60);
/// However slow the run, there is something to see after so long.
const FIRST_PICTURE_SECS: Duration = Duration::from_secs(30);

/// What TensorBoard finds by the middle of its name.
pub const EVENTS: &str = "events.out.tfevents.sparring";

/// How training ended without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All images were seen.
    Finished,
    /// Ctrl-C; the newest checkpoint has seen so many images.
    Interrupted { saved: u64 },
}

/// A session and its run directory.
pub struct Trainer {
    session: Session,
    followers: Followers,
    run: RunDir,
    cadences: Cadences,
    stats: Records,
    metrics: Option<Records>,
    events: Option<Events>,
    watch: Option<Watch>,
    best: Option<Best>,
    warnings: Warnings,
    /// The one rollback, once it is spent.
    rollback: Option<Rollback>,
    /// Images of the newest checkpoint that was saved while nothing ran away: where a rollback leads.
    calm: u64,
    progress: Progress,
    pace: Pace,
    started: Instant,
    saved: Instant,
    has_picture: bool,
}

/// Whether something is measured while it trains.
pub fn has_metrics(session: &Session) -> bool {
    let config = session.config();
    !config.data.is_images() || config.data == DataKind::Shapes || config.conditioning.classifies() || Watch::suits(config, session.data())
}

impl Trainer {
    /// Begins a run. The first checkpoint is written now: a disk that is full or read-only is met before an hour of training.
    pub fn start(session: Session, run: RunDir, cadences: Cadences, followers: Followers) -> Result<Self> {
        let reals = pictures::reals(&session);
        let mut trainer = Self::open(session, run, cadences, followers, (Guard::default(), 0), &reals)?;
        trainer.save()?;
        trainer.introduce(&reals)?;
        Ok(trainer)
    }

    /// Goes on with a run.
    pub fn resume(mut session: Session, run: RunDir, cadences: Cadences, followers: Followers, memory: Option<Value>) -> Result<Self> {
        let reals = pictures::reals(&session);
        let (guard, calm) = match Memory::parse(memory) {
            Some(Memory { guard, doctor, calm }) => {
                session.remember(doctor);
                (guard, calm)
            }
            // A checkpoint that was spared for its calm is the oldest there is.
            None => (Guard::default(), run.oldest()?.unwrap_or(session.images())),
        };
        let mut trainer = Self::open(session, run, cadences, followers, (guard, calm), &reals)?;
        trainer.introduce(&reals)?;
        if trainer.is_best() {
            trainer.save()?; // it was stopped after the line and before the file of its best
        }
        Ok(trainer)
    }

    fn open(
        session: Session,
        run: RunDir,
        cadences: Cadences,
        followers: Followers,
        (guard, calm): (Guard, u64),
        reals: &[f32],
    ) -> Result<Self> {
        followers.begin(&session)?;
        let (images, total) = (session.images(), session.config().total_images());
        let stats = Records::open(&run.file("stats.jsonl"), images)?;
        let watch = Watch::of(&session)?;
        let metrics = has_metrics(&session).then(|| Records::open(&run.file("metrics.jsonl"), images)).transpose()?;
        let path = run.file(EVENTS);
        let events = (cadences.tensorboard || path.exists()).then(|| Events::open(&path, images)).transpose()?;
        let rollback = Rollback::read(&run)?;
        let best = Best::of(&Records::read(&run.file("metrics.jsonl"))?, rollback.as_ref().and_then(|rollback| rollback.best));
        let warnings = Warnings::open(&run, &session, guard, reals)?;
        let now = Instant::now();
        let progress = Progress::new(images, total);
        let pace = Pace::new();
        Ok(Self {
            session,
            followers,
            run,
            cadences,
            stats,
            metrics,
            events,
            watch,
            best,
            warnings,
            rollback,
            calm,
            progress,
            pace,
            started: now,
            saved: now,
            has_picture: false,
        })
    }

    /// Images of the whole run.
    pub fn total(&self) -> u64 {
        self.session.config().total_images()
    }

    /// Images seen.
    pub fn images(&self) -> u64 {
        self.session.images()
    }

    /// The best that was measured.
    pub fn best(&self) -> Option<Best> {
        self.best
    }

    /// Whether it is what was measured last, just now.
    fn is_best(&self) -> bool {
        self.best.is_some_and(|best| best.is_at(self.images()))
    }

    /// Trains to the end, or until `interrupted` is raised. What diverges is rolled back, once.
    pub fn train(&mut self, interrupted: &AtomicBool) -> Result<Outcome> {
        loop {
            match self.train_on(interrupted) {
                Err(CliError::Library(Error::Diverged { images, step, what })) => self.roll_back(images, step, what)?,
                ended => return ended,
            }
        }
    }

    fn train_on(&mut self, interrupted: &AtomicBool) -> Result<Outcome> {
        while self.images() < self.total() {
            if interrupted.load(Ordering::Relaxed) {
                let is_saved = self.is_good_spared();
                if is_saved {
                    self.save()?;
                }
                return Ok(Outcome::Interrupted { saved: if is_saved { self.images() } else { self.calm } });
            }
            if let Some(error) = self.session.data().lost() {
                if self.is_good_spared() {
                    self.save()?; // nothing was learnt from it yet
                }
                return Err(error.into());
            }
            let (before, steps, begun) = (self.images(), self.next_steps(), Instant::now());
            let (step, waited) = (self.session.step(), self.session.data().waited());
            self.followers.advance(steps);
            let done = wait(self.session.advance(steps));
            let elapsed = begun.elapsed();
            let reports = match done {
                Ok(reports) => reports,
                Err(error) => {
                    self.record(&self.session.reports_since(step), elapsed)?; // the steps before it are its evidence
                    return Err(error.into());
                }
            };
            self.pace.learn(steps, elapsed);
            self.record(&reports, elapsed)?;
            let told = self.warnings.wait(self.when(), elapsed, self.session.data().waited() - waited)?;
            self.progress.tell(&told);
            self.keep_up(before)?;
        }
        Ok(Outcome::Finished)
    }

    /// As many steps as the pace says, but none past what is due next, so that cadences are exact in images.
    fn next_steps(&self) -> u64 {
        let (images, batch) = (self.images(), self.session.config().images_a_step());
        let Cadences { metrics, snapshot, checkpoint, .. } = self.cadences;
        let due = [metrics, snapshot, checkpoint].map(|cadence| cadence.steps_left(images, batch));
        let end = (self.total() - images).div_ceil(batch);
        let data = self.session.data();
        // A step takes as many images for G as for D at most; a small set is decoded anew each epoch.
        let between = BETWEEN_LOOKS.min(data.count() as u64) / (2 * batch);
        let looks = if data.is_supplied() { between.max(1) } else { u64::MAX };
        due.into_iter().chain([end, looks]).fold(self.pace.steps(), u64::min)
    }

    fn record(&mut self, reports: &[StepReport], elapsed: Duration) -> Result<()> {
        let batch = self.session.config().images_a_step();
        let trained = reports.len() as u64 * batch;
        for report in reports {
            if self.cadences.stats.is_due(report.images - batch, report.images) || report.images >= self.total() {
                let images_per_sec = (trained as f64 / elapsed.as_secs_f64().max(1e-9)).round();
                let line = StatsLine::of(report, images_per_sec);
                self.stats.append(&line)?;
                self.events.as_mut().map_or(Ok(()), |events| events.append("stats", report.images, &line))?;
            }
        }
        if let Some(last) = reports.last() {
            self.progress.update(last, trained, elapsed);
        }
        let told = self.warnings.hear(reports)?;
        self.progress.tell(&told);
        Ok(())
    }

    /// The state of the last good checkpoint with the doctor's remedy; the error itself where that is not wanted, or was done already.
    fn roll_back(&mut self, images: u64, step: u64, what: String) -> Result<()> {
        let error = Error::Diverged { images, step, what: what.clone() };
        if let Some(first) = &self.rollback {
            return Err(CliError::DivergedAgain { again: error, first: first.to_string(), place: self.run.diverged() });
        }
        if !self.cadences.rollback {
            return Err(error.into());
        }
        let (path, mut checkpoint) = self.run.newest_until(self.calm)?;
        let memory = checkpoint.header.memory.take();
        let mut session = self.session.rewound(checkpoint)?;
        let (remedy, _) = doctor::remedy(Ailment::Divergence, session.config());
        let rollback = Rollback::new((images, step, &what), session.images(), session.config(), &remedy, self.best);
        session.tune(remedy)?;
        rollback.carry_out(&self.run)?;
        self.progress.tell(&[
            format!("{error}"),
            format!(
                "rolled back {rollback}, from {}; this is done once a run. What diverged is in {}",
                path.display(),
                self.run.diverged().display()
            ),
        ]);
        let followers = std::mem::take(&mut self.followers);
        *self = Self::resume(session, self.run.clone(), self.cadences, followers, memory)?;
        Ok(())
    }

    fn when(&self) -> When {
        When { step: self.session.step(), images: self.session.images() }
    }

    /// Does what has become due since `before` images. The checkpoint comes last, so that whatever it has seen is written already.
    fn keep_up(&mut self, before: u64) -> Result<()> {
        let images = self.images();
        let is_due = |cadence: Cadence| cadence.is_due(before, images) || images >= self.session.config().total_images();
        let Cadences { metrics, snapshot, checkpoint, .. } = self.cadences;
        let (metrics, snapshot, checkpoint) = (is_due(metrics), is_due(snapshot), is_due(checkpoint));
        if metrics {
            self.measure()?;
            self.examine()?;
        }
        if snapshot {
            self.see()?;
        } else if !self.has_picture && self.started.elapsed() >= FIRST_PICTURE_SECS {
            self.snapshot()?; // the guard does not see what comes by the clock
        }
        let wanted = checkpoint || (metrics && self.is_best()) || self.saved.elapsed() >= CHECKPOINT_SECS;
        if wanted && (self.is_good_spared() || images >= self.total()) {
            self.save()?;
        }
        Ok(())
    }

    /// What may be lost already never takes the name of what is good.
    fn is_good_spared(&self) -> bool {
        !self.warnings.is_alarmed() || self.run.checkpoint(self.images()) != self.run.checkpoint(self.calm)
    }

    /// What the doctor says of it.
    fn examine(&mut self) -> Result<()> {
        let findings = wait(self.session.examine())?;
        let told = self.warnings.find(self.when(), &findings, self.session.config())?;
        self.progress.tell(&told);
        Ok(())
    }

    /// What explains the run to somebody who finds it, and before its first step a picture of noise. A run that was killed right after its first checkpoint has none of it yet.
    fn introduce(&mut self, reals: &[f32]) -> Result<()> {
        let config = self.session.config();
        files::write(&self.run.file(CONFIG), format!("{}\n", config.to_json()).as_bytes())?;
        files::write(&self.run.file("reals.png"), &output::png(reals, config))?;
        Fingerprint::write(&self.run, self.session.data())?;
        if self.images() == 0 {
            self.see()?;
            self.has_picture = false; // the next one shows what was learnt
        }
        Ok(())
    }

    /// A picture, and what the guard sees in it.
    fn see(&mut self) -> Result<()> {
        let fakes = self.snapshot()?;
        let told = self.warnings.see(self.when(), &fakes)?;
        self.progress.tell(&told);
        Ok(())
    }

    fn snapshot(&mut self) -> Result<Vec<f32>> {
        let (images, config) = (self.images(), self.session.config());
        let fakes = pictures::fakes(&self.session)?;
        files::write(&self.run.fakes(images), &output::png(&fakes, config))?;
        if config.data.is_images() {
            files::write(&self.run.interpolation(images), &output::png(&pictures::interpolation(&self.session)?, config))?;
        }
        self.has_picture = true;
        Ok(fakes)
    }

    fn measure(&mut self) -> Result<()> {
        let Some(records) = &mut self.metrics else { return Ok(()) };
        let config = self.session.config();
        let PointMetrics { coverage, scores } = match config.data {
            DataKind::Shapes => PointMetrics { coverage: Some(wait(self.session.sampler().cover_shapes(config))?), scores: Vec::new() },
            images if images.is_images() => PointMetrics { coverage: None, scores: Vec::new() },
            _ => wait(self.session.evaluate(&[Score::SlicedW1]))?,
        };
        let (step, images) = (self.session.step(), self.session.images());
        let accuracy = wait(self.session.accuracy())?;
        let sliced_w1 = scores.first().map(|measured| measured.value);
        let fidelity = self.watch.as_ref().map(|watch| watch.look(&self.session)).transpose()?;
        let measured = fidelity.as_ref().map(FidelityColumns::measured);
        let seen = Seen { images, coverage: coverage.as_ref(), scores: &scores, fidelity: measured, accuracy };
        let coverage = coverage.as_ref().map(CoverageColumns::of);
        self.progress.measured(&seen);
        let better = Best::better(self.best, images, measured.or(sliced_w1.map(|value| (Measure::SlicedW1, value))));
        let line = MetricsLine { step, images, kimg: kimg(images), coverage, sliced_w1, fidelity, accuracy, best: better.is_some() };
        records.append(&line)?;
        self.events.as_mut().map_or(Ok(()), |events| events.append("metrics", images, &line))?;
        self.best = better.or(self.best);
        Ok(())
    }

    fn save(&mut self) -> Result<()> {
        let is_calm = !self.warnings.is_alarmed();
        let calm = if is_calm { self.images() } else { self.calm };
        let mut checkpoint = wait(self.session.checkpoint())?;
        let (guard, doctor) = (self.warnings.guard().clone(), self.session.doctor().clone());
        checkpoint.header.memory = Some(Memory { guard, doctor, calm }.to_json());
        let bytes = checkpoint.to_bytes()?;
        self.stats.sync()?;
        self.metrics.as_ref().map_or(Ok(()), Records::sync)?;
        self.events.as_ref().map_or(Ok(()), Events::sync)?;
        self.warnings.sync()?;
        let path = self.run.save(self.images(), &bytes, self.cadences.keep, Some(self.calm).filter(|_| !is_calm))?;
        self.calm = calm;
        if self.is_best() {
            files::link(&path, &self.run.best(), &bytes)?;
        }
        self.saved = Instant::now();
        Ok(())
    }
}
