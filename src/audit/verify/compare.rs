//! What is written against what the repository says: the first difference, as near to the word as
//! the form of the file allows.

use crate::audit::package::Files;
use serde_json::{Map, Value as Json};

/// What a line of the chain carries besides what it says.
const LINKS: [&str; 3] = ["number", "previous_hash", "hash"];
/// Longer values are cut.
const WIDTH: usize = 90;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// The file it is in.
    pub file: Option<String>,
    /// The line of that file, from 1.
    pub line: Option<usize>,
    /// The commit it is about.
    pub commit: Option<String>,
    /// What it is, in a sentence in which backticks mark the user's own words.
    pub says: String,
}

impl Difference {
    /// A difference that is no file's.
    pub(super) fn of(says: impl Into<String>) -> Self {
        Self { says: says.into(), ..Self::default() }
    }

    /// A difference in a file.
    pub(super) fn in_file(file: &str, line: Option<usize>, says: impl Into<String>) -> Self {
        Self { file: Some(file.to_owned()), line, commit: None, says: says.into() }
    }
}

/// The first difference between the files of a package and those the repository gives; files named
/// first are compared first, and those named last behind all others.
pub(super) fn first_difference(
    written: &Files,
    derived: &Files,
    (first, last): (&[&str], &[&str]),
) -> Option<Difference> {
    let mut paths: Vec<&String> = written.keys().chain(derived.keys()).collect();
    let rank = |path: &str| match first.iter().position(|name| *name == path) {
        Some(at) => at,
        None => first.len() + usize::from(last.contains(&path)),
    };
    paths.sort_by_key(|path| (rank(path), *path));
    paths.dedup();
    paths.into_iter().find_map(|path| match (written.get(path), derived.get(path)) {
        (Some(one), Some(two)) if one == two => None,
        (Some(one), Some(two)) => Some(within(path, one, two)),
        (Some(_), None) => Some(Difference::in_file(
            path,
            None,
            format!("`{path}` is in the package, and nothing in the repository gives it"),
        )),
        (None, _) => {
            Some(Difference::in_file(path, None, format!("`{path}` is missing from the package")))
        }
    })
}

fn within(path: &str, written: &[u8], derived: &[u8]) -> Difference {
    let (Ok(written), Ok(derived)) = (std::str::from_utf8(written), std::str::from_utf8(derived))
    else {
        return Difference::in_file(
            path,
            None,
            format!("`{path}` is not what the repository says"),
        );
    };
    let (one, two): (Vec<&str>, Vec<&str>) =
        (written.split('\n').collect(), derived.split('\n').collect());
    let same = one.iter().zip(&two).take_while(|(one, two)| one == two).count();
    let at = Lines { path, number: same + 1, written: rest(&one, same), derived: rest(&two, same) };
    let parsed = |text| serde_json::from_str::<Json>(text).ok();
    let form = path.rsplit_once('.').map_or("", |(_, end)| end);
    let tree = parsed(written).zip(parsed(derived)).filter(|_| form == "json");
    if let Some(says) = tree.and_then(|(one, two)| in_tree(&one, &two, "")) {
        at.difference(None, format!("`{path}`, {says}"))
    } else if form == "jsonl" {
        at.of_chain()
    } else if form == "csv" {
        at.of_table(two.first().copied().unwrap_or_default())
    } else {
        at.of_text()
    }
}

fn rest<'a, 'b>(lines: &'b [&'a str], from: usize) -> &'b [&'a str] {
    let lines = lines.get(from..).unwrap_or_default();
    // What stands behind the last newline is no line.
    lines.strip_suffix(&[""]).unwrap_or(lines)
}

