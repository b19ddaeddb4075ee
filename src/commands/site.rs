//! `opmodel site`: the model and its history as pages that open from disk.

mod folder;
mod serve;

use super::drift::{note_cut_off, refuse_partial};
use super::judging::refuse_doubts;
use super::revision::{Dates, day, head};
use super::{Failure, Session};
use crate::change::CATALOGUE;
use crate::check::{Options, check};
use crate::git::{Commit, Repository};
use crate::history::{At, Workspace};
use crate::load::{self, ModelScope};
use crate::proof::DEFAULT_BUDGET;
use crate::site::past::{Asked, Past};
use crate::site::{Facts, Site, State, site};
use crate::view::count;
use clap::Args;
use jiff::civil::Date;
use serve::{Days, Serving};
use std::path::PathBuf;

/// Write the model and its history as a site that opens from disk.
///
/// For everyone who will never open a terminal: every definition in words and as written, who owns it
/// and who may change it, lifecycles drawn, routing tables with a record to try, the map of territories,
/// promises, metrics and rights, and how all of that came to be. The pages open with a browser from a
/// folder, a share or any web server, ask for nothing from a network, and can be read without scripts.
/// The same revision on the same day gives the same bytes, but for what waits on branches and what tags
/// are compared for, of which each clone has its own. Only files that differ are written, and only
/// files of an earlier site are removed.
///
/// With `--serve` the site is shown to this computer alone and made anew when a file of the model
/// changes, and when a day begins; what is on disk is shown then, with the history behind it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel site --out site                       what is committed, into a folder of its own\n  opmodel site --out site --at v2026.3          as it was at a tag\n  opmodel site --out site --as-of 2026-12-31    with the expiries of that day\n  opmodel site --serve                          what is on disk, in the browser, as it changes"
)]
pub struct SiteCommand {
    /// The folder to write into: one that is empty, does not exist yet, or holds an earlier site.
    #[arg(long, value_name = "DIR", required_unless_present = "serve")]
    out: Option<PathBuf>,
    /// The revision, date or instant (on the main line of `HEAD`) to show; the commit that is checked
    /// out where none is given.
    #[arg(long, value_name = "REV|DATE")]
    at: Option<String>,
    /// The day for which expiries and reviews are judged; today in UTC where none is given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Show the site to a browser on this computer, until Ctrl-C.
    #[arg(long)]
    serve: bool,
    /// The port to show it at; 0 for any that is free.
    #[arg(long, value_name = "N", default_value_t = 8080, requires = "serve")]
    port: u16,
}

impl SiteCommand {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let workspace = session.workspace()?;
        let given = self.as_of.as_deref().map(day).transpose()?;
        let days = Days::of(session, given);
        let serving =
            self.serve.then(|| Serving::begin(self.port, &workspace, &days)).transpose()?;
        let mut at_hand = None;
        if let Some(named) = &self.out {
            let place = session.directory().join(named);
            let earlier = folder::earlier(&place, named)?;
            let made = self.made(session, &workspace, days.today())?;
            let written = folder::write(&place, &made, &earlier)?;
            let files = count(made.files().count(), "file", "files");
            let changed = if written == 0 { "none".to_owned() } else { written.to_string() };
            let start = named.join("index.html");
            session.note(&format!(
                "{files} in `{}`, {changed} of them new or different; open `{}`",
                named.display(),
                start.display()
            ));
            at_hand = Some(made);
        }
        if let Some(serving) = serving {
            let site = match at_hand {
                Some(site) => site,
                None => self.made(session, &workspace, days.today())?,
            };
            serving.go_on(session, &self, &workspace, (site, &days))?;
        }
        Ok(0)
    }

    /// Makes the site.
    fn made(
        &self,
        session: &mut Session<'_>,
        workspace: &Workspace,
        as_of: Date,
    ) -> Result<Site, Failure> {
        let shown = self.shown(session, workspace)?;
        made(session, workspace, &shown, as_of)
    }

    /// The state to show.
    fn shown(&self, session: &mut Session<'_>, workspace: &Workspace) -> Result<Shown, Failure> {
        if let Some(spec) = &self.at {
            let state = Dates::of(None, None).state(session, workspace, spec)?;
            return Ok(Shown::committed(state.at, spec));
        }
        let Some(repository) = workspace.maybe_repository() else {
            return Ok(Shown { at: At::WorkTree, name: ON_DISK.to_owned(), tip: None });
        };
        let at = head(repository)?;
        if at == At::Nothing {
            return Ok(Shown { at: At::WorkTree, name: ON_DISK.to_owned(), tip: None });
        }
        let name = repository.head_name()?.unwrap_or_else(|| "HEAD".to_owned());
        if self.serve && repository.work_dir().is_some() {
            let on_disk = workspace.files(&At::WorkTree)?;
            if on_disk != workspace.files(&at)? {
                let tip = Shown::committed(at, &name).tip;
                return Ok(Shown { at: At::WorkTree, name: ON_DISK.to_owned(), tip });
            }
        }
        Ok(Shown::committed(at, &name))
    }
}

