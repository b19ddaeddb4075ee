//! `opmodel show`: an entity as it is, or as it was.

use super::revision::{NamedAt, head, single};
use super::{Failure, Session};
use crate::change::ByForm;
use crate::finding::did_you_mean;
use crate::git::{Commit, GitError};
use crate::history::{At, Introduced, Workspace, day_end, last_change, parse_date};
use crate::load::{ModelScope, read};
use crate::model::{Entity, Model};
use crate::report::json;
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

/// Show an entity as it is, or as it was on a date.
///
/// Prints every property, spells out what its criteria refer to, and names the commit that last
/// changed its meaning. A date means the end of that day in UTC, on the main line of `HEAD`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel show definition.sql\n  opmodel show definition.mql --at 2026-06-30\n  opmodel show lifecycle.lead.stage.sql.exit --at HEAD~20\n  opmodel show sla.first-touch --format json"
)]
pub struct Show {
    /// The address: an entity, or a property, criterion, stage or rule of one.
    #[arg(value_name = "ADDRESS")]
    address: String,
    /// A revision or a date; what is on disk where none is given.
    #[arg(long, value_name = "REV|DATE")]
    at: Option<String>,
    /// The form of the result.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Show {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let workspace = session.workspace()?;
        let state = self.state(&workspace)?;
        let loaded = read(workspace.files(&state.at)?, workspace.limits);
        let model = loaded.model;
        let Some(part) = model.part(&self.address) else {
            return Err(missing(&self.address, &state.name, &model));
        };
        let scope = ModelScope::new(&model);
        let introduced = self.introduced(session, &workspace, &state)?;
        let introduction = introduced.as_ref().map(|introduced| Introduction {
            commit: &introduced.commit,
            changes: &introduced.changes,
        });
        match self.format {
            Format::Json => {
                let report =
                    EntityReport::new(&self.address, part, state.row(), &scope, introduction);
                session.write(&json(&report))?;
            }
            Format::Text => {
                session.page(&entity_page(
                    &self.address,
                    part,
                    &state.name,
                    &scope,
                    introduction,
                ))?;
            }
        }
        Ok(0)
    }

    fn state(&self, workspace: &Workspace) -> Result<NamedAt, Failure> {
        let Some(spec) = &self.at else { return Ok(NamedAt::new(At::WorkTree, "the work tree")) };
        let Some(date) = parse_date(spec) else {
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

    /// The commit that last changed the entity; a history that cannot say is only a note.
    fn introduced(
        &self,
        session: &mut Session<'_>,
        workspace: &Workspace,
        state: &NamedAt,
    ) -> Result<Option<Introduced>, Failure> {
        let tip: Box<Commit> = match &state.at {
            At::Commit(commit) => commit.clone(),
            _ => match workspace.maybe_repository().map(head).transpose()? {
                Some(At::Commit(commit)) => commit,
                _ => return Ok(None),
            },
        };
        match last_change(workspace, &ByForm, &tip, &self.address) {
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
}

fn missing(address: &str, at: &str, model: &Model) -> Failure {
    let names: Vec<&str> = model.entities().map(|entity| entity.address.as_str()).collect();
    let below: Vec<String> = match model.entity_above(address) {
        Some((entity, rest)) if !rest.is_empty() => parts(entity),
        _ => Vec::new(),
    };
    let near = did_you_mean(address, names.into_iter().chain(below.iter().map(String::as_str)));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "list what there is with `opmodel diff --name-only` or look into the files".to_owned()
        }
    };
    Failure::World { message: format!("there is no `{address}` as of {at}"), help: Some(help) }
}

/// The addresses below an entity, properties, criteria and items alike.
fn parts(entity: &Entity) -> Vec<String> {
    let mut parts = Vec::new();
    for slot in entity.slots() {
        let mut address = slot.address.as_str();
        while address.len() > entity.address.as_str().len() {
            parts.push(address.to_owned());
            address = address.rsplit_once('.').map_or("", |(above, _)| above);
        }
    }
    parts.dedup();
    parts
}
