//! What hangs on a record: whoever takes the record back takes the ground from under it.

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{ALL, RecordType, Shape};
use mingbai_domain::value::Kind;
use rusqlite::{Connection, params};

use crate::error::Result;
use crate::log::EntryNo;

/// The labels of record types with a live record that refers to this one and that `entry` did not write.
pub(crate) fn built_upon(
    conn: &Connection,
    kind: &RecordType,
    id: &RecordId,
    entry: EntryNo,
) -> Result<Vec<&'static str>> {
    let mut labels = Vec::new();
    for other in ALL {
        let refers = other.fields.iter().filter(|field| field.kind == Kind::Ref(kind.id));
        for column in refers.map(|field| field.column) {
            let alive = match other.shape {
                Shape::Fact => "and r._void = 0",
                Shape::State if other.column("deleted").is_some() => "and coalesce(r.deleted, 0) = 0",
                Shape::State => "",
            };
            let sql = format!(
                "select exists (select 1 from {} r where r.{column} = ?1 {alive} and not exists
                    (select 1 from entry_record e where e.record = r.id and e.record_type = ?2 and e.entry = ?3))",
                other.table
            );
            let found: bool =
                conn.prepare_cached(&sql)?.query_row(params![id.as_bytes(), other.id, entry.0], |row| row.get(0))?;
            if found && !labels.contains(&other.label) {
                labels.push(other.label);
            }
        }
    }
    Ok(labels)
}
