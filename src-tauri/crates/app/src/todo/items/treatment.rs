//! 疾病救治: whoever has a 大病 and was not treated, cases with something missing, and 特慢病证 from the evidence to the
//! insurer's mark (domain A-25…A-38, F54, F55).

use chrono::{Datelike, Days, Months, NaiveDate};
use mingbai_domain::catalogue::{ChronicCertificate, Diagnosis, Record, TreatmentCase};
use mingbai_domain::citizen_id::age_on;
use mingbai_domain::disease_list::{self, Illness};
use mingbai_store::Row;
use mingbai_store::query::{HouseholdFile, PersonFile, TodoLine};

use crate::certificate;
use crate::dto::Tone;
use crate::restricted;
use crate::todo::{Findings, Item, World};

/// Days after a diagnosis within which a 大病 patient is to be treated.
const TREATED_WITHIN: u64 = 30;
/// Day of the month on which experts review the applications.
const REVIEW_DAY: u32 = 25;
/// The widest list of 大病专项救治.
const MAJOR: &str = "30";
/// The list of outpatient illnesses with a certificate.
const CHRONIC: &str = "c28";
/// Illnesses that are reported to the insurer without a review.
const REPORTED: [&str; 3] = ["高血压", "糖尿病", "重性精神病"];

const fn item(key: &'static str, label: &'static str, tone: Tone, definition: &'static str) -> Item {
    Item {
        key,
        label,
        section: "疾病救治",
        tone,
        unit: "人",
        definition,
        on_desk: true,
        by_reason: false,
        reason,
        errand: None,
    }
}

fn reason(line: &TodoLine) -> String {
    line.detail.clone()
}

pub(super) const ITEMS: [Item; 13] = [
    item(
        "untreated",
        "大病确诊30天没有救治",
        Tone::Missing,
        "在册、在世，确诊30种大病之一或登记为大病，满30天没有住院、没有救治日期，也没有登记不愿意治疗",
    ),
    Item {
        on_desk: false,
        ..item(
            "treatment",
            "大病还没有救治",
            Tone::Soon,
            "在册、在世，确诊30种大病之一或登记为大病，还没有救治；不愿意治疗、在外地治疗的不计入",
        )
    },
    item("case_planless", "救治没有定点医院或方案", Tone::Missing, "正在救治的大病患者，没有登记定点医院或诊疗方案"),
    item(
        "case_unreported",
        "大病没有书面上报",
        Tone::Missing,
        "正在救治的大病个案，没有登记书面上报日期，或没有问过治疗意愿；居家康复的不算",
    ),
    item(
        "case_batch",
        "集中救治批次还没有入院",
        Tone::Soon,
        "排进了集中救治批次，还没有入院、没有救治日期，也没有登记不愿意；期限是这一批的最后一天",
    ),
    item("endemic_case", "地方病没有个案管理", Tone::Missing, "登记为地方病患者，没有正在管理的救治个案"),
    item(
        "home_care",
        "居家康复缺责任人",
        Tone::Missing,
        "居家康复患者要有责任机构、责任医生、帮扶干部三样，缺一样就列出",
    ),
    item("surgery_ready", "手术时机已到、还没有转诊", Tone::Missing, "登记的手术时机成熟日期已过，还没有转诊、住院"),
    item(
        "certificate_possible",
        "可办特慢病证、还没有申请",
        Tone::Soon,
        "在册、在世，确诊28种门诊特慢病之一，没有有效的证，也没有在申请；没有通过的、过期的也算",
    ),
    item(
        "certificate_lacking",
        "特慢病证材料不全",
        Tone::Soon,
        "申请里写着还缺材料或需上级医院确诊，或者已有材料还够不上政策包的认定材料，还没有送审",
    ),
    item(
        "certificate_batch",
        "本批要送评审",
        Tone::Missing,
        "材料齐全、还没有送审的申请；每月25日评审，期限是下一个25日",
    ),
    item(
        "certificate_unmarked",
        "特慢病证批了、医保没有维护",
        Tone::Missing,
        "评审通过或直接上报以后，还没有到社保中心做身份识别维护",
    ),
    item("certificate_ending", "特慢病证90天内到期", Tone::Soon, "证的有效期在今后90天内结束，或已经过期，没有新的证"),
];

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    let (mut treated, mut major, mut unwilling) = (0, 0, 0);
    for person in file.residents() {
        for case in person.cases.iter().filter(|case| is_open(&case.record)) {
            of_case(person, case, world, findings);
        }
        let ill: Vec<&Row<Diagnosis>> =
            person.diagnoses.iter().filter(|row| is_major(person, &row.record, world)).collect();
        let only = ill.len() == 1;
        let (done, left): (Vec<&Row<Diagnosis>>, Vec<&Row<Diagnosis>>) =
            ill.into_iter().partition(|row| is_treated(person, row, only, world));
        let (refused, left): (Vec<&Row<Diagnosis>>, Vec<&Row<Diagnosis>>) =
            left.into_iter().partition(|row| is_unwilling(person, row, only, world));
        if !left.is_empty() {
            major += 1;
            untreated(person, &left, world, findings);
        } else if !done.is_empty() {
            (treated, major) = (treated + 1, major + 1);
        } else if !refused.is_empty() {
            unwilling += 1;
        }
        certificates(person, world, findings);
        endemic(person, world, findings);
    }
    findings.share("treatment", treated, major, unwilling);
}

