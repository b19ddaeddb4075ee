//! Records that deviate from the model, as JSON and as CSV.

use super::difference::RevisionRow;
use super::evaluate::share;
use super::records::ReadRow;
use crate::measure::State;
use crate::measure::deviations::{
    Count, Deviation, Deviations, Group, Kind, LEFT_OUT, NotChecked, PromiseCount, Spread, Waiver,
};
use crate::report::{Tool, csv_line, json};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What `deviations --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeviationsReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// What wrote it.
    pub tool: Tool,
    /// The revision of the model by which records are judged.
    pub at: RevisionRow,
    /// What it rests on.
    pub read: ReadRow,
    /// What was looked for.
    pub selection: Chosen,
    /// All of it in a few numbers.
    pub summary: Summary,
    /// The most deviations that were allowed.
    pub limits: Vec<LimitRow>,
    /// By kind, the worst first.
    pub kinds: Vec<KindRow>,
    /// By owner, those with most of the worst first.
    pub owners: Vec<OwnerRow>,
    /// By team.
    pub teams: Vec<TeamRow>,
    /// Where the clocks of every promise stand.
    pub promises: Vec<PromiseRow>,
    /// Exceptions that waive something, and those that would if they were not over.
    pub exceptions: Vec<ExceptionRow>,
    /// What stands in owner fields and names nobody the model knows: their routing is not judged.
    pub unknown_owners: Vec<UnknownOwnerRow>,
    /// By which dates the routing of records is judged.
    pub routing_dates: RoutingDatesRow,
    /// What was not judged, and what would be needed.
    pub not_checked: Vec<NotCheckedRow>,
    /// Every deviation, the worst first; then those that are waived.
    pub deviations: Vec<DeviationRow>,
}

/// What was looked for.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Chosen {
    /// Only these kinds; all where none are named.
    pub kinds: Vec<String>,
    /// Only records of this owner.
    pub owner: Option<String>,
    /// Only records of this team.
    pub team: Option<String>,
    /// Only what is not in this file.
    pub new_since: Option<String>,
    /// When a promise is about to run out.
    pub soon: String,
    /// Whether fields without a column counted as empty.
    pub missing_as_empty: bool,
}

impl Chosen {
    /// The columns that say in CSV what was left out, so that nobody takes it for the whole list; they
    /// are empty, as a list without rows says it too.
    pub fn columns(&self) -> Vec<String> {
        let kinds = (!self.kinds.is_empty()).then(|| self.kinds.join(" "));
        let new = self.new_since.as_ref().map(|_| String::new());
        let given = [kinds, self.owner.clone(), self.team.clone(), new];
        let named = LEFT_OUT.iter().zip(given);
        named.filter_map(|(name, given)| Some(format!("{name}{}", given?))).collect()
    }
}

/// All of it in a few numbers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Summary {
    /// How many records were looked at.
    pub looked_at: u64,
    /// How many deviations there are, without those that are waived.
    pub deviations: u64,
    /// In how many records.
    pub records: u64,
    /// How many more an exception waives.
    pub waived: u64,
    /// How many are of records without a key, so that nobody can tell whether they are new.
    pub without_key: u64,
    /// What became of those of the earlier run.
    pub earlier: Option<EarlierRow>,
}

/// What became of the deviations of an earlier run.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EarlierRow {
    /// How many there were of what is looked for now.
    pub before: u64,
    /// How many of them are still there.
    pub still: u64,
    /// How many are gone; where an owner or a team is asked for, others may have them by now.
    pub gone: u64,
    /// How many more there were that were not looked for now, or could not be judged.
    pub not_looked_for: u64,
}

/// The most deviations that were allowed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LimitRow {
    /// Of which kind; of all where none is named.
    pub kind: Option<String>,
    /// How many were allowed.
    pub most: u64,
    /// How many there are.
    pub found: u64,
    /// Whether that is too many; none where it cannot be said, as there may be more than were found.
    pub exceeded: Option<bool>,
    /// Why it cannot be said, where it cannot.
    pub not_judged: Vec<String>,
}

/// Deviations of a kind.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KindRow {
    /// The kind.
    pub kind: &'static str,
    /// What it means.
    pub means: &'static str,
    /// What to do about it.
    pub advice: &'static str,
    /// How many there are.
    pub deviations: u64,
    /// In how many records.
    pub records: u64,
    /// How many more an exception waives.
    pub waived: u64,
    /// In how many records it could be judged.
    pub judged: u64,
    /// How many more do not say when.
    pub undated: u64,
}

/// Deviations of an owner.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OwnerRow {
    /// Who; none where nobody has the records, and where the file does not say who has.
    pub owner: Option<String>,
    /// Whether the file does not say who has them.
    pub unsaid: bool,
    /// Whether the model knows them.
    pub known: bool,
    /// Their team, or the one that answers for the stage where nobody has the records.
    pub team: Option<String>,
    /// How many there are.
    pub deviations: u64,
    /// In how many records.
    pub records: u64,
    /// By kind.
    pub kinds: BTreeMap<&'static str, u64>,
}

/// Deviations of a team.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TeamRow {
    /// Its address; none where nobody's team is known.
    pub team: Option<String>,
    /// How many there are.
    pub deviations: u64,
    /// In how many records.
    pub records: u64,
    /// By kind.
    pub kinds: BTreeMap<&'static str, u64>,
}

/// Where the clocks of a promise stand.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PromiseRow {
    /// Its address.
    pub address: String,
    /// Its name.
    pub name: String,
    /// The limit.
    pub within: String,
    /// The share for which it should be kept.
    pub target: Option<String>,
    /// How many records it is about.
    pub records: u64,
    /// Stopped in time.
    pub kept: u64,
    /// Stopped too late.
    pub late: u64,
    /// Run out, and nobody has served the record yet.
    pub breached: u64,
    /// About to run out.
    pub soon: u64,
    /// Running, with time left.
    pub open: u64,
    /// Not begun.
    pub not_started: u64,
    /// Stopped by something else; the record was never served.
    pub unserved: u64,
    /// Stopped before it began.
    pub unclear: u64,
    /// The share that was kept of those of which it is decided; open clocks are not.
    pub kept_share: Option<f64>,
    /// How long records waited until it was somebody's turn, by the clock on the wall.
    pub system: SpreadRow,
    /// How long people took then, by the clock of the promise.
    pub people: SpreadRow,
}

/// Lengths of time, rounded up to three digits.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SpreadRow {
    /// Of how many records.
    pub records: u64,
    /// The length that half of them do not exceed, in seconds.
    pub median_seconds: Option<i64>,
}

/// An exception and what it did.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExceptionRow {
    /// Its address.
    pub address: String,
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Its last day.
    pub expires: String,
    /// Whether it holds.
    pub in_force: bool,
    /// How many deviations it waives, or would.
    pub deviations: u64,
}

/// What names nobody the model knows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnknownOwnerRow {
    /// What is written.
    pub owner: String,
    /// In how many records.
    pub records: u64,
}

/// By which dates the routing of records is judged: by the model in force when a record was routed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoutingDatesRow {
    /// The field that says when a record was routed; none where nothing in the model says that.
    pub routed: Option<String>,
    /// Whether the object names it as its `routed_field`; else it is the one by which most promises of
    /// routing rules start.
    pub declared: bool,
    /// Whether the export has a column for it.
    pub exported: bool,
    /// The field that says when a record came, which stands in where the other is empty.
    pub created: Option<String>,
}

/// Something that was not judged.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NotCheckedRow {
    /// The kinds that are not found because of it.
    pub kinds: Vec<&'static str>,
    /// What of the model is not judged.
    pub address: Option<String>,
    /// Why.
    pub reason: String,
    /// What to do.
    pub help: String,
}

/// A deviation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeviationRow {
    /// Its name from one day to the next, by record, kind and address; none without a key.
    pub fingerprint: Option<String>,
    /// The exception that waives it.
    pub waived_by: Option<String>,
    /// The kind.
    pub kind: &'static str,
    /// What the record's key field holds.
    pub record: Option<String>,
    /// The file it stands in.
    pub file: String,
    /// The line it starts on.
    pub line: u64,
    /// Who has it; none where nobody has.
    pub owner: Option<String>,
    /// Their team, or the one that answers for the stage.
    pub team: Option<String>,
    /// What its stage field holds.
    pub stage: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What of the model it deviates from.
    pub address: String,
    /// Since when.
    pub since: Option<String>,
    /// When its time ran out, or will.
    pub due: Option<String>,
    /// By how many seconds it is too late; less than none where time is left.
    pub late_seconds: Option<i64>,
    /// Whether those are seconds of working hours.
    pub business_time: Option<bool>,
    /// How much of its time is gone, where it has any: 1 is all of it.
    pub spent: Option<f64>,
    /// Where it should be.
    pub expected: Option<String>,
}

impl DeviationsReport {
    /// The report, without the deviations themselves: there may be more of them than fit into memory.
    pub fn new(
        found: &Deviations,
        (at, read): (RevisionRow, ReadRow),
        selection: Chosen,
        limits: Vec<LimitRow>,
    ) -> Self {
        let row = |(kind, count): &(Kind, Count)| kind_row(*kind, *count);
        let owner = |(holder, group): &(crate::measure::deviations::Holder, Group)| OwnerRow {
            owner: holder.name.clone(),
            unsaid: holder.unsaid,
            known: holder.known,
            team: holder.team.clone(),
            deviations: group.deviations,
            records: group.records,
            kinds: by_kind(group),
        };
        let team = |(team, group): &(Option<String>, Group)| TeamRow {
            team: team.clone(),
            deviations: group.deviations,
            records: group.records,
            kinds: by_kind(group),
        };
        let unknown = |(owner, records): &(String, u64)| UnknownOwnerRow {
            owner: owner.clone(),
            records: *records,
        };
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            at,
            selection,
            summary: summary(found),
            limits,
            kinds: found.kinds.iter().map(row).collect(),
            owners: found.owners.iter().map(owner).collect(),
            teams: found.teams.iter().map(team).collect(),
            promises: found.promises.iter().map(promise).collect(),
            exceptions: found
                .waivers
                .iter()
                .filter(|it| it.deviations > 0)
                .map(exception)
                .collect(),
            unknown_owners: found.unknown_owners.iter().map(unknown).collect(),
            routing_dates: RoutingDatesRow {
                routed: found.dated_by.routed.clone(),
                declared: found.dated_by.declared,
                exported: found.dated_by.exported,
                created: found.dated_by.created.clone(),
            },
            not_checked: found.not_checked.iter().map(not_checked).collect(),
            deviations: Vec::new(),
            read,
        }
    }
}

fn summary(found: &Deviations) -> Summary {
    Summary {
        looked_at: found.looked_at,
        deviations: found.total,
        records: found.records,
        waived: found.kinds.iter().map(|(_, count)| count.waived).sum(),
        without_key: found.unnamed,
        earlier: found.gone.map(|gone| EarlierRow {
            before: gone.still + gone.gone,
            still: gone.still,
            gone: gone.gone,
            not_looked_for: gone.not_sought,
        }),
    }
}

fn kind_row(kind: Kind, count: Count) -> KindRow {
    KindRow {
        kind: kind.id(),
        means: kind.means(),
        advice: kind.advice(),
        deviations: count.deviations,
        records: count.records,
        waived: count.waived,
        judged: count.judged,
        undated: count.undated,
    }
}

fn by_kind(group: &Group) -> BTreeMap<&'static str, u64> {
    group.kinds.iter().map(|(kind, count)| (kind.id(), *count)).collect()
}

fn promise(promise: &PromiseCount) -> PromiseRow {
    let (decided, kept) = promise.kept();
    let spread =
        |spread: &Spread| SpreadRow { records: spread.of, median_seconds: spread.median() };
    PromiseRow {
        address: promise.address.to_string(),
        name: promise.name.clone(),
        within: promise.within.to_string(),
        target: promise.target.map(|target| target.to_string()),
        records: promise.about(),
        kept,
        late: promise.at(State::Late),
        breached: promise.at(State::Overdue),
        soon: promise.at(State::Soon),
        open: promise.at(State::Open),
        not_started: promise.at(State::NotStarted),
        unserved: promise.at(State::Unserved),
        unclear: promise.at(State::Unclear),
        kept_share: share(kept, decided),
        system: spread(&promise.system),
        people: spread(&promise.people),
    }
}

fn exception(waiver: &Waiver) -> ExceptionRow {
    ExceptionRow {
        address: waiver.address.to_string(),
        name: waiver.name.clone(),
        reason: waiver.reason.clone(),
        expires: waiver.expires.to_string(),
        in_force: !waiver.over,
        deviations: waiver.deviations,
    }
}

fn not_checked(it: &NotChecked) -> NotCheckedRow {
    NotCheckedRow {
        kinds: it.kinds.iter().map(|kind| kind.id()).collect(),
        address: it.address().cloned(),
        reason: it.reason.clone(),
        help: it.help.clone(),
    }
}

impl DeviationRow {
    /// A deviation of a record in one of some files, which an exception may waive.
    pub fn new(deviation: &Deviation, waivers: &[Waiver], files: &[String]) -> Self {
        let waiver = deviation.waived.and_then(|place| waivers.get(place));
        let file = files.get(deviation.record.file);
        let instant = |at: Option<Timestamp>| at.map(|at| at.to_string());
        let left = deviation.kind == Kind::SlaSoon;
        Self {
            fingerprint: deviation.fingerprint.map(|print| print.to_string()),
            waived_by: waiver.map(|waiver| waiver.address.to_string()),
            kind: deviation.kind.id(),
            record: deviation.record.key.clone(),
            file: file.cloned().unwrap_or_default(),
            line: deviation.record.line,
            owner: deviation.holder.name.clone(),
            team: deviation.holder.team.clone(),
            stage: deviation.stage.clone(),
            what: deviation.told.clone(),
            address: deviation.address.to_string(),
            since: instant(deviation.since),
            due: instant(deviation.due),
            late_seconds: deviation
                .late
                .map(|late| if left { -late.seconds } else { late.seconds }),
            business_time: deviation.late.map(|late| late.business),
            spent: deviation.late.map(|_| f64::from(deviation.spent) / 1000.0),
            expected: deviation.expected.clone(),
        }
    }

    /// A row of CSV, with a newline at the end.
    pub fn csv(self) -> String {
        csv_line(&self.cells())
    }

    /// JSON, indented as it stands in the report.
    pub fn json(&self) -> String {
        format!("    {}", json(self).trim_end().replace('\n', "\n    "))
    }

    fn cells(self) -> Vec<String> {
        let text = Option::unwrap_or_default;
        vec![
            text(self.fingerprint),
            text(self.waived_by),
            self.kind.to_owned(),
            text(self.record),
            self.file,
            self.line.to_string(),
            text(self.owner),
            text(self.team),
            text(self.stage),
            self.what.replace('`', ""),
            self.address,
            text(self.since),
            text(self.due),
            text(self.late_seconds.map(|seconds| seconds.to_string())),
            text(self.business_time.map(|business| business.to_string())),
            text(self.expected),
        ]
    }
}

/// The columns of the list; a further version only adds at the end.
const COLUMNS: [&str; 16] = [
    "fingerprint",
    "waived_by",
    "kind",
    "record",
    "file",
    "line",
    "owner",
    "team",
    "stage",
    "what",
    "address",
    "since",
    "due",
    "late_seconds",
    "business_time",
    "expected",
];

/// The names of the columns as a row of CSV.
pub fn deviations_csv_head(chosen: &Chosen) -> String {
    let columns = COLUMNS.iter().map(|name| (*name).to_owned());
    csv_line(&columns.chain(chosen.columns()).collect::<Vec<_>>())
}

/// What of a report stands before its deviations and behind them, in JSON.
pub fn deviations_json_ends(report: &DeviationsReport) -> (String, &'static str) {
    let whole = json(report);
    let before = whole.strip_suffix(LIST_END).map(str::to_owned);
    (before.unwrap_or(whole), LIST_END)
}

/// The end of a report whose list is empty.
const LIST_END: &str = "]\n}\n";
