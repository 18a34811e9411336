//! 劳动力与就学 F27–F33: what somebody of an age can do and where they can learn.

use mingbai_store::query::PersonFile;

use crate::quality::facts::{age, born, filled, health, is_student, label};
use crate::quality::{About, Case, Faults, Rule, Severity};

/// Of the table of labour: 普通劳动力, 技能劳动力, 无劳动力.
const ORDINARY: &str = "1";
const SKILLED: &str = "2";
const NONE: &str = "5";
/// Of the tables of schooling and education.
const KINDERGARTEN: &str = "02";
const BEFORE_SCHOOL: &str = "7";
/// 16 and 60: from when to when somebody is counted as able to work.
const FROM: i32 = 16;
const UNTIL: i32 = 60;

pub(super) const RULES: [Rule; 7] = [
    Rule {
        number: "F27",
        severity: Severity::Error,
        about: About::Person,
        title: "不满16周岁，劳动技能不是无劳动力",
        needs: None,
        find: child,
    },
    Rule {
        number: "F28",
        severity: Severity::Warning,
        about: About::Person,
        title: "满60周岁，劳动技能是普通或技能劳动力",
        needs: None,
        find: old,
    },
    Rule {
        number: "F29",
        severity: Severity::Warning,
        about: About::Person,
        title: "16–59周岁、健康、不在校，劳动技能是无、丧失或弱半劳动力",
        needs: None,
        find: healthy,
    },
    Rule {
        number: "F30",
        severity: Severity::Warning,
        about: About::Person,
        title: "在校生的劳动技能不是无劳动力",
        needs: None,
        find: student,
    },
    Rule {
        number: "F31",
        severity: Severity::Warning,
        about: About::Person,
        title: "健康状况是健康，失学原因却是因病、因残",
        needs: None,
        find: out_of_school,
    },
    Rule {
        number: "F32",
        severity: Severity::Warning,
        about: About::Person,
        title: "在校阶段与年龄不符",
        needs: None,
        find: school_and_age,
    },
    Rule {
        number: "F33",
        severity: Severity::Error,
        about: About::Person,
        title: "文化程度、在校生状况都填了，或都没有填",
        needs: None,
        find: school_and_education,
    },
];

fn labour(person: &PersonFile) -> Option<&str> {
    person.person.labour.as_deref().filter(|code| !code.is_empty())
}

fn labour_label(person: &PersonFile) -> String {
    label("labour", labour(person))
}

fn child(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        let young = age(person, case.world).is_some_and(|age| age < FROM);
        if young && labour(person).is_some_and(|code| code != NONE) {
            faults.person(person, format!("{}，劳动技能是{}", born(person), labour_label(person)));
        }
    }
}

fn old(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        let old = age(person, case.world).is_some_and(|age| age >= UNTIL);
        if old && matches!(labour(person), Some(ORDINARY | SKILLED)) {
            faults.person(person, format!("{}，劳动技能是{}", born(person), labour_label(person)));
        }
    }
}

fn healthy(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        let able = age(person, case.world).is_some_and(|age| (FROM..UNTIL).contains(&age));
        let cannot = matches!(labour(person), Some("3" | "4" | NONE));
        if able && cannot && health(person) == "健康" && !is_student(person) {
            faults.person(person, format!("{}，健康、不在校，劳动技能是{}", born(person), labour_label(person)));
        }
    }
}

/// Under 16 it is F27's.
fn student(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents().filter(|person| is_student(person)) {
        let grown = age(person, case.world).is_none_or(|age| age >= FROM);
        if grown && labour(person).is_some_and(|code| code != NONE) {
            let school = label("schooling", person.person.schooling.as_deref());
            faults.person(person, format!("在校（{school}），劳动技能是{}", labour_label(person)));
        }
    }
}

fn out_of_school(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents().filter(|person| health(person) == "健康") {
        let reason = person.person.out_of_school_reason.as_deref().unwrap_or_default();
        if reason.contains("因病") || reason.contains("因残") {
            faults.person(person, format!("健康状况是健康，失学辍学原因是{reason}"));
        }
    }
}

/// Ages at which a stage is attended (5_17_003, 004, 006, 5_12_018); the rules name no others.
fn ages(schooling: &str) -> Option<(i32, i32)> {
    match schooling {
        "04" | "05" | "06" => Some((12, 17)),
        "07" | "08" | "09" | "10" | "11" | "12" => Some((15, 20)),
        "13" | "14" | "15" => Some((18, i32::MAX)),
        "25" => Some((20, i32::MAX)),
        _ => None,
    }
}

fn school_and_age(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        let Some(schooling) = person.person.schooling.as_deref() else { continue };
        let (Some((from, until)), Some(age)) = (ages(schooling), age(person, case.world)) else { continue };
        if !(from..=until).contains(&age) {
            let span = if until == i32::MAX { format!("{from}岁以上") } else { format!("{from}–{until}岁") };
            let school = label("schooling", Some(schooling));
            faults.person(person, format!("{}，在校生状况是{school}（应为{span}）", born(person)));
        }
    }
}

/// 非在校生 says nothing of a school, and a child before school may go to a kindergarten.
fn school_and_education(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        let education = person.person.education.as_deref().filter(|code| filled(Some(code)));
        let schooling = person.person.schooling.as_deref().filter(|_| is_student(person));
        match (education, schooling) {
            (None, None) => faults.person(person, "文化程度、在校生状况都没有填"),
            (Some(BEFORE_SCHOOL), Some(KINDERGARTEN)) => {}
            (Some(education), Some(schooling)) => {
                let (education, schooling) = (label("education", Some(education)), label("schooling", Some(schooling)));
                faults.person(person, format!("文化程度填了{education}，在校生状况又填了{schooling}"));
            }
            _ => {}
        }
    }
}
