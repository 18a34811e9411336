// Generated from the Rust declarations; `UPDATE_BINDINGS=1 cargo test -p mingbai-app` writes it anew.

export type AbsentDecided = { decision: Coded, on: string | null, reason: string, };

/**
 * One decision about people whom the roster does not name. Who has moved away leaves the household on that day, who has
 * died is registered as dead; nobody is deleted.
 */
export type AbsentDecision = { people: Array<string>, 
/**
 * Of the table difference_decision.
 */
decision: string, 
/**
 * When they left or died; needed for these two.
 */
on: string | null, 
/**
 * Why they left, of the table change_reason; other reasons where none is said.
 */
leaving: string | null, reason: string, };

export type AbsentDone = { people: number, };

export type AbsentList = { rows: Array<AbsentRow>, open: number, decided: number, 
/**
 * What may be decided, and for those who left why.
 */
choices: Array<Coded>, leaving: Array<Coded>, };

export type AbsentRequest = { state: AbsentState, };

/**
 * Somebody on the register whom a roster did not name.
 */
export type AbsentRow = { person: string, name: string, age: number | null, household: string | null, number: string, head: string, village: string, 
/**
 * The roster that first lacked them, and the day on which it came.
 */
file: string, since: string, decision: AbsentDecided | null, };

/**
 * Which of the people whom the last roster does not name.
 */
export type AbsentState = "open" | "decided";

/**
 * What a later bill of the year begins from.
 */
export type AccumulatorRow = { key: string, label: string, before: number, after: number, 
/**
 * Fen; otherwise a count.
 */
money: boolean, };

export type ActivityList = { rows: Array<ActivityRow>, };

export type ActivityListRequest = { kind: string | null, year: number, };

/**
 * One activity with the numbers of its table.
 */
export type ActivityRow = { id: string, kind: Coded, village: string, held_on: string | null, place: string, staff: number, households: number, people: number, note: string, };

/**
 * Villages of the official list, by their codes of twelve digits.
 */
export type AdoptRequest = { codes: Array<string>, };

export type AdoptView = { 
/**
 * Newly registered.
 */
made: number, 
/**
 * On the register under this name already, now with the code.
 */
coded: number, 
/**
 * On the register with this code already.
 */
known: number, };

/**
 * Agreements for these people over a period.
 */
export type AgreementRequest = { people: Array<string>, since: string, until: string, };

/**
 * A refusal.
 */
export type AppError = { 
/**
 * For programs.
 */
code: ErrorCode, 
/**
 * For the clerk.
 */
message: string, 
/**
 * Fields at fault.
 */
fields: Array<FieldProblem>, 
/**
 * A finer reason of the refusing library, such as a bundle's `BAD_SIGNATURE`.
 */
detail: string | null, 
/**
 * For the log, when it is a defect.
 */
incident: string | null, };

export type AreaRequest = { code: string, };

/**
 * Where a division code of six digits is.
 */
export type AreaView = { name: string, 
/**
 * Whether today's list has the code.
 */
known: boolean, };

/**
 * Whether it stands in the tables now, and what is to be said of it.
 */
export type AsideAnswer = { taken: boolean, said: string, };

/**
 * A decision with its reason.
 */
export type AsideDecision = { kind: AsideKind, id: number, reason: string, };

/**
 * What was not taken in.
 */
export type AsideKind = "entry" | "file";

export type AsideList = { rows: Array<AsideRow>, files: number, entries: number, };

export type AsideRequest = { kind: AsideKind, id: number, };

/**
 * Something that was received and not taken in.
 */
export type AsideRow = { kind: AsideKind, id: number, who: string, 
/**
 * When it was written; of a file when it came.
 */
at: string, what: string, reason: string, 
/**
 * Of a file: the stable code of the reason.
 */
code: string, 
/**
 * Waits for a later version of the program.
 */
later: boolean, 
/**
 * Whether this office may take it in after all.
 */
adoptable: boolean, household: string | null, };

export type AwayList = { rows: Array<AwayRow>, };

/**
 * Somebody who is away, with how they are reached.
 */
export type AwayRow = { person: string, household: string, name: string, village: string, group: string, head: string, phone: string, 
/**
 * 外出状态 or why they have not signed.
 */
why: string, place: string, address: string, 
/**
 * Whether and until when they have signed.
 */
contract: string, 
/**
 * The newest contact about it: day, way, by whom.
 */
contact: string, 
/**
 * What became of the agreement that was sent.
 */
letter: string, 
/**
 * The record of that letter, where it is not back.
 */
letter_id: string | null, };

export type BackupRequest = { folder: string | null, };

export type BackupView = { path: string, bytes: number, verified: boolean, };

/**
 * One bar of the waterfall.
 */
export type Bar = { key: string, label: string, from: number, to: number, amount: number, payer: boolean, };

export type BillCheck = { faults: Array<BillFault>, 
/**
 * What follows from the rest where it is left blank.
 */
in_scope: number | null, pre_self_pay: number | null, personal: number | null, same: Array<SameBill>, pack: string | null, 
/**
 * What the pack says is due on it, beside what is typed.
 */
payers: Array<PayerRow>, personal_due: number | null, said: Array<string>, 
/**
 * Why the pack cannot settle it.
 */
refused: string | null, 
/**
 * Where 住院天数, 起付线, 本年累计 of the sheet differ from what can be worked out.
 */
printed: Array<string>, };

/**
 * Why this amount?
 */
export type BillExplanation = { bill: BillRow, identity: Coded, pack: string, pack_status: string, payers: Array<PayerRow>, steps: Array<StepRow>, bars: Array<Bar>, 
/**
 * Two sentences a village doctor can read out.
 */
said: Array<string>, 
/**
 * The identity of C.1, with its numbers.
 */
identity_check: string, personal_of_total: number | null, personal_of_in_scope: number | null, personal_due: number, 
/**
 * What the bill's own figures contradict, when they do.
 */
problems: Array<string>, 
/**
 * Where 住院天数, 起付线, 本年累计 of the sheet differ from what can be worked out.
 */
printed: Array<string>, };

/**
 * An identity of the bill's own figures that does not hold: `parts`, `scope`, `payers`; `amount` for one no bill holds.
 */
export type BillFault = { rule: string, 
/**
 * Left side − right side.
 */
by: number, 
/**
 * The column likeliest at fault.
 */
field: string | null, said: string, };

/**
 * What the form of a settlement offers for a person and a day.
 */
export type BillForm = { person: string | null, name: string, citizen_id: string, household: string | null, village: string, 
/**
 * Held on that day.
 */
identities: Array<Coded>, 
/**
 * Certified diseases.
 */
diseases: Array<Coded>, 
/**
 * Bills of theirs that count.
 */
bills: number, pack: string | null, items: Array<Coded>, causes: Array<Coded>, 
/**
 * The settlement this one takes the place of, and what stands on it by column as typed.
 */
corrects: Coded | null, fields: { [key in string]: string }, };

export type BillFormRequest = { person: string | null, corrects: string | null, on: string | null, };

export type BillList = { rows: Array<BillRow>, total: number, bills_amount: number, personal: number, shortfall: number, over: number, };

export type BillListRequest = { year: number | null, village: string | null, 
/**
 * Only bills that were paid too little.
 */
short_only: boolean, offset: number, limit: number, };

/**
 * One bill in a table.
 */
export type BillRow = { id: string, person: string, household: string, name: string, village: string, settled_on: string | null, hospital: string, level: Coded | null, reason: string, total: number, basic: number, critical: number, aid: number, other: number, in_scope: number, personal: number, verdict: string, tone: Tone, 
/**
 * What the payers that paid too little still owe; 0 when each paid in full.
 */
shortfall: number, 
/**
 * What others paid too much on the same bill: beside it, never set off.
 */
over: number, 
/**
 * One line: why.
 */
why: string, 
/**
 * Whether its money counts: neither replaced by another nor a mere reversal.
 */
counts: boolean, 
/**
 * The one it takes the place of.
 */
corrects: string | null, 
/**
 * The one that has taken its place.
 */
successor: string | null, };

export type BillSaveRequest = { id: string | null, fields: { [key in string]: string }, 
/**
 * 票面如此: figures that contradict each other are kept as the paper has them.
 */
as_printed: boolean, reason: string | null, form: FormKey | null, };

export type BillSaved = { id: string, 
/**
 * As it now stands in the list.
 */
bill: BillRow | null, moved: Array<MovedRow>, 
/**
 * Whether what was claimed on the corrected one is made good by this.
 */
closed: boolean, };

/**
 * A settlement as typed so far.
 */
export type BillTyped = { id: string | null, fields: { [key in string]: string }, };

export type BundleHousehold = { household: string | null, title: string, changes: number, };

/**
 * What any file is, read without keys.
 */
export type BundleInspection = { kind: string, lines: Array<InspectionLine>, };

/**
 * A bundle before it is accepted: who sent it, what it holds, which households change.
 */
export type BundlePreview = { path: string, sender: string, recipient: string, number: number, bytes: number, written_at: string, entries: number, new: number, duplicate: number, held: number, by_type: Array<TypeCount>, households: Array<BundleHousehold>, confirms: number, already: string | null, problem: string | null, 
/**
 * Which part the file is, when it is one of several; then nothing happens until all are here.
 */
part: string | null, };

/**
 * entries = new + duplicate + held + deferred + unapplied.
 */
export type BundleReport = { sender: string, number: number, entries: number, new: number, duplicate: number, held: number, deferred: number, unapplied: number, confirmed: number, conflicts: number, already: boolean, conservation: string, 
/**
 * Which parts are missing, when the file only waits for them.
 */
part: string | null, };

export type CampaignList = { rows: Array<CampaignRow>, };

/**
 * A campaign as it stands at the end of a day; today where none is said.
 */
export type CampaignRequest = { id: string, on: string | null, village: string | null, };

/**
 * One dated piece of work.
 */
export type CampaignRow = { id: string, name: string, kind: Coded, starts_on: string | null, due_on: string | null, closed_on: string | null, recipient: string, 
/**
 * Whom it covers, in words.
 */
crowds: string, electronic: boolean, sealed: boolean, 
/**
 * Days from today until it is due; below zero it is late.
 */
days: number | null, 
/**
 * The county's own, for every township.
 */
from_county: boolean, reported: boolean, };

/**
 * One household or person a campaign covers.
 */
