//! Text of cells made into values: dates, certificates, amounts, labels, as people in offices write them.

use chrono::{Datelike, NaiveDate};
use mingbai_domain::CitizenId;
use serde::{Deserialize, Serialize};

/// Full-width letters, digits, punctuation and spaces as half-width; everything else untouched.
#[must_use]
pub fn half_width(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.chars()
        .map(|c| match c {
            '\u{3000}' | '\u{a0}' => ' ',
            '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Trimmed, line breaks and runs of spaces as one space, byte-order marks and zero-width characters gone.
#[must_use]
pub fn tidy(text: &str) -> String {
    let is_hidden = |c: &char| matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}');
    // Most cells are as they should be.
    if !text.chars().any(|c| c.is_whitespace() || is_hidden(&c)) {
        return text.to_owned();
    }
    let visible: String = text.chars().filter(|c| !is_hidden(c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What people write when there is nothing to write: `-`, `/`, `无`, `NULL`…
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    matches!(
        tidy(text).to_ascii_lowercase().as_str(),
        "" | "-" | "--" | "—" | "——" | "/" | "\\" | "无" | "null" | "nan" | "none" | "(空)" | "空" | "暂无" | "n/a"
    )
}

/// The labels in a cell that may hold several: `因病，因残` are two, `无` is none.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '，', '、', ';', '；', '|', '\n']).map(str::trim).filter(|part| !is_placeholder(part))
}

/// A date, and whether the day had to be taken as the first of the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadDate {
    /// The date.
    pub date: NaiveDate,
    /// Whether only year and month were written.
    pub day_missing: bool,
}

/// Reads `20260115`, `2026-01-15`, `2026/1/15`, `2026.1.15`, `2026年1月15日`, each with or without a time of day after it,
/// `202601` and `2026年1月`, and Excel's serial days (1908 to 2100). Two-digit years are refused.
#[must_use]
pub fn read_date(text: &str) -> Option<ReadDate> {
    let text = half_width(&tidy(text));
    let text = text.trim_end_matches(".0");
    if text.bytes().all(|b| b.is_ascii_digit()) {
        // Fourteen digits are a time stamp: `20260115103000`.
        let text = if text.len() == 14 { text.get(..8).unwrap_or(text) } else { text };
        let number = text.parse::<u32>().ok()?;
        return match text.len() {
            8 => whole(date_of(number / 10_000, number / 100 % 100, number % 100)?),
            6 => Some(ReadDate { date: date_of(number / 100, number % 100, 1)?, day_missing: true }),
            4 | 5 if (3_000..=73_415).contains(&number) => whole(from_serial(number)?),
            _ => None,
        };
    }
    if let Some((days, fraction)) = text.split_once('.')
        && days.len() == 5
        && fraction.bytes().all(|b| b.is_ascii_digit())
        && !fraction.is_empty()
    {
        return whole(from_serial(days.parse().ok().filter(|n| (10_000..=73_415).contains(n))?)?);
    }
    // The date ends where the time of day starts.
    let date = text.split_once(['T', ' ']).map_or(text, |(date, _)| date);
    if let Some(stamp) = date.get(..8).filter(|d| d.len() == date.len() && d.bytes().all(|b| b.is_ascii_digit())) {
        return read_date(stamp);
    }
    let joined = if date.contains(['年', '-', '/', '.']) && !text.contains('年') { date } else { text };
    let joined: String = joined.chars().filter(|c| *c != ' ').collect();
    let date_part = joined.split_once('日').map_or(joined.as_str(), |(date, _)| date);
    let parts: Vec<&str> = date_part.split(['年', '月', '-', '/', '.', '\\']).filter(|part| !part.is_empty()).collect();
    let number = |part: &&str| part.parse::<u32>().ok();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => whole(date_of(number(year)?, number(month)?, number(day)?)?),
        [year, month] if year.len() == 4 => {
            Some(ReadDate { date: date_of(number(year)?, number(month)?, 1)?, day_missing: true })
        }
        _ => None,
    }
}

fn whole(date: NaiveDate) -> Option<ReadDate> {
    Some(ReadDate { date, day_missing: false })
}

fn date_of(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok().filter(|year| (1850..=2199).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Excel's day 1 is 1900-01-01 and it counts a 29 February 1900 that never was, so from March 1900 on day 0 is
/// 1899-12-30.
fn from_serial(days: u32) -> Option<NaiveDate> {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    epoch.checked_add_days(chrono::Days::new(u64::from(days))).filter(|date| date.year() <= 2_100)
}

/// Whole numbers, with a `.0` from Excel or one unit behind: `12`, `12.0`, `6个月`, `3人`.
#[must_use]
pub fn read_count(text: &str) -> Option<i64> {
    let text = half_width(&tidy(text)).replace([',', ' '], "");
    let text = text.trim_end_matches(|c: char| !c.is_ascii() || c.is_ascii_alphabetic() || c == '/');
    let text = match text.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    text.parse().ok()
}

/// A measurement in tenths, half up: `7.2` is 72, `7.25` is 73.
#[must_use]
pub fn read_tenths(text: &str) -> Option<i64> {
    let text = half_width(&tidy(text)).to_ascii_lowercase();
    let text = text.trim_end_matches("mmol/l").trim();
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || !whole.bytes().chain(decimals.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digit = |at: usize| decimals.as_bytes().get(at).map_or(0, |b| i64::from(b - b'0'));
    let tenths = whole.parse::<i64>().ok()?.checked_mul(10)?.checked_add(digit(0))?;
    Some(if digit(1) >= 5 { tenths + 1 } else { tenths })
}

/// A blood pressure in mmHg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pressure {
    /// 收缩压.
    pub systolic: i64,
    /// 舒张压.
    pub diastolic: i64,
}

impl Pressure {
    /// Of two numbers, where both are there.
    pub(crate) fn of(systolic: Option<i64>, diastolic: Option<i64>) -> Option<Self> {
        Some(Self { systolic: systolic?, diastolic: diastolic? })
    }
}

/// `150/95`, `150／95mmHg`.
#[must_use]
pub fn read_pressure(text: &str) -> Option<Pressure> {
    let text = half_width(&tidy(text));
    let (systolic, diastolic) = text.split_once('/')?;
    Some(Pressure { systolic: read_count(systolic)?, diastolic: read_count(diastolic)? })
}

/// 证件号码 as recorded, and what could be read from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The number as recorded: half-width, upper case, without spaces.
    pub text: String,
    /// The 18 characters of the citizen id, if there is one whose check digit holds. A 15-digit id is in its 18-digit form.
    pub citizen_id: Option<String>,
    /// The disability certificate's number, 20 or 22 characters, if that is what was recorded.
    pub disability_certificate: Option<String>,
}

impl Certificate {
    /// Reads a number of 15, 18, 20 or 22 characters whose (first 18) characters pass the checksum of GB 11643.
    ///
    /// # Errors
    /// [`mingbai_domain::citizen_id::CitizenIdError`] naming the fault.
    pub fn parse(text: &str) -> Result<Self, mingbai_domain::citizen_id::CitizenIdError> {
        let text = mingbai_domain::citizen_id::normalise(text);
        let (front, certificate) = match (text.len(), text.get(..18)) {
            (20 | 22, Some(front)) => (front, Some(text.clone())),
            _ => (text.as_str(), None),
        };
        let citizen_id = CitizenId::parse(front)?.as_str().to_owned();
        Ok(Self { citizen_id: Some(citizen_id), disability_certificate: certificate, text })
    }

    /// 残疾类别 1–7 and 残疾等级 1–4, the 19th and 20th characters of a disability certificate.
    #[must_use]
    pub fn disability(&self) -> Option<(u8, u8)> {
        match self.disability_certificate.as_deref()?.as_bytes() {
            [_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, kind @ b'1'..=b'7', grade @ b'1'..=b'4', ..] => {
                Some((kind - b'0', grade - b'0'))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Certificate, ReadDate, read_count, read_date, read_pressure, read_tenths};
    use chrono::NaiveDate;
    use mingbai_domain::citizen_id::CitizenIdError;

    #[test]
    fn a_date_is_read_in_every_way_offices_write_it() {
        let date = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
        for text in [
            "20260115",
            "2026-01-15",
            "2026-1-15",
            "2026/1/15",
            "2026.1.15",
            "2026.01.15",
            "2026年1月15日",
            "2026 年 1 月 15 日",
            "２０２６年１月１５日",
            "2026-01-15 10:30:00",
            "2026/1/15 0:00",
            "2026-01-15T10:30:00",
            "20260115103000",
            "20260115 10:30",
            "46037",
            "46037.0",
            "46037.4375",
            " 2026-01-15 ",
        ] {
            assert_eq!(read_date(text), Some(ReadDate { date, day_missing: false }), "{text}");
        }
    }

    #[test]
    fn a_month_without_a_day_is_its_first_day_and_says_so() {
        let date = NaiveDate::from_ymd_opt(2023, 5, 1).unwrap();
        for text in ["202305", "2023年5月", "2023-05", "2023.5"] {
            assert_eq!(read_date(text), Some(ReadDate { date, day_missing: true }), "{text}");
        }
    }

    #[test]
    fn dates_that_do_not_exist_or_are_ambiguous_are_refused() {
        for text in ["20260230", "2026-13-01", "26-1-5", "15/1/2026", "2026", "长期", "20260115/20260116", "99999", ""]
        {
            assert_eq!(read_date(text), None, "{text}");
        }
    }

    #[test]
    fn counts_lose_their_unit_and_fractions_are_refused() {
        assert_eq!(read_count("12.0"), Some(12));
        assert_eq!(read_count("6个月"), Some(6));
        assert_eq!(read_count("１２"), Some(12));
        assert_eq!(read_count("150mmHg"), Some(150));
        assert_eq!(read_count("1.5"), None);
        assert_eq!(read_count("若干"), None);
    }

    #[test]
    fn glucose_is_kept_in_tenths_and_pressure_in_two_numbers() {
        assert_eq!(read_tenths("7.2"), Some(72));
        assert_eq!(read_tenths("7.25 mmol/L"), Some(73));
        assert_eq!(read_tenths("7"), Some(70));
        assert_eq!(read_tenths("高"), None);
        let pressure = read_pressure("150／95mmHg").unwrap();
        assert_eq!((pressure.systolic, pressure.diastolic), (150, 95));
    }

    #[test]
    fn ids_of_18_20_22_and_15_characters_are_read() {
        let id = "11010519491231002X";
        let plain = Certificate::parse("11010519491231002x").unwrap();
        assert_eq!(plain.citizen_id.as_deref(), Some(id));
        assert_eq!(plain.disability_certificate, None);
        let disabled = Certificate::parse("11010519491231002X42").unwrap();
        assert_eq!(disabled.citizen_id.as_deref(), Some(id));
        assert_eq!(disabled.disability(), Some((4, 2)));
        let reissued = Certificate::parse("11010519491231002X42B1").unwrap();
        assert_eq!(reissued.disability_certificate.as_deref(), Some("11010519491231002X42B1"));
        let old = Certificate::parse("110105491231002").unwrap();
        assert_eq!(old.citizen_id.as_deref(), Some(id));
    }

    #[test]
    fn an_id_excel_destroyed_is_told_apart_from_one_mistyped() {
        assert_eq!(Certificate::parse("520123199001011000"), Err(CitizenIdError::DestroyedByExcel));
        assert_eq!(Certificate::parse("5.20123E+17"), Err(CitizenIdError::DestroyedByExcel));
        assert_eq!(Certificate::parse("110105194912310021"), Err(CitizenIdError::Check { expected: 'X' }));
    }
}
