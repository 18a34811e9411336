use std::collections::BTreeSet;
use std::time::Instant;

use chrono::{Days, NaiveDate};

use super::{Decided, How, Likeness, Matched, Plain, matched};

fn on(days: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(1940, 1, 1).unwrap() + Days::new(days)
}

fn row<'a>(id: &'a str, name: &'a str, birth: Option<u64>, village: &'a str) -> Plain<'a> {
    Plain { id, name, birth: birth.map(on), village }
}

fn between(ours: &[Plain<'_>], theirs: &[Plain<'_>]) -> Matched {
    matched(ours, theirs, &Decided::default(), mingbai_store::sound)
}

const ONE: &str = "11010519491231002X";
const OTHER: &str = "440524188001010014";

#[test]
fn the_citizen_id_tells_who_is_who_whatever_else_differs() {
    let found = between(&[row(ONE, "赵大山", Some(1), "王庄")], &[row(ONE, "赵大三", Some(2), "李坡")]);
    assert_eq!(found.pairs, [(0, 0, How::Id)]);
}

#[test]
fn without_an_id_on_one_side_name_birth_and_village_together_tell_and_less_does_not() {
    let ours = [row(ONE, "赵大山", Some(1), "王庄"), row(OTHER, "钱小花", Some(2), "王庄")];
    let theirs = [row("", "赵大山", Some(1), "王庄"), row("", "钱小花", Some(2), "")];
    let found = between(&ours, &theirs);
    assert_eq!(found.pairs, [(0, 0, How::Birth)]);
    assert_eq!(found.proposals, [(1, 1, Likeness::Birth)]);
}

#[test]
fn two_of_one_name_and_village_are_never_matched_by_name_alone() {
    let ours = [row("", "李秀英", None, "王庄"), row("", "李秀英", None, "王庄")];
    let found = between(&ours, &[row("", "李秀英", None, "王庄")]);
    assert_eq!(found, Matched { only_ours: vec![0, 1], only_theirs: vec![0], ..Matched::default() });
    let alone = between(&ours[..1], &ours[..1]);
    assert!(alone.pairs.is_empty(), "{alone:?}");
    assert_eq!(alone.proposals, [(0, 0, Likeness::Name)]);
    let twice_born_alike = [row(ONE, "李秀英", Some(3), "王庄"), row(OTHER, "李秀英", Some(3), "王庄")];
    let found = between(&twice_born_alike, &[row("", "李秀英", Some(3), "王庄")]);
    assert!(found.pairs.is_empty() && found.proposals.is_empty(), "{found:?}");
}

#[test]
fn names_that_sound_alike_or_differ_by_one_character_are_proposed_and_never_taken_for_one() {
    let ours =
        [row(ONE, "张建国", Some(9), "王庄"), row(OTHER, "欧阳秀兰", None, "王庄"), row("", "周平", None, "李坡")];
    let theirs =
        [row("", "章建国", Some(9), "王庄"), row("", "欧阳秀蓝芳", None, "王庄"), row("", "周勇", None, "李坡")];
    let found = between(&ours, &theirs);
    assert!(found.pairs.is_empty(), "{found:?}");
    assert_eq!(found.proposals, [(0, 0, Likeness::Sound)]);
    let found = between(&[row("", "欧阳秀兰", None, "王庄")], &[row(ONE, "欧阳秀梅", Some(5), "王庄")]);
    assert_eq!(found.proposals, [(0, 0, Likeness::Character)]);
}

#[test]
fn births_that_differ_and_ids_that_differ_by_more_than_a_slip_speak_against_a_likeness() {
    let found = between(&[row("", "张建国", Some(9), "王庄")], &[row("", "张建国", Some(10), "王庄")]);
    assert!(found.proposals.is_empty(), "{found:?}");
    let found = between(&[row(ONE, "张建国", Some(9), "王庄")], &[row(OTHER, "张建国", Some(9), "王庄")]);
    assert!(found.pairs.is_empty() && found.proposals.is_empty(), "{found:?}");
}

#[test]
fn what_somebody_said_about_two_rows_is_not_asked_again() {
    let (ours, theirs) = ([row("", "张建国", None, "王庄")], [row("", "章建国", None, "王庄")]);
    let same = Decided { same: vec![(0, 0)], ..Decided::default() };
    assert_eq!(matched(&ours, &theirs, &same, mingbai_store::sound).pairs, [(0, 0, How::Confirmed)]);
    let different = Decided { different: BTreeSet::from([(0, 0)]), ..Decided::default() };
    let found = matched(&ours, &theirs, &different, mingbai_store::sound);
    assert_eq!((found.only_ours, found.only_theirs), (vec![0], vec![0]));
}

#[test]
fn the_order_of_a_file_changes_nothing_and_every_row_stands_in_one_place() {
    let people: Vec<(String, String, u64, String)> = (0..600_u64)
        .map(|n| {
            let id = if n % 5 == 0 { String::new() } else { format!("{n:018}") };
            (id, format!("王{}{}", char::from(b'a' + (n % 26) as u8), n / 40), n * 7 % 9000, format!("村{}", n % 9))
        })
        .collect();
    let plain: Vec<Plain<'_>> =
        people.iter().map(|(id, name, birth, village)| row(id, name, Some(*birth), village)).collect();
    let (ours, theirs) = (&plain[..500], &plain[100..]);
    let found = between(ours, theirs);
    let seen = found.pairs.len() + found.proposals.len();
    assert_eq!((seen + found.only_ours.len(), seen + found.only_theirs.len()), (500, 500));
    assert_eq!(found.pairs.len(), 400);
    let turned: Vec<Plain<'_>> = theirs.iter().rev().copied().collect();
    let mut back: Vec<_> = between(ours, &turned).pairs.iter().map(|(i, j, how)| (*i, 499 - j, *how)).collect();
    back.sort_unstable();
    assert_eq!(back, found.pairs);
}

/// Tells how long two lists of a hundred thousand take; asserts only who is found.
#[test]
fn two_lists_of_a_hundred_thousand_are_matched() {
    let people: Vec<(String, String, String)> = (0..110_000_u64)
        .map(|n| {
            let name: String =
                [n % 61, n % 1009, n % 4001].iter().filter_map(|c| char::from_u32(0x4e00 + *c as u32)).collect();
            (if n % 10 == 0 { String::new() } else { format!("{n:018}") }, name, format!("村{}", n % 300))
        })
        .collect();
    let rows: Vec<Plain<'_>> =
        (0..).zip(&people).map(|(n, (id, name, village))| row(id, name, Some(n * 31 % 20_000), village)).collect();
    let begun = Instant::now();
    let found = between(&rows[..100_000], &rows[10_000..]);
    eprintln!("100000 x 100000: {} ms, {} pairs", begun.elapsed().as_millis(), found.pairs.len());
    assert!(
        found.pairs.len() >= 81_000 && found.pairs.iter().all(|(i, j, _)| *i == j + 10_000),
        "{}",
        found.pairs.len()
    );
}
