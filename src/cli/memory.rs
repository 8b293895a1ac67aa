//! What those who watch a run remember of it. It goes into each checkpoint, so that a resumed run is warned of what it would have been warned of without the stop, and good
//! checkpoints stay known as such.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::guard::Guard;
use crate::doctor::Doctor;

/// More bytes than it takes in a checkpoint, as JSON in a JSON string: mostly two hundred reports.
pub const MOST_BYTES: usize = 100_000;

/// The memory at a checkpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Memory {
    /// What the guard saw lately.
    pub guard: Guard,
    /// What the doctor did.
    pub doctor: Doctor,
    /// Images of the newest checkpoint that was saved while nothing ran away.
    pub calm: u64,
}

impl Memory {
    /// As it stands in a checkpoint's header.
    pub fn to_json(&self) -> Value {
        exact(serde_json::to_value(self).expect("a memory is plain data"))
    }

    /// Reads it; none where there is none, as in the page's checkpoints, or it is of another program: then watching begins anew.
    pub fn parse(json: Option<Value>) -> Option<Self> {
        serde_json::from_value(decimal(json?)).ok()
    }
}

/// Fractions by their bits: their decimals would be read to within a unit of the last place only.
fn exact(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => format!("{:x}", number.as_f64().unwrap_or_default().to_bits()).into(),
        Value::Array(values) => values.into_iter().map(exact).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, exact(value))).collect(),
        other => other,
    }
}

/// The inverse.
fn decimal(value: Value) -> Value {
    match value {
        Value::String(bits) => u64::from_str_radix(&bits, 16).map_or(Value::Null, |bits| f64::from_bits(bits).into()),
        Value::Array(values) => values.into_iter().map(decimal).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, decimal(value))).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Signs;
    use crate::protocol::StepReport;

    #[test]
    fn fractions_come_back_to_the_last_bit_through_text() {
        let numbers: Vec<f64> = (1..200).map(|i| libm::exp(f64::from(i) / 7.3 - 9.0)).chain([0.1, -0.0, f64::MIN_POSITIVE]).collect();
        let text = serde_json::json!({ "of": [numbers], "steps": 7, "none": null });
        let read: Value = serde_json::from_str(&exact(text.clone()).to_string()).unwrap();
        assert_eq!(decimal(read), text);
    }

    #[test]
    fn it_takes_no_more_room_than_is_said_and_comes_back_as_it_was() {
        let (mut guard, mut doctor) = (Guard::default(), Doctor::default());
        let x = -1.234_567_9e-8f32;
        for step in (1_000_000..).take(300) {
            let report = StepReport {
                step,
                images: 64 * step,
                loss_d: x,
                loss_g: x,
                r1: x,
                r2: x,
                slope: x,
                d_real: x,
                d_fake: x,
                accuracy: 0.987_654_3,
                norm_d: x,
                norm_g: x,
                augment_p: Some(x),
            };
            doctor.hear(report);
            guard.hear(&[report]);
        }
        for look in 0..5 {
            let each = vec![1.0 / 3.0; 25];
            let of = 1.0 / 3.0;
            let step = 1_000_000 + 200 * look;
            doctor.see(Signs { step, shares: each.clone(), truth: each, sliced_w1: of, auc: of, saturated: of, dead: Some(of) });
        }
        let json = Memory { guard, doctor, calm: 64_000_000 }.to_json();
        let bytes = serde_json::to_string(&json.to_string()).unwrap().len();
        assert!((MOST_BYTES / 2..MOST_BYTES).contains(&bytes), "{bytes}");
        assert_eq!(Memory::parse(Some(json.clone())).unwrap().to_json(), json);
    }

    #[test]
    fn what_is_no_memory_begins_anew() {
        assert!(Memory::parse(None).is_none() && Memory::parse(Some(serde_json::json!({ "guard": 3 }))).is_none());
    }
}
