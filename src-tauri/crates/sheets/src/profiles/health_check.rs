//! 健康状况核查表 (domain D.4, Fujian): a household walked through, one row a person: who they are, what they are managed as,
//! whether they have a contract, and what they say of the policies.

use crate::profile::draft;

draft! {
    /// One person of a checked household.
    HealthCheckDraft, HEALTH_CHECK = "health_check", "健康状况核查表" {
        area: Text Optional = "区域名称" [];
        area_code: Code Optional = "区划代码" ["区域代码"];
        object: Text Optional = "所属对象" ["对象类型"];
        household_number: Code Optional = "户编号" ["家庭编号"];
        members: Count Optional = "家庭人口数" ["家庭人口"];
        lifted: Text Optional = "是否脱贫" [];
        name: Name Required = "姓名" ["成员姓名"];
        sex: Text Optional = "性别" [];
        birth: Date Optional = "出生日期" ["出生年月", "出生"];
        id: Id Required = "证件号码" ["身份证", "身份证号", "身份证号码", "公民身份号码"];
        relation: Text Optional = "与户主关系" ["户主关系"];
        registered: Text Optional = "有无户籍" [];
        family_planning: Text Optional = "有无纳入计生管理" [];
        marriage: Text Optional = "婚姻" ["婚姻状况"];
        family_planning_kind: Text Optional = "计生家庭户类型" [];
        social_number: Code Optional = "社保号" ["社会保障号", "社保卡号"];
        health_file: Code Optional = "健康档案号" ["档案编号"];
        registered_at: Text Optional = "户籍地" ["户籍地址"];
        lives_at: Text Optional = "居住地" ["居住地址", "现住址"];
        phone: Phone Optional = "联系电话" ["电话"];
        crowd: Text Column = "服务类型" ["服务人群", "人群类型"];
        family_planning_special: Text Optional = "是否计生特殊家庭" [];
        disease: Text Optional = "大病名称" [];
        paper: Text Optional = "纸质签约" ["是否纸质签约"];
        agreement: Text Optional = "有无协议" ["有无协议书"];
        handbook: Text Optional = "有无服务手册" [];
        service_card: Text Optional = "有无爱心服务卡" [];
        since: Date Optional = "签约起始日期" ["签约日期", "起始日期", "协议起始日期"];
        until: Date Optional = "签约截止日期" ["截止日期", "到期日期", "协议截止日期"];
        unsigned_reason: Text Optional = "未签原因" ["未签约原因"];
        health_file_on: Date Optional = "建档时间" ["建档日期"];
        health_file_updated_on: Date Optional = "最后更新时间" ["最后更新", "档案更新日期"];
        exams: Count Optional = "签约后体检次数" ["体检次数"];
        last_exam: Date Optional = "最后体检时间" ["最后体检"];
        child_visits: Count Optional = "儿童随访次数" [];
        last_child_visit: Date Optional = "儿童最后随访时间" [];
        maternal_visits: Count Optional = "孕产妇随访次数" [];
        last_maternal_visit: Date Optional = "孕产妇最后随访时间" [];
        hypertension_visits: Count Optional = "高血压随访次数" ["测压次数"];
        last_hypertension_visit: Date Optional = "高血压最后随访时间" ["最后测压时间"];
        diabetes_visits: Count Optional = "糖尿病随访次数" ["测糖次数"];
        last_diabetes_visit: Date Optional = "糖尿病最后随访时间" ["最后测糖时间"];
        mental_visits: Count Optional = "精神障碍随访次数" [];
        last_mental_visit: Date Optional = "精神障碍最后随访时间" [];
        total: Money Optional = "医疗费用总额" [];
        own: Money Optional = "自付" ["自付金额", "个人自付"];
        basic: Money Optional = "新农合报销" ["基本医保报销"];
        critical: Money Optional = "大病补充补偿" ["大病保险补偿"];
        aid: Money Optional = "扶贫资金救助" ["医疗救助"];
        other_aid: Money Optional = "其他救助" [];
        aware: Text Optional = "知晓" ["政策知晓", "知晓情况", "是否知晓政策"];
        satisfied: Text Optional = "满意" ["满意度", "满意情况"];
        cadre: Name Optional = "计生管理员" ["核查员", "核查人", "核查员签名"];
        doctor: Name Optional = "医务人员" ["核查医务人员"];
        checked_on: Date Optional = "核查日期" ["日期", "核查时间"];
        typist: Name Optional = "录入人员" ["录入人"];
    }
}
