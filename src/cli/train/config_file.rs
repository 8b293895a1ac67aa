//! `--config FILE.json`: settings over those of a preset, all or some of them.

use std::path::Path;

use serde_json::Value;

use crate::cli::error::Result;
use crate::cli::files;
use crate::config::{TrainConfig, set};
use crate::error::Error;

/// Most bytes of a file of settings: ten times what four thousand points of one's own take.
const MOST_BYTES: u64 = 1 << 20;

/// A config with what a file says, setting by setting, as `--set` would; the whole is validated by the caller.
pub fn over(base: &TrainConfig, path: &Path) -> Result<TrainConfig> {
    let file = path.display().to_string();
    if std::fs::metadata(path).is_ok_and(|found| found.len() > MOST_BYTES) {
        return Err(Error::file(file, "is larger than 1 MiB, which no settings are").into());
    }
    let bytes = files::read(path)?;
    let tree: Value = serde_json::from_slice(&bytes).map_err(|error| Error::file(file.as_str(), format!("is no JSON: {error}")))?;
    if !tree.is_object() {
        return Err(Error::file(file, "must hold an object of settings, as in {\"batch\": 64, \"lr\": 0.001}").into());
    }
    let mut settings = Vec::new();
    leaves(&tree, "", &mut settings);
    let applied = settings.iter().try_fold(base.clone(), |config, (key, value)| set(&config, &format!("{key}={value}")));
    Ok(applied.map_err(|error| Error::file(file.as_str(), error.to_string()))?)
}

/// Dotted names and values; a list is one value.
fn leaves<'a>(value: &'a Value, path: &str, into: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                leaves(inner, &if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, into);
            }
        }
        _ => into.push((path.into(), value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{preset, preset_names};
    use crate::schedule::Schedule;

    fn over_ring8(text: &str) -> std::result::Result<TrainConfig, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mine.json");
        std::fs::write(&path, text).unwrap();
        over(&preset("ring8").unwrap().config, &path).map_err(|error| error.to_string())
    }

    #[test]
    fn a_whole_config_replaces_any_preset() {
        for name in preset_names() {
            let config = preset(name).unwrap().config;
            assert_eq!(over_ring8(&config.to_json()), Ok(config), "{name}");
        }
    }

    #[test]
    fn some_settings_leave_the_others_and_schedules_are_given_as_on_the_command_line() {
        let config =
            over_ring8(r#"{"batch": 64, "generator": {"width": 7}, "lr": 0.5, "r1": "1:0.1:200", "moved": [[3, 0.2, 0.5]]}"#).unwrap();
        let expected = TrainConfig {
            batch: 64,
            lr: Schedule::constant(0.5),
            r1: Schedule::cosine(1.0, 0.1, 200.0),
            moved: vec![(3, 0.2, 0.5)],
            ..TrainConfig::default()
        };
        assert_eq!(config, TrainConfig { generator: crate::model::NetworkConfig { width: 7, ..expected.generator }, ..expected });
    }

    #[test]
    fn what_is_wrong_is_named_with_its_file() {
        let refused = |text: &str, word: &str| {
            let error = over_ring8(text).expect_err(text);
            assert!(error.contains("mine.json: ") && error.contains(word), "{error}");
        };
        refused(r#"{"bach": 64}"#, "`bach`: there is no such setting");
        refused(r#"{"generator": {"wdth": 64}}"#, "`generator.wdth`");
        refused(r#"{"generator": {}, "batch": null}"#, "`batch`");
        refused(r#"{"batch": "many"}"#, "`batch`");
        refused("[]", "object");
        refused("{\"batch\": ", "no JSON");
        refused(&format!("{{}}{}", " ".repeat(1 << 20)), "1 MiB");
        refused(r#"{"a/b": 1}"#, "`a/b`");
    }
}
