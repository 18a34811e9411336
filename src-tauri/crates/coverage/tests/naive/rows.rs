//! Looking switches up in a pack's plain values: rows, conditions, bands, deductibles.

use chrono::NaiveDate;
use toml::{Table, Value};

use super::fraction::{Fraction, NOTHING};

/// What a condition can ask about.
#[derive(Clone)]
pub(super) struct Facts<'a> {
    pub(super) kind: &'a str,
    pub(super) level: &'a str,
    pub(super) area: &'a str,
    pub(super) referral: &'a str,
    pub(super) identities: Vec<String>,
    pub(super) nth: i64,
    pub(super) total: Fraction,
    pub(super) age: Option<i64>,
    pub(super) major: bool,
    /// The disease the bill is for.
    pub(super) disease: Option<&'a str>,
    /// What the payer at hand looks at.
    pub(super) base: Option<Fraction>,
    /// 居民人均可支配收入 of the year before.
    pub(super) income: Option<Fraction>,
    pub(super) rounding: &'a str,
}

pub(crate) fn text<'v>(table: &'v Table, key: &str) -> &'v str {
    table[key].as_str().expect("text")
}

pub(super) fn yes(table: &Table, key: &str) -> bool {
    table[key].as_bool().expect("true or false")
}

pub(crate) fn rows<'v>(table: &'v Table, key: &str) -> Vec<&'v Table> {
    let list = table[key].as_array().expect("a list");
    list.iter().map(|row| row.as_table().expect("a row")).collect()
}

pub(crate) fn date(value: &Value) -> Option<NaiveDate> {
    let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    written.parse().ok()
}

/// Whether an amount can stand on a bill: not negative, not above ten billion yuan.
pub(super) fn can_be(fen: i64) -> bool {
    (0..=1_000_000_000_000).contains(&fen)
}

/// Whether a list of words names one.
pub(super) fn lists(list: &Value, word: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|listed| listed.as_str() == Some(word)))
}

pub(super) fn holds(condition: &Table, facts: &Facts<'_>) -> bool {
    let named = |key: &str, found: &str| {
        condition
            .get(key)
            .is_none_or(|list| list.as_array().expect("a list").iter().any(|word| word.as_str() == Some(found)))
    };
    let any_identity = |key: &str| {
        let list = condition.get(key).and_then(Value::as_array);
        list.map(|list| list.iter().any(|word| facts.identities.iter().any(|held| word.as_str() == Some(held))))
    };
    let amount = |key: &str| condition.get(key).map(|value| Fraction::yuan(value.as_str().expect("an amount")));
    let number = |key: &str| condition.get(key).and_then(Value::as_integer);
    named("kind", facts.kind)
        && named("level", facts.level)
        && named("area", facts.area)
        && named("referral", facts.referral)
        && any_identity("identity") != Some(false)
        && condition.get("identity_all").is_none_or(|all| {
            let all = all.as_array().expect("a list");
            all.iter().all(|word| facts.identities.iter().any(|held| word.as_str() == Some(held)))
        })
        && any_identity("without_identity") != Some(true)
        && number("nth_from").is_none_or(|from| facts.nth >= from)
        && number("nth_to").is_none_or(|to| facts.nth <= to)
        && amount("total_over").is_none_or(|over| facts.total > over)
        && amount("total_from").is_none_or(|from| facts.total >= from)
        && amount("total_up_to").is_none_or(|up_to| facts.total <= up_to)
        && number("age_from").is_none_or(|from| facts.age.is_none_or(|age| age >= from))
        && number("age_to").is_none_or(|to| facts.age.is_none_or(|age| age <= to))
        && condition.get("major").is_none_or(|major| major.as_bool() == Some(facts.major))
        && condition.get("disease").is_none_or(|list| facts.disease.is_some_and(|disease| lists(list, disease)))
        && amount("base_over").is_none_or(|over| facts.base.is_none_or(|base| base > over))
        && amount("base_from").is_none_or(|from| facts.base.is_none_or(|base| base >= from))
        && amount("base_up_to").is_none_or(|up_to| facts.base.is_none_or(|base| base <= up_to))
}

/// The first row that holds.
pub(super) fn row<'v>(table: &'v Table, key: &str, facts: &Facts<'_>) -> Option<&'v Table> {
    rows(table, key).into_iter().find(|row| holds(row, facts))
}

/// `when`: always, or one of the alternatives.
pub(super) fn applies(table: &Table, facts: &Facts<'_>) -> bool {
    table["when"].as_str() == Some("always") || rows(table, "when").into_iter().any(|condition| holds(condition, facts))
}

