//! 全县重算: what a draft would have cost every payer, and whom it would have made better or worse off, over all bills of a
//! year; beside the packs in force.

mod run;
mod sheet;
mod sums;

use std::collections::HashMap;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::{Pack as Rules, YearEndDays};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Household, Pack, PackDraft, Village};
use mingbai_store::query::{BillFilter, BillLine};

pub(crate) use sheet::write;

use crate::bill::{Turn, Windows, by_year, fit, insured_by, may_count_in, year_of};
use crate::dto::{ResettleRequest, ResettleView};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::{Context, read_file};
use crate::policy::Packs;
use crate::work::step;
use run::{Always, Life, Span, both};
use sums::Sums;

/// People settled between two looks at whether the clerk asked to stop.
const AT_ONCE: usize = 512;

/// Whose bills a life holds.
pub(crate) struct Whose {
    person: RecordId,
    household: RecordId,
    name: String,
    village: String,
    township: String,
    lines: Vec<BillLine>,
}

pub(crate) fn run(context: &mut Context<'_>, request: ResettleRequest) -> Result<ResettleView, AppError> {
    resettle(context, request, sums::SHOWN)
}

/// The comparison with as many rows of each list as are asked for.
fn resettle(context: &mut Context<'_>, request: ResettleRequest, shown: usize) -> Result<ResettleView, AppError> {
    let today = context.host.today();
    let year = year_of(request.year, today)?;
    let text = text(context, &request)?;
    let (rules, mut notes) = for_year(Rules::parse(text.trim_start_matches('\u{feff}'))?, year);
    let packs = context.packs()?;
    let (whose, lives) = people(context, &packs, year)?;
    let span = Span { year, days: YearEndDays::seen(year, today) };
    let mut sums = Sums::default();
    let mut done = 0;
    for (some, theirs) in lives.chunks(AT_ONCE).zip(whose.chunks(AT_ONCE)) {
        step(context.host, "重新结算", done, lives.len())?;
        let results = both(some, &packs, &Always(&rules), span);
        for ((whose, life), results) in theirs.iter().zip(some).zip(results) {
            sums.add(whose, life, results);
        }
        done += some.len();
    }
    step(context.host, "重新结算", done, lives.len())?;
    if rules.settles_year_end() || packs.on(span.days.last).is_some_and(|pack| pack.rules.settles_year_end()) {
        let running = if today <= last_day(year) { "，今年的按今天年终预计" } else { "" };
        notes.push(format!("年终结算的（一年结算一次的支付方、按全年身份补的；要本人申请的按都申请了）计入两边{running}；它不分机构级别"));
    }
    if lives.iter().any(|life| !life.before.is_empty()) {
        notes.push("跨年接着住的院，上年那一段两边也各按自己的算一遍，只看起付线扣过没有，不计入金额".to_owned());
    }
    notes.push("应付按两边的政策包各算一遍，不看当时实付；有一边不能算的结算单两边都不计".to_owned());
    let before = packs.on(last_day(year).min(today)).or_else(|| packs.on(last_day(year)));
    let before = before.map(crate::policy::ActivePack::title).unwrap_or_else(|| "没有现行政策包".to_owned());
    let mut view = sums.view(year, shown);
    view.before = before;
    view.after = format!("{} {}", rules.name, rules.version);
    view.notes = notes;
    Ok(view)
}

fn last_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// The text of the pack that is asked for.
fn text(context: &Context<'_>, request: &ResettleRequest) -> Result<String, AppError> {
    let reading = context.read()?;
    if let Some(id) = &request.draft {
        let row = reading.get::<PackDraft>(parse_id(id)?)?.filter(|row| row.record.deleted != Some(true));
        return row.and_then(|row| row.record.body).ok_or_else(|| AppError::not_found("政策包草稿"));
    }
    if let Some(id) = &request.pack {
        let row = reading.get::<Pack>(parse_id(id)?)?;
        return row.and_then(|row| row.record.body).ok_or_else(|| AppError::not_found("政策包"));
    }
    if let Some(path) = &request.path {
        let wrong =
            || AppError::new(ErrorCode::PackIncomplete, "这个文件不是文字，不是政策包，没有计算。请选 .toml 文件");
        return String::from_utf8(read_file(Path::new(path))?).map_err(|_| wrong());
    }
    request.toml.clone().ok_or_else(|| AppError::invalid("draft", "请选要比较的政策包：草稿、已有的或者文件"))
}

