//! The fixed tables, forward only. An existing file is copied beside itself before it is changed.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use crate::error::{Result, StoreError};
use crate::key::DatabaseKey;

/// Each migration in order; a file at version n has had the first n. Never edited once released: their hashes are in
/// `migrations/migrations.sha256`.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_log.sql"),
    include_str!("../migrations/0002_origin.sql"),
    include_str!("../migrations/0003_verdict.sql"),
    include_str!("../migrations/0004_derived.sql"),
    include_str!("../migrations/0005_share.sql"),
    include_str!("../migrations/0006_share_by_household.sql"),
];

/// Brings a file to this build's version.
pub(crate) fn run(conn: &mut Connection, path: &Path, key: &DatabaseKey) -> Result<()> {
    run_list(conn, path, key, MIGRATIONS)
}

fn run_list(conn: &mut Connection, path: &Path, key: &DatabaseKey, migrations: &[&str]) -> Result<()> {
    let found: i64 = conn.query_row("pragma user_version", [], |row| row.get(0))?;
    let known = migrations.len() as i64;
    if found > known {
        return Err(StoreError::DatabaseTooNew { found, known });
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        crate::backup::copy(conn, key, &backup_path(path, found))?;
    }
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for migration in migrations.iter().skip(found as usize) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

/// Where the copy made before a migration stands.
fn backup_path(path: &Path, version: i64) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".before-upgrade-from-{version}"));
    name.into()
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::{MIGRATIONS, backup_path, run_list};
    use crate::error::StoreError;
    use crate::key::DatabaseKey;
    use crate::open::{Mode, connect};

    #[test]
    fn released_migrations_never_change() {
        let listed = include_str!("../migrations/migrations.sha256");
        let actual: String = MIGRATIONS
            .iter()
            .zip([
                "0001_log.sql",
                "0002_origin.sql",
                "0003_verdict.sql",
                "0004_derived.sql",
                "0005_share.sql",
                "0006_share_by_household.sql",
            ])
            .map(|(sql, name)| {
                let hex = mingbai_ledger::to_hex(&Sha256::digest(sql));
                format!("{hex}  {name}\n")
            })
            .collect();
        assert_eq!(actual, listed);
    }

    #[test]
    fn an_existing_file_is_copied_before_it_is_upgraded_and_a_failed_upgrade_changes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("register.db");
        let key = DatabaseKey::from_bytes([7; 32]);
        let mut conn = connect(&path, &key, Mode::Create).unwrap();
        let first = &MIGRATIONS[..1];
        run_list(&mut conn, &path, &key, first).unwrap();
        assert!(!backup_path(&path, 1).exists());

        let broken = [MIGRATIONS[0], "create table extra (x); insert into nowhere values (1);"];
        assert!(run_list(&mut conn, &path, &key, &broken).is_err());
        let version: i64 = conn.query_row("pragma user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version, 1);
        assert!(!conn.table_exists(None, "extra").unwrap());

        std::fs::remove_file(backup_path(&path, 1)).unwrap();
        run_list(&mut conn, &path, &key, &[MIGRATIONS[0], "create table extra (x);"]).unwrap();
        assert!(conn.table_exists(None, "extra").unwrap());
        let copy = connect(&backup_path(&path, 1), &key, Mode::Read).unwrap();
        assert!(copy.table_exists(None, "entry").unwrap() && !copy.table_exists(None, "extra").unwrap());
        assert!(matches!(
            run_list(&mut conn, &path, &key, first),
            Err(StoreError::DatabaseTooNew { found: 2, known: 1 })
        ));
    }
}
