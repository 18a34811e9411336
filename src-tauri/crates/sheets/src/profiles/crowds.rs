//! 重点人群名单 of public health: one row is one person managed as one of a crowd.

use crate::profile::draft;

draft! {
    /// One person and the crowds they are managed as.
    CrowdDraft, CROWDS = "crowds", "重点人群名单" {
        village: Text Optional = "村" ["行政村", "村名", "村(社区)"];
        household_number: Code Optional = "户编号" ["家庭编号"];
        name: Name Required = "姓名" ["居民姓名", "患者姓名"];
        id: Id Required = "证件号码" ["身份证号", "身份证号码", "公民身份号码", "证件号"];
        crowd: Text Required = "人群分类" ["重点人群", "人群类别", "人群类型", "服务人群", "管理类别", "服务类型"];
        since: Date Optional = "纳入管理日期" ["建卡日期", "管理日期", "纳管日期", "登记日期"];
        until: Date Optional = "终止日期" ["终止管理日期", "结案日期", "注销日期"];
        until_reason: Text Optional = "终止原因" ["终止管理原因", "注销原因"];
        expected_on: Date Optional = "预产期" [];
        delivered_on: Date Optional = "分娩日期" [];
        doctor: Text Optional = "责任医生" ["管理医生", "医生"];
        health_file: Code Optional = "健康档案号" ["档案编号", "档案号", "居民健康档案编号"];
        health_file_on: Date Optional = "建档日期" ["建档时间"];
        remark: Text Optional = "备注" [];
    }
}
