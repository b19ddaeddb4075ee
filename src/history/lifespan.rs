//! What became of an address: when it came, when it went, and what it was called meanwhile.

use super::entity_at::{compared, former_address};
use super::workspace::{At, HistoryError, Workspace};
use crate::change::Change;
use crate::git::{Commit, GitError, ObjectId, Repository, TreeFile, WalkOptions};
use crate::load;
use crate::model::Model;
use crate::source::RawFile;

/// What is known of an address that names nothing at some commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is what had this name then.
    CalledThen(String),
    /// It came later, with a commit.
    Came(Box<Commit>),
    /// It was there before, and a commit took it away.
    Went(Box<Commit>),
    /// It was there before, and a commit gave it another name.
    Renamed(Box<Commit>, String),
}

/// What became of an address that names nothing at a commit of the main line of `tip`: first what
/// lies before that commit, then what lies behind it.
///
/// # Errors
/// The repository does not give its history.
pub fn fates(
    workspace: &Workspace,
    tip: &Commit,
    state: &Commit,
    address: &str,
) -> Result<Vec<Fate>, HistoryError> {
    let repository = workspace.repository()?.for_walking();
    let history = History { workspace, repository, address };
    let mut fates: Vec<Fate> = history.before(state)?.into_iter().collect();
    fates.extend(history.behind(tip, state)?);
    Ok(fates)
}

struct History<'w> {
    workspace: &'w Workspace,
    repository: Repository,
    address: &'w str,
}

impl History<'_> {
    /// The commits of a main line, newest first.
    fn commits(&self, tip: ObjectId) -> impl Iterator<Item = Result<Commit, GitError>> + '_ {
        let options = WalkOptions { tips: vec![tip], first_parent: true, ..WalkOptions::default() };
        self.repository.walk(options)
    }

    /// What a commit changed, by form, where a file that it touched names what is looked for.
    fn changes(&self, commit: &Commit, name: &str) -> Result<Vec<Change>, HistoryError> {
        if commit.boundary {
            return Ok(Vec::new());
        }
        let parent = commit.parents.first().map(|id| self.repository.commit(*id)).transpose()?;
        let folder = &self.workspace.folder;
        let changed = self.repository.changed_files(parent.as_ref(), commit, folder)?;
        let limit = self.workspace.limits.file_bytes;
        let read = |file: Option<&TreeFile>| file.map(|file| self.repository.read(file, limit));
        let before = changed.iter().filter_map(|file| read(file.before.as_ref()));
        let before: Vec<RawFile> = before.collect::<Result<_, _>>()?;
        let after = changed.iter().filter_map(|file| read(file.after.as_ref()));
        let after: Vec<RawFile> = after.collect::<Result<_, _>>()?;
        let last = name.rsplit('.').next().unwrap_or(name);
        if !before.iter().chain(&after).any(|file| file.may_mention(last)) {
            return Ok(Vec::new());
        }
        let (before, after) = load::read_differing(before, after, self.workspace.limits);
        Ok(compared(&before, &after))
    }

    /// Who took it away before a commit, or gave it another name.
    fn before(&self, state: &Commit) -> Result<Option<Fate>, HistoryError> {
        for commit in self.commits(state.id) {
            let commit = commit?;
            for change in self.changes(&commit, self.address)? {
                if went(&change, self.address) {
                    return Ok(Some(Fate::Went(Box::new(commit))));
                }
                if let Some(now) = called_now(&change, self.address) {
                    return Ok(Some(Fate::Renamed(Box::new(commit), now)));
                }
            }
        }
        Ok(None)
    }

    /// When it came after a commit, or what it was called at that commit; followed back from the
    /// tip, or from where it went or was renamed before the tip.
    fn behind(&self, tip: &Commit, state: &Commit) -> Result<Option<Fate>, HistoryError> {
        let at = At::Commit(Box::new(tip.clone()));
        let model: Model = self.workspace.excerpt(&at, self.address)?.model;
        let mut name = model.part(self.address).map(|_| self.address.to_owned());
        let mut came = None;
        for commit in self.commits(tip.id) {
            let commit = commit?;
            if commit.id == state.id {
                let then = name.filter(|then| then != self.address);
                return Ok(then.map(Fate::CalledThen).or(came));
            }
            let changes = self.changes(&commit, name.as_deref().unwrap_or(self.address))?;
            name = match name {
                Some(now) if changes.iter().any(|change| is_new(change, &now)) => {
                    came = Some(Fate::Came(Box::new(commit)));
                    None
                }
                Some(now) => Some(former_address(&now, &changes)),
                None => {
                    let left = |change: &Change| {
                        went(change, self.address) || called_now(change, self.address).is_some()
                    };
                    changes.iter().any(left).then(|| self.address.to_owned())
                }
            };
        }
        // The commit is not on the main line of the tip.
        Ok(None)
    }
}

fn is_within(address: &str, whole: &str) -> bool {
    address.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn is_new(change: &Change, address: &str) -> bool {
    change.base.is_none() && is_within(address, change.address.as_str())
}

fn went(change: &Change, address: &str) -> bool {
    change.head.is_none() && is_within(address, change.address.as_str())
}

/// What a rename calls an address from then on.
fn called_now(change: &Change, address: &str) -> Option<String> {
    let previous = change.previous.as_ref().filter(|_| change.is_rename())?;
    is_within(address, previous.as_str()).then_some(())?;
    let rest = address.strip_prefix(previous.as_str())?;
    Some(format!("{}{rest}", change.address))
}
