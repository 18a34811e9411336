//! 明白卡: which households hold a current card, previews, village batches, signatures.

mod benefits;
mod compose;

use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::CardIssue;
use mingbai_paper::{HouseholdCard, PaperError, Printed, card_svg, cards_pdf};
use mingbai_store::Reading;
use mingbai_store::query::CardLine;

use crate::command::Bytes;
use crate::dto::{
    CardHouseholdList, CardHouseholdRow, CardPreview, CardPreviewRequest, CardPrintRequest, CardPrintView,
    CardSignRequest, CardState, CardVillageList, CardVillageRow, Empty, VillageRequest,
};
use crate::error::{AppError, ErrorCode};
use crate::household::{parse_id, parse_id_maybe};
use crate::office::{Context, keep_file};
use crate::policy::ActivePack;
use crate::todo;

impl From<PaperError> for AppError {
    fn from(error: PaperError) -> Self {
        Self::new(ErrorCode::Template, format!("没有印成，数据没有变：{error}"))
    }
}

/// Why a household needs a new card; nothing when it holds a current one.
pub(crate) fn stale(line: &CardLine, pack: Option<&ActivePack>, today: NaiveDate) -> Option<&'static str> {
    if line.card.is_none() {
        return Some("还没有发过卡");
    }
    if pack.is_some_and(|pack| pack.title() != line.pack) {
        return Some("政策更新");
    }
    // Enrolment, bills and ages on a card are those of its year.
    if line.issued_on.is_none_or(|issued| issued.year() != today.year()) {
        return Some("新年度");
    }
    line.changed_since.then_some("资料有变动")
}

/// The cards of a place. A household nobody lives in needs none.
fn lived_in(reading: Reading<'_>, village: Option<RecordId>) -> Result<Vec<CardLine>, AppError> {
    let mut lines = reading.cards(village)?;
    lines.retain(|line| line.people > 0);
    Ok(lines)
}

/// The card a household holds, for its page.
pub(crate) fn state(
    reading: Reading<'_>,
    pack: Option<&ActivePack>,
    household: RecordId,
    today: NaiveDate,
) -> Result<Option<CardState>, AppError> {
    let Some(line) = reading.cards_of(&[household])?.into_iter().next() else { return Ok(None) };
    let why = stale(&line, pack, today);
    Ok(line.issued_on.map(|issued_on| CardState {
        edition: line.edition,
        issued_on,
        current: why.is_none(),
        why_stale: why.unwrap_or_default().to_owned(),
        signed_on: line.signed_on,
    }))
}

pub(crate) fn villages(context: &mut Context<'_>, _: Empty) -> Result<CardVillageList, AppError> {
    let today = context.host.today();
    let pack = context.pack()?;
    let reading = context.read()?;
    let mut rows = Vec::new();
    for village in reading.villages()? {
        let lines = lived_in(reading, Some(village.id))?;
        let count = |test: &dyn Fn(&CardLine) -> bool| lines.iter().filter(|line| test(line)).count() as i64;
        rows.push(CardVillageRow {
            village: village.id.to_string(),
            name: village.name,
            households: lines.len() as i64,
            current: count(&|line| stale(line, pack.as_ref(), today).is_none()),
            stale: count(&|line| line.card.is_some() && stale(line, pack.as_ref(), today).is_some()),
            none: count(&|line| line.card.is_none()),
            last_issued: lines.iter().filter_map(|line| line.issued_on).max(),
        });
    }
    Ok(CardVillageList { rows, pack: pack.map(|pack| pack.title()).unwrap_or_default() })
}

pub(crate) fn households(context: &mut Context<'_>, request: VillageRequest) -> Result<CardHouseholdList, AppError> {
    let village = parse_id_maybe(request.village.as_ref())?;
    let today = context.host.today();
    let pack = context.pack()?;
    let rows = lived_in(context.read()?, village)?.into_iter().map(|line| {
        let why = stale(&line, pack.as_ref(), today);
        let state = match (line.card, why) {
            (None, _) => "未发",
            (Some(_), Some(_)) => "要换",
            (Some(_), None) => "现行",
        };
        CardHouseholdRow {
            household: line.household.to_string(),
            number: line.number,
            head: line.head,
            people: line.people,
            state: state.to_owned(),
            edition: line.edition,
            issued_on: line.issued_on,
            signed_on: line.signed_on,
            why: why.unwrap_or_default().to_owned(),
        }
    });
    Ok(CardHouseholdList { rows: rows.collect() })
}

pub(crate) fn preview(context: &mut Context<'_>, request: CardPreviewRequest) -> Result<CardPreview, AppError> {
    let id = parse_id(&request.household)?;
    let today = context.host.today();
    let wanted = Batch { lines: context.read()?.cards_of(&[id])? };
    let cards = wanted.compose(context, today)?;
    let card = cards.first().ok_or_else(|| AppError::not_found("户"))?;
    let preview = card_svg(card, today)?;
    let pack = context.pack()?;
    let changed = wanted.lines.iter().filter_map(|line| stale(line, pack.as_ref(), today));
    let changed = changed.map(str::to_owned).collect();
    let notes = preview.missing.iter().map(ToString::to_string).chain(preview.withheld.iter().map(ToString::to_string));
    Ok(CardPreview { pages: preview.pages, edition: i64::from(card.edition), missing: notes.collect(), changed })
}

