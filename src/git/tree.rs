//! The files of a model folder in a commit's tree.

use super::error::reason;
use super::{Commit, GitError, ObjectId, Repository};
use crate::source::{RawContent, RawFile};
use gix::bstr::{BStr, ByteSlice};
use gix::objs::tree::EntryKind;

/// More folders than this in a model folder are an accident or an attack.
const FOLDERS_LIMIT: usize = 100_000;
/// More files than this in a model folder are an accident or an attack.
const FILES_LIMIT: usize = 200_000;

/// A file recorded in a tree or in the index; its content has not been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    /// Path below the root of the repository.
    pub path: String,
    /// The name of its content.
    pub id: ObjectId,
    /// What it is.
    pub mode: FileMode,
}

/// What a recorded file is; whether it may be executed does not matter to a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileMode {
    /// A regular file.
    File,
    /// A symbolic link.
    Symlink,
}

/// The model folder of one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its files, by path.
    pub files: Vec<RawFile>,
    /// The tree of the folder; none where the commit has no such folder.
    pub tree: Option<ObjectId>,
}

impl Repository {
    /// All model files below `folder` (empty for the root) in a commit, by path.
    ///
    /// Files over `limit` bytes are not read.
    pub fn snapshot(
        &self,
        commit: &Commit,
        folder: &str,
        limit: u64,
    ) -> Result<Snapshot, GitError> {
        let tree = self.folder_tree(commit.tree, folder)?;
        let files = self.files_of_folder(tree, folder)?;
        let files = files.iter().map(|file| self.read(file, limit)).collect::<Result<_, _>>()?;
        Ok(Snapshot { files, tree })
    }

    /// All model files below `folder` in a root tree, by path, without reading them.
    pub fn tree_files(&self, tree: ObjectId, folder: &str) -> Result<Vec<TreeFile>, GitError> {
        self.files_of_folder(self.folder_tree(tree, folder)?, folder)
    }

    fn files_of_folder(
        &self,
        tree: Option<ObjectId>,
        folder: &str,
    ) -> Result<Vec<TreeFile>, GitError> {
        let mut listing = Listing::new(self, folder);
        if let Some(tree) = tree {
            listing.add(tree, &folder_prefix(folder))?;
        }
        Ok(listing.sorted())
    }

