//! Headers are found by labels; every row is taken, rejected with a reason, or ignored with a reason.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod common;

use common::{citizen_id, date, moment, text, workbook};
use mingbai_domain::{CitizenId, Fen};
use mingbai_sheets::profiles::{
    ALL, BillDraft, ContractDraft, EnrolmentDraft, RosterDraft, ScreeningDraft, VisitDraft, suggest,
};
use mingbai_sheets::write::{plain_xlsx, rows_of};
use mingbai_sheets::{
    Batch, Cell, Mapping, Memory, Merge, ProblemCode, Severity, SheetDraft, SheetError, Source, Workbook, extract,
    label_key, read,
};

fn take<D: SheetDraft>(workbook: &Workbook) -> Batch<D> {
    let batch = extract::<D>(workbook, &Memory::default()).unwrap();
    let counts = batch.counts;
    assert_eq!(counts.data, counts.accepted + counts.rejected, "rows are conserved");
    assert_eq!(counts.accepted, batch.rows.len());
    assert_eq!(counts.ignored, batch.ignored.len());
    let sheet_rows: usize = batch
        .headers
        .iter()
        .map(|found| {
            let sheet = workbook.sheets.iter().find(|sheet| sheet.name == found.sheet).unwrap();
            sheet.rows.len() - found.header.first_data_row
        })
        .sum();
    assert_eq!(sheet_rows, counts.data + counts.ignored + counts.blank, "no row is lost");
    batch
}

fn codes<D>(batch: &Batch<D>) -> Vec<(u32, &str, Severity, ProblemCode)> {
    batch.problems.iter().map(|p| (p.row, p.column.as_str(), p.severity, p.code)).collect()
}

#[test]
fn the_header_is_found_in_row_three_under_titles() {
    let id = citizen_id(1);
    let book = workbook(&[
        &["（自定义）监测对象信息"],
        &["导出时间：2023-12-18"],
        &["县(市、区、旗)", "乡(镇)", "行政村", "户编号", "姓名", "证件号码", "与户主关系"],
        &["长顺县", "代化镇", "上坝村", "5200001", "张三", &id, "户主"],
    ]);
    let batch = take::<RosterDraft>(&book);
    let found = &batch.headers[0].header;
    assert_eq!((found.row, found.first_data_row), (2, 3));
    let row = &batch.rows[0];
    assert_eq!(row.row, 4);
    assert_eq!((row.draft.county.as_str(), row.draft.village.as_str()), ("长顺县", "上坝村"));
    assert_eq!(row.draft.id.citizen_id.as_deref(), Some(id.as_str()));
    assert!(batch.problems.is_empty(), "{:?}", batch.problems);
}

#[test]
fn columns_may_stand_in_any_order_and_unknown_ones_are_listed() {
    let id = citizen_id(1);
    let book = workbook(&[
        &["证件号码", "村民代表", "姓名", "户编号", " 与户主\n关系 ", "村", "健康状况"],
        &[&id, "是", "张三", "5200001", "户主", "上坝村", "患有大病,残疾"],
    ]);
    let batch = take::<RosterDraft>(&book);
    assert_eq!(batch.rows[0].draft.name, "张三");
    assert_eq!(batch.rows[0].draft.relation, "户主");
    assert_eq!(batch.rows[0].draft.health, "患有大病,残疾");
    let unknown: Vec<&str> = batch.headers[0].header.unknown.iter().map(|column| column.label.as_str()).collect();
    assert_eq!(unknown, ["村民代表"]);
    assert_eq!(batch.headers[0].header.unknown[0].letters, "B");
}

