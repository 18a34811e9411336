//! Why an exchange did not happen, in the clerk's words.

use mingbai_bundle::{MembershipError, Rejection, TrustFault, WriteError};
use mingbai_store::{StoreError, VaultError};

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
    /// A key file of a holder does not open.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The file is no key file of a holder.
    #[error("这不是根密钥保管人的密钥文件，没有改动。请插上保管人的U盘，选择以 mbk 结尾的文件")]
    NotAHolderFile,
    /// The key file belongs to another county.
    #[error("这份密钥文件属于另一个县，没有改动。请换成本县保管人的U盘")]
    HolderOfOtherCounty,
    /// The key is none of those that may sign.
    #[error("“{0}”不是现在的保管人，也不在这次的名单里，没有签字。请换成名单上的保管人")]
    NotAHolder(String),
    /// Somebody of this name is on the list.
    #[error("名单里已经有“{0}”，没有再做一份。请换一个叫法，或先撤销这份名单")]
    HolderKnown(String),
    /// A name that cannot stand on a screen.
    #[error("保管人的叫法不能为空，最多六十个字，没有改动。请重新填写")]
    HolderName,
    /// More signatures asked than there are holders.
    #[error("保管人共 {holders} 人，不能要求 {threshold} 人签字，没有改动。请重新选择人数")]
    Threshold {
        /// Holders on the list.
        holders: u64,
        /// Signatures asked.
        threshold: u64,
    },
    /// A change of the root waits for signatures already.
    #[error("已有一份更换单在等保管人签字，没有改动。请先签完，或先撤销它")]
    RootPending,
    /// Nothing waits for signatures.
    #[error("没有等待签字的更换单，没有改动。请先开始更换")]
    NoRootPending,
    /// Too few holders for a county that starts again.
    #[error(
        "需要 {needed} 位保管人的密钥，现在只有 {have} 位，没有改动。请再插上其他保管人的U盘；若都不对，请换一份较新的县信任文件"
    )]
    HoldersMissing {
        /// Holders whose keys were opened.
        have: u64,
        /// How many must.
        needed: u64,
    },
    /// No trust file was given.
    #[error("没有选择县信任文件，没有改动。请向任何一个乡镇要一份")]
    NoTrustFile,
    /// No PC has this certificate.
    #[error("没有找到这台电脑的证书，没有改动。请返回列表刷新")]
    NoSuchPc,
    /// The PC has been retired before.
    #[error("“{0}”已经停用过了，没有再改动")]
    AlreadyRetired(String),
    /// The county's own PC cannot retire itself.
    #[error("不能停用本机，没有改动。县级电脑丢失或报废时，请在新电脑上按“县里密钥丢了怎么办”恢复")]
    OwnPc,
    /// The name typed is not that of the PC.
    #[error("输入的名称与“{0}”不一致，没有停用。请照着屏幕上的名称再输一遍")]
    NameDiffers(String),
    /// Entries a PC is known to have written have not arrived, and nobody said that they will not.
    #[error(
        "“{device}”写的内容已知还有 {missing} 条没有到县里，没有停用。请先给它导入县里最新的数据包，让它再导出一次；确实拿不到了，照输它的名称再停用"
    )]
    StillMissing {
        /// The PC.
        device: String,
        /// How many.
        missing: u64,
    },
    /// No reason was given.
    #[error("没有写原因，没有停用。请写明原因，以后查得到")]
    NoReason,
    /// No reason was given for leaving something out, or for taking it in after all.
    #[error("没有写理由，没有改动。请写明为什么，以后查得到")]
    NoReasonGiven,
    /// Nothing of this kind lies aside any more.
    #[error("这一条已经处理过了，没有改动。请返回列表刷新")]
    NoSuchAside,
    /// An entry that says it passes on somebody else's word.
    #[error("这一条是以别人的名义写的，不能采用，没有改动，它仍然保存着。内容属实的，请让本人所在的单位自己登记")]
    InAnothersName,
    /// A PC asks to change keys of a certificate that is not its own.
    #[error("这份申请和它要更换的旧密钥不符，没有批准，也没有改动。请打电话核对是不是同一台电脑，再请它重新写一份申请")]
    RenewalRefused,
    /// A unit asks for an area that is no township of the county.
    #[error("申请的区划代码{0}不是本县乡镇的代码，没有批准。请乡镇核对设置后重新申请")]
    OutsideCounty(String),
}

impl From<TrustFault> for SyncError {
    fn from(fault: TrustFault) -> Self {
        Self::Rejected(fault.into())
    }
}
