//! Policy packs: which one is in force on a day. The commands about packs are in [`crate::pack`].

use std::sync::Arc;

use chrono::NaiveDate;
use mingbai_coverage::{Pack as Rules, PackError};
use mingbai_domain::catalogue::Pack;
use mingbai_store::Reading;

use crate::error::{AppError, ErrorCode};
use crate::office::Context;

/// A pack that can be used, parsed.
#[derive(Clone)]
pub(crate) struct ActivePack {
    pub(crate) id: String,
    pub(crate) rules: Arc<Rules>,
}

impl ActivePack {
    /// `乌兰察布市城乡居民 2019 V4`: how screens and cards name it.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.rules.name, self.rules.version)
    }
}

/// One stored pack with the days the county gave it.
struct Kept {
    pack: ActivePack,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

/// Every stored pack that can be used, the newest last. One that cannot be read (damaged, or of a newer version's shape)
/// stands in the list of packs with its reason and stops no page.
#[derive(Clone, Default)]
pub(crate) struct Packs(Arc<Vec<Kept>>);

impl Packs {
    fn read(reading: Reading<'_>) -> Result<Self, AppError> {
        let mut rows = reading.all::<Pack>()?;
        rows.sort_by_key(|row| (row.record.effective_from, row.changed, row.id));
        let kept = rows.into_iter().filter_map(|row| {
            let rules = Rules::parse(row.record.body.as_deref().unwrap_or_default()).ok()?;
            let pack = ActivePack { id: row.id.to_string(), rules: Arc::new(rules) };
            Some(Kept { pack, from: row.record.effective_from, until: row.record.effective_until })
        });
        Ok(Self(Arc::new(kept.collect())))
    }

    /// The newest pack in force on a day.
    pub(crate) fn on(&self, day: NaiveDate) -> Option<&ActivePack> {
        let in_force =
            |kept: &&Kept| kept.from.is_none_or(|from| from <= day) && kept.until.is_none_or(|until| until >= day);
        self.0.iter().rev().find(in_force).map(|kept| &kept.pack)
    }

    /// Whether any of them has a payer that settles once a year.
    pub(crate) fn have_annual(&self) -> bool {
        self.0.iter().any(|kept| kept.pack.rules.settles_year_end())
    }

    /// Whether the county has put no usable pack in force at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Context<'_> {
    /// Every usable pack: a bill is judged by the one in force on its own day.
    pub(crate) fn packs(&mut self) -> Result<Packs, AppError> {
        let open = self.opened_mut()?;
        if let Some(packs) = &open.pack {
            return Ok(packs.clone());
        }
        let packs = Packs::read(open.store.read())?;
        open.pack = Some(packs.clone());
        Ok(packs)
    }

    /// The newest pack in force today, or none when the county has not activated one that can be used.
    pub(crate) fn pack(&mut self) -> Result<Option<ActivePack>, AppError> {
        let today = self.host.today();
        Ok(self.packs()?.on(today).cloned())
    }

    /// Reads the packs again at the next question.
    pub(crate) fn forget_pack(&mut self) {
        if let Some(open) = &mut self.office.open {
            open.pack = None;
        }
    }
}

impl From<PackError> for AppError {
    fn from(error: PackError) -> Self {
        Self::new(ErrorCode::PackIncomplete, format!("{error}。没有任何改动"))
    }
}

/// How well a pack is founded: how many of its values rest on which kind of text.
pub(crate) fn status(rules: &Rules) -> String {
    let unofficial = rules.unofficial().len();
    if unofficial == 0 { "官方".to_owned() } else { format!("{unofficial} 项转述或待核实") }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use chrono::{DateTime, FixedOffset, NaiveDate};
    use mingbai_domain::catalogue::Pack;

    use crate::demo::built_in_pack;
    use crate::dto::{Empty, OfficeKind, SetupRequest};
    use crate::host::Host;
    use crate::office::{Context, Office};
    use crate::pack::list;

    /// 2026-11-21 in China, without randomness anybody needs.
    struct Desk(PathBuf);

    impl Host for Desk {
        fn now(&self) -> DateTime<FixedOffset> {
            DateTime::from_timestamp_millis(1_795_242_720_000).unwrap().fixed_offset()
        }

        fn fill(&self, buffer: &mut [u8]) {
            buffer.iter_mut().enumerate().for_each(|(place, byte)| *byte = place as u8 + 1);
        }

        fn data_dir(&self) -> &Path {
            &self.0
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn keep(context: &mut Context<'_>, version: &str, from: &str, until: Option<&str>, body: &str) {
        let record = Pack {
            name: Some("城乡居民".to_owned()),
            version: Some(version.to_owned()),
            effective_from: Some(day(from)),
            effective_until: until.map(day),
            body: Some(body.to_owned()),
        };
        // Every id comes from the host's randomness; the transaction numbers them on from there.
        let id = mingbai_domain::RecordId::from_bytes([version.len() as u8; 16]);
        context.commit("pack_activate", None, |txn| Ok(txn.insert(Some(id), &record)?)).unwrap();
        context.forget_pack();
    }

    #[test]
    fn a_pack_that_cannot_be_read_stops_no_page_and_says_why_in_the_list() {
        let folder = tempfile::tempdir().unwrap();
        let host = Desk(folder.path().to_owned());
        let mut office = Office::at(folder.path()).unwrap();
        let mut context = Context::new(&host, &mut office);
        let request = SetupRequest {
            kind: OfficeKind::County,
            county_name: "示范县".to_owned(),
            unit_name: "示范县卫健局".to_owned(),
            area: "159901".to_owned(),
            operator_name: "王玉梅".to_owned(),
            login: "demo".to_owned(),
            password: "mingbai-demo".to_owned(),
        };
        crate::session::set_up(&mut context, request).unwrap();
        keep(&mut context, "2", "2026-01-01", None, "of a newer version's shape");
        assert!(context.pack().unwrap().is_none());
        crate::desk::get(&mut context, Empty {}).unwrap();
        let rows = list(&mut context, Empty {}).unwrap().rows;
        assert_eq!((rows.len(), rows[0].active, rows[0].version.as_str()), (1, false, "2"));
        assert!(rows[0].status.starts_with("不能使用："), "{}", rows[0].status);

        // Readable ones beside it are used, each for the days the county gave it.
        let text = built_in_pack().unwrap().text;
        keep(&mut context, "old", "2019-01-01", Some("2025-12-31"), text);
        assert!(context.pack().unwrap().is_none(), "the older one ended with its year");
        keep(&mut context, "newest", "2026-07-01", None, text);
        let packs = context.packs().unwrap();
        let version = |on: &str| packs.on(day(on)).map(|pack| pack.id.get(..2).unwrap_or_default().to_owned());
        assert_eq!(version("2025-12-31").as_deref(), Some("03"));
        assert_eq!(version("2026-03-01"), None);
        assert_eq!(version("2026-07-01").as_deref(), Some("06"));
        let rows = list(&mut context, Empty {}).unwrap().rows;
        assert_eq!(rows.iter().filter(|row| row.active).count(), 1);
    }
}
