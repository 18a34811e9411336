//! 随访登记: one row is one follow-up visit.

use crate::profile::draft;
use crate::value::Pressure;

draft! {
    /// One follow-up visit.
    VisitDraft, VISITS = "visits", "随访登记表" {
        village: Text Optional = "村" ["行政村", "村名", "村(社区)"];
        name: Name Required = "姓名" ["患者姓名", "居民姓名"];
        id: Id Required = "证件号码" ["身份证号", "身份证号码", "公民身份号码", "证件号"];
        visited_on: Date Required = "随访日期" ["随访时间", "本次随访日期", "访视日期"];
        mode: Text Optional = "随访方式" ["随访形式", "访视方式"];
        kind: Text Expected = "类型" ["随访类别", "随访类型", "慢病类型", "疾病类型", "人群", "管理类型", "病种", "慢病种类"];
        pressure: Pressure Optional = "血压" ["血压(mmHg)", "血压值"];
        systolic: Count Optional = "收缩压" ["收缩压(mmHg)", "血压收缩压", "高压"];
        diastolic: Count Optional = "舒张压" ["舒张压(mmHg)", "血压舒张压", "低压"];
        glucose_tenths: Tenths Optional = "空腹血糖" ["空腹血糖(mmol/L)", "空腹血糖值", "血糖", "FPG"];
        control: Text Optional = "分类" ["控制结果", "此次随访分类", "随访分类", "控制情况", "控制满意度", "此次分类"];
        compliance: Text Optional = "服药依从性" [];
        doctor: Text Optional = "医生" ["随访医生", "随访医生签名", "医生签名", "责任医生", "随访人", "随访人员"];
        next_on: Date Optional = "下次随访日期" ["下次随访时间", "下次日期"];
        note: Text Optional = "随访记录" ["备注", "随访内容"];
    }
}

impl VisitDraft {
    /// The blood pressure, whether it stood in one column or in two.
    #[must_use]
    pub fn blood_pressure(&self) -> Option<Pressure> {
        Pressure::of(self.systolic, self.diastolic).or(self.pressure)
    }
}
