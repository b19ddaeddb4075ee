//! The way back through a history, as fast as it goes: of a commit only its tree and its parents,
//! of a tree only what leads to one file.

use super::error::reason;
use super::tree::{damaged, entries, file_mode, is_called};
use super::{GitError, ObjectId, Repository, TreeFile};
use gix::objs::commit::ref_iter::Token;
use gix::objs::tree::EntryKind;

/// What must be known of a commit to go past it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The commit.
    pub id: ObjectId,
    /// The tree it records.
    pub tree: ObjectId,
    /// The commits it follows; empty for the first commit and where a shallow clone ends.
    pub parents: Vec<ObjectId>,
    /// When it was recorded, in seconds since 1970-01-01 UTC.
    pub seconds: i64,
    /// Whether a shallow clone ends here: there are parents, and they were not fetched.
    pub boundary: bool,
}

/// Commits by their ids, from a commit-graph file where there is one.
pub struct Ancestry<'repo> {
    repository: &'repo Repository,
    graph: Option<gix::commitgraph::Graph>,
}

impl Repository {
    /// The commits of this repository, for going back from one to the next.
    pub fn ancestry(&self) -> Ancestry<'_> {
        // A graph says nothing of where a shallow clone ends.
        let graph = if self.is_shallow() {
            None
        } else {
            self.inner.commit_graph_if_enabled().ok().flatten()
        };
        Ancestry { repository: self, graph }
    }

    /// A handle for reading most objects once: with memory for the bases of deltas alone.
    #[must_use]
    pub fn for_passing(&self) -> Self {
        let mut passing = self.for_walking();
        passing.inner.object_cache_size(None);
        passing
    }

    /// Where a file is in a root tree.
    pub fn whereabouts(&self, tree: ObjectId, path: &str) -> Result<Whereabouts, GitError> {
        let mut found = Whereabouts { folders: Vec::new(), file: None };
        self.follow(tree, path, &mut found, |_, _| false)?;
        Ok(found)
    }

    /// The same in another tree; none where the file is the same there as in a tree that was looked
    /// at before, which is then forgotten for this one. What both trees share is not looked at.
    pub fn other_whereabouts(
        &self,
        tree: ObjectId,
        path: &str,
        known: &mut Whereabouts,
    ) -> Result<Option<Whereabouts>, GitError> {
        let mut found = Whereabouts { folders: Vec::new(), file: None };
        let is_known = |depth, folder| known.folders.get(depth) == Some(&folder);
        if !self.follow(tree, path, &mut found, is_known)? && found.file != known.file {
            return Ok(Some(found));
        }
        let upper = known.folders.iter_mut().zip(&found.folders);
        upper.for_each(|(known, found)| *known = *found);
        Ok(None)
    }

    /// Follows a path down from a root tree; true where it comes to a folder that is known.
    fn follow(
        &self,
        tree: ObjectId,
        path: &str,
        found: &mut Whereabouts,
        is_known: impl Fn(usize, ObjectId) -> bool,
    ) -> Result<bool, GitError> {
        let mut parts = path.split('/').peekable();
        let mut folder = tree;
        while let Some(part) = parts.next() {
            if is_known(found.folders.len(), folder) {
                return Ok(true);
            }
            found.folders.push(folder);
            match (self.entry_of(folder, part)?, parts.peek()) {
                (Some((id, EntryKind::Tree)), Some(_)) => folder = id,
                (Some((id, kind)), None) => {
                    let mode = file_mode(kind);
                    found.file = mode.map(|mode| TreeFile { path: path.to_owned(), id, mode });
                }
                _ => break,
            }
        }
        Ok(false)
    }

    fn entry_of(
        &self,
        tree: ObjectId,
        name: &str,
    ) -> Result<Option<(ObjectId, EntryKind)>, GitError> {
        let object = self.tree_object(tree)?;
        for entry in entries(&object) {
            let entry = entry.map_err(|error| damaged(tree, &error))?;
            if is_called(entry.filename, name) {
                return Ok(Some((entry.oid.to_owned().into(), entry.mode.kind())));
            }
        }
        Ok(None)
    }
}

/// A file in a tree, and the folders on the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whereabouts {
    /// The trees from the root down to the folder that holds it, as far as there are any.
    folders: Vec<ObjectId>,
    /// The file; none where the tree has no such file.
    pub file: Option<TreeFile>,
}

impl Ancestry<'_> {
    /// The commit of an id.
    pub fn link(&self, id: ObjectId) -> Result<Link, GitError> {
        if let Some(link) = self.graph.as_ref().and_then(|graph| recorded(graph, id)) {
            return Ok(link);
        }
        let object = self.repository.object(id)?;
        if object.kind != gix::objs::Kind::Commit {
            let kind = object.kind.to_string();
            return Err(GitError::NotACommit { spec: id.to_string(), kind });
        }
        let mut link = Link { id, tree: id, parents: Vec::new(), seconds: 0, boundary: false };
        for token in gix::objs::CommitRefIter::from_bytes(&object.data, gix::hash::Kind::Sha1) {
            match token.map_err(|error| GitError::Corrupt { id, reason: reason(&error) })? {
                Token::Tree { id } => link.tree = id.into(),
                Token::Parent { id } => link.parents.push(id.into()),
                Token::Committer { signature } => {
                    link.seconds = signature.seconds();
                    break;
                }
                _ => {}
            }
        }
        link.boundary = self.repository.is_boundary(id) && !link.parents.is_empty();
        if link.boundary {
            link.parents.clear();
        }
        Ok(link)
    }
}

/// A commit as the graph knows it.
fn recorded(graph: &gix::commitgraph::Graph, id: ObjectId) -> Option<Link> {
    let commit = graph.commit_by_id(gix::ObjectId::from(id))?;
    let parents = commit
        .iter_parents()
        .map(|at| at.ok().map(|at| ObjectId::from(graph.id_at(at).to_owned())))
        .collect::<Option<Vec<_>>>()?;
    let seconds = i64::try_from(commit.committer_timestamp()).ok()?;
    let tree = commit.root_tree_id().to_owned().into();
    Some(Link { id, tree, parents, seconds, boundary: false })
}
