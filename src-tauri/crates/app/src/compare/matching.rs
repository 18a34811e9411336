//! Who of one list is who of another. Certain steps first: what a person confirmed, the citizen id, then name with birth and
//! village. Whatever is only alike is proposed to a person and never taken for the same. Pure and sorted: the same lists give
//! the same answer.

use std::collections::BTreeSet;

use chrono::NaiveDate;

/// One row as matching sees it. Blank text is nothing said.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Plain<'a> {
    /// The 18 characters of a citizen id whose check digit holds; blank where there is none.
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) birth: Option<NaiveDate>,
    /// The village's short name.
    pub(crate) village: &'a str,
}

/// By what two rows are one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum How {
    /// Somebody said so.
    Confirmed,
    /// The same citizen id.
    Id,
    /// The same name, birth and village, and nobody else like it on either side.
    Birth,
}

/// Why two rows might be one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// Name and birth agree; the village differs, is not said, or a digit of the ids differs.
    Birth,
    /// Name and village agree; the birth is not said on one side.
    Name,
    /// The village agrees and the names sound alike.
    Sound,
    /// The village agrees and the names differ by one character.
    Character,
}

/// What people decided about pairs before, by places in the two lists.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decided {
    pub(crate) same: Vec<(usize, usize)>,
    pub(crate) different: BTreeSet<(usize, usize)>,
}

/// Who is who; every row of either list stands in exactly one of pairs, proposals and the two remainders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Matched {
    pub(crate) pairs: Vec<(usize, usize, How)>,
    pub(crate) proposals: Vec<(usize, usize, Likeness)>,
    pub(crate) only_ours: Vec<usize>,
    pub(crate) only_theirs: Vec<usize>,
}

/// Two ids that differ in more places than a slip of the pen are two people's.
const SLIP: usize = 2;

/// Matches two lists. `sound` gives a name as it is pronounced.
pub(crate) fn matched(
    ours: &[Plain<'_>],
    theirs: &[Plain<'_>],
    decided: &Decided,
    sound: impl Fn(&str) -> String,
) -> Matched {
    let mut table = Table { ours, theirs, free: [vec![true; ours.len()], vec![true; theirs.len()]] };
    let mut found = Matched::default();
    for &(i, j) in &decided.same {
        if table.take(i, j) {
            found.pairs.push((i, j, How::Confirmed));
        }
    }
    let by_id = table.once(|row| said(row.id).map(str::to_owned).into_iter().collect::<Vec<_>>());
    found.pairs.extend(table.take_all(by_id, |_, _| true).into_iter().map(|(i, j)| (i, j, How::Id)));
    // One id on several rows of a list: the names tell them apart, where they do.
    let by_both = table.once(|row| said(row.id).map(|id| (id.to_owned(), row.name.to_owned())).into_iter().collect());
    found.pairs.extend(table.take_all(by_both, |_, _| true).into_iter().map(|(i, j)| (i, j, How::Id)));
    let by_birth = table.once(|row| {
        let key =
            row.birth.zip(said(row.village)).map(|(birth, village)| (birth, village.to_owned(), row.name.to_owned()));
        key.into_iter().collect()
    });
    let certain = |a: &Plain<'_>, b: &Plain<'_>| a.id.is_empty() || b.id.is_empty();
    found.pairs.extend(table.take_all(by_birth, certain).into_iter().map(|(i, j)| (i, j, How::Birth)));

    let mut propose = |pairs: Vec<(usize, usize)>, why: Likeness, table: &mut Table<'_>| {
        let pairs = pairs.into_iter().filter(|pair| !decided.different.contains(pair)).collect();
        found.proposals.extend(table.take_all(pairs, |a, b| alike(a, b, why)).into_iter().map(|(i, j)| (i, j, why)));
    };
    let pairs = table.once(|row| row.birth.map(|birth| (birth, row.name.to_owned())).into_iter().collect());
    propose(pairs, Likeness::Birth, &mut table);
    let pairs = table.once(|row| said(row.village).map(|v| (v.to_owned(), row.name.to_owned())).into_iter().collect());
    propose(pairs, Likeness::Name, &mut table);
    let pairs = table.once(|row| said(row.village).map(|v| (v.to_owned(), sound(row.name))).into_iter().collect());
    propose(pairs, Likeness::Sound, &mut table);
    let pairs = table.once(|row| {
        let village = said(row.village);
        village.map_or(Vec::new(), |v| open_names(row.name).map(|name| (v.to_owned(), name)).collect())
    });
    propose(pairs, Likeness::Character, &mut table);

    found.pairs.sort_unstable();
    found.proposals.sort_unstable();
    found.only_ours = (0..ours.len()).filter(|i| table.free[0][*i]).collect();
    found.only_theirs = (0..theirs.len()).filter(|j| table.free[1][*j]).collect();
    found
}

fn said(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The name with each character left open in turn: two names that differ by one character share exactly one of these.
fn open_names(name: &str) -> impl Iterator<Item = String> {
    let characters: Vec<char> = name.chars().collect();
    (0..characters.len()).map(move |open| {
        let shown = characters.iter().enumerate().map(|(at, c)| if at == open { '*' } else { *c });
        shown.collect()
    })
}

/// Whether nothing else the rows say speaks against the likeness.
fn alike(a: &Plain<'_>, b: &Plain<'_>, why: Likeness) -> bool {
    if a.birth.zip(b.birth).is_some_and(|(a, b)| a != b) {
        return false;
    }
    if !a.id.is_empty() && !b.id.is_empty() {
        let slips = a.id.bytes().zip(b.id.bytes()).filter(|(a, b)| a != b).count();
        return why == Likeness::Birth && slips <= SLIP;
    }
    // Half of a name of two characters says little: then the birth must be known and agree.
    why != Likeness::Character || a.name.chars().count() > 2 || a.birth.is_some() && a.birth == b.birth
}

struct Table<'p> {
    ours: &'p [Plain<'p>],
    theirs: &'p [Plain<'p>],
    free: [Vec<bool>; 2],
}