#[test]
fn duplicated_columns_are_warned_of_and_the_left_one_is_read() {
    let id = citizen_id(1);
    let book = workbook(&[
        &["村", "户编号", "姓名", "证件号码", "与户主关系", "姓名.1"],
        &["上坝村", "1", "张三", &id, "户主", "张三"],
        &["上坝村", "1", "李四", &citizen_id(2), "配偶", "李思"],
    ]);
    let batch = take::<RosterDraft>(&book);
    assert_eq!(batch.rows[1].draft.name, "李四");
    assert_eq!(
        codes(&batch),
        [
            (1, "F", Severity::Warn, ProblemCode::DuplicateColumn),
            (3, "F", Severity::Warn, ProblemCode::DuplicateDisagrees)
        ]
    );
}

#[test]
fn a_head_of_two_rows_is_read_as_one() {
    let id = citizen_id(1);
    let mut book = workbook(&[
        &["上坝村随访登记表"],
        &["姓名", "证件号码", "随访", "", "类型", "血压", "", "空腹血糖"],
        &["", "", "日期", "方式", "", "收缩压", "舒张压", ""],
        &["张三", &id, "2026-01-15", "门诊", "高血压", "150", "95", "7.2"],
    ]);
    book.sheets[0].merges = vec![
        Merge { top: 1, left: 2, bottom: 1, right: 3 },
        Merge { top: 1, left: 5, bottom: 1, right: 6 },
        Merge { top: 1, left: 0, bottom: 2, right: 0 },
    ];
    let batch = take::<VisitDraft>(&book);
    let draft = &batch.rows[0].draft;
    assert_eq!(batch.headers[0].header.first_data_row, 3);
    assert_eq!(draft.visited_on, Some(date(2026, 1, 15)));
    assert_eq!(draft.mode, "门诊");
    let pressure = draft.blood_pressure().unwrap();
    assert_eq!((pressure.systolic, pressure.diastolic), (150, 95));
    assert_eq!(draft.glucose_tenths, Some(72));
}

#[test]
fn a_data_row_is_never_taken_for_the_lower_half_of_a_head() {
    // "户主" is a value here and a label elsewhere.
    let book = workbook(&[
        &["村", "户编号", "姓名", "证件号码", "与户主关系"],
        &["上坝村", "1", "张三", &citizen_id(1), "户主"],
        &["上坝村", "1", "李四", &citizen_id(2), "配偶"],
    ]);
    let batch = take::<RosterDraft>(&book);
    assert_eq!(batch.counts.accepted, 2);
}

#[test]
fn totals_notes_seals_and_repeated_heads_are_ignored_with_a_note() {
    let book = workbook(&[
        &["村", "户编号", "姓名", "证件号码", "与户主关系"],
        &["1", "2", "3", "4", "5"],
        &["上坝村", "1", "张三", &citizen_id(1), "户主"],
        &["村", "户编号", "姓名", "证件号码", "与户主关系"],
        &["", "", "", "", ""],
        &["上坝村", "1", "李四", &citizen_id(2), "配偶"],
        &["合 计", "1", "2人"],
        &["注：本表一式两份。"],
        &["填表人：王五", "", "审核人：", "", "日期：2026年1月15日"],
        &["某某镇卫生院（盖章）"],
    ]);
    let batch = take::<RosterDraft>(&book);
    assert_eq!(batch.counts.accepted, 2);
    assert_eq!(batch.counts.rejected, 0);
    assert_eq!(batch.counts.blank, 1);
    let reasons: Vec<(u32, &str)> = batch.ignored.iter().map(|ignored| (ignored.row, ignored.reason)).collect();
    assert_eq!(
        reasons,
        [(2, "栏次行"), (4, "重复的表头"), (7, "合计行"), (8, "说明行"), (9, "落款行"), (10, "落款行")]
    );
}

#[test]
fn a_person_called_like_a_total_is_still_a_person() {
    let id = citizen_id(1);
    let book =
        workbook(&[&["姓名", "证件号码", "户编号", "村", "与户主关系"], &["合计明", &id, "1", "上坝村", "户主"]]);
    assert_eq!(take::<RosterDraft>(&book).rows[0].draft.name, "合计明");
}

