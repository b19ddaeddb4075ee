//! A state and one it follows, read as far as they differ: which parts mean the same in both, and
//! where they stand in the older one.

use super::units::{forms, units};
use super::walk::Suspect;
use super::{Gap, HistoryError, Workspace};
use crate::change::Touched;
use crate::git::{ObjectId, Repository, TreeFile, WorkChange};
use crate::history::models::Models;
use crate::history::pair::Pair;
use crate::history::unreadable::is_readable;
use crate::model::{Address, Entity};
use crate::source::{RawContent, RawFile};
use std::collections::{BTreeMap, BTreeSet};

/// A file that differs between a state and one it follows.
pub(super) struct Differing {
    pub(super) path: String,
    pub(super) before: Option<TreeFile>,
    pub(super) after: Option<After>,
}

/// A file of the younger state.
pub(super) enum After {
    Recorded(TreeFile),
    OnDisk(RawFile),
}

impl From<WorkChange> for Differing {
    fn from(change: WorkChange) -> Self {
        let WorkChange { path, before, after } = change;
        Self { path, before, after: after.map(After::OnDisk) }
    }
}

/// Both states.
pub(super) struct Sides {
    models: Models,
    touched: Touched,
    /// The commit that is the older state.
    parent: ObjectId,
    /// The files of the older state.
    befores: BTreeMap<String, TreeFile>,
    /// Where the last readable version is of files that the older state cannot read.
    detours: BTreeMap<String, Detour>,
}

/// The last readable version of a file, and since when it could not be read.
pub(super) struct Detour {
    /// The commit that has it; none where there is none.
    pub(super) commit: Option<ObjectId>,
    file: Option<TreeFile>,
    content: RawFile,
    gap: Gap,
}

/// Where a file is in the older state.
pub(super) struct Place {
    pub(super) commit: ObjectId,
    pub(super) file: TreeFile,
}

/// What became of the suspects of an entity.
pub(super) struct Judged {
    /// Those that mean the same in the older state, where that is, and under which address.
    pub(super) passed: Option<(Place, Address, Vec<Suspect>)>,
    /// Those that do not.
    pub(super) left: Vec<Suspect>,
}

impl Sides {
    /// Reads the files that differ between a state and the commit it follows.
    pub(super) fn read(
        workspace: &Workspace,
        repository: &Repository,
        differing: &[Differing],
        parent: ObjectId,
    ) -> Result<Self, HistoryError> {
        let none = BTreeMap::new();
        let mut models =
            Models::read(&pair(workspace, repository, differing, &none)?.into(), workspace.limits);
        let mut detours = BTreeMap::new();
        for file in &models.unreadable_before {
            let detour = last_readable(workspace, repository, parent, &file.path)?;
            detours.insert(file.path.clone(), detour);
        }
        if !detours.is_empty() {
            models = Models::read(
                &pair(workspace, repository, differing, &detours)?.into(),
                workspace.limits,
            );
        }
        let befores = differing.iter().filter_map(|file| file.before.clone());
        Ok(Self {
            touched: Touched::between(&models.before, &models.after),
            models,
            parent,
            befores: befores.map(|file| (file.path.clone(), file)).collect(),
            detours,
        })
    }

    /// Whether all there is to know of an entity is in the files that were read: it is written
    /// there as it was.
    pub(super) fn knows(&self, entity: &Address) -> bool {
        self.is_unread(entity) || self.touched.is_silent_on(entity)
    }

    /// Whether both states have an entity byte for byte in one file, so that it was not read.
    pub(super) fn is_unread(&self, entity: &Address) -> bool {
        self.models.after.get(entity.as_str()).is_none()
    }

    /// Whether the younger state can read all that differs.
    pub(super) fn can_read_all(&self) -> bool {
        self.models.unreadable_after.is_empty()
    }

    /// Where a file is in the older state.
    pub(super) fn file(&self, path: &str) -> Option<Place> {
        match self.detours.get(path) {
            Some(Detour { commit, file, .. }) => {
                Some(Place { commit: (*commit)?, file: file.clone()? })
            }
            None => Some(Place { commit: self.parent, file: self.befores.get(path)?.clone() }),
        }
    }

