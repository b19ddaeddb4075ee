//! Since when an entity means what it means.
//!
//! The walk goes back along the file that holds the entity: where a parent has the same file, what
//! the entity says came from there, and nothing of it is read. Only a commit that touched the file
//! is compared with its parents.

use super::exact::Proved;
use super::excerpt::entity_address;
use super::unreadable::{is_readable, unreadable};
use super::workspace::{At, HistoryError, Workspace};
use crate::change::{ByForm, Change, ChangeSet, Fingerprint, Policies, compare};
use crate::git::{ChangedFile, Commit, Mailmap, ObjectId, Repository, TreeFile, WalkOptions};
use crate::load::{self, Loaded};
use crate::model::Pattern;
use crate::source::RawFile;
use std::collections::BTreeSet;

/// The commit that last changed an entity's meaning, and what it changed.
#[derive(Debug)]
pub struct Introduced {
    /// The commit.
    pub commit: Commit,
    /// Its changes of the entity, those of form left out.
    pub changes: Vec<Change>,
}

/// The newest commit up to `tip` that changed what an address means there; none where the history
/// that was fetched does not say, or the address names nothing at `tip`. The file it probably
/// stands in spares looking for it.
///
/// A line of history whose version of the file did not survive a merge is not followed: what it
/// changed is not in force.
///
/// # Errors
/// The repository does not give what is asked of it.
pub fn last_change(
    workspace: &Workspace,
    tip: &Commit,
    address: &str,
    probably_in: &str,
) -> Result<Option<Introduced>, HistoryError> {
    let repository = workspace.repository()?.for_walking();
    let entity = entity_address(address);
    let limit = workspace.limits.file_bytes;
    let near = repository.file_at(tip, probably_in, limit)?;
    let near = load::read(near.into_iter().collect(), workspace.limits);
    if !unreadable(&near.findings).is_empty() {
        // What is in force there is not known for certain, and so not who made it so.
        return Ok(None);
    }
    let path = if near.model.get(entity).is_some() {
        probably_in.to_owned()
    } else {
        let at = At::Commit(Box::new(tip.clone()));
        let model = workspace.excerpt(&at, address)?.model;
        let Some(entity) = model.get(entity) else { return Ok(None) };
        entity.source.path().to_owned()
    };
    let way = repository.way(tip.tree, &path, &[])?;
    let line = Line { commit: tip.clone(), address: address.to_owned(), path, way };
    let mailmap = repository.mailmap();
    let found = Search { workspace, repository, mailmap, open: vec![line] }.run()?;
    let Some(Introduced { commit, changes }) = found else { return Ok(None) };
    let changes = Proved::new(workspace, false)?.told(&commit, changes)?;
    Ok(Some(Introduced { commit, changes }))
}

/// A line of history on which an entity stands at some commit, under some address, in some file.
#[derive(Debug, Clone)]
struct Line {
    commit: Commit,
    address: String,
    path: String,
    /// What stands along the path in the commit.
    way: Vec<ObjectId>,
}

/// What a commit did to an entity, against one of its parents.
struct Against {
    /// The changes that are more than form.
    changes: Vec<Change>,
    /// Where the entity stands in the parent; nowhere if it is new.
    before: Option<Line>,
}

struct Search<'w> {
    workspace: &'w Workspace,
    repository: Repository,
    mailmap: Mailmap,
    open: Vec<Line>,
}

