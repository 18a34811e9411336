//! Which households hold a current card. A card is stale when anything it shows was written after it was made, or when
//! it was made under another policy pack.

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use rusqlite::{ToSql, named_params};

use super::files::json_of;
use super::{HEAD, PEOPLE, blob, date, id, text};
use crate::{Reading, StoreError};

/// One household and its newest card.
#[derive(Clone, Debug)]
pub struct CardLine {
    /// The household.
    pub household: RecordId,
    /// 户编号.
    pub number: String,
    /// Name of the head.
    pub head: String,
    /// People living in it.
    pub people: i64,
    /// Its village.
    pub village_name: String,
    /// The newest card record, if there is one.
    pub card: Option<RecordId>,
    /// Edition of the newest card; 0 without one.
    pub edition: i64,
    /// When it was made.
    pub issued_on: Option<NaiveDate>,
    /// When it was signed for.
    pub signed_on: Option<NaiveDate>,
    /// Under which pack it was made.
    pub pack: String,
    /// Whether something it shows was written since.
    pub changed_since: bool,
}

/// The newest write to anything a card shows. `_changed` is the largest HLC of any entry that touched the row. What was
/// written about somebody after they left is no matter of this household's card; that they left is.
const NEWEST: &str = "max(h._changed, coalesce(v._changed, 0),
    coalesce((select max(x._changed) from household_status x where x.household = h.id), 0),
    coalesce((select max(x._changed) from poverty_cause x where x.household = h.id), 0),
    coalesce((select max(m._changed) from membership m where m.household = h.id), 0),
    coalesce((select max(x._changed) from membership m join person x on x.id = m.person where m.household = h.id and m.left_on is null), 0),
    coalesce((select max(x._changed) from membership m join aid_identity x on x.person = m.person where m.household = h.id and m.left_on is null), 0),
    coalesce((select max(x._changed) from membership m join diagnosis x on x.person = m.person where m.household = h.id and m.left_on is null), 0),
    coalesce((select max(x._changed) from membership m join exclusion x on x.person = m.person where m.household = h.id and m.left_on is null), 0),
    coalesce((select max(max(x._changed, coalesce(t._changed, 0))) from membership m join contract x on x.person = m.person
               left join team t on t.id = x.team where m.household = h.id and m.left_on is null), 0),
    coalesce((select max(x._changed) from membership m join enrolment x on x.person = m.person where m.household = h.id and m.left_on is null), 0),
    coalesce((select max(x._changed) from membership m join visit x on x.person = m.person where m.household = h.id and m.left_on is null), 0),
    coalesce((select max(x._changed) from membership m join settlement x on x.person = m.person where m.household = h.id and m.left_on is null), 0))";

/// When the card `k` was made: its first entry. A signature amends the issue and must not make it look newer than what
/// it shows.
const MADE: &str = "(select min(e.hlc) from entry_record r join entry e on e.id = r.entry
     where r.record = k.id and r.record_type = 14 and e.status = 1)";

impl Reading<'_> {
    /// Households with their newest card, of one village or of all, in number order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn cards(&self, village: Option<RecordId>) -> Result<Vec<CardLine>, StoreError> {
        self.card_lines("(:among is null or h.village = :among)", &blob(village))
    }

    /// These households with their newest card.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn cards_of(&self, households: &[RecordId]) -> Result<Vec<CardLine>, StoreError> {
        self.card_lines("h.id in (select unhex(value) from json_each(:among))", &json_of(households))
    }

    fn card_lines(&self, among: &str, given: &dyn ToSql) -> Result<Vec<CardLine>, StoreError> {
        let sql = format!(
            "select h.id, h.number,
                    {HEAD}, {PEOPLE},
                    v.name, k.id, coalesce(k.edition, 0), k.issued_on, k.signed_on, k.pack,
                    case when k.id is null then 0 else coalesce({NEWEST} > {MADE}, 0) end
               from household h
               left join village v on v.id = h.village
               left join card_issue k on k.id = (select x.id from card_issue x where x.household = h.id and x._void = 0
                                                  order by x.edition desc, x.id desc limit 1)
              where coalesce(h.deleted, 0) = 0 and {among}
              order by v.code, h.village_group, h.number, h.id"
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let rows = statement.query_map(named_params! { ":among": given }, |row| {
            Ok(CardLine {
                household: id(row, 0)?,
                number: text(row, 1)?,
                head: text(row, 2)?,
                people: row.get(3)?,
                village_name: text(row, 4)?,
                card: super::id_maybe(row, 5)?,
                edition: row.get(6)?,
                issued_on: date(row, 7)?,
                signed_on: date(row, 8)?,
                pack: text(row, 9)?,
                changed_since: row.get(10)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
