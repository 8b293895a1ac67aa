//! `sparring train`: from arguments to a session and a run directory. Everything is checked before anything is written.

mod config_file;
mod dry_run;
mod resume;
mod settings;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use self::dry_run::Plan;
use super::cadence::{Cadence, Cadences};
use super::data::{self, DataArgs};
use super::device::{DeviceArg, FORMS};
use super::error::{CliError, Result, STOPPED};
use super::files;
use super::processes::{self, Followers, Role};
use super::report;
use super::run_dir::{KEPT, RunDir};
use super::terminal::{self, grouped, note};
use super::trainer::{Outcome, Trainer};
use crate::config::{TrainConfig, value_at};
use crate::session::Session;
use crate::team::Part;

/// How often pictures, metrics and checkpoints come, unless said otherwise.
const TIMES_A_RUN: u64 = 20;

/// Thousands of images between lines of figures, unless said otherwise.
const STATS_KIMG: f64 = 1.0;

/// Where to compute, unless said otherwise.
const DEVICE: &str = "auto";

/// The arguments.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// What to train; `sparring presets` lists them. With --config it may be left out.
    #[arg(required_unless_present = "config")]
    preset: Option<String>,
    #[command(flatten)]
    pub data: DataArgs,
    /// Settings as JSON, all or some, as in a run's config.json; a run may be resumed with the file it began with.
    ///
    /// Where settings contradict each other, what comes later in this row is taken: preset, --config, --set in their order, --seed and --kimg. Without a preset the
    /// settings that the file does not name are those of ring8. A setting that does not exist is an error.
    #[arg(long, value_name = "FILE.json")]
    config: Option<PathBuf>,
    /// Changes a setting of the preset, e.g. --set generator.width=32 --set r1=0.1.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Where to compute; `sparring devices` shows what there is, and its numbers.
    #[arg(long, value_name = FORMS, default_value = DEVICE)]
    pub device: DeviceArg,
    /// Seed of all random streams; the same seed gives the same run.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Length of the run in thousands of images.
    #[arg(long, value_name = "N")]
    kimg: Option<f64>,
    /// The run's folder [default: the next number below runs/].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Goes on from the newest checkpoint in --out, or of the preset's newest run below runs/.
    ///
    /// Settings come from the checkpoint; --kimg may extend the run, other settings may be repeated but not changed.
    #[arg(long)]
    resume: bool,
    /// Thousands of images between pictures [default: about 20 a run].
    #[arg(long, value_name = "N", value_parser = whole_kimg)]
    snapshot_kimg: Option<f64>,
    /// Thousands of images between checkpoints [default: about 20 a run]; one more comes every minute.
    #[arg(long, value_name = "N", value_parser = whole_kimg)]
    checkpoint_kimg: Option<f64>,
    /// Checkpoints that are kept, the newest; beside them stays the best of a run that is measured, checkpoints/best.sparring.
    #[arg(long, value_name = "N", default_value_t = KEPT, value_parser = at_least_one)]
    keep: usize,
    /// Thousands of images between metrics [default: about 20 a run].
    #[arg(long, value_name = "N", value_parser = positive_kimg)]
    metrics_kimg: Option<f64>,
    /// Thousands of images between lines of stats.jsonl.
    #[arg(long, value_name = "N", default_value_t = STATS_KIMG, value_parser = positive_kimg)]
    stats_kimg: f64,
    /// Writes the figures of stats.jsonl and metrics.jsonl as an event file for TensorBoard, too, over images seen.
    #[arg(long)]
    tensorboard: bool,
    /// Stops a run that diverges at once. Otherwise it goes back to its last good checkpoint, once, with the remedy of the doctor: WGAN without a gradient penalty gets that of
    /// WGAN-GP, any other game a tenth of its learning rates. If it diverges again, it stops.
    #[arg(long)]
    no_rollback: bool,
    /// Checks settings, data, device and folder, and says what would run; nothing is written.
    #[arg(long)]
    dry_run: bool,
}

/// Trains, and says how it went.
pub fn run(args: &TrainArgs) -> Result<()> {
    let followers = match Role::of_this_process()? {
        Role::First(followers) => followers,
        Role::Follower(team) => {
            watch_for_interruption(); // the first saves, and says when it is over
            processes::follow(&team, args);
            return Ok(());
        }
    };
    let base = args.base()?;
    if args.dry_run {
        return rehearse(args, &base, &followers.part());
    }
    let interrupted = watch_for_interruption();
    let processes = followers.part().size();
    let (mut trainer, run) = if args.resume { resume::resume(args, &base, followers)? } else { start(args, &base, followers)? };
    let total = trainer.total();
    let outcome = trainer.train(&interrupted);
    let (images, best) = (trainer.images(), trainer.best());
    let reported = report::write(&run);
    drop(trainer); // ends the progress bar before words follow it
    match outcome {
        Ok(Outcome::Finished) => {
            note(format!("done: {} images", grouped(images)));
            if let Some(best) = best {
                note(format!("best: {best}, {}", run.best().display()));
            }
        }
        Ok(Outcome::Interrupted { saved }) => {
            if let Err(error) = reported {
                note(format!("error: {error}"));
            }
            let command = resume::command(args, processes, run.root());
            let how = if saved == images {
                " and saved".into()
            } else {
                format!("; its numbers ran away, so the good checkpoint at image {} was not overwritten by it", grouped(saved))
            };
            return Err(CliError::Stopped(format!(
                "stopped at {} of {} images{how}; to go on:\n  {command}",
                grouped(images),
                grouped(total)
            )));
        }
        Err(error) => {
            if let Ok((path, checkpoint)) = run.newest() {
                note(format!("last good checkpoint: {} (image {})", path.display(), grouped(checkpoint.header.images)));
            }
            return Err(error);
        }
    }
    reported?;
    terminal::print(run.root().display())
}

