//! A disease is found by a few letters: the initials of its name, a part of the name, or its code.

use std::sync::OnceLock;

use mingbai_domain::icd10::{Category, categories};
use mingbai_store::{initials, normalised};

use crate::dto::{DiseaseList, DiseaseRequest, DiseaseRow};
use crate::error::AppError;
use crate::office::Context;

/// How many are offered.
const OFFERED: usize = 12;

/// One name of a category with what it is found by.
struct Name {
    category: &'static Category,
    name: &'static str,
    official: bool,
    spelt: String,
    initials: Vec<String>,
}

/// Every name, read and spelt once.
fn names() -> &'static [Name] {
    static NAMES: OnceLock<Vec<Name>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let spelt = |category, name, official| Name {
            category,
            name,
            official,
            spelt: normalised(name),
            initials: initials(name),
        };
        let both = |category: &'static Category| {
            let everyday = category.everyday.iter().map(move |name| spelt(category, *name, false));
            everyday.chain([spelt(category, category.name, true)])
        };
        categories().iter().flat_map(both).collect()
    })
}

/// How near a name is to what was typed: the smaller the nearer; nothing where it is not meant.
fn distance(name: &Name, typed: &str) -> Option<usize> {
    let places = [name.spelt.as_str()].into_iter().chain(name.initials.iter().map(String::as_str));
    let by_name = places.filter_map(|text| match text.find(typed)? {
        0 if text.len() == typed.len() => Some(0),
        0 => Some(2),
        _ => Some(3),
    });
    let code = name.category.code.to_ascii_lowercase();
    let by_code = typed.starts_with(code.as_str()) || code.starts_with(typed);
    by_name.chain(by_code.then_some(1)).min()
}

pub(crate) fn find(_: &mut Context<'_>, request: DiseaseRequest) -> Result<DiseaseList, AppError> {
    let typed = normalised(&request.text);
    if typed.is_empty() {
        return Ok(DiseaseList::default());
    }
    let mut found: Vec<(usize, &Name)> =
        names().iter().filter_map(|name| Some((distance(name, &typed)?, name))).collect();
    found.sort_by_key(|(far, name)| (*far, name.official, name.spelt.chars().count(), name.category.code));
    let mut rows: Vec<DiseaseRow> = Vec::new();
    for (_, name) in found {
        if rows.len() == OFFERED {
            break;
        }
        if rows.iter().all(|row| row.code != name.category.code) {
            let (code, official) = (name.category.code.to_owned(), name.category.name.to_owned());
            rows.push(DiseaseRow { code, name: name.name.to_owned(), official });
        }
    }
    Ok(DiseaseList { rows })
}

#[cfg(test)]
mod tests {
    use super::{distance, names};

    fn nearest(typed: &str) -> (&'static str, &'static str) {
        let near = names().iter().filter_map(|name| Some((distance(name, typed)?, name)));
        let (_, name) = near.min_by_key(|(far, name)| (*far, name.official, name.spelt.chars().count())).unwrap();
        (name.category.code, name.name)
    }

    #[test]
    fn a_disease_is_found_by_the_initials_of_its_everyday_name() {
        for (typed, code, name) in [
            ("gxy", "I10", "高血压"),
            ("tnb", "E11", "糖尿病"),
            ("mzf", "J44", "慢阻肺"),
            ("jsflz", "F20", "精神分裂症"),
            ("脑梗", "I63", "脑梗"),
            ("i10", "I10", "高血压"),
            ("i10.x00", "I10", "高血压"),
            ("wky", "K25", "胃溃疡"),
        ] {
            assert_eq!(nearest(typed), (code, name), "{typed}");
        }
    }
}
