//! The main line: the chain of first parents, and the stretch of it that a period takes.

use super::entry::Judged;
use super::judge::{instant, who};
use super::population::{Class, Completeness, Ground, Period, Population, Row, Totals};
use crate::git::{Commit, WalkOptions};
use crate::history::{HistoryError, PullRequest, Workspace};
use crate::model::Pattern;

/// What somebody asks of the history.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The tip of the main line.
    pub tip: &'a Commit,
    /// The first instant, in seconds since 1970-01-01 UTC; from the beginning where none is given.
    pub since: Option<i64>,
    /// The last instant.
    pub until: i64,
    /// How many days before an end are near it.
    pub days: u32,
    /// The steps that one question to the prover may take.
    pub budget: u64,
    /// Only what stands at or below these addresses, under the names of the end or earlier ones.
    pub addresses: &'a [Pattern],
    /// Whether what earlier runs found out is taken as it is, and what is found out is kept.
    pub remembers: bool,
    /// Told how many commits have been judged.
    pub progress: &'a dyn Fn(usize),
}

impl Question<'_> {
    /// Whether a commit of the main line was recorded before the period.
    pub(super) fn is_before(&self, commit: &Commit) -> bool {
        self.since.is_some_and(|since| commit.committer_time.seconds < since)
    }
}

/// The commits of the main line in a period, and what came before.
pub(super) struct Chain {
    /// The commits of the period, newest first.
    pub(super) commits: Vec<Commit>,
    /// The one in force at the start.
    pub(super) start: Option<Commit>,
    /// How many commits are dated after the one that follows them.
    out_of_order: usize,
    contiguous: bool,
}

impl Chain {
    /// The stretch that a question is about: from the newest commit that is not dated after its end
    /// back to the oldest that is not dated before its beginning. What stands between two of its
    /// commits belongs to it, whatever its clock said, so that no date can hide what came before.
    pub(super) fn of(workspace: &Workspace, question: &Question<'_>) -> Result<Self, HistoryError> {
        let mut chain =
            Self { commits: Vec::new(), start: None, out_of_order: 0, contiguous: true };
        let mut within = 0;
        for commit in main_line(workspace, question.tip)? {
            let commit = commit?;
            if chain.commits.is_empty() && commit.committer_time.seconds > question.until {
                continue;
            }
            chain.commits.push(commit);
            if chain.commits.last().is_some_and(|commit| !question.is_before(commit)) {
                within = chain.commits.len();
            }
        }
        chain.start = chain.commits.get(within).cloned();
        chain.commits.truncate(within);
        let all = || chain.commits.iter().chain(&chain.start);
        for (newer, older) in all().zip(all().skip(1)) {
            chain.contiguous &= is_parent(older, Some(newer));
            let late = newer.committer_time.seconds < older.committer_time.seconds;
            chain.out_of_order += usize::from(late);
        }
        Ok(chain)
    }

    /// The commit in force at the end: the newest of the period, or where nothing was recorded in
    /// it, the one at the start.
    pub(super) fn end(&self) -> Option<&Commit> {
        self.commits.first().or(self.start.as_ref())
    }

    /// The oldest commit that is known to belong to it, the start left out.
    pub(super) fn oldest(&self) -> Option<&Commit> {
        self.commits.last()
    }

    /// With which model the end is compared: that at the start, or where there was none yet, the
    /// first one there is.
    pub(super) fn baseline(&self, workspace: &Workspace) -> Result<Option<Commit>, HistoryError> {
        for commit in self.start.iter().chain(self.commits.iter().rev()) {
            if workspace.has_files(commit)? {
                return Ok(Some(commit.clone()));
            }
        }
        Ok(None)
    }

