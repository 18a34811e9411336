//! 身份与家庭 F01–F12: ids, sex, birth, relations, the dead.

use chrono::NaiveDate;
use mingbai_domain::citizen_id::{self, CitizenIdError, Sex};
use mingbai_domain::{CitizenId, relation};
use mingbai_store::query::PersonFile;

use crate::quality::facts::{age, bill, born, filled, label, masked};
use crate::quality::{About, Case, Faults, Rule, Severity};

pub(super) const RULES: [Rule; 12] = [
    Rule {
        number: "F01",
        severity: Severity::Error,
        about: About::Person,
        title: "证件号码和别人重复（比前18位）",
        needs: None,
        find: shared_id,
    },
    Rule {
        number: "F02",
        severity: Severity::Error,
        about: About::Person,
        title: "证件号码不是18位、残疾人证号不是20或22位",
        needs: None,
        find: length,
    },
    Rule {
        number: "F03",
        severity: Severity::Error,
        about: About::Person,
        title: "证件号码校验位或出生日期不对（残疾人证号看前18位）",
        needs: None,
        find: check_digit,
    },
    Rule {
        number: "F04",
        severity: Severity::Error,
        about: About::Person,
        title: "没有证件号码，或以999999开头",
        needs: None,
        find: no_id,
    },
    Rule {
        number: "F05",
        severity: Severity::Error,
        about: About::Person,
        title: "性别、出生日期与证件号码不一致",
        needs: None,
        find: sex_and_birth,
    },
    Rule {
        number: "F06",
        severity: Severity::Warning,
        about: About::Person,
        title: "民族、健康状况或与户主关系没有填",
        needs: None,
        find: blank,
    },
    Rule {
        number: "F07",
        severity: Severity::Error,
        about: About::Person,
        title: "与户主关系和性别不符",
        needs: None,
        find: relation_and_sex,
    },
    Rule {
        number: "F08",
        severity: Severity::Error,
        about: About::Person,
        title: "配偶与户主性别相同",
        needs: None,
        find: spouse_and_sex,
    },
    Rule {
        number: "F09",
        severity: Severity::Error,
        about: About::Household,
        title: "户主不是一个人，或配偶不止一个",
        needs: None,
        find: heads,
    },
    Rule {
        number: "F10",
        severity: Severity::Warning,
        about: About::Person,
        title: "子女比户主大，或父母比户主大不到14岁",
        needs: None,
        find: generations,
    },
    Rule {
        number: "F11",
        severity: Severity::Error,
        about: About::Person,
        title: "死亡以后还有随访、签约、就诊、体检或参保缴费",
        needs: None,
        find: after_death,
    },
    Rule {
        number: "F12",
        severity: Severity::Warning,
        about: About::Person,
        title: "年龄超过100岁、出生在今天以后，或成年人没有带照片的证件",
        needs: None,
        find: age_and_photo,
    },
];

fn id_of(person: &PersonFile) -> Option<&str> {
    person.person.citizen_id.as_deref().map(str::trim).filter(|id| !id.is_empty())
}

