//! Why one hospital costs the family more than another, and the two sentences a village doctor reads out.

use mingbai_coverage::{Settlement, Step};
use mingbai_domain::Fen;

use super::choices::Place;
use super::{Best, Outcome, Plan};

/// 起付线 of the first payer, nothing where it takes none.
pub(super) fn deductible(settlement: &Settlement) -> Fen {
    let Some(first) = settlement.payers.first() else { return Fen::ZERO };
    let key = format!("{}.deductible", first.key);
    step(settlement, &key).map_or(Fen::ZERO, |step| step.result)
}

fn step<'s>(settlement: &'s Settlement, key: &str) -> Option<&'s Step> {
    settlement.steps.iter().find(|step| step.key == key)
}

/// Why a visit costs more here than at the cheapest place, a line each; every amount is the difference of two
/// settlements.
pub(super) fn why(best: Best<'_>, outcome: &Outcome, here: &Settlement) -> Vec<String> {
    let Best { place: best, settlement: least, outcome: cheapest, .. } = best;
    let mut lines = Vec::new();
    if let Some(refused) = step(here, "not_covered") {
        lines.push(refused.formula.clone());
    }
    if here.identities != least.identities {
        let lost: Vec<&str> = least
            .identities
            .iter()
            .filter(|identity| !here.identities.contains(identity))
            .map(String::as_str)
            .collect();
        if !lost.is_empty() {
            lines.push(format!("不享受{}的倾斜待遇", lost.join("、")));
        }
    }
    let prepaid = here.preselfpay - least.preselfpay;
    if prepaid > Fen::ZERO {
        lines.push(format!("转外就医要先自付，多{prepaid}元"));
    }
    let (mine, theirs) = (deductible(here), deductible(least));
    if mine > theirs {
        lines.push(format!("起付线{mine}元（{}{theirs}元）", short(best)));
    }
    for payer in &here.payers {
        let other = least.paid_by(&payer.key);
        let (less, more) = (other - payer.amount, payer.amount - other);
        if less > Fen::ZERO {
            lines.push(format!("{}少报{less}元", payer.label));
        } else if more > Fen::ZERO {
            lines.push(format!("{}多报{more}元", payer.label));
        }
    }
    let at_end = |of: &Outcome, label: &str| -> Fen {
        of.at_end.iter().filter(|one| !one.applied && one.label == label).map(|one| one.amount).sum()
    };
    let mut labels: Vec<&str> = Vec::new();
    for one in outcome.at_end.iter().chain(&cheapest.at_end).filter(|one| !one.applied) {
        if !labels.contains(&one.label.as_str()) {
            labels.push(&one.label);
        }
    }
    for label in labels {
        let more = at_end(outcome, label) - at_end(cheapest, label);
        if more < Fen::ZERO {
            lines.push(format!("年终{label}少付约{}元", Fen::ZERO - more));
        } else if more > Fen::ZERO {
            lines.push(format!("年终{label}多付约{more}元"));
        }
    }
    lines
}

/// A place without what stands in brackets or after a comma.
fn short(place: &Place) -> &'static str {
    place.label.split(['（', '，']).next().unwrap_or(place.label)
}

/// What is said to the family: where they pay least, and what going elsewhere or without a referral costs them.
pub(super) fn said(plan: &Plan, name: &str) -> Vec<String> {
    let Some(best) = plan.cheapest() else {
        return vec!["现行政策没有说明这种情况怎么报，请问县医保局。".to_owned()];
    };
    let what = match plan.visit.kind {
        mingbai_coverage::Kind::Inpatient => "住院",
        _ => "看门诊",
    };
    let first = format!(
        "{name}这次{what}预计花{}元，在{}最省：报销{}元，自己出{}。",
        plan.visit.total,
        short(best.place),
        best.settlement.paid(),
        paid_by_hand(best.settlement, best.outcome)
    );
    let found = |key: &str| {
        let outcome = plan.outcomes.iter().find(|one| one.place.key == key)?;
        Some((outcome.own()?, paid_by_hand(outcome.settled.as_ref().ok()?, outcome)))
    };
    let Some((own, city)) = found("city") else { return vec![first] };
    let unreferred = found("city_unreferred").filter(|(unreferred, _)| *unreferred > own).map(|(_, said)| said);
    let second = match (own > best.own, unreferred) {
        (true, None) => format!("真要去市医院，自己出{city}，多出{}元。", own - best.own),
        (true, Some(unreferred)) => format!(
            "真要去市医院，自己出{city}，多出{}元；一定先办转诊，不办转诊自己要出{unreferred}。",
            own - best.own
        ),
        (false, Some(unreferred)) => format!("去市医院一定先办转诊：办了自己出{city}，不办自己要出{unreferred}。"),
        (false, None) => format!("去市医院自己出{city}。"),
    };
    vec![first, second]
}

/// What is paid at the counter, and what of it comes back when the year ends.
fn paid_by_hand(settlement: &Settlement, outcome: &Outcome) -> String {
    let returned = outcome.returned();
    let at_end = if returned > Fen::ZERO {
        format!("（年终再付约{returned}元）")
    } else if returned < Fen::ZERO {
        format!("（年终因此少付约{}元）", Fen::ZERO - returned)
    } else {
        String::new()
    };
    format!("{}元{at_end}", settlement.personal)
}
