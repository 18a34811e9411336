//! Why a file is turned away. Each reason has a stable code for programs and one sentence for the clerk that says what
//! happened, that nothing was changed, and what to do next.

use mingbai_ledger::LogId;
use mingbai_ledger::cbor::CborError;

use crate::keys::KeyId;

/// Why a bundle, request or membership file was not accepted. Nothing is changed by a rejected file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The file ends before the length it announces.
    #[error("文件没有拷贝完整（现有 {have} 字节），没有导入任何内容，请从原来的U盘或邮件重新拷贝一次。")]
    IncompleteCopy {
        /// Bytes present.
        have: u64,
        /// Bytes announced by the header, once enough of it is there.
        expected: Option<u64>,
    },
    /// Not one of our files at all.
    #[error("这不是明白账的数据文件，没有导入任何内容，请确认选对了文件。")]
    NotABundle,
    /// Line endings or the eighth bit were changed on the way.
    #[error("文件在传送途中被当作文本改动过，没有导入任何内容，请把文件压缩后再发送，或改用U盘拷贝。")]
    Mangled,
    /// A limit of the format is exceeded.
    #[error("文件超过允许的大小（{0}），没有导入任何内容，请联系发送方分成几份重新导出。")]
    TooLarge(&'static str),
    /// Written in a format this version cannot read.
    #[error("这份文件由更新版本的明白账生成，没有导入任何内容，文件已留存，请升级软件后再导入。")]
    NeedsNewerApp,
    /// Signed by a key nobody certified to us.
    #[error("不认识这份文件的发送方，没有导入任何内容。乡镇请先导入县里最新的数据包；县里请让那台电脑重新申请入网。")]
    UnknownSender(KeyId),
    /// Holds a log of a device nobody certified to us.
    #[error(
        "数据包里有一台没有入网的电脑写的内容，没有导入任何内容。乡镇请先导入县里最新的数据包；县里请让那台电脑重新申请入网。"
    )]
    UnknownDevice(u64),
    /// The sender's certificate was revoked, or the bundle goes past the last valid entry.
    #[error("电脑“{0}”已由县里停用，没有导入任何内容，文件已留存待查，请联系县级管理员。")]
    Revoked(String),
    /// Sealed for somebody else.
    #[error("这份文件不是发给本机的，没有导入任何内容，请把它交给收件单位，或请对方重新导出给本机。")]
    NotForUs,
    /// From another county's system.
    #[error("这份文件属于另一个县的系统，没有导入任何内容，请核对文件来源。")]
    OtherCounty,
    /// The signature does not fit the content.
    #[error("文件的签名不符，内容可能被改动过，没有导入任何内容，请让发送方重新导出。")]
    BadSignature,
    /// Bytes were changed after writing.
    #[error("文件已损坏（{0}），没有导入任何内容，请重新拷贝或让发送方重新导出。")]
    Damaged(&'static str),
    /// Properly signed, but not what the format allows.
    #[error("文件内容不合规范（{0}），没有导入任何内容，文件已留存，请把它交给软件维护人员。")]
    Malformed(&'static str),
    /// The inside contradicts the outside, or its own table of contents.
    #[error("文件里写明的和实际装的对不上（{0}），没有导入任何内容，请让发送方重新导出。")]
    ManifestMismatch(&'static str),
    /// The entries of a log do not link up.
    #[error("第 {seq} 条记录与前后衔接不上，没有导入任何内容，请让发送方检查数据库后重新导出。")]
    ChainBroken {
        /// The log.
        log: LogId,
        /// Sequence number of the head that was not reached.
        seq: u64,
    },
    /// A checkpoint signature is missing, wrong, or by another key.
    #[error("到第 {seq} 条为止的签名不符，没有导入任何内容，请让发送方重新导出。")]
    BadCheckpoint {
        /// The log.
        log: LogId,
        /// Sequence number signed.
        seq: u64,
    },
    /// Bears the number of another bundle of the same sender that was taken in before, and is not the same file.
    #[error("这份文件与先前导入过的另一份文件编号相同、内容不同，没有导入任何内容，文件已留存，请让发送方重新导出。")]
    NumberTaken,
    /// The sender may not send this.
    #[error("发送方“{0}”无权发送这份内容，没有导入任何内容，文件已留存待查，请联系县级管理员。")]
    NotAuthorised(String),
    /// Two different files claim to be the same part of one bundle, or its parts contradict each other.
    #[error("同一个数据包的各份互相矛盾，没有导入任何内容，收到的各份都已留存，请让发送方重新导出。")]
    PartsDiffer,
    /// The trust data inside contradicts what we hold.
    #[error(transparent)]
    Trust(#[from] TrustFault),
    /// The eight words read over the phone are not those of the file.
    #[error("八个核对词与文件不符，没有加入任何县，请与县里重新核对；如仍不符，说明文件不是县里发出的，请勿使用。")]
    WordsDiffer,
    /// The membership answers another request.
    #[error("这份入网文件不是对本机申请的答复，没有做任何改动，请向县里索要本机的入网文件。")]
    NotOurRequest,
}

impl Rejection {
    /// The stable code for programs. Never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::IncompleteCopy { .. } => "INCOMPLETE_COPY",
            Self::NotABundle => "NOT_A_BUNDLE",
            Self::Mangled => "MANGLED",
            Self::TooLarge(_) => "TOO_LARGE",
            Self::NeedsNewerApp => "NEEDS_NEWER_APP",
            Self::UnknownSender(_) => "UNKNOWN_SENDER",
            Self::UnknownDevice(_) => "UNKNOWN_DEVICE",
            Self::Revoked(_) => "REVOKED",
            Self::NotForUs => "NOT_FOR_US",
            Self::OtherCounty => "OTHER_COUNTY",
            Self::BadSignature => "BAD_SIGNATURE",
            Self::Damaged(_) => "DAMAGED",
            Self::Malformed(_) => "MALFORMED",
            Self::ManifestMismatch(_) => "MANIFEST_MISMATCH",
            Self::ChainBroken { .. } => "CHAIN_BROKEN",
            Self::BadCheckpoint { .. } => "BAD_CHECKPOINT",
            Self::NumberTaken => "NUMBER_TAKEN",
            Self::NotAuthorised(_) => "NOT_AUTHORISED",
            Self::PartsDiffer => "PARTS_DIFFER",
            Self::Trust(fault) => fault.code(),
            Self::WordsDiffer => "WORDS_DIFFER",
            Self::NotOurRequest => "NOT_OUR_REQUEST",
        }
    }
}

impl From<CborError> for Rejection {
    fn from(error: CborError) -> Self {
        Self::Malformed(match error {
            CborError::Truncated => "数据不完整",
            CborError::Trailing => "数据后有多余内容",
            CborError::NotShortest => "数字不是最短写法",
            CborError::Forbidden => "含有不允许的数据类型",
            CborError::Keys => "键未按顺序排列或重复",
            CborError::Text => "文字编码不规范",
            CborError::Depth => "嵌套过深",
            CborError::Shape => "内容与格式不符",
        })
    }
}

/// What is wrong with a trust section: the chain of county roots, the certificates and the revocations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustFault {
    /// A root does not follow directly on the one before.
    #[error("县级信任文件缺少中间版本，没有做任何改动，请县里重新导出。")]
    RootSkipped,
    /// Another root than the one we hold, under the same version.
    #[error("县级信任文件与本机已有的不一致，没有做任何改动，请立即联系县级管理员。")]
    RootConflict,
    /// Too few distinct holders of the old or the new keys signed.
    #[error("县级信任文件上签字的保管人不够，没有做任何改动，请县里补签后重新导出。")]
    RootUnsigned,
    /// A root that contradicts itself: no keys, a key twice, a key of another suite, a threshold nobody can meet.
    #[error("县级信任文件内容自相矛盾，没有做任何改动，请县里重新生成。")]
    RootInvalid,
    /// A certificate, revocation or statement carries a wrong signature.
    #[error("电脑证书或停用单的签名不符，没有做任何改动，请县里重新导出。")]
    BadSignature,
    /// Another document than the one we hold, under the same number.
    #[error("电脑证书或停用单与本机已有的编号相同、内容不同，没有做任何改动，请立即联系县级管理员。")]
    Conflict,
    /// A newer statement with smaller counters.
    #[error("县里发来的信任文件比本机已有的旧，没有做任何改动，请县里核对后重新导出。")]
    Rollback,
    /// Counters leap further than a county can grow.
    #[error("县里信任文件的编号一下子跳得太远，不像是真的，没有做任何改动，请联系县级管理员。")]
    CounterJump,
    /// The statement counts more documents than are present.
    #[error("县里发来的信任文件不完整，没有做任何改动，请县里重新导出。")]
    Incomplete,
    /// The key that wants to sign is not one of the county's current signing keys.
    #[error("这台电脑上的县里日常密钥已经换过、不再管用，没有做任何改动，请先在“系统”的“密钥与电脑”里更换日常密钥。")]
    NotOps,
}

impl TrustFault {
    /// The stable code for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RootSkipped => "ROOT_SKIPPED",
            Self::RootConflict => "ROOT_CONFLICT",
            Self::RootUnsigned => "ROOT_UNSIGNED",
            Self::RootInvalid => "ROOT_INVALID",
            Self::BadSignature => "TRUST_BAD_SIGNATURE",
            Self::Conflict => "TRUST_CONFLICT",
            Self::Rollback => "TRUST_ROLLBACK",
            Self::CounterJump => "TRUST_COUNTER_JUMP",
            Self::Incomplete => "TRUST_INCOMPLETE",
            Self::NotOps => "TRUST_NOT_OPS",
        }
    }
}
