//! Profiles: which columns a kind of table has, what they may be called, and the typed draft a row becomes. Each profile
//! is one table of lines, declared with `draft!`.

use chrono::NaiveDate;
use mingbai_domain::citizen_id::CitizenIdError;
use mingbai_domain::{Fen, phone};

pub use crate::column::{Column, Kind, Need, Profile};
use crate::problem::{ProblemCode, Severity};
use crate::value::{
    Certificate, Pressure, half_width, is_placeholder, read_count, read_date, read_pressure, read_tenths, tidy,
};
use crate::workbook::Cell;

/// A typed row of one kind of table.
pub trait SheetDraft: Sized {
    /// The columns this draft is read from.
    const PROFILE: &'static Profile;

    /// Reads one row; faults go to the reader.
    fn from_row(row: &mut RowReader<'_>) -> Self;

    /// The values as cells, in the order of the profile's columns, for writing a table of the same kind.
    fn cells(&self) -> Vec<Cell>;

    /// Whether a row of this sort has nothing to say in a column that others must or should fill.
    fn excuses(&self, _column: &str) -> bool {
        false
    }

    /// What stands in the column with this key; nothing where the profile has no such column.
    fn said(&self, key: &str) -> String {
        let place = Self::PROFILE.columns.iter().position(|column| column.key == key);
        place.and_then(|place| self.cells().get(place).map(Cell::text)).unwrap_or_default()
    }
}

/// A draft's value as a cell: text stays text, amounts and counts are numbers, dates are dates.
pub trait ToCell {
    /// The cell.
    fn to_cell(&self, kind: Kind) -> Cell;
}

impl ToCell for String {
    fn to_cell(&self, _: Kind) -> Cell {
        if self.is_empty() { Cell::Empty } else { Cell::Text(self.clone()) }
    }
}

impl ToCell for Certificate {
    fn to_cell(&self, kind: Kind) -> Cell {
        self.text.to_cell(kind)
    }
}

impl ToCell for Option<NaiveDate> {
    fn to_cell(&self, _: Kind) -> Cell {
        self.map_or(Cell::Empty, Cell::Date)
    }
}

impl ToCell for Option<Fen> {
    fn to_cell(&self, _: Kind) -> Cell {
        self.map_or(Cell::Empty, |amount| Cell::Number(amount.to_string().replace(',', "")))
    }
}

impl ToCell for Option<i64> {
    fn to_cell(&self, kind: Kind) -> Cell {
        self.map_or(Cell::Empty, |number| match kind {
            Kind::Tenths => Cell::Number(format!("{}.{}", number / 10, number.unsigned_abs() % 10)),
            _ => Cell::Number(number.to_string()),
        })
    }
}

impl ToCell for Option<Pressure> {
    fn to_cell(&self, _: Kind) -> Cell {
        self.map_or(Cell::Empty, |pressure| Cell::Text(format!("{}/{}", pressure.systolic, pressure.diastolic)))
    }
}

/// A fault of one value, before it is given its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) column: usize,
    pub(crate) value: String,
    pub(crate) severity: Severity,
    pub(crate) code: ProblemCode,
    pub(crate) message: String,
}

/// The cells of one row in the order of the profile's columns, read one after the other.
pub struct RowReader<'a> {
    columns: &'static [Column],
    cells: Vec<&'a Cell>,
    next: usize,
    pub(crate) faults: Vec<Fault>,
}

impl<'a> RowReader<'a> {
    pub(crate) fn new(profile: &'static Profile, cells: Vec<&'a Cell>) -> Self {
        Self { columns: profile.columns, cells, next: 0, faults: Vec::new() }
    }

    /// The next column's value.
    pub fn take<V: FromCell>(&mut self, kind: Kind) -> V {
        let index = self.next;
        self.next += 1;
        let cell = self.cells.get(index).copied().unwrap_or(crate::workbook::NOTHING);
        let mut fault = |severity, code, message: String| {
            self.faults.push(Fault { column: index, value: cell.text(), severity, code, message });
        };
        let Some(column) = self.columns.get(index) else { return V::default() };
        let required = column.need == Need::Required;
        if let Cell::Error(error) = cell {
            let severity = if required || kind == Kind::Money { Severity::Reject } else { Severity::Warn };
            fault(severity, ProblemCode::CellError, format!("“{}”是公式错误{error}，不是有效内容", column.title));
            return V::default();
        }
        let blank = cell.is_blank() || (!matches!(kind, Kind::Text) && is_placeholder(&cell.text()));
        if blank {
            let code = if kind == Kind::Id { ProblemCode::IdMissing } else { ProblemCode::RequiredMissing };
            match column.need {
                Need::Optional => {}
                Need::Expected | Need::Column => fault(Severity::Warn, code, format!("“{}”为空", column.title)),
                Need::Required => fault(Severity::Reject, code, format!("“{}”不能为空", column.title)),
            }
            return V::default();
        }
        V::from_cell(cell, kind, &mut |severity, code, message| {
            // A value that could not be read at all is as good as blank.
            let lost = matches!(code, ProblemCode::DateInvalid | ProblemCode::NumberInvalid);
            let severity = if required && lost { Severity::Reject } else { severity };
            fault(severity, code, message);
        })
    }
}

