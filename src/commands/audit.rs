//! `opmodel audit`: evidence that can be kept, and held against the repository again.

mod folder;

use super::drift::{DAYS, no_model, partial, refuse_partial};
use super::effort::whole;
use super::output::Forms;
use super::revision::{day, named};
use super::{Failure, Session};
use crate::audit::package::{ALLOWED, REVOKED, SignerSums};
use crate::audit::{
    Drift, Gathered, MainLine, Outcome, Question, Sought, Stage, Verification, Written, damaged,
};
use crate::git::{Commit, GitError, SignerLists};
use crate::history::{HistoryError, Workspace, day_end, day_start};
use crate::proof::DEFAULT_BUDGET;
use crate::report::{json, markdown, text};
use crate::view::{
    AuditReport, VerificationReport, WrittenRow, audit_page, package_files, verification_page,
};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

/// The forms of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For a file beside others, or a ticket.
    Markdown,
    /// For programs; `opmodel schema output-audit` describes it.
    Json,
}

/// Gather evidence of what changed in a period, and verify evidence against the repository.
///
/// Without `--to` or `--verify` it says what evidence there is: the exceptions, what is different in
/// the end, whose signatures commits and tags have. With `--to` it writes a package for an auditor:
/// every commit of the main line, every change of meaning as a register in which each entry carries
/// the hash of the one before, the signatures, the report, the model at the start and at the end,
/// and the SHA-256 of every file. The same history gives the same bytes, whatever the day.
///
/// With `--verify` it makes such a package again from the repository alone and names the first
/// difference: an edited file, a rewritten, shortened or lengthened history, a missing commit.
///
/// Exits with 0 when it is done, whatever exceptions there are; with 1 when what is verified is not
/// what the repository says; with 128 when the repository or a folder is in trouble, such as a
/// shallow clone.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel audit --since 2026-01-01 --until 2026-06-30           what evidence there is\n  opmodel audit --until 2026-06-30 main --to evidence/2026-h1   write it\n  opmodel audit --verify evidence/2026-h1                       is it still what the repository says?\n  opmodel audit --verify evidence/2026-h1 origin/main           held against that line\n  opmodel audit --allowed-signers signers --to evidence         judge SSH signatures by that list\n\nSSH signatures are verified by `ssh-keygen`, as of the time of the commit, with the list of allowed signers\nthat is given or that `gpg.ssh.allowedSignersFile` names; days in that list are read in UTC. OpenPGP\nsignatures are verified by `gpg` with your keyring. What could not be verified is said, and counts as\nneither good nor bad."
)]
pub struct Audit {
    /// The tip of the main line; `HEAD` where none is given.
    #[arg(value_name = "REV")]
    revision: Option<String>,
    /// The first day of the period (UTC); from the beginning where none is given.
    #[arg(long, value_name = "DATE", conflicts_with = "verify")]
    since: Option<String>,
    /// The last day of the period (UTC); that of the tip where none is given.
    #[arg(long, value_name = "DATE", conflicts_with = "verify")]
    until: Option<String>,
    /// So many days before the end of a quarter or of the period are near it.
    #[arg(long, value_name = "NUMBER", default_value_t = DAYS, value_parser = whole::<u32>, allow_negative_numbers = true, conflicts_with = "verify")]
    days: u32,
    /// The most steps one question may take before it is called undecided.
    #[arg(long, value_name = "STEPS", default_value_t = DEFAULT_BUDGET, value_parser = whole::<u64>, allow_negative_numbers = true, conflicts_with = "verify")]
    budget: u64,
    /// Write the evidence package into this folder.
    #[arg(long, value_name = "FOLDER", conflicts_with = "verify")]
    to: Option<PathBuf>,
    /// Put it in the place of an earlier package.
    #[arg(long, requires = "to")]
    force: bool,
    /// Verify the evidence package in this folder.
    #[arg(long, value_name = "FOLDER")]
    verify: Option<PathBuf>,
    /// The list of people whose SSH keys count, as `ssh-keygen` reads it.
    #[arg(long, value_name = "FILE")]
    allowed_signers: Option<PathBuf>,
    /// Go on where part of the history was not fetched; the evidence says from where on it is complete.
    #[arg(long, conflicts_with = "verify")]
    allow_shallow: bool,
    #[command(flatten)]
    forms: Forms<Format>,
}

