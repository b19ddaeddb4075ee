//! `opmodel drift`: what an auditor asks of a period.

use super::address::{help, is_known};
use super::effort::whole;
use super::kept::Kept;
use super::output::Forms;
use super::revision::{day, named};
use super::{Failure, Session};
use crate::audit::{
    Drift as Audited, Question, SignatureRow, anchors, on_population, tag_signatures,
};
use crate::git::{Commit, SignatureCheck};
use crate::history::{At, Workspace, day_end, day_start};
use crate::model::{Model, Pattern};
use crate::proof::DEFAULT_BUDGET;
use crate::report::{json, markdown, text};
use crate::view::{DriftReport, Extent, drift_csv, shell_word};
use clap::{Args, ValueEnum};
use jiff::civil::Date;

/// Days before a quarter's or a period's end that are near it, where nobody says otherwise.
pub(super) const DAYS: u32 = 14;

/// The forms of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For a file beside others, or a ticket.
    Markdown,
    /// For programs; `opmodel schema output-drift` describes it.
    Json,
    /// The change register for a spreadsheet.
    Csv,
}

/// Say what changed its meaning in a period, who had agreed, and what is different in the end.
///
/// Judges every commit of the main line (the chain of first parents) by the policy, decision rights,
/// roles and exceptions that were in force when it was recorded. Then compares the start of the
/// period with its end: what drifted net, and what only went there and back. Record time is the
/// committer's date, in UTC. The last lines say how to make the same report again, and its hash.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel drift                                      the whole history\n  opmodel drift --since 2026-04-01 --until 2026-06-30  a quarter\n  opmodel drift 'definition.*' --since 2026-01-01     the definitions alone\n  opmodel drift origin/main --format markdown > drift.md\n  opmodel drift --format csv > register.csv           every change of meaning, a row each\n  opmodel drift --brief                               without the lists"
)]
pub struct Drift {
    /// The tip of the main line (`HEAD` where none is given), then addresses such as `definition.mql`.
    #[arg(value_name = "REV|ADDRESS")]
    free: Vec<String>,
    /// Addresses only.
    #[arg(last = true, value_name = "ADDRESS")]
    addresses: Vec<String>,
    /// The first day of the period (UTC); from the beginning where none is given.
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// The last day of the period (UTC); today where none is given.
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// So many days before the end of a quarter or of the period are near it.
    #[arg(long, value_name = "NUMBER", default_value_t = DAYS, value_parser = whole::<u32>, allow_negative_numbers = true)]
    days: u32,
    /// The most steps one question may take before it is called undecided.
    #[arg(long, value_name = "STEPS", default_value_t = DEFAULT_BUDGET, value_parser = whole::<u64>, allow_negative_numbers = true)]
    budget: u64,
    /// Find everything out anew, and leave nothing for the next run in Git's folder.
    #[arg(long)]
    no_cache: bool,
    /// Only the figures, the exceptions and what is different in the end; for people.
    #[arg(long)]
    brief: bool,
    #[command(flatten)]
    forms: Forms<Format>,
}

