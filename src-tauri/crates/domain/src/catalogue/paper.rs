//! 明白卡发放.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;

record! {
    /// One card (明白卡) made for one household, so that reprint lists are exact.
    CardIssue = 14, "card_issue", "明白卡发放", Fact, index ["household"] {
        household: RecordId [Ref(1)] = 1, "户", Fact, Open;
        edition: i64 [Int] = 2, "版次", Fact, Open;
        issued_on: NaiveDate [Date] = 3, "制卡日期", Fact, Open;
        pack: String [Text] = 4, "政策包版本", Fact, Open;
        content_digest: String [Text] = 5, "内容摘要", Fact, Open;
        signed_on: NaiveDate [Date] = 6, "签收日期", Fact, Open;
        signed_by: String [Text] = 7, "签收人", Fact, Personal;
    }
}
