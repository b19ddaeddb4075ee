//! Untrusted text made harmless before it reaches a terminal.

use std::borrow::Cow;

/// Whether a character can move the cursor, change colours, or reorder what is read.
pub(super) fn is_unsafe(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// Whether a text is of the letters, digits and signs that every terminal shows in one column each.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The text with every character that could act on a terminal replaced by one as long in bytes,
/// so that places in it stay where they are.
pub fn shown(text: &str) -> Cow<'_, str> {
    if is_plain(text) || !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match (is_unsafe(c), c.len_utf8()) {
            (false, _) => safe.push(c),
            // A carriage return before a newline is only a line's end.
            (true, 1) => safe.push(if c == '\r' { ' ' } else { '?' }),
            (true, 2) => safe.push_str("??"),
            (true, _) => safe.push('\u{fffd}'),
        }
    }
    Cow::Owned(safe)
}

/// A text made harmless that stands in a line of its own, such as the name of a file.
pub(super) fn in_one_line(text: &str) -> String {
    shown(text).replace(['\n', '\t'], " ")
}

/// How a command to a build server begins where it stands at the beginning of a line, and how anywhere in
/// it, and how it is written instead (GitHub's runner: `ActionCommand.TryParseV2`, `TryParse`; the logging
/// commands of Azure Pipelines).
const AT_BEGIN: (&str, &str) = ("::", ": :");
const ANYWHERE: [(&str, &str); 2] = [("##[", "# #["), ("##vso[", "# #vso[")];

/// A page whose lines may be shown by a build server: none of them is a command to it, whatever words of
/// the user's it holds.
pub(super) fn without_commands(page: String) -> String {
    let (sign, instead) = AT_BEGIN;
    if !page.contains(sign) && !page.contains("##") {
        return page;
    }
    let mut safe = String::with_capacity(page.len() + instead.len());
    for line in page.split_inclusive('\n') {
        let written = line.trim_start();
        let (indent, _) = line.split_at(line.len() - written.len());
        let mut written = match written.strip_prefix(sign) {
            Some(rest) => format!("{instead}{rest}"),
            None => written.to_owned(),
        };
        for (sign, instead) in ANYWHERE {
            written = written.replace(sign, instead);
        }
        safe.push_str(indent);
        safe.push_str(&written);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_a_page_is_a_command_to_a_build_server() {
        let page = "a ::error::b\n  ::error::c\n::d::\nx ##[group]y ##vso[task.z]\nplain\n";
        let safe = "a ::error::b\n  : :error::c\n: :d::\nx # #[group]y # #vso[task.z]\nplain\n";
        assert_eq!(without_commands(page.to_owned()), safe);
        assert_eq!(without_commands(safe.to_owned()), safe);
    }

    #[test]
    fn nothing_acts_on_a_terminal_and_places_stay() {
        let hostile = "a\u{1b}[31mred\u{9b}x\u{202e}b";
        let safe = shown(hostile);
        assert_eq!(safe.len(), hostile.len());
        assert!(!safe.contains(is_unsafe));
        assert_eq!(shown("plain\n\ttext"), "plain\n\ttext");
    }
}
