//! Exports as they are named on a command line, and how they are read.

use super::one_file::{is_one_file, is_read_from};
use super::{Failure, Session};
use crate::finding::did_you_mean;
use crate::history::{Moment, Zone};
use crate::load::ModelScope;
use crate::model::Entity;
use crate::model::root::Root;
use crate::model::system::System;
use crate::records::{
    Begun, Dates, Field, Form, Forms, Input, Layout, Numbers, Opened, RecordsError, Reject, begin,
    fields,
};
use crate::report::csv_line;
use clap::Args;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// What exports are, and how they are written.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Written {
    /// The type of the records; the one whose fields most of the columns are where none is given.
    #[arg(long, value_name = "OBJECT")]
    pub(super) object: Option<String>,
    /// The system that wrote the files: its column names count, and its declared form of numbers,
    /// dates and zone; the one whose column names they use where none is given.
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// What stands between two cells: `,`, `;`, `|` or `tab`; found out where it is not given.
    #[arg(long, value_name = "SIGN", value_parser = separator)]
    separator: Option<u8>,
    /// How numbers are written, by example: `1234.56`, `1,234.56`, `1.234,56`, `1 234,56` or
    /// `1'234.56`.
    #[arg(long, value_name = "EXAMPLE")]
    numbers: Option<String>,
    /// How days are written, by example: `2026-12-31`, `31.12.2026`, `31/12/2026` or `12/31/2026`.
    #[arg(long, value_name = "EXAMPLE")]
    dates: Option<String>,
    /// The zone of instants that name none: `UTC`, an offset, or a name such as `Europe/Berlin`. Of an
    /// hour that its clocks show twice the first is meant, and one that they skip is the hour after.
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    pub(super) time_zone: Option<String>,
}

/// How exports are read.
#[derive(Debug, Clone, Args)]
pub(super) struct Reading {
    #[command(flatten)]
    pub(super) written: Written,
    /// The instant or day for which records are judged; now where none is given.
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// How many threads read, up to 64; as many as there are processors where none is given.
    #[arg(long, value_name = "N", value_parser = threads, allow_negative_numbers = true)]
    threads: Option<u8>,
}

impl Written {
    /// The first option that was given.
    pub(super) fn given(&self) -> Option<&'static str> {
        let options = [
            ("--object", self.object.is_some()),
            ("--system", self.system.is_some()),
            ("--separator", self.separator.is_some()),
            ("--numbers", self.numbers.is_some()),
            ("--dates", self.dates.is_some()),
            ("--time-zone", self.time_zone.is_some()),
        ];
        options.into_iter().find(|(_, given)| *given).map(|(option, _)| option)
    }
}

/// A file for the rows that are no records.
#[derive(Debug, Args)]
pub(super) struct Rejecting {
    /// Write the rows that could not be read into this file, as CSV that is safe in a spreadsheet.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

/// Exports of which it is known what they hold.
pub(super) struct Started {
    /// The type of the records.
    pub(super) object: String,
    /// How that was found out, where nobody said it.
    found: Option<String>,
    begun: Vec<Begun<'static>>,
    system: Option<String>,
    forms: Forms,
}

/// Exports whose headers have been read.
pub(super) struct Exports {
    /// The type of the records.
    pub(super) object: String,
    /// How the type of the records was found out, where nobody said it.
    pub(super) found: Option<String>,
    /// Its fields.
    pub(super) fields: Vec<Field>,
    /// The inputs, in the order given.
    pub(super) inputs: Vec<Opened<'static>>,
}

impl Reading {
    /// For an instant, by all processors.
    pub(super) fn of(written: Written, as_of: Option<String>) -> Self {
        Self { written, as_of, threads: None }
    }

    /// The same, for records of a type that is known otherwise.
    pub(super) fn about(&self, object: &str) -> Self {
        let written = Written { object: Some(object.to_owned()), ..self.written.clone() };
        Self { written, ..self.clone() }
    }

    /// Whether it was said which type of record it is.
    pub(super) fn names_object(&self) -> bool {
        self.written.object.is_some()
    }

