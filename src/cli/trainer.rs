//! A run that is trained: advances the session and keeps the run directory up with it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::best::Best;
use super::cadence::{Cadence, Pace};
use super::error::Result;
use super::events::Events;
use super::lines::{CoverageColumns, FidColumns, MetricsLine, StatsLine, kimg};
use super::progress::Progress;
use super::records::Records;
use super::run_dir::RunDir;
use super::watch::{Watch, Watched};
use super::{files, output, wait};
use crate::metrics::Score;
use crate::protocol::StepReport;
use crate::session::Session;

/// Seed of the latents that the pictures are drawn from, the same in every run.
const GRID_SEED: u64 = 0;
/// Samples in a picture: 8x8 images, or a cloud of points.
const GRID_IMAGES: usize = 64;
const GRID_POINTS: usize = 2_500;
/// However slow the run, so much work at most is lost to a power cut.
const CHECKPOINT_SECS: Duration = Duration::from_secs(60);
/// However slow the run, there is something to see after so long.
const FIRST_PICTURE_SECS: Duration = Duration::from_secs(30);

/// What TensorBoard finds by the middle of its name.
pub const EVENTS: &str = "events.out.tfevents.sparring";

/// What is due when, and what is kept.
#[derive(Debug, Clone, Copy)]
pub struct Cadences {
    /// A line of stats.jsonl.
    pub stats: Cadence,
    /// A line of metrics.jsonl.
    pub metrics: Cadence,
    /// A picture.
    pub snapshot: Cadence,
    /// A checkpoint; whatever is the best so far has one, too.
    pub checkpoint: Cadence,
    /// How many checkpoints stay, the newest.
    pub keep: usize,
    /// Whether TensorBoard's event file is written from the start; one that is there is always gone on with.
    pub tensorboard: bool,
}

/// How training ended without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All images were seen.
    Finished,
    /// Ctrl-C; the state is saved.
    Interrupted,
}

/// A session and its run directory.
pub struct Trainer {
    session: Session,
    run: RunDir,
    cadences: Cadences,
    stats: Records,
    metrics: Option<Records>,
    events: Option<Events>,
    watch: Option<Watch>,
    best: Option<Best>,
    progress: Progress,
    pace: Pace,
    started: Instant,
    saved: Instant,
    has_picture: bool,
}

/// Whether something is measured while it trains.
pub fn has_metrics(session: &Session) -> bool {
    let config = session.config();
    !config.data.is_images() || config.conditioning.classifies() || Watch::network(session).is_some()
}

impl Trainer {
    /// Begins a run. The first checkpoint is written now: a disk that is full or read-only is met before an hour of training.
    pub fn start(session: Session, run: RunDir, cadences: Cadences) -> Result<Self> {
        let mut trainer = Self::open(session, run, cadences)?;
        trainer.save()?;
        trainer.describe()?;
        trainer.snapshot()?;
        trainer.has_picture = false; // of noise: the next one shows what was learnt
        Ok(trainer)
    }

    /// Goes on with a run.
    pub fn resume(session: Session, run: RunDir, cadences: Cadences) -> Result<Self> {
        let mut trainer = Self::open(session, run, cadences)?;
        trainer.describe()?;
        if trainer.is_best() {
            trainer.save()?; // it was stopped after the line and before the file of its best
        }
        Ok(trainer)
    }