#[test]
fn an_id_that_excel_destroyed_is_rejected_with_what_to_do() {
    let mut book = workbook(&[
        &["村", "户编号", "姓名", "证件号码", "与户主关系"],
        &["上坝村", "1", "张三", "", "户主"],
        &["上坝村", "1", "李四", "5.20123E+17", "配偶"],
        &["上坝村", "1", "王五", "520123199001011000", "之子"],
        &["上坝村", "1", "赵六", &citizen_id(3), "之女"],
    ]);
    book.sheets[0].rows[1][3] = Cell::Number("520123199001011000".to_owned());
    let batch = take::<RosterDraft>(&book);
    assert_eq!((batch.counts.accepted, batch.counts.rejected), (1, 3));
    for problem in &batch.problems {
        assert_eq!((problem.code, problem.severity), (ProblemCode::IdDestroyed, Severity::Reject));
        assert_eq!((problem.column.as_str(), problem.header.as_str()), ("D", "证件号码"));
        assert!(problem.message.starts_with("证件号码被Excel转成数字"), "{}", problem.message);
    }
}

/// An id that ends in 000 and whose check digit holds.
fn id_ending_in_zeros() -> String {
    let ids = (1..=28).filter_map(|day| CitizenId::compose("159901", date(1990, 1, day), 200));
    ids.map(|id| id.as_str().to_owned()).find(|id| id.ends_with("000")).unwrap()
}

#[test]
fn an_id_that_ends_in_000_is_taken_with_a_warning_unless_excel_destroyed_others_beside_it() {
    let zeros = id_ending_in_zeros();
    let head = ["村", "户编号", "姓名", "证件号码", "与户主关系"];
    let own = ["上坝村", "1", "张三", &zeros, "户主"];
    let batch = take::<RosterDraft>(&workbook(&[&head, &own, &["上坝村", "1", "李四", &citizen_id(3), "配偶"]]));
    assert_eq!((batch.counts.accepted, batch.counts.rejected), (2, 0));
    assert_eq!(batch.rows[0].draft.id.citizen_id.as_deref(), Some(zeros.as_str()));
    let told: Vec<_> = batch.problems.iter().map(|problem| (problem.row, problem.severity, problem.code)).collect();
    assert_eq!(told, [(2, Severity::Warn, ProblemCode::IdDoubtful)]);

    let broken = ["上坝村", "1", "王五", "520123199001011000", "之子"];
    let batch = take::<RosterDraft>(&workbook(&[&head, &own, &broken]));
    assert_eq!((batch.counts.accepted, batch.counts.rejected, batch.rejected.len()), (0, 2, 2));
    assert!(batch.problems.iter().all(|problem| problem.code == ProblemCode::IdDestroyed));
}

#[test]
fn ids_are_cleaned_and_faulty_ones_rejected_each_with_its_reason() {
    let good = citizen_id(1);
    let spaced = format!(" {} ", good.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect::<String>());
    let (area, rest) = good.split_at(6);
    let bad_birth = format!("{area}19660230{}", rest.get(8..).unwrap());
    let last = if good.ends_with('5') { '6' } else { '5' };
    let bad_check = format!("{}{last}", good.get(..17).unwrap());
    let certificate = format!("{good}42");
    let book = workbook(&[
        &["村", "户编号", "姓名", "证件号码", "与户主关系"],
        &["上坝村", "1", "甲一", &spaced, "户主"],
        &["上坝村", "1", "甲二", &certificate, "配偶"],
        &["上坝村", "1", "甲三", "", "之子"],
        &["上坝村", "1", "甲四", "999999196001010012", "之子"],
        &["上坝村", "1", "甲五", &bad_birth, "之子"],
        &["上坝村", "1", "甲六", &bad_check, "之子"],
        &["上坝村", "1", "甲七", "12345678901234567", "之子"],
        &["上坝村", "1", "甲八", "15990119660308A018", "之子"],
    ]);
    let batch = take::<RosterDraft>(&book);
    let ids: Vec<(&str, bool)> =
        batch.rows.iter().map(|row| (row.draft.name.as_str(), row.draft.id.citizen_id.is_some())).collect();
    assert_eq!(ids, [("甲一", true), ("甲二", true), ("甲三", false), ("甲四", false)]);
    assert_eq!(batch.rows[0].draft.id.text, good);
    assert_eq!(batch.rows[1].draft.id.disability(), Some((4, 2)));
    assert_eq!(
        codes(&batch),
        [
            (4, "D", Severity::Warn, ProblemCode::IdMissing),
            (5, "D", Severity::Warn, ProblemCode::IdNoDocument),
            (6, "D", Severity::Reject, ProblemCode::IdBirth),
            (7, "D", Severity::Reject, ProblemCode::IdCheck),
            (8, "D", Severity::Reject, ProblemCode::IdLength),
            (9, "D", Severity::Reject, ProblemCode::IdCharacter),
        ]
    );
}

