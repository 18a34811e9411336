//! Reads one table of a pack switch by switch. A switch that is missing, misspelt or of the wrong form is an error that
//! names the place and the switch; there are no defaults, so forgetting one can never quietly change what people are paid.

use chrono::NaiveDate;
use mingbai_domain::Fen;
use toml::{Table, Value};

use crate::ratio::Ratio;

/// Why a pack is refused. Each prints as one sentence; nothing of the pack has been taken over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// Not TOML at all.
    #[error("政策包第{line}行不是有效的TOML写法，请改正后再导入（{detail}）")]
    NotToml {
        /// Line, from 1.
        line: usize,
        /// The parser's own words.
        detail: String,
    },
    /// A switch is not there.
    #[error("{place}没有写明“{label}”（{key}），政策包不能用，请补上后再导入")]
    MissingSwitch {
        /// Which payer (or part of the pack), in Chinese.
        place: String,
        /// Key in the file.
        key: &'static str,
        /// Chinese name.
        label: &'static str,
    },
    /// A key nobody knows: a misspelt switch, or a newer format.
    #[error("{place}有不认识的写法“{key}”，请核对拼写，或先升级程序")]
    UnknownKey {
        /// Where.
        place: String,
        /// The key.
        key: String,
    },
    /// A switch is there but its value is not one it can have.
    #[error("{place}的“{label}”（{key}）写错了，应为{expected}")]
    WrongValue {
        /// Where.
        place: String,
        /// Key in the file.
        key: &'static str,
        /// Chinese name.
        label: &'static str,
        /// What it should be, in Chinese.
        expected: String,
    },
    /// Two parts of the pack contradict each other.
    #[error("{place}{conflict}")]
    Contradiction {
        /// Where.
        place: String,
        /// What does not fit together.
        conflict: Conflict,
    },
}

/// Parts of a pack that do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// A reference names no source of the pack.
    #[error("引用了没有列出的文件“{0}”")]
    UnknownSource(String),
    /// A row names an identity the pack does not list.
    #[error("用到了没有列出的身份“{0}”")]
    UnknownIdentity(String),
    /// The ceiling names a payer that does not exist.
    #[error("提到了不存在的支付方“{0}”")]
    UnknownPayer(String),
    /// More identities than the engine keeps apart.
    #[error("列出的身份超过64种，请只留下有规定的身份")]
    TooManyIdentities,
    /// More of something than the engine keeps apart.
    #[error("列出的{0}超过64个，请只留下有规定的")]
    TooMany(&'static str),
    /// All of one identity is that identity.
    #[error("的“同时具有的身份”（identity_all）要写两种以上，只要一种的请写 identity")]
    AllOfOne,
    /// Where only the best identity counts nobody has two at once.
    #[error(
        "写明多重身份只算最高的一种（highest），“同时具有的身份”（identity_all）里又有两种救助身份或两种参保人员类别：这样的人一个也没有，两者不能同时写"
    )]
    AllOfHighest,
    /// Two things have one key.
    #[error("重复使用了“{0}”")]
    Duplicate(String),
    /// Flat payers have one open band.
    #[error("写明不分段（flat），每行只能有一段且不设上限")]
    FlatWithBands,
    /// Bands rise and the last is open.
    #[error("的分段上限必须逐段升高，且最后一段不设上限")]
    BandsOutOfOrder,
    /// A yearly band scope with a deductible per admission cannot be computed.
    #[error("按年累计分段时，起付线也必须按年计算")]
    YearBandsNeedYearDeductible,
    /// Yearly payers settle on the accumulated base.
    #[error("年终结算的支付方必须按年累计分段")]
    AnnualNeedsYearBands,
    /// At the year's end only identities are known; level, kind and size belong to single bills.
    #[error("年终结算，它的各行只能按身份区分")]
    AnnualRowsBeyondIdentity,
    /// A repeat rule makes sense per admission only.
    #[error("起付线按年计算时，不能再写多次住院递减")]
    RepeatNeedsAdmission,
    /// The pack ends before it begins.
    #[error("的停用日期早于起用日期")]
    EndsBeforeStart,
    /// Two reviewers must be two people.
    #[error("必须由两个不同的人复核")]
    OneReviewer,
    /// A ceiling is kept bill by bill; what a payer adds at the year's end would pass it unseen.
    #[error("同时写了总报销比例上限（ceiling）和年终结算的支付方“{0}”：年终支付的不在上限以内，两者不能同时写")]
    CeilingBesideAnnual(String),
    /// A ceiling that cuts nobody is none.
    #[error("写了总报销比例上限（ceiling），扣减顺序（cut）却一个支付方也没有")]
    CeilingCutsNobody,
    /// A floor of repeated stays above the deductible of the first.
    #[error("多次住院递减的最低额（floor）高于首次起付线")]
    FloorAboveDeductible,
    /// A rule names a payer that settles once a year where only payers of single bills can stand.
    #[error("写明随单结算还是年终结算，与“年终结算的基数”（annual_base）不符")]
    AnnualBaseDisagrees,
    /// Conditions on the base of an annual payer are asked before the year's base is known.
    #[error("年终结算，适用条件不能按本次的计算基数区分")]
    AnnualBaseCondition,
    /// Band numbers start at 1 and stay inside the row's bands.
    #[error("的比例提高或降低提到了没有的分段")]
    UnknownBand,
    /// An identity, payer or disease word that nothing lists.
    #[error("用到了没有列出的病种“{0}”")]
    UnknownDisease(String),
    /// Something is marked unknown but the pack does not say that it is partial.
    #[error("有写明“unknown”（没有取得）的数字，但“没有取得的部分”（partial）一行也没有")]
    UnknownButWhole,
    /// An evidence rule that is not an expression.
    #[error("的“认定材料”写法不对：{0}")]
    Evidence(super::evidence::EvidenceError),
    /// A rule table with no rows decides nothing.
    #[error("的“{0}”一行也没有")]
    EmptyTable(&'static str),
}

