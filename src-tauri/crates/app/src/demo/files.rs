//! The demo county's data as the files in which offices hand it over: a 47-column CSV in GB18030, workbooks with titles
//! above the header, columns under the names other systems use.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use mingbai_coverage::Column;
use mingbai_sheets::Certificate;
use mingbai_sheets::profiles::RosterDraft;
use mingbai_sheets::write::{write_roster_csv_gb18030, write_roster_xlsx};

use super::DemoError;
use super::lists::{bills, contracts, enrolments, screening, visits};
use super::model::{DemoHousehold, DemoPerson, DemoTownship};

/// A file of the demo county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoFile {
    /// File name.
    pub name: String,
    /// Key of the sheet profile that reads it: roster, screening, contracts, visits, enrolments, bills.
    pub profile: &'static str,
    /// Whether it comes some weeks after the others.
    pub later: bool,
    /// Content.
    pub bytes: Vec<u8>,
}

/// All files of a township, in the order in which a clerk takes them in; the later roster comes last.
///
/// # Errors
/// [`DemoError::Sheet`] when a table is too large for a workbook.
pub fn files(township: &DemoTownship, today: NaiveDate) -> Result<Vec<DemoFile>, DemoError> {
    let name = &township.name;
    let roster = roster(township, today, &township.households);
    let mut files = vec![
        file(format!("{name}建档立卡人口信息.csv"), "roster", write_roster_csv_gb18030(&roster)),
        file(
            format!("（自定义）{name}户人员信息 (22).xlsx"),
            "roster",
            write_roster_xlsx(
                &format!("{}{name}建档立卡户人员信息", township.county),
                &format!("导出单位：{name}人民政府　　导出日期：{today}"),
                &roster,
                moment(today),
            )?,
        ),
        file(format!("{name}疾病筛查表.xlsx"), "screening", screening(township, today, None)?),
        file(format!("{name}家庭医生签约名单.xlsx"), "contracts", contracts(township, today)?),
        file(format!("{name}慢病随访登记表.xlsx"), "visits", visits(township, today)?),
        file(format!("{name}{}年参保名单.xlsx", today.year()), "enrolments", enrolments(township, today)?),
        file(format!("{name}{}年一站式结算单.xlsx", today.year()), "bills", bills(township, today)?),
    ];
    let later = later_roster(township, today);
    let mut later = file(format!("{name}建档立卡人口信息（更新）.csv"), "roster", write_roster_csv_gb18030(&later));
    later.later = true;
    files.push(later);
    Ok(files)
}

/// The screening sheet of one village alone, by its position in the township.
///
/// # Errors
/// [`DemoError::Sheet`] when the table is too large for a workbook.
pub fn screening_of_village(township: &DemoTownship, village: usize, today: NaiveDate) -> Result<DemoFile, DemoError> {
    let name = village_name(township, village);
    let bytes = screening(township, today, Some(village))?;
    Ok(file(format!("{}{name}疾病筛查表.xlsx", township.name), "screening", bytes))
}

pub(super) fn file(name: String, profile: &'static str, bytes: Vec<u8>) -> DemoFile {
    DemoFile { name, profile, later: false, bytes }
}

/// The moment a workbook says it was made: the morning of the day, so that the same county makes the same bytes.
pub(super) fn moment(today: NaiveDate) -> NaiveDateTime {
    today.and_time(NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default())
}

/// Name of a village by its position.
pub(super) fn village_name(township: &DemoTownship, village: usize) -> &str {
    township.villages.get(village).map(|village| village.name.as_str()).unwrap_or_default()
}

fn yes(test: bool) -> String {
    if test { "是" } else { "否" }.to_owned()
}

/// A number as it is written into a cell.
pub(super) fn certificate(text: String) -> Certificate {
    Certificate { text, ..Certificate::default() }
}

