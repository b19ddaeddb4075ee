//! Why a record goes where it goes: each rule that was tried, and the words that kept it out.

use super::difference::{Location, RevisionRow};
use super::gates::{FitRow, StandingRow, gates_blocks};
use super::whereabouts::WhereaboutsRow;
use crate::load::{Criterion, DEFAULT, Gates, Obstacle, Trace, Tried};
use crate::model::Address;
use crate::proof::{Witness, in_words};
use crate::report::{Block, Line, Marked, Page, Style, Tool};
use schemars::JsonSchema;
use serde::Serialize;

/// What `trace --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TraceReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// The type of the record.
    pub object: String,
    /// The record.
    pub record: Witness,
    /// The revision whose rules were asked.
    pub at: RevisionRow,
    /// Each routing table of that type of record.
    pub routes: Vec<TraceRow>,
    /// Each ICP of that type of record; none where one routing table was asked for.
    pub icps: Vec<FitRow>,
    /// The segments it is in.
    pub segments: Vec<String>,
    /// The territories it is in.
    pub territories: Vec<String>,
    /// Each lifecycle of that type of record.
    pub lifecycles: Vec<StandingRow>,
    /// When any of that changed, where it was asked for.
    pub history: Option<WhereaboutsRow>,
}

/// What one table makes of the record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TraceRow {
    /// The table.
    pub routing: String,
    /// The rule that takes it; `default` where none does; nothing where the table is not about it.
    pub rule: Option<String>,
    /// Where it goes.
    pub to: Option<String>,
    /// The promise that starts with it.
    pub sla: Option<String>,
    /// Whether that promise covers the record, by its own `applies_to`.
    pub sla_covers: Option<bool>,
    /// The conditions that were tried, in order.
    pub because: Vec<TriedRow>,
}

/// A condition that was tried.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TriedRow {
    /// The rule, or `applies_to`.
    pub rule: String,
    /// Its condition.
    pub when: String,
    /// Whether it holds.
    pub holds: bool,
    /// The words by which it does not hold, those behind references last.
    pub words: Vec<String>,
    /// Where it is written.
    pub location: Location,
}

impl TraceReport {
    /// What some tables make of a record, as data.
    pub fn new(
        object: &str,
        at: RevisionRow,
        record: Witness,
        (traces, gates): (&[(Address, Trace<'_, '_>)], &Gates<'_, '_>),
        history: Option<WhereaboutsRow>,
    ) -> Self {
        let row = |(routing, trace): &(Address, Trace<'_, '_>)| {
            let outcome = trace.outcome.as_ref();
            TraceRow {
                routing: routing.to_string(),
                rule: outcome.map(|outcome| outcome.rule.clone()),
                to: outcome.and_then(|outcome| outcome.to.clone()),
                sla: outcome.and_then(|outcome| outcome.sla.clone()),
                sla_covers: trace.promised().map(|(_, covers)| covers),
                because: trace.tried.iter().map(|tried| tried_row(routing, tried)).collect(),
            }
        };
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            object: object.to_owned(),
            record,
            at,
            routes: traces.iter().map(row).collect(),
            icps: gates.icps.iter().map(FitRow::of).collect(),
            segments: gates.segments.iter().map(ToString::to_string).collect(),
            territories: gates.territories.iter().map(ToString::to_string).collect(),
            lifecycles: gates.lifecycles.iter().map(StandingRow::of).collect(),
            history,
        }
    }
}

fn tried_row(routing: &Address, tried: &Tried<'_, '_>) -> TriedRow {
    TriedRow::of(name(routing, tried), tried.criterion, &tried.obstacles)
}

impl TriedRow {
    /// A condition under the name of what it belongs to.
    pub(super) fn of(rule: &str, criterion: &Criterion<'_>, obstacles: &[Obstacle<'_>]) -> Self {
        Self {
            rule: rule.to_owned(),
            when: criterion.text.to_owned(),
            holds: obstacles.is_empty(),
            words: obstacles.iter().map(|obstacle| obstacle.expr.to_string()).collect(),
            location: (&criterion.entity.place(criterion.span)).into(),
        }
    }
}

