//! `opmodel impact`: what a proposal does to real records.

use super::effort::whole;
use super::exports::Reading;
use super::output::Forms;
use super::revision::{named, two_states};
use super::{Failure, Session};
use crate::change::{Change, ChangeSet, Names, Policies};
use crate::criteria::FieldKind;
use crate::finding::did_you_mean;
use crate::history::{At, Workspace};
use crate::measure::{Former, ImpactQuestion, Known, impact};
use crate::model::Model;
use crate::proof::{DEFAULT_BUDGET, Prover};
use crate::records::Opened;
use crate::report::{json, markdown, text};
use crate::view::{ImpactReport, ReadRow, RevisionRow, counted, impact_csv, impact_page};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;

/// The forms of an impact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; `opmodel schema output-impact` describes it.
    Json,
    /// For a comment or a page.
    Markdown,
    /// For a spreadsheet: a row for each move between two rules, and for who enters and leaves what.
    Csv,
}

/// Say what a proposal does to real records: who loses and who gains how many.
///
/// Reads exports of a CRM once and puts every record to both states of the model: where each routing table
/// sends it, which definitions, ICPs, tiers, segments, territories and gates of stages it enters and leaves,
/// and what that means for promises and pools. Revisions are named as for `diff`: none compares HEAD with
/// what is on disk, one that one with what is on disk, `A...B` what B did since both parted. Every run is held
/// against the exact comparison of both states; a record that does what is proved that none does ends
/// the tool.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  opmodel impact --records leads.csv                what is not committed yet, on real leads\n  opmodel impact main --records leads.csv           the work tree beside main\n  opmodel impact main...HEAD --records leads.csv    what this branch proposes\n  opmodel impact main --records q1.csv.gz --records q2.csv.gz --sum amount\n  opmodel impact main --records leads.csv --output markdown=impact.md --output csv=impact.csv\n  opmodel review --records leads.csv                the same as evidence in the review of a pull request"
)]
pub struct ImpactCommand {
    /// Up to two revisions or one range.
    #[arg(value_name = "REV")]
    free: Vec<String>,
    /// A file of records; may be given several times, and `-` is standard input.
    #[arg(long, value_name = "FILE", required = true)]
    records: Vec<String>,
    /// The field whose amounts are added up beside the counts, for example `amount`.
    #[arg(long, value_name = "FIELD")]
    sum: Option<String>,
    #[command(flatten)]
    reading: Reading,
    /// Compare with what is staged instead of what is on disk.
    #[arg(long, visible_alias = "cached")]
    staged: bool,
    /// The most steps one exact question may take before it is called undecided.
    #[arg(long, value_name = "STEPS", default_value_t = DEFAULT_BUDGET, value_parser = whole::<u64>, allow_negative_numbers = true)]
    budget: u64,
    /// Exit with 1 when any of the records is treated otherwise, or when rows cannot be read or there
    /// are none to say so.
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    forms: Forms<Format>,
}

impl ImpactCommand {
    pub(super) fn run(self, session: &mut Session<'_>) -> Result<u8, Failure> {
        session.long();
        self.forms.refuse(&session.directory(), &self.records)?;
        let workspace = session.workspace()?;
        let asked = named(&workspace, &self.free, &[], 2)?;
        if let Some(address) = asked.addresses.first() {
            let message =
                format!("`{}` is an address, and a revision is wanted here", address.as_str());
            let help = "leave it out: all that judges the records is compared";
            return Err(Failure::usage(message, help));
        }
        let (base, head) = two_states(session, &workspace, &asked.revisions, self.staged)?;
        let question = OnRecords {
            files: &self.records,
            sum: self.sum.as_deref(),
            reading: &self.reading,
            budget: self.budget,
        };
        let sides = [(&base.at, base.row()), (&head.at, head.row())];
        let report = question.report(session, &workspace, sides)?;
        session.deliver(&self.forms, |format, options| match format {
            Format::Text => text(&impact_page(&report), options),
            Format::Markdown => markdown(&impact_page(&report)),
            Format::Json => json(&report),
            Format::Csv => impact_csv(&report),
        })?;
        // A result must never look whole where something was not read.
        let is_whole = report.not_compared.is_empty();
        let is_open = self.exit_code && report.is_quiet() && note_unread(session, &report);
        Ok(u8::from(!is_whole || is_open || (self.exit_code && !report.is_quiet())))
    }
}

/// Says that records may be treated otherwise which nobody could read; whether there may be some.
fn note_unread(session: &mut Session<'_>, report: &ImpactReport) -> bool {
    let why = match (report.read.records, report.read.rejected) {
        (0, _) => "there is no record".to_owned(),
        (_, 0) => return false,
        (_, rows) => format!("{} could not be read", counted(rows, "row")),
    };
    session.note(&format!("{why}, so it cannot be said that all are treated as before"));
    true
}

