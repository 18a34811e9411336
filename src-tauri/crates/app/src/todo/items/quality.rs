//! 数据核查: the errors that checking found and nobody has decided.

use crate::dto::Tone;
use crate::quality;
use crate::todo::Item;

pub(super) const ITEMS: [Item; 1] = [Item {
    key: quality::DESK,
    label: "数据核查发现的错误",
    section: "数据比对",
    tone: Tone::Missing,
    unit: "处",
    definition: "数据核查（F01–F59）查出的错误，没有豁免，也没有认定为无需整改；提醒在“数据比对 › 数据核查”里",
    on_desk: true,
    by_reason: false,
    reason: |line| line.detail.clone(),
    errand: None,
}];
