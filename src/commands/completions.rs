//! `opmodel completions`: completions for a shell.

use super::{Failure, Session, explain, schema};
use crate::change::{CATALOGUE, Impact, Level, Verb};
use crate::measure::deviations;
use crate::model::KINDS;
use clap::builder::PossibleValuesParser;
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

/// What may stand where a command takes a value: one of some words, a file, a folder, or none of these.
///
/// The commands themselves know these words too, and say more of one that is wrong than a list of them.
fn hinted(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let hinted_argument = |argument: Arg| {
        let words = words(&name, argument.get_id().as_str());
        if !words.is_empty() {
            // The first of several that are parted by commas.
            return argument.value_parser(PossibleValuesParser::new(words));
        }
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

/// The words that an argument of a command takes, where they are known without a model.
fn words(command: &str, argument: &str) -> Vec<String> {
    let owned = |words: &mut dyn Iterator<Item = &str>| words.map(str::to_owned).collect();
    match (command, argument) {
        ("explain", "name") => owned(&mut explain::pages()),
        ("schema", "name") => schema::all().into_keys().collect(),
        ("kinds", "containing") => owned(&mut KINDS.iter().map(|kind| kind.id)),
        ("deviations", "kinds") => owned(&mut deviations::Kind::ALL.iter().map(|kind| kind.id())),
        ("log", "kind") => owned(&mut CATALOGUE.kinds().map(|kind| kind.id.as_str())),
        ("log", "impact") => owned(&mut Impact::ALL.into_iter().map(Impact::word)),
        ("log", "level") => owned(&mut Level::ALL.into_iter().map(Level::word)),
        ("log", "verb") => owned(&mut Verb::ALL.iter().map(|verb| verb.word())),
        _ => Vec::new(),
    }
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
