//! What a township of the demo has done in its villages this year: campaigns, activities, people, calls, leads, benefits.

use chrono::{Datelike, Days, Months, NaiveDate};
use mingbai_app::AppError;
use mingbai_app::demo::DemoTownship;
use serde_json::{Value, json};

use crate::demo::Office;

/// What is said at the door, and what was done about it there.
const PROBLEMS: [(&str, &str); 3] = [
    ("慢病证没有办下来，药费自己出", ""),
    ("不知道住院报销要不要先交押金", "当场讲了先诊疗后付费"),
    ("老人血压高，量血压的机器坏了", ""),
];

/// Writes the year's work as the township's clerk would, by the same commands.
pub(crate) fn work(office: &Office, township: &DemoTownship, today: NaiveDate) -> Result<(), AppError> {
    let villages = office.call("village_list", json!({}))?;
    let villages: Vec<&Value> = villages["rows"].as_array().into_iter().flatten().collect();
    let ago = |days: u64| today.checked_sub_days(Days::new(days)).unwrap_or(today);
    let ahead = |days: u64| today.checked_add_days(Days::new(days)).unwrap_or(today);
    let year = today.year();

    let campaigns = many(
        office,
        "campaign",
        vec![
            json!({
                "name": format!("{year}年四种慢病随访专项"), "kind": "visit", "crowds": "hypertension,diabetes",
                "starts_on": ago(40), "due_on": ahead(20), "target_percent": "90", "recipient": "县卫健局",
                "electronic": "是", "sealed": "是", "requirement": "贫困高血压、糖尿病患者每季度面对面随访一次",
            }),
            json!({
                "name": format!("{year}年特慢病证集中办理"), "kind": "certificate", "starts_on": ago(70),
                "due_on": ago(5), "target_percent": "95", "recipient": "县卫健局", "electronic": "是",
                "requirement": "材料齐的全部送审，不齐的帮着补",
            }),
        ],
        "专项工作",
    )?;
    many(
        office,
        "submission",
        vec![json!({
            "name": "健康扶贫月报表", "period": format!("{year}-{:02}", today.month()), "due_on": ahead(9),
            "recipient": "县卫健局",
        })],
        "要报的报表",
    )?;
    let mut activities = vec![json!({
        "kind": "education", "held_on": ago(25), "place": township.health_centre, "staff": "6", "people": "85",
        "sessions": "2", "attendances": "85", "copies": "120",
    })];
    let mut staff = Vec::new();
    for (place, village) in villages.iter().enumerate() {
        let id = &village["id"];
        let step = place as u64;
        let mut day = json!({
            "kind": "poverty_day", "village": id, "held_on": ago(36 + step), "place": "村委会", "staff": "4",
            "households": (18 + place).to_string(), "people": (46 + 3 * place).to_string(), "poor_people": (30 + place).to_string(),
            "checked": (15 + place).to_string(), "signed": (place % 3).to_string(), "sessions": "1", "attendances": "40",
            "copies": "60", "exams": (12 + place).to_string(), "old_exams": (7 + place).to_string(), "leaders": "1",
        });
        if let Some(campaign) = campaigns.first() {
            day["campaign"] = campaign.clone();
        }
        activities.push(day);
        // One village had no tour this month, and one has nobody who keeps the project.
        if place % 4 != 3 {
            activities.push(json!({
                "kind": "tour", "village": id, "held_on": ago(step % 15), "place": "村卫生室", "staff": "3",
                "people": (20 + 2 * place).to_string(),
            }));
        }
        let Some(told) = township.villages.iter().find(|told| village["code"] == *told.code) else { continue };
        staff.push(json!({ "village": id, "role": "doctor", "name": told.team.village_doctor, "phone": told.team.village_phone }));
        staff.push(json!({ "village": id, "role": "chat", "name": told.team.township_doctor, "phone": told.team.township_phone }));
        if place % 5 != 4 {
            staff.push(json!({ "village": id, "role": "keeper", "name": told.team.village_doctor, "since": ago(300) }));
        }
    }
    many(office, "activity", activities, "登记活动")?;
    many(office, "village_staff", staff, "登记村级健康人员")?;
    let Some(first) = villages.first() else { return Ok(()) };
    calls(office, &first["id"], today)?;
    leads(office, &first["id"], today)?;
    grants(office, &first["id"], year, ago(60))
}

