//! Lines cut to the width of a terminal; what is not shown on one is never cut.

use crate::report::{Line, Style};

/// The columns for two texts side by side, so that what one does not need the other has.
pub(super) fn shares(before: &str, after: &str, room: usize) -> (usize, usize) {
    let (left, right) = (Line::of(before).width(), Line::of(after).width());
    let half = room / 2;
    if left <= half {
        (left, room.saturating_sub(left))
    } else if right <= half {
        (room.saturating_sub(right), right)
    } else {
        (half, room.saturating_sub(half))
    }
}

/// A text cut in the middle, so that how it begins and ends is seen.
pub(super) fn squeezed(text: &str, width: usize) -> String {
    let line = fitted(&Line::of(text), width);
    line.runs.into_iter().map(|(_, text)| text).collect()
}

/// A line cut in the middle.
pub(super) fn fitted(line: &Line, width: usize) -> Line {
    if line.width() <= width {
        return line.clone();
    }
    let room = width.saturating_sub(1);
    let end = room / 2;
    let reversed = pieces(line).into_iter().rev();
    let mut last = taken(reversed, end);
    last.reverse();
    let first = taken(pieces(line).into_iter(), room.saturating_sub(end));
    joined(first).dim("…").then(joined(last))
}

/// The characters of a line with their styles.
fn pieces(line: &Line) -> Vec<(Style, char)> {
    let chars = |(style, text): &(Style, String)| {
        let style = *style;
        text.chars().map(move |c| (style, c)).collect::<Vec<_>>()
    };
    line.runs.iter().flat_map(chars).collect()
}

/// As many characters as fit; marks that stand over another character go with it.
fn taken(pieces: impl Iterator<Item = (Style, char)>, width: usize) -> Vec<(Style, char)> {
    let mut left = width;
    let mut taken = Vec::new();
    for (style, c) in pieces {
        let wide = Line::of(c).width();
        if wide > left {
            break;
        }
        left -= wide;
        taken.push((style, c));
    }
    taken
}

fn joined(pieces: Vec<(Style, char)>) -> Line {
    let mut line = Line::new();
    for (style, c) in pieces {
        match line.runs.last_mut() {
            Some((last, text)) if *last == style => text.push(c),
            _ => line.runs.push((style, c.to_string())),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(line: &Line) -> String {
        line.runs.iter().map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn the_middle_goes_first() {
        assert_eq!(squeezed("lifecycle.lead.stage.sql.exit.size", 15), "lifecyc…it.size");
        assert_eq!(squeezed("short", 15), "short");
        assert_eq!(squeezed("short", 1), "…");
        assert_eq!(squeezed("日本語日本語", 7), "日…語");
        let line = fitted(&Line::of("Ann Lee").with(Style::Added, "  Bo Chen"), 10);
        assert_eq!(words(&line), "Ann L…Chen");
        assert_eq!(line.runs[2], (Style::Added, "Chen".to_owned()));
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_asked(text in "[a-zé日 e\u{301}]{0,30}", width in 1_usize..30) {
            let line = Line::of(text.clone());
            let cut = fitted(&line, width);
            prop_assert!(cut.width() <= width, "{:?}", words(&cut));
            if line.width() <= width {
                prop_assert_eq!(words(&cut), text);
            }
        }

        #[test]
        fn two_share_what_there_is(before in "[a-z]{0,30}", after in "[a-z]{0,30}", room in 0_usize..40) {
            let (left, right) = shares(&before, &after, room);
            prop_assert!(left + right <= room.max(left));
            if before.len() + after.len() <= room {
                prop_assert!(left >= before.len() && right >= after.len());
            }
        }
    }
}
