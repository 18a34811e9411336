//! Agreements by post: one page a person, addressed to where they are.

use std::collections::BTreeSet;

use mingbai_domain::catalogue::Team;
use mingbai_paper::{Agreement, Doctors, agreements_pdf};
use mingbai_store::Reading;
use mingbai_store::query::{HouseholdFile, PersonFile};

use super::Files;
use super::away::address;
use crate::dto::{AgreementRequest, ReportFile};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::{Context, keep_file};
use crate::todo::World;
use crate::todo::crowds;

/// More agreements than this are no longer one envelope round.
const MOST: usize = 500;

pub(crate) fn agreement_print(context: &mut Context<'_>, request: AgreementRequest) -> Result<ReportFile, AppError> {
    if request.until < request.since {
        return Err(AppError::invalid("until", "协议的止期早于起期，没有生成文件，请改日期"));
    }
    if request.people.is_empty() || request.people.len() > MOST {
        let message = format!("一次可以印1到{MOST}份协议书，没有生成文件。请先选人，人多时分村印");
        return Err(AppError::new(ErrorCode::NotFound, message));
    }
    let today = context.host.today();
    let unit = context.profile()?.unit_name.clone();
    let packs = context.packs()?;
    let reading = context.read()?;
    let world = World::read(reading, today, packs)?;
    let people = request.people.iter().map(|id| parse_id(id)).collect::<Result<BTreeSet<_>, _>>()?;
    let files = Files::of_people(reading, &people)?;
    let mut agreements = Vec::new();
    for file in files.0.values() {
        for person in file.residents().filter(|person| people.contains(&person.id)) {
            agreements.push(agreement(reading, file, person, &request, &unit, &world)?);
        }
    }
    agreements.sort_by(|a, b| (&a.village, &a.head, &a.name).cmp(&(&b.village, &b.head, &b.name)));
    if agreements.is_empty() {
        return Err(AppError::not_found("要印协议书的人"));
    }
    let printed = agreements_pdf(&agreements, today)?;
    let said = format!("家庭医生签约服务协议书 {} 份，{} 至 {}", agreements.len(), request.since, request.until);
    context.commit("agreement_print", None, |txn| Ok(txn.note(&said)?))?;
    let name = format!("签约服务协议书_{}份_{}.pdf", agreements.len(), today.format("%Y%m%d"));
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &printed.pdf)?;
    Ok(ReportFile { file, path: path.display().to_string() })
}

fn agreement(
    reading: Reading<'_>,
    file: &HouseholdFile,
    person: &PersonFile,
    request: &AgreementRequest,
    unit: &str,
    world: &World,
) -> Result<Agreement, AppError> {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let newest = person.contracts.iter().max_by_key(|row| (row.record.since, row.id));
    let team = newest.and_then(|row| row.record.team).map(|team| reading.get::<Team>(team)).transpose()?.flatten();
    let team = team.map(|row| row.record).unwrap_or_default();
    let village = file.household.village.and_then(|id| world.villages.get(&id)).map(|row| row.record.clone());
    let village = village.unwrap_or_default();
    let or = |first: &Option<String>, second: &Option<String>| {
        let filled = [first, second].into_iter().flatten().find(|text| !text.is_empty());
        filled.cloned().unwrap_or_default()
    };
    let head = file.residents().next().map(|head| head.name().to_owned()).unwrap_or_default();
    Ok(Agreement {
        name: person.name().to_owned(),
        head,
        village: [said(&village.name), said(&file.household.village_group)].concat(),
        address: address(file, person),
        phone: or(&person.person.phone, &file.household.phone),
        unit: unit.to_owned(),
        since: request.since,
        until: request.until,
        services: services(&crowds(person, world)),
        team: said(&team.name),
        doctors: Doctors {
            village: or(&team.village_doctor, &village.doctor_name),
            village_phone: or(&team.village_phone, &village.doctor_phone),
            clinic: or(&team.village_clinic, &village.clinic),
            township: said(&team.township_doctor),
            township_phone: said(&team.township_phone),
            county: said(&team.county_doctor),
            county_phone: said(&team.county_phone),
            county_hospital: said(&team.county_hospital),
        },
    })
}

/// What is promised, by crowd. A letter may be opened by others: what would name a restricted illness is not in it.
fn services(crowds: &[&str]) -> Vec<String> {
    const BY_CROWD: [(&str, &str); 6] = [
        ("elder", "每年一次生活方式和健康状况评估、体格检查和辅助检查"),
        ("hypertension", "高血压患者每年至少4次面对面随访、一次健康检查"),
        ("diabetes", "2型糖尿病患者每年至少4次面对面随访和空腹血糖检测、一次健康检查"),
        ("maternal", "孕期5次产前检查，产后访视和产后42天健康检查"),
        ("child", "按月龄、年龄进行健康管理，提醒预防接种"),
        ("disabled", "康复指导，行动不便的上门服务"),
    ];
    let mut services = vec![
        "建立并更新健康档案，讲解健康扶贫和医疗保障政策".to_owned(),
        "常见病、多发病的诊疗和用药指导，预约、转诊和就医帮助".to_owned(),
    ];
    let named = BY_CROWD.iter().filter(|(crowd, _)| crowds.contains(crowd));
    services.extend(named.map(|(_, text)| (*text).to_owned()));
    services
}

#[cfg(test)]
mod tests {
    use super::services;

    #[test]
    fn an_agreement_that_goes_by_post_names_no_restricted_illness() {
        let text = services(&["mental", "tuberculosis", "elder"]).concat();
        assert!(text.contains("体格检查") && !text.contains("精神") && !text.contains("结核"), "{text}");
    }
}
