//! Characters no typeface has: found before typesetting, shown as a code, reported by name.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

use crate::typefaces::Typefaces;

/// A character that could not be printed, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingGlyph {
    /// The character.
    pub character: char,
    /// The household whose card has it.
    pub household_no: String,
    /// Head of that household.
    pub head: String,
    /// The whole text it stands in, mostly a person's name.
    pub text: String,
}

impl MissingGlyph {
    /// What the paper shows instead: `〔U+31350〕`.
    #[must_use]
    pub fn placeholder(&self) -> String {
        placeholder(self.character)
    }
}

impl fmt::Display for MissingGlyph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { household_no, head, text, .. } = self;
        let shown = self.placeholder();
        write!(f, "{head}户（{household_no}）“{text}”里有一个字自带字体没有，纸上印成{shown}，请手写补上。")
    }
}

fn placeholder(c: char) -> String {
    format!("〔U+{:04X}〕", u32::from(c))
}

/// Replaces what cannot be printed in every text of `card` and says what it was.
///
/// Invisible characters (zero-width, variation selectors, control) are dropped without a word: they show nothing
/// anyway, and line ends inside a field become a space.
pub(crate) fn make_printable(
    card: &mut Value,
    typefaces: &Typefaces,
    household_no: &str,
    head: &str,
) -> Vec<MissingGlyph> {
    let mut missing = Vec::new();
    let mut visit = |text: &mut String| {
        if text.chars().all(|c| typefaces.cover(c) && !is_invisible(c)) {
            return;
        }
        let mut printed = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '\n' | '\r' | '\t' => printed.push(' '),
                _ if is_invisible(c) => {}
                _ if typefaces.cover(c) => printed.push(c),
                _ => {
                    printed.push_str(&placeholder(c));
                    let found = MissingGlyph {
                        character: c,
                        household_no: household_no.to_owned(),
                        head: head.to_owned(),
                        text: text.clone(),
                    };
                    if !missing.contains(&found) {
                        missing.push(found);
                    }
                }
            }
        }
        *text = printed;
    };
    every_text(card, &mut visit);
    missing
}

fn is_invisible(c: char) -> bool {
    let selector_or_joiner = matches!(
        u32::from(c),
        0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF | 0xE_0000..=0xE_0FFF
    );
    c.is_control() || selector_or_joiner
}

/// Calls `visit` on every string below `value`, in the order of the document.
fn every_text(value: &mut Value, visit: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter_mut().for_each(|item| every_text(item, visit)),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, field)| every_text(field, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
