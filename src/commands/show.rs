//! `opmodel show`: an entity as it is, or as it was.

use super::address::{help, parts, pattern};
use super::revision::{NamedAt, head, single};
use super::{Failure, Session};
use crate::git::{Commit, GitError};
use crate::history::{
    At, Introduced, Unreadable, Workspace, day_end, last_change, parse_date, unreadable,
};
use crate::load::{ModelScope, read};
use crate::model::{Model, Pattern};
use crate::report::{Block, Line, Page, json};
use crate::view::{EntityReport, Introduction, entity_page};
use clap::{Args, ValueEnum};

/// The forms of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; `opmodel schema output-show` describes it.
    Json,
}

/// Show an entity as it is, or as it was on a date; without an address, list them all.
///
/// Prints every property, spells out what its criteria refer to, and names the commit that last
/// changed its meaning. A date means the end of that day in UTC, on the main line of `HEAD`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel show                           all addresses, with their names\n  opmodel show 'definition.*'            all definitions\n  opmodel show definition.sql\n  opmodel show definition.mql --at 2026-06-30\n  opmodel show lifecycle.lead.stage.sql.exit --at HEAD~20\n  opmodel show sla.first-touch --format json"
)]
pub struct Show {
    /// The address: an entity, or a property, criterion, stage or rule of one; a pattern such as
    /// `definition.*` lists what it covers, and no address lists all.
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,
    /// A revision or a date; what is on disk where none is given.
    #[arg(long, value_name = "REV|DATE")]
    at: Option<String>,
    /// The form of the result.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Show {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        session.long();
        let workspace = session.workspace()?;
        let state = self.state(&workspace)?;
        let loaded = read(workspace.files(&state.at)?, workspace.limits);
        let model = loaded.model;
        for file in unreadable(&loaded.findings) {
            let Unreadable { path, reason, .. } = file;
            session.note(&format!(
                "`{path}` could be read only in part as of {}: {reason}",
                state.name
            ));
        }
        let asked = self.address.as_deref().unwrap_or("*");
        let wanted = pattern(asked)?;
        let Some(part) = model.part(asked) else {
            return self.list(session, &model, &wanted, &state.name);
        };
        let scope = ModelScope::new(&model);
        let introduced = introduced(session, &workspace, &state, asked)?;
        let introduction = introduced.as_ref().map(|introduced| Introduction {
            commit: &introduced.commit,
            changes: &introduced.changes,
        });
        match self.format {
            Format::Json => {
                let report = EntityReport::new(asked, part, state.row(), &scope, introduction);
                session.write(&json(&report))?;
            }
            Format::Text => {
                session.page(&entity_page(asked, part, &state.name, &scope, introduction))?;
            }
        }
        Ok(0)
    }

    fn state(&self, workspace: &Workspace) -> Result<NamedAt, Failure> {
        let Some(spec) = &self.at else { return Ok(NamedAt::new(At::WorkTree, "the work tree")) };
        let Some(date) = parse_date(spec) else {
            if let Some(failure) = no_date(workspace, spec) {
                return Err(failure);
            }
            return Ok(NamedAt::new(single(workspace, spec)?, spec));
        };
        let repository = workspace.repository()?;
        let tip = repository.resolve("HEAD")?;
        match repository.commit_at_date(tip.id, day_end(date), true)? {
            Some(commit) => {
                let name = format!("{date} (commit {})", commit.id.short());
                Ok(NamedAt::new(At::Commit(Box::new(commit)), name))
            }
            None => Err(Failure::World {
                message: format!("the history begins after {date}"),
                help: Some(
                    "name a later date; `opmodel log` shows the first commits last".to_owned(),
                ),
            }),
        }
    }

    /// Lists what an address covers that is not one thing.
    fn list(
        &self,
        session: &mut Session<'_>,
        model: &Model,
        wanted: &Pattern,
        at: &str,
    ) -> Result<u8, Failure> {
        let rows = listed(model, wanted);
        let all = self.address.is_none();
        if rows.is_empty() {
            let (message, help) = if all {
                let help = "write entities into the model's folder, or start with `opmodel init`";
                (format!("there is no entity as of {at}"), help.to_owned())
            } else {
                let address = wanted.as_str();
                let help = help(std::slice::from_ref(model), address);
                (format!("there is no `{address}` as of {at}"), help)
            };
            return Err(Failure::World { message, help: Some(help) });
        }
        if matches!(self.format, Format::Json) {
            let help = "name one address, or leave `--format json` out";
            return Err(Failure::usage("a list of addresses has no JSON form", help));
        }
        session.page(&list_page(rows))?;
        Ok(0)
    }
}

/// The commit that last changed the entity; a history that cannot say is only a note.
fn introduced(
    session: &mut Session<'_>,
    workspace: &Workspace,
    state: &NamedAt,
    address: &str,
) -> Result<Option<Introduced>, Failure> {
    let tip: Box<Commit> = match &state.at {
        At::Commit(commit) => commit.clone(),
        _ => match workspace.maybe_repository().map(head).transpose()? {
            Some(At::Commit(commit)) => commit,
            _ => return Ok(None),
        },
    };
    match last_change(workspace, &tip, address) {
        Ok(found) => Ok(found),
        Err(crate::history::HistoryError::Git(
            error @ (GitError::Shallow { .. } | GitError::MissingObject { .. }),
        )) => {
            session.note(&format!("who changed it last is not known: {error}"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// A date that is none, unless something is called so.
fn no_date(workspace: &Workspace, spec: &str) -> Option<Failure> {
    let mut parts = spec.split('-');
    let year = parts.next()?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let rest: Vec<&str> = parts.collect();
    let looks_like_one = year.len() == 4
        && digits(year)
        && matches!(rest.len(), 1 | 2)
        && rest.iter().all(|part| part.len() <= 2 && digits(part));
    let called_so = || {
        let repository = workspace.maybe_repository();
        repository.is_some_and(|repository| repository.resolve(spec).is_ok())
    };
    (looks_like_one && !called_so()).then(|| {
        let help = "write year, month and day: 2026-06-30";
        Failure::usage(format!("`{spec}` is not a date"), help)
    })
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
