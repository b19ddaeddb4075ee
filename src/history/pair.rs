//! Two states of a model, read as far as they differ.

use super::entity_at::last_readable;
use super::models::Models;
use super::unreadable::{Unreadable, held, unreadable};
use super::workspace::{At, HistoryError, Workspace, in_conflict};
use crate::change::{ByForm, ChangeSet, Exactly, Policies};
use crate::document::Limits;
use crate::git::{ChangedFile, Repository, TreeFile};
use crate::load::{self, ModelScope, Version};
use crate::model::{Address, Model};
use crate::proof::Prover;
use crate::source::RawFile;
use std::collections::BTreeSet;
use std::mem::ManuallyDrop;
use std::sync::Arc;

/// From this many files on, delta bases are kept while they are read.
const CACHED_FROM: usize = 64;

/// What every file mentions that holds policy.
pub(super) const POLICY: &str = "policy";

/// The files in which two states differ.
#[derive(Debug, Clone, Default)]
pub struct Pair {
    /// The files of the first state.
    pub before: Vec<RawFile>,
    /// The files of the second.
    pub after: Vec<RawFile>,
}

/// The same, each file cut into its tables.
#[derive(Debug, Default)]
pub(super) struct Versions {
    pub(super) before: Vec<Arc<Version>>,
    pub(super) after: Vec<Arc<Version>>,
}

/// Two states as they were compared.
#[derive(Debug)]
pub struct Compared {
    /// What changed.
    pub changes: ChangeSet,
    /// The first model, as far as both can be read.
    pub before: Model,
    /// The second one.
    pub after: Model,
    /// The files that the first and the second state cannot read, each with what it is known to hold.
    pub unreadable: [Vec<Unreadable>; 2],
}

/// Two whole models, without the files that one of them cannot read.
pub(super) struct Whole {
    before: Model,
    after: Model,
    unreadable: [Vec<Unreadable>; 2],
}

impl Workspace {
    /// The files in which two states differ.
    ///
    /// # Errors
    /// The repository or the disk does not give them.
    pub fn pair(&self, from: &At, to: &At) -> Result<Pair, HistoryError> {
        let limit = self.limits.file_bytes;
        match (from, to) {
            (At::Commit(from), At::Commit(to)) => {
                let repository = self.repository()?;
                self.read(&repository.changed_files(Some(from), to, &self.folder)?)
            }
            (At::Nothing, At::Commit(to)) => {
                let repository = self.repository()?;
                self.read(&repository.changed_files(None, to, &self.folder)?)
            }
            (At::Commit(_) | At::Nothing, At::WorkTree) => {
                let repository = self.repository()?;
                let base = commit(from);
                let mut pair = Pair::default();
                for change in repository.work_changes(base, &self.folder, limit)? {
                    if let Some(file) = &change.before {
                        pair.before.push(repository.read(file, limit)?);
                    }
                    pair.after.extend(change.after);
                }
                Ok(pair)
            }
            (At::Commit(_) | At::Nothing, At::Index) => {
                let staged = self.repository()?.staged_changes(commit(from), &self.folder)?;
                let mut pair = self.read(&staged.changes)?;
                pair.after.extend(staged.conflicts.into_iter().map(in_conflict));
                Ok(pair)
            }
            _ => {
                let (mut before, mut after) = (self.files(from)?, self.files(to)?);
                let same: Vec<RawFile> =
                    before.iter().filter(|file| after.contains(file)).cloned().collect();
                before.retain(|file| !same.contains(file));
                after.retain(|file| !same.contains(file));
                Ok(Pair { before, after })
            }
        }
    }

    pub(super) fn read(&self, changed: &[ChangedFile]) -> Result<Pair, HistoryError> {
        // Many files share the bases of their deltas; few are read faster without a cache.
        let caching = (changed.len() > CACHED_FROM)
            .then(|| self.repository().map(Repository::for_pairs))
            .transpose()?;
        let repository = match &caching {
            Some(repository) => repository,
            None => self.repository()?,
        };
        let read = |file: Option<&TreeFile>, into: &mut Vec<RawFile>| {
            if let Some(file) = file {
                into.push(repository.read(file, self.limits.file_bytes)?);
            }
            Ok::<(), HistoryError>(())
        };
        let mut pair = Pair::default();
        for file in changed {
            read(file.before.as_ref(), &mut pair.before)?;
            read(file.after.as_ref(), &mut pair.after)?;
        }
        Ok(pair)
    }

