//! 一站式结算: the union of settlement sheets of several provinces (domain D.8). One row is one settled bill.

use mingbai_domain::catalogue::YEAR_END;
use mingbai_domain::code;

use crate::profile::draft;

draft! {
    /// One settled bill. An amount that cannot be read rejects the row; a blank amount is `None`, not zero.
    BillDraft, BILLS = "bills", "一站式结算单" {
        invoice: Code Optional = "票据号" ["发票号", "票据号码", "单号", "单据号", "就诊号", "住院号", "电子票据号码", "invono"];
        number: Code Optional = "结算单号" ["结算号", "结算编号", "结算ID", "结算流水号", "医保结算单号", "医保结算号", "setl_id"];
        takes_back: Text Optional = "退费标志" ["退费结算标志", "冲销标志", "是否冲销", "是否退费", "refd_setl_flag"];
        household_number: Code Optional = "家庭编号" ["户编号"];
        name: Name Required = "姓名" ["患者姓名", "人员姓名", "参保人姓名", "病人姓名", "psn_name"];
        sex: Text Optional = "性别" ["gend"];
        id: Id Required = "证件号码" ["身份证号", "身份证号码", "公民身份号码", "证件号", "certno"];
        township: Text Optional = "街道、乡镇" ["乡镇", "乡(镇)", "乡"];
        village: Text Optional = "村" ["行政村", "村(社区)"];
        address: Text Optional = "住址" ["家庭住址"];
        identity: Text Optional = "人员类别" ["救助身份", "医疗救助类别", "救助对象类别", "身份类别", "人员身份", "特殊人员类型", "困难人员类别", "结算时身份", "psn_type"];
        insurance: Text Optional = "参保类别" ["险种类型", "险种", "医保分类", "参保类型", "insutype"];
        insured_at: Text Optional = "参保地" ["参保统筹区", "insuplc_admdvs", "参保地医保区划"];
        hospital: Text Expected = "就医机构" ["就诊机构", "医疗机构", "医疗机构名称", "定点机构名称", "医院名称", "就诊医院", "就医医院", "定点医疗机构", "医院", "fixmedins_name", "就诊医疗机构", "医药机构名称", "定点医药机构名称"];
        hospital_level: Text Optional = "机构级别" ["医院级别", "医院等级", "就医机构级别", "医疗机构级别", "定点机构等级", "hosp_lv", "定点医药机构等级"];
        hospital_area: Text Optional = "就诊地" ["就医地", "结算统筹区", "就医地区", "就医统筹区", "就诊地类别", "就医区域"];
        care_kind: Text Expected = "医疗类别" ["医保就诊类别", "就诊类别", "就医类别", "就医方式", "med_type"];
        referral: Text Optional = "是否转诊、备案" ["是否转诊", "转诊", "转诊备案", "转诊情况", "是否备案", "备案情况"];
        disease_code: Code Optional = "病种编码" ["疾病编码", "诊断编码", "病种代码", "dise_no", "dise_codg"];
        disease: Text Optional = "诊断" ["病种名称", "疾病名称", "出院诊断", "主要诊断", "疾病诊断", "病种", "诊断名称", "dise_name", "出院主要诊断"];
        admitted_on: Date Optional = "入院日期" ["入院时间", "住院日期", "开始日期", "begndate", "begntime", "就诊日期"];
        discharged_on: Date Optional = "出院日期" ["出院时间", "结束日期", "enddate", "endtime"];
        settled_on: Date Required = "结算日期" ["结算时间", "报销日期", "补偿日期", "setl_time", "setl_date"];
        days: Count Optional = "住院天数" ["住院日数", "床日数", "ipt_days"];
        total: Money Required = "费用总额" ["医疗费总额", "医疗费用总额", "总费用", "医疗总费用", "总金额", "住院总费用", "医药费总额", "medfee_sumamt", "医疗费用总金额", "费用总金额"];
        own_expense: Money Optional = "目录外自费" ["全自费金额", "全自费", "自费金额", "自费费用", "目录外费用", "自费", "fulamt_ownpay_amt", "全自费费用", "目录外金额", "丙类自费"];
        over_limit: Money Optional = "超限价" ["超限价自费金额", "超限价自费", "超限价金额", "超限价费用", "overlmt_selfpay", "overlmt_amt"];
        pre_self_pay: Money Optional = "先行自付" ["先行自付金额", "乙类先行自付", "先自付金额", "乙类自付", "preselfpay_amt", "先行自付费用", "先自付"];
        in_scope: Money Expected = "政策范围内" ["符合医保报销金额", "符合医保范围金额", "合规金额", "符合范围金额", "政策范围内费用", "政策范围内金额", "符合政策范围金额", "可报费用", "合规费用", "符合医保报销金额(政策范围)", "inscp_scp_amt", "inscp_amt", "符合政策范围费用", "政策范围内医疗费用"];
        deductible: Money Optional = "起付线" ["起付标准", "起付金额", "实际支付起付线", "起付线金额", "本次起付线", "act_pay_dedc", "本次起付金额"];
        paid_basic: Money Expected = "基本医疗保险报销" ["基本医疗基金支出", "基本医保支付", "基金支付", "统筹基金", "统筹基金支付", "基本医保报销", "统筹支付", "基本医疗保险支付", "基本医保报销金额", "基本医疗报销", "hifp_pay", "基本医疗保险统筹基金支出", "统筹基金支出", "医保统筹支付", "居民统筹支付"];
        paid_critical: Money Optional = "大病保险报销" ["大病(居民大病)报销", "大病补充医疗保险支出", "大病支出", "大病保险支付", "居民大病基金", "居民大病", "大病报销", "大病补偿", "商保大病理赔", "大病保险", "城乡居民大病保险支付", "hifmi_pay", "居民大病保险资金支出", "大病保险金额", "大病补充保险支出", "大病补充医疗保险"];
        paid_large: Money Optional = "大额" ["大额基金", "大额支出", "大额医疗支出", "职工大病", "职工大额", "大额医疗互助支出", "hifob_pay", "大额医疗费用补助", "职工大额医疗费用补助基金支出", "大额理赔", "大额补充支出"];
        paid_civil: Money Optional = "公务员补助" ["公务员", "公务员医疗补助", "cvlserv_pay", "公务员医疗补助资金支出", "公务员补助支出"];
        paid_enterprise: Money Optional = "企业补充" ["企业补充医疗保险基金支出", "企业补充保险", "hifes_pay"];
        aid_base: Money Optional = "进入医疗救助金额" ["进入救助金额", "进入医疗救助", "救助基数"];
        paid_aid: Money Optional = "医疗救助" ["医疗救助金额", "救助金额", "医疗救助支付", "医疗救助基金", "民政救助", "民政救助金额", "医疗救助报销", "医疗救助基金支出", "maf_pay"];
        paid_aid_poor: Money Optional = "扶贫人员民政救助金额" ["扶贫人员救助金额", "建档立卡民政救助金额"];
        paid_aid_subsistence: Money Optional = "低保救助金额" ["低保民政救助金额", "特困救助金额"];
        paid_tilt: Money Optional = "倾斜救助" ["倾斜救助金额", "倾斜补助", "重特大疾病救助金额", "重特大疾病救助", "再救助", "二次救助", "倾斜救助支出"];
        paid_charity: Money Optional = "扶贫济困" ["扶贫济困金额", "扶贫济困支付", "扶贫救助", "扶贫救助金额", "扶贫济困、其他基金"];
        paid_special: Money Optional = "扶贫特惠保险金额" ["扶贫特惠保险", "特惠保"];
        paid_registered: Money Optional = "建档立卡大病基金" [];
        paid_fund: Money Optional = "其他基金" ["其他基金支出", "othfund_pay", "其他基金支付"];
        paid_fallback: Money Optional = "政府兜底" ["兜底", "兜底保障", "政府兜底金额", "财政兜底"];
        paid_commercial: Money Optional = "商业补充" ["渝快保支出金额", "渝快保", "商业补充(渝快保等)", "商业补充保险", "商业保险", "惠民保", "补充医疗保险"];
        paid_public_health: Money Optional = "公卫补充基金" [];
        paid_other: Money Optional = "其他支付" ["其他", "其他报销", "其他补助"];
        hospital_borne: Money Optional = "医院承担" ["医院减免、承担", "医院减免", "医疗机构减免金额", "医院垫付", "医院负担", "医院承担金额", "医院负担金额", "医疗机构减免", "hosp_part_amt"];
        paid_account: Money Optional = "个人账户" ["个人账户支付", "个账支付", "个账", "账户支付", "acct_pay", "个人账户支出", "个账支出"];
        paid_personal: Money Expected = "个人现金" ["个人现金支付", "现金支付", "现金", "个人支付", "个人自付", "个人负担", "个人自付金额", "psn_cash_pay", "个人现金支出"];
        fund_sum: Money Optional = "基金支付总额" ["fund_pay_sumamt", "基金支付合计", "统筹救助合计"];
        year_deductible: Money Optional = "本年累计起付" ["累计起付线", "年度累计起付"];
        year_basic: Money Optional = "本年累计统筹" ["年度累计统筹", "累计统筹支付"];
        year_critical: Money Optional = "本年累计大病" ["年度累计大病", "累计大病支付"];
        year_aid: Money Optional = "本年累计救助" ["年度累计救助", "累计救助"];
        year: Code Optional = "结算年度" ["待遇年度", "清算年度", "结算年份"];
        deposit: Money Optional = "住院押金" ["押金", "押金(0)", "预交金"];
        one_stop: Text Optional = "出院即时结算" ["是否出院即时结算", "出院是否即时结算", "是否即时结算", "即时结算", "是否一站式结算", "是否一站式"];
        claimed_back: Money Optional = "商业保险赔付" ["商业健康保险赔付", "商保赔付", "商保理赔", "商业保险理赔金额"];
        remark: Text Optional = "备注" [];
    } excuses BillDraft::is_without_costs
}