fn illness<'i>(person: &'i PersonFile, diagnosis: &'i Diagnosis, on: NaiveDate) -> Illness<'i> {
    Illness {
        icd10: diagnosis.icd10.as_deref().unwrap_or_default(),
        name: diagnosis.disease.as_deref().unwrap_or_default(),
        sex: person.person.sex.as_deref(),
        age: person.person.birth.map(|birth| i64::from(age_on(birth, diagnosis.diagnosed_on.unwrap_or(on)))),
    }
}

fn shown(diagnosis: &Diagnosis) -> &str {
    if restricted::hides(diagnosis) { restricted::HIDDEN } else { diagnosis.disease.as_deref().unwrap_or_default() }
}

fn is_major(person: &PersonFile, diagnosis: &Diagnosis, world: &World) -> bool {
    diagnosis.ended_on.is_none()
        && (diagnosis.class.as_deref() == Some("major")
            || disease_list::find(MAJOR, &illness(person, diagnosis, world.today)).is_some())
}

/// Whether a case is about a diagnosis: it names it, or its code, or the same member of the list. A case that names nothing
/// is about the only one there is.
fn is_about(person: &PersonFile, case: &TreatmentCase, row: &Row<Diagnosis>, only: bool, world: &World) -> bool {
    let diagnosis = &row.record;
    if case.diagnosis.is_some() {
        return case.diagnosis == Some(row.id);
    }
    let of_case = Illness {
        icd10: case.icd10.as_deref().unwrap_or_default(),
        name: case.disease.as_deref().unwrap_or_default(),
        ..illness(person, diagnosis, world.today)
    };
    let member = disease_list::find(MAJOR, &of_case);
    let same = member.is_some() && member == disease_list::find(MAJOR, &illness(person, diagnosis, world.today));
    let coded = case.icd10.is_some() && case.icd10 == diagnosis.icd10;
    let named = case.disease.is_some() && case.disease == diagnosis.disease;
    same || coded || named || (only && member.is_none())
}

/// Treated: its case says so, the diagnosis says so, or the patient was in hospital for it since.
fn is_treated(person: &PersonFile, row: &Row<Diagnosis>, only: bool, world: &World) -> bool {
    let diagnosis = &row.record;
    let cases = person.cases.iter().map(|case| &case.record);
    let by_case = cases.filter(|case| is_about(person, case, row, only, world)).any(|case| {
        case.treated_on.is_some()
            || case.admitted_on.is_some()
            || matches!(case.state.as_deref(), Some("treating" | "treated" | "closed"))
    });
    let since = |day: Option<NaiveDate>| day.is_some() && day >= diagnosis.diagnosed_on;
    let by_bill = person.bills.iter().map(|bill| &bill.record).any(|bill| {
        let stay = matches!(bill.care_kind.as_deref(), Some("inpatient" | "chronic_outpatient"));
        let name = bill.disease.as_deref().unwrap_or_default();
        let of_bill = Illness { icd10: "", name, ..illness(person, diagnosis, world.today) };
        let member = disease_list::find(MAJOR, &of_bill);
        let same = member.is_some() && member == disease_list::find(MAJOR, &illness(person, diagnosis, world.today));
        let theirs =
            same || (!name.is_empty() && diagnosis.disease.as_deref() == Some(name)) || (only && member.is_none());
        stay && theirs && (since(bill.admitted_on) || since(bill.settled_on))
    });
    let said =
        matches!(diagnosis.treatment.as_deref(), Some("outpatient" | "inpatient" | "rehabilitation" | "finished"));
    by_case || by_bill || said
}

/// Somebody said that they do not want treatment, or have it elsewhere.
fn is_unwilling(person: &PersonFile, row: &Row<Diagnosis>, only: bool, world: &World) -> bool {
    let refused = |wish: Option<&str>| matches!(wish, Some("unwilling" | "elsewhere"));
    let cases = person.cases.iter().map(|case| &case.record);
    refused(row.record.wish.as_deref())
        || cases
            .filter(|case| is_about(person, case, row, only, world))
            .any(|case| refused(case.wish.as_deref()) || matches!(case.state.as_deref(), Some("refused" | "died")))
}