    /// Begins files; `-` is standard input. What the records are is found out where it is not said.
    pub(super) fn start(
        &self,
        session: &Session<'_>,
        scope: &ModelScope<'_>,
        files: &[String],
        hash: bool,
    ) -> Result<Started, Failure> {
        let forms = self.forms(scope)?;
        if let Some(object) = &self.written.object {
            known_object(scope, object)?;
        }
        let begun = self.begun(session, files, hash)?;
        let (object, found) = match &self.written.object {
            Some(object) => (object.clone(), None),
            None => self.recognised(scope, &begun)?,
        };
        Ok(Started { object, found, begun, system: self.written.system.clone(), forms })
    }

    /// Opens files with the fields of the model alone.
    pub(super) fn exports(
        &self,
        session: &Session<'_>,
        scope: &ModelScope<'_>,
        files: &[String],
        hash: bool,
    ) -> Result<Exports, Failure> {
        let started = self.start(session, scope, files, hash)?;
        let fields = fields(scope, &started.object);
        let (object, found) = (started.object.clone(), started.found.clone());
        let inputs = started.open(&fields)?;
        Ok(Exports { object, found, fields, inputs })
    }

    fn begun(
        &self,
        session: &Session<'_>,
        files: &[String],
        hash: bool,
    ) -> Result<Vec<Begun<'static>>, Failure> {
        if files.iter().filter(|name| *name == "-").count() > 1 {
            let help = "name `-` once";
            return Err(Failure::usage("standard input can be read only once", help));
        }
        refuse_twice(session, files)?;
        let one = |name: &String| {
            let input = Input { hash, separator: self.written.separator, ..input(session, name)? };
            Ok(begin(input)?)
        };
        files.iter().map(one).collect()
    }