export type CampaignTarget = { household: string, person: string | null, name: string, village: string, group: string, head: string, phone: string, 
/**
 * When and how it was done; nothing where it is lacking.
 */
done_on: string | null, how: string, };

export type CampaignView = { campaign: CampaignRow, requirement: string, on: string, unit: string, covered: number, done: number, 
/**
 * In per cent, where the campaign has one.
 */
target_percent: number | null, lacking: Array<CampaignTarget>, villages: Array<CampaignVillage>, submissions: Array<SubmissionRow>, 
/**
 * What counts as done, in words.
 */
counts: string, };

export type CampaignVillage = { village: string, covered: number, done: number, };

export type CardHouseholdList = { rows: Array<CardHouseholdRow>, };

export type CardHouseholdRow = { household: string, number: string, head: string, people: number, state: string, edition: number, issued_on: string | null, signed_on: string | null, why: string, };

/**
 * One household's card as it would print today.
 */
export type CardPreview = { pages: Array<string>, edition: number, missing: Array<string>, changed: Array<string>, };

export type CardPreviewRequest = { household: string, };

/**
 * Makes one PDF. With `record` the issue is written into the register.
 */
export type CardPrintRequest = { village: string | null, household: string | null, 
/**
 * Only households without a current card.
 */
changed_only: boolean, record: boolean, };

/**
 * What a print made; the bytes follow by `card_pdf`.
 */
export type CardPrintView = { households: number, pages: number, missing: Array<string>, file: string, path: string, };

export type CardSignRequest = { household: string, signed_on: string, signed_by: string, };

/**
 * The card this household holds.
 */
export type CardState = { edition: number, issued_on: string, current: boolean, why_stale: string, signed_on: string | null, };

export type CardVillageList = { rows: Array<CardVillageRow>, pack: string, };

/**
 * Cards of one village: how many are current.
 */
export type CardVillageRow = { village: string, name: string, households: number, current: number, stale: number, none: number, last_issued: string | null, };

/**
 * What a reference field of a form may point to: of this person, or else of this household.
 */
export type ChoicesRequest = { table: string, field: string, household: string | null, person: string | null, };

export type ClaimGroup = { key: string, label: string, note: string, bills: number, year_ends: number, people: number, basic: number, critical: number, aid: number, other: number, amount: number, 
/**
 * Of the amount: not written for yet, under way, made good, given up with a reason.
 */
open: number, under_way: number, made_good: number, given_up: number, };

/**
 * As [`ClaimListRequest`]; `by` is `household`, `village` or `cause`.
 */
export type ClaimGroupRequest = { year: number | null, village: string | null, kind: string, state: string | null, by: string, };

export type ClaimGroups = { rows: Array<ClaimGroup>, amount: number, told: ClaimTold, };

/**
 * The letter and its list as files, and the action that `import_undo` takes back.
 */
export type ClaimLetter = { letter: string, list: string, path: string, bills: number, year_ends: number, amount: number, entry: number | null, };

/**
 * `bills` are ids of [`ClaimRow`].
 */
export type ClaimLetterRequest = { bills: Array<string>, paid_to: string, letter: string, sent_on: string, contact: string, };

export type ClaimList = { rows: Array<ClaimRow>, amount: number, people: number, states: Array<ClaimState>, told: ClaimTold, 
/**
 * How the next letter would be numbered, and to whom the last one went.
 */
next_letter: string, paid_to: string, };

export type ClaimListRequest = { year: number | null, village: string | null, 
/**
 * `short` 应报未报, `over` 多报, `deposit` 收了押金, `unsettled` 没有即时结算, `beyond` 政策外补助, `apply` 年终救助
 * that the family has to apply for.
 */
kind: string, 
/**
 * A code of `claim_state`.
 */
state: string | null, 
/**
 * Only what one line of [`ClaimGroups`] sums up: by household, village or cause.
 */
group: string | null, key: string | null, };

/**
 * `answered` with the day and what was answered; `closed` with a decision and its reason; `open` takes back what was
 * said. `sent` notes when and to whom (`answer`) a family applied for what is only paid on application. `bills` are ids
 * of [`ClaimRow`].
 */
export type ClaimNoteRequest = { bills: Array<string>, state: string, on: string | null, answer: string, decision: string | null, reason: string, evidence: string, 
/**
 * The list it was decided in, as in [`ClaimListRequest`]; without one, what is short.
 */
kind: string | null, };

export type ClaimNoted = { bills: number, entry: number | null, };

/**
 * One bill, or the end of a person's year, with what became of it.
 */
export type ClaimRow = { 
/**
 * The settlement; of a year's end what names it.
 */
id: string, person: string, household: string, name: string, head: string, village: string, village_id: string | null, settled_on: string | null, number: string, hospital: string, total: number, cause: string, cause_label: string, why: string, 
/**
 * What is short by column, or over in the list of what was paid too much; never one set off against the other.
 */
basic: number, critical: number, aid: number, other: number, 
/**
 * What the list is about: short, over, deposit, beyond.
 */
amount: number, 
/**
 * In the list of what is short: what other payers paid too much on the same bill.
 */
over: number, state: Coded, tone: Tone, 
/**
 * The last letter, when the first was sent, and how many there were.
 */
paid_to: string, letter: string, sent_on: string | null, first_sent_on: string | null, letters: number, 
/**
 * Days since the last letter, while it is not answered.
 */
waiting: number | null, answered_on: string | null, answer: string, decision: string, reason: string, decided_on: string | null, decided_by: string, 
/**
 * The settlement that made it good.
 */
correction: string | null, 
/**
 * What was done so far, newest first, in words.
 */
history: Array<string>, 
/**
 * The year whose end this is; such a line is no bill.
 */
year_end: number | null, 
/**
 * Only paid when the family applies for it.
 */
applied: boolean, };

export type ClaimState = { state: Coded, bills: number, year_ends: number, amount: number, };

/**
 * An amount told apart: still owed, made good, given up with a reason.
 */
export type ClaimTold = { owed: number, made_good: number, given_up: number, };

export type CodeTableRequest = { table: string, };

export type CodeTableView = { rows: Array<Coded>, };

/**
 * A code with what a clerk reads.
 */
export type Coded = { code: string, label: string, };

export type ColumnAnswer = { label: string, 
/**
 * Key of the field it stands for; none to leave it out.
 */
key: string | null, };

export type CompareDecideRequest = { ours: number | null, theirs: number, keys: Array<string>, 
/**
 * A code of `difference_decision`.
 */
decision: string, reason: string, evidence: string | null, };

export type CompareDecided = { decided: number, };

export type CompareForgetRequest = { list: number, };

/**
 * One kind of difference: all = fresh + waiting + decided.
 */
export type CompareGroup = { key: string, label: string, about: string, all: number, fresh: number, waiting: number, decided: number, };

/**
 * A list kept on this PC: rows in the file = rows + refused.
 */
export type CompareListRow = { id: number, source: Coded, file: string, as_of: string | null, taken_at: string, 
/**
 * First characters of the file's SHA-256.
 */
digest: string, sheets: string, in_file: number, rows: number, refused: Array<CompareRefused>, 
/**
 * What the sheet says of itself: `第1113行 合计 303户 1110人`.
 */
said: Array<string>, remarks: Array<string>, };

export type CompareLists = { rows: Array<CompareListRow>, 
/**
 * Sources a list can be of.
 */
sources: Array<Coded>, 
/**
 * The county's list of focus diseases, or that there is none.
 */
focus: string, };

/**
 * A row of the file that was not taken, with why.
 */
export type CompareRefused = { row: number, reason: string, };

export type CompareRow = { key: string, group: string, kind: Coded, field: string, state: CompareState, name: string, citizen_id: string, birth: string | null, village: string, household_number: string, person: string | null, household: string | null, 
/**
 * The row of their file, as Excel numbers it.
 */
their_row: number | null, ours: string, theirs: string, decision: Coded | null, reason: string, decided_on: string | null, reported_on: string | null, 
/**
 * How it was decided before one side changed.
 */
before: string, };

export type CompareRows = { rows: Array<CompareRow>, total: number, };

export type CompareRowsRequest = { ours: number | null, theirs: number, group: string | null, state: CompareState, offset: number, limit: number, };

/**
 * Two lists; ours is the register where none is named.
 */
export type CompareRunRequest = { ours: number | null, theirs: number, };

/**
 * One side with its control totals: rows = people + repeated.
 */
export type CompareSide = { source: Coded, file: string, as_of: string | null, rows: number, repeated: number, totals: Population, without_id: number, };

/**
 * Not yet decided or changed since; put off; decided.
 */
export type CompareState = "fresh" | "waiting" | "decided" | "all";

/**
 * A file and whose list it is.
 */
export type CompareTakeRequest = { path: string, 
/**
 * A code of `list_source` other than the register.
 */
source: string, 
/**
 * The day the list speaks of, where the file does not say it.
 */
as_of: string | null, };

/**
 * Ours = matched + similar + only_ours + out_of_scope; theirs = matched + similar + only_theirs + elsewhere.
 */
export type CompareView = { ours: CompareSide, theirs: CompareSide, ran_at: string, matched: number, by_id: number, by_birth: number, by_word: number, similar: number, only_ours: number, only_theirs: number, 
/**
 * On the register and no business of that list: not on relief, not disabled.
 */
out_of_scope: number, 
/**
 * On their list and of a place that is not this office's.
 */
elsewhere: number, 
/**
 * Matched people in whom nothing differs.
 */
agreeing: number, groups: Array<CompareGroup>, remarks: Array<string>, };

/**
 * Which rows go to the other office and why.
 */
export type CompareXlsxRequest = { ours: number | null, theirs: number, group: string | null, state: CompareState, reason: string, };

/**
 * One PC: in two words, and what is to be done.
 */
export type ComparedPc = { device: string, said: string, detail: string, tone: Tone, };

/**
 * How the tables of a township's PCs compare with what they must be.
 */
export type ComparedRow = { at: string, said: string, tone: Tone, };

/**
 * A stretch of everything that waits to be decided: how much that is, and how much of it is decided in this office.
 */
export type ConflictList = { rows: Array<ConflictRow>, total: number, decidable: number, };

/**
 * Closes a conflict with one of its values (by key) or a third (as typed).
 */
export type ConflictResolveRequest = { id: string, key: string | null, value: string | null, };

/**
 * The two people or values behind a conflict.
 */
