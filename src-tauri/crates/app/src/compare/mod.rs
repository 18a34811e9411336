//! 数据比对: another office's list beside the register or beside a third list (domain …A-16). A list is taken in and
//! stays on this PC; a run matches people, reconciles the control totals, tells every difference once and keeps what was
//! decided, so that next month shows only what is new.

mod decide;
mod differences;
mod give;
pub(crate) mod in_file;
mod matching;
mod mismatch;
mod scope;
mod side;
mod take;
pub(crate) mod totals;
mod view;

use std::path::Path;

use mingbai_domain::catalogue::ComparisonRun;
use mingbai_domain::code;
use mingbai_store::OutsideList;

use crate::county_list;
use crate::dto::{
    CompareForgetRequest, CompareListRow, CompareLists, CompareRefused, CompareRunRequest, CompareTakeRequest,
    CompareView, Empty, Population,
};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, coded, local_time, millis};
use decide::Ledger;
pub(crate) use decide::decide;
use differences::{Differences, differences};
pub(crate) use give::xlsx;
use matching::{Matched, matched};
use mismatch::Focus;
use scope::Scope;
use side::{REGISTER, Side};
use take::About;
pub(crate) use view::rows;

/// What was worked out last, kept while somebody is logged in.
pub(crate) struct Compared {
    pub(crate) request: CompareRunRequest,
    pub(crate) at: String,
    pub(crate) ours: Side,
    pub(crate) theirs: Side,
    /// The lists behind the sides; none for the register.
    pub(crate) lists: [Option<(OutsideList, About)>; 2],
    pub(crate) totals: [Population; 2],
    pub(crate) matched: Matched,
    pub(crate) differences: Differences,
    pub(crate) remarks: Vec<String>,
}

fn about(list: &OutsideList) -> About {
    // A newer version's words about a list say nothing here; its rows still stand.
    serde_json::from_slice(&list.list.about).unwrap_or_default()
}

fn list_row(context: &Context<'_>, list: &OutsideList) -> CompareListRow {
    let about = about(list);
    let said = about.said.iter().map(|one| {
        let households = one.households.map(|number| format!(" {number}户")).unwrap_or_default();
        let people = one.people.map(|number| format!(" {number}人")).unwrap_or_default();
        format!("{} {}{households}{people}", one.place, one.whom.words())
    });
    CompareListRow {
        id: list.id,
        source: coded("list_source", &list.list.source),
        file: list.list.file.clone(),
        as_of: list.list.as_of,
        taken_at: local_time(context.host, list.list.taken_millis),
        digest: list.list.digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect(),
        sheets: about.sheets.clone(),
        in_file: about.in_file as i64,
        rows: list.rows as i64,
        said: said.collect(),
        refused: about.refused.iter().map(|(row, why)| CompareRefused { row: *row, reason: why.clone() }).collect(),
        remarks: about.remarks,
    }
}

fn find(context: &Context<'_>, id: i64) -> Result<OutsideList, AppError> {
    let lists = context.read()?.outside_lists()?;
    lists.into_iter().find(|list| list.id == id).ok_or_else(|| AppError::not_found("名单"))
}

/// Takes a file in as the list of an office; it stays on this PC.
pub(crate) fn take(context: &mut Context<'_>, request: CompareTakeRequest) -> Result<CompareListRow, AppError> {
    if request.source == REGISTER || code::find("list_source", &request.source).is_none() {
        return Err(AppError::invalid("source", "请选这是哪个部门的名单"));
    }
    let now = millis(context.host);
    let taken = take::take(Path::new(&request.path), &request.source, request.as_of, now)?;
    let open = context.opened_mut()?;
    open.compared = None;
    let id = open.store.keep_outside(&taken.list, &taken.people)?;
    Ok(list_row(context, &find(context, id)?))
}

/// Takes a list off this PC; what was decided by it stays.
pub(crate) fn forget(context: &mut Context<'_>, request: CompareForgetRequest) -> Result<Empty, AppError> {
    find(context, request.list)?;
    let open = context.opened_mut()?;
    open.compared = None;
    open.store.forget_outside(request.list)?;
    Ok(Empty {})
}

/// Every list kept here.
pub(crate) fn lists(context: &mut Context<'_>, _: Empty) -> Result<CompareLists, AppError> {
    let sources = code::table("list_source").iter().filter(|source| source.code != REGISTER);
    let focus = focus(context)?.map_or_else(
        || "县里还没有下发重点病种目录（45＋48种），M2-93 比对不出；有病种而非因病的都列在 M2".to_owned(),
        |focus| format!("重点病种按县里的“{}”，{}种", focus.name, focus.diseases.len()),
    );
    let lists = context.read()?.outside_lists()?;
    Ok(CompareLists {
        rows: lists.iter().map(|list| list_row(context, list)).collect(),
        sources: sources.map(|source| coded("list_source", source.code)).collect(),
        focus,
    })
}

/// The county's list of focus diseases that holds today, if it has made one: none is shipped (domain I-9).
fn focus(context: &Context<'_>) -> Result<Option<Focus>, AppError> {
    let today = context.host.today();
    let mut lists = county_list::in_force(context.read()?, "disease", today)?;
    lists.retain(|list| {
        let name = list.name.as_deref().unwrap_or_default();
        name.contains("93") || name.contains("重点病种")
    });
    let read = lists.pop().map(|list| Focus::read(&list.name.unwrap_or_default(), &list.body.unwrap_or_default()));
    Ok(read.filter(|focus| !focus.diseases.is_empty()))
}

