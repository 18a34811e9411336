//! Screening, contracts, visits and enrolments land on the right people.

use std::collections::BTreeMap;

use mingbai_app::demo::{DemoContract, DemoPerson, DemoTownship};
use mingbai_tests::offices::{Office, list, number, text};
use serde_json::{Value, json};

use crate::filled;

/// Everybody told of, by household number and birth date and name, with their page on the register.
fn everybody<'a>(office: &Office, told: &'a DemoTownship) -> Vec<(&'a DemoPerson, Value)> {
    let mut pages = Vec::new();
    for household in &told.households {
        let members = list(&office.household(&household.number)["members"]);
        assert_eq!(members.len(), household.members.len(), "{}", household.number);
        for person in &household.members {
            let is_theirs = |row: &&Value| row["name"] == *person.name && row["birth"] == json!(person.roster_birth);
            let row = members.iter().find(is_theirs).unwrap_or_else(|| panic!("{} {}", household.number, person.name));
            pages.push((person, office.call("person_get", json!({ "id": row["id"] }))));
        }
    }
    pages
}

fn is_restricted(icd10: &str) -> bool {
    ["A15", "A16", "A17", "A18", "A19", "B20", "F20", "F22", "F25", "F31"].iter().any(|code| icd10.starts_with(code))
}

#[test]
fn diagnoses_contracts_visits_and_enrolments_stand_with_the_people_they_were_written_for_and_with_nobody_else() {
    let place = filled();
    let office = place.township_b();
    let told = place.told_b();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (person, page) in everybody(&office, told) {
        let who = &person.name;
        let diagnoses = list(&page["diagnoses"]);
        assert_eq!(diagnoses.len(), person.diseases.len(), "{who}");
        for disease in &person.diseases {
            let shown = if is_restricted(disease.icd10) { "限制查看" } else { disease.name };
            let found = diagnoses
                .iter()
                .find(|row| row["disease"] == shown && row["diagnosed_on"] == json!(disease.diagnosed_on));
            assert_eq!(found.unwrap()["class"]["label"], disease.class, "{who} {}", disease.name);
            *kinds.entry("diagnoses").or_default() += 1;
        }
        let contracts = list(&page["contracts"]);
        match &person.contract {
            DemoContract::Signed { since, until, .. } => {
                assert_eq!((&contracts[0]["since"], &contracts[0]["until"]), (&json!(since), &json!(until)), "{who}");
                assert_eq!(contracts.len(), 1);
                *kinds.entry("contracts").or_default() += 1;
            }
            _ => assert_eq!(contracts, Vec::<Value>::new(), "{who}"),
        }
        let visits = list(&page["visits"]);
        let mut days: Vec<Value> = person.visits.iter().map(|visit| json!(visit.on)).collect();
        days.reverse();
        assert_eq!(visits.iter().map(|row| row["visited_on"].clone()).collect::<Vec<_>>(), days, "{who}");
        // Of two visits on one day either may stand first.
        for visit in &person.visits {
            let told = (json!(visit.on), visit.pressure, json!(visit.doctor), json!(visit.next_on));
            let row = |row: &Value| {
                let pressure = (number(&row["systolic"]), number(&row["diastolic"]));
                (row["visited_on"].clone(), pressure, row["doctor"].clone(), row["next_on"].clone())
            };
            assert!(visits.iter().map(row).any(|found| found == told), "{who}: {told:?}");
            *kinds.entry("visits").or_default() += 1;
        }
        let enrolments = list(&page["enrolments"]);
        assert_eq!(enrolments.len(), usize::from(person.enrolment.is_some()), "{who}");
        if let Some(enrolment) = &person.enrolment {
            assert_eq!((&enrolments[0]["year"], &enrolments[0]["insured"]), (&json!(2026), &json!(enrolment.insured)));
            *kinds.entry("enrolments").or_default() += 1;
        }
        let contradicts_itself =
            told.faults.iter().filter(|fault| fault.rule == "F51" && person.number.starts_with(&fault.household));
        let rejected = contradicts_itself.filter(|fault| fault.name == *who).count();
        assert_eq!(list(&page["bills"]).len(), person.bills.len() - rejected, "{who}");
    }
    for kind in ["diagnoses", "contracts", "visits", "enrolments"] {
        assert!(kinds.get(kind).is_some_and(|count| *count > 100), "{kinds:?}");
    }
}

