//! 致贫返贫原因与残疾 F19–F26: a cause has somebody behind it and help against it.

use crate::quality::facts::{
    DISABILITY, ILLNESS, disability, filled, has_cause, health, insurances, is_disabled, is_helped, is_ill, is_secured,
    label, monitored, monitoring,
};
use crate::quality::{About, Case, Faults, Rule, Severity};

pub(super) const RULES: [Rule; 8] = [
    Rule {
        number: "F19",
        severity: Severity::Warning,
        about: About::Household,
        title: "原因是因病，户内没有大病、慢性病患者",
        needs: None,
        find: nobody_ill,
    },
    Rule {
        number: "F20",
        severity: Severity::Warning,
        about: About::Household,
        title: "监测户风险是因病，合规自付支出是零",
        needs: None,
        find: nothing_paid,
    },
    Rule {
        number: "F21",
        severity: Severity::Warning,
        about: About::Household,
        title: "监测户风险是因病，没有健康帮扶和社会帮扶",
        needs: None,
        find: illness_unhelped,
    },
    Rule {
        number: "F22",
        severity: Severity::Warning,
        about: About::Household,
        title: "监测户有人没有参保，没有健康帮扶和社会帮扶，或风险里没有因病",
        needs: None,
        find: uninsured_unhelped,
    },
    Rule {
        number: "F23",
        severity: Severity::Warning,
        about: About::Household,
        title: "原因是因残，户内没有残疾人",
        needs: None,
        find: nobody_disabled,
    },
    Rule {
        number: "F24",
        severity: Severity::Warning,
        about: About::Household,
        title: "监测户风险是因残，没有综合保障和社会帮扶",
        needs: None,
        find: disability_unhelped,
    },
    Rule {
        number: "F25",
        severity: Severity::Warning,
        about: About::Person,
        title: "健康状况是残疾而没有残疾人证；一二级残疾的监测户没有残疾人补贴",
        needs: None,
        find: certificate,
    },
    Rule {
        number: "F26",
        severity: Severity::Warning,
        about: About::Person,
        title: "肢体一二级残疾，劳动技能是普通劳动力",
        needs: None,
        find: able_bodied,
    },
];

fn nobody_ill(case: &Case<'_>, faults: &mut Faults) {
    if case.file.is_lived_in() && has_cause(case.file, ILLNESS) && !case.file.residents().any(is_ill) {
        faults.household("原因有因病，户内没有人的健康状况是大病、慢性病，也没有人有诊断");
    }
}

/// What was not filled in is not known to be zero.
fn nothing_paid(case: &Case<'_>, faults: &mut Faults) {
    let zero = case.file.household.out_of_pocket.is_some_and(|amount| amount.0 == 0);
    if zero && monitored(case.file).is_some() && has_cause(case.file, ILLNESS) {
        faults.household("风险有因病，合规自付支出填的是0");
    }
}

/// After the risk was removed, 综合保障 is enough as well.
fn illness_unhelped(case: &Case<'_>, faults: &mut Faults) {
    let Some(monitoring) = monitoring(case.file) else { return };
    let kinds: &[&str] =
        if monitoring.removed.is_some() { &["health", "society", "security"] } else { &["health", "society"] };
    if has_cause(case.file, ILLNESS) && !is_helped(case.file, case.world, kinds) {
        let also = if monitoring.removed.is_some() { "、综合保障" } else { "" };
        faults.household(format!("风险有因病，没有登记健康帮扶、社会帮扶{also}"));
    }
}

fn uninsured_unhelped(case: &Case<'_>, faults: &mut Faults) {
    if monitored(case.file).is_none() {
        return;
    }
    let year = case.world.year;
    let uninsured: Vec<&str> = case
        .file
        .residents()
        .filter(|person| insurances(person, year).is_empty())
        .map(mingbai_store::query::PersonFile::name)
        .collect();
    if uninsured.is_empty() {
        return;
    }
    let names = uninsured.join("、");
    if !is_helped(case.file, case.world, &["health", "society"]) {
        faults.household(format!("{names}{year}年没有参保，没有登记健康帮扶、社会帮扶"));
    }
    if !has_cause(case.file, ILLNESS) {
        faults.household(format!("{names}{year}年没有参保，风险里没有因病"));
    }
}

fn nobody_disabled(case: &Case<'_>, faults: &mut Faults) {
    if case.file.is_lived_in() && has_cause(case.file, DISABILITY) && !case.file.residents().any(is_disabled) {
        faults.household("原因有因残，户内没有人有残疾人证，健康状况也没有残疾");
    }
}

fn disability_unhelped(case: &Case<'_>, faults: &mut Faults) {
    let helped = is_helped(case.file, case.world, &["security", "society"]);
    if monitored(case.file).is_some() && has_cause(case.file, DISABILITY) && !helped {
        faults.household("风险有因残，没有登记综合保障、社会帮扶");
    }
}

fn certificate(case: &Case<'_>, faults: &mut Faults) {
    let secured = is_secured(case.file, case.world, "残疾");
    for person in case.file.residents() {
        let holds = person.person.document_type.as_deref() == Some("09")
            || filled(person.person.disability_certificate.as_deref())
            || !person.disabilities.is_empty();
        if health(person).contains("残疾") && !holds {
            let document = label("document_type", person.person.document_type.as_deref());
            faults.person(person, format!("健康状况是{}，证件类型是{document}，没有残疾人证", health(person)));
        }
        let severe = disability(person).filter(|(_, grade)| matches!(grade.as_str(), "1" | "2"));
        if let Some((_, grade)) = severe
            && monitored(case.file).is_some()
            && !secured
        {
            let grade = label("disability_grade", Some(&grade));
            faults.person(person, format!("残疾{grade}，综合保障里没有残疾人补贴"));
        }
    }
}

fn able_bodied(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents().filter(|person| person.person.labour.as_deref() == Some("1")) {
        if let Some((kind, grade)) = disability(person)
            && kind == "4"
            && matches!(grade.as_str(), "1" | "2")
        {
            let grade = label("disability_grade", Some(&grade));
            faults.person(person, format!("肢体残疾{grade}，劳动技能是普通劳动力"));
        }
    }
}
