//! `opmodel site`: the model and its history as pages that open from disk.

mod folder;

use super::revision::{day, head, single};
use super::{Failure, Session};
use crate::change::CATALOGUE;
use crate::check::{Options, check};
use crate::git::Repository;
use crate::history::{At, Workspace};
use crate::load::{self, ModelScope};
use crate::proof::DEFAULT_BUDGET;
use crate::site::past::{Asked, Past};
use crate::site::{Facts, Site, State, site};
use crate::view::count;
use clap::Args;
use jiff::civil::Date;
use std::path::PathBuf;

/// Write the model and its history as a site that opens from disk.
///
/// For everyone who will never open a terminal: pages that open with a browser from a folder, a share
/// or any web server, ask for nothing from a network, and can be read without scripts. The same
/// revision on the same day gives the same bytes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel site --out site                    what is committed, into a folder of its own\n  opmodel site --out site --at v2026.3       as it was at a tag\n  opmodel site --out site --as-of 2026-12-31 with the expiries of that day"
)]
pub struct SiteCommand {
    /// The folder to write into: one that is empty, does not exist yet, or holds an earlier site.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The revision to show; the commit that is checked out where none is given.
    #[arg(long, value_name = "REV")]
    at: Option<String>,
    /// The day for which expiries and reviews are judged; today in UTC where none is given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
}

impl SiteCommand {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let place = session.directory().join(&self.out);
        let earlier = folder::earlier(&place, &self.out)?;
        let workspace = session.workspace()?;
        let as_of = match &self.as_of {
            Some(text) => day(text)?,
            None => session.surroundings.today(),
        };
        let shown = self.shown(&workspace)?;
        let made = made(&workspace, &shown, as_of)?;
        let written = folder::write(&place, &made, &earlier)?;
        let files = count(made.files().count(), "file", "files");
        let changed = count(written, "of them is new or different", "of them are new or different");
        session.note(&format!("wrote {files} to `{}`; {changed}", self.out.display()));
        Ok(0)
    }

    /// The state to show.
    fn shown(&self, workspace: &Workspace) -> Result<Shown, Failure> {
        if let Some(spec) = &self.at {
            return Ok(Shown { at: single(workspace, spec)?, name: spec.clone() });
        }
        let Some(repository) = workspace.maybe_repository() else {
            return Ok(Shown { at: At::WorkTree, name: "on disk".to_owned() });
        };
        let name = repository.head_name()?.unwrap_or_else(|| "HEAD".to_owned());
        Ok(Shown { at: head(repository)?, name })
    }
}

/// A state of the model, and what it is called.
struct Shown {
    at: At,
    name: String,
}

/// Makes the site of a state.
fn made(workspace: &Workspace, shown: &Shown, as_of: Date) -> Result<Site, Failure> {
    let files = workspace.files(&shown.at)?;
    let change_kinds = CATALOGUE.ids();
    let folder = &workspace.folder;
    let options = Options {
        as_of,
        folder,
        from: workspace.folder_name(),
        change_kinds: &change_kinds,
        limits: workspace.limits,
        budget: DEFAULT_BUDGET,
        policy: None,
    };
    let report = check(files.clone(), options).map_err(|reason| Failure::own(&reason))?;
    let loaded = load::read(files, workspace.limits);
    if loaded.model.is_empty() {
        let message = format!("there is nothing of a model in `{}`", workspace.folder_name());
        let help = "name the model's folder with `--model`, or make a starter with `opmodel init`";
        return Err(Failure::World { message, help: Some(help.to_owned()) });
    }
    let mailmap = workspace.maybe_repository().map(Repository::mailmap).unwrap_or_default();
    let scope = ModelScope::new(&loaded.model);
    let commit = match &shown.at {
        At::Commit(commit) => Some(&**commit),
        _ => None,
    };
    let state = State { name: &shown.name, commit };
    let past = match commit {
        Some(tip) => Some(Past::of(
            workspace,
            &Asked {
                tip,
                model: &loaded.model,
                as_of,
                days: super::drift::DAYS,
                budget: DEFAULT_BUDGET,
                remembers: true,
                progress: &|_| (),
            },
        )?),
        None => None,
    };
    let past = past.as_ref();
    let facts = Facts { scope: &scope, report: &report, state, mailmap: &mailmap, as_of, past };
    site(&facts).map_err(|reason| Failure::own(&reason))
}