/// The rule a condition belongs to, or `applies_to`.
fn name<'t>(routing: &Address, tried: &'t Tried<'_, '_>) -> &'t str {
    let item = &tried.criterion.item;
    if item == routing { "applies_to" } else { item.last() }
}

/// The same as a page.
pub fn trace_page(
    record: &Witness,
    traces: &[(Address, Trace<'_, '_>)],
    gates: &Gates<'_, '_>,
) -> Page {
    let mut page = Page::default();
    page.push(Block::Paragraph(Line::new().dim(in_words(record))));
    for (routing, trace) in traces {
        page.gap();
        page.push(Block::Heading(2, headline(routing, trace)));
        for tried in &trace.tried {
            tried_blocks(&mut page, routing, tried);
        }
        if let Some((sla, false)) = trace.promised()
            && let Some(tried) = &trace.promise
        {
            let line = Line::new().code(sla).with(Style::Warn, " does not cover it: ");
            criterion_blocks(&mut page, 1, line, (tried.criterion, &tried.obstacles));
        }
    }
    gates_blocks(&mut page, gates);
    page
}

fn headline(routing: &Address, trace: &Trace<'_, '_>) -> Line {
    let line = Line::new().strong(routing.to_string());
    let Some(outcome) = &trace.outcome else { return line.plain(" is not about this record") };
    let to = outcome.to.as_deref().unwrap_or("nowhere");
    let line = match outcome.rule.as_str() {
        DEFAULT => line.plain(": no rule takes it; it goes to "),
        rule => line.plain(": rule ").code(rule).plain(" takes it, to "),
    };
    let line = line.code(to);
    match trace.promised() {
        Some((sla, true)) => line.plain(" under ").code(sla),
        Some((sla, false)) => line.plain(", and not under ").code(sla),
        None => line,
    }
}

fn tried_blocks(page: &mut Page, routing: &Address, tried: &Tried<'_, '_>) {
    let holds = tried.obstacles.is_empty();
    let (style, word) = match (holds, name(routing, tried)) {
        (true, "applies_to") => (Style::Good, "is about it: "),
        (true, _) => (Style::Good, "takes it: "),
        (false, _) => (Style::Dim, "not "),
    };
    let line = Line::new().with(style, word).strong(name(routing, tried));
    criterion_blocks(page, 1, line, (tried.criterion, &tried.obstacles));
}

/// A criterion with a line above it, the words that keep a record out underlined, and what stands
/// in the way behind references.
pub(super) fn criterion_blocks(
    page: &mut Page,
    level: u8,
    line: Line,
    (criterion, obstacles): (&Criterion<'_>, &[Obstacle<'_>]),
) {
    let at = Location::from(&criterion.entity.place(criterion.span));
    page.push(Block::Nested(level, line.dim(format!(" {}:{}", at.path, at.line))));
    let (own, behind): (Vec<_>, Vec<_>) =
        obstacles.iter().partition(|obstacle| is_own(criterion, obstacle));
    let spans = own.iter().map(|obstacle| obstacle.expr.span.start..obstacle.expr.span.end);
    let marked = Marked { text: criterion.text.to_owned(), spans: spans.collect() };
    page.push(Block::Marked(level + 1, marked));
    for obstacle in behind {
        let at = Location::from(&obstacle.place);
        let not = if obstacle.inverted { "since it must not hold: " } else { "since not: " };
        let line = Line::new().plain(not).code(obstacle.expr.to_string());
        page.push(Block::Nested(level + 1, line.dim(format!(" {}:{}", at.path, at.line))));
    }
}

/// Whether an obstacle is written in the criterion itself, not behind a reference.
fn is_own(criterion: &Criterion<'_>, obstacle: &Obstacle<'_>) -> bool {
    let span = criterion.span;
    obstacle.place.source == criterion.entity.source
        && span.start <= obstacle.place.span.start
        && obstacle.place.span.end <= span.end
}
