//! Why this amount? From the total to what the person pays, each step with its article.

use mingbai_coverage::{Comparison, Settlement};
use mingbai_domain::Fen;
use mingbai_domain::catalogue;
use mingbai_store::query::BillFilter;

use super::figures::{Figures, faults};
use super::printed::differences;
use super::{judge, row};
use crate::dto::{Bar, BillExplanation, Coded, IdRequest, PayerRow, StepRow};
use crate::error::{AppError, ErrorCode};
use crate::household::{basis_points, parse_id};
use crate::office::Context;
use crate::policy::status;

pub(crate) fn explain(context: &mut Context<'_>, request: IdRequest) -> Result<BillExplanation, AppError> {
    let id = parse_id(&request.id)?;
    let packs = context.packs()?;
    let reading = context.read()?;
    let missing = || AppError::not_found("结算单");
    let bill = reading.get::<catalogue::Settlement>(id)?.ok_or_else(missing)?;
    let filter = BillFilter { person: bill.record.person, replaced: true, ..BillFilter::default() };
    let all = judge(reading, &packs, &filter)?;
    let judged = all.iter().find(|j| j.line.bill.id == id).ok_or_else(missing)?;
    let Some(pack) = &judged.pack else {
        let day = bill.record.settled_on.map(|day| day.to_string()).unwrap_or_default();
        let message = format!("县里还没有启用 {day} 可用的政策包，不能说明应报多少。请先导入县里的数据包");
        return Err(AppError::new(ErrorCode::NoPack, message));
    };
    let shown = row(judged);
    let problems = faults(&Figures::of(&judged.line.bill.record)).into_iter().map(|fault| fault.said).collect();
    if !judged.line.counts() {
        // The paper stays on file and is shown; what it owed is told on the one that counts.
        let said = vec![shown.why.clone()];
        let (pack, pack_status) = (pack.title(), status(&pack.rules));
        return Ok(BillExplanation { bill: shown, pack, pack_status, said, problems, ..BillExplanation::default() });
    }
    let Some((settlement, comparison)) = &judged.due else {
        let why = judged.refused.clone().unwrap_or_default();
        return Err(AppError::new(ErrorCode::BillImpossible, format!("这张结算单不能核对：{why}")));
    };
    let identity = settlement.identities.first().cloned().unwrap_or_else(|| "普通居民".to_owned());
    let paid_in_scope: Fen = settlement.payers.iter().map(|p| p.amount - p.on_preselfpay).sum();
    Ok(BillExplanation {
        bill: shown,
        identity: Coded { code: String::new(), label: identity },
        pack: pack.title(),
        pack_status: status(&pack.rules),
        payers: payer_rows(settlement, comparison),
        steps: every_step(settlement),
        bars: bars(settlement),
        said: settlement.said.to_vec(),
        identity_check: format!(
            "政策范围内 {} = 各方支付 {paid_in_scope} + 范围内个人 {}",
            settlement.in_scope, settlement.in_scope_personal
        ),
        personal_of_total: basis_points(settlement.personal.0, settlement.total.0),
        personal_of_in_scope: basis_points(settlement.in_scope_personal.0, settlement.in_scope.0),
        personal_due: settlement.personal.0,
        problems,
        printed: differences(judged, &all),
    })
}

/// What each column of the sheet owed by the pack, beside what was paid.
pub(super) fn payer_rows(settlement: &Settlement, comparison: &Comparison) -> Vec<PayerRow> {
    let rows = comparison.lines.iter().map(|line| PayerRow {
        key: line.column.code().to_owned(),
        label: settlement.payer_of(line.column).to_owned(),
        due: line.due.0,
        paid: line.paid.0,
        shortfall: line.shortfall.0,
        cause: if line.shortfall > Fen::ZERO { comparison.cause_text.clone() } else { String::new() },
    });
    rows.collect()
}

