//! A plan: rows with their outcomes, and the writes that carry them out.

use std::collections::{BTreeMap, HashMap, HashSet};

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Household, Membership, Person, Record};
use mingbai_domain::name;
use mingbai_sheets::Row as SheetRow;
use mingbai_store::{Reading, Row, Txn};

use crate::dto::{ImportRow, Population, RowOutcome};
use crate::error::AppError;
use crate::record::difference;

/// Records made while a plan is carried out, by a name the plan gave them.
#[derive(Default)]
pub(crate) struct Made(BTreeMap<String, RecordId>);

impl Made {
    pub(crate) fn put(&mut self, name: String, id: RecordId) {
        self.0.insert(name, id);
    }

    pub(crate) fn get(&self, name: &str) -> Option<RecordId> {
        self.0.get(name).copied()
    }
}

/// One write, carried out inside the action.
pub(crate) type Write = Box<dyn FnOnce(&mut Txn<'_>, &mut Made) -> Result<(), AppError> + Send>;

/// What will happen with the accepted rows.
#[derive(Default)]
pub(crate) struct Plan {
    rows: Vec<(String, ImportRow)>,
    /// Sheet and number of the row that is being planned.
    place: (String, u32),
    writes: Vec<Write>,
    /// Households and people the file holds (roster only).
    pub(crate) totals: Option<Population>,
    /// What else the clerk should know about the file.
    pub(crate) remarks: Vec<String>,
    /// Whether the file is a roster, which tells of everybody in its villages.
    pub(crate) roster: bool,
    /// On the register but not in the file, by household and name (roster only).
    pub(crate) absent: Vec<Gone>,
    /// People of the register whom the file names, also in rows that are not taken (roster only).
    pub(crate) present: HashSet<RecordId>,
}

/// Somebody of the register whom a roster does not name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gone {
    /// Household and name.
    pub(crate) told: String,
    pub(crate) person: RecordId,
}

impl Plan {
    /// The rows with the sheets they stand in.
    pub(crate) fn rows(&self) -> &[(String, ImportRow)] {
        &self.rows
    }

    /// From here on the plan speaks of this row.
    pub(crate) fn at<D>(&mut self, row: &SheetRow<D>) {
        self.place = (row.sheet.clone(), row.row);
    }

    pub(crate) fn add(&mut self, row: ImportRow) {
        self.rows.push((self.place.0.clone(), ImportRow { row: i64::from(self.place.1), ..row }));
    }

    /// Asks the clerk to look at the row planned last.
    pub(crate) fn warn(&mut self, said: &str) {
        if let Some((_, row)) = self.rows.last_mut() {
            row.warning = true;
            append(&mut row.detail, said);
        }
    }

    /// Tells what else the row planned last changes.
    pub(crate) fn also(&mut self, said: &str) {
        if let Some((_, row)) = self.rows.last_mut() {
            append(&mut row.detail, said);
            if row.outcome == RowOutcome::Same {
                row.outcome = RowOutcome::Changed;
            }
        }
    }

    pub(crate) fn write(
        &mut self,
        write: impl FnOnce(&mut Txn<'_>, &mut Made) -> Result<(), AppError> + Send + 'static,
    ) {
        self.writes.push(Box::new(write));
    }

    pub(crate) fn reject(&mut self, who: &str, household: &str, reason: impl Into<String>) {
        self.add(ImportRow {
            outcome: RowOutcome::Rejected,
            who: who.to_owned(),
            household: household.to_owned(),
            detail: reason.into(),
            ..ImportRow::default()
        });
    }

    /// What the row says, or nothing: then the row is rejected with the reason.
    pub(crate) fn sound<T>(&mut self, said: Result<T, impl Into<String>>, who: &str, household: &str) -> Option<T> {
        said.map_err(|reason| self.reject(who, household, reason)).ok()
    }

    /// Puts the rows back in the order of the file, where they were planned in another.
    pub(crate) fn as_in_the_file(&mut self) {
        let mut sheets: Vec<String> = Vec::new();
        for (sheet, _) in &self.rows {
            if !sheets.contains(sheet) {
                sheets.push(sheet.clone());
            }
        }
        self.rows.sort_by_key(|(sheet, row)| (sheets.iter().position(|one| one == sheet), row.row));
    }

    pub(crate) fn carry_out(self, txn: &mut Txn<'_>, made: &mut Made) -> Result<(), AppError> {
        self.writes.into_iter().try_for_each(|write| write(txn, made))
    }

    /// Plans one record that hangs on a person: new, changed or the same as the one it matches.
    pub(crate) fn record<R: Record + Clone + PartialEq + Send + 'static>(
        &mut self,
        whose: &Whose,
        existing: Option<&Row<R>>,
        wanted: R,
        summary: String,
    ) {
        let mut line =
            ImportRow { who: whose.name.clone(), household: whose.household.clone(), ..ImportRow::default() };
        match existing {
            None => {
                line.outcome = RowOutcome::New;
                line.detail = summary;
                self.write(move |txn, _| {
                    txn.insert(None, &wanted)?;
                    Ok(())
                });
            }
            Some(old) => {
                let merged = overlay(&old.record, &wanted);
                let changes = difference(R::TYPE, &old.record.to_values(), &merged.to_values());
                if changes.is_empty() {
                    line.outcome = RowOutcome::Same;
                } else {
                    line.outcome = RowOutcome::Changed;
                    line.detail = changes.join("；");
                    let id = old.id;
                    self.write(move |txn, _| save(txn, id, &merged));
                }
            }
        }
        self.add(line);
    }

