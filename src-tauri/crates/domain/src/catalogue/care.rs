//! 残疾人证、重点人群、大病救治与特慢病证: what is held and done for somebody who is ill.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;

record! {
    /// A disability certificate (残疾人证); the number alone may also stand with the person.
    Disability = 20, "disability", "残疾人证", State, index ["person"] {
        @since 2 {
            person: RecordId [Ref(2)] = 1, "人", Guarded, Personal;
            number: String [Text] = 2, "证号", Guarded, Masked;
            kind: String [Code("disability_kind")] = 3, "残疾类别", Guarded, Personal;
            grade: String [Code("disability_grade")] = 4, "残疾等级", Guarded, Personal;
            issued_on: NaiveDate [Date] = 5, "发证日期", Guarded, Personal;
            valid_until: NaiveDate [Date] = 6, "有效期至", Guarded, Personal;
            source: String [Text] = 7, "来源", Contact, Personal;
            deleted: bool [Bool] = 8, "已删除", Guarded, Personal;
        }
    }
}

record! {
    /// That somebody is managed as one of a crowd of public health (重点人群). Age alone makes nobody a row: the old and the
    /// small are found by their birth.
    Crowd = 21, "crowd", "重点人群", State, index ["person"] {
        @since 2 {
            person: RecordId [Ref(2)] = 1, "人", Contact, Personal;
            crowd: String [Code("crowd")] = 2, "人群", Contact, Personal;
            since: NaiveDate [Date] = 3, "纳入管理日期", Contact, Personal;
            until: NaiveDate [Date] = 4, "止", Contact, Personal;
            until_reason: String [Text] = 5, "终止原因", Contact, Personal;
            expected_on: NaiveDate [Date] = 6, "预产期", Contact, Personal;
            delivered_on: NaiveDate [Date] = 7, "分娩日期", Contact, Personal;
            doctor: String [Text] = 8, "责任医生", Contact, Personal;
            source: String [Text] = 9, "来源", Contact, Personal;
            deleted: bool [Bool] = 10, "已删除", Contact, Personal;
        }
    }
}

record! {
    /// One patient's case of classified treatment (大病专项救治, 居家康复): where, how, by whom, how far.
    TreatmentCase = 23, "treatment_case", "救治", State, index ["person"] {
        @since 2 {
            person: RecordId [Ref(2)] = 1, "人", Contact, Personal;
            diagnosis: RecordId [Ref(7)] = 2, "诊断", Contact, Personal;
            disease: String [Text] = 3, "病种", Contact, Personal;
            icd10: String [Text] = 4, "ICD-10", Contact, Personal;
            list: String [Text] = 5, "目录版本", Contact, Personal;
            way: String [Code("treatment_way")] = 6, "救治方式", Contact, Personal;
            confirmed_on: NaiveDate [Date] = 7, "确诊日期", Contact, Personal;
            hospital: String [Text] = 8, "定点医院", Contact, Personal;
            plan: String [Text] = 9, "诊疗方案", Contact, Personal;
            wish: String [Code("treatment_wish")] = 10, "治疗意愿", Contact, Personal;
            wish_reason: String [Text] = 11, "不愿意的原因", Contact, Personal;
            surgery_ready_on: NaiveDate [Date] = 12, "手术时机成熟日期", Contact, Personal;
            batch: String [Text] = 13, "集中救治批次", Contact, Personal;
            window_from: NaiveDate [Date] = 14, "批次起", Contact, Personal;
            window_until: NaiveDate [Date] = 15, "批次止", Contact, Personal;
            state: String [Code("treatment_state")] = 16, "进度", Contact, Personal;
            referred_on: NaiveDate [Date] = 17, "转诊日期", Contact, Personal;
            admitted_on: NaiveDate [Date] = 18, "入院日期", Contact, Personal;
            discharged_on: NaiveDate [Date] = 19, "出院日期", Contact, Personal;
            treated_on: NaiveDate [Date] = 20, "救治日期", Contact, Personal;
            result: String [Text] = 21, "救治结果", Contact, Personal;
            institution: String [Text] = 22, "责任机构", Contact, Personal;
            doctor: String [Text] = 23, "责任医生", Contact, Personal;
            cadre: String [Text] = 24, "帮扶干部", Contact, Personal;
            reported_on: NaiveDate [Date] = 25, "书面上报日期", Contact, Personal;
            closed_on: NaiveDate [Date] = 26, "结案日期", Contact, Personal;
            note: String [Text] = 27, "备注", Contact, Personal;
            restricted: bool [Bool] = 28, "限制查看", Contact, Open;
            deleted: bool [Bool] = 29, "已删除", Contact, Personal;
        }
    }
}

record! {
    /// An application for a 门诊特慢病证, from the evidence to the certificate and the insurer's mark.
    ChronicCertificate = 24, "chronic_certificate", "特慢病证", State, index ["person"] {
        @since 2 {
            person: RecordId [Ref(2)] = 1, "人", Contact, Personal;
            diagnosis: RecordId [Ref(7)] = 2, "诊断", Contact, Personal;
            disease: String [Text] = 3, "病种", Contact, Personal;
            icd10: String [Text] = 4, "ICD-10", Contact, Personal;
            list: String [Text] = 5, "目录版本", Contact, Personal;
            hospital: String [Text] = 6, "诊断机构", Contact, Personal;
            hospital_level: String [Code("hospital_level")] = 7, "机构级别", Contact, Personal;
            evidence: String [Text] = 8, "已有材料", Contact, Personal;
            lacking: String [Text] = 9, "还缺材料", Contact, Personal;
            needs_confirming: bool [Bool] = 10, "需上级医院确诊", Contact, Personal;
            submitted_on: NaiveDate [Date] = 11, "送审日期", Contact, Personal;
            batch: String [Text] = 12, "送审批次", Contact, Personal;
            review_on: NaiveDate [Date] = 13, "评审日期", Contact, Personal;
            result: String [Code("certificate_result")] = 14, "评审结果", Contact, Personal;
            result_reason: String [Text] = 15, "未通过的原因", Contact, Personal;
            number: String [Text] = 16, "证号", Contact, Masked;
            issued_on: NaiveDate [Date] = 17, "发证日期", Contact, Personal;
            valid_until: NaiveDate [Date] = 18, "有效期至", Contact, Personal;
            reported_on: NaiveDate [Date] = 19, "报社保中心日期", Contact, Personal;
            marked_on: NaiveDate [Date] = 20, "身份识别维护日期", Contact, Personal;
            note: String [Text] = 21, "备注", Contact, Personal;
            restricted: bool [Bool] = 22, "限制查看", Contact, Open;
            deleted: bool [Bool] = 23, "已删除", Contact, Personal;
        }
    }
}
