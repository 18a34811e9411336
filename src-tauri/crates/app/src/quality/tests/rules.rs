//! Each rule finds its planted fault and nothing else.

use std::collections::BTreeSet;

use mingbai_domain::catalogue::{
    AidIdentity, Disability, Enrolment, Exam, Exclusion, Membership, Settlement, TreatmentCase,
};
use mingbai_domain::{CitizenId, Fen};
use mingbai_store::Row;

use super::family::{Family, bill, cause, day, diagnosis, id, measure, on, row, said, sound, status, visit, yuan};
use crate::quality::all;

/// A rule, what breaks a sound family, what the reason says, and the rules that hold of the same fault as well.
type Broken = (&'static str, fn(&mut Family), &'static str, &'static [&'static str]);

fn other_id(family: &mut Family, sequence: u16) {
    let wife = family.wife();
    wife.person.citizen_id = Some(CitizenId::compose("159901", day("1983-09-15"), sequence).unwrap().to_string());
}

fn removed(family: &mut Family, since: &str) {
    let mut cleared = status(90, "cleared", since);
    cleared.record.removal_mode = said("natural");
    family.file.statuses.push(cleared);
}

fn disabled(family: &mut Family, kind: &str, grade: &str) {
    family.head().disabilities =
        vec![row(91, Disability { kind: said(kind), grade: said(grade), ..Disability::default() })];
}

fn edited(mut bill: Row<Settlement>, change: impl FnOnce(&mut Settlement)) -> Row<Settlement> {
    change(&mut bill.record);
    bill
}

