//! Policy packs: those in force, those being written, what they say, and who has read them.

use chrono::NaiveDate;

use super::{Coded, FormKey, Id, dto, words};

words! {
    /// Where a pack of the register stands today.
    PackState {
        /// Bills of today are settled by it.
        InForce,
        /// Begins later.
        Future,
        /// Counts for days before today only, or another took its place.
        Ended,
        /// Taken back: counts for no day.
        Withdrawn,
        /// Its text cannot be used by this program.
        Broken,
    }
}

dto! {
    /// A pack by name, and how many of its rules rest on which kind of text.
    PackHead {
        name: String, version: String, region: String, effective_from: NaiveDate, effective_until: Option<NaiveDate>,
        official: i64, quoted: i64, unverified: i64,
        /// The same in words.
        status: String,
        /// Whether it leaves out a part of its region's rules.
        partial: bool,
        /// Who compared it with the texts, as the file itself says.
        reviewers: Vec<String>,
    }
}

dto! {
    /// A pack of the register.
    PackRow {
        id: Id, name: String, version: String, region: String, status: String, effective_from: NaiveDate,
        effective_until: Option<NaiveDate>, state: PackState,
        /// Whether today's bills are settled by it.
        active: bool,
        withdrawn: bool,
    }
}

dto! {
    /// A pack being written.
    PackDraftRow {
        id: Id, name: String, version: String, note: String,
        /// The first fault of its text; empty when it could be used.
        fault: String,
        standing: PackStanding,
        /// Whether this very text is in force already.
        kept: bool,
    }
}

dto! { PackList { rows: Vec<PackRow>, drafts: Vec<PackDraftRow> } }

dto! {
    /// One person's reading of a text.
    PackOpinion { name: String, on: Option<NaiveDate>, verdict: Coded, remarks: String, mine: bool }
}

dto! {
    /// Who has read a text, and whether it may be put in force.
    PackStanding {
        /// SHA-256 of the text, in hex.
        digest: String,
        /// Who sent it to be read, when; empty when nobody has.
        sent_by: String, sent_on: Option<NaiveDate>,
        opinions: Vec<PackOpinion>,
        ready: bool,
        /// What is still lacking, as one sentence; empty when nothing is.
        lacking: String,
    }
}

dto! {
    /// Something wrong in a pack's text.
    PackFault { line: i64, message: String }
}

dto! {
    /// One rule in words.
    PackSentence { part: String, text: String, article: String, official: bool, line: Option<i64> }
}

dto! {
    /// One number where it stands in the text, so that a field can change it.
    PackNumber {
        /// The payer, or what part of the pack.
        part: String,
        /// Which switch, for whom.
        place: String,
        value: String,
        /// Document and article.
        article: String,
        /// 官方, 转述, 待核实.
        status: String,
        line: i64,
        /// The place of the value in the text, in UTF-16 units as a browser counts them.
        from: i64, to: i64,
    }
}

dto! {
    /// One difference between two packs.
    PackChange { part: String, place: String, before: String, after: String, article_before: String, article_after: String }
}

dto! {
    /// One amount of a worked example: what must come out and what does.
    PackExampleLine { key: String, label: String, expected: Option<String>, found: String, differs: bool }
}
dto! { PackExampleBill { bill: String, lines: Vec<PackExampleLine>, problem: Option<String> } }
dto! {
    PackExampleResult {
        title: String,
        /// Whether the example says what must come out.
        expects: bool,
        holds: bool,
        bills: Vec<PackExampleBill>,
    }
}

dto! {
    /// `examples`: a list of case files as JSON, or nothing. `against`: another pack's text to compare with.
    PackCheckRequest { toml: String, examples: String, against: Option<String> }
}
dto! {
    /// Everything that can be said of a text without a register.
    PackCheck {
        /// SHA-256 of the text, in hex.
        digest: String,
        faults: Vec<PackFault>,
        head: Option<PackHead>,
        sentences: Vec<PackSentence>, numbers: Vec<PackNumber>, changes: Vec<PackChange>,
        examples: Vec<PackExampleResult>,
        /// What a worked example can name.
        identities: Vec<Coded>, payers: Vec<Coded>,
        /// What the pack itself says is missing.
        notes: Vec<String>,
        /// Parts of the region's rules that are not in it.
        missing: Vec<String>,
        /// Rules without an official text.
        unofficial: Vec<String>,
        /// Documents of which no copy can be found again: neither address nor digest.
        untraceable: Vec<String>,
    }
}
dto! { PackTextRequest { toml: String } }

dto! { PackSource { title: String, document: String, status: String } }
dto! {
    /// A pack that comes with the program or from a file, as the county looks at it before using it.
    PackOffer {
        head: PackHead, toml: String,
        /// Worked examples that belong to it: a list of case files as JSON.
        examples: String,
        /// Whether the register holds this very text already.
        kept: bool,
        sources: Vec<PackSource>,
    }
}
dto! { PackOfferList { rows: Vec<PackOffer>, template: String } }

dto! {
    /// A pack of the register with what it says and what it changed.
    PackView {
        row: PackRow, toml: String, check: PackCheck, standing: PackStanding,
        /// The pack before it, as `changes` of the check compares; empty for the first.
        before: String,
    }
}

dto! {
    /// A draft with the text it is compared with.
    PackDraftView {
        id: Id, name: String, version: String, toml: String, examples: String, note: String,
        base: Option<Id>,
        /// The text it is compared with: the pack it was made from, or the one in force.
        against: Option<String>, against_name: String,
        standing: PackStanding,
        kept: bool,
    }
}
dto! {
    /// Keeps a draft; without an id a new one. `form` is the form whose typing is now saved.
    PackDraftSaveRequest { id: Option<Id>, toml: String, examples: String, note: String, base: Option<Id>, form: Option<FormKey> }
}

dto! {
    /// One reading of exactly this text: `passed` or `returned`.
    PackReviewRequest { toml: String, verdict: String, remarks: String }
}
dto! { PackActivateRequest { toml: String } }
dto! {
    /// The last day a pack counts; nothing opens it again.
    PackEndRequest { id: Id, until: Option<NaiveDate> }
}
