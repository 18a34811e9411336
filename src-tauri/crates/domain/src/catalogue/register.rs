//! 户、人、户与人的关系、身份与致贫原因: who is on the register and why.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;
use crate::money::Fen;

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
        @since 2 {
            income_per_head: Fen [Money] = 14, "人均纯收入", Contact, Personal;
            income_year: i64 [Int] = 15, "收入年度", Contact, Personal;
            out_of_pocket: Fen [Money] = 16, "合规自付支出", Contact, Personal;
            standard: String [Code("recognition_standard")] = 17, "识别标准", Guarded, Personal;
            no_labour: bool [Bool] = 18, "整户无劳动力兜底保障", Contact, Personal;
            unsafe_house: bool [Bool] = 19, "危房户", Contact, Personal;
            safe_water: bool [Bool] = 20, "已解决安全饮用水", Contact, Personal;
            dropout: bool [Bool] = 21, "义务教育阶段失学辍学", Contact, Personal;
            instructor_phone: String [Text] = 22, "健康明白人电话", Contact, Masked;
            instructor_trained_on: NaiveDate [Date] = 23, "健康明白人培训日期", Contact, Personal;
            surveyed_on: NaiveDate [Date] = 24, "患病调查日期", Contact, Personal;
            surveyed_by: String [Text] = 25, "调查人", Contact, Personal;
            paper_checked_on: NaiveDate [Date] = 26, "纸质与系统核对日期", Contact, Personal;
            paper_agrees: bool [Bool] = 27, "纸质与系统一致", Contact, Personal;
        }
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
        @since 2 {
            away: String [Code("away")] = 19, "外出状态", Contact, Personal;
            away_since: NaiveDate [Date] = 20, "外出日期", Contact, Personal;
            away_place: String [Text] = 21, "外出地", Contact, Personal;
            bedridden: bool [Bool] = 22, "卧病在家", Contact, Personal;
            self_care: String [Code("self_care")] = 23, "生活自理", Contact, Personal;
            marriage: String [Code("marriage")] = 24, "婚姻", Contact, Personal;
            employer: String [Text] = 25, "务工单位", Contact, Personal;
            public_job: String [Text] = 26, "公益性岗位", Contact, Personal;
            public_job_months: i64 [Int] = 27, "公益性岗位（月）", Contact, Personal;
            out_of_school_reason: String [Text] = 28, "失学辍学原因", Contact, Personal;
            registered_at: String [Text] = 29, "户籍地", Contact, Personal;
            lives_at: String [Text] = 30, "居住地", Contact, Personal;
            health_file: String [Text] = 31, "健康档案号", Contact, Personal;
            health_file_on: NaiveDate [Date] = 32, "建档日期", Contact, Personal;
            health_file_updated_on: NaiveDate [Date] = 33, "健康档案更新日期", Contact, Personal;
            national_on: NaiveDate [Date] = 34, "纳入全国动态管理系统日期", Contact, Personal;
            social_card: bool [Bool] = 35, "有社保卡", Contact, Personal;
            recognised_on: NaiveDate [Date] = 36, "人员识别时间", Guarded, Personal;
            birth_certificate: String [Text] = 37, "出生医学证明", Guarded, Masked;
            guardian: String [Text] = 38, "监护人", Contact, Personal;
            guardian_phone: String [Text] = 39, "监护人电话", Contact, Masked;
        }
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
        @since 2 {
            marked_on: NaiveDate [Date] = 8, "医保标识日期", Contact, Personal;
            marker: String [Text] = 9, "医保标识类别", Contact, Personal;
            certificate: String [Text] = 10, "证号", Contact, Masked;
        }
    }
}

record! {
    /// Why a household is poor: one main cause, any number of others.
    PovertyCause = 5, "poverty_cause", "致贫原因", State, index ["household"] {
        household: RecordId [Ref(1)] = 1, "户", Guarded, Personal;
        cause: String [Code("poverty_cause")] = 2, "致贫（返贫）原因", Guarded, Personal;
        main: bool [Bool] = 3, "主要原因", Guarded, Personal;
        deleted: bool [Bool] = 4, "已删除", Guarded, Personal;
        @since 2 {
            since: NaiveDate [Date] = 5, "起", Guarded, Personal;
            until: NaiveDate [Date] = 6, "止", Guarded, Personal;
            kind: String [Code("cause_kind")] = 7, "致贫原因还是返贫风险", Guarded, Personal;
            source: String [Text] = 8, "来源", Contact, Personal;
        }
    }
}

record! {
    /// A household's poverty or monitoring status from a date on.
    HouseholdStatus = 6, "household_status", "户属性", State, index ["household"] {
        household: RecordId [Ref(1)] = 1, "户", Guarded, Personal;
        status: String [Code("household_status")] = 2, "脱贫/监测属性", Guarded, Personal;
        since: NaiveDate [Date] = 3, "起", Guarded, Personal;
        deleted: bool [Bool] = 4, "已删除", Guarded, Personal;
        @since 2 {
            removal_mode: String [Code("removal_mode")] = 5, "风险消除方式", Guarded, Personal;
            evidence: String [Text] = 6, "依据", Contact, Personal;
            source: String [Text] = 7, "来源", Contact, Personal;
        }
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
        @since 2 {
            population: i64 [Int] = 7, "常住人口", Contact, Open;
            ended_on: NaiveDate [Date] = 8, "撤并日期", Guarded, Open;
            /// The division code of the village that this one became part of.
            successor: String [Text] = 9, "并入村区划代码", Guarded, Open;
        }
    }
}
