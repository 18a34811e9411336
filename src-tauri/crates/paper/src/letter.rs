//! The letter to the insurer that asks for what was paid too little, with the list attached.

use chrono::NaiveDate;
use mingbai_domain::Fen;
use serde_json::{Value, json};

use crate::PaperError;
use crate::frames::refuse_boxes;
use crate::glyphs::make_printable;
use crate::press::{Press, Printed};
use crate::world::LETTER;

/// What is asked for by one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterSum {
    /// The cause in a few words.
    pub label: String,
    /// The cause in a sentence, with what is asked for.
    pub ask: String,
    /// How many of that cause.
    pub bills: i64,
    /// 张 of bills, 笔 of years' ends.
    pub unit: String,
    /// Short, in fen.
    pub amount: i64,
}

/// One bill, or the end of somebody's year, of the list. Amounts in fen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterLine {
    /// The patient.
    pub name: String,
    /// Masked.
    pub citizen_id: String,
    /// Village.
    pub village: String,
    /// 就医机构.
    pub hospital: String,
    /// 结算日期.
    pub settled_on: String,
    /// 结算单号 or 票据号.
    pub number: String,
    /// 救助身份 that counted.
    pub identity: String,
    /// 费用总额; nothing for the end of a year, whose costs stand on its bills.
    pub total: i64,
    /// By the pack.
    pub due: i64,
    /// In fact.
    pub paid: i64,
    /// Due − paid.
    pub short: i64,
    /// Which payer owes how much.
    pub payers: String,
    /// Likely cause.
    pub cause: String,
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// 函件编号.
    pub number: String,
    /// Who writes.
    pub unit: String,
    /// Whom to ask, and their telephone; may be blank.
    pub contact: String,
    /// Day of the letter.
    pub sent_on: NaiveDate,
    /// The packs by which was settled.
    pub packs: Vec<String>,
    /// How many of the lines are ends of years.
    pub year_ends: i64,
    /// How many people.
    pub people: i64,
    /// Short over all bills, in fen.
    pub amount: i64,
    /// By cause.
    pub sums: Vec<LetterSum>,
    /// Every bill and every end of a year.
    pub lines: Vec<LetterLine>,
}

impl Letter {
    /// `3 张结算单、1 笔年终结算`.
    #[must_use]
    pub fn items(&self) -> String {
        let bills = self.lines.len() as i64 - self.year_ends;
        let counts = [(bills, "张结算单"), (self.year_ends, "笔年终结算")];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        counts.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join("、")
    }
}

impl Press {
    /// The letter and its list as one PDF. The same letter on the same day gives the same bytes.
    ///
    /// # Errors
    /// [`PaperError::NoCards`] for a letter without bills; [`PaperError::Template`] with its line.
    pub fn letter_pdf(&self, letter: &Letter, today: NaiveDate) -> Result<Printed, PaperError> {
        if letter.lines.is_empty() {
            return Err(PaperError::NoCards);
        }
        let yuan = |fen: i64| Fen(fen).to_string();
        let sums = letter.sums.iter().map(|sum| {
            json!({ "label": sum.label, "ask": sum.ask, "bills": sum.bills.to_string(), "unit": sum.unit,
                "amount": yuan(sum.amount) })
        });
        let lines = letter.lines.iter().map(|line| {
            json!({
                "name": line.name, "citizen_id": line.citizen_id, "village": line.village, "hospital": line.hospital,
                "settled_on": line.settled_on, "number": line.number, "identity": line.identity,
                "total": if line.total == 0 { String::new() } else { yuan(line.total) }, "due": yuan(line.due), "paid": yuan(line.paid), "short": yuan(line.short),
                "payers": line.payers, "cause": line.cause,
            })
        });
        let sum = |of: fn(&LetterLine) -> i64| yuan(letter.lines.iter().map(of).sum());
        let mut sheet: Value = json!({
            "to": letter.to, "number": letter.number, "unit": letter.unit, "contact": letter.contact,
            "sent": letter.sent_on.format("%Y年%-m月%-d日").to_string(), "packs": letter.packs,
            "people": letter.people.to_string(), "bills": letter.lines.len().to_string(), "items": letter.items(), "amount": yuan(letter.amount),
            "sums": sums.collect::<Vec<_>>(), "lines": lines.collect::<Vec<_>>(),
            "total": sum(|l| l.total), "due": sum(|l| l.due), "paid": sum(|l| l.paid), "short": sum(|l| l.short),
        });
        let missing = make_printable(&mut sheet, self.workshop.typefaces, "", &letter.number);
        let data = sheet.to_string().into_bytes();
        let document = self.workshop.set(LETTER, data.clone(), today)?;
        refuse_boxes(&document)?;
        Self::to_pdf(&document, &data, today).map(|(pdf, pages)| Printed { pdf, pages, missing, withheld: Vec::new() })
    }
}

/// [`Press::letter_pdf`] with the built-in templates.
///
/// # Errors
/// As [`Press::letter_pdf`].
pub fn letter_pdf(letter: &Letter, today: NaiveDate) -> Result<Printed, PaperError> {
    Press::built_in()?.letter_pdf(letter, today)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Letter, LetterLine, LetterSum, letter_pdf};
    use crate::PaperError;

    fn letter(bills: usize) -> Letter {
        let line = |number: usize| LetterLine {
            name: format!("张䶮{number}"),
            hospital: "示范县人民医院".to_owned(),
            number: format!("JS2026{number:05}"),
            short: 36_000,
            ..LetterLine::default()
        };
        Letter {
            to: "示范县医疗保障局".to_owned(),
            number: "医保追补〔2026〕1号".to_owned(),
            unit: "青石乡卫生院".to_owned(),
            contact: String::new(),
            sent_on: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
            packs: vec!["示范县城乡居民 2026".to_owned()],
            people: 3,
            year_ends: 0,
            amount: 36_000 * i64::try_from(bills).unwrap(),
            sums: vec![LetterSum {
                label: "身份未标识".to_owned(),
                ask: "请补标身份后重新结算".to_owned(),
                bills: 3,
                amount: 108_000,
                unit: "张".to_owned(),
            }],
            lines: (0..bills).map(line).collect(),
        }
    }

    #[test]
    fn the_letter_is_one_page_and_its_list_begins_a_new_one_and_goes_on_as_long_as_it_is() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let short = letter_pdf(&letter(3), today).unwrap();
        assert_eq!(short.pages, 2);
        assert!(short.missing.is_empty(), "{:?}", short.missing);
        assert!(letter_pdf(&letter(90), today).unwrap().pages > 3);
        assert_eq!(short.pdf, letter_pdf(&letter(3), today).unwrap().pdf);
        assert_eq!(letter_pdf(&letter(0), today).unwrap_err(), PaperError::NoCards);
    }
}
