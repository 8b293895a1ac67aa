//! Settings by dotted name: `--set lr.start=0.001`, and where two configs differ.

use serde_json::Value;

use super::TrainConfig;
use crate::error::{Error, Result};

/// Sets one `key=value`; a schedule given one number is held at it, and given `start:end:kimg` goes from one to the other; a list of lists of numbers may be given as
/// `a:b,c:d`. The whole config is validated by the caller, once all are set.
pub fn set(config: &TrainConfig, assignment: &str) -> Result<TrainConfig> {
    let (key, text) = assignment.split_once('=').ok_or_else(|| Error::setting(assignment, "must be given as key=value"))?;
    let (key, text) = (key.trim(), text.trim());
    let mut tree = tree(config);
    let place = tree.pointer_mut(&pointer(key)).ok_or_else(|| unknown(config, key))?;
    let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.into()));
    *place = match (&*place, &value) {
        (Value::Object(fields), Value::Number(_)) if fields.contains_key("kimg") => {
            serde_json::json!({ "start": value, "end": value, "kimg": 0.0 })
        }
        (Value::Object(fields), Value::String(text)) if fields.contains_key("kimg") => schedule(key, text)?,
        (Value::Array(_), Value::String(text)) => lists(key, text)?,
        _ => value,
    };
    serde_json::from_value(tree).map_err(|error| Error::setting(key, format!("cannot be `{text}`: {error}")))
}

/// `start:end:kimg` as a schedule.
fn schedule(key: &str, text: &str) -> Result<Value> {
    let numbers: Vec<f64> = text.split(':').filter_map(|part| part.trim().parse().ok()).collect();
    match numbers[..] {
        [start, end, kimg] if text.matches(':').count() == 2 => Ok(serde_json::json!({ "start": start, "end": end, "kimg": kimg })),
        _ => Err(Error::setting(key, format!("must be one number or start:end:kimg (it is `{text}`)"))),
    }
}

/// `a:b,c:d` as lists of numbers; nothing is none.
fn lists(key: &str, text: &str) -> Result<Value> {
    let number = |part: &str| part.trim().parse::<serde_json::Number>();
    let list = |part: &str| part.split(':').map(number).collect::<std::result::Result<Vec<_>, _>>();
    let parts = text.split(',').filter(|_| !text.is_empty()).map(list).collect::<std::result::Result<Vec<_>, _>>();
    parts.map(|lists| serde_json::json!(lists)).map_err(|_| Error::setting(key, format!("must be numbers as a:b,c:d (it is `{text}`)")))
}

/// The dotted names of all settings in which two configs differ.
pub fn differences(a: &TrainConfig, b: &TrainConfig) -> Vec<String> {
    let (a, b) = (tree(a), tree(b));
    leaves(&a, "").into_iter().filter(|key| a.pointer(&pointer(key)) != b.pointer(&pointer(key))).collect()
}

/// What makes one config of another, as [`set`] takes it: `key=value`, leaf by leaf.
pub fn changes(from: &TrainConfig, to: &TrainConfig) -> Vec<String> {
    let said = |key: String| {
        let value = value_at(to, &key).expect("it is one of the config's leaves");
        let text = value.as_str().map_or_else(|| value.to_string(), String::from);
        format!("{key}={text}")
    };
    differences(from, to).into_iter().map(said).collect()
}

/// The first setting whose value is not finite: NaN passes every comparison with a range, and JSON writes it as null.
pub fn not_finite(config: &TrainConfig) -> Option<String> {
    let tree = tree(config);
    leaves(&tree, "").into_iter().find(|key| tree.pointer(&pointer(key)) == Some(&Value::Null))
}

/// The value of a setting, as JSON.
pub fn value_at(config: &TrainConfig, key: &str) -> Option<Value> {
    tree(config).pointer(&pointer(key)).cloned()
}

fn tree(config: &TrainConfig) -> Value {
    serde_json::to_value(config).expect("a config is plain data")
}

fn pointer(key: &str) -> String {
    format!("/{}", key.replace('.', "/"))
}

fn leaves(value: &Value, path: &str) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let name = |key: &String| if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            fields.iter().flat_map(|(key, inner)| leaves(inner, &name(key))).collect()
        }
        _ => vec![path.into()],
    }
}

fn unknown(config: &TrainConfig, key: &str) -> Error {
    Error::setting(key, format!("there is no such setting; there are: {}", leaves(&tree(config), "").join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::preset;
    use crate::objective::Objective;
    use crate::schedule::Schedule;

    fn ring8() -> TrainConfig {
        preset("ring8").expect("ring8 is a preset").config
    }

    #[test]
    fn a_setting_is_set_by_its_dotted_name() {
        assert_eq!(set(&ring8(), "generator.width=32").map(|c| c.generator.width), Ok(32));
        assert_eq!(set(&ring8(), "objective=non_saturating").map(|c| c.objective), Ok(Objective::NonSaturating));
        assert_eq!(set(&ring8(), "lr.start=0.5").map(|c| c.lr.start), Ok(0.5));
    }

    #[test]
    fn a_schedule_given_one_number_is_held_at_it_and_given_three_moves() {
        assert_eq!(set(&ring8(), "r1=0").map(|c| c.r1), Ok(Schedule::constant(0.0)));
        assert_eq!(set(&ring8(), "r1=1:0.1:200").map(|c| c.r1), Ok(Schedule::cosine(1.0, 0.1, 200.0)));
        assert!(set(&ring8(), "r1=1:0.1").expect_err("too few").to_string().contains("start:end:kimg"));
    }

    #[test]
    fn moved_modes_are_given_as_numbers_with_colons_and_commas() {
        assert_eq!(set(&ring8(), "moved=3:0.2:-0.5e-1,0:1:2").map(|c| c.moved), Ok(vec![(3, 0.2, -0.05), (0, 1.0, 2.0)]));
        assert_eq!(set(&set(&ring8(), "moved=[[3,0.2,0.5]]").expect("as JSON"), "moved=").map(|c| c.moved), Ok(vec![]));
        for wrong in ["moved=3:here:0", "moved=3:0.5", "moved=-1:0:0", "moved=3:0:0,"] {
            assert!(set(&ring8(), wrong).expect_err(wrong).to_string().contains("`moved`"), "{wrong}");
        }
    }

    #[test]
    fn a_setting_that_does_not_exist_or_does_not_fit_is_named() {
        let message = |assignment| set(&ring8(), assignment).expect_err(assignment).to_string();
        assert!(message("wdth=3").contains("`wdth`: there is no such setting") && message("wdth=3").contains("generator.width"));
        assert!(message("batch=many").contains("`batch`: cannot be `many`"));
        assert!(message("objective=wasserstien").contains("wasserstien"));
        assert!(message("batch").contains("key=value"));
    }

    #[test]
    fn differences_are_listed_leaf_by_leaf() {
        let mut other = ring8();
        other.lr.start = 1.0;
        other.batch = 3;
        other.objective = Objective::Wgan;
        assert_eq!(differences(&ring8(), &other), ["batch", "lr.start", "objective"]);
        assert_eq!(changes(&ring8(), &other), ["batch=3", "lr.start=1.0", "objective=wgan"]);
        let again = changes(&ring8(), &other).iter().fold(ring8(), |config, change| set(&config, change).expect("a change"));
        assert_eq!(again, other);
    }
}
