//! A pack in Chinese sentences, every number of it with its article, and the values no official text backs.

use serde::Serialize;

use super::Pack;
use super::source::{Citation, Status};
use super::statement::{HAS_ROWS, Statement};

/// One part of a pack, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chapter {
    /// `支付方“基本医保”`.
    pub title: String,
    /// Its rules.
    pub sentences: Vec<Sentence>,
}

/// One rule in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// `起付线：三级，1,300元。`
    pub text: String,
    /// Where it says so.
    pub citation: Citation,
}

impl Sentence {
    /// The sentence with its article: `起付线：三级，1,300元。（京人社农合发〔2017〕250号 第二十一条）`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{}（{}）", self.text, self.citation.text())
    }
}

/// One number of a pack with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Number {
    /// `支付方“基本医保”`.
    pub place: String,
    /// `起付线`.
    pub label: &'static str,
    /// The case, empty when it always holds.
    pub when: String,
    /// The number in words: `1,300元`, `75%`.
    pub number: String,
    /// Where it says so.
    pub citation: Citation,
}

impl Pack {
    /// The whole pack in Chinese sentences, general rules first, then payer by payer in the order they pay.
    #[must_use]
    pub fn explain(&self) -> Vec<Chapter> {
        let mut chapters: Vec<Chapter> = Vec::new();
        for statement in self.statements().into_iter().filter(|statement| statement.value != HAS_ROWS) {
            let sentence = Sentence { text: statement.sentence(), citation: statement.citation };
            match chapters.last_mut().filter(|chapter| chapter.title == statement.place) {
                Some(chapter) => chapter.sentences.push(sentence),
                None => chapters.push(Chapter { title: statement.place, sentences: vec![sentence] }),
            }
        }
        chapters
    }

    /// Every number in the pack with the article behind it.
    #[must_use]
    pub fn numbers(&self) -> Vec<Number> {
        let each = |statement: Statement| {
            statement.numbers.clone().into_iter().map(move |number| Number {
                place: statement.place.clone(),
                label: statement.label,
                when: statement.when.clone(),
                number,
                citation: statement.citation.clone(),
            })
        };
        self.statements().into_iter().flat_map(each).collect()
    }

    /// Values whose source is not an official text: `支付方“大病保险”的结算时间：算例推定，待核实`.
    #[must_use]
    pub fn unofficial(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for said in self.statements() {
            if said.citation.status == Status::Official || said.inherited {
                continue;
            }
            let place = if said.part.starts_with("payer.") { format!("{}的", said.place) } else { String::new() };
            let line = format!("{place}{}：{}", said.label, said.citation.text());
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }
}
