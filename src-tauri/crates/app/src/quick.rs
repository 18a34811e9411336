//! Quick look-ups: one box for an id, a day, an amount or a number of working days. Whatever the text can mean is answered.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use mingbai_domain::citizen_id::{Sex, age_on, disability_part};
use mingbai_domain::{CitizenId, Fen, citizen_id, workday};

use crate::division::area_of;
use crate::dto::{QuickRequest, QuickRow, QuickView};
use crate::error::AppError;
use crate::office::Context;

/// No look-up counts further, in working days.
const FARTHEST: i32 = 2_000;

pub(crate) fn look(context: &mut Context<'_>, request: QuickRequest) -> Result<QuickView, AppError> {
    let today = context.host.today();
    let on = request.on.unwrap_or(today);
    let text = citizen_id::normalise(&request.text);
    let mut rows = Vec::new();
    if text.chars().count() >= 15 && text.starts_with(|c: char| c.is_ascii_digit()) {
        identity(context, &text, on, &mut rows);
    }
    if let Some((from, count)) = counted(&text, today) {
        working(from, count, &mut rows);
    }
    if let Some(day) = day(&text) {
        date(day, on, &mut rows);
    }
    if let Ok(amount) = Fen::parse(&text) {
        let plain = !text.starts_with('+');
        rows.extend(plain.then(|| row("大写金额", amount.in_words(), format!("{amount} 元"))));
    }
    Ok(QuickView { rows })
}

fn row(label: &str, value: String, note: impl Into<String>) -> QuickRow {
    QuickRow { label: label.to_owned(), value, note: note.into() }
}

/// What a citizen id or a disability certificate says about its holder.
fn identity(context: &Context<'_>, text: &str, on: NaiveDate, rows: &mut Vec<QuickRow>) {
    let id = match disability_part(text) {
        Some((id, _)) => Ok(id),
        None => CitizenId::parse(text),
    };
    let id = match id {
        Ok(id) => id,
        Err(error) => return rows.push(row("证件号码", "不对".to_owned(), error.to_string())),
    };
    let fifteen = if text.len() == 15 { "由15位换算" } else { "" };
    rows.push(row("证件号码", id.as_str().to_owned(), fifteen));
    rows.push(row("性别", if id.sex() == Sex::Male { "男" } else { "女" }.to_owned(), ""));
    rows.push(row("出生日期", id.birth().to_string(), weekday(id.birth())));
    rows.extend(age(id.birth(), on));
    let area = area_of(context, id.area());
    let name = if area.name.is_empty() { "不知道".to_owned() } else { area.name };
    let note = if area.known { "" } else { "，现行区划里没有，可能已撤并" };
    rows.push(row("首次发证地", name, format!("{}{note}", id.area())));
}

fn age(birth: NaiveDate, on: NaiveDate) -> Option<QuickRow> {
    (birth <= on).then(|| row("周岁", format!("{} 周岁", age_on(birth, on)), format!("到 {on}")))
}

/// A day with its place in the week, whether offices are open, and what it is to another day.
fn date(day: NaiveDate, on: NaiveDate, rows: &mut Vec<QuickRow>) {
    let kind = match workday::kind(day) {
        workday::Kind::Workday => "工作日".to_owned(),
        workday::Kind::Weekend => "周末".to_owned(),
        workday::Kind::Holiday { name } => format!("{name}放假"),
        workday::Kind::Exchanged { name } => format!("{name}调休，上班"),
    };
    let notice = workday::notice(day.year()).map_or_else(|| unarranged(day.year()), ToOwned::to_owned);
    rows.push(row(&day.to_string(), format!("{}，{kind}", weekday(day)), notice));
    if !workday::kind(day).works() {
        let before = workday::last_on_or_before(day);
        rows.push(row("之前最后一个工作日", before.day.to_string(), weekday(before.day)));
    }
    rows.extend(age(day, on));
    if day != on {
        let between = (day - on).num_days();
        let words = if between > 0 { format!("还有 {between} 天") } else { format!("过了 {} 天", -between) };
        rows.push(row("离得多远", words, format!("到 {on}")));
    }
}

/// So many working days after a day, and so many days of the calendar.
fn working(from: NaiveDate, count: i32, rows: &mut Vec<QuickRow>) {
    let (number, side) = (count.unsigned_abs(), if count < 0 { "前" } else { "后" });
    if let Some(found) = workday::add(from, count) {
        let note = found.unarranged.map_or_else(|| weekday(found.day).to_owned(), unarranged);
        rows.push(row(&format!("{from} {side} {number} 个工作日"), found.day.to_string(), note));
    }
    let days = Days::new(u64::from(number));
    let plain = if count < 0 { from.checked_sub_days(days) } else { from.checked_add_days(days) };
    if let Some(day) = plain {
        rows.push(row(&format!("{from} {side} {number} 天"), day.to_string(), weekday(day)));
    }
}

fn unarranged(year: i32) -> String {
    format!("{year} 年没有国务院的放假安排，只按周末算")
}

fn weekday(day: NaiveDate) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "星期一",
        Weekday::Tue => "星期二",
        Weekday::Wed => "星期三",
        Weekday::Thu => "星期四",
        Weekday::Fri => "星期五",
        Weekday::Sat => "星期六",
        Weekday::Sun => "星期日",
    }
}

/// `+5` counts from today, `20260930+5` from that day; a minus counts back, from today only.
fn counted(text: &str, today: NaiveDate) -> Option<(NaiveDate, i32)> {
    let number = |text: &str| text.trim_end_matches(['天', '日', '个', '工', '作']).parse::<i32>().ok();
    let (from, count) = if let Some(back) = text.strip_prefix('-') {
        (today, -number(back).filter(|_| !back.contains('.'))?)
    } else {
        let (from, count) = text.split_once('+')?;
        (if from.is_empty() { today } else { day(from)? }, number(count)?)
    };
    (count.abs() <= FARTHEST).then_some((from, count))
}

/// A day as clerks type it: `20260930`, `2026-9-30`, `2026.9.30`, `2026/9/30`, `2026年9月30日`.
fn day(text: &str) -> Option<NaiveDate> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    }
    let formats = ["%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日"];
    formats.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok()).filter(|day| day.year() > 1_800)
}

#[cfg(test)]
mod tests {
    use super::{counted, day};

    #[test]
    fn days_and_counts_are_read_as_clerks_type_them() {
        let today = day("20260930").unwrap();
        for text in ["2026-9-30", "2026.09.30", "2026/9/30", "2026年9月30日"] {
            assert_eq!(day(text), Some(today), "{text}");
        }
        assert_eq!(day("134025"), None);
        assert_eq!(day("20260230"), None);
        assert_eq!(counted("+5", today), Some((today, 5)));
        assert_eq!(counted("20260928+5个工作日", today), day("20260928").map(|from| (from, 5)));
        assert_eq!(counted("-3", today), Some((today, -3)));
        assert_eq!(counted("-3.50", today), None);
        assert_eq!(counted("+99999", today), None);
    }
}
