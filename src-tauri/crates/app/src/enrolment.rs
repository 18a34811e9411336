//! 入网: request, approval over eight spoken words, membership.

use std::path::{Path, PathBuf};

use mingbai_bundle::{EnrolmentRequest, TrustStore};
use mingbai_sync::enrol::{self, Applicant, Replaces};
use mingbai_sync::{SyncError, devices, keys};

use crate::dto::{
    Empty, EnrolmentAcceptRequest, EnrolmentApproveRequest, EnrolmentApproved, EnrolmentInspection,
    EnrolmentRequestRequest, EnrolmentRequestView, FileRequest, OfficeKind, SessionView,
};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, Profile, author, keep_file, read_file};

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
    let path = kept(&folder, "ruwang", &made, "mbq", made.bytes())?;
    Ok(EnrolmentRequestView { path: path.display().to_string(), words: made.words() })
}

/// Writes a file of an enrolment. The PC's own mark stands in its name, so that those of two PCs of one centre do not meet on
/// one stick; asked again, the same PC gets one file more.
pub(crate) fn kept(
    folder: &Path,
    what: &str,
    request: &EnrolmentRequest,
    end: &str,
    bytes: &[u8],
) -> Result<PathBuf, AppError> {
    let facts = request.facts();
    let mark: String = facts.signing.id().0.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    Ok(keep_file(folder, &format!("{what}-{}-{mark}.{end}", facts.area), bytes)?.1)
}

fn open(path: &str) -> Result<EnrolmentRequest, AppError> {
    Ok(EnrolmentRequest::open(&read_file(Path::new(path))?).map_err(SyncError::from)?)
}

pub(crate) fn inspect(context: &mut Context<'_>, request: FileRequest) -> Result<EnrolmentInspection, AppError> {
    let found = open(&request.path)?;
    let facts = found.facts();
    let trust = keys::trust(&context.opened()?.store)?;
    // Asked again after it was approved, there is nothing to warn of.
    let open = |trust: &TrustStore| {
        trust.signer(facts.signing.id()).is_none_or(|known| trust.revocation(known.serial).is_some())
    };
    let asked = found.renews().zip(trust.as_ref().filter(|trust| open(trust)));
    let warning = asked.and_then(|(serial, trust)| match enrol::replaces(trust, &found)? {
        Replaces::Counts(_) => None,
        Replaces::Retired(reason) => {
            Some(format!("它原来的证书（{serial} 号）已停用（{reason}）。确实是本单位的电脑才批准，批准后按新电脑入网"))
        }
        Replaces::Unknown => Some(format!(
            "本机没有 {serial} 号证书的记录。请先导入这个单位最近的数据包再批准；没有的话，批准后按新电脑入网"
        )),
    });
    Ok(EnrolmentInspection {
        unit: facts.unit.clone(),
        area: facts.area.clone(),
        device: facts.device.clone(),
        words: found.words(),
        renews: found.renews().filter(|_| warning.is_none()).map(|serial| serial as i64),
        warning,
    })
}

pub(crate) fn approve(
    context: &mut Context<'_>,
    request: EnrolmentApproveRequest,
) -> Result<EnrolmentApproved, AppError> {
    let found = open(&request.path)?;
    let folder = folder(context, &request.folder)?;
    let (certificate, file) = enrol::approve(&mut context.opened_mut()?.store, &found, &request.words)?;
    let path = kept(&folder, "ruwang", &found, "mbm", &file)?;
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
        Ok(devices::enter_record(txn, &certificate, today)?)
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
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let open = context.opened_mut()?;
    enrol::accept(&mut open.store, &author(host, None, &random), &bytes, &request.words)?;
    let words = keys::trust(&open.store)?.map(|trust| trust.words());
    let profile = Profile { enrolled: true, county_words: words, ..context.profile()?.clone() };
    context.office.save_profile(profile)?;
    crate::session::get(context, Empty {})
}
