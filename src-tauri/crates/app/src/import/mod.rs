//! Taking in sheets. A file becomes a plan: for every row what will happen and why. A dry run shows the plan; taking it in
//! carries it out in one action, so that all of it is there or none, and one undo takes it back.

mod absent;
mod aid;
mod bills;
mod certificates;
mod contracts;
mod crowds;
mod disabled;
mod exams;
mod file;
mod health_check;
mod labels;
mod look;
mod medical;
mod memory;
mod money;
mod outcome;
mod plan;
mod refunds;
mod roster;
mod services;
mod totals;
mod vocabulary;

use std::path::Path;

use mingbai_domain::Fen;
use mingbai_sheets::profiles::{
    AidDraft, BillDraft, CertificateDraft, ContractDraft, CrowdDraft, DisabledDraft, EnrolmentDraft, ExamDraft,
    HealthCheckDraft, RosterDraft, ScreeningDraft, ServiceDraft, VisitDraft,
};
use mingbai_sheets::write::{RowsShown, problem_file};
use mingbai_sheets::{Batch, Profile, SheetDraft, SheetError, Workbook, extract};
use mingbai_store::EntryNo;

use crate::command::Bytes;
use crate::dto::{
    Empty, ImportAnswers, ImportCounts, ImportHistory, ImportHistoryRow, ImportLook, ImportLookRequest, ImportRequest,
    ImportView, RowOutcome, SheetKind, UndoRequest, UndoView,
};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, author, local_time};
use crate::record::{BATCH, action_label};
pub(crate) use absent::{decide as decide_absent, list as list_absent};
pub(crate) use file::OpenSheet;
use file::{Basis, Tried};
use plan::{Made, Plan};
use vocabulary::Told;

impl From<SheetError> for AppError {
    fn from(error: SheetError) -> Self {
        let code = match &error {
            SheetError::Write { .. } => ErrorCode::Storage,
            _ => ErrorCode::NotASheet,
        };
        Self::new(code, error.to_string()).detail(error.code())
    }
}

/// Names of absent people a view tells at most; their number is always told.
const MOST_ABSENT: usize = 200;

/// Calls a generic function with the draft type of a kind of sheet.
macro_rules! with_draft {
    ($kind:expr, $call:ident ( $($argument:expr),* )) => {
        match $kind {
            SheetKind::Roster => $call::<RosterDraft>($($argument),*),
            SheetKind::Screening => $call::<ScreeningDraft>($($argument),*),
            SheetKind::Contracts => $call::<ContractDraft>($($argument),*),
            SheetKind::Visits => $call::<VisitDraft>($($argument),*),
            SheetKind::Enrolments => $call::<EnrolmentDraft>($($argument),*),
            SheetKind::Bills => $call::<BillDraft>($($argument),*),
            SheetKind::Exams => $call::<ExamDraft>($($argument),*),
            SheetKind::Disabled => $call::<DisabledDraft>($($argument),*),
            SheetKind::Aid => $call::<AidDraft>($($argument),*),
            SheetKind::Certificates => $call::<CertificateDraft>($($argument),*),
            SheetKind::Crowds => $call::<CrowdDraft>($($argument),*),
            SheetKind::HealthCheck => $call::<HealthCheckDraft>($($argument),*),
            SheetKind::Services => $call::<ServiceDraft>($($argument),*),
        }
    };
}

/// Every kind of sheet.
const KINDS: [SheetKind; 13] = [
    SheetKind::Roster,
    SheetKind::Screening,
    SheetKind::Contracts,
    SheetKind::Visits,
    SheetKind::Enrolments,
    SheetKind::Bills,
    SheetKind::Exams,
    SheetKind::Disabled,
    SheetKind::Aid,
    SheetKind::Certificates,
    SheetKind::Crowds,
    SheetKind::HealthCheck,
    SheetKind::Services,
];

/// The columns of a kind of sheet.
fn profile_of(kind: SheetKind) -> &'static Profile {
    fn profile<D: Planned>() -> &'static Profile {
        D::PROFILE
    }
    with_draft!(kind, profile())
}

/// Whom a row speaks of, as far as it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Named<'d> {
    /// The citizen id, where it is one.
    pub(crate) id: Option<&'d str>,
    pub(crate) household: &'d str,
    pub(crate) name: &'d str,
}

