//! `--resume`: a run as it was when it stopped, and the command that goes on with it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{DEVICE, STATS_KIMG, TrainArgs, begin, cadences, new};
use crate::checkpoint::Checkpoint;
use crate::cli::data;
use crate::cli::error::{CliError, Result};
use crate::cli::fingerprint::Fingerprint;
use crate::cli::processes::Followers;
use crate::cli::rollback::Rollback;
use crate::cli::run_dir::{KEPT, RunDir};
use crate::cli::terminal::{grouped, note, quoted};
use crate::cli::trainer::Trainer;
use crate::config::{TrainConfig, differences, value_at};
use crate::error::Error;
use crate::session::Session;
use crate::team::Part;

/// A run that has stopped.
pub(super) struct Stopped {
    /// As it was at its newest checkpoint.
    pub session: Session,
    /// Its folder.
    pub run: RunDir,
    /// That checkpoint, and what was remembered of the run there; none where it was killed before it had one.
    at: Option<(PathBuf, Option<Value>)>,
    /// Its one rollback, where it is spent.
    rollback: Option<Rollback>,
}

/// The folder of the run that is meant: `--out`, or the newest of its name.
pub(super) fn found(args: &TrainArgs, base: &TrainConfig) -> Result<RunDir> {
    RunDir::find(args.out.as_deref(), &args.name(&args.over(base)?))
}

/// The run in a folder; what was asked for may not contradict it.
pub(super) fn stopped(args: &TrainArgs, base: &TrainConfig, run: RunDir, part: &Part) -> Result<Stopped> {
    if run.has_not_begun()? {
        return Ok(Stopped { session: new(args, base, part)?, run, at: None, rollback: None });
    }
    let (path, mut checkpoint) = run.newest()?;
    let rollback = Rollback::read(&run)?;
    let config = agreed(args, base, &checkpoint, rollback.as_ref())?;
    refuse_shorter(args, &checkpoint, &config)?;
    checkpoint.header.config = config;
    let memory = checkpoint.header.memory.take();
    let data = data::load(&checkpoint.header.config, &args.data)?;
    Fingerprint::check(&run, &data)?;
    let session = Session::resume(checkpoint, data, &args.device.open_for(part)?.device)?.shared(part.clone())?;
    Ok(Stopped { session, run, at: Some((path, memory)), rollback })
}

/// Goes on with it, and says from where.
pub(super) fn resume(args: &TrainArgs, base: &TrainConfig, followers: Followers) -> Result<(Trainer, RunDir)> {
    let Stopped { session, run, at, rollback } = stopped(args, base, found(args, base)?.locked()?, &followers.part())?;
    let Some((path, memory)) = at else {
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
    Ok((Trainer::resume(session, run.clone(), cadences, followers, memory)?, run))
}

/// The checkpoint's config, if nothing was asked for that contradicts it; only the length may change.
///
/// What is not asked for is taken from the checkpoint rather than from the preset, so that `--resume` does not need every `--set` again. Data and family
/// are what a preset is about: these two must be the preset's. What a rollback changed may be asked for as it was or as it is; it stays changed.
fn agreed(args: &TrainArgs, base: &TrainConfig, checkpoint: &Checkpoint, rollback: Option<&Rollback>) -> Result<TrainConfig> {
    let saved = &checkpoint.header.config;
    let from_preset = args.over(base)?;
    let with = |made_with: &TrainConfig| {
        let config = args.asked(&TrainConfig { data: from_preset.data, family: from_preset.family, ..made_with.clone() })?;
        unchanged_but_length(made_with, &config).map(|()| config)
    };
    let Some(rollback) = rollback else { return with(saved) };
    let config = with(&rollback.undone(saved)?).or_else(|refused| with(&rollback.applied(saved)?).map_err(|_: CliError| refused))?;
    rollback.applied(&config)
}

/// Refuses a config that is not the one a run was made with.
fn unchanged_but_length(made_with: &TrainConfig, config: &TrainConfig) -> Result<()> {
    let changed: Vec<String> = differences(made_with, config).into_iter().filter(|key| key != "kimg").collect();
    if changed.is_empty() {
        return Ok(());
    }
    let value = |config: &TrainConfig, key: &String| short(&value_at(config, key).unwrap_or_default());
    let change = |key: &String| format!("{key}: {} → {}", value(made_with, key), value(config, key));
    Err(Error::OtherConfig { difference: changed.iter().map(change).collect::<Vec<_>>().join(", ") }.into())
}

/// A value as text; a list by its length.
fn short(value: &Value) -> String {
    value.as_array().map_or_else(|| value.to_string(), |list| format!("a list of {}", list.len()))
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

/// The command that goes on with this run.
pub(super) fn command(args: &TrainArgs, processes: usize, root: &Path) -> String {
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
