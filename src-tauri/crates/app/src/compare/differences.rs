//! What differs between two lists whose people are matched, each difference under a name that stays the same next month.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::{citizen_id, code};
use sha2::{Digest, Sha256};

use super::matching::{How, Likeness, Matched};
use super::mismatch::{Focus, Home, Mismatch, of_home, of_person};
use super::scope::Scope;
use super::side::{REGISTER, Side, Someone, homes};

/// The column under which a likeness is decided.
pub(crate) const SAME: &str = "是否同一人";
/// Rows that are only alike.
pub(crate) const SIMILAR: &str = "similar";
/// Rows of places that are not this office's.
pub(crate) const ELSEWHERE: &str = "elsewhere";
/// Rows without a citizen id of whom the other side knows nothing for sure.
pub(crate) const NO_ID: &str = "no_id";

/// One difference.
#[derive(Clone, Debug, Default)]
pub(crate) struct Difference {
    /// Its name for ever; holds no citizen id.
    pub(crate) subject: String,
    /// Where the screen lists it: its kind, [`SIMILAR`] or [`NO_ID`].
    pub(crate) group: &'static str,
    /// A code of `difference_kind`.
    pub(crate) kind: &'static str,
    pub(crate) field: String,
    pub(crate) ours: String,
    pub(crate) theirs: String,
    /// Whom it is about, by place in the two lists.
    pub(crate) at: (Option<usize>, Option<usize>),
}

/// All differences, and how many of ours the other list does not speak of at all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Differences {
    pub(crate) rows: Vec<Difference>,
    pub(crate) out_of_scope: usize,
    /// How many of theirs speak of places that are not this office's.
    pub(crate) elsewhere: usize,
}

/// Names somebody for ever: by their record, by a digest of their id, or by one of name, birth and village.
pub(crate) fn who(someone: &Someone) -> String {
    if let Some(person) = someone.person {
        return person.to_string();
    }
    let birth = someone.birth.map(|birth| birth.to_string()).unwrap_or_default();
    let told = match someone.citizen_id.as_str() {
        "" => format!("{}\t{birth}\t{}\t{}", someone.name, someone.village_key, someone.number),
        id => id.to_owned(),
    };
    short_digest(&told)
}

fn short_digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// `M4|register|poverty|…`: kind, both sources, who, which column.
pub(crate) fn subject(kind: &str, sides: (&Side, &Side), who: &str, field: &str) -> String {
    format!("{kind}|{}|{}|{who}|{field}", sides.0.source, sides.1.source)
}

/// Whether a list of this source should name somebody of the register at all.
fn expected(source: &str, someone: &Someone) -> bool {
    let any = |codes: &[&str]| someone.identities.iter().any(|code| codes.contains(&code.as_str()));
    match source {
        "civil" => any(&["extreme_poverty", "orphan", "subsistence", "subsistence_edge"]),
        "disabled" => !someone.disability.is_empty(),
        _ => true,
    }
}

/// Works out every difference.
pub(crate) fn differences(
    ours: &Side,
    theirs: &Side,
    matched: &Matched,
    focus: Option<&Focus>,
    scope: &Scope,
) -> Differences {
    let mut found = Differences::default();
    let sides = (ours, theirs);
    for (i, j, how) in &matched.pairs {
        of_pair(&mut found, sides, (*i, *j), *how);
    }
    of_homes(&mut found, sides, matched, focus);
    for (i, j, why) in &matched.proposals {
        let (a, b) = (&ours.people[*i], &theirs.people[*j]);
        found.rows.push(Difference {
            subject: subject("field", sides, &format!("{}+{}", who(a), who(b)), SAME),
            group: SIMILAR,
            kind: "field",
            field: SAME.to_owned(),
            ours: facts(a),
            theirs: format!("{}：{}", likeness(*why), facts(b)),
            at: (Some(*i), Some(*j)),
        });
    }
    for i in &matched.only_ours {
        let someone = &ours.people[*i];
        if ours.source == REGISTER && !expected(&theirs.source, someone) {
            found.out_of_scope += 1;
        } else {
            found.rows.push(alone(sides, "only_ours", someone, (Some(*i), None)));
        }
    }
    for j in &matched.only_theirs {
        let someone = &theirs.people[*j];
        let mut row = alone(sides, "only_theirs", someone, (None, Some(*j)));
        if ours.source == REGISTER && scope.is_elsewhere(someone) {
            row.group = ELSEWHERE;
            found.elsewhere += 1;
        }
        found.rows.push(row);
    }
    // Two rows of one list that nothing tells apart are two differences all the same.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for row in &mut found.rows {
        let before = seen.entry(row.subject.clone()).or_default();
        *before += 1;
        if *before > 1 {
            row.subject = format!("{}#{before}", row.subject);
        }
    }
    found
}