/// A draft that knows how to become a plan.
pub(crate) trait Planned: SheetDraft {
    /// The columns whose cells hold labels.
    const TOLD: &'static [Told];
    /// Keys of columns that are read and for which the register has no place.
    const NOT_KEPT: &'static [&'static str];

    /// What will happen with each accepted row.
    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError>;

    /// Whom the row speaks of.
    fn named(&self) -> Named<'_>;

    /// Amounts that are summed over the file, always the same ones in the same order.
    fn amounts(&self) -> Vec<(&'static str, Option<Fen>)> {
        Vec::new()
    }
}

pub(crate) fn look(context: &mut Context<'_>, request: ImportLookRequest) -> Result<ImportLook, AppError> {
    let workbook = file::open(context, &request.path)?;
    with_draft!(request.kind, looked(context, &request, &workbook))
}

fn looked<D: Planned>(
    context: &mut Context<'_>,
    request: &ImportLookRequest,
    workbook: &Workbook,
) -> Result<ImportLook, AppError> {
    look::look::<D>(context, request, workbook)
}

pub(crate) fn answer(context: &mut Context<'_>, request: ImportAnswers) -> Result<ImportLook, AppError> {
    let workbook = file::open(context, &request.path)?;
    with_draft!(request.kind, answered(context, &request, &workbook))
}

fn answered<D: Planned>(
    context: &mut Context<'_>,
    request: &ImportAnswers,
    workbook: &Workbook,
) -> Result<ImportLook, AppError> {
    look::answer::<D>(context, request, workbook)
}

pub(crate) fn sheet(context: &mut Context<'_>, request: ImportRequest) -> Result<ImportView, AppError> {
    let workbook = file::open(context, &request.path)?;
    with_draft!(request.kind, take_in(context, &request, &workbook))
}

/// What the rows of a file say, read as the clerk taught.
fn rows_of<D: Planned>(context: &Context<'_>, workbook: &Workbook) -> Result<Batch<D>, AppError> {
    Ok(extract::<D>(workbook, &memory::recall(context.read()?, D::PROFILE, D::TOLD)?)?)
}

fn take_in<D: Planned>(
    context: &mut Context<'_>,
    request: &ImportRequest,
    workbook: &Workbook,
) -> Result<ImportView, AppError> {
    let basis = Basis::of::<D>(context, request.kind)?;
    let (plan, mut view) = match file::tried(context, &basis)? {
        Some(tried) => (tried.plan, tried.view),
        None => planned::<D>(context, request.kind, workbook)?,
    };
    view.dry_run = request.dry_run;
    if request.dry_run {
        file::keep(context, Tried { basis, plan, view: view.clone() })?;
        return Ok(view);
    }
    let kept = absent::KeptList::read(context.read()?)?;
    let after = plan.roster.then(|| kept.after(&plan, &view.file, context.host.today()));
    let action = format!("import_{}", D::PROFILE.key);
    let reason = format!(
        "{}：新增{}、变更{}、相同{}、拒收{}",
        view.file, view.counts.new, view.counts.changed, view.counts.same, view.counts.rejected
    );
    let committed = context.commit(&action, Some(&reason), |txn| {
        if let Some(after) = &after {
            after.keep(txn)?;
        }
        plan.carry_out(txn, &mut Made::default())
    })?;
    view.entry = committed.entry.map(|written| written.entry.0);
    if let (Some(entry), Some(_)) = (view.entry, after) {
        kept.keep_before(&mut context.opened_mut()?.store, entry)?;
    }
    context.opened_mut()?.sheet = None;
    Ok(view)
}

