//! `opmodel completions`: completions for a shell.

use super::{Failure, Session};
use clap::{Arg, Args, Command, ValueHint};
use clap_complete::Shell;
use std::fmt::Write as _;

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
        let mut definition = hinted(crate::cli::definition());
        clap_complete::generate(self.shell, &mut definition, "opmodel", &mut script);
        session.write(&String::from_utf8_lossy(&script))?;
        if self.shell == Shell::Fish {
            session.write(&words_for_fish(&definition))?;
        }
        Ok(0)
    }
}

/// What may stand where a command takes a value: a file, a folder, or neither.
fn hinted(command: Command) -> Command {
    let hinted_argument = |argument: Arg| {
        if !argument.get_action().takes_values() {
            return argument;
        }
        let names = argument.get_value_names().unwrap_or_default();
        let says = |words: &[&str]| words.iter().any(|word| names.iter().any(|n| n.contains(word)));
        let hint = match () {
            () if says(&["DIR", "FOLDER"]) => ValueHint::DirPath,
            () if says(&["FILE", "PATH", "RECORD", "ARGUMENT"]) => ValueHint::FilePath,
            () => ValueHint::Other,
        };
        argument.value_hint(hint)
    };
    command.mut_args(hinted_argument).mut_subcommands(hinted)
}

/// The values of arguments without a name, which the script for fish leaves to files.
fn words_for_fish(definition: &Command) -> String {
    let mut lines = String::new();
    for command in definition.get_subcommands() {
        let takes_files = |argument: &Arg| argument.get_value_hint() == ValueHint::FilePath;
        if command.get_positionals().next().is_none() || command.get_positionals().any(takes_files)
        {
            continue;
        }
        let values = command.get_positionals().flat_map(Arg::get_possible_values);
        let values: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
        let _ = write!(
            lines,
            "complete -c opmodel -n \"__fish_opmodel_using_subcommand {}\" -f",
            command.get_name()
        );
        if !values.is_empty() {
            let _ = write!(lines, " -a \"{}\"", values.join(" "));
        }
        lines.push('\n');
    }
    lines
}
