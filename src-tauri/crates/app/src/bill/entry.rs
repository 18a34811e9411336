//! A settlement typed from its sheet, and one that takes the place of another.

use mingbai_domain::catalogue::{AidIdentity, ChronicCertificate, Person, Record, Settlement};
use mingbai_store::query::BillFilter;

use super::check::{follows, problems, typed};
use super::gate::{Gate, Vouched};
use super::{Watch, row};
use crate::dto::{BillForm, BillFormRequest, BillSaveRequest, BillSaved, Coded, RecordSaveRequest};
use crate::error::AppError;
use crate::household::{parse_id, parse_id_maybe};
use crate::office::{Context, coded};
use crate::record::{guard, prepare_through, typed_of, write};

/// What belongs to one paper: the one that takes its place has its own or does not print it.
const OWN: &[&str] = &[
    "corrects",
    "reversal",
    "number",
    "invoice",
    "source",
    "deductible",
    "aid_base",
    "year_deductible",
    "year_basic",
    "year_critical",
    "year_aid",
];

/// What the form offers for a person and a day: the item classes and excluded causes of the pack in force then, the diseases
/// they are certified for, their identity; and, where one is corrected, everything that stands on it.
pub(crate) fn form(context: &mut Context<'_>, request: BillFormRequest) -> Result<BillForm, AppError> {
    let today = context.host.today();
    let packs = context.packs()?;
    let corrects = parse_id_maybe(request.corrects.as_ref())?;
    if let Some(id) = corrects {
        // Whom a page hides a diagnosis from is not told it by a form either.
        let values = context.read()?.values(Settlement::TYPE.id, id)?.ok_or_else(|| AppError::not_found("结算单"))?;
        guard(context, Settlement::TYPE, &values)?;
    }
    let reading = context.read()?;
    let mut answer = BillForm::default();
    let before = corrects.map(|id| reading.get::<Settlement>(id)).transpose()?.flatten();
    let mut person = parse_id_maybe(request.person.as_ref())?;
    if let Some(before) = before {
        person = person.or(before.record.person);
        let values = reading.values(Settlement::TYPE.id, before.id)?;
        let kind = Settlement::TYPE;
        let fields = values.unwrap_or_default();
        answer.fields = kind
            .fields
            .iter()
            .filter(|field| !OWN.contains(&field.column))
            .filter_map(|field| Some((field.column.to_owned(), typed_of(field, fields.get(&field.id)?))))
            .collect();
        answer.corrects = Some(Coded {
            code: before.id.to_string(),
            label: format!(
                "{} {} 总额 {}",
                before.record.settled_on.map(|day| day.to_string()).unwrap_or_default(),
                crate::restricted::shown(before.record.hospital.as_deref().unwrap_or_default()),
                before.record.total.unwrap_or_default()
            ),
        });
    }
    let day = request.on.unwrap_or(today);
    if let Some(pack) = packs.on(day) {
        answer.pack = Some(pack.title());
        let share = |class: &mingbai_coverage::pack::ItemClass| Coded {
            code: class.key.clone(),
            label: format!("{}（先自付{}）", class.label, class.prepay),
        };
        answer.items = pack.rules.item_classes.iter().map(share).collect();
        let disease = |one: &mingbai_coverage::pack::Disease| Coded { code: one.key.clone(), label: one.label.clone() };
        answer.diseases = pack.rules.diseases.iter().map(disease).collect();
        let cause = |cause: &mingbai_coverage::pack::ExcludedCause| Coded {
            code: cause.key.clone(),
            label: cause.label.clone(),
        };
        answer.causes = pack.rules.excluded_causes.iter().map(cause).collect();
    }
    let Some(person) = person.map(|person| reading.canonical(person)).transpose()? else { return Ok(answer) };
    let Some(found) = reading.get::<Person>(person)? else { return Err(AppError::not_found("人")) };
    answer.person = Some(person.to_string());
    answer.name = found.record.name.unwrap_or_default();
    answer.citizen_id = found.record.citizen_id.as_deref().map(mingbai_domain::citizen_id::mask).unwrap_or_default();
    let held = reading.rows_where::<AidIdentity>("person", &person)?.into_iter().filter(|row| {
        row.record.since.is_none_or(|since| since <= day) && row.record.until.is_none_or(|until| until >= day)
    });
    answer.identities =
        held.filter_map(|row| row.record.identity).map(|identity| coded("aid_identity", &identity)).collect();
    let certified = reading.rows_where::<ChronicCertificate>("person", &person)?;
    let diseases = certified.into_iter().filter_map(|row| row.record.disease);
    let certified = diseases.map(|disease| crate::restricted::shown(&disease).to_owned());
    let certified: Vec<Coded> = certified.map(|disease| Coded { code: disease.clone(), label: disease }).collect();
    let of_pack = std::mem::take(&mut answer.diseases);
    let known = |one: &Coded| certified.iter().any(|held| held.label == one.label);
    let others: Vec<Coded> = of_pack.into_iter().filter(|one| !known(one)).collect();
    answer.diseases = certified.into_iter().chain(others).collect();
    let filter = BillFilter { person: Some(person), ..BillFilter::default() };
    let bills = reading.bills(&filter)?;
    if let Some(line) = bills.first() {
        answer.household = Some(line.household.to_string());
        answer.village.clone_from(&line.village_name);
    }
    answer.bills = i64::try_from(bills.len()).unwrap_or(i64::MAX);
    Ok(answer)
}