    /// The type of the records by the headers: the one whose fields most columns are.
    fn recognised(
        &self,
        scope: &ModelScope<'_>,
        begun: &[Begun<'static>],
    ) -> Result<(String, Option<String>), Failure> {
        let system = self.written.system.as_deref();
        let objects = scope.model().of_kind("object").map(|entity| entity.address.id());
        // Of each type, how many columns of each file are its fields.
        let mut counts: Vec<(&str, Vec<usize>)> = Vec::new();
        let mut columns = 0;
        for object in objects {
            let fields = fields(scope, object);
            let layouts = begun.iter().map(|begun| begun.layout(&fields, system));
            let layouts: Vec<Layout> = layouts.map(Option::unwrap_or_default).collect();
            columns = columns.max(layouts.iter().map(|layout| layout.columns.len()).sum());
            counts.push((object, layouts.iter().map(Layout::recognised).collect()));
        }
        let all = |(_, each): &(&str, Vec<usize>)| each.iter().sum::<usize>();
        let most = counts.iter().map(all).max().unwrap_or(0);
        let best: Vec<&str> =
            counts.iter().filter(|one| all(one) == most).map(|(object, _)| *object).collect();
        match best.as_slice() {
            _ if most == 0 => Ok((self.object(scope)?, None)),
            [only] => {
                let own = counts.iter().find(|(object, _)| object == only);
                let other = begun.iter().enumerate().find_map(|(at, file)| {
                    let known = |(_, each): &&(&str, Vec<usize>)| each.get(at).copied();
                    // The first of those of which the file has most columns.
                    let likeliest = counts.iter().rev().max_by_key(known)?;
                    (known(&likeliest) > own.as_ref().and_then(known))
                        .then_some((file, likeliest.0))
                });
                if let Some((file, other)) = other {
                    let message = format!(
                        "the files are not of one type of record: together they have most columns of \
                         `{only}` records, and `{}` has more of `{other}` records",
                        file.name()
                    );
                    let help = "name the files of one type at a time, or add `--object`";
                    return Err(Failure::usage(message, help));
                }
                let told = format!(
                    "read as `{only}` records: {most} of {columns} columns are its fields; \
                     `--object` says otherwise"
                );
                Ok(((*only).to_owned(), Some(told)))
            }
            level => {
                let names = level.join(", ");
                let message = format!(
                    "the columns are as much those of one type of record as of another: {names}"
                );
                Err(Failure::usage(message, format!("add `--object` with one of {names}")))
            }
        }
    }

    /// The type of the records, as far as it can be known without a look at them.
    pub(super) fn object(&self, scope: &ModelScope<'_>) -> Result<String, Failure> {
        let model = scope.model();
        if let Some(object) = &self.written.object {
            known_object(scope, object)?;
            return Ok(object.clone());
        }
        let of = |kind| model.of_kind(kind).filter_map(Entity::object);
        let routed: BTreeSet<&str> = of("routing").collect();
        if let [only] = routed.into_iter().collect::<Vec<_>>().as_slice() {
            return Ok((*only).to_owned());
        }
        let known: Vec<&str> = model.of_kind("object").map(|e| e.address.id()).collect();
        if known.is_empty() {
            return Err(Failure::World {
                message: "the model has no object, so nothing says what a record is".to_owned(),
                help: Some("declare one with its fields, for example `[object.lead]`".to_owned()),
            });
        }
        let help = format!("add `--object` with one of {}", known.join(", "));
        Err(Failure::usage("it is not said which type of record this is", help))
    }

    /// The instant for which records are judged.
    pub(super) fn as_of(&self, session: &Session<'_>) -> Result<Timestamp, Failure> {
        let Some(text) = &self.as_of else { return Ok(session.now()) };
        let moment = Moment::parse(text).ok_or_else(|| {
            let message = format!("`{text}` is neither a date nor an instant");
            let help = "write 2026-06-30, 2026-06-30T12:00:00Z or 2026-06-30T12:00:00+02:00, where no \
                        clock is further from UTC than 14 hours";
            Failure::usage(message, help)
        })?;
        Ok(Timestamp::from_second(moment.start(&Zone::utc())).unwrap_or_default())
    }

    /// How what is written is to be read: as the command line says, then as the system declares.
    pub(super) fn form(&self, scope: &ModelScope<'_>) -> Result<Form, Failure> {
        let form = match &self.written.system {
            Some(id) => declared(scope, id)?,
            None => Form::default(),
        };
        self.said(form, scope)
    }

    /// The same by system, where the system is found out by what the columns are called.
    fn forms(&self, scope: &ModelScope<'_>) -> Result<Forms, Failure> {
        let mut systems = BTreeMap::new();
        if self.written.system.is_none() {
            for system in scope.model().of_kind("system") {
                let id = system.address.id();
                systems.insert(id.to_owned(), self.said(declared(scope, id)?, scope)?);
            }
        }
        Ok(Forms { asked: self.form(scope)?, systems })
    }

    /// A form with what the command line says instead.
    fn said(&self, mut form: Form, scope: &ModelScope<'_>) -> Result<Form, Failure> {
        let root = scope.model().get("model").map(Entity::read::<Root>);
        form.currency = root.and_then(|root| root.currency).map(|currency| currency.value.0);
        if let Some(example) = &self.written.numbers {
            form.numbers = Numbers::of(example).ok_or_else(|| {
                let help = "write one of `1234.56`, `1,234.56`, `1.234,56`, `1 234,56`, `1'234.56`";
                Failure::usage(format!("`{example}` is no form of numbers"), help)
            })?;
        }
        if let Some(example) = &self.written.dates {
            form.dates = Dates::of(example).ok_or_else(|| {
                let help = "write one of `2026-12-31`, `31.12.2026`, `31/12/2026`, `12/31/2026`";
                Failure::usage(format!("`{example}` is no form of dates"), help)
            })?;
        }
        if let Some(name) = &self.written.time_zone {
            form.zone = super::revision::zone_called(name)?.into_inner();
        }
        Ok(form)
    }

    /// How many threads read.
    pub(super) fn threads(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(all, usize::from).clamp(1, 64)
    }
}

impl Started {
    /// Opens them for a report on the records, with the fields they may hold: a file without any
    /// known column is no export of them. It is said what they were taken for.
    pub(super) fn records(
        self,
        session: &mut Session<'_>,
        fields: &[Field],
    ) -> Result<Vec<Opened<'static>>, Failure> {
        let (object, found) = (self.object.clone(), self.found.clone());
        let inputs = self.open(fields)?;
        if let Some(none) = inputs.iter().find(|input| input.layout.recognised() == 0) {
            let message = format!("no column of `{}` is a field of `{object}`", none.name);
            let help = format!("see what is in it: `opmodel records doctor {}`", none.name);
            return Err(Failure::usage(message, help));
        }
        if let Some(found) = &found {
            session.note(found);
        }
        for input in &inputs {
            for (earlier, again) in input.layout.repeated() {
                session.note(&format!(
                    "`{}` has two columns of one field, `{}` and `{}`: the first counts",
                    input.name, earlier.header, again.header
                ));
            }
        }
        Ok(inputs)
    }

