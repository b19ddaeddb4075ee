//! Real repositories for tests, made by the `git` binary with nobody's configuration.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A repository in a folder of its own that goes away with it.
pub(crate) struct Repo {
    /// The folder that holds everything.
    pub(crate) dir: tempfile::TempDir,
    root: PathBuf,
}

impl Repo {
    /// An empty repository with a work tree, on branch `main`.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let root = dir.path().join("work");
        fs::create_dir(&root).expect("a folder for the work tree");
        let repo = Self { dir, root };
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo
    }

    /// The root of the work tree.
    pub(crate) fn path(&self) -> &Path {
        &self.root
    }

    /// A path beside the work tree, for clones and linked work trees.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Runs git in the work tree and gives what it prints, without the last line end.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.root, arguments)
    }

    /// Runs git in some folder.
    pub(crate) fn git_in(&self, folder: &Path, arguments: &[&str]) -> String {
        let output = self.run(folder, arguments, 1_700_000_000);
        succeeded(arguments, &output)
    }

    /// Runs git and says whether it succeeded.
    pub(crate) fn try_git(&self, arguments: &[&str]) -> bool {
        self.run(&self.root, arguments, 1_700_000_000).status.success()
    }

    /// Writes a file, with the folders it needs.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let place = self.root.join(path);
        fs::create_dir_all(place.parent().expect("a parent folder")).expect("folders");
        fs::write(place, text).expect("a written file");
    }

    /// Writes a symbolic link as Git has it there: where the system has none, as a file that only the
    /// index knows for a link.
    pub(crate) fn link(&self, target: &str, path: &str) {
        #[cfg(unix)]
        std::os::unix::fs::symlink(target, self.root.join(path)).expect("a link");
        #[cfg(not(unix))]
        {
            self.git(&["config", "core.symlinks", "false"]);
            self.write(path, target);
            let object = self.git(&["hash-object", "-w", "--", path]);
            self.git(&["update-index", "--add", "--cacheinfo", &format!("120000,{object},{path}")]);
        }
    }

    /// Removes a file.
    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.root.join(path)).expect("a removed file");
    }

    /// Commits everything in the work tree and gives the commit's id.
    pub(crate) fn commit(&self, message: &str, unix_time: i64) -> String {
        self.git(&["add", "--all"]);
        self.git_at(unix_time, &["commit", "--quiet", "--allow-empty", "--message", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs git with the clock at an instant.
    pub(crate) fn git_at(&self, unix_time: i64, arguments: &[&str]) -> String {
        let output = self.run(&self.root, arguments, unix_time);
        succeeded(arguments, &output)
    }

    fn run(&self, folder: &Path, arguments: &[&str], unix_time: i64) -> Output {
        let date = format!("@{unix_time} +0000");
        Command::new("git")
            .args(["-c", "core.autocrlf=false", "-c", "gc.auto=0"])
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .envs(system())
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs([
                ("HOME", self.dir.path().as_os_str()),
                ("GIT_CONFIG_GLOBAL", "/dev/null".as_ref()),
                ("GIT_CONFIG_NOSYSTEM", "1".as_ref()),
                ("GIT_CEILING_DIRECTORIES", self.dir.path().as_os_str()),
                ("GIT_AUTHOR_NAME", "Ada Author".as_ref()),
                ("GIT_AUTHOR_EMAIL", "ada@example.com".as_ref()),
                ("GIT_COMMITTER_NAME", "Carl Committer".as_ref()),
                ("GIT_COMMITTER_EMAIL", "carl@example.com".as_ref()),
                ("GIT_AUTHOR_DATE", date.as_ref()),
                ("GIT_COMMITTER_DATE", date.as_ref()),
                ("TZ", "UTC".as_ref()),
                ("LC_ALL", "C".as_ref()),
            ])
            .output()
            .expect("a git binary on the path")
    }
}

/// What programs need of the environment on some systems, whatever else is kept from them.
pub(crate) fn system() -> impl Iterator<Item = (&'static str, std::ffi::OsString)> {
    let needed: &[&str] = if cfg!(windows) { &["SYSTEMROOT", "TEMP", "TMP"] } else { &[] };
    needed.iter().filter_map(|name| Some((*name, std::env::var_os(name)?)))
}

fn succeeded(arguments: &[&str], output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {}: {errors}", arguments.join(" "));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}
