//! Labels of a sheet made into codes. A label nobody knows is never taken for some other one.

use mingbai_domain::code;
use mingbai_sheets::value::is_placeholder;

pub(super) fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

pub(super) fn coded(table: &str, label: &str) -> Option<String> {
    code::resolve(table, label).map(str::to_owned)
}

/// The code of a label; nothing for a blank one.
///
/// # Errors
/// The sentence that names the label and what may stand there instead.
pub(super) fn known(table: &str, column: &str, label: &str) -> Result<Option<String>, String> {
    if let Some(code) = coded(table, label) {
        return Ok(Some(code));
    }
    if is_placeholder(label) {
        return Ok(None);
    }
    let may: Vec<&str> = code::table(table).iter().map(|code| code.label).collect();
    Err(format!("{column}“{label}”不认识，应为{}", may.join("、")))
}

/// The level of a hospital, also as `三级甲等`, `三甲`, `二级乙等医院`.
///
/// # Errors
/// As for [`known`].
pub(super) fn hospital_level(label: &str) -> Result<Option<String>, String> {
    let bare = label.trim().trim_end_matches("医院").trim_end_matches('等');
    let bare = bare.trim_end_matches(['特', '甲', '乙', '丙']);
    let short = ["一", "二", "三"].contains(&bare).then(|| format!("{bare}级"));
    match coded("hospital_level", short.as_deref().unwrap_or(bare)) {
        Some(code) => Ok(Some(code)),
        None => known("hospital_level", "机构级别", label),
    }
}

#[cfg(test)]
mod tests {
    use super::{hospital_level, known};

    #[test]
    fn an_unknown_label_is_refused_by_its_name_and_a_blank_one_stays_blank() {
        let refusal = known("hospital_area", "就诊地", "北京市").unwrap_err();
        assert!(refusal.contains("北京市") && refusal.contains("省外"), "{refusal}");
        assert_eq!(known("hospital_area", "就诊地", "-"), Ok(None));
        assert_eq!(known("hospital_area", "就诊地", "跨省"), Ok(Some("outside".to_owned())));
    }

    #[test]
    fn the_grade_within_a_hospital_level_makes_no_difference() {
        for label in ["三级", "三级甲等", "三甲", "三级医院", "三级乙等医院"] {
            assert_eq!(hospital_level(label), Ok(Some("level3".to_owned())), "{label}");
        }
        assert_eq!(hospital_level("乡镇卫生院"), Ok(Some("township".to_owned())));
        assert_eq!(hospital_level(""), Ok(None));
        assert!(hospital_level("大医院").is_err());
    }
}
