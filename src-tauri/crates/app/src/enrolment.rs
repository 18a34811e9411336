//! 入网: request, approval over eight spoken words, membership.

use std::path::{Path, PathBuf};

use mingbai_bundle::EnrolmentRequest;
use mingbai_sync::enrol::{self, Applicant};
use mingbai_sync::{SyncError, devices, keys};

use crate::dto::{
    Empty, EnrolmentAcceptRequest, EnrolmentApproveRequest, EnrolmentApproved, EnrolmentInspection,
    EnrolmentRequestRequest, EnrolmentRequestView, FileRequest, OfficeKind, SessionView,
};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, Profile, read_file, write_file};

fn folder(context: &Context<'_>, named: &str) -> Result<PathBuf, AppError> {
    if named.is_empty() { context.office.folder("输出") } else { Ok(PathBuf::from(named)) }
}

pub(crate) fn request(
    context: &mut Context<'_>,
    request: EnrolmentRequestRequest,
) -> Result<EnrolmentRequestView, AppError> {
    let profile = context.profile()?.clone();
    if profile.kind == OfficeKind::County {
        return Err(AppError::new(ErrorCode::NotPermitted, "县级电脑不用申请入网"));
    }
    let host = context.host;
    let folder = folder(context, &request.folder)?;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let applicant = Applicant { device: &profile.unit_name, unit: &profile.unit_name, area: &profile.area };
    let made = enrol::request(&mut context.opened_mut()?.store, applicant, &random)?;
    let path = folder.join(format!("ruwang-{}.mbq", profile.area));
    write_file(&path, made.bytes())?;
    Ok(EnrolmentRequestView { path: path.display().to_string(), words: made.words() })
}

fn open(path: &str) -> Result<EnrolmentRequest, AppError> {
    Ok(EnrolmentRequest::open(&read_file(Path::new(path))?).map_err(SyncError::from)?)
}

pub(crate) fn inspect(_: &mut Context<'_>, request: FileRequest) -> Result<EnrolmentInspection, AppError> {
    let found = open(&request.path)?;
    let facts = found.facts();
    Ok(EnrolmentInspection {
        unit: facts.unit.clone(),
        area: facts.area.clone(),
        device: facts.device.clone(),
        words: found.words(),
        renews: found.renews().map(|serial| serial as i64),
    })
}

pub(crate) fn approve(
    context: &mut Context<'_>,
    request: EnrolmentApproveRequest,
) -> Result<EnrolmentApproved, AppError> {
    let found = open(&request.path)?;
    let folder = folder(context, &request.folder)?;
    let (certificate, file) = enrol::approve(&mut context.opened_mut()?.store, &found, &request.words)?;
    let path = folder.join(format!("ruwang-{}.mbm", certificate.area));
    write_file(&path, &file)?;
    // The register of devices is what the county's screens and its townships' audit read.
    let today = context.host.today();
    let old = match certificate.renews {
        Some(serial) => keys::known_trust(&context.opened()?.store)?.certificate(serial).cloned(),
        None => None,
    };
    context.commit("enrolment_approve", None, |txn| {
        if let Some(old) = &old {
            devices::end_record(txn, old, today)?;
        }
        Ok(txn.insert(None, &devices::record(&certificate, today))?)
    })?;
    // Its first bundle may have come before it was let in.
    crate::exchange::try_again(context);
    Ok(EnrolmentApproved {
        path: path.display().to_string(),
        serial: i64::try_from(certificate.serial).unwrap_or_default(),
        unit: certificate.unit,
    })
}

pub(crate) fn accept(context: &mut Context<'_>, request: EnrolmentAcceptRequest) -> Result<SessionView, AppError> {
    let bytes = read_file(Path::new(&request.path))?;
    let open = context.opened_mut()?;
    enrol::accept(&mut open.store, &bytes, &request.words)?;
    let words = keys::trust(&open.store)?.map(|trust| trust.words());
    let profile = Profile { enrolled: true, county_words: words, ..context.profile()?.clone() };
    context.office.save_profile(profile)?;
    crate::session::get(context, Empty {})
}
