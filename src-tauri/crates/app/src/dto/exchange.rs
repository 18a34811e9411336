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
        waiting: Vec<WaitingRow>,
        /// The newest of 交换记录, and whether there is older.
        log: Vec<ExchangeRow>, log_older: bool, townships: Vec<TownshipRow>, conflicts: i64, missing: Vec<String>,
    }
}

dto! {
    /// A bundle of which parts are here and others are not.
    WaitingRow { id: String, text: String }
}
dto! {
    /// Waits no longer for the other parts of a bundle.
    WaitingRequest { id: String }
}

dto! {
    /// Removable drives and what lies on them for this office.
    DriveList { drives: Vec<DriveRow> }
}
dto! {
    /// A removable drive. `skipped` files could not be read or are no sound bundles; `more` lies on it than was looked at.
    DriveRow { path: String, label: String, free: i64, bundles: Vec<IncomingRow>, skipped: i64, more: bool }
}

words! {
    /// What a file in a chosen folder is to this office.
    FoundState {
        /// For this office, not taken in yet.
        Fresh,
        /// Cannot be told before it is taken in: damaged, or of an unknown sender.
        Unread,
        /// Taken in before.
        Known,
        /// For somebody else.
        Others,
    }
}
dto! { FoundFile { path: String, title: String, detail: String, state: FoundState } }
dto! {
    /// Bundles and saved mails in a folder; `more` lie in it than were looked at.
    FolderView { path: String, files: Vec<FoundFile>, more: bool }
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
        /// Entries of it that came and are not in the tables, files of it that were turned away, bundles that wait for
        /// parts.
        aside: i64, rejected: i64, waiting: i64,
        /// What the last comparison of tables said, until the next bundle.
        compared: Option<ComparedRow>,
        /// People registered twice, of whom at least one lives here.
        duplicates: i64,
    }
}

dto! {
    /// How the tables of a township's PCs compare with what they must be.
    ComparedRow { at: String, said: String, tone: Tone }
}
dto! { TownshipRequest { area: String } }
dto! { TownshipCompared { pcs: Vec<ComparedPc> } }
dto! {
    /// One PC: in two words, and what is to be done.
    ComparedPc { device: String, said: String, detail: String, tone: Tone }
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

dto! {
    /// A stretch of a long list; left out: its beginning.
    Page { offset: Option<i64>, limit: Option<i64> }
}

words! {
    /// What was not taken in.
    AsideKind {
        /// One saved action of somebody's.
        Entry,
        /// A whole file.
        File,
    }
}
dto! {
    /// Something that was received and not taken in.
    AsideRow {
        kind: AsideKind, id: i64, who: String,
        /// When it was written; of a file when it came.
        at: String,
        what: String, reason: String,
        /// Of a file: the stable code of the reason.
        code: String,
        /// Waits for a later version of the program.
        later: bool,
        /// Whether this office may take it in after all.
        adoptable: bool,
        household: Option<Id>,
    }
}
dto! { AsideList { rows: Vec<AsideRow>, files: i64, entries: i64 } }
dto! { AsideRequest { kind: AsideKind, id: i64 } }
dto! {
    /// A decision with its reason.
    AsideDecision { kind: AsideKind, id: i64, reason: String }
}
dto! {
    /// Whether it stands in the tables now, and what is to be said of it.
    AsideAnswer { taken: bool, said: String }
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
dto! {
    /// A stretch of both lists, and how long they are.
    DoubtList { rows: Vec<DoubtRow>, total: i64, merged: Vec<MergedRow>, merged_total: i64, decidable: bool }
}
dto! { DoubtSettleRequest { table: String, id: Id, deleted: bool } }
dto! { PersonMergeRequest { loser: Id, winner: Id, reason: String } }
dto! { PersonUnmergeRequest { loser: Id } }

impl Page {
    /// Rows of a list that a screen asks for when it says nothing.
    const USUAL: u64 = 100;
    /// Most rows of one answer.
    const MOST: u64 = 1_000;

    /// Where it begins and how many rows it has.
    pub(crate) fn bounds(&self) -> (u64, u64) {
        let number = |asked: Option<i64>, usual| asked.map_or(usual, |asked| u64::try_from(asked).unwrap_or_default());
        (number(self.offset, 0), number(self.limit, Self::USUAL).min(Self::MOST))
    }
}
