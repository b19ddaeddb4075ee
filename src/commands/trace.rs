//! `opmodel trace`: why a record goes where it goes.

use super::effort::Effort;
use super::exports::{known_object, unopened};
use super::handed::{SMALL, handed_text};
use super::judging::note_doubts;
use super::revision::{Dates, NamedAt};
use super::{Failure, Session};
use crate::criteria::Record;
use crate::document::{Table, from_json};
use crate::finding::did_you_mean;
use crate::history::{At, Wanted, Whereabouts, Workspace, whereabouts};
use crate::load::{self, Gates, Judge, ModelScope, Router, Trace as Traced};
use crate::model::example::Example;
use crate::model::{Address, Entity, Model};
use crate::proof::{Prover, Table as Routing, witness};
use crate::report::{Block, Line, Page, json};
use crate::view::{
    EffectsReport, TraceReport, WhereaboutsRow, effects_page, trace_page, whereabouts_page,
};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

/// The forms of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; `opmodel schema output-trace` describes it.
    Json,
}

/// Say why a record goes where it goes: each rule tried, and the words that kept the record out.
///
/// The record is JSON: written on the command line, in a file, or an example of the model. Fields
/// that are left out are not set. ICPs, segments, territories and the gates of its lifecycle are
/// asked too. With `--since` or `--all` every commit of the main line (first parents) is asked, and
/// those are listed at which an answer became another, with what they changed; days are counted up
/// to the same day at every commit. Without a record it says what each rule takes in the end, and
/// from which later rules it takes it only because it stands first.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel trace '{\"country\": \"NL\", \"employees\": 450}'\n  opmodel trace lead.json --object lead\n  opmodel trace example.dach-enterprise\n  opmodel trace lead.json --at main      by the rules of another revision\n  opmodel trace lead.json --at 2026-06-30\n  opmodel trace lead.json --since 2026-01-01\n                                         since when it goes there, and by whose change\n  opmodel trace example.dach-enterprise --all --routing inbound\n  opmodel trace --routing inbound        what each rule takes"
)]
pub struct Trace {
    /// A JSON object, a file that holds one (`-` for standard input), or an example such as `example.dach-enterprise`.
    #[arg(value_name = "RECORD")]
    record: Option<String>,
    /// The type of the record; not needed where only one is routed, or for an example.
    #[arg(long, value_name = "OBJECT")]
    object: Option<String>,
    /// Only this routing table, and no ICP or stage.
    #[arg(long, value_name = "ROUTING")]
    routing: Option<String>,
    /// The revision, date or instant whose rules are asked; those on disk where none is given, or
    /// those of the branch with `--since` and `--all`.
    #[arg(long, value_name = "REV|DATE")]
    at: Option<String>,
    /// List the commits at which an answer changed: on or after this day or instant, or after this
    /// revision.
    #[arg(long, value_name = "REV|DATE", requires = "record")]
    since: Option<String>,
    /// The same for the whole history.
    #[arg(long, requires = "record", conflicts_with = "since")]
    all: bool,
    #[command(flatten)]
    dates: Dates,
    #[command(flatten)]
    effort: Effort,
    /// The form of the result.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Trace {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let workspace = session.workspace()?;
        let state = self.state(session, &workspace)?;
        let loaded = load::read(workspace.files(&state.at)?, workspace.limits);
        note_doubts(session, &loaded);
        let model = loaded.model;
        self.dates.note_calendar(session, &workspace, &state)?;
        let scope = ModelScope::new(&model);
        let prover = self.effort.prover(session, [&state.at])?;
        let Some(given) = &self.record else { return self.table(session, &scope, prover) };
        let (object, table) = self.given(given, session, &model)?;
        let (record, faults) = load::record(&table, &object, &scope);
        if let Some(fault) = faults.first() {
            let help = fault.help.clone().unwrap_or_else(|| "write another value".to_owned());
            return Err(Failure::usage(format!("the record: {}", fault.message), help));
        }
        let as_of = prover.as_of;
        let gates = match self.routing {
            Some(_) => Gates::default(),
            None => Gates::of(&Judge { scope: &scope, object: &object, record: &record, as_of }),
        };
        let traces = self.traces(&scope, (&object, &record), &gates, as_of)?;
        let routing = self.routing.as_deref();
        let wanted = Wanted { object: &object, record: &table, as_of, routing };
        let history = self.history(&workspace, &state, &wanted, &model)?;
        let witness = witness(&record);
        match self.format {
            Format::Text => {
                let mut page = self.as_of(&state)?;
                page.extend(trace_page(&witness, &traces, &gates));
                if let Some(found) = &history {
                    page.gap();
                    page.extend(whereabouts_page(found, as_of, &self.dates.zone()?));
                }
                session.page(&page)?;
            }
            Format::Json => {
                let history = history.map(|found| WhereaboutsRow::new(&found, as_of));
                let both = (traces.as_slice(), &gates);
                let report = TraceReport::new(&object, state.row(), witness, both, history);
                session.write(&json(&report))?;
            }
        }
        Ok(0)
    }

    /// The state whose rules are asked.
    fn state(&self, session: &mut Session<'_>, workspace: &Workspace) -> Result<NamedAt, Failure> {
        match &self.at {
            Some(spec) => self.dates.state(session, workspace, spec),
            None if self.all || self.since.is_some() => {
                let (tip, branch) = self.dates.tip(workspace)?;
                Ok(NamedAt::new(At::Commit(Box::new(tip)), branch))
            }
            None => self.dates.on_disk(),
        }
    }

    /// Which commit was asked, where it is one.
    fn as_of(&self, state: &NamedAt) -> Result<Page, Failure> {
        let mut page = Page::default();
        if state.commit().is_some() {
            let told = format!("as of {}", state.told(&self.dates.zone()?));
            page.push(Block::Paragraph(Line::new().dim(told)));
        }
        Ok(page)
    }

    /// The commits at which an answer changed, where they are asked for.
    fn history(
        &self,
        workspace: &Workspace,
        state: &NamedAt,
        wanted: &Wanted<'_>,
        model: &Model,
    ) -> Result<Option<Whereabouts>, Failure> {
        let Some(tip) = state.commit().filter(|_| self.all || self.since.is_some()) else {
            return Ok(None);
        };
        let since = match &self.since {
            Some(spec) => self.dates.since(workspace, spec, tip)?,
            None => None,
        };
        let found = whereabouts(workspace, tip, since, wanted, model)?;
        found.map(Some).ok_or_else(|| {
            let spec = self.since.as_deref().unwrap_or_default();
            let message = format!("`{spec}` is not on the main line of `{}`", state.name);
            Failure::usage(message, "name one of its first parents, or a date")
        })
    }

    /// What the rules of the tables take.
    fn table(
        &self,
        session: &mut Session<'_>,
        scope: &ModelScope<'_>,
        prover: Prover,
    ) -> Result<u8, Failure> {
        let model = scope.model();
        let tables: Vec<&Entity> = model.of_kind("routing").collect();
        let asked = self.asked(&tables);
        if asked.is_empty() {
            return Err(self.no_table(None, &tables));
        }
        let mut found = Vec::new();
        for entity in asked {
            let router = Router::of(scope, entity);
            let unread = "a condition cannot be read; run `opmodel check`".to_owned();
            let table = Routing::of(&router).ok_or(unread);
            let effects =
                table.and_then(|table| prover.effects(&table).map_err(|why| why.to_string()));
            found.push((entity.address.clone(), effects));
        }
        match self.format {
            Format::Text => session.page(&effects_page(&found))?,
            Format::Json => session.write(&json(&EffectsReport::new(&found)))?,
        }
        Ok(0)
    }

    /// The tables that were asked for.
    fn asked<'m>(&self, tables: &[&'m Entity]) -> Vec<&'m Entity> {
        let wanted = |entity: &&&Entity| match &self.routing {
            Some(id) => entity.address.id() == id || entity.address.as_str() == id,
            None => true,
        };
        tables.iter().filter(wanted).copied().collect()
    }

    fn traces<'m>(
        &self,
        scope: &'m ModelScope<'m>,
        (object, record): (&str, &'m Record),
        gates: &Gates<'_, '_>,
        as_of: jiff::Timestamp,
    ) -> Result<Vec<(Address, Traced<'m, 'm>)>, Failure> {
        let model = scope.model();
        let about = |entity: &&Entity| entity.object() == Some(object);
        let tables: Vec<&Entity> = model.of_kind("routing").filter(about).collect();
        let asked = self.asked(&tables);
        if asked.is_empty() && gates.is_empty() {
            return Err(self.no_table(Some(object), &tables));
        }
        let trace = |entity: &'m Entity| {
            let traced = Router::of(scope, entity).trace(record, as_of);
            traced.map(|trace| (entity.address.clone(), trace)).map_err(|why| {
                let message = format!("`{}` cannot be followed: {why}", entity.address);
                Failure::World { message, help: Some("run `opmodel check` first".to_owned()) }
            })
        };
        asked.into_iter().map(trace).collect()
    }

    fn no_table(&self, object: Option<&str>, tables: &[&Entity]) -> Failure {
        let names = || tables.iter().map(|entity| entity.address.id());
        match (&self.routing, object) {
            (Some(id), _) if !tables.is_empty() => Failure::usage(
                match object {
                    Some(object) => format!("no routing table `{id}` is about `{object}` records"),
                    None => format!("there is no routing table `{id}`"),
                },
                match did_you_mean(id, names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("name one of {}", names().collect::<Vec<_>>().join(", ")),
                },
            ),
            (_, Some(object)) => Failure::usage(
                format!("no routing table is about `{object}` records"),
                "name another type with `--object`",
            ),
            (_, None) => Failure::usage(
                "the model has no routing table",
                "give a record, to see what else the model makes of it",
            ),
        }
    }

    /// The record that was named, and its type.
    fn given(
        &self,
        given: &str,
        session: &Session<'_>,
        model: &Model,
    ) -> Result<(String, Table), Failure> {
        if let Some(entity) = model.get(given).filter(|e| e.address.kind() == "example") {
            let example: Example = entity.read();
            let object = entity.object().unwrap_or_default().to_owned();
            if self.object.as_ref().is_some_and(|asked| *asked != object) {
                let message = format!("`{given}` is a `{object}` record");
                return Err(Failure::usage(message, "leave `--object` out"));
            }
            return Ok((object, example.record.map(|record| record.value.0).unwrap_or_default()));
        }
        if given.starts_with("example.") {
            let names = model.of_kind("example").map(|entity| entity.address.as_str());
            let help = match did_you_mean(given, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "list them with `opmodel show 'example.*'`".to_owned(),
            };
            return Err(Failure::usage(format!("there is no `{given}`"), help));
        }
        let text = match given {
            given if given.trim_start().starts_with(['{', '[']) => given.to_owned(),
            given => handed_text(session, Path::new(given), SMALL)
                .map_err(|error| no_record(session, given, error, model))?,
        };
        let table = from_json(&text).map_err(|why| {
            let help = "write an object: '{\"country\": \"NL\", \"employees\": 450}'";
            Failure::usage(format!("the record is no JSON object: {why}"), help)
        })?;
        let object = self.object_of(model)?;
        known_object(&ModelScope::new(model), &object)?;
        Ok((object, table))
    }

    fn object_of(&self, model: &Model) -> Result<String, Failure> {
        if let Some(object) = &self.object {
            return Ok(object.clone());
        }
        let of = |kind| model.of_kind(kind).filter_map(Entity::object);
        let mut asked: BTreeSet<&str> = of("routing").collect();
        if asked.is_empty() {
            asked.extend(of("icp").chain(of("lifecycle")));
        }
        let names: Vec<&str> = asked.into_iter().collect();
        match names.as_slice() {
            [only] => Ok((*only).to_owned()),
            [] => {
                let message = "the model has no routing table, ICP or lifecycle";
                Err(Failure::usage(message, "name another model"))
            }
            names => {
                let message = "it is not said which type of record this is".to_owned();
                let help = format!("add `--object` with one of {}", names.join(", "));
                Err(Failure::usage(message, help))
            }
        }
    }
}

/// Why a file that was named as a record cannot be read; it may have been meant as an example.
fn no_record(session: &Session<'_>, given: &str, error: std::io::Error, model: &Model) -> Failure {
    if error.kind() != ErrorKind::NotFound {
        return Failure::handed(Path::new(given), error);
    }
    let example = format!("example.{given}");
    let help = match model.get(&example) {
        Some(_) => format!("did you mean `{example}`?"),
        None => "write a record as '{\"country\": \"NL\"}', or name a file that holds one, `-` for standard input, or an example of the model".to_owned(),
    };
    match unopened(given, &session.directory().join(given), error) {
        Failure::World { message, help: None } => Failure::World { message, help: Some(help) },
        told => told,
    }
}
