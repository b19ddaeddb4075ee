//! Exports as they are named on a command line, and how they are read.

use super::{Failure, Session};
use crate::finding::did_you_mean;
use crate::history::{Moment, Zone};
use crate::load::ModelScope;
use crate::model::Entity;
use crate::model::system::System;
use crate::records::{Dates, Field, Form, Input, Numbers, Opened, RecordsError, open};
use clap::Args;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;

/// How exports are read.
#[derive(Debug, Args)]
pub(super) struct Reading {
    /// The type of the records; not needed where only one is routed.
    #[arg(long, value_name = "OBJECT")]
    object: Option<String>,
    /// The system that wrote the files: only its column names count, and its declared form of
    /// numbers, dates and zone.
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// How numbers are written, by example: `1234.56`, `1,234.56`, `1.234,56`, `1 234,56` or
    /// `1'234.56`.
    #[arg(long, value_name = "EXAMPLE")]
    numbers: Option<String>,
    /// How days are written, by example: `2026-12-31`, `31.12.2026`, `31/12/2026` or `12/31/2026`.
    #[arg(long, value_name = "EXAMPLE")]
    dates: Option<String>,
    /// The zone of instants that name none: `UTC`, an offset, or a name such as `Europe/Berlin`.
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    time_zone: Option<String>,
    /// The instant or day for which records are judged; now where none is given.
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// How many threads read; as many as there are processors where none is given.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

impl Reading {
    /// As a system writes them, for an instant.
    pub(super) fn of(
        object: Option<String>,
        system: Option<String>,
        as_of: Option<String>,
    ) -> Self {
        let (numbers, dates, time_zone, threads) = (None, None, None, None);
        Self { object, system, numbers, dates, time_zone, as_of, threads }
    }

    /// Whether it was said which type of record it is.
    pub(super) fn names_object(&self) -> bool {
        self.object.is_some()
    }

    /// The type of the records.
    pub(super) fn object(&self, scope: &ModelScope<'_>) -> Result<String, Failure> {
        let model = scope.model();
        if let Some(object) = &self.object {
            if scope.has_object(object) {
                return Ok(object.clone());
            }
            let known = model.of_kind("object").map(|entity| entity.address.id());
            let help = match did_you_mean(object, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "list them with `opmodel show 'object.*'`".to_owned(),
            };
            return Err(Failure::usage(format!("the model has no object `{object}`"), help));
        }
        let of = |kind| model.of_kind(kind).filter_map(Entity::object);
        let routed: BTreeSet<&str> = of("routing").collect();
        if let [only] = routed.into_iter().collect::<Vec<_>>().as_slice() {
            return Ok((*only).to_owned());
        }
        let known: Vec<&str> = model.of_kind("object").map(|e| e.address.id()).collect();
        let help = format!("add `--object` with one of {}", known.join(", "));
        Err(Failure::usage("it is not said which type of record this is", help))
    }

    /// The instant for which records are judged.
    pub(super) fn as_of(&self, session: &Session<'_>) -> Result<Timestamp, Failure> {
        let Some(text) = &self.as_of else { return Ok(session.now()) };
        let moment = Moment::parse(text).ok_or_else(|| {
            let message = format!("`{text}` is neither a date nor an instant");
            Failure::usage(message, "write 2026-06-30 or 2026-06-30T12:00:00Z")
        })?;
        Ok(Timestamp::from_second(moment.start(&Zone::utc())).unwrap_or_default())
    }

    /// How what is written is to be read: as the command line says, then as the system declares.
    pub(super) fn form(&self, scope: &ModelScope<'_>) -> Result<Form, Failure> {
        let mut form = match &self.system {
            Some(id) => declared(scope, id)?,
            None => Form::default(),
        };
        if let Some(example) = &self.numbers {
            form.numbers = Numbers::of(example).ok_or_else(|| {
                let help = "write one of `1234.56`, `1,234.56`, `1.234,56`, `1 234,56`, `1'234.56`";
                Failure::usage(format!("`{example}` is no form of numbers"), help)
            })?;
        }
        if let Some(example) = &self.dates {
            form.dates = Dates::of(example).ok_or_else(|| {
                let help = "write one of `2026-12-31`, `31.12.2026`, `31/12/2026`, `12/31/2026`";
                Failure::usage(format!("`{example}` is no form of dates"), help)
            })?;
        }
        if let Some(name) = &self.time_zone {
            form.zone = super::revision::zone_called(name)?.into_inner();
        }
        Ok(form)
    }

    /// How many threads read.
    pub(super) fn threads(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or_else(all).max(1)
    }

    /// Opens files; `-` is standard input.
    pub(super) fn open(
        &self,
        session: &Session<'_>,
        files: &[String],
        fields: &[Field],
        form: &Form,
    ) -> Result<Vec<Opened<'static>>, Failure> {
        let one = |name: &String| {
            let input = input(session, name)?;
            Ok(open(input, fields, self.system.as_deref(), form)?)
        };
        files.iter().map(one).collect()
    }
}

/// The form a system declares.
fn declared(scope: &ModelScope<'_>, id: &str) -> Result<Form, Failure> {
    let model = scope.model();
    let Some(entity) = model.get(&format!("system.{id}")) else {
        let known = model.of_kind("system").map(|entity| entity.address.id());
        let help = match did_you_mean(id, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "list them with `opmodel show 'system.*'`".to_owned(),
        };
        return Err(Failure::usage(format!("the model has no system `{id}`"), help));
    };
    Form::of(&entity.read::<System>()).map_err(|zone| {
        let message = format!("`{}` names the time zone `{zone}`", entity.address);
        Failure::usage(message, "write a name such as `Europe/Berlin`")
    })
}

/// A file, or standard input.
fn input(session: &Session<'_>, name: &str) -> Result<Input<'static>, Failure> {
    if name == "-" {
        let bytes: Box<dyn Read + Send> = Box::new(std::io::stdin());
        return Ok(Input { name: "standard input".to_owned(), bytes });
    }
    let path = session.directory().join(name);
    let file = File::open(&path).map_err(|error| Failure::disk("read", path, error))?;
    Ok(Input { name: name.to_owned(), bytes: Box::new(file) })
}

impl From<RecordsError> for Failure {
    fn from(error: RecordsError) -> Self {
        let help = match &error {
            RecordsError::Unfit { help, .. } => Some(help.clone()),
            RecordsError::Read { .. } => None,
        };
        Self::World { message: error.to_string(), help }
    }
}
