//! `opmodel diff`: what a change means.

use super::address::refuse_unknown;
use super::effort::Effort;
use super::output::Forms;
use super::revision::{Dates, Named, NamedAt, named, two_states};
use super::{Failure, Session};
use crate::change::{ChangeSet, Impact};
use crate::history::{At, HistoryError, Moment, Workspace, Zone};
use crate::report::{Block, Line, Page, github, json, junit, markdown, sarif, shown, text};
use crate::view::{DiffReport, change_findings, change_rules, changes_page, stat_page};
use clap::{Args, ValueEnum};
use jiff::civil::Date;

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
/// `--from` and `--to` take dates too: what was in force at the end of that day on the main line of
/// the branch, which commit that is being said.
/// Exits with 1 when a file could not be compared, because then the result is not whole.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel diff                           what is not committed yet\n  opmodel diff --staged                  what would be committed\n  opmodel diff main...HEAD               what this branch proposes\n  opmodel diff v2026.1 v2026.2 'routing.*'\n                                         what happened to routing between two tags\n  opmodel diff --from 2026-06-30 --to 2026-09-30\n                                         what happened in a quarter\n  opmodel diff HEAD~10 --stat            how much, by entity\n  opmodel diff main...HEAD --output markdown=diff.md --output sarif=diff.sarif\n  opmodel show                           which addresses there are"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Diff {
    /// Up to two revisions or one range, then addresses such as `definition.mql` or `routing.*`.
    #[arg(value_name = "REV|ADDRESS")]
    free: Vec<String>,
    /// Addresses only.
    #[arg(last = true, value_name = "ADDRESS")]
    addresses: Vec<String>,
    /// Compare from this revision, date or instant.
    #[arg(long, value_name = "REV|DATE")]
    from: Option<String>,
    /// Compare to this revision, date or instant; to what is on disk where none is given.
    #[arg(long, value_name = "REV|DATE", requires = "from", conflicts_with = "staged")]
    to: Option<String>,
    #[command(flatten)]
    dates: Dates,
    /// Compare with what is staged instead of what is on disk.
    #[arg(long, visible_alias = "cached")]
    staged: bool,
    /// Only how many changes of which impact, by entity.
    #[arg(long, conflicts_with_all = ["name_only", "format", "output"])]
    stat: bool,
    /// Only the entities whose meaning changed.
    #[arg(long, conflicts_with_all = ["format", "output"])]
    name_only: bool,
    /// Exit with 1 when the meaning changed; form alone, and what policy turns off, exits with 0.
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
        self.refuse_dates()?;
        let asked = named(&workspace, &self.free, &self.addresses, 2)?;
        let (base, head) = self.states(session, &workspace, &asked)?;
        let prover = self.effort.prover(session, [&base.at, &head.at])?;
        let prover = (!self.by_form).then_some(prover);
        let mut changes: ChangeSet = workspace.changes(&base.at, &head.at, prover)?;
        // A folder that is misspelt would be unchanged for ever; before the first commit there is none yet.
        let nothing = changes.changes.is_empty() && changes.not_checked.is_empty();
        let nothing = nothing && !matches!(base.at, At::Nothing);
        if nothing && !workspace.has_model(&base.at)? && !workspace.has_model(&head.at)? {
            return Err(HistoryError::NoModel(workspace.folder_name().to_owned()).into());
        }
        changes.keep(&asked.addresses);
        refuse_unknown(&workspace, &asked.addresses, [&base.at, &head.at], &changes)?;
        if self.stat {
            let mut page = self.dated(&base, &head)?;
            page.extend(stat_page(&changes));
            session.page(&page)?;
        } else if self.name_only {
            let dated = self.dated(&base, &head)?;
            note_dated(session, &dated);
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

    /// The two states that are compared.
    fn states(
        &self,
        session: &mut Session<'_>,
        workspace: &Workspace,
        asked: &Named,
    ) -> Result<(NamedAt, NamedAt), Failure> {
        let Some(from) = &self.from else {
            return two_states(session, workspace, &asked.revisions, self.staged);
        };
        if let Some(revision) = asked.revisions.first() {
            let message = format!("`{revision}` is a revision, and `--from` names one already");
            return Err(Failure::usage(message, "write the second one behind `--to`"));
        }
        if let Some(to) = &self.to
            && let (Ok(first), Ok(last)) = (from.parse::<Date>(), to.parse::<Date>())
            && last < first
        {
            session.note(&format!(
                "{from} is after {to}: what is told leads back, from the later day to the earlier one"
            ));
        }
        let before = self.dates.state(session, workspace, from)?;
        let after = match &self.to {
            Some(to) => self.dates.state(session, workspace, to)?,
            None if self.staged => NamedAt::new(At::Index, "index"),
            None => NamedAt::new(At::WorkTree, "work tree"),
        };
        Ok((before, after))
    }

    /// Dates stand behind `--from` and `--to`, where they cannot be taken for a branch.
    fn refuse_dates(&self) -> Result<(), Failure> {
        let day = |word: &&str| Moment::parse(word).is_some();
        let words: Vec<&str> = self.free.iter().flat_map(|word| word.split("..")).collect();
        let Some(first) = words.iter().copied().find(day) else { return Ok(()) };
        let options = ["--from", "--to"].iter().zip(words.iter().copied().filter(day));
        let options: Vec<String> = options.map(|(name, day)| format!("{name} {day}")).collect();
        let message = format!("`{first}` is a date, and a revision or an address is wanted here");
        Err(Failure::usage(message, format!("write `opmodel diff {}`", options.join(" "))))
    }

    /// Which instants and commits are compared, where dates named them.
    fn dated(&self, base: &NamedAt, head: &NamedAt) -> Result<Page, Failure> {
        let mut page = Page::default();
        let zone: Zone = self.dates.zone()?;
        if base.is_dated() || head.is_dated() {
            for (word, side) in [("from", base), ("to", head)] {
                let line = Line::new().dim(format!("{word} {}", side.told(&zone)));
                page.push(Block::Paragraph(line));
            }
            page.gap();
        }
        Ok(page)
    }

    fn show(
        &self,
        session: &mut Session<'_>,
        changes: &ChangeSet,
        (base, head): (&NamedAt, &NamedAt),
    ) -> Result<(), Failure> {
        let mut page = self.dated(base, head)?;
        if !matches!(self.forms.format, Format::Text | Format::Markdown | Format::Json) {
            note_dated(session, &page);
        }
        page.extend(changes_page(changes));
        session.deliver(&self.forms, |format, options| match format {
            Format::Text => text(&page, options),
            Format::Markdown => markdown(&page),
            Format::Json => json(&DiffReport::new(changes, base.row(), head.row())),
            Format::Github => github(&change_findings(changes)),
            Format::Sarif => sarif(&change_findings(changes), &change_rules(changes)),
            Format::Junit => junit("opmodel diff", &change_findings(changes)),
        })
    }
}

/// Says beside a result that has no place for it which instants and commits are compared.
fn note_dated(session: &mut Session<'_>, dated: &Page) {
    for block in &dated.blocks {
        if let Block::Paragraph(line) = block {
            session.note(&line.words());
        }
    }
}
