//! Two texts side by side, line by line, for what has no meaning the tool could compare.

use super::page::{Line, Style};
use similar::{ChangeTag, DiffTag, TextDiff};

/// Lines around a difference that are shown with it.
const CONTEXT: usize = 3;

/// The lines that differ, with a few around them; nothing where none does.
pub fn line_difference(before: &str, after: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        lines.push(Line::new().dim(hunk.header().to_string()));
        for change in hunk.iter_changes() {
            let words = change.value().trim_end_matches(['\n', '\r']);
            lines.push(match change.tag() {
                ChangeTag::Equal => Line::new().plain(format!(" {words}")),
                ChangeTag::Delete => Line::new().with(Style::Removed, format!("-{words}")),
                ChangeTag::Insert => Line::new().with(Style::Added, format!("+{words}")),
            });
        }
    }
    lines
}

/// Two texts as one: the lines they share once, and those they do not between marks, as a merge
/// leaves them. The marks stand before the first text, between both, and behind the second.
pub fn with_marks(first: &str, second: &str, [before, between, behind]: [&str; 3]) -> String {
    let diff = TextDiff::from_lines(first, second);
    let mut lines = Vec::new();
    for op in diff.ops() {
        let of = |tag: ChangeTag| {
            let changes = diff.iter_changes(op).filter(move |change| change.tag() == tag);
            changes.map(|change| change.value().trim_end_matches('\n'))
        };
        if op.tag() == DiffTag::Equal {
            lines.extend(of(ChangeTag::Equal));
            continue;
        }
        lines.push(before);
        lines.extend(of(ChangeTag::Delete));
        lines.push(between);
        lines.extend(of(ChangeTag::Insert));
        lines.push(behind);
    }
    lines.push("");
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown_with_a_little_around_it() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = before.replace("5\n", "five\n");
        let shown: Vec<String> = line_difference(before, &after).iter().map(Line::words).collect();
        let wanted = ["@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8"];
        assert_eq!(shown, wanted);
        assert!(line_difference(before, before).is_empty());
    }
}
