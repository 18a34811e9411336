//! Telephone numbers as rosters carry them: `139….0` from Excel, landlines, spaces.

/// Digits and dashes only, without the `.0` a spreadsheet adds; `None` when it cannot be a telephone number.
#[must_use]
pub fn normalise(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(".0");
    let digits: String = text
        .chars()
        .filter_map(|c| match c {
            '０'..='９' => char::from_u32(c as u32 - 0xFEE0),
            '-' | '—' | '－' => Some('-'),
            c if c.is_ascii_digit() => Some(c),
            _ => None,
        })
        .collect();
    let length = digits.bytes().filter(u8::is_ascii_digit).count();
    (7..=12).contains(&length).then_some(digits)
}

/// Whether this is a mobile number (1[3-9] and nine more digits).
#[must_use]
pub fn is_mobile(text: &str) -> bool {
    text.len() == 11 && text.bytes().all(|b| b.is_ascii_digit()) && matches!(text.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// First three and last four digits.
#[must_use]
pub fn mask(text: &str) -> String {
    let count = text.chars().count();
    if count < 8 {
        return "*".repeat(count);
    }
    text.chars().enumerate().map(|(i, c)| if i < 3 || i + 4 >= count { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_what_excel_added() {
        assert_eq!(normalise("13912342217.0").as_deref(), Some("13912342217"));
        assert_eq!(normalise("0474－6120000").as_deref(), Some("0474-6120000"));
        assert_eq!(normalise("无"), None);
        assert!(is_mobile("13912342217") && !is_mobile("0474612000"));
        assert_eq!(mask("13912342217"), "139****2217");
    }
}