export type ConflictRow = { 
/**
 * Names the record and the field, whatever else is decided meanwhile.
 */
id: string, record: string, table: string, who: string, village: string, field: string, values: Array<ConflictValue>, shown: string, 
/**
 * Whether this office may decide; otherwise the county does.
 */
decidable: boolean, 
/**
 * Whether a value of its own may be typed.
 */
fillable: boolean, };

export type ConflictValue = { 
/**
 * Names the write; the argument of `conflict_resolve`.
 */
key: string, value: string, by: string, device: string, at: string, county: boolean, };

export type ContractRow = { id: string, team: string, since: string | null, until: string | null, state: string, tone: Tone, };

/**
 * A list from a file of separated text with a heading.
 */
export type CountyListPutRequest = { path: string, kind: string, name: string, version: string, effective_from: string, effective_until: string | null, source: string, unverified: boolean, };

/**
 * One list the county keeps for everybody.
 */
export type CountyListRow = { id: string, kind: Coded, name: string, version: string, effective_from: string | null, effective_until: string | null, source: string, unverified: boolean, 
/**
 * Lines below its heading.
 */
lines: number, active: boolean, withdrawn: boolean, 
/**
 * Why it cannot be used.
 */
problem: string | null, };

export type CountyListView = { rows: Array<CountyListRow>, };

/**
 * One date by which something must be done.
 */
export type Deadline = { on: string, label: string, days: number, 
/**
 * The last working day before, when the day itself is off.
 */
before: string | null, };

/**
 * The newest first.
 */
export type DecidedList = { rows: Array<DecidedRow>, };

/**
 * A conflict that somebody decided, with every value that stood.
 */
export type DecidedRow = { at: string, by: string, device: string, table: string, record: string, who: string, village: string, field: string, values: Array<ConflictValue>, 
/**
 * What it was decided to be: one of the values or another.
 */
decided: string, };

/**
 * The whole desk.
 */
export type DeskView = { today: string, population: Population, items: Array<WorkItem>, indicators: Array<Indicator>, deadlines: Array<Deadline>, };

/**
 * `stolen`: 被盗 or 丢失, confirmed by typing the PC's name; otherwise 停用 or 报废.
 */
export type DeviceRetireRequest = { serial: number, stolen: boolean, reason: string, typed: string, };

export type DiagnosisRow = { id: string, disease: string, icd10: string, grade: string, risk: string, class: Coded | null, batch: Coded | null, hospital: string, diagnosed_on: string | null, restricted: boolean, };

export type Direction = "out" | "in";

export type DiseaseList = { rows: Array<DiseaseRow>, };

export type DiseaseRequest = { text: string, };

export type DiseaseRow = { 
/**
 * ICD-10.
 */
code: string, 
/**
 * What people call it, where they do not use the official name.
 */
name: string, official: string, };

/**
 * A disease in a table cell.
 */
export type DiseaseTag = { name: string, tag: string | null, restricted: boolean, };

export type DivisionList = { rows: Array<DivisionRow>, };

/**
 * The divisions right below a code of 0, 2, 4, 6 or 9 digits.
 */
export type DivisionRequest = { parent: string, };

export type DivisionRow = { code: string, name: string, initials: Array<string>, };

/**
 * A stretch of both lists, and how long they are.
 */
export type DoubtList = { rows: Array<DoubtRow>, total: number, merged: Array<MergedRow>, merged_total: number, decidable: boolean, };

/**
 * What tells one person from another.
 */
export type DoubtPerson = { id: string, name: string, sex: string, birth: string, citizen_id: string, phone: string, 
/**
 * The household as the clerk calls it.
 */
home: string, household: string | null, 
/**
 * The PC that registered the person.
 */
device: string, 
/**
 * Whether the person has an open stay.
 */
lives_here: boolean, };

/**
 * Something that cannot be as several offices wrote it.
 */
export type DoubtRow = { word: DoubtWord, table: string, id: string, who: string, detail: string, household: string | null, person: DoubtPerson | null, 
/**
 * The other one of a duplicate.
 */
other: DoubtPerson | null, 
/**
 * Whether it is decided here by merging or by deleting and restoring.
 */
decidable: boolean, };

export type DoubtSettleRequest = { table: string, id: string, deleted: boolean, };

/**
 * Why something must be looked at.
 */
export type DoubtWord = "duplicate" | "several_homes" | "deleted_and_edited" | "dangling";

export type DraftList = { rows: Array<DraftView>, };

/**
 * What a form holds and is not saved yet.
 */
export type DraftRequest = { form: string, subject: string, 
/**
 * What the clerk calls it: `登记随访 · 张三`.
 */
title: string, record: string | null, person: string | null, person_name: string, household: string | null, 
/**
 * By column, as typed.
 */
values: { [key in string]: string }, };

export type DraftView = { form: string, subject: string, title: string, record: string | null, person: string | null, person_name: string, household: string | null, values: { [key in string]: string }, 
/**
 * Local time of the last change, `2026-11-21 14:32`.
 */
at: string, };

/**
 * Removable drives and what lies on them for this office.
 */
export type DriveList = { drives: Array<DriveRow>, };

/**
 * A removable drive. `skipped` files could not be read or are no sound bundles; `more` lies on it than was looked at.
 */
export type DriveRow = { path: string, label: string, free: number, bundles: Array<IncomingRow>, skipped: number, more: boolean, };

/**
 * Nothing asked, nothing answered.
 */
export type Empty = Record<symbol, never>;

/**
 * The township accepts its membership after comparing the county's words.
 */
export type EnrolmentAcceptRequest = { path: string, words: string, };

/**
 * The county approves a request after comparing its words by telephone.
 */
export type EnrolmentApproveRequest = { path: string, words: string, folder: string, };

export type EnrolmentApproved = { path: string, serial: number, unit: string, };

/**
 * `renews`: the certificate of a PC that changes its keys.
 */
export type EnrolmentInspection = { unit: string, area: string, device: string, words: string, renews: number | null, warning: string | null, };

export type EnrolmentRequestRequest = { folder: string, };

export type EnrolmentRequestView = { path: string, words: string, };

export type EnrolmentRow = { id: string, year: number, insurance: Coded | null, insured: boolean, place: string, own_payment: number | null, subsidy: number | null, reason: string, };

/**
 * What kind of refusal this is. Only codes that a caller uses exist.
 */
export type ErrorCode = "INVALID_REQUEST" | "UNKNOWN_COMMAND" | "NOT_SET_UP" | "ALREADY_SET_UP" | "NOT_LOGGED_IN" | "WRONG_PASSWORD" | "LOCKED_OUT" | "NOT_PERMITTED" | "NOT_ENROLLED" | "NOT_FOUND" | "VALIDATION" | "CONFLICT" | "FILE_UNREADABLE" | "NOT_A_SHEET" | "PACK_INCOMPLETE" | "PACK_UNREVIEWED" | "BILL_IMPOSSIBLE" | "NO_PACK" | "BUNDLE_REJECTED" | "WORDS_DIFFER" | "DATABASE_TOO_NEW" | "DATABASE_LOCKED" | "DATABASE_DAMAGED" | "DISK_FULL" | "STORAGE" | "TEMPLATE" | "CANCELLED" | "INTERNAL";

/**
 * An application for a certificate as it stands in the form.
 */
export type EvidenceRequest = { disease: string, 
/**
 * 已有材料, as typed.
 */
evidence: string, };

/**
 * What the pack in force asks for.
 */
export type EvidenceView = { 
/**
 * The rule in words; empty where the pack has none for this disease.
 */
rule: string, missing: Array<string>, 
/**
 * Whose rule it is.
 */
pack: string, };

export type ExamSheetRequest = { whose: string, village: string | null, };

/**
 * One line of 交换记录: entries = new + duplicate + held + deferred + unapplied.
 */
export type ExchangeRow = { at: string, direction: Direction, peer: string, number: number | null, entries: number | null, new: number | null, duplicate: number | null, held: number | null, deferred: number | null, unapplied: number | null, outcome: string, tone: Tone, file: string, };

/**
 * The exchange screen.
 */
export type ExchangeStatus = { enrolled: boolean, 
/**
 * Everything the county has not confirmed.
 */
pending: number, pending_by_type: Array<TypeCount>, confirmed_until: string | null, confirmed_entries: number, own_entries: number, recipient: string, county_words: string | null, 
/**
 * How many other PCs of this centre can be written to directly.
 */
siblings: number, 
/**
 * Whom the last mail was addressed to.
 */
mail_to: string, 
/**
 * Bundles of which parts are missing.
 */
waiting: Array<WaitingRow>, 
/**
 * The newest of 交换记录, and whether there is older.
 */
log: Array<ExchangeRow>, log_older: boolean, townships: Array<TownshipRow>, conflicts: number, missing: Array<string>, };

/**
 * Writes a bundle for the county (from a township) or for one township (from the county) into a folder; with
 * `siblings` for the other PCs of the own centre. `most_bytes` is how large each file may be, `mail` makes mail drafts
 * of them, addressed to `mail_to`.
 */
export type ExportRequest = { folder: string, area: string | null, siblings: boolean | null, most_bytes: number | null, mail: boolean | null, mail_to: string | null, };

export type ExportView = { files: Array<string>, entries: number, by_type: Array<TypeCount>, bytes: number, number: number, recipient: string, };

/**
 * One field at fault.
 */
export type FieldProblem = { 
/**
 * Column or request field.
 */
field: string, 
/**
 * What is wrong with it, for the clerk.
 */
message: string, };

export type FileMade = { path: string, };

export type FileRequest = { path: string, };

export type FolderRequest = { folder: string, };

/**
 * Bundles and saved mails in a folder; `more` lie in it than were looked at.
 */
export type FolderView = { path: string, files: Array<FoundFile>, more: boolean, };

/**
 * What the foot of the window says.
 */
export type FootView = { 
/**
 * Time of the last entry, local, `HH:MM`, or nothing yet.
 */
saved_at: string | null, confirmed_until: string | null, unconfirmed: number, backup_at: string | null, backup_verified: boolean, 
/**
 * Why today's own backup was not made, if it was not.
 */
backup_problem: string | null, };

/**
 * One form about one subject: a record that is changed, or whom a new record is for.
 */
export type FormKey = { form: string, subject: string, };

/**
 * What a form may begin with.
 */
export type FormStart = { 
/**
 * What was typed and not saved last time.
 */
draft: DraftView | null, 
/**
 * Who, when, how and where of the last new record of this form, by column.
 */
last: { [key in string]: string }, };

