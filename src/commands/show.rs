//! `opmodel show`: an entity as it is, or as it was.

use super::address::{help, parts, pattern};
use super::judging::note_doubled;
use super::revision::{Dates, NamedAt, head};
use super::{Failure, Session};
use crate::git::{Commit, GitError, Repository};
use crate::history::{
    At, Fate, HistoryError, Introduced, Unreadable, Workspace, Zone, fates, last_change, unreadable,
};
use crate::load::{Loaded, ModelScope};
use crate::model::{Model, Part, Pattern};
use crate::report::{Block, Line, Page, json, markdown};
use crate::view::{EntityListReport, EntityReport, Introduction, entity_page, entity_source};
use clap::{Args, ValueEnum};

/// The forms of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// As it is written: the lines of its file, comments and all.
    Toml,
    /// For programs; `opmodel schema output-show` describes it, and `output-show-list` a list.
    Json,
    /// For a comment or a page.
    Markdown,
}

/// Show an entity as it is, or as it was on a date; without an address, list them all.
///
/// Prints every property, spells out what its criteria refer to as it was then, and names the commit
/// that last changed its meaning. A date means its end, an instant itself, in the time zone that is
/// given: what is shown is the newest commit of the branch's main line (first parents), from its tip
/// back, that was recorded no later. Record time is the committer date; which commit was taken is
/// always said.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel show                           all addresses, with their names\n  opmodel show 'definition.*'            all definitions\n  opmodel show definition.sql\n  opmodel show definition.mql --at 2026-06-30\n  opmodel show definition.mql --at 2026-06-30T18:00 --time-zone Europe/Berlin\n  opmodel show definition.mql --at 2026-06-30 --branch release\n  opmodel show lifecycle.lead.stage.sql.exit --at HEAD~20\n  opmodel show 'definition.*' --at v2026.1 --format toml\n  opmodel show sla.first-touch --format json"
)]
pub struct Show {
    /// The address: an entity, or a property, criterion, stage or rule of one; a pattern such as
    /// `definition.*` lists what it covers, and no address lists all.
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,
    /// A revision, a date (2026-06-30) or an instant (2026-06-30T12:00, with Z or an offset behind
    /// it or not); what is on disk where none is given.
    #[arg(long, value_name = "REV|DATE")]
    at: Option<String>,
    #[command(flatten)]
    dates: Dates,
    /// The form of the result.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Show {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        session.long();
        let workspace = session.workspace()?;
        let zone = self.dates.zone()?;
        let state = match &self.at {
            Some(spec) => self.dates.state(session, &workspace, spec)?,
            None => self.dates.on_disk()?,
        };
        let asked = self.address.as_deref().unwrap_or("*");
        let wanted = pattern(asked)?;
        let loaded = workspace.excerpt(&state.at, asked)?;
        session.note_left_out(&workspace, &state.at)?;
        let told = state.told(&zone);
        for file in unreadable(&loaded.findings) {
            let Unreadable { path, reason, .. } = file;
            session.note(&format!("`{path}` could be read only in part as of {told}: {reason}"));
        }
        note_doubled(session, &loaded);
        self.dates.note_calendar(session, &workspace, &state)?;
        match loaded.model.part(asked) {
            Some(part) => self.show(session, &workspace, &state, (&loaded.model, part))?,
            None => self.list(session, &workspace, &state, (&loaded, &wanted))?,
        }
        Ok(0)
    }

    fn show(
        &self,
        session: &mut Session<'_>,
        workspace: &Workspace,
        state: &NamedAt,
        (model, part): (&Model, Part<'_>),
    ) -> Result<(), Failure> {
        let told = state.told(&self.dates.zone()?);
        if matches!(self.format, Format::Toml) {
            return session.write(&entity_source(&[part], &told));
        }
        let asked = self.address.as_deref().unwrap_or_default();
        let introduced = introduced(session, workspace, state, asked, part)?;
        if introduced.is_some() {
            note_uncommitted(session, workspace, state, asked)?;
        }
        let introduction = introduced.as_ref().map(|introduced| Introduction {
            commit: &introduced.commit,
            changes: &introduced.changes,
        });
        let scope = ModelScope::new(model);
        if matches!(self.format, Format::Json) {
            let report = EntityReport::new(asked, part, state.row(), &scope, introduction);
            return session.write(&json(&report));
        }
        self.print(session, &entity_page(asked, part, &told, &scope, introduction))
    }

    fn print(&self, session: &mut Session<'_>, page: &Page) -> Result<(), Failure> {
        match self.format {
            Format::Markdown => session.write(&markdown(page)),
            _ => session.page(page),
        }
    }

    /// Lists what an address covers that is not one thing.
    fn list(
        &self,
        session: &mut Session<'_>,
        workspace: &Workspace,
        state: &NamedAt,
        (loaded, wanted): (&Loaded, &Pattern),
    ) -> Result<(), Failure> {
        let model = &loaded.model;
        let rows = listed(model, wanted);
        let zone = self.dates.zone()?;
        if rows.is_empty() {
            return Err(self.nothing(workspace, state, loaded, &zone)?);
        }
        match self.format {
            Format::Json => {
                let report = EntityListReport::new(wanted.as_str(), state.row(), rows);
                session.write(&json(&report))
            }
            Format::Toml => {
                let parts = rows.iter().filter_map(|(address, _)| model.part(address));
                session.write(&entity_source(&parts.collect::<Vec<_>>(), &state.told(&zone)))
            }
            Format::Text | Format::Markdown => {
                let mut page = Page::default();
                if state.commit().is_some() {
                    let line = Line::new().dim(format!("as of {}", state.told(&zone)));
                    page.push(Block::Paragraph(line));
                    page.gap();
                }
                page.extend(list_page(rows));
                self.print(session, &page)
            }
        }
    }

    /// What is known of an address that names nothing: what hides it, what it was or is called, and
    /// when it came or went.
    fn nothing(
        &self,
        workspace: &Workspace,
        state: &NamedAt,
        loaded: &Loaded,
        zone: &Zone,
    ) -> Result<Failure, Failure> {
        let told = state.told(zone);
        let Some(address) = &self.address else {
            let help = "write entities into the model's folder, or start with `opmodel init`";
            let message =
                format!("there is no entity in `{}` as of {told}", workspace.folder_name());
            return Ok(Failure::World { message, help: Some(help.to_owned()) });
        };
        let mut known = vec![format!("there is no `{address}` as of {told}")];
        for file in unreadable(&loaded.findings) {
            let Unreadable { path, reason, .. } = file;
            known.push(format!("it may stand in `{path}`, which cannot be read ({reason})"));
        }
        let near = help(std::slice::from_ref(&loaded.model), address);
        let mut commands = Vec::new();
        // Of what is on disk a slip of the pen is likelier than a past.
        let slip = state.commit().is_none() && near.starts_with("did you mean");
        if !slip && !address.contains('*') {
            for fate in self.fates(workspace, state, address)? {
                let (words, command) =
                    fate_words(&fate, address, (state, self.at.as_deref()), zone);
                known.push(words);
                commands.push(format!("`opmodel show {command}`"));
            }
        }
        let help = match commands.as_slice() {
            [] => near,
            commands => format!("run {}", commands.join(", or ")),
        };
        Ok(Failure::World { message: known.join("; "), help: Some(help) })
    }

    /// What became of an address before and after a state, where there is a history to tell.
    fn fates(
        &self,
        workspace: &Workspace,
        state: &NamedAt,
        address: &str,
    ) -> Result<Vec<Fate>, Failure> {
        if workspace.maybe_repository().is_none() {
            return Ok(Vec::new());
        }
        let found = match state.commit() {
            Some(commit) => {
                let (tip, _) = self.dates.tip(workspace)?;
                fates(workspace, &tip, commit, address)
            }
            None => match head(workspace.repository()?)? {
                At::Commit(tip) => fates(workspace, &tip, &tip, address),
                _ => return Ok(Vec::new()),
            },
        };
        match found {
            // A history that is not all here tells what it can.
            Err(HistoryError::Git(GitError::Shallow { .. } | GitError::MissingObject { .. })) => {
                Ok(Vec::new())
            }
            found => Ok(found?),
        }
    }
}

