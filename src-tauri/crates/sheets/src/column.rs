//! A profile's columns: what they hold, what they may be called, and how much depends on them.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person's name: one spelling of `·`, no inner spaces.
    Name,
    /// Free text or a label of a code table; the app maps labels to codes.
    Text,
    /// A code that looks like a number: 户编号, 单号. Must not have gone through Excel's numbers.
    Code,
    /// 证件号码.
    Id,
    /// A telephone number.
    Phone,
    /// A day.
    Date,
    /// An amount in yuan.
    Money,
    /// A whole number.
    Count,
    /// A measurement in tenths.
    Tenths,
    /// `150/95`.
    Pressure,
}

/// How much depends on a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The column may be missing, the value may be blank.
    Optional,
    /// The column should be there; a blank value is warned of.
    Expected,
    /// The column must be there, or the table is another kind of table; a blank value is warned of.
    Column,
    /// The column must be there; a row with a blank value is rejected.
    Required,
}

impl Need {
    /// Whether a table without the column is refused.
    #[must_use]
    pub fn refuses_without(self) -> bool {
        matches!(self, Self::Column | Self::Required)
    }
}

/// One column of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The draft's field, stable: mappings are remembered by it.
    pub key: &'static str,
    /// The usual label.
    pub title: &'static str,
    /// Other labels seen in real files.
    pub synonyms: &'static [&'static str],
    /// What it holds.
    pub kind: Kind,
    /// How much depends on it.
    pub need: Need,
}

/// A kind of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Stable key.
    pub key: &'static str,
    /// What the clerk calls such a table.
    pub title: &'static str,
    /// Its columns, in the usual order.
    pub columns: &'static [Column],
}
