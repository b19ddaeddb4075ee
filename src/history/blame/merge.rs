//! A merge that takes back what one of its sides changed: the commit that says so is the merge.

use super::sides::{Differing, Sides};
use super::walk::Suspect;
use super::{HistoryError, Workspace};
use crate::git::{Link, ObjectId, Repository};
use crate::history::forks::{Bases, Folders, bases};
use crate::model::Address;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// A merge, its sides and what they come from.
pub(super) struct Merge<'a> {
    workspace: &'a Workspace,
    repository: &'a Repository,
    /// The commit and the folder's tree of each side.
    parents: Vec<(ObjectId, Option<ObjectId>)>,
    /// How it differs from each side.
    sides: Vec<Sides>,
    bases: Bases,
    /// What each side changed since it came apart from another one; of two sides with several common
    /// ancestors since each.
    since: BTreeMap<(usize, usize), OnceCell<Vec<Sides>>>,
}

impl<'a> Merge<'a> {
    /// A merge that may take back what one of its sides changed.
    pub(super) fn of(
        workspace: &'a Workspace,
        repository: &'a Repository,
        link: &Link,
        parents: &[Link],
    ) -> Result<Option<Self>, HistoryError> {
        let folder = |link: &Link| repository.folder_tree(link.tree, &workspace.folder);
        let merge = folder(link)?;
        let trees = parents.iter().map(folder).collect::<Result<Vec<_>, _>>()?;
        let ids: Vec<ObjectId> = parents.iter().map(|parent| parent.id).collect();
        let folders = Folders { merge, parents: &trees };
        let Some(bases) = bases(repository, &workspace.folder, &ids, folders)? else {
            return Ok(None);
        };
        let parents: Vec<_> = ids.into_iter().zip(trees).collect();
        let sides = parents.iter();
        let sides = sides.map(|(id, tree)| read(workspace, repository, (*tree, merge), *id));
        let sides = sides.collect::<Result<_, _>>()?;
        let ordered = bases.keys().flat_map(|(one, other)| [(*one, *other), (*other, *one)]);
        let since = ordered.map(|pair| (pair, OnceCell::new())).collect();
        Ok(Some(Self { workspace, repository, parents, sides, bases, since }))
    }

    /// The suspects of an entity that some side says otherwise, and that every side which says the same
    /// has never said otherwise since both came apart.
    pub(super) fn taken_back(
        &self,
        path: &str,
        entity: &Address,
        suspects: &[Suspect],
    ) -> Result<Vec<Suspect>, HistoryError> {
        let mut all: Vec<Suspect> = Vec::new();
        for (side, sides) in self.sides.iter().enumerate() {
            if sides.is_unread(entity) {
                continue;
            }
            for suspect in sides.judge(path, entity, suspects.to_vec()).left {
                if !all.iter().any(|known| known.is(&suspect))
                    && self.nobody_decided((path, entity), &suspect, side)?
                {
                    all.push(suspect);
                }
            }
        }
        Ok(all)
    }

    /// Whether there are sides that say what the merge says, and none of them has said anything else
    /// since it came apart from another one.
    fn nobody_decided(
        &self,
        (path, entity): (&str, &Address),
        suspect: &Suspect,
        from: usize,
    ) -> Result<bool, HistoryError> {
        let mut agrees = false;
        for (side, sides) in self.sides.iter().enumerate().filter(|(side, _)| *side != from) {
            let Some((id, _)) = self.parents.get(side) else { continue };
            let (file, then, suspect) = if sides.is_unread(entity) {
                (path.to_owned(), entity.clone(), suspect.clone())
            } else {
                let judged = sides.judge(path, entity, vec![suspect.clone()]);
                match judged.passed {
                    Some((place, then, mut passed)) if place.commit == *id => match passed.pop() {
                        Some(suspect) => (place.file.path, then, suspect),
                        None => continue,
                    },
                    Some((_, _, passed)) if !passed.is_empty() => return Ok(false),
                    _ => continue,
                }
            };
            agrees = true;
            for since in self.since(side, from)? {
                let is_same = since.is_unread(&then)
                    || since.judge(&file, &then, vec![suspect.clone()]).left.is_empty();
                if !is_same || !since.can_read_all() {
                    return Ok(false);
                }
            }
        }
        Ok(agrees)
    }

    fn since(&self, side: usize, from: usize) -> Result<&[Sides], HistoryError> {
        let Some(cell) = self.since.get(&(side, from)) else { return Ok(&[]) };
        if let Some(known) = cell.get() {
            return Ok(known);
        }
        let bases = self.bases.get(&(side.min(from), side.max(from)));
        let after = self.parents.get(side).and_then(|(_, tree)| *tree);
        let found = bases
            .into_iter()
            .flatten()
            .map(|base| read(self.workspace, self.repository, (base.folder, after), base.commit));
        let found = found.collect::<Result<_, _>>()?;
        Ok(cell.get_or_init(|| found))
    }
}

/// How the folder differs between a commit and what follows it.
fn read(
    workspace: &Workspace,
    repository: &Repository,
    (before, after): (Option<ObjectId>, Option<ObjectId>),
    parent: ObjectId,
) -> Result<Sides, HistoryError> {
    let changed = repository.changed_in_folder(before, after, &workspace.folder)?;
    let differing: Vec<Differing> = changed.into_iter().map(Differing::from).collect();
    Sides::read(workspace, repository, &differing, parent)
}
