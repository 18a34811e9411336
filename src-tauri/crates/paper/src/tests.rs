//! A village is printed once per subject and looked at through Typst's own pages.

use chrono::NaiveDate;
use mingbai_domain::Fen;

use crate::frames::words;
use crate::{
    BenefitRow, Benefits, BillRow, Contact, Doctor, HouseholdCard, MemberRow, PaperError, PhoneLine, Press, Sentence,
    Templates, card_svg, cards_pdf, is_printable, wall_safe,
};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn member(name: &str, age: u16, relation: &str, diseases: &[&str]) -> MemberRow {
    MemberRow {
        name: name.to_owned(),
        age,
        relation: relation.to_owned(),
        diseases: diseases.iter().map(|&it| it.to_owned()).collect(),
        identity: "低保".to_owned(),
        insured: age != 12,
        insured_text: if age == 12 { "未参保" } else { "已参保" }.to_owned(),
    }
}

fn bill(month: u32, who: &str, place: &str, total: i64, reimbursed: i64) -> BillRow {
    BillRow {
        date: day(month, 8),
        who: who.to_owned(),
        place: place.to_owned(),
        total: Fen(total),
        reimbursed: Fen(reimbursed),
        personal: Fen(total - reimbursed),
        visit: true,
    }
}

fn doctor(level: &str, name: &str, unit: &str, phone: &str) -> Doctor {
    let [level, name, unit, phone] = [level, name, unit, phone].map(str::to_owned);
    Doctor { level, name, unit, phone }
}

/// The family of the picture the design starts from.
fn household(number: &str, head: &str) -> HouseholdCard {
    let sentences = |all: &[&str]| all.iter().map(|it| Sentence::marked(it)).collect::<Vec<_>>();
    let row = |level: &str, deductible: &str, ratio: &str| BenefitRow {
        level: level.to_owned(),
        deductible: deductible.to_owned(),
        ratio: ratio.to_owned(),
    };
    let line = |label: &str, number: &str| PhoneLine { label: label.to_owned(), number: number.to_owned() };
    HouseholdCard {
        county: "示范县".to_owned(),
        unit: "青石乡卫生院".to_owned(),
        edition: 4,
        issued_on: day(11, 20),
        year: 2026,
        household_no: number.to_owned(),
        head: head.to_owned(),
        address: "王庄村 二组".to_owned(),
        population: 5,
        status: "未脱贫".to_owned(),
        cause: "因病".to_owned(),
        helper: Contact { name: "赵志强".to_owned(), phone: "13900002217".to_owned() },
        members: vec![
            member(head, 64, "户主", &["高血压"]),
            member("李秀兰", 62, "配偶", &["糖尿病"]),
            member("张䶮", 35, "儿子", &[]),
            member("王桂英", 88, "母亲", &["食管癌（大病）"]),
            member("张小军", 12, "孙子", &["先天性心脏病（大病）"]),
        ],
        doctors: vec![
            doctor("村医", "刘根生", "王庄村卫生室", "13900001188"),
            doctor("乡医生", "陈素梅", "青石乡卫生院", "0474-000-6120"),
            doctor("县医生", "何建军", "县人民医院", "0474-000-8830"),
        ],
        service: Sentence::marked("每年免费体检 1 次；高血压、糖尿病每年面对面随访至少 4 次。"),
        next_visit: Some(Sentence::marked("下次随访：李秀兰 **11 月 25 日前**。")),
        bills: vec![
            bill(3, head, "青石乡卫生院", 300_000, 247_000),
            bill(6, "张小军", "省儿童医院", 684_000, 513_000),
            bill(10, "王桂英", "市医院", 12_000_000, 10_607_724),
        ],
        benefits: Benefits {
            scope: "2026 年，低保、特困、建档立卡".to_owned(),
            rows: vec![
                row("乡镇卫生院", "200 元", "90%"),
                row("县医院（二级）", "400 元", "80%"),
                row("市医院（三级）", "1,200 元", "65%～80%"),
                row("没有转诊自己去外地", "—", "不享受倾斜"),
            ],
            sentences: sentences(&[
                "**大病保险**：一年里自己出的（政策范围内）超过 **7,000 元**，超过的再报 **65%**，不封顶。",
                "**医疗救助**：再剩下的，特困报 **100%**，低保报 **70%～80%**，一年最多 10 万元。",
                "**政府补助**：单次超过 3 万元的，还能再补 40%～60%。",
                "合起来最多报到总费用的 **90%**。",
            ]),
        },
        free_items: sentences(&[
            "参保费：特困全免，低保补大部分",
            "一般诊疗费、院内会诊费免",
            "住院不交押金，先看病后付钱",
            "出院一个窗口一次结清",
            "白内障手术免费",
            "每年一次免费体检",
            "结核病、艾滋病基本药免费",
            "慢性病证：门诊买药也能报",
        ]),
        steps: sentences(&[
            "先给家庭医生打电话。",
            "带 **身份证、医保卡、这张卡**。",
            "住院时说“我家是建档立卡（低保、特困）户”。",
            "不交押金，住完院再结。",
            "出院在“一站式窗口”结清，要一张结算单，交给村医核对。",
        ]),
        todo: sentences(&[
            "张小军 **2026 年还没参保**，请 **12 月 31 日前** 带户口簿到乡医保所办。",
            "李秀兰糖尿病随访已过期，村医 **11 月 25 日前** 上门。",
        ]),
        phones: vec![line("卫生院", "0474-000-6120"), line("医保所", "0474-000-6133"), line("监督", "12393")],
        basis: "乌兰察布市城乡居民医保、大病保险、医疗救助现行政策（政策包 V4，2026-01-01 起）。".to_owned(),
    }
}

