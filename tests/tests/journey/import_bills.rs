//! Exports of settlements as hospitals and insurers write them: the national interface's names, several funds in one sheet,
//! bills taken back, numbers twice.

use mingbai_tests::offices::{County, Office, list, number, text};
use serde_json::{Value, json};

use crate::import_lists::one_person;
use crate::imports::{counts, said, table};
use crate::joined;

const NAME: &str = "赵大山";

fn take_in(place: &County, office: &Office, labels: &[&str], rows: &[Vec<&str>]) -> Value {
    office.import("bills", &table(place, "bills.xlsx", labels, rows), false)
}

fn bills(office: &Office) -> Vec<Value> {
    office.bills(false)
}

fn stored(office: &Office, bill: &Value) -> Value {
    office.call("record_get", json!({ "table": "settlement", "id": bill["id"] }))["fields"].clone()
}

#[test]
fn the_columns_of_the_national_interface_are_known_and_every_fund_is_counted() {
    let place = joined();
    let (office, id) = one_person(&place);
    let labels = [
        "setl_id",
        "psn_name",
        "certno",
        "fixmedins_name",
        "med_type",
        "setl_time",
        "medfee_sumamt",
        "fulamt_ownpay_amt",
        "overlmt_selfpay",
        "preselfpay_amt",
        "inscp_scp_amt",
        "act_pay_dedc",
        "hifp_pay",
        "hifmi_pay",
        "maf_pay",
        "hifob_pay",
        "cvlserv_pay",
        "othfund_pay",
        "acct_pay",
        "psn_cash_pay",
    ];
    let row = vec![
        "510000G1",
        NAME,
        &id,
        "县人民医院",
        "住院",
        "2026-05-06",
        "10000",
        "500",
        "100",
        "400",
        "9000",
        "300",
        "6000",
        "700",
        "800",
        "50",
        "60",
        "70",
        "20",
        "2300",
    ];
    let done = take_in(&place, &office, &labels, &[row]);
    assert_eq!(counts(&done), [1, 1, 0, 0, 0], "{done}");
    let bill = bills(&office).remove(0);
    assert_eq!(
        ["total", "in_scope", "basic", "critical", "aid", "other", "personal"].map(|key| number(&bill[key])),
        [1_000_000, 900_000, 600_000, 70_000, 80_000, 7_000, 232_000]
    );
    let fields = stored(&office, &bill);
    assert_eq!((text(&fields["number"]), text(&fields["personal_account"])), ("510000G1", "20.00"));
    assert_eq!(text(&fields["paid_commercial"]), "110.00", "employees' funds are nothing a pack for residents owes");
}

#[test]
fn the_funds_of_shandong_and_chongqing_are_summed_and_none_is_left_out() {
    let place = joined();
    let (office, id) = one_person(&place);
    let labels = [
        "票据号",
        "姓名",
        "身份证号",
        "就医机构",
        "就诊类别",
        "结算日期",
        "总费用",
        "合规金额",
        "基金支付",
        "大病支出",
        "扶贫人员民政救助金额",
        "低保救助金额",
        "重特大疾病救助金额",
        "扶贫特惠保险金额",
        "医疗机构减免金额",
        "渝快保支出金额",
        "扶贫济困金额",
        "个账支付",
        "现金支付",
        "基金支付总额",
    ];
    let sheet = |all: &'static str, no: &'static str| {
        vec![
            no,
            NAME,
            &id,
            "县人民医院",
            "住院",
            "2026-05-06",
            "10000",
            "10000",
            "5000",
            "1000",
            "300",
            "200",
            "100",
            "90",
            "10",
            "80",
            "20",
            "50",
            "3150",
            all,
        ]
    };
    let done = take_in(&place, &office, &labels, &[sheet("6790", "P1"), sheet("6000", "P2")]);
    assert_eq!(counts(&done), [2, 2, 0, 0, 0], "{done}");
    let bill = bills(&office).remove(0);
    assert_eq!(
        ["basic", "critical", "aid", "other", "personal"].map(|key| number(&bill[key])),
        [500_000, 100_000, 50_000, 21_000, 320_000]
    );
    assert_eq!(text(&stored(&office, &bill)["paid_commercial"]), "80.00");
    assert_eq!(said(&done, 3).find("基金支付总额"), None);
    assert!(said(&done, 4).contains("基金支付总额 6,000.00，各项基金合计 6,790.00"), "{}", said(&done, 4));
}