    /// The model files that stand directly in a tree of `folder`, by path, without reading them.
    pub fn files_directly_in(
        &self,
        tree: ObjectId,
        folder: &str,
    ) -> Result<Vec<TreeFile>, GitError> {
        let object = self.tree_object(tree)?;
        let prefix = folder_prefix(folder);
        let mut files = Vec::new();
        for entry in entries(&object) {
            let entry = entry.map_err(|error| damaged(tree, &error))?;
            files.extend(tree_file(&entry, &prefix));
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// The tree of `folder` below a root tree; none where there is no such folder.
    ///
    /// Two commits with the same folder tree have the same model, byte for byte.
    pub fn folder_tree(&self, tree: ObjectId, folder: &str) -> Result<Option<ObjectId>, GitError> {
        let mut tree = tree;
        for part in folder_parts(folder) {
            match self.entry(tree, part)? {
                Some((id, EntryKind::Tree)) => tree = id,
                _ => return Ok(None),
            }
        }
        Ok(Some(tree))
    }

    /// What stands along a path below a root tree: the tree, each folder, the file; shorter where the
    /// way ends before. `known` is the same path below another tree: from the first folder that both
    /// share nothing is read, because all that follows is the same.
    pub fn way(
        &self,
        tree: ObjectId,
        path: &str,
        known: &[ObjectId],
    ) -> Result<Vec<ObjectId>, GitError> {
        let mut way = vec![tree];
        let mut here = tree;
        let mut steps = path.split('/').peekable();
        while let Some(step) = steps.next() {
            if known.get(way.len() - 1) == Some(&here) {
                way.extend(known.get(way.len()..).unwrap_or_default());
                break;
            }
            match self.entry(here, step)? {
                Some((id, EntryKind::Tree)) if steps.peek().is_some() => here = id,
                Some((id, kind)) if steps.peek().is_none() && file_mode(kind).is_some() => {
                    here = id;
                }
                _ => break,
            }
            way.push(here);
        }
        Ok(way)
    }

    /// One file of a commit, wherever it is and whatever it is called.
    pub fn file_at(
        &self,
        commit: &Commit,
        path: &str,
        limit: u64,
    ) -> Result<Option<RawFile>, GitError> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(tree) = self.folder_tree(commit.tree, folder)? else { return Ok(None) };
        let Some((id, kind)) = self.entry(tree, name)? else { return Ok(None) };
        let Some(mode) = file_mode(kind) else { return Ok(None) };
        self.read(&TreeFile { path: path.to_owned(), id, mode }, limit).map(Some)
    }

    /// The content of a recorded file; over `limit` bytes it is not read.
    ///
    /// What is damaged or lost comes back as unreadable, so that the others can be used. What a partial
    /// clone did not fetch is an error: it can be had, and an answer without it would be another one.
    pub fn read(&self, file: &TreeFile, limit: u64) -> Result<RawFile, GitError> {
        let content = match self.content(file, limit) {
            Ok(content) => content,
            Err(error @ (GitError::MissingObject { .. } | GitError::Corrupt { .. })) => {
                RawContent::Unreadable(error.to_string())
            }
            Err(error) => return Err(error),
        };
        Ok(RawFile { path: file.path.clone(), content })
    }

    fn content(&self, file: &TreeFile, limit: u64) -> Result<RawContent, GitError> {
        let header = self
            .inner
            .try_find_header(file.id)
            .map_err(|error| GitError::Corrupt { id: file.id, reason: reason(&error) })?
            .ok_or_else(|| self.missing(file.id))?;
        if header.size() > limit {
            return Ok(RawContent::TooLarge(header.size()));
        }
        let object = self.object(file.id)?;
        if object.kind != gix::objs::Kind::Blob {
            let reason = format!("it is a {} where a file should be", object.kind);
            return Err(GitError::Corrupt { id: file.id, reason });
        }
        Ok(match file.mode {
            // The object's own buffer, which is larger than what is in it, is used for the next one.
            FileMode::File => RawContent::Bytes(object.data.as_slice().to_vec()),
            FileMode::Symlink => RawContent::Symlink(object.data.to_str_lossy().into_owned()),
        })
    }

    fn entry(&self, tree: ObjectId, name: &str) -> Result<Option<(ObjectId, EntryKind)>, GitError> {
        let object = self.tree_object(tree)?;
        for entry in entries(&object) {
            let entry = entry.map_err(|error| damaged(tree, &error))?;
            if is_called(entry.filename, name) {
                return Ok(Some((entry.oid.to_owned().into(), entry.mode.kind())));
            }
        }
        Ok(None)
    }

    pub(super) fn tree_object(&self, id: ObjectId) -> Result<gix::Object<'_>, GitError> {
        let object = self.object(id)?;
        if object.kind == gix::objs::Kind::Tree {
            return Ok(object);
        }
        let reason = format!("it is a {} where a folder should be", object.kind);
        Err(GitError::Corrupt { id, reason })
    }
}

/// A walk through the folders below a tree that collects the model files.
pub(super) struct Listing<'repo> {
    repository: &'repo Repository,
    folder: &'repo str,
    files: Vec<TreeFile>,
    folders: usize,
}

impl<'repo> Listing<'repo> {
    pub(super) fn new(repository: &'repo Repository, folder: &'repo str) -> Self {
        Self { repository, folder, files: Vec::new(), folders: 0 }
    }

