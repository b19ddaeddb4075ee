//! What is written twice: a key, a table, or a table where a value stands already.

use super::slip::{Mend, Slip, whole, without_comment};
use super::statement::{Statement, line, statements};
use crate::source::Span;

/// A key or table that was written before: what is said, and where the first stands.
///
/// The first is looked for where `seek` says so.
pub(super) fn twice(text: &str, span: Span, seek: bool) -> Slip {
    let row = line(text, span.start);
    let words = without_comment(row.of(text)).trim();
    let key = span.of(text);
    let earlier = text.get(..row.start).filter(|_| seek).unwrap_or_default();
    let place = whole(text, span, row);
    if !words.starts_with('[') || words.contains('=') {
        let message = format!("`{key}` is set twice in the same table");
        let mut slip = Slip::new(place, message, Mend::Keep)
            .help("keep one of the two; an entity's table may be opened only once in a file");
        slip.also = first_key(earlier, key).map(|first| (first, "first set here"));
        return slip;
    }
    let twice = || {
        Slip::new(place, format!("`{words}` is opened twice in this file"), Mend::Keep)
            .help("merge the two tables into one, or give one of them another id")
    };
    let path = steps(words);
    let through = steps(text.get(row.start..span.end).unwrap_or_default());
    let Some(first) = first_of(earlier, &path, &through) else { return twice() };
    let at = first.span;
    let row = text.get(..at.start).unwrap_or_default().matches('\n').count() + 1;
    let cannot_add = |form: &str, help: &str| {
        let message = format!("`{words}` cannot add to `{key}`, which line {row} writes {form}");
        Slip::new(place, message, Mend::Keep).help(help)
    };
    let (mut slip, label) = match first.form {
        Form::Header if at.of(text).starts_with("[[") == words.starts_with("[[") => {
            (twice(), "first opened here")
        }
        Form::Header => {
            let other = at.of(text);
            let message = format!("`{words}` is opened before as `{other}`");
            let help = "write one table in single brackets, or each of several in double ones";
            (Slip::new(place, message, Mend::Keep).help(help), "first opened here")
        }
        Form::Through => {
            let help = format!("write `{words}` there too, with the last step as its `id`");
            let message =
                format!("`{words}` cannot add to `{key}`, which line {row} makes a table");
            (Slip::new(place, message, Mend::Keep).help(help), "made a table here")
        }
        Form::Inline => {
            let open = through.join(".");
            let help = format!(
                "write it between the braces, or write `{key}` as a table of its own, below `[{open}]`"
            );
            (cannot_add("as an inline table", &help), "written here")
        }
        Form::List => {
            let help = "write it between the brackets, or write each table of the list below a header of its own";
            (cannot_add("as a list", help), "written here")
        }
        Form::Dotted => (cannot_add("with dots", "keep one of the two ways"), "written here"),
        Form::Value => {
            (cannot_add("as a value", "keep one of the two, or give one another name"), "set here")
        }
    };
    slip.also = Some((at, label));
    slip
}

/// How something is written that a header would open.
#[derive(Debug, Clone, Copy)]
enum Form {
    Header,
    /// A header further down, which makes a table of it.
    Through,
    Inline,
    List,
    Dotted,
    Value,
}

/// Where something was written first, and how.
#[derive(Debug, Clone, Copy)]
struct First {
    span: Span,
    form: Form,
}

/// The first header of a path, or else what holds a value on the way there, up to the step that
/// cannot be taken.
fn first_of(text: &str, path: &[&str], through: &[&str]) -> Option<First> {
    let mut above = Vec::new();
    let mut value = None;
    for statement in statements(text) {
        let span = stripped(text, &statement);
        let words = span.of(text);
        if statement.header {
            above = steps(words);
            if above == path {
                return Some(First { span, form: Form::Header });
            }
            if above.len() > through.len() && above.starts_with(through) && value.is_none() {
                value = Some(First { span, form: Form::Through });
            }
            continue;
        }
        let Some((key, behind)) = words.split_once('=') else { continue };
        let full: Vec<&str> = above.iter().copied().chain(steps(key)).collect();
        let form = match behind.trim_start().chars().next() {
            _ if full.len() > through.len() => Form::Dotted,
            Some('{') => Form::Inline,
            Some('[') => Form::List,
            _ => Form::Value,
        };
        if full.starts_with(through) && full.len() > above.len() && value.is_none() {
            let span = Span::new(span.start, span.start + key.trim_end().len());
            value = Some(First { span, form });
        }
    }
    value
}

/// A statement without what stands around it, and a header without its comment.
fn stripped(text: &str, statement: &Statement) -> Span {
    let words = statement.span.of(text);
    let words = if statement.header { without_comment(words) } else { words };
    let inner = words.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let start = statement.span.start + words.len() - inner.len();
    Span::new(start, start + inner.trim_end().len())
}

/// The names of a header or of a key with dots.
fn steps(words: &str) -> Vec<&str> {
    let bare = |c: char| c.is_whitespace() || matches!(c, '[' | ']' | '"' | '\'');
    words.split('.').map(|step| step.trim_matches(bare)).collect()
}

/// Where a key was set first in the table that is open at the end of a text.
fn first_key(text: &str, key: &str) -> Option<Span> {
    let mut first = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = without_comment(line).trim();
        let start = at + line.len() - line.trim_start().len();
        if starts_with_key(words, key) {
            first = Some(Span::new(start, start + key.len()));
        } else if words.starts_with('[') && !words.contains('=') {
            first = None;
        }
        at += line.len();
    }
    first
}

fn starts_with_key(line: &str, key: &str) -> bool {
    !key.is_empty() && line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
}
