//! The county, its townships and their PCs before anything happens.

use std::path::Path;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::Village;
use mingbai_ledger::Genesis;
use mingbai_sync::enrol::{self, Applicant};
use mingbai_sync::{CountyKeys, CountyName, DeviceKeys, keys};

use crate::dice::Dice;
use crate::office::{Kind, Office};
use crate::{Failure, Result};

/// The first township, with two PCs.
pub(crate) const A: &str = "159901201";
/// The second, with one.
pub(crate) const B: &str = "159901202";

/// The offices, the county first, and the villages of the two townships, made by the county.
pub(crate) fn found(folder: &Path, dice: &mut Dice) -> Result<(Vec<Office>, [RecordId; 2])> {
    let seeds = std::cell::RefCell::new(Dice::new(dice.roll()));
    let random = |bytes: &mut [u8]| seeds.borrow_mut().fill(bytes);
    let device = DeviceKeys::generate(&random);
    let name = CountyName { area: "159901", county: "云岭县", unit: "云岭县健康扶贫办" };
    let county_keys = CountyKeys::generate(&random, name, &device)?;
    let genesis = Genesis {
        device_key: device.signing.public().log_key(),
        nonce: [1; 16],
        county: county_keys.trust.county().0,
        certificate: county_keys.serial,
        continues: None,
    };
    let mut county = Office::create(folder, ("county", Kind::County, "159901"), &genesis, Dice::new(dice.roll()))?;
    let gone = || Failure::new("the county is gone");
    let store = county.store.as_mut().ok_or_else(gone)?;
    device.save(store)?;
    county_keys.save(store)?;
    let village =
        |code: &str| Village { code: Some(format!("{code}001")), name: Some(code.into()), ..Village::default() };
    let (villages, _) = county.save(|txn| Ok([txn.insert(None, &village(A))?, txn.insert(None, &village(B))?]))?;
    let mut offices = vec![county];
    for (number, (name, area)) in [("a1", A), ("a2", A), ("b1", B)].into_iter().enumerate() {
        let mut office = new_pc(folder, (name, area), number as u8 + 2, Dice::new(dice.roll()))?;
        let store = office.store.as_mut().ok_or_else(gone)?;
        let request = enrol::request(store, applicant(name, area), &random)?;
        let county = offices.first_mut().and_then(|county| county.store.as_mut()).ok_or_else(gone)?;
        let (_, file) = enrol::approve(county, &request, &request.words())?;
        let words = keys::known_trust(county)?.words();
        office.with(|store, author| enrol::accept(store, author, &file, &words))??;
        offices.push(office);
    }
    Ok((offices, villages))
}

/// What a PC says of itself when it asks to join.
pub(crate) fn applicant<'a>(name: &'a str, area: &'a str) -> Applicant<'a> {
    Applicant { device: name, unit: area, area }
}

/// A township's PC that has not joined yet.
pub(crate) fn new_pc(folder: &Path, (name, area): (&str, &'static str), number: u8, mut dice: Dice) -> Result<Office> {
    let seeds = std::cell::RefCell::new(Dice::new(dice.roll()));
    let device = DeviceKeys::generate(&|bytes: &mut [u8]| seeds.borrow_mut().fill(bytes));
    let device_key = device.signing.public().log_key();
    let genesis = Genesis { device_key, nonce: [number; 16], county: [0; 8], certificate: 0, continues: None };
    let mut office = Office::create(folder, (name, Kind::Township, area), &genesis, dice)?;
    if let Some(store) = &mut office.store {
        device.save(store)?;
    }
    Ok(office)
}
