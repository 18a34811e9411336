//! What is wrong with a row or a column, so that the clerk can put it right in the file.

use serde::{Deserialize, Serialize};

/// What a problem does to its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing is missing.
    Note,
    /// The row is taken; this value is left blank or kept as it stands.
    Warn,
    /// The row is not taken.
    Reject,
}

/// A stable code of what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// A value without which the row cannot be understood is blank.
    RequiredMissing,
    /// 证件号码 is blank where that is tolerated.
    IdMissing,
    /// Excel made a number of the id; its last digits are lost.
    IdDestroyed,
    /// It ends in 000 and its check digit holds: somebody's own, unless Excel made a number of it.
    IdDoubtful,
    /// Neither 15, 18, 20 nor 22 characters.
    IdLength,
    /// A character that cannot stand in an id.
    IdCharacter,
    /// The birth date inside the id does not exist.
    IdBirth,
    /// The check digit does not follow from the others.
    IdCheck,
    /// 999999…: the person has no id.
    IdNoDocument,
    /// Excel made a number of a code (户编号, 单号…); its last digits are lost.
    CodeDestroyed,
    /// Not a date.
    DateInvalid,
    /// Year and month only; the first of the month was taken.
    DateWithoutDay,
    /// Not an amount.
    AmountInvalid,
    /// Not a number.
    NumberInvalid,
    /// Not a telephone number; kept as written.
    PhoneInvalid,
    /// `#N/A` and the like.
    CellError,
    /// Characters that were lost (`?`, `�`) or exist only on the computer that wrote them (private use area).
    CharacterLost,
    /// Two columns carry the same label; the left one is used.
    DuplicateColumn,
    /// Two columns of the same label say different things in this row.
    DuplicateDisagrees,
    /// The row can be read, but it contradicts itself, another row or the register.
    NotTaken,
}

/// One problem, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The sheet's name.
    pub sheet: String,
    /// The row as Excel numbers it, from 1.
    pub row: u32,
    /// The column's letters, `FU`; empty when the whole row is meant.
    pub column: String,
    /// The column's label as it stands in the file, or the title of a column that is not there.
    pub header: String,
    /// The value as it stands in the file.
    pub value: String,
    /// What it does to the row.
    pub severity: Severity,
    /// Stable code.
    pub code: ProblemCode,
    /// One sentence for the clerk.
    pub message: String,
}
