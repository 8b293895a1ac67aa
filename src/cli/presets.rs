//! `sparring presets`: what can be trained.

use super::error::Result;
use super::terminal;
use crate::config::{preset, preset_names};

/// Prints the table.
pub fn run() -> Result<()> {
    let mut rows = vec![["PRESET", "WHAT IT IS", "DATA", "LENGTH", "NEEDS"].map(String::from)];
    for name in preset_names() {
        let preset = preset(name)?;
        let kind = if preset.config.data.is_images() { "images" } else { "points" };
        let needs = if preset.needs.is_empty() { "nothing".into() } else { preset.needs };
        rows.push([preset.name, preset.summary, kind.into(), format!("{} kimg", preset.config.kimg), needs]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 5] = std::array::from_fn(width);
    let line = |row: &[String; 5]| {
        row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}  ")).collect::<String>().trim_end().to_owned()
    };
    terminal::print(rows.iter().map(line).collect::<Vec<_>>().join("\n"))
}
