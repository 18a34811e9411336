//! The built-in typefaces and the characters they cover.

use std::sync::OnceLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::PaperError;

static REGULAR: &[u8] = include_bytes!("../../../../assets/fonts/NotoSansCJKsc-Regular.otf");
static BOLD: &[u8] = include_bytes!("../../../../assets/fonts/NotoSansCJKsc-Bold.otf");
static SERIF: &[u8] = include_bytes!("../../../../assets/fonts/NotoSerifCJKsc-Regular.otf");
static SERIF_BOLD: &[u8] = include_bytes!("../../../../assets/fonts/NotoSerifCJKsc-Bold.otf");
static RARE: &[u8] = include_bytes!("../../../../assets/fonts/MingbaiRareHan-Regular.otf");

/// The parsed typefaces. Parsed once; the bytes stay where the program was loaded.
pub(crate) struct Typefaces {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
    covered: Coverage,
}

/// One bit per code point: asked for every character of every card.
struct Coverage(Vec<u64>);

impl Coverage {
    fn of(font: &Font) -> Self {
        let mut bits = vec![0_u64; 0x11_0000 / 64];
        for point in font.info().coverage.iter() {
            if let Some(word) = bits.get_mut((point / 64) as usize) {
                *word |= 1 << (point % 64);
            }
        }
        Self(bits)
    }

    fn contains(&self, c: char) -> bool {
        let point = u32::from(c);
        self.0.get((point / 64) as usize).is_some_and(|word| word >> (point % 64) & 1 == 1)
    }
}

impl Typefaces {
    /// The typefaces of this program.
    ///
    /// # Errors
    /// [`PaperError::Typefaces`] when a font does not parse.
    pub(crate) fn built_in() -> Result<&'static Self, PaperError> {
        static PARSED: OnceLock<Option<Typefaces>> = OnceLock::new();
        PARSED.get_or_init(Self::parse).as_ref().ok_or(PaperError::Typefaces)
    }

    fn parse() -> Option<Self> {
        let load = |data: &'static [u8]| Font::new(Bytes::new(data), 0);
        let (regular, bold, rare) = (load(REGULAR)?, load(BOLD)?, load(RARE)?);
        let (serif, serif_bold) = (load(SERIF)?, load(SERIF_BOLD)?);
        // The serif is for titles and never alone, so it adds nothing to what is covered.
        // A name may stand in bold anywhere, so a character counts only if both weights have it, or the fallback.
        let (light, heavy, extra) = (Coverage::of(&regular), Coverage::of(&bold), Coverage::of(&rare));
        let words = light.0.iter().zip(&heavy.0).zip(&extra.0).map(|((l, h), e)| (l & h) | e);
        let covered = Coverage(words.collect());
        let fonts = vec![regular, bold, serif, serif_bold, rare];
        Some(Self { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts, covered })
    }

    /// Whether `c` prints as itself. Private-use characters never do: what they show depends on the machine they
    /// were typed on.
    pub(crate) fn cover(&self, c: char) -> bool {
        let private = matches!(u32::from(c), 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF);
        !private && self.covered.contains(c)
    }
}

/// Whether paper can show this character; for checking names while they are typed.
///
/// # Errors
/// [`PaperError::Typefaces`] when the built-in fonts cannot be read.
pub fn is_printable(c: char) -> Result<bool, PaperError> {
    Ok(Typefaces::built_in()?.cover(c))
}