#[test]
fn phones_codes_and_names_lose_what_spreadsheets_added() {
    let id = citizen_id(1);
    let mut book = workbook(&[
        &["村", "户编号", "姓名", "证件号码", "与户主关系", "户联系电话", "成员联系电话"],
        &["上坝村", "５２００１.0", "买买提•吐尔逊", &id, "户主", "13912345678.0", "没有电话"],
        &["上坝村", "", "李?", &citizen_id(2), "配偶"],
        &["上坝村", "", "王五", &citizen_id(3), "之子"],
    ]);
    book.sheets[0].rows[2][1] = Cell::Number("52001".to_owned());
    book.sheets[0].rows[3][1] = Cell::Number("5200012345678900000".to_owned());
    let batch = take::<RosterDraft>(&book);
    let draft = &batch.rows[0].draft;
    assert_eq!(draft.household_number, "52001");
    assert_eq!(draft.name, "买买提·吐尔逊");
    assert_eq!(draft.household_phone, "13912345678");
    assert_eq!(draft.phone, "没有电话");
    assert_eq!(
        codes(&batch),
        [
            (2, "G", Severity::Warn, ProblemCode::PhoneInvalid),
            (3, "C", Severity::Warn, ProblemCode::CharacterLost),
            (4, "B", Severity::Reject, ProblemCode::CodeDestroyed),
        ]
    );
}

#[test]
fn error_cells_reject_what_is_required_and_warn_elsewhere() {
    let mut book = workbook(&[
        &["姓名", "证件号码", "病种", "确诊日期", "分级"],
        &["张三", &citizen_id(1), "高血压", "2025.6.3", "x"],
        &["李四", &citizen_id(2), "x", "2025-06-03", ""],
    ]);
    book.sheets[0].rows[1][4] = Cell::Error("#N/A".to_owned());
    book.sheets[0].rows[2][2] = Cell::Error("#REF!".to_owned());
    let batch = take::<ScreeningDraft>(&book);
    assert_eq!(batch.rows[0].draft.grade, "");
    assert_eq!(batch.rows[0].draft.diagnosed_on, Some(date(2025, 6, 3)));
    assert_eq!(
        codes(&batch),
        [(2, "E", Severity::Warn, ProblemCode::CellError), (3, "C", Severity::Reject, ProblemCode::CellError),]
    );
    assert!(batch.problems[1].message.contains("#REF!"));
}

#[test]
fn a_village_merged_over_several_rows_holds_for_all_of_them_but_an_amount_does_not() {
    let mut book = workbook(&[
        &["村", "户编号", "姓名", "证件号码", "与户主关系", "人均纯收入（元）"],
        &["上坝村", "1", "张三", &citizen_id(1), "户主", "9000"],
        &["", "", "李四", &citizen_id(2), "配偶", ""],
    ]);
    book.sheets[0].merges = [0, 1, 5].map(|left| Merge { top: 1, left, bottom: 2, right: left }).to_vec();
    let batch = take::<RosterDraft>(&book);
    let second = &batch.rows[1].draft;
    assert_eq!((second.village.as_str(), second.household_number.as_str()), ("上坝村", "1"));
    assert_eq!(batch.rows[0].draft.income_per_head, Some(Fen::from_yuan(9000)));
    assert_eq!(second.income_per_head, None);
}

