//! A settlement while it is typed, what a correction moved, and a person's year.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Bar, BillRow, Coded, FormKey, Id, Money, PayerRow, StepRow, dto};

dto! { BillFormRequest { person: Option<Id>, corrects: Option<Id>, on: Option<NaiveDate> } }
dto! {
    /// What the form of a settlement offers for a person and a day.
    BillForm {
        person: Option<Id>, name: String, citizen_id: String, household: Option<Id>, village: String,
        /// Held on that day.
        identities: Vec<Coded>,
        /// Certified diseases.
        diseases: Vec<Coded>,
        /// Bills of theirs that count.
        bills: i64,
        pack: Option<String>, items: Vec<Coded>, causes: Vec<Coded>,
        /// The settlement this one takes the place of, and what stands on it by column as typed.
        corrects: Option<Coded>, fields: BTreeMap<String, String>,
    }
}
dto! {
    /// A settlement as typed so far.
    BillTyped { id: Option<Id>, fields: BTreeMap<String, String> }
}
dto! {
    /// An identity of the bill's own figures that does not hold: `parts`, `scope`, `payers`; `amount` for one no bill holds.
    BillFault {
        rule: String,
        /// Left side − right side.
        by: Money,
        /// The column likeliest at fault.
        field: Option<String>,
        said: String,
    }
}
dto! {
    /// A bill that is likely the same paper, and by what.
    SameBill { id: Id, person: Id, name: String, by: String, settled_on: Option<NaiveDate>, total: Money }
}
dto! {
    BillCheck {
        faults: Vec<BillFault>,
        /// What follows from the rest where it is left blank.
        in_scope: Option<Money>, pre_self_pay: Option<Money>, personal: Option<Money>,
        same: Vec<SameBill>,
        pack: Option<String>,
        /// What the pack says is due on it, beside what is typed.
        payers: Vec<PayerRow>, personal_due: Option<Money>, said: Vec<String>,
        /// Why the pack cannot settle it.
        refused: Option<String>,
        /// Where 住院天数, 起付线, 本年累计 of the sheet differ from what can be worked out.
        printed: Vec<String>,
    }
}
dto! {
    BillSaveRequest {
        id: Option<Id>, fields: BTreeMap<String, String>,
        /// 票面如此: figures that contradict each other are kept as the paper has them.
        as_printed: bool,
        reason: Option<String>, form: Option<FormKey>,
    }
}
dto! {
    /// What is due on another bill of the year changed.
    MovedRow {
        bill: Id, name: String, settled_on: Option<NaiveDate>, hospital: String, payer: String, before: Money, after: Money,
        short_before: Money, short_after: Money,
    }
}
dto! {
    BillSaved {
        id: Id,
        /// As it now stands in the list.
        bill: Option<BillRow>,
        moved: Vec<MovedRow>,
        /// Whether what was claimed on the corrected one is made good by this.
        closed: bool,
    }
}

dto! { PersonYearRequest { person: Id, year: Option<i64> } }
dto! {
    /// What a later bill of the year begins from.
    AccumulatorRow { key: String, label: String, before: Money, after: Money,
        /// Fen; otherwise a count.
        money: bool,
    }
}
dto! {
    YearBill {
        bill: BillRow, bars: Vec<Bar>, accumulators: Vec<AccumulatorRow>, personal_due: Option<Money>, said: Vec<String>,
    }
}
dto! {
    /// What is owed at the end of a year in one way: by itself, or when the family applies for it.
    YearEndPart {
        /// Names it in the list of what is owed.
        id: String,
        applied: bool, due: Money, paid: Money, shortfall: Money,
        /// `大病保险应付 …，已付 …，差 …`.
        said: String,
    }
}
dto! {
    /// What was paid at the end of a year.
    YearEndPayment { id: Id, settled_on: Option<NaiveDate>, number: String, basic: Money, critical: Money, aid: Money, other: Money }
}
dto! {
    /// The end of a person's year (年终结算): what payers that settle once a year owe on it.
    YearEndView {
        title: String,
        /// The year is not over: worked out as if it ended today.
        running: bool,
        as_of: NaiveDate, pack: String, refused: Option<String>, uncounted: i64, said: String,
        parts: Vec<YearEndPart>, payments: Vec<YearEndPayment>,
    }
}
dto! {
    YearPayer {
        key: String, label: String, due: Money, paid: Money,
        /// Short on some bills and over on others, each summed by itself.
        shortfall: Money, over: Money,
    }
}
dto! {
    /// A person's year: all bills in their turn, the replaced ones among them.
    PersonYear {
        person: Id, name: String, household: Option<Id>, village: String, year: i64,
        /// Years with bills, the newest first.
        years: Vec<i64>,
        bars: Vec<Bar>, payers: Vec<YearPayer>, accumulators: Vec<AccumulatorRow>, steps: Vec<StepRow>,
        /// Left to the person, the year's end taken off.
        personal: Money,
        /// Nothing where no payer settles once a year.
        year_end: Option<YearEndView>,
        /// Bills that count and cannot be settled by the pack.
        uncounted: i64,
        bills: Vec<YearBill>,
    }
}
