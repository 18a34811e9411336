//! The record catalogue: every record type of the register, declared once.
//!
//! Tables, merging, sync authority, history labels and the TypeScript description all follow from these declarations.
//! Numbers are for ever: a type or field number is never reused and its meaning never changes; new fields are added
//! with the schema version that introduced them.

mod campaign;
mod care;
mod claim;
mod decide;
mod declare;
mod exchange;
mod lists;
mod medical;
mod money;
mod paper;
mod register;
mod review;
mod services;
mod village;
mod visit;

pub use campaign::{Activity, Campaign, Submission};
pub use care::{ChronicCertificate, Crowd, Disability, TreatmentCase};
pub use claim::Claim;
pub use decide::{ComparisonDecision, ComparisonRun, FindingDecision, RiskLead};
pub use exchange::{Device, Operator};
pub use lists::CountyList;
pub use medical::{Contract, Diagnosis, Exclusion, Team};
pub use money::{Enrolment, Pack, Settlement, YEAR_END};
pub use paper::CardIssue;
pub use register::{AidIdentity, Household, HouseholdStatus, Membership, Person, PovertyCause, Village};
pub use review::{PackDraft, PackReview};
pub use services::{BenefitGrant, Exam, ScreeningEvent};
pub use village::{Hamlet, HomeVisit, Issue, Material, Measure, VillageStaff};
pub use visit::Visit;

use crate::value::{FieldId, Kind, ValueError, Values};

/// The schema version this build writes into entries. 2: everything a township keeps about a household beyond its roster,
/// diagnoses, contracts, visits and bills. 3: what belongs to a bill's correction, to the chase of what was not paid, and to the
/// reading of packs by two people.
pub const SCHEMA: u32 = 3;

/// How concurrent writes of a field are merged, and who has the last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// Multi-value register; the newest is shown while several stand.
    Contact,
    /// Multi-value register; the value the county last confirmed is shown and only the county closes a conflict.
    Guarded,
    /// Part of an immutable fact; corrected by amendment only.
    Fact,
    /// Only the county writes it.
    CountyOnly,
}

/// How closely a field is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// May stand on a wall.
    Open,
    /// Personal: shown to signed-in operators.
    Personal,
    /// Masked until somebody gives a reason (citizen ids, telephone numbers).
    Masked,
    /// HIV, tuberculosis, severe mental illness: own permission, reads are logged.
    Restricted,
}

/// Whether a record's fields change by writes or the record is an immutable fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Fields are registers.
    State,
    /// Written once; amended or voided by later facts.
    Fact,
}

/// One field of a record type.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Number within the type; on the wire.
    pub id: FieldId,
    /// Column name; also the JSON and TypeScript name.
    pub column: &'static str,
    /// What the clerk calls it.
    pub label: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// How it merges.
    pub merge: Merge,
    /// How closely it is kept.
    pub privacy: Privacy,
    /// Schema version that introduced it.
    pub since: u32,
}

/// One record type.
#[derive(Clone, Copy, Debug)]
pub struct RecordType {
    /// Number on the wire.
    pub id: u16,
    /// Table name.
    pub table: &'static str,
    /// What the clerk calls it.
    pub label: &'static str,
    /// State or fact.
    pub shape: Shape,
    /// Its fields in number order.
    pub fields: &'static [Field],
    /// Columns that get an index.
    pub indexed: &'static [&'static str],
}

impl RecordType {
    /// The field with this number.
    #[must_use]
    pub fn field(&self, id: FieldId) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.id == id)
    }

    /// The field with this column name.
    #[must_use]
    pub fn column(&self, column: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.column == column)
    }
}

/// A typed view of one record type: a struct with one optional Rust field per catalogue field.
pub trait Record: Sized + Default {
    /// The declaration.
    const TYPE: &'static RecordType;

    /// The fields that hold something, for the log.
    fn to_values(&self) -> Values;

    /// The typed view of stored values; fields this build does not know are left out.
    ///
    /// # Errors
    /// [`ValueError`] when a value is of another kind than its field.
    fn from_values(values: &Values) -> Result<Self, ValueError>;
}

/// Every record type, in number order.
pub const ALL: &[&RecordType] = &[
    Household::TYPE,
    Person::TYPE,
    Membership::TYPE,
    AidIdentity::TYPE,
    PovertyCause::TYPE,
    HouseholdStatus::TYPE,
    Diagnosis::TYPE,
    Team::TYPE,
    Contract::TYPE,
    Exclusion::TYPE,
    Visit::TYPE,
    Enrolment::TYPE,
    Settlement::TYPE,
    CardIssue::TYPE,
    Village::TYPE,
    Operator::TYPE,
    Device::TYPE,
    Pack::TYPE,
    Hamlet::TYPE,
    Disability::TYPE,
    Crowd::TYPE,
    CountyList::TYPE,
    TreatmentCase::TYPE,
    ChronicCertificate::TYPE,
    Exam::TYPE,
    ScreeningEvent::TYPE,
    BenefitGrant::TYPE,
    Measure::TYPE,
    HomeVisit::TYPE,
    Issue::TYPE,
    Material::TYPE,
    VillageStaff::TYPE,
    Activity::TYPE,
    Campaign::TYPE,
    Submission::TYPE,
    ComparisonRun::TYPE,
    ComparisonDecision::TYPE,
    FindingDecision::TYPE,
    RiskLead::TYPE,
    Claim::TYPE,
    PackDraft::TYPE,
    PackReview::TYPE,
];

/// The type with this number, if this build knows it.
#[must_use]
pub fn by_id(id: u16) -> Option<&'static RecordType> {
    ALL.iter().copied().find(|t| t.id == id)
}

/// The type with this table name.
#[must_use]
pub fn by_table(table: &str) -> Option<&'static RecordType> {
    ALL.iter().copied().find(|t| t.table == table)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ALL, Kind, Merge, Shape, by_id};

    #[test]
    fn type_numbers_and_tables_are_unique_and_ascending() {
        assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id), "declare types in number order");
        let tables: BTreeSet<_> = ALL.iter().map(|t| t.table).collect();
        assert_eq!(tables.len(), ALL.len());
    }

    #[test]
    fn field_numbers_ascend_and_columns_are_unique_within_each_type() {
        for record in ALL {
            assert!(record.fields.windows(2).all(|pair| pair[0].id < pair[1].id), "{}", record.table);
            let columns: BTreeSet<_> = record.fields.iter().map(|f| f.column).collect();
            assert_eq!(columns.len(), record.fields.len(), "{}", record.table);
            assert!(record.indexed.iter().all(|c| columns.contains(c)), "{}", record.table);
        }
    }

    #[test]
    fn facts_hold_only_fact_fields_and_states_hold_none() {
        for record in ALL {
            for field in record.fields {
                assert_eq!(
                    record.shape == Shape::Fact,
                    field.merge == Merge::Fact,
                    "{}.{}",
                    record.table,
                    field.column
                );
            }
        }
    }

    #[test]
    fn every_reference_points_to_a_declared_type() {
        for record in ALL {
            for field in record.fields {
                if let Kind::Ref(target) = field.kind {
                    assert!(by_id(target).is_some(), "{}.{}", record.table, field.column);
                }
            }
        }
    }
}
