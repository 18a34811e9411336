//! 诊断、签约团队、签约与随访.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;

record! {
    /// One confirmed disease of one person.
    Diagnosis = 7, "diagnosis", "诊断", Fact, index ["person", "icd10"] {
        person: RecordId [Ref(2)] = 1, "人", Fact, Personal;
        disease: String [Text] = 2, "疾病名称", Fact, Personal;
        icd10: String [Text] = 3, "ICD-10", Fact, Personal;
        grade: String [Text] = 4, "分级", Fact, Personal;
        risk: String [Text] = 5, "危险分层", Fact, Personal;
        class: String [Code("disease_class")] = 6, "病类", Fact, Personal;
        batch: String [Code("three_batches")] = 7, "三个一批", Fact, Personal;
        hospital: String [Text] = 8, "确诊机构", Fact, Personal;
        hospital_level: String [Code("hospital_level")] = 9, "机构级别", Fact, Personal;
        diagnosed_on: NaiveDate [Date] = 10, "确诊日期", Fact, Personal;
        restricted: bool [Bool] = 11, "限制查看", Fact, Open;
        source: String [Text] = 12, "来源", Fact, Personal;
    }
}

record! {
    /// A 1+1+1 family-doctor team: village, township and county doctor.
    Team = 8, "team", "家庭医生团队", State, index [] {
        name: String [Text] = 1, "团队名称", Contact, Open;
        village_doctor: String [Text] = 2, "村医", Contact, Open;
        village_phone: String [Text] = 3, "村医电话", Contact, Open;
        village_clinic: String [Text] = 4, "村卫生室", Contact, Open;
        township_doctor: String [Text] = 5, "乡医生", Contact, Open;
        township_phone: String [Text] = 6, "乡医生电话", Contact, Open;
        county_doctor: String [Text] = 7, "县级专家", Contact, Open;
        county_phone: String [Text] = 8, "县级专家电话", Contact, Open;
        county_hospital: String [Text] = 9, "县级医院", Contact, Open;
        deleted: bool [Bool] = 10, "已停用", Contact, Open;
    }
}

record! {
    /// A family-doctor contract (签约) of one person for a period.
    Contract = 9, "contract", "签约", State, index ["person"] {
        person: RecordId [Ref(2)] = 1, "人", Contact, Personal;
        team: RecordId [Ref(8)] = 2, "团队", Contact, Open;
        since: NaiveDate [Date] = 3, "起", Contact, Personal;
        until: NaiveDate [Date] = 4, "止", Contact, Personal;
        package: String [Text] = 5, "服务包", Contact, Personal;
        ended_on: NaiveDate [Date] = 6, "解约日期", Contact, Personal;
        ended_reason: String [Code("contract_end")] = 7, "解约原因", Contact, Personal;
        deleted: bool [Bool] = 8, "已删除", Contact, Personal;
    }
}

record! {
    /// Why a person has no contract, and whether that takes the person out of 应签.
    Exclusion = 10, "exclusion", "未签原因", State, index ["person"] {
        person: RecordId [Ref(2)] = 1, "人", Contact, Personal;
        reason: String [Code("exclusion_reason")] = 2, "未签原因", Contact, Personal;
        since: NaiveDate [Date] = 3, "起", Contact, Personal;
        until: NaiveDate [Date] = 4, "止", Contact, Personal;
        evidence: String [Text] = 5, "依据", Contact, Personal;
        deleted: bool [Bool] = 6, "已删除", Contact, Personal;
    }
}

record! {
    /// One follow-up visit (随访).
    Visit = 11, "visit", "随访", Fact, index ["person", "visited_on"] {
        person: RecordId [Ref(2)] = 1, "人", Fact, Personal;
        kind: String [Code("visit_kind")] = 2, "随访类别", Fact, Personal;
        visited_on: NaiveDate [Date] = 3, "随访日期", Fact, Personal;
        mode: String [Code("visit_mode")] = 4, "随访方式", Fact, Personal;
        systolic: i64 [Int] = 5, "收缩压 mmHg", Fact, Personal;
        diastolic: i64 [Int] = 6, "舒张压 mmHg", Fact, Personal;
        /// Millimoles per litre times ten.
        glucose_tenths: i64 [Int] = 7, "空腹血糖 ×10 mmol/L", Fact, Personal;
        control: String [Code("control_result")] = 8, "控制结果", Fact, Personal;
        doctor: String [Text] = 9, "随访医生", Fact, Personal;
        next_on: NaiveDate [Date] = 10, "下次随访日期", Fact, Personal;
        note: String [Text] = 11, "随访记录", Fact, Personal;
    }
}
