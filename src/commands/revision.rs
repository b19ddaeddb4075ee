//! Revisions and addresses as people mix them on a command line.

use super::Failure;
use super::address::{mistaken, pattern};
use crate::git::{GitError, Range, Repository};
use crate::history::{At, Workspace};
use crate::model::{Kind, Pattern};
use crate::view::RevisionRow;

/// What the free arguments of a command mean.
pub(super) struct Named {
    /// The revisions, as written.
    pub(super) revisions: Vec<String>,
    /// The addresses.
    pub(super) addresses: Vec<Pattern>,
}

/// Tells revisions from addresses as Git tells revisions from paths: what resolves is a revision,
/// what starts with a kind is an address, in any order, and `--` ends the revisions.
pub(super) fn named(
    workspace: &Workspace,
    free: &[String],
    behind: &[String],
    most: usize,
) -> Result<Named, Failure> {
    let mut named = Named { revisions: Vec::new(), addresses: Vec::new() };
    for word in free {
        let known = resolves(workspace, word);
        if !known && (is_address(word) || word.contains('*')) {
            named.addresses.push(pattern(word)?);
            continue;
        }
        let mistaken =
            (!known && is_unknown(workspace, word)).then(|| mistaken(workspace, word)).flatten();
        if let Some(failure) = mistaken {
            return Err(failure);
        }
        if named.revisions.len() < most {
            named.revisions.push(word.clone());
        } else {
            let message = format!("`{word}` is neither a further revision nor an address");
            let help = "write addresses as `kind.id`, for example `definition.mql`";
            return Err(Failure::usage(message, help));
        }
    }
    for word in behind {
        named.addresses.push(pattern(word)?);
    }
    Ok(named)
}

fn is_address(word: &str) -> bool {
    let kind = word.split('.').next().unwrap_or_default();
    !word.contains("..") && (Kind::of(kind).is_some() || kind == "*")
}

fn resolves(workspace: &Workspace, word: &str) -> bool {
    workspace.maybe_repository().is_some_and(|repository| repository.resolve(word).is_ok())
}

/// Whether nothing has that name, rather than something that cannot be read.
fn is_unknown(workspace: &Workspace, word: &str) -> bool {
    let repository = workspace.maybe_repository();
    repository.is_some_and(|repository| {
        let parsed = repository.parse_range(word);
        matches!(parsed, Err(GitError::UnknownRevision { .. } | GitError::BadRevision { .. }))
    })
}

/// `HEAD`, or nothing before the first commit.
pub(super) fn head(repository: &Repository) -> Result<At, Failure> {
    match repository.resolve("HEAD") {
        Ok(commit) => Ok(At::Commit(Box::new(commit))),
        Err(GitError::Unborn { .. }) => Ok(At::Nothing),
        Err(error) => Err(error.into()),
    }
}

/// One revision; a range is refused.
pub(super) fn single(workspace: &Workspace, spec: &str) -> Result<At, Failure> {
    match workspace.repository()?.parse_range(spec)? {
        Range::Single(commit) => Ok(At::Commit(Box::new(commit))),
        _ => Err(Failure::usage(
            format!("`{spec}` is a range, and one revision is wanted here"),
            "name one revision, for example `HEAD~2`",
        )),
    }
}

/// A state with the name it is shown under.
pub(super) struct NamedAt {
    pub(super) at: At,
    pub(super) name: String,
}

impl NamedAt {
    pub(super) fn new(at: At, name: impl Into<String>) -> Self {
        Self { at, name: name.into() }
    }

    /// As JSON names it.
    pub(super) fn row(&self) -> RevisionRow {
        let commit = match &self.at {
            At::Commit(commit) => Some(commit.id.to_string()),
            _ => None,
        };
        RevisionRow { rev: self.name.clone(), commit }
    }
}

/// The two states that revisions on a command line name: none is `HEAD` to the work tree, one
/// is from there to the work tree, two or a range are from the first to the second.
pub(super) fn two_states(
    workspace: &Workspace,
    revisions: &[String],
    staged: bool,
) -> Result<(NamedAt, NamedAt), Failure> {
    let repository = workspace.repository()?;
    let now = if staged {
        NamedAt::new(At::Index, "index")
    } else {
        NamedAt::new(At::WorkTree, "work tree")
    };
    match revisions {
        [] => Ok((NamedAt::new(head(repository)?, "HEAD"), now)),
        [one] => match repository.parse_range(one)? {
            Range::Single(commit) => Ok((NamedAt::new(At::Commit(Box::new(commit)), one), now)),
            range if staged => Err(Failure::usage(
                format!("`{one}` is a range, and `--staged` names the second side already"),
                format!("leave `--staged` out, or name one revision instead of {}", kind(&range)),
            )),
            range => {
                let before = match range.before() {
                    Some(commit) => At::Commit(Box::new(commit.clone())),
                    None => At::Nothing,
                };
                let after = At::Commit(Box::new(range.after().clone()));
                let (left, right) = split(one);
                Ok((NamedAt::new(before, left), NamedAt::new(after, right)))
            }
        },
        [one, two, ..] => {
            let (from, to) = (single(workspace, one)?, single(workspace, two)?);
            Ok((NamedAt::new(from, one), NamedAt::new(to, two)))
        }
    }
}

fn kind(range: &Range) -> &'static str {
    match range {
        Range::Symmetric { .. } => "`A...B`",
        _ => "`A..B`",
    }
}

/// The two names of a range; an empty side is `HEAD`.
fn split(range: &str) -> (String, String) {
    let (left, right) = range
        .split_once("...")
        .map(|(left, right)| (format!("{left}...{right}"), right))
        .or_else(|| range.split_once("..").map(|(left, right)| (left.to_owned(), right)))
        .unwrap_or((range.to_owned(), range));
    let named = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
    (named(&left), named(right))
}
