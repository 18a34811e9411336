//! From cards to pages.

use std::sync::OnceLock;

use chrono::NaiveDate;
use serde_json::{Value, json};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};
use typst_svg::SvgOptions;

use crate::PaperError;
use crate::card::HouseholdCard;
use crate::frames::refuse_boxes;
use crate::glyphs::{MissingGlyph, make_printable};
use crate::sheet::card_sheet;
use crate::template::Templates;
use crate::wall::{Withheld, wall_safe};
use crate::world::{CARDS, Workshop, datetime};

/// Cards as one PDF, in the order given, with a bookmark per household.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The file.
    pub pdf: Vec<u8>,
    /// Pages in it; more than the cards when a household needs a second sheet.
    pub pages: usize,
    /// Characters no typeface has, printed as a code.
    pub missing: Vec<MissingGlyph>,
    /// What was left off because it must not hang on a wall.
    pub withheld: Vec<Withheld>,
}

/// One card for the screen.
#[derive(Clone, Debug)]
pub struct Preview {
    /// One SVG per page, glyphs as outlines: it shows the same everywhere.
    pub pages: Vec<String>,
    /// As in [`Printed`].
    pub missing: Vec<MissingGlyph>,
    /// As in [`Printed`].
    pub withheld: Vec<Withheld>,
}

/// A press with one set of templates. Making one parses the templates; keep it.
pub struct Press {
    pub(crate) workshop: Workshop,
}

/// Cards set in type, with what had to be changed.
pub(crate) struct SetCards {
    pub(crate) document: PagedDocument,
    data: Vec<u8>,
    pub(crate) missing: Vec<MissingGlyph>,
    withheld: Vec<Withheld>,
}

impl Press {
    /// A press for these templates.
    ///
    /// # Errors
    /// [`PaperError::Template`] for a file name Typst refuses, [`PaperError::Typefaces`].
    pub fn new(templates: &Templates) -> Result<Self, PaperError> {
        Ok(Self { workshop: Workshop::new(templates)? })
    }

    /// The press with the built-in templates, shared by the whole program.
    ///
    /// # Errors
    /// [`PaperError::Typefaces`].
    pub fn built_in() -> Result<&'static Self, PaperError> {
        static PRESS: OnceLock<Result<Press, PaperError>> = OnceLock::new();
        PRESS.get_or_init(|| Self::new(&Templates::built_in())).as_ref().map_err(Clone::clone)
    }

    /// All cards as one PDF. The same cards on the same day give the same bytes.
    ///
    /// # Errors
    /// [`PaperError::NoCards`] for an empty list; a template error with its line; a household number without a code.
    pub fn cards_pdf(&self, cards: &[HouseholdCard], today: NaiveDate) -> Result<Printed, PaperError> {
        let set = self.set(cards, today)?;
        let (pdf, pages) = Self::to_pdf(&set.document, &set.data, today)?;
        Ok(Printed { pdf, pages, missing: set.missing, withheld: set.withheld })
    }

    /// A set document as a file, and how many pages it has.
    pub(crate) fn to_pdf(
        document: &PagedDocument,
        data: &[u8],
        today: NaiveDate,
    ) -> Result<(Vec<u8>, usize), PaperError> {
        let options = PdfOptions {
            // Hashed into the document id: content and day, nothing else.
            ident: Smart::Custom(format!("{today}{}", String::from_utf8_lossy(data))),
            creator: Smart::Custom(Some("明白账".to_owned())),
            timestamp: Some(Timestamp::new_utc(datetime(today)?)),
            // A tag tree doubles the file and means nothing to a printer.
            tagged: false,
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(document, &options).map_err(|errors| {
            let detail = errors.first().map_or_else(String::new, |error| error.message.to_string());
            PaperError::Pdf { detail }
        })?;
        let pages = document.pages().len();
        // Typst remembers every layout; after a village that is hundreds of megabytes nobody will ask for again.
        typst::comemo::evict(0);
        Ok((pdf, pages))
    }

    /// One card as SVG pages.
    ///
    /// # Errors
    /// As [`Press::cards_pdf`].
    pub fn card_svg(&self, card: &HouseholdCard, today: NaiveDate) -> Result<Preview, PaperError> {
        let set = self.set(std::slice::from_ref(card), today)?;
        let options = SvgOptions::default();
        let pages = set.document.pages().iter().map(|page| typst_svg::svg(page, &options)).collect();
        typst::comemo::evict(4);
        Ok(Preview { pages, missing: set.missing, withheld: set.withheld })
    }

    pub(crate) fn set(&self, cards: &[HouseholdCard], today: NaiveDate) -> Result<SetCards, PaperError> {
        let first = cards.first().ok_or(PaperError::NoCards)?;
        let (mut sheets, mut missing, mut withheld) = (Vec::with_capacity(cards.len()), Vec::new(), Vec::new());
        for card in cards {
            let (safe, left_off) = wall_safe(card);
            withheld.extend(left_off);
            let mut sheet = card_sheet(&safe)?;
            missing.extend(make_printable(&mut sheet, self.workshop.typefaces, &card.household_no, &card.head));
            sheets.push(sheet);
        }
        let data = json!({"title": "健康帮扶明白卡", "issuer": first.unit, "cards": Value::Array(sheets)});
        let data = data.to_string().into_bytes();
        let document = self.workshop.set(CARDS, data.clone(), today)?;
        refuse_boxes(&document)?;
        Ok(SetCards { document, data, missing, withheld })
    }
}

/// [`Press::cards_pdf`] with the built-in templates.
///
/// # Errors
/// As [`Press::cards_pdf`].
pub fn cards_pdf(cards: &[HouseholdCard], today: NaiveDate) -> Result<Printed, PaperError> {
    Press::built_in()?.cards_pdf(cards, today)
}

/// [`Press::card_svg`] with the built-in templates.
///
/// # Errors
/// As [`Press::card_svg`].
pub fn card_svg(card: &HouseholdCard, today: NaiveDate) -> Result<Preview, PaperError> {
    Press::built_in()?.card_svg(card, today)
}
