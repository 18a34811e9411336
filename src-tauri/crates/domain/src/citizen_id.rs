//! 公民身份号码 (GB 11643-1999): reading, checking, 15 → 18, masking.

use std::fmt;

use chrono::{Datelike, NaiveDate};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [u8; 11] = *b"10X98765432";

/// A well-formed 18-character citizen id whose check digit holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenId(String);

/// The sex the 17th digit says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// 男, GB/T 2261.1 code 1.
    Male,
    /// 女, GB/T 2261.1 code 2.
    Female,
}

impl Sex {
    /// The GB/T 2261.1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
        }
    }
}

/// Why a piece of text is not a citizen id, said so that a clerk knows what to correct.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CitizenIdError {
    /// Nothing was written.
    #[error("证件号码为空")]
    Empty,
    /// Neither 15 nor 18 characters (20 and 22 are disability certificates).
    #[error("证件号码应为18位，实为{0}位")]
    Length(usize),
    /// A character that cannot stand there.
    #[error("证件号码含有不应出现的字符“{0}”")]
    Character(char),
    /// The birth date in it does not exist.
    #[error("证件号码中的出生日期不存在")]
    Birth,
    /// The last character does not follow from the others.
    #[error("证件号码校验位不对，应为{expected}")]
    Check {
        /// What the last character should have been.
        expected: char,
    },
    /// Excel kept 15 significant digits and wrote zeros for the rest.
    #[error("证件号码被Excel转成了数字，后几位已丢失，请在原表把该列设为文本后重新录入")]
    DestroyedByExcel,
    /// 999999…: the marker for somebody without an id.
    #[error("证件号码以999999开头，表示无身份证")]
    NoDocument,
}

/// Trims, drops quotes, `=` and spaces, makes full-width characters half-width and `x` upper case.
#[must_use]
pub fn normalise(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(c as u32 - 0xFEE0),
            '"' | '\'' | '=' | '“' | '”' | '‘' | '’' | '\u{feff}' => None,
            c if c.is_whitespace() => None,
            c => Some(c),
        })
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The check character for 17 digits.
fn check_character(digits: &[u8]) -> char {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    char::from(CHECKS[(sum % 11) as usize])
}

impl CitizenId {
    /// Reads a citizen id as people write it; a 15-digit one becomes its 18-digit form.
    ///
    /// # Errors
    /// [`CitizenIdError`] naming the fault.
    pub fn parse(text: &str) -> Result<Self, CitizenIdError> {
        let text = normalise(text);
        if text.is_empty() {
            return Err(CitizenIdError::Empty);
        }
        let destroyed = looks_destroyed(&text);
        if destroyed && text.len() != 18 {
            return Err(CitizenIdError::DestroyedByExcel);
        }
        let digits = match text.chars().count() {
            18 => text,
            15 => return Self::from_fifteen(&text),
            other => return Err(CitizenIdError::Length(other)),
        };
        if let Some(bad) = digits.chars().enumerate().find_map(|(i, c)| {
            let fits = c.is_ascii_digit() || (i == 17 && c == 'X');
            (!fits).then_some(c)
        }) {
            return Err(CitizenIdError::Character(bad));
        }
        if digits.starts_with("999999") {
            return Err(CitizenIdError::NoDocument);
        }
        let id = Self(digits);
        let expected = check_character(&id.0.as_bytes()[..17]);
        let born = !id.area().starts_with("000") && id.birth_date().is_some();
        match (born, id.0.ends_with(expected)) {
            (true, true) => Ok(id),
            _ if destroyed => Err(CitizenIdError::DestroyedByExcel),
            (false, _) => Err(CitizenIdError::Birth),
            (true, false) => Err(CitizenIdError::Check { expected }),
        }
    }

    /// The id made of an area, a birth date and a sequence number (odd for men); used by imports and the demo county.
    #[must_use]
    pub fn compose(area: &str, birth: NaiveDate, sequence: u16) -> Option<Self> {
        let text = format!("{area}{:04}{:02}{:02}{sequence:03}", birth.year(), birth.month(), birth.day());
        if text.len() != 17 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let check = check_character(text.as_bytes());
        Some(Self(format!("{text}{check}")))
    }

    fn from_fifteen(text: &str) -> Result<Self, CitizenIdError> {
        if let Some(bad) = text.chars().find(|c| !c.is_ascii_digit()) {
            return Err(CitizenIdError::Character(bad));
        }
        let (area, rest) = text.split_at_checked(6).ok_or(CitizenIdError::Length(15))?;
        let seventeen = format!("{area}19{rest}");
        let check = check_character(seventeen.as_bytes());
        let id = Self(format!("{seventeen}{check}"));
        if id.birth_date().is_none() { Err(CitizenIdError::Birth) } else { Ok(id) }
    }

    fn birth_date(&self) -> Option<NaiveDate> {
        let part = |from, to| self.0.get(from..to).and_then(|s| s.parse::<u32>().ok());
        let year = i32::try_from(part(6, 10)?).ok()?;
        NaiveDate::from_ymd_opt(year, part(10, 12)?, part(12, 14)?).filter(|_| year >= 1850)
    }

    /// Six digits of the area where it was first issued (GB/T 2260); may be abolished today.
    #[must_use]
    pub fn area(&self) -> &str {
        self.0.get(..6).unwrap_or_default()
    }