/// The words of every page.
fn pages(cards: &[HouseholdCard]) -> Vec<String> {
    let set = Press::built_in().unwrap().set(cards, day(11, 21)).unwrap();
    set.document.pages().iter().map(|page| words(&page.frame)).collect()
}

#[test]
fn rare_characters_in_names_are_printed_as_themselves() {
    for c in ['䶮', '㛃', '𬱖', '𠅤', '·', '𪚥', '𮯠'] {
        assert!(is_printable(c).unwrap(), "{c}");
    }
    let mut card = household("1509710000214", "张𠅤");
    card.members.push(member("阿卜杜热合曼·买买提", 30, "儿媳", &[]));
    card.members.push(member("欧阳𬱖㛃", 9, "孙女", &[]));
    let set = Press::built_in().unwrap().set(&[card], day(11, 21)).unwrap();
    assert!(set.missing.is_empty());
    let text: String = set.document.pages().iter().map(|page| words(&page.frame)).collect();
    for name in ["张䶮", "张𠅤", "阿卜杜热合曼·", "买买提", "欧阳𬱖㛃"] {
        let joined = text.replace(' ', "");
        assert!(joined.contains(name), "{name} in {joined}");
    }
}

#[test]
fn a_character_no_typeface_has_is_shown_as_its_code_and_reported_with_the_name() {
    let mut card = household("1509710000301", "张𱍐");
    card.members[1].name = "李\u{E863}兰\u{200B}".to_owned();
    let printed = cards_pdf(std::slice::from_ref(&card), day(11, 21)).unwrap();
    let found: Vec<_> = printed.missing.iter().map(|it| (it.character, it.text.as_str())).collect();
    assert!(found.contains(&('𱍐', "张𱍐")), "{found:?}");
    assert!(found.contains(&('\u{E863}', "李\u{E863}兰\u{200B}")), "{found:?}");
    assert!(printed.missing.iter().all(|it| it.household_no == "1509710000301" && it.head == "张𱍐"));
    assert!(printed.missing[0].to_string().contains(&printed.missing[0].placeholder()));
    let text = pages(&[card]).concat().replace(' ', "");
    assert!(text.contains("张〔U+31350〕") && text.contains("李〔U+E863〕兰"), "{text}");
}

