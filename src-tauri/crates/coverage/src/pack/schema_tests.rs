//! The published schema and the reader are the same format: no key of the one is missing in the other.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Map, Value as Json};

use super::Pack;
use super::asked;
use super::section::{Conflict, PackError, as_amount};
use crate::ratio::Ratio;

fn packs() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../assets/packs")
}

fn schema() -> Json {
    serde_json::from_str(&std::fs::read_to_string(packs().join("schema.json")).unwrap()).unwrap()
}

/// Every shipped pack and the template, by file name.
fn texts() -> Vec<(String, String)> {
    let files = std::fs::read_dir(packs()).unwrap().map(|entry| entry.unwrap().path());
    let mut texts: Vec<(String, String)> = files
        .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    texts.sort();
    texts
}

/// The template with the ceiling its comments show, which cannot stand beside the annual payer it shows too.
fn template_with_a_ceiling() -> String {
    let template = texts().into_iter().find(|(name, _)| name.ends_with("template.toml")).unwrap().1;
    let none = template.lines().filter(|line| !line.starts_with("ceiling = \"none\""));
    let mut inside = false;
    let uncommented = none.map(|line| {
        inside = line == "# [ceiling]" || (inside && line.starts_with("# "));
        if inside { line.trim_start_matches("# ") } else { line }
    });
    uncommented.collect::<Vec<_>>().join("\n")
}

fn resolved<'s>(schema: &'s Json, part: &'s Json) -> &'s Json {
    match part["$ref"].as_str() {
        Some(name) => resolved(schema, &schema["$defs"][name.trim_start_matches("#/$defs/")]),
        None => part,
    }
}

/// Every key path of the schema, `payer[].deductible[].amount`.
fn keys(schema: &Json, part: &Json, shape: &str, found: &mut BTreeSet<String>) {
    let part = resolved(schema, part);
    for one in part["anyOf"].as_array().into_iter().flatten() {
        keys(schema, one, shape, found);
    }
    if part["items"].is_object() {
        keys(schema, &part["items"], &format!("{shape}[]"), found);
    }
    for (key, inner) in part["properties"].as_object().into_iter().flatten() {
        let path = if shape.is_empty() { key.clone() } else { format!("{shape}.{key}") };
        keys(schema, inner, &path, found);
        found.insert(path);
    }
}

#[test]
fn the_published_schema_has_exactly_the_keys_the_reader_asks_for() {
    let schema = schema();
    let mut published = BTreeSet::new();
    keys(&schema, &schema, "", &mut published);
    asked::take();
    for (name, text) in texts() {
        Pack::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    // Read to its end; what does not fit together is found afterwards.
    let error = Pack::parse(&template_with_a_ceiling()).unwrap_err();
    assert!(matches!(&error, PackError::Contradiction { conflict: Conflict::CeilingBesideAnnual(_), .. }), "{error}");
    let asked = asked::take();
    let unpublished: Vec<_> = asked.difference(&published).collect();
    let unread: Vec<_> = published.difference(&asked).collect();
    assert!(unpublished.is_empty() && unread.is_empty(), "not in the schema {unpublished:?}, never read {unread:?}");
    assert!(published.len() > 200, "only {} keys compared", published.len());
}

#[test]
fn the_template_uses_every_key_of_the_format() {
    let schema = schema();
    let mut published = BTreeSet::new();
    keys(&schema, &schema, "", &mut published);
    let template = template_with_a_ceiling();
    let mut used = BTreeSet::new();
    used_keys(&json(&toml::from_str::<toml::Table>(&template).unwrap().into()), "", &mut used);
    // Conditions may stand in any row and references may stand beside any switch; once each is enough to show how.
    let conditions = schema["$defs"].as_object().unwrap().keys().filter_map(|key| key.strip_prefix("c_"));
    let conditions: BTreeSet<&str> = conditions.collect();
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let shown: BTreeSet<String> = used.iter().map(|path| last(path)).collect();
    for path in &published {
        let free = conditions.contains(last(path).as_str()) || path.starts_with("payer[].refs.");
        let found = if free { shown.contains(&last(path)) } else { used.contains(path) };
        assert!(found, "the template never shows {path}");
    }
}

fn used_keys(value: &Json, shape: &str, used: &mut BTreeSet<String>) {
    match value {
        Json::Object(table) => {
            for (key, inner) in table {
                let path = if shape.is_empty() { key.clone() } else { format!("{shape}.{key}") };
                used_keys(inner, &path, used);
                used.insert(path);
            }
        }
        Json::Array(values) => values.iter().for_each(|inner| used_keys(inner, &format!("{shape}[]"), used)),
        _ => {}
    }
}

fn json(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(text) => text.clone().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(yes) => (*yes).into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(values) => values.iter().map(json).collect(),
        toml::Value::Table(table) => {
            Json::Object(table.iter().map(|(key, inner)| (key.clone(), json(inner))).collect::<Map<_, _>>())
        }
    }
}

