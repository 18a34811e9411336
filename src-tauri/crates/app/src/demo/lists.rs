//! Screening, contracts, visits, enrolments and bills as workbooks with titles above the header.

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::Column;
use mingbai_domain::Fen;
use mingbai_sheets::SheetDraft;
use mingbai_sheets::profiles::{BillDraft, ContractDraft, EnrolmentDraft, ScreeningDraft, VisitDraft};
use mingbai_sheets::value::Pressure;
use mingbai_sheets::write::{plain_xlsx, rows_of};

use super::DemoError;
use super::files::{certificate, moment, village_name};
use super::model::{DemoContract, DemoTownship};
use super::people::sex_label;

/// A workbook with a title, a line saying who made it, and these columns.
pub(super) fn sheet<D: SheetDraft>(
    township: &DemoTownship,
    today: NaiveDate,
    title: &str,
    labels: &[&str],
    drafts: &[D],
) -> Result<Vec<u8>, DemoError> {
    let by = format!("填报单位：{}　　填报日期：{today}", township.health_centre);
    Ok(plain_xlsx(&[title, &by], labels, &rows_of(labels, drafts), moment(today))?)
}

/// The screening sheet of the township, or of one village.
pub(super) fn screening(
    township: &DemoTownship,
    today: NaiveDate,
    village: Option<usize>,
) -> Result<Vec<u8>, DemoError> {
    let mut rows = Vec::new();
    for (household, person) in township.people().filter(|(h, _)| village.is_none_or(|v| v == h.village)) {
        let doctor =
            township.villages.get(household.village).map(|v| v.team.village_doctor.clone()).unwrap_or_default();
        rows.extend(person.diseases.iter().map(|disease| ScreeningDraft {
            village: village_name(township, household.village).to_owned(),
            household_number: household.number.clone(),
            name: person.name.clone(),
            sex: sex_label(person.sex).to_owned(),
            id: certificate(person.id_text()),
            disease: disease.name.to_owned(),
            icd10: disease.icd10.to_owned(),
            grade: disease.grade.to_owned(),
            risk: disease.risk.to_owned(),
            class: disease.class.to_owned(),
            batch: disease.batch.to_owned(),
            hospital: disease.hospital.clone(),
            hospital_level: disease.hospital_level.to_owned(),
            diagnosed_on: Some(disease.diagnosed_on),
            treatment: disease.treatment.to_owned(),
            doctor: doctor.clone(),
            screened_on: Some(today),
            ..ScreeningDraft::default()
        }));
    }
    let labels = [
        "行政村",
        "户编号",
        "患者姓名",
        "性别",
        "身份证号",
        "疾病名称",
        "ICD-10",
        "分级",
        "危险分层",
        "病类",
        "三个一批",
        "确诊机构",
        "机构级别",
        "确诊日期",
        "目前治疗",
        "村医",
        "筛查日期",
        "备注",
    ];
    let whose = village.map_or(township.name.as_str(), |village| village_name(township, village));
    sheet(township, today, &format!("{whose}建档立卡户患病人员筛查表"), &labels, &rows)
}

/// The list of contracts, with the reason where there is none.
pub(super) fn contracts(township: &DemoTownship, today: NaiveDate) -> Result<Vec<u8>, DemoError> {
    let mut rows = Vec::new();
    for (household, person) in township.people() {
        let Some(village) = township.villages.get(household.village).filter(|_| person.id.is_some()) else { continue };
        let mut row = ContractDraft {
            village: village.name.clone(),
            household_number: household.number.clone(),
            name: person.name.clone(),
            id: certificate(person.id_text()),
            ..ContractDraft::default()
        };
        match &person.contract {
            DemoContract::Missing => continue,
            DemoContract::Unsigned { reason } => {
                "未签约".clone_into(&mut row.signed);
                (*reason).clone_into(&mut row.unsigned_reason);
            }
            DemoContract::Signed { since, until, crowd } => {
                "签约".clone_into(&mut row.signed);
                row.team.clone_from(&village.team.name);
                row.doctor.clone_from(&village.team.township_doctor);
                row.village_doctor.clone_from(&village.team.village_doctor);
                row.since = Some(*since);
                row.until = Some(*until);
                "基本服务包".clone_into(&mut row.package);
                (*crowd).clone_into(&mut row.crowd);
            }
        }
        rows.push(row);
    }
    let labels = [
        "行政村",
        "户编号",
        "居民姓名",
        "身份证号",
        "签约状态",
        "签约团队",
        "家庭医生",
        "签约村医",
        "签约日期",
        "到期日期",
        "服务包",
        "人群分类",
        "未签原因",
    ];
    sheet(township, today, &format!("{}家庭医生签约名单", township.name), &labels, &rows)
}

/// This year's follow-up visits.
pub(super) fn visits(township: &DemoTownship, today: NaiveDate) -> Result<Vec<u8>, DemoError> {
    let mut rows = Vec::new();
    for (household, person) in township.people() {
        rows.extend(person.visits.iter().map(|visit| VisitDraft {
            village: village_name(township, household.village).to_owned(),
            name: person.name.clone(),
            id: certificate(person.id_text()),
            visited_on: Some(visit.on),
            mode: visit.mode.to_owned(),
            kind: visit.kind.to_owned(),
            pressure: Some(Pressure { systolic: visit.pressure.0, diastolic: visit.pressure.1 }),
            glucose_tenths: visit.glucose_tenths,
            control: visit.control.to_owned(),
            doctor: visit.doctor.clone(),
            next_on: Some(visit.next_on),
            ..VisitDraft::default()
        }));
    }
    let labels = [
        "行政村",
        "患者姓名",
        "身份证号",
        "随访日期",
        "随访方式",
        "管理类型",
        "血压(mmHg)",
        "空腹血糖(mmol/L)",
        "此次随访分类",
        "随访医生签名",
        "下次随访日期",
        "备注",
    ];
    sheet(township, today, &format!("{}慢病患者随访登记表", township.name), &labels, &rows)
}

