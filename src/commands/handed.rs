//! Files that somebody hands to a command beside the model, or standard input for `-`: read as a whole, as
//! far as such a file is ever long.

use super::Session;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of a record, or of what an author announces.
pub(super) const SMALL: u64 = 16 << 20;

/// The most bytes of what a program wrote.
pub(super) const LARGE: u64 = 1 << 30;

/// The bytes of a file, or of standard input.
///
/// # Errors
/// What keeps it from being read; one with more bytes than may be is none that was meant.
pub(super) fn handed(session: &Session<'_>, name: &Path, most: u64) -> io::Result<Vec<u8>> {
    if name == Path::new("-") {
        return whole(io::stdin().lock(), most);
    }
    whole(File::open(session.directory().join(name))?, most)
}

/// The same as text.
///
/// # Errors
/// The same, and that it is no UTF-8.
pub(super) fn handed_text(session: &Session<'_>, name: &Path, most: u64) -> io::Result<String> {
    let no_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text");
    String::from_utf8(handed(session, name, most)?).map_err(no_text)
}

fn whole(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let why = format!("it is larger than {} MB, as no such file is", most >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_may_be() {
        assert_eq!(whole(&b"abc"[..], 3).unwrap(), b"abc");
        let error = whole(io::repeat(b'a'), 2 << 20).unwrap_err();
        assert_eq!(error.to_string(), "it is larger than 2 MB, as no such file is");
    }
}