/// The first value in which two trees are not the same, with the way to it.
fn in_tree(written: &Json, derived: &Json, way: &str) -> Option<String> {
    match (written, derived) {
        (one, two) if one == two => None,
        (Json::Object(one), Json::Object(two)) => {
            let names = two.keys().chain(one.keys().filter(|name| !two.contains_key(*name)));
            names.into_iter().find_map(|name| {
                let way = if way.is_empty() { name.clone() } else { format!("{way}.{name}") };
                let of = |tree: &Map<String, Json>| tree.get(name).cloned().unwrap_or_default();
                in_tree(&of(one), &of(two), &way)
            })
        }
        (Json::Array(one), Json::Array(two)) if one.len() == two.len() => {
            let pairs = one.iter().zip(two).enumerate();
            let mut pairs =
                pairs.map(|(at, (one, two))| in_tree(one, two, &format!("{way}[{at}]")));
            pairs.find_map(|found| found)
        }
        (one, two) => Some(format!(
            "{} is {} in the package, and {} by the repository",
            quoted(way),
            in_words(one),
            in_words(two)
        )),
    }
}

/// Two files from the first line on that is not the same in both.
struct Lines<'a, 'b> {
    path: &'a str,
    number: usize,
    written: &'b [&'a str],
    derived: &'b [&'a str],
}

/// A line taken apart: what it is about, and its values by name.
struct Row {
    about: String,
    commit: Option<String>,
    values: Map<String, Json>,
}

impl Lines<'_, '_> {
    fn of_chain(&self) -> Difference {
        self.of_rows("entry", self.number, &|line| {
            let Ok(Json::Object(mut values)) = serde_json::from_str(line) else { return None };
            values.retain(|name, _| !LINKS.contains(&name.as_str()));
            Some(values)
        })
    }

    fn of_table(&self, head: &str) -> Difference {
        let names = cells(head);
        // The head is no row.
        let Some(number) = self.number.checked_sub(1).filter(|number| *number > 0) else {
            return self.of_text();
        };
        self.of_rows("row", number, &|line| {
            let cells = cells(line);
            let values = names.iter().cloned().zip(cells.iter().cloned().map(Json::String));
            (cells.len() == names.len()).then(|| values.collect())
        })
    }

    fn of_text(&self) -> Difference {
        let (path, number) = (self.path, self.number);
        let says = match (self.written.first(), self.derived.first()) {
            (Some(one), Some(two)) => {
                format!("{}, and by the repository {}", quoted(one), quoted(two))
            }
            (Some(one), None) => format!("{}, and by the repository it ends before", quoted(one)),
            (None, Some(two)) => {
                format!("it ends before, and by the repository says {}", quoted(two))
            }
            (None, None) => "it ends in another way than by the repository".to_owned(),
        };
        self.difference(None, format!("`{path}`, line {number}: {says}"))
    }

    fn of_rows(
        &self,
        one: &str,
        number: usize,
        read: &dyn Fn(&str) -> Option<Map<String, Json>>,
    ) -> Difference {
        let path = self.path;
        let row = |lines: &[&str], at: usize| lines.get(at).and_then(|l| read(l)).map(Row::of);
        let (written, derived) = (row(self.written, 0), row(self.derived, 0));
        let same = |one: Option<&Row>, two: Option<&Row>| {
            one.zip(two).is_some_and(|(one, two)| one.values == two.values)
        };
        let is_left_out = match (&written, &derived) {
            (None, Some(_)) => self.written.is_empty(),
            (here, Some(_)) => same(here.as_ref(), row(self.derived, 1).as_ref()),
            _ => false,
        };
        let is_put_in = match (&written, &derived) {
            (Some(_), None) => self.derived.is_empty(),
            (Some(_), there) => same(row(self.written, 1).as_ref(), there.as_ref()),
            _ => false,
        };
        let of = |row: Option<&Row>| row.map(|row| row.about.clone()).unwrap_or_default();
        let (what, about) = match (&written, &derived) {
            _ if is_left_out => {
                let about = of(derived.as_ref());
                (derived, format!("{one} {number} of the repository is left out: {about}"))
            }
            _ if is_put_in => {
                let about = of(written.as_ref());
                (written, format!("{one} {number} is not in the repository: {about}"))
            }
            (Some(here), Some(there)) => {
                let says = format!("{one} {number} ({}): {}", there.about, here.unlike(there));
                (derived, says)
            }
            _ => return self.of_text(),
        };
        self.difference(what.and_then(|row| row.commit), format!("`{path}`, {about}"))
    }