impl Drift {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        session.long();
        let workspace = session.workspace()?;
        let asked = named(&workspace, &self.free, &self.addresses, 1)?;
        let spec = asked.revisions.first().map_or("HEAD", String::as_str);
        let tip = workspace.repository()?.resolve(spec)?;
        let since = self.since.as_deref().map(day).transpose()?;
        let today = session.surroundings.today();
        let until = self.until.as_deref().map(day).transpose()?.unwrap_or(today);
        if since.is_some_and(|since| since > until) {
            return Err(backwards(since.unwrap_or(until), until, self.until.is_some()));
        }
        session.note_history(&workspace)?;
        // Tags are not part of what the hash stands for: they come and go.
        let check = SignatureCheck::new(&workspace.repository()?.signer_lists(None)?)?;
        let tags = tag_signatures(&workspace, &check)?;
        let command = self.command(session, &tip, (since, until), &asked.addresses);
        let kept = self.kept(session, &workspace, &tip, (&command, &tags))?;
        if let Some((shown, noted)) = kept.as_ref().and_then(Kept::shown) {
            session.stderr += &noted;
            session.write(&shown)?;
            return Ok(0);
        }
        let progress = session.progress();
        let question = Question {
            tip: &tip,
            since: since.map(day_start),
            until: day_end(until),
            days: self.days,
            budget: self.budget,
            addresses: &asked.addresses,
            remembers: !self.no_cache,
            progress: &|commits| progress.at(commits),
        };
        let mut drift = Audited::of(&workspace, &question)?;
        drift.population.anchors = anchors(&on_population(tags, &drift));
        refuse_nothing(&workspace, &drift, &tip)?;
        let noted = session.stderr.len();
        note(session, &workspace, &drift, (&tip, self.until.is_some()), &asked.addresses)?;
        let report = DriftReport::new(&drift, command);
        let extent = if self.brief { Extent::Brief } else { Extent::Whole };
        let render = |format, options| match format {
            Format::Text => text(&report.page(extent), options),
            Format::Markdown => markdown(&report.page(extent)),
            Format::Json => json(&report),
            Format::Csv => drift_csv(&drift),
        };
        session.deliver_files(&self.forms, render)?;
        let shown = render(self.forms.format, session.text_options());
        session.write(&shown)?;
        // What cannot be read now may be there next time.
        let is_whole = drift.unreadable.is_empty() && drift.not_checked.is_empty();
        if let Some(kept) = kept.filter(|_| is_whole) {
            let noted = session.stderr.get(noted..).unwrap_or_default().to_owned();
            kept.keep(&(shown, noted));
        }
        Ok(0)
    }

    /// Where a brief report is kept for the next run; one in full is as large as all that it is made
    /// from, and one in files is made to be kept there.
    fn kept(
        &self,
        session: &Session<'_>,
        workspace: &Workspace,
        tip: &Commit,
        (command, tags): (&str, &[SignatureRow]),
    ) -> Result<Option<Kept>, Failure> {
        let is_page = matches!(self.forms.format, Format::Text | Format::Markdown);
        if self.no_cache || !self.brief || !is_page || !self.forms.output.is_empty() {
            return Ok(None);
        }
        let repository = workspace.repository()?;
        let (folder, limits, ledger) =
            (&workspace.folder, workspace.limits, workspace.ledger_folder());
        let clone = (repository.replaced()?, repository.has_grafts(), tags);
        let form = (self.forms.format, session.color, session.width, self.until.is_some());
        let question =
            format!("drift {command} {form:?} {clone:?} {limits:?} {folder:?} {ledger:?}");
        Ok(Kept::of(repository, tip, &question))
    }

    /// The command that makes the same report again, whatever the day.
    fn command(
        &self,
        session: &Session<'_>,
        tip: &Commit,
        (since, until): (Option<Date>, Date),
        addresses: &[Pattern],
    ) -> String {
        let mut words = vec!["opmodel".to_owned()];
        if let Some(model) = &session.model {
            words.extend(["--model".to_owned(), shell_word(model)]);
        }
        words.push("drift".to_owned());
        if let Some(since) = since {
            words.extend(["--since".to_owned(), since.to_string()]);
        }
        words.extend(["--until".to_owned(), until.to_string()]);
        if self.days != DAYS {
            words.extend(["--days".to_owned(), self.days.to_string()]);
        }
        if self.budget != DEFAULT_BUDGET {
            words.extend(["--budget".to_owned(), self.budget.to_string()]);
        }
        words.push(tip.id.to_string());
        words.extend(addresses.iter().map(|address| shell_word(address.as_str())));
        words.join(" ")
    }
}

fn backwards(since: Date, until: Date, said: bool) -> Failure {
    if said {
        let message = format!("the period ends on {until}, before it begins on {since}");
        return Failure::usage(message, format!("write `--since {until} --until {since}`"));
    }
    let message = format!("the period begins on {since}, and today is {until}");
    Failure::usage(message, "name an earlier day with `--since`")
}

