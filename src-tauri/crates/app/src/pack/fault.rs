//! Every fault of a pack's text, each at its line. The rule engine stops at the first; a payer at fault is taken out so that
//! the others are read too.

use mingbai_coverage::Pack as Rules;
use mingbai_coverage::pack::{PACK_SWITCHES, PAYER_SWITCHES, PackError};
use toml::{Table, Value};

use super::outline::Outline;
use crate::dto::PackFault;

/// More than anybody mends in one sitting.
const MOST: usize = 100;

/// Nothing where the text is a whole pack.
pub(super) fn faults(text: &str, outline: Option<&Outline>) -> Vec<PackFault> {
    let Err(mut error) = Rules::parse(text) else { return Vec::new() };
    let mut found = Vec::new();
    let mut add = |error: &PackError| {
        let line = outline.map_or_else(
            || if let PackError::NotToml { line, .. } = error { *line } else { 1 },
            |outline| outline.line_of(error),
        );
        let fault = PackFault { line: i64::try_from(line).unwrap_or_default(), message: error.to_string() };
        if !found.contains(&fault) {
            found.push(fault);
        }
    };
    let (Ok(mut table), Some(outline)) = (toml::from_str::<Table>(text), outline) else {
        add(&error);
        return found;
    };
    for taken in 0..MOST {
        let payer = outline.payer_of(&error);
        // What the rest of the pack misses in a payer that was taken out is no fault of its own.
        if taken > 0 && payer.is_none() {
            break;
        }
        add(&error);
        let Some(label) = payer else {
            missing(&table, PACK_SWITCHES, &error).iter().for_each(&mut add);
            break;
        };
        let Some(payer) = take_out(&mut table, label) else { break };
        missing(&payer, PAYER_SWITCHES, &error).iter().for_each(&mut add);
        let Ok(rest) = toml::to_string(&table) else { break };
        match Rules::parse(&rest) {
            Err(next) if left(&table) => error = next,
            _ => break,
        }
    }
    found.sort_by_key(|fault| fault.line);
    found
}

fn left(table: &Table) -> bool {
    table.get("payer").and_then(Value::as_array).is_some_and(|payers| !payers.is_empty())
}

/// Takes a payer out of the list, and out of the order in which the ceiling cuts.
fn take_out(table: &mut Table, label: &str) -> Option<Table> {
    let payers = table.get_mut("payer")?.as_array_mut()?;
    let place = payers.iter().position(|payer| payer.get("label").and_then(Value::as_str) == Some(label))?;
    let Value::Table(payer) = payers.remove(place) else { return None };
    let key = payer.get("key").and_then(Value::as_str).map(str::to_owned);
    if let Some(cut) = table.get_mut("ceiling").and_then(|ceiling| ceiling.get_mut("cut")).and_then(Value::as_array_mut)
    {
        cut.retain(|named| named.as_str() != key.as_deref());
    }
    Some(payer)
}

/// The other switches that are missing where one is.
fn missing(table: &Table, switches: &'static [(&'static str, &'static str)], error: &PackError) -> Vec<PackError> {
    let PackError::MissingSwitch { place, key: first, .. } = error else { return Vec::new() };
    if !switches.iter().any(|(key, _)| key == first) {
        return Vec::new();
    }
    let others = switches.iter().filter(|(key, _)| key != first && !table.contains_key(*key));
    others.map(|(key, label)| PackError::MissingSwitch { place: place.clone(), key, label }).collect()
}
