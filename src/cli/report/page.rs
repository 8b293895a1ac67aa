//! The page itself. All text of the run is escaped, and the page forbids itself scripts and the network.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::Told;
use super::chart::{Chart, number};
use crate::cli::best::Best;
use crate::cli::terminal::{grouped, quoted, shortened};
use crate::config::{TrainConfig, changes};
use crate::data::DataKind;

const STATS: [Chart<'static>; 6] = [
    Chart { title: "Losses", columns: &["loss_d", "loss_g"] },
    Chart { title: "Accuracy of D", columns: &["accuracy_d"] },
    Chart { title: "Logits", columns: &["d_real", "d_fake"] },
    Chart { title: "Norms of the gradients", columns: &["norm_d", "norm_g"] },
    Chart { title: "Gradient penalties", columns: &["r1", "r2"] },
    Chart { title: "Probability of augmentation", columns: &["augment_p"] },
];
const METRICS: [Chart<'static>; 7] = [
    Chart { title: "FID", columns: &["fid"] },
    Chart { title: "SWD", columns: &["swd"] },
    Chart { title: "Sliced W1", columns: &["sliced_w1"] },
    Chart { title: "Modes", columns: &["modes"] },
    Chart { title: "High quality", columns: &["hq"] },
    Chart { title: "Reverse KL", columns: &["rkl"] },
    Chart { title: "Share of reals whose class D finds", columns: &["accuracy"] },
];
/// A value that is longer is a list of a person's own points.
const LONGEST: usize = 200;
const STYLE: &str = "
:root { color-scheme: light dark; --line: #8885; --c0: #c2410c; --c1: #2563eb }
@media (prefers-color-scheme: dark) { :root { --c0: #fb923c; --c1: #60a5fa } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 2rem auto; padding: 0 1rem }
section { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 1rem }
section.pictures { grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)) }
figure { margin: 0 } figcaption span { margin-left: .6em } svg, img { width: 100% } img { image-rendering: pixelated }
svg text { font-size: 11px; fill: currentColor; opacity: .75 } .grid { stroke: var(--line); fill: none }
.line { fill: none; stroke-width: 1.5 } .band { stroke: none; opacity: .2 }
.line.c0 { stroke: var(--c0) } .line.c1 { stroke: var(--c1) } .band.c0 { fill: var(--c0) } .band.c1 { fill: var(--c1) }
span.c0 { color: var(--c0) } span.c1 { color: var(--c1) }
td, th { text-align: left; padding: .1rem 1.5rem .1rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere }
";

/// The whole document.
pub fn html(told: &Told) -> String {
    let name = escaped(&told.name);
    let changed = changes(&TrainConfig::default(), &told.config);
    let charts = |charts: &[Chart<'_>], lines: &[Value]| charts.iter().filter_map(|chart| chart.svg(lines)).collect::<String>();
    let parts = [
        ("How it was run", how(told, &changed)),
        ("Warnings", table(told.warnings.iter().map(|(when, what)| (when.as_str(), what.as_str())))),
        ("Metrics at the end", metrics(&told.metrics, told.best)),
        ("Metrics over thousands of images", section("", &charts(&METRICS, &told.metrics))),
        ("Training over thousands of images", section("", &charts(&STATS, &told.stats))),
        ("Samples of one set of latents", section("pictures", &told.pictures.iter().map(picture).collect::<String>())),
        ("Settings that differ from the defaults", table(changed.iter().filter_map(|change| change.split_once('=')))),
    ];
    let parts = parts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(title, text)| format!("<h2>{title}</h2>\n{text}"));
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{name}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n\
         <style>{STYLE}</style></head>\n<body><h1>{name}</h1>\n{}</body></html>\n",
        parts.collect::<String>()
    )
}

/// Where it stands, and the command that gives the same run.
fn how(told: &Told, changed: &[String]) -> String {
    let last = told.stats.last();
    let seen = |name: &str| last.and_then(|line| line[name].as_u64()).map_or("0".into(), grouped);
    let mut speeds: Vec<f64> = told.stats.iter().filter_map(|line| line["images_per_sec"].as_f64()).collect();
    speeds.sort_by(f64::total_cmp);
    let speed = speeds.get(speeds.len() / 2).map(|speed| format!(", {} images a second (median)", grouped(*speed as u64)));
    let sets: String =
        changed.iter().filter(|change| !change.starts_with("points=")).map(|change| format!(" --set {}", quoted(change))).collect();
    let data = match told.config.data {
        DataKind::Points => " --data FILE.csv",
        _ if told.config.dataset().is_none() => " --data PATH",
        _ => "",
    };
    format!(
        "<p>{} of {} images in {} steps{}, by sparring {}. The default settings are those of ring8, so the same run is</p>\n<pre>{}</pre>\n",
        seen("images"),
        grouped(told.config.total_images()),
        seen("step"),
        speed.unwrap_or_default(),
        env!("CARGO_PKG_VERSION"),
        escaped(&format!("sparring train ring8{sets}{data}"))
    )
}

/// The last line, and the best where the run knows one.
fn metrics(lines: &[Value], best: Option<Best>) -> String {
    let Some(last) = lines.last() else { return String::new() };
    let columns = last.as_object().into_iter().flatten().filter(|(name, _)| !["step", "images", "best"].contains(&name.as_str()));
    let told = |value: &Value| value.as_f64().map_or_else(|| value.as_str().map_or_else(|| value.to_string(), Into::into), number);
    let mut rows: Vec<(String, String)> = columns.map(|(name, value)| (name.clone(), told(value))).collect();
    rows.extend(best.map(|best| ("best".into(), best.to_string())));
    table(rows.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

fn table<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let row = |(name, value)| format!("<tr><th>{}</th><td>{}</td></tr>\n", escaped(name), escaped(&shortened(value, LONGEST)));
    let rows: String = rows.map(row).collect();
    if rows.is_empty() { rows } else { format!("<table>\n{rows}</table>\n") }
}

fn section(class: &str, inside: &str) -> String {
    if inside.is_empty() { String::new() } else { format!("<section class=\"{class}\">\n{inside}</section>\n") }
}

fn picture((name, png): &(String, Vec<u8>)) -> String {
    let name = escaped(name);
    format!(
        "<figure><figcaption>{name}</figcaption><img alt=\"{name}\" src=\"data:image/png;base64,{}\"></figure>\n",
        BASE64_STANDARD.encode(png)
    )
}

/// Text that no browser takes for markup, in elements and in attributes.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_of_the_run_is_never_markup() {
        let evil = "<script>alert('x')</script>\"&";
        let told = Told {
            name: evil.into(),
            config: TrainConfig::default(),
            stats: Vec::new(),
            metrics: vec![json!({ evil: 1.0, "kimg": 1.0, "fid_features": evil })],
            best: None,
            warnings: vec![(evil.into(), evil.into())],
            pictures: vec![(evil.into(), Vec::new())],
        };
        let page = html(&told);
        assert!(
            !page.contains("<script")
                && !page.contains("alert('")
                && page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;")
        );
    }
}