const BROKEN: &[Broken] = &[
    ("F01", |f| f.head().same_citizen_id = vec![id(12)], "与本户李桂兰相同", &[]),
    ("F02", |f| f.head().person.citizen_id = said("1599011981040201"), "有16位，应为18位", &[]),
    ("F02", |f| f.head().person.disability_certificate = said("159901198104020113423"), "有21位，应为20或22位", &[]),
    ("F03", |f| f.head().person.citizen_id = said("159901198104020110"), "校验位不对", &[]),
    ("F03", |f| f.father().person.disability_certificate = said("15990119520208011143"), "残疾人证号前18位", &[]),
    ("F04", |f| f.head().person.citizen_id = None, "没有证件号码", &[]),
    ("F04", |f| f.head().person.citizen_id = said("999999198104020011"), "表示没有身份证", &[]),
    ("F05", |f| f.head().person.birth = on("1981-04-03"), "登记1981-04-03出生，证件号码是1981-04-02", &[]),
    ("F05", |f| other_id(f, 13), "登记性别女，证件号码是男", &[]),
    ("F06", |f| f.head().person.ethnicity = None, "民族没有填", &[]),
    ("F06", |f| f.son().stay.relation = None, "与户主关系没有填", &[]),
    ("F07", |f| f.son().stay.relation = said("30"), "与户主关系是之女，性别是男", &[]),
    (
        "F08",
        |f| {
            other_id(f, 13);
            f.wife().person.sex = said("1");
        },
        "与户主张福山都是男性",
        &[],
    ),
    ("F09", |f| f.wife().stay.relation = said("02"), "登记了2个户主：张福山、李桂兰", &[]),
    ("F09", |f| f.son().stay.relation = said("10"), "登记了2个配偶", &["F08"]),
    ("F09", |f| f.head().stay.relation = said("71"), "没有登记户主", &[]),
    ("F10", |f| f.son().stay.relation = said("51"), "比户主（1981-04-02出生）大不到14岁", &[]),
    ("F10", |f| f.father().stay.relation = said("20"), "不比户主（1981-04-02出生）小", &[]),
    (
        "F11",
        |f| {
            f.wife().person.died_on = on("2026-06-01");
            f.wife().exams = vec![row(92, Exam { examined_on: on("2026-07-01"), ..Exam::default() })];
        },
        "2026-06-01死亡，2026-07-01还有体检",
        &[],
    ),
    (
        "F11",
        |f| {
            let left = Membership { left_on: on("2026-06-01"), left_reason: said("01"), ..f.wife().stay.clone() };
            f.wife().stay = left;
            f.wife().bills = vec![bill(92, "2026-06-05", "2026-06-09")];
        },
        "还有就诊",
        &[],
    ),
    ("F12", |f| f.head().person.document_type = said("03"), "证件是户口簿，没有带照片的证件", &[]),
    (
        "F12",
        |f| {
            f.father().person.birth = on("1922-02-08");
            f.father().person.citizen_id = CitizenId::compose("159901", day("1922-02-08"), 11).map(|id| id.to_string());
        },
        "1922-02-08出生，超过100岁",
        &[],
    ),
    ("F13", |f| f.wife().enrolments.clear(), "2026年没有参加居民医保，也没有参加职工医保", &[]),
    (
        "F14",
        |f| {
            let employee =
                Enrolment { year: Some(2026), insurance: said("310"), insured: Some(true), ..Enrolment::default() };
            f.wife().enrolments.push(row(93, employee));
        },
        "同时参加了居民医保和职工医保",
        &[],
    ),
    ("F15", |f| f.wife().enrolments[0].record.critical_illness = Some(false), "大病保险是否", &[]),
    ("F15", |f| f.wife().enrolments[0].record.critical_illness = None, "大病保险没有填", &[]),
    (
        "F16",
        |f| f.wife().bills = vec![bill(94, "2025-05-01", "2025-05-09")],
        "2025年没有参保，2025-05-09 票据P94大病保险支付1,000.00元、医疗救助支付1,000.00元",
        &[],
    ),
    ("F17", |f| f.wife().enrolments[0].record.subsidy = None, "2026-01-10识别，在2026年补贴截止（2026-03-31）前", &[]),
    ("F18", |f| f.file.statuses[1].record.since = on("2026-05-01"), "却有缴费补贴200.00元", &[]),
    (
        "F19",
        |f| {
            f.father().person.health = said("健康");
            f.father().diagnoses.clear();
        },
        "户内没有人的健康状况是大病",
        &[],
    ),
    ("F20", |f| f.file.household.out_of_pocket = yuan(0), "合规自付支出填的是0", &[]),
    ("F21", |f| f.file.measures[0].record.kind = said("industry"), "没有登记健康帮扶、社会帮扶", &[]),
    (
        "F22",
        |f| {
            f.wife().enrolments.clear();
            f.file.causes = vec![cause(43, "99")];
        },
        "李桂兰2026年没有参保，风险里没有因病",
        &["F13"],
    ),
    (
        "F22",
        |f| {
            f.wife().enrolments.clear();
            f.file.measures[0].record.kind = said("industry");
        },
        "李桂兰2026年没有参保，没有登记健康帮扶、社会帮扶",
        &["F13", "F21"],
    ),
    (
        "F23",
        |f| {
            f.file.causes.push(cause(95, "02"));
            f.file.measures.push(measure(96, "security", "养老保险"));
        },
        "户内没有人有残疾人证",
        &[],
    ),
    (
        "F24",
        |f| {
            f.file.causes.push(cause(95, "02"));
            disabled(f, "2", "3");
        },
        "没有登记综合保障、社会帮扶",
        &[],
    ),
    ("F25", |f| f.head().person.health = said("残疾"), "证件类型是居民身份证，没有残疾人证", &[]),
    ("F25", |f| disabled(f, "2", "1"), "残疾一级，综合保障里没有残疾人补贴", &[]),
    (
        "F26",
        |f| {
            disabled(f, "4", "2");
            f.file.measures.push(measure(96, "security", "重度残疾人补贴"));
        },
        "肢体残疾二级，劳动技能是普通劳动力",
        &[],
    ),
    ("F27", |f| f.son().person.labour = said("3"), "2012-05-06出生，劳动技能是弱劳动力或半劳动力", &[]),
    ("F28", |f| f.father().person.labour = said("2"), "劳动技能是技能劳动力", &[]),
    ("F29", |f| f.wife().person.labour = said("4"), "健康、不在校，劳动技能是丧失劳动力", &[]),
    (
        "F30",
        |f| {
            f.wife().person.education = None;
            f.wife().person.schooling = said("20");
        },
        "在校（本科一年级），劳动技能是普通劳动力",
        &[],
    ),
    ("F31", |f| f.son().person.out_of_school_reason = said("因病休学"), "失学辍学原因是因病休学", &[]),
    ("F32", |f| f.son().person.schooling = said("07"), "在校生状况是普通高中一年级（应为15–20岁）", &[]),
    ("F33", |f| f.son().person.education = said("2"), "文化程度填了小学，在校生状况又填了八年级", &[]),
    ("F33", |f| f.head().person.education = None, "都没有填", &[]),
    (
        "F34",
        |f| {
            f.file.measures.clear();
            f.file.causes = vec![cause(43, "99")];
        },
        "2026-01-10识别，1个月后还没有帮扶措施",
        &[],
    ),
    ("F35", |f| removed(f, "2026-06-20"), "2026-01-10识别，2026-06-20消除，不足6个月", &[]),
    (
        "F35",
        |f| {
            (f.file.statuses[1].record.since, f.file.statuses[0].record.since) = (on("2021-05-03"), on("2019-12-01"));
            removed(f, "2021-06-20");
            f.file.statuses[2].record.removal_mode = said("helped");
        },
        "2021-06-20就帮扶消除",
        &[],
    ),
    (
        "F36",
        |f| {
            removed(f, "2026-10-01");
            f.file.household.safe_water = None;
        },
        "风险已消除，饮水安全没有填",
        &[],
    ),
    (
        "F36",
        |f| {
            removed(f, "2026-10-01");
            f.file.household.income_per_head = yuan(7_299);
        },
        "2025年人均纯收入7,299.00元，低于7,300.00元",
        &[],
    ),
    (
        "F37",
        |f| {
            f.file.statuses.truncate(1);
            f.file.household.income_per_head = yuan(7_299);
        },
        "没有纳入监测",
        &[],
    ),
    (
        "F38",
        |f| {
            let held = AidIdentity { identity: said("subsistence"), ..AidIdentity::default() };
            f.wife().identities.push(row(97, held));
        },
        "李桂兰享受低保，综合保障措施里没有低保",
        &[],
    ),
    (
        "F38",
        |f| f.file.measures.push(measure(96, "security", "特困供养")),
        "综合保障措施里有特困，户内没有人享受特困",
        &[],
    ),
    (
        "F38",
        |f| {
            for person in &mut f.file.people {
                person.person.labour = said("5");
                person.person.health = said("长期慢性病");
            }
        },
        "整户无劳动力，没有标记",
        &[],
    ),
    (
        "F39",
        |f| (f.head().person.away, f.head().person.phone) = (said("outside"), said("0474-6120000")),
        "不是11位手机号",
        &[],
    ),
    (
        "F39",
        |f| {
            (f.head().person.away, f.head().person.phone) = (said("outside"), said("13900000002"));
            (f.wife().person.away, f.wife().person.phone) = (said("county"), said("13900000002"));
        },
        "在省外务工，李桂兰在乡外县内务工，电话都是 139****0002",
        &[],
    ),
    ("F40", |f| f.file.causes.push(cause(95, "08")), "4人中有2人是普通或技能劳动力", &[]),
    (
        "F41",
        |f| {
            f.file.measures = vec![measure(96, "security", "养老保险")];
            f.file.causes = vec![cause(43, "99")];
        },
        "只有综合保障一项措施，张福山是劳动力",
        &[],
    ),
    ("F42", |f| f.file.household.out_of_pocket = Some(Fen(120)), "合规自付支出填的是1.20元，像是按万元填的", &[]),
    (
        "F43",
        |f| {
            f.file.causes = vec![cause(43, "99")];
            f.father().diagnoses[0].record.class = said("major");
        },
        "张老栓的大病诊断（高血压），致贫（返贫）原因里没有因病",
        &[],
    ),
    ("F44", |f| f.wife().diagnoses = vec![diagnosis(98, "N40", "前列腺增生")], "性别女，诊断是前列腺增生", &[]),
    ("F44", |f| f.wife().diagnoses = vec![diagnosis(98, "Q21.1", "儿童先天性心脏病")], "时已满15岁", &[]),
    ("F45", |f| f.father().diagnoses[0].record.diagnosed_on = on("2026-03-01"), "2026-03-01才确诊", &[]),
    ("F45", |f| f.father().contracts[0].record.since = on("2026-06-01"), "2026-02-06高血压随访，2026-06-01才签约", &[]),
    ("F45", |f| f.father().visits.insert(0, visit(98, "2026-12-01", 130)), "在登记时还没有到", &[]),
    ("F45", |f| f.father().visits.insert(0, visit(98, "2026-11-02", 130)), "2026-11-02有两次高血压随访", &[]),
    (
        "F45",
        |f| f.father().visits[0].record.systolic = Some(142),
        "2026-08-05和2026-11-02的高血压随访测得的数值完全相同",
        &[],
    ),
    ("F46", |f| f.father().visits.truncate(3), "近一年高血压随访不足4次", &[]),
    (
        "F46",
        |f| f.father().visits.iter_mut().for_each(|visit| visit.record.mode = said("3")),
        "近一年高血压随访全是电话",
        &[],
    ),
    ("F46", |f| f.father().exams.clear(), "近一年没有体检", &[]),
    ("F47", |f| f.father().visits[0].record.systolic = Some(80), "随访 2026-11-02血压80/85", &[]),
    (
        "F47",
        |f| {
            let exam = &mut f.father().exams[0].record;
            (exam.height_tenths, exam.weight_tenths) = (Some(170), Some(650));
        },
        "体检 2026-04-10体重指数",
        &[],
    ),
    (
        "F49",
        |f| {
            let mut second = f.wife().contracts[0].clone();
            (second.id, second.record.since, second.record.until) = (id(99), on("2026-06-01"), on("2027-05-31"));
            f.wife().contracts.push(second);
        },
        "2026-06-01起的签约与到2026-12-31的签约重叠",
        &[],
    ),
    (
        "F49",
        |f| {
            let gone = Exclusion { reason: said("prison"), since: on("2026-02-01"), ..Exclusion::default() };
            f.wife().exclusions = vec![row(99, gone)];
        },
        "人已服刑，签约仍然有效",
        &[],
    ),
    (
        "F50",
        |f| (f.father().person.away, f.father().person.away_since) = (said("outside"), on("2026-03-01")),
        "2026-03-01起长期外出，此后还有门诊、入户随访",
        &[],
    ),
    (
        "F51",
        |f| f.wife().bills = vec![edited(bill(94, "2026-05-01", "2026-05-09"), |b| b.in_scope = yuan(9_400))],
        "合计9,900.00元，费用总额10,000.00元",
        &[],
    ),
    (
        "F52",
        |f| f.wife().bills = vec![bill(95, "2026-05-08", "2026-05-12"), bill(94, "2026-05-01", "2026-05-09")],
        "2026-05-08入院时，上一次住院到2026-05-09才出院",
        &[],
    ),
    (
        "F53",
        |f| f.wife().bills = vec![edited(bill(94, "2026-05-01", "2026-05-09"), |b| b.deposit = yuan(2_000))],
        "收了住院押金2,000.00元",
        &[],
    ),
    (
        "F54",
        |f| {
            f.father().bills = vec![bill(94, "2026-06-01", "2026-06-09")];
            let case = TreatmentCase {
                disease: said("胃癌"),
                state: said("confirmed"),
                confirmed_on: on("2026-05-20"),
                ..TreatmentCase::default()
            };
            f.father().cases = vec![row(95, case)];
        },
        "2026-06-01已经住院，胃癌的进度仍是已确诊",
        &[],
    ),
];

