//! What must not hang on a wall: HIV, tuberculosis and mental illness of a named person (艾滋病防治条例 第三十九条,
//! 传染病防治法, 精神卫生法 第二十三条). Sentences about policy, the same for everybody, may name them.

use mingbai_domain::restricted::gives_away;
use serde::{Deserialize, Serialize};
use std::fmt;

use crate::card::{HouseholdCard, Sentence};

/// Something left off a card because it would tell the neighbours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// The household.
    pub household_no: String,
    /// Head of the household.
    pub head: String,
    /// Where on the card: `主要疾病`, `现在要办的`, `就诊医院`…
    pub place: String,
    /// What was left off. Restricted: show it only to those who may see it.
    pub text: String,
}

impl fmt::Display for Withheld {
    /// Says where, not what: this sentence may be shown to anybody at the desk.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}户（{}）“{}”里有一项不能上墙，没有印，请当面告知本人。", self.head, self.household_no, self.place)
    }
}

/// The card without anything that must not hang on a wall, and what was taken off.
///
/// Diseases, sentences about the household and causes are dropped whole; a hospital's name becomes `医院`, its money
/// stays. [`crate::Press::cards_pdf`] and [`crate::Press::card_svg`] always apply this.
#[must_use]
pub fn wall_safe(card: &HouseholdCard) -> (HouseholdCard, Vec<Withheld>) {
    let mut safe = card.clone();
    let mut withheld = Vec::new();
    let mut note = |place: &str, text: String| {
        let (household_no, head) = (card.household_no.clone(), card.head.clone());
        withheld.push(Withheld { household_no, head, place: place.to_owned(), text });
    };
    for member in &mut safe.members {
        member.diseases.retain(|disease| keep(disease, || note("主要疾病", disease.clone())));
        clear(&mut member.identity, || note("救助身份", member.name.clone()));
    }
    for bill in &mut safe.bills {
        if gives_away(&bill.place) {
            note("就诊医院", std::mem::replace(&mut bill.place, "医院".to_owned()));
        }
    }
    let mut spoken = |place: &str, sentence: &Sentence| keep(&sentence.text(), || note(place, sentence.text()));
    safe.todo.retain(|sentence| spoken("现在要办的", sentence));
    safe.next_visit = safe.next_visit.filter(|sentence| spoken("下次随访", sentence));
    if !spoken("服务内容", &safe.service) {
        safe.service = Sentence::default();
    }
    clear(&mut safe.cause, || note("致贫原因", card.cause.clone()));
    clear(&mut safe.status, || note("户情况", card.status.clone()));
    (safe, withheld)
}

fn keep(text: &str, withhold: impl FnOnce()) -> bool {
    let restricted = gives_away(text);
    if restricted {
        withhold();
    }
    !restricted
}

fn clear(text: &mut String, withhold: impl FnOnce()) {
    if !keep(text, withhold) {
        text.clear();
    }
}
