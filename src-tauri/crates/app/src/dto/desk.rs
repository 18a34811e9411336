//! 工作台: who is missed today.

use chrono::NaiveDate;

use super::{Id, NarrowRequest, dto, words};

words! {
    /// Soon, missing, done or waiting for a decision; always shown with words.
    Tone { Neutral, Done, Soon, Missing, Waiting }
}

dto! {
    /// Households and people, told apart by whether they are lifted; others were never poor: they are monitored.
    Population {
        households: i64, people: i64,
        not_lifted_households: i64, not_lifted_people: i64,
        lifted_households: i64, lifted_people: i64,
        other_households: i64, other_people: i64,
    }
}

dto! {
    /// One count that opens its people.
    WorkItem {
        /// Stable name; the argument of `worklist_get`.
        key: String,
        label: String, count: i64, unit: String,
        /// What it is made of: `王庄 6 · 李坡 5`.
        parts: String,
        /// The section of the rail where it is done.
        section: String,
        tone: Tone,
    }
}

dto! {
    /// One share that should be 100 %.
    Indicator {
        key: String, label: String, done: i64, of: i64,
        /// Whom a reason takes out of the count; `worklist_get` of `excluded_key` lists them.
        excluded: i64, excluded_key: Option<String>,
        /// Target in basis points.
        target: i64,
        /// How it is counted, with its exclusions, in words.
        definition: String,
        /// A share of money (in fen) that should be no more than its target.
        at_most: bool,
    }
}

dto! {
    /// One date by which something must be done.
    Deadline {
        on: NaiveDate, label: String, days: i64,
        /// The last working day before, when the day itself is off.
        before: Option<NaiveDate>,
    }
}

dto! {
    /// The whole desk.
    DeskView {
        today: NaiveDate, population: Population, items: Vec<WorkItem>, indicators: Vec<Indicator>, deadlines: Vec<Deadline>,
    }
}

dto! { WorklistRequest { key: String, village: Option<Id>, narrow: Option<NarrowRequest> } }

dto! {
    /// One person or household behind a count, with why.
    WorklistRow {
        household: Id, person: Option<Id>, name: String, village: String, group: String, head: String,
        phone: String, reason: String, due: Option<NaiveDate>,
        /// The village, where it is about one and about no household.
        place: Option<Id>,
        /// The record it is about, where it is about one: its table and its id.
        table: Option<String>, record: Option<Id>,
        /// The year of the person whose end it is about, where it is about one.
        year_end: Option<i64>,
    }
}

dto! {
    WorklistView {
        key: String, label: String, definition: String, rows: Vec<WorklistRow>,
        /// How many stand in it when nothing narrows it.
        whole: i64,
    }
}

dto! {
    /// What the foot of the window says.
    FootView {
        /// Time of the last entry, local, `HH:MM`, or nothing yet.
        saved_at: Option<String>,
        confirmed_until: Option<NaiveDate>,
        unconfirmed: i64,
        backup_at: Option<String>,
        backup_verified: bool,
        /// Why today's own backup was not made, if it was not.
        backup_problem: Option<String>,
    }
}
