//! JSON, the contract for other programs.

use super::safe::is_unsafe;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{self, Write};

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
    let mut text = Vec::new();
    // Nothing fails that is written into memory.
    let _ = write_json(value, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// Writes the same, without having all of it at once.
///
/// # Errors
/// What is written to fails.
pub fn write_json<T: Serialize>(value: &T, into: impl Write) -> io::Result<()> {
    let mut into = Harmless(into);
    serde_json::to_writer_pretty(&mut into, value)?;
    into.0.write_all(b"\n")
}

/// Writes JSON with what could act on a terminal as escapes. It is handed whole characters.
struct Harmless<W: Write>(W);

impl<W: Write> Write for Harmless<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
        match std::str::from_utf8(piece) {
            Ok(text) if !piece.iter().all(is_plain) => {
                self.0.write_all(harmless(text).as_bytes())?;
            }
            _ => self.0.write_all(piece)?,
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
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
