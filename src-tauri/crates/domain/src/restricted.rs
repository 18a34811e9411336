//! Illnesses that must not be told to neighbours or read over a clerk's shoulder: HIV, tuberculosis and severe mental
//! illness (艾滋病防治条例 第三十九条, 传染病防治法, 精神卫生法 第二十三条). One list for imports, pages and printed cards.

/// Beginnings of ICD-10 codes: tuberculosis, HIV, psychoses and mood disorders.
const CODES: [&str; 22] = [
    "A15", "A16", "A17", "A18", "A19", "B20", "B21", "B22", "B23", "B24", "F20", "F22", "F23", "F25", "F29", "F30",
    "F31", "F32", "F33", "O98.7", "Z21", "U84",
];

/// Words that give such an illness away, also inside the name of a hospital.
const WORDS: [&str; 16] = [
    "艾滋",
    "爱滋",
    "HIV",
    "AIDS",
    "免疫缺陷",
    "结核",
    "肺痨",
    "精神",
    "心理卫生",
    "安定医院",
    "双相",
    "躁狂",
    "抑郁",
    "偏执",
    "癔症",
    "妄想",
];

/// Whether an illness is restricted, by its ICD-10 code or by its name; either may be empty.
#[must_use]
pub fn is_restricted(icd10: &str, name: &str) -> bool {
    let code = icd10.trim().to_uppercase();
    CODES.iter().any(|prefix| code.starts_with(prefix)) || gives_away(name)
}

/// Whether a text names or hints at a restricted illness: `重性精神病`, `hiv感染`, `某市安定医院`.
#[must_use]
pub fn gives_away(text: &str) -> bool {
    let upper = text.to_uppercase();
    // TB alone, not inside a longer Latin word.
    let mut letters = upper.split(|c: char| !c.is_ascii_alphabetic());
    WORDS.iter().any(|word| upper.contains(word)) || letters.any(|word| word == "TB")
}

#[cfg(test)]
mod tests {
    use super::{gives_away, is_restricted};

    #[test]
    fn an_illness_is_restricted_by_its_code_or_by_its_name() {
        for (code, name) in
            [("B20.1", ""), ("a16.2", "肺部感染"), ("", "重性精神病"), ("", "hiv感染"), ("", "躁狂发作")]
        {
            assert!(is_restricted(code, name), "{code} {name}");
        }
        for (code, name) in [("I10", "高血压"), ("E11", "2型糖尿病"), ("", ""), ("F45", "胃病")] {
            assert!(!is_restricted(code, name), "{code} {name}");
        }
    }

    #[test]
    fn two_letters_hint_at_tuberculosis_only_when_they_stand_alone() {
        assert!(gives_away("TB 复查") && !gives_away("TBIL 升高"));
    }
}
