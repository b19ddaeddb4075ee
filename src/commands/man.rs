//! `opmodel man`: manual pages.

use super::{Failure, Session};
use clap::Args;
use std::path::{Path, PathBuf};

/// Print the manual page, or write all of them.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel man | man -l -\n  opmodel man --dir ~/.local/share/man/man1"
)]
pub struct Man {
    /// Write the pages of all commands into this folder.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let definition = crate::cli::definition();
        let Some(folder) = self.dir else {
            let page = rendered(definition, Path::new("standard output"))?;
            session.write(&String::from_utf8_lossy(&page))?;
            return Ok(0);
        };
        let folder = session.directory().join(folder);
        std::fs::create_dir_all(&folder)
            .map_err(|e| Failure::disk("make the folder", &folder, e))?;
        let commands: Vec<clap::Command> = definition.get_subcommands().cloned().collect();
        let mut pages = vec![("opmodel".to_owned(), definition)];
        for command in commands {
            let name = format!("opmodel-{}", command.get_name());
            pages.push((name.clone(), command.name(name)));
        }
        let count = pages.len();
        for (name, command) in pages {
            let path = folder.join(format!("{name}.1"));
            let page = rendered(command, &path)?;
            std::fs::write(&path, page).map_err(|e| Failure::disk("write", &path, e))?;
        }
        session.note(&format!("wrote {count} manual pages"));
        Ok(0)
    }
}

fn rendered(command: clap::Command, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| Failure::disk("write", path, error))?;
    Ok(page)
}
