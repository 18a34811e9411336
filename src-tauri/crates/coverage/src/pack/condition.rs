//! Conditions of payers and rows, matched against a case.

use mingbai_domain::Fen;
use toml::Value;

use super::resolved::{DiseasePlace, Identity, Known};
use super::section::{COUNT, Conflict, PackError, Section, as_amount, as_count, as_texts};
use super::situation::{Case, Situation, places};
use crate::set::{Member, Set};
use crate::vocabulary::{Area, Kind, Level, Referral};

/// Conditions joined by “and”. An empty one always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) kind: Set<Kind>,
    pub(crate) level: Set<Level>,
    pub(crate) area: Set<Area>,
    pub(crate) referral: Set<Referral>,
    /// Any of them.
    pub(crate) identity: Set<Identity>,
    /// All of them at once.
    pub(crate) identity_all: Set<Identity>,
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
    pub(crate) disease: Set<DiseasePlace>,
    /// Strictly more than.
    pub(crate) base_over: Option<Fen>,
    /// This much or more.
    pub(crate) base_from: Option<Fen>,
    /// This much or less.
    pub(crate) base_up_to: Option<Fen>,
    gate: Gate,
}

/// The lists of a condition as one mask, so that a row that asks for nothing else is decided by two comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gate {
    /// A byte for each of kind, level, area and referral; every bit of a list that names nobody.
    places: u32,
    /// Whether anything but the lists is asked.
    more: bool,
}

