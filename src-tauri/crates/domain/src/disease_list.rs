//! Lists of diseases by version (domain B.1–B.3): which illness counts for 大病专项救治 and which for a 门诊特慢病证.
//!
//! A list is data: members with ICD-10 prefixes, words the name must hold where the code says too little, and the sex and
//! age it is for. Membership nobody could show in print is marked as not verified.

use std::sync::OnceLock;

const SOURCE: &str = include_str!("../../../../assets/lists/diseases.tsv");

/// A list and what a clerk calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    /// Stable key.
    pub key: &'static str,
    /// `30种大病`.
    pub title: &'static str,
}

/// Every list, the narrow ones first. Of the 93 (45+48) focus diseases only the number is public: a county brings its own.
pub const LISTS: [List; 7] = [
    List { key: "9", title: "9种大病" },
    List { key: "13", title: "13类19种大病" },
    List { key: "21", title: "21种大病" },
    List { key: "25", title: "25种大病" },
    List { key: "30", title: "30种大病" },
    List { key: "t25", title: "25种特病" },
    List { key: "c28", title: "28种门诊特慢病" },
];

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    lists: Vec<&'static str>,
    /// The class it is counted under: `儿童先天性心脏病`.
    pub class: &'static str,
    /// Its name on the list.
    pub name: &'static str,
    prefixes: Vec<&'static str>,
    words: Vec<&'static str>,
    sex: Option<&'static str>,
    age_max: Option<i64>,
    /// Not confirmed by a published text.
    pub unverified: bool,
}

/// An illness of somebody, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Illness<'i> {
    /// Code as written: `C50.901`, `c20.x01`.
    pub icd10: &'i str,
    /// Name as written.
    pub name: &'i str,
    /// A code of `sex`.
    pub sex: Option<&'i str>,
    /// Age in years.
    pub age: Option<i64>,
}

fn members() -> &'static [Member] {
    static MEMBERS: OnceLock<Vec<Member>> = OnceLock::new();
    MEMBERS.get_or_init(|| SOURCE.lines().skip(1).filter_map(member).collect())
}

fn member(line: &'static str) -> Option<Member> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [lists, class, name, prefixes, words, sex, age, unverified] = columns[..] else { return None };
    Some(Member {
        lists: lists.split(' ').collect(),
        class,
        name,
        prefixes: prefixes.split(' ').filter(|prefix| !prefix.is_empty()).collect(),
        words: words.split('|').filter(|word| !word.is_empty()).collect(),
        sex: Some(sex).filter(|sex| !sex.is_empty()),
        age_max: age.parse().ok(),
        unverified: unverified == "y",
    })
}

/// The members of a list in their order.
pub fn of_list(list: &str) -> impl Iterator<Item = &'static Member> {
    members().iter().filter(move |member| member.lists.contains(&list))
}

/// The member of a list that an illness is; the first where several would do.
#[must_use]
pub fn find(list: &str, illness: &Illness<'_>) -> Option<&'static Member> {
    of_list(list).find(|member| member.covers(illness))
}

impl Member {
    fn covers(&self, illness: &Illness<'_>) -> bool {
        let fits_sex = self.sex.is_none_or(|sex| illness.sex.is_none_or(|of| of == sex));
        let fits_age = self.age_max.is_none_or(|most| illness.age.is_none_or(|age| age <= most));
        fits_sex && fits_age && self.names(illness)
    }

    fn names(&self, illness: &Illness<'_>) -> bool {
        let code = normal(illness.icd10);
        if code.is_empty() {
            // Without a code only the list's own words say so.
            return !self.prefixes.is_empty() && illness.name.contains(self.name);
        }
        let coded = self.prefixes.iter().any(|prefix| code.starts_with(prefix));
        coded && (self.words.is_empty() || self.words.iter().any(|word| illness.name.contains(word)))
    }
}

/// A code as lists compare it: upper case, without the local extension after `x`.
fn normal(icd10: &str) -> String {
    let code = icd10.trim().to_ascii_uppercase();
    code.split('X').next().unwrap_or_default().trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Illness, LISTS, SOURCE, find, members, of_list};

    fn ill(icd10: &'static str, name: &'static str, sex: &'static str, age: i64) -> Illness<'static> {
        Illness { icd10, name, sex: Some(sex), age: Some(age) }
    }

    fn names(list: &str) -> BTreeSet<&'static str> {
        of_list(list).map(|member| member.name).collect()
    }

    fn classes(list: &str) -> usize {
        of_list(list).map(|member| member.class).collect::<BTreeSet<_>>().len()
    }

    #[test]
    fn every_line_of_the_lists_is_read_and_names_lists_that_exist() {
        assert_eq!(members().len(), SOURCE.lines().count() - 1);
        for member in members() {
            assert!(member.lists.iter().all(|list| LISTS.iter().any(|known| known.key == *list)), "{}", member.name);
        }
    }

    #[test]
    fn each_list_has_as_many_diseases_as_its_name_says() {
        assert_eq!((names("9").len(), names("21").len(), names("25").len(), names("30").len()), (9, 21, 25, 30));
        assert_eq!((classes("13"), names("13").len()), (13, 19));
        // The sentence of the source names 24; the 25th stays empty rather than invented.
        assert_eq!((names("t25").len(), names("c28").len()), (25, 28));
        assert!(names("t25").contains("（原文缺）"));
    }

    #[test]
    fn a_man_has_no_cervical_cancer_on_any_list_and_a_leukaemia_at_15_is_no_childs() {
        assert!(find("30", &ill("C53.900", "宫颈恶性肿瘤", "2", 50)).is_some());
        assert!(
            LISTS.iter().filter(|list| !["t25", "c28"].contains(&list.key)).all(|list| find(
                list.key,
                &ill("C53.900", "宫颈恶性肿瘤", "1", 50)
            )
            .is_none())
        );
        assert_eq!(find("30", &ill("C91.000", "急性淋巴细胞白血病", "1", 14)).unwrap().name, "儿童白血病");
        assert!(find("30", &ill("C91.000", "急性淋巴细胞白血病", "1", 15)).is_none());
    }

    #[test]
    fn codes_are_compared_as_hospitals_write_them_and_resistance_is_told_by_the_name() {
        for code in ["C50.901", "c50", "C50.x01", " C50.900x001"] {
            assert_eq!(find("21", &ill(code, "乳房恶性肿瘤", "2", 40)).unwrap().name, "乳腺癌", "{code}");
        }
        assert!(find("25", &ill("A15.0", "肺结核", "1", 40)).is_none());
        assert_eq!(find("25", &ill("A15.0", "耐多药肺结核", "1", 40)).unwrap().name, "耐多药结核病");
        assert_eq!(find("25", &ill("U84.300", "肺结核", "1", 40)).unwrap().name, "耐多药结核病");
        assert_eq!(find("9", &Illness { name: "胃癌术后", ..Illness::default() }).unwrap().name, "胃癌");
        assert!(find("t25", &Illness { name: "不明", ..Illness::default() }).is_none());
    }
}
