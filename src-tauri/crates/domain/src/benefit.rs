//! 十免四补助 and 两免两减半: who is entitled to what, and how much, as a table.
//!
//! An item `per use` is given whenever the service is used: nobody is owed it by name. Amounts and identities that no
//! published text confirms are marked.

use std::sync::OnceLock;

use crate::Fen;

const SOURCE: &str = include_str!("../../../../assets/lists/benefits.tsv");

/// How often an item is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Whenever the service is used.
    Use,
    /// Once a year.
    Year,
    /// Once.
    Once,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benefit {
    /// A code of `benefit_item`.
    pub item: &'static str,
    /// How often.
    pub per: Per,
    who: Vec<&'static str>,
    ages: Option<(i64, i64)>,
    prefixes: Vec<&'static str>,
    words: Vec<&'static str>,
    /// What the name, grade or stage of the illness must say besides.
    stage: Option<&'static str>,
    /// How much somebody is given, where that is laid down.
    pub amount: Option<Fen>,
    /// Whether an enrolment that was paid for proves it, besides a grant on file.
    pub by_enrolment: bool,
    /// Its amount or whom it is for is not confirmed by a published text.
    pub unverified: bool,
}

/// An illness somebody has.
#[derive(Clone, Debug, Default)]
pub struct Illness {
    /// Its code as written.
    pub icd10: String,
    /// Name, grade and stage as written.
    pub text: String,
}

/// Somebody as far as the table asks.
#[derive(Clone, Debug, Default)]
pub struct Claimant<'c> {
    /// Age in years.
    pub age: Option<i64>,
    /// Identities held (`aid_identity`), and `disabled`, `delivered` (in the year), `surgery`.
    pub traits: Vec<&'c str>,
    /// Illnesses that have not ended.
    pub illnesses: Vec<Illness>,
}

/// The table in the order of the items.
#[must_use]
pub fn table() -> &'static [Benefit] {
    static TABLE: OnceLock<Vec<Benefit>> = OnceLock::new();
    TABLE.get_or_init(|| SOURCE.lines().skip(1).filter_map(line).collect())
}

/// The line of an item.
#[must_use]
pub fn find(item: &str) -> Option<&'static Benefit> {
    table().iter().find(|line| line.item == item)
}

fn line(line: &'static str) -> Option<Benefit> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [item, per, who, ages, prefixes, words, stage, amount, proof, unverified, _source] = columns[..] else {
        return None;
    };
    let split = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
    let ages = match ages.split_once('-') {
        Some((from, to)) => Some((from.parse().ok()?, to.parse().ok()?)),
        None => None,
    };
    Some(Benefit {
        item,
        per: match per {
            "use" => Per::Use,
            "year" => Per::Year,
            "once" => Per::Once,
            _ => return None,
        },
        who: split(who),
        ages,
        prefixes: split(prefixes),
        words: split(words),
        stage: Some(stage).filter(|stage| !stage.is_empty()),
        amount: if amount.is_empty() { None } else { Some(Fen(amount.parse().ok()?)) },
        by_enrolment: proof == "enrolment",
        unverified: unverified == "y",
    })
}

impl Benefit {
    /// Whether somebody is owed it by name.
    #[must_use]
    pub fn entitles(&self, claimant: &Claimant<'_>) -> bool {
        let fits_who = self.who.is_empty() || self.who.iter().any(|one| claimant.traits.contains(one));
        let fits_age = self.ages.is_none_or(|(from, to)| claimant.age.is_some_and(|age| (from..=to).contains(&age)));
        let ill = !self.prefixes.is_empty() || !self.words.is_empty();
        let fits_illness = !ill || claimant.illnesses.iter().any(|illness| self.names(illness));
        self.per != Per::Use && fits_who && fits_age && fits_illness
    }

    fn names(&self, illness: &Illness) -> bool {
        let code = illness.icd10.trim().to_ascii_uppercase();
        let named = if code.is_empty() {
            self.words.iter().any(|word| illness.text.contains(word))
        } else {
            self.prefixes.iter().any(|prefix| code.starts_with(prefix))
        };
        named && self.stage.is_none_or(|stage| illness.text.contains(stage))
    }
}

#[cfg(test)]
mod tests {
    use super::{Claimant, Illness, Per, SOURCE, find, table};
    use crate::code;

    fn ill(icd10: &str, text: &str) -> Claimant<'static> {
        let illness = Illness { icd10: icd10.to_owned(), text: text.to_owned() };
        Claimant { illnesses: vec![illness], ..Claimant::default() }
    }

    fn items(claimant: &Claimant<'_>) -> Vec<&'static str> {
        table().iter().filter(|line| line.entitles(claimant)).map(|line| line.item).collect()
    }

    #[test]
    fn the_table_is_read_whole_and_has_every_item_but_the_nameless_one() {
        assert_eq!(table().len(), SOURCE.lines().count() - 1);
        for item in code::table("benefit_item").iter().filter(|item| item.code != "other") {
            assert!(find(item.code).is_some(), "{}", item.code);
        }
    }

    #[test]
    fn an_illness_entitles_by_its_code_by_its_name_without_one_and_by_its_stage_where_that_is_asked() {
        assert_eq!(items(&ill("H25.9", "老年性白内障")), ["f03"]);
        assert_eq!(items(&ill("", "双眼白内障")), ["f03"]);
        assert_eq!(items(&ill("I10", "高血压，白内障待查")), Vec::<&str>::new());
        assert_eq!(items(&ill("B65.2", "血吸虫病")), Vec::<&str>::new());
        assert_eq!(items(&ill("B65.2", "晚期血吸虫病")), ["s03"]);
        assert_eq!(items(&ill("b20", "")), ["f04"]);
    }

    #[test]
    fn a_disabled_child_an_identity_and_a_delivery_entitle_and_a_service_used_is_owed_to_nobody_by_name() {
        let child = |age| Claimant { age: Some(age), traits: vec!["disabled"], ..Claimant::default() };
        assert_eq!((items(&child(6)), items(&child(7))), (vec!["s02"], vec![]));
        let poor = Claimant { traits: vec!["subsistence", "delivered"], ..Claimant::default() };
        assert_eq!(items(&poor), ["f09", "f10"]);
        assert!(table().iter().filter(|line| line.per == Per::Use).all(|line| !line.entitles(&poor)));
    }

    #[test]
    fn amounts_are_those_of_the_source_and_the_one_it_lacks_is_marked() {
        let amount = |item| find(item).and_then(|line| line.amount).map(|fen| fen.0);
        assert_eq!((amount("s02"), amount("s03"), amount("s04")), (Some(3_000_000), Some(500_000), Some(70_000)));
        assert!(find("s01").unwrap().unverified && !find("s02").unwrap().unverified);
    }
}
