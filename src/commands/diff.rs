//! `opmodel diff`: what a change means.

use super::address::refuse_unknown;
use super::effort::Effort;
use super::output::Forms;
use super::revision::{NamedAt, named, two_states};
use super::{Failure, Session};
use crate::change::{ChangeSet, Impact};
use crate::report::{github, json, junit, markdown, sarif, shown, text};
use crate::view::{DiffReport, change_findings, change_rules, changes_page, stat_page};
use clap::{Args, ValueEnum};

/// The forms of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; `opmodel schema output-diff` describes it.
    Json,
    /// For a comment or a page.
    Markdown,
    /// Annotations of a workflow log.
    Github,
    /// SARIF 2.1.0, for code scanners.
    Sarif,
    /// A report of tests, for build servers.
    Junit,
}

/// Say what a change means: what is softer, tighter or elsewhere, and what only looks so.
///
/// Compares two states of a model by address, not by line: moving an entity to another file,
/// reordering keys or reformatting changes nothing. Without revisions it compares HEAD with what
/// is on disk; with one, that one; `A..B` compares A with B, `A...B` what B did since both parted.
/// Exits with 1 when a file could not be compared, because then the result is not whole.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel diff                           what is not committed yet\n  opmodel diff --staged                  what would be committed\n  opmodel diff main...HEAD               what this branch proposes\n  opmodel diff v2026.1 v2026.2 routing.* what happened to routing between two tags\n  opmodel diff HEAD~10 --stat            how much, by entity\n  opmodel diff main...HEAD --output markdown=diff.md --output sarif=diff.sarif\n  opmodel show                           which addresses there are"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Diff {
    /// Up to two revisions or one range, then addresses such as `definition.mql` or `routing.*`.
    #[arg(value_name = "REV|ADDRESS")]
    free: Vec<String>,
    /// Addresses only.
    #[arg(last = true, value_name = "ADDRESS")]
    addresses: Vec<String>,
    /// Compare with what is staged instead of what is on disk.
    #[arg(long, visible_alias = "cached")]
    staged: bool,
    /// Only how many changes of which impact, by entity.
    #[arg(long, conflicts_with_all = ["name_only", "format", "output"])]
    stat: bool,
    /// Only the entities whose meaning changed.
    #[arg(long, conflicts_with_all = ["format", "output"])]
    name_only: bool,
    /// Exit with 1 when the meaning changed; form alone exits with 0.
    #[arg(long)]
    exit_code: bool,
    /// Compare by form alone, without reading what did not change: faster where a model is very
    /// large, and criteria that differ in more than form are undecided.
    #[arg(long)]
    by_form: bool,
    /// Exit with 4 when it could not be decided what some change does.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    effort: Effort,
    #[command(flatten)]
    forms: Forms<Format>,
}

impl Diff {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        session.long();
        let workspace = session.workspace()?;
        let asked = named(&workspace, &self.free, &self.addresses, 2)?;
        let (base, head) = two_states(&workspace, &asked.revisions, self.staged)?;
        let prover = self.effort.prover(session, [&base.at, &head.at])?;
        let prover = (!self.by_form).then_some(prover);
        let mut changes: ChangeSet = workspace.changes(&base.at, &head.at, prover)?;
        changes.keep(&asked.addresses);
        refuse_unknown(&workspace, &asked.addresses, [&base.at, &head.at], &changes)?;
        if self.stat {
            session.page(&stat_page(&changes))?;
        } else if self.name_only {
            for name in DiffReport::names(&changes) {
                session.write(&format!("{}\n", shown(&name).replace('\n', "?")))?;
            }
            for missing in &changes.not_checked {
                session.note(&format!("not compared: `{}`, {}", missing.address, missing.reason));
            }
        } else {
            self.show(session, &changes, (&base, &head))?;
        }
        let differs = self.exit_code && changes.meaningful().next().is_some();
        // A result must never look whole where something was not read.
        if differs || !changes.not_checked.is_empty() {
            return Ok(1);
        }
        let undecided = changes.by_impact().contains_key(&Impact::Undecided);
        Ok(if self.strict && undecided { 4 } else { 0 })
    }

    fn show(
        &self,
        session: &mut Session<'_>,
        changes: &ChangeSet,
        (base, head): (&NamedAt, &NamedAt),
    ) -> Result<(), Failure> {
        session.deliver(&self.forms, |format, options| match format {
            Format::Text => text(&changes_page(changes), options),
            Format::Markdown => markdown(&changes_page(changes)),
            Format::Json => json(&DiffReport::new(changes, base.row(), head.row())),
            Format::Github => github(&change_findings(changes)),
            Format::Sarif => sarif(&change_findings(changes), &change_rules(changes)),
            Format::Junit => junit("opmodel diff", &change_findings(changes)),
        })
    }
}