    /// The levels of the policy in force at a state.
    ///
    /// # Errors
    /// The repository or the disk does not give the files.
    pub fn policies(&self, at: &At) -> Result<Policies, HistoryError> {
        let files = match at {
            At::Commit(commit) => self.top_files(self.repository()?, commit, POLICY)?,
            other => {
                let mut files = self.files(other)?;
                files.retain(|file| is_directly_in(&file.path, &self.folder));
                files
            }
        };
        Ok(Policies::of(&load::read(files, self.limits).model))
    }

    /// The whole model of a state, as far as it can be read.
    ///
    /// # Errors
    /// The repository or the disk does not give the files.
    pub fn model(&self, at: &At) -> Result<Model, HistoryError> {
        Ok(load::read(self.files(at)?, self.limits).model)
    }

    /// The files that can hold policy, or what the model as a whole says: those directly in the model's
    /// folder that mention a word. Whoever asks by what a change is judged finds it at once, and so does
    /// the tool.
    fn top_files(
        &self,
        repository: &Repository,
        commit: &crate::git::Commit,
        word: &str,
    ) -> Result<Vec<RawFile>, HistoryError> {
        let folder = repository.folder_tree(commit.tree, &self.folder)?;
        let files =
            folder.map(|tree| repository.files_directly_in(tree, &self.folder)).transpose()?;
        let files = files.unwrap_or_default();
        let limit = self.limits.file_bytes;
        let read = files.iter().map(|file| Ok(repository.read(file, limit)?));
        read.filter(|file| file.as_ref().map_or(true, |file| file.may_mention(word))).collect()
    }

    /// The version of the format that the model of `HEAD` is written in, where it is newer than this tool
    /// reads: what is said of it then may be wrong.
    ///
    /// # Errors
    /// The repository does not give the files.
    pub fn newer_format(&self) -> Result<Option<i64>, HistoryError> {
        let repository = self.maybe_repository();
        let head = repository.and_then(|it| Some((it, it.resolve("HEAD").ok()?)));
        let Some((repository, head)) = head else { return Ok(None) };
        let files = self.top_files(repository, &head, "format")?;
        Ok(load::read(files, self.limits).model.newer_format())
    }

    /// Compares two states: what was written otherwise, what follows from it, and what criteria
    /// mean for all records there can be; by form alone where nobody is there to prove it.
    ///
    /// # Errors
    /// The repository or the disk does not give the files.
    pub fn changes(
        &self,
        from: &At,
        to: &At,
        prover: Option<Prover>,
    ) -> Result<ChangeSet, HistoryError> {
        self.changes_judged(from, to, prover, &self.policies(from)?)
    }

    /// Compares two states as [`Workspace::changes`] does, judged by the policy of another one.
    ///
    /// # Errors
    /// The repository or the disk does not give the files.
    pub fn changes_judged(
        &self,
        from: &At,
        to: &At,
        prover: Option<Prover>,
        policies: &Policies,
    ) -> Result<ChangeSet, HistoryError> {
        let versions = Versions::from(self.pair(from, to)?);
        let models = ManuallyDrop::new(Models::read(&versions, self.limits));
        let mut changes = match prover {
            Some(prover) => self.exact_changes(&models, &versions, to, (prover, true), policies)?,
            None if models.ask_for_neighbours() => {
                let Whole { before, .. } = self.whole(&versions, to)?;
                let mut models = Models::clone(&models);
                models.add_neighbours(&before);
                models.changes(policies, &ByForm)
            }
            None => models.changes(policies, &ByForm),
        };
        changes.silence();
        models.say_not_checked(&mut changes);
        Ok(changes)
    }

