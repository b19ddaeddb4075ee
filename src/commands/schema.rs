//! `opmodel schema`: the JSON Schemas of the model and of the outputs.

use super::{Failure, Session};
use crate::finding::did_you_mean;
use crate::model::{Schemas, schemas};
use crate::report::{Block, Line, Page, json};
use crate::view::output_schemas;
use clap::Args;
use std::path::{Path, PathBuf};

/// Print the JSON Schemas of the model and of the outputs.
///
/// `model` describes a file and holds all others; the name of a kind describes one entity of it;
/// `output-…` describes what a command prints with `--format json`, and so does the command's name
/// alone. Without a name it lists them.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel schema                         the names\n  opmodel schema model > model.schema.json\n  opmodel schema --write schemas         all of them, as files\n  opmodel schema --check schemas         whether those files are fresh"
)]
pub struct SchemaCommand {
    /// The schema to print.
    #[arg(value_name = "NAME", conflicts_with_all = ["write", "check"])]
    name: Option<String>,
    /// Write all schemas into this folder.
    #[arg(long, value_name = "DIR", conflicts_with = "check")]
    write: Option<PathBuf>,
    /// Exit with 1 if a schema file in this folder is missing or differs.
    #[arg(long, value_name = "DIR")]
    check: Option<PathBuf>,
}

/// All schemas, as `--write` writes them.
pub(super) fn all() -> Schemas {
    let mut all = schemas();
    all.extend(output_schemas());
    all
}

/// Writes all schemas into a folder.
pub(super) fn write_all(folder: &Path) -> Result<usize, Failure> {
    std::fs::create_dir_all(folder).map_err(|e| Failure::disk("make the folder", folder, e))?;
    let all = all();
    for (name, schema) in &all {
        let path = folder.join(file_name(name));
        std::fs::write(&path, json(schema)).map_err(|e| Failure::disk("write", &path, e))?;
    }
    Ok(all.len())
}

fn file_name(name: &str) -> String {
    format!("{name}.schema.json")
}

impl SchemaCommand {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let directory = session.directory();
        if let Some(folder) = self.write {
            let written = write_all(&directory.join(folder))?;
            session.note(&format!("wrote {written} schemas"));
            return Ok(0);
        }
        if let Some(folder) = self.check {
            return check(session, &directory.join(folder));
        }
        let all = all();
        let Some(name) = self.name else {
            session.page(&list(all.keys()))?;
            return Ok(0);
        };
        let wanted = name.strip_suffix(".schema.json").unwrap_or(&name);
        if let Some(schema) = all.get(wanted).or_else(|| all.get(&format!("output-{wanted}"))) {
            session.write(&json(schema))?;
            return Ok(0);
        }
        let help = match did_you_mean(wanted, all.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "see `opmodel schema` for the names".to_owned(),
        };
        Err(Failure::usage(format!("there is no schema `{name}`"), help))
    }
}

/// The names, with what each schema describes.
fn list<'a>(names: impl Iterator<Item = &'a String>) -> Page {
    let rows = names.map(|name| {
        let describes = match (name.strip_prefix("output-"), name.as_str()) {
            (Some(output), _) => format!("output: {}", printed(output)),
            (None, "model") => "a file of a model, with all kinds".to_owned(),
            (None, "root") => "kind: the table `[model]` itself".to_owned(),
            (None, kind) => format!("kind: one `[{kind}.…]`"),
        };
        vec![Line::new().code(name), Line::new().sentence(&describes)]
    });
    let rows = rows.collect();
    let mut page = Page::default();
    page.push(Block::Table(["schema", "describes"].map(Line::of).to_vec(), rows));
    page
}

/// What the schema of an output is about. Most have the name of a command.
fn printed(output: &str) -> String {
    match output {
        "audit-verify" => "what `audit --verify FOLDER --format json` prints".to_owned(),
        "doctor" => "what `records doctor --format json` prints".to_owned(),
        "evaluate-record" => "what `evaluate --format json-lines` prints of a record".to_owned(),
        "log" => "a line of what `log --format json` prints".to_owned(),
        "log-stat" => "what `log --stat --format json` prints".to_owned(),
        "show-list" => "what `show --format json` prints of several entities".to_owned(),
        "trace-table" => "what `trace --format json` prints where no record is given".to_owned(),
        command => format!("what `{command} --format json` prints"),
    }
}

/// Whether the files of a folder are what would be written now, and no others are there.
fn check(session: &mut Session<'_>, folder: &Path) -> Result<u8, Failure> {
    let all = all();
    let mut stale = Vec::new();
    for (name, schema) in &all {
        let file = file_name(name);
        match std::fs::read_to_string(folder.join(&file)) {
            Ok(text) if text == json(schema) => {}
            Ok(_) => stale.push(format!("{file} differs")),
            Err(_) => stale.push(format!("{file} is missing")),
        }
    }
    let entries = std::fs::read_dir(folder).map_err(|e| Failure::disk("read", folder, e))?;
    let mut others: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    others.sort();
    for file in others {
        let known = file.strip_suffix(".schema.json").is_some_and(|name| all.contains_key(name));
        if Path::new(&file).extension().is_some_and(|end| end == "json") && !known {
            stale.push(format!("{file} is not a schema of this version"));
        }
    }
    for line in &stale {
        session.write(&format!("{line}\n"))?;
    }
    if stale.is_empty() {
        session.note(&format!("{} schemas are fresh", all.len()));
    } else {
        session.note("write them anew with `opmodel schema --write DIR`");
    }
    Ok(u8::from(!stale.is_empty()))
}
