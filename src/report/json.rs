//! JSON, the contract for other programs.

use schemars::JsonSchema;
use serde::Serialize;

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
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
