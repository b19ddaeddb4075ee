//! What records come to under a model, as JSON; the page for people is made from the same rows.

use super::difference::RevisionRow;
use super::evaluate_figures::{MetricRow, SignalRow, metric_rows, signal_rows};
use super::records::ReadRow;
use crate::measure::Columns;
use crate::measure::evaluate::{
    Clause, ClauseTally, Evaluation, Family, FamilyTally, Fit, FitTally, Gate, GateTally, Group,
    RouteTally, Routes, StageTally, Stages, StagesTally, Tally,
};
use crate::measure::groups::Groups;
use crate::measure::question::no_column;
use crate::records::{Field, Read};
use crate::report::Tool;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What `evaluate --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EvaluateReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// The revision of the model by which records are judged.
    pub at: RevisionRow,
    /// What it rests on.
    pub read: ReadRow,
    /// Each ICP: how many records fit.
    pub icps: Vec<FitFigures>,
    /// Each definition: how many records meet it.
    pub definitions: Vec<FitFigures>,
    /// Segments, territories and personas: how many records are in each.
    pub families: Vec<FamilyRow>,
    /// Each routing table: how many records go where.
    pub routing: Vec<RoutingRow>,
    /// Each lifecycle: how many records stand where.
    pub lifecycles: Vec<LifecycleRow>,
    /// Each metric.
    pub metrics: Vec<MetricRow>,
    /// Each signal.
    pub signals: Vec<SignalRow>,
    /// The same by the values of a field, where that was asked for.
    pub by: Option<ByRow>,
    /// Fields that are asked about and have no column in every file.
    pub missing_columns: Vec<MissingColumnRow>,
    /// Cells that cannot be read and count as empty, by field.
    pub unreadable: Vec<UnreadableRow>,
    /// Values of a choice that the model does not declare.
    pub undeclared: Vec<UndeclaredRow>,
    /// How many cells hold other values that are not declared: of a field with more than a thousand only
    /// the first in the order of the alphabet are told apart.
    pub more_undeclared: u64,
}

/// How many records fit an ICP or meet a definition.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FitFigures {
    /// Its address.
    pub address: String,
    /// What people call it.
    pub name: String,
    /// How many records, and which criteria keep how many out.
    #[serde(flatten)]
    pub gate: GateFigures,
    /// How many of those that fit are of each tier, best first.
    pub tiers: Vec<TierRow>,
    /// How many of those that fit are of no tier.
    pub untiered: u64,
    /// Of how many of those that fit nobody knows the tier.
    pub tier_not_answered: u64,
}

/// How many records pass criteria that all must hold.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GateFigures {
    /// How many records were asked.
    pub records: u64,
    /// How many pass.
    pub pass: u64,
    /// The share of all records that passes for certain; nothing where there is no record.
    pub share: Option<f64>,
    /// How many do not pass.
    pub fail: u64,
    /// Of how many nobody knows, because columns are missing or a criterion cannot be read.
    pub not_answered: u64,
    /// Why.
    pub why_not_answered: Option<String>,
    /// The criterion that the most records fail alone.
    pub costliest: Option<String>,
    /// Each criterion on its own, in order.
    pub criteria: Vec<CriterionRow>,
}

/// How many records pass a criterion.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CriterionRow {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// What it says; nothing for a field that must be set.
    pub text: Option<String>,
    /// Whether it must not hold.
    pub disqualifier: bool,
    /// How many records pass it.
    pub pass: u64,
    /// How many do not.
    pub fail: u64,
    /// How many fail this one and no other.
    pub fail_only_this: u64,
    /// Of how many nobody knows.
    pub not_answered: u64,
    /// Why.
    pub why_not_answered: Option<String>,
}

/// How many records are of a tier.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TierRow {
    /// The tier.
    pub tier: String,
    /// How many records.
    pub records: u64,
}

/// How many records are in which segment, territory or persona.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FamilyRow {
    /// The kind.
    pub kind: String,
    /// How many records were asked.
    pub records: u64,
    /// How many are in none for certain.
    pub none: u64,
    /// Each of them.
    pub members: Vec<MemberRow>,
}

/// How many records are in a segment, a territory or a persona.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MemberRow {
    /// Its address.
    pub address: String,
    /// What people call it.
    pub name: String,
    /// How many records are in it.
    pub records: u64,
    /// Their share of all; nothing where there is no record.
    pub share: Option<f64>,
    /// Of how many nobody knows.
    pub not_answered: u64,
    /// Why.
    pub why_not_answered: Option<String>,
}

/// How many records a routing table sends where.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoutingRow {
    /// The table.
    pub routing: String,
    /// What people call it.
    pub name: String,
    /// How many records it is about.
    pub records: u64,
    /// How many it is not about.
    pub outside: u64,
    /// Its rules, in order, and the default at the end.
    pub rules: Vec<RuleRow>,
    /// Where records go, most first.
    pub destinations: Vec<DestinationRow>,
    /// The rules that no record reached.
    pub idle: Vec<String>,
    /// Whether no record should reach the default.
    pub default_is_gap: bool,
    /// How many records could go elsewhere if no column were missing: missing columns are taken as
    /// empty here.
    pub unsure: u64,
    /// The fields without a column that a rule asks for.
    pub missing: Vec<String>,
    /// Why the table has no answer.
    pub not_answered: Option<String>,
}

/// How many records a rule takes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RuleRow {
    /// The rule; `default` for what no rule takes.
    pub rule: String,
    /// Where it sends them.
    pub to: Option<String>,
    /// How many.
    pub records: u64,
    /// Their share of those the table is about; nothing where there is none.
    pub share: Option<f64>,
    /// The fields without a column that it asks for.
    pub missing: Vec<String>,
}

/// How many records go to a queue, team, role or field.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DestinationRow {
    /// Where they go; nothing where a rule does not say it.
    pub to: Option<String>,
    /// How many.
    pub records: u64,
    /// Their share of those the table is about; nothing where there is none.
    pub share: Option<f64>,
}

/// How many records stand where in a lifecycle.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LifecycleRow {
    /// The lifecycle.
    pub lifecycle: String,
    /// What people call it.
    pub name: String,
    /// Why nobody knows where a record stands.
    pub not_answered: Option<String>,
    /// How many records hold nothing in the field of the stage.
    pub unset: u64,
    /// How many hold what is no stage's value.
    pub elsewhere: u64,
    /// Those values, the most frequent first: of more than a thousand the first in the order of the
    /// alphabet.
    pub astray: Vec<AstrayRow>,
    /// The stages, in order.
    pub stages: Vec<StageFigures>,
}

/// How many records hold a value that is no stage's.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AstrayRow {
    /// The value.
    pub value: String,
    /// How many records hold it.
    pub records: u64,
}

/// How many records stand in a stage, and what they may do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StageFigures {
    /// The stage.
    pub stage: String,
    /// How many records stand in it.
    pub records: u64,
    /// Their share of all; nothing where there is no record.
    pub share: Option<f64>,
    /// How many of them meet its entry criteria and have its required fields.
    pub entry: GateFigures,
    /// How many of them meet its exit criteria.
    pub exit: GateFigures,
    /// Whether records stay here.
    pub terminal: bool,
    /// The stages they may go to next: out of the one, into the other, and nothing forbids it.
    pub next: Vec<NextRow>,
    /// How many the recycle rule takes back.
    pub back: u64,
}

/// How many records may go on to a stage.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NextRow {
    /// The stage.
    pub to: String,
    /// How many may go.
    pub records: u64,
    /// Of how many nobody knows.
    pub not_answered: u64,
}

/// How many records fit what, by the values of a field.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ByRow {
    /// The field.
    pub field: String,
    /// Whether it has too many values to be told apart.
    pub too_many: bool,
    /// The ICPs and definitions, in the order of the figures below.
    pub addresses: Vec<String>,
    /// The values, in order.
    pub values: Vec<ValueRow>,
}

/// How many records with one value fit what.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ValueRow {
    /// The value; nothing for records that hold none.
    pub value: Option<String>,
    /// How many records.
    pub records: u64,
    /// For each ICP and definition how many pass.
    pub pass: Vec<u64>,
    /// For each ICP and definition of how many nobody knows.
    pub not_answered: Vec<u64>,
}

/// A field that is asked about and has no column in every file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MissingColumnRow {
    /// The field.
    pub field: String,
    /// The files without a column for it.
    pub files: Vec<String>,
}

/// Cells that cannot be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnreadableRow {
    /// The field.
    pub field: String,
    /// How many.
    pub cells: u64,
    /// One of them, as written.
    pub sample: Option<String>,
    /// What was wanted.
    pub wanted: Option<String>,
}

/// A value of a choice that the model does not declare.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UndeclaredRow {
    /// The field.
    pub field: String,
    /// The value.
    pub value: String,
    /// How many cells hold it.
    pub cells: u64,
}

/// What records came to, and what that rests on.
#[derive(Debug, Clone, Copy)]
pub struct Evaluated<'e> {
    /// What was asked.
    pub evaluation: &'e Evaluation,
    /// What it came to.
    pub tally: &'e Tally,
    /// What was read.
    pub read: &'e Read,
    /// The fields of the records.
    pub fields: &'e [Field],
    /// Which of them have columns.
    pub columns: &'e Columns,
}

impl EvaluateReport {
    /// The report; `shows` says which metrics were asked for.
    pub fn new(
        evaluated: Evaluated<'_>,
        at: RevisionRow,
        read: ReadRow,
        shows: impl Fn(&str) -> bool,
    ) -> Self {
        let Evaluated { evaluation, tally, read: counted, fields, columns } = evaluated;
        let counts = || fields.iter().zip(&counted.counts);
        let unreadable: Vec<UnreadableRow> = counts()
            .filter(|(_, count)| count.unreadable > 0)
            .map(|(field, count)| UnreadableRow {
                field: field.path.clone(),
                cells: count.unreadable,
                sample: count.sample.as_ref().map(|(text, _)| text.clone()),
                wanted: count.sample.as_ref().map(|(_, wanted)| (*wanted).to_owned()),
            })
            .collect();
        let mut report = Self {
            format_version: "1.0",
            tool: Tool::THIS,
            at,
            read,
            icps: each(&evaluation.icps, &tally.icps, fit),
            definitions: each(&evaluation.definitions, &tally.definitions, fit),
            families: each(&evaluation.families, &tally.families, |of, sum| {
                family(of, sum, tally.records)
            }),
            routing: each(&evaluation.tables, &tally.tables, routing),
            lifecycles: each(&evaluation.lifecycles, &tally.lifecycles, |of, sum| {
                lifecycle(of, sum, tally.records)
            }),
            metrics: metric_rows(&evaluation.metrics, &tally.metrics, &unreadable, shows),
            signals: signal_rows(evaluation, tally),
            by: evaluation.by.as_ref().map(|(field, _)| by(evaluation, field, &tally.by)),
            missing_columns: Vec::new(),
            unreadable,
            more_undeclared: counts().map(|(_, count)| count.more_undeclared).sum(),
            undeclared: counts()
                .flat_map(|(field, count)| {
                    count.undeclared.iter().map(|(value, cells)| UndeclaredRow {
                        field: field.path.clone(),
                        value: value.clone(),
                        cells: *cells,
                    })
                })
                .collect(),
        };
        report.missing_columns = evaluation
            .missing
            .iter()
            .map(|field| MissingColumnRow {
                field: field.clone(),
                files: columns.without(field).map(str::to_owned).collect(),
            })
            .collect();
        report
    }
}

fn each<A, B, C>(asked: &[A], tallies: &[B], row: impl Fn(&A, &B) -> C) -> Vec<C> {
    asked.iter().zip(tallies).map(|(asked, tally)| row(asked, tally)).collect()
}

/// A part of a whole; nothing where the whole is nothing.
#[expect(clippy::cast_precision_loss, reason = "a share needs no more digits")]
pub(super) fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn fit(fit: &Fit, tally: &FitTally) -> FitFigures {
    FitFigures {
        address: fit.address.clone(),
        name: fit.name.clone(),
        gate: gate(&fit.gate, &tally.gate),
        tiers: each(&fit.tiers, &tally.tiers, |tier, records| TierRow {
            tier: tier.id.clone(),
            records: *records,
        }),
        untiered: if fit.tiers.is_empty() { 0 } else { tally.untiered },
        tier_not_answered: tally.tier_unknown,
    }
}

fn gate(gate: &Gate, tally: &GateTally) -> GateFigures {
    let criteria = each(&gate.clauses, &tally.clauses, |clause, count| {
        criterion(clause, count, tally.records)
    });
    let costly = criteria.iter().filter(|row| row.fail_only_this > 0);
    // Of those that cost as much the first is named.
    let costliest = costly.rev().max_by_key(|row| row.fail_only_this).map(|row| row.name.clone());
    GateFigures {
        records: tally.records,
        pass: tally.passes,
        share: share(tally.passes, tally.records),
        fail: tally.fails(),
        not_answered: tally.unknown,
        why_not_answered: why(gate).filter(|_| tally.unknown > 0),
        costliest,
        criteria,
    }
}

/// Why a gate has no answer for some records.
fn why(gate: &Gate) -> Option<String> {
    let missing = gate.missing();
    let unread = gate.clauses.iter().find_map(|clause| match clause.question.missing() {
        [] => clause.question.why().map(|why| format!("`{}`: {why}", clause.name)),
        _ => None,
    });
    let partly = gate.clauses.iter().any(|clause| clause.question.is_missing_partly());
    let columns = (!missing.is_empty()).then(|| no_column(&missing, partly));
    match (columns, unread) {
        (Some(columns), Some(unread)) => Some(format!("{columns}; {unread}")),
        (columns, unread) => columns.or(unread),
    }
}

fn criterion(clause: &Clause, tally: &ClauseTally, records: u64) -> CriterionRow {
    CriterionRow {
        name: clause.name.clone(),
        address: clause.address.clone(),
        text: clause.text.clone(),
        disqualifier: clause.inverted,
        pass: tally.passes,
        fail: records - tally.passes - tally.unknown,
        fail_only_this: tally.only,
        not_answered: tally.unknown,
        why_not_answered: clause.question.why(),
    }
}

fn family(family: &Family, tally: &FamilyTally, records: u64) -> FamilyRow {
    let member = |member: &Fit, (inside, unknown): &(u64, u64)| MemberRow {
        address: member.address.clone(),
        name: member.name.clone(),
        records: *inside,
        share: share(*inside, records),
        not_answered: *unknown,
        why_not_answered: why(&member.gate).filter(|_| *unknown > 0),
    };
    let members = each(&family.members, &tally.members, member);
    FamilyRow { kind: family.kind.to_owned(), records, none: tally.none, members }
}

fn routing(routes: &Routes, tally: &RouteTally) -> RoutingRow {
    let mut rules = each(&routes.rules, &tally.rules, |rule, records| RuleRow {
        rule: rule.id.clone(),
        to: rule.to.clone(),
        records: *records,
        share: share(*records, tally.records),
        missing: rule.missing.clone(),
    });
    let idle = rules.iter().filter(|rule| rule.records == 0).map(|rule| rule.rule.clone());
    let idle = idle.collect();
    rules.push(RuleRow {
        rule: crate::load::DEFAULT.to_owned(),
        to: routes.default.clone(),
        records: tally.default,
        share: share(tally.default, tally.records),
        missing: Vec::new(),
    });
    let mut reached: BTreeMap<&Option<String>, u64> = BTreeMap::new();
    for rule in rules.iter().filter(|rule| rule.records > 0) {
        *reached.entry(&rule.to).or_default() += rule.records;
    }
    let mut destinations: Vec<DestinationRow> = reached
        .into_iter()
        .map(|(to, records)| DestinationRow {
            to: to.clone(),
            records,
            share: share(records, tally.records),
        })
        .collect();
    destinations.sort_by_key(|row| std::cmp::Reverse(row.records));
    RoutingRow {
        routing: routes.address.clone(),
        name: routes.name.clone(),
        records: tally.records,
        outside: tally.outside,
        rules,
        destinations,
        idle,
        default_is_gap: routes.default_is_gap,
        unsure: tally.unsure,
        missing: routes.missing(),
        not_answered: routes.table.as_ref().err().cloned(),
    }
}

fn astray(values: &BTreeMap<String, u64>) -> Vec<AstrayRow> {
    let row =
        |(value, records): (&String, &u64)| AstrayRow { value: value.clone(), records: *records };
    let mut rows: Vec<AstrayRow> = values.iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.records));
    rows
}

fn lifecycle(stages: &Stages, tally: &StagesTally, records: u64) -> LifecycleRow {
    LifecycleRow {
        lifecycle: stages.address.clone(),
        name: stages.name.clone(),
        not_answered: stages.field.as_ref().err().cloned(),
        unset: tally.unset,
        elsewhere: tally.elsewhere,
        astray: astray(&tally.astray),
        stages: each(&stages.stages, &tally.stages, |stage, sum: &StageTally| StageFigures {
            stage: stage.id.clone(),
            records: sum.entry.records,
            share: share(sum.entry.records, records),
            entry: gate(&stage.entry, &sum.entry),
            exit: gate(&stage.exit, &sum.exit),
            terminal: stage.terminal,
            next: each(&stage.ways, &sum.ways, |way, (open, unknown)| NextRow {
                to: way.to.clone(),
                records: *open,
                not_answered: *unknown,
            }),
            back: sum.back,
        }),
    }
}

fn by(evaluation: &Evaluation, field: &str, groups: &Groups<Group>) -> ByRow {
    let fits = evaluation.icps.iter().chain(&evaluation.definitions);
    ByRow {
        field: field.to_owned(),
        too_many: groups.too_many,
        addresses: fits.map(|fit| fit.address.clone()).collect(),
        values: groups
            .values
            .iter()
            .map(|(value, group)| ValueRow {
                value: value.clone(),
                records: group.records,
                pass: group.fits.iter().map(|(pass, _)| *pass).collect(),
                not_answered: group.fits.iter().map(|(_, unknown)| *unknown).collect(),
            })
            .collect(),
    }
}
