// Generated from the Rust declarations; `UPDATE_BINDINGS=1 cargo test -p mingbai-app` writes it anew.

import type { AsideAnswer, AsideDecision, AsideList, AsideRequest, BackupRequest, BackupView, BillExplanation, BillList, BillListRequest, BundleInspection, BundlePreview, BundleReport, CardHouseholdList, CardPreview, CardPreviewRequest, CardPrintRequest, CardPrintView, CardSignRequest, CardVillageList, CodeTableRequest, CodeTableView, CompareDecideRequest, CompareDecided, CompareForgetRequest, CompareListRow, CompareLists, CompareRows, CompareRowsRequest, CompareRunRequest, CompareTakeRequest, CompareView, CompareXlsxRequest, ConflictList, ConflictResolveRequest, DecidedList, DeskView, DeviceRetireRequest, DoubtList, DoubtSettleRequest, DriveList, Empty, EnrolmentAcceptRequest, EnrolmentApproveRequest, EnrolmentApproved, EnrolmentInspection, EnrolmentRequestRequest, EnrolmentRequestView, ExchangeStatus, ExportRequest, ExportView, FileMade, FileRequest, FolderRequest, FolderView, FootView, HistoryView, HolderMakeRequest, HouseholdList, HouseholdListRequest, HouseholdView, IdRequest, ImportHistory, ImportRequest, ImportView, LoginRequest, OfficeRecoverRequest, OperatorAddRequest, OperatorList, OperatorView, PackActivateRequest, PackDraft, PackDraftList, PackList, PackRow, Page, PasswordChangeRequest, PersonMergeRequest, PersonUnmergeRequest, PersonView, RebuildView, RecordBatchRequest, RecordBatchSaved, RecordRequest, RecordSaveRequest, RecordSaved, RecordValues, RecoverRequest, RecoveryCodeView, RecoveryInspectRequest, RecoveryView, ReportFile, ReportList, ReportRequest, ReportView, RestoreDone, RestoreList, RestoreListRequest, RestoreRequest, RootCountersignRequest, RootInspection, RootProgress, RootProposeRequest, RootSignRequest, SearchRequest, SearchView, SessionView, SettleRequest, SettleView, SetupDone, SetupRequest, SetupStatus, TeamList, TownshipCompared, TownshipRequest, TrustView, UndoRequest, UndoView, UnmaskRequest, UnmaskView, VerifyView, VillageList, VillageRequest, VisitDueList, VisitDueRequest, VisitProposal, VisitProposeRequest, VisitSheet, VisitSheetRequest, WaitingRequest, WorklistRequest, WorklistView } from "./types";

