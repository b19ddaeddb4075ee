//! Where Git looks for hooks and for attributes that are nobody's but this repository's.

use super::{GitError, Repository};
use std::path::PathBuf;

/// The folder of the hooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hooks {
    /// The folder; it may not exist yet.
    pub folder: PathBuf,
    /// Whether it is set for more than this repository, so that what is put there is everybody's.
    pub shared: bool,
}

impl Repository {
    /// The folder Git runs hooks from: what `core.hooksPath` says, else `hooks` in the folder that
    /// all linked work trees share.
    ///
    /// # Errors
    /// The setting cannot be read as a path.
    pub fn hooks(&self) -> Result<Hooks, GitError> {
        use gix::config::Source;
        let own = Hooks { folder: self.common_dir().join("hooks"), shared: false };
        let config = self.inner.config_snapshot();
        let path = config.trusted_path("core.hooksPath");
        let path = path.map_err(|error| GitError::git("read `core.hooksPath`", &error))?;
        let Some(path) = path.filter(|path| !path.as_os_str().is_empty()) else { return Ok(own) };
        let section = config.plumbing().raw_value_with_section("core.hooksPath");
        let source = section.ok().map(|(_, section)| section.meta().source);
        let shared = !matches!(source, Some(Source::Local | Source::Worktree));
        // Hooks run at the root of the work tree, or in Git's own folder where there is none.
        let root = self.work_dir().unwrap_or_else(|| self.git_dir());
        Ok(Hooks { folder: root.join(path), shared })
    }

    /// What a setting says, wherever it is written.
    pub fn setting(&self, key: &str) -> Option<String> {
        self.inner.config_snapshot().string(key).map(|value| value.to_string())
    }

    /// The command that a setting names; none from the configuration of somebody else's repository.
    pub fn program(&self, key: &str) -> Option<std::ffi::OsString> {
        self.inner.config_snapshot().trusted_program(key).ok().flatten()
    }
}
