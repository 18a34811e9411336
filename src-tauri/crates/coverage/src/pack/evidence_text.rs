//! Reads an evidence rule from its text.

use super::evidence::{Evidence, EvidenceError};

impl Evidence {
    /// Reads a rule.
    ///
    /// # Errors
    /// [`EvidenceError`] with the position of the first thing that does not fit.
    pub fn parse(text: &str) -> Result<Self, EvidenceError> {
        let mut parser = Parser { tokens: tokens(text)?, next: 0, end: text.chars().count() + 1, depth: 0 };
        let rule = parser.either()?;
        match parser.peek() {
            None => Ok(rule),
            Some(_) => Err(EvidenceError::TooMuch { at: parser.at() }),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Comma,
    And,
    Or,
    Not,
    Least,
    From,
    Number(u32),
    Name(String),
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, EvidenceError> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let start = at + 1;
        let rest: String = chars.iter().skip(at).collect();
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        if c.is_ascii_digit() {
            let digits: String = chars.iter().skip(at).take_while(|c| c.is_ascii_digit()).collect();
            let number = digits.parse().ok().filter(|n| (1..=99).contains(n));
            tokens.push((start, Token::Number(number.ok_or(EvidenceError::NumberExpected { at: start })?)));
            at += digits.len();
            continue;
        }
        let fixed = MARKS.iter().find(|(mark, _)| rest.starts_with(mark));
        if let Some((mark, token)) = fixed {
            tokens.push((start, token.clone()));
            at += mark.chars().count();
            continue;
        }
        let word: String = chars.iter().skip(at).take_while(|c| !ends_a_word(**c)).collect();
        let length = word.chars().count();
        if length == 0 {
            return Err(EvidenceError::NameExpected { at: start });
        }
        at += length;
        tokens.push((
            start,
            match word.as_str() {
                "and" | "且" | "并且" => Token::And,
                "or" | "或" | "或者" => Token::Or,
                "not" | "不得有" => Token::Not,
                "at" if rest.starts_with("at least") => {
                    at += " least".len();
                    Token::Least
                }
                "至少" => Token::Least,
                "of" | "项" => Token::From,
                _ => Token::Name(word),
            },
        ));
    }
    Ok(tokens)
}

const MARKS: &[(&str, Token)] = &[
    ("(", Token::Open),
    ("（", Token::Open),
    (")", Token::Close),
    ("）", Token::Close),
    (",", Token::Comma),
    ("，", Token::Comma),
    ("、", Token::Comma),
    (">=", Token::Least),
    ("≥", Token::Least),
];

/// A name ends at a blank, a mark or a figure.
fn ends_a_word(c: char) -> bool {
    c.is_whitespace() || c.is_ascii_digit() || "(（)），,、>≥".contains(c)
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    end: usize,
    depth: u32,
}

/// No rule needs more; a deeper one would only use up the stack.
const DEEPEST: u32 = 20;

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(at, _)| *at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.next += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<Evidence, EvidenceError> {
        let mut rules = vec![self.both()?];
        while self.take(&Token::Or) {
            rules.push(self.both()?);
        }
        Ok(one_or(rules, Evidence::Any))
    }

    fn both(&mut self) -> Result<Evidence, EvidenceError> {
        let mut rules = vec![self.single()?];
        while self.take(&Token::And) {
            rules.push(self.single()?);
        }
        Ok(one_or(rules, Evidence::All))
    }

    fn single(&mut self) -> Result<Evidence, EvidenceError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(EvidenceError::TooDeep { at: self.at() });
        }
        let rule = self.inside()?;
        self.depth -= 1;
        Ok(rule)
    }

    fn inside(&mut self) -> Result<Evidence, EvidenceError> {
        if self.take(&Token::Not) {
            return Ok(Evidence::Not(Box::new(self.single()?)));
        }
        if self.take(&Token::Least) {
            return self.at_least();
        }
        if self.take(&Token::Open) {
            let rule = self.either()?;
            return self.close().map(|()| rule);
        }
        let Some(Token::Name(name)) = self.peek().cloned() else {
            return Err(EvidenceError::NameExpected { at: self.at() });
        };
        self.next += 1;
        let copies = if self.take(&Token::Least) { self.number()? } else { 1 };
        Ok(Evidence::Document { name, copies })
    }

    fn at_least(&mut self) -> Result<Evidence, EvidenceError> {
        let wanted_at = self.at();
        let wanted = self.number()?;
        self.take(&Token::From);
        if !self.take(&Token::Open) {
            return Err(EvidenceError::NameExpected { at: self.at() });
        }
        let mut of = vec![self.either()?];
        while self.take(&Token::Comma) {
            of.push(self.either()?);
        }
        self.close()?;
        if usize::try_from(wanted).is_ok_and(|wanted| wanted > of.len()) {
            return Err(EvidenceError::TooManyWanted { at: wanted_at });
        }
        Ok(Evidence::AtLeast { wanted, of })
    }

    fn close(&mut self) -> Result<(), EvidenceError> {
        if self.take(&Token::Close) { Ok(()) } else { Err(EvidenceError::BracketExpected { at: self.at() }) }
    }

    fn number(&mut self) -> Result<u32, EvidenceError> {
        match self.peek() {
            Some(Token::Number(number)) => {
                let number = *number;
                self.next += 1;
                Ok(number)
            }
            _ => Err(EvidenceError::NumberExpected { at: self.at() }),
        }
    }
}

fn one_or(mut rules: Vec<Evidence>, several: impl Fn(Vec<Evidence>) -> Evidence) -> Evidence {
    match (rules.len(), rules.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            rules.push(last);
            several(rules)
        }
        (_, None) => several(rules),
    }
}
