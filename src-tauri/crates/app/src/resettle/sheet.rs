//! The comparison as a workbook: one table a page.

use chrono::NaiveTime;
use mingbai_domain::Fen;
use mingbai_sheets::write::{Head, OfficialTable, OfficialValue, SealLine, official_workbook};

use super::resettle;
use crate::dto::{ReportFile, ResettleGroup, ResettleRequest, ResettleView};
use crate::error::AppError;
use crate::office::{Context, keep_file};

pub(crate) fn write(context: &mut Context<'_>, request: ResettleRequest) -> Result<ReportFile, AppError> {
    let view = resettle(context, request, usize::MAX)?;
    let today = context.host.today();
    let unit = context.profile()?.unit_name.clone();
    let book = Book { view: &view, unit, operator: context.opened()?.operator.name.clone(), today };
    let bytes = official_workbook(&book.tables(), today.and_time(NaiveTime::MIN))?;
    let told = format!("全县重算 {} 年 {} → {}，{}张", view.year, view.before, view.after, view.bills);
    context.commit("pack_resettle_write", None, |txn| Ok(txn.note(&told)?))?;
    let name = format!("全县重算_{}年_{}.xlsx", view.year, today.format("%Y%m%d"));
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &bytes)?;
    Ok(ReportFile { file, path: path.display().to_string() })
}

struct Book<'v> {
    view: &'v ResettleView,
    unit: String,
    operator: String,
    today: chrono::NaiveDate,
}

fn text(text: &str) -> OfficialValue {
    OfficialValue::Text(text.to_owned())
}

fn money(fen: i64) -> OfficialValue {
    OfficialValue::Money(Fen(fen))
}

impl Book<'_> {
    fn table(&self, tab: &str, heads: &[&str], rows: Vec<Vec<OfficialValue>>) -> OfficialTable {
        let mut notes = vec![format!("现行：{}；新的：{}", self.view.before, self.view.after)];
        notes.extend(self.view.notes.iter().cloned());
        OfficialTable {
            title: format!("{} 年全县重算 · {tab}", self.view.year),
            tab: tab.to_owned(),
            unit: self.unit.clone(),
            date: Some(self.today),
            measure: "元".to_owned(),
            heads: heads.iter().map(|head| Head::column(*head)).collect(),
            rows,
            total: None,
            notes,
            seal: Some(SealLine { filled_by: self.operator.clone(), unit: self.unit.clone(), ..SealLine::default() }),
        }
    }

    fn groups(&self, tab: &str, head: &str, groups: &[ResettleGroup]) -> OfficialTable {
        let heads = [
            head,
            "人数",
            "结算单",
            "各方应付（现行）",
            "各方应付（新的）",
            "增减",
            "个人（现行）",
            "个人（新的）",
            "少付的人",
            "多付的人",
        ];
        let row = |one: &ResettleGroup| {
            vec![
                text(&one.label),
                OfficialValue::Count(one.people),
                OfficialValue::Count(one.bills),
                money(one.paid_before),
                money(one.paid_after),
                money(one.paid_after - one.paid_before),
                money(one.personal_before),
                money(one.personal_after),
                OfficialValue::Count(one.better),
                OfficialValue::Count(one.worse),
            ]
        };
        self.table(tab, &heads, groups.iter().map(row).collect())
    }

    fn tables(&self) -> Vec<OfficialTable> {
        let view = self.view;
        let mut payers: Vec<Vec<OfficialValue>> = view
            .payers
            .iter()
            .map(|one| vec![text(&one.label), money(one.before), money(one.after), money(one.after - one.before)])
            .collect();
        let personal = view.personal_after - view.personal_before;
        payers.push(vec![text("个人支付"), money(view.personal_before), money(view.personal_after), money(personal)]);
        let people = view.changed.iter().map(|one| {
            vec![
                text(&one.name),
                text(&one.village),
                text(&one.identity),
                OfficialValue::Count(one.bills),
                money(one.before),
                money(one.after),
                money(one.change),
            ]
        });
        let refused = view
            .refused
            .iter()
            .map(|one| vec![text(&one.name), text(&one.village), text(&one.settled_on), text(&one.why)]);
        vec![
            self.table("各支付方", &["支付方", "现行", "新的", "增减"], payers),
            self.groups("按身份", "身份", &view.identities),
            self.groups("按机构级别", "机构级别", &view.levels),
            self.groups("按乡镇", "乡镇", &view.townships),
            self.table(
                "自付变化的人",
                &["姓名", "村", "身份", "结算单", "个人（现行）", "个人（新的）", "增减"],
                people.collect(),
            ),
            self.table("不能算的结算单", &["姓名", "村", "结算日期", "原因"], refused.collect()),
        ]
    }
}
