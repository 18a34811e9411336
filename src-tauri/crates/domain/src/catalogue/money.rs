//! 参保、结算与政策包.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;
use crate::money::Fen;

/// The code of `care_kind` by which a settlement is what was paid once for a whole year.
pub const YEAR_END: &str = "year_end";

impl Settlement {
    /// Whether this is what was paid once for a whole year (年终结算), not a bill.
    #[must_use]
    pub fn is_year_end(&self) -> bool {
        self.care_kind.as_deref() == Some(YEAR_END)
    }

    /// What all payers of the sheet paid.
    #[must_use]
    pub fn paid(&self) -> Fen {
        [self.paid_basic, self.paid_critical, self.paid_aid, self.paid_other].into_iter().flatten().sum()
    }

    /// Whether commercial and employees' insurance paid on the sheet itself: only with it does the sheet add up. Otherwise it
    /// paid back later what the sheet left to the person.
    #[must_use]
    pub fn commercial_on_sheet(&self) -> bool {
        let commercial = self.paid_commercial.unwrap_or_default();
        let (Some(total), Some(personal)) = (self.total, self.paid_personal) else { return false };
        commercial != Fen::ZERO
            && total - self.paid() - self.hospital_borne.unwrap_or_default() - personal == commercial
    }

    /// What commercial and employees' insurance paid back later: the person is left so much less than the sheet says.
    #[must_use]
    pub fn paid_back_later(&self) -> Fen {
        if self.commercial_on_sheet() { Fen::ZERO } else { self.paid_commercial.unwrap_or_default() }
    }
}

record! {
    /// One person's enrolment (参保) for one year.
    Enrolment = 12, "enrolment", "参保", State, index ["person"] {
        person: RecordId [Ref(2)] = 1, "人", Contact, Personal;
        year: i64 [Int] = 2, "年度", Contact, Personal;
        insurance: String [Code("insurance")] = 3, "险种", Contact, Personal;
        insured: bool [Bool] = 4, "已参保", Contact, Personal;
        place: String [Text] = 5, "参保地", Contact, Personal;
        own_payment: Fen [Money] = 6, "个人缴费", Contact, Personal;
        subsidy: Fen [Money] = 7, "资助金额", Contact, Personal;
        subsidy_class: String [Text] = 8, "资助类别", Contact, Personal;
        reason: String [Text] = 9, "未参保原因", Contact, Personal;
        deleted: bool [Bool] = 10, "已删除", Contact, Personal;
        @since 2 {
            critical_illness: bool [Bool] = 11, "大病保险", Contact, Personal;
            tier: String [Text] = 12, "档次", Contact, Personal;
            paid_on: NaiveDate [Date] = 13, "缴费日期", Contact, Personal;
            subsidised_on: NaiveDate [Date] = 14, "代缴日期", Contact, Personal;
            marked: bool [Bool] = 15, "医保系统已标识", Contact, Personal;
            insurance_number: String [Text] = 16, "个人编号", Contact, Masked;
        }
        @since 3 {
            /// First day on which bills are paid, where the insurer says so.
            entitled_from: NaiveDate [Date] = 17, "待遇起始日期", Contact, Personal;
            /// Years of a break that were paid for afterwards, each of which makes the wait a month shorter
            /// (国办发〔2024〕38号).
            repaid_years: i64 [Int] = 18, "断保补缴年数", Contact, Personal;
        }
    }
}

