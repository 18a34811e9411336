//! The end of a person's year in the lists of what is owed: a line of its own beside the bills, ended by the year-end
//! settlement that brings the money or by a decision.

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::Column;
use mingbai_domain::catalogue::{Claim, Person, Settlement};
use mingbai_domain::{Fen, RecordId, citizen_id};
use mingbai_paper::LetterLine;
use mingbai_store::query::BillFilter;
use mingbai_store::{Reading, Row};

use super::list::{Sort, decided};
use super::{Claims, Instead, Standing, Subject, standing};
use crate::bill::{EndKey, EndLine, EndPart, YearEnd, judge_year};
use crate::error::{AppError, ErrorCode};
use crate::policy::{ActivePack, Packs};

/// The key and name under which what is short at a year's end is summed.
pub(super) const CAUSE: (&str, &str) = ("year_end", "年终结算未付");

/// One line of a list.
pub(super) struct EndRow<'e> {
    pub(super) end: &'e YearEnd,
    pub(super) part: &'e EndPart,
    pub(super) claim: Option<&'e Claim>,
    pub(super) state: &'static str,
    pub(super) amount: Fen,
}

/// The ends of a year that is over as they stand in a list.
pub(super) fn end_rows<'e>(ends: &'e [YearEnd], claims: &'e Claims, sort: Sort) -> Vec<EndRow<'e>> {
    let mut rows = Vec::new();
    for end in ends.iter().filter(|end| !end.running) {
        for part in &end.parts {
            let mut claim = claims.ends.get(&end.key(part)).map(|row| &row.record);
            let (state, amount) = match sort {
                Sort::Short if part.applied => continue,
                Sort::Apply if !part.applied => continue,
                Sort::Short | Sort::Apply => match end_standing(end, part, claim) {
                    Standing::In(state) => {
                        let claimed = claim.and_then(|claim| claim.amount).unwrap_or_default();
                        (state, if part.short() > Fen::ZERO { part.short() } else { claimed })
                    }
                    Standing::Out => continue,
                },
                Sort::Over if part.over() > Fen::ZERO => {
                    let (row, state) = decided(claims, Subject::End(end.key(part)), sort, part.over());
                    claim = row.map(|row| &row.record);
                    (state, part.over())
                }
                Sort::Over | Sort::Deposit | Sort::Unsettled | Sort::Beyond | Sort::Unseen => continue,
            };
            rows.push(EndRow { end, part, claim, state, amount });
        }
    }
    rows
}

/// Where the end of a year stands in the list of what is owed. What ends it is a year-end settlement that came after it was
/// written for and left nothing short.
pub(crate) fn end_standing(end: &YearEnd, part: &EndPart, claim: Option<&Claim>) -> Standing {
    let sent = claim.and_then(|claim| claim.sent_on);
    let came = |row: &Row<Settlement>| row.record.settled_on >= sent && paid_of(&row.record, part) > Fen::ZERO;
    let brought = end.payments.iter().any(came) && part.short() == Fen::ZERO;
    standing(claim, part.short(), brought.then_some(Instead::MadeGood))
}

/// What a settlement paid in the columns of a part.
fn paid_of(record: &Settlement, part: &EndPart) -> Fen {
    part.lines.iter().map(|line| crate::bill::paid_in(record, line.column)).sum()
}

/// What a list says of one column: what is short in it, or what was paid too much.
pub(super) fn gap_in(part: &EndPart, column: Column, sort: Sort) -> Fen {
    let gap = if sort == Sort::Over { EndLine::over } else { EndLine::short };
    part.lines.iter().filter(|line| line.column == column).map(gap).sum()
}

/// The end of a year by its name, as it stands today.
pub(super) fn named(
    reading: Reading<'_>,
    packs: &Packs,
    key: EndKey,
    today: NaiveDate,
) -> Result<(YearEnd, EndPart), AppError> {
    if key.year >= today.year() {
        let said = format!("{}年还没有结束，不能追年终结算，没有保存。请到下一年再办", key.year);
        return Err(AppError::new(ErrorCode::Conflict, said));
    }
    let filter = BillFilter { person: Some(reading.canonical(key.person)?), ..BillFilter::default() };
    let ends = judge_year(reading, packs, &filter, key.year, today)?.ends;
    let found = ends.into_iter().find_map(|end| {
        let part = end.parts.iter().find(|part| part.applied == key.applied).cloned()?;
        Some((end, part))
    });
    found.ok_or_else(|| AppError::not_found("这一年的年终结算"))
}

/// Whether a claim on the end of a year is made good by what now stands.
pub(crate) fn ended(
    reading: Reading<'_>,
    packs: &Packs,
    (person, year): (RecordId, i32),
    today: NaiveDate,
) -> Result<bool, AppError> {
    let all = super::claims(reading)?;
    for applied in [false, true] {
        let key = EndKey { person, year, applied };
        if year < today.year()
            && let Some(claim) = all.ends.get(&key)
            && let Ok((end, part)) = named(reading, packs, key, today)
            && end_standing(&end, &part, Some(&claim.record)) == Standing::In(super::PAID)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The line of the letter; who it is about with the number masked.
pub(super) fn letter_line(reading: Reading<'_>, end: &YearEnd, part: &EndPart) -> Result<LetterLine, AppError> {
    let person = reading.get::<Person>(end.person)?.map(|row| row.record).unwrap_or_default();
    let apart = part.lines.iter().filter_map(|line| match (line.short(), line.over()) {
        (Fen::ZERO, Fen::ZERO) => None,
        (Fen::ZERO, over) => Some(format!("{}多付{over}", line.label)),
        (short, _) => Some(format!("{}{short}", line.label)),
    });
    Ok(LetterLine {
        name: end.name.clone(),
        citizen_id: person.citizen_id.as_deref().map(citizen_id::mask).unwrap_or_default(),
        village: end.village_name.clone(),
        hospital: end.title(),
        settled_on: end.last.to_string(),
        number: String::new(),
        identity: end.settled.as_ref().map(|settled| settled.identities.join("、")).unwrap_or_default(),
        total: 0,
        due: part.due().0,
        paid: part.paid().0,
        short: part.short().0,
        payers: apart.collect::<Vec<_>>().join("、"),
        cause: CAUSE.1.to_owned(),
    })
}

/// What is asked for in the letter.
pub(super) const ASK: &str = "请按全年累计办理年终结算，把应付而未付的付给本人";

/// By which pack a year's end was worked out.
pub(super) fn pack_title(end: &YearEnd) -> Option<String> {
    end.pack.as_ref().map(ActivePack::title)
}
