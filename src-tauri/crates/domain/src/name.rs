//! Personal names: two to six Chinese characters, `·` in minority names, rare characters of every plane.

use unicode_normalization::UnicodeNormalization;

/// The one spelling a name is kept in: NFC, no spaces inside Chinese names, every middle dot the same `·` (U+00B7).
#[must_use]
pub fn normalise(name: &str) -> String {
    name.nfc()
        .filter_map(|c| match c {
            '•' | '‧' | '∙' | '・' | '⋅' | '．' | '●' => Some('·'),
            c if c.is_whitespace() => None,
            c => Some(c),
        })
        .collect()
}

/// `张*`, `欧*娜`: the family name and the last character of names of three or more.
#[must_use]
pub fn mask(name: &str) -> String {
    let count = name.chars().count();
    name.chars().enumerate().map(|(i, c)| if i == 0 || (count > 2 && i + 1 == count) { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middle_dots_of_every_kind_and_spaces_become_one_spelling() {
        assert_eq!(normalise("阿依古丽•买买提"), "阿依古丽·买买提");
        assert_eq!(normalise("李　四 "), "李四");
    }

    #[test]
    fn masked_names_keep_the_family_name() {
        assert_eq!(mask("张三"), "张*");
        assert_eq!(mask("欧阳娜"), "欧*娜");
    }
}
