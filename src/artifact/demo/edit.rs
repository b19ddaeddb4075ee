//! What a commit does to files, and doing it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The files of a commit, by path.
pub type Files = BTreeMap<String, String>;

/// One thing done to the files.
#[derive(Debug, Clone, Copy)]
pub enum Edit {
    /// Puts a text in the place of another that stands in a file exactly once.
    Replace {
        /// The file.
        path: &'static str,
        /// The text that is there.
        find: &'static str,
        /// The text that will be.
        replace: &'static str,
    },
    /// Puts a text in the place of another wherever it stands, at least once.
    ReplaceAll {
        /// How the paths of the files begin.
        under: &'static str,
        /// The text that is there.
        find: &'static str,
        /// The text that will be.
        replace: &'static str,
    },
    /// Writes a file that was not there.
    Write {
        /// The file.
        path: &'static str,
        /// Its text.
        text: &'static str,
    },
    /// Adds text at the end of a file.
    Append {
        /// The file.
        path: &'static str,
        /// The text to add.
        text: &'static str,
    },
    /// Takes a table out of a file: from its head to the next one or a comment between both.
    Drop {
        /// The file.
        path: &'static str,
        /// How the table begins: its head, and more where that is not the only one.
        table: &'static str,
    },
    /// Moves the end of a file into a new one.
    Split {
        /// The file.
        path: &'static str,
        /// How the part that moves begins.
        from: &'static str,
        /// The new file.
        to: &'static str,
        /// What the new file begins with.
        head: &'static str,
    },
    /// Gives a file another path.
    Rename {
        /// The file.
        path: &'static str,
        /// Its new path.
        to: &'static str,
    },
    /// Sorts the keys of each table and puts the equal signs below each other.
    Reformat {
        /// The file.
        path: &'static str,
    },
}

pub(super) const fn replace(path: &'static str, find: &'static str, replace: &'static str) -> Edit {
    Edit::Replace { path, find, replace }
}

pub(super) const fn replace_all(
    under: &'static str,
    find: &'static str,
    replace: &'static str,
) -> Edit {
    Edit::ReplaceAll { under, find, replace }
}

pub(super) const fn append(path: &'static str, text: &'static str) -> Edit {
    Edit::Append { path, text }
}

pub(super) const fn drop_table(path: &'static str, table: &'static str) -> Edit {
    Edit::Drop { path, table }
}

/// Does edits to files, one after the other.
///
/// # Errors
/// The reason, where an edit does not fit what is there.
pub fn apply(edits: &[Edit], files: &mut Files) -> Result<(), String> {
    edits.iter().try_for_each(|edit| one(edit, files))
}

fn one(edit: &Edit, files: &mut Files) -> Result<(), String> {
    match *edit {
        Edit::Replace { path, find, replace } => {
            let text = text_of(files, path)?;
            once(text, path, find)?;
            *text = text.replacen(find, replace, 1);
            Ok(())
        }
        Edit::ReplaceAll { under, find, replace } => everywhere(files, under, find, replace),
        Edit::Write { path, text } => create(files, path, text.to_owned()),
        Edit::Append { path, text } => {
            text_of(files, path)?.push_str(text);
            Ok(())
        }
        Edit::Drop { path, table } => {
            let text = text_of(files, path)?;
            let at = once(text, path, table)?;
            let (head, rest) = text.split_at_checked(at).unwrap_or_default();
            *text = format!("{head}{}", behind_table(rest));
            Ok(())
        }
        Edit::Split { path, from, to, head } => {
            let text = text_of(files, path)?;
            let at = once(text, path, from)?;
            let moved = text.split_off(at);
            *text = format!("{}\n", text.trim_end());
            create(files, to, format!("{head}{moved}"))
        }
        Edit::Rename { path, to } => {
            let text = files.remove(path).ok_or_else(|| absent(path))?;
            create(files, to, text)
        }
        Edit::Reformat { path } => {
            let text = text_of(files, path)?;
            *text = reformatted(text);
            Ok(())
        }
    }
}

fn text_of<'f>(files: &'f mut Files, path: &str) -> Result<&'f mut String, String> {
    files.get_mut(path).ok_or_else(|| absent(path))
}

fn absent(path: &str) -> String {
    format!("the demonstration's history changes `{path}`, which is not there")
}

