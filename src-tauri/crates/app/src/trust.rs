//! 密钥与电脑: the holders of the county's root, its operations key, the PCs it certified; and a county that starts again.

use std::path::{Path, PathBuf};

use mingbai_bundle::{Role, Root, Signed, TrustStore, VerifyingKey};
use mingbai_store::{Cost, Vault};
use mingbai_sync::holders::Holder;
use mingbai_sync::{DeviceKeys, SyncError, devices, holders, keys, recover as recovery, rekey, roots};

use crate::dto::{
    DeviceRetireRequest, Empty, EnrolmentRequestRequest, EnrolmentRequestView, FileMade, FileRequest, FolderRequest,
    HolderMakeRequest, HolderRow, OfficeKind, OfficeRecoverRequest, PcRow, RecoveryCodeView, RecoveryInspectRequest,
    RecoveryView, RootChange, RootCountersignRequest, RootInspection, RootPending, RootProgress, RootProposeRequest,
    RootSignRequest, SetupDone, SetupRequest, TrustView,
};
use crate::enrolment;
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, author, keep_file, local_time, read_file};
use crate::session::{self, actor};

/// The folder the clerk chose; the office's own where none was named.
pub(crate) fn folder(context: &Context<'_>, named: &str) -> Result<PathBuf, AppError> {
    if named.is_empty() {
        return context.office.folder("输出");
    }
    let folder = PathBuf::from(named);
    if folder.is_dir() {
        Ok(folder)
    } else {
        Err(AppError::invalid("folder", "找不到这个文件夹，请重新选择U盘或文件夹"))
    }
}

fn made(folder: &Path, name: &str, bytes: &[u8]) -> Result<FileMade, AppError> {
    let (_, path) = keep_file(folder, name, bytes)?;
    Ok(FileMade { path: path.display().to_string() })
}

pub(crate) fn get(context: &mut Context<'_>, _: Empty) -> Result<TrustView, AppError> {
    let profile = context.profile()?.clone();
    let county = profile.kind == OfficeKind::County;
    let store = &context.opened()?.store;
    let Some(trust) = keys::trust(store)? else {
        return Ok(TrustView { county, county_name: profile.county_name, ..TrustView::default() });
    };
    let root = trust.root();
    let mut pcs = Vec::new();
    for pc in devices::pcs(store)? {
        pcs.push(PcRow {
            serial: pc.certificate.serial as i64,
            unit: pc.certificate.unit.clone(),
            device: pc.certificate.device.clone(),
            area: pc.certificate.area.clone(),
            county: pc.certificate.has(Role::County),
            own: pc.own,
            retired: pc.revocation.map(|revocation| revocation.reason).or_else(|| {
                let counts = trust.certificate(pc.certificate.serial).is_some();
                (!counts).then(|| "县里重新建过，原来的证书不再有效".to_owned())
            }),
            last_contact: pc.contact.map(|millis| local_time(context.host, millis)),
            confirmed: pc.here as i64,
            missing: pc.missing as i64,
        });
    }
    let own = pcs.iter().rfind(|pc| pc.own).cloned();
    let pending = roots::pending(store)?.map(|pending| waiting(&pending, root));
    Ok(TrustView {
        county,
        county_name: root.county_name.clone(),
        county_words: Some(trust.words()),
        root_version: root.version as i64,
        own,
        renewing: devices::waits_for_keys(store.read(), &trust)?,
        root_here: keys::root_key(store)?.is_some_and(|key| root.root_keys.contains(&key.public())),
        threshold: root.threshold as i64,
        holders: named(root, |_| false),
        list: roots::list(store)?.into_iter().map(|holder| holder_row(&holder, false)).collect(),
        pending,
        pcs: if county { pcs } else { Vec::new() },
    })
}

fn holder_row(holder: &Holder, signed: bool) -> HolderRow {
    HolderRow { name: holder.name.clone(), key: holder.key.id().to_string(), signed }
}

/// The holders a root names; who founded the county is called so until holders have names.
fn named(root: &Root, signed: impl Fn(&VerifyingKey) -> bool) -> Vec<HolderRow> {
    let row = |key: &VerifyingKey| HolderRow {
        name: root.holder(key).unwrap_or("建县时的密钥").to_owned(),
        key: key.id().to_string(),
        signed: signed(key),
    };
    root.root_keys.iter().map(row).collect()
}

