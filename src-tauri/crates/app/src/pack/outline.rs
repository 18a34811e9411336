//! A pack's text seen as text: where each table and each number stands, so that a fault is marked at its line and a number
//! can be changed in a field by somebody who writes no TOML. What the numbers mean is the rule engine's.

use mingbai_coverage::pack::{PACK_SWITCHES, PAYER_SWITCHES, PackError, Status};
use mingbai_coverage::{Area, Kind, Level, Ratio, Referral};
use mingbai_domain::Fen;
use toml::de::{DeTable, DeValue};

use crate::dto::PackNumber;

/// One table with the place by which the rule engine names it.
struct Spot {
    place: String,
    line: usize,
    keys: Vec<(String, usize)>,
    /// The label of the payer it belongs to.
    payer: Option<String>,
}

/// The lines of one switch: of its rows, or of its key.
struct SwitchLines {
    /// The payer's key; empty for the pack's own.
    payer: String,
    switch: String,
    lines: Vec<usize>,
}

/// A document of the pack, as references name it.
struct Document {
    key: String,
    document: String,
    status: String,
}

/// A pack's text, read as far as it is TOML.
pub(super) struct Outline {
    spots: Vec<Spot>,
    switches: Vec<SwitchLines>,
    pub(super) numbers: Vec<PackNumber>,
}

/// The place of the whole pack.
const ROOT: &str = "政策包";

/// Words for tables and numbers that are no switch of the pack or of a payer.
const WORDS: &[(&str, &str)] = &[
    ("source", "政策来源"),
    ("identity", "身份"),
    ("referral", "转诊"),
    ("payer", "支付方"),
    ("prepay", "转外先行自付"),
    ("bands", "分段"),
    ("repeat", "多次住院"),
    ("refs", "各项依据"),
    ("amount", "金额"),
    ("minus", "每次减少"),
    ("floor", "最低"),
    ("times", "按首次的"),
    ("up_to", "以内"),
    ("share", "比例"),
    ("points", "百分点"),
    ("total_over", "单次总费用超过"),
    ("total_from", "单次总费用达到"),
    ("total_up_to", "单次总费用不超过"),
    ("nth_from", "第几次起"),
    ("nth_to", "第几次止"),
    ("age_from", "年龄从"),
    ("age_to", "年龄至"),
];

/// Keys whose text may look like a number and is none.
const NAMES: &[&str] =
    &["key", "label", "name", "version", "region", "ref", "cap_pool", "sha256", "document", "title", "url", "text"];

/// Numbers for which “none” is an answer too.
const OPEN: &[&str] = &["amount", "up_to"];

fn word(key: &str) -> &str {
    let switches = PACK_SWITCHES.iter().chain(PAYER_SWITCHES).chain(WORDS);
    switches.clone().find(|(name, _)| *name == key).map_or(key, |(_, label)| label)
}

/// What a row is limited to, in words: `精减退职老职工`, `三级`.
fn condition(table: &DeTable<'_>, identities: &[(String, String)]) -> String {
    let said = |code: &str| {
        let identity = identities.iter().find(|(key, _)| key == code).map(|(_, label)| label.clone());
        identity.or_else(|| Level::from_code(code).map(|it| it.label().to_owned()))
    };
    let mut words = Vec::new();
    for (key, name) in [
        ("kind", ""),
        ("level", ""),
        ("area", ""),
        ("referral", ""),
        ("identity", ""),
        ("identity_all", "同时是"),
        ("without_identity", "不是"),
    ] {
        let Some(list) = table.get(key).and_then(|value| value.get_ref().as_array()) else { continue };
        let labels = list.iter().filter_map(|one| one.get_ref().as_str()).map(|code| match key {
            "kind" => Kind::from_code(code).map_or(code.to_owned(), |it| it.label().to_owned()),
            "area" => Area::from_code(code).map_or(code.to_owned(), |it| it.label().to_owned()),
            "referral" => Referral::from_code(code).map_or(code.to_owned(), |it| it.label().to_owned()),
            _ => said(code).unwrap_or_else(|| code.to_owned()),
        });
        let labels: Vec<String> = labels.collect();
        if !labels.is_empty() {
            words.push(format!("{name}{}", labels.join("、")));
        }
    }
    words.join("，")
}

fn text_of<'t>(table: &'t DeTable<'_>, key: &str) -> Option<&'t str> {
    table.get(key).and_then(|value| value.get_ref().as_str())
}

/// The way down to a table.
#[derive(Clone)]
struct Way {
    place: String,
    part: String,
    steps: Vec<String>,
    reference: Option<String>,
    payer: Option<String>,
}