/// Takes a fault: how grave, which, in words.
pub type Complain<'c> = &'c mut dyn FnMut(Severity, ProblemCode, String);

/// A value that can be read from a cell that is neither blank nor an error.
pub trait FromCell: Default {
    /// Reads the cell; what cannot be read is complained of and left blank.
    fn from_cell(cell: &Cell, kind: Kind, complain: Complain<'_>) -> Self;
}

/// What is said of an id that Excel made a number of.
pub(crate) const ID_DESTROYED: &str = "证件号码被Excel转成数字，后几位已丢失，请在原表把该列设为文本后重新录入";

/// Longest run of digits Excel keeps in a number.
const EXCEL_DIGITS: usize = 15;

fn is_destroyed_number(cell: &Cell) -> bool {
    match cell {
        Cell::Number(text) => text.contains('E') || text.bytes().filter(u8::is_ascii_digit).count() > EXCEL_DIGITS,
        Cell::Text(text) => {
            let text = half_width(text.trim()).to_ascii_uppercase();
            text.split_once("E+").is_some_and(|(front, exponent)| {
                !front.is_empty()
                    && front.bytes().all(|b| b.is_ascii_digit() || b == b'.')
                    && exponent.bytes().all(|b| b.is_ascii_digit())
            })
        }
        _ => false,
    }
}

impl FromCell for String {
    fn from_cell(cell: &Cell, kind: Kind, complain: Complain<'_>) -> Self {
        let text = cell.text();
        match kind {
            Kind::Name => {
                let name = mingbai_domain::name::normalise(&tidy(&text));
                if name.contains(['?', '？', '\u{fffd}', '□', '〓']) {
                    let message = "姓名中有丢失的字，请在系统中补正".to_owned();
                    complain(Severity::Warn, ProblemCode::CharacterLost, message);
                } else if name.chars().any(|c| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')) {
                    let message = "姓名中有只在原电脑上可见的造字，请在系统中改为规范字".to_owned();
                    complain(Severity::Warn, ProblemCode::CharacterLost, message);
                }
                name
            }
            Kind::Code => {
                if is_destroyed_number(cell) {
                    let message = "编号被Excel转成数字，末几位已丢失，请在原表把该列设为文本后重新导出".to_owned();
                    complain(Severity::Reject, ProblemCode::CodeDestroyed, message);
                    return Self::new();
                }
                let code = half_width(&tidy(&text));
                match code.strip_suffix(".0") {
                    Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.to_owned(),
                    _ => code,
                }
            }
            Kind::Phone => phone::normalise(&half_width(&text)).unwrap_or_else(|| {
                complain(Severity::Warn, ProblemCode::PhoneInvalid, "不是有效的电话号码，已按原样保留".to_owned());
                tidy(&text)
            }),
            _ => tidy(&text),
        }
    }
}

impl FromCell for Certificate {
    fn from_cell(cell: &Cell, _: Kind, complain: Complain<'_>) -> Self {
        let text = cell.text();
        let error = if is_destroyed_number(cell) {
            CitizenIdError::DestroyedByExcel
        } else {
            match Self::parse(&text) {
                Ok(certificate) => {
                    if mingbai_domain::citizen_id::looks_destroyed(&certificate.text) {
                        let message = "证件号码以000结尾，请对照原件，看是不是被Excel改过".to_owned();
                        complain(Severity::Warn, ProblemCode::IdDoubtful, message);
                    }
                    return certificate;
                }
                Err(error) => error,
            }
        };
        let normal = mingbai_domain::citizen_id::normalise(&text);
        let (code, message) = match &error {
            CitizenIdError::NoDocument => {
                let message = "证件号码以999999开头，表示无身份证，按无证件人员登记".to_owned();
                complain(Severity::Warn, ProblemCode::IdNoDocument, message);
                return Self { text: normal, ..Self::default() };
            }
            CitizenIdError::DestroyedByExcel => (ProblemCode::IdDestroyed, ID_DESTROYED.to_owned()),
            CitizenIdError::Empty => (ProblemCode::IdMissing, error.to_string()),
            CitizenIdError::Length(length) => {
                (ProblemCode::IdLength, format!("证件号码应为18位（残疾人证20或22位），实为{length}位"))
            }
            CitizenIdError::Character(_) => (ProblemCode::IdCharacter, error.to_string()),
            CitizenIdError::Birth => (ProblemCode::IdBirth, error.to_string()),
            CitizenIdError::Check { .. } => (ProblemCode::IdCheck, error.to_string()),
        };
        complain(Severity::Reject, code, message);
        Self { text: normal, ..Self::default() }
    }
}

impl FromCell for Option<NaiveDate> {
    fn from_cell(cell: &Cell, _: Kind, complain: Complain<'_>) -> Self {
        if let Cell::Date(date) = cell {
            return Some(*date);
        }
        let Some(read) = read_date(&cell.text()) else {
            complain(Severity::Warn, ProblemCode::DateInvalid, "不是有效日期，应如2026-01-15".to_owned());
            return None;
        };
        if read.day_missing {
            let message = format!("只有年月，按{}登记", read.date.format("%Y-%m-%d"));
            complain(Severity::Warn, ProblemCode::DateWithoutDay, message);
        }
        Some(read.date)
    }
}

impl FromCell for Option<Fen> {
    fn from_cell(cell: &Cell, _: Kind, complain: Complain<'_>) -> Self {
        match Fen::parse(&cell.text()) {
            Ok(amount) if !matches!(cell, Cell::Date(_)) => Some(amount),
            Ok(_) => {
                complain(Severity::Reject, ProblemCode::AmountInvalid, "应为金额，实为日期".to_owned());
                None
            }
            Err(error) => {
                complain(Severity::Reject, ProblemCode::AmountInvalid, format!("{error}，应如1300.00"));
                None
            }
        }
    }
}

impl FromCell for Option<i64> {
    fn from_cell(cell: &Cell, kind: Kind, complain: Complain<'_>) -> Self {
        let text = cell.text();
        let value = if kind == Kind::Tenths { read_tenths(&text) } else { read_count(&text) };
        if value.is_none() {
            complain(Severity::Warn, ProblemCode::NumberInvalid, "不是有效数字，已留空".to_owned());
        }
        value
    }
}

impl FromCell for Option<Pressure> {
    fn from_cell(cell: &Cell, _: Kind, complain: Complain<'_>) -> Self {
        let value = read_pressure(&cell.text());
        if value.is_none() {
            complain(Severity::Warn, ProblemCode::NumberInvalid, "不是有效血压，应如150/95".to_owned());
        }
        value
    }
}

/// The Rust type of a [`Kind`].
macro_rules! value_of {
    (Name) => { String };
    (Text) => { String };
    (Code) => { String };
    (Phone) => { String };
    (Id) => { $crate::value::Certificate };
    (Date) => { Option<chrono::NaiveDate> };
    (Money) => { Option<mingbai_domain::Fen> };
    (Count) => { Option<i64> };
    (Tenths) => { Option<i64> };
    (Pressure) => { Option<$crate::value::Pressure> };
}

/// Declares a draft and its profile. Each line reads: `field: Kind Need = "列名" ["别名", …];`
macro_rules! draft {
    (
        $(#[$doc:meta])*
        $name:ident, $profile:ident = $key:literal, $title:literal {
            $( $field:ident : $kind:tt $need:ident = $label:literal [$($synonym:literal),* $(,)?]; )+
        } $(excuses $excuse:path)?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $( #[doc = concat!("（", $label, "）")] pub $field: $crate::profile::value_of!($kind), )+
        }

        #[doc = concat!("Columns of “", $title, "”.")]
        pub const $profile: $crate::profile::Profile = $crate::profile::Profile {
            key: $key,
            title: $title,
            columns: &[ $( $crate::profile::Column {
                key: stringify!($field),
                title: $label,
                synonyms: &[$($synonym),*],
                kind: $crate::profile::Kind::$kind,
                need: $crate::profile::Need::$need,
            }, )+ ],
        };

        impl $crate::profile::SheetDraft for $name {
            const PROFILE: &'static $crate::profile::Profile = &$profile;

            fn from_row(row: &mut $crate::profile::RowReader<'_>) -> Self {
                // Fields are evaluated in the order written, which is the order of the columns.
                Self { $( $field: row.take($crate::profile::Kind::$kind), )+ }
            }

            $(fn excuses(&self, column: &str) -> bool {
                $excuse(self, column)
            })?

            fn cells(&self) -> Vec<$crate::workbook::Cell> {
                vec![ $( $crate::profile::ToCell::to_cell(&self.$field, $crate::profile::Kind::$kind), )+ ]
            }
        }
    };
}

pub(crate) use draft;
pub(crate) use value_of;