    fn open(session: Session, run: RunDir, cadences: Cadences) -> Result<Self> {
        let (images, total) = (session.images(), session.config().total_images());
        let stats = Records::open(&run.file("stats.jsonl"), images)?;
        let watch = Watch::of(&session)?;
        let metrics = has_metrics(&session).then(|| Records::open(&run.file("metrics.jsonl"), images)).transpose()?;
        let path = run.file(EVENTS);
        let events = (cadences.tensorboard || path.exists()).then(|| Events::open(&path, images)).transpose()?;
        let best = Best::told(&Records::read(&run.file("metrics.jsonl"))?);
        let now = Instant::now();
        let progress = Progress::new(images, total);
        let pace = Pace::new();
        Ok(Self {
            session,
            run,
            cadences,
            stats,
            metrics,
            events,
            watch,
            best,
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
        self.best.is_some_and(|best| best.images == self.images())
    }

    /// Trains to the end, or until `interrupted` is raised.
    pub fn train(&mut self, interrupted: &AtomicBool) -> Result<Outcome> {
        while self.images() < self.total() {
            if interrupted.load(Ordering::Relaxed) {
                self.save()?;
                return Ok(Outcome::Interrupted);
            }
            let (before, steps, begun) = (self.images(), self.next_steps(), Instant::now());
            let reports = wait(self.session.advance(steps))?;
            let elapsed = begun.elapsed();
            self.pace.learn(steps, elapsed);
            self.record(&reports, elapsed)?;
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
        due.into_iter().chain([end]).fold(self.pace.steps(), u64::min)
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
        Ok(())
    }

    /// Does what has become due since `before` images. The checkpoint comes last, so that whatever it has seen is written already.
    fn keep_up(&mut self, before: u64) -> Result<()> {
        let images = self.images();
        let is_due = |cadence: Cadence| cadence.is_due(before, images) || images >= self.session.config().total_images();
        let Cadences { metrics, snapshot, checkpoint, .. } = self.cadences;
        let (metrics, snapshot, checkpoint) = (is_due(metrics), is_due(snapshot), is_due(checkpoint));
        if metrics {
            self.measure()?;
        }
        if snapshot || (!self.has_picture && self.started.elapsed() >= FIRST_PICTURE_SECS) {
            self.snapshot()?;
        }
        if checkpoint || (metrics && self.is_best()) || self.saved.elapsed() >= CHECKPOINT_SECS {
            self.save()?;
        }
        Ok(())
    }

    /// What explains the run to somebody who finds it.
    fn describe(&self) -> Result<()> {
        let config = self.session.config();
        files::write(&self.run.file("config.json"), format!("{}\n", config.to_json()).as_bytes())?;
        let reals = self.session.data().reals(self.picture_count(), GRID_SEED);
        files::write(&self.run.file("reals.png"), &output::png(&reals, config))
    }

    fn picture_count(&self) -> usize {
        if self.session.config().data.is_images() { GRID_IMAGES } else { GRID_POINTS }
    }

    fn snapshot(&mut self) -> Result<()> {
        let config = self.session.config();
        let latents = config.latent.draw(GRID_SEED, self.picture_count(), config.latent_dim);
        let fakes = wait(self.session.sampler().generate(&latents))?;
        files::write(&self.run.fakes(self.images()), &output::png(&fakes, config))?;
        self.has_picture = true;
        Ok(())
    }

    fn measure(&mut self) -> Result<()> {
        let Some(records) = &mut self.metrics else { return Ok(()) };
        let of_points = !self.session.config().data.is_images();
        let measured = of_points.then(|| wait(self.session.evaluate(&[Score::SlicedW1]))).transpose()?;
        let (step, images) = (self.session.step(), self.session.images());
        let accuracy = wait(self.session.accuracy())?;
        let coverage = measured.as_ref().and_then(|measured| measured.coverage.as_ref());
        let coverage = coverage.map(CoverageColumns::of);
        let sliced_w1 = measured.as_ref().map(|measured| measured.scores[0].value);
        let watched = self.watch.as_ref().map(|watch| watch.look(&self.session)).transpose()?;
        let fid = watched.map(|Watched { fid, network, samples }| FidColumns { fid, fid_features: network, fid_samples: samples });
        self.progress.measured(measured.as_ref(), fid.as_ref().map(|columns| columns.fid), accuracy);
        let better = Best::better(self.best, images, fid.as_ref().map(|columns| columns.fid), sliced_w1);
        let line = MetricsLine { step, images, kimg: kimg(images), coverage, sliced_w1, fid, accuracy, best: better.is_some() };
        records.append(&line)?;
        self.events.as_mut().map_or(Ok(()), |events| events.append("metrics", images, &line))?;
        self.best = better.or(self.best);
        let findings = wait(self.session.examine())?;
        self.progress.found(&findings, self.session.config(), step);
        Ok(())
    }

    fn save(&mut self) -> Result<()> {
        let bytes = wait(self.session.save())?;
        self.stats.sync()?;
        self.metrics.as_ref().map_or(Ok(()), Records::sync)?;
        self.events.as_ref().map_or(Ok(()), Events::sync)?;
        let path = self.run.save(self.images(), &bytes, self.cadences.keep)?;
        if self.is_best() {
            files::link(&path, &self.run.best(), &bytes)?;
        }
        self.saved = Instant::now();
        Ok(())
    }
}
