//! The end of a person's year (年终结算): what the payers that settle once a year owe on it, beside what they paid. Derived at
//! every look, as what is due on a bill is.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use mingbai_coverage::{
    AnnualSettlement, Column, History, PayerAmount, Person as Insured, YearEndDays, settle_year_end,
};
use mingbai_domain::catalogue::Settlement;
use mingbai_domain::{Fen, RecordId};
use mingbai_store::query::{BillFilter, BillLine};
use mingbai_store::{Reading, Row};

use super::fit;
use super::insured::{Windows, insured_by};
use super::judge::{Closing, Judged, Settled, settle_year};
use crate::error::AppError;
use crate::policy::{ActivePack, Packs};
use crate::restricted;

/// Names what is owed at the end of a person's year, as a bill's id names a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EndKey {
    pub(crate) person: RecordId,
    pub(crate) year: i32,
    /// What is only paid when the family applies for it; otherwise what payers owe by themselves.
    pub(crate) applied: bool,
}

impl fmt::Display for EndKey {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = if self.applied { "applied" } else { "year_end" };
        write!(to, "{of}-{}-{}", self.year, self.person)
    }
}

impl FromStr for EndKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '-');
        let applied = match parts.next() {
            Some("applied") => true,
            Some("year_end") => false,
            _ => return Err(()),
        };
        let year = parts.next().and_then(|year| year.parse().ok()).ok_or(())?;
        let person = parts.next().and_then(|person| person.parse().ok()).ok_or(())?;
        Ok(Self { person, year, applied })
    }
}

/// What payers of one kind owe at a year's end in one column of the sheet, beside what they paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndLine {
    pub(crate) column: Column,
    /// Names of the payers.
    pub(crate) label: String,
    pub(crate) due: Fen,
    pub(crate) paid: Fen,
    /// How the column's money is shared with payers of the other kind, where there are some and something was paid.
    pub(crate) shared: Option<String>,
}

impl EndLine {
    pub(crate) fn short(&self) -> Fen {
        (self.due - self.paid).at_least_zero()
    }

    pub(crate) fn over(&self) -> Fen {
        (self.paid - self.due).at_least_zero()
    }
}

/// What comes by itself, or what has to be applied for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndPart {
    pub(crate) applied: bool,
    pub(crate) lines: Vec<EndLine>,
}

impl EndPart {
    pub(crate) fn due(&self) -> Fen {
        self.lines.iter().map(|line| line.due).sum()
    }

    pub(crate) fn paid(&self) -> Fen {
        self.lines.iter().map(|line| line.paid).sum()
    }

    /// What is short in the columns that paid too little, whatever others paid too much.
    pub(crate) fn short(&self) -> Fen {
        self.lines.iter().map(EndLine::short).sum()
    }

    /// What was paid beyond what was due, in the columns that paid too much.
    pub(crate) fn over(&self) -> Fen {
        self.lines.iter().map(EndLine::over).sum()
    }

    /// `大病保险应付 1.00，已付 0.50，差 0.50`.
    pub(crate) fn said(&self) -> String {
        let line = |line: &EndLine| {
            let over = line.over();
            let left = if over > Fen::ZERO { format!("多付 {over}") } else { format!("差 {}", line.short()) };
            let shared = line.shared.as_ref().map(|said| format!("（{said}）")).unwrap_or_default();
            format!("{}应付 {}，已付 {}，{left}{shared}", line.label, line.due, line.paid)
        };
        self.lines.iter().map(line).collect::<Vec<_>>().join("；")
    }
}

/// The end of one person's year.
pub(crate) struct YearEnd {
    pub(crate) person: RecordId,
    pub(crate) year: i32,
    pub(crate) name: String,
    pub(crate) household: RecordId,
    pub(crate) village: Option<RecordId>,
    pub(crate) village_name: String,
    /// The year is not over: worked out as if it ended today.
    pub(crate) running: bool,
    /// The day as of which it is worked out.
    pub(crate) last: NaiveDate,
    pub(crate) pack: Option<ActivePack>,
    pub(crate) settled: Option<AnnualSettlement>,
    /// Why it could not be worked out, in the clerk's words.
    pub(crate) refused: Option<String>,
    /// What somebody pays or has paid; what the family applies for last.
    pub(crate) parts: Vec<EndPart>,
    /// What was paid, newest first.
    pub(crate) payments: Vec<Row<Settlement>>,
    /// Bills of the year that could not be settled.
    pub(crate) uncounted: usize,
}

