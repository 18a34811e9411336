//! Worked examples of a pack: what must come out of a bill, beside what does.

use mingbai_coverage::case::Expected;
use mingbai_coverage::{CaseFile, Pack as Rules, PayerAmount, Ratio, run_case};
use mingbai_domain::Fen;
use serde_json::Value;

use crate::dto::{PackExampleBill, PackExampleLine, PackExampleResult, SettleRequest, SettleView};
use crate::error::{AppError, ErrorCode};
use crate::office::Context;

fn impossible(error: &serde_json::Error) -> AppError {
    AppError::new(ErrorCode::BillImpossible, format!("账单文件格式不对，没有计算：{error}"))
}

pub(crate) fn settle(_: &mut Context<'_>, request: SettleRequest) -> Result<SettleView, AppError> {
    let rules = Rules::parse(&request.pack)?;
    let case: CaseFile = serde_json::from_value(request.bills).map_err(|error| impossible(&error))?;
    let report = run_case(&rules, &case).map_err(|error| {
        AppError::new(ErrorCode::BillImpossible, format!("没有计算：{error}"))
            .field(error.field().label(), error.to_string())
    })?;
    let result = serde_json::to_value(&report)
        .map_err(|error| AppError::new(ErrorCode::Internal, "结果无法输出").detail(error.to_string()))?;
    Ok(SettleView { result })
}

/// Settles a list of examples, each for itself: one that cannot be settled says why and stops no other.
pub(super) fn run_all(rules: &Rules, examples: &str) -> Result<Vec<PackExampleResult>, AppError> {
    if examples.trim().is_empty() {
        return Ok(Vec::new());
    }
    let list: Vec<Value> = serde_json::from_str(examples).map_err(|error| impossible(&error))?;
    Ok(list.into_iter().map(|example| run(rules, example)).collect())
}

fn run(rules: &Rules, example: Value) -> PackExampleResult {
    let title = example.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
    let failed = |title: String, problem: String| PackExampleResult {
        title,
        bills: vec![PackExampleBill { problem: Some(problem), ..PackExampleBill::default() }],
        ..PackExampleResult::default()
    };
    let case: CaseFile = match serde_json::from_value(example) {
        Ok(case) => case,
        Err(error) => return failed(title, format!("算例写得不对：{error}")),
    };
    let report = match run_case(rules, &case) {
        Ok(report) => report,
        Err(error) => return failed(title, error.to_string()),
    };
    let mut bills: Vec<PackExampleBill> = report
        .settlements
        .iter()
        .map(|settlement| {
            let expected = case.expect.get(&settlement.bill);
            let mut lines = payers(&settlement.payers, expected);
            lines.extend([
                amount("in_scope", "政策范围内费用", expected.and_then(|it| it.in_scope), settlement.in_scope),
                amount(
                    "in_scope_personal",
                    "范围内个人负担",
                    expected.map(|it| it.in_scope_personal),
                    settlement.in_scope_personal,
                ),
                amount("personal", "个人支付", expected.and_then(|it| it.personal), settlement.personal),
            ]);
            lines.extend(share("报销占总费用", expected.and_then(|it| it.ratio_of_total), settlement.ratio_of_total));
            lines.extend(share("报销占范围内", expected.and_then(|it| it.ratio_in_scope), settlement.ratio_in_scope));
            PackExampleBill { bill: settlement.bill.clone(), lines, problem: None }
        })
        .collect();
    if let Some(annual) = &report.annual {
        let expected = case.expect.get(YEAR_END);
        let mut lines = payers(&annual.payers, expected);
        let left = expected.map(|it| it.in_scope_personal);
        lines.push(amount("in_scope_personal", "范围内个人负担", left, annual.in_scope_personal));
        bills.push(PackExampleBill { bill: YEAR_END.to_owned(), lines, problem: None });
    }
    for refused in &report.refused {
        let problem = Some(refused.error.to_string());
        bills.push(PackExampleBill { bill: refused.bill.clone(), lines: Vec::new(), problem });
    }
    let known: Vec<String> = bills.iter().map(|bill| bill.bill.clone()).collect();
    for named in case.expect.keys().filter(|named| !known.contains(named)) {
        let problem = Some(format!("写了票据“{named}”的应得结果，没有这张票据"));
        bills.push(PackExampleBill { bill: named.clone(), lines: Vec::new(), problem });
    }
    let holds = bills.iter().all(|bill| bill.problem.is_none() && !bill.lines.iter().any(|line| line.differs));
    PackExampleResult { title, expects: !case.expect.is_empty(), holds, bills }
}

/// Under which name a case file expects the settlement at the year's end.
const YEAR_END: &str = "year_end";

/// Every payer that pays or should; payers an example does not name must pay nothing.
fn payers(paid: &[PayerAmount], expected: Option<&Expected>) -> Vec<PackExampleLine> {
    let mut lines = Vec::new();
    for payer in paid {
        let named = expected.map(|it| it.payers.get(&payer.key).map_or(Some(Fen::ZERO), |yuan| Fen::parse(yuan).ok()));
        let due = named.map(Option::unwrap_or_default);
        if payer.amount != Fen::ZERO || due.is_some_and(|due| due != Fen::ZERO) {
            lines.push(amount(&payer.key, &payer.label, due, payer.amount));
        }
    }
    let unknown =
        expected.into_iter().flat_map(|it| &it.payers).filter(|(key, _)| !paid.iter().any(|p| p.key == **key));
    lines.extend(unknown.map(|(key, yuan)| PackExampleLine {
        key: key.clone(),
        label: format!("{key}（没有这个支付方）"),
        expected: Some(yuan.clone()),
        found: String::new(),
        differs: true,
    }));
    lines
}

fn amount(key: &str, label: &str, expected: Option<Fen>, found: Fen) -> PackExampleLine {
    PackExampleLine {
        key: key.to_owned(),
        label: label.to_owned(),
        differs: expected.is_some_and(|expected| expected != found),
        expected: expected.map(|expected| expected.to_string()),
        found: found.to_string(),
    }
}

/// A share is shown where the example names one.
fn share(label: &str, expected: Option<Ratio>, found: Option<Ratio>) -> Option<PackExampleLine> {
    let expected = expected?;
    Some(PackExampleLine {
        key: String::new(),
        label: label.to_owned(),
        differs: found != Some(expected),
        expected: Some(expected.to_string()),
        found: found.map(|found| found.to_string()).unwrap_or_default(),
    })
}