/// Numbers of disability certificates: with the person or as records of their own.
fn certificates(person: &PersonFile) -> Vec<&str> {
    let own = person.person.disability_certificate.as_deref();
    let recorded = person.disabilities.iter().filter_map(|row| row.record.number.as_deref());
    let mut all: Vec<&str> = own.into_iter().chain(recorded).map(str::trim).filter(|text| !text.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn shared_id(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.people.iter().filter(|person| person.belongs_here) {
        let Some(id) = id_of(person) else { continue };
        for other in &person.same_citizen_id {
            let here = case.file.people.iter().find(|one| one.id == *other).map(|one| format!("本户{}", one.name()));
            let whose = here.or_else(|| {
                let found = case.beyond.person(other)?;
                Some(format!("{}{}号户{}", found.village, found.number, found.name))
            });
            let whose = whose.unwrap_or_else(|| "不在任何一户的人".to_owned());
            faults.person(person, format!("证件号码 {} 与{whose}相同", masked(id)));
        }
    }
}

fn is_no_document(id: &str) -> bool {
    id.starts_with("999999")
}

fn length(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        if let Some(id) = id_of(person).filter(|id| !is_no_document(id) && id.chars().count() != 18) {
            faults.person(person, format!("证件号码 {} 有{}位，应为18位", masked(id), id.chars().count()));
        }
        for number in certificates(person) {
            let length = number.chars().count();
            if !matches!(length, 20 | 22) {
                faults.person(person, format!("残疾人证号 {} 有{length}位，应为20或22位", masked(number)));
            }
        }
    }
}

/// Length is F02's, so only what has the right one is looked at.
fn check_digit(case: &Case<'_>, faults: &mut Faults) {
    let wrong = |text: &str| match CitizenId::parse(text) {
        Ok(_) | Err(CitizenIdError::NoDocument | CitizenIdError::Empty | CitizenIdError::Length(_)) => None,
        Err(error) => Some(error.to_string()),
    };
    for person in case.file.residents() {
        if let Some(id) = id_of(person).filter(|id| id.chars().count() == 18)
            && let Some(why) = wrong(id)
        {
            faults.person(person, format!("{why}（{}）", masked(id)));
        }
        for number in certificates(person).into_iter().filter(|number| matches!(number.chars().count(), 20 | 22)) {
            if let Some(why) = number.get(..18).and_then(wrong) {
                faults.person(person, format!("残疾人证号前18位：{why}（{}）", masked(number)));
            }
        }
    }
}

fn no_id(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        match id_of(person) {
            None => faults.person(person, "没有证件号码"),
            Some(id) if is_no_document(id) => faults.person(person, format!("证件号码 {} 表示没有身份证", masked(id))),
            Some(_) => {}
        }
    }
}

fn sex_and_birth(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        let Some(id) = id_of(person).and_then(|id| CitizenId::parse(id).ok()) else { continue };
        let said = person.person.sex.as_deref().filter(|sex| *sex != id.sex().code());
        if let Some(said) = said {
            let of_id = label("sex", Some(id.sex().code()));
            faults.person(person, format!("登记性别{}，证件号码是{of_id}", label("sex", Some(said))));
        }
        if let Some(birth) = person.person.birth.filter(|birth| *birth != id.birth()) {
            faults.person(person, format!("登记{birth}出生，证件号码是{}", id.birth()));
        }
    }
}

fn blank(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        let said = [
            ("民族", person.person.ethnicity.as_deref()),
            ("健康状况", person.person.health.as_deref()),
            ("与户主关系", person.stay.relation.as_deref()),
        ];
        let lacking: Vec<&str> = said.into_iter().filter(|(_, text)| !filled(*text)).map(|(what, _)| what).collect();
        if !lacking.is_empty() {
            faults.person(person, format!("{}没有填", lacking.join("、")));
        }
    }
}

fn sex_of(person: &PersonFile) -> Option<Sex> {
    match person.person.sex.as_deref() {
        Some("1") => Some(Sex::Male),
        Some("2") => Some(Sex::Female),
        _ => None,
    }
}

fn relation_of(person: &PersonFile) -> &str {
    person.stay.relation.as_deref().unwrap_or_default()
}

fn is_head(person: &&PersonFile) -> bool {
    relation_of(person) == relation::HEAD
}

fn is_spouse(person: &&PersonFile) -> bool {
    matches!(relation_of(person), relation::SPOUSE | "11" | "12")
}

fn relation_and_sex(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        let (Some(implied), Some(sex)) = (relation::implied_sex(relation_of(person)), sex_of(person)) else { continue };
        if implied != sex {
            let relation = label("relation", person.stay.relation.as_deref());
            faults.person(person, format!("与户主关系是{relation}，性别是{}", label("sex", Some(sex.code()))));
        }
    }
}

fn spouse_and_sex(case: &Case<'_>, faults: &mut Faults) {
    let mut heads = case.file.residents().filter(is_head);
    // With several heads nobody knows whose spouse it is.
    let (Some(head), None) = (heads.next(), heads.next()) else { return };
    for spouse in case.file.residents().filter(is_spouse) {
        if let (Some(one), Some(other)) = (sex_of(head), sex_of(spouse))
            && one == other
        {
            let sex = label("sex", Some(one.code()));
            faults.person(spouse, format!("与户主{}都是{sex}性", head.name()));
        }
    }
}

