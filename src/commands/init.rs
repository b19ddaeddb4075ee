//! `opmodel init`: a small model to start from.

use super::schema::write_all;
use super::{Failure, Session, demo};
use crate::artifact::{Artifact, STARTER, TAPLO};
use crate::document::Limits;
use crate::git::work_files;
use crate::load;
use crate::model::Entity;
use crate::report::{Block, Line, Page};
use crate::source::{RawContent, RawFile};
use crate::view::{count, shell_word};
use clap::Args;
use std::path::{Component, Path, PathBuf};

/// Write a small model to start from.
///
/// Asks nothing and overwrites nothing: a file that exists stays as it is. Writes the model's
/// folder, the JSON Schemas beside it, and the settings by which editors find them. Where a model is
/// there already only the schemas and the settings are written.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel init                           a starter in ./model\n  opmodel init crm-model                 in a folder of its own\n  opmodel init --demo acme               a repository with 18 months of history"
)]
pub struct Init {
    /// The folder to write into; this one where none is given.
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Build the demonstration's repository there instead.
    #[arg(long)]
    demo: bool,
}

impl Init {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let folder = session.directory().join(&self.folder);
        // As the reader sees it from where the command was typed.
        let seen = plain(&session.below.join(&self.folder));
        if self.demo {
            if session.model.is_some() {
                let help = "leave `--model` out; the demonstration's model is in `model`";
                return Err(Failure::usage("`--model` has no place beside `--demo`", help));
            }
            demo::build(&folder)?;
            let next = command(&seen, "", "log");
            let shown = if seen.as_os_str().is_empty() { Path::new(".") } else { &seen };
            let line = Line::of("the demonstration's repository is in ");
            return next_steps(session, line.code(shown.display().to_string()), &[next]);
        }
        let model = model_folder(session.model.as_deref().unwrap_or("model"))?;
        for name in [model.as_str(), "schemas"] {
            refuse_file(&folder.join(name), &seen.join(name))?;
        }
        let entities = others_than_the_starters(&folder, &model)?;
        let starter = STARTER.iter().filter(|_| entities == 0);
        let mut files: Vec<(PathBuf, String)> = starter
            .map(|file| (Path::new(&model).join(file.path), beside_schemas(file.text, &model)))
            .collect();
        let all = Path::new(&model).join("**").display().to_string().replace('\\', "/");
        files.push((PathBuf::from(".taplo.toml"), TAPLO.replace("model/**", &all)));
        let mut kept = Vec::new();
        for (path, text) in files {
            let full = folder.join(&path);
            let shown = seen.join(&path).display().to_string();
            if full.exists() {
                kept.push(shown);
            } else {
                write(&full, &text)?;
                session.write(&format!("wrote {shown}\n"))?;
            }
        }
        let schemas = folder.join("schemas");
        let shown = seen.join("schemas").display().to_string();
        if schemas.exists() {
            kept.push(shown);
        } else {
            write_all(&schemas)?;
            session.write(&format!("wrote {shown}/\n"))?;
        }
        for path in kept {
            session.write(&format!("kept {path}, which was there\n"))?;
        }
        let place = seen.join(&model);
        let place = if place.as_os_str().is_empty() { Path::new(".") } else { &place };
        let place = place.display().to_string();
        let line = match entities {
            0 => Line::of("a model to start from is in ").code(place),
            _ => Line::of("there is a model in ").code(place).plain(format!(
                " already, with {} of its own",
                count(entities, "entity", "entities")
            )),
        };
        let named = match model.as_str() {
            "model" => "",
            "" => ".",
            other => other,
        };
        let check = command(&seen, named, "check");
        next_steps(session, line, &[check, "opmodel explain criteria".to_owned()])
    }
}

/// How many entities stand where the starter would be written, and are none of its own.
fn others_than_the_starters(folder: &Path, model: &str) -> Result<usize, Failure> {
    let limits = Limits::default();
    let there = load::read(work_files(folder, model, limits.file_bytes)?, limits).model;
    let file = |file: &Artifact| RawFile {
        path: file.path.to_owned(),
        content: RawContent::Bytes(file.text.as_bytes().to_vec()),
    };
    let starter = load::read(STARTER.iter().map(file).collect(), limits).model;
    let is_other = |entity: &&Entity| starter.get(entity.address.as_str()).is_none();
    Ok(there.entities().filter(is_other).count())
}

/// Refuses a file where a folder is to be, before anything is written.
fn refuse_file(place: &Path, seen: &Path) -> Result<(), Failure> {
    if !place.is_file() {
        return Ok(());
    }
    Err(Failure::World {
        message: format!("`{}` is a file, and a folder of this name is wanted", seen.display()),
        help: Some("move it away, or name another folder: `opmodel init DIR`".to_owned()),
    })
}

/// A path without the steps that lead nowhere.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|step| *step != Component::CurDir).collect()
}

/// The model's folder below the one that is written to; it never leads out of it.
fn model_folder(named: &str) -> Result<String, Failure> {
    let steps: Vec<Component<'_>> = Path::new(named).components().collect();
    let inside = |step: &Component<'_>| matches!(step, Component::Normal(_) | Component::CurDir);
    if steps.iter().all(inside) {
        return Ok(plain(Path::new(named)).display().to_string());
    }
    Err(Failure::World {
        message: format!("`{named}` is not a folder inside the one that is written to"),
        help: Some("name a folder below it, for example `--model gtm`".to_owned()),
    })
}

/// A file of the starter as it stands in the model's folder: editors follow the path in its first
/// line from there, and would ask no other settings where it led nowhere.
fn beside_schemas(text: &str, model: &str) -> String {
    let up = match Path::new(model).components().count() {
        0 => "./".to_owned(),
        steps => "../".repeat(steps),
    };
    text.replacen("#:schema ../", &format!("#:schema {up}"), 1)
}

/// A command as it works from where this one was typed.
fn command(folder: &Path, model: &str, verb: &str) -> String {
    let mut words = vec!["opmodel".to_owned()];
    if !folder.as_os_str().is_empty() {
        words.extend(["-C".to_owned(), shell_word(&folder.display().to_string())]);
    }
    if !model.is_empty() {
        words.extend(["--model".to_owned(), shell_word(model)]);
    }
    words.push(verb.to_owned());
    words.join(" ")
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| Failure::disk("make the folder", folder, e))?;
    }
    std::fs::write(path, text).map_err(|e| Failure::disk("write", path, e))
}

fn next_steps(session: &mut Session<'_>, done: Line, next: &[String]) -> Result<u8, Failure> {
    let mut page = Page::default();
    page.push(Block::Gap);
    page.push(Block::Paragraph(done.plain("; next:")));
    let lines = next.iter().map(|command| Line::new().code(command)).collect();
    page.push(Block::Verbatim(1, lines));
    session.page(&page)?;
    Ok(0)
}