impl YearEnd {
    pub(crate) fn key(&self, part: &EndPart) -> EndKey {
        EndKey { person: self.person, year: self.year, applied: part.applied }
    }

    /// The parts of which anything is due or paid.
    pub(crate) fn open_parts(&self) -> impl Iterator<Item = &EndPart> {
        self.parts.iter().filter(|part| part.lines.iter().any(|line| line.due != Fen::ZERO || line.paid != Fen::ZERO))
    }

    /// `2025年年终结算`; a year that still runs says so.
    pub(crate) fn title(&self) -> String {
        if self.running {
            format!("{}年年终结算（按今天预计）", self.year)
        } else {
            format!("{}年年终结算", self.year)
        }
    }
}

/// The bills of a year behind a filter, and the ends of that year.
pub(crate) struct JudgedYear {
    pub(crate) bills: Vec<Judged>,
    pub(crate) ends: Vec<YearEnd>,
    /// Whose bills they are, as the register knows them.
    pub(crate) insured: BTreeMap<RecordId, Insured>,
}

/// Judges the bills of a year and works out its ends, as they are seen today.
pub(crate) fn judge_year(
    reading: Reading<'_>,
    packs: &Packs,
    filter: &BillFilter,
    year: i32,
    today: NaiveDate,
) -> Result<JudgedYear, AppError> {
    let settled = settle_year(reading, packs, filter, year)?;
    let mut paid = reading.year_end_payments(filter)?;
    paid.retain(|line| line.bill.record.year == Some(i64::from(year)));
    let ends = ends(reading, packs, &settled, &paid, (year, today))?;
    Ok(JudgedYear { bills: settled.bills, ends, insured: settled.insured })
}

fn ends(
    reading: Reading<'_>,
    packs: &Packs,
    settled: &Settled,
    paid: &[BillLine],
    (year, today): (i32, NaiveDate),
) -> Result<Vec<YearEnd>, AppError> {
    let days = YearEndDays::seen(year, today);
    let pack = packs.on(days.last);
    let annual = pack.is_some_and(|pack| pack.rules.settles_year_end());
    let closings: BTreeMap<RecordId, &Closing> =
        settled.closings.iter().map(|closing| (closing.line.person, closing)).collect();
    let windows = Windows::default();
    let mut whose: BTreeMap<RecordId, &BillLine> = BTreeMap::new();
    for line in closings.values().map(|closing| &closing.line).chain(paid) {
        whose.entry(line.person).or_insert(line);
    }
    let mut ends = Vec::new();
    for (person, line) in whose {
        let closing = closings.get(&person);
        let payments: Vec<Row<Settlement>> =
            paid.iter().filter(|line| line.person == person).map(|line| line.bill.clone()).collect();
        if payments.is_empty() && (!annual || closing.is_none()) {
            continue;
        }
        let uncounted = closing.map_or(0, |closing| closing.uncounted);
        let history = closing.map_or_else(|| History::empty(year), |closing| closing.history.clone());
        let mut end = YearEnd {
            person,
            year,
            name: line.name.clone(),
            household: line.household,
            village: line.village,
            village_name: line.village_name.clone(),
            running: today <= last_day(year),
            last: days.last,
            pack: pack.cloned(),
            settled: None,
            refused: None,
            parts: Vec::new(),
            payments,
            uncounted,
        };
        match pack {
            None => end.refused = Some(format!("{} 没有可用的政策包", days.last)),
            Some(pack) => {
                let insured = match settled.insured.get(&person) {
                    Some(known) => Cow::Borrowed(known),
                    None => Cow::Owned(insured_by(reading, &windows, person)?),
                };
                match settle_year_end(&pack.rules, &fit::person(&pack.rules, &insured), &history, days) {
                    Ok(settled) => {
                        end.parts = parts(&settled.payers, &end.payments);
                        end.settled = Some(settled);
                    }
                    Err(error) => end.refused = Some(restricted::shown(&error.to_string()).to_owned()),
                }
            }
        }
        ends.push(end);
    }
    Ok(ends)
}