fn once(text: &str, path: &str, find: &str) -> Result<usize, String> {
    let mut found = text.match_indices(find).map(|(at, _)| at);
    match (found.next(), found.next()) {
        (Some(at), None) => Ok(at),
        (first, _) => {
            let times = if first.is_some() { "more than once" } else { "nowhere" };
            Err(format!("the demonstration's history looks for `{find}`, {times} in `{path}`"))
        }
    }
}

fn everywhere(files: &mut Files, under: &str, find: &str, replace: &str) -> Result<(), String> {
    let mut found = false;
    for (_, text) in files.iter_mut().filter(|(path, _)| path.starts_with(under)) {
        if text.contains(find) {
            *text = text.replace(find, replace);
            found = true;
        }
    }
    let reason = || format!("the demonstration's history looks for `{find}`, nowhere in `{under}`");
    found.then_some(()).ok_or_else(reason)
}

fn create(files: &mut Files, path: &str, text: String) -> Result<(), String> {
    match files.insert(path.to_owned(), text) {
        None => Ok(()),
        Some(_) => Err(format!("the demonstration's history makes `{path}`, which is there")),
    }
}

/// What follows the table a text begins with.
fn behind_table(text: &str) -> &str {
    let mut length = 0;
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        if inside && (line.starts_with('[') || line.starts_with('#')) {
            break;
        }
        length += line.len();
        inside |= !line.starts_with('[');
    }
    text.get(length..).unwrap_or_default()
}

/// The same entries with the keys of each run of them sorted and aligned, as formatters do.
fn reformatted(text: &str) -> String {
    let mut out = String::new();
    let mut run: Vec<(&str, &str)> = Vec::new();
    for line in text.lines() {
        match line.split_once(" = ") {
            Some((key, value)) if is_entry(key, value) => run.push((key, value)),
            _ => {
                flush(&mut run, &mut out);
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    flush(&mut run, &mut out);
    out
}

/// Whether a line is a whole entry; a value over several lines stays as it is.
fn is_entry(key: &str, value: &str) -> bool {
    !key.starts_with([' ', '#']) && value.matches('[').count() == value.matches(']').count()
}

fn flush(run: &mut Vec<(&str, &str)>, out: &mut String) {
    run.sort_by_key(|(key, _)| *key);
    let width = run.iter().map(|(key, _)| key.len()).max().unwrap_or_default();
    for (key, value) in run.drain(..) {
        let _ = writeln!(out, "{key:<width$} = {value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Files {
        Files::from([("a".to_owned(), text.to_owned())])
    }

    #[test]
    fn a_text_is_replaced_only_where_there_is_exactly_one() {
        let edit = |find| [replace("a", find, "z")];
        let mut files = file("one two two\n");
        apply(&edit("one"), &mut files).unwrap();
        assert_eq!(files["a"], "z two two\n");
        assert!(apply(&edit("two"), &mut files).unwrap_err().contains("more than once"));
        assert!(apply(&edit("three"), &mut files).unwrap_err().contains("nowhere"));
    }

    #[test]
    fn a_table_ends_where_the_next_one_or_a_comment_begins() {
        let text = "[x]\na = 1\n\n[[y]]\nid = \"b\"\nc = [\n    1,\n]\n\n# about z\n[z]\n";
        let mut files = file(text);
        apply(&[drop_table("a", "[[y]]\nid = \"b\"")], &mut files).unwrap();
        assert_eq!(files["a"], "[x]\na = 1\n\n# about z\n[z]\n");
    }

    #[test]
    fn reformatting_sorts_and_aligns_within_a_run() {
        let text = "[x]\nlonger = 1\na = \"= 2\"\n# about c\nc = [\n    1,\n]\nb = 3\n";
        let mut files = file(text);
        apply(&[Edit::Reformat { path: "a" }], &mut files).unwrap();
        let expected = "[x]\na      = \"= 2\"\nlonger = 1\n# about c\nc = [\n    1,\n]\nb = 3\n";
        assert_eq!(files["a"], expected);
    }

    #[test]
    fn the_end_of_a_file_moves() {
        let mut files = file("[x]\n\n[y]\n");
        let split = Edit::Split { path: "a", from: "[y]", to: "b", head: "# y\n\n" };
        apply(&[split], &mut files).unwrap();
        assert_eq!((files["a"].as_str(), files["b"].as_str()), ("[x]\n", "# y\n\n[y]\n"));
        assert!(apply(&[split], &mut files).is_err());
    }
}