impl BillDraft {
    /// 年终结算 pays for a whole year: it has no hospital and no costs of its own.
    fn is_without_costs(&self, column: &str) -> bool {
        ["hospital", "total", "in_scope", "paid_basic", "paid_personal"].contains(&column)
            && code::resolve("care_kind", &self.care_kind) == Some(YEAR_END)
    }

    /// Medical aid, which some provinces print by kind.
    #[must_use]
    pub fn aid(&self) -> Option<mingbai_domain::Fen> {
        let kinds = [self.paid_aid, self.paid_aid_poor, self.paid_aid_subsistence];
        kinds.iter().any(Option::is_some).then(|| kinds.into_iter().flatten().sum())
    }

    /// Everything the public pays beside the three tiers: every fund a sheet prints, none left out; nothing where it prints none.
    #[must_use]
    pub fn other_payers(&self) -> Option<mingbai_domain::Fen> {
        let funds = [
            self.paid_tilt,
            self.paid_charity,
            self.paid_special,
            self.paid_registered,
            self.paid_fund,
            self.paid_fallback,
            self.paid_public_health,
            self.paid_other,
        ];
        funds.iter().any(Option::is_some).then(|| funds.into_iter().flatten().sum())
    }

    /// What insurance beside the public payers paid: commercial, on the sheet or later, and employees' own. It makes nothing
    /// good that a public payer owes.
    #[must_use]
    pub fn supplementary(&self) -> Option<mingbai_domain::Fen> {
        let kinds = [self.paid_large, self.paid_civil, self.paid_enterprise, self.paid_commercial, self.claimed_back];
        kinds.iter().any(Option::is_some).then(|| kinds.into_iter().flatten().sum())
    }
}
