//! Templates: Typst files a county can change without a programmer.

use std::collections::BTreeMap;

/// The first file Typst reads.
pub(crate) const MAIN: &str = "household.typ";

/// A set of template files: the built-in ones, with a county's own laid over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Templates {
    pub(crate) files: BTreeMap<String, String>,
}

impl Templates {
    /// The templates this program comes with.
    #[must_use]
    pub fn built_in() -> Self {
        let files = [
            (MAIN, include_str!("../../../../assets/cards/household.typ")),
            ("parts.typ", include_str!("../../../../assets/cards/parts.typ")),
            ("letter.typ", include_str!("../../../../assets/forms/letter.typ")),
            ("agreement.typ", include_str!("../../../../assets/forms/agreement.typ")),
            ("list.typ", include_str!("../../../../assets/forms/list.typ")),
            ("plan.typ", include_str!("../../../../assets/forms/plan.typ")),
            ("table.typ", include_str!("../../../../assets/forms/table.typ")),
        ];
        Self { files: files.map(|(name, text)| (name.to_owned(), text.to_owned())).into() }
    }

    /// Replaces or adds a file by its name (`household.typ`, `parts.typ`, or one that these import).
    #[must_use]
    pub fn with(mut self, name: &str, text: &str) -> Self {
        // Windows editors save a byte-order mark, which Typst would print.
        self.files.insert(name.to_owned(), text.trim_start_matches('\u{FEFF}').to_owned());
        self
    }
}

impl Default for Templates {
    fn default() -> Self {
        Self::built_in()
    }
}