    fn open(self, fields: &[Field]) -> Result<Vec<Opened<'static>>, Failure> {
        let (system, forms) = (self.system, self.forms);
        let open = |begun: Begun<'static>| Ok(begun.open(fields, system.as_deref(), &forms)?);
        self.begun.into_iter().map(open).collect()
    }
}

impl Rejecting {
    /// Begins the file, where one is asked for; none of the inputs may be it.
    pub(super) fn begin(
        &self,
        session: &Session<'_>,
        inputs: &[String],
    ) -> Result<Rejected, Failure> {
        let Some(path) = &self.rejects else { return Ok(Rejected { file: None }) };
        let path = session.directory().join(path);
        let same = |name: &&String| match name.as_str() {
            "-" => is_read_from(&path),
            name => is_one_file(&path, &session.directory().join(name)),
        };
        if let Some(input) = inputs.iter().find(same) {
            let message = format!("the rejects would overwrite `{input}`");
            return Err(Failure::usage(message, "name another file for them"));
        }
        let failed = |error| Failure::disk("write", &path, error);
        let mut file = BufWriter::new(File::create(&path).map_err(failed)?);
        let head = csv_line(&["file", "line", "why", "cells"]);
        file.write_all(head.as_bytes()).map_err(failed)?;
        Ok(Rejected { file: Some((path, file)) })
    }
}

/// Rows that are no records, written as they are found.
pub(super) struct Rejected {
    file: Option<(PathBuf, BufWriter<File>)>,
}

impl Rejected {
    /// Writes some, of inputs of these names.
    pub(super) fn add(&mut self, names: &[String], rejects: &[Reject]) -> Result<(), Failure> {
        let Some((path, file)) = &mut self.file else { return Ok(()) };
        for reject in rejects {
            let name = names.get(reject.input).cloned().unwrap_or_default();
            let mut row = vec![name, reject.line.to_string(), reject.why.clone()];
            row.extend(reject.cells.iter().cloned());
            let written = file.write_all(csv_line(&row).as_bytes());
            written.map_err(|error| Failure::disk("write", path.as_path(), error))?;
        }
        Ok(())
    }

    /// Writes what is left.
    pub(super) fn end(self) -> Result<(), Failure> {
        let Some((path, mut file)) = self.file else { return Ok(()) };
        file.flush().map_err(|error| Failure::disk("write", path, error))
    }
}

/// How many threads, as an option gives it.
fn threads(text: &str) -> Result<u8, &'static str> {
    let number = text.parse().ok().filter(|number| (1..=64).contains(number));
    number.ok_or("write a whole number from 1 to 64")
}

/// What stands between two cells, as it is written on a command line.
fn separator(text: &str) -> Result<u8, String> {
    match text {
        "tab" | "\\t" | "\t" => Ok(b'\t'),
        _ => match text.as_bytes() {
            [sign] if sign.is_ascii_punctuation() && *sign != b'"' => Ok(*sign),
            _ => Err("write `,`, `;`, `|` or `tab`".to_owned()),
        },
    }
}

