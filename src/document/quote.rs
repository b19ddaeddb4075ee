//! The lines of a file that write something, with the comments that belong to them.

use super::statement::{Statement, statements};
use crate::source::Span;

/// The lines that write what begins at some places, as they stand: with the header above them, the
/// comments between them and those directly above, and an empty line where others were left out.
pub fn quoted(text: &str, places: &[Span]) -> String {
    let mut starts: Vec<usize> = places.iter().map(|place| place.start).collect();
    starts.sort_unstable();
    let statements = statements(text);
    let mut kept = written(&statements, &starts);
    add_comments(text, &statements, &mut kept);
    let mut chunks: Vec<Span> = Vec::new();
    let mut open = false;
    for (statement, kept) in statements.iter().zip(kept) {
        match chunks.last_mut() {
            Some(last) if kept && open => *last = last.to(statement.span),
            _ if kept => chunks.push(statement.span),
            _ => {}
        }
        open = kept;
    }
    let chunk = |span: &Span| span.of(text).trim_matches(['\n', '\r']).to_owned() + "\n";
    chunks.iter().map(chunk).collect::<Vec<_>>().join("\n")
}

/// Which statements hold one of the places, or are the header of one that does.
fn written(statements: &[Statement], starts: &[usize]) -> Vec<bool> {
    let mut kept = vec![false; statements.len()];
    let mut header = None;
    for (at, statement) in statements.iter().enumerate() {
        if statement.header {
            header = Some(at);
        }
        let first = starts.partition_point(|start| *start < statement.span.start);
        if starts.get(first).is_some_and(|start| *start < statement.span.end) {
            for at in header.into_iter().chain([at]) {
                if let Some(kept) = kept.get_mut(at) {
                    *kept = true;
                }
            }
        }
    }
    kept
}

/// What stands between two statements: comments directly above the second belong to it, all else
/// to the first.
fn add_comments(text: &str, statements: &[Statement], kept: &mut [bool]) {
    let words =
        |at: usize| statements.get(at).map_or("", |statement| statement.span.of(text).trim());
    let is_layout = |at: usize| words(at).is_empty() || words(at).starts_with('#');
    let mut first = 0;
    let mut above = false;
    for at in 0..=statements.len() {
        if at < statements.len() && is_layout(at) {
            continue;
        }
        let below = kept.get(at).copied().unwrap_or_default();
        let mut split = at;
        while split > first && words(split - 1).starts_with('#') && at < statements.len() {
            split -= 1;
        }
        for (between, kept) in kept.iter_mut().enumerate().take(at).skip(first) {
            *kept = if between < split { above } else { below };
        }
        above = below;
        first = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# the file\n\n# the first\n[a.x]\nv = 1 # one\n# why two\nw = [\n  2,\n]\n\n\
        # of all\n\n# the second\n[a.y]\nv = 3\n\n[a.x.sub]\nu = 4\n";

    fn quote(words: &[&str]) -> String {
        let place = |word: &&str| Span::new(TEXT.find(word).unwrap(), TEXT.len());
        quoted(TEXT, &words.iter().map(place).collect::<Vec<_>>())
    }

    #[test]
    fn tables_are_quoted_as_they_stand() {
        assert_eq!(
            quote(&["[a.x]", "v = 1", "w =", "[a.x.sub]", "u ="]),
            "# the first\n[a.x]\nv = 1 # one\n# why two\nw = [\n  2,\n]\n\n# of all\n\n\
             [a.x.sub]\nu = 4\n"
        );
        assert_eq!(quote(&["[a.y]", "v = 3"]), "# the second\n[a.y]\nv = 3\n");
    }

    #[test]
    fn a_part_is_quoted_below_its_header() {
        assert_eq!(
            quote(&["w ="]),
            "# the first\n[a.x]\n\n# why two\nw = [\n  2,\n]\n\n# of all\n"
        );
        assert_eq!(quoted(TEXT, &[]), "");
    }
}
