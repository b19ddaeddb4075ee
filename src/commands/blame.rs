//! `opmodel blame`: the commit that last changed the meaning of each line.

use super::address::{help, model_at, named_file, pattern};
use super::revision::{Dates, NamedAt, head};
use super::{Failure, Session};
use crate::history::{At, Blame, BlameOptions, Gap, Tip, Unreadable, Workspace};
use crate::model::{Address, Pattern};
use crate::report::{TextOptions, json, text};
use crate::view::{BlameReport, blame_page};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The forms of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; `opmodel schema output-blame` describes it.
    Json,
}

/// Show the lines of an entity, each with the commit that last changed its meaning.
///
/// Commits that only write a line otherwise are passed over: another layout, another order of
/// what has no order, a criterion that says the same, a move to another file, a rename that
/// `formerly` declares. Of names and descriptions, from which nothing is computed, it is the
/// commit that first stated them. The header of a stage or a rule has the commit that last
/// moved it to where it takes other records, or that added it. Comments and blank lines have
/// none.
///
/// A merge is shown only for what it changed itself, against every parent. `^` marks where the
/// history was not fetched, `?` where a file could not be read for a while: there the change may
/// be older.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel blame definition.mql             one definition, line by line\n  opmodel blame routing.inbound            a routing table, rule by rule\n  opmodel blame lifecycle.lead.stage.sql   one stage\n  opmodel blame sla.first-touch.within     one property\n  opmodel blame 'definition.*' --at 2026-06-30\n  opmodel blame -C icp.core                who last wrote each line otherwise, too\n  opmodel blame --format json              the whole model"
)]
pub struct BlameCommand {
    /// An entity, or a property, criterion, stage or rule of one; a pattern such as
    /// `definition.*`; the whole model where none is given.
    #[arg(value_name = "ADDRESS")]
    addresses: Vec<String>,
    /// A revision or a date; what is on disk where none is given.
    #[arg(long, value_name = "REV|DATE")]
    at: Option<String>,
    #[command(flatten)]
    dates: Dates,
    /// Follow only the first parent of merges: when it came to the main line.
    #[arg(long)]
    first_parent: bool,
    /// Show the commit that last changed how a line is written, too, where it is another one.
    #[arg(short = 'C', long = "form")]
    form: bool,
    /// The form of the result.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Run as if started in this folder; `-C` only in front of `blame`.
    #[arg(long = "directory", value_name = "DIR", help_heading = "Everywhere")]
    directory: Option<PathBuf>,
}

impl BlameCommand {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        session.long();
        let workspace = session.workspace()?;
        session.note_history(&workspace)?;
        let addresses = self.addresses.iter().map(|word| pattern(word));
        let options = BlameOptions {
            addresses: addresses.collect::<Result<_, _>>()?,
            first_parent: self.first_parent,
            form: self.form,
        };
        let (state, tip) = self.tip(session, &workspace)?;
        let blame = workspace.blame(&tip, &options)?;
        refuse_unreadable(&workspace, &blame, &state, &tip, &options.addresses)?;
        refuse_unknown(&workspace, &blame, &state, &options.addresses)?;
        match self.format {
            Format::Json => {
                let report = BlameReport::new(&blame, state.row(), self.first_parent);
                session.write(&json(&report))?;
            }
            Format::Text => {
                // A line that is wider than the terminal stays one line, as Git leaves it.
                let options =
                    TextOptions { color: session.color, width: usize::MAX, is_seen: false };
                session.write(&text(&blame_page(&blame), options))?;
            }
        }
        say_what_is_not_known(session, &blame, &state);
        session.note_doubled(&workspace, &state.at, &options.addresses, false)?;
        Ok(0)
    }

    fn tip(
        &self,
        session: &mut Session<'_>,
        workspace: &Workspace,
    ) -> Result<(NamedAt, Tip), Failure> {
        let repository = workspace.repository()?;
        let state = match &self.at {
            Some(spec) => self.dates.state(session, workspace, spec)?,
            None if repository.is_bare() => {
                NamedAt::new(At::Commit(Box::new(repository.resolve("HEAD")?)), "HEAD")
            }
            None => NamedAt::new(At::WorkTree, "the work tree"),
        };
        let tip = match state.commit() {
            Some(commit) => Tip::Commit(Box::new(commit.clone())),
            None => match head(repository)? {
                At::Commit(commit) => Tip::WorkTree(Some(commit)),
                _ => Tip::WorkTree(None),
            },
        };
        Ok((state, tip))
    }
}