/** Commands that answer with JSON. */
export interface Commands {
  setup_status: { request: Empty; response: SetupStatus };
  setup_office: { request: SetupRequest; response: SetupDone };
  session_login: { request: LoginRequest; response: SessionView };
  session_recover: { request: RecoverRequest; response: SessionView };
  session_lock: { request: Empty; response: Empty };
  session_get: { request: Empty; response: SessionView };
  operator_list: { request: Empty; response: OperatorList };
  operator_add: { request: OperatorAddRequest; response: OperatorView };
  password_change: { request: PasswordChangeRequest; response: Empty };
  desk_get: { request: Empty; response: DeskView };
  worklist_get: { request: WorklistRequest; response: WorklistView };
  foot_get: { request: Empty; response: FootView };
  village_list: { request: Empty; response: VillageList };
  household_list: { request: HouseholdListRequest; response: HouseholdList };
  household_get: { request: IdRequest; response: HouseholdView };
  team_list: { request: Empty; response: TeamList };
  person_get: { request: IdRequest; response: PersonView };
  person_unmask: { request: UnmaskRequest; response: UnmaskView };
  record_get: { request: RecordRequest; response: RecordValues };
  record_save: { request: RecordSaveRequest; response: RecordSaved };
  record_history: { request: RecordRequest; response: HistoryView };
  search: { request: SearchRequest; response: SearchView };
  code_table: { request: CodeTableRequest; response: CodeTableView };
  visit_due: { request: VisitDueRequest; response: VisitDueList };
  visit_due_print: { request: VisitDueRequest; response: ReportFile };
  visit_sheet: { request: VisitSheetRequest; response: VisitSheet };
  visit_propose: { request: VisitProposeRequest; response: VisitProposal };
  record_save_many: { request: RecordBatchRequest; response: RecordBatchSaved };
  import_sheet: { request: ImportRequest; response: ImportView };
  import_history: { request: Empty; response: ImportHistory };
  import_undo: { request: UndoRequest; response: UndoView };
  bill_list: { request: BillListRequest; response: BillList };
  bill_explain: { request: IdRequest; response: BillExplanation };
  bill_settle: { request: SettleRequest; response: SettleView };
  pack_list: { request: Empty; response: PackList };
  pack_shipped: { request: Empty; response: PackDraftList };
  pack_read: { request: FileRequest; response: PackDraft };
  pack_withdraw: { request: IdRequest; response: Empty };
  pack_activate: { request: PackActivateRequest; response: PackRow };
  card_village_list: { request: Empty; response: CardVillageList };
  card_household_list: { request: VillageRequest; response: CardHouseholdList };
  card_preview: { request: CardPreviewRequest; response: CardPreview };
  card_print: { request: CardPrintRequest; response: CardPrintView };
  card_sign: { request: CardSignRequest; response: Empty };
  report_list: { request: Empty; response: ReportList };
  report_view: { request: ReportRequest; response: ReportView };
  report_write: { request: ReportRequest; response: ReportFile };
  compare_lists: { request: Empty; response: CompareLists };
  compare_take: { request: CompareTakeRequest; response: CompareListRow };
  compare_forget: { request: CompareForgetRequest; response: Empty };
  compare_run: { request: CompareRunRequest; response: CompareView };
  compare_get: { request: CompareRunRequest; response: CompareView };
  compare_rows: { request: CompareRowsRequest; response: CompareRows };
  compare_decide: { request: CompareDecideRequest; response: CompareDecided };
  exchange_status: { request: Empty; response: ExchangeStatus };
  exchange_drives: { request: Empty; response: DriveList };
  exchange_folder: { request: FolderRequest; response: FolderView };
  exchange_export: { request: ExportRequest; response: ExportView };
  exchange_preview: { request: FileRequest; response: BundlePreview };
  exchange_import: { request: FileRequest; response: BundleReport };
  waiting_leave: { request: WaitingRequest; response: Empty };
  township_compare: { request: TownshipRequest; response: TownshipCompared };
  exchange_inspect: { request: FileRequest; response: BundleInspection };
  aside_list: { request: Page; response: AsideList };
  aside_retry: { request: AsideRequest; response: AsideAnswer };
  aside_adopt: { request: AsideDecision; response: AsideAnswer };
  aside_leave: { request: AsideDecision; response: Empty };
  conflict_list: { request: Page; response: ConflictList };
  conflict_decided: { request: Empty; response: DecidedList };
  conflict_resolve: { request: ConflictResolveRequest; response: Empty };
  doubt_list: { request: Page; response: DoubtList };
  doubt_settle: { request: DoubtSettleRequest; response: Empty };
  person_merge: { request: PersonMergeRequest; response: Empty };
  person_unmerge: { request: PersonUnmergeRequest; response: Empty };
  enrolment_request: { request: EnrolmentRequestRequest; response: EnrolmentRequestView };
  enrolment_inspect: { request: FileRequest; response: EnrolmentInspection };
  enrolment_approve: { request: EnrolmentApproveRequest; response: EnrolmentApproved };
  enrolment_accept: { request: EnrolmentAcceptRequest; response: SessionView };
  trust_get: { request: Empty; response: TrustView };
  trust_write: { request: FolderRequest; response: FileMade };
  holder_make: { request: HolderMakeRequest; response: FileMade };
  root_propose: { request: RootProposeRequest; response: RootProgress };
  root_sign: { request: RootSignRequest; response: RootProgress };
  root_gather: { request: FileRequest; response: RootProgress };
  root_give_up: { request: Empty; response: Empty };
  root_write: { request: FolderRequest; response: FileMade };
  root_inspect: { request: FileRequest; response: RootInspection };
  root_countersign: { request: RootCountersignRequest; response: FileMade };
  device_retire: { request: DeviceRetireRequest; response: Empty };
  device_renew: { request: EnrolmentRequestRequest; response: EnrolmentRequestView };
  recovery_renew: { request: Empty; response: RecoveryCodeView };
  recovery_inspect: { request: RecoveryInspectRequest; response: RecoveryView };
  office_recover: { request: OfficeRecoverRequest; response: SetupDone };
  ledger_verify: { request: Empty; response: VerifyView };
  ledger_rebuild: { request: Empty; response: RebuildView };
  backup_make: { request: BackupRequest; response: BackupView };
  restore_list: { request: RestoreListRequest; response: RestoreList };
  restore_office: { request: RestoreRequest; response: RestoreDone };
}

