//! `opmodel export sql`: the model as SQL views, into a folder.

use crate::commands::judging::refuse_doubts;
use crate::commands::output::write_file;
use crate::commands::revision::Dates;
use crate::commands::{Failure, Session};
use crate::finding::did_you_mean;
use crate::history::Moment;
use crate::load::{self, ModelScope};
use crate::model::Model;
use crate::report::{Block, Line, Page};
use crate::sql::{Dialect, GENERATED, Omission, Package, Request, export};
use crate::view::count;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The databases.
#[expect(clippy::doc_markdown, reason = "the manual writes products as they are called")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Database {
    /// PostgreSQL, 11 or newer.
    Postgres,
    /// DuckDB.
    Duckdb,
    /// Snowflake.
    Snowflake,
    /// BigQuery.
    Bigquery,
    /// Spark SQL, 3.4 or newer, with `spark.sql.ansi.enabled`.
    Spark,
}

/// The options of `opmodel export sql`.
#[derive(Debug, Args)]
pub(super) struct Sql {
    /// The database the views are for.
    #[arg(long, value_name = "DATABASE", default_value = "postgres")]
    dialect: Database,
    /// The folder to write into; files there that opmodel did not write are left alone.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only what is about this object, for example `lead`.
    #[arg(long, value_name = "OBJECT")]
    object: Option<String>,
    /// The system whose names of tables and columns are read (`systems` of an object, `columns` of a
    /// field); the ids of objects and fields where none is given.
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// The schema the tables are in, for example `raw.salesforce`.
    #[arg(long, value_name = "SCHEMA")]
    schema: Option<String>,
    /// The column that tells one record from every other; the object's `key_field`, its field `id`, or
    /// a column `id` where none is given.
    #[arg(long, value_name = "COLUMN")]
    key: Option<String>,
    /// The date or instant from which days are counted; the moment of each query where none is given.
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<String>,
    /// Write a dbt package: models, sources, descriptions and tests.
    #[arg(long)]
    dbt: bool,
    /// The model at a revision, a date or an instant; what is on disk where none is given.
    #[arg(long, value_name = "REV|DATE")]
    at: Option<String>,
    #[command(flatten)]
    dates: Dates,
}

impl Sql {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let as_of = self.as_of()?;
        let model = self.model(session)?;
        let scope = ModelScope::new(&model);
        self.known(&scope)?;
        let request = Request {
            dialect: self.dialect.into(),
            object: self.object.as_deref(),
            system: self.system.as_deref(),
            schema: self.schema.as_deref(),
            key: self.key.as_deref(),
            as_of,
            dbt: self.dbt,
        };
        let package = export(&scope, &request);
        let folder = session.directory().join(&self.out);
        refuse_foreign(&folder, &self.out, &package)?;
        let gone = if self.object.is_some() { Vec::new() } else { stale(&folder, &package)? };
        write(&folder, &package)?;
        for path in &gone {
            let place = folder.join(path);
            fs::remove_file(&place).map_err(|error| Failure::disk("remove", &place, error))?;
        }
        for note in &package.notes {
            session.note(note);
        }
        let page = self.told(&package, request.dialect, &gone);
        session.page(&page)?;
        Ok(u8::from(!package.omissions.is_empty()))
    }

    /// The instant from which days are counted; a date is its first.
    fn as_of(&self) -> Result<Option<Timestamp>, Failure> {
        let Some(text) = &self.as_of else { return Ok(None) };
        let zone = self.dates.zone()?;
        let moment = Moment::parse(text).ok_or_else(|| {
            let message = format!("`{text}` is neither a date nor an instant");
            Failure::usage(message, "write it like 2026-06-30 or 2026-06-30T12:00:00Z")
        })?;
        Ok(Timestamp::from_second(moment.start(&zone)).ok())
    }

    fn model(&self, session: &mut Session<'_>) -> Result<Model, Failure> {
        let workspace = session.workspace()?;
        let state = match &self.at {
            Some(spec) => self.dates.state(session, &workspace, spec)?,
            None => self.dates.on_disk()?,
        };
        self.refuse_empty()?;
        session.note_left_out(&workspace, &state.at)?;
        let loaded = load::read(workspace.files(&state.at)?, workspace.limits);
        refuse_doubts(&loaded)?;
        if loaded.model.of_kind("object").next().is_none() {
            let help = Some("see `opmodel check` for all that is wrong with it".to_owned());
            let message = format!("there is no object in `{}`", workspace.folder_name());
            return Err(Failure::World { message, help });
        }
        Ok(loaded.model)
    }

    /// Refuses names that name nothing: mostly those of variables that nobody set.
    fn refuse_empty(&self) -> Result<(), Failure> {
        let parts = |schema: &String| schema.split('.').any(|part| part.trim().is_empty());
        let whole = |key: &String| key.trim().is_empty();
        let option = match (&self.schema, &self.key) {
            (Some(schema), _) if parts(schema) => "--schema",
            (_, Some(key)) if whole(key) => "--key",
            _ => return Ok(()),
        };
        let message = format!("a name behind `{option}` is empty");
        Err(Failure::usage(message, format!("leave `{option}` out, or write the name")))
    }

    /// Holds the object and the system that are asked for against those there are.
    fn known(&self, scope: &ModelScope<'_>) -> Result<(), Failure> {
        let model = scope.model();
        let objects: BTreeSet<&str> = model.of_kind("object").map(|o| o.address.id()).collect();
        one_of("object", self.object.as_deref(), &objects)?;
        let mut systems = BTreeSet::new();
        for (kind, property) in [("object", "systems"), ("field", "columns")] {
            for entity in model.of_kind(kind) {
                let names = entity.table.get(property).and_then(|node| node.as_table());
                let names = names.iter().flat_map(|table| table.entries.iter());
                systems.extend(names.map(|entry| entry.key.as_str()));
            }
        }
        one_of("system", self.system.as_deref(), &systems)
    }

    fn told(&self, package: &Package, dialect: Dialect, gone: &[String]) -> Page {
        let mut page = Page::default();
        let views = count(package.views, "view", "views");
        let files = count(package.files.len(), "file", "files");
        let name = dialect.name();
        let what =
            if self.dbt { format!("as a dbt package for {name}") } else { format!("for {name}") };
        let out = self.out.display().to_string();
        let line = Line::of(format!("wrote {views} {what}, {files} in ")).code(out);
        page.push(Block::Paragraph(line));
        if !self.dbt && !package.files.is_empty() {
            let line = Line::of("made in the order of the file names, each may use earlier ones");
            page.push(Block::Paragraph(line));
        }
        for path in gone {
            let line = Line::of("removed ")
                .code(path)
                .plain(", which an earlier export wrote and this one does not");
            page.push(Block::Paragraph(line));
        }
        for Omission { address, reason } in &package.omissions {
            let line = Line::of("left out ").code(address).plain(": ").sentence(reason);
            page.push(Block::Paragraph(line));
        }
        page
    }
}

