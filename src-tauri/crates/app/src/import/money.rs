//! 参保名单.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use mingbai_domain::catalogue::{AidIdentity, Enrolment};
use mingbai_domain::{Fen, RecordId, code};
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::EnrolmentDraft;
use mingbai_sheets::value::is_placeholder;

use super::labels::{coded, known, text};
use super::plan::{People, Plan, Whose};
use super::vocabulary::{Labels, Told, of, told};
use super::{Named, Planned};
use crate::error::AppError;
use crate::office::Context;

impl Planned for EnrolmentDraft {
    const TOLD: &'static [Told] =
        &[of("insurance", &["insurance"]), told("state", Labels::Words(&[INSURED, UNINSURED]))];
    const NOT_KEPT: &'static [&'static str] = &["remark"];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: "", name: &self.name }
    }

    fn amounts(&self) -> Vec<(&'static str, Option<Fen>)> {
        vec![("个人缴费", self.own_payment), ("资助金额", self.subsidy)]
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let this_year = i64::from(context.host.today().year());
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(RecordId, i64), u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), "", &draft.name);
            let said = found.and_then(|whose| Ok((whose.clone(), insured(draft)?)));
            let Some((whose, insured)) = plan.sound(said, &draft.name, "") else { continue };
            let year = draft.year.unwrap_or(this_year);
            if let Some(first) = seen.insert((whose.person, year), row.row) {
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一人同一年的参保"));
                continue;
            }
            let insurance = coded("insurance", &draft.insurance);
            let wanted = Enrolment {
                person: Some(whose.person),
                year: Some(year),
                insurance,
                insured: Some(insured),
                place: text(&draft.place),
                own_payment: draft.own_payment,
                subsidy: draft.subsidy,
                subsidy_class: text(&draft.subsidy_class),
                reason: text(&draft.reason),
                tier: text(&draft.tier),
                paid_on: draft.paid_on,
                subsidised_on: draft.subsidised_on,
                insurance_number: text(&draft.insurance_number),
                ..Enrolment::default()
            };
            let enrolments = reading.rows_where::<Enrolment>("person", &whose.person)?;
            let existing = enrolments.iter().find(|row| row.record.year == Some(year));
            let summary = format!("{year}年 {}", if insured { "已参保" } else { "未参保" });
            plan.record(&whose, existing, wanted, summary);
            if insured {
                marked(reading, &mut plan, &whose, &draft.subsidy_class, context.host.today())?;
            }
            if let Err(unknown) = known("insurance", "险种", &draft.insurance) {
                plan.warn(&format!("{unknown}，这一项没有登记"));
            }
        }
        Ok(plan)
    }
}

/// Whom the insurer's list carries under an identity that they hold is marked with it at the insurer (domain A-07).
fn marked(
    reading: mingbai_store::Reading<'_>,
    plan: &mut Plan,
    whose: &Whose,
    class: &str,
    today: NaiveDate,
) -> Result<(), AppError> {
    let Some(said) = coded("aid_identity", class) else { return Ok(()) };
    for row in reading.rows_where::<AidIdentity>("person", &whose.person)? {
        let held = row.record.identity.as_ref() == Some(&said) && row.record.until.is_none_or(|day| day > today);
        if held && row.record.marked_at_insurer != Some(true) {
            plan.also(&format!("{}在医保系统已标识", code::label("aid_identity", &said)));
            let marked = AidIdentity { marked_at_insurer: Some(true), marker: text(class), ..row.record.clone() };
            plan.write(move |txn, _| {
                txn.update(row.id, &marked)?;
                Ok(())
            });
        }
    }
    Ok(())
}

/// What 参保状态 says.
const INSURED: &[&str] = &[
    "已参保",
    "参保",
    "是",
    "正常",
    "已缴费",
    "正常参保",
    "参保缴费",
    "已缴",
    "缴费成功",
    "已到账",
    "在保",
    "续保",
    "新参保",
    "免缴",
    "1",
];
const UNINSURED: &[&str] = &[
    "未参保",
    "否",
    "停保",
    "中断",
    "暂停参保",
    "暂停",
    "未缴费",
    "未缴",
    "断保",
    "退保",
    "待缴费",
    "终止参保",
    "终止",
    "参保终止",
    "中断参保",
    "未续保",
    "0",
];

/// Whether the row says that the person is insured. Only what is known to mean yes counts as yes.
fn insured(draft: &EnrolmentDraft) -> Result<bool, String> {
    let uninsured = coded("insurance", &draft.insurance).as_deref() == Some("000");
    let state = draft.state.as_str();
    if !is_placeholder(&draft.reason) || UNINSURED.contains(&state) {
        return Ok(false);
    }
    if INSURED.contains(&state) {
        return Ok(!uninsured);
    }
    if !is_placeholder(state) {
        return Err(format!("参保状态“{state}”不认识，应为已参保或未参保"));
    }
    if is_placeholder(&draft.insurance) && !uninsured {
        return Err("没有参保状态，也没有险种和未参保原因，不知道是否参保".to_owned());
    }
    Ok(!uninsured)
}