fn heads(case: &Case<'_>, faults: &mut Faults) {
    if !case.file.is_lived_in() {
        return;
    }
    let names = |people: &[&PersonFile]| people.iter().map(|one| one.name()).collect::<Vec<_>>().join("、");
    let heads: Vec<&PersonFile> = case.file.residents().filter(is_head).collect();
    match heads.len() {
        0 => faults.household("没有登记户主"),
        1 => {}
        many => faults.household(format!("登记了{many}个户主：{}", names(&heads))),
    }
    let spouses: Vec<&PersonFile> = case.file.residents().filter(is_spouse).collect();
    if spouses.len() > 1 {
        faults.household(format!("登记了{}个配偶：{}", spouses.len(), names(&spouses)));
    }
}

/// Of the table of relations.
const OWN_CHILDREN: [&str; 16] =
    ["20", "21", "22", "23", "24", "25", "26", "29", "30", "31", "32", "33", "34", "35", "36", "39"];
const OWN_PARENTS: [&str; 3] = ["50", "51", "52"];

/// Own children and own parents of the head: a child-in-law, step-parent or adoptive child may well be of any age.
fn generations(case: &Case<'_>, faults: &mut Faults) {
    let Some(head) = case.file.residents().find(is_head) else { return };
    let Some(of_head) = head.person.birth else { return };
    let gap = case.world.limits.number("parent_gap", case.world.year).unwrap_or_default();
    for person in case.file.residents() {
        let Some(birth) = person.person.birth else { continue };
        let (relation, name) = (relation_of(person), label("relation", person.stay.relation.as_deref()));
        let (is_child, is_parent) = (OWN_CHILDREN.contains(&relation), OWN_PARENTS.contains(&relation));
        if is_child && birth <= of_head {
            faults.person(person, format!("{name}{birth}出生，不比户主（{of_head}出生）小"));
        } else if is_parent && i64::from(citizen_id::age_on(birth, of_head)) < gap {
            faults.person(person, format!("{name}{birth}出生，比户主（{of_head}出生）大不到{gap}岁"));
        }
    }
}

/// When somebody died, by the register or by the reason they left (变更 01).
fn died(person: &PersonFile) -> Option<NaiveDate> {
    let left = person.stay.left_on.filter(|_| person.stay.left_reason.as_deref() == Some("01"));
    person.person.died_on.or(left)
}

/// A stay in hospital counts by its first day: a bill is often settled after the patient died.
fn after_death(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.people.iter().filter(|person| person.belongs_here) {
        let Some(died) = died(person) else { continue };
        let late = |day: Option<NaiveDate>| day.filter(|day| *day > died);
        let said = |what: &str, day: NaiveDate| format!("{died}死亡，{day}还有{what}");
        for row in &person.visits {
            late(row.record.visited_on).into_iter().for_each(|day| faults.of_person(person, row, said("随访", day)));
        }
        for row in &person.contracts {
            late(row.record.since).into_iter().for_each(|day| faults.of_person(person, row, said("签约", day)));
        }
        for row in &person.exams {
            late(row.record.examined_on).into_iter().for_each(|day| faults.of_person(person, row, said("体检", day)));
        }
        for row in &person.enrolments {
            late(row.record.paid_on).into_iter().for_each(|day| faults.of_person(person, row, said("参保缴费", day)));
        }
        for row in &person.bills {
            let inpatient = row.record.care_kind.as_deref() == Some("inpatient");
            let day = row.record.admitted_on.or(row.record.settled_on.filter(|_| !inpatient));
            if let Some(day) = late(day) {
                faults.of_person(person, row, format!("{died}死亡，{day}还有就诊（{}）", bill(&row.record)));
            }
        }
    }
}

/// A document type is asked of whoever is grown up: children are registered by household book or birth certificate.
fn age_and_photo(case: &Case<'_>, faults: &mut Faults) {
    const GROWN: i32 = 16;
    let oldest = case.world.limits.number("age_limit", case.world.year).unwrap_or(i64::MAX);
    for person in case.file.residents() {
        let Some(age) = age(person, case.world) else { continue };
        if person.person.birth > Some(case.world.today) {
            faults.person(person, format!("{}，在今天以后", born(person)));
        } else if i64::from(age) > oldest {
            faults.person(person, format!("{}，超过{oldest}岁", born(person)));
        }
        let document = person.person.document_type.as_deref();
        if age >= GROWN && matches!(document, Some("03" | "04" | "99")) {
            let document = label("document_type", document);
            faults.person(person, format!("{}，证件是{document}，没有带照片的证件", born(person)));
        }
    }
}
