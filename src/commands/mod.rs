//! One verb a file, thin: parse, call, render.

mod address;
mod approvals;
mod approve;
mod audit;
mod backtest;
mod blame;
mod check;
mod completions;
mod demo;
mod deviations;
mod diff;
mod doubled;
mod drift;
mod effort;
mod evaluate;
mod explain;
mod export;
mod exports;
mod git;
mod handed;
mod impact;
mod init;
mod judging;
mod kept;
mod kinds;
mod listed;
mod log;
mod man;
mod memory;
mod one_file;
mod output;
mod pager;
mod progress;
mod records;
mod review;
mod revision;
mod schema;
mod show;
mod site;
mod sorted;
mod trace;

use crate::cli::Surroundings;
use crate::git::GitError;
use crate::history::{At, HistoryError, Workspace};
use crate::model::FORMAT;
use crate::report::{Page, TextOptions, shown, text};
use clap::Subcommand;
pub(crate) use pager::Paging;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

/// What the tool does; each command says of itself what it does.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "words here would take the place of those of the command")]
pub enum Command {
    Check(check::Check),
    Diff(diff::Diff),
    Review(review::Review),
    Log(log::Log),
    Drift(drift::Drift),
    Audit(audit::Audit),
    Blame(blame::BlameCommand),
    Show(show::Show),
    Approvals(approvals::Approvals),
    Approve(approve::Approve),
    Impact(impact::ImpactCommand),
    Backtest(backtest::BacktestCommand),
    Trace(trace::Trace),
    Records(records::Records),
    Evaluate(evaluate::Evaluate),
    Deviations(deviations::Deviations),
    Export(export::Export),
    Site(site::SiteCommand),
    Git(git::Git),
    Init(init::Init),
    Demo(demo::Demo),
    Explain(explain::Explain),
    Kinds(kinds::Kinds),
    Schema(schema::SchemaCommand),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Command {
    /// Runs it; the exit code where it came to an end.
    pub(crate) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        match self {
            Self::Check(command) => command.run(session),
            Self::Diff(command) => command.run(session),
            Self::Review(command) => command.run(session),
            Self::Log(command) => command.run(session),
            Self::Drift(command) => command.run(session),
            Self::Audit(command) => command.run(session),
            Self::Blame(command) => command.run(session),
            Self::Show(command) => command.run(session),
            Self::Approvals(command) => command.run(session),
            Self::Approve(command) => command.run(session),
            Self::Impact(command) => command.run(session),
            Self::Backtest(command) => command.run(session),
            Self::Trace(command) => command.run(session),
            Self::Records(command) => command.run(session),
            Self::Evaluate(command) => command.run(session),
            Self::Deviations(command) => command.run(session),
            Self::Export(command) => command.run(session),
            Self::Site(command) => command.run(session),
            Self::Git(command) => command.run(session),
            Self::Init(command) => command.run(session),
            Self::Demo(command) => command.run(session),
            Self::Explain(command) => command.run(session),
            Self::Kinds(command) => command.run(session),
            Self::Schema(command) => command.run(session),
            Self::Completions(command) => command.run(session),
            Self::Man(command) => command.run(session),
        }
    }
}

/// A run: what is around it, and where its output goes.
pub(crate) struct Session<'a> {
    /// What is around it.
    pub(crate) surroundings: Surroundings,
    /// The folder `-C` names, as it was written.
    pub(crate) below: PathBuf,
    /// The model's folder, where one was named.
    pub(crate) model: Option<String>,
    /// Whether results are coloured.
    pub(crate) color: bool,
    /// How wide results are.
    pub(crate) width: usize,
    /// Where results go.
    pub(crate) stdout: &'a mut dyn Write,
    /// Whether they go through a pager first.
    pub(crate) paging: Paging,
    /// What goes to standard error at the end.
    pub(crate) stderr: String,
}