impl Search<'_> {
    fn run(&mut self) -> Result<Option<Introduced>, HistoryError> {
        while let Some(line) = self.newest() {
            if let Some(changes) = self.step(&line)? {
                let mut commit = line.commit;
                commit.author = self.mailmap.current(&commit.author);
                return Ok(Some(Introduced { commit, changes }));
            }
        }
        Ok(None)
    }

    /// The open line whose commit was recorded last.
    fn newest(&mut self) -> Option<Line> {
        let seconds = |line: &Line| line.commit.committer_time.seconds;
        let newest = self.open.iter().map(seconds).max()?;
        let at = self.open.iter().position(|line| seconds(line) == newest)?;
        Some(self.open.remove(at))
    }

    /// The changes of a commit, if it is the one; otherwise its parents are looked at later.
    fn step(&mut self, line: &Line) -> Result<Option<Vec<Change>>, HistoryError> {
        let commit = &line.commit;
        if commit.boundary {
            return Ok(None);
        }
        let mut parents = Vec::with_capacity(commit.parents.len());
        for parent in &commit.parents {
            let parent = self.repository.commit(*parent)?;
            let way = self.repository.way(parent.tree, &line.path, &line.way)?;
            if way.last() == line.way.last() && way.len() == line.way.len() {
                self.follow(Line { commit: parent, way, ..line.clone() });
                return Ok(None);
            }
            parents.push((parent, way));
        }
        let mut against = Vec::new();
        if parents.is_empty() {
            against.push(self.first(line)?);
        }
        for (parent, way) in parents {
            against.push(self.against(line, parent, way)?);
        }
        Ok(self.weigh(against))
    }

    /// The changes against every parent; without any, the lines they came from are followed.
    fn weigh(&mut self, against: Vec<Against>) -> Option<Vec<Change>> {
        if let Some(same) = against.iter().position(|one| one.changes.is_empty()) {
            // What is the same as in one parent came from there.
            let same = against.into_iter().nth(same);
            if let Some(line) = same.and_then(|one| one.before) {
                self.follow(line);
            }
            return None;
        }
        let mut all = against.iter();
        let mut changes = all.next()?.changes.clone();
        for other in all {
            let theirs: BTreeSet<&Fingerprint> =
                other.changes.iter().map(|change| &change.fingerprint).collect();
            changes.retain(|change| theirs.contains(&change.fingerprint));
        }
        if !changes.is_empty() {
            return Some(changes);
        }
        for line in against.into_iter().filter_map(|one| one.before) {
            self.follow(line);
        }
        None
    }

    fn follow(&mut self, line: Line) {
        let known =
            |other: &Line| other.commit.id == line.commit.id && other.address == line.address;
        if !self.open.iter().any(known) {
            self.open.push(line);
        }
    }

    /// The first commit of all: everything in the file is new.
    fn first(&self, line: &Line) -> Result<Against, HistoryError> {
        let limit = self.workspace.limits.file_bytes;
        let file = self.repository.file_at(&line.commit, &line.path, limit)?;
        let after = load::read(file.into_iter().collect(), self.workspace.limits);
        Ok(Against { changes: kept(line, compared(&Loaded::default(), &after)), before: None })
    }

    /// What a commit did against a parent in which the file is another.
    fn against(
        &self,
        line: &Line,
        parent: Commit,
        way: Vec<ObjectId>,
    ) -> Result<Against, HistoryError> {
        let (mut before, after) = self.files(line, &parent)?;
        let mut held_by = parent;
        let mut held_way = way;
        let limits = self.workspace.limits;
        let own = after.iter().find(|file| file.path == line.path);
        if own.is_none_or(|own| !is_readable(self.workspace, own)) {
            // What the commit says of the entity is not known: it is what the parent says.
            let before = Line { commit: held_by, way: held_way, ..line.clone() };
            return Ok(Against { changes: Vec::new(), before: Some(before) });
        }
        if let Some(file) = before.iter_mut().find(|file| file.path == line.path)
            && !is_readable(self.workspace, file)
        {
            // It is compared with the last version that could be read.
            match last_readable(self.workspace, &self.repository, &line.path, &held_by)? {
                Some((commit, way, readable)) => {
                    (held_by, held_way, *file) = (commit, way, readable);
                }
                None => before.retain(|file| file.path != line.path),
            }
        }
        let (before, after) = load::read_differing(before, after, limits);
        let all = compared(&before, &after);
        let former = former_address(&line.address, &all);
        let stands = before.model.get(entity_address(&former));
        // What is written alike on both sides was left out by the reading.
        let alike = after.model.get(entity_address(&line.address)).is_none();
        let path = stands
            .map(|entity| entity.source.path().to_owned())
            .or_else(|| alike.then(|| line.path.clone()));
        let way = match &path {
            Some(path) if *path == line.path => Some(held_way),
            Some(path) => Some(self.repository.way(held_by.tree, path, &[])?),
            None => None,
        };
        let before_line =
            path.zip(way).map(|(path, way)| Line { commit: held_by, address: former, path, way });
        Ok(Against { changes: kept(line, all), before: before_line })
    }

    /// The files that a commit changed, as far as they can concern the entity.
    fn files(
        &self,
        line: &Line,
        parent: &Commit,
    ) -> Result<(Vec<RawFile>, Vec<RawFile>), HistoryError> {
        let folder = &self.workspace.folder;
        let mut changed = self.repository.changed_files(Some(parent), &line.commit, folder)?;
        // Where nothing was there before nothing was moved or renamed.
        if changed.iter().all(|file: &ChangedFile| file.before.is_none()) {
            changed.retain(|file| file.path == line.path);
        }
        let limit = self.workspace.limits.file_bytes;
        let read = |file: Option<&TreeFile>| file.map(|file| self.repository.read(file, limit));
        let before = changed.iter().filter_map(|file| read(file.before.as_ref()));
        let after = changed.iter().filter_map(|file| read(file.after.as_ref()));
        Ok((before.collect::<Result<_, _>>()?, after.collect::<Result<_, _>>()?))
    }
}

