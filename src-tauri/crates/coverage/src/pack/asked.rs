//! Every key the reader asks for, by the shape of its table. Tests compare it with the published schema.

use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    static ASKED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

pub(super) fn note(shape: &str, key: &str) {
    let path = if shape.is_empty() { key.to_owned() } else { format!("{shape}.{key}") };
    ASKED.with_borrow_mut(|asked| asked.insert(path));
}

pub(super) fn take() -> BTreeSet<String> {
    ASKED.take()
}
