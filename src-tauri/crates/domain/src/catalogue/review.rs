//! 政策包的起草与复核: a pack is read by two people against its documents before it may be put in force.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;

record! {
    /// A pack being written. It is no pack: a program that does not know drafts must never compute by one.
    PackDraft = 41, "pack_draft", "政策包草稿", State, index [] {
        @since 3 {
            name: String [Text] = 1, "名称", CountyOnly, Open;
            version: String [Text] = 2, "版本", CountyOnly, Open;
            body: String [Text] = 3, "正文（TOML）", CountyOnly, Open;
            /// Bills with what must come out, as in the examples shipped (JSON).
            examples: String [Text] = 4, "算例", CountyOnly, Open;
            base: RecordId [Ref(18)] = 5, "改自", CountyOnly, Open;
            note: String [Text] = 6, "备注", CountyOnly, Open;
            deleted: bool [Bool] = 7, "已删除", CountyOnly, Open;
        }
    }
}

record! {
    /// One person's reading of one text, named by its digest: a changed letter is another text.
    PackReview = 42, "pack_review", "政策包复核", State, index ["digest"] {
        @since 3 {
            digest: String [Text] = 1, "正文 SHA-256", CountyOnly, Open;
            name: String [Text] = 2, "名称", CountyOnly, Open;
            version: String [Text] = 3, "版本", CountyOnly, Open;
            operator: RecordId [Ref(16)] = 4, "复核人", CountyOnly, Open;
            reviewer: String [Text] = 5, "复核人姓名", CountyOnly, Open;
            verdict: String [Code("review_verdict")] = 6, "复核意见", CountyOnly, Open;
            remarks: String [Text] = 7, "意见说明", CountyOnly, Open;
            reviewed_on: NaiveDate [Date] = 8, "复核日期", CountyOnly, Open;
            deleted: bool [Bool] = 9, "已删除", CountyOnly, Open;
        }
    }
}