/** Commands that answer with a file. */
export interface ByteCommands {
  import_problems: { request: ImportRequest };
  card_pdf: { request: CardPrintRequest };
  report_xlsx: { request: ReportRequest };
  compare_xlsx: { request: CompareXlsxRequest };
  conflict_decided_xlsx: { request: Empty };
}

export type Tag = "session" | "households" | "medical" | "money" | "cards" | "compare" | "exchange" | "system";

/** For a query the tags it reads, for a mutation the tags it makes stale. */
export const commands: Record<keyof Commands, { kind: "query" | "mutation"; tags: Tag[] }> = {
  setup_status: { kind: "query", tags: ["session"] },
  setup_office: { kind: "mutation", tags: ["session","households","medical","money","cards","exchange","system"] },
  session_login: { kind: "mutation", tags: ["session","households","medical","money","cards","exchange","system"] },
  session_recover: { kind: "mutation", tags: ["session","households","medical","money","cards","exchange","system"] },
  session_lock: { kind: "mutation", tags: ["session"] },
  session_get: { kind: "query", tags: ["session"] },
  operator_list: { kind: "query", tags: ["session"] },
  operator_add: { kind: "mutation", tags: ["session"] },
  password_change: { kind: "mutation", tags: ["session"] },
  desk_get: { kind: "query", tags: ["households","medical","money","cards","exchange"] },
  worklist_get: { kind: "query", tags: ["households","medical","money","cards","exchange"] },
  foot_get: { kind: "query", tags: ["session","households","medical","money","cards","exchange","system"] },
  village_list: { kind: "query", tags: ["households"] },
  household_list: { kind: "query", tags: ["households","medical","money"] },
  household_get: { kind: "query", tags: ["households","medical","money","cards"] },
  team_list: { kind: "query", tags: ["medical"] },
  person_get: { kind: "query", tags: ["households","medical","money"] },
  person_unmask: { kind: "mutation", tags: ["system"] },
  record_get: { kind: "query", tags: ["households","medical","money"] },
  record_save: { kind: "mutation", tags: ["households","medical","money","cards","exchange"] },
  record_history: { kind: "query", tags: ["households","medical","money","cards","exchange"] },
  search: { kind: "query", tags: ["households"] },
  code_table: { kind: "query", tags: ["system"] },
  visit_due: { kind: "query", tags: ["households","medical"] },
  visit_due_print: { kind: "mutation", tags: [] },
  visit_sheet: { kind: "query", tags: ["households","medical"] },
  visit_propose: { kind: "query", tags: [] },
  record_save_many: { kind: "mutation", tags: ["households","medical","money","cards","exchange"] },
  import_sheet: { kind: "mutation", tags: ["households","medical","money","cards","exchange"] },
  import_history: { kind: "query", tags: ["households","medical","money"] },
  import_undo: { kind: "mutation", tags: ["households","medical","money","cards","exchange"] },
  bill_list: { kind: "query", tags: ["money","households"] },
  bill_explain: { kind: "query", tags: ["money","households"] },
  bill_settle: { kind: "query", tags: [] },
  pack_list: { kind: "query", tags: ["money"] },
  pack_shipped: { kind: "query", tags: ["money"] },
  pack_read: { kind: "query", tags: ["money"] },
  pack_withdraw: { kind: "mutation", tags: ["money","cards"] },
  pack_activate: { kind: "mutation", tags: ["money","cards"] },
  card_village_list: { kind: "query", tags: ["cards","households","money","medical"] },
  card_household_list: { kind: "query", tags: ["cards","households","money","medical"] },
  card_preview: { kind: "query", tags: ["cards","households","money","medical"] },
  card_print: { kind: "mutation", tags: ["cards","exchange"] },
  card_sign: { kind: "mutation", tags: ["cards","exchange"] },
  report_list: { kind: "query", tags: [] },
  report_view: { kind: "query", tags: ["households","medical"] },
  report_write: { kind: "mutation", tags: [] },
  compare_lists: { kind: "query", tags: ["compare","exchange"] },
  compare_take: { kind: "mutation", tags: ["compare"] },
  compare_forget: { kind: "mutation", tags: ["compare"] },
  compare_run: { kind: "mutation", tags: ["compare","exchange"] },
  compare_get: { kind: "query", tags: ["compare","exchange"] },
  compare_rows: { kind: "query", tags: ["compare","exchange"] },
  compare_decide: { kind: "mutation", tags: ["compare","households","exchange"] },
  exchange_status: { kind: "query", tags: ["exchange","households","medical","money","cards"] },
  exchange_drives: { kind: "query", tags: ["exchange"] },
  exchange_folder: { kind: "query", tags: ["exchange"] },
  exchange_export: { kind: "mutation", tags: ["exchange"] },
  exchange_preview: { kind: "query", tags: ["exchange"] },
  exchange_import: { kind: "mutation", tags: ["households","medical","money","cards","exchange"] },
  waiting_leave: { kind: "mutation", tags: ["exchange"] },
  township_compare: { kind: "mutation", tags: ["exchange"] },
  exchange_inspect: { kind: "query", tags: [] },
  aside_list: { kind: "query", tags: ["exchange"] },
  aside_retry: { kind: "mutation", tags: ["households","medical","money","cards","exchange"] },
  aside_adopt: { kind: "mutation", tags: ["households","medical","money","cards","exchange"] },
  aside_leave: { kind: "mutation", tags: ["exchange"] },
  conflict_list: { kind: "query", tags: ["exchange"] },
  conflict_decided: { kind: "query", tags: ["exchange"] },
  conflict_resolve: { kind: "mutation", tags: ["households","medical","money","cards","exchange"] },
  doubt_list: { kind: "query", tags: ["exchange","households"] },
  doubt_settle: { kind: "mutation", tags: ["households","medical","money","cards","exchange"] },
  person_merge: { kind: "mutation", tags: ["households","medical","money","cards","exchange"] },
  person_unmerge: { kind: "mutation", tags: ["households","medical","money","cards","exchange"] },
  enrolment_request: { kind: "mutation", tags: ["exchange"] },
  enrolment_inspect: { kind: "query", tags: [] },
  enrolment_approve: { kind: "mutation", tags: ["exchange"] },
  enrolment_accept: { kind: "mutation", tags: ["session","exchange"] },
  trust_get: { kind: "query", tags: ["exchange"] },
  trust_write: { kind: "mutation", tags: ["exchange"] },
  holder_make: { kind: "mutation", tags: ["exchange"] },
  root_propose: { kind: "mutation", tags: ["exchange"] },
  root_sign: { kind: "mutation", tags: ["exchange"] },
  root_gather: { kind: "mutation", tags: ["exchange"] },
  root_give_up: { kind: "mutation", tags: ["exchange"] },
  root_write: { kind: "mutation", tags: [] },
  root_inspect: { kind: "query", tags: [] },
  root_countersign: { kind: "mutation", tags: [] },
  device_retire: { kind: "mutation", tags: ["exchange"] },
  device_renew: { kind: "mutation", tags: ["exchange"] },
  recovery_renew: { kind: "mutation", tags: ["system"] },
  recovery_inspect: { kind: "query", tags: [] },
  office_recover: { kind: "mutation", tags: ["session","households","medical","money","cards","exchange","system"] },
  ledger_verify: { kind: "query", tags: ["system"] },
  ledger_rebuild: { kind: "mutation", tags: ["session","households","medical","money","cards","exchange","system"] },
  backup_make: { kind: "mutation", tags: ["system"] },
  restore_list: { kind: "query", tags: [] },
  restore_office: { kind: "mutation", tags: ["session","households","medical","money","cards","exchange","system"] },
};
