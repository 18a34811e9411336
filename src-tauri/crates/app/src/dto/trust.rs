//! 密钥与电脑: who may change the county's root, which PCs it certified, and what is done when either is lost.

use super::{dto, words};

dto! {
    /// Keys and PCs, as far as this office may see them.
    TrustView {
        county: bool, county_name: String, county_words: Option<String>, root_version: i64,
        /// This PC's own certificate.
        own: Option<PcRow>,
        /// Whether this PC waits for the county to certify its new keys.
        renewing: bool,
        /// Whether the root's key lies in this very database: nobody else holds it.
        root_here: bool,
        /// How many holders must sign.
        threshold: i64, holders: Vec<HolderRow>,
        /// Who is to hold the root next, as far as their files are made.
        list: Vec<HolderRow>,
        pending: Option<RootPending>, pcs: Vec<PcRow>,
    }
}
dto! {
    /// A holder of the root. `key` is the short name of the key.
    HolderRow { name: String, key: String, signed: bool }
}
words! {
    /// What a change of the root is for.
    RootChange {
        /// Others hold it.
        Holders,
        /// The county gets another operations key.
        Operations,
    }
}
dto! {
    /// A change of the root that waits for signatures.
    RootPending { change: RootChange, version: i64, old: Vec<HolderRow>, old_needed: i64, new: Vec<HolderRow>, new_needed: i64 }
}
dto! {
    /// How far a change of the root has come.
    RootProgress { version: i64, old: i64, old_needed: i64, new: i64, new_needed: i64, in_force: bool }
}
dto! {
    /// A certified PC. `missing`: entries it had written by its last bundle that the county does not have.
    PcRow {
        serial: i64, unit: String, device: String, area: String, county: bool, own: bool, retired: Option<String>,
        last_contact: Option<String>, confirmed: i64, missing: i64,
    }
}
dto! {
    /// Makes one holder's file, under a password the holder types.
    HolderMakeRequest { name: String, password: String, folder: String }
}
dto! {
    /// Draws a change of the root up. `threshold` counts for a change of holders.
    RootProposeRequest { change: RootChange, threshold: i64 }
}
dto! {
    /// A holder signs with the file on his stick.
    RootSignRequest { path: String, password: String }
}
dto! {
    /// A holder signs a change that was passed on as a file, on any PC.
    RootCountersignRequest { path: String, holder: String, password: String, folder: String }
}
dto! {
    /// A change that was passed on as a file, read without keys.
    RootInspection { county_name: String, version: i64, threshold: i64, holders: Vec<HolderRow> }
}
dto! { FolderRequest { folder: String } }
dto! { FileMade { path: String } }
dto! {
    /// `stolen`: 被盗 or 丢失, confirmed by typing the PC's name; otherwise 停用 or 报废.
    DeviceRetireRequest { serial: i64, stolen: bool, reason: String, typed: String }
}
dto! { RecoveryCodeView { recovery_code: String } }
dto! { RecoveryInspectRequest { files: Vec<String> } }
dto! {
    /// What townships' trust files know of a county that has lost everything.
    RecoveryView { county_name: String, area: String, words: String, root_version: i64, threshold: i64, holders: Vec<HolderRow>, units: Vec<String>, silent: Vec<String> }
}
dto! { HolderKey { path: String, password: String } }
dto! {
    /// A county starts again on a new PC.
    OfficeRecoverRequest {
        files: Vec<String>, holders: Vec<HolderKey>,
        unit_name: String, operator_name: String, login: String, password: String,
    }
}
