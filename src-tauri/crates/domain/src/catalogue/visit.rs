//! 随访: the four national forms and the 贫困患者随访 in one wide fact. A fact's body holds only what was said, and lists and
//! due dates read one table. What only the forms for severe mental illness and tuberculosis ask is restricted.

use chrono::NaiveDate;

use super::declare::record;
use crate::id::RecordId;
use crate::money::Fen;
use crate::value::CodeSet;

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
        @since 2 {
            /// Centimetres times ten.
            height_tenths: i64 [Int] = 12, "身高 ×10 cm", Fact, Personal;
            /// Kilograms times ten.
            weight_tenths: i64 [Int] = 13, "体重 ×10 kg", Fact, Personal;
            target_weight_tenths: i64 [Int] = 14, "目标体重 ×10 kg", Fact, Personal;
            waist_tenths: i64 [Int] = 15, "腰围 ×10 cm", Fact, Personal;
            heart_rate: i64 [Int] = 16, "心率 次/分", Fact, Personal;
            signs: String [Text] = 17, "其他体征", Fact, Personal;
            symptoms: CodeSet [Codes("symptom_hypertension")] = 18, "症状（高血压）", Fact, Personal;
            symptoms_diabetes: CodeSet [Codes("symptom_diabetes")] = 19, "症状（糖尿病）", Fact, Personal;
            symptom_note: String [Text] = 20, "其他症状", Fact, Personal;
            smoking: i64 [Int] = 21, "日吸烟量 支", Fact, Personal;
            drinking_tenths: i64 [Int] = 22, "日饮酒量 ×10 两", Fact, Personal;
            exercise_times: i64 [Int] = 23, "运动 次/周", Fact, Personal;
            exercise_minutes: i64 [Int] = 24, "运动 分钟/次", Fact, Personal;
            salt: String [Code("salt")] = 25, "摄盐", Fact, Personal;
            staple_grams: i64 [Int] = 26, "主食 克/天", Fact, Personal;
            mind: String [Code("good_fair_poor")] = 27, "心理调整", Fact, Personal;
            obedience: String [Code("good_fair_poor")] = 28, "遵医行为", Fact, Personal;
            tests: String [Text] = 29, "辅助检查", Fact, Personal;
            drug_compliance: String [Code("drug_compliance")] = 30, "服药依从性", Fact, Personal;
            adverse: bool [Bool] = 31, "药物不良反应", Fact, Personal;
            adverse_note: String [Text] = 32, "不良反应说明", Fact, Personal;
            /// One drug a line: name, times a day, dose.
            drugs: String [Text] = 33, "用药", Fact, Personal;
            insulin: String [Text] = 34, "胰岛素用法", Fact, Personal;
            referral_reason: String [Text] = 35, "转诊原因", Fact, Personal;
            referral_to: String [Text] = 36, "转诊机构及科别", Fact, Personal;
            referral_result: String [Text] = 37, "转诊结果", Fact, Personal;
            outcome: String [Code("visit_outcome")] = 38, "转归", Fact, Personal;
            outcome_reason: String [Code("visit_stop")] = 39, "终止原因", Fact, Personal;
            clinic: String [Text] = 40, "随访机构", Fact, Personal;
            platform: String [Text] = 41, "录入平台", Fact, Personal;
            platform_on: NaiveDate [Date] = 42, "录入日期", Fact, Personal;
            source: String [Text] = 43, "来源", Fact, Personal;
            foot_pulse: String [Code("foot_pulse")] = 44, "足背动脉搏动", Fact, Personal;
            post_glucose_tenths: i64 [Int] = 45, "餐后血糖 ×10 mmol/L", Fact, Personal;
            hba1c_tenths: i64 [Int] = 46, "糖化血红蛋白 ×10 %", Fact, Personal;
            hba1c_on: NaiveDate [Date] = 47, "糖化血红蛋白检查日期", Fact, Personal;
            hypoglycaemia: String [Code("hypoglycaemia")] = 48, "低血糖反应", Fact, Personal;
            symptoms_mental: CodeSet [Codes("symptom_mental")] = 49, "症状（精神）", Fact, Restricted;
            lost_reason: String [Code("lost_reason")] = 50, "失访原因", Fact, Restricted;
            danger: i64 [Int] = 51, "危险性（0–5级）", Fact, Restricted;
            insight: String [Code("insight")] = 52, "自知力", Fact, Restricted;
            sleep: String [Code("good_fair_poor")] = 53, "睡眠", Fact, Restricted;
            diet: String [Code("good_fair_poor")] = 54, "饮食", Fact, Restricted;
            social_self: String [Code("good_fair_poor")] = 55, "个人生活料理", Fact, Restricted;
            social_housework: String [Code("good_fair_poor")] = 56, "家务劳动", Fact, Restricted;
            social_work: String [Code("good_fair_poor")] = 57, "生产劳动及工作", Fact, Restricted;
            social_study: String [Code("good_fair_poor")] = 58, "学习能力", Fact, Restricted;
            social_contact: String [Code("good_fair_poor")] = 59, "社会人际交往", Fact, Restricted;
            dangerous_acts: CodeSet [Codes("dangerous_act")] = 60, "危险行为", Fact, Restricted;
            dangerous_note: String [Text] = 61, "危险行为次数及说明", Fact, Restricted;
            locked: String [Code("locked")] = 62, "关锁情况", Fact, Restricted;
            hospitalised: String [Code("hospitalised")] = 63, "住院情况", Fact, Restricted;
            effect: String [Code("effect")] = 64, "治疗效果", Fact, Restricted;
            rehabilitation: CodeSet [Codes("rehabilitation")] = 65, "康复措施", Fact, Restricted;
            stability: String [Code("stability")] = 66, "病情分类", Fact, Restricted;
            symptoms_tb: CodeSet [Codes("symptom_tb")] = 67, "症状（肺结核）", Fact, Restricted;
            month: i64 [Int] = 68, "治疗月序", Fact, Restricted;
            supervisor: String [Code("supervisor")] = 69, "督导人员", Fact, Restricted;
            regimen: String [Text] = 70, "化疗方案", Fact, Restricted;
            dosing: String [Code("dosing")] = 71, "用法", Fact, Restricted;
            drug_forms: CodeSet [Codes("drug_form")] = 72, "药品剂型", Fact, Restricted;
            missed: i64 [Int] = 73, "漏服药次数", Fact, Restricted;
            complication: String [Text] = 74, "并发症或合并症", Fact, Restricted;
            stop_reason: String [Code("tb_stop")] = 75, "停止治疗原因", Fact, Restricted;
            stopped_on: NaiveDate [Date] = 76, "停止治疗日期", Fact, Restricted;
            due_visits: i64 [Int] = 77, "应访视次数", Fact, Restricted;
            done_visits: i64 [Int] = 78, "实际访视次数", Fact, Restricted;
            due_doses: i64 [Int] = 79, "应服药次数", Fact, Restricted;
            done_doses: i64 [Int] = 80, "实际服药次数", Fact, Restricted;
            employed: bool [Bool] = 81, "是否就业", Fact, Personal;
            income: Fen [Money] = 82, "家庭收入", Fact, Personal;
            income_source: CodeSet [Codes("income_source")] = 83, "收入来源", Fact, Personal;
            cause: String [Code("poverty_cause")] = 84, "致贫原因", Fact, Personal;
            spouse_health: String [Code("care_state")] = 85, "配偶健康状况", Fact, Personal;
            children: String [Text] = 86, "子女状况", Fact, Personal;
            elders: i64 [Int] = 87, "负担老人", Fact, Personal;
            elder_health: String [Code("care_state")] = 88, "老人健康状况", Fact, Personal;
            own_health: String [Code("care_state")] = 89, "个人健康状况", Fact, Personal;
            ill: bool [Bool] = 90, "是否患病", Fact, Personal;
            illnesses: CodeSet [Codes("poor_illness")] = 91, "患病种类", Fact, Personal;
        }
    }
}
