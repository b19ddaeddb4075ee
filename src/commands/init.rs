//! `opmodel init`: a small model to start from.

use super::schema::write_all;
use super::{Failure, Session, demo};
use crate::artifact::{STARTER, TAPLO};
use crate::report::{Block, Line, Page};
use clap::Args;
use std::path::{Path, PathBuf};

/// Write a small model to start from.
///
/// Asks nothing and overwrites nothing: a file that exists stays as it is. Writes the model's
/// folder, the JSON Schemas beside it, and the settings by which editors find them.
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
        if self.demo {
            demo::build(&folder)?;
            let shown = self.folder.display().to_string();
            let next = format!("opmodel -C {} log", demo::quoted(&shown));
            let line = Line::of("the demonstration's repository is in ").code(shown);
            return next_steps(session, line, &[&next]);
        }
        let model = session.model.clone().unwrap_or_else(|| "model".to_owned());
        let mut files: Vec<(PathBuf, String)> = STARTER
            .iter()
            .map(|file| (Path::new(&model).join(file.path), file.text.to_owned()))
            .collect();
        files.push((
            PathBuf::from(".taplo.toml"),
            TAPLO.replace("model/**", &format!("{model}/**")),
        ));
        let mut kept = Vec::new();
        for (path, text) in files {
            let full = folder.join(&path);
            if full.exists() {
                kept.push(path.display().to_string());
            } else {
                write(&full, &text)?;
                session.write(&format!("wrote {}\n", path.display()))?;
            }
        }
        let schemas = folder.join("schemas");
        if schemas.exists() {
            kept.push("schemas".to_owned());
        } else {
            write_all(&schemas)?;
            session.write("wrote schemas/\n")?;
        }
        for path in kept {
            session.write(&format!("kept {path}, which was there\n"))?;
        }
        let line = Line::of("a model to start from is in ").code(model);
        next_steps(session, line, &["opmodel check", "opmodel explain criteria"])
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| Failure::disk("make the folder", folder, e))?;
    }
    std::fs::write(path, text).map_err(|e| Failure::disk("write", path, e))
}

fn next_steps(session: &mut Session<'_>, done: Line, next: &[&str]) -> Result<u8, Failure> {
    let mut page = Page::default();
    page.push(Block::Gap);
    page.push(Block::Paragraph(done.plain("; next:")));
    let lines = next.iter().map(|command| Line::new().code(*command)).collect();
    page.push(Block::Verbatim(1, lines));
    session.page(&page)?;
    Ok(0)
}