/// One table of the file, being emptied key by key.
pub(crate) struct Section {
    pub(crate) place: String,
    /// Where the table stands in the format, `payer[].deductible[]`: what the published schema is compared with.
    shape: String,
    table: Table,
}

impl Section {
    pub(crate) fn new(place: impl Into<String>, table: Table) -> Self {
        Self { place: place.into(), shape: String::new(), table }
    }

    /// A table inside this one.
    pub(crate) fn inner(&self, place: String, shape: &str, table: Table) -> Self {
        let shape = if self.shape.is_empty() { shape.to_owned() } else { format!("{}.{shape}", self.shape) };
        Self { place, shape, table }
    }

    fn remove(&mut self, key: &str) -> Option<Value> {
        #[cfg(test)]
        super::asked::note(&self.shape, key);
        self.table.remove(key)
    }

    /// A key that may be absent without changing anything (conditions that do not restrict, notes).
    pub(crate) fn optional(&mut self, key: &str) -> Option<Value> {
        self.remove(key)
    }

    /// Looks without taking.
    pub(crate) fn peek_text(&self, key: &str) -> Option<&str> {
        self.table.get(key).and_then(Value::as_str)
    }

    fn take(&mut self, key: &'static str, label: &'static str) -> Result<Value, PackError> {
        self.remove(key).ok_or_else(|| self.missing(key, label))
    }

    pub(crate) fn missing(&self, key: &'static str, label: &'static str) -> PackError {
        PackError::MissingSwitch { place: self.place.clone(), key, label }
    }

    pub(crate) fn wrong(&self, key: &'static str, label: &'static str, expected: impl Into<String>) -> PackError {
        PackError::WrongValue { place: self.place.clone(), key, label, expected: expected.into() }
    }

    pub(crate) fn conflict(&self, conflict: Conflict) -> PackError {
        PackError::Contradiction { place: self.place.clone(), conflict }
    }

    pub(crate) fn text(&mut self, key: &'static str, label: &'static str) -> Result<String, PackError> {
        match self.take(key, label)? {
            Value::String(text) if !text.trim().is_empty() => Ok(text),
            _ => Err(self.wrong(key, label, "文字")),
        }
    }

