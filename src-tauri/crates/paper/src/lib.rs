//! Paper: the 明白卡 of a household as PDF for the printer and as SVG for the screen.
//!
//! Typst runs inside, with the typefaces of `assets/fonts` and the templates of `assets/cards` built in; a county may
//! lay its own templates over them. Nothing is read from the machine: no system fonts, no clock, no files, so the same
//! cards on the same day give the same bytes.
//!
//! Before anything is typeset two things are looked for: words that must never hang on a wall ([`wall_safe`]) and
//! characters the typefaces do not have. Neither is printed, both are reported by name.

mod agreement;
mod card;
mod code;
mod error;
mod frames;
mod glyphs;
mod letter;
mod list;
mod plan;
mod press;
mod sheet;
mod table;
mod template;
mod typefaces;
mod wall;
mod world;

#[cfg(test)]
mod tests;

pub use agreement::{Agreement, Doctors, agreements_pdf};
pub use card::{BenefitRow, Benefits, BillRow, Contact, Doctor, HouseholdCard, MemberRow, PhoneLine, Run, Sentence};
pub use error::PaperError;
pub use glyphs::MissingGlyph;
pub use letter::{Letter, LetterLine, LetterSum, letter_pdf};
pub use list::{ListColumn, ListGroup, ListSheet, list_pdf};
pub use plan::{PlanPlace, PlanSheet, plan_pdf};
pub use press::{Press, Preview, Printed, card_svg, cards_pdf};
pub use table::{TableHead, TableSheet, table_pdf};
pub use template::Templates;
pub use typefaces::is_printable;
pub use wall::{Withheld, wall_safe};