/// Records to which two states of a model are put.
pub(super) struct OnRecords<'a> {
    /// The files.
    pub(super) files: &'a [String],
    /// The field that is added up.
    pub(super) sum: Option<&'a str>,
    /// How they are read.
    pub(super) reading: &'a Reading,
    /// The most steps one exact question may take.
    pub(super) budget: u64,
}

impl OnRecords<'_> {
    /// What becomes of the records between two states.
    pub(super) fn report(
        &self,
        session: &mut Session<'_>,
        workspace: &Workspace,
        [(from, base), (to, head)]: [(&At, RevisionRow); 2],
    ) -> Result<ImpactReport, Failure> {
        let as_of = self.reading.as_of(session)?;
        let prover = Prover { as_of, budget: self.budget };
        let changes = workspace.changes_judged(from, to, Some(prover), &Policies::default())?;
        let before = readable(workspace, from, &changes)?;
        let after = readable(workspace, to, &changes)?;
        let renames = changes.changes.iter().filter(|change| change.is_rename());
        let names: Names = renames.filter_map(ends).collect();
        let (before, after) = (Former::new(before, names), Former::of_now(after));
        let (before, after) = (before.ready(), after.ready());
        let started = self.reading.start(session, after.own(), self.files, true)?;
        let object = started.object.clone();
        let known = Known::of([&after, &before], &object);
        let mut inputs = started.records(session, &known.fields)?;
        let mut older = BTreeSet::new();
        for input in &mut inputs {
            older.extend(known.find_columns(input));
        }
        self.refuse_sum(&known, &inputs)?;
        let question = ImpactQuestion {
            object: &object,
            changes: &changes,
            prover,
            known: &known,
            sum: self.sum,
            threads: self.reading.threads(),
        };
        let found = impact((&before, &after), &question, inputs)?;
        let read = ReadRow::new(&found.read, &object, as_of);
        let mut report = ImpactReport::new(&found, (base, head), read, self.sum);
        report.not_compared.extend(changes.not_checked);
        let (was, is) = (&report.inputs.base.rev, &report.inputs.head.rev);
        let relabelled = known.relabelled.iter().map(|field| {
            format!("`{field}` has other labels now; records are read by those of `{is}`")
        });
        let older = older.iter().map(|(field, column)| {
            format!(
                "`{field}` is read from the column `{column}` for both, which only `{was}` knows as that: by \
                 `{is}` alone no record of such an export would have one"
            )
        });
        report.notes.extend(relabelled.chain(older).collect::<Vec<_>>());
        Ok(report)
    }

    /// Refuses a field that cannot be added up, or that no file holds.
    fn refuse_sum(&self, known: &Known, inputs: &[Opened<'_>]) -> Result<(), Failure> {
        let Some(wanted) = self.sum else { return Ok(()) };
        let is_number =
            |kind| matches!(kind, FieldKind::Money | FieldKind::Number | FieldKind::Integer);
        let Some(at) = known.fields.iter().position(|field| field.path == wanted) else {
            let numbers = known.fields.iter().filter(|field| is_number(field.kind));
            let names: Vec<&str> = numbers.map(|field| field.path.as_str()).collect();
            let help = match did_you_mean(wanted, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("name one of {}", names.join(", ")),
            };
            return Err(Failure::usage(format!("the records have no field `{wanted}`"), help));
        };
        let kind = known.fields.get(at).map(|field| field.kind);
        if let Some(kind) = kind.filter(|kind| !is_number(*kind)) {
            let message = format!("`{wanted}` holds `{}`, which cannot be added up", kind.word());
            return Err(Failure::usage(message, "name a field that holds money or a number"));
        }
        let held = |input: &Opened<'_>| input.layout.places.get(at).copied().flatten().is_some();
        if inputs.iter().any(held) {
            return Ok(());
        }
        let message =
            format!("no column of the files holds `{wanted}`, so there is nothing to add up");
        Err(Failure::usage(message, "leave `--sum` out, or export the column too"))
    }
}

/// The model of a state, without the files that either state cannot read.
fn readable(workspace: &Workspace, at: &At, changes: &ChangeSet) -> Result<Model, Failure> {
    let broken: BTreeSet<&str> =
        changes.not_checked.iter().map(|missing| missing.address.as_str()).collect();
    Ok(workspace.model(at)?.without_files(&broken))
}

fn ends(change: &Change) -> Option<(&crate::model::Address, &crate::model::Address)> {
    Some((change.previous.as_ref()?, &change.address))
}
