//! The agreement of a family-doctor contract for somebody who is away: one page a person, the address where the window of
//! an envelope shows it.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

use crate::PaperError;
use crate::frames::refuse_boxes;
use crate::glyphs::make_printable;
use crate::press::{Press, Printed};
use crate::world::AGREEMENT;

/// The doctors of a team; what is empty is left to be written by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Doctors {
    /// 村医.
    pub village: String,
    /// 村医电话.
    pub village_phone: String,
    /// 村卫生室.
    pub clinic: String,
    /// 乡医生.
    pub township: String,
    /// 乡医生电话.
    pub township_phone: String,
    /// 县级专家.
    pub county: String,
    /// 县级专家电话.
    pub county_phone: String,
    /// 县级医院.
    pub county_hospital: String,
}

/// One agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Who signs.
    pub name: String,
    /// The head of the household.
    pub head: String,
    /// Village and group.
    pub village: String,
    /// Where the letter goes.
    pub address: String,
    /// Telephone, whole: it is their own letter.
    pub phone: String,
    /// The health centre.
    pub unit: String,
    /// First day.
    pub since: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
    /// What is promised, a sentence each.
    pub services: Vec<String>,
    /// The team.
    pub team: String,
    /// Its doctors.
    pub doctors: Doctors,
}

impl Press {
    /// Agreements as one PDF, in the order given. The same agreements on the same day give the same bytes.
    ///
    /// # Errors
    /// [`PaperError::NoCards`] for none; [`PaperError::Template`] with its line.
    pub fn agreements_pdf(&self, agreements: &[Agreement], today: NaiveDate) -> Result<Printed, PaperError> {
        if agreements.is_empty() {
            return Err(PaperError::NoCards);
        }
        let mut missing = Vec::new();
        let mut sheets = Vec::with_capacity(agreements.len());
        for one in agreements {
            let day = |day: NaiveDate| day.format("%Y年%-m月%-d日").to_string();
            let mut sheet: Value = json!({
                "name": one.name, "head": one.head, "village": one.village, "address": one.address, "phone": one.phone,
                "unit": one.unit, "since": day(one.since), "until": day(one.until), "services": one.services,
                "team": one.team, "doctors": one.doctors,
            });
            missing.extend(make_printable(&mut sheet, self.workshop.typefaces, "", &one.name));
            sheets.push(sheet);
        }
        let data = json!({ "agreements": Value::Array(sheets) }).to_string().into_bytes();
        let document = self.workshop.set(AGREEMENT, data.clone(), today)?;
        refuse_boxes(&document)?;
        Self::to_pdf(&document, &data, today).map(|(pdf, pages)| Printed { pdf, pages, missing, withheld: Vec::new() })
    }
}

/// [`Press::agreements_pdf`] with the built-in templates.
///
/// # Errors
/// As [`Press::agreements_pdf`].
pub fn agreements_pdf(agreements: &[Agreement], today: NaiveDate) -> Result<Printed, PaperError> {
    Press::built_in()?.agreements_pdf(agreements, today)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Agreement, Doctors, agreements_pdf};
    use crate::PaperError;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn agreement(services: usize) -> Agreement {
        Agreement {
            name: "张䶮".to_owned(),
            head: "张福山".to_owned(),
            village: "王庄村3组".to_owned(),
            address: "广东省东莞市长安镇某某路1号".to_owned(),
            phone: "13900000001".to_owned(),
            unit: "示范镇卫生院".to_owned(),
            since: day("2026-12-01"),
            until: day("2027-11-30"),
            services: vec!["高血压患者每年至少4次面对面随访、一次健康检查".to_owned(); services],
            team: "王庄团队".to_owned(),
            doctors: Doctors { village: "王医生".to_owned(), ..Doctors::default() },
        }
    }

    #[test]
    fn every_agreement_is_one_page_also_with_every_service_promised() {
        let printed = agreements_pdf(&[agreement(2), agreement(8)], day("2026-11-22")).unwrap();
        assert_eq!(printed.pages, 2);
        assert!(printed.missing.is_empty(), "{:?}", printed.missing);
        let again = agreements_pdf(&[agreement(2), agreement(8)], day("2026-11-22")).unwrap();
        assert_eq!(printed.pdf, again.pdf);
    }

    #[test]
    fn no_agreement_is_no_file() {
        assert_eq!(agreements_pdf(&[], day("2026-11-22")).unwrap_err(), PaperError::NoCards);
    }
}
