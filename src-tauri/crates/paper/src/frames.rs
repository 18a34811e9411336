//! Reads what Typst has set, page by page.

use typst::layout::{Frame, FrameItem};
use typst_layout::PagedDocument;

use crate::PaperError;

/// Refuses pages that show a box instead of a character. The cards were checked before, so it is in a template.
///
/// # Errors
/// [`PaperError::TemplateGlyph`] with the first such character.
pub(crate) fn refuse_boxes(document: &PagedDocument) -> Result<(), PaperError> {
    document.pages().iter().try_for_each(|page| refuse_in(&page.frame))
}

fn refuse_in(frame: &Frame) -> Result<(), PaperError> {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => refuse_in(&group.frame)?,
            FrameItem::Text(text) => {
                if let Some(boxed) = text.glyphs.iter().find(|glyph| glyph.id == 0) {
                    let character = text.text.get(boxed.range()).and_then(|piece| piece.chars().next());
                    let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
                    return Err(PaperError::TemplateGlyph { character, text: text.text.to_string() });
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The words of a page in the order Typst placed them, for tests.
#[cfg(test)]
pub(crate) fn words(frame: &Frame) -> String {
    let mut all = String::new();
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => all.push_str(&words(&group.frame)),
            FrameItem::Text(text) => {
                all.push_str(&text.text);
                all.push(' ');
            }
            _ => {}
        }
    }
    all
}
