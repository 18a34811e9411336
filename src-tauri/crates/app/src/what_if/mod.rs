//! 去县医院还是市医院: one person's planned admission at several hospitals side by side, by the pack in force and the
//! person's year so far.

mod choices;
mod differ;
mod paper;
mod shares;

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::{Area, BillError, Column, History, Kind, PayerAmount, Settlement, settle, settle_annual};
use mingbai_domain::catalogue::{Household, Membership, Person, Village};
use mingbai_domain::{Fen, RecordId};
use mingbai_store::Reading;
use mingbai_store::query::BillFilter;

pub(crate) use paper::print;

use crate::bill::{fit, insured, judge};
use crate::dto::{Coded, PlanAtEnd, PlanChoice, PlanPayer, PlanRequest, PlanView, StepRow};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::{Context, coded};
use crate::policy::{ActivePack, Packs, status};
use crate::threshold::{Threshold, critical};
use choices::{Place, Visit};

/// More than this is a slip of the key: ten million yuan.
const MOST: i64 = 1_000_000_000;

/// A person's year as it stands on a day.
pub(crate) struct Standing {
    pub(crate) insured: mingbai_coverage::Person,
    pub(crate) history: History,
}

/// What one place gives.
pub(crate) struct Outcome {
    pub(crate) place: Place,
    pub(crate) settled: Result<Settlement, BillError>,
    /// What each payer would pay more for it at the year's end.
    pub(crate) at_end: Vec<AtEnd>,
}

/// What a payer adds at the year's end; less than nothing where the visit's own bill pays what it would have made good.
pub(crate) struct AtEnd {
    pub(crate) label: String,
    pub(crate) amount: Fen,
    /// The person has to apply for it: it is not sure to come.
    pub(crate) applied: bool,
}

impl Outcome {
    /// What comes at the year's end by itself.
    fn returned(&self) -> Fen {
        self.at_end.iter().filter(|one| !one.applied).map(|one| one.amount).sum()
    }

    /// What the visit costs the person over the year; nothing where the pack cannot say.
    fn own(&self) -> Option<Fen> {
        self.settled.as_ref().ok().map(|settlement| settlement.personal - self.returned())
    }
}

/// The cheapest place.
#[derive(Clone, Copy)]
struct Best<'p> {
    place: &'p Place,
    settlement: &'p Settlement,
    outcome: &'p Outcome,
    own: Fen,
}

/// A planned visit worked out.
pub(crate) struct Plan {
    pub(crate) visit: Visit,
    pub(crate) pack: ActivePack,
    pub(crate) standing: Standing,
    pub(crate) outcomes: Vec<Outcome>,
}

/// The year of a person up to a day, that day's bills included.
pub(crate) fn standing(
    reading: Reading<'_>,
    packs: &Packs,
    person: RecordId,
    on: NaiveDate,
) -> Result<Standing, AppError> {
    let filter = BillFilter { until: on.succ_opt(), person: Some(person), ..BillFilter::default() };
    let judged = judge(reading, packs, &filter)?;
    // A bill may be settled in the year after the one it counts in: that one leaves nothing to the new year.
    let last = |of: i32| {
        let of_year = judged.iter().filter(|one| one.year == Some(of));
        let settled = of_year.filter_map(|one| Some((one.turn, &one.due.as_ref()?.0.after)));
        settled.max_by_key(|(turn, _)| *turn).map(|(_, after)| after)
    };
    let year = on.year();
    let earlier = || judged.iter().filter_map(|one| one.year).filter(|one| *one < year).max();
    let history = match last(year) {
        Some(after) => after.clone(),
        None => earlier().and_then(last).map_or_else(|| History::empty(year), |after| after.next(year)),
    };
    Ok(Standing { insured: insured(reading, person)?, history })
}

impl Plan {
    /// Settles the same visit at every place.
    pub(crate) fn of(visit: Visit, pack: ActivePack, standing: Standing, far: Area) -> Self {
        let settled = |place: &Place| {
            let bill = visit.at(place);
            let (insured, bill) = (fit::person(&pack.rules, &standing.insured), fit::bill(&pack.rules, &bill));
            settle(&pack.rules, &insured, &standing.history, &bill)
        };
        let outcomes = choices::places(far)
            .into_iter()
            .map(|place| {
                let settled = settled(&place);
                let after = settled.as_ref().ok().map(|settlement| &settlement.after);
                let at_end = after.map(|after| at_end(&pack, &standing, after, visit.on)).unwrap_or_default();
                Outcome { place, settled, at_end }
            })
            .collect();
        Self { visit, pack, standing, outcomes }
    }