/// A pack as if it were in force all through a year; says so when it is not.
fn for_year(mut rules: Rules, year: i32) -> (Rules, Vec<String>) {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(rules.from);
    let mut notes = Vec::new();
    if rules.from > first || rules.until.is_some_and(|until| until < last_day(year)) {
        notes.push(format!("新的政策包自己的适用日期是 {} 起；这里假定它管整个 {year} 年", rules.from));
    }
    // A stay may have begun in the year before.
    rules.from = rules.from.min(first.with_year(year - 1).unwrap_or(first));
    rules.until = None;
    (rules, notes)
}

/// Everybody with a bill in the year, and their bills in the order of settlement.
fn people(context: &Context<'_>, packs: &Packs, year: i32) -> Result<(Vec<Whose>, Vec<Life>), AppError> {
    let reading = context.read()?;
    // What was taken back or replaced counts nowhere.
    let wide = may_count_in(year, &BillFilter::default());
    let mut lines: Vec<BillLine> = reading.bills(&wide)?.into_iter().filter(BillLine::counts).collect();
    lines.sort_by_key(|line| line.person);
    let townships = Townships::read(context)?;
    let (mut whose, mut lives, windows) = (Vec::new(), Vec::new(), Windows::default());
    let everybody = lines.chunk_by(|a, b| a.person == b.person).count();
    for (done, theirs) in lines.chunk_by(|a, b| a.person == b.person).enumerate() {
        let Some(first) = theirs.first() else { continue };
        if done % AT_ONCE == 0 {
            step(context.host, "读结算单", done, everybody)?;
        }
        let rows: Vec<_> = theirs.iter().map(|line| &line.bill).collect();
        let mut years = by_year(reading, packs, &rows)?;
        let Some(turns) = years.remove(&year) else { continue };
        let lines: Vec<BillLine> = turns.iter().filter_map(|turn| theirs.get(turn.place)).cloned().collect();
        // Nothing else of the years before counts in this one.
        let goes_on = turns.iter().any(|turn| turn.bill.continues.is_some());
        let sheet = |turn: Turn<'_>| {
            let blank = theirs.get(turn.place).and_then(|line| fit::blank(&line.bill.record));
            (turn.bill, blank)
        };
        let sheets = |turns: Vec<Turn<'_>>| turns.into_iter().map(sheet).collect();
        let before = years.into_iter().filter(|(before, _)| goes_on && *before < year);
        let before = before.map(|(before, turns)| (before, sheets(turns))).collect();
        lives.push(Life { insured: insured_by(reading, &windows, first.person)?, before, bills: sheets(turns) });
        whose.push(Whose {
            person: first.person,
            household: first.household,
            name: first.name.clone(),
            village: first.village_name.clone(),
            township: townships.of(first.household),
            lines,
        });
    }
    Ok((whose, lives))
}

/// The township of every household, by name.
struct Townships(HashMap<RecordId, String>);

impl Townships {
    fn read(context: &Context<'_>) -> Result<Self, AppError> {
        let reading = context.read()?;
        let mut names: HashMap<String, String> = HashMap::new();
        let mut villages = HashMap::new();
        for row in reading.all::<Village>()? {
            let code = row.record.township.unwrap_or_default();
            // The names of a county's townships come together.
            if let Some(county) = code.get(..6).filter(|_| !names.contains_key(&code)) {
                names.extend(crate::division::below(county)?);
            }
            let name = names.entry(code.clone()).or_insert(code).clone();
            villages.insert(row.id, name);
        }
        let of = |row: mingbai_store::Row<Household>| {
            let name = row.record.village.and_then(|village| villages.get(&village)).cloned();
            (row.id, name.unwrap_or_default())
        };
        Ok(Self(reading.all::<Household>()?.into_iter().map(of).collect()))
    }

    fn of(&self, household: RecordId) -> String {
        self.0.get(&household).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| "没有填写乡镇".to_owned())
    }
}
