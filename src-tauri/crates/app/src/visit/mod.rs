//! 随访: the doctor's week on screen and paper, and a sheet on which many visits are typed, a line a patient.

mod exam;
mod sheet;
mod week;

pub(crate) use exam::exam_sheet;
pub(crate) use sheet::{propose, sheet};
pub(crate) use week::{due, due_print};

use crate::error::{AppError, ErrorCode};
use crate::office::Context;
use crate::restricted;

/// Whether whoever is logged in may not see what a visit of this kind is for.
fn is_hidden(context: &Context<'_>, kind: &str) -> Result<bool, AppError> {
    let ordinary = matches!(context.opened()?.operator.role.code.as_str(), "clerk" | "auditor");
    Ok(ordinary && !kind.is_empty() && restricted::visit_name(kind).is_empty())
}

/// Refuses a kind of visit that would name somebody's restricted disease.
fn guard(context: &Context<'_>, kind: &str) -> Result<(), AppError> {
    if is_hidden(context, kind)? {
        let message = "这种随访限制查看，没有打开任何内容。请由负责人办理";
        return Err(AppError::new(ErrorCode::NotPermitted, message));
    }
    Ok(())
}
