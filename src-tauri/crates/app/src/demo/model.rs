//! What the demo county consists of. Labels are spelled as the files spell them; the readers turn them into codes.

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::{Bill, Paid};
use mingbai_domain::citizen_id::Sex;
use mingbai_domain::{CitizenId, Fen};

use super::planted::{LaterRoster, PlantedFault, PlantedShortfall};

/// A county with two townships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoCounty {
    /// Division code, 6 digits under a prefix never allocated.
    pub code: String,
    /// 示范县.
    pub name: String,
    /// The office above the townships.
    pub office: String,
    /// The day everything is told from.
    pub today: NaiveDate,
    /// 青石乡, then 白桥镇.
    pub townships: Vec<DemoTownship>,
}

/// A township with everything its health centre keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoTownship {
    /// 省、市、县 as the files carry them.
    pub province: String,
    /// 市.
    pub city: String,
    /// 县.
    pub county: String,
    /// Division code, 9 digits.
    pub code: String,
    /// 青石乡 or 白桥镇.
    pub name: String,
    /// The health centre.
    pub health_centre: String,
    /// Telephone of the health centre.
    pub health_centre_phone: String,
    /// Telephone of the insurance office (医保所).
    pub insurance_phone: String,
    /// Its villages.
    pub villages: Vec<DemoVillage>,
    /// Its households, village by village, in the order of their numbers.
    pub households: Vec<DemoHousehold>,
    /// The same roster some weeks later.
    pub later: LaterRoster,
    /// Faults put in on purpose, each of which some worklist has to show.
    pub faults: Vec<PlantedFault>,
    /// Bills paid too little on purpose.
    pub shortfalls: Vec<PlantedShortfall>,
}

/// A village with its clinic and family-doctor team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoVillage {
    /// Division code, 12 digits.
    pub code: String,
    /// 王庄村.
    pub name: String,
    /// 王庄村卫生室.
    pub clinic: String,
    /// The family-doctor team 1+1+1.
    pub team: DemoTeam,
}

/// A family-doctor team: one village, one township, one county doctor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoTeam {
    /// 王庄团队.
    pub name: String,
    /// Village doctor.
    pub village_doctor: String,
    /// Telephone.
    pub village_phone: String,
    /// Doctor of the township health centre.
    pub township_doctor: String,
    /// Telephone.
    pub township_phone: String,
    /// Doctor of the county hospital.
    pub county_doctor: String,
    /// Telephone.
    pub county_phone: String,
    /// The county hospital.
    pub county_hospital: String,
}

/// Whether a household has been lifted out of poverty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifted {
    /// 未脱贫.
    NotYet,
    /// 已脱贫.
    Lifted,
}

impl Lifted {
    /// The label in the files.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotYet => "未脱贫",
            Self::Lifted => "已脱贫",
        }
    }
}

/// One household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoHousehold {
    /// 户编号, 13 digits.
    pub number: String,
    /// Position of its village in the township.
    pub village: usize,
    /// 一组 to 六组.
    pub group: &'static str,
    /// 住址.
    pub address: String,
    /// 户联系电话.
    pub phone: String,
    /// 脱贫属性.
    pub lifted: Lifted,
    /// 户类型: 一般贫困户、低保贫困户、五保贫困户.
    pub kind: &'static str,
    /// 主要致贫原因.
    pub main_cause: &'static str,
    /// Other causes.
    pub other_causes: Vec<&'static str>,
    /// 帮扶责任人.
    pub helper: String,
    /// Telephone.
    pub helper_phone: String,
    /// 识别时间.
    pub recognised_on: NaiveDate,
    /// 脱贫时间.
    pub lifted_on: Option<NaiveDate>,
    /// 人均纯收入.
    pub income_per_head: Fen,
    /// Head first.
    pub members: Vec<DemoPerson>,
}

