//! The projection's tables, generated from the record catalogue. They hold nothing the log does not: when this
//! description changes, they are dropped and folded again from the log.

use std::fmt::Write;

use mingbai_domain::catalogue::{ALL, RecordType, Shape};
use mingbai_domain::value::Kind;
use sha2::{Digest, Sha256};

/// Raised when the folding itself changes meaning while the tables stay the same.
const FOLD_VERSION: u32 = 4;

/// Where the tables are made: in the file, or as temporary shadows for checking.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    File,
    Shadow,
}

impl Place {
    fn schema(self) -> &'static str {
        match self {
            Self::File => "main",
            Self::Shadow => "temp",
        }
    }
}

/// Projection tables besides the catalogue's own.
const OTHERS: &[(&str, &str)] = &[
    // Field 0 stands for the whole body of a fact. `source` is the entry that brought the write here.
    (
        "conflict",
        "(record_type integer not null, record blob not null, field integer not null, entry integer not null,
          idx integer not null, source integer not null, value, body blob, shown integer not null,
          primary key (record, record_type, field, entry, idx)) without rowid",
    ),
    // Writes that replaced several live ones at once: somebody decided. Named as their first author named them.
    (
        "decided",
        "(entry integer not null, idx integer not null, record_type integer not null, record blob not null,
          field integer not null, primary key (entry, idx)) without rowid",
    ),
    (
        "alias",
        "(entry integer not null, idx integer not null, loser blob not null, winner blob not null,
          evidence text not null, primary key (entry, idx)) without rowid",
    ),
    ("unmerge", "(entry integer not null, idx integer not null, primary key (entry, idx)) without rowid"),
    (
        "ack",
        "(log blob not null, seq integer not null, hash blob not null, level integer not null,
          primary key (log, level, seq, hash)) without rowid",
    ),
    // What the county received of a log and did not take in; an empty reason takes such a word back. Of several the one
    // counts that it said last: `feed` is the log it was said in, `place` its number there, `said` the time.
    (
        "refusal",
        "(log blob not null, seq integer not null, hash blob not null, feed integer not null, place integer not null,
          said integer not null, later integer not null, reason text not null,
          primary key (log, seq, hash, feed, place, said, later, reason)) without rowid",
    ),
    (
        "search_key",
        "(key text not null, record_type integer not null, record blob not null, kind integer not null,
          primary key (key, record_type, record, kind)) without rowid",
    ),
    ("digest", "(record_type integer primary key, rows integer not null, sum blob not null)"),
];

const OTHER_INDEXES: &[(&str, &str)] = &[
    ("alias_loser", "alias (loser)"),
    ("conflict_kind", "conflict (record_type, record)"),
    // A village's households in the order in which they are listed.
    ("household_place", "household (village, number)"),
];

/// Every projection table by name.
pub(crate) fn tables() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|t| t.table).chain(OTHERS.iter().map(|(name, _)| *name))
}

fn column_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Code(_) | Kind::Codes(_) | Kind::Date => "text",
        Kind::Int | Kind::Money | Kind::Bool => "integer",
        Kind::Ref(_) => "blob",
    }
}

fn table(out: &mut String, place: &str, record: &RecordType) {
    let mut columns = String::from("id blob primary key");
    for field in record.fields {
        // Writing into a string cannot fail.
        let _ = write!(columns, ", {} {}", field.column, column_type(field.kind));
    }
    columns.push_str(", _heads blob not null, _changed integer not null, _conflict integer not null");
    if record.shape == Shape::Fact {
        columns.push_str(", _void integer not null");
    }
    let _ = writeln!(out, "create table {place}.{} ({columns}) without rowid;", record.table);
    for column in record.indexed {
        let _ = writeln!(out, "create index {place}.{0}_{column} on {0} ({column});", record.table);
    }
}

/// The statements that make the projection.
pub(crate) fn create(place: Place) -> String {
    let place = place.schema();
    let mut out = String::new();
    for record in ALL {
        table(&mut out, place, record);
    }
    for (name, body) in OTHERS {
        let _ = writeln!(out, "create table {place}.{name} {body};");
    }
    for (name, on) in OTHER_INDEXES {
        let _ = writeln!(out, "create index {place}.{name} on {on};");
    }
    if place == "main" {
        out.push_str(
            "create view main.live_alias as select loser, winner, evidence, entry, idx from alias
             where not exists (select 1 from unmerge where unmerge.entry = alias.entry and unmerge.idx = alias.idx);\n",
        );
        // Everybody who was found to be somebody else, with who stands for them in the end.
        out.push_str(
            "create view main.same_person as
             with recursive chain (id, root) as (
                 select loser, winner from live_alias
                 union select chain.id, a.winner from chain join live_alias a on a.loser = chain.root)
             select id, root from chain where root not in (select loser from live_alias);\n",
        );
    }
    out
}

/// The statements that take the named tables away.
pub(crate) fn drop(names: &str) -> String {
    let mut out = String::from("drop view if exists main.same_person;\ndrop view if exists main.live_alias;\n");
    for name in names.split_whitespace() {
        let _ = writeln!(out, "drop table if exists main.{name};");
    }
    out
}

/// What is kept in the file to notice that the generated tables changed.
pub(crate) fn fingerprint() -> [u8; 32] {
    Sha256::digest(format!("{FOLD_VERSION}\n{}", create(Place::File))).into()
}

#[cfg(test)]
mod tests {
    use mingbai_domain::catalogue::ALL;
    use rusqlite::Connection;

    use super::{Place, create};

    #[test]
    fn every_table_and_column_of_the_catalogue_is_a_name_that_sql_takes_as_it_is() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(&create(Place::File)).unwrap();
        for record in ALL {
            for field in record.fields {
                // A word of SQL's own would be refused, or answer with something else than the column.
                let (table, column) = (record.table, field.column);
                let sql = format!("select r.{column}, {column} from {table} r where {column} = 1 group by {column}");
                let statement = conn.prepare(&sql).unwrap_or_else(|why| panic!("{table}.{column}: {why}"));
                assert!(statement.column_names().eq([column, column]), "{table}.{column}");
            }
        }
    }
}
