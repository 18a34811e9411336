//! Passwords, the recovery code and the lock-out.

use std::cell::Cell;

use mingbai_store::{Cost, DatabaseKey, KeyFile, Vault, VaultError};

const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

fn random() -> impl Fn(&mut [u8]) {
    let counter = Cell::new(0_u8);
    move |bytes: &mut [u8]| {
        for byte in bytes {
            counter.set(counter.get().wrapping_mul(5).wrapping_add(17));
            *byte = counter.get();
        }
    }
}

#[test]
fn every_operator_and_the_printed_code_open_the_same_key() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys.json");
    let (key, random) = (DatabaseKey::from_bytes([3; 32]), random());
    let (mut vault, code) = Vault::create(&path, &key, ("wang", "密码密码密码密码"), CHEAP, &random).unwrap();
    vault.add_operator(&key, "li", "another-password", &random).unwrap();
    assert!(matches!(vault.add_operator(&key, "li", "another-password", &random), Err(VaultError::LoginTaken)));
    assert!(matches!(vault.add_operator(&key, "zhao", "short", &random), Err(VaultError::PasswordTooShort)));
    let mut again = Vault::open(&path).unwrap();
    assert_eq!(again.logins().collect::<Vec<_>>(), ["li", "wang"]);
    assert_eq!(again.unlock("wang", "密码密码密码密码", 0).unwrap(), key);
    assert_eq!(again.unlock("li", "another-password", 0).unwrap(), key);
    let spoken = code.as_str().to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
    assert_eq!(again.unlock_with_recovery(&spoken, 0).unwrap(), key);
    assert_eq!(code.as_str().len(), 39);
    let file = std::fs::read_to_string(&path).unwrap();
    let hex: String = key.as_bytes().iter().map(|b| format!("{b:02x}")).collect();
    assert!(!file.contains(&hex) && !file.contains("another-password"));
}

#[test]
fn a_changed_password_and_a_renewed_code_shut_the_old_ones_out() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys.json");
    let (key, random) = (DatabaseKey::from_bytes([3; 32]), random());
    let (mut vault, old_code) = Vault::create(&path, &key, ("wang", "first-password"), CHEAP, &random).unwrap();
    vault.change_password("wang", ("first-password", "second-password"), 0, &random).unwrap();
    assert!(matches!(vault.unlock("wang", "first-password", 0), Err(VaultError::WrongPassword)));
    assert_eq!(vault.unlock("wang", "second-password", 0).unwrap(), key);
    let new_code = vault.renew_recovery(&key, &random).unwrap();
    assert!(matches!(vault.unlock_with_recovery(old_code.as_str(), 0), Err(VaultError::WrongRecoveryCode)));
    assert_eq!(vault.unlock_with_recovery(new_code.as_str(), 0).unwrap(), key);
    assert!(matches!(vault.remove_operator("wang"), Err(VaultError::LastOperator)));
    vault.add_operator(&key, "li", "another-password", &random).unwrap();
    vault.remove_operator("wang").unwrap();
    assert!(matches!(vault.unlock("wang", "second-password", 0), Err(VaultError::WrongPassword)));
}

#[test]
fn guessing_is_slowed_down_even_across_restarts_and_a_clock_set_back_does_not_help() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys.json");
    let (key, random) = (DatabaseKey::from_bytes([3; 32]), random());
    let now = 1_790_000_000_000;
    Vault::create(&path, &key, ("wang", "first-password"), CHEAP, &random).unwrap();
    for _ in 0..5 {
        let mut vault = Vault::open(&path).unwrap();
        assert!(matches!(vault.unlock("wang", "wrong-password", now), Err(VaultError::WrongPassword)));
    }
    let mut vault = Vault::open(&path).unwrap();
    let locked = |vault: &mut Vault, now| match vault.unlock("wang", "first-password", now) {
        Err(VaultError::LockedOut { seconds }) => seconds,
        other => panic!("{other:?}"),
    };
    assert_eq!(locked(&mut vault, now), 15);
    assert_eq!(locked(&mut vault, now + 5_000), 10);
    assert_eq!(locked(&mut vault, now - 86_400_000), 15);
    assert_eq!(vault.unlock("wang", "first-password", now + 15_000).unwrap(), key);
    assert!(matches!(vault.unlock("wang", "wrong-password", now + 15_000), Err(VaultError::WrongPassword)));
    assert_eq!(vault.unlock("wang", "first-password", now + 15_000).unwrap(), key, "success forgets old failures");
}

#[test]
fn a_wrapped_key_moved_to_another_login_does_not_open() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys.json");
    let (key, random) = (DatabaseKey::from_bytes([3; 32]), random());
    Vault::create(&path, &key, ("wang", "first-password"), CHEAP, &random).unwrap();
    let file = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, file.replace("\"wang\"", "\"head\"")).unwrap();
    assert!(matches!(Vault::open(&path).unwrap().unlock("head", "first-password", 0), Err(VaultError::WrongPassword)));
    std::fs::write(&path, "{}").unwrap();
    assert!(matches!(Vault::open(&path), Err(VaultError::Unreadable)));
    assert!(matches!(Vault::open(&directory.path().join("none")), Err(VaultError::Missing)));
}

#[test]
fn a_key_on_a_stick_opens_with_its_password_only_and_not_once_its_label_was_changed() {
    let random = random();
    let about = |name: &str| {
        let pairs = [("holder", name), ("county", "0909")];
        pairs.into_iter().map(|(heading, said)| (heading.to_owned(), said.to_owned())).collect()
    };
    let sealed = KeyFile::seal(&[7; 32], about("主任"), "zhuren-mima", CHEAP, &random).unwrap();
    assert!(matches!(
        KeyFile::seal(&[7; 32], about("主任"), "short", CHEAP, &random),
        Err(VaultError::PasswordTooShort)
    ));
    let bytes = sealed.bytes().unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(!text.contains(&"07".repeat(32)) && !text.contains("zhuren-mima"));
    let read = KeyFile::read(&bytes).unwrap();
    assert_eq!((read.about("holder"), read.about("none")), (Some("主任"), None));
    assert_eq!(*read.open("zhuren-mima").unwrap(), [7; 32]);
    assert!(matches!(read.open("zhuren-mimi"), Err(VaultError::WrongPassword)));
    let renamed = KeyFile::read(text.replace("主任", "别人").as_bytes()).unwrap();
    assert!(matches!(renamed.open("zhuren-mima"), Err(VaultError::WrongPassword)));
    let greedy = KeyFile::read(text.replace("\"memory_kib\": 64", "\"memory_kib\": 4000000000").as_bytes()).unwrap();
    assert!(matches!(greedy.open("zhuren-mima"), Err(VaultError::WrongPassword)));
    assert!(matches!(KeyFile::read(b"{}"), Err(VaultError::Unreadable)));
}
