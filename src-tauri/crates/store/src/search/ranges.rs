//! What a word typed into the search box can be the beginning of, once what may stand before it is put before it: a piece
//! from within a citizen id is the beginning of a key behind an area somebody is from, a century or a month. So every word
//! is answered by a known number of beginnings, however many people there are.

use rusqlite::Connection;

use super::keys::{FEWEST_DIGITS, backwards, space};
use crate::error::Result;

/// Where citizen ids begin: the next one after a key.
pub(crate) const NEXT_ID: &str = "select key from search_key where key >= ?1 and key < 'D' order by key limit 1";

/// Different areas that are tried before a piece that begins within the area; a county's people come from fewer.
const MOST_AREAS: usize = 1_000;
const CENTURIES: [&str; 3] = ["19", "20", "18"];

/// The beginnings of keys that a word stands for, the closest first.
pub(super) fn beginnings(conn: &Connection, word: &str) -> Result<Vec<String>> {
    let mut all = vec![word.to_owned(), of(space::ID, "", word)];
    let digits = word.strip_suffix('x').unwrap_or(word);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if word.chars().count() < FEWEST_DIGITS {
        return Ok(all);
    }
    all.push(backwards(space::BACKWARDS, word));
    all.push(of(space::OTHER, "", word));
    if is_number && word.len() <= 18 {
        all.extend(within_id(word));
        all.extend(within_area(conn, word)?);
    }
    Ok(all)
}

fn of(space: char, before: &str, word: &str) -> String {
    format!("{space}{before}{word}")
}

/// A piece that begins behind the area: at any digit of the birth date, or with the last four.
fn within_id(word: &str) -> Vec<String> {
    let fits = |longest: usize| word.len() <= longest;
    let mut all = Vec::new();
    if fits(4) {
        all.push(of(space::SEQUENCE, "", word));
    }
    if fits(8) {
        all.push(of(space::MONTH, "", word));
    }
    if fits(12) {
        all.push(of(space::BIRTH, "", word));
    }
    let months = || (1..=12).map(|month| format!("{month:02}"));
    if fits(6) {
        all.extend(months().map(|month| of(space::MONTH, &month, word)));
    }
    if fits(5) {
        all.extend(months().flat_map(|month| (0..4).map(move |ten| of(space::MONTH, &format!("{month}{ten}"), word))));
    }
    if fits(7) {
        all.extend(["0", "1"].map(|ten| of(space::MONTH, ten, word)));
    }
    if fits(11) {
        all.extend(["1", "2"].map(|thousand| of(space::BIRTH, thousand, word)));
    }
    if fits(10) {
        all.extend(CENTURIES.map(|century| of(space::BIRTH, century, word)));
    }
    if fits(9) {
        let decades = CENTURIES.into_iter().flat_map(|century| (0..10).map(move |ten| format!("{century}{ten}")));
        all.extend(decades.map(|decade| of(space::BIRTH, &decade, word)));
    }
    all
}

/// A piece that begins within the area: behind the second digit or later of one that somebody is from.
fn within_area(conn: &Connection, word: &str) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for area in areas(conn)? {
        for start in 1..area.len() {
            let Some(rest) = area.get(start..).filter(|_| start + word.len() <= 18) else { continue };
            if word.starts_with(rest) || rest.starts_with(word) {
                let behind = word.get(rest.len()..).unwrap_or_default();
                all.push(of(space::ID, &area, behind));
            }
        }
    }
    Ok(all)
}

/// The areas that citizen ids of the register begin with, each found by one step behind the one before.
fn areas(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(NEXT_ID)?;
    let mut areas: Vec<String> = Vec::new();
    let mut from = space::ID.to_string();
    while areas.len() < MOST_AREAS {
        let mut rows = statement.query([&from])?;
        let Some(row) = rows.next()? else { break };
        let key: String = row.get(0)?;
        match key.get(1..7) {
            Some(area) if key.len() == 19 => areas.push(area.to_owned()),
            _ => {}
        }
        // Behind everything that begins like this one.
        let begins: String = key.chars().take(7).collect();
        from = format!("{begins}\u{10ffff}");
    }
    Ok(areas)
}

#[cfg(test)]
mod tests {
    use super::within_id;

    #[test]
    fn a_word_stands_for_a_known_number_of_beginnings() {
        assert_eq!(within_id("0101").len(), 3 + 12 + 48 + 2 + 2 + 3 + 30);
        assert_eq!(within_id("19850101002x"), ["B19850101002x"]);
    }
}