fn waiting(pending: &Signed<Root>, old: &Root) -> RootPending {
    let new = pending.value();
    let signed = |key: &VerifyingKey| pending.has_signed(key);
    RootPending {
        change: if new.root_keys == old.root_keys { RootChange::Operations } else { RootChange::Holders },
        version: new.version as i64,
        old: named(old, signed),
        old_needed: old.threshold as i64,
        new: named(new, signed),
        new_needed: new.threshold as i64,
    }
}

impl From<roots::Progress> for RootProgress {
    fn from(progress: roots::Progress) -> Self {
        let standing = progress.standing;
        Self {
            version: progress.version as i64,
            old: standing.old as i64,
            old_needed: standing.old_needed as i64,
            new: standing.new as i64,
            new_needed: standing.new_needed as i64,
            in_force: progress.in_force,
        }
    }
}

/// Runs one step as the operator who is logged in.
macro_rules! as_operator {
    ($context:ident, |$store:ident, $author:ident| $body:expr) => {{
        let host = $context.host;
        let random = |buffer: &mut [u8]| host.fill(buffer);
        let open = $context.opened_mut()?;
        let $author = author(host, Some(actor(open)), &random);
        let $store = &mut open.store;
        $body
    }};
}

pub(crate) fn make_holder(context: &mut Context<'_>, request: HolderMakeRequest) -> Result<FileMade, AppError> {
    let folder = folder(context, &request.folder)?;
    let who = (request.name.as_str(), request.password.as_str());
    let file = as_operator!(context, |store, author| roots::add_holder(store, &author, who, Cost::default()))?;
    made(&folder, &file.name, &file.bytes)
}

pub(crate) fn propose(context: &mut Context<'_>, request: RootProposeRequest) -> Result<RootProgress, AppError> {
    let change = match request.change {
        RootChange::Holders => roots::Change::Holders(u64::try_from(request.threshold).unwrap_or_default()),
        RootChange::Operations => roots::Change::Operations,
    };
    Ok(as_operator!(context, |store, author| roots::propose(store, &author, change))?.into())
}

pub(crate) fn sign(context: &mut Context<'_>, request: RootSignRequest) -> Result<RootProgress, AppError> {
    let file = read_file(Path::new(&request.path))?;
    Ok(as_operator!(context, |store, author| roots::sign(store, &author, &file, &request.password))?.into())
}

pub(crate) fn gather(context: &mut Context<'_>, request: FileRequest) -> Result<RootProgress, AppError> {
    let file = read_file(Path::new(&request.path))?;
    Ok(as_operator!(context, |store, author| roots::gather(store, &author, &file))?.into())
}

pub(crate) fn give_up(context: &mut Context<'_>, _: Empty) -> Result<Empty, AppError> {
    as_operator!(context, |store, author| roots::give_up(store, &author))?;
    Ok(Empty {})
}

fn root_name(root: &Signed<Root>) -> String {
    format!("gengenghuan-{}-{}.mbr", root.value().area, root.value().version)
}

pub(crate) fn write_root(context: &mut Context<'_>, request: FolderRequest) -> Result<FileMade, AppError> {
    let folder = folder(context, &request.folder)?;
    let root = roots::pending(&context.opened()?.store)?.ok_or(SyncError::NoRootPending)?;
    made(&folder, &root_name(&root), &root.to_file())
}

fn root_file(path: &str) -> Result<(Vec<u8>, Signed<Root>), AppError> {
    let bytes = read_file(Path::new(path))?;
    let root = Signed::from_file(&bytes).map_err(SyncError::from)?;
    Ok((bytes, root))
}

pub(crate) fn inspect_root(_: &mut Context<'_>, request: FileRequest) -> Result<RootInspection, AppError> {
    let (_, root) = root_file(&request.path)?;
    let new = root.value();
    Ok(RootInspection {
        county_name: new.county_name.clone(),
        version: new.version as i64,
        threshold: new.threshold as i64,
        holders: named(new, |key| root.has_signed(key)),
    })
}

pub(crate) fn countersign(context: &mut Context<'_>, request: RootCountersignRequest) -> Result<FileMade, AppError> {
    let folder = folder(context, &request.folder)?;
    let (bytes, root) = root_file(&request.path)?;
    let holder = read_file(Path::new(&request.holder))?;
    let (signed, _) = roots::countersign(&bytes, &holder, &request.password)?;
    made(&folder, &root_name(&root), &signed)
}

pub(crate) fn write(context: &mut Context<'_>, request: FolderRequest) -> Result<FileMade, AppError> {
    let folder = folder(context, &request.folder)?;
    let area = context.profile()?.area.clone();
    let file = recovery::trust_file(&mut context.opened_mut()?.store)?;
    let done = made(&folder, &format!("xinren-{area}.mbt"), &file)?;
    context.commit("trust_write", None, |txn| Ok(txn.note("写出县信任文件")?))?;
    Ok(done)
}

