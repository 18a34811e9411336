//! 家庭医生签约名单 (domain D.4, D.7): who signed with which team until when, or why not.

use crate::profile::draft;

draft! {
    /// One person's contract, or the reason for having none.
    ContractDraft, CONTRACTS = "contracts", "家庭医生签约名单" {
        village: Text Optional = "村" ["行政村", "村名", "村(社区)"];
        household_number: Code Optional = "户编号" ["家庭编号"];
        name: Name Required = "姓名" ["居民姓名", "签约居民", "签约人", "签约人姓名"];
        id: Id Required = "证件号码" ["身份证号", "身份证号码", "公民身份号码", "证件号"];
        signed: Text Optional = "是否签约" ["签约状态", "签约情况", "状态"];
        signer: Text Optional = "家庭代表" ["签约代表", "居民签字", "签字人"];
        number: Code Optional = "协议编号" ["协议书编号", "签约编号", "合同编号"];
        team: Text Optional = "团队" ["签约团队", "团队名称", "家庭医生团队", "服务团队"];
        doctor: Text Optional = "家庭医生" ["签约医生", "责任医生", "医生"];
        doctor_phone: Phone Optional = "家庭医生电话" ["签约医生电话", "责任医生电话", "卫生院医生电话"];
        village_doctor: Text Optional = "村医" ["乡村医生", "签约村医"];
        village_phone: Phone Optional = "村医电话" ["乡村医生电话"];
        clinic: Text Optional = "村卫生室" ["卫生室"];
        county_doctor: Text Optional = "县级专家" ["县级医生", "县级医院医生"];
        county_phone: Phone Optional = "县级专家电话" ["县级医生电话"];
        county_hospital: Text Optional = "县级医院" ["县级指导医院"];
        signed_on: Date Optional = "签字日期" ["签订日期"];
        since: Date Expected = "签约日期" ["签约时间", "起始日期", "协议开始日期", "开始日期", "签约起始日期", "签约开始日期"];
        until: Date Optional = "到期日期" ["到期时间", "截止日期", "终止日期", "协议结束日期", "结束日期", "签约到期日期", "签约终止日期"];
        years: Text Optional = "签约周期" ["签约年限", "协议期限", "签约期限"];
        package: Text Optional = "服务包" ["签约包", "服务类型", "服务包名称", "签约服务包"];
        crowd: Text Optional = "人群分类" ["重点人群", "人群类别", "服务人群"];
        paper: Text Optional = "纸质签约" ["是否纸质签约", "有无协议", "有无协议书"];
        handbook: Text Optional = "有无服务手册" ["服务手册"];
        service_card: Text Optional = "有无爱心服务卡" ["爱心服务卡"];
        read: Text Optional = "协议书已阅读" [];
        ended_on: Date Optional = "解约日期" ["解约时间"];
        ended_reason: Text Optional = "解约原因" [];
        unsigned_reason: Text Optional = "未签原因" ["未签约原因", "未签约理由", "不签约原因"];
        platform: Text Optional = "录入平台" ["签约平台"];
        platform_on: Date Optional = "录入日期" ["平台录入日期"];
        remark: Text Optional = "备注" [];
    }
}
