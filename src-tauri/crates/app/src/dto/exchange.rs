//! 数据交换: 导出, 导入, 已确认, 缺, 待决定.

use super::{Id, Tone, dto, words};

dto! {
    /// How many entries touch a record type.
    TypeCount { label: String, count: i64 }
}

dto! {
    /// The exchange screen.
    ExchangeStatus {
        enrolled: bool,
        /// Everything the county has not confirmed.
        pending: i64, pending_by_type: Vec<TypeCount>,
        confirmed_until: Option<String>, confirmed_entries: i64, own_entries: i64,
        recipient: String, county_words: Option<String>,
        /// How many other PCs of this centre can be written to directly.
        siblings: i64,
        /// Whom the last mail was addressed to.
        mail_to: String,
        /// Bundles of which parts are missing.
        waiting: Vec<String>,
        log: Vec<ExchangeRow>, townships: Vec<TownshipRow>, conflicts: i64, missing: Vec<String>,
    }
}

dto! {
    /// Removable drives and what lies on them for this office.
    DriveList { drives: Vec<DriveRow> }
}
dto! {
    /// A removable drive. `skipped` files could not be read or are no sound bundles.
    DriveRow { path: String, label: String, free: i64, bundles: Vec<IncomingRow>, skipped: i64 }
}

dto! {
    /// A bundle found on a removable drive.
    IncomingRow { path: String, title: String, detail: String, known: bool }
}

words! { Direction { Out, In } }

dto! {
    /// One line of 交换记录: entries = new + duplicate + held + deferred + unapplied.
    ExchangeRow {
        at: String, direction: Direction, peer: String, number: Option<i64>, entries: Option<i64>, new: Option<i64>,
        duplicate: Option<i64>, held: Option<i64>, deferred: Option<i64>, unapplied: Option<i64>, outcome: String, tone: Tone, file: String,
    }
}

dto! {
    /// One township as the county sees it.
    TownshipRow {
        area: String, name: String, devices: i64, last_contact: Option<String>, received: i64, confirmed: i64, held: i64,
        missing: i64, conflicts: i64, households: i64, people: i64,
        /// People registered twice, of whom at least one lives here.
        duplicates: i64,
    }
}

dto! {
    /// Writes a bundle for the county (from a township) or for one township (from the county) into a folder; with
    /// `siblings` for the other PCs of the own centre. `most_bytes` is how large each file may be, `mail` makes mail drafts
    /// of them, addressed to `mail_to`.
    ExportRequest {
        folder: String, area: Option<String>, siblings: Option<bool>, most_bytes: Option<i64>, mail: Option<bool>,
        mail_to: Option<String>,
    }
}
dto! { ExportView { files: Vec<String>, entries: i64, by_type: Vec<TypeCount>, bytes: i64, number: i64, recipient: String } }

dto! { FileRequest { path: String } }
dto! {
    /// A bundle before it is accepted: who sent it, what it holds, which households change.
    BundlePreview {
        path: String, sender: String, recipient: String, number: i64, bytes: i64, written_at: String,
        entries: i64, new: i64, duplicate: i64, held: i64, by_type: Vec<TypeCount>,
        households: Vec<BundleHousehold>, confirms: i64, already: Option<String>, problem: Option<String>,
        /// Which part the file is, when it is one of several; then nothing happens until all are here.
        part: Option<String>,
    }
}
dto! { BundleHousehold { household: Option<Id>, title: String, changes: i64 } }

dto! {
    /// entries = new + duplicate + held + deferred + unapplied.
    BundleReport {
        sender: String, number: i64, entries: i64, new: i64, duplicate: i64, held: i64, deferred: i64, unapplied: i64,
        confirmed: i64, conflicts: i64, already: bool, conservation: String,
        /// Which parts are missing, when the file only waits for them.
        part: Option<String>,
    }
}

dto! {
    /// What any file is, read without keys.
    BundleInspection { kind: String, lines: Vec<InspectionLine> }
}
dto! { InspectionLine { label: String, value: String } }

dto! { EnrolmentRequestView { path: String, words: String } }
dto! { EnrolmentRequestRequest { folder: String } }
dto! {
    /// `renews`: the certificate of a PC that changes its keys.
    EnrolmentInspection {
        unit: String, area: String, device: String, words: String, renews: Option<i64>, warning: Option<String>,
    }
}
dto! {
    /// The county approves a request after comparing its words by telephone.
    EnrolmentApproveRequest { path: String, words: String, folder: String }
}
dto! { EnrolmentApproved { path: String, serial: i64, unit: String } }
dto! {
    /// The township accepts its membership after comparing the county's words.
    EnrolmentAcceptRequest { path: String, words: String }
}

words! {
    /// Why something must be looked at.
    DoubtWord {
        /// The same person twice.
        Duplicate,
        /// A person in several households at once.
        SeveralHomes,
        /// Deleted by one, edited by another.
        DeletedAndEdited,
        /// Refers to what has not arrived.
        Dangling,
    }
}
dto! {
    /// What tells one person from another.
    DoubtPerson {
        id: Id, name: String, sex: String, birth: String, citizen_id: String, phone: String,
        /// The household as the clerk calls it.
        home: String,
        household: Option<Id>,
        /// The PC that registered the person.
        device: String,
        /// Whether the person has an open stay.
        lives_here: bool,
    }
}
dto! {
    /// Something that cannot be as several offices wrote it.
    DoubtRow {
        word: DoubtWord, table: String, id: Id, who: String, detail: String, household: Option<Id>,
        person: Option<DoubtPerson>,
        /// The other one of a duplicate.
        other: Option<DoubtPerson>,
        /// Whether it is decided here by merging or by deleting and restoring.
        decidable: bool,
    }
}
dto! {
    /// Two people found to be one.
    MergedRow { loser: DoubtPerson, winner: DoubtPerson }
}
dto! { DoubtList { rows: Vec<DoubtRow>, merged: Vec<MergedRow>, decidable: bool } }
dto! { DoubtSettleRequest { table: String, id: Id, deleted: bool } }
dto! { PersonMergeRequest { loser: Id, winner: Id, reason: String } }
dto! { PersonUnmergeRequest { loser: Id } }
