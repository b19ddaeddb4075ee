//! A repository: found, opened, and asked about itself.

use super::elsewhere::{Signpost, look_elsewhere};
use super::error::reason;
use super::{Commit, GitError, ObjectId, Person};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Memory for delta bases while a history is walked.
const PACK_CACHE_BYTES: usize = 8 << 20;
/// The same where versions of one file are read one after the other.
const PAIR_CACHE_BYTES: usize = 1 << 20;
/// Memory for whole objects while a history is walked.
const OBJECT_CACHE_BYTES: usize = 4 << 20;

/// An open Git repository.
///
/// A handle belongs to one thread; clone it for another one.
#[derive(Clone)]
pub struct Repository {
    pub(super) inner: gix::Repository,
    work_dir: Option<PathBuf>,
    boundary: Arc<BTreeSet<ObjectId>>,
    partial: bool,
    /// What leads to the objects that are not in Git's own folder.
    #[expect(dead_code, reason = "it is there as long as somebody holds it")]
    elsewhere: Option<Signpost>,
    /// The ancestors that were asked for, each by where the way began and how long it is.
    pub(super) ancestors: RefCell<BTreeMap<(ObjectId, usize), Commit>>,
}

impl Repository {
    /// The repository that `start` lies in, or none.
    ///
    /// `GIT_DIR`, `GIT_WORK_TREE`, `GIT_OBJECT_DIRECTORY` and their like are honoured, so that hooks work.
    pub fn discover(start: &Path) -> Result<Option<Self>, GitError> {
        let absolute = std::path::absolute(start)
            .map_err(|source| GitError::disk("find the folder", start, source))?;
        let options = gix::discover::upwards::Options {
            match_ceiling_dir_or_error: false,
            ..gix::discover::upwards::Options::default()
        };
        let found = gix::ThreadSafeRepository::discover_with_environment_overrides_opts(
            &absolute,
            options,
            gix::sec::trust::Mapping::default(),
        );
        match found {
            Ok(mut found) => {
                let elsewhere = look_elsewhere(&mut found)?;
                let found = Self::wrap(found.to_thread_local(), start)?;
                Ok(Some(Self { elsewhere, ..found }))
            }
            Err(error) if found_nothing(&error) => match broken_link(&absolute) {
                Some(path) => {
                    let reason = "its `.git` file leads nowhere".to_owned();
                    Err(GitError::Open { path, reason })
                }
                None => Ok(None),
            },
            Err(error) => match std::env::var_os("GIT_DIR") {
                Some(named) if error.is_not_found() => {
                    let (name, path) = ("GIT_DIR", named.into());
                    Err(GitError::Environment { name, path, is_not: "a Git repository" })
                }
                _ => Err(cannot_open(&absolute, &error)),
            },
        }
    }

    /// The repository at exactly `path`: its work tree, its `.git`, or a bare repository.
    pub fn open(path: &Path) -> Result<Self, GitError> {
        let absolute = std::path::absolute(path)
            .map_err(|source| GitError::disk("find the folder", path, source))?;
        match gix::open_opts(&absolute, gix::open::Options::default()) {
            Ok(inner) => Self::wrap(inner, path),
            Err(error) => Err(cannot_open(path, &error)),
        }
    }

    pub(super) fn wrap(mut inner: gix::Repository, path: &Path) -> Result<Self, GitError> {
        // What was recorded counts, not what somebody would have it replaced by.
        inner.objects.ignore_replacements = true;
        // `GIT_NAMESPACE` is for what is served to others; `git log` does not follow it either.
        inner.clear_namespace();
        let action = "read where the shallow clone ends";
        let boundary: BTreeSet<ObjectId> = inner
            .shallow_commits()
            .map_err(|error| GitError::git(action, &error))?
            .map(|commits| commits.iter().copied().map(ObjectId::from).collect())
            .unwrap_or_default();
        let work_dir = inner
            .workdir()
            .map(|dir| dir.canonicalize().map_err(|source| GitError::disk("open", dir, source)))
            .transpose()?;
        if inner.object_hash() != gix::hash::Kind::Sha1 {
            return Err(GitError::Sha256 { path: path.to_owned() });
        }
        let partial = is_partial(&inner);
        let (boundary, ancestors) = (Arc::new(boundary), RefCell::default());
        Ok(Self { inner, work_dir, boundary, partial, elsewhere: None, ancestors })
    }

