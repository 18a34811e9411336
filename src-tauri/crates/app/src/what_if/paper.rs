//! The plan on one page for the family.

use mingbai_coverage::Settlement;
use mingbai_coverage::pack::Status;
use mingbai_domain::Fen;
use mingbai_paper::{PlanPlace, PlanSheet, plan_pdf};

use super::{Asked, ask, view};
use crate::dto::{PlanChoice, PlanRequest, PlanView, ReportFile};
use crate::error::{AppError, ErrorCode};
use crate::household::{Dossier, parse_id};
use crate::office::{Context, keep_file};

/// Writes the plan as a page the family takes along.
pub(crate) fn print(context: &mut Context<'_>, request: PlanRequest) -> Result<ReportFile, AppError> {
    let asked = ask(context, &request)?;
    let shown = view(&asked);
    if shown.choices.iter().all(|choice| choice.refused.is_some()) {
        let message = "现行政策没有说明这种情况怎么报，没有可印的。请核对就诊类别，或问县医保局";
        return Err(AppError::new(ErrorCode::BillImpossible, message));
    }
    let today = context.host.today();
    let home = Dossier::read(context.read()?, parse_id(&shown.household)?)?;
    let head = home.map(|home| home.head()).unwrap_or_default();
    let sheet = sheet(&asked, &shown, head, context.profile()?.unit_name.clone());
    let printed = plan_pdf(&sheet, today)?;
    let told = format!("住院去哪家测算 {} {}", shown.name, sheet.total);
    context.commit("admission_plan_print", None, |txn| Ok(txn.note(&told)?))?;
    let name = format!("去哪家医院_{}_{}.pdf", shown.name, today.format("%Y%m%d"));
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &printed.pdf)?;
    Ok(ReportFile { file, path: path.display().to_string() })
}

fn sheet(asked: &Asked, shown: &PlanView, head: String, unit: String) -> PlanSheet {
    let place = |choice: &PlanChoice| PlanPlace {
        place: choice.place.clone(),
        paid: Fen(choice.paid).to_string(),
        personal: Fen(choice.personal).to_string(),
        more: if choice.more > 0 { Fen(choice.more).to_string() } else { String::new() },
        cheapest: choice.cheapest,
        why: choice.why.join("；"),
        payers: choice
            .payers
            .iter()
            .filter(|payer| payer.amount > 0)
            .map(|payer| (payer.label.clone(), Fen(payer.amount).to_string()))
            .chain(choice.at_end.iter().map(|one| {
                let how = if one.applied { "，次年本人申请" } else { "" };
                let what = if one.amount > 0 { "年终再付约" } else { "年终因此少付约" };
                (format!("{what}（{}{how}）", one.label), Fen(one.amount.abs()).to_string())
            }))
            .collect(),
    };
    PlanSheet {
        name: shown.name.clone(),
        head,
        village: shown.village.clone(),
        identity: shown.identity.clone(),
        kind: shown.kind.label.clone(),
        total: asked.plan.visit.total.to_string(),
        unit,
        places: shown.choices.iter().filter(|choice| choice.refused.is_none()).map(place).collect(),
        said: shown.said.clone(),
        state: shown.state.clone(),
        basis: [
            format!("政策：{}（{}）", shown.pack, shown.pack_status),
            format!(
                "目录外{}（{}），先行自付{}（{}）",
                percent(shown.outside_share),
                shown.outside_from,
                percent(shown.pre_share),
                shown.pre_from
            ),
        ]
        .into_iter()
        .chain(cited(asked.plan.outcomes.iter().filter_map(|one| one.settled.as_ref().ok())))
        .collect(),
        notes: shown.notes.clone(),
    }
}

/// What the settlements rest on, a line a document with its articles: `京人社农合发〔2017〕250号：第二十一条；第二十二条`.
fn cited<'s>(settlements: impl Iterator<Item = &'s Settlement>) -> Vec<String> {
    let mut documents: Vec<(&str, Status, Vec<&str>)> = Vec::new();
    for citation in settlements.flat_map(|one| &one.steps).flat_map(|step| &step.citations) {
        let known =
            documents.iter().position(|(name, status, _)| *name == citation.document && *status == citation.status);
        let at = known.unwrap_or_else(|| {
            documents.push((&citation.document, citation.status, Vec::new()));
            documents.len() - 1
        });
        let articles = &mut documents[at].2;
        if !citation.article.is_empty() && !articles.contains(&citation.article.as_str()) {
            articles.push(&citation.article);
        }
    }
    let line = |(document, status, articles): (&str, Status, Vec<&str>)| {
        let told = if status == Status::Official { String::new() } else { format!("（{}）", status.label()) };
        let colon = if articles.is_empty() { "" } else { "：" };
        format!("{document}{told}{colon}{}", articles.join("；"))
    };
    documents.into_iter().map(line).collect()
}

/// Basis points as people read them: `5.25%`, `5%`.
fn percent(basis_points: i64) -> String {
    let text = format!("{}.{:02}", basis_points / 100, basis_points % 100);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_share_is_printed_without_noughts_nobody_needs() {
        assert_eq!([percent(0), percent(500), percent(525), percent(1_050)], ["0%", "5%", "5.25%", "10.5%"]);
    }
}