fn untreated(person: &PersonFile, left: &[&Row<Diagnosis>], world: &World, findings: &mut Findings<'_>) {
    let mut names: Vec<&str> = left.iter().map(|row| shown(&row.record)).collect();
    names.dedup();
    let by = |row: &&Row<Diagnosis>| row.record.diagnosed_on.map(|day| day + Days::new(TREATED_WITHIN));
    let first = left.iter().filter_map(by).min();
    findings.person("treatment", person, names.join("、")).due = first;
    if left.iter().any(|row| by(row).is_none_or(|by| by < world.today)) {
        let row = findings.person("untreated", person, names.join("、"));
        (row.due, row.severity) = (first, 1);
    }
}

fn is_open(case: &TreatmentCase) -> bool {
    case.closed_on.is_none() && !matches!(case.state.as_deref(), Some("refused" | "died" | "closed" | "treated"))
}

fn of_case(person: &PersonFile, case: &Row<TreatmentCase>, world: &World, findings: &mut Findings<'_>) {
    let case = &case.record;
    let empty = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().is_empty();
    let lacking = |wanted: &[(&str, &Option<String>)]| {
        let lacking: Vec<&str> = wanted.iter().filter(|(_, text)| empty(text)).map(|(label, _)| *label).collect();
        (!lacking.is_empty()).then(|| format!("没有{}", lacking.join("、")))
    };
    if case.way.as_deref() == Some("home") {
        let wanted = [("责任机构", &case.institution), ("责任医生", &case.doctor), ("帮扶干部", &case.cadre)];
        if let Some(lacking) = lacking(&wanted) {
            findings.person("home_care", person, lacking);
        }
    } else {
        if let Some(lacking) = lacking(&[("定点医院", &case.hospital), ("诊疗方案", &case.plan)]) {
            findings.person("case_planless", person, lacking);
        }
        unreported(person, case, findings);
    }
    let waits = case.admitted_on.is_none() && case.treated_on.is_none() && case.wish.as_deref() != Some("unwilling");
    let planned = case.window_until.is_some() || !empty(&case.batch);
    let begun = case.window_from.is_none_or(|from| from <= world.today);
    if planned && begun && waits {
        let batch = case.batch.as_deref().unwrap_or("集中救治");
        let row = findings.person("case_batch", person, batch);
        (row.due, row.severity) = (case.window_until, 1);
    }
    let ready = case.surgery_ready_on.filter(|ready| *ready <= world.today);
    if ready.is_some() && case.referred_on.is_none() && case.admitted_on.is_none() && case.treated_on.is_none() {
        findings.person("surgery_ready", person, "手术时机已到").due = ready;
    }
}

/// what is known of a 大病 and whether the patient wants treatment goes to the health bureau in writing.
fn unreported(person: &PersonFile, case: &TreatmentCase, findings: &mut Findings<'_>) {
    let missing = [("没有问治疗意愿", case.wish.is_none()), ("没有书面上报", case.reported_on.is_none())];
    let missing: Vec<&str> = missing.into_iter().filter(|(_, lacks)| *lacks).map(|(said, _)| said).collect();
    if !missing.is_empty() {
        findings.person("case_unreported", person, missing.join("、"));
    }
}

/// whoever has an endemic disease is managed as a case.
fn endemic(person: &PersonFile, world: &World, findings: &mut Findings<'_>) {
    let held = person.crowds.iter().map(|row| &row.record);
    let ill = held.filter(|crowd| crowd.crowd.as_deref() == Some("endemic"));
    let ill = ill.filter(|crowd| world.holds(crowd.since, crowd.until)).count();
    if ill > 0 && !person.cases.iter().any(|case| is_open(&case.record)) {
        findings.person("endemic_case", person, "没有救治个案");
    }
}

