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
