//! The table of a study, in Markdown.

use super::cell::Outcome;
use super::target;
use crate::data::{DataKind, ImageConfig};
use crate::metrics::{ModeMetrics, POINT_SAMPLES, Score};

/// Mean and standard error of the mean, σ/√n with the unbiased σ; no error for a single number.
pub fn mean_and_error(numbers: &[f64]) -> (f64, Option<f64>) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let variance = numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (count - 1.0);
    (mean, (numbers.len() > 1).then(|| (variance / count).sqrt()))
}

/// One row a method, columns for each data set, and last what a perfect sampler scores. A run that diverged counts as no mode and no quality.
pub fn markdown(outcomes: &[Outcome], methods: &[String], data: &[DataKind]) -> String {
    let heads: Vec<String> = data.iter().flat_map(|&data| heads(data)).collect();
    let row = |name: &str, cells: Vec<String>| format!("| {name} | {} |\n", cells.join(" | "));
    let own = |method: &str, data: DataKind| outcomes.iter().filter(|o| o.cell.method == method && o.cell.data == data).collect::<Vec<_>>();
    let mut text = row("method", heads.clone());
    text.push_str(&row("---", vec!["---".into(); heads.len()]).replace(' ', ""));
    for method in methods {
        text.push_str(&row(method, data.iter().flat_map(|&data| cells(&own(method, data), data)).collect()));
    }
    text.push_str(&row("perfect sampler (computed)", data.iter().flat_map(|&data| perfect(data)).collect()));
    let missed: Vec<String> = methods.iter().flat_map(|method| data.iter().filter_map(|&data| missed(&own(method, data)))).collect();
    if !missed.is_empty() {
        text.push_str(&format!("\nMissed, by seed:\n{}\n", missed.join("\n")));
    }
    text
}

/// How many modes can be lost; 0 where the data are not made of several.
fn modes_of(data: DataKind) -> usize {
    let modes = data.density(&[]).and_then(|density| density.modes().map(<[_]>::len)).unwrap_or(0);
    if modes > 1 { modes } else { 0 }
}

fn heads(data: DataKind) -> Vec<String> {
    let (name, modes) = (data.name(), modes_of(data));
    let mut heads = Vec::new();
    if modes > 0 {
        heads.extend([format!("{name} modes/{modes}"), "in all seeds".into(), format!("{name} HQ %"), format!("{name} rKL")]);
    }
    heads.push(format!("{name} JS"));
    heads.extend(target::words(data).map(|words| format!("reached ({words})")));
    heads
}

/// The columns of a method on one data set.
fn cells(own: &[&Outcome], data: DataKind) -> Vec<String> {
    if own.is_empty() {
        return vec!["–".into(); heads(data).len()];
    }
    let runs = own.len();
    let mut cells = Vec::new();
    let modes = modes_of(data);
    if modes > 0 {
        let of = |number: fn(&ModeMetrics) -> f64| own.iter().map(|o| o.coverage().map_or(0.0, number)).collect::<Vec<_>>();
        let diverged = own.iter().filter(|o| o.diverged.is_some()).count();
        let note = if diverged > 0 { format!(" ({diverged} diverged)") } else { String::new() };
        let all = own.iter().filter(|o| o.coverage().is_some_and(|found| found.modes == modes)).count();
        cells.push(format!("{}{note}", shown(&of(|found| found.modes as f64), 1)));
        cells.push(format!("{all} of {runs}"));
        cells.push(shown(&of(|found| 100.0 * found.hq), 1));
        cells.push(shown(&own.iter().filter_map(|o| o.coverage()?.rkl).collect::<Vec<_>>(), 4));
    }
    cells.push(shown(&own.iter().filter_map(|o| o.score(Score::Js)).collect::<Vec<_>>(), 3));
    if target::words(data).is_some() {
        cells.push(format!("{} of {runs}", own.iter().filter(|o| o.reached == Some(true)).count()));
    }
    cells
}

/// Mean ± standard error; a dash for nothing.
fn shown(numbers: &[f64], digits: usize) -> String {
    match mean_and_error(numbers) {
        _ if numbers.is_empty() => "–".into(),
        (mean, Some(error)) => format!("{mean:.digits$} ± {error:.digits$}"),
        (mean, None) => format!("{mean:.digits$}"),
    }
}

fn perfect(data: DataKind) -> Vec<String> {
    let modes = modes_of(data);
    let mut cells = Vec::new();
    if modes > 0 {
        let hq = if data.sample_shape(&ImageConfig::default()) == [1] {
            libm::erf(3.0 / std::f64::consts::SQRT_2)
        } else {
            1.0 - libm::exp(-4.5)
        };
        let rkl = (modes as f64 - 1.0) / (2.0 * POINT_SAMPLES as f64 * hq);
        cells.extend([modes.to_string(), String::new(), format!("{:.2}", 100.0 * hq), format!("{rkl:.4}")]);
    }
    cells.push("0".into());
    cells.extend(target::words(data).map(|_| String::new()));
    cells
}

/// The seeds that fell short, of a method that mostly did not.
fn missed(own: &[&Outcome]) -> Option<String> {
    let short: Vec<&&Outcome> = own.iter().filter(|o| o.reached == Some(false) || (o.reached.is_none() && o.diverged.is_some())).collect();
    if short.is_empty() || 2 * short.len() > own.len() {
        return None;
    }
    let figures = |o: &&&Outcome| match (o.coverage(), o.score(Score::Js)) {
        (Some(found), Some(js)) => format!(
            "{} ({} modes, HQ {:.1} %, rKL {}, JS {js:.3})",
            o.cell.seed,
            found.modes,
            100.0 * found.hq,
            found.rkl.map_or("–".into(), |rkl| format!("{rkl:.4}"))
        ),
        (None, Some(js)) => format!("{} (JS {js:.3})", o.cell.seed),
        _ => format!("{} (diverged)", o.cell.seed),
    };
    let list = short.iter().map(figures).collect::<Vec<_>>().join(", ");
    Some(format!("- {} on {}: {list}", own[0].cell.method, own[0].cell.data.name()))
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
