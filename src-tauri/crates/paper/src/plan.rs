//! 去哪家医院: one planned visit at several hospitals, on one page the family takes along. Large amounts and plain words;
//! no illness is named, so that it may lie on any table.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

use crate::PaperError;
use crate::frames::refuse_boxes;
use crate::glyphs::make_printable;
use crate::press::{Press, Printed};
use crate::world::PLAN;

/// One hospital. Amounts are yuan as printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanPlace {
    /// Where, in the family's words.
    pub place: String,
    /// What all payers pay.
    pub paid: String,
    /// What the person pays.
    pub personal: String,
    /// How much more than at the cheapest; empty there.
    pub more: String,
    /// Whether the person pays least here.
    pub cheapest: bool,
    /// Why it is more.
    pub why: String,
    /// Who pays what.
    pub payers: Vec<(String, String)>,
}

/// The page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanSheet {
    /// Whose visit.
    pub name: String,
    /// The head of the household.
    pub head: String,
    /// Village.
    pub village: String,
    /// 救助身份.
    pub identity: String,
    /// 住院, 门诊慢特病 …
    pub kind: String,
    /// Expected total, yuan.
    pub total: String,
    /// Who made it.
    pub unit: String,
    /// The hospitals, the nearest first.
    pub places: Vec<PlanPlace>,
    /// Two sentences to read out.
    pub said: Vec<String>,
    /// The year so far.
    pub state: Vec<String>,
    /// What it rests on, in small print.
    pub basis: Vec<String>,
    /// What must be known when reading it.
    pub notes: Vec<String>,
}

impl Press {
    /// The plan as a PDF. The same plan on the same day gives the same bytes.
    ///
    /// # Errors
    /// [`PaperError::NoCards`] without a hospital; [`PaperError::Template`] with its line.
    pub fn plan_pdf(&self, plan: &PlanSheet, today: NaiveDate) -> Result<Printed, PaperError> {
        if plan.places.is_empty() {
            return Err(PaperError::NoCards);
        }
        let mut sheet: Value = json!({
            "name": plan.name, "head": plan.head, "village": plan.village, "identity": plan.identity, "kind": plan.kind,
            "total": plan.total, "unit": plan.unit, "places": plan.places, "said": plan.said, "state": plan.state,
            "basis": plan.basis, "notes": plan.notes, "printed": today.format("%Y年%-m月%-d日").to_string(),
        });
        let missing = make_printable(&mut sheet, self.workshop.typefaces, "", &plan.name);
        let data = sheet.to_string().into_bytes();
        let document = self.workshop.set(PLAN, data.clone(), today)?;
        refuse_boxes(&document)?;
        Self::to_pdf(&document, &data, today).map(|(pdf, pages)| Printed { pdf, pages, missing, withheld: Vec::new() })
    }
}

/// [`Press::plan_pdf`] with the built-in templates.
///
/// # Errors
/// As [`Press::plan_pdf`].
pub fn plan_pdf(plan: &PlanSheet, today: NaiveDate) -> Result<Printed, PaperError> {
    Press::built_in()?.plan_pdf(plan, today)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{PlanPlace, PlanSheet, plan_pdf};
    use crate::PaperError;

    fn sheet(reasons: usize) -> PlanSheet {
        let place = |place: &str| PlanPlace {
            place: place.to_owned(),
            paid: "106,077.24".to_owned(),
            personal: "13,922.76".to_owned(),
            more: "1,000.00".to_owned(),
            cheapest: false,
            why: vec!["基本医保少报1,234.56元"; reasons].join("；"),
            payers: ["基本医疗保险", "大病保险", "民政医疗救助", "政府重特大疾病补助"]
                .map(|payer| (payer.to_owned(), "12,345.67".to_owned()))
                .to_vec(),
        };
        PlanSheet {
            name: "张䶮".to_owned(),
            head: "张福山".to_owned(),
            village: "王庄".to_owned(),
            identity: "建档立卡".to_owned(),
            kind: "住院".to_owned(),
            total: "120,000.00".to_owned(),
            unit: "示范镇卫生院".to_owned(),
            places: [
                "乡镇卫生院",
                "县医院（二级）",
                "市医院（三级），办了转诊",
                "市医院（三级），没办转诊",
                "省里三级医院，办了转诊",
                "省里三级医院，没办转诊",
            ]
            .map(place)
            .to_vec(),
            said: vec!["张䶮这次住院预计花120,000.00元。".to_owned(), "真要去市医院，先办转诊。".to_owned()],
            state: vec!["今年还没有住过院".to_owned()],
            basis: vec![format!(
                "医院公开的政策页面（转述）：{}",
                vec!["建档立卡在同级医院再次住院不设起付线"; 4 * reasons].join("；")
            )],
            notes: vec!["实际以医院的结算单为准".to_owned()],
        }
    }

    #[test]
    fn a_plan_is_one_page_also_where_every_hospital_says_at_length_why_it_costs_more() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let printed = plan_pdf(&sheet(5), today).unwrap();
        assert_eq!(printed.pages, 1);
        assert!(printed.missing.is_empty(), "{:?}", printed.missing);
        assert_eq!(printed.pdf, plan_pdf(&sheet(5), today).unwrap().pdf);
    }

    #[test]
    fn a_plan_without_a_hospital_is_not_printed() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let none = PlanSheet { places: Vec::new(), ..sheet(1) };
        assert_eq!(plan_pdf(&none, today).unwrap_err(), PaperError::NoCards);
    }
}
