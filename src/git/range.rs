//! Ranges of revisions, the common ancestor of two commits, and the commit of a date.

use super::walk::{WalkOptions, WalkOrder};
use super::{Commit, GitError, ObjectId, Repository};

/// What a range of revisions means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Range {
    /// One revision, `A`.
    Single(Commit),
    /// `A..B`, from A to B.
    Between {
        /// A.
        from: Box<Commit>,
        /// B.
        to: Box<Commit>,
    },
    /// `A...B`, from where A and B parted.
    Symmetric {
        /// A.
        left: Box<Commit>,
        /// B.
        right: Box<Commit>,
        /// The best common ancestor.
        base: Box<Commit>,
        /// All best common ancestors; more than one after merges in both directions.
        bases: Vec<ObjectId>,
    },
}

impl Range {
    /// The commit a difference starts from; none for a single revision.
    pub fn before(&self) -> Option<&Commit> {
        match self {
            Self::Single(_) => None,
            Self::Between { from, .. } => Some(from),
            Self::Symmetric { base, .. } => Some(base),
        }
    }

    /// The commit a difference leads to.
    pub fn after(&self) -> &Commit {
        match self {
            Self::Single(commit) => commit,
            Self::Between { to, .. } => to,
            Self::Symmetric { right, .. } => right,
        }
    }

    /// The walk over the commits of the range, newest first.
    pub fn walk_options(&self) -> WalkOptions {
        let (tips, hide) = match self {
            Self::Single(commit) => (vec![commit.id], Vec::new()),
            Self::Between { from, to } => (vec![to.id], vec![from.id]),
            Self::Symmetric { left, right, bases, .. } => (vec![left.id, right.id], bases.clone()),
        };
        WalkOptions { tips, hide, ..WalkOptions::default() }
    }
}

impl Repository {
    /// A range as Git writes it: `A..B`, `A...B`, `A^!` or a single revision; an empty side is `HEAD`.
    pub fn parse_range(&self, spec: &str) -> Result<Range, GitError> {
        if let Some(single) = spec.strip_suffix("^!") {
            let to = self.resolve(single)?;
            let from = self.resolve(&format!("{single}^1"))?;
            return Ok(Range::Between { from: Box::new(from), to: Box::new(to) });
        }
        let Some((left, right, symmetric)) = split_range(spec) else {
            return self.resolve(spec).map(Range::Single);
        };
        let side = |name: &str| self.resolve(if name.is_empty() { "HEAD" } else { name });
        let (left_commit, right_commit) = (side(left)?, side(right)?);
        if !symmetric {
            let (from, to) = (Box::new(left_commit), Box::new(right_commit));
            return Ok(Range::Between { from, to });
        }
        let bases = self.merge_bases(left_commit.id, right_commit.id)?;
        let Some(base) = bases.first() else {
            return Err(GitError::NoMergeBase { left: left.to_owned(), right: right.to_owned() });
        };
        Ok(Range::Symmetric {
            left: Box::new(left_commit),
            right: Box::new(right_commit),
            base: Box::new(self.commit(*base)?),
            bases,
        })
    }

    /// The best common ancestor of two commits; none where they share no history.
    pub fn merge_base(&self, a: ObjectId, b: ObjectId) -> Result<Option<Commit>, GitError> {
        let bases = self.merge_bases(a, b)?;
        bases.first().map(|base| self.commit(*base)).transpose()
    }

    /// All best common ancestors of two commits.
    ///
    /// Where a shallow clone ends before any is found, that is the error: there may be one.
    pub fn merge_bases(&self, a: ObjectId, b: ObjectId) -> Result<Vec<ObjectId>, GitError> {
        let found = self.inner.merge_bases_many(a, &[b.into()]);
        let beyond = || GitError::Shallow {
            wanted: format!("the common ancestor of {} and {}", a.short(), b.short()),
        };
        match found {
            Ok(bases) if bases.is_empty() && self.is_shallow() => Err(beyond()),
            Ok(bases) => Ok(bases.into_iter().map(|id| id.detach().into()).collect()),
            Err(error) if self.is_shallow() && error.is_not_found() => Err(beyond()),
            Err(error) => Err(GitError::git("find the common ancestor", &error)),
        }
    }

    /// What was in force at an instant: the newest commit from `tip` back that was recorded no later.
    ///
    /// Along first parents the way back from the tip decides, not the dates: the first commit on it
    /// that was recorded no later is the one, even where a clock was wrong and one behind it bears a
    /// later date. What stands before it on the way was not there yet, by its own date.
    ///
    /// None where all of the history is younger.
    pub fn commit_at_date(
        &self,
        tip: ObjectId,
        seconds: i64,
        first_parent: bool,
    ) -> Result<Option<Commit>, GitError> {
        let order = WalkOrder::NewestFirst;
        let tips = vec![tip];
        let options = WalkOptions { tips, first_parent, order, ..WalkOptions::default() };
        let mut cut_off = false;
        for commit in self.walk(options) {
            let commit = commit?;
            if commit.committer_time.seconds <= seconds {
                return Ok(Some(commit));
            }
            cut_off |= commit.boundary;
        }
        if cut_off {
            let wanted = format!("what was in force at that time on {}", tip.short());
            return Err(GitError::Shallow { wanted });
        }
        Ok(None)
    }

    /// The commit behind which everything stands that was recorded on the main line of a tip at an instant
    /// or later: also what bears an earlier date though it came after, because a clock was wrong.
    ///
    /// None where the main line begins with such a commit, as far as it is here.
    pub fn commit_before_date(
        &self,
        tip: ObjectId,
        seconds: i64,
    ) -> Result<Option<ObjectId>, GitError> {
        let tips = vec![tip];
        let options = WalkOptions { tips, first_parent: true, ..WalkOptions::default() };
        let mut before = Some(tip);
        for commit in self.walk(options) {
            let commit = commit?;
            if commit.committer_time.seconds >= seconds {
                before = commit.parents.first().filter(|_| !commit.boundary).copied();
            }
        }
        Ok(before)
    }
}

/// The two sides of a range and whether it has three dots; dots inside braces or `:/words` are text.
fn split_range(spec: &str) -> Option<(&str, &str, bool)> {
    if spec.starts_with(":/") {
        return None;
    }
    let mut depth = 0_usize;
    let dots = spec.char_indices().find_map(|(at, character)| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '.' if depth == 0 && spec.get(at..).is_some_and(|rest| rest.starts_with("..")) => {
                return Some(at);
            }
            _ => {}
        }
        None
    })?;
    let (left, rest) = spec.split_at_checked(dots)?;
    match rest.strip_prefix("...") {
        Some(right) => Some((left, right, true)),
        None => Some((left, rest.strip_prefix("..")?, false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_ranges_at_dots_outside_braces() {
        assert_eq!(split_range("a..b"), Some(("a", "b", false)));
        assert_eq!(split_range("a...b"), Some(("a", "b", true)));
        assert_eq!(split_range(".."), Some(("", "", false)));
        assert_eq!(split_range("...b"), Some(("", "b", true)));
        assert_eq!(split_range("v1.0"), None);
        assert_eq!(split_range("main@{1..2}"), None);
        assert_eq!(split_range("main@{now}..b"), Some(("main@{now}", "b", false)));
        assert_eq!(split_range(":/a..b"), None);
    }
}
