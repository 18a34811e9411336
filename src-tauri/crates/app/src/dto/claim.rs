//! 应报未报: what payers still owe, from the letter to its end.

use chrono::NaiveDate;

use super::{Coded, Id, Money, Tone, dto};

dto! {
    ClaimListRequest {
        year: Option<i64>, village: Option<Id>,
        /// `short` 应报未报, `over` 多报, `deposit` 收了押金, `unsettled` 没有即时结算, `beyond` 政策外补助, `apply` 年终救助
        /// that the family has to apply for.
        kind: String,
        /// A code of `claim_state`.
        state: Option<String>,
        /// Only what one line of [`ClaimGroups`] sums up: by household, village or cause.
        group: Option<String>, key: Option<String>,
    }
}
dto! {
    /// One bill, or the end of a person's year, with what became of it.
    ClaimRow {
        /// The settlement; of a year's end what names it.
        id: String,
        person: Id, household: Id, name: String, head: String, village: String, village_id: Option<Id>,
        settled_on: Option<NaiveDate>, number: String, hospital: String, total: Money,
        cause: String, cause_label: String, why: String,
        /// What is short by column, or over in the list of what was paid too much; never one set off against the other.
        basic: Money, critical: Money, aid: Money, other: Money,
        /// What the list is about: short, over, deposit, beyond.
        amount: Money,
        /// In the list of what is short: what other payers paid too much on the same bill.
        over: Money,
        state: Coded, tone: Tone,
        /// The last letter, when the first was sent, and how many there were.
        paid_to: String, letter: String, sent_on: Option<NaiveDate>, first_sent_on: Option<NaiveDate>, letters: i64,
        /// Days since the last letter, while it is not answered.
        waiting: Option<i64>,
        answered_on: Option<NaiveDate>, answer: String, decision: String, reason: String, decided_on: Option<NaiveDate>,
        decided_by: String,
        /// The settlement that made it good.
        correction: Option<Id>,
        /// What was done so far, newest first, in words.
        history: Vec<String>,
        /// The year whose end this is; such a line is no bill.
        year_end: Option<i64>,
        /// Only paid when the family applies for it.
        applied: bool,
    }
}
dto! {
    /// An amount told apart: still owed, made good, given up with a reason.
    ClaimTold { owed: Money, made_good: Money, given_up: Money }
}
dto! { ClaimState { state: Coded, bills: i64, year_ends: i64, amount: Money } }
dto! {
    ClaimList {
        rows: Vec<ClaimRow>, amount: Money, people: i64, states: Vec<ClaimState>, told: ClaimTold,
        /// How the next letter would be numbered, and to whom the last one went.
        next_letter: String, paid_to: String,
    }
}
dto! {
    /// As [`ClaimListRequest`]; `by` is `household`, `village` or `cause`.
    ClaimGroupRequest { year: Option<i64>, village: Option<Id>, kind: String, state: Option<String>, by: String }
}
dto! {
    ClaimGroup {
        key: String, label: String, note: String, bills: i64, year_ends: i64, people: i64, basic: Money, critical: Money, aid: Money,
        other: Money, amount: Money,
        /// Of the amount: not written for yet, under way, made good, given up with a reason.
        open: Money, under_way: Money, made_good: Money, given_up: Money,
    }
}
dto! { ClaimGroups { rows: Vec<ClaimGroup>, amount: Money, told: ClaimTold } }
dto! {
    /// `bills` are ids of [`ClaimRow`].
    ClaimLetterRequest { bills: Vec<String>, paid_to: String, letter: String, sent_on: NaiveDate, contact: String }
}
dto! {
    /// The letter and its list as files, and the action that `import_undo` takes back.
    ClaimLetter { letter: String, list: String, path: String, bills: i64, year_ends: i64, amount: Money, entry: Option<i64> }
}
dto! {
    /// `answered` with the day and what was answered; `closed` with a decision and its reason; `open` takes back what was
    /// said. `sent` notes when and to whom (`answer`) a family applied for what is only paid on application. `bills` are ids
    /// of [`ClaimRow`].
    ClaimNoteRequest {
        bills: Vec<String>, state: String, on: Option<NaiveDate>, answer: String, decision: Option<String>, reason: String,
        evidence: String,
        /// The list it was decided in, as in [`ClaimListRequest`]; without one, what is short.
        kind: Option<String>,
    }
}
dto! { ClaimNoted { bills: i64, entry: Option<i64> } }