#[test]
fn a_row_that_contradicts_itself_is_not_taken_and_the_column_likely_at_fault_is_named() {
    let place = joined();
    let (office, id) = one_person(&place);
    let labels =
        ["结算单号", "姓名", "身份证号", "就医机构", "就诊类别", "结算日期", "费用总额", "目录外自费", "政策范围内"];
    // 8,100 exchanged for 1,800.
    let row = vec!["S9", NAME, &id, "县人民医院", "住院", "2026-05-06", "9000", "900", "1800"];
    let done = take_in(&place, &office, &labels, &[row]);
    assert_eq!(counts(&done), [1, 0, 0, 0, 1], "{done}");
    assert!(said(&done, 3).contains("费用总额 9,000.00 ≠") && said(&done, 3).contains("请先看“政策范围内”"), "{done}");
}

#[test]
fn a_row_of_a_year_end_settlement_is_taken_in_with_its_year_and_one_that_says_no_year_or_has_costs_is_not() {
    let place = joined();
    let (office, id) = one_person(&place);
    let labels = [
        "结算单号",
        "姓名",
        "身份证号",
        "就诊类别",
        "结算年度",
        "入院日期",
        "出院日期",
        "结算日期",
        "总费用",
        "医疗救助",
    ];
    let row = |no: &'static str, year: &'static str, period: [&'static str; 2], total: &'static str| {
        let [from, until] = period;
        vec![no, NAME, &id, "年终结算", year, from, until, "2026-05-20", total, "1234.56"]
    };
    let rows = [
        row("N1", "2025年", ["", ""], ""),
        // Sheets without a column for the year give the period that was settled.
        row("N2", "", ["2024-01-01", "2024-12-31"], "0"),
        row("N3", "", ["", ""], ""),
        row("N4", "去年", ["", ""], ""),
        row("N5", "2023", ["", ""], "5000"),
    ];
    let done = take_in(&place, &office, &labels, &rows);
    assert_eq!(counts(&done), [5, 2, 0, 0, 3], "{done}");
    assert_eq!(said(&done, 3), "2025年年终结算 支付 1,234.56", "nothing is missed in it");
    for (line, why) in [(5, "结算的是哪一年"), (6, "“去年”不像一个年度"), (7, "“费用总额”要空着")]
    {
        assert!(said(&done, line).contains(why), "{}", said(&done, line));
    }
    assert!(!done.to_string().contains("为空"), "{done}");
    assert!(bills(&office).is_empty(), "it is no bill");
    let person = office.household(crate::import_lists::NUMBER)["members"][0]["id"].clone();
    for (year, came) in [(2025, 1), (2024, 1), (2023, 0)] {
        let seen = office.call("person_year", json!({ "person": person, "year": year }));
        let payments = if seen["year_end"].is_null() { Vec::new() } else { list(&seen["year_end"]["payments"]) };
        assert_eq!(payments.len(), came, "{year}: {seen}");
        assert!(payments.iter().all(|one| number(&one["aid"]) == 123_456), "{payments:?}");
    }
    let again = take_in(&place, &office, &labels, &rows[..2]);
    assert_eq!(counts(&again), [2, 0, 0, 2, 0], "the same file twice changes nothing: {again}");
}

#[test]
fn what_a_sheet_has_no_column_for_stays_open_and_takes_nothing_back_that_was_typed() {
    let place = joined();
    let (office, id) = one_person(&place);
    let labels = [
        "结算单号",
        "姓名",
        "身份证号",
        "就医机构",
        "就诊类别",
        "结算日期",
        "费用总额",
        "统筹支付",
        "住院天数",
        "起付线",
        "本年累计统筹",
        "备注",
        "一站式",
    ];
    let labels = labels.map(|label| if label == "一站式" { "是否出院即时结算" } else { label });
    let row =
        vec!["N1", NAME, &id, "县人民医院", "住院", "2026-05-06", "1000", "500", "4", "200", "1500", "补打", "否"];
    let done = take_in(&place, &office, &labels, std::slice::from_ref(&row));
    assert_eq!(counts(&done), [1, 1, 0, 0, 0], "{done}");
    let bill = bills(&office).remove(0);
    let fields = stored(&office, &bill);
    for open in ["in_scope", "referral", "hospital_area", "paid_other"] {
        assert_eq!(fields.get(open), None, "{open}: {fields}");
    }
    assert_eq!(fields["one_stop"], "false");
    let printed = ["stay_days", "deductible", "year_basic"].map(|column| text(&fields[column]));
    assert_eq!(printed, ["4", "200.00", "1500.00"], "what a sheet prints for checking is kept as printed");
    assert!(done.to_string().contains("认得、但没有登记的列：备注"), "{done}");
    let typed = json!({ "hospital_area": "outside", "referral": "referred", "paid_other": "20" });
    mingbai_tests::offices::save(&office, "settlement", Some(text(&bill["id"])), &typed);
    let again = take_in(&place, &office, &labels, &[row]);
    assert_eq!(counts(&again), [1, 0, 0, 1, 0], "{again}");
    let fields = stored(&office, &bill);
    assert_eq!((text(&fields["referral"]), text(&fields["paid_other"])), ("referred", "20.00"));
}

const PLAIN: [&str; 8] = ["结算单号", "退费标志", "姓名", "身份证号", "就医机构", "就诊类别", "结算日期", "费用总额"];

#[test]
fn a_refund_takes_back_the_bill_of_its_number_or_day_wherever_it_stands_and_none_when_several_fit() {
    let place = joined();
    let (office, id) = one_person(&place);
    let row = |no: &'static str, back: &'static str, day: &'static str| {
        vec![no, back, NAME, id.as_str(), "县人民医院", "普通门诊", day, "400"]
    };
    let rows = [row("", "", "2026-01-05"), row("", "", "2026-02-20"), row("", "是", "2026-02-20")];
    let done = take_in(&place, &office, &PLAIN, &rows);
    assert_eq!(counts(&done), [3, 3, 0, 0, 0], "{done}");
    let left = |office: &Office| -> Vec<String> {
        let days = bills(office).into_iter().filter(|bill| bill["counts"] == true);
        days.map(|bill| text(&bill["settled_on"]).to_owned()).collect()
    };
    assert_eq!(left(&office), ["2026-01-05"], "the visit of February was taken back");
    assert_eq!(counts(&take_in(&place, &office, &PLAIN, &rows)), [3, 0, 0, 3, 0], "read again it changes nothing");

    // Newest first: the refund stands above its bill.
    let done = take_in(&place, &office, &PLAIN, &[row("R1", "是", "2026-03-08"), row("R1", "", "2026-03-06")]);
    assert_eq!(counts(&done), [2, 2, 0, 0, 0], "{done}");
    assert_eq!(left(&office), ["2026-01-05"]);

    // Two within the same weeks, and no number: it is not guessed which.
    let several = [row("M1", "", "2026-04-01"), row("M2", "", "2026-04-03"), row("", "是", "2026-04-03")];
    let done = take_in(&place, &office, &PLAIN, &several);
    assert_eq!(counts(&done), [3, 2, 0, 0, 1], "{done}");
    assert!(said(&done, 5).contains("分不清"), "{done}");

    // The row of the bill is refused: its refund is, too.
    let bad = [
        vec!["X1", "", NAME, &id, "县人民医院", "普通门诊", "2026-06-01", ""],
        vec!["X1", "是", NAME, &id, "县人民医院", "普通门诊", "2026-06-02", "700"],
    ];
    let done = take_in(&place, &office, &PLAIN, &bad);
    assert_eq!(counts(&done), [2, 0, 0, 0, 2], "{done}");
    assert!(said(&done, 4).contains("找不到要冲销的那一张"), "{done}");
}

#[test]
fn the_refund_of_a_bill_that_was_corrected_takes_back_its_correction() {
    let place = joined();
    let (office, id) = one_person(&place);
    let row = |back: &'static str, day: &'static str| {
        vec!["C1", back, NAME, id.as_str(), "县人民医院", "普通门诊", day, "400"]
    };
    take_in(&place, &office, &PLAIN, &[row("", "2026-05-06")]);
    let bill = bills(&office).remove(0);
    let fields = stored(&office, &bill);
    let right = json!({
        "person": fields["person"], "corrects": bill["id"], "settled_on": "2026-05-07", "hospital": "县中医院",
        "total": "400", "number": "C2",
    });
    mingbai_tests::offices::save(&office, "settlement", None, &right);
    let done = take_in(&place, &office, &PLAIN, &[row("是", "2026-05-08")]);
    assert_eq!(counts(&done), [1, 1, 0, 0, 0], "{done}");
    assert!(bills(&office).iter().all(|bill| bill["counts"] == false), "{:?}", bills(&office));
}
