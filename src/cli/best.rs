//! The best that was measured of a run: images by their FID, points by their sliced Wasserstein distance. Less is better.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::terminal::grouped;

/// The measurement that none has been below. Its line of metrics.jsonl says `"best": true`, and nothing else remembers it: lines and checkpoint cannot disagree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Best {
    /// Images that had been seen.
    pub images: u64,
    /// What was measured.
    pub value: f64,
    is_fid: bool,
    /// Whether it was measured in a stretch that was rolled back: its checkpoint stays, its line is in `diverged/`.
    is_aside: bool,
}

impl Best {
    /// The last that the lines of metrics.jsonl tell of.
    pub fn told(lines: &[Value]) -> Option<Self> {
        let line = lines.iter().rfind(|line| line["best"] == true)?;
        let is_fid = line["fid"].is_number();
        let value = line[if is_fid { "fid" } else { "sliced_w1" }].as_f64()?;
        Some(Self { images: line["images"].as_u64()?, value, is_fid, is_aside: false })
    }

    /// What was measured now, where it is better than what was best.
    pub fn better(than: Option<Self>, images: u64, fid: Option<f64>, sliced_w1: Option<f64>) -> Option<Self> {
        let value = fid.or(sliced_w1).filter(|value| value.is_finite())?;
        than.is_none_or(|best| value < best.value).then_some(Self { images, value, is_fid: fid.is_some(), is_aside: false })
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
        let name = if self.is_fid { "FID" } else { "sliced W1" };
        write!(f, "{name} {:.3} at {} images", self.value, grouped(self.images))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_less_is_better_and_what_is_no_number_is_not() {
        let first = Best::better(None, 10, None, Some(0.5));
        assert_eq!(first.map(|best| best.to_string()).as_deref(), Some("sliced W1 0.500 at 10 images"));
        for worse in [Some(0.5), Some(0.6), Some(f64::NAN), None] {
            assert_eq!(Best::better(first, 20, None, worse), None);
        }
        assert_eq!(Best::better(first, 20, Some(0.4), None).map(|best| best.images), Some(20));
        assert_eq!(Best::better(None, 20, Some(f64::NAN), None), None);
    }

    #[test]
    fn the_last_line_that_says_so_is_the_best() {
        let lines = [
            json!({ "images": 1, "fid": 9.0, "best": true }),
            json!({ "images": 2, "fid": 4.0, "best": true }),
            json!({ "images": 3, "fid": 5.0 }),
        ];
        assert_eq!(Best::told(&lines), Some(Best { images: 2, value: 4.0, is_fid: true, is_aside: false }));
        assert_eq!(Best::told(&lines[2..]), None);
    }
}