#[test]
fn bills_are_read_under_the_labels_of_several_provinces() {
    let id = citizen_id(1);
    let chongqing: &[&str] = &[
        "姓名",
        "身份证号",
        "医疗机构名称",
        "结算时间",
        "总费用",
        "符合医保范围金额",
        "基金支付",
        "大病支出",
        "进入医疗救助金额",
        "救助金额",
        "倾斜救助金额",
        "渝快保支出金额",
        "现金支付",
        "医疗类别",
    ];
    let jiangsu: &[&str] = &[
        "姓名",
        "证件号码",
        "定点机构名称",
        "结算日期",
        "医疗费总额",
        "符合范围金额",
        "统筹基金",
        "居民大病基金",
        "",
        "医疗救助基金",
        "倾斜救助",
        "",
        "现金",
        "医疗类别",
    ];
    let shandong: &[&str] = &[
        "姓名",
        "身份证号码",
        "医院名称",
        "出院结算日期",
        "费用总额(元)",
        "合规金额",
        "统筹支付",
        "商保大病理赔",
        "",
        "扶贫人员民政救助金额",
        "重特大疾病救助金额",
        "",
        "个人现金支付",
        "就诊类别",
    ];
    for labels in [chongqing, jiangsu] {
        let values: &[&str] = &[
            "张三",
            &id,
            "某市人民医院",
            "2026/1/15",
            "¥20,000.00",
            "18000",
            "12000.5",
            "0",
            "5999.50",
            "3000",
            "-",
            "",
            "2999.5",
            "普通住院",
        ];
        let batch = take::<BillDraft>(&workbook(&[labels, values]));
        let draft = &batch.rows[0].draft;
        assert_eq!(draft.total, Some(Fen::from_yuan(20_000)));
        assert_eq!(draft.in_scope, Some(Fen::from_yuan(18_000)));
        assert_eq!(draft.paid_basic, Some(Fen(1_200_050)));
        assert_eq!(draft.paid_critical, Some(Fen::ZERO));
        assert_eq!(draft.paid_aid, Some(Fen::from_yuan(3_000)));
        assert_eq!(draft.paid_tilt, None);
        assert_eq!(draft.paid_personal, Some(Fen(299_950)));
        assert_eq!(draft.settled_on, Some(date(2026, 1, 15)));
        assert_eq!(draft.care_kind, "普通住院");
        assert_eq!(draft.other_payers(), None);
    }
    // A label nobody has seen before is refused until the clerk says what it means, and then remembered.
    let values: &[&str] =
        &["张三", &id, "医院", "20260115", "100", "90", "50", "0", "", "10", "", "", "40", "普通住院"];
    let book = workbook(&[shandong, values]);
    let error = extract::<BillDraft>(&book, &Memory::default()).unwrap_err();
    assert!(matches!(&error, SheetError::MissingColumns { missing, .. } if missing == "结算日期"), "{error:?}");
    let mapping = Mapping { labels: [("出院结算日期".to_owned(), Some("settled_on".to_owned()))].into() };
    let memory = Memory { sources: vec![Source::new(shandong.iter().copied(), mapping)], ..Memory::default() };
    let batch = extract::<BillDraft>(&book, &memory).unwrap();
    assert_eq!(batch.rows[0].draft.settled_on, Some(date(2026, 1, 15)));
    assert_eq!(batch.rows[0].draft.aid(), Some(Fen::from_yuan(10)));
}

