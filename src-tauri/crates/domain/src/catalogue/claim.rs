//! 应报未报的追办: what a payer still owes a family, from the letter to its end.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;
use crate::money::Fen;

record! {
    /// One bill, or the end of a person's year, on which a payer paid too little (or too much), followed until a correcting settlement or a decision with its
    /// reason ends it. What is short is derived at every look; the amounts here are those that were claimed.
    Claim = 40, "claim", "应报未报追办", State, index ["settlement", "person", "correction"] {
        @since 3 {
            settlement: RecordId [Ref(13)] = 1, "结算单", Contact, Personal;
            person: RecordId [Ref(2)] = 2, "人", Contact, Personal;
            state: String [Code("claim_state")] = 3, "状态", Contact, Personal;
            /// Short over all payers when the letter was written.
            amount: Fen [Money] = 4, "要求补报金额", Contact, Personal;
            paid_to: String [Text] = 5, "发函单位", Contact, Personal;
            letter: String [Text] = 6, "函件编号", Contact, Personal;
            /// Of the last letter: a reminder counts anew.
            sent_on: NaiveDate [Date] = 7, "发函日期", Contact, Personal;
            answered_on: NaiveDate [Date] = 8, "答复日期", Contact, Personal;
            answer: String [Text] = 9, "答复内容", Contact, Personal;
            /// The settlement with which the money was made good.
            correction: RecordId [Ref(13)] = 10, "补报结算单", Contact, Personal;
            decision: String [Code("claim_decision")] = 11, "不再追的原因", Contact, Personal;
            reason: String [Text] = 12, "说明", Contact, Personal;
            evidence: String [Text] = 13, "依据", Contact, Personal;
            decided_on: NaiveDate [Date] = 14, "办结日期", Contact, Personal;
            decided_by: String [Text] = 15, "办结人", Contact, Personal;
            deleted: bool [Bool] = 16, "已删除", Contact, Personal;
            /// The year at whose end something is owed; then there is no settlement yet that it could be about.
            year: i64 [Int] = 17, "结算年度", Contact, Personal;
            /// What is owed at the year's end is only paid when the family applies for it.
            applied: bool [Bool] = 18, "由本人申请", Contact, Personal;
            first_letter: String [Text] = 19, "首次函件编号", Contact, Personal;
            first_sent_on: NaiveDate [Date] = 20, "首次发函日期", Contact, Personal;
            letters: i64 [Int] = 21, "发函次数", Contact, Personal;
            /// What is decided upon where it is nothing that was paid too little.
            matter: String [Code("claim_matter")] = 22, "事项", Contact, Personal;
        }
    }
}