/// One side: the register, or a list.
fn side(context: &Context<'_>, list: Option<i64>) -> Result<(Side, Option<(OutsideList, About)>), AppError> {
    let Some(id) = list else { return Ok((Side::register(context.read()?, context.host.today())?, None)) };
    let list = find(context, id)?;
    let about = about(&list);
    let people = context.read()?.outside_people(id)?;
    Ok((Side::outside(&list.list.source, about.has, people), Some((list, about))))
}

/// Works everything out; nothing is written.
///
/// # Errors
/// [`ErrorCode::Validation`] with the numbers when a list does not agree with what it says of itself.
fn work_out(context: &Context<'_>, request: CompareRunRequest) -> Result<Compared, AppError> {
    if request.ours == Some(request.theirs) {
        return Err(AppError::invalid("ours", "两边是同一份名单，请换一份"));
    }
    let (ours, our_list) = side(context, request.ours)?;
    let (theirs, their_list) = side(context, Some(request.theirs))?;
    let totals = [totals::count(&ours), totals::count(&theirs)];
    for ((list, total), side) in [&our_list, &their_list].into_iter().zip(&totals).zip([&ours, &theirs]) {
        let Some((list, about)) = list else { continue };
        totals::reconcile(total, &about.said, side.rows()).map_err(|numbers| {
            let source = code::label("list_source", &list.list.source);
            let message = format!(
                "{source}“{}”的总数对不上：{numbers}。没有比对，名单和户档案都没有变。请和对方核对后重新导入",
                list.list.file
            );
            AppError::new(ErrorCode::Validation, message).detail("totals_differ")
        })?;
    }
    let ledger = Ledger::read(context.read()?)?;
    let decided = ledger.likenesses(&ours, &theirs);
    let matched = matched(&ours.plain(), &theirs.plain(), &decided, mingbai_store::sound);
    let differences = differences(&ours, &theirs, &matched, focus(context)?.as_ref(), &Scope::read(context)?);
    let placed = matched.pairs.len() + matched.proposals.len();
    if placed + matched.only_ours.len() != ours.people.len()
        || placed + matched.only_theirs.len() != theirs.people.len()
    {
        return Err(AppError::new(ErrorCode::Internal, "比对的人数对不上，没有给出结果，数据没有变。请把名单交给县里"));
    }
    let mut remarks = Vec::new();
    if request.ours.is_none() {
        let desk = crate::desk::population(context)?;
        if desk.people != ours.rows() as i64 {
            remarks.push(format!(
                "工作台上是{}人，比对读到{}人：有人同时在几户，请到数据交换里核对",
                desk.people,
                ours.rows()
            ));
        }
    }
    for (list, about) in [&our_list, &their_list].into_iter().flatten() {
        if about.said.is_empty() {
            remarks.push(format!("“{}”没有写合计，总数没有可对的", list.list.file));
        }
        if list.list.source == "insurer" && !about.has.identity {
            remarks.push("医保名单没有人员类别（标识）一栏，只能比对谁不在名单里".to_owned());
        }
    }
    let at = local_time(context.host, millis(context.host));
    let lists = [our_list, their_list];
    Ok(Compared { request, at, ours, theirs, lists, totals, matched, differences, remarks })
}

/// What was worked out last for these two lists, taken out of its place; worked out now where it was for others.
pub(crate) fn prepared(context: &mut Context<'_>, request: CompareRunRequest) -> Result<Box<Compared>, AppError> {
    match context.opened_mut()?.compared.take() {
        Some(compared) if compared.request == request => Ok(compared),
        _ => Ok(Box::new(work_out(context, request)?)),
    }
}

/// Puts it back for the next question.
pub(crate) fn keep_compared(context: &mut Context<'_>, compared: Box<Compared>) -> Result<(), AppError> {
    context.opened_mut()?.compared = Some(compared);
    Ok(())
}

/// Compares two lists and records that it was done, with its totals; the same run twice on a day is recorded once.
pub(crate) fn run(context: &mut Context<'_>, request: CompareRunRequest) -> Result<CompareView, AppError> {
    let compared = Box::new(work_out(context, request)?);
    let view = view::view(context, &compared)?;
    let record = record(context, &compared, &view)?;
    let known = context.read()?.all::<ComparisonRun>()?;
    if !known.iter().any(|row| !row.void && row.record == record) {
        let told = record.totals.clone().unwrap_or_default();
        context.commit("compare_run", Some(&told), |txn| Ok(txn.insert(None, &record)?))?;
    }
    keep_compared(context, compared)?;
    Ok(view)
}

/// The numbers of a comparison as they stand now; nothing is recorded.
pub(crate) fn get(context: &mut Context<'_>, request: CompareRunRequest) -> Result<CompareView, AppError> {
    let compared = prepared(context, request)?;
    let view = view::view(context, &compared)?;
    keep_compared(context, compared)?;
    Ok(view)
}

fn record(context: &Context<'_>, compared: &Compared, view: &CompareView) -> Result<ComparisonRun, AppError> {
    let names: Vec<&str> = compared.lists.iter().flatten().map(|(list, _)| list.list.file.as_str()).collect();
    let theirs = compared.lists[1].as_ref().map(|(list, _)| list);
    let digest = theirs.map(|list| list.list.digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let [ours, other] = &compared.totals;
    Ok(ComparisonRun {
        area: Some(context.profile()?.area.clone()),
        ours: Some(compared.ours.source.clone()),
        theirs: Some(compared.theirs.source.clone()),
        file: Some(names.join("、")),
        as_of: theirs.and_then(|list| list.list.as_of),
        ran_on: Some(context.host.today()),
        totals: Some(format!("本方{}；对方{}", totals::words(ours), totals::words(other))),
        matched: Some(view.agreeing),
        differing: Some(view.matched - view.agreeing),
        only_ours: Some(view.only_ours),
        only_theirs: Some(view.only_theirs),
        digest,
        note: None,
    })
}
