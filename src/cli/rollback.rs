//! The one rollback of a run: what diverged is set aside, and the run goes on from its last good checkpoint with the doctor's remedy.
//!
//! ```text
//! diverged/
//!   rollback.json                                   what happened, where the run went back to, what was changed; the mark that the rollback is spent
//!   stats.jsonl  metrics.jsonl  warnings.jsonl      the lines of the stretch that led there
//!   000120k.sparring  fakes-000120k.png             its checkpoints and pictures
//! ```
//! The mark is written last. A run that is killed before it has rolled nothing back: it goes on from what is left, diverges again and rolls back then. A run that is killed
//! after it is resumed from the checkpoint it went back to, which still has the settings of then: the remedy is taken from the mark. So no moment gives a second rollback,
//! and none loses the first.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::best::Best;
use super::error::Result;
use super::files;
use super::records::Records;
use super::run_dir::RunDir;
use super::terminal::grouped;
use crate::config::{TrainConfig, changes, set};
use crate::error::Error;

/// The records whose lines are kept.
const RECORDS: [&str; 3] = ["stats.jsonl", "metrics.jsonl", "warnings.jsonl"];
const MARK: &str = "rollback.json";

/// What happened, and what was changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rollback {
    /// Images that had been seen when a number was not finite.
    images: u64,
    /// In which step.
    step: u64,
    /// Which number.
    what: String,
    /// Where the run went back to.
    pub to_images: u64,
    /// The changed settings as they are since, `key=value`.
    since: Vec<String>,
    /// And as they were.
    before: Vec<String>,
    /// The best that was measured in the stretch that was set aside; `checkpoints/best.sparring` stays its checkpoint until something is better.
    pub best: Option<Best>,
}

impl Rollback {
    /// That of a run, where it is spent.
    pub fn read(run: &RunDir) -> Result<Option<Self>> {
        let path = run.diverged().join(MARK);
        if !path.exists() {
            return Ok(None);
        }
        let read = serde_json::from_slice(&files::read(&path)?);
        Ok(Some(read.map_err(|error| Error::file(path.display().to_string(), format!("is no record of a rollback: {error}")))?))
    }

    /// A rollback to `to_images` images that changes settings.
    pub fn new((images, step, what): (u64, u64, &str), to_images: u64, from: &TrainConfig, to: &TrainConfig, best: Option<Best>) -> Self {
        let best = best.filter(|best| best.images > to_images).map(Best::set_aside);
        Self { images, step, what: what.into(), to_images, since: changes(from, to), before: changes(to, from), best }
    }

    /// Sets aside all that came after, then writes the mark.
    pub fn carry_out(&self, run: &RunDir) -> Result<()> {
        let dir = run.diverged();
        files::create_dir_all(&dir)?;
        for name in RECORDS {
            let lines = Records::read(&run.file(name))?;
            let after = lines.iter().filter(|line| line["images"].as_u64().is_some_and(|images| images > self.to_images));
            let text: String = after.map(|line: &Value| format!("{line}\n")).collect();
            if !text.is_empty() {
                files::write(&dir.join(name), text.as_bytes())?;
            }
        }
        run.set_aside_after(self.to_images)?;
        let text = serde_json::to_string_pretty(self).expect("a rollback is plain data");
        files::write(&dir.join(MARK), format!("{text}\n").as_bytes())
    }

    /// What was not finite, and where.
    pub fn cause(&self) -> String {
        format!("{} was not finite at image {} (step {})", self.what, grouped(self.images), self.step)
    }

    /// A config with what was changed.
    pub fn applied(&self, config: &TrainConfig) -> Result<TrainConfig> {
        all(config, &self.since)
    }

    /// The same as it was before.
    pub fn undone(&self, config: &TrainConfig) -> Result<TrainConfig> {
        all(config, &self.before)
    }
}

/// In a sentence.
impl std::fmt::Display for Rollback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "to image {} with {}", grouped(self.to_images), self.since.join(" "))
    }
}

fn all(config: &TrainConfig, changes: &[String]) -> Result<TrainConfig> {
    Ok(changes.iter().try_fold(config.clone(), |config, change| set(&config, change))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::preset;
    use crate::doctor::remedy;
    use crate::protocol::Ailment;

    #[test]
    fn every_remedy_is_applied_and_undone_to_the_last_bit() {
        for name in crate::config::preset_names() {
            let from = preset(name).unwrap().config;
            let (to, _) = remedy(Ailment::Divergence, &from);
            let rollback = Rollback::new((5, 1, "loss_d"), 3, &from, &to, None);
            assert_eq!(rollback.applied(&from).unwrap(), to, "{name}");
            assert_eq!(rollback.applied(&to).unwrap(), to, "{name}");
            assert_eq!(rollback.undone(&to).unwrap(), from, "{name}");
            assert!(from.fixed_differences(&to).is_empty(), "{name}: a remedy of settings that are not live");
        }
    }

    #[test]
    fn what_came_after_is_set_aside_and_what_was_before_stays() {
        let dir = tempfile::tempdir().unwrap();
        let run = RunDir::create(Some(&dir.path().join("run")), "ring8", "mlp").unwrap();
        for images in [1000, 2000, 3000] {
            run.save(images, b"x", 9, None).unwrap();
            files::write(&run.fakes(images), b"x").unwrap();
        }
        files::write(&run.file("stats.jsonl"), b"{\"images\":2000}\n{\"images\":2500}\n{\"images\":3000}\n").unwrap();
        let config = TrainConfig::default();
        let rollback = Rollback::new((3001, 3, "loss_d"), 2000, &config, &remedy(Ailment::Divergence, &config).0, None);
        assert_eq!(Rollback::read(&run).unwrap(), None);
        for _ in 0..2 {
            rollback.carry_out(&run).unwrap(); // a second time finds all done
            assert_eq!(Rollback::read(&run).unwrap(), Some(rollback.clone()));
            assert!(run.fakes(2000).exists() && !run.fakes(3000).exists() && run.diverged().join("fakes-000003k.png").exists());
            assert_eq!(files::read(&run.diverged().join("stats.jsonl")).unwrap(), b"{\"images\":2500}\n{\"images\":3000}\n");
            let left = files::list(&run.file("checkpoints")).unwrap();
            assert!(left.len() == 2 && run.diverged().join("000003k.sparring").exists());
        }
    }
}