fn alone(
    sides: (&Side, &Side),
    kind: &'static str,
    someone: &Someone,
    at: (Option<usize>, Option<usize>),
) -> Difference {
    let no_id = someone.citizen_id.is_empty();
    let (said, none) = (facts(someone), "没有".to_owned());
    let (ours, theirs) = if at.0.is_some() { (said, none) } else { (none, said) };
    let group = if no_id { NO_ID } else { kind };
    Difference { subject: subject(kind, sides, &who(someone), ""), group, kind, field: String::new(), ours, theirs, at }
}

/// Somebody in a few words, what tells people apart first: `王秀枝 1969-05-10出生 已脱贫 大榆树村 户1599…`.
fn facts(someone: &Someone) -> String {
    let id = match (someone.citizen_id.is_empty(), someone.wrong_id.is_empty()) {
        (false, _) => String::new(),
        (true, true) => "没有证件号码".to_owned(),
        (true, false) => "证件号码不对".to_owned(),
    };
    let birth = someone.birth.map(|birth| format!("{birth}出生")).unwrap_or_default();
    let number = if someone.number.is_empty() { String::new() } else { format!("户{}", someone.number) };
    let status = code::label("household_status", &someone.status).to_owned();
    let words = [someone.name.clone(), birth, id, status, someone.village.clone(), number];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn likeness(why: Likeness) -> &'static str {
    match why {
        Likeness::Birth => "姓名、出生日期相同",
        Likeness::Name => "姓名、村相同",
        Likeness::Sound => "同村，姓名同音",
        Likeness::Character => "同村，姓名差一个字",
    }
}

/// Columns in which two rows of one person differ, and M3.
fn of_pair(found: &mut Differences, sides: (&Side, &Side), (i, j): (usize, usize), how: How) {
    let (a, b) = (&sides.0.people[i], &sides.1.people[j]);
    let mut add = |kind: &'static str, field: &str, ours: String, theirs: String| {
        let subject = subject(kind, sides, &who(a), field);
        let at = (Some(i), Some(j));
        found.rows.push(Difference { subject, group: kind, kind, field: field.to_owned(), ours, theirs, at });
    };
    let mut column = |field: &str, ours: &str, theirs: &str, same: bool| {
        if !ours.is_empty() && !theirs.is_empty() && !same {
            add("field", field, ours.to_owned(), theirs.to_owned());
        }
    };
    // Who confirmed the person has seen that the names differ.
    column("姓名", &a.name, &b.name, a.name == b.name || how == How::Confirmed);
    let (id_a, id_b) = (shown_id(a), shown_id(b));
    column("证件号码", &id_a, &id_b, a.citizen_id == b.citizen_id && a.wrong_id == b.wrong_id);
    let day = |someone: &Someone| someone.birth.map(|day| day.to_string()).unwrap_or_default();
    column("出生日期", &day(a), &day(b), a.birth == b.birth);
    column("村", &a.village, &b.village, a.village_key == b.village_key);
    column("户编号", &a.number, &b.number, a.number == b.number);
    let status = |someone: &Someone| code::label("household_status", &someone.status).to_owned();
    column("脱贫属性", &status(a), &status(b), a.status == b.status);
    column("健康状况", &a.health, &b.health, a.health == b.health);
    if sides.1.source == "disabled" || sides.1.has.disability {
        let none = |text: &str| if text.is_empty() { "没有登记".to_owned() } else { text.to_owned() };
        let said = !a.disability.is_empty() || !b.disability.is_empty();
        if said {
            column("残疾类别等级", &none(&a.disability), &none(&b.disability), a.disability == b.disability);
        }
    }
    identities(sides, a, b, &mut column);
    if let Some(Mismatch { ours, theirs, .. }) = of_person(&a.illness, &b.illness) {
        add("M3", "病种", ours, theirs);
    }
}