impl<'p> Table<'p> {
    /// Marks two rows as spoken for; not when one already is.
    fn take(&mut self, i: usize, j: usize) -> bool {
        let free = self.free[0].get(i) == Some(&true) && self.free[1].get(j) == Some(&true);
        if free {
            self.free[0][i] = false;
            self.free[1][j] = false;
        }
        free
    }

    /// Takes the pairs that stand the test.
    fn take_all(
        &mut self,
        pairs: Vec<(usize, usize)>,
        test: impl Fn(&Plain<'p>, &Plain<'p>) -> bool,
    ) -> Vec<(usize, usize)> {
        pairs.into_iter().filter(|(i, j)| test(&self.ours[*i], &self.theirs[*j]) && self.take(*i, *j)).collect()
    }

    /// The pairs of rows not yet spoken for that share a key nobody else on either side has. A row that would be of two such
    /// pairs is of none: nobody is to guess.
    fn once<K: Ord>(&self, keys: impl Fn(&Plain<'p>) -> Vec<K>) -> Vec<(usize, usize)> {
        let (left, right) = (self.keyed(0, &keys), self.keyed(1, &keys));
        let mut pairs = Vec::new();
        let (mut l, mut r) = (left.as_slice(), right.as_slice());
        while let (Some((a, i)), Some((b, j))) = (l.first(), r.first()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => l = &l[run(l)..],
                std::cmp::Ordering::Greater => r = &r[run(r)..],
                std::cmp::Ordering::Equal => {
                    let (m, n) = (run(l), run(r));
                    if (m, n) == (1, 1) {
                        pairs.push((*i, *j));
                    }
                    (l, r) = (&l[m..], &r[n..]);
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut uses = [vec![0_u32; self.ours.len()], vec![0_u32; self.theirs.len()]];
        for (i, j) in &pairs {
            uses[0][*i] += 1;
            uses[1][*j] += 1;
        }
        pairs.retain(|(i, j)| uses[0][*i] == 1 && uses[1][*j] == 1);
        pairs
    }

    fn keyed<K: Ord>(&self, side: usize, keys: &impl Fn(&Plain<'p>) -> Vec<K>) -> Vec<(K, usize)> {
        let rows = if side == 0 { self.ours } else { self.theirs };
        let free = rows.iter().enumerate().filter(|(at, _)| self.free[side][*at]);
        let mut keyed: Vec<(K, usize)> =
            free.flat_map(|(at, row)| keys(row).into_iter().map(move |key| (key, at))).collect();
        keyed.sort_unstable();
        keyed
    }
}

/// How many rows at the front share their key.
fn run<K: Eq>(rows: &[(K, usize)]) -> usize {
    let first = rows.first().map(|(key, _)| key);
    rows.iter().take_while(|(key, _)| Some(key) == first).count()
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
