//! The name of a change by what it means, so that an approval survives a rebase and another form.

use faster_hex::hex_string;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::fmt;

/// The version of the scheme; another one makes other fingerprints.
pub const SCHEME: &str = "om1";

/// How many hexadecimal digits a fingerprint has.
const DIGITS: usize = 16;

/// A change's fingerprint: the hash of kind, address and canonical values before and after.
///
/// No prose, no line numbers, no commit: it stays while what is written has the same canonical form.
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
        let mut text = hex_string(&hash.finalize());
        text.truncate(DIGITS);
        Self([SCHEME, ":", &text].concat())
    }

    /// The fingerprint that a text writes, if it does: `om1:` and sixteen hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(SCHEME)?.strip_prefix(':')?;
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (digits.len() == DIGITS && digits.bytes().all(is_digit)).then(|| Self(text.to_owned()))
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