/// The same with everything about identities struck out.
pub(super) fn applies_whoever(table: &Table, facts: &Facts<'_>) -> bool {
    if table["when"].as_str() == Some("always") {
        return true;
    }
    rows(table, "when").into_iter().any(|condition| {
        let mut without = condition.clone();
        without.remove("identity");
        without.remove("identity_all");
        without.remove("without_identity");
        holds(&without, facts)
    })
}

/// The same with nothing but identities left.
pub(super) fn applies_by_identity(table: &Table, facts: &Facts<'_>) -> bool {
    if table["when"].as_str() == Some("always") {
        return true;
    }
    rows(table, "when").into_iter().any(|condition| holds_by_identity(condition, facts))
}

/// Whether a condition holds with nothing but identities left of it.
pub(super) fn holds_by_identity(condition: &Table, facts: &Facts<'_>) -> bool {
    let mut identity = condition.clone();
    identity.retain(|key, _| ["identity", "identity_all", "without_identity"].contains(&key));
    holds(&identity, facts)
}

/// The share of one band after 比例提高 and 比例降低, between nothing and everything. Bands are numbered from 1.
pub(super) fn shifted(payer: &Table, number: i64, share: Fraction, facts: &Facts<'_>) -> Fraction {
    let points = |key: &str| {
        let here = row(payer, key, facts).filter(|row| {
            row["bands"].as_array().is_none_or(|bands| bands.iter().any(|band| band.as_integer() == Some(number)))
        });
        here.map_or(NOTHING, |row| Fraction::share(text(row, "points")))
    };
    let raised = (share + points("bonus")).min(Fraction::whole(1));
    (raised - points("reduction")).max(NOTHING)
}

/// What a payer's bands give on a base above a deductible; a disease's own share takes the place of the
/// bands of the row that holds.
pub(super) fn banded(
    payer: &Table,
    base: Fraction,
    deductible: Fraction,
    own: Option<Fraction>,
    facts: &Facts<'_>,
) -> Option<Fraction> {
    let decides = row(payer, "ratio", facts)?;
    if decides["bands"].as_str() == Some("unknown") {
        return None;
    }
    if let Some(share) = own {
        let above = (base - deductible).max(NOTHING);
        return Some((above * shifted(payer, 1, share, facts)).rounded_as(facts.rounding));
    }
    let bands = rows(decides, "bands");
    // The money that is looked at lies between `from` and `to` on the scale of the bounds.
    let (from, to) =
        if text(payer, "segment_mode") == "absolute" { (deductible, base) } else { (NOTHING, base - deductible) };
    let mut lower = NOTHING;
    let mut sum = NOTHING;
    for (number, band) in (1..).zip(bands) {
        let upper = match text(band, "up_to") {
            "none" => to.max(lower),
            bound => Fraction::yuan(bound),
        };
        let inside = (upper.min(to) - lower.max(from)).max(NOTHING);
        sum = sum + inside * shifted(payer, number, Fraction::share(text(band, "share")), facts);
        lower = upper;
    }
    Some(sum.rounded_as(facts.rounding))
}

pub(super) fn deductible(payer: &Table, facts: &Facts<'_>) -> Option<Fraction> {
    let decides = row(payer, "deductible", facts)?;
    let first = match &decides["amount"] {
        Value::Table(table) => (facts.income? * Fraction::share(text(table, "of_income"))).rounded(),
        amount if amount.as_str() == Some("unknown") => return None,
        amount => Fraction::yuan(amount.as_str().expect("an amount")),
    };
    let scale = row(payer, "deductible_scale", facts).map(|scale| Fraction::share(text(scale, "share")));
    let scaled = |amount: Fraction| scale.map_or(amount, |share| (amount * share).rounded());
    let repeated = decides["repeat"].as_table().filter(|_| facts.nth >= 2);
    let Some(repeat) = repeated else { return Some(scaled(first)) };
    if repeat.contains_key("minus") {
        // 每次减、减到最低为止, on the amount of the text; then what halves it.
        let less = first - Fraction::yuan(text(repeat, "minus")) * Fraction::whole(facts.nth - 1);
        return Some(scaled(less.max(Fraction::yuan(text(repeat, "floor")).min(first))));
    }
    let first = scaled(first);
    if let Some(less) = repeat.get("less") {
        let less = less.as_array().expect("a list");
        let place = usize::try_from(facts.nth - 2).expect("a repeat").min(less.len() - 1);
        let off = (first * Fraction::share(less[place].as_str().expect("a share"))).rounded();
        return Some(first - off);
    }
    Some((first * Fraction::share(text(repeat, "times"))).rounded())
}
