//! Typed rows of any record type, by an indexed column or all of them.

use mingbai_domain::catalogue::{Field, Membership, Person, Record, RecordType, Shape};
use mingbai_domain::value::{FieldValue, Kind};
use mingbai_domain::{RecordId, Value, Values};
use mingbai_ledger::Hlc;

use crate::project::row::{Stored, value_of};
use crate::{Reading, Row, StoreError};

/// The rows of a type by one of its columns; facts of a person through merges or not.
pub(super) fn by_column(kind: &RecordType, field: &Field, merged: bool) -> String {
    let condition = if merged { super::whose(field.column, "?1") } else { format!("{} = ?1", field.column) };
    format!("select id from {} where {condition} order by id", kind.table)
}

/// Everything of a row `r` that [`typed_row`] reads.
pub(super) fn whole<R: Record>() -> String {
    whole_of::<R>("r")
}

/// As [`whole`], of a row by another name.
pub(super) fn whole_of<R: Record>(row: &str) -> String {
    let mut columns = format!("{row}.id, {row}._changed, {row}._conflict");
    for field in R::TYPE.fields {
        columns.push_str(", ");
        columns.push_str(row);
        columns.push('.');
        columns.push_str(field.column);
    }
    columns
}

/// That a row `r` is neither voided nor deleted, as a condition behind this word; nothing for a type that can be neither.
pub(super) fn standing<R: Record>(word: &str) -> String {
    let void = (R::TYPE.shape == Shape::Fact).then_some("r._void = 0");
    let deleted = R::TYPE.column("deleted").map(|_| "coalesce(r.deleted, 0) = 0");
    let conditions: Vec<&str> = void.into_iter().chain(deleted).collect();
    if conditions.is_empty() { String::new() } else { format!(" {word} {}", conditions.join(" and ")) }
}

/// One row as [`whole`] selects it, from this column on.
pub(super) fn typed_row<R: Record>(row: &rusqlite::Row<'_>, from: usize) -> Result<Row<R>, StoreError> {
    let mut values = Values::new();
    for (at, field) in (from + 3..).zip(R::TYPE.fields) {
        let value = value_of(field.kind, row.get_ref(at)?)?;
        if value != Value::Null {
            values.insert(field.id, value);
        }
    }
    let changed: i64 = row.get(from + 1)?;
    Ok(Row {
        id: super::id(row, from)?,
        record: R::from_values(&values)?,
        changed: Hlc(changed as u64),
        conflict: row.get(from + 2)?,
        void: false,
    })
}