pub(crate) fn retire(context: &mut Context<'_>, request: DeviceRetireRequest) -> Result<Empty, AppError> {
    let today = context.host.today();
    let serial = u64::try_from(request.serial).unwrap_or_default();
    let why = devices::Retirement { stolen: request.stolen, reason: &request.reason, typed: &request.typed };
    as_operator!(context, |store, author| devices::retire(store, &author, serial, why, today))?;
    Ok(Empty {})
}

pub(crate) fn renew(
    context: &mut Context<'_>,
    request: EnrolmentRequestRequest,
) -> Result<EnrolmentRequestView, AppError> {
    if context.profile()?.kind == OfficeKind::County {
        return Err(AppError::new(
            ErrorCode::NotPermitted,
            "县级电脑的密钥不这样更换，没有改动。请用“更换日常密钥”，或在新电脑上恢复",
        ));
    }
    let folder = folder(context, &request.folder)?;
    let asked = as_operator!(context, |store, author| rekey::request(store, &author))?;
    let path = enrolment::kept(&folder, "huanmiyao", &asked, "mbq", asked.bytes())?;
    Ok(EnrolmentRequestView { path: path.display().to_string(), words: asked.words() })
}

pub(crate) fn renew_recovery(context: &mut Context<'_>, _: Empty) -> Result<RecoveryCodeView, AppError> {
    let host = context.host;
    let mut vault = Vault::open(&context.office.vault())?;
    let code = vault.renew_recovery(&context.opened()?.key, &|buffer: &mut [u8]| host.fill(buffer))?;
    context.commit("recovery_renew", None, |txn| Ok(txn.note("更换恢复码，旧恢复单作废")?))?;
    Ok(RecoveryCodeView { recovery_code: code.as_str().to_owned() })
}

fn trust_files(paths: &[String]) -> Result<mingbai_bundle::TrustFile, AppError> {
    let files = paths.iter().map(|path| read_file(Path::new(path))).collect::<Result<Vec<_>, _>>()?;
    Ok(recovery::read_all(&files)?)
}

pub(crate) fn inspect_recovery(_: &mut Context<'_>, request: RecoveryInspectRequest) -> Result<RecoveryView, AppError> {
    let known = trust_files(&request.files)?;
    let root = known.trust.root();
    Ok(RecoveryView {
        county_name: root.county_name.clone(),
        area: root.area.clone(),
        words: known.trust.words(),
        root_version: root.version as i64,
        threshold: root.threshold as i64,
        holders: named(root, |_| false),
        units: units(&known.trust),
        silent: recovery::silent(&known),
    })
}

/// The units with a PC that counts.
fn units(trust: &TrustStore) -> Vec<String> {
    let counts = |pc: &&mingbai_bundle::Certificate| !pc.has(Role::County) && trust.revocation(pc.serial).is_none();
    let mut units: Vec<String> = trust.certificates().filter(counts).map(|pc| pc.unit.clone()).collect();
    units.sort();
    units.dedup();
    units
}

pub(crate) fn recover(context: &mut Context<'_>, request: OfficeRecoverRequest) -> Result<SetupDone, AppError> {
    let known = trust_files(&request.files)?;
    let mut files = Vec::new();
    for holder in &request.holders {
        let file = read_file(Path::new(&holder.path))?;
        holders::look(&file)?;
        files.push((file, holder.password.as_str()));
    }
    let root = known.trust.root();
    let office = SetupRequest {
        kind: OfficeKind::County,
        county_name: root.county_name.clone(),
        unit_name: request.unit_name.clone(),
        area: root.area.clone(),
        operator_name: request.operator_name.clone(),
        login: request.login.clone(),
        password: request.password.clone(),
    };
    session::check_new(context, &office)?;
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let device = DeviceKeys::generate(&random);
    let county = recovery::start_again(&random, &known, &files, office.unit_name.trim(), &device)?;
    let trust = county.trust.clone();
    let done = session::found(context, office, &device, Some(&county))?;
    let today = host.today();
    context.commit("office_recover", None, |txn| {
        for pc in trust.certificates() {
            txn.insert(None, &devices::record(pc, today))?;
            if trust.revocation(pc.serial).is_some() {
                devices::end_record(txn, pc, today)?;
            }
        }
        txn.note("县级电脑丢失，凭县信任文件和保管人密钥在新电脑上恢复")?;
        Ok(())
    })?;
    Ok(done)
}