impl Session<'_> {
    fn text_options(&self) -> TextOptions {
        let is_seen = self.surroundings.columns.is_some();
        TextOptions { color: self.color, width: self.width, is_seen }
    }

    /// Writes results.
    fn write(&mut self, text: &str) -> Result<(), Failure> {
        self.paging.start(&self.surroundings.directory);
        let written = match &mut self.paging {
            Paging::Running(pager) => pager.write_all(text.as_bytes()),
            _ => self.stdout.write_all(text.as_bytes()),
        };
        match written {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(Failure::Closed),
            Err(error) => Err(Failure::World {
                message: format!("cannot write the results: {error}"),
                help: None,
            }),
        }
    }

    /// Says that results may be longer than a screen.
    fn long(&mut self) {
        self.paging.ask();
    }

    fn page(&mut self, page: &Page) -> Result<(), Failure> {
        let text = text(page, self.text_options());
        self.write(&text)
    }

    fn directory(&self) -> PathBuf {
        self.surroundings.directory.clone()
    }

    /// The model that a command is about; says where it is written in a newer format than this tool reads.
    fn workspace(&mut self) -> Result<Workspace, Failure> {
        let workspace = self.unread_workspace()?;
        if let Some(format) = workspace.newer_format()? {
            self.note(&format!(
                "`{}` is written in format {format} and this tool reads up to {FORMAT}: do not rely on what \
                 it says, and update opmodel",
                workspace.folder_name()
            ));
        }
        Ok(workspace)
    }

    /// The same for a command that finds that out by itself, or does not read the model.
    fn unread_workspace(&self) -> Result<Workspace, Failure> {
        let directory = &self.surroundings.directory;
        if !directory.is_dir() {
            let what = if directory.exists() { "is no folder" } else { "is not there" };
            let message = format!("`{}` {what}", self.below.display());
            let help = Some("name a folder behind `-C`, as it is seen from here".to_owned());
            return Err(Failure::World { message, help });
        }
        if self.model.as_ref().is_some_and(|named| named.trim().is_empty()) {
            let help = "leave `--model` out, or name the model's folder; `.` is the one you are in";
            return Err(Failure::usage("the name behind `--model` is empty", help));
        }
        Ok(Workspace::find(directory, self.model.as_deref())?)
    }

    /// Says how many files of the model are not on disk because Git was told not to check them out,
    /// where the model is read from there.
    fn note_left_out(&mut self, workspace: &Workspace, at: &At) -> Result<(), Failure> {
        let repository = workspace.maybe_repository().filter(|_| matches!(at, At::WorkTree));
        let Some(repository) = repository else { return Ok(()) };
        let left_out = repository.left_out(&workspace.folder)?;
        if left_out > 0 {
            let (are, them) = if left_out == 1 { ("is", "it") } else { ("are", "them") };
            let files = crate::view::count(left_out, "file", "files");
            let folder = workspace.folder_name();
            let how = match workspace.folder.as_str() {
                "" => "disable".to_owned(),
                folder => format!("add {folder}"),
            };
            self.note(&format!(
                "{files} of `{folder}` {are} not checked out here and not read (a sparse checkout); \
                 `git sparse-checkout {how}` brings {them}"
            ));
        }
        Ok(())
    }

    /// Says what of a history is not as Git itself would show it.
    fn note_history(&mut self, workspace: &Workspace) -> Result<(), Failure> {
        let repository = workspace.repository()?;
        let replaced = repository.replaced()?;
        let grafts = repository.has_grafts();
        if replaced > 0 {
            let words = crate::view::count(replaced, "object", "objects");
            self.note(&format!(
                "{words} replaced with `git replace` are read as they were recorded"
            ));
        }
        if grafts {
            self.note("`info/grafts` is not followed: commits have the parents they record");
        }
        Ok(())
    }

    /// A path as somebody here would write it.
    fn seen(&self, path: &std::path::Path) -> String {
        let below = |path: &std::path::Path, folder: &std::path::Path| {
            path.strip_prefix(folder).ok().map(|path| path.display().to_string())
        };
        let here = &self.surroundings.directory;
        let real = here.canonicalize().ok();
        let seen = below(path, here).or_else(|| below(path, &real?));
        seen.unwrap_or_else(|| path.display().to_string())
    }

    fn note(&mut self, text: &str) {
        let _ = writeln!(self.stderr, "note: {}", shown(text));
    }
}

/// Why a command could not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was asked wrongly; exit code 2.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// The repository or the disk; exit code 128.
    World {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// Nobody reads the results any more.
    Closed,
}

impl Failure {
    fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: Some(help.into()) }
    }

    /// A fault of the tool itself, for example a schema of its own that does not compile.
    fn own(reason: &str) -> Self {
        let message = format!("opmodel is broken: {reason}");
        let help = Some("report this; it is not a fault of the model".to_owned());
        Self::World { message, help }
    }

    fn disk(action: &'static str, path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        GitError::Disk { action, path: path.into(), source }.into()
    }

    /// A file, or standard input, that was handed to a command and cannot be read.
    fn handed(name: &std::path::Path, source: std::io::Error) -> Self {
        if name == std::path::Path::new("-") {
            return Self::World {
                message: format!("cannot read standard input: {source}"),
                help: None,
            };
        }
        Self::disk("read", name, source)
    }

    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Usage { .. } => 2,
            Self::World { .. } => 128,
            Self::Closed => 0,
        }
    }

    /// What is wrong; nothing where nobody reads it.
    fn message(&self) -> &str {
        match self {
            Self::Usage { message, .. } | Self::World { message, .. } => message,
            Self::Closed => "",
        }
    }

    /// The message and the help, for standard error.
    pub(crate) fn told(&self, color: bool) -> String {
        let (message, help) = match self {
            Self::Usage { message, help } | Self::World { message, help } => (message, help),
            Self::Closed => return String::new(),
        };
        let (red, plain) = if color { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        let mut out = format!("{red}fatal:{plain} {}\n", shown(message));
        if let Some(help) = help {
            let _ = writeln!(out, "help: {}", shown(help));
        }
        out
    }
}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        Self::World { message: error.to_string(), help: error.help() }
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        HistoryError::from(error).into()
    }
}
