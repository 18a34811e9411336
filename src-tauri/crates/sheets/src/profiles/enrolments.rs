//! 参保名单: one row is one person's enrolment of one year.

use crate::profile::draft;

draft! {
    /// One person's enrolment of one year.
    EnrolmentDraft, ENROLMENTS = "enrolments", "参保名单" {
        township: Text Optional = "街道、乡镇" ["乡镇", "乡(镇)", "乡"];
        village: Text Optional = "村" ["行政村", "村名", "村(社区)"];
        name: Name Required = "姓名" ["参保人姓名", "人员姓名"];
        document_type: Text Optional = "证件类型" [];
        id: Id Required = "证件号码" ["身份证号", "身份证号码", "公民身份号码", "证件号"];
        insurance_number: Code Optional = "个人编号" ["参保编号", "医保编号", "个人医保编号"];
        year: Count Optional = "年度" ["参保年度", "缴费年度", "年份"];
        insurance: Text Expected = "险种" ["险种类型", "参保类型", "医保分类", "参保险种", "参保类别"];
        tier: Text Optional = "档次" ["缴费档次", "参保档次"];
        own_payment: Money Optional = "个人缴费" ["个人缴费金额", "个人支付", "个人缴纳", "自缴金额", "缴费金额"];
        subsidy: Money Optional = "资助金额" ["代缴金额", "资助参保金额", "财政资助", "补助金额"];
        subsidy_class: Text Optional = "代缴类别" ["资助类别", "资助人员类别", "医疗救助类别", "人员类别"];
        subsidised_on: Date Optional = "代缴日期" ["资助日期"];
        paid_on: Date Optional = "缴费日期" ["缴费时间", "参保日期", "到账日期"];
        state: Text Optional = "参保状态" ["是否参保", "参保情况", "缴费状态", "状态"];
        place: Text Optional = "参保地" ["参保统筹区"];
        reason: Text Optional = "未参保原因" ["未缴费原因"];
        remark: Text Optional = "备注" [];
    }
}