    /// Collects the files of a tree, whose paths start with `prefix`.
    pub(super) fn add(&mut self, tree: ObjectId, prefix: &str) -> Result<(), GitError> {
        let mut open = vec![(tree, prefix.to_owned())];
        while let Some((tree, prefix)) = open.pop() {
            self.count_folder()?;
            let object = self.repository.tree_object(tree)?;
            for entry in entries(&object) {
                let entry = entry.map_err(|error| damaged(tree, &error))?;
                if is_hidden(entry.filename) {
                    continue;
                }
                if entry.mode.is_tree() {
                    let path = format!("{prefix}{}/", entry.filename.to_str_lossy());
                    open.push((entry.oid.to_owned().into(), path));
                } else if let Some(file) = tree_file(&entry, &prefix) {
                    self.push(file)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn push(&mut self, file: TreeFile) -> Result<(), GitError> {
        self.files.push(file);
        if self.files.len() > FILES_LIMIT {
            return Err(self.too_much(FILES_LIMIT, "files"));
        }
        Ok(())
    }

    pub(super) fn count_folder(&mut self) -> Result<(), GitError> {
        self.folders += 1;
        if self.folders > FOLDERS_LIMIT {
            return Err(self.too_much(FOLDERS_LIMIT, "folders"));
        }
        Ok(())
    }

    fn too_much(&self, limit: usize, what: &'static str) -> GitError {
        GitError::TooMuch { folder: self.folder.to_owned(), limit, what }
    }

    pub(super) fn sorted(mut self) -> Vec<TreeFile> {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.files
    }
}

/// The parts of a folder's path; none for the root.
pub(super) fn folder_parts(folder: &str) -> impl Iterator<Item = &str> {
    folder.split('/').filter(|part| !part.is_empty() && *part != ".")
}

/// The folder as the beginning of the paths below it: empty, or with a `/` at its end.
pub(super) fn folder_prefix(folder: &str) -> String {
    folder_parts(folder).flat_map(|part| [part, "/"]).collect()
}

/// Whether a name starts with a dot.
pub(super) fn is_hidden(name: &[u8]) -> bool {
    name.starts_with(b".")
}

/// Whether a name is that of a model file; some systems write endings in capitals.
pub(super) fn is_model_name(name: &[u8]) -> bool {
    let ending = name.len().checked_sub(b".toml".len()).and_then(|at| name.get(at..));
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case(b".toml")) && !is_hidden(name)
}

/// Whether a path below the model folder is that of a model file.
pub(super) fn is_model_path(below: &str) -> bool {
    is_model_name(below.as_bytes()) && !below.split('/').any(|part| part.starts_with('.'))
}

pub(super) fn file_mode(kind: EntryKind) -> Option<FileMode> {
    match kind {
        EntryKind::Blob | EntryKind::BlobExecutable => Some(FileMode::File),
        EntryKind::Link => Some(FileMode::Symlink),
        EntryKind::Tree | EntryKind::Commit => None,
    }
}

/// The model file an entry stands for, if it does.
pub(super) fn tree_file(entry: &gix::objs::tree::EntryRef<'_>, prefix: &str) -> Option<TreeFile> {
    let mode = file_mode(entry.mode.kind())?;
    is_model_name(entry.filename).then(|| TreeFile {
        path: format!("{prefix}{}", entry.filename.to_str_lossy()),
        id: entry.oid.to_owned().into(),
        mode,
    })
}

pub(super) fn entries<'a>(
    tree: &'a gix::Object<'_>,
) -> impl Iterator<Item = Result<gix::objs::tree::EntryRef<'a>, gix::Error>> {
    gix::objs::TreeRefIter::from_bytes(&tree.data, gix::hash::Kind::Sha1)
}

pub(super) fn damaged(tree: ObjectId, error: &gix::Error) -> GitError {
    let text = reason(error);
    let reason = if text.is_empty() { "it is not a folder listing".to_owned() } else { text };
    GitError::Corrupt { id: tree, reason }
}

/// Whether an entry's name as text is this one.
pub(super) fn is_called(filename: &BStr, name: &str) -> bool {
    filename == name
        || name.contains(char::REPLACEMENT_CHARACTER) && filename.to_str_lossy() == name
}

/// An entry's name as text.
pub(super) fn name_of(name: &BStr) -> String {
    name.to_str_lossy().into_owned()
}
