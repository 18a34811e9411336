//! The demo's files read back through the readers a clerk uses.

use mingbai_sheets::profiles::{BillDraft, ContractDraft, EnrolmentDraft, RosterDraft, ScreeningDraft, VisitDraft};
use mingbai_sheets::{Batch, Format, Memory, SheetDraft, extract, read};

use super::tests::sample;
use super::{DemoContract, DemoFile, DemoTownship, files, screening_of_village};

fn read_back<D: SheetDraft>(file: &DemoFile) -> Batch<D> {
    let workbook = read(&file.bytes, &file.name).unwrap();
    let batch = extract::<D>(&workbook, &Memory::default()).unwrap();
    assert!(batch.skipped_sheets.is_empty(), "{}", file.name);
    batch
}

fn of_first() -> (DemoTownship, Vec<DemoFile>) {
    let county = sample();
    let township = county.townships[0].clone();
    let files = files(&township, county.today).unwrap();
    (township, files)
}

fn one<'a>(files: &'a [DemoFile], profile: &str) -> &'a DemoFile {
    files.iter().find(|file| file.profile == profile).unwrap()
}

#[test]
fn the_csv_is_gb18030_in_47_columns_and_gives_1110_people_without_a_rejection() {
    let (township, files) = of_first();
    let csv = one(&files, "roster");
    assert_eq!(read(&csv.bytes, &csv.name).unwrap().format, Format::CsvGb18030);
    let batch = read_back::<RosterDraft>(csv);
    assert_eq!((batch.counts.accepted, batch.counts.rejected, batch.counts.ignored), (1_110, 0, 0));
    assert_eq!(batch.headers[0].header.columns.len(), 47);
    for (row, (household, person)) in batch.rows.iter().zip(township.people()) {
        assert_eq!((&row.draft.household_number, &row.draft.name), (&household.number, &person.name));
        assert_eq!(row.draft.id.citizen_id, person.id.as_ref().map(|id| id.as_str().to_owned()));
        assert_eq!(row.draft.birth, Some(person.roster_birth));
        assert_eq!(row.draft.phone, person.phone, "a .0 is taken off again");
    }
}

#[test]
fn the_workbook_has_its_header_on_row_3_and_the_same_people_with_status_and_causes() {
    let (township, files) = of_first();
    let workbook = files.iter().find(|f| f.profile == "roster" && f.name.ends_with(".xlsx")).unwrap();
    let batch = read_back::<RosterDraft>(workbook);
    assert_eq!(batch.headers[0].header.row, 2, "the third row, counted from 0");
    assert_eq!((batch.counts.accepted, batch.counts.rejected), (1_110, 0));
    for (row, (household, person)) in batch.rows.iter().zip(township.people()) {
        assert_eq!(row.draft.id.text, person.document_number());
        assert_eq!(
            (row.draft.status.as_str(), row.draft.cause_main.as_str()),
            (household.lifted.label(), household.main_cause)
        );
        assert_eq!(row.draft.members, i64::try_from(household.members.len()).ok());
        assert_eq!(row.draft.helper_phone, household.helper_phone);
    }
}

