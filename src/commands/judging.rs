//! The revision of the model by which records are judged.

use super::revision::{Dates, NamedAt};
use super::{Failure, Session};
use crate::history::{At, Workspace, unreadable};
use crate::load;
use crate::model::Model;
use clap::Args;

/// Which revision of the model judges.
#[derive(Debug, Clone, Args)]
pub(super) struct Judging {
    /// The revision, date or instant whose model judges; the one on disk where none is given.
    #[arg(long, value_name = "REV|DATE")]
    at: Option<String>,
    /// The branch whose main line (first parents) a date is looked up on; `HEAD` where none is
    /// given.
    #[arg(long, value_name = "REV", requires = "at")]
    branch: Option<String>,
}

impl Judging {
    /// The state whose model judges; a day begins by the clock of a zone.
    pub(super) fn state(
        &self,
        session: &mut Session<'_>,
        workspace: &Workspace,
        time_zone: Option<&str>,
    ) -> Result<NamedAt, Failure> {
        let Some(spec) = &self.at else { return Ok(NamedAt::new(At::WorkTree, "the work tree")) };
        let dates = Dates::of(time_zone.map(str::to_owned), self.branch.clone());
        dates.state(session, workspace, spec)
    }
}

/// The model of a state; what cannot be read of it is said.
pub(super) fn read_model(
    session: &mut Session<'_>,
    workspace: &Workspace,
    state: &NamedAt,
) -> Result<Model, Failure> {
    session.note_left_out(workspace, &state.at)?;
    let loaded = load::read(workspace.files(&state.at)?, workspace.limits);
    for file in unreadable(&loaded.findings) {
        session.note(&format!(
            "`{}` cannot be read ({}), and nothing in it is asked; see `opmodel check`",
            file.path, file.reason
        ));
    }
    if loaded.model.is_empty() {
        let message = match state.commit() {
            Some(_) => {
                let folder = workspace.folder_name();
                format!("there is nothing of a model in `{folder}` of `{}`", state.name)
            }
            None => format!("there is nothing of a model in `{}`", workspace.folder_name()),
        };
        let help =
            Some("name its folder with `--model`, or begin one with `opmodel init`".to_owned());
        return Err(Failure::World { message, help });
    }
    Ok(loaded.model)
}
