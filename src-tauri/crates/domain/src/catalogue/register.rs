//! 户、人、户与人的关系、身份与致贫原因: who is on the register and why.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;

record! {
    /// A household as the poverty-alleviation office counts it.
    Household = 1, "household", "户", State, index ["number", "village"] {
        number: String [Text] = 1, "户编号", Guarded, Personal;
        village: RecordId [Ref(15)] = 2, "村", Guarded, Open;
        village_group: String [Text] = 3, "村民小组", Contact, Open;
        address: String [Text] = 4, "住址", Contact, Personal;
        phone: String [Text] = 5, "户联系电话", Contact, Masked;
        household_type: String [Code("household_type")] = 6, "户类型", Guarded, Personal;
        helper_name: String [Text] = 7, "帮扶责任人", Contact, Personal;
        helper_phone: String [Text] = 8, "帮扶人电话", Contact, Personal;
        recognised_on: NaiveDate [Date] = 9, "识别时间", Guarded, Personal;
        lifted_on: NaiveDate [Date] = 10, "脱贫时间", Guarded, Personal;
        instructor: String [Text] = 11, "健康明白人", Contact, Personal;
        remark: String [Text] = 12, "备注", Contact, Personal;
        deleted: bool [Bool] = 13, "已删除", Guarded, Personal;
    }
}

record! {
    /// A person. The citizen id is an attribute: it may be missing, mistyped, changed or shared by mistake.
    Person = 2, "person", "人", State, index ["citizen_id", "name"] {
        name: String [Text] = 1, "姓名", Guarded, Personal;
        sex: String [Code("sex")] = 2, "性别", Guarded, Personal;
        birth: NaiveDate [Date] = 3, "出生日期", Guarded, Personal;
        document_type: String [Code("document_type")] = 4, "证件类型", Guarded, Personal;
        citizen_id: String [Text] = 5, "公民身份号码", Guarded, Masked;
        disability_certificate: String [Text] = 6, "残疾人证号", Guarded, Masked;
        person_number: String [Text] = 7, "人编号", Guarded, Personal;
        ethnicity: String [Code("ethnicity")] = 8, "民族", Contact, Personal;
        education: String [Code("education")] = 9, "文化程度", Contact, Personal;
        schooling: String [Code("schooling")] = 10, "在校生状况", Contact, Personal;
        labour: String [Code("labour")] = 11, "劳动技能", Contact, Personal;
        health: String [Text] = 12, "健康状况", Contact, Personal;
        phone: String [Text] = 13, "联系电话", Contact, Masked;
        work_place: String [Text] = 14, "务工所在地", Contact, Personal;
        work_months: i64 [Int] = 15, "务工时间（月）", Contact, Personal;
        politics: String [Code("politics")] = 16, "政治面貌", Contact, Personal;
        died_on: NaiveDate [Date] = 17, "死亡日期", Guarded, Personal;
        deleted: bool [Bool] = 18, "已删除", Guarded, Personal;
    }
}

record! {
    /// One person's stay in one household. More than one open stay of a person is a row in the worklist.
    Membership = 3, "membership", "户内成员", State, index ["household", "person"] {
        household: RecordId [Ref(1)] = 1, "户", Guarded, Personal;
        person: RecordId [Ref(2)] = 2, "人", Guarded, Personal;
        relation: String [Code("relation")] = 3, "与户主关系", Guarded, Personal;
        joined_on: NaiveDate [Date] = 4, "转入日期", Guarded, Personal;
        left_on: NaiveDate [Date] = 5, "转出日期", Guarded, Personal;
        left_reason: String [Code("change_reason")] = 6, "变更原因", Guarded, Personal;
        ordinal: i64 [Int] = 7, "户内顺序", Contact, Open;
    }
}

record! {
    /// A person's aid identity with its dates; several may hold at once, the highest counts (京医保发〔2022〕37号).
    AidIdentity = 4, "aid_identity", "救助身份", State, index ["person"] {
        person: RecordId [Ref(2)] = 1, "人", Guarded, Personal;
        identity: String [Code("aid_identity")] = 2, "救助身份", Guarded, Personal;
        since: NaiveDate [Date] = 3, "起", Guarded, Personal;
        until: NaiveDate [Date] = 4, "止", Guarded, Personal;
        marked_at_insurer: bool [Bool] = 5, "医保系统已标识", Contact, Personal;
        source: String [Text] = 6, "来源", Contact, Personal;
        deleted: bool [Bool] = 7, "已删除", Guarded, Personal;
    }
}

record! {
    /// Why a household is poor: one main cause, any number of others.
    PovertyCause = 5, "poverty_cause", "致贫原因", State, index ["household"] {
        household: RecordId [Ref(1)] = 1, "户", Guarded, Personal;
        cause: String [Code("poverty_cause")] = 2, "致贫（返贫）原因", Guarded, Personal;
        main: bool [Bool] = 3, "主要原因", Guarded, Personal;
        deleted: bool [Bool] = 4, "已删除", Guarded, Personal;
    }
}

record! {
    /// A household's poverty or monitoring status from a date on.
    HouseholdStatus = 6, "household_status", "户属性", State, index ["household"] {
        household: RecordId [Ref(1)] = 1, "户", Guarded, Personal;
        status: String [Code("household_status")] = 2, "脱贫/监测属性", Guarded, Personal;
        since: NaiveDate [Date] = 3, "起", Guarded, Personal;
        deleted: bool [Bool] = 4, "已删除", Guarded, Personal;
    }
}

record! {
    /// A village (行政村) of the area, by its statistical division code.
    Village = 15, "village", "村", State, index ["code"] {
        code: String [Text] = 1, "区划代码", Guarded, Open;
        name: String [Text] = 2, "村名", Guarded, Open;
        township: String [Text] = 3, "乡镇区划代码", Guarded, Open;
        doctor_name: String [Text] = 4, "村医", Contact, Open;
        doctor_phone: String [Text] = 5, "村医电话", Contact, Open;
        clinic: String [Text] = 6, "村卫生室", Contact, Open;
    }
}