fn last_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// What is due by column, beside what was paid. A payment tells no payer but its column: what comes by itself is taken to be
/// paid first, and both lines say so.
pub(super) fn parts(payers: &[PayerAmount], payments: &[Row<Settlement>]) -> Vec<EndPart> {
    let mut parts = [false, true].map(|applied| EndPart { applied, lines: Vec::new() });
    for &column in Column::ALL {
        let whole: Fen = payments.iter().map(|row| paid_in(&row.record, column)).sum();
        let mut paid = whole;
        let of = |applied: bool| payers.iter().filter(move |one| one.column == column && one.by_application == applied);
        let applied_for = of(true).next().is_some();
        for part in &mut parts {
            let due: Fen = of(part.applied).map(|payer| payer.amount).sum();
            let known = of(part.applied).next().is_some();
            // The last of the column takes whatever is left, also where nobody owed anything.
            let last = part.applied == applied_for;
            let here = if last { paid } else { paid.min(due) };
            if !known && (!last || here == Fen::ZERO) {
                continue;
            }
            paid -= here;
            let names = |applied| of(applied).map(|payer| payer.label.as_str()).collect::<Vec<_>>().join("、");
            let label = if known { names(part.applied) } else { column.label().to_owned() };
            let both = known && whole > Fen::ZERO && of(!part.applied).next().is_some();
            let shared = both.then(|| {
                let (first, then) = (names(false), names(true));
                format!("“{}”一栏共付 {whole}，没有写明谁付的，先算{first}，付满了再算{then}", column.label())
            });
            part.lines.push(EndLine { column, label, due, paid: here, shared });
        }
    }
    parts.into_iter().filter(|part| !part.lines.is_empty()).collect()
}

/// What a settlement paid in one column of the sheet.
pub(crate) fn paid_in(record: &Settlement, column: Column) -> Fen {
    let amount = match column {
        Column::Basic => record.paid_basic,
        Column::Critical => record.paid_critical,
        Column::Aid => record.paid_aid,
        Column::Other => record.paid_other,
    };
    amount.unwrap_or_default()
}

/// What a year-end settlement has to say, and what it cannot be; in the clerk's words with the column at fault.
pub(crate) fn fault(record: &Settlement) -> Option<(&'static str, String)> {
    let some = |amount: Option<Fen>| amount.is_some_and(|amount| amount != Fen::ZERO);
    let costs = [
        ("total", "费用总额", record.total),
        ("own_expense", "目录外自费", record.own_expense),
        ("over_limit", "超限价", record.over_limit),
        ("pre_self_pay", "先行自付", record.pre_self_pay),
        ("in_scope", "政策范围内", record.in_scope),
        ("hospital_borne", "医院承担", record.hospital_borne),
        ("paid_personal", "个人支付", record.paid_personal),
    ];
    if let Some((column, label, _)) = costs.into_iter().find(|(.., amount)| some(*amount)) {
        let said = format!("年终结算是全年费用结算后再付的钱，自己没有费用，“{label}”要空着；有费用的请选别的就诊类别");
        return Some((column, said));
    }
    if record.year.is_none() {
        return Some(("year", "年终结算要填结算的是哪一年的费用".to_owned()));
    }
    if record.reversal != Some(true) && record.paid() <= Fen::ZERO {
        return Some(("paid_critical", "年终结算要填支付了多少：大病保险、医疗救助等至少一项".to_owned()));
    }
    None
}

#[cfg(test)]
mod tests {
    use mingbai_coverage::{Column, PayerAmount};
    use mingbai_domain::catalogue::{Settlement, YEAR_END};
    use mingbai_domain::{Fen, RecordId};
    use mingbai_store::Row;

    use super::{EndKey, fault, parts};

