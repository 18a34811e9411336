//! What the other offices of the demo county hand over: lists to compare with the register, each with its own columns and
//! its own mistakes, and the sheets of examinations, crowds, relief and certificates that are taken in.

use chrono::{Datelike, NaiveDate};
use mingbai_sheets::profiles::{AidDraft, CertificateDraft, CrowdDraft, ExamDraft};
use mingbai_sheets::value::Pressure;
use mingbai_sheets::write::plain_xlsx;
use mingbai_sheets::{Cell, SheetError};

use super::DemoError;
use super::care::{back, new_year};
use super::files::{DemoFile, certificate, file, moment, village_name};
use super::lists::sheet;
use super::model::{DemoContract, DemoDisease, DemoHousehold, DemoPerson, DemoTownship};

/// Another office's list, for 数据比对.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoOutside {
    /// A code of `list_source`.
    pub source: &'static str,
    /// The file.
    pub file: DemoFile,
}

/// One in so many of a list is wrong in some way.
const WRONG: usize = 61;

/// The lists of 乡村振兴, 医保, 民政 and 残联 about a township.
///
/// # Errors
/// [`DemoError::Sheet`] when a table is too large for a workbook.
pub fn outside(township: &DemoTownship, today: NaiveDate) -> Result<Vec<DemoOutside>, DemoError> {
    let name = &township.name;
    let list = |source, title: String, labels: &[&str], rows: &[Vec<String>]| {
        let bytes = table(&title, labels, rows, today)?;
        Ok::<_, SheetError>(DemoOutside { source, file: file(format!("{title}.xlsx"), source, bytes) })
    };
    let labels = ["乡镇", "行政村", "户编号", "姓名", "证件号码", "脱贫属性", "主要致贫原因", "疾病名称"];
    let poverty = rows(township, |at, household, person| {
        let illness = person.diseases.iter().map(|disease| disease.name).collect::<Vec<_>>().join("、");
        // Theirs never heard of one disease, and writes another cause for one household.
        let illness = if at % WRONG == 7 { String::new() } else { illness };
        let cause = if at % (2 * WRONG) == 9 { "因学" } else { household.main_cause };
        (at % (5 * WRONG) != 11).then(|| {
            vec![
                name.clone(),
                village_name(township, household.village).to_owned(),
                household.number.clone(),
                person.name.clone(),
                person.document_number(),
                household.lifted.label().to_owned(),
                cause.to_owned(),
                illness,
            ]
        })
    });
    let insurer = rows(township, |at, _, person| {
        let insured = person.enrolment.as_ref().is_some_and(|enrolment| enrolment.insured);
        let mark = if at % WRONG == 13 { "普通居民" } else { person.identity_label() };
        insured.then(|| vec![person.name.clone(), person.id_text(), mark.to_owned(), "居民医保".to_owned()])
    });
    let civil = rows(township, |at, household, person| {
        let relieved = (person.subsistence || person.destitute) && at % WRONG != 3 || at % (4 * WRONG) == 17;
        let kind = if person.destitute { "特困人员" } else { "低保对象" };
        let village = village_name(township, household.village).to_owned();
        relieved.then(|| vec![village, person.name.clone(), person.id_text(), kind.to_owned()])
    });
    let disabled = rows(township, |at, household, person| {
        let disability = person.disability.filter(|_| at % WRONG != 5)?;
        let village = village_name(township, household.village).to_owned();
        let grade = ["一级", "二级", "三级", "四级"][usize::from(disability.grade.clamp(1, 4)) - 1];
        let kind = disability.label().trim_end_matches("残疾").to_owned();
        Some(vec![village, person.name.clone(), person.document_number(), kind, grade.to_owned()])
    });
    Ok(vec![
        list("poverty", format!("{name}乡村振兴局监测帮扶名单"), &labels, &poverty)?,
        list("insurer", format!("{name}医保参保人员名单"), &["参保人姓名", "证件号码", "人员类别", "险种"], &insurer)?,
        list("civil", format!("{name}民政低保特困名单"), &["行政村", "保障对象姓名", "身份证号", "保障类别"], &civil)?,
        list(
            "disabled",
            format!("{name}残联持证残疾人名单"),
            &["行政村", "残疾人姓名", "残疾证号码", "残疾类别", "残疾等级"],
            &disabled,
        )?,
    ])
}