fn certificates(person: &PersonFile, world: &World, findings: &mut Findings<'_>) {
    for row in &person.certificates {
        of_certificate(person, row, world, findings);
    }
    for row in person.diagnoses.iter().filter(|row| row.record.ended_on.is_none()) {
        let diagnosis = &row.record;
        let Some(member) = disease_list::find(CHRONIC, &illness(person, diagnosis, world.today)) else { continue };
        let theirs = |certificate: &ChronicCertificate| {
            certificate.diagnosis == Some(row.id)
                || certificate.disease.as_deref().is_some_and(|name| name.contains(member.name))
                || (certificate.icd10.is_some() && certificate.icd10 == diagnosis.icd10)
                || (certificate.disease.is_some() && certificate.disease == diagnosis.disease)
        };
        let counts = |certificate: &ChronicCertificate| {
            let ended = certificate.valid_until.is_some_and(|until| until < world.today);
            theirs(certificate) && certificate.result.as_deref() != Some("rejected") && !ended
        };
        if person.certificates.iter().any(|certificate| counts(&certificate.record)) {
            continue;
        }
        let rejected = person
            .certificates
            .iter()
            .any(|certificate| theirs(&certificate.record) && certificate.record.result.as_deref() == Some("rejected"));
        if restricted::hides(diagnosis) {
            // Any word beside it would tell which of the few restricted ones it is.
            findings.person("certificate_possible", person, restricted::HIDDEN);
            continue;
        }
        let high = matches!(diagnosis.hospital_level.as_deref(), Some("level2" | "level3"));
        let way = match (REPORTED.contains(&member.name), high) {
            (true, _) => "直接上报社保中心",
            (false, true) => "收集材料后办证",
            (false, false) => "先到二级以上医院确诊",
        };
        let again = if rejected { "，上次没有通过" } else { "" };
        findings.person("certificate_possible", person, format!("{}：{way}{again}", shown(diagnosis)));
    }
}

fn of_certificate(person: &PersonFile, row: &Row<ChronicCertificate>, world: &World, findings: &mut Findings<'_>) {
    let certificate = &row.record;
    let about = Some((ChronicCertificate::TYPE.id, row.id));
    let name = certificate.disease.as_deref().unwrap_or_default();
    let hidden = restricted::hides_any(ChronicCertificate::TYPE, &certificate.to_values());
    let name = if hidden { restricted::HIDDEN } else { name };
    let lacking = lacking(certificate, world);
    let approved = certificate.result.as_deref() == Some("approved") || certificate.reported_on.is_some();
    if approved {
        if certificate.marked_on.is_none() {
            let todo = findings.person("certificate_unmarked", person, name);
            (todo.record, todo.due) = (about, certificate.reported_on);
        }
        let newer = person.certificates.iter().map(|row| &row.record).any(|other| {
            let longer = other.valid_until.is_none() || other.valid_until > certificate.valid_until;
            other.disease == certificate.disease && other.result.as_deref() == Some("approved") && longer
        });
        let ending = certificate.valid_until.filter(|until| *until <= world.today + Days::new(90));
        if let Some(until) = ending.filter(|_| !newer) {
            let todo = findings.person("certificate_ending", person, name);
            (todo.record, todo.due) = (about, Some(until));
        }
    } else if certificate.result.as_deref() == Some("supplement")
        || (certificate.submitted_on.is_none() && (!lacking.is_empty() || certificate.needs_confirming == Some(true)))
    {
        let why = if lacking.is_empty() { "需上级医院确诊" } else { &lacking };
        let said = if name == restricted::HIDDEN { name.to_owned() } else { format!("{name}：{why}") };
        findings.person("certificate_lacking", person, said).record = about;
    } else if certificate.submitted_on.is_none() && certificate.result.is_none() {
        let todo = findings.person("certificate_batch", person, name);
        (todo.record, todo.due, todo.severity) = (about, next_review(world.today), 2);
    }
}

/// What is still to be brought: what was written down, and what the pack asks for beyond the documents at hand.
fn lacking(certificate: &ChronicCertificate, world: &World) -> String {
    let written = certificate.lacking.as_deref().unwrap_or_default().trim();
    let disease = certificate.disease.as_deref().unwrap_or_default();
    let evidence = certificate.evidence.as_deref().unwrap_or_default();
    let asked = certificate::asked(&world.packs, world.today, disease, evidence);
    let asked = asked.map(|asked| asked.missing).unwrap_or_default();
    let more = asked.iter().map(String::as_str).filter(|one| !written.contains(one));
    let told = [written].into_iter().chain(more);
    told.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("；")
}

/// The next day on which applications are reviewed: what is collected after the 25th waits for the next month's.
fn next_review(today: NaiveDate) -> Option<NaiveDate> {
    let review = today.with_day(REVIEW_DAY)?;
    if review >= today { Some(review) } else { review.checked_add_months(Months::new(1)) }
}

#[cfg(test)]
mod tests {
    use super::next_review;

    #[test]
    fn a_certificate_collected_after_the_25th_waits_for_next_months_review() {
        let review = |day: &str| next_review(day.parse().unwrap()).unwrap().to_string();
        assert_eq!(review("2026-11-24"), "2026-11-25");
        assert_eq!(review("2026-11-25"), "2026-11-25");
        assert_eq!(review("2026-11-26"), "2026-12-25");
        assert_eq!(review("2026-12-26"), "2027-01-25");
    }
}