#[test]
fn the_same_cards_on_the_same_day_give_the_same_bytes() {
    let cards = [household("1509710000214", "张福山"), household("1509710000215", "张福山")];
    let first = cards_pdf(&cards, day(11, 21)).unwrap().pdf;
    assert!(first.starts_with(b"%PDF-"));
    assert_eq!(first, Press::new(&Templates::built_in()).unwrap().cards_pdf(&cards, day(11, 21)).unwrap().pdf);
    assert_ne!(first, cards_pdf(&cards, day(11, 22)).unwrap().pdf, "the day of printing is in the file");
}

#[test]
fn every_household_starts_on_a_new_page_in_the_order_given() {
    let heads = ["张福山", "李福山", "欧阳呼格吉勒图", "王䶮"];
    let cards: Vec<_> =
        heads.iter().enumerate().map(|(i, head)| household(&format!("15097100002{i:02}"), head)).collect();
    let pages = pages(&cards);
    assert_eq!(pages.len(), 4);
    for (page, card) in pages.iter().zip(&cards) {
        assert!(page.contains("健康帮扶明白卡") && page.contains(&card.household_no), "{page}");
        assert!(page.contains(&card.head), "{page}");
    }
}

#[test]
fn a_family_of_five_with_three_bills_fits_one_sheet_with_everything_on_it() {
    let pages = pages(&[household("1509710000214", "张福山")]);
    assert_eq!(pages.len(), 1);
    let joined = pages[0].replace([' ', '\u{A0}'], "");
    for part in [
        "未脱贫·因病",
        "13900002217",
        "食管癌（大病）",
        "未参保",
        "0474-000-8830",
        "129,840.00",
        "113,677.24",
        "16,162.76",
        "65%～80%",
        "不封顶",
        "白内障手术免费",
        "一站式窗口",
        "12393",
        "户主签收",
        "第4版",
        "2026年11月20日",
    ] {
        assert!(joined.contains(part), "{part} in {joined}");
    }
}

#[test]
fn money_that_came_for_a_whole_year_is_a_row_and_counts_as_no_visit() {
    let mut card = household("1509710000214", "张福山");
    let (visits, reimbursed) = (card.bills.len(), card.bills.iter().map(|it| it.reimbursed).sum::<Fen>());
    let came = BillRow {
        total: Fen::ZERO,
        personal: Fen::ZERO,
        visit: false,
        ..bill(6, "张福山", "2025年年终结算", 0, 2_014_140)
    };
    card.bills.push(came);
    let text = pages(&[card]).concat().replace([' ', '\u{A0}'], "");
    assert!(text.contains("2025年年终结算") && text.contains("20,141.40"), "{text}");
    assert!(text.contains(&format!("{visits}次")), "{text}");
    assert!(text.contains(&(reimbursed + Fen(2_014_140)).to_string()), "it is among what came back: {text}");
}

#[test]
fn a_household_of_fifteen_continues_on_the_next_page_under_its_name() {
    let mut card = household("1509710000214", "张福山");
    card.members.extend((0..10).map(|i| member("张小小", 20 + i, "孙子", &["慢性阻塞性肺疾病", "类风湿性关节炎"])));
    card.bills.extend((1..=12).map(|month| bill(month, "张小小", "市医院", 1_234_567, 1_000_000)));
    let after = household("1509710000215", "李福山");
    let pages = pages(&[card, after]);
    assert_eq!(pages.len(), 3);
    assert!(pages[0].replace(' ', "").contains("第1页，共2页"), "{}", pages[0]);
    let second = pages[1].replace(' ', "");
    assert!(
        second.contains("明白卡（续）") && second.contains("张福山") && second.contains("1509710000214"),
        "{second}"
    );
    assert!(second.contains("第2页，共2页") && second.contains("户主签收"), "{second}");
    assert!(pages[2].contains("李福山") && !pages[2].contains("（续）"));
    assert_eq!(pages.concat().matches("张小小").count(), 10 + 12);
}

#[test]
fn a_household_with_nothing_to_do_and_no_bills_is_told_so() {
    let mut card = household("1509710000214", "张福山");
    (card.todo, card.bills) = (Vec::new(), Vec::new());
    let text = pages(&[card]).concat();
    assert!(text.contains("眼下没有要办的事") && text.contains("今年还没有看病结算的记录"), "{text}");
}

