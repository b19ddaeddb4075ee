//! `opmodel trace`: why a record goes where it goes.

use super::effort::Effort;
use super::revision::{NamedAt, single};
use super::{Failure, Session};
use crate::criteria::Record;
use crate::document::{Table, from_json};
use crate::finding::did_you_mean;
use crate::history::At;
use crate::load::{self, ModelScope, Router, Trace as Traced};
use crate::model::example::Example;
use crate::model::{Address, Entity, Model};
use crate::proof::{Prover, Table as Routing, witness};
use crate::report::json;
use crate::view::{EffectsReport, TraceReport, effects_page, trace_page};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;

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
/// that are left out are not set. Without a record it says what each rule takes in the end, and from
/// which later rules it takes it only because it stands first.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel trace '{\"country\": \"NL\", \"employees\": 450}'\n  opmodel trace lead.json --object lead\n  opmodel trace example.dach-enterprise\n  opmodel trace lead.json --at main      by the rules of another revision\n  opmodel trace --routing inbound        what each rule takes"
)]
pub struct Trace {
    /// A JSON object, a file that holds one, or an example such as `example.dach-enterprise`.
    #[arg(value_name = "RECORD")]
    record: Option<String>,
    /// The type of the record; not needed where only one is routed, or for an example.
    #[arg(long, value_name = "OBJECT")]
    object: Option<String>,
    /// Only this routing table.
    #[arg(long, value_name = "ROUTING")]
    routing: Option<String>,
    /// The revision whose rules are asked; those on disk where none is given.
    #[arg(long, value_name = "REV")]
    at: Option<String>,
    #[command(flatten)]
    effort: Effort,
    /// The form of the result.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl Trace {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let workspace = session.workspace()?;
        let state = match &self.at {
            Some(spec) => NamedAt::new(single(&workspace, spec)?, spec),
            None => NamedAt::new(At::WorkTree, "the work tree"),
        };
        let model = load::read(workspace.files(&state.at)?, workspace.limits).model;
        let scope = ModelScope::new(&model);
        let prover = self.effort.prover(session, [&state.at])?;
        let Some(given) = &self.record else { return self.table(session, &scope, prover) };
        let (object, table) = self.given(given, session, &model)?;
        let (record, faults) = load::record(&table, &object, &scope);
        if let Some(fault) = faults.first() {
            let help = fault.help.clone().unwrap_or_else(|| "write another value".to_owned());
            return Err(Failure::usage(format!("the record: {}", fault.message), help));
        }
        let traces = self.traces(&scope, &object, &record, prover.as_of)?;
        let record = witness(&record);
        match self.format {
            Format::Text => session.page(&trace_page(&record, &traces))?,
            Format::Json => session.write(&json(&TraceReport::new(&object, record, &traces)))?,
        }
        Ok(0)
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
            return Err(self.no_table("any", &tables));
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
        object: &str,
        record: &'m Record,
        as_of: jiff::Timestamp,
    ) -> Result<Vec<(Address, Traced<'m, 'm>)>, Failure> {
        let model = scope.model();
        let about = |entity: &&Entity| entity.object() == Some(object);
        let tables: Vec<&Entity> = model.of_kind("routing").filter(about).collect();
        let asked = self.asked(&tables);
        if asked.is_empty() {
            return Err(self.no_table(object, &tables));
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

    fn no_table(&self, object: &str, tables: &[&Entity]) -> Failure {
        let names = || tables.iter().map(|entity| entity.address.id());
        match &self.routing {
            Some(id) if !tables.is_empty() => Failure::usage(
                format!("no routing table `{id}` is about `{object}` records"),
                match did_you_mean(id, names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("name one of {}", names().collect::<Vec<_>>().join(", ")),
                },
            ),
            _ => Failure::usage(
                format!("no routing table is about `{object}` records"),
                "name another type with `--object`",
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
        let text = if given.trim_start().starts_with('{') {
            given.to_owned()
        } else {
            let path = session.directory().join(given);
            std::fs::read_to_string(&path).map_err(|error| Failure::disk("read", path, error))?
        };
        let table = from_json(&text).map_err(|why| {
            let help = "write an object: '{\"country\": \"NL\", \"employees\": 450}'";
            Failure::usage(format!("the record is no JSON object: {why}"), help)
        })?;
        Ok((self.object_of(model)?, table))
    }

    fn object_of(&self, model: &Model) -> Result<String, Failure> {
        if let Some(object) = &self.object {
            return Ok(object.clone());
        }
        let routed: BTreeSet<&str> = model.of_kind("routing").filter_map(Entity::object).collect();
        let names: Vec<&str> = routed.into_iter().collect();
        match names.as_slice() {
            [only] => Ok((*only).to_owned()),
            [] => Err(Failure::usage("the model has no routing table", "name another model")),
            names => {
                let message = "it is not said which type of record this is".to_owned();
                let help = format!("add `--object` with one of {}", names.join(", "));
                Err(Failure::usage(message, help))
            }
        }
    }
}
