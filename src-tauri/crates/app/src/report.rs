//! Official tables: on the screen exactly as in the file.

use chrono::NaiveDate;
use mingbai_sheets::write::{Head, OfficialTable, OfficialValue, SealLine, official_workbook};
use mingbai_store::query::DiseaseLine;

use crate::command::Bytes;
use crate::dto::{Empty, ReportFile, ReportList, ReportRequest, ReportRow, ReportView};
use crate::error::AppError;
use crate::office::{Context, keep_file};

const DISEASE: &str = "disease_by_village";
const DISEASE_TITLE: &str = "建档立卡人口大病、慢性病患病情况统计表";

/// Group and column heads of the disease table.
const COLUMNS: [(&str, &str); 11] = [
    ("在册", "户数"),
    ("在册", "人数"),
    ("患病", "户数"),
    ("患病", "人数"),
    ("大病", "人数"),
    ("大病", "其中未脱贫"),
    ("慢性病", "人数"),
    ("慢性病", "其中未脱贫"),
    ("慢性病", "高血压"),
    ("慢性病", "糖尿病"),
    ("家庭医生", "患者已签约"),
];

pub(crate) fn list(_: &mut Context<'_>, _: Empty) -> Result<ReportList, AppError> {
    let row = ReportRow {
        key: DISEASE.to_owned(),
        title: DISEASE_TITLE.to_owned(),
        about: "按村统计大病、慢性病患者，人数与登记一致；同一人患几种病在每一栏各计一次".to_owned(),
    };
    Ok(ReportList { rows: vec![row] })
}

fn lines(context: &Context<'_>, key: &str) -> Result<Vec<DiseaseLine>, AppError> {
    if key != DISEASE {
        return Err(AppError::not_found("报表"));
    }
    Ok(context.read()?.disease_table(context.host.today())?)
}

fn numbers(line: &DiseaseLine) -> [i64; 11] {
    [
        line.households,
        line.people,
        line.ill_households,
        line.ill,
        line.major,
        line.major_not_lifted,
        line.chronic,
        line.chronic_not_lifted,
        line.hypertension,
        line.diabetes,
        line.contracted,
    ]
}

fn totals(lines: &[DiseaseLine]) -> [i64; 11] {
    let mut sum = [0; 11];
    for line in lines {
        sum.iter_mut().zip(numbers(line)).for_each(|(total, number)| *total += number);
    }
    sum
}

pub(crate) fn view(context: &mut Context<'_>, request: ReportRequest) -> Result<ReportView, AppError> {
    let lines = lines(context, &request.key)?;
    let texts = |name: &str, numbers: [i64; 11]| {
        std::iter::once(name.to_owned()).chain(numbers.iter().map(i64::to_string)).collect::<Vec<_>>()
    };
    let columns = std::iter::once("村".to_owned()).chain(COLUMNS.iter().map(|(group, name)| format!("{group} {name}")));
    Ok(ReportView {
        key: request.key,
        title: DISEASE_TITLE.to_owned(),
        unit: context.profile()?.unit_name.clone(),
        on: context.host.today(),
        columns: columns.collect(),
        rows: lines.iter().map(|line| texts(&line.village, numbers(line))).collect(),
        total: texts("合计", totals(&lines)),
        remarks: remarks(),
    })
}

fn remarks() -> Vec<String> {
    vec![
        "在册指户档案中在世的成员；已转出、死亡、删除的不计".to_owned(),
        "高血压按 ICD-10 I10–I13、I15，糖尿病按 E10–E14 统计".to_owned(),
    ]
}

fn official(lines: &[DiseaseLine], unit: &str, operator: &str, today: NaiveDate) -> OfficialTable {
    let row = |name: &str, numbers: [i64; 11]| {
        let counts = numbers.into_iter().map(OfficialValue::Count);
        std::iter::once(OfficialValue::Text(name.to_owned())).chain(counts).collect::<Vec<_>>()
    };
    let mut heads = vec![Head::column("村")];
    for (group, name) in COLUMNS {
        match heads.last_mut().filter(|head| head.title == group) {
            Some(head) => head.below.push(Head::column(name)),
            None => heads.push(Head::group(group, vec![Head::column(name)])),
        }
    }
    OfficialTable {
        title: DISEASE_TITLE.to_owned(),
        tab: "患病情况".to_owned(),
        unit: unit.to_owned(),
        date: Some(today),
        measure: "户、人".to_owned(),
        heads,
        rows: lines.iter().map(|line| row(&line.village, numbers(line))).collect(),
        total: Some(row("合计", totals(lines))),
        notes: remarks(),
        seal: Some(SealLine { filled_by: operator.to_owned(), unit: unit.to_owned(), ..SealLine::default() }),
    }
}

fn file(context: &Context<'_>, request: &ReportRequest) -> Result<(String, Vec<u8>), AppError> {
    let lines = lines(context, &request.key)?;
    let today = context.host.today();
    let table = official(&lines, &context.profile()?.unit_name, &context.opened()?.operator.name, today);
    let bytes = official_workbook(&[table], today.and_time(chrono::NaiveTime::MIN))?;
    Ok((format!("{DISEASE_TITLE}_{}.xlsx", today.format("%Y%m%d")), bytes))
}

pub(crate) fn xlsx(context: &mut Context<'_>, request: ReportRequest) -> Result<Bytes, AppError> {
    let (name, data) = file(context, &request)?;
    Ok(Bytes { mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name, data })
}

pub(crate) fn write(context: &mut Context<'_>, request: ReportRequest) -> Result<ReportFile, AppError> {
    let (name, bytes) = file(context, &request)?;
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &bytes)?;
    Ok(ReportFile { file, path: path.display().to_string() })
}