#[test]
fn restricted_illnesses_never_reach_the_wall_and_are_reported() {
    let mut card = household("1509710000214", "张福山");
    card.members[1].diseases.extend(["肺结核".to_owned(), "严重精神障碍".to_owned()]);
    card.bills[0].place = "市精神卫生中心".to_owned();
    card.todo.push(Sentence::marked("张福山 **HIV** 随访"));
    let (safe, withheld) = wall_safe(&card);
    assert_eq!(safe.members[1].diseases, ["糖尿病"]);
    assert_eq!(safe.bills[0].place, "医院");
    assert_eq!(safe.bills[0].total, card.bills[0].total);
    assert_eq!(safe.todo.len(), 2);
    assert_eq!(withheld.len(), 4);
    assert!(withheld.iter().all(|it| !it.to_string().contains("结核") && !it.to_string().contains("HIV")));
    let text = pages(&[card.clone()]).concat();
    for word in ["肺结核", "精神", "HIV"] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(text.contains("结核病、艾滋病基本药免费"), "policy for everybody stays");
    assert_eq!(cards_pdf(&[card], day(11, 21)).unwrap().withheld, withheld);
}

#[test]
fn a_mistake_in_a_template_is_named_with_its_file_and_line() {
    let broken =
        Templates::built_in().with("household.typ", "\u{FEFF}#let data = json(\"cards.json\")\n\n#data.carts\n");
    let error = Press::new(&broken).unwrap().cards_pdf(&[household("1", "张福山")], day(11, 21)).unwrap_err();
    let PaperError::Template { file, line, reason, .. } = &error else { panic!("{error}") };
    assert_eq!((file.as_str(), *line, reason.as_str()), ("household.typ", 3, "资料里没有“carts”这一项"));
    assert!(error.to_string().contains("第 3 行"));

    let parts = Templates::built_in().with("parts.typ", "#let hair = (\n");
    let error = Press::new(&parts).unwrap().cards_pdf(&[household("1", "张福山")], day(11, 21)).unwrap_err();
    assert!(matches!(&error, PaperError::Template { file, line: 1, .. } if file == "parts.typ"), "{error:?}");
}

#[test]
fn a_county_may_change_the_words_of_the_card_but_not_print_a_box() {
    let own = |text: &str| {
        let text = format!("#set text(font: (\"Noto Sans CJK SC\", \"Mingbai Rare Han\"), fallback: false)\n{text}");
        Press::new(&Templates::built_in().with("household.typ", &text)).unwrap()
    };
    let card = household("1509710000214", "张福山");
    let set =
        own("#json(\"cards.json\").cards.first().head 健康卡").set(std::slice::from_ref(&card), day(11, 21)).unwrap();
    assert!(words(&set.document.pages()[0].frame).contains("张福山"));
    let error = own("健康卡𱍐").cards_pdf(&[card], day(11, 21)).unwrap_err();
    assert!(matches!(error, PaperError::TemplateGlyph { character: '𱍐', .. }), "{error:?}");
}

#[test]
fn nothing_to_print_and_a_number_without_a_code_are_refused() {
    assert_eq!(cards_pdf(&[], day(11, 21)).unwrap_err(), PaperError::NoCards);
    let error = cards_pdf(&[household(" ", "张福山")], day(11, 21)).unwrap_err();
    assert_eq!(error, PaperError::HouseholdNumber { household_no: " ".to_owned() });
}

#[test]
fn the_preview_is_one_drawing_per_page_that_needs_no_font() {
    let preview = card_svg(&household("1509710000214", "张福山"), day(11, 21)).unwrap();
    assert_eq!(preview.pages.len(), 1);
    assert!(preview.pages[0].starts_with("<svg") && !preview.pages[0].contains("<text"));
}

#[test]
fn marked_sentences_know_their_bold_words_and_masked_ids_keep_their_stars() {
    let sentence = Sentence::marked("请 **12 月 31 日前** 办");
    assert_eq!(sentence.text(), "请 12 月 31 日前 办");
    assert_eq!(sentence.0.iter().map(|run| run.strong).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(Sentence::plain("5227***********1234").text(), "5227***********1234");
}
