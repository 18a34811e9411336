//! 村务、活动、专项、报送与线索.

use chrono::NaiveDate;

use super::{Coded, Id, Money, RecordBatchRow, dto};

dto! {
    /// Somebody who is there for a village.
    VillageStaffRow {
        id: Id, role: Coded, name: String, phone: String, since: Option<NaiveDate>, until: Option<NaiveDate>,
        trained_on: Option<NaiveDate>, days: Option<i64>,
    }
}
dto! {
    /// One household as whoever goes from door to door needs it.
    HomeRow {
        household: Id, number: String, head: String, group: String, phone: String, people: i64,
        /// How many are bedridden.
        bedridden: i64,
        /// Who explains things to the others; blank where nobody does.
        instructor: String,
        visited_on: Option<NaiveDate>, visitor: String,
        /// When something to read was handed out last.
        material_on: Option<NaiveDate>,
        open_issues: i64,
        /// Whether nobody called this quarter.
        waits: bool,
    }
}
dto! {
    /// A problem somebody raised.
    IssueRow {
        id: Id, household: Id, village: String, group: String, head: String, person: String, problem: String,
        raised_on: Option<NaiveDate>, owner: String, due_on: Option<NaiveDate>, closed_on: Option<NaiveDate>,
        result: String,
        /// Nobody closed it with a result.
        open: bool,
        /// Days from today until it is due; below zero it is late.
        days: Option<i64>,
    }
}
dto! {
    /// One activity with the numbers of its table.
    ActivityRow {
        id: Id, kind: Coded, village: String, held_on: Option<NaiveDate>, place: String, staff: i64, households: i64,
        people: i64, note: String,
    }
}
dto! { HamletRow { id: Id, name: String, leader: String, households: i64 } }
dto! {
    /// One village: who is there for it, whom to call on, what was raised, what was done.
    VillageView {
        id: Id, code: String, name: String, population: Option<i64>, doctor: String, clinic: String,
        ended_on: Option<NaiveDate>,
        /// The village it became part of.
        successor: String,
        /// What became part of it, or what it was parted from, in words.
        before: Vec<String>,
        instructors: i64, instructors_needed: i64,
        staff: Vec<VillageStaffRow>, hamlets: Vec<HamletRow>, homes: Vec<HomeRow>, issues: Vec<IssueRow>,
        /// This year's activities here, and in the villages that became part of it.
        activities: Vec<ActivityRow>,
    }
}
dto! { IssueListRequest { village: Option<Id>, open: bool } }
dto! { IssueList { rows: Vec<IssueRow> } }
dto! { IssueCloseRequest { id: Id, closed_on: NaiveDate, result: String } }
dto! {
    /// Visits at many doors, a line each. A line with a problem raises it as well: solved where its solution is written,
    /// otherwise open for `owner` until `due_on`.
    HomeVisitBatch { rows: Vec<RecordBatchRow>, owner: Option<String>, due_on: Option<NaiveDate> }
}
dto! {
    /// Something printed, handed to every household of a village or to some of them.
    MaterialHandOut {
        village: Id, households: Option<Vec<Id>>, kind: String, title: String, issued_on: NaiveDate, issued_by: String,
        copies: i64, occasion: String,
    }
}
dto! { ActivityListRequest { kind: Option<String>, year: i64 } }
dto! { ActivityList { rows: Vec<ActivityRow> } }

dto! { VillageJoinRequest { from: Id, into: Id, on: NaiveDate } }
dto! {
    /// Groups of a village that become one of their own.
    VillageSplitRequest { from: Id, code: String, name: String, groups: Vec<String>, on: NaiveDate }
}
dto! { VillageMoved { village: Id, households: i64, said: String } }

dto! {
    /// One dated piece of work.
    CampaignRow {
        id: Id, name: String, kind: Coded, starts_on: Option<NaiveDate>, due_on: Option<NaiveDate>,
        closed_on: Option<NaiveDate>, recipient: String,
        /// Whom it covers, in words.
        crowds: String,
        electronic: bool, sealed: bool,
        /// Days from today until it is due; below zero it is late.
        days: Option<i64>,
        /// The county's own, for every township.
        from_county: bool,
        reported: bool,
    }
}
dto! { CampaignList { rows: Vec<CampaignRow> } }
dto! {
    /// A campaign as it stands at the end of a day; today where none is said.
    CampaignRequest { id: Id, on: Option<NaiveDate>, village: Option<Id> }
}
dto! {
    /// One household or person a campaign covers.
    CampaignTarget {
        household: Id, person: Option<Id>, name: String, village: String, group: String, head: String, phone: String,
        /// When and how it was done; nothing where it is lacking.
        done_on: Option<NaiveDate>, how: String,
    }
}
dto! {
    CampaignView {
        campaign: CampaignRow, requirement: String, on: NaiveDate, unit: String, covered: i64, done: i64,
        /// In per cent, where the campaign has one.
        target_percent: Option<i64>,
        lacking: Vec<CampaignTarget>,
        villages: Vec<CampaignVillage>,
        submissions: Vec<SubmissionRow>,
        /// What counts as done, in words.
        counts: String,
    }
}
dto! { CampaignVillage { village: String, covered: i64, done: i64 } }

dto! {
    /// One report: due, sent, sealed.
    SubmissionRow {
        id: Id, name: String, period: String, recipient: String, campaign: String, due_on: Option<NaiveDate>,
        sent_on: Option<NaiveDate>, sealed_on: Option<NaiveDate>, file: String, digest: String, note: String, late: bool,
    }
}
dto! { SubmissionList { rows: Vec<SubmissionRow> } }
dto! {
    /// Sends a table: its file is written and its SHA-256 is kept.
    SubmissionFileRequest {
        report: String, period: String, recipient: String, campaign: Option<Id>, due_on: Option<NaiveDate>,
    }
}
dto! {
    SubmissionFiled {
        id: Id, file: String, path: String, digest: String,
        /// Whether this very file was sent before for the same period.
        same: bool,
        /// What was sent before for this period and says something else.
        differs: Option<String>,
    }
}
dto! { SubmissionSealRequest { id: Id, sealed_on: NaiveDate } }

dto! {
    /// Somebody who may be driven into poverty by illness.
    LeadRow {
        id: Id, name: String, village: String, people: Option<i64>, phone: String, disease: String,
        out_of_pocket: Option<Money>, found_on: Option<NaiveDate>, source: String, reported_on: Option<NaiveDate>,
        result: Option<Coded>, household: Option<Id>,
    }
}
dto! {
    /// Somebody who could become a lead: nothing is on file about it yet.
    LeadProposal {
        /// Names the proposal for `lead_take`.
        key: String,
        name: String, village: String, why: String, out_of_pocket: Option<Money>, household: Option<Id>,
    }
}
dto! {
    LeadList {
        rows: Vec<LeadRow>, proposals: Vec<LeadProposal>,
        /// The line above which one's own payments of a year are a lead, and where it is from; in words.
        line: String,
    }
}
dto! { LeadTakeRequest { keys: Vec<String> } }
dto! { LeadTaken { taken: i64 } }
dto! { LeadReportRequest { leads: Vec<Id>, recipient: String } }
