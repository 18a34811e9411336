//! 门诊特慢病证名单: one row is one application or certificate of one disease of one person.

use crate::profile::draft;

draft! {
    /// One application for a certificate, as far as it has come.
    CertificateDraft, CERTIFICATES = "certificates", "特慢病证名单" {
        village: Text Optional = "村" ["行政村", "村名", "村(社区)"];
        household_number: Code Optional = "户编号" ["家庭编号"];
        name: Name Required = "姓名" ["患者姓名", "参保人姓名", "申请人", "申请人姓名"];
        id: Id Required = "证件号码" ["身份证号", "身份证号码", "公民身份号码", "证件号"];
        disease: Text Required = "特慢病病种"
            ["门诊特慢病病种", "慢病病种", "慢性病病种", "特殊病病种", "慢特病病种", "门诊慢特病病种", "申报病种", "病种名称", "病种"];
        icd10: Text Optional = "ICD-10" ["ICD10", "疾病编码", "疾病代码", "病种编码"];
        hospital: Text Optional = "诊断机构" ["诊断医院", "确诊医院", "鉴定机构"];
        hospital_level: Text Optional = "机构级别" ["医院级别", "医院等级"];
        evidence: Text Optional = "已有材料" ["提交材料", "申报材料"];
        lacking: Text Optional = "还缺材料" ["缺少材料", "欠缺材料", "需补材料"];
        submitted_on: Date Optional = "送审日期" ["申报日期", "申请日期", "上报日期", "申请时间"];
        batch: Text Optional = "送审批次" ["批次"];
        review_on: Date Optional = "评审日期" ["鉴定日期", "审核日期", "评审时间"];
        result: Text Optional = "评审结果" ["鉴定结果", "审核结果", "鉴定结论", "是否通过"];
        result_reason: Text Optional = "未通过原因" ["未通过的原因", "不通过原因"];
        number: Code Optional = "慢病证号" ["特慢病证号", "慢性病证号", "证书编号", "证号", "慢特病证号"];
        issued_on: Date Optional = "发证日期" ["办证日期", "认定日期", "待遇开始日期"];
        valid_until: Date Optional = "有效期至" ["有效期", "到期日期", "待遇结束日期"];
        reported_on: Date Optional = "报社保中心日期" ["报医保日期", "报医保中心日期"];
        marked_on: Date Optional = "身份识别维护日期" ["系统维护日期", "标识日期", "备案日期"];
        remark: Text Optional = "备注" [];
    }
}