/// The sheets of relief, crowds, examinations and certificates of a township, to be taken in after [`super::files`].
///
/// # Errors
/// [`DemoError::Sheet`] when a table is too large for a workbook.
pub fn care_files(township: &DemoTownship, today: NaiveDate) -> Result<Vec<DemoFile>, DemoError> {
    let name = &township.name;
    let known = || township.people().filter(|(_, person)| person.id.is_some()).enumerate();
    let aid: Vec<AidDraft> = known()
        .filter(|(_, (_, person))| person.subsistence || person.destitute)
        .map(|(at, (household, person))| AidDraft {
            household_number: household.number.clone(),
            name: person.name.clone(),
            id: certificate(person.id_text()),
            identity: if person.destitute { "特困人员" } else { "低保对象" }.to_owned(),
            since: Some(household.recognised_on),
            certificate: format!("SC{at:05}"),
            marker: if at % WRONG == 13 { "" } else { person.identity_label() }.to_owned(),
            ..AidDraft::default()
        })
        .collect();
    let crowds: Vec<CrowdDraft> = known()
        .filter_map(|(_, (household, person))| {
            let DemoContract::Signed { since, crowd, .. } = &person.contract else { return None };
            let doctor = &township.villages.get(household.village)?.team.township_doctor;
            (*crowd != "普通").then(|| CrowdDraft {
                household_number: household.number.clone(),
                name: person.name.clone(),
                id: certificate(person.id_text()),
                crowd: (*crowd).to_owned(),
                since: Some(*since),
                doctor: doctor.clone(),
                ..CrowdDraft::default()
            })
        })
        .collect();
    let exams: Vec<ExamDraft> = known()
        .filter(|(at, (_, person))| (person.age(today) >= 65 || !person.diseases.is_empty()) && at % 5 != 0)
        .map(|(at, (household, person))| exam(township, today, at, household, person))
        .collect();
    let certificates: Vec<CertificateDraft> = known()
        .flat_map(|(at, (household, person))| {
            let long = person.diseases.iter().filter(|disease| LASTING.contains(&disease.name));
            long.filter(move |_| at % 3 != 0).map(move |disease| application(today, at, household, person, disease))
        })
        .collect();
    let year = today.year();
    Ok(vec![
        of(township, today, format!("{name}民政救助对象名单"), "aid", &AID, &aid)?,
        of(township, today, format!("{name}重点人群管理名单"), "crowds", &CROWDS, &crowds)?,
        of(township, today, format!("{name}{year}年健康体检登记表"), "exams", &EXAMS, &exams)?,
        of(township, today, format!("{name}门诊特慢病证申报表"), "certificates", &CERTIFICATES, &certificates)?,
    ])
}

const AID: [&str; 7] = ["户编号", "对象姓名", "身份证号", "保障类别", "批准日期", "低保证号", "医保标识"];
const CROWDS: [&str; 6] = ["户编号", "居民姓名", "身份证号", "人群分类", "建卡日期", "责任医生"];
const EXAMS: [&str; 10] =
    ["村", "姓名", "身份证号", "体检日期", "体检类别", "身高", "体重", "血压", "体检结论", "责任医生"];
const CERTIFICATES: [&str; 11] = [
    "户编号",
    "患者姓名",
    "身份证号",
    "特慢病病种",
    "诊断医院",
    "医院级别",
    "缺少材料",
    "申报日期",
    "评审日期",
    "评审结果",
    "慢病证号",
];

/// Diseases for which the county's insurer gives a certificate.
const LASTING: [&str; 6] = ["高血压病", "2型糖尿病", "脑梗死后遗症", "慢性阻塞性肺疾病", "类风湿性关节炎", "帕金森病"];

fn exam(
    township: &DemoTownship,
    today: NaiveDate,
    at: usize,
    household: &DemoHousehold,
    person: &DemoPerson,
) -> ExamDraft {
    let step = i64::try_from(at % 40).unwrap_or_default();
    let days = (today - new_year(today)).num_days();
    let ill = !person.diseases.is_empty();
    ExamDraft {
        village: village_name(township, household.village).to_owned(),
        name: person.name.clone(),
        id: certificate(person.id_text()),
        examined_on: Some(back(today, step * days / 41)),
        kind: if person.age(today) >= 65 { "老年人体检" } else { "慢病体检" }.to_owned(),
        height_tenths: Some(1_520 + step * 6),
        weight_tenths: Some(480 + step * 5),
        pressure: Some(Pressure { systolic: 112 + step, diastolic: 70 + step / 2 }),
        result: if ill { "慢性病" } else { "健康" }.to_owned(),
        doctor: township.villages.get(household.village).map(|v| v.team.village_doctor.clone()).unwrap_or_default(),
        ..ExamDraft::default()
    }
}

