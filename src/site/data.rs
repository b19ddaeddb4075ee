//! Data that a page loads when it is needed: JSON in a classic script, which a browser reads from a
//! disk too. What is too large for one file is a list in several.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value as Json, json};

/// A file is cut before it is larger than this, in bytes.
pub(in crate::site) const PIECE: usize = 380_000;

/// A script that hands a value to the pages of the site under a name.
pub(in crate::site) fn script(name: &str, value: &impl Serialize) -> String {
    format!("opmodel.data({}, {});\n", json(&name), json(value))
}

/// The file of a script.
pub(in crate::site) fn path(name: &str) -> String {
    format!("data/{name}.js")
}

/// The file of a value under a name.
pub(in crate::site) fn file(name: &str, value: &impl Serialize) -> (String, Vec<u8>) {
    (path(name), script(name, value).into_bytes())
}

/// A list under a name, with what stands beside it: one file, or where that would be too large one that
/// says in how many others the list is. The list stands for all of it where it is not called anything.
pub(in crate::site) fn list(
    name: &str,
    called: &str,
    beside: Map<String, Json>,
    rows: &[Json],
) -> Vec<(String, Vec<u8>)> {
    let mut pieces: Vec<Vec<Box<RawValue>>> = vec![Vec::new()];
    let mut bytes = 0;
    for row in rows.iter().filter_map(|row| to_raw_value(row).ok()) {
        let more = room(&row);
        if bytes + more > PIECE && bytes > 0 {
            pieces.push(Vec::new());
            bytes = 0;
        }
        bytes += more;
        if let Some(open) = pieces.last_mut() {
            open.push(row);
        }
    }
    let mut files = Vec::new();
    let mut whole = beside;
    if pieces.len() == 1 && called.is_empty() {
        return vec![file(name, &rows)];
    }
    if pieces.len() == 1 {
        whole.insert(called.to_owned(), json!(rows));
    } else {
        whole.insert("in_pieces".to_owned(), json!({ "list": called, "count": pieces.len() }));
        let cut = pieces.iter().enumerate();
        files.extend(cut.map(|(number, rows)| file(&format!("{name}/{number}"), rows)));
    }
    files.push(file(name, &whole));
    files
}

/// How many bytes a row takes in a file: each `<` takes six, and a comma follows.
pub(in crate::site) fn room(row: &RawValue) -> usize {
    row.get().len() + row.get().matches('<').count() * 5 + 1
}

/// JSON in which nothing ends a script or a line of one.
fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    if !text.contains(['<', '\u{2028}', '\u{2029}']) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_script() {
        let text = script("a", &["</script>", "\u{2028}"]);
        assert_eq!(text, "opmodel.data(\"a\", [\"\\u003c/script>\",\"\\u2028\"]);\n");
    }

    #[test]
    fn a_long_list_is_in_several_files_and_a_short_one_in_its_own() {
        let text = |(path, bytes): &(String, Vec<u8>)| {
            format!("{path} {}", String::from_utf8(bytes.clone()).unwrap())
        };
        let short = list("a", "rows", Map::new(), &[json!(1), json!("<")]);
        let short: Vec<String> = short.iter().map(text).collect();
        assert_eq!(short, ["data/a.js opmodel.data(\"a\", {\"rows\":[1,\"\\u003c\"]});\n"]);
        let bare = list("a", "", Map::new(), &[json!(1)]);
        assert_eq!(text(&bare[0]), "data/a.js opmodel.data(\"a\", [1]);\n");

        let beside = Map::from_iter([("of".to_owned(), json!("b"))]);
        let rows: Vec<Json> = (0..9).map(|_| json!("<".repeat(PIECE / 12))).collect();
        let long = list("a", "rows", beside, &rows);
        let paths: Vec<&str> = long.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "data/a/0.js",
                "data/a/1.js",
                "data/a/2.js",
                "data/a/3.js",
                "data/a/4.js",
                "data/a.js"
            ]
        );
        assert!(long.iter().all(|(_, bytes)| bytes.len() < PIECE + 100));
        let index = "data/a.js opmodel.data(\"a\", {\"of\":\"b\",\"in_pieces\":{\"list\":\"rows\",\"count\":5}});\n";
        assert_eq!(text(&long[5]), index);
    }
}
