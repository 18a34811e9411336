//! Why nothing was printed.

/// Why a card could not be made. Nothing is half printed: either every page exists or none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// A template does not compile, or asks for something a card does not have.
    #[error("卡片模板 {file} 第 {line} 行有错（{reason}），没有打印；请改好模板，或恢复自带的模板。")]
    Template {
        /// Template file.
        file: String,
        /// Line, from 1; 0 when Typst names none.
        line: usize,
        /// What is wrong, in Chinese where the cause is known.
        reason: String,
        /// Typst's own message, for the programmer.
        detail: String,
    },
    /// A template itself contains a character that no built-in typeface has.
    #[error("卡片模板里的“{character}”（U+{:04X}）字体里没有，没有打印；请在模板里换一个字。", u32::from(*.character))]
    TemplateGlyph {
        /// The character.
        character: char,
        /// The words around it.
        text: String,
    },
    /// The household number does not fit a square code.
    #[error("户编号“{household_no}”做不成户码，没有打印；请先改正户编号。")]
    HouseholdNumber {
        /// The number as given.
        household_no: String,
    },
    /// There is nothing to print.
    #[error("没有要打印的户，请先选择户或村。")]
    NoCards,
    /// A built-in typeface cannot be read: the program file is damaged.
    #[error("自带的字体读不出来，程序文件可能损坏，请重新安装。")]
    Typefaces,
    /// Typst produced the pages but not the PDF.
    #[error("生成 PDF 时出错，没有打印；请把这句话告诉维护人员：{detail}")]
    Pdf {
        /// Typst's own message.
        detail: String,
    },
    /// The date lies outside the calendar a PDF can carry.
    #[error("打印日期不对，没有打印；请检查电脑日期。")]
    Date,
}
