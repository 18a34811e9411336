//! Set-up, logging in and out, operators.

use mingbai_domain::catalogue::{Operator, Record};
use mingbai_ledger::Genesis;
use mingbai_store::{Actor, Cost, DatabaseKey, Identity, LogRole, Reading, Row, Store, Vault, VaultError};
use mingbai_sync::{CountyKeys, CountyName, DeviceKeys};

use crate::dto::{
    Empty, LoginRequest, OfficeKind, OperatorAddRequest, OperatorList, OperatorView, PasswordChangeRequest,
    RecoverRequest, SessionView, SetupDone, SetupRequest, SetupState, SetupStatus,
};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, Open, Profile, author, coded, millis};

/// Shortest password (等保二级 asks for 8 and more).
const SHORTEST_PASSWORD: usize = 8;

pub(crate) fn status(context: &mut Context<'_>, _: Empty) -> Result<SetupStatus, AppError> {
    let profile = context.office.profile.as_ref();
    let state = match (profile, &context.office.open) {
        (None, _) => SetupState::Empty,
        (Some(_), None) => SetupState::Locked,
        (Some(_), Some(_)) => SetupState::Open,
    };
    Ok(SetupStatus {
        state,
        office: profile.map(Profile::view),
        operators: profile.map(|p| p.operators.clone()).unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        today: context.host.today(),
    })
}

pub(crate) fn set_up(context: &mut Context<'_>, request: SetupRequest) -> Result<SetupDone, AppError> {
    check_new(context, &request)?;
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let device = DeviceKeys::generate(&random);
    let county = if request.kind == OfficeKind::County {
        let name = CountyName { area: &request.area, county: &request.county_name, unit: &request.unit_name };
        Some(CountyKeys::generate(&random, name, &device)?)
    } else {
        None
    };
    found(context, request, &device, county.as_ref())
}

/// Refuses what cannot be set up, before any key is made.
pub(crate) fn check_new(context: &Context<'_>, request: &SetupRequest) -> Result<(), AppError> {
    if context.office.profile.is_some() {
        return Err(AppError::new(ErrorCode::AlreadySetUp, "这台电脑已经设置过单位，没有改动。请直接登录"));
    }
    let digits = if request.kind == OfficeKind::County { 6 } else { 9 };
    if request.area.len() != digits || !request.area.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AppError::invalid("area", format!("区划代码应为{digits}位数字")));
    }
    for (field, value, name) in [
        ("county_name", &request.county_name, "县名"),
        ("unit_name", &request.unit_name, "单位名称"),
        ("operator_name", &request.operator_name, "姓名"),
        ("login", &request.login, "登录名"),
    ] {
        if value.trim().is_empty() {
            return Err(AppError::invalid(field, format!("请填写{name}")));
        }
    }
    check_password("password", &request.password)
}

/// Makes the data of an office around its keys, and logs its first operator in.
pub(crate) fn found(
    context: &mut Context<'_>,
    request: SetupRequest,
    device: &DeviceKeys,
    county: Option<&CountyKeys>,
) -> Result<SetupDone, AppError> {
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let key = DatabaseKey::generate(&random);
    // A township's log begins before the county knows it: certificate 0, found again by its key.
    let genesis = Genesis {
        device_key: device.signing.public().log_key(),
        nonce: sixteen(&random),
        county: county.map_or([0; 8], |county| county.trust.county().0),
        certificate: county.map_or(0, |county| county.serial),
        continues: None,
    };
    let role = if county.is_some() { LogRole::County } else { LogRole::Township };
    let stamp = host.now().format("%Y%m%d%H%M%S").to_string();
    context.office.set_aside_unfinished(&stamp)?;
    let mut store = Store::create(&context.office.database(), &key, &Identity { genesis, role })?;
    device.save(&mut store)?;
    if let Some(county) = county {
        county.save(&mut store)?;
    }
    let role = if county.is_some() { "county" } else { "head" };
    let record = Operator {
        login: Some(request.login.trim().to_owned()),
        name: Some(request.operator_name.trim().to_owned()),
        role: Some(role.to_owned()),
        disabled: Some(false),
    };
    store.commit(&author(host, None, &random), "setup_office", None, |txn| {
        txn.insert(None, &record)?;
        Ok::<_, AppError>(())
    })?;
    let (_, recovery) = Vault::create(
        &context.office.vault(),
        &key,
        (request.login.trim(), &request.password),
        Cost::default(),
        &random,
    )?;
    let county_words = county.map(|county| county.trust.words());
    let operator = OperatorView {
        login: request.login.trim().to_owned(),
        name: request.operator_name.trim().to_owned(),
        role: coded("role", role),
        disabled: false,
    };
    // The profile is written last: only with it the set-up counts, so a crash before leaves an empty office.
    context.office.save_profile(Profile {
        kind: request.kind,
        county_name: request.county_name.trim().to_owned(),
        unit_name: request.unit_name.trim().to_owned(),
        area: request.area,
        enrolled: county.is_some(),
        county_words: county_words.clone(),
        operators: vec![operator],
    })?;
    drop(store);
    login(context, LoginRequest { login: request.login, password: request.password })?;
    Ok(SetupDone { recovery_code: recovery.as_str().to_owned(), county_words })
}