impl Reading<'_> {
    /// The rows of a type whose reference or text column holds this value; voided and deleted ones are left out. Facts of a
    /// person are read through merges: those of everybody found to be the same person come along.
    ///
    /// # Errors
    /// [`StoreError::UnknownField`] when the type has no such column.
    pub fn rows_where<R: Record>(&self, column: &str, value: &impl FieldValue) -> Result<Vec<Row<R>>, StoreError> {
        let unknown = || StoreError::UnknownField { record_type: R::TYPE.id, field: 0 };
        let field = R::TYPE.column(column).ok_or_else(unknown)?;
        let mut value = value.to_value();
        let mut merged = false;
        if field.kind == Kind::Ref(Person::TYPE.id)
            && R::TYPE.id != Membership::TYPE.id
            && let Ok(person) = RecordId::from_value(&value)
        {
            value = self.canonical(person)?.to_value();
            merged = true;
        }
        let mut statement = self.0.prepare_cached(&by_column(R::TYPE, field, merged))?;
        let ids =
            statement.query_map([Stored(&value)], |row| super::id(row, 0))?.collect::<Result<Vec<RecordId>, _>>()?;
        self.typed(&ids)
    }

    /// The ids of every row of a type, voided and deleted ones included, whose column holds this id.
    ///
    /// # Errors
    /// [`StoreError::UnknownField`] when the type has no such column.
    pub fn ids_where(&self, kind: &RecordType, column: &str, id: &RecordId) -> Result<Vec<RecordId>, StoreError> {
        let field = kind.column(column).ok_or(StoreError::UnknownField { record_type: kind.id, field: 0 })?;
        let mut statement = self.0.prepare_cached(&by_column(kind, field, false))?;
        Ok(statement.query_map([id.as_bytes()], |row| super::id(row, 0))?.collect::<Result<_, _>>()?)
    }

    /// The ids of the rows of a type that are neither voided nor deleted: those whose reference column holds this id, or
    /// all of them, in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError::UnknownField`] when the type has no such column.
    pub fn live_ids(&self, kind: &RecordType, of: Option<(&str, &RecordId)>) -> Result<Vec<RecordId>, StoreError> {
        let mut conditions = Vec::new();
        if let Some((column, _)) = of {
            let known = kind.column(column).ok_or(StoreError::UnknownField { record_type: kind.id, field: 0 })?;
            conditions.push(format!("{} = ?1", known.column));
        }
        if kind.shape == Shape::Fact {
            conditions.push("_void = 0".to_owned());
        }
        if kind.column("deleted").is_some() {
            conditions.push("coalesce(deleted, 0) = 0".to_owned());
        }
        let condition = if conditions.is_empty() { "1".to_owned() } else { conditions.join(" and ") };
        let sql = format!("select id from {} where {condition} order by id", kind.table);
        let mut statement = self.0.prepare_cached(&sql)?;
        let ids = match of {
            Some((_, id)) => statement.query_map([id.as_bytes()], |row| super::id(row, 0))?.collect(),
            None => statement.query_map([], |row| super::id(row, 0))?.collect::<rusqlite::Result<Vec<_>>>(),
        };
        Ok(ids?)
    }

    /// Some columns of every row of a type, voided and deleted ones included, whose column (or `id`) holds this id. For
    /// questions asked of every entry of a bundle, where reading whole records would cost most of the time.
    ///
    /// # Errors
    /// [`StoreError::UnknownField`] when the type has no such column.
    pub fn columns_where<const N: usize>(
        &self,
        kind: &RecordType,
        columns: [&str; N],
        (column, id): (&str, &RecordId),
    ) -> Result<Vec<[Value; N]>, StoreError> {
        let unknown = || StoreError::UnknownField { record_type: kind.id, field: 0 };
        let mut kinds = Vec::with_capacity(N);
        for column in columns {
            kinds.push(kind.column(column).ok_or_else(unknown)?.kind);
        }
        if column != "id" && kind.column(column).is_none() {
            return Err(unknown());
        }
        let sql = format!("select {} from {} where {column} = ?1 order by id", columns.join(", "), kind.table);
        let mut statement = self.0.prepare_cached(&sql)?;
        let mut rows = statement.query([id.as_bytes()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let mut values = [const { Value::Null }; N];
            for (at, (value, kind)) in values.iter_mut().zip(&kinds).enumerate() {
                *value = value_of(*kind, row.get_ref(at)?)?;
            }
            found.push(values);
        }
        Ok(found)
    }

    /// Every row of a type that is neither voided nor deleted.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn all<R: Record>(&self) -> Result<Vec<Row<R>>, StoreError> {
        let sql = format!("select {} from {} r{} order by r.id", whole::<R>(), R::TYPE.table, standing::<R>("where"));
        let mut statement = self.0.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(typed_row(row, 0)?);
        }
        Ok(all)
    }

    fn typed<R: Record>(&self, ids: &[RecordId]) -> Result<Vec<Row<R>>, StoreError> {
        let deleted = R::TYPE.column("deleted").map(|field| field.id);
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(row) = self.get::<R>(*id)? else { continue };
            let gone = deleted.is_some_and(|f| row.record.to_values().get(&f) == Some(&true.to_value()));
            if !row.void && !gone {
                rows.push(row);
            }
        }
        Ok(rows)
    }
}
