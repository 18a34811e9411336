//! What bills of a kind were made of, summed: how much of the money lay outside the catalogues.

use chrono::NaiveDate;
use mingbai_domain::{Fen, RecordId};
use rusqlite::named_params;

use super::bills::COUNTS;
use super::{blob, iso, root};
use crate::{Reading, StoreError};

/// Bills of one kind of care together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BillSums {
    /// How many.
    pub bills: i64,
    /// 费用总额.
    pub total: Fen,
    /// 目录外自费 and 超限价.
    pub outside: Fen,
    /// 先行自付.
    pub pre_self_pay: Fen,
}

impl Reading<'_> {
    /// The bills of a kind settled since a day that count: neither voided nor taken back nor replaced by another; of one
    /// person, or of everybody.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn bill_sums(
        &self,
        since: NaiveDate,
        care_kind: &str,
        person: Option<RecordId>,
    ) -> Result<BillSums, StoreError> {
        let person = person.map(|person| self.canonical(person)).transpose()?;
        let sql = format!(
            "select count(*), sum(s.total), sum(coalesce(s.own_expense, 0) + coalesce(s.over_limit, 0)),
                    sum(coalesce(s.pre_self_pay, 0))
               from settlement s
              where s._void = 0 and s.total > 0 and {COUNTS} and s.settled_on >= :since
                and s.care_kind = :kind and (:person is null or {} = :person)",
            root("s.person")
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let values = named_params! { ":since": iso(since), ":kind": care_kind, ":person": blob(person) };
        Ok(statement.query_row(values, |row| {
            let money = |at| row.get::<_, Option<i64>>(at).map(|fen| Fen(fen.unwrap_or_default()));
            Ok(BillSums { bills: row.get(0)?, total: money(1)?, outside: money(2)?, pre_self_pay: money(3)? })
        })?)
    }
}
