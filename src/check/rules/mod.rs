//! The register of rules: a file of code and a page each.

mod reading;
mod stage_without_exit;
mod unknown_reference;
pub(super) mod unused_policy;

use super::Rule;

/// All rules, by id.
pub static RULES: &[&Rule] = &[
    &reading::NOTHING_READ,
    &reading::SYNTAX,
    &reading::UNREADABLE_FILE,
    &reading::CONFLICT_MARKERS,
    &reading::NEWER_FORMAT,
    &reading::DUPLICATE_ID,
    &reading::UNKNOWN_KIND,
    &reading::MALFORMED_ID,
    &reading::UNKNOWN_PROPERTY,
    &reading::MISSING_PROPERTY,
    &reading::WRONG_VALUE,
    &reading::CRITERION_SYNTAX,
    &reading::UNKNOWN_FIELD,
    &reading::UNKNOWN_VALUE,
    &reading::WRONG_KIND,
    &reading::TYPE_MISMATCH,
    &reading::NEVER_HOLDS,
    &reading::ALWAYS_HOLDS,
    &stage_without_exit::RULE,
    &unknown_reference::RULE,
    &unused_policy::RULE,
];
