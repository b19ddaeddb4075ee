//! The pull request a commit came by, as far as its message says.

use std::fmt;

/// The number of a pull or merge request, written as the forge that gave it writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PullRequest {
    /// `#123`.
    Pull(u64),
    /// `!123`, as GitLab writes a merge request.
    Merge(u64),
}

impl PullRequest {
    /// The request that a message names as the one its commit came by.
    ///
    /// A number in passing (`follows #12`) names none: it must stand in parentheses at the end of
    /// the subject, where GitHub and Gitea put it when they squash, or in one of the
    /// sentences that forges write into merges.
    pub fn of(message: &str) -> Option<Self> {
        let subject = message.lines().map(str::trim).find(|line| !line.is_empty())?;
        at_end(subject).or_else(|| merged(subject)).or_else(|| message.lines().find_map(seen))
    }

    /// The number alone.
    pub fn number(self) -> u64 {
        match self {
            Self::Pull(number) | Self::Merge(number) => number,
        }
    }
}

impl fmt::Display for PullRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pull(number) => write!(f, "#{number}"),
            Self::Merge(number) => write!(f, "!{number}"),
        }
    }
}

/// `Loosen the gate (#123)`; of a commit that was squashed twice, the last one brought it.
fn at_end(subject: &str) -> Option<PullRequest> {
    let (_, last) = subject.strip_suffix(')')?.rsplit_once('(')?;
    named(last)
}

/// `Merge pull request #123 from …`, `Merged PR 123: …`, `Merged in branch (pull request #123)`.
fn merged(subject: &str) -> Option<PullRequest> {
    let pull = |rest: &str| number(rest.split([' ', ':']).next()?).map(PullRequest::Pull);
    let after = |start: &str| subject.strip_prefix(start);
    if let Some(rest) = after("Merge pull request #").or_else(|| after("Merged PR ")) {
        return pull(rest);
    }
    let (_, last) = after("Merged in ")?.strip_suffix(')')?.rsplit_once("(pull request #")?;
    pull(last)
}

/// `See merge request group/project!123`, the line GitLab writes below a merge.
fn seen(line: &str) -> Option<PullRequest> {
    let (project, digits) = line.trim().strip_prefix("See merge request ")?.rsplit_once('!')?;
    if project.contains(char::is_whitespace) {
        return None;
    }
    number(digits).map(PullRequest::Merge)
}

/// `#123` or `!123`.
fn named(word: &str) -> Option<PullRequest> {
    let digits = word.get(1..)?;
    match word.chars().next()? {
        '#' => number(digits).map(PullRequest::Pull),
        '!' => number(digits).map(PullRequest::Merge),
        _ => None,
    }
}

/// A number in plain digits; no forge counts from nought.
fn number(digits: &str) -> Option<u64> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &str) -> Option<String> {
        PullRequest::of(message).map(|request| request.to_string())
    }

    #[test]
    fn a_request_is_found_where_forges_write_it() {
        for (message, request) in [
            ("Loosen the gate (#123)", "#123"),
            ("Revert \"Loosen the gate (#123)\" (#130)\n\nThis reverts commit 1.", "#130"),
            ("Merge pull request #7 from acme/gate\n\nLoosen the gate (#5)", "#7"),
            ("Merge pull request #7", "#7"),
            ("Merged PR 4102: Loosen the gate", "#4102"),
            ("Merged in loosen-gate (pull request #12)\n\nLoosen", "#12"),
            ("Loosen the gate (!88)", "!88"),
            ("Merge branch 'gate' into 'main'\n\nLoosen\n\nSee merge request acme/gtm!41", "!41"),
            ("Merge branch 'gate'\r\n\r\nSee merge request acme/sales/gtm!41\r\n", "!41"),
            ("\n\n  Loosen (#9)  \n", "#9"),
        ] {
            assert_eq!(read(message).as_deref(), Some(request), "{message:?}");
        }
    }

    #[test]
    fn a_number_in_passing_is_none() {
        for message in [
            "",
            "Loosen the gate",
            "Loosen the gate, follows #12",
            "Loosen (#12) the gate",
            "Loosen\n\nAs said in (#12)",
            "Loosen (#)",
            "Loosen (#0)",
            "Loosen (#012)",
            "Loosen (#1a)",
            "Loosen (#99999999999999999999999)",
            "Loosen (é)",
            "Loosen ()",
            "Merge pull request #x from y",
            "Merge branch 'a'\n\nSee merge request of mine!3",
            "Merge branch 'a'\n\nSee merge request acme/gtm",
        ] {
            assert_eq!(read(message), None, "{message:?}");
        }
    }
}
