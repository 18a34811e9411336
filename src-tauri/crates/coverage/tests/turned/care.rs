//! Diseases with certificates, shares and limits, and stays that go on, in a pack that knows none of them.

use toml::{Table, Value};

use crate::drawn::Dice;

/// How a pack answers what it is asked about diseases and stays.
pub(crate) struct Care {
    pub(crate) several_diseases: &'static str,
    pub(crate) uncertified: &'static str,
    pub(crate) continued_stay: &'static str,
    pub(crate) transfer_within_24h: &'static str,
    pub(crate) year_of: &'static str,
}

const WITHOUT_A_STAY: [&str; 3] = ["chronic_outpatient", "two_disease", "outpatient"];

/// The pack with diseases of every form, paid by whoever pays stays, and these answers.
pub(crate) fn with_care(text: &str, care: &Care) -> String {
    let mut table: Table = toml::from_str(text).unwrap();
    for (key, word) in [
        ("several_diseases", care.several_diseases),
        ("uncertified", care.uncertified),
        ("continued_stay", care.continued_stay),
        ("transfer_within_24h", care.transfer_within_24h),
        ("year_of", care.year_of),
    ] {
        table.insert(key.to_owned(), Value::String(word.to_owned()));
    }
    // Otherwise a year is that of the admission, whatever else decides it.
    table.insert("cross_year".to_owned(), Value::String("whole".to_owned()));
    with_diseases(&mut table, &mut Dice::new(11));
    toml::to_string(&table).unwrap()
}

/// Gives a pack diseases with yearly and monthly limits on what is paid and on costs.
pub(super) fn with_diseases(table: &mut Table, dice: &mut Dice) {
    pays_without_a_stay(table);
    let payers = table["payer"].as_array().unwrap();
    let first = payers[0]["key"].clone();
    let second = payers[payers.len().min(2) - 1]["key"].clone();
    let mut diseases = Vec::new();
    for (key, kind) in [("hypertension", "two_disease"), ("diabetes", "two_disease")] {
        let limit = dice.pick(&["400", "500.50", "3000"]);
        diseases.push(format!(
            "{{ key = \"{key}\", kind = \"{kind}\", certificate = \"needed\", payers = [{first}, {second}], \
             limit = \"{limit}\", per = \"year\", limit_on = \"paid\", levels = \"any\", ratio = \"61.5%\""
        ));
    }
    for key in ["dialysis", "tumour"] {
        let limit = dice.pick(&["5000", "12345.67", "40000"]);
        diseases.push(format!(
            "{{ key = \"{key}\", kind = \"chronic_outpatient\", certificate = \"needed\", payers = [{second}, {first}], \
             limit = \"{limit}\", per = \"month\", limit_on = \"in_scope\", levels = \"any\", ratio = \"none\""
        ));
    }
    for (key, per, on) in
        [("hepatitis", "month", "paid"), ("lupus", "year", "in_scope"), ("asthma", "year", "in_scope")]
    {
        let certificate = dice.pick(&["needed", "not_needed"]);
        let levels = dice.pick(&["\"any\"", "[\"level2\", \"level3\"]", "[\"township\", \"level1\"]"]);
        let ratio = dice.pick(&["none", "50%", "100%"]);
        diseases.push(format!(
            "{{ key = \"{key}\", kind = \"chronic_outpatient\", certificate = \"{certificate}\", payers = [{first}], \
             limit = \"8000\", per = \"{per}\", limit_on = \"{on}\", levels = {levels}, ratio = \"{ratio}\""
        ));
    }
    diseases.push(format!(
        "{{ key = \"epilepsy\", kind = \"chronic_outpatient\", certificate = \"not_needed\", payers = [{first}], \
         limit = \"none\", per = \"year\", limit_on = \"paid\", levels = [\"level2\", \"level3\"], ratio = \"none\""
    ));
    let rows: Vec<String> =
        diseases.iter().map(|row| format!("{row}, label = \"病种\", evidence = \"none\", ref = \"E\" }}")).collect();
    let rows: Table = toml::from_str(&format!("row = [{}]", rows.join(", "))).unwrap();
    table.insert("disease".to_owned(), rows["row"].clone());
}

/// Whoever pays may be bound by a disease's limit, and the diseases may be ones that change no money by themselves.
pub(super) fn other_diseases(table: &mut Table, dice: &mut Dice) {
    let keys: Vec<Value> = table["payer"].as_array().unwrap().iter().map(|payer| payer["key"].clone()).collect();
    let plain = dice.one_in(3);
    for disease in table["disease"].as_array_mut().unwrap() {
        let disease = disease.as_table_mut().unwrap();
        if dice.one_in(2) {
            let bound = (0..dice.below(3)).map(|_| dice.pick(&keys).clone()).collect();
            disease.insert("payers".to_owned(), Value::Array(bound));
        }
        if plain {
            for (key, word) in [("limit", "none"), ("ratio", "none"), ("levels", "any")] {
                disease.insert(key.to_owned(), Value::String(word.to_owned()));
            }
        }
    }
}

/// Lets the rules of a payer ask for a disease.
pub(super) fn asks_for_diseases(payer: &mut Table, dice: &mut Dice) {
    let named = *dice.pick(&["[\"epilepsy\"]", "[\"diabetes\", \"lupus\"]", "[\"dialysis\", \"hypertension\"]"]);
    let (key, row) = *dice.pick(&[
        ("deductible", "amount = \"12\", repeat = \"same\""),
        ("deductible_scale", "share = \"10%\""),
        ("ratio", "bands = [{ up_to = \"none\", share = \"97%\" }]"),
        ("bonus", "points = \"7.7%\", bands = \"all\""),
        ("cap", "amount = \"2345\", per = \"year\""),
        ("when", ""),
    ]);
    let row = if row.is_empty() { String::new() } else { format!(", {row}, ref = \"E\"") };
    let row: Table = toml::from_str(&format!("row = [{{ disease = {named}{row} }}]")).unwrap();
    if let Some(rows) = payer[key].as_array_mut() {
        rows.insert(0, row["row"].as_array().unwrap()[0].clone());
    }
}

/// Lets whoever pays stays pay care without a stay too, and refuses no kind of care.
fn pays_without_a_stay(table: &mut Table) {
    for gap in table["partial"].as_array_mut().unwrap() {
        gap.as_table_mut().unwrap().insert("effect".to_owned(), Value::String("note".to_owned()));
    }
    for payer in table["payer"].as_array_mut().unwrap() {
        let Some(cases) = payer["when"].as_array_mut() else { continue };
        for case in cases {
            let Some(kinds) = case.get_mut("kind").and_then(Value::as_array_mut) else { continue };
            if kinds.iter().any(|kind| kind.as_str() == Some("inpatient")) {
                let missing = WITHOUT_A_STAY.iter().map(|word| Value::String((*word).to_owned()));
                let missing: Vec<Value> = missing.filter(|word| !kinds.contains(word)).collect();
                kinds.extend(missing);
            }
        }
    }
}
