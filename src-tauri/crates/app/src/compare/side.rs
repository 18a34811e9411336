//! One side of a comparison: the register, or a list of another office, as rows that can be held against each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use mingbai_domain::catalogue::Village;
use mingbai_domain::poverty::Standing;
use mingbai_domain::{RecordId, code, region};
use mingbai_store::query::{HouseholdFile, PersonFile};
use mingbai_store::{OutsidePerson, Reading};
use serde::{Deserialize, Serialize};

use super::matching::Plain;
use crate::error::AppError;

/// The register, among the sources of lists.
pub(crate) const REGISTER: &str = "register";
/// Households of the register are read this many at a time.
const AT_A_TIME: usize = 400;

/// One disease of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Illness {
    pub(crate) name: String,
    pub(crate) icd10: String,
    /// 常见多发病: no reason for a household to be poor by illness.
    pub(crate) common: bool,
}

/// One person of a side.
#[derive(Clone, Debug, Default)]
pub(crate) struct Someone {
    pub(crate) name: String,
    /// Blank where there is none whose check digit holds.
    pub(crate) citizen_id: String,
    /// What stands where the id should, if that is none.
    pub(crate) wrong_id: String,
    pub(crate) birth: Option<NaiveDate>,
    /// 乡镇, as a list writes it.
    pub(crate) township: String,
    pub(crate) village: String,
    pub(crate) village_key: String,
    /// 户编号.
    pub(crate) number: String,
    /// 脱贫属性 of the household, a code.
    pub(crate) status: String,
    pub(crate) causes: BTreeSet<String>,
    pub(crate) health: String,
    pub(crate) illness: BTreeSet<Illness>,
    /// Codes of `aid_identity` other than 普通居民.
    pub(crate) identities: BTreeSet<String>,
    /// An aid is written there in words no code table knows: it is not compared.
    pub(crate) identity_unread: bool,
    /// `肢体二级`.
    pub(crate) disability: String,
    pub(crate) person: Option<RecordId>,
    pub(crate) household: Option<RecordId>,
    /// The cells of the list's row, in the order of its columns.
    pub(crate) cells: Vec<String>,
    /// The row as Excel numbers it.
    pub(crate) row: i64,
}

impl Someone {
    pub(crate) fn plain(&self) -> Plain<'_> {
        Plain { id: &self.citizen_id, name: &self.name, birth: self.birth, village: &self.village_key }
    }

    /// What tells the household: its record, or the number the list gives it.
    pub(crate) fn home(&self) -> Option<String> {
        let number = Some(&self.number).filter(|number| !number.is_empty());
        self.household.map(|id| id.to_string()).or_else(|| number.cloned())
    }
}

/// What a list has columns for; what it has none for is not compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Has {
    pub(crate) number: bool,
    pub(crate) status: bool,
    pub(crate) causes: bool,
    pub(crate) illness: bool,
    pub(crate) identity: bool,
    pub(crate) disability: bool,
}

/// One side.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    /// A code of `list_source`.
    pub(crate) source: String,
    pub(crate) has: Has,
    pub(crate) people: Vec<Someone>,
    /// Rows that speak again of somebody who stands above.
    pub(crate) repeated: usize,
}

/// What is kept of a row beside the columns of its table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Extra {
    pub(crate) row: i64,
    pub(crate) wrong_id: String,
    pub(crate) identity: String,
    #[serde(default)]
    pub(crate) identity_unread: bool,
    pub(crate) disability: String,
    #[serde(default)]
    pub(crate) township: String,
    pub(crate) cells: Vec<String>,
}

impl Side {
    /// Everybody on the register today.
    pub(crate) fn register(reading: Reading<'_>, today: NaiveDate) -> Result<Self, AppError> {
        let villages: HashMap<RecordId, String> =
            reading.all::<Village>()?.into_iter().map(|row| (row.id, row.record.name.unwrap_or_default())).collect();
        let mut people = Vec::new();
        for some in reading.household_ids()?.chunks(AT_A_TIME) {
            for file in &reading.files(some)? {
                let home = of_household(file, &villages, today);
                people.extend(file.residents().map(|person| of_person(person, &home, today)));
            }
        }
        let has = Has { number: true, status: true, causes: true, illness: true, identity: true, disability: true };
        Ok(Self { source: REGISTER.to_owned(), has, ..folded(people) })
    }

    /// A list of another office.
    pub(crate) fn outside(source: &str, has: Has, rows: Vec<OutsidePerson>) -> Self {
        Self { source: source.to_owned(), has, ..folded(rows.into_iter().map(of_row)) }
    }

    /// Everybody as matching sees them.
    pub(crate) fn plain(&self) -> Vec<Plain<'_>> {
        self.people.iter().map(Someone::plain).collect()
    }

    /// Rows as they stand in the list.
    pub(crate) fn rows(&self) -> usize {
        self.people.len() + self.repeated
    }
}

