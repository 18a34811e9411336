//! 报送: which table went where, when, as which file. A table that is sent is written to a file whose SHA-256 is kept, so that
//! what is sent again for the same period is the same file or says that it is not (domain ).

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Campaign, Record, Submission};
use mingbai_domain::value::FieldValue;
use mingbai_store::{Reading, Row};
use sha2::{Digest, Sha256};

use crate::dto::{
    Empty, ReportRequest, SubmissionFileRequest, SubmissionFiled, SubmissionList, SubmissionRow, SubmissionSealRequest,
};
use crate::error::AppError;
use crate::household::{parse_id, parse_id_maybe};
use crate::office::{Context, keep_file};
use crate::report;

/// `2026-11`.
pub(crate) fn period_of(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// This office's reports; a county also has those of its townships, which are theirs.
pub(crate) fn own(reading: Reading<'_>, area: &str) -> Result<Vec<Row<Submission>>, AppError> {
    let mut rows = reading.all::<Submission>()?;
    rows.retain(|row| row.record.area.as_deref().is_none_or(|code| code == area));
    Ok(rows)
}

pub(crate) fn row(report: &Row<Submission>, campaigns: &[Row<Campaign>], today: NaiveDate) -> SubmissionRow {
    let record = &report.record;
    let campaign = campaigns.iter().find(|row| Some(row.id) == record.campaign).map(|row| &row.record);
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let due_on = record.due_on.or_else(|| campaign.and_then(|campaign| campaign.due_on));
    SubmissionRow {
        id: report.id.to_string(),
        name: said(&record.name),
        period: said(&record.period),
        recipient: said(&record.recipient),
        campaign: campaign.map(|campaign| said(&campaign.name)).unwrap_or_default(),
        due_on,
        sent_on: record.sent_on,
        sealed_on: record.sealed_on,
        file: said(&record.file),
        digest: said(&record.digest),
        note: said(&record.note),
        late: due_on.is_some_and(|due| record.sent_on.unwrap_or(today) > due),
    }
}

/// Everything that was or is to be sent: what waits first, by its day; then what was sent, the last first.
pub(crate) fn list(context: &mut Context<'_>, _: Empty) -> Result<SubmissionList, AppError> {
    let today = context.host.today();
    let reading = context.read()?;
    let campaigns = reading.all::<Campaign>()?;
    let mut rows: Vec<SubmissionRow> =
        reading.all::<Submission>()?.iter().map(|report| row(report, &campaigns, today)).collect();
    rows.sort_by(|a, b| {
        let key = |row: &SubmissionRow| (row.sent_on.is_some(), std::cmp::Reverse(row.sent_on), row.due_on);
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
    });
    Ok(SubmissionList { rows })
}

/// Writes a table to its file and notes that it was sent.
pub(crate) fn file(context: &mut Context<'_>, request: SubmissionFileRequest) -> Result<SubmissionFiled, AppError> {
    let today = context.host.today();
    let (period, recipient) = (request.period.trim().to_owned(), request.recipient.trim().to_owned());
    if period.is_empty() {
        return Err(AppError::invalid("period", "请填写是哪一期的报表，例如 2026-11"));
    }
    if recipient.is_empty() {
        return Err(AppError::invalid("recipient", "请填写报给哪个单位"));
    }
    let area = context.profile()?.area.clone();
    let campaign = parse_id_maybe(request.campaign.as_ref())?;
    if let Some(campaign) = campaign
        && context.read()?.get::<Campaign>(campaign)?.is_none()
    {
        return Err(AppError::not_found("专项工作"));
    }
    let (name, bytes) = report::workbook(context, &ReportRequest { key: request.report })?;
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let title = name.split('_').next().unwrap_or(&name).to_owned();
    let known = own(context.read()?, &area)?;
    let told = |row: &&Row<Submission>| {
        row.record.name.as_ref() == Some(&title)
            && row.record.period.as_ref() == Some(&period)
            && row.record.recipient.as_ref() == Some(&recipient)
            && row.record.campaign == campaign
    };
    let mut before: Vec<&Row<Submission>> = known.iter().filter(told).collect();
    before.sort_by_key(|row| (row.record.sent_on, row.changed, row.id));
    let same = before.iter().rev().find(|row| row.record.digest.as_ref() == Some(&digest));
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &bytes)?;
    let path = path.display().to_string();
    if let Some(row) = same {
        let id = row.id.to_string();
        return Ok(SubmissionFiled { id, file, path, digest, same: true, differs: None });
    }
    let last = before.iter().rev().find(|row| row.record.sent_on.is_some());
    let differs = last.map(|row| {
        let on = row.record.sent_on.map(|on| on.to_string()).unwrap_or_default();
        format!("{on} 报过 {}，这次的内容不一样", row.record.file.as_deref().unwrap_or_default())
    });
    let record = Submission {
        area: Some(area),
        campaign,
        name: Some(title.clone()),
        period: Some(period.clone()),
        due_on: request.due_on,
        sent_on: Some(today),
        sealed_on: None,
        recipient: Some(recipient.clone()),
        file: Some(file.clone()),
        digest: Some(digest.clone()),
        note: differs.clone(),
        deleted: None,
    };
    // A report that was announced and not yet sent is this one.
    let announced = before.iter().find(|row| row.record.sent_on.is_none()).map(|row| row.id);
    let due_on = announced.and_then(|id| before.iter().find(|row| row.id == id)).and_then(|row| row.record.due_on);
    let record = Submission { due_on: record.due_on.or(due_on), ..record };
    let said = format!("{title} {period} 报{recipient}");
    let made = context.commit("submission_file", Some(&said), |txn| match announced {
        Some(id) => txn.update(id, &record).map(|_| id).map_err(AppError::from),
        None => Ok(txn.insert(None, &record)?),
    })?;
    Ok(SubmissionFiled { id: made.value.to_string(), file, path, digest, same: false, differs })
}

/// Notes that the sealed copy left the house.
pub(crate) fn seal(context: &mut Context<'_>, request: SubmissionSealRequest) -> Result<Empty, AppError> {
    let id: RecordId = parse_id(&request.id)?;
    let report = context.read()?.get::<Submission>(id)?.ok_or_else(|| AppError::not_found("报送记录"))?;
    if request.sealed_on > context.host.today() {
        return Err(AppError::invalid("sealed_on", "送出日期在今天以后，数据没有变"));
    }
    if report.record.sent_on.is_none() {
        return Err(AppError::invalid("sealed_on", "先报送电子版，再登记盖章件，数据没有变"));
    }
    let field = Submission::TYPE.column("sealed_on").map(|field| field.id).unwrap_or_default();
    context.commit("submission_seal", None, |txn| {
        Ok(txn.set_field(Submission::TYPE.id, id, field, request.sealed_on.to_value())?)
    })?;
    Ok(Empty {})
}
