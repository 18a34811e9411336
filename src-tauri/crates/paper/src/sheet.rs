//! A card as the template sees it: every amount, date and telephone already in words.

use chrono::{Datelike, NaiveDate};
use mingbai_domain::Fen;
use serde_json::{Value, json};

use crate::PaperError;
use crate::card::{HouseholdCard, Sentence};
use crate::code::household_code;

/// The JSON of one card; the fields are described in `assets/cards/README.md`.
///
/// # Errors
/// [`PaperError::HouseholdNumber`].
pub(crate) fn card_sheet(card: &HouseholdCard) -> Result<Value, PaperError> {
    let status = [card.status.as_str(), card.cause.as_str()].into_iter().filter(|part| !part.is_empty());
    let members: Vec<Value> = card
        .members
        .iter()
        .map(|it| {
            json!({
                "name": it.name, "age": it.age, "relation": it.relation, "diseases": it.diseases.join("、"),
                "identity": it.identity, "insured": it.insured_text, "uninsured": !it.insured,
            })
        })
        .collect();
    let doctors: Vec<Value> = card
        .doctors
        .iter()
        .map(|it| json!({"level": it.level, "name": it.name, "unit": it.unit, "phone": spaced(&it.phone)}))
        .collect();
    let bills: Vec<Value> = card
        .bills
        .iter()
        .map(|it| {
            json!({
                "date": format!("{}-{:02}", it.date.month(), it.date.day()), "who": it.who, "place": it.place,
                "total": it.total.to_string(), "reimbursed": it.reimbursed.to_string(),
                "personal": it.personal.to_string(),
            })
        })
        .collect();
    let sum = |amount: fn(&crate::BillRow) -> Fen| card.bills.iter().map(amount).sum::<Fen>().to_string();
    let phones: Vec<Value> =
        card.phones.iter().map(|it| json!({"label": it.label, "number": spaced(&it.number)})).collect();
    Ok(json!({
        "county": card.county, "unit": card.unit, "edition": card.edition, "issued": in_words(card.issued_on),
        "year": card.year, "household_no": card.household_no, "head": card.head, "address": card.address,
        "population": card.population, "status": status.collect::<Vec<_>>().join(" · "),
        "helper": {"name": card.helper.name, "phone": spaced(&card.helper.phone)},
        "members": members, "doctors": doctors, "service": runs(&card.service),
        "next_visit": card.next_visit.as_ref().map(runs), "bills": bills,
        "sum": {
            "visits": card.bills.iter().filter(|it| it.visit).count().to_string(),
            "total": sum(|it| it.total), "reimbursed": sum(|it| it.reimbursed), "personal": sum(|it| it.personal),
        },
        "benefits": {
            "scope": card.benefits.scope, "rows": card.benefits.rows,
            "sentences": card.benefits.sentences.iter().map(runs).collect::<Vec<_>>(),
        },
        "free_items": card.free_items.iter().map(runs).collect::<Vec<_>>(),
        "steps": card.steps.iter().map(runs).collect::<Vec<_>>(),
        "todo": card.todo.iter().map(runs).collect::<Vec<_>>(),
        "phones": phones, "basis": card.basis, "code": household_code(&card.household_no)?,
    }))
}

/// `2026 年 11 月 20 日`.
fn in_words(date: NaiveDate) -> String {
    format!("{} 年 {} 月 {} 日", date.year(), date.month(), date.day())
}

/// A mobile number in the groups people say: `139 0000 1188`. Anything else stays as it is.
fn spaced(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    let mobile = digits.len() == 11 && digits.first() == Some(&'1') && digits.iter().all(char::is_ascii_digit);
    if !mobile {
        return phone.to_owned();
    }
    let groups = [digits.get(..3), digits.get(3..7), digits.get(7..)];
    groups.into_iter().flatten().map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn runs(sentence: &Sentence) -> Value {
    sentence.0.iter().map(|run| json!({"text": keep_amounts_whole(&run.text), "strong": run.strong})).collect()
}

/// A no-break space between a number and its unit, so that no line ends in `10` and the next begins with `万元`.
fn keep_amounts_whole(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut whole = String::with_capacity(text.len() + 8);
    for (i, &c) in letters.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|at| letters.get(at)).copied();
        let after = letters.get(i + 1).copied();
        let number_before = before.is_some_and(|c| c.is_ascii_digit());
        if c == ' ' && number_before && after.is_some_and(is_unit) {
            whole.push('\u{A0}');
        } else {
            if is_unit(c) && number_before {
                whole.push('\u{A0}');
            }
            whole.push(c);
        }
    }
    whole
}

fn is_unit(c: char) -> bool {
    matches!(c, '万' | '亿' | '元' | '年' | '月' | '日' | '天' | '次' | '岁' | '人' | '口' | '个' | '种' | '倍')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobile_numbers_are_grouped_and_landlines_left_alone() {
        assert_eq!(spaced("13900001188"), "139 0000 1188");
        assert_eq!(spaced("0474-000-6120"), "0474-000-6120");
        assert_eq!(spaced("12393"), "12393");
    }

    #[test]
    fn a_number_is_never_parted_from_its_unit() {
        assert_eq!(keep_amounts_whole("最多 10 万元，12月31日前"), "最多 10\u{A0}万元，12\u{A0}月31\u{A0}日前");
        assert_eq!(keep_amounts_whole("报 65%，不封顶"), "报 65%，不封顶");
    }
}