pub(crate) fn login(context: &mut Context<'_>, request: LoginRequest) -> Result<SessionView, AppError> {
    context.profile()?;
    let mut vault = Vault::open(&context.office.vault())?;
    let key = vault.unlock(request.login.trim(), &request.password, millis(context.host))?;
    context.office.open = None;
    let store = Store::open(&context.office.database(), &key)?;
    let mine = local_operators(store.read())?;
    let named = |row: &Row<Operator>| row.record.login.as_deref() == Some(request.login.trim());
    let Some(row) = mine.into_iter().find(|row| named(row) && row.record.disabled != Some(true)) else {
        return Err(AppError::new(ErrorCode::WrongPassword, "该操作员已停用，没有登录。请找负责人"));
    };
    let operator = view(&row.record);
    let operator_id = row.id;
    context.office.open = Some(Open {
        store,
        key,
        operator,
        operator_id,
        marked: None,
        notice: None,
        pack: None,
        compared: None,
        answers: crate::kept::Answers::default(),
        sheet: None,
    });
    let ready = enter(context);
    crate::system::daily_backup(context);
    // With a full disk the register can still be read; the backup that was not made says so on the desk.
    if let Err(error) = ready.or_else(|error| if error.code == ErrorCode::DiskFull { Ok(()) } else { Err(error) }) {
        context.office.open = None;
        return Err(error);
    }
    get(context, Empty {})
}

/// What is done before anybody works: the log is the right one, the login screen is in step, what waited is read.
fn enter(context: &mut Context<'_>) -> Result<(), AppError> {
    let clock = crate::standing::clock_notice(context)?;
    let moved = crate::standing::check(context)?;
    let notices: Vec<String> = moved.into_iter().chain(clock).collect();
    context.opened_mut()?.notice = (!notices.is_empty()).then(|| notices.join("。"));
    refresh_profile(context)?;
    catch_up(context)?;
    crate::exchange::try_again(context);
    Ok(())
}

pub(crate) fn lock(context: &mut Context<'_>, _: Empty) -> Result<Empty, AppError> {
    context.office.open = None;
    Ok(Empty {})
}

pub(crate) fn get(context: &mut Context<'_>, _: Empty) -> Result<SessionView, AppError> {
    let open = context.opened()?;
    let (operator, notice) = (open.operator.clone(), open.notice.clone());
    Ok(SessionView { operator, office: context.profile()?.view(), notice })
}

pub(crate) fn operators(context: &mut Context<'_>, _: Empty) -> Result<OperatorList, AppError> {
    Ok(OperatorList { rows: local_operators(context.read()?)?.iter().map(|row| view(&row.record)).collect() })
}

pub(crate) fn add_operator(context: &mut Context<'_>, request: OperatorAddRequest) -> Result<OperatorView, AppError> {
    let login = request.login.trim().to_owned();
    if login.is_empty() {
        return Err(AppError::invalid("login", "请填写登录名"));
    }
    if mingbai_domain::code::find("role", &request.role).is_none() {
        return Err(AppError::invalid("role", "角色不在角色表中"));
    }
    if request.role == "county" && context.opened()?.operator.role.code != "county" {
        return Err(AppError::new(ErrorCode::NotPermitted, "只有县级操作员能新增县级操作员，数据没有变"));
    }
    check_password("password", &request.password)?;
    if local_operators(context.read()?)?.iter().any(|row| row.record.login.as_ref() == Some(&login)) {
        return Err(AppError::invalid("login", format!("登录名“{login}”已经有人使用")));
    }
    let record = Operator {
        login: Some(login.clone()),
        name: Some(request.name.trim().to_owned()),
        role: Some(request.role),
        disabled: Some(false),
    };
    let host = context.host;
    let mut vault = Vault::open(&context.office.vault())?;
    vault.add_operator(&context.opened()?.key, &login, &request.password, &|buffer: &mut [u8]| host.fill(buffer))?;
    if let Err(error) = context.commit("operator_add", None, |txn| Ok(txn.insert(None, &record)?)) {
        // A login that nobody could use must not block its name.
        vault.remove_operator(&login)?;
        return Err(error);
    }
    refresh_profile(context)?;
    Ok(view(&record))
}

