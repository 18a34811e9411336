//! Why an exchange did not happen, in the clerk's words.

use mingbai_bundle::{MembershipError, Rejection, TrustFault, WriteError};
use mingbai_store::StoreError;

/// Everything an exchange can refuse. Nothing was changed when one of these comes back.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file was turned away.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The bundle could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The membership file could not be written.
    #[error(transparent)]
    Membership(#[from] MembershipError),
    /// No keys in this database.
    #[error("本机没有密钥，不能收发数据包，数据没有变。请用备份恢复，或重新入网")]
    NoKeys,
    /// This PC has not joined a county.
    #[error("本机还没有入网，不能和县里交换数据，数据没有变。请先在“数据交换”里生成入网申请")]
    NotEnrolled,
    /// Only the county's PC can do this.
    #[error("只有县级电脑能做这项操作，数据没有变")]
    NotCounty,
    /// No unit with this area has joined.
    #[error("没有区划代码为{0}的单位入网，没有生成文件。请先批准它的入网申请")]
    NoSuchUnit(String),
    /// No other PC of this centre has joined, as far as is known here.
    #[error("本单位没有另一台已入网的电脑，没有生成文件。请先让那台电脑入网，再导入一次县里最新的数据包")]
    NoSibling,
    /// One saved action alone is larger than a part may be.
    #[error("有一次保存的内容本身就超过每份的大小，没有生成文件。请选更大的每份大小，或选“不分份”存到U盘")]
    CannotSplit,
    /// A membership arrived without a request waiting.
    #[error("本机没有等待批准的入网申请，数据没有变。请先生成入网申请")]
    NoRequest,
    /// The words typed are not those of the request.
    #[error("八个核对词与申请文件不符，没有批准。请打电话与乡镇重新核对；如仍不符，不要批准")]
    WordsDiffer,
    /// A unit asks for an area outside the county.
    #[error("申请的区划代码{0}不在本县范围内，没有批准。请乡镇核对设置后重新申请")]
    OutsideCounty(String),
}

impl From<TrustFault> for SyncError {
    fn from(fault: TrustFault) -> Self {
        Self::Rejected(fault.into())
    }
}