#[test]
fn an_amount_that_cannot_be_read_rejects_the_bill() {
    let book = workbook(&[
        &["姓名", "证件号码", "结算日期", "费用总额", "医疗救助", "就医机构"],
        &["张三", &citizen_id(1), "2026-01-15", "一万", "0", "县医院"],
        &["李四", &citizen_id(2), "2026-01-15", "100.005", "0", "县医院"],
        &["王五", &citizen_id(3), "昨天", "100", "0", "县医院"],
        &["赵六", &citizen_id(4), "2026-01-15", "100", "未定", "县医院"],
    ]);
    let batch = take::<BillDraft>(&book);
    assert_eq!(batch.counts.rejected, 4);
    let rejected: Vec<(u32, ProblemCode)> =
        batch.problems.iter().filter(|p| p.severity == Severity::Reject).map(|p| (p.row, p.code)).collect();
    assert_eq!(
        rejected,
        [
            (2, ProblemCode::AmountInvalid),
            (3, ProblemCode::AmountInvalid),
            (4, ProblemCode::DateInvalid),
            (5, ProblemCode::AmountInvalid)
        ]
    );
}

#[test]
fn contracts_and_enrolments_are_read() {
    let id = citizen_id(1);
    let contracts = take::<ContractDraft>(&workbook(&[
        &["姓名", "身份证号", "签约团队", "签约日期", "到期日期", "服务包", "未签约原因"],
        &["张三", &id, "第一团队", "2026.1.1", "2026年12月31日", "基础包+高血压包", ""],
        &["李四", &citizen_id(2), "", "", "", "", "长期外出"],
    ]));
    assert_eq!(contracts.rows[0].draft.until, Some(date(2026, 12, 31)));
    assert_eq!(contracts.rows[1].draft.unsigned_reason, "长期外出");
    assert_eq!(codes(&contracts), [(3, "D", Severity::Warn, ProblemCode::RequiredMissing)]);

    let enrolments = take::<EnrolmentDraft>(&workbook(&[
        &["姓名", "证件号码", "年度", "险种", "档次", "个人支付", "代缴金额", "代缴类别", "参保状态"],
        &["张三", &id, "2026年", "城乡居民基本医疗保险", "一档", "0", "400", "特困人员", "正常参保"],
    ]));
    let draft = &enrolments.rows[0].draft;
    assert_eq!((draft.year, draft.own_payment), (Some(2026), Some(Fen::ZERO)));
    assert_eq!(draft.subsidy, Some(Fen::from_yuan(400)));
    assert_eq!(draft.subsidy_class, "特困人员");
}

#[test]
fn a_table_without_the_header_is_refused_and_says_what_was_looked_for() {
    let book = workbook(&[&["商品", "数量", "单价"], &["纱布", "10", "3.5"]]);
    let error = extract::<RosterDraft>(&book, &Memory::default()).unwrap_err();
    assert!(matches!(error, SheetError::NoHeader { .. }));
    let said = error.to_string();
    assert!(said.contains("户档案名单") && said.contains("姓名") && said.contains("没有导入任何内容"), "{said}");
    assert_eq!(error.code(), "sheet_no_header");
}

#[test]
fn all_sheets_with_the_header_are_read_and_the_others_named() {
    let mut book = workbook(&[
        &["村", "户编号", "姓名", "证件号码", "与户主关系"],
        &["上坝村", "1", "张三", &citizen_id(1), "户主"],
    ]);
    let mut second = book.sheets[0].clone();
    second.name = "下坝村".to_owned();
    second.rows[1][0] = text("下坝村");
    let mut cover = workbook(&[&["填表说明", "甲"]]).sheets.remove(0);
    cover.name = "说明".to_owned();
    book.sheets.extend([second, cover]);
    let batch = take::<RosterDraft>(&book);
    let villages: Vec<&str> = batch.rows.iter().map(|row| row.draft.village.as_str()).collect();
    assert_eq!(villages, ["上坝村", "下坝村"]);
    assert_eq!(batch.skipped_sheets, ["说明"]);
}

#[test]
fn an_old_xls_screening_sheet_becomes_drafts() {
    let book = read(include_bytes!("fixtures/screening.xls"), "筛查.xls").unwrap();
    let batch = take::<ScreeningDraft>(&book);
    assert_eq!(batch.counts.accepted, 2);
    let draft = &batch.rows[1].draft;
    assert_eq!((draft.village.as_str(), draft.disease.as_str()), ("上坝村", "糖尿病"));
    assert_eq!(draft.diagnosed_on, Some(date(2024, 11, 20)));
}

