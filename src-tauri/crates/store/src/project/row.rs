//! Reading and writing whole projected rows by the catalogue.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;

use mingbai_domain::catalogue::{ALL, RecordType, Shape};
use mingbai_domain::value::Kind;
use mingbai_domain::{RecordId, Value, Values};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql};

use super::heads::Heads;
use crate::error::{Result, StoreError};

/// One row of a catalogue table: a value per declared field, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) exists: bool,
    pub(crate) values: Vec<Value>,
    pub(crate) heads: Heads,
    pub(crate) changed: u64,
    pub(crate) conflict: bool,
    pub(crate) void: bool,
    /// The values of the file that others have taken the place of, by place.
    replaced: Vec<(usize, Value)>,
}

struct TableSql {
    select: String,
    insert: String,
}

static SQL: LazyLock<HashMap<u16, TableSql>> = LazyLock::new(|| ALL.iter().map(|t| (t.id, table_sql(t))).collect());

fn table_sql(record: &RecordType) -> TableSql {
    let mut columns: Vec<&str> = record.fields.iter().map(|f| f.column).collect();
    columns.extend(["_heads", "_changed", "_conflict"]);
    if record.shape == Shape::Fact {
        columns.push("_void");
    }
    let places: Vec<String> = (2..columns.len() + 2).map(|n| format!("?{n}")).collect();
    let table = record.table;
    TableSql {
        select: format!("select {} from {table} where id = ?1", columns.join(", ")),
        insert: format!("insert into {table} (id, {}) values (?1, {})", columns.join(", "), places.join(", ")),
    }
}

fn sql(record: &RecordType) -> Result<&'static TableSql> {
    SQL.get(&record.id).ok_or(StoreError::UnknownField { record_type: record.id, field: 0 })
}

/// A value as SQLite stores it.
pub(crate) struct Stored<'a>(pub(crate) &'a Value);

impl ToSql for Stored<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Bool(yes) => ValueRef::Integer(i64::from(*yes)),
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// The value of a column of this kind.
pub(crate) fn value_of(kind: Kind, stored: ValueRef<'_>) -> Result<Value> {
    Ok(match stored {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) if kind == Kind::Bool => Value::Bool(number != 0),
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => {
            Value::Text(std::str::from_utf8(text).map_err(|_| StoreError::Inconsistent("文字编码无法读取"))?.to_owned())
        }
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(StoreError::Inconsistent("栏目中有小数")),
    })
}

impl Row {
    pub(crate) fn empty(record: &RecordType) -> Self {
        Self {
            exists: false,
            values: vec![Value::Null; record.fields.len()],
            heads: Heads::default(),
            changed: 0,
            conflict: false,
            void: false,
            replaced: Vec::new(),
        }
    }

    pub(crate) fn load(conn: &Connection, record: &RecordType, id: &RecordId) -> Result<Self> {
        let mut statement = conn.prepare_cached(&sql(record)?.select)?;
        let fields = record.fields.len();
        let row = statement
            .query_row([id.as_bytes()], |row| {
                let read = || -> Result<Self> {
                    let values = record
                        .fields
                        .iter()
                        .enumerate()
                        .map(|(at, field)| value_of(field.kind, row.get_ref(at)?))
                        .collect::<Result<_>>()?;
                    Ok(Self {
                        exists: true,
                        values,
                        heads: Heads::unpack(row.get_ref(fields)?.as_blob().unwrap_or_default())?,
                        changed: row.get::<_, i64>(fields + 1)? as u64,
                        conflict: row.get(fields + 2)?,
                        void: record.shape == Shape::Fact && row.get(fields + 3)?,
                        replaced: Vec::new(),
                    })
                };
                Ok(read())
            })
            .optional()?;
        row.unwrap_or_else(|| Ok(Self::empty(record)))
    }

    /// Only what differs is written: an index on a column is touched even by a write of the value that is there.
    fn update_sql(&self, record: &RecordType) -> String {
        let mut sql = format!("update {} set ", record.table);
        for (at, field) in record.fields.iter().enumerate().filter(|(at, _)| self.differs_at(*at)) {
            // Writing into a string cannot fail.
            let _ = write!(sql, "{} = ?{}, ", field.column, at + 2);
        }
        let next = record.fields.len() + 2;
        let _ = write!(sql, "_heads = ?{next}, _changed = ?{}, _conflict = ?{}", next + 1, next + 2);
        if record.shape == Shape::Fact {
            let _ = write!(sql, ", _void = ?{}", next + 3);
        }
        sql.push_str(" where id = ?1");
        sql
    }

    pub(crate) fn save(&self, conn: &Connection, record: &RecordType, id: &RecordId) -> Result<()> {
        let mut statement = if self.exists {
            conn.prepare_cached(&self.update_sql(record))?
        } else {
            conn.prepare_cached(&sql(record)?.insert)?
        };
        statement.raw_bind_parameter(1, id.as_bytes())?;
        for (at, value) in self.values.iter().enumerate() {
            if !self.exists || self.differs_at(at) {
                statement.raw_bind_parameter(at + 2, Stored(value))?;
            }
        }
        let next = self.values.len() + 2;
        statement.raw_bind_parameter(next, self.heads.pack())?;
        // A clock past the year 6000 is told as the last moment there is, not as one before all others.
        statement.raw_bind_parameter(next + 1, i64::try_from(self.changed).unwrap_or(i64::MAX))?;
        statement.raw_bind_parameter(next + 2, self.conflict)?;
        if record.shape == Shape::Fact {
            statement.raw_bind_parameter(next + 3, self.void)?;
        }
        statement.raw_execute()?;
        Ok(())
    }

    /// Shows a value in the field at this place.
    pub(crate) fn put(&mut self, place: usize, value: Value) -> Result<()> {
        let slot = self.values.get_mut(place).ok_or(StoreError::Inconsistent("栏目"))?;
        if *slot != value {
            let old = std::mem::replace(slot, value);
            if self.exists && !self.replaced.iter().any(|(known, _)| *known == place) {
                self.replaced.push((place, old));
            }
        }
        Ok(())
    }

    /// Whether the field at this place was given another value than the file has.
    pub(crate) fn differs_at(&self, place: usize) -> bool {
        if !self.exists {
            return self.values.get(place).is_some_and(|value| *value != Value::Null);
        }
        self.replaced.iter().any(|(known, _)| *known == place)
    }

    /// The value the file has in the field at this place.
    pub(crate) fn in_file(&self, place: usize) -> Option<&Value> {
        if !self.exists {
            return Some(&Value::Null);
        }
        let replaced = self.replaced.iter().find(|(known, _)| *known == place).map(|(_, old)| old);
        replaced.or_else(|| self.values.get(place))
    }

    /// The values that hold something, by field number.
    pub(crate) fn to_values(&self, record: &RecordType) -> Values {
        let pairs = record.fields.iter().zip(&self.values);
        pairs.filter(|(_, value)| **value != Value::Null).map(|(field, value)| (field.id, value.clone())).collect()
    }

    /// Shows these values; fields they do not name become empty.
    pub(crate) fn set_values(&mut self, record: &RecordType, values: &Values) -> Result<()> {
        for (place, field) in record.fields.iter().enumerate() {
            self.put(place, values.get(&field.id).cloned().unwrap_or(Value::Null))?;
        }
        Ok(())
    }
}

/// Where a field stands among its record's fields.
pub(crate) fn position(record: &RecordType, field: u16) -> Result<usize> {
    record.fields.iter().position(|f| f.id == field).ok_or(StoreError::UnknownField { record_type: record.id, field })
}