    fn difference(&self, commit: Option<String>, says: String) -> Difference {
        Difference { commit, ..Difference::in_file(self.path, Some(self.number), says) }
    }
}

impl Row {
    fn of(values: Map<String, Json>) -> Self {
        let text = |name: &str| values.get(name).and_then(Json::as_str);
        let commit = text("commit").map(str::to_owned);
        let short = commit.as_deref().map(|id| id.chars().take(10).collect::<String>());
        let of_tag = values.get("tag").and_then(|tag| tag.get("name")?.as_str());
        let names = [text("address"), of_tag, short.as_deref(), text("kind"), text("subject")];
        let parts: Vec<String> = names.into_iter().flatten().map(quoted).collect();
        Self { about: parts.join(" "), commit, values }
    }

    /// In what it is not like the row of the repository.
    fn unlike(&self, there: &Self) -> String {
        let names = there.values.keys().chain(self.values.keys());
        let mut unlike = names.filter(|name| self.values.get(*name) != there.values.get(*name));
        let Some(name) = unlike.next() else {
            return "it says the same, and is written otherwise".to_owned();
        };
        let value = |row: &Self| row.values.get(name).map_or("nothing".to_owned(), in_words);
        format!(
            "`{name}` is {} in the package, and {} by the repository",
            value(self),
            value(there)
        )
    }
}

fn in_words(value: &Json) -> String {
    match value {
        Json::Null => "nothing".to_owned(),
        Json::String(text) if text.is_empty() => "empty".to_owned(),
        Json::String(text) => quoted(text),
        other => quoted(&other.to_string()),
    }
}

/// A value set off in a sentence, cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(WIDTH).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("`{}`", short.replace('`', "'"))
}

/// The cells of a line of CSV.
pub(super) fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let (mut inside, mut chars) = (false, line.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '"' if inside && chars.peek() == Some(&'"') => {
                chars.next();
                push(&mut cells, '"');
            }
            '"' => inside = !inside,
            ',' if !inside => cells.push(String::new()),
            c => push(&mut cells, c),
        }
    }
    cells
}

