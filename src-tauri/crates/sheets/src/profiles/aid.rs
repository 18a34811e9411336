//! 救助对象名单 of 民政 or 医保: one row is one person on relief, or the mark the insurer gave them.

use crate::profile::draft;

draft! {
    /// One person with the aid that holds for them; several may stand in one cell.
    AidDraft, AID = "aid", "救助对象名单" {
        township: Text Optional = "街道、乡镇" ["乡镇", "乡(镇)", "乡"];
        village: Text Optional = "村" ["行政村", "村名", "村(社区)"];
        household_number: Code Optional = "户编号" ["家庭编号"];
        name: Name Required = "姓名" ["保障对象姓名", "救助对象姓名", "对象姓名", "人员姓名", "家庭成员姓名"];
        id: Id Required = "证件号码" ["身份证号", "身份证号码", "公民身份号码", "证件号"];
        identity: Text Required = "救助类别"
            ["保障类别", "医疗救助类别", "医疗救助人员类别", "对象类别", "救助身份", "救助对象类别", "困难类别"];
        since: Date Optional = "享受日期" ["救助起始日期", "批准日期", "认定日期", "享受时间", "保障起始日期", "纳入日期", "起始日期", "起"];
        until: Date Optional = "终止日期" ["停保日期", "退出日期", "保障截止日期", "取消日期", "止"];
        certificate: Code Optional = "证号" ["低保证号", "特困证号", "救助证号", "保障证号", "证件编号"];
        marker: Text Optional = "医保标识" ["医保标识类别", "标识类别", "系统标识", "标识"];
        marked_on: Date Optional = "标识日期" ["医保标识日期", "标识时间"];
        remark: Text Optional = "备注" [];
    }
}
