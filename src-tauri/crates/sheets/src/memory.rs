//! What clerks said about files that came before: which column is which, and what a label means. Kept by the app for each
//! kind of file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::labels::label_key;

/// What the clerk said about labels the profile does not know: label → key of the profile's column, or `None` to ignore
/// the column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Label as it stands in the file → key of the column.
    pub labels: BTreeMap<String, Option<String>>,
}

/// Files with these columns, in whatever order, and what the clerk said about them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The labels of all columns as they are compared: each once, ascending.
    pub labels: Vec<String>,
    /// What was said about them.
    pub mapping: Mapping,
}

/// Everything said about one kind of file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The layouts somebody answered for.
    pub sources: Vec<Source>,
    /// Key of a column → label as it stands in the cells → label to read in its place.
    pub readings: BTreeMap<String, BTreeMap<String, String>>,
}

/// Of the labels of two layouts, so many of a hundred must be the same for them to come from one source: a column may be
/// added or dropped from one month to the next.
const ALIKE_PERCENT: usize = 80;

impl Source {
    /// The layout of a header, with what the clerk said about it.
    #[must_use]
    pub fn new<'l>(labels: impl IntoIterator<Item = &'l str>, mapping: Mapping) -> Self {
        Self { labels: layout(labels).into_iter().collect(), mapping }
    }

    /// How much of a hundred of the labels are the same; nothing where it is another layout.
    pub(crate) fn likeness(&self, labels: &BTreeSet<String>) -> Option<usize> {
        let same = self.labels.iter().filter(|label| labels.contains(*label)).count();
        let percent = (same * 100).checked_div(self.labels.len().max(labels.len()))?;
        (percent >= ALIKE_PERCENT).then_some(percent)
    }
}

/// The labels of a header as they are compared: each once, ascending, blank ones left out.
pub(crate) fn layout<'l>(labels: impl IntoIterator<Item = &'l str>) -> BTreeSet<String> {
    labels.into_iter().map(label_key).filter(|label| !label.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Mapping, Source, layout};

    #[test]
    fn a_layout_is_known_in_any_order_and_with_one_column_more_but_not_by_half_of_its_columns() {
        let source = Source::new(["姓名", "证件号码", "户编号", "与户主关系", "手机"], Mapping::default());
        let likeness = |labels: &[&str]| source.likeness(&layout(labels.iter().copied()));
        assert_eq!(likeness(&["手机", "户编号", " 姓 名 ", "与户主关系", "证件号码", ""]), Some(100));
        assert_eq!(likeness(&["手机", "户编号", "姓名", "与户主关系", "证件号码", "民族"]), Some(83));
        assert_eq!(likeness(&["姓名", "证件号码", "就医机构", "结算日期", "手机"]), None);
        assert_eq!(Source::default().likeness(&BTreeSet::new()), None);
    }
}
