//! What every bench is called with: words, each obeyed once, and a sentence when one cannot be. Every bench shares it.

use std::process::ExitCode;

/// Obeys the words of the command line.
pub(crate) fn run(obey: impl FnOnce(&[&str]) -> crate::Result<()>) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match obey(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
