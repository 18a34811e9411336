//! The TypeScript side of the boundary, written from the same declarations: types, the command map, the catalogue.
//! `ui/src/api/gen/` is committed; a test renders it again and compares.

use std::collections::BTreeMap;
use std::fmt::Write;

use mingbai_domain::catalogue::{ALL, Privacy, Shape};
use mingbai_domain::code;
use mingbai_domain::value::Kind;
use ts_rs::{Config, TS, TypeVisitor};

use crate::command::COMMANDS;
use crate::error::AppError;

const HEADER: &str =
    "// Generated from the Rust declarations; `UPDATE_BINDINGS=1 cargo test -p mingbai-app` writes it anew.\n\n";

/// Collects every boundary type reachable from the commands.
pub(crate) struct Types {
    config: Config,
    declared: BTreeMap<String, String>,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() || self.declared.contains_key(&T::ident(&self.config)) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        self.declared.insert(T::ident(&self.config), format!("{docs}export {}\n", T::decl(&self.config)));
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

impl Types {
    /// Adds one type and all it is made of.
    pub(crate) fn add<T: TS + 'static>(&mut self) {
        self.visit::<T>();
        T::visit_dependencies(self);
    }
}

/// The generated files by name.
#[must_use]
pub fn files() -> BTreeMap<&'static str, String> {
    BTreeMap::from([("types.ts", types()), ("commands.ts", commands()), ("catalogue.ts", catalogue())])
}

fn types() -> String {
    let mut types = Types { config: Config::new().with_large_int("number"), declared: BTreeMap::new() };
    types.add::<AppError>();
    crate::command::visit_types(&mut types);
    let mut text = HEADER.to_owned();
    for declaration in types.declared.values() {
        text.push_str(declaration);
        text.push('\n');
    }
    text
}

fn commands() -> String {
    let mut names: Vec<&str> =
        COMMANDS.iter().flat_map(|c| [c.request, c.response]).filter(|n| *n != "Bytes").collect();
    names.sort_unstable();
    names.dedup();
    let mut text = format!("{HEADER}import type {{ {} }} from \"./types\";\n\n", names.join(", "));
    text.push_str("/** Commands that answer with JSON. */\nexport interface Commands {\n");
    for command in COMMANDS.iter().filter(|c| c.kind != "bytes") {
        let _ =
            writeln!(text, "  {}: {{ request: {}; response: {} }};", command.name, command.request, command.response);
    }
    text.push_str("}\n\n/** Commands that answer with a file. */\nexport interface ByteCommands {\n");
    for command in COMMANDS.iter().filter(|c| c.kind == "bytes") {
        let _ = writeln!(text, "  {}: {{ request: {} }};", command.name, command.request);
    }
    text.push_str("}\n\nexport type Tag = \"session\" | \"households\" | \"medical\" | \"money\" | \"cards\" | \"compare\" | \"exchange\" | \"system\";\n\n");
    text.push_str("/** For a query the tags it reads, for a mutation the tags it makes stale. */\n");
    text.push_str(
        "export const commands: Record<keyof Commands, { kind: \"query\" | \"mutation\"; tags: Tag[] }> = {\n",
    );
    for command in COMMANDS.iter().filter(|c| c.kind != "bytes") {
        let tags = serde_json::to_string(command.tags).unwrap_or_default();
        let _ = writeln!(text, "  {}: {{ kind: \"{}\", tags: {tags} }},", command.name, command.kind);
    }
    text.push_str("};\n");
    text
}

fn catalogue() -> String {
    let mut text = format!(
        "{HEADER}export type FieldKind = \"text\" | \"code\" | \"codes\" | \"int\" | \"money\" | \"date\" | \"bool\" | \"ref\";\n\n\
         export interface CatalogueField {{ column: string; label: string; kind: FieldKind; codes: string | null; masked: boolean }}\n\
         export interface CatalogueRecord {{ table: string; label: string; fact: boolean; fields: CatalogueField[] }}\n\n\
         export const catalogue: Record<string, CatalogueRecord> = {{\n"
    );
    for record in ALL {
        let fact = record.shape == Shape::Fact;
        let _ = writeln!(
            text,
            "  {}: {{ table: \"{}\", label: \"{}\", fact: {fact}, fields: [",
            record.table, record.table, record.label
        );
        for field in record.fields {
            let (kind, codes) = match field.kind {
                Kind::Text => ("text", None),
                Kind::Code(table) => ("code", Some(table)),
                Kind::Codes(table) => ("codes", Some(table)),
                Kind::Int => ("int", None),
                Kind::Money => ("money", None),
                Kind::Date => ("date", None),
                Kind::Bool => ("bool", None),
                Kind::Ref(_) => ("ref", None),
            };
            let codes = codes.map_or_else(|| "null".to_owned(), |table| format!("\"{table}\""));
            let masked = field.privacy == Privacy::Masked;
            let _ = writeln!(
                text,
                "    {{ column: \"{}\", label: \"{}\", kind: \"{kind}\", codes: {codes}, masked: {masked} }},",
                field.column, field.label
            );
        }
        text.push_str("  ] },\n");
    }
    text.push_str("};\n\nexport const codeTables: Record<string, { code: string; label: string }[]> = {\n");
    for name in code::names() {
        let rows: Vec<_> =
            code::table(name).iter().map(|c| format!("{{ code: \"{}\", label: \"{}\" }}", c.code, c.label)).collect();
        let _ = writeln!(text, "  {name}: [{}],", rows.join(", "));
    }
    text.push_str("};\n");
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::files;

    #[test]
    fn the_committed_bindings_are_fresh() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/api/gen");
        let update = std::env::var_os("UPDATE_BINDINGS").is_some();
        for (name, text) in files() {
            let path = folder.join(name);
            if update {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&path, &text).unwrap();
            }
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(committed == text, "{name} is stale: run `UPDATE_BINDINGS=1 cargo test -p mingbai-app bindings`");
        }
    }
}
