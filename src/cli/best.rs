//! The best that was measured of a run, by the one measure that its data have. Less is better.

use std::fmt::{self, Display, Formatter};

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::terminal::grouped;

/// What tells which moment of a run was best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Of images that a named network suits.
    Fid,
    /// Of other images.
    Swd,
    /// Of points.
    SlicedW1,
}

impl Measure {
    /// Its column in metrics.jsonl.
    fn column(self) -> &'static str {
        match self {
            Self::Fid => "fid",
            Self::Swd => "swd",
            Self::SlicedW1 => "sliced_w1",
        }
    }
}

impl Display for Measure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fid => "FID",
            Self::Swd => "SWD",
            Self::SlicedW1 => "sliced W1",
        })
    }
}

/// The measurement that none has been below. Its line of metrics.jsonl says `"best": true`, and nothing else remembers it: lines and checkpoint cannot disagree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Best {
    /// Images that had been seen.
    pub images: u64,
    /// What was measured.
    pub value: f64,
    #[serde(alias = "is_fid", deserialize_with = "named")]
    measure: Measure,
    /// Whether it was measured in a stretch that was rolled back: its checkpoint stays, its line is in `diverged/`.
    is_aside: bool,
}

/// By its name; earlier versions wrote whether it is FID.
fn named<'de, D: Deserializer<'de>>(from: D) -> Result<Measure, D::Error> {
    match Value::deserialize(from)? {
        Value::Bool(is_fid) => Ok(if is_fid { Measure::Fid } else { Measure::SlicedW1 }),
        name => Measure::deserialize(name).map_err(Error::custom),
    }
}

impl Best {
    /// The last that the lines of metrics.jsonl tell of.
    pub fn told(lines: &[Value]) -> Option<Self> {
        let line = lines.iter().rfind(|line| line["best"] == true)?;
        let found = |measure: Measure| line[measure.column()].as_f64().map(|value| (measure, value));
        let (measure, value) = [Measure::Fid, Measure::Swd, Measure::SlicedW1].into_iter().find_map(found)?;
        Some(Self { images: line["images"].as_u64()?, value, measure, is_aside: false })
    }

    /// What was measured now, where it is better than what was best.
    pub fn better(than: Option<Self>, images: u64, measured: Option<(Measure, f64)>) -> Option<Self> {
        let (measure, value) = measured.filter(|(_, value)| value.is_finite())?;
        than.is_none_or(|best| value < best.value).then_some(Self { images, value, measure, is_aside: false })
    }

    /// The better of what the lines tell and what was set aside.
    pub fn of(lines: &[Value], aside: Option<Self>) -> Option<Self> {
        let told = Self::told(lines);
        [told, aside].into_iter().flatten().reduce(|best, other| if other.value < best.value { other } else { best })
    }

    /// The same, of a stretch that is rolled back.
    pub fn set_aside(self) -> Self {
        Self { is_aside: true, ..self }
    }

    /// Whether it was measured at so many images of the run as it is told.
    pub fn is_at(&self, images: u64) -> bool {
        self.images == images && !self.is_aside
    }
}

impl Display for Best {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:.3} at {} images", self.measure, self.value, grouped(self.images))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_less_is_better_and_what_is_no_number_is_not() {
        let sliced = |value| Some((Measure::SlicedW1, value));
        let first = Best::better(None, 10, sliced(0.5));
        assert_eq!(first.map(|best| best.to_string()).as_deref(), Some("sliced W1 0.500 at 10 images"));
        for worse in [sliced(0.5), sliced(0.6), sliced(f64::NAN), None] {
            assert_eq!(Best::better(first, 20, worse), None);
        }
        assert_eq!(Best::better(first, 20, sliced(0.4)).map(|best| best.images), Some(20));
        assert_eq!(Best::better(None, 20, Some((Measure::Fid, f64::NAN))), None);
    }

    #[test]
    fn the_last_line_that_says_so_is_the_best_by_the_measure_it_has() {
        let lines = |column: &str| {
            [
                json!({ "images": 1, column: 9.0, "best": true }),
                json!({ "images": 2, column: 4.0, "best": true }),
                json!({ "images": 3, column: 5.0 }),
            ]
        };
        for measure in [Measure::Fid, Measure::Swd, Measure::SlicedW1] {
            let lines = lines(measure.column());
            assert_eq!(Best::told(&lines), Some(Best { images: 2, value: 4.0, measure, is_aside: false }));
            assert_eq!(Best::told(&lines[2..]), None);
        }
    }

    #[test]
    fn what_was_set_aside_is_read_as_it_is_written_now_and_as_it_was() {
        let best = Best { images: 10, value: 3.0, measure: Measure::Swd, is_aside: true };
        assert_eq!(serde_json::from_value::<Best>(json!(best)).unwrap(), best);
        for (is_fid, measure) in [(true, Measure::Fid), (false, Measure::SlicedW1)] {
            let old = json!({ "images": 10, "value": 3.0, "is_fid": is_fid, "is_aside": true });
            assert_eq!(serde_json::from_value::<Best>(old).unwrap(), Best { measure, ..best });
        }
        assert!(serde_json::from_value::<Best>(json!({ "images": 10, "value": 3.0, "measure": "fad", "is_aside": true })).is_err());
    }
}
