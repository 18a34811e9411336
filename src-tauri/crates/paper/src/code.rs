//! The square code (户码) of a household number, as one black path.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use crate::PaperError;

/// The code as SVG without a quiet zone: the template leaves white around it.
///
/// # Errors
/// [`PaperError::HouseholdNumber`] when the number is empty or too long for a code.
pub(crate) fn household_code(household_no: &str) -> Result<String, PaperError> {
    let refuse = || PaperError::HouseholdNumber { household_no: household_no.to_owned() };
    if household_no.trim().is_empty() {
        return Err(refuse());
    }
    // M restores 15 %: a card is folded, pinned and smoked on.
    let code = QrCode::with_error_correction_level(household_no, EcLevel::M).map_err(|_| refuse())?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for stretch in row.chunk_by(|a, b| a == b) {
            if stretch.first() == Some(&Color::Dark) {
                let length = stretch.len();
                write!(path, "M{x} {y}h{length}v1h-{length}z").map_err(|_| refuse())?;
            }
            x += stretch.len();
        }
    }
    Ok(format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}"><path d="{path}"/></svg>"#))
}
