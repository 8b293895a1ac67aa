//! `sparring benchmark toys`: methods x data x seeds.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::cell::{Cell, Outcome};
use super::table::markdown;
use crate::cli::error::{CliError, Result};
use crate::cli::terminal::{note, print};
use crate::cli::{files, targets};
use crate::config::toy_methods;
use crate::data::DataKind;
use crate::metrics::Score;

/// The arguments.
#[derive(Debug, Args)]
pub struct ToysArgs {
    /// Seeds 1 to N of each method on each data set.
    #[arg(long, value_name = "N", default_value = "3", value_parser = clap::value_parser!(u64).range(1..=1000))]
    seeds: u64,
    /// Presets, with commas between [default: all that train on toys].
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    methods: Vec<String>,
    /// Toy data, with commas between.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "ring8,grid25")]
    data: Vec<String>,
    /// Length of each run in thousands of images [default: the preset's].
    #[arg(long, value_name = "N")]
    kimg: Option<f64>,
    /// Runs at a time [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Writes every run's figures.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Writes the table.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// Trains, prints the table, writes what was asked for.
pub fn run(args: &ToysArgs) -> Result<()> {
    targets::check(&[("--json", args.json.as_deref()), ("--markdown", args.markdown.as_deref())], &[])?;
    let methods = if args.methods.is_empty() { toy_methods() } else { args.methods.clone() };
    let data = args.data.iter().map(|name| toy(name.trim())).collect::<Result<Vec<_>>>()?;
    let mut cells = Vec::new();
    for seed in 1..=args.seeds {
        for method in &methods {
            for &data in &data {
                cells.push(Cell::new(method, data, seed, args.kimg)?);
            }
        }
    }
    let jobs = args.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    let outcomes = train(cells, jobs)?;
    let table = markdown(&outcomes, &methods, &data);
    print(table.trim_end())?;
    let command = std::env::args().skip(1).collect::<Vec<_>>().join(" ");
    if let Some(path) = &args.json {
        let record = json!({ "command": format!("sparring {command}"), "version": env!("CARGO_PKG_VERSION"), "runs": outcomes });
        files::write(path, format!("{}\n", serde_json::to_string_pretty(&record).expect("figures are plain data")).as_bytes())?;
    }
    if let Some(path) = &args.markdown {
        files::write(path, format!("`sparring {command}`\n\n{table}").as_bytes())?;
    }
    Ok(())
}

fn toy(name: &str) -> Result<DataKind> {
    let kind: Option<DataKind> = serde_json::from_value(json!(name)).ok();
    let known = kind.filter(|kind| DataKind::toys().any(|toy| toy == *kind));
    let listed = || DataKind::toys().map(DataKind::name).collect::<Vec<_>>().join(", ");
    known.ok_or_else(|| CliError::Usage(format!("--data: there is no toy called `{name}`; there are: {}", listed())))
}

/// All runs, `jobs` at a time, in the order of the cells.
fn train(cells: Vec<Cell>, jobs: usize) -> Result<Vec<Outcome>> {
    let total: u64 = cells.iter().map(|cell| cell.config.total_images()).sum();
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template("{bar:24} {percent} % · {eta} left · {msg}").expect("the template is valid"));
    let next = AtomicUsize::new(0);
    let slots: Vec<Mutex<Option<Result<Outcome>>>> = cells.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(cell) = cells.get(index) else { break };
            let outcome = cell.clone().run(|images| bar.inc(images));
            tell(&bar, &outcome);
            if let Ok(mut slot) = slots[index].lock() {
                *slot = Some(outcome);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(cells.len()) {
            scope.spawn(work);
        }
    });
    bar.finish_and_clear();
    let take = |slot: Mutex<Option<Result<Outcome>>>| {
        let taken = slot.into_inner().ok().flatten();
        taken.unwrap_or_else(|| Err(CliError::Failed("a run of the study was lost".into())))
    };
    slots.into_iter().map(take).collect()
}

/// A line for each run that ends, also where there is no terminal.
fn tell(bar: &ProgressBar, outcome: &Result<Outcome>) {
    let Ok(outcome) = outcome else { return };
    let Cell { method, data, seed, .. } = &outcome.cell;
    let coverage = outcome.coverage().map(|m| {
        format!("{}/{} modes, HQ {:.1} %, rKL {}, ", m.modes, m.modes_total, 100.0 * m.hq, m.rkl.map_or("–".into(), |x| format!("{x:.4}")))
    });
    let figures = match outcome.score(Score::Js) {
        Some(js) => format!("{}JS {js:.3}", coverage.unwrap_or_default()),
        None => "diverged".into(),
    };
    let line = format!("{method} on {}, seed {seed}: {figures} ({:.0} s)", data.name(), outcome.secs);
    bar.suspend(|| note(line));
}