impl Default for Gate {
    fn default() -> Self {
        Self { places: u32::MAX, more: false }
    }
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
    Disease,
    Base,
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
            Self::Major => "是否重大疾病不在范围内",
            Self::Disease => "病种不在范围内",
            Self::Base => "计算基数不在规定的范围内",
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
        let read = Self {
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
            disease: diseases(section, known)?,
            base_over: amount(section, "base_over", "计算基数超过")?,
            base_from: amount(section, "base_from", "计算基数达到")?,
            base_up_to: amount(section, "base_up_to", "计算基数不超过")?,
            ..Self::read_lists(section, known)?
        };
        Ok(Self { gate: read.gate(), ..read })
    }

    /// As [`Condition::read`], of rows that are asked before any payer has its turn and know only where and who.
    pub(super) fn read_lists(section: &mut Section, known: &Known) -> Result<Self, PackError> {
        let read = Self {
            kind: words(section, "kind", "就诊类别", Kind::from_code)?,
            level: words(section, "level", "机构级别", Level::from_code)?,
            area: words(section, "area", "就诊地", Area::from_code)?,
            referral: words(section, "referral", "转诊", Referral::from_code)?,
            identity: identities(section, "identity", "身份", known)?,
            identity_all: all_identities(section, known)?,
            without_identity: identities(section, "without_identity", "排除身份", known)?,
            ..Self::default()
        };
        Ok(Self { gate: read.gate(), ..read })
    }

    fn gate(&self) -> Gate {
        let lists = Self {
            kind: self.kind,
            level: self.level,
            area: self.area,
            referral: self.referral,
            identity: self.identity,
            identity_all: self.identity_all,
            without_identity: self.without_identity,
            gate: self.gate,
            ..Self::default()
        };
        let named = [self.kind.bits(), self.level.bits(), self.area.bits(), self.referral.bits()];
        Gate { places: places(named.map(|bits| if bits == 0 { u8::MAX } else { bits as u8 })), more: *self != lists }
    }

    /// Whether it asks for several identities of one class at once: several of aid, or several of the insured.
    pub(super) fn asks_several_of_one_class(&self, aid: Set<Identity>) -> bool {
        let several = |all: Set<Identity>| all.bits().count_ones() > 1;
        several(self.identity_all.both(aid)) || several(self.identity_all.without(aid))
    }

    pub(crate) fn asks_age(&self) -> bool {
        self.age_from.is_some() || self.age_to.is_some()
    }

    pub(super) fn asks_base(&self) -> bool {
        self.base_over.is_some() || self.base_from.is_some() || self.base_up_to.is_some()
    }

    /// Whether it looks at anything but identities.
    pub(super) fn looks_beyond_identity(&self) -> bool {
        let bare = Self {
            identity: self.identity,
            identity_all: self.identity_all,
            without_identity: self.without_identity,
            gate: self.gate,
            ..Self::default()
        };
        *self != bare
    }

    pub(crate) fn holds(&self, case: &Case) -> bool {
        self.admits(&case.situation) && (!self.gate.more || self.holds_beyond_lists(case))
    }

    /// Whether everything but the lists holds.
    pub(super) fn holds_beyond_lists(&self, case: &Case) -> bool {
        self.mismatch_beyond_lists(case).is_none()
    }

    /// Whether the lists name this situation; says nothing of the rest of the condition.
    pub(super) fn admits(&self, situation: &Situation) -> bool {
        self.admits_places(situation) && self.admits_identities(situation.identities)
    }

    /// The same of those lists that are looked at.
    pub(super) fn admits_as(&self, situation: &Situation, look: Look) -> bool {
        (look == Look::OnlyIdentity || self.admits_places(situation))
            && (look == Look::NotIdentity || self.admits_identities(situation.identities))
    }

    fn admits_places(&self, situation: &Situation) -> bool {
        self.gate.places & situation.places == situation.places
    }

    fn admits_identities(&self, held: Set<Identity>) -> bool {
        (self.identity.is_empty() || self.identity.meets(held))
            && self.identity_all.without(held).is_empty()
            && !self.without_identity.meets(held)
    }

    /// Whether anything but the lists is asked.
    pub(super) fn looks_beyond_lists(&self) -> bool {
        self.gate.more
    }

    /// The first condition that does not hold.
    pub(crate) fn mismatch(&self, case: &Case, look: Look) -> Option<Mismatch> {
        let situation = &case.situation;
        if look != Look::OnlyIdentity && !self.admits_places(situation) {
            return Some(self.mismatch_of_places(situation));
        }
        if look != Look::NotIdentity && !self.admits_identities(situation.identities) {
            return Some(Mismatch::Identity);
        }
        if look == Look::OnlyIdentity { None } else { self.mismatch_beyond_lists(case) }
    }

    /// Which list does not name a situation whose places are not admitted.
    fn mismatch_of_places(&self, situation: &Situation) -> Mismatch {
        if !admits(self.kind, situation.kind) {
            Mismatch::Kind
        } else if !admits(self.level, situation.level) {
            Mismatch::Level
        } else if !admits(self.area, situation.area) {
            Mismatch::Area
        } else {
            Mismatch::Referral
        }
    }

    fn mismatch_beyond_lists(&self, case: &Case) -> Option<Mismatch> {
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
        if !self.disease.is_empty() && !case.disease.is_some_and(|disease| self.disease.contains(disease)) {
            return Some(Mismatch::Disease);
        }
        if case.base.is_some_and(|base| self.base_outside(base)) {
            return Some(Mismatch::Base);
        }
        None
    }

    fn total_outside(&self, total: Fen) -> bool {
        self.total_over.is_some_and(|over| total <= over)
            || self.total_from.is_some_and(|from| total < from)
            || self.total_up_to.is_some_and(|up_to| total > up_to)
    }

    fn base_outside(&self, base: Fen) -> bool {
        self.base_over.is_some_and(|over| base <= over)
            || self.base_from.is_some_and(|from| base < from)
            || self.base_up_to.is_some_and(|up_to| base > up_to)
    }

    fn age_outside(&self, age: u32) -> bool {
        self.age_from.is_some_and(|from| age < from) || self.age_to.is_some_and(|to| age > to)
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

/// One identity is no “all”: that is what `identity` says.
fn all_identities(section: &mut Section, known: &Known) -> Result<Set<Identity>, PackError> {
    let all = identities(section, "identity_all", "同时具有的身份", known)?;
    if all.bits().count_ones() == 1 { Err(section.conflict(Conflict::AllOfOne)) } else { Ok(all) }
}

fn diseases(section: &mut Section, known: &Known) -> Result<Set<DiseasePlace>, PackError> {
    let mut set = Set::default();
    for text in texts(section, "disease", "病种")? {
        let disease = known.disease(&text);
        set.insert(disease.ok_or_else(|| section.conflict(Conflict::UnknownDisease(text)))?);
    }
    Ok(set)
}

fn count(section: &mut Section, key: &'static str, label: &'static str) -> Result<Option<u32>, PackError> {
    match section.optional(key) {
        None => Ok(None),
        Some(value) => as_count(&value).map(Some).ok_or_else(|| section.wrong(key, label, COUNT)),
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
