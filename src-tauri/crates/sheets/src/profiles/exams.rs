//! 体检登记: one row is one person examined on one day.

use crate::profile::draft;
use crate::value::Pressure;

draft! {
    /// One examination of one person.
    ExamDraft, EXAMS = "exams", "体检登记表" {
        village: Text Optional = "村" ["行政村", "村名", "村(社区)"];
        name: Name Required = "姓名" ["体检人", "体检人姓名", "居民姓名"];
        id: Id Required = "证件号码" ["身份证号", "身份证号码", "公民身份号码", "证件号"];
        examined_on: Date Required = "体检日期" ["体检时间", "年检日期", "检查日期", "健康体检日期"];
        kind: Text Expected = "体检类别" ["体检类型", "体检人群", "体检对象", "人群分类"];
        place: Text Optional = "体检机构" ["体检地点", "体检单位", "体检医院"];
        doctor: Text Optional = "责任医生" ["体检医生", "医生", "医生签名"];
        height_tenths: Tenths Optional = "身高" ["身高(cm)"];
        weight_tenths: Tenths Optional = "体重" ["体重(kg)"];
        waist_tenths: Tenths Optional = "腰围" ["腰围(cm)"];
        pressure: Pressure Optional = "血压" ["血压(mmHg)", "血压值"];
        systolic: Count Optional = "收缩压" ["收缩压(mmHg)", "血压收缩压", "高压"];
        diastolic: Count Optional = "舒张压" ["舒张压(mmHg)", "血压舒张压", "低压"];
        heart_rate: Count Optional = "心率" ["脉搏", "脉率", "心率(次/分)"];
        glucose_tenths: Tenths Optional = "空腹血糖" ["空腹血糖(mmol/L)", "血糖"];
        ecg: Text Optional = "心电图" [];
        auscultation: Text Optional = "内科听诊" ["听诊"];
        tests: Text Optional = "辅助检查" ["化验检查"];
        findings: Text Optional = "异常发现" ["异常情况", "体检异常", "检查异常", "健康评价异常"];
        result: Text Optional = "甄别结果" ["体检结果", "体检结论", "健康评价", "结论"];
        suspected: Text Optional = "疑似疾病" ["疑似患病"];
        advice: Text Optional = "健康指导" ["处理意见", "建议", "指导意见"];
        self_care: Text Optional = "生活自理" ["自理能力", "生活自理能力", "老年人生活自理能力评估"];
        platform: Text Optional = "录入平台" ["录入系统"];
        platform_on: Date Optional = "录入日期" ["录入时间"];
        remark: Text Optional = "备注" [];
    }
}

impl ExamDraft {
    /// The blood pressure, whether it stood in one column or in two.
    #[must_use]
    pub fn blood_pressure(&self) -> Option<Pressure> {
        Pressure::of(self.systolic, self.diastolic).or(self.pressure)
    }
}
