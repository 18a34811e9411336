//! What a bill met on its way, so that a run can say what it has really exercised.

/// Something a bill can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Met {
    /// A certificate the pack asks for, valid on the day.
    Certified,
    /// One it asks for, not valid on the day.
    Uncertified,
    /// A share of the disease's own.
    OwnRatio,
    /// A level the disease's rule does not name.
    OtherLevel,
    /// A disease's limit of the year, with less than the bill would have come to.
    YearLimit,
    /// The same, of the month.
    MonthLimit,
    /// Limits of several diseases of one person taken together.
    SeveralDiseases,
    /// 同一次住院分期结算 where the pack bears the deductible once.
    Period,
    /// 24小时内转院 where the pack counts one admission.
    Transfer,
    /// Either of them, with the stay's earlier part in the year before.
    OverNewYear,
    /// 作废.
    Cancelled,
    /// Corrected by another bill.
    Replaced,
    /// Known not to be insured.
    NotInsured,
    /// Insurance that begins or ends in the course of the stay.
    StraddlesInsurance,
    /// Both: not insured, insured, not insured, or the other way round.
    InsuredBetween,
    /// A register that knows no enrolment, where one decides.
    NothingRegistered,
    /// A waiting period that is for other bills.
    WaitOfOthers,
    /// A later part of an admission, by a payer that fills its bands per admission.
    PartOfAdmission,
    /// A cap per admission of which earlier parts have left less than was due.
    CapOfAdmission,
    /// A limit on costs of which payers before have paid so much that it cuts a payer of the rest.
    LimitAfterOthers,
    /// What a better identity gives for the whole year and the bill has no room for.
    LeftToTheEnd,
}

impl Met {
    pub(crate) const ALL: [Self; 21] = [
        Self::Certified,
        Self::Uncertified,
        Self::OwnRatio,
        Self::OtherLevel,
        Self::YearLimit,
        Self::MonthLimit,
        Self::SeveralDiseases,
        Self::Period,
        Self::Transfer,
        Self::OverNewYear,
        Self::Cancelled,
        Self::Replaced,
        Self::NotInsured,
        Self::StraddlesInsurance,
        Self::InsuredBetween,
        Self::NothingRegistered,
        Self::WaitOfOthers,
        Self::PartOfAdmission,
        Self::CapOfAdmission,
        Self::LimitAfterOthers,
        Self::LeftToTheEnd,
    ];

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Certified => "有认定",
            Self::Uncertified => "没有认定",
            Self::OwnRatio => "病种另定比例",
            Self::OtherLevel => "病种级别不符",
            Self::YearLimit => "碰到年限额",
            Self::MonthLimit => "碰到月限额",
            Self::SeveralDiseases => "几种病合用限额",
            Self::Period => "分期接续",
            Self::Transfer => "转院接续",
            Self::OverNewYear => "跨年接续",
            Self::Cancelled => "作废",
            Self::Replaced => "被更正",
            Self::NotInsured => "没有参保",
            Self::StraddlesInsurance => "跨过参保起止",
            Self::InsuredBetween => "住院中间参保又停保",
            Self::NothingRegistered => "没有参保登记",
            Self::WaitOfOthers => "等待期不管这一张",
            Self::PartOfAdmission => "分段接着前面各期",
            Self::CapOfAdmission => "封顶接着前面各期",
            Self::LimitAfterOthers => "限额扣别人付的",
            Self::LeftToTheEnd => "留到年终再付",
        }
    }
}
