//! Certificates of devices, revocations, and the statement that counts both. All are signed by a county ops key.

use mingbai_domain::region;
use mingbai_ledger::cbor::Writer;
use mingbai_ledger::{Head, LogId};

use super::documents::{Document, one_suite, sealing_key, verifying_key};
use crate::keys::{CountyId, SealingKey, VerifyingKey};
use crate::rejection::Rejection;
use crate::section::MAX_ROWS;
use crate::wire;

/// What a device may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sends its records up.
    Township,
    /// Sends down for the county.
    County,
    /// Exchanges with the other PCs of its centre.
    Sibling,
}

impl Role {
    const fn code(self) -> u64 {
        match self {
            Self::Township => 1,
            Self::County => 2,
            Self::Sibling => 3,
        }
    }
}

/// The county's word that these keys belong to this device of this unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The county.
    pub county: CountyId,
    /// Counts from 1; never used twice.
    pub serial: u64,
    /// Name of the PC, e.g. 公卫科1号机.
    pub device: String,
    /// Name of the unit, e.g. 青山镇卫生院.
    pub unit: String,
    /// Signs its bundles and its logs.
    pub signing: VerifyingKey,
    /// Opens what is sent to it.
    pub sealing: SealingKey,
    /// Division code its records must lie under: 6 digits for the county's own PC, 9 or 12 for a township's.
    pub area: String,
    /// What it may do, ascending.
    pub roles: Vec<Role>,
    /// The county's epoch when it was issued.
    pub county_epoch: u64,
    /// The certificate of the same PC that it took the place of, when the PC changed its keys.
    pub renews: Option<u64>,
}

/// Map key of what a certificate renews: a reader that does not know it passes it over.
const RENEWS: u64 = 128;

impl Certificate {
    /// Whether the device may act in this role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether `area` lies in this device's.
    #[must_use]
    pub fn covers(&self, area: &str) -> bool {
        region::contains(&self.area, area)
    }
}

