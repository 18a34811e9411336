//! 与别的部门 F56: what is on file here of lists kept elsewhere. Differences of whole lists are found by 数据比对.

use mingbai_domain::code;

use crate::quality::facts::label;
use crate::quality::{About, Case, Faults, Rule, Severity};

pub(super) const RULES: [Rule; 1] = [Rule {
    number: "F56",
    severity: Severity::Warning,
    about: About::Person,
    title: "救助身份与医保标识不符，或与医保、民政、残联名单不一致待核实",
    needs: None,
    find: other_offices,
}];

fn other_offices(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        for row in person.identities.iter().filter(|row| case.world.holds(row.record.since, row.record.until)) {
            let Some(marker) = row.record.marker.as_deref().filter(|marker| !marker.trim().is_empty()) else {
                continue;
            };
            let marked = code::resolve("aid_identity", marker);
            if marked.is_some_and(|marked| row.record.identity.as_deref() != Some(marked)) {
                let ours = label("aid_identity", row.record.identity.as_deref());
                faults.of_person(person, row, format!("救助身份是{ours}，医保标识是{marker}"));
            } else if let (Some(on), Some(since)) = (row.record.marked_on, row.record.since)
                && on < since
            {
                let ours = label("aid_identity", row.record.identity.as_deref());
                faults.of_person(person, row, format!("{ours}{since}起，医保{on}就标识了"));
            }
        }
    }
    for row in &case.file.comparisons {
        let theirs = row.record.theirs.as_deref().unwrap_or_default();
        let waits = row.record.decision.as_deref() == Some("later");
        if waits && matches!(theirs, "insurer" | "civil" | "disabled") {
            let field = row.record.field.as_deref().unwrap_or_default();
            let list = label("list_source", Some(theirs));
            faults.of_household(row, format!("与{list}不一致，待核实：{field}"));
        }
    }
}
