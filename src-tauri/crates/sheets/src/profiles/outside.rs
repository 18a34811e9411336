//! Lists of other offices: of the poor, the insured, those on relief, the disabled, the ill. One row is one person, or one of
//! their diseases. Only a name is asked for: what else a list says is compared, what it does not say is not.

use crate::profile::draft;

draft! {
    /// One row of another office's list. Numbers stay as written: a wrong one is a difference, not a reason to leave
    /// somebody out.
    OutsideDraft, OUTSIDE = "outside", "别的部门的名单" {
        as_of: Date Optional = "数据日期" ["统计日期", "截止日期", "数据时间"];
        township: Text Optional = "街道、乡镇" ["乡镇", "乡(镇)", "乡", "街道", "所属乡镇", "所在乡镇", "乡镇(街道)", "镇"];
        village: Text Optional = "村" ["行政村", "村(社区)", "行政村(社区)", "村名", "村(居)", "村居", "所在村", "嘎查村", "村、社区"];
        household_number: Text Optional = "户编号" ["家庭编号", "户编码", "户号", "贫困户编号", "监测户编号"];
        name: Name Required = "姓名"
            ["家庭成员姓名", "成员姓名", "人员姓名", "患者姓名", "参保人姓名", "残疾人姓名", "保障对象姓名", "救助对象姓名", "对象姓名"];
        birth: Date Optional = "出生日期" ["出生年月", "出生年月日", "生日"];
        id: Text Optional = "证件号码"
            ["身份证号", "身份证号码", "公民身份号码", "身份证", "证件号", "居民身份证号码", "残疾人证号", "残疾证号", "残疾证号码"];
        status: Text Optional = "脱贫属性" ["脱贫状态", "贫困属性", "贫困户属性", "户属性"];
        household_type: Text Optional = "户类型" ["农户类型"];
        lifted: Text Optional = "是否脱贫" ["是否已脱贫"];
        monitored: Text Optional = "监测对象类别" ["易返贫致贫户(监测对象)类型", "监测对象类型", "监测户类型", "监测类别"];
        cause_main: Text Optional = "主要致贫原因" ["致贫原因1", "致贫、返贫风险1", "致贫返贫风险1", "致贫原因", "主要致贫(返贫)原因"];
        cause_2: Text Optional = "致贫原因2" ["致贫、返贫风险2", "其他致贫原因", "次要致贫原因", "次要致贫原因1"];
        cause_3: Text Optional = "致贫原因3" ["致贫、返贫风险3", "次要致贫原因2"];
        cause_4: Text Optional = "致贫原因4" ["致贫、返贫风险4", "次要致贫原因3"];
        cause_5: Text Optional = "致贫原因5" ["致贫、返贫风险5", "次要致贫原因4"];
        health: Text Optional = "健康状况" ["健康情况", "身体状况"];
        illness: Text Optional = "疾病名称"
            ["患病名称", "病种", "病种名称", "患病病种", "主要疾病", "疾病", "诊断", "诊断名称", "主要诊断", "大病名称", "所患疾病"];
        illness_2: Text Optional = "慢病名称" ["慢性病名称", "其他疾病", "疾病名称2"];
        identity: Text Optional = "救助类别"
            ["保障类别", "人员类别", "医疗救助类别", "医疗救助人员类别", "资助类别", "资助人员类别", "代缴类别", "对象类别", "身份类别",
             "救助身份", "医保标识", "标识", "建档立卡标识", "人员身份", "特殊人群类别"];
        disability_kind: Text Optional = "残疾类别" ["残疾类型"];
        disability_grade: Text Optional = "残疾等级" ["残疾级别"];
    }
}
