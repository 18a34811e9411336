//! Causes of poverty against diseases (domain ): M1 因病而无病种, M2 有病种而非因病, M2-93 the same for the diseases a
//! list names, M3 the diseases differ, M4 the causes differ. Pure.

use std::collections::BTreeSet;

use mingbai_domain::code;

use super::side::Illness;

/// 因病.
const BY_ILLNESS: &str = "01";

/// One household as both sides tell it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Home {
    /// Causes, the main one and the others; empty where a side says none.
    pub(crate) causes: [BTreeSet<String>; 2],
    /// Diseases of everybody in it.
    pub(crate) illness: [BTreeSet<Illness>; 2],
    /// Whether the lists tell diseases at all.
    pub(crate) tells_illness: bool,
}

/// A list of diseases the county holds, such as the 45 + 48 of the health commission.
#[derive(Clone, Debug, Default)]
pub(crate) struct Focus {
    /// What the county calls it.
    pub(crate) name: String,
    /// Name and beginnings of ICD-10 codes.
    pub(crate) diseases: Vec<(String, Vec<String>)>,
}

impl Focus {
    /// Reads a list's body: a disease a line, the first Chinese column its name, beginnings of ICD-10 codes in any other.
    pub(crate) fn read(name: &str, body: &str) -> Self {
        let is_code = |text: &&str| {
            let mut bytes = text.bytes();
            bytes.next().is_some_and(|b| b.is_ascii_uppercase()) && bytes.next().is_some_and(|b| b.is_ascii_digit())
        };
        let diseases = body.lines().filter(|line| !line.starts_with('#')).map(|line| {
            let columns = || line.split('\t').map(str::trim);
            let name = columns().find(|column| !column.is_ascii()).unwrap_or_default().to_owned();
            let codes = columns().flat_map(|column| column.split([' ', ',', '、', ';'])).filter(is_code);
            (name, codes.map(str::to_owned).collect())
        });
        Self { name: name.to_owned(), diseases: diseases.filter(|(name, _)| !name.is_empty()).collect() }
    }

    fn names(&self, illness: &Illness) -> bool {
        let icd10 = illness.icd10.to_ascii_uppercase();
        let by_code = |codes: &[String]| codes.iter().any(|code| icd10.starts_with(code.as_str()));
        self.diseases.iter().any(|(name, codes)| by_code(codes) || same_disease(&illness.name, name))
    }
}

/// One finding about a household: which kind, and what either side says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub(crate) kind: &'static str,
    pub(crate) ours: String,
    pub(crate) theirs: String,
}

/// What does not fit in a household. Whose causes count where both sides give some: the other office's, for whom the
/// household is poor; that they differ is M4 beside.
pub(crate) fn of_home(home: &Home, focus: Option<&Focus>) -> Vec<Mismatch> {
    let [ours, theirs] = &home.causes;
    let causes = if theirs.is_empty() { ours } else { theirs };
    let serious = |side: usize| home.illness[side].iter().filter(|illness| !illness.common);
    let suffered: BTreeSet<&Illness> = serious(0).chain(serious(1)).collect();
    let side = |side: usize| {
        let causes = cause_words(&home.causes[side]);
        let illness = illness_words(&home.illness[side]);
        format!("致贫原因：{causes}；病种：{illness}")
    };
    let mut found = Vec::new();
    let mut add = |kind, ours, theirs| found.push(Mismatch { kind, ours, theirs });
    if home.tells_illness && causes.contains(BY_ILLNESS) && suffered.is_empty() {
        add("M1", side(0), side(1));
    }
    if !causes.is_empty() && !causes.contains(BY_ILLNESS) && !suffered.is_empty() {
        let among: BTreeSet<Illness> = suffered
            .iter()
            .filter(|illness| focus.is_some_and(|focus| focus.names(illness)))
            .map(|illness| (*illness).clone())
            .collect();
        if among.is_empty() {
            add("M2", side(0), side(1));
        } else {
            let list = focus.map_or("", |focus| focus.name.as_str());
            add("M2-93", format!("{}；{list}：{}", side(0), illness_words(&among)), side(1));
        }
    }
    if !ours.is_empty() && !theirs.is_empty() && ours != theirs {
        add("M4", cause_words(ours), cause_words(theirs));
    }
    found
}

/// M3: both sides name diseases of one person, and one names what the other has nothing like.
pub(crate) fn of_person(ours: &BTreeSet<Illness>, theirs: &BTreeSet<Illness>) -> Option<Mismatch> {
    let known = |illness: &Illness, among: &BTreeSet<Illness>| {
        among.iter().any(|other| {
            let by_code = !illness.icd10.is_empty() && illness.icd10 == other.icd10;
            by_code || same_disease(&illness.name, &other.name)
        })
    };
    let all_known = |some: &BTreeSet<Illness>, among| some.iter().all(|illness| known(illness, among));
    let alike = all_known(ours, theirs) && all_known(theirs, ours);
    let differs = !ours.is_empty() && !theirs.is_empty() && !alike;
    differs.then(|| Mismatch { kind: "M3", ours: illness_words(ours), theirs: illness_words(theirs) })
}

