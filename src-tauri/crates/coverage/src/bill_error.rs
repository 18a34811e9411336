//! Why a bill is refused, and the field at fault.

use std::fmt;

use chrono::NaiveDate;
use mingbai_domain::Fen;
use serde::Serialize;

/// The field of a bill (or of what comes with it) that is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BillField {
    /// 医疗总费用.
    Total,
    /// 全自费.
    Ownpay,
    /// 超限价.
    Overlimit,
    /// 先行自付.
    Preselfpay,
    /// 分类项目.
    Items,
    /// 医院承担.
    HospitalBorne,
    /// 入院日期.
    AdmittedOn,
    /// 出院日期.
    DischargedOn,
    /// 结算日期.
    SettledOn,
    /// 不予支付原因.
    Cause,
    /// 出生日期 of the person.
    Born,
    /// Level, area, kind or identity for which the pack has no rule.
    Rule,
    /// The pack's own years.
    Pack,
    /// The history that came with the bill.
    History,
    /// 病种.
    Disease,
    /// 商业保险等已赔付.
    Compensated,
    /// 接续的住院.
    Continues,
    /// 参保记录 of the person.
    Enrolment,
}

impl BillField {
    /// The Chinese name of the field.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Total => "医疗总费用",
            Self::Ownpay => "目录外自费",
            Self::Overlimit => "超限价",
            Self::Preselfpay => "先行自付",
            Self::Items => "分类项目",
            Self::HospitalBorne => "医院承担",
            Self::AdmittedOn => "入院日期",
            Self::DischargedOn => "出院日期",
            Self::SettledOn => "结算日期",
            Self::Cause => "不予支付原因",
            Self::Born => "出生日期",
            Self::Rule => "政策规定",
            Self::Pack => "政策包年度",
            Self::History => "本年累计",
            Self::Disease => "病种",
            Self::Compensated => "商业保险等已赔付",
            Self::Continues => "接续的住院",
            Self::Enrolment => "参保记录",
        }
    }
}