/// What will become of a file, and how it is told.
fn planned<D: Planned>(
    context: &mut Context<'_>,
    kind: SheetKind,
    workbook: &Workbook,
) -> Result<(Plan, ImportView), AppError> {
    let batch = rows_of::<D>(context, workbook)?;
    let plan = D::plan(context, &batch)?;
    let rows = outcome::rows(&plan, &batch);
    let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count() as i64;
    let counts = ImportCounts {
        read: batch.counts.data as i64,
        new: count(RowOutcome::New),
        changed: count(RowOutcome::Changed),
        same: count(RowOutcome::Same),
        rejected: count(RowOutcome::Rejected),
    };
    if counts.read != counts.new + counts.changed + counts.same + counts.rejected {
        return Err(AppError::new(ErrorCode::Internal, "导入的行数对不上，没有写入，原有数据没有变。请把文件交给县里"));
    }
    let view = ImportView {
        kind,
        file: workbook.name.clone(),
        sheet: batch.headers.iter().map(|h| h.sheet.as_str()).collect::<Vec<_>>().join("、"),
        header_row: batch.headers.first().map_or(0, |h| h.header.row as i64 + 1),
        dry_run: true,
        counts,
        totals: plan.totals.clone(),
        sums: totals::sums(&plan, &batch),
        homes: totals::homes(context.read()?, &rows)?,
        remarks: totals::disagreement(&plan, workbook, &batch)
            .into_iter()
            .chain(outcome::remarks(&batch))
            .chain(plan.remarks.iter().cloned())
            .collect(),
        absent: plan.absent.len() as i64,
        absent_people: plan.absent.iter().take(MOST_ABSENT).map(|gone| gone.told.clone()).collect(),
        rows,
        entry: None,
    };
    Ok((plan, view))
}

pub(crate) fn problems(context: &mut Context<'_>, request: ImportRequest) -> Result<Bytes, AppError> {
    fn write<D: Planned>(context: &mut Context<'_>, workbook: &Workbook) -> Result<Bytes, AppError> {
        let batch = rows_of::<D>(context, workbook)?;
        let plan = D::plan(context, &batch)?;
        let batch = outcome::with_rejections(batch, &plan);
        let created = context.host.today().and_time(chrono::NaiveTime::MIN);
        let data = problem_file(workbook, &batch, RowsShown::WithProblems, created)?;
        let stem = Path::new(&workbook.name).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Bytes {
            mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            name: format!("问题_{stem}.xlsx"),
            data,
        })
    }
    let workbook = file::open(context, &request.path)?;
    with_draft!(request.kind, write(context, &workbook))
}

/// Files with people's data that went out of this PC: listed with what came in, and nothing to undo.
const GIVEN: [&str; 7] =
    ["list_xlsx", "quality_xlsx", "compare_xlsx", "visit_list_print", "away_print", "agreement_print", "tally_write"];

pub(crate) fn history(context: &mut Context<'_>, _: Empty) -> Result<ImportHistory, AppError> {
    const MOST: u64 = 200;
    let reading = context.read()?;
    let mut told = reading.own_actions("import_", MOST)?;
    told.extend(reading.own_actions(BATCH, MOST)?);
    told.extend(reading.own_actions("action_undo", MOST)?);
    for given in GIVEN {
        told.extend(reading.own_actions(given, MOST)?);
    }
    told.sort_by_key(|action| std::cmp::Reverse(action.millis));
    let rows = told.into_iter().map(|action| ImportHistoryRow {
        entry: action.entry,
        at: local_time(context.host, action.millis),
        who: action.who,
        undoable: action.action != "action_undo" && !GIVEN.contains(&action.action.as_str()) && !action.undone,
        action: action_label(&action.action).to_owned(),
        detail: action.reason.unwrap_or_default(),
        records: action.records as i64,
    });
    Ok(ImportHistory { rows: rows.collect() })
}

/// All of an import is taken back or nothing: what somebody changed since is named in the refusal.
pub(crate) fn undo(context: &mut Context<'_>, request: UndoRequest) -> Result<UndoView, AppError> {
    // Only a sheet taken in on this PC is undone here: setting up, packs and bundles have consequences of their own.
    const ALL: u64 = 100_000;
    let mut known = context.read()?.own_actions("import_", ALL)?;
    known.extend(context.read()?.own_actions(BATCH, ALL)?);
    let Some(import) = known.into_iter().find(|action| action.entry == request.entry) else {
        return Err(AppError::new(ErrorCode::NotFound, "没有找到这次导入，没有撤销任何内容。请在“导入记录”里选择"));
    };
    if import.undone {
        return Err(AppError::new(ErrorCode::Conflict, "这次导入早就撤销了，没有再撤销一次"));
    }
    let host = context.host;
    let told = import.reason.unwrap_or_default();
    let reason = format!("{} {} {told}", local_time(host, import.millis), action_label(&import.action));
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let open = context.opened_mut()?;
    let author = author(host, Some(crate::session::actor(open)), &random);
    let committed = open.store.undo(&author, EntryNo(request.entry), Some(&reason))?;
    let undone = committed.entry.map_or(0, |written| written.touched.len() as i64);
    absent::taken_back(&mut open.store, request.entry)?;
    Ok(UndoView { undone })
}