/// A disability with its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoDisability {
    /// 残疾类别 1–7.
    pub kind: u8,
    /// 残疾等级 1–4.
    pub grade: u8,
    /// How often the certificate was issued anew; with any, its number has 22 characters.
    pub reissued: u8,
    /// 办证年度.
    pub year: i32,
}

impl DemoDisability {
    /// 残疾类别 in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self.kind {
            1 => "视力残疾",
            2 => "听力残疾",
            3 => "言语残疾",
            4 => "肢体残疾",
            5 => "智力残疾",
            6 => "精神残疾",
            _ => "多重残疾",
        }
    }
}

/// One person. `roster` fields are what the file says; a planted fault changes only those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// 人编号.
    pub number: String,
    /// 姓名.
    pub name: String,
    /// Sex.
    pub sex: Sex,
    /// Birth date.
    pub birth: NaiveDate,
    /// 与户主关系, as the files spell it: 户主、配偶、之子….
    pub relation: &'static str,
    /// Citizen id; the newborn has none yet.
    pub id: Option<CitizenId>,
    /// Disability, whose certificate number then stands in the id column.
    pub disability: Option<DemoDisability>,
    /// 证件类型 in the roster.
    pub document_type: &'static str,
    /// Sex in the roster.
    pub roster_sex: &'static str,
    /// Birth date in the roster.
    pub roster_birth: NaiveDate,
    /// 民族.
    pub ethnicity: &'static str,
    /// 文化程度; empty while at school.
    pub education: &'static str,
    /// 在校生状况; empty when not at school.
    pub schooling: &'static str,
    /// 劳动技能.
    pub labour: &'static str,
    /// 务工时间（月）.
    pub work_months: i64,
    /// 务工所在地: 乡(镇)内, 乡外县内, 县外省内, 省外, or empty.
    pub work_place: &'static str,
    /// 务工企业名称.
    pub employer: &'static str,
    /// 健康状况, several joined by a comma.
    pub health: String,
    /// 政治面貌.
    pub politics: &'static str,
    /// 成员联系电话.
    pub phone: String,
    /// 低保.
    pub subsistence: bool,
    /// 特困供养.
    pub destitute: bool,
    /// Confirmed diseases.
    pub diseases: Vec<DemoDisease>,
    /// Contract, or why there is none.
    pub contract: DemoContract,
    /// This year's follow-up visits, oldest first.
    pub visits: Vec<DemoVisit>,
    /// This year's enrolment; `None` when the list does not even name the person.
    pub enrolment: Option<DemoEnrolment>,
    /// This year's bills in the order in which they were settled.
    pub bills: Vec<DemoBill>,
}

impl DemoPerson {
    /// Age in full years on a day.
    #[must_use]
    pub fn age(&self, on: NaiveDate) -> i64 {
        let had_birthday = (on.month(), on.day()) >= (self.birth.month(), self.birth.day());
        i64::from(on.year() - self.birth.year()) - i64::from(!had_birthday)
    }

    /// 证件号码 as the roster writes it: citizen id, certificate of 20 or 22 characters, or nothing.
    #[must_use]
    pub fn document_number(&self) -> String {
        let Some(id) = &self.id else { return String::new() };
        match self.disability {
            Some(d) if d.reissued > 0 => format!("{id}{}{}B{}", d.kind, d.grade, d.reissued),
            Some(d) => format!("{id}{}{}", d.kind, d.grade),
            None => id.as_str().to_owned(),
        }
    }

    /// The citizen id, which every list but the roster carries.
    #[must_use]
    pub fn id_text(&self) -> String {
        self.id.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default()
    }

    /// Codes of the aid identities held since the household was recognised, highest first.
    #[must_use]
    pub fn identities(&self) -> Vec<&'static str> {
        let mut held = Vec::new();
        if self.destitute {
            held.push("extreme_poverty");
        }
        if self.subsistence {
            held.push("subsistence");
        }
        held.push("registered_poor");
        held
    }

    /// The highest aid identity in words.
    #[must_use]
    pub fn identity_label(&self) -> &'static str {
        match (self.destitute, self.subsistence) {
            (true, _) => "特困人员",
            (_, true) => "低保对象",
            _ => "建档立卡",
        }
    }

    /// Whether one of the diseases is on the list of 大病.
    #[must_use]
    pub fn has_major_disease(&self) -> bool {
        self.diseases.iter().any(|disease| disease.class == "大病")
    }
}

