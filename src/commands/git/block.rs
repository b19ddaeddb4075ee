//! A few lines in a file of somebody else's: put there, found again, and taken out to the byte.

/// The first line of a block.
const BEGIN: &str = "# opmodel: begin (written by `opmodel git install`)";
/// The last line of a block.
const END: &str = "# opmodel: end";

/// Lines between two marks, so that they are known again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    lines: Vec<String>,
}

impl Block {
    /// A block of some lines.
    pub(super) fn new(lines: Vec<String>) -> Self {
        Self { lines }
    }

    /// The lines of the block that a file holds; none where it holds none.
    pub(super) fn of(file: &str) -> Option<Self> {
        let (start, end) = bounds(file)?;
        let text = file.get(start..end)?;
        let inner = text.strip_prefix(BEGIN)?.trim_end_matches('\n').strip_suffix(END)?;
        Some(Self {
            lines: inner.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        })
    }

    /// Whether every line of it is one of another's.
    pub(super) fn is_part_of(&self, other: &Self) -> bool {
        self.lines.iter().all(|line| other.lines.contains(line))
    }

    /// The lines between the marks.
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The file with the block at its end, or in place of the one it has.
    pub(super) fn put(&self, file: &str) -> String {
        let block = format!("{BEGIN}\n{}\n{END}", self.lines.join("\n"));
        if let Some((start, end)) = bounds(file) {
            let (before, old, after) = parts(file, start, end);
            let line_end = if old.ends_with('\n') { "\n" } else { "" };
            return format!("{before}{block}{line_end}{after}");
        }
        // A file without a line end at its end gets it back when the block goes.
        if file.is_empty() || file.ends_with('\n') {
            format!("{file}{block}\n")
        } else {
            format!("{file}\n{block}")
        }
    }

    /// The file without its block, as it was before it was put there.
    pub(super) fn take_out(file: &str) -> String {
        let Some((start, end)) = bounds(file) else { return file.to_owned() };
        let (before, old, after) = parts(file, start, end);
        let before =
            if old.ends_with('\n') { before } else { before.strip_suffix('\n').unwrap_or(before) };
        format!("{before}{after}")
    }
}

fn parts(file: &str, start: usize, end: usize) -> (&str, &str, &str) {
    let part = |range: std::ops::Range<usize>| file.get(range).unwrap_or_default();
    (part(0..start), part(start..end), part(end..file.len()))
}

/// Where the block stands, its last line end included.
fn bounds(file: &str) -> Option<(usize, usize)> {
    let mut at = 0;
    let mut start = None;
    for line in file.split_inclusive('\n') {
        let end = at + line.len();
        match line.trim_end_matches(['\n', '\r']) {
            BEGIN => start = Some(at),
            END => {
                if let Some(start) = start {
                    return Some((start, end));
                }
            }
            _ => {}
        }
        at = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn block(lines: &[&str]) -> Block {
        Block::new(lines.iter().map(|line| (*line).to_owned()).collect())
    }

    #[test]
    fn a_block_is_replaced_where_it_stands() {
        let file = format!("{}[user]\n", block(&["a", "b"]).put("one\n"));
        assert_eq!(Block::of(&file), Some(block(&["a", "b"])));
        let file = block(&["c"]).put(&file);
        assert_eq!(Block::of(&file), Some(block(&["c"])));
        assert!(file.ends_with("[user]\n"));
        assert_eq!(Block::take_out(&file), "one\n[user]\n");
    }

    proptest! {
        #[test]
        fn what_was_put_is_taken_out_to_the_byte(file in "(?s).{0,40}", lines in prop::collection::vec("[a-z =]{1,8}", 1..4)) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let put = block(&lines).put(&file);
            prop_assert_eq!(Block::take_out(&put), file);
            prop_assert_eq!(block(&lines).put(&put), put);
        }
    }
}
