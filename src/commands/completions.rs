//! `opmodel completions`: completions for a shell.

use super::{Failure, Session};
use clap::Args;
use clap_complete::Shell;

/// Print completions for a shell.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel completions bash > ~/.local/share/bash-completion/completions/opmodel\n  opmodel completions zsh > ~/.zfunc/_opmodel\n  opmodel completions fish > ~/.config/fish/completions/opmodel.fish"
)]
pub struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let mut script = Vec::new();
        let mut definition = crate::cli::definition();
        clap_complete::generate(self.shell, &mut definition, "opmodel", &mut script);
        session.write(&String::from_utf8_lossy(&script))?;
        Ok(0)
    }
}
