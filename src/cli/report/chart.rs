//! Curves over thousands of images, as SVG that stands in a page.

use std::fmt::Write;

use serde_json::Value;

/// Size in units of the drawing, and the room left of and below the curves for numbers.
const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 200.0;
const LEFT: f64 = 52.0;
const BOTTOM: f64 = 22.0;
const EDGE: f64 = 8.0;
/// Points of a curve; of more lines each point is a mean, on a band from the least to the largest.
const POINTS: usize = 300;

/// One chart: a title, and columns of the lines that it shows.
pub struct Chart<'a> {
    pub title: &'a str,
    pub columns: &'a [&'a str],
}

/// A point of a curve: kimg, mean, least, largest.
type Point = [f64; 4];

impl Chart<'_> {
    /// As SVG; nothing where no line has a number for it. Titles and columns are words of the program.
    pub fn svg(&self, lines: &[Value]) -> Option<String> {
        let curves: Vec<(&str, Vec<Point>)> =
            self.columns.iter().map(|column| (*column, curve(lines, column))).filter(|(_, points)| !points.is_empty()).collect();
        let all = || curves.iter().flat_map(|(_, points)| points);
        let x = range(all().map(|point| point[0]))?;
        let y = range(all().flat_map(|point| [point[2], point[3]]))?;
        let place = |kimg: f64, value: f64| {
            let across = LEFT + (kimg - x[0]) / (x[1] - x[0]) * (WIDTH - LEFT - EDGE);
            (across, HEIGHT - BOTTOM - (value - y[0]) / (y[1] - y[0]) * (HEIGHT - BOTTOM - EDGE))
        };
        let mut svg = format!("<figure><figcaption>{}", self.title);
        for (number, (name, _)) in curves.iter().enumerate().filter(|_| self.columns.len() > 1) {
            let _ = write!(svg, " <span class=\"c{number}\">{name}</span>");
        }
        let _ = write!(svg, "</figcaption><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">", self.title);
        for value in ticks(y) {
            let (_, down) = place(x[0], value);
            let _ = write!(svg, "<path class=\"grid\" d=\"M{LEFT} {down:.1}H{}\"/>", WIDTH - EDGE);
            let _ = write!(svg, "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>", LEFT - 5.0, down + 4.0, number(value));
        }
        for kimg in ticks(x) {
            let (across, _) = place(kimg, y[0]);
            let _ = write!(svg, "<text x=\"{across:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>", HEIGHT - 6.0, number(kimg));
        }
        for (number, (_, points)) in curves.iter().enumerate() {
            let path = |places: &mut dyn Iterator<Item = (f64, f64)>| {
                places.map(|(across, down)| format!("{across:.1} {down:.1}")).collect::<Vec<_>>().join("L")
            };
            if points.iter().any(|point| point[2] < point[3]) {
                let mut band =
                    points.iter().map(|point| place(point[0], point[3])).chain(points.iter().rev().map(|point| place(point[0], point[2])));
                let _ = write!(svg, "<path class=\"band c{number}\" d=\"M{}Z\"/>", path(&mut band));
            }
            let _ =
                write!(svg, "<path class=\"line c{number}\" d=\"M{}\"/>", path(&mut points.iter().map(|point| place(point[0], point[1]))));
        }
        svg.push_str("</svg></figure>\n");
        Some(svg)
    }
}

/// A column over kimg; what is no number is left out.
fn curve(lines: &[Value], column: &str) -> Vec<Point> {
    let numbers: Vec<[f64; 2]> = lines.iter().filter_map(|line| Some([line["kimg"].as_f64()?, line[column].as_f64()?])).collect();
    let mean = |chunk: &[[f64; 2]], i: usize| chunk.iter().map(|pair| pair[i]).sum::<f64>() / chunk.len() as f64;
    let bound = |chunk: &[[f64; 2]], pick: fn(f64, f64) -> f64| chunk.iter().map(|pair| pair[1]).reduce(pick).unwrap_or(f64::NAN);
    let point = |chunk: &[[f64; 2]]| [mean(chunk, 0), mean(chunk, 1), bound(chunk, f64::min), bound(chunk, f64::max)];
    numbers.chunks(numbers.len().div_ceil(POINTS).max(1)).map(point).collect()
}

/// The least and the largest; a single value gets room around it.
fn range(values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    let [low, high] = values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)]);
    match high - low {
        width if !width.is_finite() => None,
        0.0 => Some([low - low.abs().max(1.0) / 2.0, high + high.abs().max(1.0) / 2.0]),
        _ => Some([low, high]),
    }
}

/// Three to six round values within a range.
fn ticks([low, high]: [f64; 2]) -> Vec<f64> {
    let rough = (high - low) / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|digit| digit * power).find(|&step| step >= rough).unwrap_or(10.0 * power);
    let first = (low / step).ceil();
    (0..=6).map(|i| (first + f64::from(i)) * step).take_while(|&value| value <= high).collect()
}

/// A number as short as it can be read; a tick of 0.30000000000000004 is 0.3.
pub fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".into(),
        size if !(1e-3..1e6).contains(&size) => format!("{value:.1e}"),
        _ => format!("{value:.4}").trim_end_matches('0').trim_end_matches('.').into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(ticks([0.0, 2048.0]), [0.0, 500.0, 1000.0, 1500.0, 2000.0]);
        assert_eq!(ticks([-0.1, 0.33]).into_iter().map(number).collect::<Vec<_>>(), ["-0.1", "0", "0.1", "0.2", "0.3"]);
        assert_eq!([1e-5, 1e9, 0.25].map(number), ["1.0e-5", "1.0e9", "0.25"]);
    }

    #[test]
    fn many_lines_become_means_on_a_band_and_gaps_are_left_out() {
        let lines: Vec<Value> = (0..600).map(|i| json!({ "kimg": i, "loss_d": i % 2 })).collect();
        let points = curve(&lines, "loss_d");
        assert_eq!((points.len(), points[0]), (300, [0.5, 0.5, 0.0, 1.0]));
        assert!(curve(&[json!({ "kimg": 1, "fid": null }), json!({ "fid": 1 })], "fid").is_empty());
    }

    #[test]
    fn a_chart_of_nothing_is_none_and_one_of_a_single_value_is_finite() {
        let chart = Chart { title: "Loss", columns: &["loss_d", "loss_g"] };
        assert_eq!(chart.svg(&[]), None);
        let svg = chart.svg(&[json!({ "kimg": 1.0, "loss_d": 0.7 })]).unwrap();
        assert!(svg.contains("loss_d") && !svg.contains("loss_g") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