#[test]
fn the_flagship_household_tells_its_whole_story() {
    let place = filled();
    let office = place.township_a();
    let page = office.household(mingbai_app::demo::FLAGSHIP);
    let row = |name: &str| list(&page["members"]).into_iter().find(|row| row["name"] == *name).unwrap();
    let names: Vec<String> = list(&page["members"]).iter().map(|row| text(&row["name"]).to_owned()).collect();
    assert_eq!(names[0], "张福山", "the head comes first");
    assert_eq!((page["head"].as_str(), page["village"].as_str()), (Some("张福山"), Some("王庄村")));
    assert_eq!((&page["status"]["label"], &page["main_cause"]["label"]), (&json!("未脱贫"), &json!("因病")));
    let diseases = |name: &str| {
        list(&row(name)["diseases"]).iter().map(|tag| text(&tag["name"]).to_owned()).collect::<Vec<_>>().join("、")
    };
    assert!(diseases("张福山").contains("高血压") && diseases("张福山").contains("很高危"), "{}", diseases("张福山"));
    assert!(diseases("李秀兰").contains("2型糖尿病"));
    assert_eq!(diseases("王桂英"), "食管癌");
    assert_eq!(row("王桂英")["diseases"][0]["tag"], "大病");
    assert_eq!(row("张䶮")["contract"], "长期外出 不要求");
    assert_eq!(row("张小军")["enrolment"], "2026未参保");
    assert_eq!(row("李秀兰")["last_visit"], "超期 12 天");
    let todos: String = list(&page["todos"]).iter().map(|todo| text(&todo["text"]).to_owned()).collect();
    assert!(todos.contains("李秀兰 糖尿病随访超期 12 天") && todos.contains("张小军 2026年未参保"), "{todos}");
}

#[test]
fn every_count_of_the_desk_is_the_length_of_the_list_it_opens() {
    let place = filled();
    let office = place.township_a();
    let desk = office.call("desk_get", json!({}));
    let items = list(&desk["items"]);
    for wanted in ["uncontracted", "visit_overdue", "shortfall", "unenrolled", "card_stale", "no_citizen_id"] {
        assert!(items.iter().any(|item| item["key"] == wanted), "{wanted}");
    }
    let mut villages: BTreeMap<String, usize> = BTreeMap::new();
    for item in &items {
        let rows = list(&office.call("worklist_get", json!({ "key": item["key"], "village": null }))["rows"]);
        assert_eq!(rows.len() as i64, number(&item["count"]), "{}", item["key"]);
        rows.iter().for_each(|row| *villages.entry(text(&row["village"]).to_owned()).or_default() += 1);
    }
    for village in list(&office.call("village_list", json!({}))["rows"]) {
        let of = |item: &Value| {
            let request = json!({ "key": item["key"], "village": village["id"] });
            list(&office.call("worklist_get", request)["rows"]).len()
        };
        let sum: usize = items.iter().map(of).sum();
        assert_eq!(sum, villages.get(text(&village["name"])).copied().unwrap_or_default(), "{}", village["name"]);
    }
}

#[test]
fn the_newborn_without_an_id_is_on_the_list_of_people_without_one() {
    let place = filled();
    let office = place.township_a();
    let fault = place.told_a().faults.iter().find(|fault| fault.rule == "F04").unwrap();
    let rows = list(&office.call("worklist_get", json!({ "key": "no_citizen_id", "village": null }))["rows"]);
    let names: Vec<&str> = rows.iter().map(|row| text(&row["name"])).collect();
    assert_eq!(names, [fault.name.as_str()]);
}
