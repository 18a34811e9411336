//! The review sheet: every number of a pack with the article it is said to come from, a box to tick and two lines to sign.

use chrono::NaiveDate;
use mingbai_coverage::Pack as Rules;
use mingbai_paper::{ListColumn, ListGroup, ListSheet, list_pdf};

use super::outline::Outline;
use super::{digest, title, within_size};
use crate::command::Bytes;
use crate::dto::{PackTextRequest, ReportFile};
use crate::error::AppError;
use crate::office::{Context, keep_file};

/// Letters of the digest on the foot of the page: enough to tell two prints apart.
const SHOWN: usize = 16;

fn made(text: &str, issuer: &str, today: NaiveDate) -> Result<(String, Vec<u8>), AppError> {
    within_size(text)?;
    let rules = Rules::parse(text)?;
    let numbers = Outline::of(text).map(|outline| outline.numbers).unwrap_or_default();
    let mut groups: Vec<ListGroup> = Vec::new();
    for (place, number) in (1..).zip(numbers) {
        let row = vec![
            place.to_string(),
            number.place,
            number.value,
            number.article,
            number.status,
            number.line.to_string(),
            "□".to_owned(),
        ];
        match groups.last_mut().filter(|group| group.heading == number.part) {
            Some(group) => group.rows.push(row),
            None => groups.push(ListGroup { heading: number.part, rows: vec![row] }),
        }
    }
    let signed = |who: &str| {
        vec![
            String::new(),
            format!("{who}（签字）"),
            String::new(),
            "日期：　　　　年　　月　　日".to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ]
    };
    groups.push(ListGroup {
        heading: "以上各项已对照文件原文逐条核对，一致的打勾，不一致的写明".to_owned(),
        rows: vec![signed("复核人一"), signed("复核人二")],
    });
    let column = |label: &str, width| ListColumn { label: label.to_owned(), width };
    let title = title(&rules);
    let sheet = ListSheet {
        title: "政策包复核表".to_owned(),
        note: format!("{title}，{} 起", rules.from),
        issuer: issuer.to_owned(),
        footer: format!("正文 SHA-256 {}", digest(text).chars().take(SHOWN).collect::<String>()),
        columns: vec![
            column("序号", 2),
            column("哪一项", 14),
            column("数字", 5),
            column("文件和条款", 15),
            column("来源", 3),
            column("行", 2),
            column("核对", 2),
        ],
        groups,
    };
    Ok((format!("政策包复核表_{}_{}.pdf", rules.region, rules.version), list_pdf(&sheet, today)?.pdf))
}

/// The sheet of any text, for the command line.
pub(crate) fn sheet(context: &mut Context<'_>, request: PackTextRequest) -> Result<Bytes, AppError> {
    let issuer = context.office.profile.as_ref().map(|profile| profile.unit_name.clone()).unwrap_or_default();
    let (name, data) = made(&request.toml, &issuer, context.host.today())?;
    Ok(Bytes { mime: "application/pdf", name, data })
}

/// Prints the sheet into the folder of outputs.
pub(crate) fn print_sheet(context: &mut Context<'_>, request: PackTextRequest) -> Result<ReportFile, AppError> {
    let (name, pdf) = made(&request.toml, &context.profile()?.unit_name.clone(), context.host.today())?;
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &pdf)?;
    Ok(ReportFile { file, path: path.display().to_string() })
}