/// A round of calls in one village: most are told nothing, three raise something.
fn calls(office: &Office, village: &Value, today: NaiveDate) -> Result<(), AppError> {
    let seen = office.call("village_get", json!({ "id": village }))?;
    let homes = seen["homes"].as_array().into_iter().flatten();
    let rows: Vec<Value> = homes
        .take(12)
        .enumerate()
        .map(|(at, home)| {
            let (problem, solution) = PROBLEMS.get(at / 4).filter(|_| at % 4 == 1).copied().unwrap_or_default();
            json!({ "fields": {
                "household": home["household"], "visited_on": today.checked_sub_days(Days::new(at as u64 % 6)),
                "mode": "visit", "purpose": "visit", "visitor": "王玉梅", "visitor_kind": "doctor", "problem": problem,
                "solution": solution, "aware": if at % 5 == 0 { "heard" } else { "yes" }, "satisfied": "satisfied",
            } })
        })
        .collect();
    let due = today.checked_add_days(Days::new(14));
    office.call("home_visit_save_many", json!({ "rows": rows, "owner": "王玉梅", "due_on": due }))?;
    Ok(())
}

/// Families outside the register whom a bill may drive into poverty: one waiting, one answered.
fn leads(office: &Office, village: &Value, today: NaiveDate) -> Result<(), AppError> {
    let found = today.checked_sub_months(Months::new(1));
    let rows = vec![
        json!({
            "name": "许建平", "village": village, "address": "二组", "people": "4", "disease": "急性白血病",
            "out_of_pocket": "86000", "found_on": found, "source": "医保大额费用名单",
        }),
        json!({
            "name": "秦桂兰", "village": village, "address": "五组", "people": "2", "disease": "股骨颈骨折",
            "out_of_pocket": "31000", "found_on": found, "source": "村医上报", "reported_on": today, "result": "refused",
        }),
    ];
    many(office, "risk_lead", rows, "防返贫线索").map(drop)
}

/// What some of those entitled have received this year.
fn grants(office: &Office, village: &Value, year: i32, on: NaiveDate) -> Result<(), AppError> {
    let seen = office.call("village_get", json!({ "id": village }))?;
    let mut rows = Vec::new();
    for home in seen["homes"].as_array().into_iter().flatten().take(8) {
        let page = office.call("household_get", json!({ "id": home["household"] }))?;
        for member in page["members"].as_array().into_iter().flatten().take(2) {
            for item in ["f05", "f09"] {
                rows.push(json!({
                    "person": member["id"], "item": item, "granted_on": on, "year": year.to_string(),
                    "provider": "镇卫生院",
                }));
            }
        }
    }
    many(office, "benefit_grant", rows, "十免四补助").map(drop)
}

/// Saves many records of a table as one action; their ids.
fn many(office: &Office, table: &str, rows: Vec<Value>, reason: &str) -> Result<Vec<Value>, AppError> {
    let rows: Vec<Value> = rows.into_iter().map(|fields| json!({ "id": null, "fields": fields })).collect();
    let saved = office.call("record_save_many", json!({ "table": table, "rows": rows, "reason": reason }))?;
    let problems = saved["problems"].as_array().into_iter().flatten().map(|problem| problem["message"].to_string());
    let problems: Vec<String> = problems.collect();
    if !problems.is_empty() {
        return Err(AppError::new(mingbai_app::ErrorCode::Internal, problems.join("；")));
    }
    let field = if table == "campaign" { "campaign" } else { return Ok(Vec::new()) };
    let chosen = office
        .call("record_choices", json!({ "table": "activity", "field": field, "person": null, "household": null }))?;
    Ok(chosen["rows"].as_array().into_iter().flatten().map(|row| row["id"].clone()).collect())
}
