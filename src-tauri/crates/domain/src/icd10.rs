//! The categories of ICD-10 by their Chinese names, with what people call them every day.

use std::sync::OnceLock;

const SOURCE: &str = include_str!("../../../../assets/codes/icd10.tsv");

/// One category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// `I10`.
    pub code: &'static str,
    /// Its official name, `特发性(原发性)高血压`.
    pub name: &'static str,
    /// What people call what falls under it, `高血压`; the first is the commonest.
    pub everyday: Vec<&'static str>,
}

/// Every category, in the order of the codes.
#[must_use]
pub fn categories() -> &'static [Category] {
    static CATEGORIES: OnceLock<Vec<Category>> = OnceLock::new();
    CATEGORIES.get_or_init(|| {
        let lines = SOURCE.lines().skip(1);
        let read = |line: &'static str| {
            let mut columns = line.split('\t');
            let (code, name) = (columns.next()?, columns.next()?);
            let everyday = columns.next().unwrap_or_default().split('|').filter(|word| !word.is_empty()).collect();
            Some(Category { code, name, everyday })
        };
        let mut all: Vec<_> = lines.filter_map(read).collect();
        all.sort_by_key(|category| category.code);
        all
    })
}

/// The category a code falls under: `I10.x00` under `I10`.
#[must_use]
pub fn category(code: &str) -> Option<&'static Category> {
    let code = code.get(..3)?.to_ascii_uppercase();
    let place = categories().binary_search_by_key(&code.as_str(), |category| category.code).ok()?;
    categories().get(place)
}

#[cfg(test)]
mod tests {
    use super::{categories, category};

    #[test]
    fn every_category_stands_once_with_a_code_of_three() {
        assert_eq!(categories().len(), 1_586);
        assert!(categories().windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(categories().iter().all(|one| one.code.len() == 3 && !one.name.is_empty()));
    }

    #[test]
    fn a_code_with_decimals_falls_under_its_category() {
        assert_eq!(category("i10.x00x002").map(|one| one.name), Some("特发性(原发性)高血压"));
        assert_eq!(category("ZZZ"), None);
    }
}