/// Why a value does not satisfy a part of the schema; knows the words this schema uses and no others.
fn fault(schema: &Json, part: &Json, value: &Json, path: &str) -> Option<String> {
    let part = resolved(schema, part);
    for (word, rule) in part.as_object().unwrap() {
        let holds = match word.as_str() {
            "type" => match rule.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "integer" => value.is_i64(),
                "boolean" => value.is_boolean(),
                other => panic!("the schema uses the type {other}"),
            },
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "minLength" => value.as_str().is_some_and(|text| text.chars().count() as u64 >= rule.as_u64().unwrap()),
            "minimum" => value.as_i64() >= rule.as_i64(),
            "maximum" => value.as_i64() <= rule.as_i64(),
            "minItems" => value.as_array().is_some_and(|all| all.len() as u64 >= rule.as_u64().unwrap()),
            "maxItems" => value.as_array().is_some_and(|all| all.len() as u64 <= rule.as_u64().unwrap()),
            "pattern" => value.as_str().is_some_and(|text| matches(rule.as_str().unwrap(), text)),
            "anyOf" => rule.as_array().unwrap().iter().any(|one| fault(schema, one, value, path).is_none()),
            "required" => rule.as_array().unwrap().iter().all(|key| value.get(key.as_str().unwrap()).is_some()),
            "additionalProperties" => {
                let known = part["properties"].as_object().unwrap();
                value.as_object().is_none_or(|table| table.keys().all(|key| known.contains_key(key)))
            }
            "items" => {
                let all = value.as_array().into_iter().flatten().enumerate();
                match all.filter_map(|(i, inner)| fault(schema, rule, inner, &format!("{path}[{i}]"))).next() {
                    Some(inner) => return Some(inner),
                    None => true,
                }
            }
            "properties" => {
                let known = rule.as_object().unwrap().iter();
                let mut held = known.filter_map(|(key, inner)| value.get(key).map(|value| (key, inner, value)));
                match held.find_map(|(key, inner, value)| fault(schema, inner, value, &format!("{path}.{key}"))) {
                    Some(inner) => return Some(inner),
                    None => true,
                }
            }
            "$schema" | "$id" | "$defs" | "title" | "description" => true,
            other => panic!("the schema uses the word {other}, which this test cannot check"),
        };
        if !holds {
            return Some(format!("{path}: {word} {rule}"));
        }
    }
    None
}

/// The patterns of the schema, by what the reader accepts.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern {
        "^[0-9][0-9,]*(\\.[0-9]{1,2})?$" => as_amount(&toml::Value::String(text.to_owned())).is_some(),
        "^([0-9]{1,3}(\\.[0-9]{1,2})?%|0\\.[0-9]{1,4}|[01])$" => Ratio::parse(text).is_ok(),
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" => text.parse::<chrono::NaiveDate>().is_ok(),
        "^(none|[0-9a-f]{64})$" => text == "none" || (text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())),
        // A day that every year has is one of a year that leaps not.
        "^(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])$" => format!("2023-{text}").parse::<chrono::NaiveDate>().is_ok(),
        other => panic!("the schema uses the pattern {other}"),
    }
}

#[test]
fn every_shipped_pack_and_the_template_satisfy_the_schema_and_a_spoilt_one_does_not() {
    let schema = schema();
    for (name, text) in texts() {
        let mut pack = json(&toml::from_str::<toml::Table>(&text).unwrap().into());
        assert_eq!(fault(&schema, &schema, &pack, ""), None, "{name}");
        pack["payer"][0]["deductible"][0]["amount"] = Json::from(1_200);
        let spoilt = fault(&schema, &schema, &pack, "").unwrap();
        assert!(spoilt.starts_with(".payer[0].deductible[0].amount"), "{name}: {spoilt}");
    }
}
