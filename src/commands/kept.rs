//! What tells one build of the tool from another, for results that are kept as they were shown.

use std::fs;
use std::time::UNIX_EPOCH;

/// The version, and where that can be seen, size and date of the program: what another build shows may
/// be something else.
pub(super) fn build() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let program = std::env::current_exe().and_then(fs::metadata);
    let stamp = program.ok().and_then(|about| {
        let date = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some((about.len(), date.as_nanos()))
    });
    format!("{version} {stamp:?}")
}