/// Nothing at all where a model was expected is not an empty report.
fn refuse_nothing(workspace: &Workspace, drift: &Audited, tip: &Commit) -> Result<(), Failure> {
    let nothing = drift.period.compared_with.is_none() && drift.population.totals.touching == 0;
    if !nothing || (drift.population.rows.is_empty() && workspace.has_files(tip)?) {
        return Ok(());
    }
    let now = drift.population.rows.is_empty();
    Err(no_model(workspace, if now { ", now or in this period" } else { " in this period" }))
}

/// What a partial clone did not fetch is not what nobody can read: judged as that, it would be told as
/// a change that nobody made.
pub(super) fn refuse_partial(workspace: &Workspace, drift: &Audited) -> Result<(), Failure> {
    if !workspace.repository()?.is_partial() || drift.unreadable.is_empty() {
        return Ok(());
    }
    Err(partial())
}

/// That what a partial clone did not fetch is needed.
pub(super) fn partial() -> Failure {
    let message = "this is a partial clone: files that the report needs were not fetched";
    let help = "fetch them with `git fetch --refetch --no-filter`, or run it in a full clone";
    Failure::World { message: message.to_owned(), help: Some(help.to_owned()) }
}

/// Says from where on something that is made from history is complete, where what came before was not
/// fetched.
pub(super) fn note_cut_off(session: &mut Session<'_>, drift: &Audited, what: &str) {
    if let Some(commit) = &drift.population.completeness.cut_off_at {
        let short: String = commit.chars().take(10).collect();
        session.note(&format!(
            "this is a shallow clone: {what} is complete only from {short} on; run `git fetch --unshallow`"
        ));
    }
}

/// That there is no model at some time.
pub(super) fn no_model(workspace: &Workspace, when: &str) -> Failure {
    let message = format!("there is no model in `{}`{when}", workspace.folder_name());
    let help = "name the folder that holds it with `--model`, or another period";
    Failure::World { message, help: Some(help.to_owned()) }
}

/// Says what a reader must know and what is not in the report: where it is not whole, and which
/// addresses name nothing.
fn note(
    session: &mut Session<'_>,
    workspace: &Workspace,
    drift: &Audited,
    (tip, ends): (&Commit, bool),
    addresses: &[Pattern],
) -> Result<(), Failure> {
    note_cut_off(session, drift, "the report");
    if drift.population.completeness.out_of_order > 0 {
        session.note("a clock was wrong: a commit is dated before the one it follows; what stands between two commits of the period belongs to it, and may belong to another period too");
    }
    refuse_partial(workspace, drift)?;
    if !ends && drift.period.end.as_deref() != Some(tip.id.to_string().as_str()) {
        session.note(&format!(
            "the tip is dated in the future ({}) and is left out; name a later end with `--until`",
            crate::view::instant(tip.committer_time)
        ));
    }
    if drift.period.end.is_none() {
        session.note("nothing had been recorded by the end of the period");
    } else if drift.population.rows.is_empty() {
        session.note("nothing was recorded in the period; what was in force at its start still is");
    }
    let unseen: Vec<&Pattern> =
        addresses.iter().filter(|pattern| !is_seen(drift, pattern)).collect();
    if unseen.is_empty() {
        return Ok(());
    }
    let mut models: Vec<Model> = vec![workspace.model(&At::Commit(Box::new(tip.clone())))?];
    if let Some(start) = &drift.period.compared_with {
        let start = workspace.repository()?.resolve(start)?;
        models.push(workspace.model(&At::Commit(Box::new(start)))?);
    }
    for pattern in unseen {
        if !models.iter().any(|model| is_known(model, pattern)) {
            // A report about it would say of what is meant that nothing changed.
            let message = format!("there is no `{}` in the period", pattern.as_str());
            return Err(Failure::usage(message, help(&models, pattern.as_str())));
        }
    }
    Ok(())
}

/// Whether the register tells anything of an address.
fn is_seen(drift: &Audited, pattern: &Pattern) -> bool {
    drift.register.iter().any(|entry| {
        let previous = entry.previous.iter();
        previous.chain([&entry.address]).any(|address| pattern.covers(address))
    })
}