/// The newest version of a file, from a commit back, that can be read: its commit, what stands along
/// its path there, and the file.
pub(super) fn last_readable(
    workspace: &Workspace,
    repository: &Repository,
    path: &str,
    from: &Commit,
) -> Result<Option<(Commit, Vec<ObjectId>, RawFile)>, HistoryError> {
    let options = WalkOptions { tips: vec![from.id], first_parent: true, ..WalkOptions::default() };
    let mut known = Vec::new();
    for commit in repository.walk(options) {
        let commit = commit?;
        let way = repository.way(commit.tree, path, &known)?;
        if way.last() == known.last() {
            continue;
        }
        known.clone_from(&way);
        match repository.file_at(&commit, path, workspace.limits.file_bytes)? {
            Some(file) if is_readable(workspace, &file) => return Ok(Some((commit, way, file))),
            Some(_) => {}
            None => break,
        }
    }
    Ok(None)
}

/// What an address was called before some changes: another name where one of them says so.
pub(super) fn former_address(address: &str, changes: &[Change]) -> String {
    let renames = changes.iter().filter(|change| change.is_rename());
    let former = renames.filter_map(|change| {
        let rest = address.strip_prefix(change.address.as_str())?;
        let whole = rest.is_empty() || rest.starts_with('.');
        let former = change.previous.as_ref().filter(|_| whole)?;
        // The longest name says it best: an item's in a renamed entity.
        Some((change.address.as_str().len(), format!("{former}{rest}")))
    });
    former.max().map_or_else(|| address.to_owned(), |(_, former)| former)
}

/// What changed between two states by form; what one of them cannot read is left out of both.
pub(super) fn compared(before: &Loaded, after: &Loaded) -> Vec<Change> {
    let broken = [unreadable(&before.findings), unreadable(&after.findings)].concat();
    let broken: BTreeSet<&str> = broken.iter().map(|file| file.path.as_str()).collect();
    let whole = |loaded: &Loaded| loaded.model.clone().without_files(&broken);
    compare(&whole(before), &whole(after), &Policies::default(), &ByForm).changes
}

/// The changes at an address that are more than form.
fn kept(line: &Line, changes: Vec<Change>) -> Vec<Change> {
    let mut changes = ChangeSet { changes, ..ChangeSet::default() };
    changes.keep(&[Pattern::new(line.address.as_str())]);
    changes.changes.retain(|change| !change.is_cosmetic());
    changes.changes
}
