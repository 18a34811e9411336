//! Conditions of payers and rows, and the case they are matched against.

use mingbai_domain::Fen;
use toml::Value;

use super::resolved::{Identity, Known};
use super::section::{Conflict, PackError, Section, as_amount, as_texts};
use crate::set::{Member, Set};
use crate::settle::rule::yuan_in_words;
use crate::vocabulary::{Area, Kind, Level, Referral};

/// What a rule can look at. `None` in `total`, `age` or `major` means “not asked”, as when a card is printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) level: Level,
    pub(crate) area: Area,
    pub(crate) referral: Referral,
    pub(crate) identities: Set<Identity>,
    pub(crate) nth: u32,
    pub(crate) total: Option<Fen>,
    pub(crate) age: Option<u32>,
    pub(crate) major: Option<bool>,
}

impl Case {
    /// The case in words, for an error a clerk reads.
    pub(crate) fn situation(&self) -> String {
        let mut words = format!("{}、{}、{}", self.kind.label(), self.level.label(), self.area.label());
        if self.referral != Referral::None {
            words.push('、');
            words.push_str(self.referral.label());
        }
        words
    }
}

/// Conditions joined by “and”. An empty one always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) kind: Set<Kind>,
    pub(crate) level: Set<Level>,
    pub(crate) area: Set<Area>,
    pub(crate) referral: Set<Referral>,
    pub(crate) identity: Set<Identity>,
    pub(crate) without_identity: Set<Identity>,
    pub(crate) nth_from: Option<u32>,
    pub(crate) nth_to: Option<u32>,
    /// Strictly more than.
    pub(crate) total_over: Option<Fen>,
    /// This much or more.
    pub(crate) total_from: Option<Fen>,
    /// This much or less.
    pub(crate) total_up_to: Option<Fen>,
    pub(crate) age_from: Option<u32>,
    pub(crate) age_to: Option<u32>,
    pub(crate) major: Option<bool>,
}

/// Which condition did not hold, for the explanation of a payer that does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    Kind,
    Level,
    Area,
    Referral,
    Identity,
    Nth,
    Total,
    Age,
    Major,
}

impl Mismatch {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Kind => "就诊类别不在范围内",
            Self::Level => "机构级别不在范围内",
            Self::Area => "就诊地不在范围内",
            Self::Referral => "没有按规定转诊",
            Self::Identity => "就诊时的身份不在范围内",
            Self::Nth => "住院次数不在范围内",
            Self::Total => "单次总费用不在规定的范围内",
            Self::Age => "年龄不在范围内",
            Self::Major => "病种不在范围内",
        }
    }
}

/// Whether identities are looked at: an annual payer collects its base all year and asks for the identity at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Everything,
    NotIdentity,
    OnlyIdentity,
}

impl Condition {
    /// Takes the conditions out of a row; what else the row holds is the caller's.
    pub(super) fn read(section: &mut Section, known: &Known) -> Result<Self, PackError> {
        Ok(Self {
            kind: words(section, "kind", "就诊类别", Kind::from_code)?,
            level: words(section, "level", "机构级别", Level::from_code)?,
            area: words(section, "area", "就诊地", Area::from_code)?,
            referral: words(section, "referral", "转诊", Referral::from_code)?,
            identity: identities(section, "identity", "身份", known)?,
            without_identity: identities(section, "without_identity", "排除身份", known)?,
            nth_from: count(section, "nth_from", "第几次起")?,
            nth_to: count(section, "nth_to", "第几次止")?,
            total_over: amount(section, "total_over", "单次总费用超过")?,
            total_from: amount(section, "total_from", "单次总费用达到")?,
            total_up_to: amount(section, "total_up_to", "单次总费用不超过")?,
            age_from: count(section, "age_from", "年龄从")?,
            age_to: count(section, "age_to", "年龄至")?,
            major: match section.optional("major") {
                None => None,
                Some(Value::Boolean(major)) => Some(major),
                Some(_) => return Err(section.wrong("major", "重大疾病", "true或false")),
            },
        })
    }

    pub(crate) fn asks_age(&self) -> bool {
        self.age_from.is_some() || self.age_to.is_some()
    }

    /// Whether it looks at anything but identities.
    pub(super) fn looks_beyond_identity(&self) -> bool {
        let bare = Self { identity: self.identity, without_identity: self.without_identity, ..Self::default() };
        *self != bare
    }

