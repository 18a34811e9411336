//! Kinds of care a pack does not speak of.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{insured, pack_text, stay};
use mingbai_coverage::{Bill, BillError, BillField, History, Kind, Pack, settle};
use mingbai_domain::Fen;

/// Nobody has decided that nothing is paid: a settlement at zero would be made up.
#[test]
fn care_of_a_kind_no_payer_is_for_is_refused_unless_the_pack_says_what_it_lacks() {
    let partial = "[[partial]]\nwhat = \"急诊留观的规定没有取得\"\nkind = [\"observation\"]\neffect = \"refuse\"";
    let template = pack_text("template.toml");
    assert!(template.contains(partial));
    // The payer of the year's end, which is for whatever the bills have left, decides nothing of it.
    let text = template.as_str();
    let bill = Bill { kind: Kind::Observation, ..stay(2025, 3, 5_000) };
    let settled = |text: &str| settle(&Pack::parse(text).unwrap(), &insured(), &History::empty(2025), &bill);
    let silent = settled(&text.replacen(partial, &partial.replace("observation", "home_bed"), 1)).unwrap_err();
    assert_eq!(silent.to_string(), "政策包不完整：没有写急诊留观由谁支付。这张票据不能核算");
    assert_eq!(silent.field(), BillField::Rule);
    assert!(matches!(settled(text), Err(BillError::NotInPack { .. })));
    let left_out = settled(&text.replacen(partial, &partial.replace("refuse", "leave_out"), 1)).unwrap();
    assert_eq!((left_out.paid(), left_out.cautions()), (Fen::ZERO, vec!["急诊留观的规定没有取得"]));
}