/// This year's enrolments.
pub(super) fn enrolments(township: &DemoTownship, today: NaiveDate) -> Result<Vec<u8>, DemoError> {
    let mut rows = Vec::new();
    for (household, person) in township.people() {
        let Some(enrolment) = &person.enrolment else { continue };
        rows.push(EnrolmentDraft {
            township: township.name.clone(),
            village: village_name(township, household.village).to_owned(),
            name: person.name.clone(),
            document_type: "居民身份证".to_owned(),
            id: certificate(person.id_text()),
            year: Some(i64::from(today.year())),
            insurance: enrolment.insurance.to_owned(),
            own_payment: enrolment.insured.then_some(enrolment.own_payment),
            subsidy: enrolment.insured.then_some(enrolment.subsidy),
            subsidy_class: enrolment.subsidy_class.to_owned(),
            paid_on: enrolment.paid_on,
            state: if enrolment.insured { "已参保" } else { "未参保" }.to_owned(),
            place: enrolment.place.clone(),
            reason: enrolment.reason.to_owned(),
            ..EnrolmentDraft::default()
        });
    }
    let labels = [
        "街道/乡镇",
        "行政村",
        "姓名",
        "证件类型",
        "证件号码",
        "参保年度",
        "险种类型",
        "个人缴费金额",
        "代缴金额",
        "代缴类别",
        "缴费日期",
        "参保状态",
        "参保地",
        "未参保原因",
        "备注",
    ];
    sheet(township, today, &format!("{}{}年城乡居民医保参保名单", township.name, today.year()), &labels, &rows)
}

/// This year's settled bills, under the names of several provinces' systems.
pub(super) fn bills(township: &DemoTownship, today: NaiveDate) -> Result<Vec<u8>, DemoError> {
    let mut rows = Vec::new();
    for (household, person) in township.people() {
        rows.extend(person.bills.iter().map(|bill| {
            let sums = &bill.bill;
            let paid = |column: Column| bill.paid.get(&column).copied().unwrap_or_default();
            BillDraft {
                invoice: sums.id.clone(),
                household_number: household.number.clone(),
                name: person.name.clone(),
                sex: sex_label(person.sex).to_owned(),
                id: certificate(person.id_text()),
                township: township.name.clone(),
                village: village_name(township, household.village).to_owned(),
                identity: person.identity_label().to_owned(),
                insurance: "城乡居民".to_owned(),
                insured_at: township.county.clone(),
                hospital: bill.hospital.clone(),
                hospital_level: sums.level.label().to_owned(),
                hospital_area: sums.area.label().to_owned(),
                care_kind: sums.kind.label().to_owned(),
                referral: sums.referral.label().to_owned(),
                disease_code: bill.icd10.clone(),
                disease: bill.disease.clone(),
                admitted_on: Some(sums.admitted_on),
                discharged_on: Some(sums.discharged_on),
                settled_on: Some(sums.settled_on),
                days: Some((sums.discharged_on - sums.admitted_on).num_days().max(1)),
                total: Some(sums.total),
                own_expense: Some(sums.ownpay),
                over_limit: Some(sums.overlimit),
                pre_self_pay: sums.preselfpay,
                in_scope: Some(bill.in_scope),
                paid_basic: Some(paid(Column::Basic)),
                paid_critical: Some(paid(Column::Critical)),
                aid_base: Some((bill.in_scope - paid(Column::Basic) - paid(Column::Critical)).at_least_zero()),
                paid_aid: Some(paid(Column::Aid)),
                paid_fallback: Some(paid(Column::Other)),
                hospital_borne: Some(sums.hospital_borne),
                paid_account: Some(Fen::ZERO),
                paid_personal: Some(bill.personal),
                deposit: Some(bill.deposit),
                ..BillDraft::default()
            }
        }));
    }
    rows.sort_by(|a, b| a.invoice.cmp(&b.invoice));
    let labels = [
        "单号",
        "家庭编号",
        "姓名",
        "性别",
        "身份证号",
        "街道/乡镇",
        "行政村",
        "人员类别",
        "医保分类",
        "参保地",
        "就医机构",
        "医院等级",
        "就诊地",
        "医保就诊类别",
        "是否转诊/备案",
        "病种编码",
        "诊断",
        "入院日期",
        "出院日期",
        "结算日期",
        "住院天数",
        "医疗费总额",
        "目录外自费",
        "超限价",
        "先行自付",
        "符合医保范围金额",
        "基本医疗基金支出",
        "大病补充医疗保险支出",
        "进入医疗救助金额",
        "医疗救助金额",
        "政府兜底",
        "医院减免/承担",
        "个人账户支付",
        "个人现金支付",
        "押金",
        "备注",
    ];
    sheet(township, today, &format!("{}{}年医疗费用一站式结算单", township.name, today.year()), &labels, &rows)
}