/// The rules that look beyond one household: found with a whole office.
const BEYOND: [&str; 1] = ["F48"];

const MORE: &[Broken] = &[
    ("F55", |f| f.father().certificates[0].record.valid_until = on("2026-05-31"), "特慢病证到2026-05-31，已过期", &[]),
    ("F55", |f| f.father().certificates.clear(), "高血压可以办特慢病证，没有登记办理通过", &[]),
    ("F56", |f| f.wife().identities[0].record.marker = said("低保"), "救助身份是监测对象，医保标识是低保", &[]),
    ("F57", |f| f.file.household.paper_agrees = Some(false), "纸质与系统不一致", &[]),
    (
        "F58",
        |f| {
            let mut second = f.wife().enrolments[0].clone();
            second.id = id(99);
            f.wife().enrolments.push(second);
        },
        "2026年资助了两次：200.00元、200.00元",
        &[],
    ),
    ("F59", |f| f.card = Some("资料有变动"), "明白卡不是现行的：资料有变动", &[]),
    ("F59", |f| f.file.household.phone = None, "户和家庭成员都没有联系电话", &[]),
];

#[test]
fn nothing_is_found_in_a_sound_family() {
    let found: Vec<String> = sound().found().iter().map(|row| format!("{} {}", row.item, row.detail)).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn each_rule_finds_its_planted_fault_and_nothing_else() {
    let mut wrong = Vec::new();
    for (rule, break_it, reason, also) in BROKEN.iter().chain(MORE).copied() {
        let mut family = sound();
        break_it(&mut family);
        let found = family.found();
        let told: Vec<String> = found.iter().map(|row| format!("{} {}", row.item, row.detail)).collect();
        let expected: BTreeSet<&str> = also.iter().copied().chain([rule]).collect();
        let is_told = found.iter().any(|row| row.item == rule && row.detail.contains(reason));
        if family.numbers() != expected || !is_told {
            wrong.push(format!("{rule} {reason}: {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_family_that_breaks_it_and_its_number_but_once() {
    let broken: BTreeSet<&str> = BROKEN.iter().chain(MORE).map(|(rule, ..)| *rule).chain(BEYOND).collect();
    let numbers: Vec<&str> = all().map(|rule| rule.number).collect();
    assert_eq!(numbers.iter().copied().collect::<BTreeSet<_>>(), broken);
    assert_eq!(numbers.len(), broken.len());
}

#[test]
fn a_reason_names_no_restricted_disease_and_no_whole_number() {
    let mut family = sound();
    family.father().diagnoses.push(diagnosis(98, "F20.0", "精神分裂症"));
    family.father().diagnoses[1].record.class = said("major");
    family.file.causes = vec![cause(43, "99")];
    family.head().same_citizen_id = vec![id(12)];
    (family.head().person.away, family.head().person.phone) = (said("outside"), said("0474-6120000"));
    let found = family.found();
    let numbers: BTreeSet<&str> = found.iter().map(|row| row.item).collect();
    assert_eq!(numbers, BTreeSet::from(["F01", "F39", "F43", "F46", "F55"]));
    for row in &found {
        assert!(!row.detail.contains("精神"), "{}", row.detail);
        let longest = row.detail.split(|c: char| !c.is_ascii_alphanumeric()).map(str::len).max();
        assert!(longest < Some(10), "{}", row.detail);
    }
}
