//! Why a file could not be read or written, each in one sentence for the clerk.

/// A file that is refused as a whole. Faults of single rows are [`crate::Problem`]s instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// Zero bytes, or nothing but spaces and separators.
    #[error("文件“{name}”是空的，没有导入任何内容；请确认导出成功后重新选择文件。")]
    Empty {
        /// The file's name as chosen.
        name: String,
    },
    /// The content is not a table in any format we read.
    #[error(
        "文件“{name}”不是Excel或CSV表格（内容是{found}），没有导入任何内容；请用WPS或Excel打开后另存为.xlsx再导入。"
    )]
    NotASpreadsheet {
        /// The file's name as chosen.
        name: String,
        /// What it looks like instead, in Chinese.
        found: &'static str,
    },
    /// The container or a part of it cannot be read to the end.
    #[error("文件“{name}”已损坏或不完整，没有导入任何内容；请重新复制或重新导出该文件后再试。")]
    Damaged {
        /// The file's name as chosen.
        name: String,
    },
    /// The workbook opens only with a password.
    #[error("文件“{name}”设有打开密码，没有导入任何内容；请在WPS或Excel中取消密码并另存后再导入。")]
    Encrypted {
        /// The file's name as chosen.
        name: String,
    },
    /// More than the bounds of [`crate::Limits`]: a mistake or a zip bomb.
    #[error("文件“{name}”过大（{what}超过{limit}），没有导入任何内容；请拆分成几个较小的文件后再导入。")]
    TooLarge {
        /// The file's name as chosen.
        name: String,
        /// Which bound was passed, in Chinese.
        what: &'static str,
        /// The bound, with its unit.
        limit: String,
    },
    /// No sheet has a row whose labels are those of the profile.
    #[error(
        "在文件“{name}”中没有找到“{profile}”的表头（应有{expected}等列），没有导入任何内容；请确认选对了文件和导入类型。"
    )]
    NoHeader {
        /// The file's name as chosen.
        name: String,
        /// Title of the profile that was looked for.
        profile: &'static str,
        /// The columns every such table has, joined for reading.
        expected: String,
    },
    /// A header was found, but columns without which no row can be understood are not in it.
    #[error("文件“{name}”缺少必需的列：{missing}，没有导入任何内容；请补上这些列，或在列对应中指定后再导入。")]
    MissingColumns {
        /// The file's name as chosen.
        name: String,
        /// Titles of the missing columns, joined for reading.
        missing: String,
    },
    /// A table could not be written (more rows or columns than Excel has, a sheet name Excel refuses).
    #[error("无法生成Excel文件（{reason}），没有写出任何内容；请缩小统计范围后重试。")]
    Write {
        /// What the writer said.
        reason: String,
    },
}

impl SheetError {
    /// A stable code for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "sheet_empty",
            Self::NotASpreadsheet { .. } => "sheet_not_a_spreadsheet",
            Self::Damaged { .. } => "sheet_damaged",
            Self::Encrypted { .. } => "sheet_encrypted",
            Self::TooLarge { .. } => "sheet_too_large",
            Self::NoHeader { .. } => "sheet_no_header",
            Self::MissingColumns { .. } => "sheet_missing_columns",
            Self::Write { .. } => "sheet_write",
        }
    }
}

impl From<rust_xlsxwriter::XlsxError> for SheetError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        Self::Write { reason: error.to_string() }
    }
}
