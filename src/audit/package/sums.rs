//! The sums of a package's files, as `sha256sum --check` reads them.

use super::chain::sha256;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One sum of the list for each file.
pub(super) fn sums(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut text = String::new();
    for (path, bytes) in files {
        let _ = writeln!(text, "{}  {path}", sha256(bytes));
    }
    text
}

/// The files and sums of a list; the number of the first line that is neither.
pub(crate) fn listed(text: &str) -> Result<BTreeMap<String, String>, usize> {
    let mut found = BTreeMap::new();
    for (at, line) in text.lines().enumerate() {
        let entry = line.split_once("  ").filter(|(sum, path)| {
            let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            sum.len() == 64 && sum.bytes().all(is_digit) && is_plain(path)
        });
        let Some((sum, path)) = entry else { return Err(at + 1) };
        if found.insert(path.to_owned(), sum.to_owned()).is_some() {
            return Err(at + 1);
        }
    }
    Ok(found)
}

/// Whether a path stays below the folder it is relative to, and could be one of [`file_name`].
fn is_plain(path: &str) -> bool {
    path.split('/').all(|part| {
        let is_known = |c: char| is_plain_char(c) || matches!(c, '.' | '%');
        part.chars().any(|c| c != '.') && part.chars().all(is_known)
    })
}

/// Whether a character is nothing special to a shell, a list of sums or a disk.
fn is_plain_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | ' ')
}

/// A path as the files of a package are called: what a shell, a list of sums or a disk could take
/// for something else is written as `%` and its code.
pub(crate) fn file_name(path: &str) -> String {
    let parts: Vec<String> = path.split('/').map(part_name).collect();
    parts.join("/")
}

fn part_name(part: &str) -> String {
    let mut name = String::with_capacity(part.len());
    let only_dots = part.chars().all(|c| c == '.');
    for c in part.chars() {
        if is_plain_char(c) || (c == '.' && !only_dots) {
            name.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(name, "%{byte:02X}");
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_leads_out_of_the_folder_is_no_file_of_it() {
        let sum = "0".repeat(64);
        for path in ["../x", "/etc/passwd", "a/../b", "a//b", "", "a\\b", "."] {
            assert_eq!(listed(&format!("{sum}  {path}\n")), Err(1), "{path}");
        }
        assert!(listed(&format!("{sum}  model-at-end/deep/a.toml\n")).is_ok());
        assert_eq!(listed(&format!("{sum}  a\n{sum}  a\n")), Err(2));
        assert_eq!(listed(&format!("{sum} *a\n")), Err(1));
    }

    #[test]
    fn names_are_plain() {
        assert_eq!(file_name("model/a b-c_d.toml"), "model/a b-c_d.toml");
        assert_eq!(file_name("../a\n\"b%"), "%2E%2E/a%0A%22b%25");
        assert_eq!(file_name("ü.toml"), "ü.toml");
    }

    proptest! {
        #[test]
        fn a_list_is_read_as_it_was_written(paths in prop::collection::btree_set("[a-z./%\n ]{1,9}", 0..6)) {
            let files: BTreeMap<String, Vec<u8>> = paths
                .iter()
                .map(|path| (file_name(path), path.clone().into_bytes()))
                .filter(|(path, _)| path.split('/').all(|part| !part.is_empty()))
                .collect();
            let read = listed(&sums(&files)).unwrap();
            prop_assert_eq!(read.len(), files.len());
            prop_assert!(read.iter().all(|(path, sum)| sha256(&files[path]) == *sum));
        }
    }
}