pub(crate) fn change_password(context: &mut Context<'_>, request: PasswordChangeRequest) -> Result<Empty, AppError> {
    check_password("new", &request.new)?;
    let host = context.host;
    let login = context.opened()?.operator.login.clone();
    let mut vault = Vault::open(&context.office.vault())?;
    vault
        .change_password(&login, (&request.old, &request.new), millis(host), &|buffer: &mut [u8]| host.fill(buffer))?;
    Ok(Empty {})
}

/// Opens the data with the printed recovery code and gives an operator of this PC a new password.
pub(crate) fn recover(context: &mut Context<'_>, request: RecoverRequest) -> Result<SessionView, AppError> {
    context.profile()?;
    check_password("password", &request.password)?;
    let host = context.host;
    let mut vault = Vault::open(&context.office.vault())?;
    let key = vault.unlock_with_recovery(request.recovery_code.trim(), millis(host))?;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    vault.set_password(&key, request.login.trim(), &request.password, &random)?;
    login(context, LoginRequest { login: request.login, password: request.password })
}

/// Reads what a newer neighbour wrote once this program has learnt to.
fn catch_up(context: &mut Context<'_>) -> Result<(), AppError> {
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let open = context.opened_mut()?;
    mingbai_sync::catch_up(&mut open.store, &author(host, None, &random))?;
    Ok(())
}

/// Who works with a database as head or county, if anybody with this login does.
pub(crate) fn is_head(reading: Reading<'_>, login: &str) -> Result<bool, AppError> {
    let mine = local_operators(reading)?;
    let named = |row: &&Row<Operator>| row.record.login.as_deref() == Some(login) && row.record.disabled != Some(true);
    let role = mine.iter().find(named).and_then(|row| row.record.role.clone()).unwrap_or_default();
    Ok(matches!(role.as_str(), "head" | "county"))
}

/// The operators of this PC: those entered here. Operators of other offices travel as records, so that the audit trail
/// reads, but nobody logs in as one of them.
fn local_operators(reading: Reading<'_>) -> Result<Vec<Row<Operator>>, AppError> {
    let own: Vec<_> = reading.logs()?.into_iter().filter(|log| log.own).map(|log| log.id).collect();
    let mut local = Vec::new();
    for row in reading.all::<Operator>()? {
        let first = reading.history(Operator::TYPE.id, row.id)?.into_iter().next();
        if first.is_some_and(|item| own.contains(&item.author.log)) {
            local.push(row);
        }
    }
    Ok(local)
}

/// Keeps the list of the login screen in step with the register.
fn refresh_profile(context: &mut Context<'_>) -> Result<(), AppError> {
    let operators = operators(context, Empty {})?.rows.into_iter().filter(|o| !o.disabled).collect();
    let profile = context.profile()?.clone();
    if profile.operators != operators {
        context.office.save_profile(Profile { operators, ..profile })?;
    }
    Ok(())
}

fn view(record: &Operator) -> OperatorView {
    OperatorView {
        login: record.login.clone().unwrap_or_default(),
        name: record.name.clone().unwrap_or_default(),
        role: coded("role", record.role.as_deref().unwrap_or_default()),
        disabled: record.disabled.unwrap_or_default(),
    }
}

fn check_password(field: &str, password: &str) -> Result<(), AppError> {
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(AppError::invalid(field, format!("密码至少{SHORTEST_PASSWORD}个字符")));
    }
    Ok(())
}

pub(crate) fn sixteen(random: &dyn Fn(&mut [u8])) -> [u8; 16] {
    let mut bytes = [0; 16];
    random(&mut bytes);
    bytes
}

/// The operator who is logged in, as an actor of the log.
pub(crate) fn actor(open: &Open) -> Actor {
    Actor { operator: open.operator_id, name: open.operator.name.clone(), role: open.operator.role.code.clone() }
}

impl From<VaultError> for AppError {
    fn from(error: VaultError) -> Self {
        let code = match &error {
            VaultError::Io(inner) if inner.kind() == std::io::ErrorKind::StorageFull => {
                return Self::new(ErrorCode::DiskFull, "磁盘空间已满，没有登录，原有数据没有改动。请腾出空间后再试");
            }
            VaultError::WrongPassword | VaultError::WrongRecoveryCode => ErrorCode::WrongPassword,
            VaultError::LockedOut { .. } => ErrorCode::LockedOut,
            _ => ErrorCode::Storage,
        };
        Self::new(code, error.to_string())
    }
}