    /// The place where the person pays least over the year, the nearest first.
    fn cheapest(&self) -> Option<Best<'_>> {
        let settled = self.outcomes.iter().filter_map(|one| {
            Some(Best { place: &one.place, settlement: one.settled.as_ref().ok()?, outcome: one, own: one.own()? })
        });
        settled.min_by_key(|best| best.own)
    }
}

/// What a visit adds to what is paid at the year's end, as if the year ended that day, by payer.
fn at_end(pack: &ActivePack, standing: &Standing, after: &History, on: NaiveDate) -> Vec<AtEnd> {
    let rules = &pack.rules;
    if !rules.settles_year_end() {
        return Vec::new();
    }
    let insured = fit::person(rules, &standing.insured);
    let due = |history: &History| settle_annual(rules, &insured, history, on).ok().map(|end| end.payers);
    let (Some(before), Some(after)) = (due(&standing.history), due(after)) else { return Vec::new() };
    // A payer of single bills stands among them only where it has to make something good.
    let of = |payers: &[PayerAmount], key: &str| -> Fen {
        payers.iter().filter(|payer| payer.key == key).map(|payer| payer.amount).sum()
    };
    let gone = before.iter().filter(|before| after.iter().all(|after| after.key != before.key));
    let more = after.iter().chain(gone).map(|payer| AtEnd {
        label: payer.label.clone(),
        amount: of(&after, &payer.key) - of(&before, &payer.key),
        applied: payer.by_application,
    });
    more.filter(|one| one.amount != Fen::ZERO).collect()
}

fn requested(
    reading: Reading<'_>,
    request: &PlanRequest,
    person: RecordId,
    today: NaiveDate,
) -> Result<(Visit, shares::Shares, Area), AppError> {
    let kind = Kind::from_code(&request.kind).ok_or_else(|| AppError::invalid("kind", "请选住院还是门诊"))?;
    if request.total <= 0 || request.total > MOST {
        return Err(AppError::invalid("total", "预计总费用要大于0、不超过1000万元"));
    }
    let far = match request.far.as_deref() {
        None | Some("province") => Area::Province,
        Some("outside") => Area::Outside,
        Some(_) => return Err(AppError::invalid("far", "外地请选省内市外或省外")),
    };
    let shares = shares::of(reading, request, kind, person, today)?;
    let on = request.on.unwrap_or(today);
    Ok((Visit::new(kind, on, Fen(request.total), shares.outside, shares.pre), shares, far))
}

/// The plan of a request with whose it is.
struct Asked {
    id: RecordId,
    plan: Plan,
    shares: shares::Shares,
    far: Area,
    person: Person,
    household: RecordId,
    village: String,
}

fn ask(context: &mut Context<'_>, request: &PlanRequest) -> Result<Asked, AppError> {
    let id = parse_id(&request.person)?;
    let today = context.host.today();
    let packs = context.packs()?;
    let reading = context.read()?;
    let id = reading.canonical(id)?;
    let row = reading.get::<Person>(id)?.filter(|row| row.record.deleted != Some(true));
    let person = row.ok_or_else(|| AppError::not_found("这个人"))?.record;
    let (visit, shares, far) = requested(reading, request, id, today)?;
    let Some(pack) = packs.on(visit.on).cloned() else {
        let message = format!("县里还没有启用 {} 可用的政策包，不能测算。请先导入县里的数据包", visit.on);
        return Err(AppError::new(ErrorCode::NoPack, message));
    };
    let standing = standing(reading, &packs, id, visit.on)?;
    let (household, village) = home(reading, id)?;
    Ok(Asked { id, plan: Plan::of(visit, pack, standing, far), shares, far, person, household, village })
}

/// Where somebody lives, and the name of that village.
fn home(reading: Reading<'_>, person: RecordId) -> Result<(RecordId, String), AppError> {
    let mut stays = reading.rows_where::<Membership>("person", &person)?;
    stays.sort_by_key(|row| (row.record.left_on.is_none(), row.record.left_on, row.record.joined_on, row.id));
    let household = stays.last().and_then(|row| row.record.household).ok_or_else(|| AppError::not_found("这一户"))?;
    let village = reading.get::<Household>(household)?.and_then(|row| row.record.village);
    let village = village.map(|id| reading.get::<Village>(id)).transpose()?.flatten();
    Ok((household, village.and_then(|row| row.record.name).unwrap_or_default()))
}

/// One person's planned admission at several hospitals side by side.
pub(crate) fn plan(context: &mut Context<'_>, request: PlanRequest) -> Result<PlanView, AppError> {
    let asked = ask(context, &request)?;
    Ok(view(&asked))
}