export type FoundFile = { path: string, title: string, detail: string, state: FoundState, };

/**
 * What a file in a chosen folder is to this office.
 */
export type FoundState = "fresh" | "unread" | "known" | "others";

/**
 * A column in the place somebody gave it.
 */
export type GridColumn = { key: string, shown: boolean, };

/**
 * A filter under a name of the operator's own.
 */
export type GridFilter = { name: string, filter: { [key in string]: string }, };

/**
 * A column and the direction somebody sorted by.
 */
export type GridSort = { column: string, down: boolean, };

/**
 * How one operator keeps one list. Empty is as the program brings it.
 */
export type GridView = { columns: Array<GridColumn>, sort: GridSort | null, filter: { [key in string]: string }, saved: Array<GridFilter>, };

export type HamletRow = { id: string, name: string, leader: string, households: number, };

/**
 * One change of one field, or one event.
 */
export type HistoryRow = { 
/**
 * Local time `2026-11-21 14:32`.
 */
at: string, who: string, device: string, action: string, reason: string, record: string, field: string, old: string, new: string, confirmed: boolean, };

export type HistoryView = { rows: Array<HistoryRow>, };

/**
 * What the search matched.
 */
export type HitKind = "person" | "household" | "village";

export type HolderKey = { path: string, password: string, };

/**
 * Makes one holder's file, under a password the holder types.
 */
export type HolderMakeRequest = { name: string, password: string, folder: string, };

/**
 * A holder of the root. `key` is the short name of the key.
 */
export type HolderRow = { name: string, key: string, signed: boolean, };

/**
 * One household as whoever goes from door to door needs it.
 */
export type HomeRow = { household: string, number: string, head: string, group: string, phone: string, people: number, 
/**
 * How many are bedridden.
 */
bedridden: number, 
/**
 * Who explains things to the others; blank where nobody does.
 */
instructor: string, visited_on: string | null, visitor: string, 
/**
 * When something to read was handed out last.
 */
material_on: string | null, open_issues: number, 
/**
 * Whether nobody called this quarter.
 */
waits: boolean, };

/**
 * Visits at many doors, a line each. A line with a problem raises it as well: solved where its solution is written,
 * otherwise open for `owner` until `due_on`.
 */
export type HomeVisitBatch = { rows: Array<RecordBatchRow>, owner: string | null, due_on: string | null, };

export type HouseholdList = { rows: Array<HouseholdRow>, total: number, people: number, };

/**
 * Which households; in village and number order unless another is asked for.
 */
export type HouseholdListRequest = { village: string | null, 
/**
 * A code of `household_status`.
 */
status: string | null, text: string | null, narrow: NarrowRequest | null, 
/**
 * Another order than that of village and number.
 */
sort: GridSort | null, offset: number, limit: number, };

/**
 * One row of the list.
 */
export type HouseholdRow = { id: string, number: string, head: string, village: string, group: string, people: number, status: Coded | null, causes: string, diseases: string, phone: string, 
/**
 * Things to do for this household.
 */
todo: number, };

/**
 * The household page: one screen tells the whole story.
 */
export type HouseholdView = { id: string, number: string, head: string, village: string, group: string, address: string, phone: string, status: Coded | null, household_type: Coded | null, main_cause: Coded | null, other_causes: Array<Coded>, helper_name: string, helper_phone: string, recognised_on: string | null, lifted_on: string | null, remark: string, todos: Array<Todo>, members: Array<MemberRow>, bills: Array<BillRow>, money: YearMoney, card: CardState | null, previous: string | null, next: string | null, };

/**
 * One record by id.
 */
export type IdRequest = { id: string, };

export type IdentityRow = { id: string, identity: Coded, since: string | null, until: string | null, marked: boolean | null, };

/**
 * What the clerk says; it holds for every later file of this layout (columns) and of this kind (labels).
 */
export type ImportAnswers = { kind: SheetKind, path: string, 
/**
 * The sheet, and the row of its header where it is not the one that was found.
 */
sheet: string, row: number | null, columns: Array<ColumnAnswer>, labels: Array<LabelAnswer>, };

/**
 * Rows read = new + changed + same + rejected, always.
 */
export type ImportCounts = { read: number, new: number, changed: number, same: number, rejected: number, };

export type ImportHistory = { rows: Array<ImportHistoryRow>, };

export type ImportHistoryRow = { entry: number, at: string, who: string, action: string, detail: string, records: number, undoable: boolean, };

/**
 * The rows of one household: rows = new + changed + same + rejected.
 */
export type ImportHome = { 
/**
 * Its number as the file or the register has it; blank for rows of which nobody knows the household.
 */
household: string, 
/**
 * The household where it is on the register already.
 */
id: string | null, village: string, rows: number, new: number, changed: number, same: number, rejected: number, warnings: number, };

/**
 * What a file is. Nothing is written by looking at it.
 */
export type ImportLook = { kind: SheetKind, file: string, 
/**
 * As what the file could be taken in, the likeliest first.
 */
kinds: Array<SheetKind>, sheets: Array<LookSheet>, 
/**
 * What a column may stand for.
 */
fields: Array<LookField>, 
/**
 * Labels in the cells that no code table knows, and those the clerk told before.
 */
labels: Array<LookLabel>, 
/**
 * What a label may mean, by column.
 */
choices: Array<LookChoices>, 
/**
 * Whether it can be tried: some sheet has a header with all it needs.
 */
ready: boolean, 
/**
 * How many labels nobody has told yet.
 */
asks: number, };

export type ImportLookRequest = { kind: SheetKind, path: string, 
/**
 * The sheet and the row, as Excel numbers it, in which the clerk says that the header begins.
 */
sheet: string | null, row: number | null, };

export type ImportRequest = { kind: SheetKind, path: string, 
/**
 * Only rows of these problems are left out; nothing is written when this is a dry run.
 */
dry_run: boolean, };

/**
 * What happens with one row.
 */
export type ImportRow = { 
/**
 * Row number in the file, as Excel shows it.
 */
row: number, outcome: RowOutcome, who: string, household: string, 
/**
 * `健康状况 健康 → 患有大病`, or why it is rejected.
 */
detail: string, warning: boolean, };

/**
 * One control total: of the whole file, and of the rows that can be taken in. Money in fen.
 */
export type ImportSum = { label: string, unit: SumUnit, file: number, taken: number, };

export type ImportView = { kind: SheetKind, file: string, sheet: string, header_row: number, dry_run: boolean, counts: ImportCounts, 
/**
 * Households and people the file holds, told apart by whether lifted (roster only).
 */
totals: Population | null, 
/**
 * Rows, people, households and, where there is money, the sums of it.
 */
sums: Array<ImportSum>, rows: Array<ImportRow>, 
/**
 * The same rows by household, in the order in which the file first names each.
 */
homes: Array<ImportHome>, 
/**
 * Columns that were not used, and other remarks.
 */
remarks: Array<string>, 
/**
 * On the register but not in this roster: listed, never deleted.
 */
absent: number, 
/**
 * Who these are, by household and name; the first 200.
 */
absent_people: Array<string>, 
/**
 * The entry that took it in, for undo.
 */
entry: number | null, };

/**
 * A bundle found on a removable drive.
 */
export type IncomingRow = { path: string, title: string, detail: string, known: boolean, };

/**
 * One share that should be 100 %.
 */
export type Indicator = { key: string, label: string, done: number, of: number, 
/**
 * Whom a reason takes out of the count; `worklist_get` of `excluded_key` lists them.
 */
excluded: number, excluded_key: string | null, 
/**
 * Target in basis points.
 */
target: number, 
/**
 * How it is counted, with its exclusions, in words.
 */
definition: string, 
/**
 * A share of money (in fen) that should be no more than its target.
 */
at_most: boolean, };

export type InspectionLine = { label: string, value: string, };

export type InsuredPeople = { label: string, year: number, rows: Array<InsuredPerson>, };

/**
 * The people of one number; without a row the total.
 */
export type InsuredPeopleRequest = { table: string, year: number | null, village: string | null, column: string, row: string | null, };

/**
 * One person's insurance of a year.
 */
export type InsuredPerson = { person: string, household: string, name: string, village: string, group: string, identity: string, verdict: string, tone: Tone, insurance: string, place: string, own_payment: number, subsidy: number, 
/**
 * What the county's list says is to be paid for this person, where it says so.
 */
due_subsidy: number | null, way: string, paid_on: string | null, 
/**
 * First day on which bills are paid, where that is not the first of the year.
 */
entitled_from: string | null, 
/**
 * One line: what is wrong or why.
 */
told: string, 
/**
 * The record, where there is one.
 */
record: string | null, };

export type InsuredSheet = { year: number, rows: Array<InsuredSheetRow>, };

export type InsuredSheetRequest = { year: number | null, village: string | null, };

/**
 * Somebody whose insurance of a year nobody has entered, with what it was the year before and what is due.
 */
export type InsuredSheetRow = { person: string, household: string, name: string, village: string, group: string, age: number | null, last: string, identity: string, own_payment: number | null, subsidy: number | null, 
/**
 * The record of the year that says uninsured without a reason.
 */
record: string | null, };

/**
 * `village`, `category`, `tier` or `reason`, of a year.
 */
export type InsuredTableRequest = { table: string, year: number | null, village: string | null, };

export type IssueCloseRequest = { id: string, closed_on: string, result: string, };

export type IssueList = { rows: Array<IssueRow>, };

export type IssueListRequest = { village: string | null, open: boolean, };

/**
 * A problem somebody raised.
 */
export type IssueRow = { id: string, household: string, village: string, group: string, head: string, person: string, problem: string, raised_on: string | null, owner: string, due_on: string | null, closed_on: string | null, result: string, 
/**
 * Nobody closed it with a result.
 */
open: boolean, 
/**
 * Days from today until it is due; below zero it is late.
 */
days: number | null, };

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

export type LabelAnswer = { 
/**
 * Key of the column.
 */
column: string, label: string, 
/**
 * What it means; none takes back what was said.
 */
code: string | null, };

export type LeadList = { rows: Array<LeadRow>, proposals: Array<LeadProposal>, 
/**
 * The line above which one's own payments of a year are a lead, and where it is from; in words.
 */
line: string, };

/**
 * Somebody who could become a lead: nothing is on file about it yet.
 */