/// Refuses an address whose file cannot be read: nobody knows what its lines mean.
fn refuse_unreadable(
    workspace: &Workspace,
    blame: &Blame,
    state: &NamedAt,
    tip: &Tip,
    addresses: &[Pattern],
) -> Result<(), Failure> {
    for pattern in addresses {
        let stands_in = |file: &&Unreadable| {
            let mut inside = file.holds.iter().map(Address::as_str);
            inside.any(|address| !pattern.as_str().contains('*') && pattern.is_below(address))
        };
        let Some(file) = blame.unreadable.iter().find(stands_in) else { continue };
        let message = format!(
            "`{}` stands in `{}`, which cannot be read as of {}: {}",
            pattern.as_str(),
            file.path,
            state.name,
            file.reason
        );
        let from = match tip {
            Tip::Commit(commit) => Some(commit.as_ref()),
            Tip::WorkTree(head) => head.as_deref(),
        };
        let last = from.map(|from| workspace.last_readable(from, &file.path)).transpose()?;
        let help = match last.flatten() {
            Some(id) => format!(
                "ask about the last commit in which it can be read: `opmodel blame {} --at {}`",
                pattern.as_str(),
                id.short()
            ),
            None => "mend the file; `opmodel check` shows what is wrong with it".to_owned(),
        };
        return Err(Failure::World { message, help: Some(help) });
    }
    Ok(())
}

/// Refuses an address that names nothing.
fn refuse_unknown(
    workspace: &Workspace,
    blame: &Blame,
    state: &NamedAt,
    addresses: &[Pattern],
) -> Result<(), Failure> {
    let names = |pattern: &&Pattern| {
        !blame.units.iter().any(|part| pattern.covers(part.unit.address.as_str()))
    };
    if let Some(pattern) = addresses.iter().find(names) {
        if let Some(failure) = named_file(workspace, pattern.as_str()) {
            return Err(failure);
        }
        let models = [model_at(workspace, &state.at)?];
        let message = format!("there is no `{}` as of {}", pattern.as_str(), state.name);
        return Err(Failure::World { message, help: Some(help(&models, pattern.as_str())) });
    }
    if blame.units.is_empty() && blame.unreadable.is_empty() {
        let help = "write entities into the model's folder, or start with `opmodel init`";
        return Err(Failure::World {
            message: format!(
                "there is no entity in `{}` as of {}",
                workspace.folder_name(),
                state.name
            ),
            help: Some(help.to_owned()),
        });
    }
    Ok(())
}

/// Says where the answer may be another one, and why.
fn say_what_is_not_known(session: &mut Session<'_>, blame: &Blame, state: &NamedAt) {
    for Unreadable { path, reason, .. } in &blame.unreadable {
        let name = &state.name;
        session.note(&format!("`{path}` cannot be read as of {name} and is left out: {reason}"));
    }
    let origins = blame.units.iter().flat_map(|part| [Some(&part.meaning), part.form.as_ref()]);
    let (mut gaps, mut cut_off) = (BTreeSet::new(), false);
    for origin in origins.flatten() {
        cut_off |= origin.boundary;
        gaps.extend(origin.gap.as_ref());
    }
    for Gap { path, from, to } in gaps {
        let stretch = if from == to {
            format!("in {}", from.short())
        } else {
            format!("from {} to {}", from.short(), to.short())
        };
        session.note(&format!(
            "`{path}` could not be read {stretch}; what `?` marks may have changed there already"
        ));
    }
    if cut_off {
        let words =
            "what `^` marks may be older: the history before was not fetched (shallow clone)";
        session.note(&format!("{words}; run `git fetch --unshallow` to see it"));
    }
}