struct Walk<'t> {
    text: &'t str,
    /// Where each line begins.
    starts: Vec<usize>,
    documents: Vec<Document>,
    identities: Vec<(String, String)>,
    outline: Outline,
}

impl Outline {
    /// Nothing where the text is no TOML.
    pub(super) fn of(text: &str) -> Option<Self> {
        let root = DeTable::parse(text).ok()?;
        let root = root.get_ref();
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let pairs = |key: &str, one: &str, two: &str| -> Vec<(String, String, String)> {
            let rows = root.get(key).and_then(|value| value.get_ref().as_array());
            let tables = rows.into_iter().flat_map(|rows| rows.iter()).filter_map(|row| row.get_ref().as_table());
            let said = |table: &DeTable<'_>, key: &str| text_of(table, key).unwrap_or_default().to_owned();
            tables.map(|table| (said(table, "key"), said(table, one), said(table, two))).collect()
        };
        let documents = pairs("source", "document", "status").into_iter();
        let mut walk = Walk {
            text,
            starts,
            documents: documents.map(|(key, document, status)| Document { key, document, status }).collect(),
            identities: pairs("identity", "label", "class").into_iter().map(|(key, label, _)| (key, label)).collect(),
            outline: Self { spots: Vec::new(), switches: Vec::new(), numbers: Vec::new() },
        };
        let way =
            Way { place: ROOT.to_owned(), part: "整包".to_owned(), steps: Vec::new(), reference: None, payer: None };
        walk.table(&way, root, 0);
        walk.outline.numbers.sort_by_key(|number| number.from);
        Some(walk.outline)
    }

    /// The table of this place; where the engine names one finer than the text shows, the one around it.
    fn spot(&self, place: &str) -> Option<&Spot> {
        let exact = self.spots.iter().find(|spot| spot.place == place);
        let around =
            || self.spots.iter().filter(|spot| place.starts_with(&spot.place)).max_by_key(|spot| spot.place.len());
        exact.or_else(around)
    }

    /// The line at which somebody has to look.
    pub(super) fn line_of(&self, error: &PackError) -> usize {
        let (place, key) = match error {
            PackError::NotToml { line, .. } => return *line,
            PackError::MissingSwitch { place, .. } | PackError::Contradiction { place, .. } => (place, None),
            PackError::UnknownKey { place, key } => (place, Some(key.as_str())),
            PackError::WrongValue { place, key, .. } => (place, Some(*key)),
        };
        let Some(spot) = self.spot(place) else { return 1 };
        let own = key.and_then(|key| spot.keys.iter().find(|(name, _)| name == key));
        own.map_or(spot.line, |(_, line)| *line)
    }

    /// The payer a fault lies in, by its label.
    pub(super) fn payer_of(&self, error: &PackError) -> Option<&str> {
        let place = match error {
            PackError::NotToml { .. } => return None,
            PackError::MissingSwitch { place, .. }
            | PackError::Contradiction { place, .. }
            | PackError::UnknownKey { place, .. }
            | PackError::WrongValue { place, .. } => place,
        };
        self.spot(place)?.payer.as_deref()
    }

    /// The line of the n-th thing that the rule engine says of a switch; `part` as it names it, `payer.basic`.
    pub(super) fn switch_line(&self, part: &str, switch: &str, nth: usize) -> Option<usize> {
        let payer = part.strip_prefix("payer.").unwrap_or_default();
        let of = |name: &str| self.switches.iter().find(|it| it.payer == payer && it.switch == name);
        // How further stays change a deductible stands in its row.
        let found = of(switch).or_else(|| of("deductible").filter(|_| switch == "repeat"))?;
        found.lines.get(nth).or(found.lines.last()).copied()
    }
}

