//! The table of a study, in Markdown.

use std::fmt::Write;

use super::cell::Outcome;
use crate::data::DataKind;
use crate::metrics::POINT_SAMPLES;

/// Mean and standard error of the mean, σ/√n with the unbiased σ; no error for a single number.
pub fn mean_and_error(numbers: &[f64]) -> (f64, Option<f64>) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let variance = numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (count - 1.0);
    (mean, (numbers.len() > 1).then(|| (variance / count).sqrt()))
}

/// One row a method, columns for each data set, and last what a perfect sampler scores. A run that diverged counts as no mode and no quality.
pub fn markdown(outcomes: &[Outcome], methods: &[String], data: &[DataKind]) -> String {
    let mut text = String::from("| method |");
    for &data in data {
        let (name, modes) = (name_of(data), modes_of(data));
        let _ = write!(text, " {name} modes/{modes} | all modes | {name} HQ % | {name} rKL |");
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(4 * data.len()));
    for method in methods {
        let _ = write!(text, "\n| {method} |");
        for &data in data {
            let own: Vec<&Outcome> = outcomes.iter().filter(|o| o.cell.method == *method && o.cell.data == data).collect();
            text.push_str(&cells(&own, modes_of(data)));
        }
    }
    text.push_str("\n| perfect sampler (computed) |");
    for &data in data {
        let modes = modes_of(data);
        let hq = 1.0 - libm::exp(-4.5);
        let rkl = (modes as f64 - 1.0) / (2.0 * POINT_SAMPLES as f64 * hq);
        let _ = write!(text, " {modes} | | {:.2} | {rkl:.4} |", 100.0 * hq);
    }
    text.push('\n');
    text
}

/// The four columns of a method on one data set.
fn cells(own: &[&Outcome], modes: usize) -> String {
    if own.is_empty() {
        return " – | – | – | – |".into();
    }
    let number =
        |of: fn(&crate::protocol::PointMetrics) -> f64| -> Vec<f64> { own.iter().map(|o| o.metrics.as_ref().map_or(0.0, of)).collect() };
    let all = own.iter().filter(|o| o.metrics.as_ref().is_some_and(|m| m.modes == modes)).count();
    let rkl: Vec<f64> = own.iter().filter_map(|o| o.metrics.as_ref()?.rkl).collect();
    let shown = |(mean, error): (f64, Option<f64>), digits: usize| match error {
        Some(error) => format!("{mean:.digits$} ± {error:.digits$}"),
        None => format!("{mean:.digits$}"),
    };
    let rkl = if rkl.is_empty() { "–".into() } else { shown(mean_and_error(&rkl), 4) };
    let diverged = own.iter().filter(|o| o.diverged.is_some()).count();
    let note = if diverged > 0 { format!(" ({diverged} diverged)") } else { String::new() };
    format!(
        " {}{note} | {all} of {} | {} | {rkl} |",
        shown(mean_and_error(&number(|m| m.modes as f64)), 1),
        own.len(),
        shown(mean_and_error(&number(|m| 100.0 * m.hq)), 1)
    )
}

fn modes_of(data: DataKind) -> usize {
    data.density().map_or(0, |density| density.modes.len())
}

/// The name that the command line takes.
pub fn name_of(data: DataKind) -> String {
    serde_json::to_value(data).ok().and_then(|name| name.as_str().map(String::from)).expect("a data kind's JSON is its name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_error_is_that_of_the_mean() {
        assert_eq!(mean_and_error(&[1.0, 3.0]), (2.0, Some(1.0)));
        assert_eq!(mean_and_error(&[5.0]), (5.0, None));
    }
}
