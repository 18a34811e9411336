//! 体检、筛查服务与惠民待遇: what somebody was given on a day.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;
use crate::money::Fen;

record! {
    /// One health examination (体检) with its result in five classes.
    Exam = 25, "exam", "体检", Fact, index ["person", "examined_on"] {
        @since 2 {
            person: RecordId [Ref(2)] = 1, "人", Fact, Personal;
            examined_on: NaiveDate [Date] = 2, "体检日期", Fact, Personal;
            kind: String [Code("exam_kind")] = 3, "体检类别", Fact, Personal;
            place: String [Text] = 4, "体检机构", Fact, Personal;
            doctor: String [Text] = 5, "责任医生", Fact, Personal;
            height_tenths: i64 [Int] = 6, "身高 ×10 cm", Fact, Personal;
            weight_tenths: i64 [Int] = 7, "体重 ×10 kg", Fact, Personal;
            waist_tenths: i64 [Int] = 8, "腰围 ×10 cm", Fact, Personal;
            systolic: i64 [Int] = 9, "收缩压 mmHg", Fact, Personal;
            diastolic: i64 [Int] = 10, "舒张压 mmHg", Fact, Personal;
            heart_rate: i64 [Int] = 11, "心率 次/分", Fact, Personal;
            glucose_tenths: i64 [Int] = 12, "空腹血糖 ×10 mmol/L", Fact, Personal;
            ecg: String [Text] = 13, "心电图", Fact, Personal;
            auscultation: String [Text] = 14, "内科听诊", Fact, Personal;
            tests: String [Text] = 15, "辅助检查", Fact, Personal;
            findings: String [Text] = 16, "异常发现", Fact, Personal;
            result: String [Code("exam_result")] = 17, "甄别结果", Fact, Personal;
            suspected: String [Text] = 18, "疑似疾病", Fact, Personal;
            advice: String [Text] = 19, "健康指导", Fact, Personal;
            self_care: String [Code("self_care")] = 20, "生活自理", Fact, Personal;
            platform: String [Text] = 21, "录入平台", Fact, Personal;
            platform_on: NaiveDate [Date] = 22, "录入日期", Fact, Personal;
            source: String [Text] = 23, "来源", Fact, Personal;
            restricted: bool [Bool] = 24, "限制查看", Fact, Open;
        }
    }
}

record! {
    /// One screening or service of maternal and child health: 两癌筛查, 新生儿疾病筛查, 产检, 访视, 营养包 and their like.
    ScreeningEvent = 26, "screening_event", "筛查服务", Fact, index ["person"] {
        @since 2 {
            person: RecordId [Ref(2)] = 1, "人", Fact, Personal;
            kind: String [Code("screening_kind")] = 2, "项目", Fact, Personal;
            done_on: NaiveDate [Date] = 3, "日期", Fact, Personal;
            ordinal: i64 [Int] = 4, "第几次", Fact, Personal;
            place: String [Text] = 5, "机构", Fact, Personal;
            result: String [Code("screening_result")] = 6, "结果", Fact, Personal;
            detail: String [Text] = 7, "说明", Fact, Personal;
            doctor: String [Text] = 8, "医生", Fact, Personal;
            next_on: NaiveDate [Date] = 9, "下次日期", Fact, Personal;
            platform: String [Text] = 10, "录入平台", Fact, Personal;
            platform_on: NaiveDate [Date] = 11, "录入日期", Fact, Personal;
            source: String [Text] = 12, "来源", Fact, Personal;
            restricted: bool [Bool] = 13, "限制查看", Fact, Open;
        }
    }
}

record! {
    /// One benefit somebody received: 十免四补助, 两免两减半.
    BenefitGrant = 27, "benefit_grant", "惠民待遇", Fact, index ["person"] {
        @since 2 {
            person: RecordId [Ref(2)] = 1, "人", Fact, Personal;
            item: String [Code("benefit_item")] = 2, "项目", Fact, Personal;
            granted_on: NaiveDate [Date] = 3, "日期", Fact, Personal;
            year: i64 [Int] = 4, "年度", Fact, Personal;
            amount: Fen [Money] = 5, "补助金额", Fact, Personal;
            waived: Fen [Money] = 6, "减免金额", Fact, Personal;
            provider: String [Text] = 7, "提供机构", Fact, Personal;
            evidence: String [Text] = 8, "依据", Fact, Personal;
            source: String [Text] = 9, "来源", Fact, Personal;
        }
    }
}