impl Walk<'_> {
    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    fn units(&self, at: usize) -> i64 {
        let units = self.text.get(..at).unwrap_or_default().encode_utf16().count();
        i64::try_from(units).unwrap_or_default()
    }

    fn table(&mut self, way: &Way, table: &DeTable<'_>, at: usize) {
        let keys = table.keys().map(|key| (key.get_ref().to_string(), self.line(key.span().start))).collect();
        let line = self.line(at);
        self.outline.spots.push(Spot { place: way.place.clone(), line, keys, payer: way.payer.clone() });
        if way.steps.is_empty() && (way.payer.is_some() || way.place == ROOT) {
            let payer = way.payer.as_ref().and_then(|_| text_of(table, "key")).unwrap_or_default();
            self.switches(payer, table);
        }
        let own = text_of(table, "ref").map(str::to_owned).or_else(|| way.reference.clone());
        let refs = table.get("refs").and_then(|value| value.get_ref().as_table());
        for (key, value) in table.iter() {
            let name = key.get_ref().as_ref();
            let cited = refs.and_then(|refs| text_of(refs, name)).map(str::to_owned).or_else(|| own.clone());
            match value.get_ref() {
                DeValue::Table(below) if name != "refs" => {
                    let mut way = self.down(way, name, cited);
                    way.place = format!("{}的“{}”", way.place, word(name));
                    self.table(&way, below, value.span().start);
                }
                DeValue::Table(below) => {
                    let place = format!("{}的“{}”", way.place, word(name));
                    let keys =
                        below.keys().map(|key| (key.get_ref().to_string(), self.line(key.span().start))).collect();
                    let line = self.line(key.span().start);
                    self.outline.spots.push(Spot { place, line, keys, payer: way.payer.clone() });
                }
                DeValue::Array(rows) => {
                    for (place, row) in rows.iter().enumerate() {
                        if let DeValue::Table(below) = row.get_ref() {
                            let way = self.row(way, name, place + 1, below, cited.clone());
                            self.table(&way, below, row.span().start);
                        }
                    }
                }
                DeValue::String(said) => self.number(way, name, said, value.span(), cited.as_deref()),
                DeValue::Integer(said) => self.number(way, name, said.as_str(), value.span(), cited.as_deref()),
                _ => {}
            }
        }
    }

    /// Notes at which lines the switches of the pack or of a payer stand.
    fn switches(&mut self, payer: &str, table: &DeTable<'_>) {
        for (key, value) in table.iter() {
            let own = self.line(key.span().start);
            let rows = value.get_ref().as_array().into_iter().flat_map(|rows| rows.iter());
            let rows = rows.filter(|row| row.get_ref().is_table()).map(|row| self.line(row.span().start));
            let mut lines: Vec<usize> = rows.collect();
            // The pack says of a list that there is one before it tells its rows.
            if payer.is_empty() || lines.is_empty() {
                lines.insert(0, lines.first().copied().unwrap_or(own));
            }
            self.outline.switches.push(SwitchLines {
                payer: payer.to_owned(),
                switch: key.get_ref().to_string(),
                lines,
            });
        }
    }

    fn down(&self, way: &Way, name: &str, cited: Option<String>) -> Way {
        let mut below = way.clone();
        if way.payer.is_none() && way.steps.is_empty() {
            below.part = word(name).to_owned();
        } else {
            below.steps.push(word(name).to_owned());
        }
        below.reference = cited;
        below
    }

    /// The way to the n-th row of a list of tables.
    fn row(&mut self, way: &Way, name: &str, number: usize, row: &DeTable<'_>, cited: Option<String>) -> Way {
        let mut below = self.down(way, name, cited);
        let place = format!("{}的“{}”第{number}行", way.place, word(name));
        match (name, text_of(row, "label")) {
            ("payer", Some(label)) => {
                below.place = format!("支付方“{label}”");
                below.part = label.to_owned();
                below.payer = Some(label.to_owned());
            }
            ("when", _) => below.place = format!("{}的“适用条件”", way.place),
            _ => below.place = place,
        }
        let label = text_of(row, "label").or_else(|| text_of(row, "document")).filter(|_| name != "payer");
        let said = condition(row, &self.identities);
        below.steps.extend(label.map(str::to_owned).into_iter().chain(Some(said).filter(|said| !said.is_empty())));
        below
    }

    fn number(&mut self, way: &Way, name: &str, said: &str, span: std::ops::Range<usize>, cited: Option<&str>) {
        let counts = Fen::parse(said).is_ok() || Ratio::parse(said).is_ok() || (said == "none" && OPEN.contains(&name));
        if NAMES.contains(&name) || !counts {
            return;
        }
        let quoted = self.text.get(span.clone()).is_some_and(|it| it.starts_with('"') && it.len() == said.len() + 2);
        let inside = if quoted { span.start + 1..span.end - 1 } else { span.clone() };
        let (article, status) = self.article(cited.unwrap_or_default());
        let place = way.steps.iter().map(String::as_str).chain([word(name)]).collect::<Vec<_>>().join(" · ");
        self.outline.numbers.push(PackNumber {
            part: way.part.clone(),
            place,
            value: said.to_owned(),
            article,
            status,
            line: i64::try_from(self.line(span.start)).unwrap_or_default(),
            from: self.units(inside.start),
            to: self.units(inside.end),
        });
    }

    /// `S1 第二十一条` as document and article, and how sure we are of it.
    fn article(&self, reference: &str) -> (String, String) {
        let (key, article) = reference.split_once(' ').unwrap_or((reference, ""));
        match self.documents.iter().find(|document| document.key == key) {
            Some(found) => (format!("{} {article}", found.document).trim_end().to_owned(), found.status.clone()),
            None => (reference.to_owned(), Status::Unverified.label().to_owned()),
        }
    }
}
