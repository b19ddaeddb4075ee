//! Approvals and authors in the messages of commits.

use super::approval::{Approval, ApprovalSource, CountsFor, Signer};
use crate::git::{Commit, Person};

/// The trailers that approve.
const APPROVING: [&str; 2] = ["approved-by", "reviewed-by"];
/// The trailer that names a further author.
const CO_AUTHOR: &str = "co-authored-by";
/// Of this many lines of a paragraph, one must be a trailer where Git itself wrote another one.
const ONE_IN: usize = 4;

/// The approvals that the trailers of some commits give, each at its commit, in their order.
pub fn trailers(commits: &[Commit]) -> Vec<Approval> {
    let mut approvals = Vec::new();
    for commit in commits {
        for (key, value) in of_message(&commit.message) {
            if !APPROVING.contains(&key.to_ascii_lowercase().as_str()) {
                continue;
            }
            let by = Signer::parse(&value);
            if by.is_nobody() {
                continue;
            }
            let source = ApprovalSource::Trailer(commit.id);
            approvals.push(Approval::new(by, source, CountsFor::At(commit.id)));
        }
    }
    approvals
}

/// The trailer that says what comes with a proposal.
const EVIDENCE: &str = "evidence";

/// What the trailers of some commits say comes with them: `Evidence: rollback note`.
pub fn evidence(commits: &[Commit]) -> Vec<String> {
    let trailers = commits.iter().flat_map(|commit| of_message(&commit.message));
    let given = trailers.filter(|(key, _)| key.eq_ignore_ascii_case(EVIDENCE));
    given.map(|(_, value)| value).collect()
}

/// Everybody who wrote some commits: authors, committers and co-authors, each once, by name.
///
/// Give it the commits that change the model, not those that only record an approval: whoever
/// writes the ledger is not an author of the change.
///
/// A co-author counts wherever in the message the line stands: what would keep somebody's approval
/// from counting is read generously, what would make it count is read strictly.
pub fn authors(commits: &[Commit]) -> Vec<Person> {
    let mut people = Vec::new();
    for commit in commits {
        people.extend([commit.author.clone(), commit.committer.clone()]);
        let lines = commit.message.lines().filter_map(trailer);
        let co_authors = lines.filter(|(key, _)| key.eq_ignore_ascii_case(CO_AUTHOR));
        people.extend(co_authors.map(|(_, value)| Signer::parse(value).person()));
    }
    people.retain(|person| *person != Person::default());
    people.sort();
    people.dedup();
    people
}

/// The trailers of a message: those of its last paragraph, where that is made of trailers.
///
/// Forges put a paragraph of co-authors behind everything when they squash: the one above it counts as
/// well. The first paragraph is the subject and never holds any.
fn of_message(message: &str) -> Vec<(&str, String)> {
    let paragraphs = paragraphs(message);
    match paragraphs.as_slice() {
        [_, .., above, last] if last.iter().all(|line| is_co_author(line)) => {
            [of_paragraph(above), of_paragraph(last)].concat()
        }
        [_, .., last] => of_paragraph(last),
        _ => Vec::new(),
    }
}

fn is_co_author(line: &str) -> bool {
    trailer(line).is_some_and(|(key, _)| key.eq_ignore_ascii_case(CO_AUTHOR))
}

/// The trailers of a paragraph that is made of trailers.
///
/// As for Git, a paragraph with other lines among them counts only where one of its trailers is Git's
/// own and they are a quarter of it.
fn of_paragraph<'m>(last: &[&'m str]) -> Vec<(&'m str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    let (mut others, mut from_git) = (0, false);
    let mut open = false;
    for line in last {
        if line.starts_with([' ', '\t']) && open {
            if let Some((_, value)) = found.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
            continue;
        }
        let read = trailer(line);
        open = read.is_some();
        from_git |= line.starts_with("Signed-off-by: ") || line.starts_with("(cherry picked from ");
        match read {
            Some((key, value)) => found.push((key, value.to_owned())),
            None if line.starts_with('#') || line.starts_with("(cherry picked from ") => {}
            None => others += 1,
        }
    }
    let enough = others == 0 || (from_git && found.len() * (ONE_IN - 1) >= others);
    if enough { found } else { Vec::new() }
}

/// The paragraphs of a text, each as its lines.
fn paragraphs(text: &str) -> Vec<Vec<&str>> {
    let mut paragraphs: Vec<Vec<&str>> = Vec::new();
    let mut between = true;
    for line in text.lines() {
        if line.trim().is_empty() {
            between = true;
            continue;
        }
        if between {
            paragraphs.push(Vec::new());
        }
        between = false;
        if let Some(paragraph) = paragraphs.last_mut() {
            paragraph.push(line);
        }
    }
    paragraphs
}

/// Key and value of a line such as `Approved-by: Ann Lee <ann.lee@example.com>`.
fn trailer(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let key = key.trim_end();
    let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_key.then(|| (key, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &str) -> Vec<(&str, String)> {
        of_message(message)
    }

    #[test]
    fn only_the_last_paragraph_holds_trailers() {
        let approved = [("Approved-by", "Ann Lee <a@example.com>".to_owned())];
        assert_eq!(read("Subject\n\nApproved-by: Ann Lee <a@example.com>"), approved);
        assert_eq!(read("Subject\n\nBody\n\nApproved-by: Ann Lee\n <a@example.com>\n"), approved);
        assert_eq!(read("Subject\r\n\r\nApproved-by : Ann Lee <a@example.com>\r\n"), approved);
        for none in [
            "Approved-by: Ann Lee <a@example.com>",
            "Subject\nApproved-by: Ann Lee <a@example.com>",
            "Subject\n\nApproved-by: Ann Lee <a@example.com>\n\nBut not this version.",
            "Subject\n\nWe wait for\nApproved-by: Ann Lee <a@example.com>\nand others",
            "",
        ] {
            assert_eq!(read(none), [], "{none}");
        }
    }

    #[test]
    fn co_authors_that_a_forge_puts_last_hide_nothing() {
        let text = "S\n\nBody\n\nApproved-by: A <a@example.com>\n\nCo-authored-by: B <b@example.com>\nCo-authored-by: C <c@example.com>";
        assert_eq!(read(text).len(), 3);
        // Above it, too, only what is made of trailers counts.
        let text = "S\n\nwords\nApproved-by: A\n\nCo-authored-by: B <b@example.com>";
        assert_eq!(read(text).len(), 1);
        assert_eq!(read("Approved-by: A\n\nCo-authored-by: B <b@example.com>").len(), 1);
        let text = "S\n\nApproved-by: A\n\nCo-authored-by: B <b@example.com>\n\nand words";
        assert_eq!(read(text), []);
    }

    #[test]
    fn other_lines_are_allowed_as_git_allows_them() {
        let text =
            "S\n\nsome words\nSigned-off-by: B <b@example.com>\nApproved-by: A <a@example.com>";
        assert_eq!(read(text).len(), 2);
        assert_eq!(read("S\n\n(cherry picked from commit 12)\nApproved-by: A").len(), 1);
    }
}
