//! 村民小组、帮扶、走访、问题、资料与村级人员: what happens at the door.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;

record! {
    /// A 村民小组. Households name theirs in `village_group`, so that a household that moves leads nowhere.
    Hamlet = 19, "hamlet", "村民小组", State, index ["village"] {
        @since 2 {
            village: RecordId [Ref(15)] = 1, "村", Guarded, Open;
            name: String [Text] = 2, "组名", Guarded, Open;
            ordinal: i64 [Int] = 3, "顺序", Contact, Open;
            leader: String [Text] = 4, "组长", Contact, Personal;
            phone: String [Text] = 5, "电话", Contact, Masked;
            deleted: bool [Bool] = 6, "已删除", Contact, Open;
        }
    }
}

record! {
    /// One measure of help a household received, with its evidence.
    Measure = 28, "measure", "帮扶措施", State, index ["household"] {
        @since 2 {
            household: RecordId [Ref(1)] = 1, "户", Contact, Personal;
            kind: String [Code("measure_kind")] = 2, "措施类别", Contact, Personal;
            detail: String [Text] = 3, "内容", Contact, Personal;
            since: NaiveDate [Date] = 4, "起", Contact, Personal;
            until: NaiveDate [Date] = 5, "止", Contact, Personal;
            evidence: String [Text] = 6, "佐证材料", Contact, Personal;
            result: String [Text] = 7, "成效", Contact, Personal;
            source: String [Text] = 8, "来源", Contact, Personal;
            deleted: bool [Bool] = 9, "已删除", Contact, Personal;
        }
    }
}

record! {
    /// One contact with a household: at its door, by telephone, by post.
    HomeVisit = 29, "home_visit", "走访联系", Fact, index ["household", "person", "visited_on"] {
        @since 2 {
            household: RecordId [Ref(1)] = 1, "户", Fact, Personal;
            person: RecordId [Ref(2)] = 2, "人", Fact, Personal;
            visited_on: NaiveDate [Date] = 3, "日期", Fact, Personal;
            mode: String [Code("contact_mode")] = 4, "方式", Fact, Personal;
            purpose: String [Code("contact_purpose")] = 5, "事由", Fact, Personal;
            visitor: String [Text] = 6, "走访人", Fact, Personal;
            visitor_kind: String [Code("visitor_kind")] = 7, "走访人身份", Fact, Personal;
            problem: String [Text] = 8, "反映的问题", Fact, Personal;
            solution: String [Text] = 9, "解决办法", Fact, Personal;
            aware: String [Code("awareness")] = 10, "政策知晓", Fact, Personal;
            satisfied: String [Code("satisfaction")] = 11, "满意度", Fact, Personal;
            /// When an agreement sent by post came back signed.
            returned_on: NaiveDate [Date] = 12, "协议寄回日期", Fact, Personal;
            occasion: String [Text] = 13, "活动名称", Fact, Personal;
            note: String [Text] = 14, "备注", Fact, Personal;
        }
    }
}

record! {
    /// A problem somebody raised, open until it is closed with a result.
    Issue = 30, "issue", "反映问题", State, index ["household", "person"] {
        @since 2 {
            household: RecordId [Ref(1)] = 1, "户", Contact, Personal;
            person: RecordId [Ref(2)] = 2, "人", Contact, Personal;
            raised_on: NaiveDate [Date] = 3, "反映日期", Contact, Personal;
            raised_by: String [Text] = 4, "反映人", Contact, Personal;
            problem: String [Text] = 5, "问题", Contact, Personal;
            home_visit: RecordId [Ref(29)] = 6, "来自走访", Contact, Personal;
            owner: String [Text] = 7, "责任人", Contact, Personal;
            due_on: NaiveDate [Date] = 8, "期限", Contact, Personal;
            state: String [Code("issue_state")] = 9, "状态", Contact, Personal;
            closed_on: NaiveDate [Date] = 10, "办结日期", Contact, Personal;
            result: String [Text] = 11, "办理结果", Contact, Personal;
            deleted: bool [Bool] = 12, "已删除", Contact, Personal;
        }
    }
}

record! {
    /// Printed matter handed to a household or a patient.
    Material = 31, "material", "资料发放", Fact, index ["household", "person"] {
        @since 2 {
            household: RecordId [Ref(1)] = 1, "户", Fact, Personal;
            person: RecordId [Ref(2)] = 2, "人", Fact, Personal;
            kind: String [Code("material_kind")] = 3, "资料类别", Fact, Personal;
            title: String [Text] = 4, "名称", Fact, Personal;
            disease: String [Text] = 5, "对应疾病", Fact, Personal;
            issued_on: NaiveDate [Date] = 6, "发放日期", Fact, Personal;
            issued_by: String [Text] = 7, "发放人", Fact, Personal;
            copies: i64 [Int] = 8, "份数", Fact, Personal;
            occasion: String [Text] = 9, "活动名称", Fact, Personal;
        }
    }
}

record! {
    /// Who is there for a village: instructors, project keepers, the doctor in its chat group, the resident team.
    VillageStaff = 32, "village_staff", "村级健康人员", State, index ["village"] {
        @since 2 {
            village: RecordId [Ref(15)] = 1, "村", Contact, Open;
            role: String [Code("village_staff_role")] = 2, "角色", Contact, Open;
            name: String [Text] = 3, "姓名", Contact, Personal;
            phone: String [Text] = 4, "电话", Contact, Masked;
            since: NaiveDate [Date] = 5, "起", Contact, Personal;
            until: NaiveDate [Date] = 6, "止", Contact, Personal;
            trained_on: NaiveDate [Date] = 7, "培训日期", Contact, Personal;
            days: i64 [Int] = 8, "驻村天数", Contact, Personal;
            deleted: bool [Bool] = 9, "已删除", Contact, Open;
        }
    }
}
