//! `opmodel check`: everything that is wrong with one model.

use super::effort::whole;
use super::output::Forms;
use super::revision::{NamedAt, day, single};
use super::{Failure, Session};
use crate::change::CATALOGUE;
use crate::check::{Options, Report, check};
use crate::history::{At, UNREADABLE};
use crate::proof::DEFAULT_BUDGET;
use crate::report::{FindingsReport, excerpts, github, json, junit, sarif, text};
use crate::view::{findings_report, read_line, rule_infos, summary_page};
use clap::{Args, ValueEnum};

/// The forms of a check's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; `opmodel schema output-check` describes it.
    Json,
    /// Annotations of a workflow log.
    Github,
    /// SARIF 2.1.0, for code scanners.
    Sarif,
    /// A report of tests, for build servers.
    Junit,
}

/// Find what is wrong with a model, all at once.
///
/// Reads every TOML file below the model's folder, holds each entity against its schema, types
/// every criterion, follows every reference, runs every example, and proves for all records there
/// can be what rules, gates and territories take and leave out. Nothing stops at the first fault. Exits with 1 when there is an error; warnings and notes do not fail.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel check                          the model as it is on disk\n  opmodel check HEAD~3                   as it was three commits ago\n  opmodel check --staged                 as it would be committed\n  opmodel check --as-of 2026-12-31       with the expiries of that day\n  opmodel check --format sarif > check.sarif\n  opmodel check --output junit=check.xml --output json=check.json"
)]
pub struct Check {
    /// The revision to check; what is on disk where none is given.
    #[arg(value_name = "REV")]
    revision: Option<String>,
    /// Check what is staged.
    #[arg(long, conflicts_with = "revision")]
    staged: bool,
    /// The day for which expiries and reviews are judged; today in UTC where none is given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// The most steps one question may take before it is called undecided.
    #[arg(long, value_name = "STEPS", default_value_t = DEFAULT_BUDGET, value_parser = whole::<u64>, allow_negative_numbers = true)]
    budget: u64,
    /// Exit with 4 when a question stayed undecided and nothing is an error.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    forms: Forms<Format>,
}

impl Check {
    /// A check of one revision as people read it, by what is so today.
    pub(super) fn of(revision: String) -> Self {
        Self {
            revision: Some(revision),
            staged: false,
            as_of: None,
            budget: DEFAULT_BUDGET,
            strict: false,
            forms: Forms { format: Format::Text, output: Vec::new() },
        }
    }

    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        let as_of = match &self.as_of {
            Some(text) => day(text)?,
            None => session.surroundings.today(),
        };
        let workspace = session.unread_workspace()?;
        let state = match (&self.revision, self.staged) {
            (Some(spec), _) => NamedAt::new(single(&workspace, spec)?, spec),
            (None, true) => NamedAt::new(At::Index, "index"),
            (None, false) => NamedAt::new(At::WorkTree, ""),
        };
        session.note_left_out(&workspace, &state.at)?;
        let folder = workspace.folder_name();
        let from = match state.name.as_str() {
            "" => folder.to_owned(),
            name => format!("{name}:{folder}"),
        };
        let files = workspace.files(&state.at)?;
        let is_on_disk = || workspace.files(&At::WorkTree).is_ok_and(|files| !files.is_empty());
        if self.staged && files.is_empty() && is_on_disk() {
            let message = format!("nothing of `{}` is staged", workspace.folder_name());
            let help = format!(
                "run `git add {0}` first, or check what is on disk: `opmodel check`",
                workspace.folder_name()
            );
            return Err(Failure::usage(message, help));
        }
        let change_kinds = CATALOGUE.ids();
        let limits = workspace.limits;
        let folder = &workspace.folder;
        let (change_kinds, budget) = (&change_kinds, self.budget);
        let policy = None;
        let options = Options { as_of, folder, from: &from, change_kinds, limits, budget, policy };
        let mut report = check(files, options).map_err(|reason| Failure::own(&reason))?;
        // What is missing elsewhere because a file cannot be read is understood after this.
        report.findings.sort_by_key(|finding| !UNREADABLE.contains(&finding.rule));
        self.show(session, &report, &from)?;
        Ok(match report.is_valid() {
            false => 1,
            true if self.strict && report.undecided > 0 => 4,
            true => 0,
        })
    }

    fn show(&self, session: &mut Session<'_>, report: &Report, from: &str) -> Result<(), Failure> {
        let data: FindingsReport = findings_report(report, from);
        if matches!(self.forms.format, Format::Github | Format::Sarif | Format::Junit) {
            session.note(&read_line(report, from));
        }
        session.deliver(&self.forms, |format, options| match format {
            Format::Json => json(&data),
            Format::Github => github(&data.findings),
            Format::Sarif => sarif(&data.findings, &rule_infos()),
            Format::Junit => junit("opmodel check", &data.findings),
            Format::Text => {
                let findings = excerpts(&report.findings, options);
                findings + &text(&summary_page(report, from), options)
            }
        })
    }
}