fn push(cells: &mut [String], c: char) {
    if let Some(cell) = cells.last_mut() {
        cell.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::csv_line;
    use proptest::prelude::*;

    fn files(path: &str, text: &str) -> Files {
        Files::from([(path.to_owned(), text.as_bytes().to_vec())])
    }

    fn says(path: &str, written: &str, derived: &str) -> String {
        let found = first_difference(&files(path, written), &files(path, derived), (&[], &[]));
        found.map(|found| found.says).unwrap_or_default()
    }

    #[test]
    fn an_entry_is_named_by_what_it_is_about() {
        let line = |number: usize, address: &str, level: &str| {
            format!(
                r#"{{"number":{number},"previous_hash":"p{number}","commit":"0123456789abcdef","address":"{address}","level":"{level}","hash":"h"}}"#
            ) + "\n"
        };
        let whole = [line(1, "a", "note"), line(2, "b", "approve"), line(3, "c", "note")];
        let [a, b, c] = &whole;
        let all = whole.concat();
        let path = "register.jsonl";
        assert_eq!(says(path, &all, &all), "");
        let edited = says(path, &[a, &line(2, "b", "note"), c].map(String::as_str).concat(), &all);
        assert_eq!(
            edited,
            "`register.jsonl`, entry 2 (`b` `0123456789`): `level` is `note` in the package, and `approve` by the repository"
        );
        let gone = says(path, &[a.as_str(), &line(2, "c", "note")].concat(), &all);
        assert!(gone.contains("entry 2 of the repository is left out: `b`"), "{gone}");
        let last = says(path, &[a.as_str(), b].concat(), &all);
        assert!(last.contains("entry 3 of the repository is left out: `c`"), "{last}");
        let more = says(path, &all, &[a.as_str(), &line(2, "c", "note")].concat());
        assert!(more.contains("entry 2 is not in the repository: `b`"), "{more}");
        let links = says(path, &all.replace("p1", "q1"), &all);
        assert!(links.contains("says the same, and is written otherwise"), "{links}");
        let garbage = says(path, &format!("{a}garbage\n"), &all);
        assert!(garbage.contains("line 2"), "{garbage}");
    }

    #[test]
    fn a_row_of_a_table_and_a_line_of_text_are_named() {
        let table = "commit,subject\nabc,\"one, two\"\ndef,three\n";
        let path = "population.csv";
        let edited = says(path, &table.replace("three", "four"), table);
        assert!(
            edited
                .contains("row 2 (`def` `three`): `subject` is `four` in the package, and `three`"),
            "{edited}"
        );
        let gone = says(path, "commit,subject\ndef,three\n", table);
        assert!(gone.contains("row 1 of the repository is left out: `abc` `one, two`"), "{gone}");
        assert!(
            says("a.md", "x\ny\n", "x\nz\n").contains("line 2: `y`, and by the repository `z`")
        );
        assert!(says("a.md", "x\n", "x\nz\n").contains("line 2: it ends before"));
        assert!(says("a.md", "x", "x\n").contains("ends in another way"));
        let hostile = says("a.md", "`a`\n", "b\n");
        assert!(hostile.contains("`'a'`"), "{hostile}");
    }

    #[test]
    fn files_that_are_missing_or_too_many_are_named_and_order_counts() {
        let (none, some) = (Files::new(), files("a", "x"));
        assert!(
            first_difference(&none, &some, (&[], &[]))
                .unwrap()
                .says
                .contains("missing from the package")
        );
        assert!(
            first_difference(&some, &none, (&[], &[]))
                .unwrap()
                .says
                .contains("nothing in the repository")
        );
        let two = Files::from([("a".to_owned(), vec![1]), ("z".to_owned(), vec![1])]);
        let first = first_difference(&two, &none, (&["z"], &[])).unwrap();
        assert_eq!(first.file.as_deref(), Some("z"));
        let binary = Files::from([("a".to_owned(), vec![255])]);
        assert!(first_difference(&binary, &some, (&[], &[])).is_some());
    }

    #[test]
    fn a_value_in_a_tree_is_named_by_its_way() {
        let tree = r#"{"asked":{"days":[1,2]},"more":null}"#;
        let path = "header.json";
        let found = says(path, &tree.replace('2', "3"), tree);
        assert!(found.contains("`asked.days[1]` is `3` in the package, and `2` by"), "{found}");
        let found = says(path, &tree.replace("null", "\"x\""), tree);
        assert!(found.contains("`more` is `x` in the package, and nothing by"), "{found}");
        assert!(says(path, &format!("{tree} "), tree).contains("line 1"));
    }

    proptest! {
        #[test]
        fn cells_are_read_as_they_were_written(row in prop::collection::vec("[a-c,\" ]{0,5}", 2..5)) {
            let line = csv_line(&row);
            prop_assert_eq!(cells(line.trim_end_matches('\n')), row);
        }

        #[test]
        fn what_is_not_the_same_differs(one in "[a-c\n,\"{}:]{0,12}", two in "[a-c\n,\"{}:]{0,12}") {
            for path in ["x.jsonl", "x.csv", "x.md"] {
                let found = first_difference(&files(path, &one), &files(path, &two), (&[], &[]));
                prop_assert_eq!(found.is_none(), one == two);
            }
        }
    }
}
