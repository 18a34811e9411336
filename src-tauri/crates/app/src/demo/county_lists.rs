//! The lists the demo county puts in force for its townships: what people pay for their insurance, and from which amount a
//! household must be looked after.

use chrono::{Datelike, NaiveDate};
use mingbai_domain::Fen;

use super::standing::{PREMIUM, SUBSIDIES};

/// A list of the demo county's own.
pub struct DemoCountyList {
    /// A code of `list_kind`.
    pub kind: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Tab-separated, with a head line.
    pub text: String,
}

/// Where the invented numbers say they come from.
const SOURCE: &str = "演示数据";

/// The county's lists for the year of a day.
#[must_use]
pub fn county_lists(today: NaiveDate) -> [DemoCountyList; 2] {
    let year = today.year();
    let standard = |(label, subsidy): (&str, Fen)| {
        let way = match subsidy {
            Fen::ZERO => "不资助",
            PREMIUM => "全额",
            _ => "定额",
        };
        format!("{year}\t{label}\t{way}\t{}\t{subsidy}\t{SOURCE}\n", PREMIUM - subsidy)
    };
    let subsidies: String = SUBSIDIES.into_iter().chain([("普通居民", Fen::ZERO)]).map(standard).collect();
    [
        DemoCountyList {
            kind: "subsidy",
            name: "参保资助标准",
            text: format!("年度\t类别\t方式\t个人缴费\t资助金额\t依据\n{subsidies}"),
        },
        DemoCountyList {
            kind: "warning",
            name: "预警线",
            text: format!(
                "年度\t项目\t数值\t依据\n{year}\tincome_per_capita\t18600\t{SOURCE}\n{year}\tmonitoring_line\t8000\t{SOURCE}\n"
            ),
        },
    ]
}
