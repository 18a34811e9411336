//! Lists as each operator keeps them (columns, order, filters), and their rows as a file that shows what the screen shows.

use chrono::NaiveTime;
use mingbai_domain::restricted::gives_away;
use mingbai_domain::{CitizenId, RecordId, citizen_id, phone};
use mingbai_sheets::Cell;
use mingbai_sheets::write::plain_xlsx;

use crate::command::Bytes;
use crate::dto::{Empty, GridView, ListFileRequest, ViewKeepRequest, ViewRequest};
use crate::error::{AppError, ErrorCode};
use crate::office::Context;
use crate::restricted::HIDDEN;

/// Longest view, in bytes as kept.
const LONGEST: usize = 32 * 1024;
/// What Excel calls a table of this kind.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A list that has a view and a file.
struct List {
    key: &'static str,
    /// Whether its rows name people: then its file needs a reason.
    personal: bool,
}

const LISTS: [List; 20] = [
    List { key: "households", personal: true },
    List { key: "worklist", personal: true },
    List { key: "visits", personal: true },
    List { key: "bills", personal: true },
    List { key: "claims", personal: true },
    List { key: "claim_groups", personal: true },
    List { key: "compare", personal: true },
    List { key: "quality", personal: true },
    List { key: "imports", personal: false },
    List { key: "import_rows", personal: true },
    List { key: "absent", personal: true },
    List { key: "away", personal: true },
    List { key: "renewals", personal: true },
    List { key: "homes", personal: true },
    List { key: "issues", personal: true },
    List { key: "village_staff", personal: true },
    List { key: "activities", personal: false },
    List { key: "warning", personal: true },
    List { key: "insured", personal: true },
    List { key: "resettle", personal: true },
];

/// The list of a key; `worklist/visit_due` is a part of one that is kept for itself.
fn known(list: &str) -> Result<&'static List, AppError> {
    let (of, part) = list.split_once('/').unwrap_or((list, ""));
    let plain = part.len() <= 40 && part.bytes().all(|one| one.is_ascii_alphanumeric() || one == b'_');
    LISTS.iter().find(|one| one.key == of && plain).ok_or_else(|| AppError::not_found("名单"))
}

fn place(operator: RecordId, list: &str) -> Result<String, AppError> {
    known(list)?;
    Ok(format!("view/{operator}/{list}"))
}

/// How this operator keeps a list; what an older program kept and this one cannot read is as good as nothing.
pub(crate) fn view(context: &mut Context<'_>, request: ViewRequest) -> Result<GridView, AppError> {
    let place = place(context.opened()?.operator_id, &request.list)?;
    let kept = context.read()?.state(&place)?;
    Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
}

/// Keeps a list as the operator has it now. It is state of this PC, each operator's own, and stands in no log.
pub(crate) fn keep_view(context: &mut Context<'_>, request: ViewKeepRequest) -> Result<Empty, AppError> {
    let place = place(context.opened()?.operator_id, &request.list)?;
    let bytes = serde_json::to_vec(&request.view)
        .map_err(|error| AppError::new(ErrorCode::Internal, "名单的样子没有留下").detail(error.to_string()))?;
    if bytes.len() > LONGEST {
        let said = "留着的筛选太多，这次的没有留下；数据没有变。请删掉几个不用的筛选";
        return Err(AppError::new(ErrorCode::InvalidRequest, said));
    }
    context.opened_mut()?.store.set_state(&place, &bytes)?;
    Ok(Empty {})
}

/// The rows of a list as the screen shows them, with whoever took them, how many and why in the log. A file goes from hand
/// to hand: a row that would tell who has a restricted disease is not in it, and a whole number becomes a masked one.
pub(crate) fn xlsx(context: &mut Context<'_>, request: ListFileRequest) -> Result<Bytes, AppError> {
    let list = known(&request.list)?;
    let reason = request.reason.as_deref().unwrap_or_default().trim().to_owned();
    if list.personal && reason.chars().count() < 2 {
        return Err(AppError::invalid("reason", "名单里有个人信息，请写明给谁、做什么用"));
    }
    let width = request.columns.len();
    if width == 0 || request.rows.iter().any(|row| row.len() != width) {
        return Err(AppError::new(ErrorCode::InvalidRequest, "名单的行和栏对不上，没有生成文件；请刷新后再试"));
    }
    let all = request.rows.len();
    let tells = |text: &String| text.contains(HIDDEN) || gives_away(text);
    let open: Vec<&Vec<String>> = request.rows.iter().filter(|row| !row.iter().any(tells)).collect();
    let kept = match all - open.len() {
        0 => String::new(),
        rows => format!("；另有{rows}行限制查看，没有写入"),
    };
    let lines: Vec<Vec<Cell>> = open
        .iter()
        .map(|row| row.iter().zip(&request.columns).map(|(text, column)| cell(text, column.numeric)).collect())
        .collect();
    let labels: Vec<&str> = request.columns.iter().map(|column| column.label.as_str()).collect();
    let today = context.host.today();
    let filter =
        if request.filter.trim().is_empty() { String::new() } else { format!("（{}）", request.filter.trim()) };
    let purpose = if reason.is_empty() { String::new() } else { format!("。用途：{reason}") };
    let note = format!("{today} 共{}行{kept}{purpose}", lines.len());
    let heading = format!("{}{filter}", request.title.trim());
    let data =
        plain_xlsx(&[&heading, &context.profile()?.unit_name, &note], &labels, &lines, today.and_time(NaiveTime::MIN))?;
    let told = format!("{heading} {}行：{}{kept}", lines.len(), labels.join("、"));
    context.commit("list_xlsx", Some(&format!("{told}{purpose}")), |txn| Ok(txn.note(&told)?))?;
    let name = format!("{}_{}.xlsx", file_name(request.title.trim()), today.format("%Y%m%d"));
    Ok(Bytes { mime: XLSX, name, data })
}

/// What a file system takes as part of a name.
fn file_name(title: &str) -> String {
    title.chars().map(|one| if one.is_alphanumeric() || one == '-' { one } else { '_' }).take(40).collect()
}

fn cell(text: &str, numeric: bool) -> Cell {
    let text = text.trim();
    let number = text.replace(',', "");
    if text.is_empty() {
        Cell::Empty
    } else if numeric && number.parse::<f64>().is_ok_and(f64::is_finite) {
        Cell::Number(number)
    } else if CitizenId::parse(text).is_ok() {
        Cell::Text(citizen_id::mask(text))
    } else if phone::is_mobile(text) {
        Cell::Text(phone::mask(text))
    } else {
        Cell::Text(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use mingbai_sheets::Cell;

    use super::{cell, file_name};

    #[test]
    fn a_whole_citizen_id_or_telephone_never_gets_into_a_file_and_amounts_are_numbers() {
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(cell("13912345678", false), text("139****5678"));
        assert_eq!(cell("139****5678", false), text("139****5678"));
        assert!(!cell("11010519491231002X", false).text().contains("19491231"));
        assert_eq!(cell("1,234.50", true), Cell::Number("1234.50".to_owned()));
        assert_eq!(cell("3 件", true), text("3 件"));
        assert_eq!(cell("=1+1", false), text("=1+1"));
        assert_eq!(cell(" ", false), Cell::Empty);
    }

    #[test]
    fn the_name_of_the_file_is_one_every_system_takes() {
        assert_eq!(file_name("未签约（应签）: a/b"), "未签约_应签___a_b");
    }
}
