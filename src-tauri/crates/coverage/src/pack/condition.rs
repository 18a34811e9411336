//! Conditions of payers and rows, and the case they are matched against.

use mingbai_domain::Fen;
use toml::Value;

use super::section::{Conflict, PackError, Section, as_amount, as_texts};
use crate::settle::rule::yuan_in_words;
use crate::vocabulary::{Area, Kind, Level, Referral};

/// What a rule can look at. `None` in `total`, `age` or `major` means “not asked”, as when a card is printed.
#[derive(Clone, Debug)]
pub(crate) struct Case<'a> {
    pub(crate) kind: Kind,
    pub(crate) level: Level,
    pub(crate) area: Area,
    pub(crate) referral: Referral,
    pub(crate) identities: &'a [String],
    pub(crate) nth: u32,
    pub(crate) total: Option<Fen>,
    pub(crate) age: Option<u32>,
    pub(crate) major: Option<bool>,
}

impl Case<'_> {
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
    pub(crate) kind: Vec<Kind>,
    pub(crate) level: Vec<Level>,
    pub(crate) area: Vec<Area>,
    pub(crate) referral: Vec<Referral>,
    pub(crate) identity: Vec<String>,
    pub(crate) without_identity: Vec<String>,
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
    pub(super) fn read(section: &mut Section, identities: &[String]) -> Result<Self, PackError> {
        let condition = Self {
            kind: words(section, "kind", "就诊类别", Kind::from_code)?,
            level: words(section, "level", "机构级别", Level::from_code)?,
            area: words(section, "area", "就诊地", Area::from_code)?,
            referral: words(section, "referral", "转诊", Referral::from_code)?,
            identity: words(section, "identity", "身份", |t| Some(t.to_owned()))?,
            without_identity: words(section, "without_identity", "排除身份", |t| Some(t.to_owned()))?,
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
        };
        let named = condition.identity.iter().chain(&condition.without_identity);
        for identity in named {
            if !identities.contains(identity) {
                return Err(section.conflict(Conflict::UnknownIdentity(identity.clone())));
            }
        }
        Ok(condition)
    }

    pub(crate) fn asks_age(&self) -> bool {
        self.age_from.is_some() || self.age_to.is_some()
    }

    /// Whether it looks at anything but identities.
    pub(super) fn looks_beyond_identity(&self) -> bool {
        let bare = Self {
            identity: self.identity.clone(),
            without_identity: self.without_identity.clone(),
            ..Self::default()
        };
        *self != bare
    }

    pub(crate) fn holds(&self, case: &Case<'_>) -> bool {
        self.mismatch(case, Look::Everything).is_none()
    }

    /// The first condition that does not hold.
    pub(crate) fn mismatch(&self, case: &Case<'_>, look: Look) -> Option<Mismatch> {
        let held = |list: &[String]| list.iter().any(|identity| case.identities.contains(identity));
        let outside = [
            (Mismatch::Kind, !self.kind.is_empty() && !self.kind.contains(&case.kind)),
            (Mismatch::Level, !self.level.is_empty() && !self.level.contains(&case.level)),
            (Mismatch::Area, !self.area.is_empty() && !self.area.contains(&case.area)),
            (Mismatch::Referral, !self.referral.is_empty() && !self.referral.contains(&case.referral)),
            (Mismatch::Identity, (!self.identity.is_empty() && !held(&self.identity)) || held(&self.without_identity)),
            (Mismatch::Nth, self.nth_from.is_some_and(|n| case.nth < n) || self.nth_to.is_some_and(|n| case.nth > n)),
            (Mismatch::Total, case.total.is_some_and(|total| self.total_outside(total))),
            (Mismatch::Age, case.age.is_some_and(|age| self.age_outside(age))),
            (Mismatch::Major, case.major.is_some_and(|major| self.major.is_some_and(|m| m != major))),
        ];
        outside.into_iter().find_map(|(what, fails)| {
            let looked_at = match look {
                Look::Everything => true,
                Look::NotIdentity => what != Mismatch::Identity,
                Look::OnlyIdentity => what == Mismatch::Identity,
            };
            (fails && looked_at).then_some(what)
        })
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

fn words<T>(
    section: &mut Section,
    key: &'static str,
    label: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, PackError> {
    let Some(value) = section.optional(key) else { return Ok(Vec::new()) };
    let texts = as_texts(value).filter(|texts| !texts.is_empty());
    let read: Option<Vec<T>> = texts.and_then(|texts| texts.iter().map(|text| read(text)).collect());
    read.ok_or_else(|| section.wrong(key, label, "一组代码表里的词"))
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
