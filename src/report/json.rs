//! JSON, the contract for other programs.

use super::safe::is_unsafe;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;

/// The tool that wrote an output.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Tool {
    /// This tool.
    pub const THIS: Self = Self { name: "opmodel", version: env!("CARGO_PKG_VERSION") };
}

/// A value as indented JSON with a newline at the end.
pub fn json<T: Serialize>(value: &T) -> String {
    let mut text = harmless(&serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}

/// A value as JSON in one line, with a newline at the end.
pub fn json_line<T: Serialize>(value: &T) -> String {
    let mut text = harmless(&serde_json::to_string(value).unwrap_or_default());
    text.push('\n');
    text
}

/// The same JSON with what could act on a terminal written as escapes; it stands only in strings.
fn harmless(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_unsafe(c) {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}
