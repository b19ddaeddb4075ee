//! A file that a merge left open: what each side says, and both again with marks where they differ.

use crate::report::with_marks;

/// How often a mark repeats its sign.
const WIDTH: usize = 7;

/// The two sides of a file in conflict.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Conflict {
    pub(super) ours: String,
    pub(super) theirs: String,
    /// The first line before our side, and the first behind theirs.
    marks: [String; 2],
}

/// Where a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Both,
    Ours,
    Base,
    Theirs,
}

impl Conflict {
    /// The sides of a file; none where it has no marks, or not all of them.
    pub(super) fn of(text: &str) -> Option<Self> {
        let (mut ours, mut theirs) = (String::new(), String::new());
        let (mut before, mut behind) = (None, None);
        let mut part = Part::Both;
        for line in text.split_inclusive('\n') {
            match (part, sign(line)) {
                (Part::Both, Some('<')) => {
                    before.get_or_insert(line);
                    part = Part::Ours;
                }
                (Part::Ours, Some('|')) => part = Part::Base,
                (Part::Ours | Part::Base, Some('=')) => part = Part::Theirs,
                (Part::Theirs, Some('>')) => {
                    behind.get_or_insert(line);
                    part = Part::Both;
                }
                (Part::Both, _) => {
                    ours.push_str(line);
                    theirs.push_str(line);
                }
                (Part::Ours, _) => ours.push_str(line),
                (Part::Base, _) => {}
                (Part::Theirs, _) => theirs.push_str(line),
            }
        }
        let marks = [before?, behind?].map(|mark| mark.trim_end().to_owned());
        (part == Part::Both).then_some(Self { ours, theirs, marks })
    }

    /// Both sides in other words: what they share once, and between marks what they do not.
    pub(super) fn told(&self, ours: &str, theirs: &str) -> String {
        let [before, behind] = &self.marks;
        with_marks(ours, theirs, [before, &"=".repeat(WIDTH), behind])
    }
}

/// The sign of a mark.
fn sign(line: &str) -> Option<char> {
    let line = line.trim_end_matches(['\n', '\r']);
    let sign = line.chars().next().filter(|sign| "<|=>".contains(*sign))?;
    let rest = line.trim_start_matches(sign);
    (line.len() - rest.len() == WIDTH && (rest.is_empty() || rest.starts_with(' '))).then_some(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_is_taken_apart_and_put_together() {
        let text = "a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\nd\n>>>>>>> other\ne\n";
        let conflict = Conflict::of(text).unwrap();
        assert_eq!((&*conflict.ours, &*conflict.theirs), ("a\nb\ne\n", "a\nc\nd\ne\n"));
        let told = conflict.told(&conflict.ours, &conflict.theirs);
        assert_eq!(told, text.replace("||||||| base\nx\n", ""));
        assert_eq!(conflict.told("same\n", "same\n"), "same\n");
    }

    #[test]
    fn what_is_no_conflict_is_none() {
        for text in [
            "",
            "a\n=======\nb\n",
            "<<<<<<< HEAD\na\n",
            "<<<<<<< HEAD\na\n=======\nb\n",
            "<<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n",
        ] {
            assert_eq!(Conflict::of(text), None, "{text}");
        }
    }
}
