//! 妇幼保健与筛查服务登记表: one row is one service one person had: an antenatal check, a visit after birth, 儿童健康管理, 两癌筛查,
//! 新生儿疾病筛查, 营养包.

use crate::profile::draft;

draft! {
    /// One service of maternal and child health, or one screening.
    ServiceDraft, SERVICES = "services", "妇幼与筛查服务登记表" {
        village: Text Optional = "村" ["行政村", "村名", "村(社区)"];
        household_number: Code Optional = "户编号" ["家庭编号"];
        name: Name Required = "姓名" ["孕产妇姓名", "儿童姓名", "居民姓名", "服务对象"];
        id: Id Required = "证件号码" ["身份证号", "身份证号码", "公民身份号码", "证件号"];
        kind: Text Required = "服务项目" ["项目", "筛查项目", "服务类别", "检查项目", "随访类别"];
        done_on: Date Required = "服务日期" ["日期", "检查日期", "筛查日期", "访视日期", "随访日期", "发放日期"];
        ordinal: Count Optional = "第几次" ["次数", "产检次数", "随访次数"];
        place: Text Optional = "服务机构" ["检查机构", "筛查机构", "机构名称"];
        result: Text Optional = "结果" ["筛查结果", "检查结果"];
        detail: Text Optional = "说明" ["异常情况", "检查所见"];
        doctor: Text Optional = "医生" ["检查医生", "随访医生", "责任医生", "访视人员"];
        next_on: Date Optional = "下次日期" ["下次检查日期", "下次随访日期", "预约日期"];
        platform: Text Optional = "录入平台" [];
        platform_on: Date Optional = "录入日期" [];
        remark: Text Optional = "备注" [];
    }
}