impl fmt::Display for BillField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// Why a bill is not settled. Each prints as one sentence for the clerk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BillError {
    /// An amount below zero.
    #[error("{field}为负数（{amount}元），请核对票据")]
    Negative {
        /// Which amount.
        field: BillField,
        /// What it says.
        amount: Fen,
    },
    /// Larger than any bill can be; nothing is worked out from it.
    #[error("{field}大得不像一张票据（{amount}元），请核对单位是元还是分")]
    TooLarge {
        /// Which amount.
        field: BillField,
        /// What it says.
        amount: Fen,
    },
    /// Own pay, over-limit and pre-self-pay are more than the total.
    #[error("自费、超限价和先行自付合计{parts}元，超过医疗总费用{total}元")]
    PartsExceedTotal {
        /// The parts together.
        parts: Fen,
        /// The total they should fit in.
        total: Fen,
        /// The part with which the total is passed.
        field: BillField,
    },
    /// Neither a 先行自付 amount nor items to derive it from.
    #[error("没有先行自付金额，也没有分类项目可以推算；没有先行自付请填0")]
    PreselfpayUnknown,
    /// The printed 先行自付 and the items disagree.
    #[error("票据先行自付{printed}元，与按分类项目推算的{derived}元不一致")]
    PreselfpayDiffers {
        /// As printed.
        printed: Fen,
        /// As derived.
        derived: Fen,
    },
    /// An item class the pack does not know.
    #[error("政策包没有规定项目类别“{class}”的先行自付比例")]
    UnknownItemClass {
        /// The class on the bill.
        class: String,
    },
    /// Classed items are more than what the catalogues admit.
    #[error("分类项目合计{items}元，超过目录内费用{available}元")]
    ItemsExceedCatalogue {
        /// Items together.
        items: Fen,
        /// Total − own pay − over-limit.
        available: Fen,
    },
    /// Admission after discharge or discharge after settlement.
    #[error("{field}早于前一个日期，请核对入院、出院、结算日期")]
    DatesOutOfOrder {
        /// The later field, whose date is too early.
        field: BillField,
    },
    /// The hospital bears more than what is left to the person.
    #[error("医院承担{borne}元，超过个人应负担的{left}元")]
    HospitalBearsTooMuch {
        /// What the bill says.
        borne: Fen,
        /// What is left.
        left: Fen,
    },
    /// A cause the pack does not list.
    #[error("政策包没有列出不予支付原因“{cause}”")]
    UnknownCause {
        /// As on the bill.
        cause: String,
    },
    /// The pack has age rules and the birth date is missing.
    #[error("政策包按年龄规定待遇，但没有出生日期")]
    BirthMissing,
    /// Born after the stay began.
    #[error("出生日期{born}晚于入院日期{admitted}，请核对这个人的出生日期")]
    BornAfterAdmission {
        /// Birth date of the person.
        born: NaiveDate,
        /// Admission on the bill.
        admitted: NaiveDate,
    },
    /// The pack says nothing for this case; it is never filled with a default.
    #[error("政策包没有规定“{payer}”在{situation}时的{switch}")]
    NoRule {
        /// Label of the payer.
        payer: String,
        /// Chinese name of the switch.
        switch: &'static str,
        /// The case, in Chinese.
        situation: String,
    },
    /// The bill lies outside the pack's years.
    #[error("政策包适用{from}至{until}，这张票据的日期是{date}")]
    OutsidePack {
        /// First day of the pack.
        from: NaiveDate,
        /// Last day, in words when open.
        until: String,
        /// The bill's day.
        date: NaiveDate,
    },
    /// The stay crosses 31 December and the pack wants it split.
    #[error("跨年度住院要按年度分别计算，请把12月31日前后的费用拆成两张票据")]
    CrossesYear,
    /// A stay longer than the pack settles at once.
    #[error("住院{days}天，超过{most}天的要分期结算，请每{most}天拆成一张票据，并写明接续哪一张")]
    LongStay {
        /// Days of the stay.
        days: i64,
        /// Days of one settlement period.
        most: i64,
    },
    /// The stay straddles the end of a waiting period.
    #[error("待遇等待期至{until}，这次就诊跨过等待期，请把{until}以前和以后的费用拆成两张票据")]
    StraddlesWaiting {
        /// Last day of waiting.
        until: NaiveDate,
    },
    /// Insurance begins or ends in the course of the stay.
    #[error("这次就诊一段在参保期内、一段不在，请把{last}以前（含当天）和{next}起的费用拆成两张票据")]
    StraddlesInsurance {
        /// Last day of the first part.
        last: NaiveDate,
        /// First day of the second.
        next: NaiveDate,
    },
    /// The register does not say whether the person was insured, and the pack has waiting periods.
    #[error("没有{year}年的参保记录，不能核对等待期；请先登记这一年的参保")]
    EnrolmentUnknown {
        /// The insured year.
        year: i32,
    },
    /// The person is insured with employees' insurance in that year, and not with the residents.
    #[error(
        "{year}年参加的是职工医保，不享受居民医保待遇，居民医保的政策包不核算这张票据；医疗救助请按职工医保报销后的自付另行核对"
    )]
    EmployeesInsured {
        /// The insured year.
        year: i32,
    },
    /// The bill continues a stay that is not the last one settled before it.
    #[error("这张票据接续“{bill}”号票据，但在它以前最近结算的住院不是那一张，请先录入那一张，或核对票据号和结算日期")]
    ContinuesUnknown {
        /// The number named.
        bill: String,
    },
    /// The pack's rules depend on the disease and none is named.
    #[error("政策包按病种规定{kind}的待遇，请填写病种")]
    DiseaseMissing {
        /// Kind of care, in Chinese.
        kind: &'static str,
    },
    /// A disease the pack does not list for this kind of care.
    #[error("政策包没有把“{disease}”列为{kind}病种")]
    UnknownDisease {
        /// As on the bill.
        disease: String,
        /// Kind of care, in Chinese.
        kind: &'static str,
    },
    /// The threshold hangs on last year's income and the pack does not give it.
    #[error("“{payer}”的起付线按{year}年居民人均可支配收入计算，政策包没有写明这一年的收入")]
    IncomeUnknown {
        /// Label of the payer.
        payer: String,
        /// Year of the income.
        year: i32,
    },
    /// The pack is partial and says so of this case.
    #[error("政策包不完整：{what}。这张票据不能核算")]
    NotInPack {
        /// What the pack does not cover, in its own words.
        what: String,
    },
    /// The history is of another year.
    #[error("本年累计是{history}年的，这张票据属于{bill}年")]
    OtherYear {
        /// Year of the history.
        history: i32,
        /// Year of the bill.
        bill: i32,
    },
    /// The history that came with the bill holds an impossible amount.
    #[error("本年累计中“{payer}”的金额为负数或过大，请核对")]
    BadHistory {
        /// Payer key, or the year's own self-pay.
        payer: String,
    },
}

impl BillError {
    /// The field at fault, for the form to point at.
    #[must_use]
    pub const fn field(&self) -> BillField {
        match self {
            Self::Negative { field, .. }
            | Self::TooLarge { field, .. }
            | Self::PartsExceedTotal { field, .. }
            | Self::DatesOutOfOrder { field } => *field,
            Self::PreselfpayUnknown | Self::PreselfpayDiffers { .. } => BillField::Preselfpay,
            Self::UnknownItemClass { .. } | Self::ItemsExceedCatalogue { .. } => BillField::Items,
            Self::HospitalBearsTooMuch { .. } => BillField::HospitalBorne,
            Self::UnknownCause { .. } => BillField::Cause,
            Self::BirthMissing | Self::BornAfterAdmission { .. } => BillField::Born,
            Self::NoRule { .. } | Self::NotInPack { .. } => BillField::Rule,
            Self::OutsidePack { .. } | Self::IncomeUnknown { .. } => BillField::Pack,
            Self::CrossesYear | Self::LongStay { .. } => BillField::DischargedOn,
            Self::StraddlesWaiting { .. } | Self::StraddlesInsurance { .. } => BillField::AdmittedOn,
            Self::ContinuesUnknown { .. } => BillField::Continues,
            Self::EnrolmentUnknown { .. } | Self::EmployeesInsured { .. } => BillField::Enrolment,
            Self::DiseaseMissing { .. } | Self::UnknownDisease { .. } => BillField::Disease,
            Self::OtherYear { .. } | Self::BadHistory { .. } => BillField::History,
        }
    }
}
