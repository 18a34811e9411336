//! What Typst may see: the templates, the cards, the built-in typefaces and the date. Nothing of the machine.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;

use crate::PaperError;
use crate::template::{MAIN, Templates};
use crate::typefaces::Typefaces;

/// A template with the file of its data, as the template names it.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    main: &'static str,
    data: &'static str,
}

/// The card of a household.
pub(crate) const CARDS: Form = Form { main: MAIN, data: "cards.json" };
/// An agreement that goes by post.
pub(crate) const AGREEMENT: Form = Form { main: "agreement.typ", data: "agreements.json" };
/// A list for the doctor's bag.
pub(crate) const LIST: Form = Form { main: "list.typ", data: "list.json" };
/// A letter to the insurer.
pub(crate) const LETTER: Form = Form { main: "letter.typ", data: "letter.json" };
/// A planned admission at several hospitals, for the family.
pub(crate) const PLAN: Form = Form { main: "plan.typ", data: "plan.json" };
/// An official table for the seal.
pub(crate) const TABLE: Form = Form { main: "table.typ", data: "table.json" };

/// Everything that stays the same between two printings: templates parsed once, typefaces, Typst's library.
pub(crate) struct Workshop {
    library: LazyHash<Library>,
    sources: HashMap<FileId, Source>,
    pub(crate) typefaces: &'static Typefaces,
}

impl Workshop {
    pub(crate) fn new(templates: &Templates) -> Result<Self, PaperError> {
        let mut sources = HashMap::new();
        for (name, text) in &templates.files {
            let id = file(name)?;
            sources.insert(id, Source::new(id, text.clone()));
        }
        let library = LazyHash::new(Library::builder().build());
        Ok(Self { library, sources, typefaces: Typefaces::built_in()? })
    }

    /// Sets a form with its data (JSON) as of `today`.
    ///
    /// # Errors
    /// [`PaperError::Template`] with the line at fault.
    pub(crate) fn set(&self, form: Form, data: Vec<u8>, today: NaiveDate) -> Result<PagedDocument, PaperError> {
        let (main, name) = (file(form.main)?, file(form.data)?);
        let job = Job { workshop: self, main, name, data: Bytes::new(data), today: datetime(today)? };
        typst::compile::<PagedDocument>(&job).output.map_err(|errors| match errors.first() {
            Some(error) => job.explain(error),
            None => PaperError::Pdf { detail: String::new() },
        })
    }
}

/// A calendar day as Typst has it, at midnight.
pub(crate) fn datetime(day: NaiveDate) -> Result<Datetime, PaperError> {
    let (month, date) = (u8::try_from(day.month()), u8::try_from(day.day()));
    let (Ok(month), Ok(date)) = (month, date) else { return Err(PaperError::Date) };
    Datetime::from_ymd_hms(day.year(), month, date, 0, 0, 0).ok_or(PaperError::Date)
}

fn file(name: &str) -> Result<FileId, PaperError> {
    let path = VirtualPath::new(name).map_err(|error| PaperError::Template {
        file: name.to_owned(),
        line: 0,
        reason: "文件名不能用".to_owned(),
        detail: format!("{error:?}"),
    })?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// One printing.
struct Job<'a> {
    workshop: &'a Workshop,
    main: FileId,
    /// The name of the data.
    name: FileId,
    data: Bytes,
    today: Datetime,
}

impl Job<'_> {
    fn explain(&self, error: &SourceDiagnostic) -> PaperError {
        let (mut file, mut line) = (MAIN.to_owned(), 0);
        if let Some(id) = error.span.id() {
            file = id.vpath().get_without_slash().to_owned();
            if let (Some(range), Some(source)) = (self.range(error.span), self.workshop.sources.get(&id)) {
                line = source.lines().byte_to_line(range.start).map_or(0, |line| line + 1);
            }
        }
        PaperError::Template { file, line, reason: in_chinese(&error.message), detail: error.message.to_string() }
    }
}

/// The common mistakes of somebody who edits a template, in Chinese; anything else in Typst's own words.
fn in_chinese(message: &str) -> String {
    let quoted = message.split('"').nth(1).unwrap_or_default();
    if let Some(name) = message.strip_prefix("unknown variable: ") {
        return format!("没有“{name}”这个名字");
    }
    if message.starts_with("dictionary does not contain key") {
        return format!("资料里没有“{quoted}”这一项");
    }
    if message.starts_with("unclosed delimiter") {
        return "有一个括号没有配对".to_owned();
    }
    if message.starts_with("unclosed string") {
        return "有一个引号没有配对".to_owned();
    }
    if message.starts_with("file not found") {
        return "找不到它引用的文件".to_owned();
    }
    if let Some(rest) = message.strip_prefix("expected ") {
        return format!("这里应当是 {rest}");
    }
    message.to_owned()
}

impl World for Job<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.workshop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.workshop.typefaces.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.workshop.sources.get(&id).cloned().ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.name {
            return Ok(self.data.clone());
        }
        self.source(id).map(|source| Bytes::from_string(source.text().to_owned()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.workshop.typefaces.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        Some(self.today)
    }
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
