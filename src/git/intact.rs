//! Whether what a history rests on is all there, and is what its names say.
//!
//! Git names everything by the hash of its content, and does not look again when it reads.

use super::tree::{damaged, entries, folder_parts};
use super::{Commit, GitError, ObjectId, Repository};
use gix::bstr::ByteSlice;
use gix::objs::tree::EntryKind;
use std::collections::BTreeSet;

/// The objects that were looked at.
#[derive(Debug, Default)]
pub struct Intact {
    seen: BTreeSet<ObjectId>,
}

impl Intact {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.seen.len()
    }
}

impl Repository {
    /// Hashes a commit, the folders on the way to some paths, and all that is at and below these;
    /// what was looked at before is passed over.
    ///
    /// # Errors
    /// Something is missing, or is not what its name says.
    pub fn prove_intact(
        &self,
        commit: &Commit,
        paths: &[&str],
        intact: &mut Intact,
    ) -> Result<(), GitError> {
        self.hash(commit.id, intact)?;
        for path in paths {
            if let Some((id, kind)) = self.on_the_way(commit.tree, path, intact)? {
                self.prove_below(id, kind, intact)?;
            }
        }
        Ok(())
    }

    /// What is at a path; the folders above it are hashed.
    fn on_the_way(
        &self,
        root: ObjectId,
        path: &str,
        intact: &mut Intact,
    ) -> Result<Option<(ObjectId, EntryKind)>, GitError> {
        let mut at = (root, EntryKind::Tree);
        for part in folder_parts(path) {
            if at.1 != EntryKind::Tree {
                return Ok(None);
            }
            self.hash(at.0, intact)?;
            let below = self.listed(at.0)?;
            match below.into_iter().find(|(name, _, _)| name == part.as_bytes()) {
                Some((_, id, kind)) => at = (id, kind),
                None => return Ok(None),
            }
        }
        Ok(Some(at))
    }

    fn prove_below(
        &self,
        id: ObjectId,
        kind: EntryKind,
        intact: &mut Intact,
    ) -> Result<(), GitError> {
        let mut open = vec![(id, kind)];
        while let Some((id, kind)) = open.pop() {
            // A submodule's commit is in another repository.
            if kind != EntryKind::Commit && self.hash(id, intact)? && kind == EntryKind::Tree {
                open.extend(self.listed(id)?.into_iter().map(|(_, id, kind)| (id, kind)));
            }
        }
        Ok(())
    }

    fn listed(&self, tree: ObjectId) -> Result<Vec<(Vec<u8>, ObjectId, EntryKind)>, GitError> {
        let object = self.tree_object(tree)?;
        let listed = entries(&object).map(|entry| {
            let entry = entry.map_err(|error| damaged(tree, &error))?;
            let name = entry.filename.as_bytes().to_vec();
            Ok((name, entry.oid.to_owned().into(), entry.mode.kind()))
        });
        listed.collect()
    }

    /// Hashes an object; whether it was not looked at before.
    fn hash(&self, id: ObjectId, intact: &mut Intact) -> Result<bool, GitError> {
        if intact.seen.contains(&id) {
            return Ok(false);
        }
        self.authentic(id)?;
        Ok(intact.seen.insert(id))
    }

    /// An object whose content is what its name says.
    pub(super) fn authentic(&self, id: ObjectId) -> Result<gix::Object<'_>, GitError> {
        let object = self.object(id)?;
        let named = gix::objs::compute_hash(gix::hash::Kind::Sha1, object.kind, &object.data);
        let corrupt = |reason: String| GitError::Corrupt { id, reason };
        let named = named.map_err(|error| corrupt(error.to_string()))?;
        if ObjectId::from(named) != id {
            return Err(corrupt("its content is not what its name says".to_owned()));
        }
        Ok(object)
    }
}
