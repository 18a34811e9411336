//! 数据比对、数据质量与防返贫线索: what people decided, kept so that it is asked once.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;
use crate::money::Fen;

record! {
    /// One comparison of two lists with its control totals.
    ComparisonRun = 36, "comparison_run", "比对", Fact, index ["area"] {
        @since 2 {
            area: String [Text] = 1, "区划代码", Fact, Open;
            ours: String [Code("list_source")] = 2, "本方名单", Fact, Open;
            theirs: String [Code("list_source")] = 3, "对方名单", Fact, Open;
            file: String [Text] = 4, "文件名", Fact, Open;
            as_of: NaiveDate [Date] = 5, "数据日期", Fact, Open;
            ran_on: NaiveDate [Date] = 6, "比对日期", Fact, Open;
            /// Households and people by poverty status, both sides.
            totals: String [Text] = 7, "控制总数", Fact, Open;
            matched: i64 [Int] = 8, "一致", Fact, Open;
            differing: i64 [Int] = 9, "不一致", Fact, Open;
            only_ours: i64 [Int] = 10, "只在本方", Fact, Open;
            only_theirs: i64 [Int] = 11, "只在对方", Fact, Open;
            digest: String [Text] = 12, "文件 SHA-256", Fact, Open;
            note: String [Text] = 13, "备注", Fact, Open;
        }
    }
}

record! {
    /// What was decided about one difference, so that next month's run shows only what is new.
    ComparisonDecision = 37, "comparison_decision", "比对处理", State, index ["subject", "person", "household", "area"] {
        @since 2 {
            area: String [Text] = 1, "区划代码", Contact, Open;
            /// Names the difference for ever: kind, other list, who.
            subject: String [Text] = 2, "对象", Contact, Masked;
            person: RecordId [Ref(2)] = 3, "人", Contact, Personal;
            household: RecordId [Ref(1)] = 4, "户", Contact, Personal;
            difference: String [Code("difference_kind")] = 5, "差异类别", Contact, Personal;
            field: String [Text] = 6, "栏目", Contact, Personal;
            said_ours: String [Text] = 7, "本方", Contact, Personal;
            said_theirs: String [Text] = 8, "对方", Contact, Personal;
            theirs: String [Code("list_source")] = 9, "对方名单", Contact, Open;
            decision: String [Code("difference_decision")] = 10, "处理", Contact, Personal;
            reason: String [Text] = 11, "原因", Contact, Personal;
            evidence: String [Text] = 12, "依据", Contact, Personal;
            decided_on: NaiveDate [Date] = 13, "处理日期", Contact, Personal;
            reported_on: NaiveDate [Date] = 14, "提供对方日期", Contact, Personal;
            deleted: bool [Bool] = 15, "已删除", Contact, Personal;
        }
    }
}

record! {
    /// What was decided about one finding of the data-quality rules: owner, deadline, state, exemption.
    FindingDecision = 38, "finding_decision", "核查处理", State, index ["subject", "person", "household", "area"] {
        @since 2 {
            area: String [Text] = 1, "区划代码", Contact, Open;
            /// Names the finding for ever: rule and record.
            subject: String [Text] = 2, "对象", Contact, Personal;
            rule: String [Text] = 3, "规则编号", Contact, Open;
            person: RecordId [Ref(2)] = 4, "人", Contact, Personal;
            household: RecordId [Ref(1)] = 5, "户", Contact, Personal;
            owner: String [Text] = 6, "责任人", Contact, Personal;
            due_on: NaiveDate [Date] = 7, "期限", Contact, Personal;
            state: String [Code("finding_state")] = 8, "状态", Contact, Personal;
            reason: String [Text] = 9, "原因", Contact, Personal;
            evidence: String [Text] = 10, "依据", Contact, Personal;
            exempt_until: NaiveDate [Date] = 11, "豁免至", Contact, Personal;
            decided_on: NaiveDate [Date] = 12, "处理日期", Contact, Personal;
            deleted: bool [Bool] = 13, "已删除", Contact, Personal;
        }
    }
}

record! {
    /// Somebody who is not on the register and may be driven into poverty by illness: 防返贫监测线索 (domain A-16).
    RiskLead = 39, "risk_lead", "防返贫线索", State, index ["village", "area", "household"] {
        @since 2 {
            area: String [Text] = 1, "区划代码", Contact, Open;
            village: RecordId [Ref(15)] = 2, "村", Contact, Open;
            name: String [Text] = 3, "姓名", Contact, Personal;
            citizen_id: String [Text] = 4, "公民身份号码", Contact, Masked;
            phone: String [Text] = 5, "电话", Contact, Masked;
            address: String [Text] = 6, "住址", Contact, Personal;
            people: i64 [Int] = 7, "家庭人口", Contact, Personal;
            disease: String [Text] = 8, "疾病", Contact, Personal;
            icd10: String [Text] = 9, "ICD-10", Contact, Personal;
            out_of_pocket: Fen [Money] = 10, "自付费用", Contact, Personal;
            found_on: NaiveDate [Date] = 11, "发现日期", Contact, Personal;
            source: String [Text] = 12, "来源", Contact, Personal;
            reported_on: NaiveDate [Date] = 13, "上报日期", Contact, Personal;
            result: String [Code("lead_result")] = 14, "处理结果", Contact, Personal;
            household: RecordId [Ref(1)] = 15, "纳入的户", Contact, Personal;
            restricted: bool [Bool] = 16, "限制查看", Contact, Open;
            deleted: bool [Bool] = 17, "已删除", Contact, Personal;
        }
    }
}
