//! The records of the past through every revision of a definition, as JSON and as CSV.

use super::difference::RevisionRow;
use super::gaps::GapsRow;
use super::records::ReadRow;
use super::words::instant;
use crate::measure::{Backtest, Revision};
use crate::proof::Verdict;
use crate::report::{Tool, csv};
use schemars::JsonSchema;
use serde::Serialize;

/// What `backtest --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BacktestReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// What was put to the records of the past.
    pub address: String,
    /// The newest state, by which fields are read and outcomes are judged.
    pub newest: RevisionRow,
    /// The records that every figure rests on.
    pub read: ReadRow,
    /// The deals that were won and lost.
    pub outcomes: OutcomesRow,
    /// The revisions that mean something else than the one before, oldest first.
    pub revisions: Vec<BacktestRow>,
    /// How records fared under what was in force on their own day, by quarter. Days are counted from that
    /// day here, and everywhere else from the instant for which records are judged.
    pub adherence: Vec<AdherenceRow>,
    /// How many records have no day of their own.
    pub dateless: u64,
    /// The date fields that give a record its day, in the order in which they are tried.
    pub dated_by: Vec<String>,
    /// Whether the history before the first commit was not fetched.
    pub cut_off: bool,
    /// What of the fields that are asked for is not known.
    #[serde(flatten)]
    pub gaps: GapsRow,
    /// What there is to know about how this was found out.
    pub notes: Vec<String>,
}

/// The deals that were won and lost.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OutcomesRow {
    /// The definition or criterion by which a deal is won.
    pub won_by: String,
    /// The definition or criterion by which a deal is lost.
    pub lost_by: String,
    /// The first day that counts.
    pub since: Option<String>,
    /// The last day that counts.
    pub until: Option<String>,
    /// How many were won.
    pub won: u64,
    /// How many were lost.
    pub lost: u64,
    /// How many are both by what was asked; they count as neither.
    pub both: u64,
    /// How many are neither.
    pub open: u64,
    /// How many were decided outside of the period.
    pub outside: u64,
    /// How many were decided on a day that is not known, where a period was named.
    pub undated: u64,
}

/// What a revision makes of the records.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BacktestRow {
    /// The commit from which on it was so; none for what is on disk.
    pub commit: Option<String>,
    /// When that was recorded, in UTC.
    pub record_time: Option<String>,
    /// From when on it is in force, in UTC: from when it was recorded, or from the `effective_from` that
    /// came with it; none for what is on disk.
    pub in_force_from: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The first line of its message.
    pub subject: Option<String>,
    /// What was put to the records was called so then; none where it was not there.
    pub address: Option<String>,
    /// How it compares with the last revision before it for all records there can be: `looser`, `tighter`,
    /// `shifted` or `undecided`; none where there is none.
    pub verdict: Option<&'static str>,
    /// Why it cannot be put to the records.
    pub unanswerable: Option<String>,
    /// How many of all records meet it.
    pub met: u64,
    /// The share of all records that meet it.
    pub share: Option<f64>,
    /// How many meet it and did not meet the one before.
    pub entered: u64,
    /// How many met the one before and do not meet it.
    pub left: u64,
    /// How many of the deals that were won meet it.
    pub won: u64,
    /// How many of the deals that were lost meet it.
    pub lost: u64,
    /// Of the decided deals that meet it, the share that was won.
    pub precision: Option<f64>,
    /// Of the deals that were won, the share that meets it.
    pub recall: Option<f64>,
    /// How many times the share of deals won among those that meet it is that among all decided deals.
    pub lift: Option<f64>,
}

/// How the records of a quarter fared.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AdherenceRow {
    /// The quarter, for example `2026-Q3`.
    pub quarter: String,
    /// How many records there are.
    pub records: u64,
    /// How many of them are older than any revision that can be asked.
    pub before: u64,
    /// How many meet what was in force on their day.
    pub then: u64,
    /// How many, of those for which something was in force, meet the newest revision.
    pub now: u64,
    /// The share that meets what was in force.
    pub share_then: Option<f64>,
    /// The share that meets the newest revision.
    pub share_now: Option<f64>,
}

/// What was asked, as it was named.
#[derive(Debug, Clone)]
pub struct BacktestTold {
    /// What was put to the records.
    pub address: String,
    /// The newest state.
    pub newest: RevisionRow,
    /// What wins a deal, and what loses it.
    pub outcomes: [String; 2],
    /// The first and the last day that count.
    pub period: [Option<String>; 2],
    /// The date fields that give a record its day.
    pub dated_by: Vec<String>,
    /// Whether the history before the first commit was not fetched.
    pub cut_off: bool,
}