    /// The period as it came out.
    pub(super) fn period(
        &self,
        workspace: &Workspace,
        question: &Question<'_>,
        baseline: Option<&Commit>,
    ) -> Period {
        let id = |commit: &Commit| commit.id.to_string();
        Period {
            since: question.since.map(instant),
            until: instant(question.until),
            tip: id(question.tip),
            end: self.end().map(id),
            start: self.start.as_ref().map(id),
            compared_with: baseline.map(id),
            folder: workspace.folder_name().to_owned(),
        }
    }

    /// The population, with what each commit was found to be.
    pub(super) fn population(
        &self,
        workspace: &Workspace,
        judged: &[Judged],
    ) -> Result<Population, HistoryError> {
        let rows: Vec<Row> =
            self.commits.iter().zip(judged).map(|(commit, judged)| row(commit, judged)).collect();
        let mut totals = totals(&rows);
        totals.silenced = judged.iter().map(|judged| judged.silenced).sum();
        let completeness = self.completeness(workspace)?;
        Ok(Population { rows, totals, completeness, anchors: Vec::new() })
    }

    fn completeness(&self, workspace: &Workspace) -> Result<Completeness, HistoryError> {
        let repository = workspace.repository()?;
        let cut_off = self.commits.iter().find(|commit| commit.boundary);
        let is_root = |commit: &Commit| commit.parents.is_empty() && !commit.boundary;
        Ok(Completeness {
            complete: self.contiguous && cut_off.is_none(),
            contiguous: self.contiguous,
            reaches_root: self.start.as_ref().or(self.oldest()).is_some_and(is_root),
            reaches_start: self.start.is_some(),
            shallow: repository.is_shallow(),
            cut_off_at: cut_off.map(|commit| commit.id.to_string()),
            out_of_order: self.out_of_order,
            replace_refs: repository.replaced()?,
            grafts: repository.has_grafts(),
        })
    }
}

/// The commits from a tip back along first parents.
pub(super) fn main_line(
    workspace: &Workspace,
    tip: &Commit,
) -> Result<impl Iterator<Item = Result<Commit, HistoryError>>, HistoryError> {
    let options = WalkOptions { tips: vec![tip.id], first_parent: true, ..WalkOptions::default() };
    let walk = workspace.repository()?.walk(options);
    Ok(walk.map(|commit| commit.map_err(HistoryError::from)))
}

fn is_parent(commit: &Commit, follows: Option<&Commit>) -> bool {
    follows.is_none_or(|next| next.parents.first() == Some(&commit.id))
}

fn row(commit: &Commit, judged: &Judged) -> Row {
    Row {
        commit: commit.id.to_string(),
        parents: commit.parents.iter().map(ToString::to_string).collect(),
        tree: commit.tree.to_string(),
        record_time: instant(commit.committer_time.seconds),
        author: who(&commit.author),
        committer: who(&commit.committer),
        subject: commit.subject.clone(),
        merge: commit.parents.len() > 1,
        pull_request: PullRequest::of(&commit.message).map(|request| request.to_string()),
        class: judged.class,
        changes: judged.entries.len(),
        cosmetic: judged.cosmetic,
        signed: commit.signed,
        touches: judged.touches.clone(),
    }
}

fn totals(rows: &[Row]) -> Totals {
    let of = |class: Class| rows.iter().filter(|row| row.class == class).count();
    let (not_touching, cut_off) = (of(Class::NotTouching), of(Class::CutOff));
    let on = |ground: Ground| rows.iter().filter(|row| row.touches.contains(&ground)).count();
    Totals {
        commits: rows.len(),
        touching: rows.len() - not_touching - cut_off,
        cosmetic: of(Class::Cosmetic),
        with_changes: rows.iter().filter(|row| row.changes > 0).count(),
        unreadable: of(Class::Unreadable),
        cut_off,
        merges: rows.iter().filter(|row| row.merge).count(),
        changes: rows.iter().map(|row| row.changes).sum(),
        silenced: 0,
        touching_approvals: on(Ground::Approvals),
        touching_names: on(Ground::Names),
    }
}
