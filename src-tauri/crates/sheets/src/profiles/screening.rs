//! 疾病筛查表: what a village doctor's screening sheet says, one row per confirmed disease of a person.

use crate::profile::draft;

draft! {
    /// One disease of one person.
    ScreeningDraft, SCREENING = "screening", "疾病筛查表" {
        village: Text Optional = "村" ["行政村", "村名", "所在村", "村(社区)"];
        household_number: Code Optional = "户编号" ["家庭编号", "户编码"];
        name: Name Required = "姓名" ["患者姓名", "患病人员姓名"];
        sex: Text Optional = "性别" [];
        id: Id Expected = "证件号码" ["身份证号", "身份证号码", "公民身份号码", "证件号", "患者身份证号"];
        disease: Text Required = "疾病名称" ["病种", "病名", "疾病", "所患疾病", "患病名称", "主要疾病", "诊断", "诊断名称", "疾病诊断", "疾病名称(规范)"];
        icd10: Code Optional = "ICD-10" ["ICD10", "ICD编码", "ICD-10编码", "ICD10编码", "疾病编码", "诊断编码", "疾病代码", "病种编码"];
        grade: Text Optional = "分级" ["疾病分级", "病情分级", "分期分级", "分期、分级", "高血压分级", "级别"];
        risk: Text Optional = "危险分层" ["风险分层", "心血管危险分层", "危险度"];
        class: Text Optional = "病类" ["疾病类别", "疾病类型", "大病、慢病", "患病类型", "是否大病"];
        batch: Text Optional = "三个一批" ["分类救治", "分类救治情况", "三个一批分类", "救治类别", "分类救治类别"];
        hospital: Text Optional = "确诊机构" ["确诊医院", "诊断机构", "诊断医院", "确诊医疗机构"];
        hospital_level: Text Optional = "机构级别" ["确诊机构级别", "医院级别", "医院等级", "机构等级", "确诊医院级别"];
        diagnosed_on: Date Optional = "确诊日期" ["确诊时间", "诊断日期", "诊断时间", "发病时间"];
        treatment: Text Optional = "目前治疗" ["目前治疗情况", "治疗情况", "救治情况", "治疗方式"];
        designated_hospital: Text Optional = "定点医院" ["救治定点医院", "定点救治医院"];
        doctor: Text Optional = "责任医生" ["签约医生", "家庭医生", "筛查医生", "村医"];
        screened_on: Date Optional = "筛查日期" ["筛查时间", "调查日期", "核查日期"];
        remark: Text Optional = "备注" [];
    }
}
