//! 妇幼与筛查服务登记表: what antenatal care, childbed, childhood and the screenings are proved by.

use std::collections::HashMap;

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::ScreeningEvent;
use mingbai_domain::code;
use mingbai_domain::restricted::gives_away;
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::ServiceDraft;

use super::labels::{coded, known, text};
use super::medical::took_place;
use super::plan::{People, Plan};
use super::vocabulary::{Told, of};
use super::{Named, Planned};
use crate::error::AppError;
use crate::office::Context;

/// No pregnancy and no childhood has more services of one kind.
const MOST: i64 = 60;

impl Planned for ServiceDraft {
    const TOLD: &'static [Told] = &[of("kind", &["screening_kind"]), of("result", &["screening_result"])];
    const NOT_KEPT: &'static [&'static str] = &["remark"];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: &self.household_number, name: &self.name }
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let today = context.host.today();
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(RecordId, String, Option<NaiveDate>), u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name);
            let said = found.and_then(|whose| Ok((whose.clone(), service(draft, today)?)));
            let Some((whose, kind)) = plan.sound(said, &draft.name, &draft.household_number) else { continue };
            if let Some(first) = seen.insert((whose.person, kind.clone(), draft.done_on), row.row) {
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一人同一天的同一项服务"));
                continue;
            }
            let tells = [&draft.kind, &draft.detail].into_iter().any(|said| gives_away(said));
            let wanted = ScreeningEvent {
                person: Some(whose.person),
                kind: Some(kind.clone()),
                done_on: draft.done_on,
                ordinal: draft.ordinal,
                place: text(&draft.place),
                result: coded("screening_result", &draft.result),
                detail: text(&draft.detail),
                doctor: text(&draft.doctor),
                next_on: draft.next_on,
                platform: text(&draft.platform),
                platform_on: draft.platform_on,
                source: Some("服务登记表".to_owned()),
                restricted: tells.then_some(true),
            };
            let had = reading.rows_where::<ScreeningEvent>("person", &whose.person)?;
            let existing =
                had.iter().find(|row| row.record.kind.as_deref() == Some(&kind) && row.record.done_on == draft.done_on);
            let day = draft.done_on.map(|day| day.to_string()).unwrap_or_default();
            plan.record(&whose, existing, wanted, format!("{} {day}", code::label("screening_kind", &kind)));
            if let Err(unknown) = known("screening_result", "结果", &draft.result) {
                plan.warn(&format!("{unknown}，这一项没有登记"));
            }
        }
        Ok(plan)
    }
}

/// The code of the service, if it can have been as the row says.
fn service(draft: &ServiceDraft, today: NaiveDate) -> Result<String, String> {
    took_place("服务日期", draft.done_on, today)?;
    if let (Some(done), Some(next)) = (draft.done_on, draft.next_on)
        && next < done
    {
        return Err(format!("下次日期 {next} 早于服务日期 {done}，请核对"));
    }
    if draft.ordinal.is_some_and(|ordinal| !(1..=MOST).contains(&ordinal)) {
        return Err(format!("第几次应为1到{MOST}，请核对"));
    }
    known("screening_kind", "服务项目", &draft.kind)?.ok_or_else(|| "没有写服务项目".to_owned())
}
