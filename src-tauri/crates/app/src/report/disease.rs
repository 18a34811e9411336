//! 建档立卡人口大病、慢性病患病情况统计表.

use mingbai_store::query::DiseaseLine;

use super::{Report, Table};
use crate::error::AppError;
use crate::office::Context;

pub(super) const REPORT: Report = Report {
    key: "disease_by_village",
    title: "建档立卡人口大病、慢性病患病情况统计表",
    about: "按村统计大病、慢性病患者，人数与登记一致；同一人患几种病在每一栏各计一次",
    make,
};

fn make(context: &Context<'_>) -> Result<Table, AppError> {
    let lines = context.read()?.disease_table(context.host.today())?;
    Ok(Table {
        first: "村",
        columns: vec![
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
        ],
        rows: lines.into_iter().map(numbers).collect(),
        remarks: vec![
            "在册指户档案中在世的成员；已转出、死亡、删除的不计".to_owned(),
            "高血压按 ICD-10 I10–I13、I15，糖尿病按 E10–E14 统计".to_owned(),
        ],
        tab: "患病情况",
        measure: "户、人",
    })
}

fn numbers(line: DiseaseLine) -> (String, Vec<i64>) {
    let numbers = vec![
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
    ];
    (line.village, numbers)
}
