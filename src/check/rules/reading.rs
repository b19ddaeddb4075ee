//! Rules whose findings come from reading the files: encoding, syntax, schemas, criteria.

use super::stated_values;
use crate::check::{Context, Rule};
use crate::document::Node;
use crate::finding::Finding;
use crate::finding::Severity::{self, Error, Warning};
use crate::model::{Entity, FORMAT};

const fn given(id: &'static str, severity: Severity, page: &'static str) -> Rule {
    Rule { id, severity, page, run: None }
}

pub(super) static NOTHING_READ: Rule =
    given("nothing-read", Error, include_str!("nothing_read.md"));
pub(super) static SYNTAX: Rule = given("syntax", Error, include_str!("syntax.md"));
pub(super) static UNREADABLE_FILE: Rule =
    given("unreadable-file", Error, include_str!("unreadable_file.md"));
pub(super) static CONFLICT_MARKERS: Rule =
    given("conflict-markers", Error, include_str!("conflict_markers.md"));
pub(super) static NEWER_FORMAT: Rule =
    given("newer-format", Error, include_str!("newer_format.md"));
pub(super) static DUPLICATE_ID: Rule =
    given("duplicate-id", Error, include_str!("duplicate_id.md"));
pub(super) static UNKNOWN_KIND: Rule =
    given("unknown-kind", Error, include_str!("unknown_kind.md"));
pub(super) static UNKNOWN_PROPERTY: Rule =
    given("unknown-property", Error, include_str!("unknown_property.md"));
pub(super) static MISSING_PROPERTY: Rule =
    given("missing-property", Error, include_str!("missing_property.md"));
pub(super) static WRONG_VALUE: Rule = Rule {
    id: "wrong-value",
    severity: Error,
    page: include_str!("wrong_value.md"),
    // No schema says from where on the versions of the format count.
    run: Some(no_format),
};
pub(super) static CRITERION_SYNTAX: Rule =
    given("criterion-syntax", Error, include_str!("criterion_syntax.md"));
pub(super) static UNKNOWN_VALUE: Rule = Rule {
    id: "unknown-value",
    severity: Error,
    page: include_str!("unknown_value.md"),
    // Those that criteria name come from typing the criteria.
    run: Some(stated_values::run),
};
pub(super) static WRONG_KIND: Rule = given("wrong-kind", Error, include_str!("wrong_kind.md"));
pub(super) static TYPE_MISMATCH: Rule =
    given("type-mismatch", Error, include_str!("type_mismatch.md"));
pub(super) static NEVER_HOLDS: Rule = given("never-holds", Error, include_str!("never_holds.md"));
pub(super) static ALWAYS_HOLDS: Rule =
    given("always-holds", Warning, include_str!("always_holds.md"));

/// A version of the format that there never was.
fn no_format(context: &Context<'_>) -> Vec<Finding> {
    let root = context.model.get("model");
    let format = root.and_then(|root| Some((root, root.table.get("format")?)));
    let zero = format.filter(|(_, format)| format.as_integer() == Some(0));
    let finding = |(root, format): (&Entity, &Node)| {
        Finding::new(WRONG_VALUE.id, "`format` cannot be `0`")
            .at(root.place(format.span))
            .about(format!("{}.format", root.address))
            .help(format!("write `format = {FORMAT}`, the version this tool reads"))
    };
    zero.map(finding).into_iter().collect()
}
