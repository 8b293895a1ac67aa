//! Words for people go to stderr, results for programs to stdout.

use std::io::{self, Write};
use std::path::{MAIN_SEPARATOR, Path};
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::{CliError, Result};

/// Whether another process speaks for this one.
static HUSHED: AtomicBool = AtomicBool::new(false);

/// Leaves the words to another process.
pub fn hush() {
    HUSHED.store(true, Ordering::Relaxed);
}

/// Takes the word again.
pub fn speak() {
    HUSHED.store(false, Ordering::Relaxed);
}

/// Tells the person something; a closed stderr is no reason to stop.
pub fn note(text: impl std::fmt::Display) {
    if !HUSHED.load(Ordering::Relaxed) {
        let _ = writeln!(io::stderr(), "{text}");
    }
}

/// Writes a result to stdout. A reader that has seen enough (`| head`) is no error; a full disk is one.
pub fn print(text: impl std::fmt::Display) -> Result<()> {
    let mut stdout = io::stdout();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::io("write", Path::new("stdout"), error)),
        _ => Ok(()),
    }
}

/// A whole number with a comma every three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).expect("digits are ASCII")).collect();
    groups.join(",")
}

/// A text of at most so many characters, and a mark where there are more.
pub fn shortened(text: &str, most: usize) -> String {
    text.char_indices().nth(most).map_or_else(|| text.into(), |(end, _)| format!("{}…", &text[..end]))
}

/// As a shell takes it as one word; where paths have backslashes, as that of Windows does.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "=._-+:,/".contains(c) || c == MAIN_SEPARATOR;
    match MAIN_SEPARATOR {
        _ if !word.is_empty() && word.chars().all(is_plain) => word.into(),
        '\\' => format!("\"{word}\""),
        _ => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(["", "γ₁", "γ₁γ"].map(|text| shortened(text, 2)), ["", "γ₁", "γ₁…"]);
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_word_with_brackets_is_one_word_of_the_shell() {
        assert_eq!(["batch=32", "points=[[0,1]]", "a='b'"].map(quoted), ["batch=32", "'points=[[0,1]]'", r"'a='\''b'\'''"]);
    }
}