/// Saves a settlement and says what it moved. Figures that contradict each other are kept only when the clerk says that the
/// paper has them so.
pub(crate) fn save(context: &mut Context<'_>, request: BillSaveRequest) -> Result<BillSaved, AppError> {
    let id = parse_id_maybe(request.id.as_ref())?;
    let mut fields = request.fields;
    let today = context.host.today();
    let packs = context.packs()?;
    let reading = context.read()?;
    let mut whole = match id {
        Some(id) => reading.get::<Settlement>(id)?.ok_or_else(|| AppError::not_found("结算单"))?.record,
        None => Settlement::default(),
    };
    whole = typed(&whole, &fields);
    // What is paid at a year's end has no costs to add up.
    let problems = if whole.is_year_end() { Vec::new() } else { problems(reading, &packs, id, &whole)? };
    // What follows from the rest is kept, and never as if the paper had it.
    let derived = follows(reading, &packs, id, &mut whole)?;
    let mut source = match id {
        Some(_) => whole.source.clone().unwrap_or_default(),
        None if problems.is_empty() => "照票面录入".to_owned(),
        None => "照票面录入，票面如此".to_owned(),
    };
    if !derived.is_empty() {
        let labels: Vec<&str> = derived.iter().map(|(_, label, _)| *label).collect();
        source = format!("{source}；{}由其余各项推算", labels.join("、"));
    }
    if id.is_none() || !derived.is_empty() {
        fields.entry("source".to_owned()).or_insert(source);
    }
    fields
        .extend(derived.iter().map(|(column, _, amount)| ((*column).to_owned(), amount.to_string().replace(',', ""))));
    let person = whole.person.map(|person| reading.canonical(person)).transpose()?;
    let watch = Watch::of(reading, &packs, id, person)?;
    let said = problems.first().filter(|_| request.as_printed).map(|fault| format!("票面如此：{}", fault.said));
    let given = request.reason.filter(|reason| !reason.trim().is_empty());
    let reason = match (given.clone(), said) {
        (Some(reason), Some(said)) => Some(format!("{reason}；{said}")),
        (reason, said) => reason.or(said),
    };
    let new = id.is_none();
    let typed = RecordSaveRequest {
        table: "settlement".to_owned(),
        id: request.id,
        fields,
        reason: reason.clone(),
        form: request.form,
        ..RecordSaveRequest::default()
    };
    let vouched = Vouched { as_printed: request.as_printed, reason: given.as_deref(), ..Vouched::default() };
    let prepared = prepare_through(context, &typed, vouched, &mut Gate::new(&packs))?;
    let operator = context.opened()?.operator_id;
    let committed = context.commit("bill_save", reason.as_deref(), |txn| {
        crate::draft::saved(txn, operator, typed.form.as_ref(), new.then_some(&typed.fields))?;
        write(txn, prepared)
    })?;
    let (written, _) = committed.value;
    let reading = context.read()?;
    let moved = watch.moved(reading, &packs, written)?;
    let mut answer = BillSaved { id: written.to_string(), moved, ..BillSaved::default() };
    let of_year = whole.year.and_then(|year| i32::try_from(year).ok()).filter(|_| whole.is_year_end());
    if let (Some(person), Some(year)) = (person, of_year) {
        answer.closed = crate::claim::ended(reading, &packs, (person, year), today)?;
    } else if let Some(person) = person {
        let filter = BillFilter { person: Some(person), replaced: true, ..BillFilter::default() };
        let judged = super::judge(reading, &packs, &filter)?;
        let own = judged.iter().find(|judged| judged.line.bill.id == written);
        answer.bill = own.map(row);
        answer.closed = match own {
            Some(own) => crate::claim::made_good(reading, &packs, &judged, &own.line.bill)?,
            None => false,
        };
    }
    Ok(answer)
}

/// What a change of a settlement by any other form moves: looked at before and said after.
pub(crate) fn watch(context: &mut Context<'_>, request: &RecordSaveRequest) -> Result<Option<Watch>, AppError> {
    if request.table != "settlement" {
        return Ok(None);
    }
    let packs = context.packs()?;
    let reading = context.read()?;
    let person = request.fields.get("person").filter(|person| !person.is_empty());
    let person = person.map(|person| parse_id(person)).transpose()?;
    Watch::of(reading, &packs, parse_id_maybe(request.id.as_ref())?, person).map(Some)
}