/// One confirmed disease, a row of the screening sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoDisease {
    /// 疾病名称.
    pub name: &'static str,
    /// ICD-10 as hospitals write it.
    pub icd10: &'static str,
    /// 分级, e.g. 三级.
    pub grade: &'static str,
    /// 危险分层, e.g. 很高危.
    pub risk: &'static str,
    /// 病类: 大病、慢病、常见多发病.
    pub class: &'static str,
    /// 三个一批.
    pub batch: &'static str,
    /// 确诊机构.
    pub hospital: String,
    /// 机构级别.
    pub hospital_level: &'static str,
    /// 确诊日期.
    pub diagnosed_on: NaiveDate,
    /// 目前治疗.
    pub treatment: &'static str,
}

/// Contract, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DemoContract {
    /// Signed with the village's team.
    Signed {
        /// From.
        since: NaiveDate,
        /// To.
        until: NaiveDate,
        /// 人群分类.
        crowd: &'static str,
    },
    /// Not signed; reasons such as 长期外出 take the person out of 应签, reasons such as 拒签 do not.
    Unsigned {
        /// 未签原因; may be empty.
        reason: &'static str,
    },
    /// Not on the list at all.
    Missing,
}

/// One follow-up visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoVisit {
    /// 类型: 高血压、糖尿病、严重精神障碍、肺结核.
    pub kind: &'static str,
    /// 随访日期.
    pub on: NaiveDate,
    /// 随访方式.
    pub mode: &'static str,
    /// 收缩压/舒张压 mmHg.
    pub pressure: (i64, i64),
    /// 空腹血糖 in tenths of mmol/L.
    pub glucose_tenths: Option<i64>,
    /// 控制结果.
    pub control: &'static str,
    /// 下次随访日期.
    pub next_on: NaiveDate,
    /// Who visited.
    pub doctor: String,
}

/// One person's enrolment of the year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoEnrolment {
    /// 险种; empty when not insured.
    pub insurance: &'static str,
    /// Whether insured.
    pub insured: bool,
    /// 参保地.
    pub place: String,
    /// 个人缴费.
    pub own_payment: Fen,
    /// 资助金额.
    pub subsidy: Fen,
    /// 资助类别.
    pub subsidy_class: &'static str,
    /// 缴费日期.
    pub paid_on: Option<NaiveDate>,
    /// 未参保原因.
    pub reason: &'static str,
}

/// One settled bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoBill {
    /// The bill as the rule engine reads it.
    pub bill: Bill,
    /// 就医机构.
    pub hospital: String,
    /// 诊断.
    pub disease: String,
    /// ICD-10.
    pub icd10: String,
    /// 政策范围内 as printed: total − own − over-limit − pre-self-pay.
    pub in_scope: Fen,
    /// What each payer paid, by column.
    pub paid: Paid,
    /// Whether the pack has a rule for this bill; without one, what was paid cannot be checked.
    pub by_pack: bool,
    /// 个人支付 as printed.
    pub personal: Fen,
    /// 住院押金.
    pub deposit: Fen,
}

impl DemoTownship {
    /// Everybody, household by household.
    pub fn people(&self) -> impl Iterator<Item = (&DemoHousehold, &DemoPerson)> {
        self.households.iter().flat_map(|household| household.members.iter().map(move |person| (household, person)))
    }

    /// Households and people with this status.
    #[must_use]
    pub fn count(&self, lifted: Lifted) -> (usize, usize) {
        let these = || self.households.iter().filter(|household| household.lifted == lifted);
        (these().count(), these().map(|household| household.members.len()).sum())
    }
}
