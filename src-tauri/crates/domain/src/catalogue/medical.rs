//! 诊断、签约团队与签约.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;
use crate::money::Fen;
use crate::value::CodeSet;

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
        @since 2 {
            evidence: String [Text] = 13, "依据材料", Fact, Personal;
            treatment: String [Code("treatment_now")] = 14, "目前治疗", Fact, Personal;
            wish: String [Code("treatment_wish")] = 15, "治疗意愿", Fact, Personal;
            designated_hospital: String [Text] = 16, "定点医院", Fact, Personal;
            batch_reason: String [Text] = 17, "分类理由", Fact, Personal;
            batch_on: NaiveDate [Date] = 18, "分类日期", Fact, Personal;
            batch_doctor: String [Text] = 19, "分类医生", Fact, Personal;
            stage: String [Text] = 20, "分期", Fact, Personal;
            morphology: String [Text] = 21, "形态学编码", Fact, Personal;
            screened_on: NaiveDate [Date] = 22, "筛查日期", Fact, Personal;
            ended_on: NaiveDate [Date] = 23, "治愈、核减日期", Fact, Personal;
            ended_reason: String [Text] = 24, "治愈、核减原因", Fact, Personal;
            year_total: Fen [Money] = 25, "近一年总费用", Fact, Personal;
            year_reimbursed: Fen [Money] = 26, "近一年报销", Fact, Personal;
            year_personal: Fen [Money] = 27, "近一年自付", Fact, Personal;
            work_effect: String [Text] = 28, "劳动能力影响", Fact, Personal;
            platform: String [Text] = 29, "录入平台", Fact, Personal;
            platform_on: NaiveDate [Date] = 30, "录入日期", Fact, Personal;
        }
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
        @since 2 {
            signed_on: NaiveDate [Date] = 9, "签约日期", Contact, Personal;
            signer: String [Text] = 10, "家庭代表", Contact, Personal;
            number: String [Text] = 11, "协议编号", Contact, Personal;
            crowds: CodeSet [Codes("crowd")] = 12, "人群分类", Contact, Personal;
            paper: bool [Bool] = 13, "有纸质协议", Contact, Personal;
            handbook: bool [Bool] = 14, "有服务手册", Contact, Personal;
            service_card: bool [Bool] = 15, "有爱心服务卡", Contact, Personal;
            platform: String [Text] = 16, "录入平台", Contact, Personal;
            platform_on: NaiveDate [Date] = 17, "录入日期", Contact, Personal;
        }
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
