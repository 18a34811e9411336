//! 结算 F51–F53 and 资助参保 F58. Who paid more than a tenth of a bill stands in the desk's own list.

use mingbai_domain::Fen;
use mingbai_domain::catalogue::Settlement;
use mingbai_store::Row;
use mingbai_store::query::PersonFile;

use crate::quality::facts::bill;
use crate::quality::{About, Case, Faults, Rule, Severity};

pub(super) const RULES: [Rule; 4] = [
    Rule {
        number: "F51",
        severity: Severity::Error,
        about: About::Bill,
        title: "结算单各项对不上：费用构成、支付合计、支付超过范围内",
        needs: None,
        find: sums,
    },
    Rule {
        number: "F52",
        severity: Severity::Error,
        about: About::Bill,
        title: "住院日期重叠，票据号重复，住院期间又有入户随访",
        needs: None,
        find: stays,
    },
    Rule {
        number: "F53",
        severity: Severity::Warning,
        about: About::Bill,
        title: "救助对象住院收了押金",
        needs: None,
        find: deposit,
    },
    Rule {
        number: "F58",
        severity: Severity::Warning,
        about: About::Person,
        title: "登记了资助参保，没有参保缴费，或资助了两次",
        needs: None,
        find: subsidy,
    },
];

/// People whose bills are this household's to answer for.
fn of_here<'c>(case: &'c Case<'_>) -> impl Iterator<Item = &'c PersonFile> {
    case.file.people.iter().filter(|person| person.belongs_here)
}

fn sums(case: &Case<'_>, faults: &mut Faults) {
    for person in of_here(case) {
        for row in &person.bills {
            for said in of_bill(&row.record) {
                faults.of_person(person, row, format!("{}：{said}", bill(&row.record)));
            }
        }
    }
}

/// The identities of a bill (domain C.1), to the fen; what was left out is not compared.
fn of_bill(record: &Settlement) -> Vec<String> {
    let of = |amount: Option<Fen>| amount.unwrap_or_default();
    let mut said = Vec::new();
    let Some(total) = record.total else { return said };
    let outside = of(record.own_expense) + of(record.over_limit) + of(record.pre_self_pay);
    if let Some(in_scope) = record.in_scope.filter(|in_scope| outside + *in_scope != total) {
        said.push(format!("自费、超限价、先行自付、范围内合计{}元，费用总额{total}元", outside + in_scope));
    }
    let within = of(record.paid_basic) + of(record.paid_critical) + of(record.paid_aid);
    let covered = within + of(record.paid_other) + of(record.hospital_borne);
    if let Some(in_scope) = record.in_scope.filter(|in_scope| within > *in_scope) {
        said.push(format!("医保、大病、救助共支付{within}元，政策范围内只有{in_scope}元"));
    }
    if let Some(own) = record.paid_personal {
        if covered + own != total && !record.commercial_on_sheet() {
            said.push(format!("各方支付与个人支付合计{}元，费用总额{total}元", covered + own));
        }
        // What others bore besides may well have been what lies outside the scope.
        let borne = of(record.paid_other) + of(record.paid_commercial) + of(record.hospital_borne);
        let unpaid = of(record.own_expense) + of(record.pre_self_pay);
        if own + borne < unpaid {
            said.push(format!("个人支付{own}元，少于自费和先行自付{unpaid}元"));
        }
    }
    said
}

/// An admission after death is F11's.
fn stays(case: &Case<'_>, faults: &mut Faults) {
    let mut invoices: Vec<(&str, &PersonFile, &Row<Settlement>)> = Vec::new();
    for person in of_here(case) {
        let mut stays: Vec<_> = person
            .bills
            .iter()
            .filter(|row| row.record.care_kind.as_deref() == Some("inpatient"))
            .filter_map(|row| Some((row.record.admitted_on?, row.record.discharged_on?, row)))
            .collect();
        stays.sort_by_key(|(from, until, row)| (*from, *until, row.id));
        for pair in stays.windows(2) {
            let [(_, until, _), (from, _, row)] = pair else { continue };
            // Whoever is moved from one hospital to another does both on one day.
            if from < until {
                faults.of_person(
                    person,
                    row,
                    format!("{}：{from}入院时，上一次住院到{until}才出院", bill(&row.record)),
                );
            }
        }
        for visit in person.visits.iter().filter(|row| row.record.mode.as_deref() == Some("2")) {
            let Some(day) = visit.record.visited_on else { continue };
            if let Some((from, until, _)) = stays.iter().find(|(from, until, _)| *from < day && day < *until) {
                faults.of_person(person, visit, format!("{day}入户随访，当时在住院（{from}至{until}）"));
            }
        }
        for row in person.bills.iter().rev() {
            let Some(invoice) = row.record.invoice.as_deref().filter(|invoice| !invoice.trim().is_empty()) else {
                continue;
            };
            if let Some((_, whose, _)) = invoices.iter().find(|(known, ..)| *known == invoice) {
                faults.of_person(person, row, format!("票据{invoice}在{}名下已经有一张", whose.name()));
            } else {
                invoices.push((invoice, person, row));
            }
        }
    }
}

fn deposit(case: &Case<'_>, faults: &mut Faults) {
    for person in of_here(case) {
        for row in &person.bills {
            let record = &row.record;
            let day = record.admitted_on.or(record.settled_on);
            let aided = |identity: Option<&str>| !matches!(identity, None | Some("" | "ordinary"));
            let held = person.identities.iter().any(|identity| {
                let (since, until) = (identity.record.since, identity.record.until);
                aided(identity.record.identity.as_deref())
                    && day.is_some_and(|day| since.is_none_or(|s| s <= day) && until.is_none_or(|u| u >= day))
            });
            if let Some(paid) = record.deposit.filter(|paid| paid.0 > 0 && (held || aided(record.identity.as_deref())))
            {
                faults.of_person(person, row, format!("{}：收了住院押金{paid}元", bill(record)));
            }
        }
    }
}

fn subsidy(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        let subsidised: Vec<_> = person
            .enrolments
            .iter()
            .filter_map(|row| Some((row.record.year?, row.record.subsidy.filter(|amount| amount.0 > 0)?, row)))
            .collect();
        for (place, (year, amount, row)) in subsidised.iter().enumerate() {
            if row.record.insured != Some(true) {
                faults.of_person(person, row, format!("{year}年资助参保{amount}元，没有参保"));
            }
            let before = subsidised.get(..place).unwrap_or_default();
            if let Some((_, other, _)) = before.iter().find(|(known, ..)| known == year) {
                faults.of_person(person, row, format!("{year}年资助了两次：{other}元、{amount}元"));
            }
        }
    }
}