impl Document for Certificate {
    const SIGNED_AS: &'static [u8] = b"mbx/cert/1";

    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.map(9 + usize::from(self.renews.is_some()));
        w.uint(1).bytes(&self.county.0).uint(2).uint(self.serial).uint(3).text(&self.device);
        w.uint(4).text(&self.unit).uint(5).bytes(self.signing.as_bytes()).uint(6).bytes(self.sealing.as_bytes());
        w.uint(7).text(&self.area).uint(8).array(self.roles.len());
        for role in &self.roles {
            w.uint(role.code());
        }
        w.uint(9).uint(self.county_epoch);
        if let Some(serial) = self.renews {
            w.uint(RENEWS).uint(serial);
        }
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Rejection> {
        let (mut county, mut serial, mut device, mut unit, mut signing) = (None, None, None, None, None);
        let (mut sealing, mut area, mut roles, mut county_epoch) = (None, None, None, None);
        let mut renews = None;
        wire::fields(bytes, |key, d| {
            match key {
                1 => county = Some(CountyId(wire::fixed(d)?)),
                2 => serial = Some(wire::counter(d)?),
                3 => device = Some(d.str()?.to_owned()),
                4 => unit = Some(d.str()?.to_owned()),
                5 => signing = Some(verifying_key(d)?),
                6 => sealing = Some(sealing_key(d)?),
                7 => area = Some(d.str()?.to_owned()).filter(|code| region::is_code(code)),
                8 => {
                    roles = Some(wire::list(d, 16, |d| match d.u64()? {
                        1 => Ok(Role::Township),
                        2 => Ok(Role::County),
                        3 => Ok(Role::Sibling),
                        _ => Err(Rejection::NeedsNewerApp),
                    })?);
                }
                9 => county_epoch = Some(wire::counter(d)?),
                RENEWS => renews = Some(wire::counter(d)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        let (signing, sealing) = (wire::required(signing)?, wire::required(sealing)?);
        one_suite(&signing, &sealing)?;
        // A township's PC that lay in the whole county would write for every township of it.
        let roles = wire::required(roles)?;
        let area = area.filter(|code| !roles.contains(&Role::Township) || region::is_township(code));
        Ok(Self {
            county: wire::required(county)?,
            serial: wire::required(serial.filter(|serial| *serial > 0))?,
            device: wire::required(device)?,
            unit: wire::required(unit)?,
            signing,
            sealing,
            area: wire::required(area)?,
            roles,
            county_epoch: wire::required(county_epoch)?,
            renews,
        })
    }
}

/// The county's word that a certificate no longer holds. Entries up to a cut stay valid; a log without a cut has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The county.
    pub county: CountyId,
    /// Counts from 1; never used twice.
    pub number: u64,
    /// The certificate revoked.
    pub serial: u64,
    /// The last valid entry of each of the device's logs; several of one that forks.
    pub cuts: Vec<Head>,
    /// Why, e.g. 电脑被盗.
    pub reason: String,
}

impl Revocation {
    /// The last valid entries of a log: one for each of its branches that were known.
    pub fn cuts_of(&self, log: &LogId) -> impl Iterator<Item = &Head> {
        let log = *log;
        self.cuts.iter().filter(move |cut| cut.log == log)
    }
}

impl Document for Revocation {
    const SIGNED_AS: &'static [u8] = b"mbx/revoke/1";

    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.map(5).uint(1).bytes(&self.county.0).uint(2).uint(self.number).uint(3).uint(self.serial);
        w.uint(4).array(self.cuts.len());
        for cut in &self.cuts {
            w.array(3);
            wire::put_head(&mut w, cut);
        }
        w.uint(5).text(&self.reason);
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Rejection> {
        let (mut county, mut number, mut serial, mut cuts, mut reason) = (None, None, None, None, None);
        wire::fields(bytes, |key, d| {
            match key {
                1 => county = Some(CountyId(wire::fixed(d)?)),
                2 => number = Some(wire::counter(d)?),
                3 => serial = Some(wire::counter(d)?),
                4 => {
                    cuts = Some(wire::list(d, MAX_ROWS, |d| {
                        wire::row(d, 3)?;
                        wire::head(d)
                    })?);
                }
                5 => reason = Some(d.str()?.to_owned()),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            county: wire::required(county)?,
            number: wire::required(number.filter(|number| *number > 0))?,
            serial: wire::required(serial)?,
            cuts: wire::required(cuts)?,
            reason: wire::required(reason)?,
        })
    }
}

/// The county's count of what it has issued: nobody can pass on only some of the newest documents unnoticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The county.
    pub county: CountyId,
    /// Counts up with every change.
    pub version: u64,
    /// Newest root.
    pub root_version: u64,
    /// Certificates issued so far.
    pub certificates: u64,
    /// Revocations issued so far.
    pub revocations: u64,
    /// The county's epoch; counts up when the county starts its feeds anew.
    pub county_epoch: u64,
}

impl Document for Statement {
    const SIGNED_AS: &'static [u8] = b"mbx/trust/1";

    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.map(6).uint(1).bytes(&self.county.0).uint(2).uint(self.version).uint(3).uint(self.root_version);
        w.uint(4).uint(self.certificates).uint(5).uint(self.revocations).uint(6).uint(self.county_epoch);
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Rejection> {
        let mut county = None;
        let mut counters = [None; 5];
        wire::fields(bytes, |key, d| {
            match key {
                1 => county = Some(CountyId(wire::fixed(d)?)),
                2 => counters[0] = Some(wire::counter(d)?),
                3 => counters[1] = Some(wire::counter(d)?),
                4 => counters[2] = Some(wire::counter(d)?),
                5 => counters[3] = Some(wire::counter(d)?),
                6 => counters[4] = Some(wire::counter(d)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        let [version, root_version, certificates, revocations, county_epoch] = counters;
        Ok(Self {
            county: wire::required(county)?,
            version: wire::required(version)?,
            root_version: wire::required(root_version)?,
            certificates: wire::required(certificates)?,
            revocations: wire::required(revocations)?,
            county_epoch: wire::required(county_epoch)?,
        })
    }
}
