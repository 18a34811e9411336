//! What became of everything in the end, told without times and without names that times are part of: with other clocks the
//! same must come out (sync.md §3.3, I19).

use std::collections::BTreeSet;

use mingbai_domain::value::FieldValue;
use mingbai_domain::{RecordId, Value, Values};

use crate::Result;
use crate::model::{self, Said};
use crate::office::Office;
use crate::world::World;

impl World {
    /// A record by when it was made, nothing for those that nobody speaks of.
    pub(crate) fn name_of(&self, record: RecordId) -> Option<String> {
        let family = |family: &crate::world::Family| {
            let place = [family.household, family.person, family.membership].iter().position(|id| *id == record)?;
            ["household", "person", "stay"].get(place).copied()
        };
        let family = self.families.iter().enumerate().find_map(|(number, one)| Some((family(one)?, number)));
        let visit = || self.visits.iter().position(|id| *id == record).map(|number| ("visit", number));
        let village = || self.villages.iter().position(|id| *id == record).map(|number| ("village", number));
        family.or_else(visit).or_else(village).map(|(kind, number)| format!("{kind} {number}"))
    }

    fn told_value(&self, value: &Value) -> String {
        let record = RecordId::from_value(value).ok().and_then(|id| self.name_of(id));
        record.unwrap_or_else(|| format!("{value:?}"))
    }

    /// A value, a body of a fact, or none.
    pub(crate) fn told_body(&self, value: &Value, body: Option<&Values>) -> String {
        let told = |(field, value): (&u16, &Value)| format!("{field}: {}", self.told_value(value));
        body.map_or_else(|| self.told_value(value), |body| body.iter().map(told).collect::<Vec<_>>().join(", "))
    }

    /// What became of every save, and what stands side by side where.
    pub(crate) fn verdict(&self) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        for (number, head) in self.saved.iter().enumerate() {
            let mut kept = BTreeSet::new();
            for office in &self.offices {
                let Some(store) = office.store.as_ref().filter(|_| office.in_service()) else { continue };
                if store.read().stands(head)? {
                    kept.insert((office.name.as_str(), store.read().is_applied(head)?));
                }
            }
            let county = kept.iter().find(|(name, _)| *name == "county").map(|(_, applied)| *applied);
            lines.push(format!("save {number}: county {county:?}, kept anywhere {}", !kept.is_empty()));
        }
        for office in self.offices.iter().filter(|office| Office::in_service(office)) {
            let Some(store) = &office.store else { continue };
            let told = model::told(&model::lines(store.read())?)?;
            for ((_, record, field), live) in told.live {
                let mut said: Vec<String> = live
                    .values()
                    .map(|said| match said {
                        Said::Field(value) => self.told_body(value, None),
                        Said::Fact(body) => self.told_body(&Value::Null, body.as_ref()),
                    })
                    .collect();
                said.sort();
                said.dedup();
                if said.len() > 1 {
                    lines.push(format!("{} {:?} {field}: {said:?}", office.name, self.name_of(record)));
                }
            }
        }
        lines.sort();
        Ok(lines)
    }
}
