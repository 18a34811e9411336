//! Why the vault stays shut, in a clerk's words.

/// Why the vault stays shut.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No operator of this name, or another password. Which of the two is not said.
    #[error("登录名或密码不对。没有改动，请再试；忘记密码时请用恢复码。")]
    WrongPassword,
    /// Another recovery code.
    #[error("恢复码不对。没有改动，请对照打印的恢复单再输一遍。")]
    WrongRecoveryCode,
    /// Too many failures.
    #[error("连续输错次数过多，请在 {seconds} 秒后再试。没有改动。")]
    LockedOut {
        /// How long to wait.
        seconds: u64,
    },
    /// An operator of this name exists.
    #[error("已有同名的登录名，没有改动。请换一个登录名。")]
    LoginTaken,
    /// No operator of this name.
    #[error("没有这个登录名，没有改动。")]
    NoSuchLogin,
    /// The last operator cannot be removed.
    #[error("这是最后一个操作员，不能删除。没有改动。")]
    LastOperator,
    /// A password of fewer than eight characters.
    #[error("密码太短，至少 8 个字符。没有改动。")]
    PasswordTooShort,
    /// There is a vault here already.
    #[error("这里已经有钥匙文件，没有覆盖它。")]
    AlreadyExists,
    /// There is none.
    #[error("没有找到钥匙文件。请检查数据目录，或从备份恢复。")]
    Missing,
    /// The file does not read.
    #[error("钥匙文件已损坏或由更新的版本写成。请从备份取回；原文件请保留。")]
    Unreadable,
    /// The file system failed.
    #[error("写钥匙文件时出错（{0}），没有改动。请检查磁盘后再试。")]
    Io(#[from] std::io::Error),
}

impl VaultError {
    /// A stable code for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong_password",
            Self::WrongRecoveryCode => "wrong_recovery_code",
            Self::LockedOut { .. } => "locked_out",
            Self::LoginTaken => "login_taken",
            Self::NoSuchLogin => "no_such_login",
            Self::LastOperator => "last_operator",
            Self::PasswordTooShort => "password_too_short",
            Self::AlreadyExists => "vault_exists",
            Self::Missing => "vault_missing",
            Self::Unreadable => "vault_unreadable",
            Self::Io(_) => "io",
        }
    }
}
