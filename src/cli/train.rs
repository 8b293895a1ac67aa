//! `sparring train`: from arguments to a session and a run directory. Everything is checked before anything is written.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use serde_json::Value;

use super::cadence::Cadence;
use super::config_file;
use super::data::{self, DataArgs};
use super::device::{DeviceArg, FORMS};
use super::dry_run::Plan;
use super::error::{CliError, Result, STOPPED};
use super::files;
use super::fingerprint::Fingerprint;
use super::processes::{self, Followers, Role};
use super::report;
use super::rollback::Rollback;
use super::run_dir::{KEPT, RunDir};
use super::terminal::{self, grouped, note, quoted};
use super::trainer::{Cadences, Outcome, Trainer};
use crate::checkpoint::Checkpoint;
use crate::config::{Preset, TrainConfig, differences, on_data, preset, set, value_at};
use crate::error::Error;
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
    if args.dry_run {
        return rehearse(args, &followers.part());
    }
    let interrupted = watch_for_interruption();
    let processes = followers.part().size();
    let (mut trainer, run) = if args.resume { resume(args, followers)? } else { start(args, followers)? };
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
        Ok(Outcome::Interrupted) => {
            if let Err(error) = reported {
                note(format!("error: {error}"));
            }
            let (command, images, total) = (resume_command(args, processes, run.root()), grouped(images), grouped(total));
            return Err(CliError::Stopped(format!("stopped at {images} of {total} images and saved; to go on:\n  {command}")));
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
fn rehearse(args: &TrainArgs, part: &Part) -> Result<()> {
    let (session, run) = if args.resume {
        let Stopped { session, run, .. } = stopped(args, found(args)?, part)?;
        (session, run)
    } else {
        let session = new(args, part)?;
        let run = RunDir::planned(args.out.as_deref(), &name(args, session.config()), &family(&session))?;
        (session, run)
    };
    files::check_writable(run.root())?;
    let cadences = cadences(args, session.config());
    Plan { session: &session, root: run.root(), preset: &base(args)?, cadences }.print()
}

/// A run that has not begun.
fn new(args: &TrainArgs, part: &Part) -> Result<Session> {
    let config = asked(args, base(args)?)?;
    if let Some(out) = args.out.as_ref().filter(|_| !args.resume) {
        RunDir::check_free(out)?;
    }
    let data = data::load(&config, &args.data)?;
    Ok(Session::new(config, data, &args.device.open_for(part)?.device)?.shared(part.clone())?)
}

/// The name of a run's architecture.
fn family(session: &Session) -> String {
    value(session.config(), "family").as_str().expect("a family's JSON is its name").into()
}

fn start(args: &TrainArgs, followers: Followers) -> Result<(Trainer, RunDir)> {
    let session = new(args, &followers.part())?;
    let run = RunDir::create(args.out.as_deref(), &name(args, session.config()), &family(&session))?;
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

/// A run that has stopped.
struct Stopped {
    /// As it was at its newest checkpoint.
    session: Session,
    run: RunDir,
    /// That checkpoint; none where the run was killed before it had one.
    path: Option<PathBuf>,
    /// Its one rollback, where it is spent.
    rollback: Option<Rollback>,
}

/// The folder of the run that `--resume` means.
fn found(args: &TrainArgs) -> Result<RunDir> {
    RunDir::find(args.out.as_deref(), &name(args, &assigned(args, base(args)?)?))
}

fn stopped(args: &TrainArgs, run: RunDir, part: &Part) -> Result<Stopped> {
    let base = base(args)?;
    if run.has_not_begun()? {
        return Ok(Stopped { session: new(args, part)?, run, path: None, rollback: None });
    }
    let (path, mut checkpoint) = run.newest()?;
    let rollback = Rollback::read(&run)?;
    let config = resumed_config(args, &base, &checkpoint, rollback.as_ref())?;
    refuse_shorter(args, &checkpoint, &config)?;
    checkpoint.header.config = config;
    let data = data::load(&checkpoint.header.config, &args.data)?;
    Fingerprint::check(&run, &data)?;
    let session = Session::resume(checkpoint, data, &args.device.open_for(part)?.device)?.shared(part.clone())?;
    Ok(Stopped { session, run, path: Some(path), rollback })
}

/// Refuses a length that the run is beyond: it would be taken for complete, and its own length forgotten.
fn refuse_shorter(args: &TrainArgs, checkpoint: &Checkpoint, config: &TrainConfig) -> Result<()> {
    let (seen, old) = (checkpoint.header.images, checkpoint.header.config.kimg);
    if config.kimg < old && config.total_images() < seen {
        let problem = format!("the run has seen {} images of {old} kimg; it can be made longer", grouped(seen));
        let place = if args.kimg.is_some() { "--kimg" } else { "kimg" };
        return Err(CliError::Usage(format!("{place} {}: {problem}, or end there", config.kimg)));
    }
    Ok(())
}

fn resume(args: &TrainArgs, followers: Followers) -> Result<(Trainer, RunDir)> {
    let Stopped { session, run, path, rollback } = stopped(args, found(args)?.locked()?, &followers.part())?;
    let Some(path) = path else {
        note(format!("{}: was stopped before its first checkpoint; it begins anew", run.root().display()));
        let root = run.root().to_owned();
        drop(run); // and its lock
        let run = RunDir::create(Some(&root), "", "")?.locked()?;
        run.clear_unfinished()?;
        return begin(args, session, run, followers);
    };
    note(format!("run: {}, resumed at {} images from {}", run.root().display(), grouped(session.images()), path.display()));
    if let Some(rollback) = rollback {
        note(format!("it diverged and was rolled back {rollback}; if it diverges again, it stops"));
    }
    if session.images() >= session.config().total_images() {
        note("the run is complete; a larger --kimg extends it");
    }
    run.clear_after(&path)?;
    let cadences = cadences(args, session.config());
    Ok((Trainer::resume(session, run.clone(), cadences, followers)?, run))
}

/// What the file and `--set` change: the preset, or a method as it is on the data asked for; without a preset the defaults.
fn base(args: &TrainArgs) -> Result<TrainConfig> {
    let Some(name) = &args.preset else { return Ok(TrainConfig::default()) };
    let Preset { config, method, .. } = preset(name)?;
    let data = assigned(args, config.clone())?.data;
    if method && data != config.data { Ok(on_data(name, data)?) } else { Ok(config) }
}

/// What the run is called: after its preset, or after its data.
fn name(args: &TrainArgs, config: &TrainConfig) -> String {
    args.preset.clone().unwrap_or_else(|| config.data.name())
}

/// The config asked for, as a whole.
fn asked(args: &TrainArgs, base: TrainConfig) -> Result<TrainConfig> {
    let config = data::described(assigned(args, base)?, &args.data)?;
    config.validate()?;
    Ok(config)
}

/// A base, then `--config`, then `--set`, then the flags of their own.
fn assigned(args: &TrainArgs, base: TrainConfig) -> Result<TrainConfig> {
    let base = args.config.as_deref().map_or(Ok(base.clone()), |path| config_file::over(&base, path))?;
    let mut config = args.set.iter().try_fold(base, |config, assignment| set(&config, assignment))?;
    config.seed = args.seed.unwrap_or(config.seed);
    config.kimg = args.kimg.unwrap_or(config.kimg);
    Ok(config)
}

/// The checkpoint's config, if nothing was asked for that contradicts it; only the length may change.
///
/// What is not asked for is taken from the checkpoint rather than from the preset, so that `--resume` does not need every `--set` again. Data and family
/// are what a preset is about: these two must be the preset's. What a rollback changed may be asked for as it was or as it is; it stays changed.
fn resumed_config(args: &TrainArgs, base: &TrainConfig, checkpoint: &Checkpoint, rollback: Option<&Rollback>) -> Result<TrainConfig> {
    let saved = &checkpoint.header.config;
    let from_preset = assigned(args, base.clone())?;
    let agreed = |made_with: &TrainConfig| {
        let config = asked(args, TrainConfig { data: from_preset.data, family: from_preset.family, ..made_with.clone() })?;
        unchanged_but_length(made_with, &config).map(|()| config)
    };
    let Some(rollback) = rollback else { return agreed(saved) };
    let config = agreed(&rollback.undone(saved)?).or_else(|refused| agreed(&rollback.applied(saved)?).map_err(|_: CliError| refused))?;
    rollback.applied(&config)
}

/// Refuses a config that is not the one a run was made with.
fn unchanged_but_length(made_with: &TrainConfig, config: &TrainConfig) -> Result<()> {
    let changed: Vec<String> = differences(made_with, config).into_iter().filter(|key| key != "kimg").collect();
    if changed.is_empty() {
        return Ok(());
    }
    let change = |key: &String| format!("{key}: {} → {}", short(&value(made_with, key)), short(&value(config, key)));
    Err(Error::OtherConfig { difference: changed.iter().map(change).collect::<Vec<_>>().join(", ") }.into())
}

/// A value as text; a list by its length.
fn short(value: &Value) -> String {
    value.as_array().map_or_else(|| value.to_string(), |list| format!("a list of {}", list.len()))
}

/// A setting's value by its dotted name.
fn value(config: &TrainConfig, key: &str) -> Value {
    value_at(config, key).unwrap_or_default()
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

/// The command that goes on with this run.
fn resume_command(args: &TrainArgs, processes: usize, root: &Path) -> String {
    let launcher = if processes > 1 { format!("mpirun -n {processes} ") } else { String::new() };
    let mut words: Vec<String> = args.preset.iter().cloned().collect();
    let mut flag = |name: &str, value: Option<String>| words.extend(value.into_iter().flat_map(|value| [name.into(), value]));
    flag("--config", args.config.as_ref().map(|path| path.display().to_string()));
    args.set.iter().for_each(|set| flag("--set", Some(set.clone())));
    flag("--seed", args.seed.map(|seed| seed.to_string()));
    flag("--kimg", args.kimg.map(|kimg| kimg.to_string()));
    flag("--data", args.data.path.as_ref().map(|path| path.display().to_string()));
    flag("--data-gib", args.data.other_gib());
    flag("--device", Some(args.device.to_string()).filter(|device| device != DEVICE));
    flag("--keep", Some(args.keep).filter(|&keep| keep != KEPT).map(|keep| keep.to_string()));
    flag("--snapshot-kimg", args.snapshot_kimg.map(|kimg| kimg.to_string()));
    flag("--checkpoint-kimg", args.checkpoint_kimg.map(|kimg| kimg.to_string()));
    flag("--metrics-kimg", args.metrics_kimg.map(|kimg| kimg.to_string()));
    flag("--stats-kimg", Some(args.stats_kimg).filter(|&kimg| kimg != STATS_KIMG).map(|kimg| kimg.to_string()));
    flag("--out", Some(root.display().to_string()));
    let switches = [("--skip-bad-images", args.data.skip_bad_images), ("--no-rollback", args.no_rollback), ("--resume", true)];
    words.extend(switches.into_iter().filter(|(_, given)| *given).map(|(switch, _)| switch.into()));
    format!("{launcher}sparring train {}", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "))
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