/// Everything up to the first file.
fn rehearse(args: &TrainArgs, base: &TrainConfig, part: &Part) -> Result<()> {
    let (session, run) = if args.resume {
        let stopped = resume::stopped(args, base, resume::found(args, base)?, part)?;
        (stopped.session, stopped.run)
    } else {
        let session = new(args, base, part)?;
        let run = RunDir::planned(args.out.as_deref(), &args.name(session.config()), &family(&session))?;
        (session, run)
    };
    files::check_writable(run.root())?;
    let cadences = cadences(args, session.config());
    Plan { session: &session, root: run.root(), preset: base, cadences }.print()
}

/// A run that has not begun.
fn new(args: &TrainArgs, base: &TrainConfig, part: &Part) -> Result<Session> {
    let config = args.asked(base)?;
    if let Some(out) = args.out.as_ref().filter(|_| !args.resume) {
        RunDir::check_free(out)?;
    }
    let data = data::load(&config, &args.data)?;
    Ok(Session::new(config, data, &args.device.open_for(part)?.device)?.shared(part.clone())?)
}

/// The name of a run's architecture.
fn family(session: &Session) -> String {
    let family = value_at(session.config(), "family").expect("every config has a family");
    family.as_str().expect("a family's JSON is its name").into()
}

fn start(args: &TrainArgs, base: &TrainConfig, followers: Followers) -> Result<(Trainer, RunDir)> {
    let session = new(args, base, &followers.part())?;
    let run = RunDir::create(args.out.as_deref(), &args.name(session.config()), &family(&session))?;
    begin(args, session, run.locked()?, followers)
}

/// The first checkpoint of a run in its folder.
fn begin(args: &TrainArgs, session: Session, run: RunDir, followers: Followers) -> Result<(Trainer, RunDir)> {
    if !followers.part().is_whole() {
        let (processes, batch) = (followers.part().size(), session.config().batch);
        note(format!("processes: {processes}, each learns from {} of the {batch} samples of a batch", batch / processes));
    }
    note(format!(
        "run: {} ({} + {} parameters)",
        run.root().display(),
        grouped(session.parameters().0 as u64),
        grouped(session.parameters().1 as u64)
    ));
    let cadences = cadences(args, session.config());
    Ok((Trainer::start(session, run.clone(), cadences, followers)?, run))
}

fn cadences(args: &TrainArgs, config: &TrainConfig) -> Cadences {
    let or_often = |kimg: Option<f64>| kimg.map_or_else(|| Cadence::times_a_run(TIMES_A_RUN, config.total_images()), Cadence::kimg);
    Cadences {
        stats: Cadence::kimg(args.stats_kimg),
        metrics: or_often(args.metrics_kimg),
        snapshot: or_often(args.snapshot_kimg),
        checkpoint: or_often(args.checkpoint_kimg),
        keep: args.keep,
        tensorboard: args.tensorboard,
        rollback: !args.no_rollback,
    }
}

/// A flag that Ctrl-C raises. The second time it ends the program at once; files are whole even then.
fn watch_for_interruption() -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&interrupted);
    let watching = ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::Relaxed) {
            note("stopped at once, without saving; what was saved before is whole");
            std::process::exit(i32::from(STOPPED));
        }
    });
    if let Err(error) = watching {
        note(format!("Ctrl-C will stop at once, without saving: {error}"));
    }
    interrupted
}

fn at_least_one(text: &str) -> std::result::Result<usize, String> {
    text.parse().ok().filter(|&count| count >= 1).ok_or_else(|| "must be a whole number from 1".into())
}

fn positive_kimg(text: &str) -> std::result::Result<f64, String> {
    text.parse().ok().filter(|kimg| (0.001..=1e9).contains(kimg)).ok_or_else(|| "must be a number from 0.001 to 1e9".into())
}

/// For files that are named by their thousands of images.
fn whole_kimg(text: &str) -> std::result::Result<f64, String> {
    positive_kimg(text).ok().filter(|kimg| *kimg >= 1.0).ok_or_else(|| "must be a number from 1 to 1e9".into())
}
