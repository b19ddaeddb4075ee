//! Many commits judged: what earlier runs found out is taken as it is, the rest is shared among threads.

use super::entry::Judged;
use super::judge::Judge;
use crate::change::SCHEME;
use crate::git::{Commit, Journal};
use crate::history::{Crew, HistoryError, Workspace};

/// Counts changes of what is kept of a commit, and of how it is judged.
const REVISION: u32 = 9;
/// Fewer commits than this are not worth another thread.
const WORTH_A_THREAD: usize = 24;
/// So many are judged before what was found is written down and the progress is told.
const TOGETHER: usize = 1_024;

/// Whoever judges, and remembers.
pub(super) struct Court<'w> {
    crew: Crew<'w, Commit, Result<Judged, HistoryError>>,
    journal: Option<Journal>,
}

impl<'w> Court<'w> {
    /// Judges with so many steps for a question to the prover; whether earlier runs are asked.
    pub(super) fn new(
        workspace: &'w Workspace,
        budget: u64,
        remembers: bool,
    ) -> Result<Self, HistoryError> {
        let journal = journal(workspace, &format!("judged {REVISION}"), budget, remembers)?;
        let crew = Crew::new(move || {
            let mut judge = Judge::new(workspace, budget)?;
            Ok(Box::new(move |commit: Commit| judge.judge(&commit)))
        });
        Ok(Self { crew, journal })
    }

    /// Judges commits, in the order they come; something is told how many are done.
    pub(super) fn judge_all(
        &mut self,
        commits: &[Commit],
        progress: &dyn Fn(usize),
    ) -> Result<Vec<Judged>, HistoryError> {
        let mut all = Vec::with_capacity(commits.len());
        for stretch in commits.chunks(TOGETHER) {
            all.extend(self.stretch(stretch)?);
            progress(all.len());
        }
        Ok(all)
    }

    fn stretch(&mut self, commits: &[Commit]) -> Result<Vec<Judged>, HistoryError> {
        let known = |commit: &Commit| read(self.journal.as_ref()?.get(commit.id)?, commit);
        let mut answers: Vec<Option<Judged>> = commits.iter().map(known).collect();
        let open: Vec<usize> =
            answers.iter().enumerate().filter(|(_, it)| it.is_none()).map(|(at, _)| at).collect();
        let jobs = open.iter().filter_map(|at| commits.get(*at)).cloned().collect();
        let found = self.crew.each(jobs, WORTH_A_THREAD)?;
        for (at, judged) in open.into_iter().zip(found) {
            let judged = judged?;
            if let (Some(journal), Some(commit)) = (&mut self.journal, commits.get(at))
                && let Ok(bytes) = postcard::to_stdvec(&judged)
            {
                journal.put(commit.id, bytes);
            }
            if let Some(answer) = answers.get_mut(at) {
                *answer = Some(judged);
            }
        }
        if let Some(journal) = &mut self.journal {
            journal.save();
        }
        Ok(answers.into_iter().flatten().collect())
    }
}

/// What earlier runs found out of something, where they are asked.
pub(super) fn journal(
    workspace: &Workspace,
    what: &str,
    budget: u64,
    remembers: bool,
) -> Result<Option<Journal>, HistoryError> {
    let repository = workspace.repository()?;
    let version = env!("CARGO_PKG_VERSION");
    let (folder, limits) = (&workspace.folder, workspace.limits);
    let ledger = workspace.ledger_folder();
    let key = format!("{what} {version} {SCHEME} {budget} {limits:?} {folder} {ledger}");
    // What was not fetched may be there next time.
    let partial = repository.is_shallow() || repository.is_partial();
    Ok((remembers && !partial).then(|| repository.journal(&key)))
}

/// What was kept of a commit; none where it is not what was written.
fn read(bytes: &[u8], commit: &Commit) -> Option<Judged> {
    let (judged, rest) = postcard::take_from_bytes::<Judged>(bytes).ok()?;
    (rest.is_empty() && judged.commit == commit.id.to_string()).then_some(judged)
}