#[test]
fn every_label_of_a_profile_leads_to_one_column() {
    for profile in ALL {
        let mut seen = std::collections::HashMap::new();
        for column in profile.columns {
            for label in std::iter::once(&column.title).chain(column.synonyms) {
                let earlier = seen.insert(label_key(label), column.key);
                assert!(
                    earlier.is_none_or(|key| key == column.key),
                    "{}: “{label}” means {} and {}",
                    profile.key,
                    earlier.unwrap_or_default(),
                    column.key
                );
            }
        }
    }
}

#[test]
fn a_dropped_file_suggests_its_kind() {
    for profile in ALL {
        let labels: Vec<&str> = profile.columns.iter().map(|column| column.title).collect();
        assert_eq!(suggest(&workbook(&[&labels]))[0].key, profile.key);
    }
    assert!(suggest(&workbook(&[&["商品", "数量", "单价"]])).is_empty());
}

#[test]
fn drafts_written_as_a_table_read_back_the_same() {
    let draft = BillDraft {
        name: "𬱖·李".to_owned(),
        id: mingbai_sheets::Certificate::parse(&citizen_id(7)).unwrap(),
        hospital: "=县医院".to_owned(),
        care_kind: "普通住院".to_owned(),
        settled_on: Some(date(2026, 1, 15)),
        total: Some(Fen(12_345_678_901)),
        in_scope: Some(Fen(1)),
        paid_basic: Some(Fen::ZERO),
        paid_personal: Some(Fen(-5)),
        days: Some(12),
        ..BillDraft::default()
    };
    let keys: Vec<&str> = BillDraft::PROFILE.columns.iter().map(|column| column.key).collect();
    let titles: Vec<&str> = BillDraft::PROFILE.columns.iter().map(|column| column.title).collect();
    let rows = rows_of(&keys, std::slice::from_ref(&draft));
    let bytes = plain_xlsx(&["一站式结算"], &titles, &rows, moment()).unwrap();
    let batch = take::<BillDraft>(&read(&bytes, "结算.xlsx").unwrap());
    assert_eq!(batch.rows[0].draft, draft);
    assert!(batch.problems.is_empty(), "{:?}", batch.problems);
}

#[test]
fn what_commercial_insurance_and_employees_funds_paid_stands_in_for_no_public_payer() {
    let labels: &[&str] = &[
        "姓名",
        "身份证号",
        "就医机构",
        "结算日期",
        "医疗费总额",
        "符合医保范围金额",
        "基本医疗基金支出",
        "倾斜救助",
        "公务员补助",
        "大额",
        "渝快保支出金额",
        "商业保险赔付",
        "个人现金支付",
        "医疗类别",
    ];
    let id = citizen_id(1);
    let values: &[&str] =
        &["张三", &id, "医院", "20260115", "100", "90", "50", "7", "1", "2", "3", "", "37", "普通住院"];
    let batch = take::<BillDraft>(&workbook(&[labels, values]));
    let draft = &batch.rows[0].draft;
    assert_eq!(draft.other_payers(), Some(Fen::from_yuan(7)));
    assert_eq!(draft.supplementary(), Some(Fen::from_yuan(6)));
    let without: &[&str] = &[
        "姓名",
        "身份证号",
        "就医机构",
        "结算日期",
        "医疗费总额",
        "医疗类别",
        "符合医保范围金额",
        "基本医疗基金支出",
        "个人现金支付",
    ];
    let values: &[&str] = &["张三", &id, "医院", "20260115", "100", "普通住院", "90", "50", "50"];
    let batch = take::<BillDraft>(&workbook(&[without, values]));
    assert_eq!(batch.rows[0].draft.supplementary(), None, "a sheet without such a column says nothing of them");
}