    /// Plans another record that the row planned last tells of: new, changed or the same as the one it matches.
    pub(crate) fn beside<R: Record + Clone + PartialEq + Send + 'static>(
        &mut self,
        existing: Option<&Row<R>>,
        wanted: R,
        summary: &str,
    ) {
        let Some(old) = existing else {
            self.also(summary);
            return self.write(move |txn, _| {
                txn.insert(None, &wanted)?;
                Ok(())
            });
        };
        let merged = overlay(&old.record, &wanted);
        let changes = difference(R::TYPE, &old.record.to_values(), &merged.to_values());
        if !changes.is_empty() {
            self.also(&changes.join("；"));
            let id = old.id;
            self.write(move |txn, _| save(txn, id, &merged));
        }
    }
}

/// Adds a remark to what is already said.
pub(crate) fn append(detail: &mut String, said: &str) {
    if !detail.is_empty() && !said.is_empty() {
        detail.push('；');
    }
    detail.push_str(said);
}

/// Writes a changed record by its shape: a state is updated, a fact amended.
pub(crate) fn save<R: Record>(txn: &mut Txn<'_>, id: RecordId, record: &R) -> Result<(), AppError> {
    match R::TYPE.shape {
        mingbai_domain::catalogue::Shape::State => {
            txn.update(id, record)?;
        }
        mingbai_domain::catalogue::Shape::Fact => txn.amend(id, Some(record))?,
    }
    Ok(())
}

/// What is known, with what the file says laid over it; blank cells change nothing.
pub(crate) fn overlay<R: Record + Clone>(known: &R, said: &R) -> R {
    let mut values = known.to_values();
    values.extend(said.to_values());
    // Both halves came from typed records of this very type, so reading them back cannot fail.
    R::from_values(&values).unwrap_or_else(|_| known.clone())
}

/// The person a row speaks of.
#[derive(Clone, Debug)]
pub(crate) struct Whose {
    pub(crate) person: RecordId,
    pub(crate) name: String,
    pub(crate) household: String,
}

/// The register's people, ready for matching.
pub(crate) struct People {
    by_citizen_id: HashMap<String, Whose>,
    by_name: HashMap<(String, String), Vec<Whose>>,
}

impl People {
    pub(crate) fn read(reading: Reading<'_>) -> Result<Self, AppError> {
        let households: HashMap<RecordId, Row<Household>> =
            reading.all::<Household>()?.into_iter().map(|row| (row.id, row)).collect();
        let homes: HashMap<RecordId, RecordId> = reading
            .all::<Membership>()?
            .into_iter()
            .filter(|row| row.record.left_on.is_none())
            .filter_map(|row| Some((row.record.person?, row.record.household?)))
            .collect();
        let mut people = Self { by_citizen_id: HashMap::new(), by_name: HashMap::new() };
        for row in reading.all::<Person>()? {
            let home = homes.get(&row.id).and_then(|id| households.get(id));
            let number = home.and_then(|h| h.record.number.clone()).unwrap_or_default();
            let name = row.record.name.clone().unwrap_or_default();
            let whose = Whose { person: row.id, name: name.clone(), household: number.clone() };
            if let Some(id) = row.record.citizen_id.filter(|id| !id.is_empty()) {
                people.by_citizen_id.insert(id, whose.clone());
            }
            // Somebody who has moved away is found by citizen id only.
            if home.is_some() {
                people.by_name.entry((number, name)).or_default().push(whose);
            }
        }
        Ok(people)
    }

    /// The person with this citizen id, or the only one of this name living in this household.
    pub(crate) fn find(&self, citizen_id: Option<&str>, household: &str, called: &str) -> Result<&Whose, String> {
        if let Some(id) = citizen_id {
            let found =
                self.by_citizen_id.get(id).ok_or_else(|| "户档案里没有这个证件号码的人，请先导入名单".to_owned())?;
            let called = name::normalise(called);
            if !called.is_empty() && called != found.name {
                return Err(format!("证件号码在户档案里是“{}”，表里是“{called}”，请核对", found.name));
            }
            return Ok(found);
        }
        if household.is_empty() {
            return Err("没有证件号码，也没有户编号，分不清是谁".to_owned());
        }
        let key = (household.to_owned(), name::normalise(called));
        match self.by_name.get(&key).map(Vec::as_slice) {
            Some([only]) => Ok(only),
            Some(_) => Err("同户同名不止一人，没有证件号码分不清".to_owned()),
            None => Err("没有证件号码，按户编号和姓名也没有找到".to_owned()),
        }
    }
}