    /// Which suspects of an entity, that was read in a file of the younger state, mean the same in
    /// the older one.
    pub(super) fn judge(&self, path: &str, address: &Address, suspects: Vec<Suspect>) -> Judged {
        let models = &self.models;
        let then = self.touched.then(address);
        let before = then.and_then(|then| models.before.get(then.as_str()));
        let place = before.and_then(|before| self.file(before.source.path()));
        let (Some(before), Some(place), Some(after)) =
            (before, place, models.after.get(address.as_str()))
        else {
            return Judged { passed: None, left: self.newly_there(path, suspects) };
        };
        let asks_for_form = suspects.iter().any(|suspect| suspect.form);
        let (passed, left) = if self.touched.is_silent_on(address) && !asks_for_form {
            (suspects, Vec::new())
        } else {
            self.sorted_out(before, after, suspects)
        };
        let left = with_gap(left, self.detours.get(before.source.path()));
        Judged { passed: Some((place, before.address.clone(), passed)), left }
    }

    fn sorted_out(
        &self,
        before: &Entity,
        after: &Entity,
        suspects: Vec<Suspect>,
    ) -> (Vec<Suspect>, Vec<Suspect>) {
        let asks_for_form = suspects.iter().any(|suspect| suspect.form);
        let known: BTreeSet<Address> = units(before).into_iter().map(|unit| unit.address).collect();
        let (old, new) = if asks_for_form {
            (forms(before), forms(after))
        } else {
            (BTreeMap::new(), BTreeMap::new())
        };
        let (mut passed, mut left) = (Vec::new(), Vec::new());
        for suspect in suspects {
            let then = self.touched.then(&suspect.address).filter(|then| known.contains(then));
            let same_form =
                |then: &Address| !suspect.form || old.get(then) == new.get(&suspect.address);
            match then.filter(|then| !self.touched.changes(&suspect.address) && same_form(then)) {
                Some(address) => passed.push(Suspect { address, gap: None, ..suspect }),
                None => left.push(suspect),
            }
        }
        (passed, left)
    }

    /// Suspects of an entity that the older state does not have, as far as it can be read.
    pub(super) fn newly_there(&self, path: &str, suspects: Vec<Suspect>) -> Vec<Suspect> {
        with_gap(suspects, self.detours.get(path).or_else(|| self.detours.values().next()))
    }
}

/// Suspects that stay, with the stretch in which nobody could read what they said.
fn with_gap(mut suspects: Vec<Suspect>, detour: Option<&Detour>) -> Vec<Suspect> {
    if let Some(Detour { gap, .. }) = detour {
        for suspect in &mut suspects {
            suspect.gap = Some(Box::new(gap.clone()));
        }
    }
    suspects
}

/// The content of the files that differ; where the older state cannot read one, its last readable
/// version.
fn pair(
    workspace: &Workspace,
    repository: &Repository,
    differing: &[Differing],
    detours: &BTreeMap<String, Detour>,
) -> Result<Pair, HistoryError> {
    let limit = workspace.limits.file_bytes;
    let mut pair = Pair::default();
    for file in differing {
        let detour = detours.get(&file.path).filter(|_| file.after.is_some());
        match (detour, &file.before) {
            (Some(detour), _) => pair.before.push(detour.content.clone()),
            (None, Some(before)) => pair.before.push(repository.read(before, limit)?),
            (None, None) => {}
        }
        match &file.after {
            Some(After::Recorded(after)) => pair.after.push(repository.read(after, limit)?),
            Some(After::OnDisk(after)) => pair.after.push(after.clone()),
            None => {}
        }
    }
    Ok(pair)
}

/// The last version of a file that can be read, from a commit back along its main line.
pub(super) fn last_readable(
    workspace: &Workspace,
    repository: &Repository,
    from: ObjectId,
    path: &str,
) -> Result<Detour, HistoryError> {
    let ancestry = repository.ancestry();
    let mut broken = BTreeSet::new();
    let mut oldest = from;
    let mut next = Some(from);
    let mut found = None;
    while let Some(id) = next {
        let link = ancestry.link(id)?;
        let place = repository.whereabouts(link.tree, path)?;
        let Some(file) = &place.file else { break };
        if !broken.contains(&file.id) {
            let content = repository.read(file, workspace.limits.file_bytes)?;
            if is_readable(workspace, &content) {
                found = Some((id, file.clone(), content));
                break;
            }
            broken.insert(file.id);
        }
        oldest = id;
        next = link.parents.first().copied();
    }
    let gap = Gap { path: path.to_owned(), from: oldest, to: from };
    let nothing = || RawFile { path: path.to_owned(), content: RawContent::Bytes(Vec::new()) };
    Ok(match found {
        Some((id, file, content)) => Detour { commit: Some(id), file: Some(file), content, gap },
        None => Detour { commit: None, file: None, content: nothing(), gap },
    })
}
