//! The review sheet: every number of a pack with the article it is said to come from, a box to tick and two lines to sign.

use chrono::NaiveDate;
use mingbai_coverage::Pack as Rules;
use mingbai_paper::{ListColumn, ListGroup, ListSheet, list_pdf};

use super::{digest, title, within_size};
use crate::command::Bytes;
use crate::dto::{PackTextRequest, ReportFile};
use crate::error::AppError;
use crate::office::{Context, keep_file};

/// Letters of the digest on the foot of the page: enough to tell two prints apart.
const SHOWN: usize = 16;

/// One line a number, under the part of the pack it belongs to.
fn lines(rules: &Rules) -> Vec<ListGroup> {
    let mut groups: Vec<ListGroup> = Vec::new();
    for (place, number) in (1..).zip(rules.numbers()) {
        let when = if number.when.is_empty() { "一律适用".to_owned() } else { number.when };
        let article = [number.citation.document, number.citation.article].join(" ");
        let row = vec![
            place.to_string(),
            number.label.to_owned(),
            when,
            number.number,
            article.trim_end().to_owned(),
            number.citation.status.label().to_owned(),
            "□".to_owned(),
        ];
        match groups.last_mut().filter(|group| group.heading == number.place) {
            Some(group) => group.rows.push(row),
            None => groups.push(ListGroup { heading: number.place, rows: vec![row] }),
        }
    }
    groups
}

fn made(text: &str, issuer: &str, today: NaiveDate) -> Result<(String, Vec<u8>), AppError> {
    within_size(text)?;
    let rules = Rules::parse(text)?;
    let mut groups = lines(&rules);
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
            column("哪一项", 5),
            column("什么情形", 11),
            column("数字", 5),
            column("文件和条款", 13),
            column("来源", 3),
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

#[cfg(test)]
mod tests {
    use mingbai_coverage::Pack as Rules;

    use super::{lines, made};
    use crate::pack::tests::swapped;

    /// Lines of the sheet about one identity in one part: number and article.
    fn of<'s>(groups: &'s [super::ListGroup], part: &str, who: &str) -> Vec<(&'s str, &'s str)> {
        let group = groups.iter().find(|group| group.heading.contains(part)).unwrap();
        let rows = group.rows.iter().filter(|row| row[2].contains(who) && row[1] == "支付比例");
        rows.map(|row| (row[3].as_str(), row[4].as_str())).collect()
    }

    #[test]
    fn the_review_sheet_of_a_pack_with_swapped_shares_shows_each_beside_the_article_that_says_otherwise() {
        let groups = lines(&Rules::parse(&swapped()).unwrap());
        let document = "京医保发〔2022〕37号";
        let (first, second) = (format!("{document} 六（一）2"), format!("{document} 六（二）2"));
        assert_eq!(of(&groups, "医疗救助（门诊）", "精减退职老职工"), [("85%", first.as_str())]);
        assert_eq!(of(&groups, "医疗救助（住院）", "精减退职老职工"), [("80%", second.as_str())]);
    }

    #[test]
    fn a_review_sheet_is_a_file_and_the_same_text_gives_the_same() {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let text = crate::demo::built_in_pack().unwrap().text;
        let (name, pdf) = made(text, "示范县医保局", day).unwrap();
        assert!(name.contains("乌兰察布") && pdf.starts_with(b"%PDF-"), "{name}");
        assert_eq!(made(text, "示范县医保局", day).unwrap().1, pdf);
    }
}