impl Audit {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        match self.verify.clone() {
            Some(folder) => self.verified(session, &folder),
            None => self.gathered(session),
        }
    }

    fn gathered(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let workspace = session.workspace()?;
        let tip = self.tip(&workspace)?;
        self.refuse_shallow(session, &workspace)?;
        let place = self.to.as_ref().map(|folder| session.directory().join(folder));
        if let (Some(place), Some(named)) = (&place, &self.to) {
            folder::refuse(place, named, self.force)?;
        }
        let lists = self.lists(session, &workspace)?;
        let (since, until) = self.period(&tip)?;
        let progress = session.progress();
        let question = Question {
            tip: &tip,
            since,
            until,
            days: self.days,
            budget: self.budget,
            addresses: &[],
            // Evidence rests on the repository alone.
            remembers: false,
            progress: &|commits| progress.at(commits),
        };
        let sought = Sought { question, open_end: self.until.is_none(), lists: &lists };
        let gathered = Gathered::of(&workspace, &sought, None)?;
        refuse_nothing(&workspace, &gathered.drift)?;
        let written = match (&place, &self.to) {
            (Some(place), Some(named)) => {
                let files = package_files(&gathered, &lists);
                folder::write(place, &files)?;
                Some(WrittenRow::new(named.display().to_string(), &files))
            }
            _ => None,
        };
        let written = written.as_ref();
        session.deliver(&self.forms, |format, options| match format {
            Format::Text => text(&audit_page(&gathered, written), options),
            Format::Markdown => markdown(&audit_page(&gathered, written)),
            Format::Json => json(&AuditReport::new(&gathered, written)),
        })?;
        Ok(0)
    }

    fn tip(&self, workspace: &Workspace) -> Result<Commit, Failure> {
        let spec = self.revision.as_deref().unwrap_or("HEAD");
        let asked = named(workspace, &[spec.to_owned()], &[], 1)?;
        let spec = asked.revisions.first().map_or(spec, String::as_str);
        Ok(workspace.repository()?.resolve(spec)?)
    }

    /// The first and the last instant of the period.
    fn period(&self, tip: &Commit) -> Result<(Option<i64>, i64), Failure> {
        let since = self.since.as_deref().map(day).transpose()?;
        let until = match self.until.as_deref() {
            Some(text) => day(text)?,
            None => day_of(tip),
        };
        if let Some(since) = since.filter(|since| *since > until) {
            let message = format!("the period ends on {until}, before it begins on {since}");
            return Err(Failure::usage(message, "name an earlier day with `--since`"));
        }
        Ok((since.map(day_start), day_end(until)))
    }

    fn refuse_shallow(
        &self,
        session: &mut Session<'_>,
        workspace: &Workspace,
    ) -> Result<(), Failure> {
        if !workspace.repository()?.is_shallow() {
            return Ok(());
        }
        if self.allow_shallow {
            session.note("this is a shallow clone: the evidence says from where on it is complete");
            return Ok(());
        }
        Err(Failure::World {
            message: "part of the history was not fetched (a shallow clone), so that it cannot be known whether the evidence is complete".to_owned(),
            help: Some("run `git fetch --unshallow` (in a build, fetch the whole history: depth 0), or go on with `--allow-shallow`".to_owned()),
        })
    }

    fn lists(&self, session: &Session<'_>, workspace: &Workspace) -> Result<SignerLists, Failure> {
        let named = self.allowed_signers.as_ref().map(|path| session.directory().join(path));
        Ok(workspace.repository()?.signer_lists(named.as_deref())?)
    }

    fn verified(&self, session: &mut Session<'_>, named: &Path) -> Result<u8, Failure> {
        let place = session.directory().join(named);
        if !folder::may_be_package(&place, named)? {
            return Err(Failure::World {
                message: format!("there is no evidence package in `{}`", named.display()),
                help: Some("name the folder that `opmodel audit --to` wrote".to_owned()),
            });
        }
        let mut workspace = session.workspace()?;
        let written = Written::new(folder::read(&place, named)?);
        let verification = self.compared(session, &mut workspace, &written)?;
        let name = named.display().to_string();
        session.deliver(&self.forms, |format, options| match format {
            Format::Text => text(&verification_page(&name, &verification), options),
            Format::Markdown => markdown(&verification_page(&name, &verification)),
            Format::Json => json(&VerificationReport::new(&name, &verification)),
        })?;
        Ok(u8::from(!verification.holds()))
    }

    fn compared(
        &self,
        session: &Session<'_>,
        workspace: &mut Workspace,
        written: &Written,
    ) -> Result<Verification, Failure> {
        let mut verification = Verification {
            header: written.header().ok().cloned(),
            stages: vec![(Stage::Files, written.sums()), (Stage::Chain, written.chain())],
            notes: Vec::new(),
            sha256: written.sha256(),
            counts: (0, 0),
        };
        let header = match written.header() {
            Ok(header) => header,
            Err(difference) => {
                let why = || Outcome::NotChecked("the header cannot be read".to_owned());
                let content = Outcome::Differs(difference.clone());
                verification.stages.extend([(Stage::History, why()), (Stage::Content, content)]);
                return Ok(verification);
            }
        };
        let folder = header.period.folder.as_str();
        if session.model.is_some() && workspace.folder_name() != folder {
            let message = format!(
                "the package is about `{folder}`, and `{}` was asked for",
                workspace.folder_name()
            );
            return Err(Failure::usage(
                message,
                "leave `--model` out: the package names its folder",
            ));
        }
        if workspace.repository()?.is_shallow() && !header.history.shallow {
            // What is missing here is no difference of the package.
            return Err(Failure::World {
                message: "part of the history was not fetched (a shallow clone), and the package is about all of it".to_owned(),
                help: Some("run `git fetch --unshallow` (in a build, fetch the whole history: depth 0)".to_owned()),
            });
        }
        workspace.folder = if folder == "." { String::new() } else { folder.to_owned() };
        let lines = self.lines(workspace)?;
        let history = written.history(workspace, &lines)?;
        verification.stages.push((Stage::History, history));
        let content = self.content(session, workspace, written, &mut verification)?;
        verification.stages.push((Stage::Content, content));
        Ok(verification)
    }

    /// The lines of history that the package may be about: the one that is named, else that of
    /// `HEAD`, else the default branch.
    fn lines(&self, workspace: &Workspace) -> Result<Vec<MainLine>, Failure> {
        if self.revision.is_some() {
            let tip = self.tip(workspace)?;
            let name = self.revision.clone().unwrap_or_default();
            return Ok(vec![MainLine { name, tip }]);
        }
        let repository = workspace.repository()?;
        let head = repository.head_name().ok().flatten().unwrap_or_else(|| "HEAD".to_owned());
        let mut lines = vec![MainLine { name: head, tip: repository.resolve("HEAD")? }];
        if let Some(name) = repository.default_branch()
            && let Ok(tip) = repository.resolve(&name)
        {
            lines.push(MainLine { name, tip });
        }
        Ok(lines)
    }

    /// Makes the package again, and compares.
    fn content(
        &self,
        session: &Session<'_>,
        workspace: &Workspace,
        written: &Written,
        verification: &mut Verification,
    ) -> Result<Outcome, Failure> {
        let not_checked = |why: &str| Ok(Outcome::NotChecked(why.to_owned()));
        let Ok(header) = written.header() else {
            return not_checked("the header cannot be read");
        };
        let Some((tip, until)) =
            commit(workspace, &header.period.tip).zip(header.period.until_seconds())
        else {
            return not_checked("the commit it was made at is not in this repository");
        };
        let (lists, told) = self.signers(session, workspace, written)?;
        verification.notes.extend(told);
        let progress = session.progress();
        let question = Question {
            tip: &tip,
            since: header.period.since_seconds(),
            until,
            days: header.asked.near_end_days,
            budget: header.asked.budget,
            addresses: &[],
            // Evidence rests on the repository alone.
            remembers: false,
            progress: &|commits| progress.at(commits),
        };
        let sought = Sought { question, open_end: header.asked.open_end, lists: &lists };
        let gathered = match Gathered::of(workspace, &sought, Some(written)) {
            Ok(gathered) => gathered,
            Err(HistoryError::Git(
                GitError::MissingObject { .. } | GitError::PartialClone { .. },
            )) if workspace.repository()?.is_partial() => return Err(partial()),
            Err(HistoryError::Git(error)) => {
                let difference = damaged(&error).ok_or(error)?;
                return Ok(Outcome::Differs(difference));
            }
            Err(error) => return Err(error.into()),
        };
        refuse_partial(workspace, &gathered.drift)?;
        verification.notes.extend(gathered.notes.iter().cloned());
        let rows = gathered.drift.population.rows.len();
        verification.counts = (rows, gathered.drift.register.len());
        Ok(written.content(&package_files(&gathered, &lists)))
    }

    /// The lists that signatures are judged by: what is named, else the package's own, about which
    /// it is said whether it is the one of this repository.
    fn signers(
        &self,
        session: &Session<'_>,
        workspace: &Workspace,
        written: &Written,
    ) -> Result<(SignerLists, Option<String>), Failure> {
        let own = |path| written.file(path).map(<[u8]>::to_vec);
        let own = SignerLists { allowed: own(ALLOWED), revoked: own(REVOKED) };
        if self.allowed_signers.is_some() {
            let named = self.lists(session, workspace)?;
            return Ok((SignerLists { revoked: own.revoked, ..named }, None));
        }
        // Those of this repository are only held against the package's own.
        let here = self.lists(session, workspace).unwrap_or_default();
        let told = match (&own.allowed, &here.allowed) {
            _ if SignerSums::of(&own) == SignerSums::of(&here) => None,
            (None, _) => None,
            (Some(_), None) => Some(
                "signatures were judged by the package's own list of allowed signers; name the one you trust with `--allowed-signers`",
            ),
            (Some(_), Some(_)) => Some(
                "the package's own list of allowed signers, by which signatures were judged, is not the one of this repository; name the one you trust with `--allowed-signers`",
            ),
        };
        Ok((own, told.map(str::to_owned)))
    }
}

fn commit(workspace: &Workspace, id: &str) -> Option<Commit> {
    let id = crate::git::ObjectId::from_hex(id)?;
    workspace.repository().ok()?.commit(id).ok()
}

/// The day on which a commit was recorded, in UTC.
fn day_of(commit: &Commit) -> Date {
    let instant = jiff::Timestamp::from_second(commit.committer_time.seconds).unwrap_or_default();
    instant.to_zoned(TimeZone::UTC).date()
}

/// Nothing at all where a model was expected is no evidence.
fn refuse_nothing(workspace: &Workspace, drift: &Drift) -> Result<(), Failure> {
    if drift.period.compared_with.is_some() || drift.population.totals.touching > 0 {
        return Ok(());
    }
    Err(no_model(workspace, ", now or in this period"))
}