/// Aid that civil affairs gives.
const OF_CIVIL: [&str; 4] = ["extreme_poverty", "orphan", "subsistence", "subsistence_edge"];

/// whom the insurer has not marked, and whose aid one side alone knows.
fn identities(sides: (&Side, &Side), a: &Someone, b: &Someone, column: &mut impl FnMut(&str, &str, &str, bool)) {
    if !sides.1.has.identity || !sides.0.has.identity || a.identity_unread || b.identity_unread {
        return;
    }
    let words = |codes: &BTreeSet<String>, none: &str| {
        let labels: Vec<&str> = codes.iter().map(|code| code::label("aid_identity", code)).collect();
        if labels.is_empty() { none.to_owned() } else { labels.join("、") }
    };
    if sides.1.source == "insurer" {
        // A marker of another aid than any we know of pays by another ratio.
        let wrong = !a.identities.is_empty() && a.identities.is_disjoint(&b.identities);
        column("医保标识", &words(&a.identities, "无"), &words(&b.identities, "未标识"), !wrong);
    } else {
        // What an office gives itself it must know of: the rest of ours is not on its list.
        let given: &[&str] = if sides.1.source == "civil" { &OF_CIVIL } else { &[] };
        let own: BTreeSet<String> =
            a.identities.iter().filter(|code| given.contains(&code.as_str())).cloned().collect();
        column(
            "救助身份",
            &words(&a.identities, "无"),
            &words(&b.identities, "无"),
            b.identities.is_subset(&a.identities) && own.is_subset(&b.identities),
        );
    }
}

/// An id as a screen may show it; one that is wrong says so.
fn shown_id(someone: &Someone) -> String {
    match (someone.citizen_id.as_str(), someone.wrong_id.as_str()) {
        ("", "") => String::new(),
        ("", wrong) => format!("{}（不对）", citizen_id::mask(wrong)),
        (id, _) => citizen_id::mask(id),
    }
}

/// M1, M2, M2-93 and M4 of the households both sides know.
fn of_homes(found: &mut Differences, sides: (&Side, &Side), matched: &Matched, focus: Option<&Focus>) {
    let (ours, theirs) = sides;
    if !theirs.has.causes && !theirs.has.illness {
        return;
    }
    let pairs: BTreeMap<usize, usize> = matched.pairs.iter().map(|(i, j, _)| (*i, *j)).collect();
    for members in homes(&ours.people).values() {
        let Some(first) = members.iter().copied().find(|i| pairs.contains_key(i)) else { continue };
        let mut home = Home { tells_illness: ours.has.illness || theirs.has.illness, ..Home::default() };
        for i in members {
            let someone = &ours.people[*i];
            home.causes[0].extend(someone.causes.iter().cloned());
            home.illness[0].extend(someone.illness.iter().cloned());
            if let Some(other) = pairs.get(i).and_then(|j| theirs.people.get(*j)) {
                home.causes[1].extend(other.causes.iter().cloned());
                home.illness[1].extend(other.illness.iter().cloned());
            }
        }
        let about = &ours.people[first];
        let told = about.home().unwrap_or_default();
        let told = if about.household.is_some() { told } else { short_digest(&told) };
        for Mismatch { kind, ours, theirs } in of_home(&home, focus) {
            let subject = subject(kind, sides, &told, "户");
            let at = (Some(first), pairs.get(&first).copied());
            found.rows.push(Difference { subject, group: kind, kind, field: "户".to_owned(), ours, theirs, at });
        }
    }
}
