//! Dependency edges: `domain ← {coverage, ledger, sheets, paper}; ledger ← {store, bundle} ← sync ← app ← {cli, shell, twin}`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{Metadata, MetadataCommand, Package};

use crate::tree::{none, root};

/// Who may depend on whom, for building and for tests alike.
const ALLOWED: [(&str, &[&str]); 18] = [
    ("mingbai-domain", &[]),
    ("mingbai-coverage", &["mingbai-domain"]),
    ("mingbai-ledger", &["mingbai-domain"]),
    ("mingbai-sheets", &["mingbai-domain"]),
    ("mingbai-paper", &["mingbai-domain"]),
    ("mingbai-store", &["mingbai-domain", "mingbai-ledger"]),
    ("mingbai-bundle", &["mingbai-domain", "mingbai-ledger"]),
    // The disk that fails is for its tests alone.
    ("mingbai-sync", &["mingbai-domain", "mingbai-ledger", "mingbai-store", "mingbai-bundle", "mingbai-disk"]),
    (
        "mingbai-app",
        &[
            "mingbai-domain",
            "mingbai-coverage",
            "mingbai-ledger",
            "mingbai-sheets",
            "mingbai-paper",
            "mingbai-store",
            "mingbai-bundle",
            "mingbai-sync",
        ],
    ),
    ("mingbai-cli", &["mingbai-app"]),
    ("mingbai-desktop", &["mingbai-app"]),
    (
        "mingbai-tests",
        &[
            "mingbai-app",
            "mingbai-domain",
            "mingbai-coverage",
            "mingbai-ledger",
            "mingbai-sheets",
            "mingbai-paper",
            "mingbai-store",
            "mingbai-bundle",
            "mingbai-sync",
        ],
    ),
    ("mingbai-sim", &["mingbai-domain", "mingbai-ledger", "mingbai-store", "mingbai-bundle", "mingbai-sync"]),
    ("mingbai-disk", &[]),
    ("mingbai-bench", &["mingbai-domain", "mingbai-ledger", "mingbai-store", "mingbai-bundle", "mingbai-sync"]),
    ("mingbai-bench-coverage", &["mingbai-domain", "mingbai-coverage"]),
    ("mingbai-bench-register", &["mingbai-app", "mingbai-sheets", "mingbai-store"]),
    ("xtask", &[]),
];

/// Outside crates that only some members may name, because what they do has one home.
const RESERVED: [(&str, &[&str]); 17] = [
    ("tauri", &["mingbai-desktop"]),
    ("tauri-build", &["mingbai-desktop"]),
    ("tauri-plugin-dialog", &["mingbai-desktop"]),
    ("rusqlite", &["mingbai-store", "mingbai-disk"]),
    ("argon2", &["mingbai-store"]),
    ("age", &["mingbai-bundle"]),
    ("ed25519-dalek", &["mingbai-bundle"]),
    ("sm2", &["mingbai-bundle"]),
    ("sm3", &["mingbai-bundle"]),
    ("sm4", &["mingbai-bundle"]),
    // The bench reads a workbook with nothing but its reader, to measure our own reading beside it.
    ("calamine", &["mingbai-sheets", "mingbai-bench-register"]),
    // The bench writes a spreadsheet of formulas, which no sheet of ours has.
    ("rust_xlsxwriter", &["mingbai-sheets", "mingbai-bench-coverage"]),
    ("typst", &["mingbai-paper"]),
    ("typst-pdf", &["mingbai-paper"]),
    ("typst-svg", &["mingbai-paper"]),
    ("clap", &["mingbai-cli"]),
    ("axum", &["mingbai-tests"]),
];

fn workspace() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .expect("cargo metadata")
}

fn dependencies(package: &Package) -> BTreeSet<String> {
    package.dependencies.iter().map(|dependency| dependency.name.clone()).collect()
}

#[test]
fn dependencies_point_one_way() {
    let workspace = workspace();
    let members: BTreeMap<String, &Package> =
        workspace.packages.iter().map(|package| (package.name.to_string(), package)).collect();
    let known: BTreeSet<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    let mut faults: Vec<String> = members
        .keys()
        .filter(|name| !known.contains(name.as_str()))
        .map(|name| format!("{name} is a member without a place in the plan"))
        .collect();
    for (name, allowed) in ALLOWED {
        let Some(package) = members.get(name) else {
            faults.push(format!("{name} is planned and missing"));
            continue;
        };
        let own = dependencies(package);
        let inner = own.iter().filter(|dependency| members.contains_key(*dependency));
        faults.extend(
            inner
                .filter(|dependency| !allowed.contains(&dependency.as_str()))
                .map(|dependency| format!("{name} may not know {dependency}")),
        );
    }
    none("Dependencies point one way", &faults);
}

#[test]
fn what_has_one_home_is_named_only_there() {
    let mut faults = Vec::new();
    for package in &workspace().packages {
        let own = dependencies(package);
        for (outside, homes) in RESERVED {
            if own.contains(outside) && !homes.contains(&package.name.as_str()) {
                faults.push(format!("{} names {outside}, whose home is {}", package.name, homes.join(", ")));
            }
        }
        let tauri = own.iter().filter(|name| name.starts_with("tauri") && package.name.as_str() != "mingbai-desktop");
        faults.extend(tauri.map(|name| format!("{} names {name}", package.name)));
    }
    faults.sort();
    faults.dedup();
    none("Each outside crate with one home is named only there", &faults);
}

#[test]
fn plain_cargo_test_never_compiles_the_window() {
    let workspace = workspace();
    let default: Vec<String> =
        workspace.workspace_default_packages().iter().map(|package| package.name.to_string()).collect();
    assert!(default.contains(&"mingbai-app".to_owned()), "default members: {default:?}");
    assert!(!default.contains(&"mingbai-desktop".to_owned()), "default members: {default:?}");
}

/// Every crate with the features it is built with, when these kinds of dependency count.
fn features(kinds: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--workspace", "--prefix", "none", "--format", "{p} {f}", "--edges", kinds])
        .current_dir(root())
        .output()
        .expect("cargo tree");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
}

#[test]
fn the_programs_and_their_tests_share_one_build() {
    // `tauri` differs by its own test feature, which is worth one crate and must not be shipped.
    let with_tests = features("normal,build,dev");
    let faults: Vec<String> = features("normal,build")
        .into_iter()
        .filter(|line| !with_tests.contains(line) && !line.starts_with("tauri "))
        .map(|line| format!("{line}: a dev-dependency asks for more; name that one under [dependencies] of tests/"))
        .collect();
    none("Every crate has the same features with and without the tests", &faults);
}

#[test]
fn no_dependency_comes_from_outside_the_registry() {
    let mut faults = Vec::new();
    for package in &workspace().packages {
        for dependency in &package.dependencies {
            let git = dependency.source.as_ref().is_some_and(|source| source.repr.starts_with("git"));
            if git {
                faults.push(format!("{} takes {} from a repository", package.name, dependency.name));
            }
        }
    }
    none("Dependencies come from the registry or the workspace", &faults);
}