export type LeadProposal = { 
/**
 * Names the proposal for `lead_take`.
 */
key: string, name: string, village: string, why: string, out_of_pocket: number | null, household: string | null, };

export type LeadReportRequest = { leads: Array<string>, recipient: string, };

/**
 * Somebody who may be driven into poverty by illness.
 */
export type LeadRow = { id: string, name: string, village: string, people: number | null, phone: string, disease: string, out_of_pocket: number | null, found_on: string | null, source: string, reported_on: string | null, result: Coded | null, household: string | null, };

export type LeadTakeRequest = { keys: Array<string>, };

export type LeadTaken = { taken: number, };

export type LikeList = { rows: Array<LikeRow>, };

/**
 * Whoever is being typed in, as far as they are.
 */
export type LikeRequest = { 
/**
 * The person whose record this is, if there is one already.
 */
person: string | null, citizen_id: string, name: string, birth: string | null, };

/**
 * Somebody on the register who is or may be the same.
 */
export type LikeRow = { person: string, household: string | null, name: string, relation: string, 
/**
 * Village, group and household number.
 */
place: string, 
/**
 * Masked.
 */
citizen_id: string, 
/**
 * The same citizen id; otherwise the same name and birth date.
 */
same_id: boolean, };

/**
 * A line that was not saved, counted from 0, and why.
 */
export type LineProblem = { line: number, field: string | null, message: string, };

/**
 * A column of the file, in the order of the screen.
 */
export type ListColumn = { label: string, 
/**
 * Its cells are numbers or amounts.
 */
numeric: boolean, };

/**
 * The rows of a list as the screen shows them.
 */
export type ListFileRequest = { list: string, title: string, 
/**
 * What the list is narrowed to, in words.
 */
filter: string, columns: Array<ListColumn>, rows: Array<Array<string>>, 
/**
 * For whom and what for; needed where the list holds personal data.
 */
reason: string | null, };

export type LoginRequest = { login: string, password: string, };

export type LookChoices = { column: string, choices: Array<Coded>, };

export type LookColumn = { letters: string, label: string, state: LookState, 
/**
 * Key and title of the field that it stands for.
 */
key: string | null, title: string | null, 
/**
 * Whether the clerk said so.
 */
told: boolean, 
/**
 * Rows that say something in it, and the first different things they say; numbers of people masked.
 */
filled: number, samples: Array<string>, };

export type LookField = { key: string, title: string, needed: boolean, };

export type LookLabel = { 
/**
 * Key and title of the column.
 */
column: string, title: string, label: string, 
/**
 * In how many rows it stands, and the first of them.
 */
rows: number, first_row: number, 
/**
 * What the clerk said it means.
 */
code: string | null, };

export type LookSheet = { name: string, 
/**
 * Row of the header as Excel numbers it; none where the sheet is empty.
 */
row: number | null, 
/**
 * Rows of the header: one or two.
 */
height: number, 
/**
 * Whether the sheet is read as it stands. Otherwise its header is a guess, or columns are missing.
 */
read: boolean, 
/**
 * Whether somebody answered for a sheet of this layout before.
 */
remembered: boolean, data_rows: number, columns: Array<LookColumn>, 
/**
 * Titles of columns that are needed and not there.
 */
missing: Array<string>, };

/**
 * What is done with a column of the file.
 */
export type LookState = "mapped" | "duplicate" | "unknown" | "ignored" | "not_kept";

/**
 * Something printed, handed to every household of a village or to some of them.
 */
export type MaterialHandOut = { village: string, households: Array<string> | null, kind: string, title: string, issued_on: string, issued_by: string, copies: number, occasion: string, };

/**
 * Ends whatever stay somebody has elsewhere and begins one in this household, on one day.
 */
export type MemberMoveRequest = { person: string, household: string, 
/**
 * 与户主关系 there, code or label.
 */
relation: string, on: string | null, reason: string | null, };

/**
 * The households that were left, and the action that `import_undo` takes back.
 */
export type MemberMoved = { left: Array<string>, entry: number | null, };

/**
 * One member as the household page shows it.
 */
export type MemberRow = { id: string, membership: string, name: string, relation: Coded, sex: Coded, age: number | null, birth: string | null, 
/**
 * Masked unless a reason was given.
 */
citizen_id: string, phone: string, diseases: Array<DiseaseTag>, identity: Coded | null, contract: string, contract_tone: Tone, last_visit: string, visit_tone: Tone, enrolment: string, enrolment_tone: Tone, health: string, labour: string, };

/**
 * Two people found to be one.
 */
export type MergedRow = { loser: DoubtPerson, winner: DoubtPerson, };

/**
 * What is due on another bill of the year changed.
 */
export type MovedRow = { bill: string, name: string, settled_on: string | null, hospital: string, payer: string, before: number, after: number, short_before: number, short_after: number, };

/**
 * A choice with what stands behind its code.
 */
export type NarrowChoice = { code: string, label: string, };

/**
 * What lists may be narrowed by.
 */
export type NarrowChoices = { causes: Array<NarrowChoice>, diseases: Array<NarrowChoice>, identities: Array<NarrowChoice>, crowds: Array<NarrowChoice>, away: Array<NarrowChoice>, items: Array<NarrowChoice>, };

/**
 * Whom a list is narrowed to; what is not asked for narrows nothing.
 */
export type NarrowRequest = { 
/**
 * A code of `poverty_cause`.
 */
cause: string | null, 
/**
 * A list of diseases: `9`, `30`, `c28` …
 */
diseases: string | null, 
/**
 * A code of `aid_identity`.
 */
identity: string | null, 
/**
 * A code of `crowd`; restricted ones narrow nothing.
 */
crowd: string | null, 
/**
 * A code of `away`, or `out` for any but at home.
 */
away: string | null, 
/**
 * A list of the desk.
 */
item: string | null, };

/**
 * Which office this PC stands in.
 */
export type OfficeKind = "township" | "county";

/**
 * A county starts again on a new PC.
 */
export type OfficeRecoverRequest = { files: Array<string>, holders: Array<HolderKey>, unit_name: string, operator_name: string, login: string, password: string, };

/**
 * The office this PC belongs to.
 */
export type OfficeView = { kind: OfficeKind, county_name: string, unit_name: string, 
/**
 * 6 digits for a county, 9 for a township.
 */
area: string, 
/**
 * Whether the county has enrolled this PC.
 */
enrolled: boolean, 
/**
 * Eight words that name the county's root key, to compare by telephone.
 */
county_words: string | null, 
/**
 * Whether these are the demo's data, which the window shows in a colour of their own.
 */
training: boolean, };

export type OperatorAddRequest = { login: string, name: string, role: string, password: string, };

export type OperatorList = { rows: Array<OperatorView>, };

/**
 * One operator.
 */
export type OperatorView = { login: string, name: string, role: Coded, disabled: boolean, };

export type PackActivateRequest = { toml: string, };

/**
 * One difference between two packs.
 */
export type PackChange = { part: string, place: string, before: string, after: string, article_before: string, article_after: string, };

/**
 * Everything that can be said of a text without a register.
 */
export type PackCheck = { 
/**
 * SHA-256 of the text, in hex.
 */
digest: string, faults: Array<PackFault>, head: PackHead | null, sentences: Array<PackSentence>, numbers: Array<PackNumber>, changes: Array<PackChange>, examples: Array<PackExampleResult>, 
/**
 * What a worked example can name.
 */
identities: Array<Coded>, payers: Array<Coded>, 
/**
 * What the pack itself says is missing.
 */
notes: Array<string>, 
/**
 * Parts of the region's rules that are not in it.
 */
missing: Array<string>, 
/**
 * Rules without an official text.
 */
unofficial: Array<string>, 
/**
 * Documents of which no copy can be found again: neither address nor digest.
 */
untraceable: Array<string>, };

/**
 * `examples`: a list of case files as JSON, or nothing. `against`: another pack's text to compare with.
 */
export type PackCheckRequest = { toml: string, examples: string, against: string | null, };

/**
 * A pack being written.
 */
export type PackDraftRow = { id: string, name: string, version: string, note: string, 
/**
 * The first fault of its text; empty when it could be used.
 */
fault: string, standing: PackStanding, 
/**
 * Whether this very text is in force already.
 */
kept: boolean, };

/**
 * Keeps a draft; without an id a new one. `form` is the form whose typing is now saved.
 */
export type PackDraftSaveRequest = { id: string | null, toml: string, examples: string, note: string, base: string | null, form: FormKey | null, };

/**
 * A draft with the text it is compared with.
 */
export type PackDraftView = { id: string, name: string, version: string, toml: string, examples: string, note: string, base: string | null, 
/**
 * The text it is compared with: the pack it was made from, or the one in force.
 */
against: string | null, against_name: string, standing: PackStanding, kept: boolean, };

/**
 * The last day a pack counts; nothing opens it again.
 */
export type PackEndRequest = { id: string, until: string | null, };

export type PackExampleBill = { bill: string, lines: Array<PackExampleLine>, problem: string | null, };

/**
 * One amount of a worked example: what must come out and what does.
 */
export type PackExampleLine = { key: string, label: string, expected: string | null, found: string, differs: boolean, };

export type PackExampleResult = { title: string, 
/**
 * Whether the example says what must come out.
 */
expects: boolean, holds: boolean, bills: Array<PackExampleBill>, };

/**
 * Something wrong in a pack's text.
 */
export type PackFault = { line: number, message: string, };

/**
 * A pack by name, and how many of its rules rest on which kind of text.
 */
export type PackHead = { name: string, version: string, region: string, effective_from: string, effective_until: string | null, official: number, quoted: number, unverified: number, 
/**
 * The same in words.
 */
status: string, 
/**
 * Whether it leaves out a part of its region's rules.
 */
partial: boolean, 
/**
 * Who compared it with the texts, as the file itself says.
 */
reviewers: Array<string>, };

export type PackList = { rows: Array<PackRow>, drafts: Array<PackDraftRow>, };

/**
 * One number where it stands in the text, so that a field can change it.
 */
export type PackNumber = { 
/**
 * The payer, or what part of the pack.
 */
part: string, 
/**
 * Which switch, for whom.
 */
place: string, value: string, 
/**
 * Document and article.
 */
article: string, 
/**
 * 官方, 转述, 待核实.
 */
status: string, line: number, 
/**
 * The place of the value in the text, in UTF-16 units as a browser counts them.
 */
from: number, to: number, };

