//! Lines of JSON of which each carries the hash of the one before, so that none can be changed,
//! left out or put in without all that follow becoming others.
//!
//! INVARIANT: the hash of a line is the SHA-256 of its own text without `,"hash":"…"` and without
//! the newline; whoever has `sed` and `sha256sum` can follow the chain.

use crate::report::{json_line, write_json};
use faster_hex::hex_string;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, BufWriter};

/// What stands before a line's own hash.
const MARK: &str = ",\"hash\":\"";
/// What stands behind it.
const END: &str = "\"}";

/// The SHA-256 of some bytes, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex_string(&Sha256::digest(bytes))
}

/// The SHA-256 of a value as the JSON that is printed of it.
pub fn sha256_of_json<T: Serialize>(value: &T) -> String {
    let mut summed = BufWriter::with_capacity(PIECE, Summed(Sha256::new()));
    // Nothing fails that is only summed.
    let _ = write_json(value, &mut summed);
    summed.into_inner().map(|summed| hex_string(&summed.0.finalize())).unwrap_or_default()
}

/// So many bytes are summed together.
const PIECE: usize = 1 << 16;

/// Takes bytes, and keeps only their sum.
struct Summed(Sha256);

impl io::Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A line's place in the chain, in front of what it says.
#[derive(Serialize)]
struct Link<'a, T: Serialize> {
    number: usize,
    previous_hash: &'a str,
    #[serde(flatten)]
    says: &'a T,
}

/// Values as a chain of lines that begins at a hash; the hash of the last line with it.
pub(super) fn chained<'a, T: Serialize + 'a>(
    values: impl IntoIterator<Item = &'a T>,
    start: &str,
) -> (String, String) {
    let mut text = String::new();
    let mut previous = start.to_owned();
    for (at, says) in values.into_iter().enumerate() {
        let line = json_line(&Link { number: at + 1, previous_hash: &previous, says });
        let line = line.trim_end();
        let hash = sha256(line.as_bytes());
        let open = line.strip_suffix('}').unwrap_or(line);
        let _ = writeln!(text, "{open}{MARK}{hash}{END}");
        previous = hash;
    }
    (text, previous)
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Break {
    /// The line, from 1.
    pub(crate) line: usize,
    /// What is wrong with it.
    pub(crate) fault: Fault,
}

/// How a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The line has no hash, or nothing it follows.
    NoLink,
    /// The line is not what its own hash was made of.
    Hash,
    /// The line does not follow the one before.
    Previous,
}

/// The first place where a chain that begins at a hash is broken.
pub(crate) fn broken(text: &str, start: &str) -> Option<Break> {
    let mut previous = start.to_owned();
    for (at, line) in text.lines().enumerate() {
        let fault = |fault| Some(Break { line: at + 1, fault });
        let Some((says, hash)) = line.strip_suffix(END).and_then(|line| line.rsplit_once(MARK))
        else {
            return fault(Fault::NoLink);
        };
        if sha256(format!("{says}}}").as_bytes()) != hash {
            return fault(Fault::Hash);
        }
        let follows = serde_json::from_str::<serde_json::Value>(line).ok();
        let follows =
            follows.and_then(|value| Some(value.get("previous_hash")?.as_str()?.to_owned()));
        match follows {
            None => return fault(Fault::NoLink),
            Some(follows) if follows != previous => return fault(Fault::Previous),
            Some(_) => hash.clone_into(&mut previous),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn chain(count: usize) -> (String, String) {
        let values: Vec<Value> = (0..count).map(|at| json!({ "says": format!("w{at}") })).collect();
        chained(&values, &sha256(b"header"))
    }

    #[test]
    fn the_empty_hash_is_the_one_everybody_knows() {
        let known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b""), known);
    }

    #[test]
    fn a_chain_holds_and_begins_and_ends_where_it_says() {
        let (text, last) = chain(3);
        let start = sha256(b"header");
        assert_eq!(broken(&text, &start), None);
        assert!(text.lines().next().unwrap().contains(&format!("\"previous_hash\":\"{start}\"")));
        assert!(text.ends_with(&format!("\"hash\":\"{last}\"}}\n")));
        assert_eq!(chain(0), (String::new(), start.clone()));
        let other = broken(&text, &sha256(b"another header")).unwrap();
        assert_eq!((other.line, other.fault), (1, Fault::Previous));
    }

    #[test]
    fn a_line_with_a_hash_of_its_own_breaks_the_next_one() {
        let (text, _) = chain(3);
        let start = sha256(b"header");
        let lines: Vec<&str> = text.lines().collect();
        let (second, _) = lines[1].rsplit_once(MARK).unwrap();
        let forged = format!("{}}}", second.replace("w1", "x1"));
        let hash = sha256(forged.as_bytes());
        let forged = format!("{}{MARK}{hash}{END}", forged.strip_suffix('}').unwrap());
        let text = [lines[0], &forged, lines[2]].join("\n");
        let found = broken(&text, &start).unwrap();
        assert_eq!((found.line, found.fault), (3, Fault::Previous));
    }

    #[test]
    fn what_is_no_link_is_said() {
        for text in ["garbage", "{}", "{\"a\":1,\"hash\":\"x\"}", "\n", "[]"] {
            assert!(broken(text, "x").is_some(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_byte_can_change(count in 1_usize..6, at in any::<prop::sample::Index>(), to in 32_u8..127) {
            let (text, _) = chain(count);
            let start = sha256(b"header");
            let mut bytes = text.clone().into_bytes();
            let at = at.index(bytes.len() - 1);
            prop_assume!(bytes[at] != to && bytes[at] != b'\n');
            bytes[at] = to;
            let forged = String::from_utf8(bytes).unwrap();
            prop_assert!(broken(&forged, &start).is_some());
        }

        #[test]
        fn no_line_can_go_but_the_last(count in 2_usize..8, gone in any::<prop::sample::Index>()) {
            let (text, _) = chain(count);
            let gone = gone.index(count - 1);
            let kept = text.lines().enumerate().filter(|(at, _)| *at != gone);
            let kept: Vec<&str> = kept.map(|(_, line)| line).collect();
            let found = broken(&kept.join("\n"), &sha256(b"header")).unwrap();
            prop_assert_eq!((found.line, found.fault), (gone + 1, Fault::Previous));
        }
    }
}