    /// Compares two states for all records there can be, and gives the whole models of both as well, as
    /// far as both can be read.
    ///
    /// # Errors
    /// The repository or the disk does not give the files.
    pub fn changes_whole(
        &self,
        from: &At,
        to: &At,
        prover: Prover,
        policies: &Policies,
    ) -> Result<Compared, HistoryError> {
        let versions = Versions::from(self.pair(from, to)?);
        let models = Models::read(&versions, self.limits);
        let Whole { before, after, mut unreadable } = self.whole(&versions, to)?;
        let mut changes = if models.ask_for_more() {
            exactly(&models, (&before, &after), (prover, true), policies)
        } else {
            models.changes(policies, &ByForm)
        };
        changes.silence();
        models.say_not_checked(&mut changes);
        for (files, at) in unreadable.iter_mut().zip([from, to]) {
            let Some(commit) = commit(at) else { continue };
            for file in files {
                file.holds.extend(self.last_held(&file.path, commit)?);
            }
        }
        Ok(Compared { changes, before, after, unreadable })
    }

    /// The entities that a file held when it could last be read, from a commit back.
    fn last_held(
        &self,
        path: &str,
        commit: &crate::git::Commit,
    ) -> Result<Vec<Address>, HistoryError> {
        let last = last_readable(self, self.repository()?, path, commit)?;
        let last = last.map(|(_, _, file)| load::read(vec![file], self.limits).model);
        Ok(last.iter().flat_map(Model::entities).map(|entity| entity.address.clone()).collect())
    }

    /// What changed, for all records there can be, and what follows from it where that is asked; the
    /// whole models are read only where that depends on more than what differs.
    pub(super) fn exact_changes(
        &self,
        models: &Models,
        versions: &Versions,
        to: &At,
        prover: (Prover, bool),
        policies: &Policies,
    ) -> Result<ChangeSet, HistoryError> {
        if !models.ask_for_more() {
            return Ok(models.changes(policies, &ByForm));
        }
        let Whole { before, after, .. } = self.whole(versions, to)?;
        Ok(exactly(models, (&before, &after), prover, policies))
    }

    /// The whole models of a pair, as far as they can be read: what both share is read once.
    pub(super) fn whole(&self, versions: &Versions, to: &At) -> Result<Whole, HistoryError> {
        let all = self.files(to)?;
        let changed: BTreeSet<&str> = versions.after.iter().map(|version| version.path()).collect();
        let shared = all.iter().filter(|file| !changed.contains(file.path.as_str()));
        let gone = versions.before.iter().map(|version| version.file());
        let mut before: Vec<RawFile> = shared.cloned().chain(gone).collect();
        // Of two files that declare one thing the first counts, on both sides.
        before.sort_by(|one, other| one.path.cmp(&other.path));
        let (before, after) = (load::read(before, self.limits), load::read(all, self.limits));
        // What a file says that can be read only in part is not known, on either side.
        let mut unreadable = [unreadable(&before.findings), unreadable(&after.findings)];
        for file in unreadable.iter_mut().flatten() {
            file.holds = held(&file.path, [&before.model, &after.model]);
        }
        let broken = unreadable.iter().flatten().map(|file| file.path.as_str()).collect();
        let before = before.model.without_files(&broken);
        let after = after.model.without_files(&broken);
        Ok(Whole { before, after, unreadable })
    }
}

/// What changed between two whole models, of which the first ones hold what differs, and where it is
/// asked what follows from it.
fn exactly(
    models: &Models,
    (before, after): (&Model, &Model),
    (prover, follows): (Prover, bool),
    policies: &Policies,
) -> ChangeSet {
    let scopes = (ModelScope::of_part(before), ModelScope::of_part(after));
    let exactly = Exactly { prover, before: &scopes.0, after: &scopes.1 };
    let mut changes = if models.ask_for_neighbours() {
        let mut models = models.clone();
        models.add_neighbours(before);
        models.changes(policies, &exactly)
    } else {
        models.changes(policies, &exactly)
    };
    if follows {
        changes.add_indirect(&exactly, policies);
    }
    changes
}

impl From<Pair> for Versions {
    fn from(pair: Pair) -> Self {
        let versions = |files: Vec<RawFile>| -> Vec<Arc<Version>> {
            files.into_iter().map(|file| Arc::new(file.into())).collect()
        };
        Self { before: versions(pair.before), after: versions(pair.after) }
    }
}