#[test]
fn every_other_sheet_reads_back_row_by_row() {
    let (township, files) = of_first();
    let people = || township.people().map(|(_, person)| person);
    let counted = |batch: mingbai_sheets::batch::Counts| (batch.accepted, batch.rejected);

    let screening = read_back::<ScreeningDraft>(one(&files, "screening"));
    assert_eq!(counted(screening.counts), (people().map(|p| p.diseases.len()).sum(), 0));
    let contracts = read_back::<ContractDraft>(one(&files, "contracts"));
    let listed = people().filter(|p| p.id.is_some() && p.contract != DemoContract::Missing).count();
    assert_eq!(counted(contracts.counts), (listed, 0));
    let visits = read_back::<VisitDraft>(one(&files, "visits"));
    assert_eq!(counted(visits.counts), (people().map(|p| p.visits.len()).sum(), 0));
    assert!(visits.rows.iter().all(|row| row.draft.blood_pressure().is_some()));
    let enrolments = read_back::<EnrolmentDraft>(one(&files, "enrolments"));
    assert_eq!(counted(enrolments.counts), (people().filter(|p| p.enrolment.is_some()).count(), 0));

    let bills = read_back::<BillDraft>(one(&files, "bills"));
    assert_eq!(counted(bills.counts), (people().map(|p| p.bills.len()).sum(), 0));
    for row in &bills.rows {
        let bill = people().flat_map(|p| &p.bills).find(|bill| bill.bill.id == row.draft.invoice).unwrap();
        let paid = |column| Some(bill.paid.get(&column).copied().unwrap_or_default());
        assert_eq!(row.draft.total, Some(bill.bill.total));
        assert_eq!(row.draft.paid_basic, paid(mingbai_coverage::Column::Basic));
        assert_eq!(row.draft.paid_critical, paid(mingbai_coverage::Column::Critical));
        assert_eq!(row.draft.paid_aid, paid(mingbai_coverage::Column::Aid));
        assert_eq!(row.draft.other_payers().or(Some(mingbai_domain::Fen::ZERO)), paid(mingbai_coverage::Column::Other));
        assert_eq!(row.draft.pre_self_pay, bill.bill.preselfpay);
        assert_eq!(row.draft.paid_personal, Some(bill.personal));
        assert_eq!(row.draft.referral, bill.bill.referral.label());
    }
    for (profile, unused) in [("screening", 0), ("contracts", 0), ("visits", 0), ("enrolments", 0), ("bills", 0)] {
        let file = one(&files, profile);
        let workbook = read(&file.bytes, &file.name).unwrap();
        assert_eq!(mingbai_sheets::profiles::suggest(&workbook)[0].key, profile);
        assert_eq!(unknown(file), unused, "{profile}");
    }
}

/// Columns of a file that its profile does not know.
fn unknown(file: &DemoFile) -> usize {
    match file.profile {
        "screening" => read_back::<ScreeningDraft>(file).headers[0].header.unknown.len(),
        "contracts" => read_back::<ContractDraft>(file).headers[0].header.unknown.len(),
        "visits" => read_back::<VisitDraft>(file).headers[0].header.unknown.len(),
        "enrolments" => read_back::<EnrolmentDraft>(file).headers[0].header.unknown.len(),
        _ => read_back::<BillDraft>(file).headers[0].header.unknown.len(),
    }
}

#[test]
fn one_village_has_a_screening_sheet_of_its_own() {
    let (township, _) = of_first();
    let file = screening_of_village(&township, 0, sample().today).unwrap();
    let rows = read_back::<ScreeningDraft>(&file).counts.accepted;
    let ill: usize = township.people().filter(|(h, _)| h.village == 0).map(|(_, p)| p.diseases.len()).sum();
    assert_eq!(rows, ill);
    assert!(file.name.contains("王庄村"));
}

#[test]
fn the_later_roster_has_new_changed_missing_and_rejected_rows() {
    let (township, files) = of_first();
    let later = files.iter().find(|file| file.later).unwrap();
    let batch = read_back::<RosterDraft>(later);
    let told = &township.later;
    assert_eq!((told.new.len(), told.absent.len(), told.rejected.len()), (3, 3, 5));
    assert_eq!(told.changed.len(), 7);
    assert_eq!((batch.counts.data, batch.counts.rejected), (1_110 + 3 - 3, 5));
    let destroyed = batch.problems.iter().filter(|p| p.code == mingbai_sheets::ProblemCode::IdDestroyed).count();
    assert_eq!(destroyed, 4, "three ending in 000 and one in scientific notation");

    let now: Vec<(&str, &str)> =
        batch.rows.iter().map(|row| (row.draft.household_number.as_str(), row.draft.name.as_str())).collect();
    let before: Vec<(&str, &str)> = township.people().map(|(h, p)| (h.number.as_str(), p.name.as_str())).collect();
    for (household, name) in &told.new {
        assert!(now.contains(&(household, name)) && !before.contains(&(household, name)), "{name}");
    }
    for (household, name) in &told.absent {
        assert!(!now.contains(&(household, name)) && before.contains(&(household, name)), "{name}");
    }
    for (household, name, what) in &told.changed {
        let old = township.people().find(|(h, p)| h.number == *household && p.name == *name).unwrap();
        let new = told.households.iter().find(|h| h.number == *household).unwrap();
        let new = new.members.iter().find(|p| p.name == *name).unwrap();
        assert_ne!(old.1, new, "{what}");
    }
}

#[test]
fn the_same_county_makes_the_same_bytes() {
    assert_eq!(of_first().1, of_first().1);
}
