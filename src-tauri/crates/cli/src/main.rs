//! `mingbai`: every command without a window, and the county's batch work.

mod args;
mod demo;
mod demo_claims;
mod demo_work;
mod office;
mod out;
mod pack;
mod verbs;

use std::process::ExitCode;

use mimalloc::MiMalloc;
use mingbai_app::AppError;

/// Large lists are millions of short texts.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = args::read();
    match verbs::run(arguments.verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

/// Programs read the JSON on standard output, people the sentence on standard error.
fn report(error: &AppError) {
    let object = serde_json::json!({
        "code": error.code, "message": error.message, "fields": error.fields,
        "detail": error.detail, "incident": error.incident,
    });
    out::json(&object);
    out::person(&error.message);
}
