//! Division codes: 6 digits to the county (GB/T 2260), 9 to the township, 12 to the village.

/// The scope of a code: a township's 9 digits are a prefix of each of its villages' 12.
#[must_use]
pub fn contains(scope: &str, code: &str) -> bool {
    code.starts_with(scope)
}

/// Whether this is a code of 6, 9 or 12 digits.
#[must_use]
pub fn is_code(text: &str) -> bool {
    matches!(text.len(), 6 | 9 | 12) && text.bytes().all(|b| b.is_ascii_digit())
}

/// `王庄村村民委员会` and `王庄村` are the same village: the name people use.
#[must_use]
pub fn short_village_name(name: &str) -> &str {
    let name = name.trim();
    for ending in ["村村民委员会", "村民委员会", "村委会", "社区居民委员会", "居民委员会", "居委会"]
    {
        if let Some(stem) = name.strip_suffix(ending)
            && !stem.is_empty()
        {
            return stem.strip_suffix('村').unwrap_or(stem);
        }
    }
    name.strip_suffix('村').filter(|s| s.chars().count() > 1).unwrap_or(name)
}

/// What people call a village of the official list: `王庄村民委员会` is 王庄村, `恩和路社区居委会` is 恩和路社区.
#[must_use]
pub fn everyday_village_name(official: &str) -> String {
    let official = official.trim();
    for (ending, kind) in
        [("村村民委员会", "村"), ("村民委员会", "村"), ("村委会", "村"), ("居民委员会", "居委会"), ("居委会", "居委会")]
    {
        if let Some(stem) = official.strip_suffix(ending).filter(|stem| !stem.is_empty()) {
            let named = ["村", "社区", "嘎查"].iter().any(|end| stem.ends_with(end));
            return if named { stem.to_owned() } else { format!("{stem}{kind}") };
        }
    }
    official.to_owned()
}

/// Whether a code is a township's, or of a village in one: it says more than the county.
#[must_use]
pub fn is_township(code: &str) -> bool {
    is_code(code) && code.len() >= 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn official_and_everyday_village_names_meet() {
        for name in ["王庄村村民委员会", "王庄村民委员会", "王庄村委会", "王庄村", "王庄"] {
            assert_eq!(short_village_name(name), "王庄", "{name}");
        }
        for (official, name) in [
            ("王庄村村民委员会", "王庄村"),
            ("王庄村民委员会", "王庄村"),
            ("一村村委会", "一村"),
            ("恩和路社区居委会", "恩和路社区"),
            ("阿拉格图嘎查村民委员会", "阿拉格图嘎查"),
            ("车站居民委员会", "车站居委会"),
        ] {
            assert_eq!(everyday_village_name(official), name);
        }
        assert!(contains("159901101", "159901101203") && !contains("159901101", "159901102203"));
    }
}
