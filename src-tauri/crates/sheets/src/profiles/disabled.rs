//! 残联名单: one row is one disability certificate.

use crate::profile::draft;

draft! {
    /// One disability certificate.
    DisabledDraft, DISABLED = "disabled", "残疾人名单" {
        township: Text Optional = "街道、乡镇" ["乡镇", "乡(镇)", "乡"];
        village: Text Optional = "村" ["行政村", "村名", "村(社区)"];
        name: Name Required = "姓名" ["残疾人姓名", "持证人", "持证人姓名"];
        number: Id Required = "残疾人证号" ["残疾证号", "残疾人证号码", "残疾证号码", "残疾证编号"];
        id: Id Optional = "身份证号" ["身份证号码", "公民身份号码", "证件号码"];
        kind: Text Optional = "残疾类别" ["残疾类型", "残疾种类"];
        grade: Text Optional = "残疾等级" ["残疾级别", "等级"];
        issued_on: Date Optional = "发证日期" ["办证日期", "首次发证日期", "签发日期"];
        valid_until: Date Optional = "有效期至" ["有效期", "到期日期", "有效期限"];
        guardian: Name Optional = "监护人" ["监护人姓名"];
        guardian_phone: Phone Optional = "监护人电话" ["监护人联系电话"];
        remark: Text Optional = "备注" [];
    }
}

impl DisabledDraft {
    /// The citizen id: of its own column, or the first eighteen characters of the certificate's number.
    #[must_use]
    pub fn citizen_id(&self) -> Option<&str> {
        self.id.citizen_id.as_deref().or(self.number.citizen_id.as_deref())
    }
}