/// An application as far as it has come: still lacking something, waiting for the 25th, or approved.
fn application(
    today: NaiveDate,
    at: usize,
    household: &DemoHousehold,
    person: &DemoPerson,
    disease: &DemoDisease,
) -> CertificateDraft {
    let mut draft = CertificateDraft {
        household_number: household.number.clone(),
        name: person.name.clone(),
        id: certificate(person.id_text()),
        disease: disease.name.to_owned(),
        hospital: disease.hospital.clone(),
        hospital_level: disease.hospital_level.to_owned(),
        ..CertificateDraft::default()
    };
    match at % 4 {
        0 => "出院小结".clone_into(&mut draft.lacking),
        1 => draft.submitted_on = Some(back(today, 6)),
        _ => {
            draft.submitted_on = Some(back(today, 80));
            draft.review_on = Some(back(today, 55));
            "通过".clone_into(&mut draft.result);
            draft.number = format!("TM{at:05}");
        }
    }
    draft
}

fn of<D: mingbai_sheets::SheetDraft>(
    township: &DemoTownship,
    today: NaiveDate,
    title: String,
    profile: &'static str,
    labels: &[&str],
    drafts: &[D],
) -> Result<DemoFile, DemoError> {
    let bytes = sheet(township, today, &title, labels, drafts)?;
    Ok(file(format!("{title}.xlsx"), profile, bytes))
}

/// A list's rows, one of somebody with an id where the office has one of them.
fn rows(
    township: &DemoTownship,
    row: impl Fn(usize, &DemoHousehold, &DemoPerson) -> Option<Vec<String>>,
) -> Vec<Vec<String>> {
    let people = township.people().filter(|(_, person)| person.id.is_some()).enumerate();
    people.filter_map(|(at, (household, person))| row(at, household, person)).collect()
}

fn table(title: &str, labels: &[&str], rows: &[Vec<String>], today: NaiveDate) -> Result<Vec<u8>, SheetError> {
    let cell = |text: &String| if text.is_empty() { Cell::Empty } else { Cell::Text(text.clone()) };
    let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    plain_xlsx(&[title], labels, &rows, moment(today))
}

#[cfg(test)]
mod tests {
    use mingbai_sheets::profiles::{AidDraft, CertificateDraft, CrowdDraft, ExamDraft, OutsideDraft, suggest};
    use mingbai_sheets::{Memory, SheetDraft, extract, read};

    use super::{care_files, outside};
    use crate::demo::DemoFile;
    use crate::demo::tests::sample;

    /// Rows taken of a file, and its columns that nobody knows.
    fn accepted<D: SheetDraft>(file: &DemoFile) -> (usize, usize) {
        let batch = extract::<D>(&read(&file.bytes, &file.name).unwrap(), &Memory::default()).unwrap();
        assert_eq!(batch.counts.rejected, 0, "{}: {:?}", file.name, batch.problems);
        (batch.counts.accepted, batch.headers[0].header.unknown.len())
    }

    #[test]
    fn the_lists_of_the_other_offices_read_back_whole_and_each_kind_of_sheet_is_known_by_its_columns() {
        let county = sample();
        let township = &county.townships[0];
        for list in outside(township, county.today).unwrap() {
            assert!(accepted::<OutsideDraft>(&list.file).0 > 20, "{}", list.file.name);
        }
        for file in care_files(township, county.today).unwrap() {
            let read = read(&file.bytes, &file.name).unwrap();
            assert_eq!(suggest(&read)[0].key, file.profile, "{}", file.name);
            let (rows, unknown) = match file.profile {
                "aid" => accepted::<AidDraft>(&file),
                "crowds" => accepted::<CrowdDraft>(&file),
                "exams" => accepted::<ExamDraft>(&file),
                _ => accepted::<CertificateDraft>(&file),
            };
            assert!(rows > 10 && unknown == 0, "{}: {rows} rows, {unknown} unknown columns", file.name);
        }
    }
}
