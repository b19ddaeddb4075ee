//! The command line against real repositories: the binary itself, with nothing around it.

mod approvals;
mod audit;
mod backtest;
mod blame;
mod deviations;
mod drift;
mod evaluate;
mod evaluate_promises;
mod exact;
mod export;
mod export_sql;
mod files;
mod formats;
mod git_install;
mod hostile;
mod impact;
mod intent;
mod log;
mod log_forms;
mod mistakes;
mod named_files;
mod outputs;
#[cfg(target_os = "linux")]
mod pager;
mod places;
mod records;
mod review;
mod revisions;
mod show_at;
mod trace;
mod trace_since;
mod verbs;

use crate::repo::{Repo, system};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

const DAY: i64 = 86_400;
const T: i64 = 1_700_000_000;

/// A folder with files, by their paths in it.
fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// The run, which came to an end with this exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n{}\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// What it says, in one line.
    fn unbroken(&self) -> String {
        self.out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(self.out.contains(words), "no `{words}` in:\n{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn hides(self, words: &str) -> Self {
        assert!(!self.out.contains(words), "`{words}` in:\n{}", self.out);
        self
    }

    #[track_caller]
    pub(crate) fn complains(self, words: &str) -> Self {
        assert!(self.err.contains(words), "no `{words}` in:\n{}\n{}", self.err, self.out);
        self
    }

    #[track_caller]
    pub(crate) fn silent(self) -> Self {
        assert_eq!(self.out, "", "{}", self.err);
        self
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}:\n{}", self.out))
    }
}

pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_opmodel"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(system())
        .env("HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null());
    command
}

/// Runs the tool in a folder, with nothing of the machine's environment.
pub(crate) fn opmodel(folder: &Path, arguments: &[&str]) -> Run {
    ran(&mut command(folder, arguments))
}

fn ran(command: &mut Command) -> Run {
    let output = command.output().expect("a run");
    Run {
        code: output.status.code().expect("an exit code, not a signal"),
        out: String::from_utf8(output.stdout).expect("results in UTF-8"),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs the tool, reads a few bytes of what it prints, and goes away.
fn closed_early(folder: &Path, arguments: &[&str]) -> Run {
    let mut child = command(folder, arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a child");
    let mut start = [0; 16];
    let mut out = child.stdout.take().expect("its output");
    out.read_exact(&mut start).expect("some output");
    drop(out);
    let output = child.wait_with_output().expect("an end");
    Run {
        code: output.status.code().expect("an exit code, not a signal"),
        out: String::from_utf8_lossy(&start).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A small valid model with one promise of time.
fn model(within: &str) -> String {
    format!(
        r#"[model]
format = 1
currency = "EUR"
owner = "role.lead"

[object.lead]
owner = "role.lead"

[field.lead.created_at]
type = "datetime"

[field.lead.touched_at]
type = "datetime"

[role.lead]
name = "Sales lead"
holder = [{{ id = "ada", email = "ada@example.com" }}]

[sla.touch]
owner = "role.lead"
object = "lead"
applies_to = "created_at is set"
starts = "created_at"
stops = "touched_at"
within = "{within}"
"#
    )
}

/// Three commits of the small model: a first, a looser promise, and a mere comment.
fn history() -> Repo {
    let repo = Repo::new();
    repo.write("model/model.toml", model("4 hours"));
    repo.commit("the model", T);
    repo.write("model/model.toml", model("5 hours"));
    repo.commit("more time", T + DAY);
    repo.write("model/model.toml", format!("# said once\n{}", model("5 hours")));
    repo.commit("a comment", T + 2 * DAY);
    repo
}