/// Whether two offices mean one disease: `高血压病三级 很高危` is `高血压`.
pub(crate) fn same_disease(a: &str, b: &str) -> bool {
    let bare = |text: &str| -> String {
        let text: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        ["型糖尿病", "性高血压"].iter().fold(text, |text, long| match text.find(long) {
            // `2型糖尿病`, `原发性高血压`: the kind before the name is left out.
            Some(at) => text.get(at..).unwrap_or_default().chars().skip(1).collect(),
            None => text,
        })
    };
    let (a, b) = (bare(a), bare(b));
    !a.is_empty() && !b.is_empty() && (a.contains(&b) || b.contains(&a))
}

/// `因病、因残`; `无` for none.
pub(crate) fn cause_words(causes: &BTreeSet<String>) -> String {
    or_none(causes.iter().map(|cause| code::label("poverty_cause", cause)).collect())
}

/// `高血压、糖尿病`; `无` for none.
pub(crate) fn illness_words(illness: &BTreeSet<Illness>) -> String {
    or_none(illness.iter().map(|illness| illness.name.as_str()).collect())
}

fn or_none(mut words: Vec<&str>) -> String {
    words.dedup();
    if words.is_empty() { "无".to_owned() } else { words.join("、") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Focus, Home, Illness, of_home, of_person, same_disease};

    fn ill(names: &[&str]) -> BTreeSet<Illness> {
        names.iter().map(|name| Illness { name: (*name).to_owned(), ..Illness::default() }).collect()
    }

    fn home(ours: &[&str], theirs: &[&str], illness: &[&str]) -> Home {
        let codes = |causes: &[&str]| causes.iter().map(|cause| (*cause).to_owned()).collect();
        Home { causes: [codes(ours), codes(theirs)], illness: [ill(illness), ill(&[])], tells_illness: true }
    }

    fn kinds(home: &Home, focus: Option<&Focus>) -> Vec<&'static str> {
        of_home(home, focus).iter().map(|found| found.kind).collect()
    }

    #[test]
    fn poor_by_illness_with_nobody_ill_and_ill_with_another_cause_are_told() {
        assert_eq!(kinds(&home(&["01"], &["01"], &[]), None), ["M1"]);
        assert_eq!(kinds(&home(&["07"], &[], &["高血压"]), None), ["M2"]);
        assert_eq!(kinds(&home(&["01"], &["01"], &["高血压"]), None), [] as [&str; 0]);
        assert_eq!(kinds(&home(&[], &[], &["高血压"]), None), [] as [&str; 0], "no cause is said by anybody");
    }

    #[test]
    fn causes_that_differ_are_told_beside_and_a_secondary_cause_counts() {
        assert_eq!(kinds(&home(&["01"], &["07"], &["胃癌"]), None), ["M2", "M4"]);
        assert_eq!(kinds(&home(&["01", "08"], &["01", "08"], &["胃癌"]), None), [] as [&str; 0]);
    }

    #[test]
    fn a_common_illness_makes_nobody_poor() {
        let mut home = home(&["07"], &[], &[]);
        home.illness[0] = BTreeSet::from([Illness { name: "感冒".to_owned(), common: true, ..Illness::default() }]);
        assert_eq!(kinds(&home, None), [] as [&str; 0]);
    }

    #[test]
    fn a_disease_of_the_countys_list_is_told_by_that_list() {
        let focus = Focus::read("93种重点疾病", "# 名称\tICD-10\n胃癌\tC16\n慢性阻塞性肺疾病\t重点\tJ44\n\n");
        assert_eq!(focus.diseases.len(), 2);
        assert_eq!(kinds(&home(&["07"], &[], &["胃癌术后"]), Some(&focus)), ["M2-93"]);
        let mut by_code = home(&["07"], &[], &[]);
        by_code.illness[0] =
            BTreeSet::from([Illness { name: "慢阻肺".to_owned(), icd10: "J44.1".to_owned(), common: false }]);
        assert_eq!(kinds(&by_code, Some(&focus)), ["M2-93"]);
        assert_eq!(kinds(&home(&["07"], &[], &["高血压"]), Some(&focus)), ["M2"]);
    }

    #[test]
    fn grades_and_types_make_no_other_disease() {
        for (a, b) in [
            ("高血压病三级 很高危", "高血压"),
            ("2型糖尿病", "糖尿病"),
            ("原发性高血压", "高血压病"),
            ("胃癌", "胃癌（术后）"),
        ] {
            assert!(same_disease(a, b), "{a} {b}");
        }
        assert!(!same_disease("胃癌", "胃炎") && !same_disease("", "胃炎"));
        assert_eq!(of_person(&ill(&["高血压病三级"]), &ill(&["高血压"])), None);
        assert_eq!(of_person(&ill(&["高血压"]), &ill(&[])), None, "a side that says nothing contradicts nobody");
        let found = of_person(&ill(&["高血压"]), &ill(&["高血压", "脑梗死"])).unwrap();
        assert_eq!((found.kind, found.ours.as_str(), found.theirs.as_str()), ("M3", "高血压", "脑梗死、高血压"));
    }
}