/**
 * A pack that comes with the program or from a file, as the county looks at it before using it.
 */
export type PackOffer = { head: PackHead, toml: string, 
/**
 * Worked examples that belong to it: a list of case files as JSON.
 */
examples: string, 
/**
 * Whether the register holds this very text already.
 */
kept: boolean, sources: Array<PackSource>, };

export type PackOfferList = { rows: Array<PackOffer>, template: string, };

/**
 * One person's reading of a text.
 */
export type PackOpinion = { name: string, on: string | null, verdict: Coded, remarks: string, mine: boolean, };

/**
 * One reading of exactly this text: `passed` or `returned`.
 */
export type PackReviewRequest = { toml: string, verdict: string, remarks: string, };

/**
 * A pack of the register.
 */
export type PackRow = { id: string, name: string, version: string, region: string, status: string, effective_from: string, effective_until: string | null, state: PackState, 
/**
 * Whether today's bills are settled by it.
 */
active: boolean, withdrawn: boolean, };

/**
 * One rule in words.
 */
export type PackSentence = { part: string, text: string, article: string, official: boolean, line: number | null, };

export type PackSource = { title: string, document: string, status: string, };

/**
 * Who has read a text, and whether it may be put in force.
 */
export type PackStanding = { 
/**
 * SHA-256 of the text, in hex.
 */
digest: string, 
/**
 * Who sent it to be read, when; empty when nobody has.
 */
sent_by: string, sent_on: string | null, opinions: Array<PackOpinion>, ready: boolean, 
/**
 * What is still lacking, as one sentence; empty when nothing is.
 */
lacking: string, };

/**
 * Where a pack of the register stands today.
 */
export type PackState = "in_force" | "future" | "ended" | "withdrawn" | "broken";

export type PackTextRequest = { toml: string, };

/**
 * A pack of the register with what it says and what it changed.
 */
export type PackView = { row: PackRow, toml: string, check: PackCheck, standing: PackStanding, 
/**
 * The pack before it, as `changes` of the check compares; empty for the first.
 */
before: string, };

/**
 * A stretch of a long list; left out: its beginning.
 */
export type Page = { offset: number | null, limit: number | null, };

export type PasswordChangeRequest = { old: string, new: string, };

/**
 * One payer of one bill: what the policy pack says and what was paid.
 */
export type PayerRow = { key: string, label: string, due: number, paid: number, shortfall: number, cause: string, };

/**
 * A certified PC. `missing`: entries it had written by its last bundle that the county does not have.
 */
export type PcRow = { serial: number, unit: string, device: string, area: string, county: boolean, own: boolean, retired: string | null, last_contact: string | null, confirmed: number, missing: number, };

export type PersonMergeRequest = { loser: string, winner: string, reason: string, };

export type PersonUnmergeRequest = { loser: string, };

/**
 * A person with everything kept about them.
 */
export type PersonView = { id: string, household: string, household_number: string, name: string, sex: Coded, birth: string | null, age: number | null, citizen_id: string, document_type: Coded | null, ethnicity: Coded | null, education: Coded | null, schooling: Coded | null, labour: Coded | null, health: string, phone: string, work_place: string, relation: Coded, village: string, group: string, died_on: string | null, identities: Array<IdentityRow>, diagnoses: Array<DiagnosisRow>, contracts: Array<ContractRow>, visits: Array<VisitRow>, enrolments: Array<EnrolmentRow>, bills: Array<BillRow>, };

/**
 * A person's year: all bills in their turn, the replaced ones among them.
 */
export type PersonYear = { person: string, name: string, household: string | null, village: string, year: number, 
/**
 * Years with bills, the newest first.
 */
years: Array<number>, bars: Array<Bar>, payers: Array<YearPayer>, accumulators: Array<AccumulatorRow>, steps: Array<StepRow>, 
/**
 * Left to the person, the year's end taken off.
 */
personal: number, 
/**
 * Nothing where no payer settles once a year.
 */
year_end: YearEndView | null, 
/**
 * Bills that count and cannot be settled by the pack.
 */
uncounted: number, bills: Array<YearBill>, };

export type PersonYearRequest = { person: string, year: number | null, };

/**
 * What a payer adds at the year's end; less than nothing where the visit's own bill already pays what it would have.
 */
export type PlanAtEnd = { label: string, amount: number, 
/**
 * Whether the person has to apply for it. 
 */
applied: boolean, };

/**
 * The same visit at one hospital.
 */
export type PlanChoice = { key: string, place: string, level: Coded, area: Coded, referral: Coded, 
/**
 * Paid by each column of the sheet, in its order, nought included.
 */
payers: Array<PlanPayer>, 
/**
 * 起付线 of the first payer.
 */
deductible: number, 
/**
 * Outside the catalogues and paid first.
 */
outside: number, in_scope: number, paid: number, personal: number, 
/**
 * What each payer adds for it at the year's end; not part of `paid`.
 */
at_end: Array<PlanAtEnd>, 
/**
 * What the person pays more than at the cheapest, less what comes at the year's end without being applied for.
 */
more: number, cheapest: boolean, 
/**
 * Why it differs from the cheapest, a line each.
 */
why: Array<string>, 
/**
 * The identities that counted.
 */
identity: string, 
/**
 * Why the pack cannot say.
 */
refused: string | null, steps: Array<StepRow>, };

export type PlanPayer = { column: Coded, label: string, amount: number, };

/**
 * A planned visit. What is not said is taken from the bills on file, and the answer says which.
 */
export type PlanRequest = { person: string, 
/**
 * A code of `care_kind`.
 */
kind: string, 
/**
 * What it is expected to cost, everything included.
 */
total: number, 
/**
 * Share outside the catalogues, in basis points.
 */
outside: number | null, 
/**
 * Share of the total that is paid first, in basis points.
 */
pre_self_pay: number | null, 
/**
 * Where “away” is: `province` or `outside`.
 */
far: string | null, 
/**
 * The day of admission; today when not said.
 */
on: string | null, };

/**
 * A planned visit side by side.
 */
export type PlanView = { person: string, household: string, name: string, village: string, identity: string, pack: string, pack_status: string, on: string, kind: Coded, far: string, total: number, 
/**
 * Shares used, in basis points, and where each comes from.
 */
outside_share: number, outside_from: string, pre_share: number, pre_from: string, 
/**
 * The year so far, a line each.
 */
state: Array<string>, choices: Array<PlanChoice>, 
/**
 * Two sentences a village doctor can read out.
 */
said: Array<string>, notes: Array<string>, };

/**
 * These people's records of a table, not yet in a platform, are in it since a day.
 */
export type PlatformMarkRequest = { people: Array<string>, table: string, platform: string, on: string, };

/**
 * Households and people, told apart by whether they are lifted; others were never poor: they are monitored.
 */
export type Population = { households: number, people: number, not_lifted_households: number, not_lifted_people: number, lifted_households: number, lifted_people: number, other_households: number, other_people: number, };

/**
 * One word on any number of findings of one rule.
 */
export type QualityDecideRequest = { rule: string, subjects: Array<string>, 
/**
 * A code of `finding_state`.
 */
state: string, owner: string | null, due: string | null, reason: string | null, 
/**
 * Needed for an exemption, with the day until which it holds.
 */
evidence: string | null, until: string | null, };

/**
 * How many findings were decided, and the action that `quality_undo` takes back.
 */
export type QualityDecided = { decided: number, entry: number | null, };

/**
 * One finding with what was decided about it.
 */
export type QualityRow = { 
/**
 * Names the finding for `quality_decide`; another once the values behind it change.
 */
subject: string, rule: string, household: string, person: string | null, 
/**
 * The record at fault, where it is one of its own.
 */
table: string | null, record: string | null, name: string, village: string, group: string, number: string, head: string, reason: string, open: boolean, state: string, owner: string, due: string | null, overdue: boolean, decided_on: string | null, why: string, evidence: string, exempt_until: string | null, };

export type QualityRows = { rule: string | null, title: string, rows: Array<QualityRow>, };

/**
 * The findings of one rule, or of all where none is named; of one village or all.
 */
export type QualityRowsRequest = { rule: string | null, village: string | null, };

/**
 * One rule with what it found.
 */
export type QualityRule = { 
/**
 * `F07`.
 */
number: string, severity: QualitySeverity, severity_label: string, 
/**
 * 户, 人 or 单.
 */
about: string, title: string, 
/**
 * Nobody decided that it is right, and it is not exempt today; `owned` of them have somebody who looks into it.
 */
open: number, owned: number, 
/**
 * Said to be mended and still found; part of `open`.
 */
again: number, fine: number, exempt: number, 
/**
 * Why the rule is not applied this year, if it is not.
 */
unchecked: string | null, };

/**
 * How bad a finding is; always shown with words.
 */
export type QualitySeverity = "error" | "warning";

export type QualityView = { errors: number, warnings: number, fine: number, exempt: number, rules: Array<QualityRule>, };

/**
 * A citizen id, a day, an amount, or `+5` and `20260930+5` for working days.
 */
export type QuickRequest = { text: string, 
/**
 * The day on which somebody's age is asked for; today when nothing is said.
 */
on: string | null, };

export type QuickRow = { label: string, value: string, note: string, };

export type QuickView = { rows: Array<QuickRow>, };

/**
 * Every table folded again from the log, and verified afterwards.
 */
export type RebuildView = { folded: number, verified: VerifyView, };

/**
 * Saves many records of one table, a line each, as one action that one undo takes back.
 */
export type RecordBatchRequest = { table: string, rows: Array<RecordBatchRow>, reason: string | null, };

/**
 * One line: fields by column name as text, as in `RecordSaveRequest`; of the record that is changed, or of a new one.
 */
export type RecordBatchRow = { id: string | null, fields: { [key in string]: string }, };

/**
 * What was saved, and the action that `import_undo` takes back.
 */
export type RecordBatchSaved = { saved: number, problems: Array<LineProblem>, entry: number | null, };

export type RecordChoice = { id: string, label: string, 
/**
 * What other fields of the form it fills when they are empty, by column.
 */
fills: { [key in string]: string }, };

export type RecordChoices = { rows: Array<RecordChoice>, };

export type RecordRequest = { table: string, id: string, };

/**
 * Saves one record: fields by column name as text (dates ISO, money in yuan `1,234.50`, codes or labels for coded
 * fields, `""` clears). Without an id a new record is made. `household` is needed for a new person.
 */
