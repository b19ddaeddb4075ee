//! New repositories, written commit by commit: the demonstration is made of this.

use super::{GitError, ObjectId, Person};
use gix::objs::tree::EntryKind;
use gix::refs::transaction::{PreviousValue, RefEdit};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A commit to be written.
#[derive(Debug, Clone)]
pub struct NewCommit<'a> {
    /// All files of its tree, by path; what is not among them is not in the commit.
    pub files: &'a BTreeMap<String, Vec<u8>>,
    /// The commits it follows.
    pub parents: Vec<ObjectId>,
    /// Who wrote it.
    pub author: Person,
    /// Who recorded it; the author where none is given.
    pub committer: Option<Person>,
    /// When, in seconds since 1970-01-01 UTC.
    pub seconds: i64,
    /// Minutes the clock was ahead of UTC.
    pub offset_minutes: i32,
    /// The message.
    pub message: &'a str,
}

/// A repository that did not exist before.
///
/// The same calls give the same object ids, whoever makes them and whenever.
#[derive(Debug)]
pub struct RepositoryBuilder {
    inner: gix::Repository,
    work_dir: PathBuf,
    checked_out: BTreeSet<String>,
}

impl RepositoryBuilder {
    /// Makes an empty repository with a work tree in a folder that is empty or does not exist.
    pub fn init(path: &Path, default_branch: &str) -> Result<Self, GitError> {
        let in_use = fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some());
        if in_use || fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir()) {
            return Err(GitError::NotEmpty { path: path.to_owned() });
        }
        fs::create_dir_all(path).map_err(|error| GitError::disk("make the folder", path, error))?;
        let work_dir =
            path.canonicalize().map_err(|error| GitError::disk("find the folder", path, error))?;
        let mut inner: gix::Repository = gix::ThreadSafeRepository::init_opts(
            &work_dir,
            gix::create::Kind::WithWorktree,
            gix::create::Options::default(),
            gix::open::Options::isolated(),
        )
        .map_err(|error| GitError::git("make the repository", &error))?
        .into();
        inner.refs.write_reflog = gix::refs::store::WriteReflog::Disable;
        let mut builder = Self { inner, work_dir, checked_out: BTreeSet::new() };
        builder.stand_on(default_branch)?;
        Ok(builder)
    }

    /// Writes a commit and moves the branch to it.
    pub fn commit(&mut self, branch: &str, commit: &NewCommit<'_>) -> Result<ObjectId, GitError> {
        let failed = |error: gix::Error| GitError::git("write the commit", &error);
        let tree = self.write_tree(commit.files)?;
        let committer = commit.committer.as_ref().unwrap_or(&commit.author);
        let object = gix::objs::Commit {
            tree: tree.into(),
            parents: commit.parents.iter().copied().map(gix::ObjectId::from).collect(),
            author: signature(&commit.author, commit.seconds, commit.offset_minutes),
            committer: signature(committer, commit.seconds, commit.offset_minutes),
            encoding: None,
            message: with_line_end(commit.message).into(),
            extra_headers: Vec::new(),
        };
        let id = self.inner.write_object(&object).map_err(failed)?.detach().into();
        self.point(&format!("refs/heads/{branch}"), id)?;
        Ok(id)
    }

    /// Points a branch at a commit, making it where it does not exist.
    pub fn branch(&mut self, name: &str, target: ObjectId) -> Result<(), GitError> {
        self.point(&format!("refs/heads/{name}"), target)
    }

    /// Makes a plain tag.
    pub fn tag(&mut self, name: &str, target: ObjectId) -> Result<(), GitError> {
        self.point(&format!("refs/tags/{name}"), target)
    }

    /// Makes an annotated tag: one with a tagger, an instant and a message of its own.
    pub fn annotated_tag(
        &mut self,
        name: &str,
        target: ObjectId,
        tagger: &Person,
        seconds: i64,
        message: &str,
    ) -> Result<ObjectId, GitError> {
        let tag = gix::objs::Tag {
            target: target.into(),
            target_kind: gix::objs::Kind::Commit,
            name: name.into(),
            tagger: Some(signature(tagger, seconds, 0)),
            message: with_line_end(message).into(),
            signature: None,
        };
        let written = self.inner.write_object(&tag);
        let id = written.map_err(|error| GitError::git("write the tag", &error))?.detach().into();
        self.point(&format!("refs/tags/{name}"), id)?;
        Ok(id)
    }

    /// Puts `HEAD` on a branch, writes its files and stages them, so that nothing is left to commit.
    pub fn checkout(&mut self, branch: &str) -> Result<(), GitError> {
        let failed = |error: gix::Error| GitError::git("check out the branch", &error);
        self.stand_on(branch)?;
        let tree = self.inner.head_tree_id().map_err(failed)?.detach();
        let mut index = self.inner.index_from_tree(&tree).map_err(failed)?;
        let mut files = BTreeSet::new();
        for (entry, path) in index.entries_mut_with_paths() {
            let path = path.to_string();
            let blob = self.inner.find_blob(entry.id).map_err(failed)?;
            entry.stat = self.write_file(&path, &blob.data)?;
            files.insert(path);
        }
        for stale in self.checked_out.difference(&files) {
            let place = self.work_dir.join(stale);
            fs::remove_file(&place).map_err(|error| GitError::disk("remove", &place, error))?;
        }
        self.checked_out = files;
        index.write(gix::index::write::Options::default()).map_err(failed)
    }

    /// The folder of the work tree.
    pub fn work_dir(&self) -> &Path {
        &self.work_dir
    }

    fn write_file(&self, path: &str, bytes: &[u8]) -> Result<gix::index::entry::Stat, GitError> {
        let place = self.work_dir.join(path);
        let failed = |error| GitError::disk("write", &place, error);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        fs::write(&place, bytes).map_err(failed)?;
        let metadata = gix::index::fs::Metadata::from_path_no_follow(&place).map_err(failed)?;
        gix::index::entry::Stat::from_fs(&metadata).map_err(|_| GitError::Git {
            action: "check out the branch",
            reason: "the disk dates files before 1970".to_owned(),
        })
    }

    fn write_tree(&self, files: &BTreeMap<String, Vec<u8>>) -> Result<ObjectId, GitError> {
        let failed = |error: gix::Error| GitError::git("write the tree", &error);
        let empty = gix::ObjectId::empty_tree(gix::hash::Kind::Sha1);
        let mut editor = self.inner.edit_tree(empty).map_err(failed)?;
        for (path, bytes) in files {
            let blob = self.inner.write_blob(bytes).map_err(failed)?;
            editor.upsert(path.as_str(), EntryKind::Blob, blob).map_err(failed)?;
        }
        Ok(editor.write().map_err(failed)?.detach().into())
    }

    fn stand_on(&mut self, branch: &str) -> Result<(), GitError> {
        let target = full_name(&format!("refs/heads/{branch}"))?;
        let edit = RefEdit::update(full_name("HEAD")?, target, PreviousValue::Any, "");
        self.edit(edit)
    }

    fn point(&mut self, name: &str, target: ObjectId) -> Result<(), GitError> {
        let target = gix::ObjectId::from(target);
        self.edit(RefEdit::update(full_name(name)?, target, PreviousValue::Any, ""))
    }

    fn edit(&mut self, edit: RefEdit) -> Result<(), GitError> {
        let edited = self.inner.edit_references_as(Some(edit), None);
        edited.map(|_| ()).map_err(|error| GitError::git("write the reference", &error))
    }
}

fn full_name(name: &str) -> Result<gix::refs::FullName, GitError> {
    gix::refs::FullName::try_from(name)
        .map_err(|error| GitError::Git { action: "name the reference", reason: error.to_string() })
}

fn signature(person: &Person, seconds: i64, offset_minutes: i32) -> gix::actor::Signature {
    gix::actor::Signature {
        name: person.name.as_str().into(),
        email: person.email.as_str().into(),
        time: gix::date::Time::new(seconds, offset_minutes.saturating_mul(60)),
    }
}

fn with_line_end(message: &str) -> String {
    format!("{}\n", message.trim_end())
}
