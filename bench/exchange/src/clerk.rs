//! Writes the generated changes as a township's PC writes them: the register as a roster taken in from Excel (entries of
//! many people), every later change as a saved action of its own, each naming the write it replaces.

use std::collections::{BTreeMap, HashMap};

use mingbai_domain::catalogue::{self, Household, Membership, Person, Record, RecordType, Village};
use mingbai_domain::{FieldId, RecordId, Value};
use mingbai_ledger::{DotRef, Entry, EntryKind, Hlc, Op, Why, Write};

use crate::changes::{COLUMNS, Change};

/// People in one entry of the roster, and in one household.
const ROSTER: usize = 500;
const FAMILY: usize = 4;
const VILLAGES: usize = 40;

/// Where a field of a person was written last.
type Places = [(u32, u32); COLUMNS.len()];

/// The author of one log.
pub(crate) struct Clerk {
    area: &'static str,
    fields: Vec<FieldId>,
    people: HashMap<[u8; 16], usize>,
    places: Vec<Places>,
    /// Sequence number of the entry being written.
    seq: u64,
    dots: u32,
}

fn field(kind: &RecordType, column: &str) -> FieldId {
    kind.column(column).map_or(0, |field| field.id)
}

/// A record of ours that no peer has: its id from a letter and a number.
fn id(letter: u8, number: usize) -> RecordId {
    let mut bytes = [0; 16];
    bytes[0] = 1;
    bytes[6] = 0x70;
    bytes[7] = letter;
    bytes[8..].copy_from_slice(&(number as u64).to_be_bytes());
    RecordId::from_bytes(bytes)
}

fn entered(kind: &RecordType, record: RecordId, values: &[(&str, Value)]) -> Op {
    let write = |value: &Value| Write { value: value.clone(), base: Vec::new() };
    let writes = values.iter().map(|(column, value)| (field(kind, column), write(value))).collect();
    Op::Set { record_type: kind.id, record, writes }
}

fn reference(record: RecordId) -> Value {
    Value::Bytes(record.as_bytes().to_vec())
}

impl Clerk {
    pub(crate) fn new(area: &'static str) -> Self {
        let fields = COLUMNS.iter().map(|column| field(Person::TYPE, column)).collect();
        Self { area, fields, people: HashMap::new(), places: Vec::new(), seq: 0, dots: 0 }
    }

    /// Goes on after what the log holds.
    pub(crate) fn continue_after(&mut self, seq: u64) {
        self.seq = seq;
    }

    fn seal(&mut self, ops: Vec<Op>, action: &str) -> Vec<u8> {
        let entry = Entry {
            hlc: Hlc::at(crate::office::START + self.seq * 10),
            wall_delta: 0,
            actor: 1,
            schema: catalogue::SCHEMA,
            kind: EntryKind::Transaction,
            ops,
            why: Why { action: action.to_owned(), reason: None },
            refs: Vec::new(),
            origin: None,
        };
        self.dots = 0;
        entry.encode()
    }

    fn op(&mut self, ops: &mut Vec<Op>, op: Op) {
        self.dots += op.dots();
        ops.push(op);
    }

    fn person(&mut self, change: &Change) -> Op {
        let (id, columns) = match change {
            Change::Enter(id, values) => (*id, values.iter().enumerate().collect()),
            Change::Set(id, column, value) => (*id, vec![(*column, value)]),
        };
        let next = self.people.len();
        let number = *self.people.entry(id).or_insert(next);
        if number == self.places.len() {
            self.places.push(Places::default());
        }
        let mut writes = BTreeMap::new();
        // Columns are generated in the order of the fields, so that places count up as the operation's dots do.
        for (index, (column, value)) in (self.dots..).zip(columns) {
            let place = self.places.get_mut(number).and_then(|places| places.get_mut(column));
            let (Some(place), Some(field)) = (place, self.fields.get(column)) else { continue };
            let base = match *place {
                (0, _) => Vec::new(),
                (seq, index) => vec![DotRef::Own { seq: seq.into(), index }],
            };
            *place = (u32::try_from(self.seq).unwrap_or(u32::MAX), index);
            writes.insert(*field, Write { value: Value::Text(value.clone()), base });
        }
        Op::Set { record_type: Person::TYPE.id, record: RecordId::from_bytes(id), writes }
    }

    /// The roster: villages first, then people in households.
    pub(crate) fn roster(&mut self, people: &[Change]) -> Vec<Vec<u8>> {
        self.seq += 1;
        let (name, role) = ("王玉梅".to_owned(), "clerk".to_owned());
        let mut ops = vec![Op::Roster { operator: id(b'o', 0), name, role }];
        for village in 0..VILLAGES {
            let values = [
                ("code", Value::Text(format!("{}{:03}", self.area, 200 + village))),
                ("name", Value::Text(format!("第{village}村"))),
                ("township", Value::Text(self.area.to_owned())),
            ];
            ops.push(entered(Village::TYPE, id(b'v', village), &values));
        }
        let mut entries = vec![self.seal(ops, "roster_import")];
        let mut ops = Vec::new();
        self.seq += 1;
        for (number, person) in people.iter().enumerate() {
            let household = id(b'h', number / FAMILY);
            if number.is_multiple_of(FAMILY) {
                let text = |text: String| Value::Text(text);
                let values = [
                    ("number", text(format!("{:09}", number / FAMILY))),
                    ("village", reference(id(b'v', number / FAMILY % VILLAGES))),
                    ("phone", text(format!("139{:08}", number % 100_000_000))),
                ];
                self.op(&mut ops, entered(Household::TYPE, household, &values));
            }
            let op = self.person(person);
            let stay = op.record().map(|(_, person)| {
                let values = [("household", reference(household)), ("person", reference(person))];
                entered(Membership::TYPE, id(b'm', number), &values)
            });
            self.op(&mut ops, op);
            stay.into_iter().for_each(|stay| self.op(&mut ops, stay));
            if (number + 1).is_multiple_of(ROSTER) {
                entries.push(self.seal(std::mem::take(&mut ops), "roster_import"));
                self.seq += 1;
            }
        }
        if ops.is_empty() {
            self.seq -= 1;
        } else {
            entries.push(self.seal(ops, "roster_import"));
        }
        entries
    }

    /// One saved action for each change.
    pub(crate) fn save(&mut self, change: Change) -> Vec<u8> {
        self.seq += 1;
        let op = self.person(&change);
        self.seal(vec![op], "person_save")
    }

    /// A change that only a newer version understands: a field or a record type of tomorrow.
    pub(crate) fn save_newer(&mut self, of_known_type: bool) -> Vec<u8> {
        self.seq += 1;
        let writes = BTreeMap::from([(999, Write { value: Value::Int(1), base: Vec::new() })]);
        let record_type = if of_known_type { Person::TYPE.id } else { 999 };
        self.seal(vec![Op::Set { record_type, record: id(b'n', 0), writes }], "person_save")
    }
}