/// Every step with the payer it belongs to, as its bar is named.
pub(super) fn steps(settlement: &Settlement) -> Vec<StepRow> {
    let payer = |key: &str| {
        let payer = key.split('.').next().unwrap_or_default();
        settlement.payers.iter().find(|one| one.key == payer).map(|one| one.key.clone())
    };
    let steps = settlement.steps.iter().map(|step| StepRow {
        key: step.key.clone(),
        label: step.label.clone(),
        formula: step.formula.clone(),
        amount: step.result.0,
        article: step.article(),
        payer: payer(&step.key),
    });
    steps.collect()
}

/// The steps of a bill, with those that only say what stands on the sheet: every bar has one.
fn every_step(settlement: &Settlement) -> Vec<StepRow> {
    let printed = |key: &str, label: &str, formula: String, amount: Fen| StepRow {
        key: key.to_owned(),
        label: label.to_owned(),
        formula,
        amount: amount.0,
        ..StepRow::default()
    };
    let (own, over, pre) = (settlement.ownpay, settlement.overlimit, settlement.preselfpay);
    let outside = settlement.total - settlement.in_scope;
    let of_total = format!("自费与先自付 {outside} + 政策范围内 {}", settlement.in_scope);
    let of_outside = format!("目录外自费 {own} + 超限价 {over} + 先行自付 {pre}");
    let mut all = vec![
        printed("total", "总费用", of_total, settlement.total),
        printed("outside", "自费与先自付", of_outside, outside),
    ];
    all.extend(steps(settlement));
    if settlement.hospital_borne > Fen::ZERO {
        let last = all.iter().position(|step| step.key == "personal").unwrap_or(all.len());
        let borne = settlement.hospital_borne;
        all.insert(last, printed("hospital", "医院承担", "照票面，不由个人负担".to_owned(), borne));
    }
    all
}

/// From the total down to what the person pays: each bar hangs where the one before ended.
fn bars(settlement: &Settlement) -> Vec<Bar> {
    let outside = settlement.total - settlement.in_scope;
    let payers = settlement.payers.iter().map(|payer| Share {
        key: payer.key.clone(),
        label: payer.label.clone(),
        amount: payer.amount - payer.on_preselfpay,
    });
    waterfall(&Fall {
        total: settlement.total,
        outside: vec![("outside", "自费与先自付", outside)],
        payers: payers.collect(),
        hospital: settlement.hospital_borne,
        personal: settlement.personal,
    })
}

/// What one payer takes off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) amount: Fen,
}

/// What a waterfall shows: of one bill or of a whole year.
pub(super) struct Fall {
    pub(super) total: Fen,
    /// What is outside the policy's scope, by its parts.
    pub(super) outside: Vec<(&'static str, &'static str, Fen)>,
    /// What each payer takes off what is in scope.
    pub(super) payers: Vec<Share>,
    pub(super) hospital: Fen,
    pub(super) personal: Fen,
}

pub(super) fn waterfall(fall: &Fall) -> Vec<Bar> {
    let bar = |key: &str, label: &str, from: Fen, to: Fen, payer| Bar {
        key: key.to_owned(),
        label: label.to_owned(),
        from: from.0,
        to: to.0,
        amount: (from - to).0,
        payer,
    };
    let mut bars = vec![bar("total", "总费用", fall.total, Fen::ZERO, false)];
    let mut left = fall.total;
    for (key, label, amount) in fall.outside.iter().filter(|(_, _, amount)| *amount > Fen::ZERO) {
        bars.push(bar(key, label, left, left - *amount, false));
        left -= *amount;
    }
    for payer in fall.payers.iter().filter(|payer| payer.amount > Fen::ZERO) {
        bars.push(bar(&payer.key, &payer.label, left, left - payer.amount, true));
        left -= payer.amount;
    }
    if fall.hospital > Fen::ZERO {
        bars.push(bar("hospital", "医院承担", fall.hospital, Fen::ZERO, false));
    }
    bars.push(bar("personal", "个人支付", fall.personal, Fen::ZERO, false));
    bars
}