/// What a state is called that is not committed.
const ON_DISK: &str = "on disk";

/// A state of the model, what it is called, and the commit whose history is shown with it.
struct Shown {
    at: At,
    name: String,
    tip: Option<Commit>,
}

impl Shown {
    fn committed(at: At, name: &str) -> Self {
        let tip = match &at {
            At::Commit(commit) => Some((**commit).clone()),
            _ => None,
        };
        Self { at, name: name.to_owned(), tip }
    }
}

/// A model that is on disk and not in the commit that is shown is not missing: it waits to be committed.
fn refuse_uncommitted(workspace: &Workspace, shown: &Commit) -> Result<(), Failure> {
    let repository = workspace.repository()?;
    let is_checked_out = matches!(head(repository)?, At::Commit(head) if head.id == shown.id);
    if !is_checked_out || repository.work_dir().is_none() {
        return Ok(());
    }
    let on_disk = load::read(workspace.files(&At::WorkTree)?, workspace.limits);
    if on_disk.model.is_empty() {
        return Ok(());
    }
    let folder = workspace.folder_name();
    let message = format!("the model in `{folder}` is not committed yet");
    let help = format!(
        "commit it with `git add {folder}` and `git commit`, or see it as it is on disk with `opmodel site --serve`"
    );
    Err(Failure::World { message, help: Some(help) })
}

/// Makes the site of a state.
fn made(
    session: &mut Session<'_>,
    workspace: &Workspace,
    shown: &Shown,
    as_of: Date,
) -> Result<Site, Failure> {
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
    let loaded = load::read(files.clone(), workspace.limits);
    if loaded.model.is_empty() {
        refuse_doubts(&loaded)?;
        if let At::Commit(commit) = &shown.at {
            refuse_uncommitted(workspace, commit)?;
        }
        let message = format!("there is nothing of a model in `{}`", workspace.folder_name());
        let help = "name the model's folder with `--model`, or make a starter with `opmodel init`";
        return Err(Failure::World { message, help: Some(help.to_owned()) });
    }
    let report = check(files, options).map_err(|reason| Failure::own(&reason))?;
    // People are called what the commit says, not the clone.
    let mailmap = match (workspace.maybe_repository(), &shown.tip) {
        (Some(repository), Some(tip)) => repository.mailmap_at(tip)?,
        (repository, _) => repository.map(Repository::mailmap).unwrap_or_default(),
    };
    let scope = ModelScope::new(&loaded.model);
    let commit = match &shown.at {
        At::Commit(commit) => Some(&**commit),
        _ => None,
    };
    let state = State { name: &shown.name, commit };
    let progress = session.progress();
    let past = match &shown.tip {
        Some(tip) => Some(Past::of(
            workspace,
            &Asked {
                tip,
                model: &loaded.model,
                as_of,
                days: super::drift::DAYS,
                budget: DEFAULT_BUDGET,
                remembers: true,
                progress: &|commits| progress.at(commits),
            },
        )?),
        None => None,
    };
    let past = past.as_ref();
    if let Some(past) = past {
        refuse_partial(workspace, &past.drift)?;
        note_cut_off(session, &past.drift, "the history on the pages");
    }
    let folder = workspace.maybe_repository().map_or("model", |_| workspace.folder_name());
    let (scope, report, mailmap) = (&scope, &report, &mailmap);
    let facts = Facts { scope, report, folder, state, past, mailmap, as_of };
    site(&facts).map_err(|reason| Failure::own(&reason))
}