    pub(crate) fn text_or_none(&mut self, key: &'static str, label: &'static str) -> Result<Option<String>, PackError> {
        self.text(key, label).map(|text| (text != NONE).then_some(text))
    }

    pub(crate) fn texts(&mut self, key: &'static str, label: &'static str) -> Result<Vec<String>, PackError> {
        let value = self.take(key, label)?;
        as_texts(value).ok_or_else(|| self.wrong(key, label, "一组文字"))
    }

    pub(crate) fn boolean(&mut self, key: &'static str, label: &'static str) -> Result<bool, PackError> {
        self.take(key, label)?.as_bool().ok_or_else(|| self.wrong(key, label, "true或false"))
    }

    /// One of a closed list of words.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        label: &'static str,
        choices: &[(&str, T)],
    ) -> Result<T, PackError> {
        let value = self.take(key, label)?;
        let chosen = value.as_str().and_then(|text| choices.iter().find(|(word, _)| *word == text));
        chosen.map(|(_, choice)| *choice).ok_or_else(|| {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.wrong(key, label, words.join("、"))
        })
    }

    pub(crate) fn amount(&mut self, key: &'static str, label: &'static str) -> Result<Fen, PackError> {
        let value = self.take(key, label)?;
        as_amount(&value).ok_or_else(|| self.wrong(key, label, AMOUNT))
    }

    /// A whole number, as days, months and years are.
    pub(crate) fn count(&mut self, key: &'static str, label: &'static str) -> Result<u32, PackError> {
        let value = self.take(key, label)?;
        as_count(&value).ok_or_else(|| self.wrong(key, label, COUNT))
    }

    /// A calendar year.
    pub(crate) fn year(&mut self, key: &'static str, label: &'static str) -> Result<i32, PackError> {
        let year = self.take(key, label)?.as_integer().and_then(|year| i32::try_from(year).ok());
        year.filter(|year| (1990..=2200).contains(year)).ok_or_else(|| self.wrong(key, label, "年份，如2024"))
    }

    /// A list of texts, or `"any"` for no restriction.
    pub(crate) fn texts_or_any(&mut self, key: &'static str, label: &'static str) -> Result<Vec<String>, PackError> {
        let value = self.take(key, label)?;
        if value.as_str() == Some("any") {
            return Ok(Vec::new());
        }
        as_texts(value)
            .filter(|texts| !texts.is_empty())
            .ok_or_else(|| self.wrong(key, label, "一组词，或“any”（不限）"))
    }

    /// Codes of identities the pack lists; empty is allowed.
    pub(crate) fn identities(
        &mut self,
        key: &'static str,
        label: &'static str,
        known: &super::resolved::Known,
    ) -> Result<Vec<String>, PackError> {
        let named = self.texts(key, label)?;
        match named.iter().find(|identity| known.find(identity).is_none()) {
            Some(unknown) => Err(self.conflict(Conflict::UnknownIdentity(unknown.clone()))),
            None => Ok(named),
        }
    }

    /// A share, or `"none"`.
    pub(crate) fn ratio_or_none(&mut self, key: &'static str, label: &'static str) -> Result<Option<Ratio>, PackError> {
        let value = self.take(key, label)?;
        if value.as_str() == Some(NONE) {
            return Ok(None);
        }
        let parsed = value.as_str().and_then(|text| Ratio::parse(text).ok());
        parsed.map(Some).ok_or_else(|| self.wrong(key, label, "比例，如“75%”，或“none”（没有）"))
    }

    /// The raw value of a switch that has several forms.
    pub(crate) fn value(&mut self, key: &'static str, label: &'static str) -> Result<Value, PackError> {
        self.take(key, label)
    }

    /// An amount, or `"none"` for 不封顶 / 不设上限.
    pub(crate) fn amount_or_none(&mut self, key: &'static str, label: &'static str) -> Result<Option<Fen>, PackError> {
        let value = self.take(key, label)?;
        if value.as_str() == Some(NONE) {
            return Ok(None);
        }
        as_amount(&value).map(Some).ok_or_else(|| self.wrong(key, label, format!("{AMOUNT}，或“none”（没有）")))
    }

    pub(crate) fn ratio(&mut self, key: &'static str, label: &'static str) -> Result<Ratio, PackError> {
        let value = self.take(key, label)?;
        let parsed = value.as_str().and_then(|text| Ratio::parse(text).ok());
        parsed.ok_or_else(|| self.wrong(key, label, "比例，如“75%”"))
    }

    pub(crate) fn date(&mut self, key: &'static str, label: &'static str) -> Result<NaiveDate, PackError> {
        let value = self.take(key, label)?;
        as_date(&value).ok_or_else(|| self.wrong(key, label, DATE))
    }

    pub(crate) fn date_or_none(
        &mut self,
        key: &'static str,
        label: &'static str,
    ) -> Result<Option<NaiveDate>, PackError> {
        let value = self.take(key, label)?;
        if value.as_str() == Some(NONE) {
            return Ok(None);
        }
        as_date(&value).map(Some).ok_or_else(|| self.wrong(key, label, format!("{DATE}，或“none”（没有）")))
    }

    /// Rows of a table. Empty is allowed here: `[]` is the explicit way to say “none”.
    pub(crate) fn rows(&mut self, key: &'static str, label: &'static str) -> Result<Vec<Section>, PackError> {
        let Value::Array(rows) = self.take(key, label)? else {
            return Err(self.wrong(key, label, "一组行（[]表示没有）"));
        };
        let shape = format!("{key}[]");
        rows.into_iter()
            .enumerate()
            .map(|(i, row)| match row {
                Value::Table(table) => Ok(self.inner(format!("{}的“{label}”第{}行", self.place, i + 1), &shape, table)),
                _ => Err(self.wrong(key, label, "一组行（[]表示没有）")),
            })
            .collect()
    }

    /// A sub-table, or the word given for “not used”.
    pub(crate) fn section_or(
        &mut self,
        key: &'static str,
        label: &'static str,
        word: &str,
    ) -> Result<Option<Section>, PackError> {
        match self.take(key, label)? {
            Value::Table(table) => Ok(Some(self.inner(format!("{}的“{label}”", self.place), key, table))),
            Value::String(text) if text == word => Ok(None),
            _ => Err(self.wrong(key, label, format!("一张表，或“{word}”"))),
        }
    }

    pub(crate) fn section(&mut self, key: &'static str, label: &'static str) -> Result<Section, PackError> {
        match self.take(key, label)? {
            Value::Table(table) => Ok(self.inner(format!("{}的“{label}”", self.place), key, table)),
            _ => Err(self.wrong(key, label, "一张表")),
        }
    }

    /// Nothing may be left over.
    pub(crate) fn finish(self) -> Result<(), PackError> {
        match self.table.into_iter().next() {
            None => Ok(()),
            Some((key, _)) => Err(PackError::UnknownKey { place: self.place, key }),
        }
    }
}

/// The word for “there is none”, so that leaving a switch out never means it.
pub(crate) const NONE: &str = "none";
/// The word for “the text was not to be had”; allowed in partial packs only.
pub(crate) const UNKNOWN: &str = "unknown";
/// What a whole number must be.
pub(crate) const COUNT: &str = "不大于1000的整数";
pub(crate) const AMOUNT: &str = "用引号括起的金额（元），如“1200”";
const DATE: &str = "日期，如2023-01-01";

pub(crate) fn as_texts(value: Value) -> Option<Vec<String>> {
    let Value::Array(values) = value else { return None };
    values.into_iter().map(|v| if let Value::String(text) = v { Some(text) } else { None }).collect()
}

pub(crate) fn as_amount(value: &Value) -> Option<Fen> {
    value.as_str().and_then(|text| Fen::parse(text).ok()).filter(|amount| crate::bill::plausible(*amount))
}

pub(crate) fn as_count(value: &Value) -> Option<u32> {
    value.as_integer().and_then(|n| u32::try_from(n).ok()).filter(|n| *n <= 1_000)
}

fn as_date(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Datetime(date) => date.to_string().parse().ok(),
        _ => None,
    }
}