pub(super) fn known_object(scope: &ModelScope<'_>, object: &str) -> Result<(), Failure> {
    if scope.has_object(object) {
        return Ok(());
    }
    let known = scope.model().of_kind("object").map(|entity| entity.address.id());
    let help = match did_you_mean(object, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "list them with `opmodel show 'object.*'`".to_owned(),
    };
    Err(Failure::usage(format!("the model has no object `{object}`"), help))
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

/// Refuses files of which two are one: its records would count twice.
fn refuse_twice(session: &Session<'_>, files: &[String]) -> Result<(), Failure> {
    // What is no plain file, such as the output of a program, may be read as often as it is named.
    let path = |name: &String| session.directory().join(name);
    let mut known: BTreeMap<u64, Vec<&String>> = BTreeMap::new();
    for name in files.iter().filter(|name| *name != "-") {
        let about = path(name).metadata().ok().filter(std::fs::Metadata::is_file);
        let Some(length) = about.map(|about| about.len()) else { continue };
        // What is one file is as long as itself.
        let like = known.entry(length).or_default();
        let same = like.iter().find(|earlier| is_one_file(&path(earlier), &path(name))).copied();
        like.push(name);
        let Some(earlier) = same else { continue };
        let message = if earlier == name {
            format!("`{name}` is named twice, and its records would count twice")
        } else {
            format!("`{earlier}` and `{name}` are one file, and its records would count twice")
        };
        return Err(Failure::usage(message, "name each file once"));
    }
    Ok(())
}

/// Why a file that was named cannot be read.
pub(super) fn unopened(name: &str, path: &Path, error: std::io::Error) -> Failure {
    if error.kind() != std::io::ErrorKind::NotFound {
        return Failure::disk("read", path, error);
    }
    let own = path.file_name().map(|own| own.to_string_lossy()).unwrap_or_default();
    let beside = path.parent().and_then(|folder| std::fs::read_dir(folder).ok());
    let (mut names, mut below) = (BTreeSet::new(), BTreeSet::new());
    for entry in beside.into_iter().flatten().flatten() {
        let Ok(named) = entry.file_name().into_string() else { continue };
        let known = entry.metadata();
        // An empty file is what the shell has just made for the output.
        if known.as_ref().is_ok_and(|known| known.is_file() && known.len() > 0) {
            names.insert(named);
        } else if !named.starts_with('.') && entry.path().join(&*own).is_file() {
            below.insert(format!("{named}/{own}"));
        }
    }
    let near = below.first().map(String::as_str);
    let near = near.or_else(|| did_you_mean(&own, names.iter().map(String::as_str)));
    let folder = name.strip_suffix(&*own).unwrap_or_default();
    let help = near.map(|near| format!("did you mean `{folder}{near}`?"));
    Failure::World { message: format!("there is no file `{name}`"), help }
}

/// A file, or standard input.
fn input(session: &Session<'_>, name: &str) -> Result<Input<'static>, Failure> {
    if name == "-" {
        return Ok(Input::new("standard input", std::io::stdin()));
    }
    let path = session.directory().join(name);
    let failed = |error| unopened(name, &path, error);
    let file = File::open(&path).map_err(failed)?;
    let known = file.metadata().map_err(failed)?;
    if known.is_dir() {
        let message = format!("`{name}` is a folder, and a file is wanted");
        return Err(Failure::World { message, help: Some("name the files in it".to_owned()) });
    }
    let mut input = Input::new(name, file);
    if known.is_file() {
        input.again = Some(Box::new(File::open(&path).map_err(failed)?));
    }
    Ok(input)
}

impl From<RecordsError> for Failure {
    fn from(error: RecordsError) -> Self {
        let help = match &error {
            RecordsError::Unfit { help, .. } => Some(help.clone()),
            RecordsError::Stopped { .. } => Some("get the file once more".to_owned()),
            RecordsError::Read { .. } => None,
        };
        Self::World { message: error.to_string(), help }
    }
}