/// What became of an address, and what to ask instead.
fn fate_words(
    fate: &Fate,
    address: &str,
    (state, at): (&NamedAt, Option<&str>),
    zone: &Zone,
) -> (String, String) {
    let told = |commit: &Commit| {
        format!("commit {} of {}", commit.id.short(), zone.minute(commit.committer_time))
    };
    let then = at.map(|at| format!(" --at {at}")).unwrap_or_default();
    match fate {
        Fate::CalledThen(name) => (format!("it was called `{name}` then"), format!("{name}{then}")),
        Fate::Came(commit) => {
            let command = format!("{address} --at {}", commit.id.short());
            (format!("it came later, with {}", told(commit)), command)
        }
        Fate::Went(commit) => {
            let command = format!("{address} --at {}~1", commit.id.short());
            (format!("{} took it away", told(commit)), command)
        }
        Fate::Renamed(commit, name) => {
            let here = if state.commit().is_some() { then } else { String::new() };
            (format!("{} renamed it to `{name}`", told(commit)), format!("{name}{here}"))
        }
    }
}

/// The commit that last changed the entity; a history that cannot say is only a note.
fn introduced(
    session: &mut Session<'_>,
    workspace: &Workspace,
    state: &NamedAt,
    address: &str,
    part: Part<'_>,
) -> Result<Option<Introduced>, Failure> {
    let tip: Commit = match (state.commit(), workspace.maybe_repository()) {
        (Some(commit), _) => commit.clone(),
        (None, Some(repository)) => match head(repository)? {
            At::Commit(commit) => *commit,
            _ => return Ok(None),
        },
        (None, None) => return Ok(None),
    };
    match last_change(workspace, &tip, address, part.entity.source.path()) {
        Ok(None) if workspace.maybe_repository().is_some_and(Repository::is_shallow) => {
            session.note("who changed it last is not known: the history was fetched in part only");
            Ok(None)
        }
        Ok(found) => Ok(found),
        Err(HistoryError::Git(
            error @ (GitError::Shallow { .. } | GitError::MissingObject { .. }),
        )) => {
            session.note(&format!("who changed it last is not known: {error}"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Says of what is on disk that it changed since it was last committed.
fn note_uncommitted(
    session: &mut Session<'_>,
    workspace: &Workspace,
    state: &NamedAt,
    address: &str,
) -> Result<(), Failure> {
    let Some(repository) = workspace.maybe_repository().filter(|_| state.commit().is_none()) else {
        return Ok(());
    };
    let mut changes = workspace.changes(&head(repository)?, &state.at, None)?;
    changes.keep(&[Pattern::new(address)]);
    if changes.meaningful().next().is_some() {
        session.note(&format!("`{address}` was changed since, and that is not committed yet"));
    }
    Ok(())
}

/// What an address without an entity of its own covers: entities, or parts of entities.
fn listed(model: &Model, pattern: &Pattern) -> Vec<(String, String)> {
    let steps = pattern.as_str().split('.').count();
    let mut rows = Vec::new();
    for entity in model.entities_near(pattern) {
        let address = entity.address.as_str();
        if pattern.covers(address) {
            let name = entity.table.text("name").unwrap_or_default();
            rows.push((address.to_owned(), name.to_owned()));
        } else {
            let parts = parts(entity).into_iter();
            let covered =
                parts.filter(|part| part.split('.').count() == steps && pattern.covers(part));
            rows.extend(covered.map(|part| (part, String::new())));
        }
    }
    rows
}

fn list_page(rows: Vec<(String, String)>) -> Page {
    let rows = rows.into_iter();
    let rows = rows.map(|(address, name)| vec![Line::new().code(address), Line::of(name)]);
    let mut page = Page::default();
    page.push(Block::Table(["address", "name"].map(Line::of).to_vec(), rows.collect()));
    page
}
