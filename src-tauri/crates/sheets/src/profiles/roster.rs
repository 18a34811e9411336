//! 户档案名单: the 47-column export of 2020–21 (domain D.1), the list of people lifted out (D.2) and the monitoring exports
//! of 2023 (D.3). One row is one person.

use crate::profile::draft;

draft! {
    /// One person of a roster, with the household's values beside.
    RosterDraft, ROSTER = "roster", "户档案名单" {
        province: Text Optional = "省" ["省份", "省(自治区、直辖市)", "省(市、区)"];
        city: Text Optional = "市" ["地市", "市(州)", "市(地、州、盟)", "市州"];
        county: Text Optional = "县" ["县(市、区、旗)", "县(市、区)", "区县", "县区", "县(区)", "旗县"];
        township: Text Optional = "乡" ["乡(镇)", "乡镇", "镇", "街道、乡镇", "乡(镇、街道)", "乡镇(街道)", "苏木乡镇"];
        village: Text Expected = "村" ["行政村", "村(社区)", "行政村(社区)", "村名", "嘎查村"];
        village_group: Text Optional = "自然村" ["组", "村民小组", "自然村(组)", "自然村(村民组)", "村组", "屯"];
        household_number: Code Required = "户编号" ["家庭编号", "户编码", "户号", "贫困户编号", "监测户编号"];
        person_number: Code Optional = "人口编号" ["人编号", "人员编号", "人编码", "人口编码"];
        name: Name Required = "姓名" ["家庭成员姓名", "成员姓名", "人员姓名", "患者姓名"];
        sex: Text Optional = "性别" [];
        birth: Date Optional = "出生日期" ["出生年月", "出生年月日", "生日"];
        document_type: Text Optional = "证件类型" ["证件类别", "证件种类"];
        id: Id Expected = "证件号码" ["身份证号", "身份证号码", "公民身份号码", "身份证", "证件号", "居民身份证号码"];
        ethnicity: Text Optional = "民族" [];
        household_phone: Phone Optional = "户联系电话" ["家庭联系电话", "户主联系电话", "户主电话"];
        phone: Phone Optional = "成员联系电话" ["人联系电话", "家庭成员联系电话", "本人联系电话", "联系电话", "电话", "手机号码", "手机号"];
        year: Count Optional = "年度" ["年份"];
        relation: Text Column = "与户主关系" ["与户主的关系", "家庭关系", "户主关系"];
        education: Text Optional = "文化程度" ["学历"];
        schooling: Text Optional = "在校生状况" ["在校生情况", "在校情况"];
        labour: Text Optional = "劳动技能" ["劳动能力"];
        work_months: Count Optional = "务工时间（月）" ["务工时间", "务工月数"];
        health: Text Optional = "健康状况" ["健康情况", "身体状况"];
        politics: Text Optional = "政治面貌" [];
        employer: Text Optional = "务工企业名称" ["务工单位"];
        minimum_living: Text Optional = "是否享受低保" ["享受低保政策情况", "是否享受农村居民最低生活保障", "是否低保", "低保"];
        employee_pension: Text Optional = "是否参加城镇职工基本养老保险" [];
        critical_illness: Text Optional = "是否参加大病保险" ["是否参加城乡居民大病保险"];
        resident_insurance: Text Optional = "是否参加新型农村合作医疗（城乡居民基本医疗保险）"
            ["是否参加城乡居民基本医疗保险", "是否参加新型农村合作医疗", "是否参加新农合", "是否参加居民医保", "是否参加城乡居民医保"];
        resident_pension: Text Optional = "是否参加城乡居民基本养老保险" [];
        out_of_school_reason: Text Optional = "失学或辍学原因" ["义务教育阶段未上学原因"];
        speaks_mandarin: Text Optional = "是否会讲普通话" [];
        supplementary_insurance: Text Optional = "是否参加商业补充医疗保险" [];
        works_abroad: Text Optional = "是否国外务工" [];
        industry: Text Optional = "产业分类" [];
        medical_aid: Text Optional = "是否接受大病医疗救助" ["是否接受医疗救助"];
        other_health_aid: Text Optional = "是否接受其他健康扶贫" [];
        public_job: Text Optional = "公益性岗位类型" ["公益性岗位"];
        public_job_months: Count Optional = "公益性岗位(月数)" ["公益性岗位月数"];
        job_channel: Text Optional = "就业渠道" ["就业渠道(易地搬迁后扶使用)"];
        disability_kind: Text Optional = "残疾类别" [];
        work_place: Text Optional = "务工所在地" ["务工地点"];
        head_name: Name Optional = "户主姓名" ["户主"];
        head_id: Text Optional = "户主证件号码" ["户主身份证号", "户主身份证号码"];
        employee_insurance: Text Optional = "是否参加城镇职工基本医疗保险" ["是否参加职工基本医疗保险", "是否参加职工医保"];
        destitute: Text Optional = "是否特困供养人员" ["享受特困供养政策情况", "是否特困"];
        disability_year: Text Optional = "残疾证办证年度" [];
        standard: Text Optional = "识别标准" [];
        // D.2 and D.3 beyond D.1
        members: Count Optional = "人数" ["家庭人口数", "家庭人口", "人口数", "户人口数"];
        household_type: Text Optional = "户类型" ["贫困户属性", "户属性", "农户类型"];
        status: Text Optional = "脱贫属性" ["脱贫状态", "贫困属性"];
        monitored: Text Optional = "监测对象类别"
            ["易返贫致贫户(监测对象)类型", "监测对象类型", "监测户类型", "监测类别"];
        cause_main: Text Optional = "主要致贫原因" ["致贫原因1", "致贫、返贫风险1", "致贫返贫风险1", "致贫原因", "主要致贫(返贫)原因"];
        cause_2: Text Optional = "致贫原因2" ["致贫、返贫风险2", "其他致贫原因", "次要致贫原因"];
        cause_3: Text Optional = "致贫原因3" ["致贫、返贫风险3"];
        cause_4: Text Optional = "致贫原因4" ["致贫、返贫风险4"];
        cause_5: Text Optional = "致贫原因5" ["致贫、返贫风险5"];
        risk_removed: Text Optional = "风险是否已消除" ["风险是否消除"];
        recognised_on: Date Optional = "首次识别时间" ["识别时间", "建档时间", "识别年度"];
        monitored_on: Date Optional = "风险识别时间" ["识别监测时间"];
        person_recognised_on: Date Optional = "人员识别时间" [];
        lifted_on: Date Optional = "脱贫时间" ["脱贫年度", "脱贫年月"];
        removed_on: Date Optional = "风险消除时间" ["消除监测时间"];
        removal_mode: Text Optional = "风险消除方式" ["消除方式"];
        no_labour_household: Text Optional = "整户无劳动力兜底保障户" [];
        income_per_head: Money Optional = "人均纯收入（元）" ["人均纯收入", "家庭人均纯收入"];
        out_of_pocket: Money Optional = "合规自付支出" ["合规自付"];
        dropout: Text Optional = "是否义务教育阶段适龄儿童少年失学辍学" ["是否失学辍学"];
        industry_aid: Text Optional = "产业帮扶" [];
        employment_aid: Text Optional = "就业帮扶" [];
        finance_aid: Text Optional = "金融帮扶" [];
        health_aid: Text Optional = "健康帮扶" [];
        education_aid: Text Optional = "教育帮扶" [];
        housing_aid: Text Optional = "住房安全保障" [];
        water_aid: Text Optional = "饮水安全保障" [];
        compulsory_aid: Text Optional = "义务教育保障" [];
        social_aid: Text Optional = "社会帮扶" [];
        combined_aid: Text Optional = "综合保障" [];
        relocation: Text Optional = "搬迁" ["易地搬迁"];
        public_job_aid: Text Optional = "公益性岗位帮扶" [];
        infrastructure: Text Optional = "基础设施建设" [];
        conditions: Text Optional = "生产生活条件改善" [];
        unsafe_house: Text Optional = "是否危房户" ["危房户"];
        safe_water: Text Optional = "是否解决安全饮用水" [];
        address: Text Optional = "家庭住址" ["住址", "详细地址", "居住地址", "现住址"];
        helper_name: Name Optional = "帮扶责任人" ["帮扶干部", "帮扶人", "包保干部", "帮扶联系人"];
        helper_phone: Phone Optional = "帮扶责任人电话" ["帮扶人电话", "帮扶干部电话", "帮扶责任人联系电话", "帮扶人联系电话"];
        remark: Text Optional = "备注" [];
    }
}