impl Pair {
    /// What changed between the files of both sides by form alone, with nothing else of the model
    /// at hand: neither its policy nor what criteria refer to.
    pub fn changes(self, limits: Limits) -> ChangeSet {
        let models = Models::read(&self.into(), limits);
        let mut changes = models.changes(&Policies::default(), &ByForm);
        models.say_not_checked(&mut changes);
        changes
    }

    /// What changed between the files of both sides for all records there can be, beside the other
    /// files of a model, which are the same on both sides; without what follows from it, and without
    /// a policy. None where the answer would need none of them, or where they declare as well what
    /// these files do.
    pub fn changes_beside(
        &self,
        others: &[RawFile],
        prover: Prover,
        limits: Limits,
    ) -> Option<ChangeSet> {
        let models = Models::read(&self.clone().into(), limits);
        if !models.ask_for_more() {
            return None;
        }
        let beside = load::read(others.to_vec(), limits).model;
        let mut own = models.before.entities().chain(models.after.entities());
        if own.any(|entity| beside.get(entity.address.as_str()).is_some()) {
            return None;
        }
        let whole = |files: &[RawFile]| {
            let loaded = load::read([files, others].concat(), limits);
            let broken = unreadable(&loaded.findings);
            let broken = broken.iter().map(|file| file.path.as_str()).collect();
            loaded.model.without_files(&broken)
        };
        let (before, after) = (whole(&self.before), whole(&self.after));
        let policies = Policies::default();
        let mut changes = exactly(&models, (&before, &after), (prover, false), &policies);
        models.say_not_checked(&mut changes);
        Some(changes)
    }
}

fn commit(at: &At) -> Option<&crate::git::Commit> {
    match at {
        At::Commit(commit) => Some(commit),
        _ => None,
    }
}

/// Whether a file stands directly in a folder; an empty folder is the root.
fn is_directly_in(path: &str, folder: &str) -> bool {
    let below = if folder.is_empty() {
        Some(path)
    } else {
        path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'))
    };
    below.is_some_and(|below| !below.contains('/'))
}

#[cfg(test)]
mod tests {
    use crate::artifact::EXAMPLE;
    use crate::change::{ByForm, Policies, compare};
    use crate::document::Limits;
    use crate::load::{read, read_differing};
    use crate::source::{RawContent, RawFile};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn example() -> Vec<RawFile> {
        let file = |artifact: &crate::artifact::Artifact| RawFile {
            path: artifact.path.to_owned(),
            content: RawContent::Bytes(artifact.text.as_bytes().to_vec()),
        };
        EXAMPLE.iter().map(file).collect()
    }

    /// What is found, in no order: that goes by the impact, which may rest on what did not change and is
    /// read beside it where it does.
    fn changes(before: &crate::model::Model, after: &crate::model::Model) -> BTreeSet<String> {
        let found = compare(before, after, &Policies::default(), &ByForm);
        found.changes.iter().map(|c| format!("{} {}", c.fingerprint, c.summary)).collect()
    }

    /// A line of a file, taken out, doubled, swapped with the next, or changed in its digits.
    fn edited(text: &str, line: usize, how: u8) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let at = line % lines.len();
        match how % 4 {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            2 if at + 1 < lines.len() => lines.swap(at, at + 1),
            _ => lines[at] = lines[at].replace(['0', '2', '5'], "7"),
        }
        lines.join("\n") + "\n"
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]
        #[test]
        fn reading_only_what_differs_finds_the_same(
            edits in prop::collection::vec((any::<usize>(), any::<usize>(), any::<u8>()), 1..5)
        ) {
            let before = example();
            let mut after = before.clone();
            for (file, line, how) in edits {
                let count = after.len();
                let file = &mut after[file % count];
                let RawContent::Bytes(bytes) = &file.content else { continue };
                let text = edited(std::str::from_utf8(bytes).unwrap(), line, how);
                file.content = RawContent::Bytes(text.into_bytes());
            }
            let limits = Limits::default();
            let full = (read(before.clone(), limits), read(after.clone(), limits));
            // What a broken file says is not compared at all.
            prop_assume!(full.1.findings.is_empty());
            let part = read_differing(before, after, limits);
            prop_assert_eq!(
                changes(&full.0.model, &full.1.model),
                changes(&part.0.model, &part.1.model)
            );
        }
    }
}