    /// The date of birth in it.
    #[must_use]
    pub fn birth(&self) -> NaiveDate {
        self.birth_date().unwrap_or_default()
    }

    /// The sex in it.
    #[must_use]
    pub fn sex(&self) -> Sex {
        if self.0.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// All 18 characters. For people without permission use [`mask`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// 20 or 22 characters with a good citizen id in front: a disability certificate (残疾人证).
#[must_use]
pub fn disability_part(text: &str) -> Option<(CitizenId, String)> {
    let text = normalise(text);
    let front = text.get(..18)?;
    if !matches!(text.len(), 20 | 22) {
        return None;
    }
    CitizenId::parse(front).ok().map(|id| (id, text.clone()))
}

/// Whether this looks like an 18-digit id that Excel turned into a number (15 significant digits, or `5.2E+17`). About one
/// person in a thousand has an id of their own that ends in 000; of those Excel destroyed, the check digit of one in eleven
/// holds all the same.
#[must_use]
pub fn looks_destroyed(text: &str) -> bool {
    let scientific = text.contains("E+") && text.starts_with(|c: char| c.is_ascii_digit());
    scientific || (text.len() == 18 && text.ends_with("000") && text.bytes().all(|b| b.is_ascii_digit()))
}

/// First four and last four characters, stars between: `1509**********3417`.
#[must_use]
pub fn mask(text: &str) -> String {
    let count = text.chars().count();
    if count <= 8 {
        return "*".repeat(count);
    }
    text.chars().enumerate().map(|(i, c)| if i < 4 || i + 4 >= count { c } else { '*' }).collect()
}

impl fmt::Display for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CitizenId {
    /// Masked: debug output ends in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask(&self.0))
    }
}

/// Completed years of age on a date.
#[must_use]
pub fn age_on(birth: NaiveDate, day: NaiveDate) -> i32 {
    let years = day.year() - birth.year();
    if (day.month(), day.day()) < (birth.month(), birth.day()) { years - 1 } else { years }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_examples_are_accepted() {
        for id in ["11010519491231002X", "440524188001010014", "810000199408230021", "830000199201300022"] {
            assert_eq!(CitizenId::parse(id).unwrap().as_str(), id);
        }
    }

    #[test]
    fn fifteen_digits_become_eighteen() {
        assert_eq!(CitizenId::parse("110105491231002").unwrap().as_str(), "11010519491231002X");
    }

    #[test]
    fn ids_read_as_spreadsheets_write_them() {
        assert_eq!(CitizenId::parse("=\"11010519491231002x\"").unwrap().as_str(), "11010519491231002X");
        assert_eq!(CitizenId::parse(" １１０１０５１９４９１２３１００２Ｘ ").unwrap().as_str(), "11010519491231002X");
    }

    #[test]
    fn each_fault_is_named() {
        assert_eq!(CitizenId::parse("110105194912310021"), Err(CitizenIdError::Check { expected: 'X' }));
        assert_eq!(CitizenId::parse("110105194902300021"), Err(CitizenIdError::Birth));
        assert_eq!(CitizenId::parse("110105194913310021"), Err(CitizenIdError::Birth));
        assert_eq!(CitizenId::parse("11010519491231"), Err(CitizenIdError::Length(14)));
        assert_eq!(CitizenId::parse("11010519491231O02X"), Err(CitizenIdError::Character('O')));
        assert_eq!(CitizenId::parse("110105194912310000"), Err(CitizenIdError::DestroyedByExcel));
        assert_eq!(CitizenId::parse("110105194913310000"), Err(CitizenIdError::DestroyedByExcel));
        assert_eq!(CitizenId::parse("1.10105E+17"), Err(CitizenIdError::DestroyedByExcel));
        assert_eq!(CitizenId::parse("999999196001010012"), Err(CitizenIdError::NoDocument));
        assert_eq!(CitizenId::parse(""), Err(CitizenIdError::Empty));
    }

    #[test]
    fn an_id_that_really_ends_in_000_is_somebodys_id() {
        let birth = NaiveDate::from_ymd_opt(1949, 12, 31).unwrap();
        let own: Vec<CitizenId> = (100..=900)
            .step_by(100)
            .flat_map(|sequence| {
                (110_101..110_112).filter_map(move |area| CitizenId::compose(&area.to_string(), birth, sequence))
            })
            .filter(|id| id.as_str().ends_with("000"))
            .collect();
        assert!(own.len() > 3);
        for id in own {
            assert_eq!(CitizenId::parse(id.as_str()), Ok(id));
        }
    }

    #[test]
    fn sex_birth_and_age_come_from_the_id() {
        let id = CitizenId::parse("11010519491231002X").unwrap();
        assert_eq!(id.sex(), Sex::Female);
        let birth = NaiveDate::from_ymd_opt(1949, 12, 31).unwrap();
        assert_eq!(id.birth(), birth);
        assert_eq!(age_on(birth, NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()), 76);
    }

    #[test]
    fn masking_keeps_four_at_each_end() {
        assert_eq!(mask("11010519491231002X"), "1101**********002X");
        assert_eq!(format!("{:?}", CitizenId::parse("11010519491231002X").unwrap()), "1101**********002X");
    }
}