/// The roster's rows, one a person.
fn roster(township: &DemoTownship, today: NaiveDate, households: &[DemoHousehold]) -> Vec<RosterDraft> {
    let mut rows = Vec::new();
    for household in households {
        for person in &household.members {
            let mut row = roster_row(township, today, household, person);
            // Spreadsheets turn some telephone numbers into decimals.
            if rows.len() % 23 == 7 && !row.phone.is_empty() {
                row.phone.push_str(".0");
            }
            rows.push(row);
        }
    }
    rows
}

fn later_roster(township: &DemoTownship, today: NaiveDate) -> Vec<RosterDraft> {
    let mut rows = roster(township, today, &township.later.households);
    for (household, name, damaged) in &township.later.rejected {
        if let Some(row) = rows.iter_mut().find(|row| row.household_number == *household && row.name == *name) {
            row.id = certificate(damaged.clone());
        }
    }
    rows
}

fn roster_row(
    township: &DemoTownship,
    today: NaiveDate,
    household: &DemoHousehold,
    person: &DemoPerson,
) -> RosterDraft {
    let age = person.age(today);
    let enrolment = person.enrolment.as_ref().filter(|enrolment| enrolment.insured);
    let insured_as = |kind: &str| enrolment.is_some_and(|enrolment| enrolment.insurance == kind);
    let aided = person.bills.iter().any(|bill| bill.paid.contains_key(&Column::Aid));
    let mut others = household.other_causes.iter();
    let mut other = || others.next().map(|cause| (*cause).to_owned()).unwrap_or_default();
    let head = household.members.first();
    RosterDraft {
        province: township.province.clone(),
        city: township.city.clone(),
        county: township.county.clone(),
        township: township.name.clone(),
        village: village_name(township, household.village).to_owned(),
        village_group: household.group.to_owned(),
        household_number: household.number.clone(),
        person_number: person.number.clone(),
        name: person.name.clone(),
        sex: person.roster_sex.to_owned(),
        birth: Some(person.roster_birth),
        document_type: person.document_type.to_owned(),
        id: certificate(person.document_number()),
        ethnicity: person.ethnicity.to_owned(),
        household_phone: household.phone.clone(),
        phone: person.phone.clone(),
        year: Some(i64::from(today.year())),
        relation: person.relation.to_owned(),
        education: person.education.to_owned(),
        schooling: person.schooling.to_owned(),
        labour: person.labour.to_owned(),
        work_months: (age >= 16).then_some(person.work_months),
        health: person.health.clone(),
        politics: person.politics.to_owned(),
        employer: person.employer.to_owned(),
        minimum_living: yes(person.subsistence),
        employee_pension: yes(insured_as("职工")),
        critical_illness: yes(insured_as("城乡居民")),
        resident_insurance: yes(insured_as("城乡居民")),
        resident_pension: yes(age >= 16 && person.schooling.is_empty() && !insured_as("职工")),
        speaks_mandarin: yes(age >= 3),
        supplementary_insurance: yes(false),
        works_abroad: yes(false),
        medical_aid: yes(aided),
        other_health_aid: yes(false),
        disability_kind: person.disability.map(|d| d.label().to_owned()).unwrap_or_default(),
        work_place: person.work_place.to_owned(),
        head_name: head.map(|head| head.name.clone()).unwrap_or_default(),
        head_id: head.map(DemoPerson::id_text).unwrap_or_default(),
        employee_insurance: yes(insured_as("职工")),
        destitute: yes(person.destitute),
        disability_year: person.disability.map(|d| d.year.to_string()).unwrap_or_default(),
        standard: "国家标准".to_owned(),
        members: i64::try_from(household.members.len()).ok(),
        household_type: household.kind.to_owned(),
        status: household.lifted.label().to_owned(),
        cause_main: household.main_cause.to_owned(),
        cause_2: other(),
        cause_3: other(),
        recognised_on: Some(household.recognised_on),
        monitored_on: Some(household.recognised_on),
        lifted_on: household.lifted_on,
        income_per_head: Some(household.income_per_head),
        address: household.address.clone(),
        helper_name: household.helper.clone(),
        helper_phone: household.helper_phone.clone(),
        ..RosterDraft::default()
    }
}