    /// A handle with large caches, for reading many commits; one revision is read faster without.
    #[must_use]
    pub fn for_walking(&self) -> Self {
        let mut walking = self.with_pack_cache(PACK_CACHE_BYTES);
        walking.inner.object_cache_size(OBJECT_CACHE_BYTES);
        walking
    }

    /// A handle for reading two versions of many files, each of them once.
    #[must_use]
    pub fn for_pairs(&self) -> Self {
        self.with_pack_cache(PAIR_CACHE_BYTES)
    }

    fn with_pack_cache(&self, bytes: usize) -> Self {
        let mut caching = self.clone();
        caching.inner.objects.set_pack_cache(move || {
            Box::new(gix::odb::pack::cache::lru::MemoryCappedHashmap::new(bytes))
        });
        caching
    }

    /// The folder of the work tree; none in a bare repository.
    pub fn work_dir(&self) -> Option<&Path> {
        self.work_dir.as_deref()
    }

    /// Git's own folder; in a linked work tree the one of that work tree.
    pub fn git_dir(&self) -> &Path {
        self.inner.git_dir()
    }

    /// Git's own folder that all linked work trees share.
    pub fn common_dir(&self) -> PathBuf {
        let folder = self.inner.common_dir();
        // A linked work tree names it by the way there from a folder of its own.
        gix::path::normalize(folder.into(), self.inner.current_dir())
            .map_or_else(|| folder.to_owned(), std::borrow::Cow::into_owned)
    }

    /// Where `start` lies below the work tree, with `/` between the parts; empty at its root.
    ///
    /// None where there is no work tree or `start` is outside of it.
    pub fn prefix(&self, start: &Path) -> Option<String> {
        let start = start.canonicalize().ok()?;
        let below = start.strip_prefix(self.work_dir.as_ref()?).ok()?;
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        Some(parts.join("/"))
    }

    /// Whether there is no work tree.
    pub fn is_bare(&self) -> bool {
        self.work_dir.is_none()
    }

    /// Whether part of the history was not fetched.
    pub fn is_shallow(&self) -> bool {
        !self.boundary.is_empty()
    }

    /// Whether some objects may be missing by intention (`git clone --filter`).
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// The commits whose parents were not fetched, sorted.
    pub fn shallow_boundary(&self) -> Vec<ObjectId> {
        self.boundary.iter().copied().collect()
    }

    pub(super) fn is_boundary(&self, id: ObjectId) -> bool {
        self.boundary.contains(&id)
    }