export type RecordSaveRequest = { 
/**
 * Table name: household, person, diagnosis, contract, visit, enrolment, aid_identity, exclusion, team …
 */
table: string, id: string | null, household: string | null, 
/**
 * 与户主关系 of a new person, code or label.
 */
relation: string | null, fields: { [key in string]: string }, reason: string | null, 
/**
 * The form it was typed into: with the record its draft is gone.
 */
form: FormKey | null, };

export type RecordSaved = { id: string, changed: number, 
/**
 * What the clerk must know of it: the county's value is shown until the county decides.
 */
notice: string | null, };

/**
 * The stored values of one record, for an editing form: column name to text.
 */
export type RecordValues = { table: string, id: string, fields: { [key in string]: string }, };

/**
 * Forgotten password: the printed recovery code and a new password for one of this PC's operators.
 */
export type RecoverRequest = { recovery_code: string, login: string, password: string, };

export type RecoveryCodeView = { recovery_code: string, };

export type RecoveryInspectRequest = { files: Array<string>, };

/**
 * What townships' trust files know of a county that has lost everything.
 */
export type RecoveryView = { county_name: string, area: string, words: string, root_version: number, threshold: number, holders: Array<HolderRow>, units: Array<string>, silent: Array<string>, };

export type RenewalList = { rows: Array<RenewalRow>, };

/**
 * A contract that ends or has ended, with what would follow it.
 */
export type RenewalRow = { person: string, household: string, name: string, village: string, group: string, team: string | null, team_name: string, package: string, signer: string, ended: string, since: string, until: string, };

export type ReportFile = { file: string, path: string, };

export type ReportList = { rows: Array<ReportRow>, };

export type ReportRequest = { key: string, };

export type ReportRow = { key: string, title: string, about: string, };

/**
 * A table as it will stand in the file.
 */
export type ReportView = { key: string, title: string, unit: string, on: string, columns: Array<string>, rows: Array<Array<string>>, total: Array<string>, remarks: Array<string>, };

/**
 * People or bills that have something in common.
 */
export type ResettleGroup = { key: string, label: string, people: number, bills: number, paid_before: number, paid_after: number, personal_before: number, personal_after: number, better: number, worse: number, };

/**
 * One payer over all bills, before and after.
 */
export type ResettlePayer = { key: string, label: string, before: number, after: number, };

/**
 * Somebody whose year comes out differently; below nought they pay less.
 */
export type ResettlePerson = { person: string, household: string, name: string, village: string, identity: string, bills: number, before: number, after: number, change: number, };

/**
 * A bill that one of the two packs does not settle, or a year whose end cannot be set side by side: in neither sum.
 */
export type ResettleRefused = { bill: string, name: string, village: string, settled_on: string, why: string, };

/**
 * Which rules: a draft or a stored pack by id, or the text of a pack. The year's bills under them.
 */
export type ResettleRequest = { draft: string | null, pack: string | null, path: string | null, toml: string | null, year: number | null, };

export type ResettleSide = { people: number, households: number, money: number, };

export type ResettleView = { before: string, after: string, year: number, people: number, households: number, bills: number, total: number, payers: Array<ResettlePayer>, personal_before: number, personal_after: number, better: ResettleSide, worse: ResettleSide, same: number, identities: Array<ResettleGroup>, levels: Array<ResettleGroup>, townships: Array<ResettleGroup>, 
/**
 * The largest changes first; as many as a screen shows, the workbook has all.
 */
changed: Array<ResettlePerson>, changed_count: number, refused: Array<ResettleRefused>, refused_count: number, notes: Array<string>, };

export type RestoreDone = { entries: number, 
/**
 * The newest entry in the backup.
 */
saved_at: string | null, 
/**
 * Where the data that stood here before are kept.
 */
kept: string | null, };

/**
 * Backups that can be restored, newest first.
 */
export type RestoreList = { rows: Array<RestoreRow>, 
/**
 * Whether data stand on this PC now, which will be moved aside.
 */
replaces: boolean, };

export type RestoreListRequest = { folder: string | null, };

/**
 * Puts a backup in the place of this PC's data. `secret`: the operator's password at the time of the backup, or the
 * printed recovery code. `unit_name`: typed by the clerk, so that nobody does it by mistake.
 */
export type RestoreRequest = { path: string, login: string, secret: string, recovery: boolean, unit_name: string, };

/**
 * A backup, as far as can be said before it is opened.
 */
export type RestoreRow = { path: string, 
/**
 * The folder it lies in.
 */
place: string, unit_name: string, county_name: string, operators: Array<OperatorView>, 
/**
 * When its database was written last.
 */
written_at: string, bytes: number, 
/**
 * Whether it is of this PC's unit, or this PC has none yet.
 */
fits: boolean, };

/**
 * What a change of the root is for.
 */
export type RootChange = "holders" | "operations";

/**
 * A holder signs a change that was passed on as a file, on any PC.
 */
export type RootCountersignRequest = { path: string, holder: string, password: string, folder: string, };

/**
 * A change that was passed on as a file, read without keys.
 */
export type RootInspection = { county_name: string, version: number, threshold: number, holders: Array<HolderRow>, };

/**
 * A change of the root that waits for signatures.
 */
export type RootPending = { change: RootChange, version: number, old: Array<HolderRow>, old_needed: number, new: Array<HolderRow>, new_needed: number, };

/**
 * How far a change of the root has come.
 */
export type RootProgress = { version: number, old: number, old_needed: number, new: number, new_needed: number, in_force: boolean, };

/**
 * Draws a change of the root up. `threshold` counts for a change of holders.
 */
export type RootProposeRequest = { change: RootChange, threshold: number, };

/**
 * A holder signs with the file on his stick.
 */
export type RootSignRequest = { path: string, password: string, };

export type RowOutcome = "new" | "changed" | "same" | "rejected";

/**
 * A bill that is likely the same paper, and by what.
 */
export type SameBill = { id: string, person: string, name: string, by: string, settled_on: string | null, total: number, };

export type SearchHit = { kind: HitKind, household: string | null, person: string | null, village: string | null, title: string, detail: string, 
/**
 * Which token matched, as shown.
 */
matched: string, };

export type SearchRequest = { text: string, limit: number, };

export type SearchView = { hits: Array<SearchHit>, more: boolean, };

/**
 * Who is logged in where.
 */
export type SessionView = { operator: OperatorView, office: OfficeView, 
/**
 * Something about the data as a whole that the clerk must know, e.g. that they were restored.
 */
notice: string | null, };

/**
 * A pure settlement: no database. `bills` as in the pack examples.
 */
export type SettleRequest = { pack: string, bills: JsonValue, };

export type SettleView = { result: JsonValue, };

/**
 * What to print and keep after set-up.
 */
export type SetupDone = { 
/**
 * Opens the data when every password is forgotten. Shown once.
 */
recovery_code: string, county_words: string | null, };

/**
 * First set-up of this PC. `area`: 6 digits county, 9 digits township.
 */
export type SetupRequest = { kind: OfficeKind, county_name: string, unit_name: string, area: string, operator_name: string, login: string, password: string, };

/**
 * In which state this PC's data is.
 */
export type SetupState = "empty" | "locked" | "open";

/**
 * What the first screen needs to know.
 */
export type SetupStatus = { state: SetupState, office: OfficeView | null, operators: Array<OperatorView>, version: string, today: string, };

/**
 * What a sheet holds.
 */
export type SheetKind = "roster" | "screening" | "contracts" | "visits" | "enrolments" | "bills" | "exams" | "disabled" | "aid" | "certificates" | "crowds" | "health_check" | "services";

/**
 * One step of the explanation.
 */
export type StepRow = { key: string, label: string, formula: string, amount: number, article: string, payer: string | null, };

/**
 * Sends a table: its file is written and its SHA-256 is kept.
 */
export type SubmissionFileRequest = { report: string, period: string, recipient: string, campaign: string | null, due_on: string | null, };

export type SubmissionFiled = { id: string, file: string, path: string, digest: string, 
/**
 * Whether this very file was sent before for the same period.
 */
same: boolean, 
/**
 * What was sent before for this period and says something else.
 */
differs: string | null, };

export type SubmissionList = { rows: Array<SubmissionRow>, };

/**
 * One report: due, sent, sealed.
 */
export type SubmissionRow = { id: string, name: string, period: string, recipient: string, campaign: string, due_on: string | null, sent_on: string | null, sealed_on: string | null, file: string, digest: string, note: string, late: boolean, };

export type SubmissionSealRequest = { id: string, sealed_on: string, };

/**
 * What a control total counts.
 */
export type SumUnit = "rows" | "people" | "households" | "money";

export type TableCheck = { table: string, label: string, rows: number, differences: number, };

/**
 * One number of a table; without a row the total.
 */
export type TallyCellRequest = { key: string, village: string | null, column: string, row: string | null, };

export type TallyColumn = { key: string, 
/**
 * What stands over it and its neighbours; may be empty.
 */
group: string, label: string, 
/**
 * Its numbers are fen.
 */
money: boolean, };

export type TallyList = { rows: Array<TallyName>, };

export type TallyName = { key: string, title: string, about: string, section: string, };

export type TallyRequest = { key: string, village: string | null, };

/**
 * One row; a cell of nothing is not shown to whoever is logged in.
 */
export type TallyRow = { key: string, label: string, cells: Array<number | null>, };

export type TallyView = { key: string, title: string, unit: string, on: string, 
/**
 * What stands over the first column.
 */
head: string, columns: Array<TallyColumn>, rows: Array<TallyRow>, total: Array<number | null>, notes: Array<string>, };

export type TeamList = { rows: Array<TeamRow>, };

/**
 * One family-doctor team.
 */
export type TeamRow = { id: string, name: string, village_doctor: string, township_doctor: string, township_phone: string, };

/**
 * One thing this household still needs.
 */
export type Todo = { key: string, text: string, tone: Tone, person: string | null, settlement: string | null, due: string | null, 
/**
 * The year of the person whose end it is about, where it is about one.
 */
year_end: number | null, };

/**
 * Soon, missing, done or waiting for a decision; always shown with words.
 */
export type Tone = "neutral" | "done" | "soon" | "missing" | "waiting";

export type TownshipCompared = { pcs: Array<ComparedPc>, };

export type TownshipRequest = { area: string, };

/**
 * One township as the county sees it.
 */
