//! `opmodel git`: Git's own commands with differences in meaning, and a check before a push.

mod block;
mod conflict;
mod hook;
mod push;
mod setup;
mod versions;

use super::{Failure, Session};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Let Git itself show what changes mean, and check before a push.
#[derive(Debug, Args)]
pub struct Git {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Set this clone up, so that `git diff` shows what changes mean and a push checks first.
    ///
    /// Writes a diff driver into the repository's own configuration, the files it is for into
    /// `info/attributes`, and a hook that checks what is pushed. Nothing of it is committed, so it
    /// is for this clone alone, linked work trees included. A hook or a setting of somebody else
    /// stays, and what to do is said. Of several models in a repository each is set up with its
    /// own `--model`, and all of them are checked. Afterwards `git diff` compares by meaning;
    /// `git log -p`, `git show` and `git blame` see one property a line, however the files are laid
    /// out; and `git log -p --ext-diff` compares each commit by meaning. `--no-ext-diff` and
    /// `--no-textconv` show files as they are.
    #[command(
        after_help = "Examples:\n  opmodel git install\n  git diff                          what changes mean, a file at a time\n  git log -p model/                 the history, a property a line\n  git show --ext-diff HEAD          what a commit means\n  git push --no-verify              a push without the check\n  opmodel git uninstall             as it was before"
    )]
    Install,
    /// Undo what `git install` did, and nothing else.
    ///
    /// For every model, or with `--model` for that one alone.
    Uninstall,
    /// Check what is pushed: what the hook calls before a push.
    ///
    /// Reads what Git hands to a `pre-push` hook, a line for each branch or tag, and checks every
    /// commit in it that holds a model. Exits with 1 where there is an error, and Git pushes nothing.
    PrePush(PrePush),
    /// Compare two versions of a file: what Git calls for `git diff`.
    DiffDriver(DiffDriver),
    /// Print what a file says, a property a line: what Git calls for `git log -p`.
    Textconv(Textconv),
}

#[derive(Debug, Args)]
struct PrePush {
    /// The folders of the models; the one of `--model` where none is given.
    #[arg(value_name = "FOLDER")]
    folders: Vec<String>,
}

#[derive(Debug, Args)]
struct DiffDriver {
    /// What Git hands over: the path, then file, hash and mode of both versions, and for a rename
    /// the other path and a few words; the path alone where a merge left the file open.
    #[arg(required = true, num_args = 1.., trailing_var_arg = true, allow_hyphen_values = true)]
    #[arg(value_name = "ARGUMENT")]
    arguments: Vec<PathBuf>,
}

#[derive(Debug, Args)]
struct Textconv {
    /// The file.
    #[arg(value_name = "FILE", allow_hyphen_values = true)]
    file: PathBuf,
}

impl Git {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        match self.what {
            What::Install => setup::install(session),
            What::Uninstall => setup::uninstall(session),
            What::PrePush(command) => push::check(session, command.folders),
            What::DiffDriver(command) => versions::difference(session, &command.arguments),
            What::Textconv(command) => versions::text(session, &command.file),
        }
    }
}