    /// Refuses a repository whose references are not kept in files: none of them could be read, and
    /// each would seem not to be there.
    ///
    /// # Errors
    /// It is such a repository.
    pub fn must_keep_references_in_files(&self) -> Result<(), GitError> {
        let storage = self.inner.config_snapshot().string("extensions.refStorage");
        match storage {
            Some(storage) if !storage.eq_ignore_ascii_case(b"files") => {
                let path = self.work_dir().unwrap_or_else(|| self.git_dir()).to_owned();
                Err(GitError::References { path, storage: storage.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// The branch `HEAD` stands on, born or not; none where `HEAD` is detached.
    pub fn head_name(&self) -> Result<Option<String>, GitError> {
        let head = self.inner.head().map_err(|error| GitError::git("read HEAD", &error))?;
        Ok(head.referent_name().map(|name| name.shorten().to_string()))
    }

    /// Who works here, by Git's `user.name` and `user.email`; none where neither is configured.
    pub fn user(&self) -> Option<Person> {
        let config = self.inner.config_snapshot();
        let text = |key: &str| config.string(key).map(|value| value.to_string().trim().to_owned());
        let (name, email) = (text("user.name"), text("user.email"));
        let person = Person { name: name.unwrap_or_default(), email: email.unwrap_or_default() };
        (person != Person::default()).then_some(person)
    }

    /// Whether the branch `HEAD` stands on has no commit yet.
    pub fn is_unborn(&self) -> bool {
        self.inner.head().is_ok_and(|head| head.is_unborn())
    }

    /// The branch that changes are proposed against, as a name that resolves: the remote's default
    /// branch, else `main` or `master`, here or at the remote.
    pub fn default_branch(&self) -> Option<String> {
        let mut remotes: Vec<String> =
            self.inner.remote_names().iter().map(ToString::to_string).collect();
        remotes.sort_by_key(|name| name != "origin");
        let declared = remotes.iter().find_map(|remote| self.remote_head(remote));
        let local = ["main", "master"]
            .into_iter()
            .map(|name| (format!("refs/heads/{name}"), name.to_owned()));
        let remote = remotes.iter().flat_map(|remote| {
            ["main", "master"]
                .map(|name| (format!("refs/remotes/{remote}/{name}"), format!("{remote}/{name}")))
        });
        declared.or_else(|| {
            local.chain(remote).find(|(full, _)| self.has_reference(full)).map(|(_, short)| short)
        })
    }

    /// The branch a remote's `HEAD` names, if that branch was fetched.
    fn remote_head(&self, remote: &str) -> Option<String> {
        let head = format!("refs/remotes/{remote}/HEAD");
        let head = self.inner.try_find_reference(head.as_str()).ok()??;
        let name = head.target().try_name()?.to_owned();
        self.has_reference(&name.to_string()).then(|| name.shorten().to_string())
    }

    pub(super) fn has_reference(&self, full_name: &str) -> bool {
        self.inner.try_find_reference(full_name).is_ok_and(|found| found.is_some())
    }

    /// The object of that id.
    pub(super) fn object(&self, id: ObjectId) -> Result<gix::Object<'_>, GitError> {
        match self.inner.try_find_object(id) {
            Ok(Some(object)) => Ok(object),
            Ok(None) => Err(self.missing(id)),
            Err(error) => Err(GitError::Corrupt { id, reason: reason(&error) }),
        }
    }

    /// The error for an object that is not here.
    pub(super) fn missing(&self, id: ObjectId) -> GitError {
        if self.partial { GitError::PartialClone { id } } else { GitError::MissingObject { id } }
    }
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Repository({})", self.git_dir().display())
    }
}

fn is_partial(repository: &gix::Repository) -> bool {
    let config = repository.config_snapshot();
    let promised =
        |remote: &str| config.boolean(format!("remote.{remote}.promisor").as_str()) == Some(true);
    config.string("extensions.partialClone").is_some()
        || repository.remote_names().iter().any(|remote| promised(&remote.to_string()))
}

fn found_nothing(error: &gix::Error) -> bool {
    use gix::discover::upwards::Error as Discover;
    matches!(
        error.downcast_any_ref::<Discover>(),
        Some(
            Discover::NoGitRepository { .. }
                | Discover::NoGitRepositoryWithinCeiling { .. }
                | Discover::NoGitRepositoryWithinFs { .. }
        )
    )
}

/// The folder at or above `start` whose `.git` is a file, as in linked work trees and submodules.
fn broken_link(start: &Path) -> Option<PathBuf> {
    let mut folders = start.ancestors();
    folders.find(|folder| folder.join(".git").is_file()).map(Path::to_owned)
}

fn cannot_open(path: &Path, error: &gix::Error) -> GitError {
    let path = path.to_owned();
    let all = error.iter_errors().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    if all.to_ascii_lowercase().contains("sha256") {
        GitError::Sha256 { path }
    } else if error.is_not_found() {
        GitError::NotARepository { path }
    } else {
        GitError::Open { path, reason: reason(error) }
    }
}
