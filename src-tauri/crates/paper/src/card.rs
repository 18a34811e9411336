//! What a card says. The caller fills it from the register; the template decides where it stands.

use chrono::NaiveDate;
use mingbai_domain::Fen;
use serde::{Deserialize, Serialize};

/// One household's 健康帮扶明白卡.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdCard {
    /// County, as printed: `示范县`.
    pub county: String,
    /// The health centre that issues the card: `青石乡卫生院`.
    pub unit: String,
    /// Edition of this household's card, from 1.
    pub edition: u32,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// The year of the bills.
    pub year: i32,
    /// Household number 户编号; also in the square code.
    pub household_no: String,
    /// Head of household 户主.
    pub head: String,
    /// Village and group: `王庄村 二组`.
    pub address: String,
    /// People in the household 人口.
    pub population: u32,
    /// Household status 户属性: `未脱贫`.
    pub status: String,
    /// Cause of poverty or risk: `因病`; empty when there is none to print.
    pub cause: String,
    /// The responsible helper 帮扶责任人.
    pub helper: Contact,
    /// Members, head first.
    pub members: Vec<MemberRow>,
    /// Family-doctor team, nearest first.
    pub doctors: Vec<Doctor>,
    /// What the team does in a year.
    pub service: Sentence,
    /// The next visits, if any are due.
    pub next_visit: Option<Sentence>,
    /// This year's bills, oldest first.
    pub bills: Vec<BillRow>,
    /// How much is paid, for this household's identities.
    pub benefits: Benefits,
    /// What costs nothing or less.
    pub free_items: Vec<Sentence>,
    /// How to be reimbursed, step by step.
    pub steps: Vec<Sentence>,
    /// What this household has to do now; the card says so when there is nothing.
    pub todo: Vec<Sentence>,
    /// Whom to call, at most four.
    pub phones: Vec<PhoneLine>,
    /// Documents and edition the card rests on, one sentence.
    pub basis: String,
}

/// A name with a telephone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Telephone, digits as stored; the card groups mobile numbers.
    pub phone: String,
}

/// One member's line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// Name.
    pub name: String,
    /// Age in full years on the day of issue.
    pub age: u16,
    /// Relation to the head 与户主关系.
    pub relation: String,
    /// Main diseases in plain words, restricted ones already left out (see [`crate::wall_safe`]).
    pub diseases: Vec<String>,
    /// Aid identity 救助身份.
    pub identity: String,
    /// Whether this year's basic insurance is on record; `false` is printed bold.
    pub insured: bool,
    /// What the last column says: `已参保`, `未参保`, `职工医保`.
    pub insured_text: String,
}

/// One member of the family-doctor team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doctor {
    /// `村医`, `乡医生`, `县医生`.
    pub level: String,
    /// Name.
    pub name: String,
    /// Where the doctor works.
    pub unit: String,
    /// Telephone.
    pub phone: String,
}

/// One bill of the year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillRow {
    /// Day of settlement.
    pub date: NaiveDate,
    /// Patient.
    pub who: String,
    /// Institution.
    pub place: String,
    /// Total cost.
    pub total: Fen,
    /// Paid by all payers together.
    pub reimbursed: Fen,
    /// Paid by the household.
    pub personal: Fen,
    /// A visit; otherwise what came once for a whole year, which has no costs of its own.
    pub visit: bool,
}

/// The table 看病能报多少 and the sentences under it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benefits {
    /// For which year and whom: `2026 年，低保、特困、建档立卡`.
    pub scope: String,
    /// One line per level of institution.
    pub rows: Vec<BenefitRow>,
    /// Numbered sentences.
    pub sentences: Vec<Sentence>,
}

/// One level of institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenefitRow {
    /// `县医院（二级）`.
    pub level: String,
    /// Deductible 起付线: `400 元`.
    pub deductible: String,
    /// Share of the rest that is paid: `80%`.
    pub ratio: String,
}

/// A telephone with what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneLine {
    /// `卫生院`, `医保所`, `监督`.
    pub label: String,
    /// Number.
    pub number: String,
}

/// A sentence whose important words are printed bold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sentence(pub Vec<Run>);

/// A stretch of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The words.
    pub text: String,
    /// Printed bold.
    pub strong: bool,
}

impl Sentence {
    /// A sentence without emphasis; asterisks stay asterisks (a masked id may be inside).
    pub fn plain(text: impl Into<String>) -> Self {
        Self(vec![Run { text: text.into(), strong: false }])
    }

    /// Reads `张小军 **2026 年还没参保**，请尽快办`: what stands between two `**` is printed bold.
    #[must_use]
    pub fn marked(text: &str) -> Self {
        let runs = text.split("**").enumerate().filter(|(_, words)| !words.is_empty());
        Self(runs.map(|(i, words)| Run { text: words.to_owned(), strong: i % 2 == 1 }).collect())
    }

    /// The words without emphasis.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }
}
