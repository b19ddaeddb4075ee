//! The command line: arguments, exit codes, and what every command shares.

use crate::commands::{Command, Failure, Paging, Session};
use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, ValueEnum};
use jiff::civil::Date;
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

/// The heading of the options that every command has.
const EVERYWHERE: &str = "Everywhere";

/// A go-to-market operating model as code.
///
/// The ICP, definitions, stages, routing, territories, SLAs and decision rights of a company live
/// as TOML in a Git repository. opmodel checks them, says what a change means, and who changed a
/// definition when.
#[derive(Debug, Parser)]
#[command(name = "opmodel", version, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Start here:\n  opmodel demo                  a company's model with 18 months of history, and the main job on it\n  opmodel init                  a small starter in ./model\n  opmodel check                 what is wrong with the model\n  opmodel diff main             what the work tree changes in meaning\n  opmodel log definition.mql    who changed the MQL definition, and when\n\nExit codes: 0 done, 1 findings, 2 usage, 3 approvals missing,\n4 undecided (with --strict), 128 repository or file trouble."
)]
pub struct Cli {
    /// Run as if started in this folder.
    #[arg(short = 'C', long = "directory", global = true, value_name = "DIR")]
    #[arg(help_heading = EVERYWHERE)]
    directory: Option<PathBuf>,
    /// The model's folder; `model` here or at the repository's root where none is given.
    #[arg(long, global = true, value_name = "DIR", help_heading = EVERYWHERE)]
    model: Option<String>,
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    #[arg(help_heading = EVERYWHERE)]
    color: When,
    /// Print long results at once, without a pager.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    no_pager: bool,
    #[command(subcommand)]
    command: Command,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl When {
    /// What raw arguments ask for, where they cannot be read as a whole.
    fn asked(arguments: &[OsString]) -> Self {
        let words = arguments.iter().map(|word| word.to_string_lossy());
        let words: Vec<_> = words.take_while(|word| word != "--").collect();
        let behind = words.iter().filter_map(|word| word.strip_prefix("--color="));
        let apart = words.windows(2).filter_map(|pair| match pair {
            [option, word] if option == "--color" => Some(word.as_ref()),
            _ => None,
        });
        let asked = behind.chain(apart).find_map(|word| Self::from_str(word, false).ok());
        asked.unwrap_or(Self::Auto)
    }
}

/// What the world around the command is like; `main` looks, everything else is told.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The current folder.
    pub directory: PathBuf,
    /// Now, in seconds since 1970-01-01 UTC.
    pub now_seconds: i64,
    /// Whether results go to a terminal.
    pub stdout_is_terminal: bool,
    /// Whether messages go to a terminal.
    pub stderr_is_terminal: bool,
    /// What the environment says of colours; nothing where it matters on what is printed.
    pub colors: Option<bool>,
    /// The terminal's width, where it is known.
    pub columns: Option<usize>,
    /// What is said of pagers; none where results do not go straight to a terminal.
    pub pager: Option<PagerSettings>,
}

/// What the environment says of pagers.
#[derive(Debug, Clone, Default)]
pub struct PagerSettings {
    /// The pager for Git.
    pub git_pager: Option<OsString>,
    /// The pager for everything.
    pub pager: Option<OsString>,
    /// Whether `LESS` is set.
    pub less: bool,
    /// Whether `LV` is set.
    pub lv: bool,
}

impl Surroundings {
    /// Today in UTC.
    pub fn today(&self) -> Date {
        let now = jiff::Timestamp::from_second(self.now_seconds).unwrap_or_default();
        now.to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    fn colored(&self, when: When, terminal: bool) -> bool {
        match when {
            When::Always => true,
            When::Never => false,
            When::Auto => self.colors.unwrap_or(terminal),
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What goes to standard error.
    pub stderr: String,
    /// The exit code.
    pub code: u8,
}

/// The command line as clap sees it, for completions and manual pages.
pub fn definition() -> clap::Command {
    Cli::command()
}

/// Runs a command line; results go to `stdout` as they come, everything else is in the outcome.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    surroundings: &Surroundings,
    stdout: &mut dyn Write,
) -> Outcome {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let when = When::asked(&arguments);
    // Colour is taken out in `usage`, where it is known on what it is printed.
    let mut command = definition().color(ColorChoice::Always);
    if let Some(columns) = surroundings.columns {
        command = command.term_width(columns.clamp(40, 100));
    }
    let matches = command.try_get_matches_from(arguments);
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, surroundings, when, stdout),
    };
    let directory = match &cli.directory {
        Some(directory) => surroundings.directory.join(directory),
        None => surroundings.directory.clone(),
    };
    let pager = surroundings.pager.clone().filter(|_| !cli.no_pager);
    let mut session = Session {
        color: surroundings.colored(cli.color, surroundings.stdout_is_terminal),
        width: surroundings.columns.unwrap_or(100).clamp(40, 120),
        surroundings: Surroundings { directory, ..surroundings.clone() },
        below: cli.directory.unwrap_or_default(),
        model: cli.model,
        stdout,
        paging: pager.map_or(Paging::Off, Paging::Allowed),
        stderr: String::new(),
    };
    let result = cli.command.run(&mut session);
    session.paging.close();
    let mut stderr = std::mem::take(&mut session.stderr);
    let code = match result {
        Ok(code) => code,
        Err(Failure::Closed) => 0,
        Err(failure) => {
            let color = surroundings.colored(cli.color, surroundings.stderr_is_terminal);
            stderr.push_str(&failure.told(color));
            failure.code()
        }
    };
    Outcome { stderr, code }
}

/// Help and version are results; anything else clap says is about usage.
fn usage(
    error: &clap::Error,
    surroundings: &Surroundings,
    when: When,
    stdout: &mut dyn Write,
) -> Outcome {
    let styled = error.render();
    let text = |terminal: bool| {
        if surroundings.colored(when, terminal) {
            styled.ansi().to_string()
        } else {
            styled.to_string()
        }
    };
    if error.use_stderr() {
        return Outcome { stderr: text(surroundings.stderr_is_terminal), code: 2 };
    }
    let text = text(surroundings.stdout_is_terminal);
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let message = format!("cannot write the results: {error}");
            let failure = Failure::World { message, help: None };
            let color = surroundings.colored(when, surroundings.stderr_is_terminal);
            Outcome { stderr: failure.told(color), code: failure.code() }
        }
        _ => Outcome { stderr: String::new(), code: 0 },
    }
}
