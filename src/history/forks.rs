//! Where the sides of a merge came apart, and what each changed since: a merge that says what one side
//! says takes back what another one changed, where neither the former nor what both come from said so.

use crate::change::Change;
use crate::git::{ChangedFile, GitError, ObjectId, Repository};
use std::collections::{BTreeMap, BTreeSet};

/// The folder's trees in a merge and its parents.
#[derive(Clone, Copy)]
pub(super) struct Folders<'f> {
    pub(super) merge: Option<ObjectId>,
    pub(super) parents: &'f [Option<ObjectId>],
}

/// A commit that two sides come from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base {
    pub(super) commit: ObjectId,
    /// The folder's tree in it.
    pub(super) folder: Option<ObjectId>,
}

/// The best common ancestors of each two sides of a merge, the lower one first.
pub(super) type Bases = BTreeMap<(usize, usize), Vec<Base>>;

/// What the sides of a merge come from, where it may take back what one of them changed: it lacks the
/// version of a file that this side made. None where it takes nothing back, or where nobody can know it
/// because the sides share no history or not all of it is here.
///
/// # Errors
/// The repository is damaged.
pub(super) fn bases(
    repository: &Repository,
    folder: &str,
    parents: &[ObjectId],
    folders: Folders<'_>,
) -> Result<Option<Bases>, GitError> {
    match found(repository, folder, parents, folders) {
        Err(
            GitError::NoMergeBase { .. }
            | GitError::Shallow { .. }
            | GitError::MissingObject { .. }
            | GitError::PartialClone { .. },
        ) => Ok(None),
        found => found,
    }
}

fn found(
    repository: &Repository,
    folder: &str,
    parents: &[ObjectId],
    Folders { merge, parents: trees }: Folders<'_>,
) -> Result<Option<Bases>, GitError> {
    let changed = |from, to| repository.changed_in_folder(from, to, folder);
    let lacks = trees.iter().map(|tree| changed(*tree, merge)).collect::<Result<Vec<_>, _>>()?;
    // What all sides say alike the merge takes back from none of them.
    let (first, others) = lacks.split_first().map_or((&[][..], &[][..]), |(a, b)| (&a[..], b));
    let is_shared = |file: &&ChangedFile| others.iter().all(|other| holds(other, file));
    let shared: BTreeSet<&str> =
        first.iter().filter(is_shared).map(|file| file.path.as_str()).collect();
    let is_open = |side: usize, path: &str| {
        let lacks = lacks.get(side).map(Vec::as_slice).unwrap_or_default();
        !shared.contains(path) && position(lacks, path).is_some()
    };
    let mut bases = Bases::new();
    let mut may_take_back = false;
    for one in 0..trees.len() {
        for other in one + 1..trees.len() {
            let both = both_come_from(repository, folder, parents, (one, other))?;
            for (base, side) in both.iter().flat_map(|base| [(base, one), (base, other)]) {
                let since = changed(base.folder, trees.get(side).copied().flatten())?;
                may_take_back |= since.iter().any(|file| is_open(side, &file.path));
            }
            bases.insert((one, other), both);
        }
    }
    Ok(may_take_back.then_some(bases))
}

/// The best common ancestors of two sides.
fn both_come_from(
    repository: &Repository,
    folder: &str,
    parents: &[ObjectId],
    (one, other): (usize, usize),
) -> Result<Vec<Base>, GitError> {
    let (Some(one), Some(other)) = (parents.get(one), parents.get(other)) else {
        return Ok(Vec::new());
    };
    let bases = repository.merge_bases(*one, *other)?;
    if bases.is_empty() {
        return Err(GitError::NoMergeBase { left: one.short(), right: other.short() });
    }
    let base = |commit: ObjectId| {
        let folder = repository.folder_tree(repository.tree_of(commit)?, folder)?;
        Ok(Base { commit, folder })
    };
    bases.into_iter().map(base).collect()
}

/// Where a path is among files in the order of their paths.
fn position(files: &[ChangedFile], path: &str) -> Option<usize> {
    files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()
}

/// Whether a side that differs from a merge has a file as another side has it.
fn holds(side: &[ChangedFile], file: &ChangedFile) -> bool {
    let found = position(side, &file.path).and_then(|at| side.get(at));
    found.is_some_and(|found| found.before == file.before)
}

/// What each side of a merge changed since it came apart from another one; nothing where that does not
/// matter or cannot be known.
#[derive(Debug, Default)]
pub(super) struct Forks(BTreeMap<(usize, usize), Vec<Change>>);

impl Forks {
    /// Adds what a side changed since it came apart from another one.
    pub(super) fn add(&mut self, side: usize, from: usize, changes: Vec<Change>) {
        self.0.insert((side, from), changes);
    }

    /// What a side changed since it came apart from another one, if it is known.
    pub(super) fn since(&self, side: usize, from: usize) -> Option<&[Change]> {
        self.0.get(&(side, from)).map(Vec::as_slice)
    }

    /// All that is known, of all sides.
    pub(super) fn all(&self) -> impl Iterator<Item = &Change> {
        self.0.values().flatten()
    }
}