fn view(asked: &Asked) -> PlanView {
    let plan = &asked.plan;
    let visit = &plan.visit;
    let identities = fit::held(Some(&plan.pack.rules), &plan.standing.insured, visit.on);
    let labels: Vec<&str> = identities.iter().map(|one| one.label.as_str()).collect();
    let identity = if labels.is_empty() { "普通居民".to_owned() } else { labels.join("、") };
    let cheapest = plan.cheapest();
    PlanView {
        person: asked.id.to_string(),
        household: asked.household.to_string(),
        name: asked.person.name.clone().unwrap_or_default(),
        village: asked.village.clone(),
        identity,
        pack: plan.pack.title(),
        pack_status: status(&plan.pack.rules),
        on: visit.on,
        kind: coded("care_kind", visit.kind.code()),
        far: asked.far.code().to_owned(),
        total: visit.total.0,
        outside_share: asked.shares.outside,
        outside_from: asked.shares.outside_from.clone(),
        pre_share: asked.shares.pre,
        pre_from: asked.shares.pre_from.clone(),
        state: state(plan, &identities.into_iter().map(|one| one.code).collect::<Vec<_>>()),
        choices: plan.outcomes.iter().map(|outcome| choice(outcome, cheapest)).collect(),
        said: differ::said(plan, asked.person.name.as_deref().unwrap_or_default()),
        notes: vec![
            "按预计的费用和现行政策测算，实际以医院的结算单为准".to_owned(),
            "各家医院按同样的总费用比较；级别高的医院，同样的病实际花费往往更多".to_owned(),
        ],
    }
}

fn choice(outcome: &Outcome, cheapest: Option<Best<'_>>) -> PlanChoice {
    let place = &outcome.place;
    let mut choice = PlanChoice {
        key: place.key.to_owned(),
        place: place.label.to_owned(),
        level: coded("hospital_level", place.level.code()),
        area: coded("hospital_area", place.area.code()),
        referral: coded("referral", place.referral.code()),
        ..PlanChoice::default()
    };
    match &outcome.settled {
        Err(error) => choice.refused = Some(error.to_string()),
        Ok(settlement) => {
            let payer = |column: &Column| PlanPayer {
                column: Coded { code: column.code().to_owned(), label: column.label().to_owned() },
                label: settlement.payer_of(*column).to_owned(),
                amount: settlement.paid_in(*column).0,
            };
            choice.payers = Column::ALL.iter().map(payer).collect();
            choice.deductible = differ::deductible(settlement).0;
            choice.outside = (settlement.total - settlement.in_scope).0;
            choice.in_scope = settlement.in_scope.0;
            choice.paid = settlement.paid().0;
            choice.personal = settlement.personal.0;
            choice.at_end = outcome
                .at_end
                .iter()
                .map(|one| PlanAtEnd { label: one.label.clone(), amount: one.amount.0, applied: one.applied })
                .collect();
            choice.identity = settlement.identities.join("、");
            if let Some((best, own)) = cheapest.zip(outcome.own()) {
                choice.more = (own - best.own).0;
                choice.cheapest = best.place.key == place.key;
                choice.why = if own > best.own { differ::why(best, outcome, settlement) } else { Vec::new() };
            }
            choice.steps = settlement.steps.iter().map(step).collect();
        }
    }
    choice
}

fn step(step: &mingbai_coverage::Step) -> StepRow {
    StepRow {
        key: step.key.clone(),
        label: step.label.clone(),
        formula: step.formula.clone(),
        amount: step.result.0,
        article: step.article(),
        payer: None,
    }
}

/// The year so far, in words for the family.
fn state(plan: &Plan, identities: &[String]) -> Vec<String> {
    let history = &plan.standing.history;
    let stays = history.admissions_anywhere();
    let mut lines = vec![if stays == 0 {
        "今年还没有住过院".to_owned()
    } else {
        let levels = history.admissions.iter().map(|(level, times)| format!("{}{times}次", level.label()));
        format!("今年已经住院{stays}次（{}）", levels.collect::<Vec<_>>().join("、"))
    }];
    lines.push(format!("今年报销范围内自己已经出了{}元", history.in_scope_personal));
    if let Some(Threshold { payer, amount, reached }) = critical(&plan.pack.rules, identities, history, &plan.payers())
    {
        lines.push(if reached >= amount {
            format!("{payer}的起付线{amount}元今年已经够了，再花的按{payer}再报")
        } else {
            format!("{payer}的起付线{amount}元，今年已经累计{reached}元，还差{}元", amount - reached)
        });
    }
    lines
}

impl Plan {
    fn payers(&self) -> Vec<mingbai_coverage::PayerAmount> {
        let first = self.outcomes.iter().find_map(|one| one.settled.as_ref().ok());
        first.map(|settlement| settlement.payers.clone()).unwrap_or_default()
    }
}