record! {
    /// One settled bill (一站式结算单) as the hospital or insurer reported it, or what payers that settle once a year paid at
    /// the end of one (年终结算, [`YEAR_END`]): that has a year and payments and no costs, and is no bill. What was due is
    /// derived, never stored.
    Settlement = 13, "settlement", "结算", Fact, index ["person", "settled_on", "invoice", "number", "corrects"] {
        person: RecordId [Ref(2)] = 1, "人", Fact, Personal;
        invoice: String [Text] = 2, "票据号", Fact, Personal;
        hospital: String [Text] = 3, "就医机构", Fact, Personal;
        hospital_level: String [Code("hospital_level")] = 4, "机构级别", Fact, Personal;
        hospital_area: String [Code("hospital_area")] = 5, "就诊地", Fact, Personal;
        care_kind: String [Code("care_kind")] = 6, "就诊类别", Fact, Personal;
        referral: String [Code("referral")] = 7, "转诊", Fact, Personal;
        disease: String [Text] = 8, "诊断", Fact, Personal;
        admitted_on: NaiveDate [Date] = 9, "入院日期", Fact, Personal;
        discharged_on: NaiveDate [Date] = 10, "出院日期", Fact, Personal;
        settled_on: NaiveDate [Date] = 11, "结算日期", Fact, Personal;
        total: Fen [Money] = 12, "费用总额", Fact, Personal;
        own_expense: Fen [Money] = 13, "目录外自费", Fact, Personal;
        over_limit: Fen [Money] = 14, "超限价", Fact, Personal;
        pre_self_pay: Fen [Money] = 15, "先行自付", Fact, Personal;
        in_scope: Fen [Money] = 16, "政策范围内", Fact, Personal;
        paid_basic: Fen [Money] = 17, "基本医保支付", Fact, Personal;
        paid_critical: Fen [Money] = 18, "大病保险支付", Fact, Personal;
        paid_aid: Fen [Money] = 19, "医疗救助支付", Fact, Personal;
        paid_other: Fen [Money] = 20, "其他支付", Fact, Personal;
        hospital_borne: Fen [Money] = 21, "医院承担", Fact, Personal;
        paid_personal: Fen [Money] = 22, "个人支付", Fact, Personal;
        deposit: Fen [Money] = 23, "住院押金", Fact, Personal;
        identity: String [Code("aid_identity")] = 24, "结算时身份", Fact, Personal;
        source: String [Text] = 25, "来源", Fact, Personal;
        @since 2 {
            one_stop: bool [Bool] = 26, "出院即时结算", Fact, Personal;
            published_on: NaiveDate [Date] = 27, "费用公示日期", Fact, Personal;
        }
        @since 3 {
            number: String [Text] = 28, "结算单号", Fact, Personal;
            /// The settlement this one takes the place of (冲销后重新结算), or takes back.
            corrects: RecordId [Ref(13)] = 29, "冲销的结算单", Fact, Personal;
            /// Only takes back: nothing of it counts.
            reversal: bool [Bool] = 30, "冲销", Fact, Personal;
            /// Why no payer pays, as a key of the pack (第三方责任、工伤…).
            excluded_cause: String [Text] = 31, "不予支付原因", Fact, Personal;
            major_disease: bool [Bool] = 32, "重大疾病", Fact, Personal;
            /// The certified disease (慢特病) or 高血压、糖尿病 the bill is for, as the pack names it.
            care_disease: String [Text] = 33, "门诊病种", Fact, Personal;
            /// Item classes with a share paid first: `class=amount in yuan`, joined by `;`.
            items: String [Text] = 34, "分类项目", Fact, Personal;
            /// Moved from another hospital within 24 hours: one admission with the bill before.
            transferred: bool [Bool] = 35, "24小时内转院", Fact, Personal;
            personal_account: Fen [Money] = 36, "个人账户支付", Fact, Personal;
            /// Paid out by programmes that stand in no pack (层层加码).
            paid_beyond: Fen [Money] = 37, "政策外补助", Fact, Personal;
            paid_beyond_by: String [Text] = 38, "政策外补助的名目", Fact, Personal;
            /// Of a 年终结算: the year whose costs it settles.
            year: i64 [Int] = 39, "结算年度", Fact, Personal;
            /// A further part of a long stay that is settled in parts, or of one over New Year.
            continued: bool [Bool] = 40, "接续上段住院", Fact, Personal;
            /// What insurance beside the public payers paid, on the sheet or later: commercial (惠民保) and employees' own
            /// (大额、公务员补助). No pack owes it; some payers count only what it left.
            paid_commercial: Fen [Money] = 41, "商业和职工补充保险", Fact, Personal;
            /// What the sheet prints beside its amounts; held against what follows from the rest, never counted with it.
            stay_days: i64 [Int] = 42, "住院天数", Fact, Personal;
            deductible: Fen [Money] = 43, "起付线", Fact, Personal;
            aid_base: Fen [Money] = 44, "进入医疗救助金额", Fact, Personal;
            /// 本年累计, this bill included, as the insurer's system prints it.
            year_deductible: Fen [Money] = 45, "本年累计起付线", Fact, Personal;
            year_basic: Fen [Money] = 46, "本年累计基本医保", Fact, Personal;
            year_critical: Fen [Money] = 47, "本年累计大病保险", Fact, Personal;
            year_aid: Fen [Money] = 48, "本年累计医疗救助", Fact, Personal;
        }
    }
}

record! {
    /// A policy pack the county has put in force.
    Pack = 18, "pack", "政策包", State, index [] {
        name: String [Text] = 1, "名称", CountyOnly, Open;
        version: String [Text] = 2, "版本", CountyOnly, Open;
        effective_from: NaiveDate [Date] = 3, "起用", CountyOnly, Open;
        effective_until: NaiveDate [Date] = 4, "停用", CountyOnly, Open;
        body: String [Text] = 5, "正文（TOML）", CountyOnly, Open;
    }
}