impl BacktestReport {
    /// The records of the past through every revision.
    pub fn new(found: &Backtest, told: BacktestTold, read: ReadRow) -> Self {
        let BacktestTold { address, newest, outcomes, period, dated_by, cut_off } = told;
        let [won_by, lost_by] = outcomes;
        let [since, until] = period;
        let [won, lost] = found.decided;
        let all = found.read.rows;
        let revisions = found.revisions.iter().map(|revision| row(revision, all, found.decided));
        let files: Vec<&str> = found.read.inputs.iter().map(|input| input.name.as_str()).collect();
        let adherence = found.adherence.iter().map(|((year, quarter), counts)| {
            let judged = counts.records - counts.before;
            AdherenceRow {
                quarter: format!("{year}-Q{quarter}"),
                records: counts.records,
                before: counts.before,
                then: counts.then,
                now: counts.now,
                share_then: ratio(counts.then, judged),
                share_now: ratio(counts.now, judged),
            }
        });
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            address,
            newest,
            read,
            outcomes: OutcomesRow {
                won_by,
                lost_by,
                since,
                until,
                won,
                lost,
                both: found.both,
                open: found.open,
                outside: found.outside,
                undated: found.undated,
            },
            revisions: revisions.collect(),
            adherence: adherence.collect(),
            dateless: found.dateless,
            dated_by,
            cut_off,
            gaps: GapsRow::new(&found.gaps, &files),
            notes: Vec::new(),
        }
    }
}

fn row(revision: &Revision, all: u64, [won, lost]: [u64; 2]) -> BacktestRow {
    let commit = revision.commit.as_ref();
    let counts = &revision.counts;
    let asked = revision.unanswerable.is_none() && revision.address.is_some();
    let share = |part: u64, whole: u64| ratio(part, whole).filter(|_| asked);
    let [won_met, lost_met] = counts.decided;
    BacktestRow {
        commit: commit.map(|commit| commit.id.to_string()),
        record_time: commit.map(|commit| instant(commit.committer_time)),
        in_force_from: revision.in_force_from.map(|from| from.to_string()),
        author: commit.map(|commit| commit.author.name.clone()),
        subject: commit.map(|commit| commit.subject.clone()),
        address: revision.address.clone(),
        verdict: revision.verdict.as_ref().map(word),
        unanswerable: revision.unanswerable.clone(),
        met: counts.met,
        share: share(counts.met, all),
        entered: counts.entered,
        left: counts.left,
        won: won_met,
        lost: lost_met,
        precision: share(won_met, won_met + lost_met),
        recall: share(won_met, won),
        lift: lift([won_met, lost_met], [won, lost]).filter(|_| asked),
    }
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Equivalent => "equivalent",
        Verdict::Looser { .. } => "looser",
        Verdict::Tighter { .. } => "tighter",
        Verdict::Shifted { .. } => "shifted",
        Verdict::Undecided(_) => "undecided",
    }
}

/// A share to four digits behind the point; none of nothing.
fn ratio(part: u64, whole: u64) -> Option<f64> {
    quotient(u128::from(part), u128::from(whole))
}

/// How many times the share of deals won among some is that among all.
fn lift([won_met, lost_met]: [u64; 2], [won, lost]: [u64; 2]) -> Option<f64> {
    let wide = u128::from;
    quotient(wide(won_met) * (wide(won) + wide(lost)), wide(won) * (wide(won_met) + wide(lost_met)))
}

/// Worked out in whole numbers, so that it is the same on every machine.
fn quotient(part: u128, whole: u128) -> Option<f64> {
    const DIGITS: u32 = 10_000;
    let scaled =
        part.checked_mul(u128::from(DIGITS))?.checked_add(whole / 2)?.checked_div(whole)?;
    Some(f64::from(u32::try_from(scaled).ok()?) / f64::from(DIGITS))
}

const COLUMNS: [&str; 18] = [
    "commit",
    "record_time",
    "author",
    "subject",
    "address",
    "verdict",
    "records",
    "met",
    "share",
    "entered",
    "left",
    "won",
    "lost",
    "precision",
    "recall",
    "lift",
    "unanswerable",
    "in_force_from",
];

/// The revisions as CSV, oldest first.
pub fn backtest_csv(report: &BacktestReport) -> String {
    let word = |word: &Option<String>| word.clone().unwrap_or_default();
    let figure = |figure: Option<f64>| figure.map(|figure| figure.to_string()).unwrap_or_default();
    let row = |row: &BacktestRow| {
        vec![
            word(&row.commit),
            word(&row.record_time),
            word(&row.author),
            word(&row.subject),
            word(&row.address),
            row.verdict.unwrap_or_default().to_owned(),
            report.read.records.to_string(),
            row.met.to_string(),
            figure(row.share),
            row.entered.to_string(),
            row.left.to_string(),
            row.won.to_string(),
            row.lost.to_string(),
            figure(row.precision),
            figure(row.recall),
            figure(row.lift),
            word(&row.unanswerable),
            word(&row.in_force_from),
        ]
    };
    csv(&COLUMNS, report.revisions.iter().map(row))
}
