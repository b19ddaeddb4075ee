//! What a proposal does to real records, as JSON and as CSV.

use super::difference::{Inputs, RevisionRow};
use super::gaps::GapsRow;
use super::records::ReadRow;
use super::routes::FateRow;
use crate::change::NotChecked;
use crate::measure::{Impact, MemberImpact, Sample, TableImpact, Tally};
use crate::proof::{Destination, Fate, Verdict};
use crate::report::{Tool, csv};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What `impact --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImpactReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// The revisions.
    pub inputs: Inputs,
    /// The records that every figure rests on.
    pub read: ReadRow,
    /// The field that is added up, where one was named.
    pub sum_of: Option<String>,
    /// How much in all.
    pub summary: ImpactSummary,
    /// The routing tables of the records.
    pub routing: Vec<RoutingImpactRow>,
    /// Definitions, ICPs and their tiers, segments, territories, gates of stages and the scopes of promises
    /// that mean something else.
    pub groups: Vec<GroupRow>,
    /// How many of each sort mean the same, so that no record comes or goes.
    pub same: BTreeMap<String, usize>,
    /// The records that come to each destination under each promise.
    pub promises: Vec<PromiseRow>,
    /// The pools to which another number of records comes, or in which there is room for another number.
    pub pools: Vec<PoolRow>,
    /// What of the fields that are asked for is not known.
    #[serde(flatten)]
    pub gaps: GapsRow,
    /// What could not be compared on records.
    pub not_compared: Vec<NotChecked>,
    /// What there is to know about how the records were read.
    pub notes: Vec<String>,
}

/// How much a proposal does.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImpactSummary {
    /// How many records are treated otherwise in any respect.
    pub touched: u64,
    /// How many go elsewhere or are promised something else, over all routing tables.
    pub moved: u64,
    /// Whether everything was held against what is proved for all records there can be.
    pub checked: bool,
}

/// Records that are counted together.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TallyRow {
    /// How many.
    pub records: u64,
    /// What they add up to, where a field is added up.
    pub sum: Option<String>,
    /// How many of them have nothing in that field.
    pub without_sum: Option<u64>,
    /// The first of them.
    pub samples: Vec<SampleRow>,
}

/// A record, so that it can be found again.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SampleRow {
    /// What its key field says, where the object names one and it is set.
    pub key: Option<String>,
    /// The file it stands in.
    pub file: String,
    /// The line it starts on.
    pub line: u64,
}

/// What a routing table does to the records.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoutingImpactRow {
    /// Its address.
    pub routing: String,
    /// Its address before, where it was another.
    pub previous_address: Option<String>,
    /// `both`, `new` or `gone`: which of the revisions has it.
    pub present: &'static str,
    /// How many records go elsewhere, or are promised something else.
    pub moved: u64,
    /// Whether it was checked that no record goes elsewhere but those for which it is proved.
    pub checked: bool,
    /// Why it was not.
    pub unchecked: Vec<String>,
    /// How many records that go elsewhere are none that there can be by what the model says of its fields:
    /// the proof does not speak of them.
    pub beside_proof: u64,
    /// Who loses and who gains.
    pub destinations: Vec<DestinationRow>,
    /// The records that go elsewhere, from where to where.
    pub moves: Vec<MoveRow>,
    /// The records that another rule takes, or that go elsewhere: from which rule to which.
    pub rules: Vec<RuleMoveRow>,
}

/// How many records come to a destination.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DestinationRow {
    /// Where; none for nowhere.
    pub to: Option<String>,
    /// How many came.
    pub before: u64,
    /// How many come.
    pub after: u64,
    /// How many of those that came go elsewhere.
    pub loses: u64,
    /// How many come that went elsewhere.
    pub gains: u64,
    /// What those that came add up to.
    pub sum_before: Option<String>,
    /// What those that come add up to.
    pub sum_after: Option<String>,
}

/// Where records go, and what they are promised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct PlaceRow {
    /// Where; none for nowhere.
    pub to: Option<String>,
    /// The promise that starts with it.
    pub sla: Option<String>,
}

/// Records that go from one place to another.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MoveRow {
    /// Where they went.
    pub from: PlaceRow,
    /// Where they go.
    pub to: PlaceRow,
    /// The records.
    #[serde(flatten)]
    pub tally: TallyRow,
}

/// Records that go from one rule to another.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RuleMoveRow {
    /// What became of them.
    pub from: FateRow,
    /// What becomes of them.
    pub to: FateRow,
    /// The records.
    #[serde(flatten)]
    pub tally: TallyRow,
}

/// What becomes of a definition, a gate, or another group of records.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GroupRow {
    /// `icp`, `tier`, `definition`, `segment`, `territory`, `stage entry`, `stage exit`, `gate` (out of a stage
    /// and into the next) or `sla` (whom a promise covers).
    pub sort: &'static str,
    /// Its address.
    pub address: String,
    /// Its address before, where it was another.
    pub previous_address: Option<String>,
    /// `both`, `new` or `gone`: which of the revisions has it.
    pub present: &'static str,
    /// How both compare for all records there can be: `equivalent`, `looser`, `tighter`, `shifted` or
    /// `undecided`; none where only one revision has it.
    pub verdict: Option<&'static str>,
    /// Why that is not decided.
    pub undecided: Option<String>,
    /// How many records it had.
    pub before: u64,
    /// How many it has.
    pub after: u64,
    /// Those that come.
    pub enter: TallyRow,
    /// Those that go.
    pub leave: TallyRow,
    /// How many of these are none that there can be by what the model says of its fields: the comparison
    /// does not speak of them.
    pub beside_proof: u64,
}

/// The records that come to a destination under a promise.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PromiseRow {
    /// The promise; none where records come without one.
    pub sla: Option<String>,
    /// The destination.
    pub to: Option<String>,
    /// The team that answers for it.
    pub team: Option<String>,
    /// How many came.
    pub before: u64,
    /// How many come.
    pub after: u64,
    /// What those that came add up to.
    pub sum_before: Option<String>,
    /// What those that come add up to.
    pub sum_after: Option<String>,
}

/// The records that come to a pool, and what its people may hold at a time.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PoolRow {
    /// The queue.
    pub queue: String,
    /// How many of the records came.
    pub before: u64,
    /// How many of the records come.
    pub after: u64,
    /// How many records its people might hold at a time, where that is said.
    pub room_before: Option<u64>,
    /// How many records its people may hold at a time, where that is said.
    pub room_after: Option<u64>,
    /// How many people took from it.
    pub people_before: u64,
    /// How many people take from it.
    pub people_after: u64,
    /// Whether more came than there was room for.
    pub over_before: bool,
    /// Whether more come than there is room for.
    pub over_after: bool,
}

/// What gives names and amounts their form.
struct Form<'a> {
    files: Vec<&'a str>,
    sums: bool,
}

impl ImpactReport {
    /// What a proposal does to real records, with the revisions under the names they were given.
    pub fn new(
        impact: &Impact,
        (base, head): (RevisionRow, RevisionRow),
        read: ReadRow,
        sum_of: Option<&str>,
    ) -> Self {
        let form = Form {
            files: impact.read.inputs.iter().map(|input| input.name.as_str()).collect(),
            sums: sum_of.is_some(),
        };
        let routing: Vec<RoutingImpactRow> =
            impact.tables.iter().map(|table| form.table(table)).collect();
        let groups: Vec<GroupRow> =
            impact.members.iter().map(|member| form.group(member)).collect();
        let not_compared = impact.not_compared.iter();
        let not_compared: Vec<NotChecked> = not_compared
            .map(|(address, reason)| NotChecked {
                address: address.clone(),
                reason: reason.clone(),
            })
            .collect();
        let decided = groups.iter().all(|group| group.undecided.is_none());
        let summary = ImpactSummary {
            touched: impact.touched,
            moved: routing.iter().map(|table| table.moved).sum(),
            checked: decided
                && not_compared.is_empty()
                && routing.iter().all(|table| table.checked)
                && routing.iter().all(|table| table.beside_proof == 0)
                && groups.iter().all(|group| group.beside_proof == 0),
        };
        let same = impact.same.iter().map(|(sort, number)| (sort.word().to_owned(), *number));
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            inputs: Inputs { base, head },
            read,
            sum_of: sum_of.map(str::to_owned),
            summary,
            routing,
            groups,
            same: same.collect(),
            promises: form.promises(impact),
            pools: pools(impact),
            gaps: GapsRow::new(&impact.gaps, &form.files),
            not_compared,
            notes: Vec::new(),
        }
    }

    /// Whether nothing at all changes for these records.
    pub fn is_quiet(&self) -> bool {
        self.summary.touched == 0
    }
}

fn pools(impact: &Impact) -> Vec<PoolRow> {
    let pool = |room: &crate::measure::Room| {
        let [over_before, over_after] = room.is_over();
        PoolRow {
            queue: room.queue.clone(),
            before: room.records[0],
            after: room.records[1],
            room_before: room.room[0],
            room_after: room.room[1],
            people_before: room.people[0],
            people_after: room.people[1],
            over_before,
            over_after,
        }
    };
    impact.rooms.iter().map(pool).collect()
}

impl Form<'_> {
    fn sum(&self, sum: Decimal) -> Option<String> {
        self.sums.then(|| sum.normalize().to_string())
    }

    fn sample(&self, sample: &Sample) -> SampleRow {
        let file = self.files.get(sample.input).copied().unwrap_or_default();
        SampleRow { key: sample.key.clone(), file: file.to_owned(), line: sample.line }
    }

    fn tally(&self, tally: &Tally) -> TallyRow {
        TallyRow {
            records: tally.records,
            sum: self.sum(tally.sum),
            without_sum: self.sums.then_some(tally.without),
            samples: tally.samples.iter().map(|sample| self.sample(sample)).collect(),
        }
    }

    fn promises(&self, impact: &Impact) -> Vec<PromiseRow> {
        let promise = |load: &crate::measure::Load| PromiseRow {
            sla: load.sla.clone(),
            to: load.to.clone(),
            team: load.team.clone(),
            before: load.records[0],
            after: load.records[1],
            sum_before: self.sum(load.sums[0]),
            sum_after: self.sum(load.sums[1]),
        };
        impact.loads.iter().map(promise).collect()
    }

    fn table(&self, table: &TableImpact) -> RoutingImpactRow {
        let mut moves: BTreeMap<(PlaceRow, PlaceRow), Tally> = BTreeMap::new();
        for ((from, to), tally) in table.moved() {
            moves.entry((place(from), place(to))).or_default().merge(tally);
        }
        let mut moves: Vec<MoveRow> = moves
            .into_iter()
            .map(|((from, to), tally)| MoveRow { from, to, tally: self.tally(&tally) })
            .collect();
        moves.sort_by_key(|row| std::cmp::Reverse(row.tally.records));
        let mut rules: Vec<RuleMoveRow> = table
            .retaken()
            .map(|((from, to), tally)| RuleMoveRow {
                from: from.into(),
                to: to.into(),
                tally: self.tally(tally),
            })
            .collect();
        rules.sort_by_key(|row| std::cmp::Reverse(row.tally.records));
        RoutingImpactRow {
            routing: table.address.clone(),
            previous_address: table.former.clone(),
            present: present(table.is_there),
            moved: table.moved().map(|(_, tally)| tally.records).sum(),
            checked: table.unchecked.is_empty(),
            unchecked: table.unchecked.clone(),
            beside_proof: table.beside_proof,
            destinations: self.destinations(table),
            moves,
            rules,
        }
    }

    fn destinations(&self, table: &TableImpact) -> Vec<DestinationRow> {
        #[derive(Default)]
        struct Place {
            records: [u64; 2],
            sums: [Decimal; 2],
            stays: u64,
        }
        let mut places: BTreeMap<Option<String>, Place> = BTreeMap::new();
        for ((before, after), tally) in &table.cells {
            let ends = [to(before), to(after)];
            for (side, end) in ends.iter().enumerate() {
                let place = places.entry(end.clone()).or_default();
                if let (Some(records), Some(sum)) =
                    (place.records.get_mut(side), place.sums.get_mut(side))
                {
                    *records += tally.records;
                    *sum = sum.saturating_add(tally.sum);
                }
                if side == 0 && ends[0] == ends[1] {
                    place.stays += tally.records;
                }
            }
        }
        let row = |(to, place): (Option<String>, Place)| DestinationRow {
            to,
            before: place.records[0],
            after: place.records[1],
            loses: place.records[0] - place.stays,
            gains: place.records[1] - place.stays,
            sum_before: self.sum(place.sums[0]),
            sum_after: self.sum(place.sums[1]),
        };
        places.into_iter().map(row).collect()
    }

    fn group(&self, member: &MemberImpact) -> GroupRow {
        let (verdict, undecided) = match &member.verdict {
            None => (None, None),
            Some(Verdict::Equivalent) => (Some("equivalent"), None),
            Some(Verdict::Looser { .. }) => (Some("looser"), None),
            Some(Verdict::Tighter { .. }) => (Some("tighter"), None),
            Some(Verdict::Shifted { .. }) => (Some("shifted"), None),
            Some(Verdict::Undecided(why)) => (Some("undecided"), Some(why.clone())),
        };
        GroupRow {
            sort: member.sort.word(),
            address: member.address.clone(),
            previous_address: member.former.clone(),
            present: present(member.is_there),
            verdict,
            undecided,
            before: member.records[0],
            after: member.records[1],
            enter: self.tally(&member.entered),
            leave: self.tally(&member.left),
            beside_proof: member.beside_proof,
        }
    }
}

fn present(is_there: [bool; 2]) -> &'static str {
    match is_there {
        [false, _] => "new",
        [true, false] => "gone",
        [true, true] => "both",
    }
}

fn to(fate: &Fate) -> Option<String> {
    fate.destination().and_then(|destination| destination.to.clone())
}

fn place(fate: &Fate) -> PlaceRow {
    let Destination { to, sla, .. } = fate.destination().cloned().unwrap_or_default();
    PlaceRow { to, sla }
}

const COLUMNS: [&str; 13] = [
    "what",
    "address",
    "from",
    "to",
    "from_rule",
    "to_rule",
    "from_sla",
    "to_sla",
    "records",
    "sum",
    "without_sum",
    "examples",
    "checked",
];

/// What a proposal does to real records as CSV: a row for each move between two rules, and two for each
/// group: who enters, and who leaves.
pub fn impact_csv(report: &ImpactReport) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for table in &report.routing {
        for row in &table.rules {
            let word = |word: &Option<String>| word.clone().unwrap_or_default();
            let mut cells = vec!["route".to_owned(), table.routing.clone()];
            cells.extend([word(&row.from.to), word(&row.to.to)]);
            cells.extend([row.from.rule.clone(), row.to.rule.clone()]);
            cells.extend([word(&row.from.sla), word(&row.to.sla)]);
            cells.extend(tally_cells(&row.tally));
            cells.push(table.checked.to_string());
            rows.push(cells);
        }
    }
    for group in &report.groups {
        let checked = (group.verdict.is_some() && group.undecided.is_none()).to_string();
        for (ends, tally) in [(["out", "in"], &group.enter), (["in", "out"], &group.leave)] {
            let mut cells = vec![group.sort.to_owned(), group.address.clone()];
            cells.extend(ends.map(str::to_owned));
            cells.extend(vec![String::new(); 4]);
            cells.extend(tally_cells(tally));
            cells.push(checked.clone());
            rows.push(cells);
        }
    }
    csv(&COLUMNS, rows)
}

fn tally_cells(tally: &TallyRow) -> [String; 4] {
    let without = tally.without_sum.map(|number| number.to_string());
    let samples: Vec<String> = tally.samples.iter().map(SampleRow::in_words).collect();
    [
        tally.records.to_string(),
        tally.sum.clone().unwrap_or_default(),
        without.unwrap_or_default(),
        samples.join(" "),
    ]
}

impl SampleRow {
    /// The record as people find it: by its key, else by its line.
    pub fn in_words(&self) -> String {
        self.key.clone().unwrap_or_else(|| format!("line {} of {}", self.line, self.file))
    }
}