export type TownshipRow = { area: string, name: string, devices: number, last_contact: string | null, received: number, confirmed: number, held: number, missing: number, conflicts: number, households: number, people: number, 
/**
 * Entries of it that came and are not in the tables, files of it that were turned away, bundles that wait for
 * parts.
 */
aside: number, rejected: number, waiting: number, 
/**
 * What the last comparison of tables said, until the next bundle.
 */
compared: ComparedRow | null, 
/**
 * People registered twice, of whom at least one lives here.
 */
duplicates: number, };

/**
 * Keys and PCs, as far as this office may see them.
 */
export type TrustView = { county: boolean, county_name: string, county_words: string | null, root_version: number, 
/**
 * This PC's own certificate.
 */
own: PcRow | null, 
/**
 * Whether this PC waits for the county to certify its new keys.
 */
renewing: boolean, 
/**
 * Whether the root's key lies in this very database: nobody else holds it.
 */
root_here: boolean, 
/**
 * How many holders must sign.
 */
threshold: number, holders: Array<HolderRow>, 
/**
 * Who is to hold the root next, as far as their files are made.
 */
list: Array<HolderRow>, pending: RootPending | null, pcs: Array<PcRow>, };

/**
 * How many entries touch a record type.
 */
export type TypeCount = { label: string, count: number, };

export type UndoRequest = { entry: number, };

export type UndoView = { undone: number, };

/**
 * Shows what is masked; the reason is kept in the log.
 */
export type UnmaskRequest = { person: string, reason: string, };

export type UnmaskView = { citizen_id: string, phone: string, };

/**
 * Every table rebuilt from the log and compared.
 */
export type VerifyView = { entries: number, logs: number, tables: Array<TableCheck>, differences: number, integrity: string, ok: boolean, problems: Array<string>, };

export type ViewKeepRequest = { list: string, view: GridView, };

export type ViewRequest = { list: string, };

export type VillageJoinRequest = { from: string, into: string, on: string, };

export type VillageList = { rows: Array<VillageRow>, };

export type VillageMoved = { village: string, households: number, said: string, };

export type VillageRequest = { village: string | null, };

/**
 * A village with its counts, for filters and batches.
 */
export type VillageRow = { id: string, code: string, name: string, doctor: string, households: number, people: number, };

/**
 * Groups of a village that become one of their own.
 */
export type VillageSplitRequest = { from: string, code: string, name: string, groups: Array<string>, on: string, };

/**
 * Somebody who is there for a village.
 */
export type VillageStaffRow = { id: string, role: Coded, name: string, phone: string, since: string | null, until: string | null, trained_on: string | null, days: number | null, };

/**
 * One village: who is there for it, whom to call on, what was raised, what was done.
 */
export type VillageView = { id: string, code: string, name: string, population: number | null, doctor: string, clinic: string, ended_on: string | null, 
/**
 * The village it became part of.
 */
successor: string, 
/**
 * What became part of it, or what it was parted from, in words.
 */
before: Array<string>, instructors: number, instructors_needed: number, staff: Array<VillageStaffRow>, hamlets: Array<HamletRow>, homes: Array<HomeRow>, issues: Array<IssueRow>, 
/**
 * This year's activities here, and in the villages that became part of it.
 */
activities: Array<ActivityRow>, };

export type VisitDoctor = { name: string, count: number, late: number, };

export type VisitDueList = { from: string, until: string, rows: Array<VisitDueRow>, 
/**
 * Every doctor with visits due in these days, wherever.
 */
doctors: Array<VisitDoctor>, };

/**
 * Whose patients, where, and up to which day; without a day to the end of the next seven.
 */
export type VisitDueRequest = { doctor: string | null, village: string | null, kind: string | null, until: string | null, };

/**
 * One visit that is due.
 */
export type VisitDueRow = { household: string, person: string, name: string, village: string, group: string, head: string, phone: string, 
/**
 * What for; a restricted disease is not named.
 */
kind: string, 
/**
 * What the last visit showed.
 */
why: string, last: string, doctor: string, due: string, 
/**
 * Days from today; below zero it is late.
 */
days: number, };

/**
 * When the next visit should be, and why, in words.
 */
export type VisitProposal = { next_on: string | null, why: string, 
/**
 * What must be done today.
 */
urgent: string | null, };

/**
 * One line as typed so far; fields as in `record_save`.
 */
export type VisitProposeRequest = { person: string, fields: { [key in string]: string }, };

export type VisitRow = { id: string, kind: Coded, visited_on: string | null, mode: Coded | null, systolic: number | null, diastolic: number | null, 
/**
 * Tenths of mmol/L.
 */
glucose_tenths: number | null, control: Coded | null, doctor: string, next_on: string | null, };

export type VisitSheet = { kind: Coded, rows: Array<VisitSheetRow>, };

export type VisitSheetRequest = { kind: string, village: string | null, doctor: string | null, until: string | null, };

/**
 * One patient of a sheet with what was measured last.
 */
export type VisitSheetRow = { person: string, household: string, name: string, village: string, group: string, age: number | null, last: string, due: string | null, doctor: string, };

/**
 * Waits no longer for the other parts of a bundle.
 */
export type WaitingRequest = { id: string, };

/**
 * A bundle of which parts are here and others are not.
 */
export type WaitingRow = { id: string, text: string, };

export type WarningArea = { year: number, bills: number, people: number, households: number, lines: Array<WarningLine>, counts: Array<WarningCount>, shares: Array<WarningShare>, regions: Array<WarningRegion>, 
/**
 * What 大病保险 paid of what lay above its line, in basis points.
 */
critical_rate: number | null, 
/**
 * Limits in percent.
 */
self_pay_percent: number, critical_percent: number, in_region_percent: number, notes: Array<string>, };

/**
 * A number that opens its list.
 */
export type WarningCount = { by: string, show: string, label: string, count: number, money: number | null, tone: Tone, };

/**
 * A line as the county has it; without an amount it is not known yet.
 */
export type WarningLine = { key: string, label: string, amount: number | null, source: string, };

export type WarningList = { year: number, rows: Array<WarningRow>, total: number, money: number, };

export type WarningListRequest = { year: number | null, village: string | null, 
/**
 * `household`, `person` or `bill`.
 */
by: string, 
/**
 * `over`, `near`, `tenth`, `next` or `all`.
 */
show: string, 
/**
 * Bills of one line of the shares: `rule`, `inpatient`, `chronic` or `outpatient`.
 */
share: string | null, 
/**
 * A code of `hospital_area`; `none` where it is not filled in.
 */
area: string | null, offset: number, limit: number, };

/**
 * Where people were treated.
 */
export type WarningRegion = { area: Coded, bills: number, people: number, total: number, personal: number, bills_share: number | null, money_share: number | null, };

export type WarningRequest = { year: number | null, village: string | null, };

/**
 * A household, a person or a bill.
 */
export type WarningRow = { key: string, household: string, person: string | null, bill: string | null, name: string, village: string, identity: string, bills: number, total: number, in_scope: number, personal: number, in_scope_personal: number, 
/**
 * Of bills in the county, in hospital or for a chronic illness, in basis points.
 */
of_total: number | null, of_in_scope: number | null, 
/**
 * In-scope self-pay against the lowest line that counts, in basis points.
 */
of_line: number | null, verdict: string, tone: Tone, 
/**
 * Whether its share passes the limit of self-pay.
 */
tenth: boolean, 
/**
 * The payer that begins next, and what is missing to it.
 */
next: string, room: number | null, 
/**
 * One line: why.
 */
told: string, };

/**
 * Bills together, with the person's share by both denominators in basis points.
 */
export type WarningShare = { key: string, label: string, bills: number, people: number, total: number, in_scope: number, personal: number, in_scope_personal: number, of_total: number | null, of_in_scope: number | null, };

/**
 * One count that opens its people.
 */
export type WorkItem = { 
/**
 * Stable name; the argument of `worklist_get`.
 */
key: string, label: string, count: number, unit: string, 
/**
 * What it is made of: `王庄 6 · 李坡 5`.
 */
parts: string, 
/**
 * The section of the rail where it is done.
 */
section: string, tone: Tone, };

/**
 * How far the long work has come that runs now; not `running` where there is none.
 */
export type WorkState = { running: boolean, label: string, done: number, total: number, };

export type WorklistRequest = { key: string, village: string | null, narrow: NarrowRequest | null, };

/**
 * One person or household behind a count, with why.
 */
export type WorklistRow = { household: string, person: string | null, name: string, village: string, group: string, head: string, phone: string, reason: string, due: string | null, 
/**
 * The village, where it is about one and about no household.
 */
place: string | null, 
/**
 * The record it is about, where it is about one: its table and its id.
 */
table: string | null, record: string | null, 
/**
 * The year of the person whose end it is about, where it is about one.
 */
year_end: number | null, };

export type WorklistView = { key: string, label: string, definition: string, rows: Array<WorklistRow>, 
/**
 * How many stand in it when nothing narrows it.
 */
whole: number, };

export type YearBill = { bill: BillRow, bars: Array<Bar>, accumulators: Array<AccumulatorRow>, personal_due: number | null, said: Array<string>, };

/**
 * What is owed at the end of a year in one way: by itself, or when the family applies for it.
 */
export type YearEndPart = { 
/**
 * Names it in the list of what is owed.
 */
id: string, applied: boolean, due: number, paid: number, shortfall: number, 
/**
 * `大病保险应付 …，已付 …，差 …`.
 */
said: string, };

/**
 * What was paid at the end of a year.
 */
export type YearEndPayment = { id: string, settled_on: string | null, number: string, basic: number, critical: number, aid: number, other: number, };

/**
 * The end of a person's year (年终结算): what payers that settle once a year owe on it.
 */
export type YearEndView = { title: string, 
/**
 * The year is not over: worked out as if it ended today.
 */
running: boolean, as_of: string, pack: string, refused: string | null, uncounted: number, said: string, parts: Array<YearEndPart>, payments: Array<YearEndPayment>, };

/**
 * The year's money of a household.
 */
export type YearMoney = { year: number, total: number, paid: number, personal: number, 
/**
 * Basis points of the total, and of the in-scope amount.
 */
personal_of_total: number | null, personal_of_in_scope: number | null, shortfall: number, over: number, };

export type YearPayer = { key: string, label: string, due: number, paid: number, 
/**
 * Short on some bills and over on others, each summed by itself.
 */
shortfall: number, over: number, };

