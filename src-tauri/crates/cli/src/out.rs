//! What is printed, and where: results to standard output, remarks for people to standard error.

use std::io::Write;

use serde_json::Value;

/// One JSON value, indented.
pub(crate) fn json(value: &Value) {
    line(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// One line of a result. A reader that has gone away (a closed pipe) ends the output, not the work.
pub(crate) fn line(text: &str) {
    drop(writeln!(std::io::stdout().lock(), "{text}"));
}

/// One remark for the person at the keyboard.
pub(crate) fn person(text: &str) {
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// Rows under each other in columns. A Chinese character takes two places on a screen.
pub(crate) fn table<const N: usize>(rows: &[[String; N]]) {
    let places = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(places(cell));
        }
    }
    for row in rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell}{}", " ".repeat(width - places(cell))));
        line(format!("  {}", cells.collect::<Vec<_>>().join("  ")).trim_end());
    }
}
