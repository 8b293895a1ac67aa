//! A person's own points, from CSV.

use crate::error::{Error, Result};

/// Most points that a config holds: beyond, links and checkpoints grow heavy and the density slow.
pub const MAX_POINTS: usize = 4096;
/// Most bytes that are read.
const MAX_BYTES: usize = 16 << 20;

/// Points of the plane from the first two columns of a CSV file, and how many rows were dropped because they do not begin with two finite numbers.
///
/// A first row that is no point is a heading and not counted. Separators are commas, semicolons, tabs or spaces; in a file whose first point is two numbers between semicolons or tabs, only these, and a comma marks decimals. Of more than 4,096 points, as many are kept at even distances.
pub fn read_points(file: &str, bytes: &[u8]) -> Result<(Vec<[f32; 2]>, usize)> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::file(file, format!("is larger than {} MiB", MAX_BYTES >> 20)));
    }
    let text = String::from_utf8_lossy(bytes);
    let mut rows = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|row| !row.is_empty()).peekable();
    let wide = rows.clone().find_map(|row| point(row, true).map(|_| true).or_else(|| point(row, false).map(|_| false))).unwrap_or(false);
    if rows.peek().is_some_and(|row| point(row, wide).is_none()) {
        rows.next();
    }
    let read: Vec<Option<[f32; 2]>> = rows.map(|row| point(row, wide)).collect();
    let points: Vec<[f32; 2]> = read.iter().copied().flatten().collect();
    if points.is_empty() {
        return Err(Error::file(file, format!("holds no points: none of its {} rows begins with two numbers", read.len())));
    }
    let dropped = read.len() - points.len();
    Ok((thinned(points), dropped))
}

/// The first two cells as numbers; `wide` where only semicolons and tabs separate, and a comma marks decimals.
fn point(row: &str, wide: bool) -> Option<[f32; 2]> {
    let separators: &[char] = if wide { &[';', '\t'] } else { &[',', ';', '\t', ' '] };
    let mut cells = row.split(separators).map(|cell| cell.trim().trim_matches('"')).filter(|cell| !cell.is_empty());
    let mut number = || {
        let cell = cells.next()?;
        let number = if wide { cell.replacen(',', ".", 1).parse() } else { cell.parse() };
        number.ok().filter(|x: &f32| x.is_finite())
    };
    Some([number()?, number()?])
}

/// At most [`MAX_POINTS`], from the whole length of the list.
fn thinned(points: Vec<[f32; 2]>) -> Vec<[f32; 2]> {
    let count = points.len();
    if count <= MAX_POINTS {
        return points;
    }
    (0..MAX_POINTS).map(|i| points[i * count / MAX_POINTS]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_points_and_those_that_are_none_are_counted() {
        let text = "\u{feff}x,y,label\n1,2,a\n\n3;4\n5\t-6e-1\n nan,1\nwrong,2\n\"7\",\"8\"\n";
        assert_eq!(read_points("p.csv", text.as_bytes()), Ok((vec![[1.0, 2.0], [3.0, 4.0], [5.0, -0.6], [7.0, 8.0]], 2)));
    }

    #[test]
    fn between_semicolons_or_tabs_a_comma_marks_decimals() {
        let text = "x;y\n1,5;2,5\n-0,1; 4\n\"1,25\"\t3e1\n1,5,2;1\n";
        assert_eq!(read_points("p.csv", text.as_bytes()), Ok((vec![[1.5, 2.5], [-0.1, 4.0], [1.25, 30.0]], 1)));
        // Elsewhere a semicolon or a tab in a row is nothing special.
        for text in ["1,2,a;b\n3,4,c", "1,2;\n3,4;", "1 2\tcat\n3 4\tdog", "1,2\tcat\n3,4\tdog"] {
            assert_eq!(read_points("p.csv", text.as_bytes()), Ok((vec![[1.0, 2.0], [3.0, 4.0]], 0)), "{text}");
        }
    }

    #[test]
    fn a_file_without_points_is_refused_by_name() {
        for text in ["", "x,y\n", "a\nb\n", "\0\u{1}"] {
            let error = read_points("p.csv", text.as_bytes()).expect_err(text).to_string();
            assert!(error.starts_with("p.csv: holds no points"), "{error}");
        }
    }

    #[test]
    fn a_long_list_is_thinned_over_its_whole_length() {
        let text: String = (0..10_000).map(|i| format!("{i},0\n")).collect();
        let (points, dropped) = read_points("p.csv", text.as_bytes()).expect("points");
        assert_eq!((points.len(), dropped), (MAX_POINTS, 0));
        assert!(points[0][0] == 0.0 && points[MAX_POINTS - 1][0] > 9_990.0);
    }
}