    fn payer(key: &str, column: Column, amount: i64, by_application: bool) -> PayerAmount {
        PayerAmount {
            key: key.to_owned(),
            label: key.to_owned(),
            column,
            amount: Fen(amount),
            on_preselfpay: Fen::ZERO,
            applies: true,
            annual: true,
            by_application,
        }
    }

    fn payment(critical: i64, aid: i64) -> Row<Settlement> {
        let record = Settlement {
            care_kind: Some(YEAR_END.to_owned()),
            year: Some(2025),
            paid_critical: Some(Fen(critical)),
            paid_aid: Some(Fen(aid)),
            ..Settlement::default()
        };
        let id = RecordId::from_bytes([7; 16]);
        Row { id, record, changed: Default::default(), conflict: false, void: false }
    }

    #[test]
    fn what_is_paid_by_itself_stands_apart_from_what_is_applied_for_and_no_payment_is_lost_between_them() {
        let due = [payer("大病", Column::Critical, 500, false), payer("因病致贫", Column::Aid, 300, true)];
        let told = |payments: &[Row<Settlement>]| -> Vec<(bool, i64, i64)> {
            parts(&due, payments).iter().map(|part| (part.applied, part.due().0, part.paid().0)).collect()
        };
        assert_eq!(told(&[]), [(false, 500, 0), (true, 300, 0)]);
        assert_eq!(told(&[payment(400, 0), payment(0, 350)]), [(false, 500, 400), (true, 300, 350)]);
        // One column, two ways: the rest goes to what was applied for.
        let both = [payer("救助", Column::Aid, 100, false), payer("因病致贫", Column::Aid, 300, true)];
        let paid = parts(&both, &[payment(0, 150)]);
        assert_eq!(paid.iter().map(|part| part.paid().0).collect::<Vec<_>>(), [100, 50]);
        for part in &paid {
            assert!(part.said().contains("共付 1.50，没有写明谁付的，先算救助，付满了再算因病致贫"), "{}", part.said());
        }
        assert!(
            parts(&both, &[]).iter().all(|part| part.lines[0].shared.is_none()),
            "of nothing nothing is to be told"
        );
        assert!(!parts(&due, &[payment(400, 50)])[0].said().contains("没有写明"), "a column of its own is sure");
        // Money in a column nobody owes in is too much paid, not nothing.
        let over = parts(&[], &[payment(80, 0)]);
        assert_eq!((over.len(), over[0].short(), over[0].over()), (1, Fen::ZERO, Fen(80)));
        // And it makes nothing good that is due in another.
        let beside = parts(&due, &[payment(580, 0)]);
        assert_eq!(
            beside.iter().map(|part| (part.short(), part.over())).collect::<Vec<_>>(),
            [(Fen::ZERO, Fen(80)), (Fen(300), Fen::ZERO)]
        );
        let crossed = [payer("大病", Column::Critical, 500, false), payer("救助", Column::Aid, 100, false)];
        let crossed = parts(&crossed, &[payment(0, 600)]);
        assert_eq!((crossed[0].short(), crossed[0].over()), (Fen(500), Fen(500)));
    }

    #[test]
    fn a_year_end_settlement_has_a_year_and_money_and_no_costs() {
        let sound = payment(100, 0).record;
        assert_eq!(fault(&sound), None);
        let at = |record: Settlement| fault(&record).map(|(column, _)| column);
        assert_eq!(at(Settlement { year: None, ..sound.clone() }), Some("year"));
        assert_eq!(at(Settlement { total: Some(Fen(1)), ..sound.clone() }), Some("total"));
        assert_eq!(at(Settlement { paid_critical: None, paid_aid: None, ..sound.clone() }), Some("paid_critical"));
        assert_eq!(at(Settlement { total: Some(Fen::ZERO), ..sound }), None);
    }

    #[test]
    fn the_name_of_a_years_end_is_read_back_as_it_was_written() {
        for applied in [false, true] {
            let key = EndKey { person: RecordId::from_bytes([9; 16]), year: 2025, applied };
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        assert_eq!("00000000-0000".parse::<EndKey>(), Err(()));
    }
}
