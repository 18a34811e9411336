//! The command table: every command declared once. From it come the router, the CLI's `call`, the TypeScript client and
//! the tags on which the screens refetch.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::dto;
use crate::error::{AppError, ErrorCode};
use crate::office::Context;
use crate::typescript::Types;
use crate::work::Work;

/// Who may run a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Anybody at the keyboard: nothing of the register is shown.
    Anybody,
    /// Everybody who is logged in.
    Read,
    /// Clerks, heads and the county; not auditors.
    Write,
    /// Heads and the county.
    Head,
    /// The county office only.
    County,
}

/// What a command reads or makes stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// Who is logged in, operators, the office.
    Session,
    /// Households, people, status, causes.
    Households,
    /// Diagnoses, contracts, visits.
    Medical,
    /// Bills, enrolments, packs.
    Money,
    /// Cards issued.
    Cards,
    /// Lists of other offices, what differs, what was decided.
    Compare,
    /// Bundles, confirmations, conflicts.
    Exchange,
    /// Backups, verification.
    System,
}

/// A file as an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes {
    /// Media type.
    pub mime: &'static str,
    /// Suggested file name.
    pub name: String,
    /// Content.
    pub data: Vec<u8>,
}

type JsonRun = fn(&mut Context<'_>, Value) -> Result<Value, AppError>;
type BesideRun = fn(&Work, Value) -> Result<Value, AppError>;
type BytesRun = fn(&mut Context<'_>, Value) -> Result<Bytes, AppError>;

/// How a command answers.
#[derive(Clone, Copy)]
pub enum Run {
    /// With JSON.
    Json(JsonRun),
    /// With a file.
    Bytes(BytesRun),
    /// With JSON, beside the office: about the command that runs, without waiting for it.
    Beside(BesideRun),
}

/// One command.
pub struct Command {
    /// `noun_verb`.
    pub name: &'static str,
    /// `query`, `mutation` or `bytes`.
    pub kind: &'static str,
    /// TypeScript name of the request.
    pub request: &'static str,
    /// TypeScript name of the response.
    pub response: &'static str,
    /// Who may run it.
    pub permission: Permission,
    /// For a query: what it reads. For a mutation: what it makes stale.
    pub tags: &'static [Tag],
    /// The body.
    pub run: Run,
}

/// The command with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

fn request<T: DeserializeOwned>(payload: Value) -> Result<T, AppError> {
    let wrong =
        |why: String| AppError::new(ErrorCode::InvalidRequest, "请求的内容不完整或格式不对，没有执行").detail(why);
    let payload = match payload {
        Value::Null => Value::Object(serde_json::Map::new()),
        // A list of values would be taken for the fields in their order.
        Value::Object(_) => payload,
        other => return Err(wrong(format!("not an object: {other}"))),
    };
    serde_json::from_value(payload).map_err(|error| wrong(error.to_string()))
}

fn answer<T: Serialize>(response: &T) -> Result<Value, AppError> {
    serde_json::to_value(response)
        .map_err(|error| AppError::new(ErrorCode::Internal, "结果无法输出").detail(error.to_string()))
}

macro_rules! commands {
    ($( $kind:ident $name:ident = $module:ident :: $body:ident ($request:ident) -> $response:ident, $permission:ident, [$($tag:ident),*]; )*) => {
        /// Every command, in the order of the screens.
        pub const COMMANDS: &[Command] = &[ $( Command {
            name: stringify!($name),
            kind: stringify!($kind),
            request: stringify!($request),
            response: stringify!($response),
            permission: Permission::$permission,
            tags: &[$(Tag::$tag),*],
            run: commands!(@run $kind $module $body $request),
        }, )* ];

        /// Shows every request and response type to the binding writer.
        pub(crate) fn visit_types(types: &mut Types) {
            $( types.add::<dto::$request>(); commands!(@response types $kind $response); )*
        }
    };
    (@response $types:ident bytes $response:ident) => {};
    (@response $types:ident $kind:ident $response:ident) => { $types.add::<dto::$response>(); };
    (@run bytes $module:ident $body:ident $request:ident) => {
        Run::Bytes(|context, payload| crate::$module::$body(context, request::<dto::$request>(payload)?))
    };
    (@run $kind:ident work $body:ident $request:ident) => {
        Run::Beside(|work, payload| answer(&crate::work::$body(work, request::<dto::$request>(payload)?)?))
    };
    (@run $kind:ident $module:ident $body:ident $request:ident) => {
        Run::Json(|context, payload| answer(&crate::$module::$body(context, request::<dto::$request>(payload)?)?))
    };
}

commands! {
    query setup_status = session::status(Empty) -> SetupStatus, Anybody, [Session];
    mutation setup_office = session::set_up(SetupRequest) -> SetupDone, Anybody, [Session, Households, Medical, Money, Cards, Exchange, System];
    mutation session_login = session::login(LoginRequest) -> SessionView, Anybody, [Session, Households, Medical, Money, Cards, Exchange, System];
    mutation session_recover = session::recover(RecoverRequest) -> SessionView, Anybody, [Session, Households, Medical, Money, Cards, Exchange, System];
    mutation session_lock = session::lock(Empty) -> Empty, Anybody, [Session];
    query session_get = session::get(Empty) -> SessionView, Read, [Session];
    query operator_list = session::operators(Empty) -> OperatorList, Read, [Session];
    mutation operator_add = session::add_operator(OperatorAddRequest) -> OperatorView, Head, [Session];
    mutation password_change = session::change_password(PasswordChangeRequest) -> Empty, Read, [Session];

    query desk_get = desk::get(Empty) -> DeskView, Read, [Households, Medical, Money, Cards, Exchange];
    query worklist_get = desk::worklist(WorklistRequest) -> WorklistView, Read, [Households, Medical, Money, Cards, Exchange];
    query foot_get = system::foot(Empty) -> FootView, Read, [Session, Households, Medical, Money, Cards, Exchange, System];

    query village_list = household::villages(Empty) -> VillageList, Read, [Households];
    query household_list = household::list(HouseholdListRequest) -> HouseholdList, Read, [Households, Medical, Money];
    query household_get = household::get(IdRequest) -> HouseholdView, Read, [Households, Medical, Money, Cards];
    query team_list = record::teams(Empty) -> TeamList, Read, [Medical];
    query person_get = person::get(IdRequest) -> PersonView, Read, [Households, Medical, Money];
    mutation person_unmask = person::unmask(UnmaskRequest) -> UnmaskView, Write, [System];
    query record_get = record::get(RecordRequest) -> RecordValues, Write, [Households, Medical, Money];
    mutation record_save = record::save(RecordSaveRequest) -> RecordSaved, Write, [Households, Medical, Money, Cards, Exchange];
    query record_history = record::history(RecordRequest) -> HistoryView, Read, [Households, Medical, Money, Cards, Exchange];
    query search = search::find(SearchRequest) -> SearchView, Read, [Households];
    query code_table = record::code_table(CodeTableRequest) -> CodeTableView, Anybody, [System];

    mutation draft_keep = draft::keep(DraftRequest) -> Empty, Write, [];
    mutation draft_drop = draft::drop(FormKey) -> Empty, Write, [];
    query draft_list = draft::list(Empty) -> DraftList, Read, [];
    query form_start = draft::start(FormKey) -> FormStart, Write, [];
    query person_like = person_like::find(LikeRequest) -> LikeList, Read, [Households];
    query disease_find = disease::find(DiseaseRequest) -> DiseaseList, Read, [];
    query certificate_evidence = certificate::evidence(EvidenceRequest) -> EvidenceView, Read, [Money];
    query area_of = division::area(AreaRequest) -> AreaView, Anybody, [];
    query division_list = division::list(DivisionRequest) -> DivisionList, Anybody, [];
    mutation village_adopt = division::adopt(AdoptRequest) -> AdoptView, Write, [Households, Exchange];
    query quick_look = quick::look(QuickRequest) -> QuickView, Read, [];

    query view_get = grid::view(ViewRequest) -> GridView, Read, [];
    mutation view_keep = grid::keep_view(ViewKeepRequest) -> Empty, Read, [];
    bytes list_xlsx = grid::xlsx(ListFileRequest) -> Bytes, Write, [];
    query narrow_choices = narrow::choices(Empty) -> NarrowChoices, Read, [];
    query record_choices = record::choices(ChoicesRequest) -> RecordChoices, Write, [Households, Medical];
    mutation member_move = member_move::run(MemberMoveRequest) -> MemberMoved, Write, [Households, Medical, Money, Cards, Exchange];

    query visit_due = visit::due(VisitDueRequest) -> VisitDueList, Read, [Households, Medical];
    mutation visit_due_print = visit::due_print(VisitDueRequest) -> ReportFile, Write, [];
    query visit_sheet = visit::sheet(VisitSheetRequest) -> VisitSheet, Write, [Households, Medical];
    query visit_propose = visit::propose(VisitProposeRequest) -> VisitProposal, Write, [];
    mutation record_save_many = record::save_many(RecordBatchRequest) -> RecordBatchSaved, Write, [Households, Medical, Money, Cards, Exchange];

    query tally_list = tally::list(Empty) -> TallyList, Read, [];
    query tally_get = tally::get(TallyRequest) -> TallyView, Read, [Households, Medical, Money];
    query tally_people = tally::people(TallyCellRequest) -> WorklistView, Read, [Households, Medical, Money];
    mutation tally_write = tally::write(TallyRequest) -> ReportFile, Write, [];
    query away_list = contract::away_list(VillageRequest) -> AwayList, Read, [Households, Medical];
    mutation away_print = contract::away_print(VillageRequest) -> ReportFile, Write, [];
    mutation agreement_print = contract::agreement_print(AgreementRequest) -> ReportFile, Write, [];
    query renewal_list = contract::renewals(VillageRequest) -> RenewalList, Read, [Households, Medical];
    mutation platform_mark = contract::mark(PlatformMarkRequest) -> RecordBatchSaved, Write, [Medical, Exchange];
    query exam_sheet = visit::exam_sheet(ExamSheetRequest) -> VisitSheet, Write, [Households, Medical];

    mutation import_sheet = import::sheet(ImportRequest) -> ImportView, Write, [Households, Medical, Money, Cards, Exchange];
    query import_look = import::look(ImportLookRequest) -> ImportLook, Write, [];
    mutation import_answer = import::answer(ImportAnswers) -> ImportLook, Write, [];
    query absent_list = import::list_absent(AbsentRequest) -> AbsentList, Read, [Households];
    mutation absent_decide = import::decide_absent(AbsentDecision) -> AbsentDone, Write, [Households, Medical, Money, Cards, Exchange];
    bytes import_problems = import::problems(ImportRequest) -> Bytes, Write, [];
    query import_history = import::history(Empty) -> ImportHistory, Read, [Households, Medical, Money];
    mutation import_undo = import::undo(UndoRequest) -> UndoView, Write, [Households, Medical, Money, Cards, Exchange];

    query bill_list = bill::list(BillListRequest) -> BillList, Read, [Money, Households];
    query bill_explain = bill::explain(IdRequest) -> BillExplanation, Read, [Money, Households];
    query bill_form = bill::form(BillFormRequest) -> BillForm, Write, [Money, Households];
    query bill_check = bill::check(BillTyped) -> BillCheck, Write, [Money, Households];
    mutation bill_save = bill::save(BillSaveRequest) -> BillSaved, Write, [Households, Medical, Money, Cards, Exchange];
    query person_year = bill::person_year(PersonYearRequest) -> PersonYear, Read, [Money, Households];
    query claim_list = claim::list(ClaimListRequest) -> ClaimList, Read, [Money, Households];
    query claim_groups = claim::groups(ClaimGroupRequest) -> ClaimGroups, Read, [Money, Households];
    mutation claim_letter = claim::letter(ClaimLetterRequest) -> ClaimLetter, Write, [Money, Households, Exchange];
    mutation claim_note = claim::note(ClaimNoteRequest) -> ClaimNoted, Write, [Money, Households, Exchange];
    query bill_settle = pack::settle(SettleRequest) -> SettleView, Anybody, [];
    query pack_list = pack::list(Empty) -> PackList, Read, [Money];
    query pack_get = pack::get(IdRequest) -> PackView, Read, [Money];
    query pack_check = pack::check(PackCheckRequest) -> PackCheck, Anybody, [];
    bytes pack_sheet = pack::sheet(PackTextRequest) -> Bytes, Anybody, [];
    query pack_shipped = pack::shipped(Empty) -> PackOfferList, County, [Money];
    query pack_read = pack::read(FileRequest) -> PackOffer, County, [Money];
    query pack_draft_get = pack::draft(IdRequest) -> PackDraftView, County, [Money];
    mutation pack_draft_save = pack::save_draft(PackDraftSaveRequest) -> PackDraftView, County, [Money];
    mutation pack_draft_send = pack::send_draft(IdRequest) -> PackDraftView, County, [Money];
    mutation pack_draft_drop = pack::drop_draft(IdRequest) -> Empty, County, [Money];
    mutation pack_review = pack::review(PackReviewRequest) -> PackStanding, County, [Money];
    mutation pack_sheet_print = pack::print_sheet(PackTextRequest) -> ReportFile, County, [];
    mutation pack_activate = pack::activate(PackActivateRequest) -> PackRow, County, [Money, Cards];
    mutation pack_end = pack::end(PackEndRequest) -> Empty, County, [Money, Cards];
    mutation pack_withdraw = pack::withdraw(IdRequest) -> Empty, County, [Money, Cards];
    query county_list_get = county_list::get(Empty) -> CountyListView, Read, [Money];
    mutation county_list_put = county_list::put(CountyListPutRequest) -> Empty, County, [Households, Medical, Money, Exchange];
    mutation county_list_withdraw = county_list::withdraw(IdRequest) -> Empty, County, [Households, Medical, Money, Exchange];

    query warning_area = warning::area(WarningRequest) -> WarningArea, Read, [Money, Households];
    query warning_list = warning::list(WarningListRequest) -> WarningList, Read, [Money, Households];
    query admission_plan = what_if::plan(PlanRequest) -> PlanView, Read, [Money, Households];
    mutation admission_plan_print = what_if::print(PlanRequest) -> ReportFile, Write, [];
    query work_get = work::get(Empty) -> WorkState, Anybody, [];
    mutation work_stop = work::stop(Empty) -> WorkState, Anybody, [];
    query pack_resettle = resettle::run(ResettleRequest) -> ResettleView, County, [];
    mutation pack_resettle_write = resettle::write(ResettleRequest) -> ReportFile, County, [];
    query insured_table = insured::table(InsuredTableRequest) -> TallyView, Read, [Money, Households];
    query insured_people = insured::people(InsuredPeopleRequest) -> InsuredPeople, Read, [Money, Households];
    query insured_sheet = insured::sheet(InsuredSheetRequest) -> InsuredSheet, Write, [Money, Households];
    mutation insured_write = insured::write(InsuredTableRequest) -> ReportFile, Write, [];

    query card_village_list = card::villages(Empty) -> CardVillageList, Read, [Cards, Households, Money, Medical];
    query card_household_list = card::households(VillageRequest) -> CardHouseholdList, Read, [Cards, Households, Money, Medical];
    query card_preview = card::preview(CardPreviewRequest) -> CardPreview, Read, [Cards, Households, Money, Medical];
    mutation card_print = card::print(CardPrintRequest) -> CardPrintView, Write, [Cards, Exchange];
    bytes card_pdf = card::pdf(CardPrintRequest) -> Bytes, Read, [];
    mutation card_sign = card::sign(CardSignRequest) -> Empty, Write, [Cards, Exchange];

    query quality_get = quality::get(Empty) -> QualityView, Read, [Households, Medical, Money, Cards, Exchange];
    query quality_rows = quality::rows(QualityRowsRequest) -> QualityRows, Read, [Households, Medical, Money, Cards, Exchange];
    mutation quality_decide = quality::decide(QualityDecideRequest) -> QualityDecided, Write, [Households, Exchange];
    mutation quality_undo = quality::undo(UndoRequest) -> UndoView, Write, [Households, Exchange];
    bytes quality_xlsx = quality::xlsx(QualityRowsRequest) -> Bytes, Write, [];

    query village_get = village_work::get(IdRequest) -> VillageView, Read, [Households, Medical];
    query issue_list = village_work::issues(IssueListRequest) -> IssueList, Read, [Households];
    mutation issue_close = village_work::close(IssueCloseRequest) -> RecordSaved, Write, [Households, Exchange];
    mutation home_visit_save_many = village_work::visit_many(HomeVisitBatch) -> RecordBatchSaved, Write, [Households, Exchange];
    mutation material_hand_out = village_work::hand_out(MaterialHandOut) -> RecordBatchSaved, Write, [Households, Exchange];
    query activity_list = village_work::activities(ActivityListRequest) -> ActivityList, Read, [Households];
    mutation village_join = village_change::join(VillageJoinRequest) -> VillageMoved, County, [Households, Medical, Money, Cards, Exchange];
    mutation village_split = village_change::split(VillageSplitRequest) -> VillageMoved, County, [Households, Medical, Money, Cards, Exchange];
    query campaign_list = campaign::list(Empty) -> CampaignList, Read, [Households, Exchange];
    query campaign_get = campaign::get(CampaignRequest) -> CampaignView, Read, [Households, Medical, Money, Exchange];
    query submission_list = submission::list(Empty) -> SubmissionList, Read, [Households, Exchange];
    mutation submission_file = submission::file(SubmissionFileRequest) -> SubmissionFiled, Write, [Households, Exchange];
    mutation submission_seal = submission::seal(SubmissionSealRequest) -> Empty, Write, [Households, Exchange];
    query lead_list = lead::list(Empty) -> LeadList, Read, [Households, Money, Compare, Exchange];
    mutation lead_take = lead::take(LeadTakeRequest) -> LeadTaken, Write, [Households, Exchange];
    mutation lead_report = lead::report(LeadReportRequest) -> ReportFile, Write, [Households, Exchange];

    query report_list = report::list(Empty) -> ReportList, Read, [];
    query report_view = report::view(ReportRequest) -> ReportView, Read, [Households, Medical];
    bytes report_xlsx = report::xlsx(ReportRequest) -> Bytes, Read, [];
    mutation report_write = report::write(ReportRequest) -> ReportFile, Read, [];
    mutation report_print = report::print(ReportRequest) -> ReportFile, Read, [];

    query compare_lists = compare::lists(Empty) -> CompareLists, Read, [Compare, Exchange];
    mutation compare_take = compare::take(CompareTakeRequest) -> CompareListRow, Write, [Compare];
    mutation compare_forget = compare::forget(CompareForgetRequest) -> Empty, Write, [Compare];
    mutation compare_run = compare::run(CompareRunRequest) -> CompareView, Write, [Compare, Exchange];
    query compare_get = compare::get(CompareRunRequest) -> CompareView, Read, [Compare, Exchange];
    query compare_rows = compare::rows(CompareRowsRequest) -> CompareRows, Read, [Compare, Exchange];
    mutation compare_decide = compare::decide(CompareDecideRequest) -> CompareDecided, Write, [Compare, Households, Exchange];
    bytes compare_xlsx = compare::xlsx(CompareXlsxRequest) -> Bytes, Write, [];

    query exchange_status = exchange::status(Empty) -> ExchangeStatus, Read, [Exchange, Households, Medical, Money, Cards];
    query exchange_drives = exchange::drives(Empty) -> DriveList, Read, [Exchange];
    query exchange_folder = exchange::look_into(FolderRequest) -> FolderView, Read, [Exchange];
    mutation exchange_export = exchange::export(ExportRequest) -> ExportView, Write, [Exchange];
    query exchange_preview = exchange::preview(FileRequest) -> BundlePreview, Read, [Exchange];
    mutation exchange_import = exchange::import(FileRequest) -> BundleReport, Write, [Households, Medical, Money, Cards, Exchange];
    mutation waiting_leave = exchange::give_up(WaitingRequest) -> Empty, Write, [Exchange];
    mutation township_compare = exchange::compare(TownshipRequest) -> TownshipCompared, County, [Exchange];
    query exchange_inspect = exchange::inspect(FileRequest) -> BundleInspection, Anybody, [];
    query aside_list = exchange::aside(Page) -> AsideList, Read, [Exchange];
    mutation aside_retry = exchange::retry(AsideRequest) -> AsideAnswer, Write, [Households, Medical, Money, Cards, Exchange];
    mutation aside_adopt = exchange::adopt(AsideDecision) -> AsideAnswer, County, [Households, Medical, Money, Cards, Exchange];
    mutation aside_leave = exchange::leave(AsideDecision) -> Empty, Write, [Exchange];
    query conflict_list = exchange::conflicts(Page) -> ConflictList, Read, [Exchange];
    query conflict_decided = exchange::decided(Empty) -> DecidedList, Read, [Exchange];
    bytes conflict_decided_xlsx = exchange::decided_xlsx(Empty) -> Bytes, Read, [];
    mutation conflict_resolve = exchange::resolve(ConflictResolveRequest) -> Empty, Write, [Households, Medical, Money, Cards, Exchange];
    query doubt_list = exchange::doubts(Page) -> DoubtList, Read, [Exchange, Households];
    mutation doubt_settle = exchange::settle(DoubtSettleRequest) -> Empty, County, [Households, Medical, Money, Cards, Exchange];
    mutation person_merge = exchange::merge(PersonMergeRequest) -> Empty, County, [Households, Medical, Money, Cards, Exchange];
    mutation person_unmerge = exchange::unmerge(PersonUnmergeRequest) -> Empty, County, [Households, Medical, Money, Cards, Exchange];
    mutation enrolment_request = enrolment::request(EnrolmentRequestRequest) -> EnrolmentRequestView, Head, [Exchange];
    query enrolment_inspect = enrolment::inspect(FileRequest) -> EnrolmentInspection, Read, [];
    mutation enrolment_approve = enrolment::approve(EnrolmentApproveRequest) -> EnrolmentApproved, County, [Exchange];
    mutation enrolment_accept = enrolment::accept(EnrolmentAcceptRequest) -> SessionView, Head, [Session, Exchange];

    query trust_get = trust::get(Empty) -> TrustView, Read, [Exchange];
    mutation trust_write = trust::write(FolderRequest) -> FileMade, Write, [Exchange];
    mutation holder_make = trust::make_holder(HolderMakeRequest) -> FileMade, County, [Exchange];
    mutation root_propose = trust::propose(RootProposeRequest) -> RootProgress, County, [Exchange];
    mutation root_sign = trust::sign(RootSignRequest) -> RootProgress, County, [Exchange];
    mutation root_gather = trust::gather(FileRequest) -> RootProgress, County, [Exchange];
    mutation root_give_up = trust::give_up(Empty) -> Empty, County, [Exchange];
    mutation root_write = trust::write_root(FolderRequest) -> FileMade, County, [];
    query root_inspect = trust::inspect_root(FileRequest) -> RootInspection, Anybody, [];
    mutation root_countersign = trust::countersign(RootCountersignRequest) -> FileMade, Anybody, [];
    mutation device_retire = trust::retire(DeviceRetireRequest) -> Empty, County, [Exchange];
    mutation device_renew = trust::renew(EnrolmentRequestRequest) -> EnrolmentRequestView, Head, [Exchange];
    mutation recovery_renew = trust::renew_recovery(Empty) -> RecoveryCodeView, Head, [System];
    query recovery_inspect = trust::inspect_recovery(RecoveryInspectRequest) -> RecoveryView, Anybody, [];
    mutation office_recover = trust::recover(OfficeRecoverRequest) -> SetupDone, Anybody, [Session, Households, Medical, Money, Cards, Exchange, System];

    query ledger_verify = system::verify(Empty) -> VerifyView, Read, [System];
    mutation ledger_rebuild = system::rebuild(Empty) -> RebuildView, Head, [Session, Households, Medical, Money, Cards, Exchange, System];
    mutation backup_make = system::backup(BackupRequest) -> BackupView, Read, [System];
    query restore_list = restore::list(RestoreListRequest) -> RestoreList, Anybody, [];
    mutation restore_office = restore::restore(RestoreRequest) -> RestoreDone, Anybody, [Session, Households, Medical, Money, Cards, Exchange, System];
}