    pub(crate) fn holds(&self, case: &Case) -> bool {
        self.mismatch(case, Look::Everything).is_none()
    }

    /// The first condition that does not hold.
    pub(crate) fn mismatch(&self, case: &Case, look: Look) -> Option<Mismatch> {
        let asks_identity = look != Look::NotIdentity;
        let asks_rest = look != Look::OnlyIdentity;
        if asks_rest {
            if !admits(self.kind, case.kind) {
                return Some(Mismatch::Kind);
            }
            if !admits(self.level, case.level) {
                return Some(Mismatch::Level);
            }
            if !admits(self.area, case.area) {
                return Some(Mismatch::Area);
            }
            if !admits(self.referral, case.referral) {
                return Some(Mismatch::Referral);
            }
        }
        let lacking = !self.identity.is_empty() && !self.identity.meets(case.identities);
        if asks_identity && (lacking || self.without_identity.meets(case.identities)) {
            return Some(Mismatch::Identity);
        }
        if asks_rest {
            if self.nth_from.is_some_and(|n| case.nth < n) || self.nth_to.is_some_and(|n| case.nth > n) {
                return Some(Mismatch::Nth);
            }
            if case.total.is_some_and(|total| self.total_outside(total)) {
                return Some(Mismatch::Total);
            }
            if case.age.is_some_and(|age| self.age_outside(age)) {
                return Some(Mismatch::Age);
            }
            if case.major.is_some_and(|major| self.major.is_some_and(|m| m != major)) {
                return Some(Mismatch::Major);
            }
        }
        None
    }

    fn total_outside(&self, total: Fen) -> bool {
        self.total_over.is_some_and(|over| total <= over)
            || self.total_from.is_some_and(|from| total < from)
            || self.total_up_to.is_some_and(|up_to| total > up_to)
    }

    fn age_outside(&self, age: u32) -> bool {
        self.age_from.is_some_and(|from| age < from) || self.age_to.is_some_and(|to| age > to)
    }

    /// Conditions on the bill's size, in words: `单次总费用超过30,000.00元`.
    pub(crate) fn size_in_words(&self) -> Option<String> {
        let parts: Vec<String> = [
            self.total_over.map(|a| format!("超过{}", yuan_in_words(a))),
            self.total_from.map(|a| format!("达到{}", yuan_in_words(a))),
            self.total_up_to.map(|a| format!("不超过{}", yuan_in_words(a))),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!parts.is_empty()).then(|| format!("单次总费用{}", parts.join("、")))
    }
}

/// A condition that names nobody asks nobody.
fn admits<T: Member>(named: Set<T>, found: T) -> bool {
    named.is_empty() || named.contains(found)
}

fn texts(section: &mut Section, key: &'static str, label: &'static str) -> Result<Vec<String>, PackError> {
    let Some(value) = section.optional(key) else { return Ok(Vec::new()) };
    as_texts(value).filter(|texts| !texts.is_empty()).ok_or_else(|| section.wrong(key, label, WORDS))
}

const WORDS: &str = "一组代码表里的词";

fn words<T: Member>(
    section: &mut Section,
    key: &'static str,
    label: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Set<T>, PackError> {
    let texts = texts(section, key, label)?;
    let set: Option<Set<T>> = texts.iter().map(|text| read(text)).collect();
    set.ok_or_else(|| section.wrong(key, label, WORDS))
}

fn identities(
    section: &mut Section,
    key: &'static str,
    label: &'static str,
    known: &Known,
) -> Result<Set<Identity>, PackError> {
    let texts = texts(section, key, label)?;
    let mut set = Set::default();
    for text in texts {
        let identity = known.find(&text);
        set.insert(identity.ok_or_else(|| section.conflict(Conflict::UnknownIdentity(text)))?);
    }
    Ok(set)
}

fn count(section: &mut Section, key: &'static str, label: &'static str) -> Result<Option<u32>, PackError> {
    match section.optional(key) {
        None => Ok(None),
        Some(Value::Integer(n)) if (0..=1_000).contains(&n) => Ok(u32::try_from(n).ok()),
        Some(_) => Err(section.wrong(key, label, "不大于1000的整数")),
    }
}

fn amount(section: &mut Section, key: &'static str, label: &'static str) -> Result<Option<Fen>, PackError> {
    match section.optional(key) {
        None => Ok(None),
        Some(value) => {
            as_amount(&value).map(Some).ok_or_else(|| section.wrong(key, label, "用引号括起的金额（元），如“30000”"))
        }
    }
}
