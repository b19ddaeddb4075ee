//! The revision of the model by which records are judged.

use super::revision::{Dates, NamedAt};
use super::{Failure, Session};
use crate::finding::Place;
use crate::history::{At, Workspace, unreadable};
use crate::load::{self, Loaded};
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

/// The model of a state; what cannot be read of it is said, or refused where a limit is held against it.
pub(super) fn read_model(
    session: &mut Session<'_>,
    workspace: &Workspace,
    state: &NamedAt,
    holds_a_limit: bool,
) -> Result<Model, Failure> {
    session.note_left_out(workspace, &state.at)?;
    let loaded = load::read(workspace.files(&state.at)?, workspace.limits);
    if holds_a_limit {
        refuse_doubts(&loaded)?;
    }
    note_doubts(session, &loaded);
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

/// Says what of a model is not taken as it is written: files that cannot be read, and what is declared
/// twice.
pub(super) fn note_doubts(session: &mut Session<'_>, loaded: &Loaded) {
    for file in unreadable(&loaded.findings) {
        session.note(&format!(
            "`{}` can be read only in part ({}), and answers may be wrong; see `opmodel check`",
            file.path, file.reason
        ));
    }
    note_doubled(session, loaded);
}

/// Says what is declared twice, and which of the two is taken.
pub(super) fn note_doubled(session: &mut Session<'_>, loaded: &Loaded) {
    for doubled in doubled(loaded) {
        session.note(&format!("{doubled}; the first is taken, see `opmodel check`"));
    }
}

/// Refuses a model of which anything would be left out without a word in what is made of it: files that
/// cannot be read, and what is declared twice.
pub(super) fn refuse_doubts(loaded: &Loaded) -> Result<(), Failure> {
    let broken = unreadable(&loaded.findings).into_iter();
    let mut broken = broken.map(|file| format!("cannot read `{}`: {}", file.path, file.reason));
    let Some(message) = broken.next().or_else(|| doubled(loaded).into_iter().next()) else {
        return Ok(());
    };
    let help = Some("see `opmodel check` for all that is wrong with it".to_owned());
    Err(Failure::World { message, help })
}

/// What is declared twice, in a sentence each.
fn doubled(loaded: &Loaded) -> Vec<String> {
    let twice = loaded.findings.iter().filter(|finding| finding.rule == "duplicate-id");
    let place = |place: &Place| {
        let line = place.source.line_column(place.span.start).line;
        format!("{}:{line}", place.source.path())
    };
    let told = twice.filter_map(|finding| {
        let address = finding.address.as_ref()?;
        let first = place(&finding.labels.first()?.place);
        let again = place(finding.place.as_ref()?);
        Some(format!("`{address}` is declared in {first} and again in {again}"))
    });
    told.collect()
}
