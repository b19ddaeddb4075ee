//! Owners of files in the form in which forges read them.

use super::safe::shown;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Who owns a file, or a folder and everything below it (a path with `/` at its end).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedPath {
    /// The path below the root of the repository; empty for everything in it.
    pub path: String,
    /// Logins with `@` and e-mail addresses.
    pub owners: Vec<String>,
}

/// The file with a comment at its head, in the order given: the last line that fits a path wins.
///
/// Paths without owners are left out, since a line without any takes owners away. So are paths that
/// the form cannot express: they are given back.
pub fn codeowners(comment: &[String], rows: &[OwnedPath]) -> (String, Vec<String>) {
    let mut out = String::new();
    for line in comment {
        let _ = writeln!(out, "# {}", shown(line).replace('\n', " "));
    }
    let mut left_out = Vec::new();
    for row in rows.iter().filter(|row| !row.owners.is_empty()) {
        match pattern(&row.path) {
            Some(pattern) => {
                let _ = writeln!(out, "{pattern} {}", row.owners.join(" "));
            }
            None => left_out.push(row.path.clone()),
        }
    }
    (out, left_out)
}

/// The pattern that fits one path only; none where a line cannot hold it.
fn pattern(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("*".to_owned());
    }
    let mut out = String::from("/");
    for c in path.chars() {
        match c {
            c if c.is_control() => return None,
            ' ' | '*' | '?' | '[' | ']' | '\\' | '#' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    Some(out)
}

/// Owners in a stable order, each once however it is written: logins first, then addresses.
/// What no line can hold is left out.
pub fn owners(logins_and_addresses: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut all: BTreeMap<(bool, String), String> = BTreeMap::new();
    for owner in logins_and_addresses {
        if is_owner(&owner) {
            all.entry((!owner.starts_with('@'), owner.to_lowercase())).or_insert(owner);
        }
    }
    all.into_values().collect()
}

/// Whether a line can hold a login or an address.
pub fn is_owner(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '#';
    text.len() > 1 && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_its_path_only() {
        assert_eq!(pattern("model/a b*[1]#.toml").unwrap(), "/model/a\\ b\\*\\[1\\]\\#.toml");
        assert_eq!(pattern("model/").unwrap(), "/model/");
        assert_eq!(pattern("a\nb @evil"), None);
    }

    #[test]
    fn owners_are_named_once_in_a_stable_order() {
        let all = ["zoe@example.com", "@Bo", "@ada", "@bo", "@a b", "@x#y", "@"];
        assert_eq!(owners(all.map(str::to_owned)), ["@ada", "@Bo", "zoe@example.com"]);
    }

    #[test]
    fn a_path_without_owners_takes_none_away() {
        let row = |path: &str, owners: &[&str]| OwnedPath {
            path: path.to_owned(),
            owners: owners.iter().map(|owner| (*owner).to_owned()).collect(),
        };
        let rows = [row("model/", &["@ada"]), row("model/a.toml", &[]), row("a\n@b", &["@bo"])];
        let (text, left_out) = codeowners(&["one\ntwo".to_owned()], &rows);
        assert_eq!(text, "# one two\n/model/ @ada\n");
        assert_eq!(left_out, ["a\n@b"]);
    }
}
