//! Field values as the log carries them: five primitive kinds, no floats, no nesting.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::id::RecordId;
use crate::money::Fen;

/// The number of a field within its record type. Never reused.
pub type FieldId = u16;

/// One field value. Dates travel as ISO text, money as integer fen, references as 16 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Known to be nothing (a value somebody cleared).
    Null,
    /// Yes or no.
    Bool(bool),
    /// A count, an amount in fen.
    Int(i64),
    /// Text in Unicode NFC; ISO dates; code-table codes.
    Text(String),
    /// A record id (16 bytes) or a digest.
    Bytes(Vec<u8>),
}

/// The values of one record by field.
pub type Values = BTreeMap<FieldId, Value>;

/// What a field holds, which decides its SQL column, its check and its editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Free text.
    Text,
    /// A code of the named code table.
    Code(&'static str),
    /// Several codes of the named code table, as [`CodeSet`] writes them.
    Codes(&'static str),
    /// A whole number.
    Int,
    /// Fen.
    Money,
    /// A calendar date (ISO 8601).
    Date,
    /// Yes or no.
    Bool,
    /// The id of a record of the type with this number.
    Ref(u16),
}

/// Several codes of one code table. Stored ascending with commas between, so that one choice has one spelling and no two
/// offices differ over the order in which boxes were ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CodeSet(BTreeSet<String>);

impl CodeSet {
    /// The codes in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether a code is among them.
    #[must_use]
    pub fn contains(&self, code: &str) -> bool {
        self.0.contains(code)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<S: Into<String>> FromIterator<S> for CodeSet {
    fn from_iter<I: IntoIterator<Item = S>>(codes: I) -> Self {
        Self(codes.into_iter().map(Into::into).collect())
    }
}

/// A value that does not fit its field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("值与字段类型不符（应为{expected}）")]
pub struct ValueError {
    /// The kind the field wants, in the clerk's words.
    pub expected: &'static str,
}

/// A Rust type that one field can hold.
pub trait FieldValue: Sized {
    /// The value for the log.
    fn to_value(&self) -> Value;
    /// The typed value, or what was expected instead.
    ///
    /// # Errors
    /// [`ValueError`] when the stored primitive is of another kind.
    fn from_value(value: &Value) -> Result<Self, ValueError>;
}

impl FieldValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
    fn from_value(value: &Value) -> Result<Self, ValueError> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            _ => Err(ValueError { expected: "文字" }),
        }
    }
}

impl FieldValue for CodeSet {
    fn to_value(&self) -> Value {
        if self.is_empty() {
            return Value::Null;
        }
        Value::Text(self.iter().collect::<Vec<_>>().join(","))
    }
    fn from_value(value: &Value) -> Result<Self, ValueError> {
        let expected = ValueError { expected: "几个代码" };
        let Value::Text(text) = value else { return Err(expected) };
        let codes: Vec<&str> = text.split(',').collect();
        let ascending = codes.windows(2).all(|pair| pair[0] < pair[1]);
        if codes.contains(&"") || !ascending { Err(expected) } else { Ok(codes.into_iter().collect()) }
    }
}

impl FieldValue for i64 {
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
    fn from_value(value: &Value) -> Result<Self, ValueError> {
        match value {
            Value::Int(number) => Ok(*number),
            _ => Err(ValueError { expected: "整数" }),
        }
    }
}

impl FieldValue for Fen {
    fn to_value(&self) -> Value {
        Value::Int(self.0)
    }
    fn from_value(value: &Value) -> Result<Self, ValueError> {
        i64::from_value(value).map(Self).map_err(|_| ValueError { expected: "金额" })
    }
}

impl FieldValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
    fn from_value(value: &Value) -> Result<Self, ValueError> {
        match value {
            Value::Bool(yes) => Ok(*yes),
            _ => Err(ValueError { expected: "是或否" }),
        }
    }
}

impl FieldValue for NaiveDate {
    fn to_value(&self) -> Value {
        Value::Text(self.format("%Y-%m-%d").to_string())
    }
    fn from_value(value: &Value) -> Result<Self, ValueError> {
        let expected = ValueError { expected: "日期" };
        match value {
            Value::Text(text) => Self::parse_from_str(text, "%Y-%m-%d").map_err(|_| expected),
            _ => Err(expected),
        }
    }
}

impl FieldValue for RecordId {
    fn to_value(&self) -> Value {
        Value::Bytes(self.as_bytes().to_vec())
    }
    fn from_value(value: &Value) -> Result<Self, ValueError> {
        let expected = ValueError { expected: "记录编号" };
        match value {
            Value::Bytes(bytes) => bytes.as_slice().try_into().map(Self::from_bytes).map_err(|_| expected),
            _ => Err(expected),
        }
    }
}

impl Kind {
    /// Whether a value may stand in a field of this kind. Null may stand anywhere.
    #[must_use]
    pub fn admits(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null)
            | (Self::Text | Self::Code(_), Value::Text(_))
            | (Self::Int | Self::Money, Value::Int(_))
            | (Self::Bool, Value::Bool(_)) => true,
            (Self::Codes(_), _) => CodeSet::from_value(value).is_ok(),
            (Self::Date, _) => NaiveDate::from_value(value).is_ok(),
            (Self::Ref(_), _) => RecordId::from_value(value).is_ok(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CodeSet, FieldValue, Kind, Value};

    #[test]
    fn several_codes_of_one_field_are_stored_ascending_and_in_no_other_spelling() {
        let ticked: CodeSet = ["4", "1", "4"].into_iter().collect();
        let stored = ticked.to_value();
        assert_eq!(stored, Value::Text("1,4".into()));
        assert_eq!(CodeSet::from_value(&stored), Ok(ticked));
        assert_eq!(CodeSet::default().to_value(), Value::Null);
        let kind = Kind::Codes("symptom_hypertension");
        assert!(kind.admits(&stored) && kind.admits(&Value::Text("10".into())) && kind.admits(&Value::Null));
        for wrong in ["4,1", "1,1", "1,", ",1", "1,,4", ""] {
            assert!(!kind.admits(&Value::Text(wrong.into())), "{wrong}");
        }
        assert!(!kind.admits(&Value::Int(1)));
    }
}
