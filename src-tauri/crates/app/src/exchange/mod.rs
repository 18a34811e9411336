//! 数据交换: 导出, 导入, 已确认, 缺, 待决定.

mod aside;
mod bundle;
mod coming;
mod conflict;
mod decided;
mod doubt;
mod drives;
mod kept;
mod log;
mod mail;
mod names;
mod status;
mod taking;
mod township;

pub(crate) use aside::{adopt, aside, leave, retry};
pub(crate) use bundle::{export, inspect};
pub(crate) use conflict::{conflict_rows, conflicts, resolve};
pub(crate) use decided::{decided, decided_xlsx};
pub(crate) use doubt::{doubts, merge, settle, unmerge};
pub(crate) use drives::{drives, look_into};
pub(crate) use status::{confirmed, give_up, status};
pub(crate) use taking::{import, preview, try_again};
pub(crate) use township::compare;

use mingbai_sync::{SyncError, TypeCount as Counted};

use crate::dto::TypeCount;
use crate::error::{AppError, ErrorCode};

impl From<SyncError> for AppError {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Store(inner) => inner.into(),
            SyncError::Rejected(rejection) => {
                Self::new(ErrorCode::BundleRejected, rejection.to_string()).detail(rejection.code())
            }
            SyncError::NotEnrolled => Self::new(ErrorCode::NotEnrolled, error.to_string()),
            SyncError::NotCounty => Self::new(ErrorCode::NotPermitted, error.to_string()),
            SyncError::NoSuchUnit(_) | SyncError::NoRequest | SyncError::NoSibling => {
                Self::new(ErrorCode::NotFound, error.to_string())
            }
            SyncError::WordsDiffer => Self::new(ErrorCode::WordsDiffer, error.to_string()),
            SyncError::Vault(inner) => inner.into(),
            SyncError::NoSuchPc | SyncError::NoRootPending | SyncError::NoSuchAside => {
                Self::new(ErrorCode::NotFound, error.to_string())
            }
            SyncError::RootPending | SyncError::HolderKnown(_) | SyncError::AlreadyRetired(_) => {
                Self::new(ErrorCode::Conflict, error.to_string())
            }
            SyncError::OutsideCounty(_)
            | SyncError::CannotSplit
            | SyncError::NotAHolderFile
            | SyncError::HolderOfOtherCounty
            | SyncError::NotAHolder(_)
            | SyncError::HolderName
            | SyncError::Threshold { .. }
            | SyncError::HoldersMissing { .. }
            | SyncError::NoTrustFile
            | SyncError::OwnPc
            | SyncError::NameDiffers(_)
            | SyncError::StillMissing { .. }
            | SyncError::NoReason
            | SyncError::NoReasonGiven
            | SyncError::InAnothersName
            | SyncError::RenewalRefused => Self::new(ErrorCode::Validation, error.to_string()),
            SyncError::Write(_) | SyncError::Membership(_) | SyncError::NoKeys => {
                Self::new(ErrorCode::Storage, error.to_string())
            }
        }
    }
}

fn types(counts: Vec<Counted>) -> Vec<TypeCount> {
    counts.into_iter().map(|c| TypeCount { label: c.label.to_owned(), count: c.count as i64 }).collect()
}

/// Numbers of parts as they are read out: `1、3`.
fn listed(parts: &[u16]) -> String {
    const MOST: usize = 20;
    let said: Vec<String> = parts.iter().take(MOST).map(ToString::to_string).collect();
    let more = if parts.len() > MOST { "等" } else { "" };
    format!("{}{more}", said.join("、"))
}