/// Somebody who stands in several rows, once for each disease or each open stay, is one person.
fn folded(rows: impl IntoIterator<Item = Someone>) -> Side {
    let mut people: Vec<Someone> = Vec::new();
    let mut known: HashMap<(String, String), usize> = HashMap::new();
    let mut repeated = 0;
    for row in rows {
        if row.citizen_id.is_empty() && row.person.is_none() {
            people.push(row);
            continue;
        }
        let who = if row.citizen_id.is_empty() { row.person.map(|id| id.to_string()) } else { None };
        let key = (who.unwrap_or_else(|| row.citizen_id.clone()), row.name.clone());
        match known.get(&key).and_then(|at| people.get_mut(*at)) {
            // On the register, two people with one id are a fault to be seen, not one person.
            Some(first) if first.person == row.person => {
                first.illness.extend(row.illness);
                first.identities.extend(row.identities);
                first.causes.extend(row.causes);
                repeated += 1;
            }
            _ => {
                known.insert(key, people.len());
                people.push(row);
            }
        }
    }
    Side { people, repeated, ..Side::default() }
}

fn of_household(file: &HouseholdFile, villages: &HashMap<RecordId, String>, today: NaiveDate) -> Someone {
    let standing: Standing<'_> = file.statuses.iter().filter_map(|row| row.record.status.as_deref()).collect();
    let village = file.household.village.and_then(|id| villages.get(&id)).cloned().unwrap_or_default();
    let causes = file.causes.iter().filter(|row| row.record.until.is_none_or(|until| until >= today));
    Someone {
        village_key: region::short_village_name(&village).to_owned(),
        village,
        number: file.household.number.clone().unwrap_or_default(),
        status: standing.poverty().or(standing.shown()).unwrap_or_default().to_owned(),
        causes: causes.filter_map(|row| row.record.cause.clone()).collect(),
        household: Some(file.id),
        ..Someone::default()
    }
}

fn of_person(file: &PersonFile, home: &Someone, today: NaiveDate) -> Someone {
    let holds = |until: Option<NaiveDate>| until.is_none_or(|until| until >= today);
    let suffered = file.diagnoses.iter().filter(|row| holds(row.record.ended_on));
    let illness = suffered.map(|row| Illness {
        name: row.record.disease.clone().unwrap_or_default(),
        icd10: row.record.icd10.clone().unwrap_or_default(),
        common: row.record.class.as_deref() == Some("common"),
    });
    let identities = file.identities.iter().filter(|row| holds(row.record.until));
    let identities = identities.filter_map(|row| row.record.identity.clone()).filter(|code| code != "ordinary");
    let said = file.person.citizen_id.clone().unwrap_or_default();
    let valid = mingbai_domain::CitizenId::parse(&said).ok();
    let certificate = file.person.disability_certificate.as_deref().unwrap_or_default();
    let disability = file.disabilities.iter().filter(|row| holds(row.record.valid_until)).find_map(|row| {
        Some(disability_words(row.record.kind.as_deref()?, row.record.grade.as_deref().unwrap_or_default()))
    });
    Someone {
        name: mingbai_domain::name::normalise(file.name()),
        birth: file.person.birth.or_else(|| valid.as_ref().map(mingbai_domain::CitizenId::birth)),
        wrong_id: if valid.is_some() { String::new() } else { said },
        citizen_id: valid.map(|id| id.as_str().to_owned()).unwrap_or_default(),
        health: file.person.health.clone().unwrap_or_default(),
        illness: illness.collect(),
        identities: identities.collect(),
        disability: disability.or_else(|| on_certificate(certificate)).unwrap_or_default(),
        person: Some(file.id),
        ..home.clone()
    }
}

fn of_row(row: OutsidePerson) -> Someone {
    // What this program wrote itself reads back; a row of a newer version says no more than its columns.
    let extra: Extra = serde_json::from_str(&row.extra).unwrap_or_default();
    let listed =
        |text: &str| -> BTreeSet<String> { text.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect() };
    let illness = row.illness.lines().filter(|name| !name.is_empty());
    let illness = illness.map(|name| Illness { name: name.to_owned(), ..Illness::default() });
    Someone {
        name: row.name,
        citizen_id: row.citizen_id,
        wrong_id: extra.wrong_id,
        birth: row.birth,
        village_key: region::short_village_name(&row.village).to_owned(),
        township: extra.township,
        village: row.village,
        number: row.household_number,
        status: row.status,
        causes: listed(&row.causes),
        health: row.health,
        illness: illness.collect(),
        identities: listed(&extra.identity),
        identity_unread: extra.identity_unread,
        disability: extra.disability,
        person: None,
        household: None,
        cells: extra.cells,
        row: extra.row,
    }
}

/// `肢体二级` of the codes of class and grade.
pub(crate) fn disability_words(kind: &str, grade: &str) -> String {
    format!("{}{}", code::label("disability_kind", kind), code::label("disability_grade", grade))
}

/// `肢体二级` of the 19th and 20th characters of a certificate's number.
pub(crate) fn on_certificate(number: &str) -> Option<String> {
    let certificate = mingbai_sheets::Certificate::parse(number).ok()?;
    let (kind, grade) = certificate.disability()?;
    Some(disability_words(&kind.to_string(), &grade.to_string()))
}

/// Households by what tells them, each with its people's places in the list.
pub(crate) fn homes(people: &[Someone]) -> BTreeMap<String, Vec<usize>> {
    let mut homes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, someone) in people.iter().enumerate() {
        if let Some(home) = someone.home() {
            homes.entry(home).or_default().push(at);
        }
    }
    homes
}
