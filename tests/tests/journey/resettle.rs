//! 全县重算 takes a bill where the person's own year takes it: a stay that goes on over New Year, a bill that corrects another.

use mingbai_tests::offices::{County, Office, list, number, save, text};
use mingbai_tests::rounds::send_up;
use serde_json::{Value, json};

use crate::year_end::{beijing, under, year};

const LEVEL3: &str =
    "{ level = [\"level3\"], bands = [{ up_to = \"none\", share = \"75%\" }], ref = \"S1 第二十一条\" }";

/// A pack that pays 70 % instead of 75 % at the highest level.
fn dearer(toml: &str) -> String {
    assert!(toml.contains(LEVEL3));
    toml.replacen(LEVEL3, &LEVEL3.replace("75%", "70%"), 1)
}

/// The row of the comparison of a year with a draft, at the county, for somebody of a township; nothing of theirs is refused.
fn changed((place, office): (&County, &Office), toml: &str, person: &str, year: i64) -> Value {
    let county = place.office();
    send_up(place, &county, office);
    let asked = json!({ "draft": null, "pack": null, "path": null, "toml": toml, "year": year });
    let view = county.call("pack_resettle", asked);
    let row = list(&view["changed"]).into_iter().find(|row| row["person"] == person);
    row.unwrap_or_else(|| panic!("nothing changed for {person}: {}", view["refused"]))
}

fn insured(office: &Office, person: &str, years: &[i64]) {
    for year in years {
        let paid = format!("{}-11-20", year - 1);
        let fields = json!({ "person": person, "year": year.to_string(), "insured": "true", "paid_on": paid });
        save(office, "enrolment", None, &fields);
    }
}

/// A stay in the county's hospital, everything in scope and nothing paid; `days` are those of admission, discharge and
/// settlement.
fn stay(person: &str, invoice: &str, level: &str, days: [&str; 3], total: &str) -> Value {
    let [admitted, discharged, settled] = days;
    json!({
        "person": person, "admitted_on": admitted, "discharged_on": discharged, "settled_on": settled,
        "hospital": "示范县人民医院", "hospital_level": level, "hospital_area": "county", "care_kind": "inpatient",
        "total": total, "own_expense": "0", "pre_self_pay": "0", "in_scope": total, "paid_personal": total,
        "invoice": invoice,
    })
}

#[test]
fn a_stay_that_goes_on_over_new_year_costs_in_the_county_what_it_costs_in_the_persons_year() {
    let once = beijing().replacen("continued_stay = \"again\"", "continued_stay = \"once\"", 1);
    let (place, person) = under(&once);
    let office = place.township_a();
    insured(&office, &person, &[2024, 2025]);
    let until = stay(&person, "DJ-1", "level3", ["2024-12-05", "2024-12-31", "2024-12-31"], "20000");
    save(&office, "settlement", None, &until);
    let mut since = stay(&person, "DJ-2", "level3", ["2025-01-01", "2025-01-15", "2025-01-15"], "40000");
    since["continued"] = json!("true");
    save(&office, "settlement", None, &since);

    let own = year(&office, &person, 2025);
    // What is taken once of a stay was taken in December: 40,000 × 25 %.
    assert_eq!((number(&own["personal"]), number(&own["uncounted"])), (1_000_000, 0), "{own}");
    let row = changed((&place, &office), &dearer(&once), &person, 2025);
    assert_eq!(row["before"], own["personal"]);
    // 40,000 × 30 %: the draft, too, took its part of the stay in December.
    assert_eq!((number(&row["after"]), number(&row["bills"])), (1_200_000, 1), "December is of the year before: {row}");
}

#[test]
fn a_transfer_over_new_year_is_one_admission_in_the_county_too() {
    let (place, person) = under(&beijing());
    let office = place.township_a();
    insured(&office, &person, &[2024, 2025]);
    let before = stay(&person, "ZY-1", "level1", ["2024-12-20", "2024-12-31", "2024-12-31"], "5000");
    save(&office, "settlement", None, &before);
    let mut after = stay(&person, "ZY-2", "level3", ["2025-01-01", "2025-01-20", "2025-01-20"], "40000");
    after["transferred"] = json!("true");
    save(&office, "settlement", None, &after);
    let own = year(&office, &person, 2025);
    assert_eq!(number(&own["uncounted"]), 0, "{own}");
    let row = changed((&place, &office), &dearer(&beijing()), &person, 2025);
    assert_eq!((&row["before"], &row["bills"]), (&own["personal"], &json!(1)));
    assert!(number(&row["after"]) > number(&row["before"]));
}

#[test]
fn a_bill_corrected_the_year_after_stands_in_the_county_where_the_wrong_one_stood() {
    let (place, person) = under(&beijing());
    let office = place.township_a();
    insured(&office, &person, &[2025]);
    let days = ["2025-03-01", "2025-03-20", "2025-03-20"];
    let wrong = save(&office, "settlement", None, &stay(&person, "GZ-1", "level3", days, "20000"));
    let later = stay(&person, "GZ-2", "level1", ["2025-05-01", "2025-05-20", "2025-05-20"], "10000");
    save(&office, "settlement", None, &later);
    let [admitted, discharged, _] = days;
    let mut right = stay(&person, "GZ-3", "level3", [admitted, discharged, "2026-02-10"], "30000");
    right["corrects"] = json!(text(&wrong["id"]));
    save(&office, "settlement", None, &right);

    let row = changed((&place, &office), &dearer(&beijing()), &person, 2025);
    // First (30,000 − 1,300) × 75 %, then half of 300 at the lowest level: (10,000 − 150) × 80 %. As the year's last bill the
    // correction would have cost half of 1,300, and the other the whole 300.
    assert_eq!(number(&row["before"]), 4_000_000 - 2_152_500 - 788_000, "{row}");
    assert_eq!(number(&row["after"]), 4_000_000 - 2_009_000 - 788_000, "{row}");
    assert_eq!(number(&row["bills"]), 2, "the wrong one is no bill any more");
}

#[test]
fn an_identity_gained_in_january_counts_for_the_december_part_of_the_same_stay_wherever_the_year_is_looked_at() {
    let (place, person) = under(&beijing());
    let office = place.township_a();
    insured(&office, &person, &[2024, 2025]);
    let until = stay(&person, "SF-1", "level3", ["2024-12-20", "2024-12-31", "2024-12-31"], "60000");
    save(&office, "settlement", None, &until);
    let alone = number(&year(&office, &person, 2024)["personal"]);
    assert_eq!(alone, 6_000_000 - 4_402_500, "an ordinary stay: (60,000 − 1,300) × 75 %");
    save(&office, "aid_identity", None, &json!({ "person": person, "identity": "subsistence", "since": "2025-01-05" }));
    assert_eq!(number(&year(&office, &person, 2024)["personal"]), alone, "nothing says that the stay went on");
    let mut since = stay(&person, "SF-2", "level3", ["2025-01-01", "2025-01-15", "2025-01-15"], "1000");
    since["continued"] = json!("true");
    save(&office, "settlement", None, &since);

    // 37号 十（三）: of this stay, by the new identity. (15,975 − 15,202) × 65 % = 502.45; 85 % of 15,472.55 = 13,151.67.
    let own = year(&office, &person, 2024);
    assert_eq!(number(&own["personal"]), 232_088, "{own}");
    let row = changed((&place, &office), &dearer(&beijing()), &person, 2024);
    assert_eq!(row["before"], own["personal"]);
}