/// The households of one print, in village and group order.
struct Batch {
    lines: Vec<CardLine>,
}

impl Batch {
    fn of(context: &mut Context<'_>, request: &CardPrintRequest) -> Result<Self, AppError> {
        let (village, household) =
            (parse_id_maybe(request.village.as_ref())?, parse_id_maybe(request.household.as_ref())?);
        if village.is_none() && household.is_none() {
            return Err(AppError::invalid("village", "请选定一个村或一户"));
        }
        let pack = context.pack()?;
        let today = context.host.today();
        let reading = context.read()?;
        let mut lines = match household {
            Some(household) => reading.cards_of(&[household])?,
            None => reading.cards(village)?,
        };
        lines.retain(|line| line.people > 0);
        lines.retain(|line| !request.changed_only || stale(line, pack.as_ref(), today).is_some());
        if lines.is_empty() {
            let message = "没有要印的户：选定范围内的明白卡都是现行版。没有生成文件";
            return Err(AppError::new(ErrorCode::NotFound, message));
        }
        Ok(Self { lines })
    }

    fn compose(&self, context: &mut Context<'_>, today: NaiveDate) -> Result<Vec<HouseholdCard>, AppError> {
        todo::refresh(context)?;
        let packs = context.packs()?;
        let mut cards = Vec::with_capacity(self.lines.len());
        for (done, line) in self.lines.iter().enumerate() {
            context.host.progress("排版明白卡", done, self.lines.len());
            cards.extend(compose::card(context, &packs, line, today)?);
        }
        Ok(cards)
    }

    fn name(&self, today: NaiveDate) -> String {
        let day = today.format("%Y%m%d");
        match self.lines.as_slice() {
            // Two heads of one name are two files.
            [one] => format!("明白卡_{}_{}_{day}.pdf", plain(&one.number), plain(&one.head)),
            many => {
                let village = many.first().map(|line| plain(&line.village_name)).unwrap_or_default();
                format!("明白卡_{village}_{}户_{day}.pdf", many.len())
            }
        }
    }
}

/// Letters, digits and Chinese characters only: what every file system takes in a name.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn press(
    context: &mut Context<'_>,
    request: &CardPrintRequest,
) -> Result<(Batch, Vec<HouseholdCard>, Printed), AppError> {
    let today = context.host.today();
    let batch = Batch::of(context, request)?;
    let cards = batch.compose(context, today)?;
    let printed = cards_pdf(&cards, today)?;
    Ok((batch, cards, printed))
}

pub(crate) fn pdf(context: &mut Context<'_>, request: CardPrintRequest) -> Result<Bytes, AppError> {
    let (batch, _, printed) = press(context, &request)?;
    Ok(Bytes { mime: "application/pdf", name: batch.name(context.host.today()), data: printed.pdf })
}

pub(crate) fn print(context: &mut Context<'_>, request: CardPrintRequest) -> Result<CardPrintView, AppError> {
    let today = context.host.today();
    let (batch, cards, printed) = press(context, &request)?;
    let (file, path) = keep_file(&context.office.folder("输出")?, &batch.name(today), &printed.pdf)?;
    if request.record {
        let pack = context.pack()?.map(|pack| pack.title()).unwrap_or_default();
        context.commit("card_print", None, |txn| {
            for (line, card) in batch.lines.iter().zip(&cards) {
                let issue = CardIssue {
                    household: Some(line.household),
                    edition: Some(i64::from(card.edition)),
                    issued_on: Some(today),
                    pack: Some(pack.clone()),
                    content_digest: Some(compose::digest(card)),
                    ..CardIssue::default()
                };
                txn.insert(None, &issue)?;
            }
            Ok(())
        })?;
    }
    let missing = printed.missing.iter().map(ToString::to_string);
    Ok(CardPrintView {
        households: batch.lines.len() as i64,
        pages: printed.pages as i64,
        missing: missing.chain(printed.withheld.iter().map(ToString::to_string)).collect(),
        file,
        path: path.display().to_string(),
    })
}

pub(crate) fn sign(context: &mut Context<'_>, request: CardSignRequest) -> Result<Empty, AppError> {
    let household = RecordId::from_str(&request.household).map_err(|_| AppError::not_found("户"))?;
    let signer = request.signed_by.trim().to_owned();
    if signer.is_empty() {
        return Err(AppError::invalid("signed_by", "请填写签收人"));
    }
    let reading = context.read()?;
    let line = reading.cards_of(&[household])?.into_iter().next();
    let issue = line.and_then(|line| line.card).ok_or_else(|| AppError::not_found("明白卡"))?;
    let row = reading.get::<CardIssue>(issue)?.ok_or_else(|| AppError::not_found("明白卡"))?;
    if row.record.issued_on.is_some_and(|issued| request.signed_on < issued) {
        return Err(AppError::invalid("signed_on", "签收日期早于制卡日期"));
    }
    let signed = CardIssue { signed_on: Some(request.signed_on), signed_by: Some(signer), ..row.record };
    context.commit("card_sign", None, |txn| Ok(txn.amend(issue, Some(&signed))?))?;
    Ok(Empty {})
}