impl From<Database> for Dialect {
    fn from(database: Database) -> Self {
        match database {
            Database::Postgres => Self::Postgres,
            Database::Duckdb => Self::DuckDb,
            Database::Snowflake => Self::Snowflake,
            Database::Bigquery => Self::BigQuery,
            Database::Spark => Self::Spark,
        }
    }
}

fn one_of(what: &str, asked: Option<&str>, known: &BTreeSet<&str>) -> Result<(), Failure> {
    let Some(asked) = asked.filter(|asked| !known.contains(asked)) else { return Ok(()) };
    let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let help = match did_you_mean(asked, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => format!("the model names no {what}; leave `--{what}` out"),
        None => format!("name one of {}", names.join(", ")),
    };
    Err(Failure::usage(format!("the model knows no {what} `{asked}`"), help))
}

/// Whether a file was written by this command; one that is not there is nobody's.
fn is_ours(place: &Path) -> Result<Option<bool>, Failure> {
    match fs::read(place) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).contains(GENERATED))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::disk("read", place, error)),
    }
}

/// A file that somebody wrote by hand is never overwritten, and then nothing is written.
fn refuse_foreign(folder: &Path, named: &Path, package: &Package) -> Result<(), Failure> {
    if folder.exists() && !folder.is_dir() {
        let message = format!("`{}` is not a folder", named.display());
        let help = Some("name a folder that is empty, or does not exist yet".to_owned());
        return Err(Failure::World { message, help });
    }
    for path in package.files.keys() {
        if is_ours(&folder.join(path))? == Some(false) {
            let path = named.join(path);
            let shown = path.display();
            let message = format!("`{shown}` was not written by this command, and is left alone");
            let help = Some("name another folder, or move the file elsewhere first".to_owned());
            return Err(Failure::World { message, help });
        }
    }
    Ok(())
}

/// Files of earlier exports that are no part of this one.
fn stale(folder: &Path, package: &Package) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for below in ["", "models/", "tests/"] {
        let place = folder.join(below);
        let entries = match fs::read_dir(&place) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(Failure::disk("read the folder", place, error)),
        };
        for entry in entries.flatten() {
            let path = format!("{below}{}", entry.file_name().to_string_lossy());
            let is_one =
                Path::new(&path).extension().is_some_and(|end| end == "sql" || end == "yml");
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if is_one && is_file && !package.files.contains_key(&path) {
                found.extend((is_ours(&entry.path())? == Some(true)).then_some(path));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn write(folder: &Path, package: &Package) -> Result<(), Failure> {
    for (path, text) in &package.files {
        let place = folder.join(path);
        if let Some(parent) = place.parent() {
            let made = fs::create_dir_all(parent);
            made.map_err(|error| Failure::disk("make the folder", parent, error))?;
        }
        write_file(&place, text)?;
    }
    Ok(())
}
