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
        let mut definition = crate::cli::definition().disable_help_subcommand(true);
        // Only a whole definition knows the names of commands of commands.
        definition.build();
        let Some(folder) = self.dir else {
            let page = rendered(definition, Path::new("standard output"))?;
            session.write(&String::from_utf8_lossy(&page))?;
            return Ok(0);
        };
        let folder = session.directory().join(folder);
        std::fs::create_dir_all(&folder)
            .map_err(|e| Failure::disk("make the folder", &folder, e))?;
        let mut commands = Vec::new();
        with_all_below(&definition, &mut commands);
        let count = commands.len();
        for command in commands {
            let name = command.get_display_name().unwrap_or_else(|| command.get_name());
            let path = folder.join(format!("{name}.1"));
            let page = rendered(command.clone(), &path)?;
            std::fs::write(&path, page).map_err(|e| Failure::disk("write", &path, e))?;
        }
        session.note(&format!("wrote {count} manual pages"));
        Ok(0)
    }
}

/// A command and all commands below it.
fn with_all_below<'c>(command: &'c clap::Command, into: &mut Vec<&'c clap::Command>) {
    into.push(command);
    for below in command.get_subcommands() {
        with_all_below(below, into);
    }
}

fn rendered(command: clap::Command, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .source(format!("opmodel {}", env!("CARGO_PKG_VERSION")))
        .render(&mut page)
        .map_err(|error| Failure::disk("write", path, error))?;
    Ok(page)
}
