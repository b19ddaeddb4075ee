//! The name of a change by what it means, so that an approval survives a rebase and a rewording.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::fmt;

/// The version of the scheme; another one makes other fingerprints.
pub const SCHEME: &str = "om1";

/// A change's fingerprint: the hash of kind, address and canonical values before and after.
///
/// No prose, no line numbers, no commit: it stays while the meaning stays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a change.
    pub fn of(kind: &str, address: &str, before: Option<&Json>, after: Option<&Json>) -> Self {
        let mut hash = Sha256::new();
        let absent = String::new();
        let before = before.map_or(absent.clone(), Json::to_string);
        let after = after.map_or(absent, Json::to_string);
        for part in [SCHEME, kind, address, &before, &after] {
            // Lengths keep neighbouring parts apart, and are of one width on every machine.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let mut text = format!("{SCHEME}:");
        let digit = |four: u8| char::from_digit(u32::from(four), 16).unwrap_or_default();
        let bytes = hash.finalize();
        text.extend(bytes.iter().take(8).flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
        Self(text)
    }

    /// The fingerprint that a text writes, if it does: `om1:` and sixteen hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(SCHEME)?.strip_prefix(':')?;
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (digits.len() == 16 && digits.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// The text, `om1:` and sixteen hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
